//! How short messages are sent.

use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::sms::{Gateway, GatewaySettings, Nowhere, SmsSender, ToLog};

/// Where short messages go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SmsWay {
    /// Into the log, codes and all: for development
    Log,
    /// To a gateway on the web
    Http,
}

/// How short messages are sent (see [`crate::sms`]).
#[derive(Args, Clone, Debug)]
pub struct SmsArgs {
    /// Where codes for mobile numbers go. Where nothing is said: in development into the log; in production none
    /// is sent, and asking for one is refused
    #[arg(long, env = "ASHIATO_SMS", value_enum, help_heading = "Short messages")]
    pub sms: Option<SmsWay>,
    /// Where the gateway takes messages, as a form that is posted: https://USER:PASSWORD@HOST/PATH
    #[arg(
        long,
        env = "ASHIATO_SMS_URL",
        hide_env_values = true,
        help_heading = "Short messages"
    )]
    pub sms_url: Option<String>,
    /// Who sends them, as the gateway knows it
    #[arg(long, env = "ASHIATO_SMS_FROM", help_heading = "Short messages")]
    pub sms_from: Option<String>,
    /// What the gateway calls the number, the sender and the text
    #[arg(
        long,
        env = "ASHIATO_SMS_FIELDS",
        value_delimiter = ',',
        num_args = 3,
        value_name = "TO,FROM,TEXT",
        default_value = "To,From,Body",
        help_heading = "Short messages"
    )]
    pub sms_fields: Vec<String>,
}

impl SmsArgs {
    /// What sends them, in production or not.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub fn sender(&self, is_production: bool) -> anyhow::Result<Arc<dyn SmsSender>> {
        match self.sms {
            Some(SmsWay::Http) => {}
            None if is_production => return Ok(Arc::new(Nowhere)),
            None | Some(SmsWay::Log) => return Ok(Arc::new(ToLog)),
        }
        let url = self.sms_url.clone();
        let url = url.ok_or_else(|| anyhow::anyhow!("--sms http needs --sms-url"))?;
        let fields = <[String; 3]>::try_from(self.sms_fields.clone());
        let fields = fields
            .map_err(|_| anyhow::anyhow!("--sms-fields are three names, such as To,From,Body"))?;
        Ok(Arc::new(Gateway::new(GatewaySettings {
            url,
            from: self.sms_from.clone(),
            fields,
        })?))
    }
}
