//! Short messages to mobile numbers: through a gateway, or into the log for development.

mod gateway;

use std::fmt::Debug;

pub use gateway::{Gateway, GatewaySettings};

/// Why a message was not sent, in words for who holds the service.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NotSent(pub String);

/// Sends short messages.
#[async_trait::async_trait]
pub trait SmsSender: Debug + Send + Sync {
    /// Sends `text` to the number `to`, which begins with a plus.
    ///
    /// # Errors
    /// Why it was not sent, so far as that is known: within ten seconds.
    async fn send(&self, to: &str, text: &str) -> Result<(), NotSent>;
}

/// For development: messages stand in the log, codes and all.
#[derive(Clone, Copy, Debug, Default)]
pub struct ToLog;

#[async_trait::async_trait]
impl SmsSender for ToLog {
    async fn send(&self, to: &str, text: &str) -> Result<(), NotSent> {
        tracing::info!(to, text, "a short message, which --sms http would send");
        Ok(())
    }
}
