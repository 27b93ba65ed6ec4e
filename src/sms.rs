//! Short messages to mobile numbers: through a gateway, or into the log for development.

mod gateway;

use std::fmt::Debug;

pub use gateway::{Gateway, GatewaySettings};

/// Why a message was not sent.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub struct NotSent {
    /// In words for who holds the service.
    pub why: String,
    /// Whether it may have been sent all the same: nobody said so in time.
    pub may_arrive: bool,
}

impl NotSent {
    /// It was certainly not sent.
    pub fn certainly(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            may_arrive: false,
        }
    }
}

/// Sends short messages.
#[async_trait::async_trait]
pub trait SmsSender: Debug + Send + Sync {
    /// Sends `text` to the number `to`, which begins with a plus.
    ///
    /// # Errors
    /// Why it was not sent, so far as that is known: within ten seconds.
    async fn send(&self, to: &str, text: &str) -> Result<(), NotSent>;

    /// Whether there is any way to send some.
    fn is_set_up(&self) -> bool {
        true
    }
}

/// In production, where no way is named: nothing is sent, and it is said before anything is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nowhere;

#[async_trait::async_trait]
impl SmsSender for Nowhere {
    async fn send(&self, _: &str, _: &str) -> Result<(), NotSent> {
        Err(NotSent::certainly("--sms http is not given"))
    }

    fn is_set_up(&self) -> bool {
        false
    }
}

/// For development: messages stand in the log, codes and all.
#[derive(Clone, Copy, Debug, Default)]
pub struct ToLog;

#[async_trait::async_trait]
impl SmsSender for ToLog {
    async fn send(&self, to: &str, text: &str) -> Result<(), NotSent> {
        // Whose it is stands there in part: a log is kept, and a number is not to be.
        let digits: Vec<_> = to.chars().rev().take(4).collect();
        let to: String = digits.into_iter().rev().collect();
        tracing::info!(%to, text, "a short message, which --sms http would send");
        Ok(())
    }
}
