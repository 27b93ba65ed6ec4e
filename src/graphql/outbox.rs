//! The messages that wait for the client of one socket, or of one stream of events: few, and few bytes, whatever
//! the number of its operations. Who has more to say waits, until the client has read or is given up.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

/// The most messages.
const MESSAGES: usize = 16;
/// The most bytes of all of them, but for one message that is larger alone.
const BYTES: u32 = 128 * 1024;

/// A message of an operation, on its way to the client.
#[derive(Debug)]
pub struct Item {
    /// The operation's id.
    pub id: String,
    /// Which of those that had this id one after the other.
    pub key: u64,
    /// The message.
    pub said: Said,
}

/// What an operation has to say.
#[derive(Debug)]
pub enum Said {
    /// A message that others follow.
    Next(String),
    /// Its last message.
    Last(String),
    /// It could not go on, and everything before it was said: the client is to come again.
    Interrupted,
}

/// Where operations put their messages.
#[derive(Clone, Debug)]
pub struct Outbox {
    queue: mpsc::Sender<Box<Waiting>>,
    room: Arc<Semaphore>,
}

/// Where they are taken for the client. (Boxed: the queue keeps room for 32, whether there are any or not.)
pub type Waiters = mpsc::Receiver<Box<Waiting>>;

/// A message and the room that it takes.
#[derive(Debug)]
pub struct Waiting {
    /// The message.
    pub item: Item,
    /// To be kept until the client has it.
    pub room: OwnedSemaphorePermit,
}

impl Outbox {
    /// An empty one.
    pub fn new() -> (Self, Waiters) {
        let (queue, waiters) = mpsc::channel(MESSAGES);
        let room = Arc::new(Semaphore::new(usize::try_from(BYTES).unwrap_or(usize::MAX)));
        (Self { queue, room }, waiters)
    }

    /// Of which there is some while anything can be put in.
    pub fn room(&self) -> Arc<Semaphore> {
        self.room.clone()
    }

    /// Comes back when there was room for the message. A client that has gone takes its operations
    /// with it.
    pub async fn put(&self, item: Item) {
        let bytes = match &item.said {
            Said::Next(text) | Said::Last(text) => u32::try_from(text.len()).unwrap_or(BYTES),
            Said::Interrupted => 0,
        };
        // It is never closed.
        if let Ok(room) = self.room.clone().acquire_many_owned(bytes.min(BYTES)).await {
            let _ = self.queue.send(Box::new(Waiting { item, room })).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn message(bytes: usize) -> Item {
        Item {
            id: String::new(),
            key: 0,
            said: Said::Next("x".repeat(bytes)),
        }
    }

    #[tokio::test]
    async fn who_has_much_to_say_waits_until_the_client_has_read() {
        let (outbox, mut waiters) = Outbox::new();
        let put = |bytes| outbox.put(message(bytes)).now_or_never().is_some();
        assert!(put(100_000));
        assert!(outbox.room().try_acquire().is_ok());
        let mut waiting = Box::pin(outbox.put(message(100_000)));
        assert!((&mut waiting).now_or_never().is_none(), "too many bytes");
        assert!(
            outbox.room().try_acquire().is_err(),
            "nothing more is made while something waits"
        );
        drop(waiting);
        let first = waiters.recv().await.unwrap();
        assert!(!put(100_000), "it is still on its way");
        drop(first);
        assert!(put(100_000));
        drop(waiters.recv().await);
        assert!(put(10_000_000), "one that is larger alone");
        assert!(!put(1));
        drop(waiters.recv().await);
        for _ in 0..MESSAGES {
            assert!(put(1));
        }
        assert!(!put(1), "too many messages");
    }
}
