//! The short messages that a service sends, for who wants to read them.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use ashiato::sms::{NotSent, SmsSender};

/// What was sent: to whom, and the text.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    sent: Arc<Mutex<Vec<(String, String)>>>,
    fails: Arc<AtomicBool>,
    silent: Arc<AtomicBool>,
}

impl Outbox {
    /// How many messages were sent.
    pub fn count(&self) -> usize {
        self.sent.lock().unwrap().len()
    }

    /// The last one.
    pub fn last(&self) -> (String, String) {
        self.sent.lock().unwrap().last().unwrap().clone()
    }

    /// The code in it.
    pub fn last_code(&self) -> String {
        let (_, text) = self.last();
        let (_, code) = text.rsplit_once(' ').unwrap();
        assert!(
            [6, 8].contains(&code.len()) && code.chars().all(|c| c.is_ascii_digit()),
            "{text}"
        );
        code.to_owned()
    }

    /// From now on nobody says whether anything was sent.
    pub fn fall_silent(&self) {
        self.silent.store(true, Ordering::SeqCst);
        self.fail(true);
    }

    /// Whether from now on nothing can be sent.
    pub fn fail(&self, fails: bool) {
        self.fails.store(fails, Ordering::SeqCst);
    }
}

#[async_trait::async_trait]
impl SmsSender for Outbox {
    async fn send(&self, to: &str, text: &str) -> Result<(), NotSent> {
        if self.fails.load(Ordering::SeqCst) {
            return Err(NotSent {
                why: "the test wants it so".to_owned(),
                may_arrive: self.silent.load(Ordering::SeqCst),
            });
        }
        self.sent
            .lock()
            .unwrap()
            .push((to.to_owned(), text.to_owned()));
        Ok(())
    }
}
