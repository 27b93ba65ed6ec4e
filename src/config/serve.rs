//! What `ashiato serve` is told.

use std::time::Duration;

use clap::Args;

use super::{
    CacheArgs, DatabaseArgs, Deadlines, Limits, MockArgs, PaymentArgs, PhotoArgs, ProfileArgs,
    Proxies, Rules, SecretArgs, SmsArgs, SmsWay, TlsArgs, limits::duration,
};
use crate::database::Place;

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For programs: one JSON object a line.
    Json,
}

/// Where and for whom the service listens, and within which bounds.
#[derive(Args, Clone, Debug)]
pub struct Transport {
    /// The address and port to listen on
    #[arg(long, env = "ASHIATO_LISTEN", default_value = Transport::LISTEN)]
    pub listen: String,
    /// Web pages that may call the API, for example `https://example.com`, separated by commas; by
    /// default, in development, those of this machine, on every port
    #[arg(long, env = "ASHIATO_ALLOWED_ORIGINS", value_delimiter = ',', value_parser = origin)]
    pub allowed_origins: Vec<String>,
    /// What it is run for
    #[command(flatten)]
    pub profile: ProfileArgs,
    /// The certificate
    #[command(flatten)]
    pub tls: TlsArgs,
    /// The proxies before it
    #[command(flatten)]
    pub proxies: Proxies,
    /// How much a client may ask for
    #[command(flatten)]
    pub limits: Limits,
    /// How long anything may take
    #[command(flatten)]
    pub deadlines: Deadlines,
    /// What goes wrong on purpose
    #[command(flatten)]
    pub mock: MockArgs,
}

impl Transport {
    const LISTEN: &str = "127.0.0.1:8000";

    /// Checks what no single flag can check alone.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub fn check(&self) -> anyhow::Result<()> {
        self.proxies.check()?;
        let Deadlines {
            header_timeout: header,
            socket_ping_interval: ping,
            socket_silence_timeout: silence,
            socket_send_timeout: send,
            write_timeout: write,
            ..
        } = self.deadlines;
        let idle = self.deadlines.idle_timeout();
        anyhow::ensure!(
            ping < silence,
            "--socket-silence-timeout ({silence:?}) must be longer than --socket-ping-interval \
             ({ping:?}), or every websocket would be dropped before it could answer a ping"
        );
        anyhow::ensure!(
            send < write,
            "--write-timeout ({write:?}) must be longer than --socket-send-timeout ({send:?}), or a \
             slow websocket would be dropped before it could be closed with a code"
        );
        anyhow::ensure!(
            header < idle,
            "--idle-timeout ({idle:?}) must be longer than --header-timeout ({header:?}), or a request \
             whose headers may still come would find its connection closed"
        );
        Ok(())
    }
}

impl Default for Transport {
    fn default() -> Self {
        Self {
            listen: Self::LISTEN.to_owned(),
            allowed_origins: Vec::new(),
            profile: ProfileArgs::default(),
            tls: TlsArgs::default(),
            proxies: Proxies::default(),
            limits: Limits::default(),
            deadlines: Deadlines::default(),
            mock: MockArgs::default(),
        }
    }
}

/// Everything that `ashiato serve` takes.
#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    /// Where and for whom
    #[command(flatten)]
    pub transport: Transport,
    /// Where the data is
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// A streaming replica of the PostgreSQL of --database-url, to share the reading; give it again
    /// for each further one, or separate them by commas
    #[arg(
        long,
        env = "ASHIATO_READ_DATABASE_URL",
        hide_env_values = true,
        value_delimiter = ','
    )]
    pub read_database_url: Vec<String>,
    /// How far behind a replica may be that is read; from then on it is left alone until it has
    /// caught up
    #[arg(long, env = "ASHIATO_MAX_REPLICA_LAG", value_parser = duration, default_value = "10s")]
    pub max_replica_lag: Duration,
    /// Refuse to serve where the tables are older than this program, instead of bringing them up to
    /// date
    #[arg(long, env = "ASHIATO_NO_MIGRATE")]
    pub no_migrate: bool,
    /// A NATS server that carries events between several servers, for example nats://localhost:4222
    #[arg(long, env = "ASHIATO_NATS_URL", hide_env_values = true)]
    pub nats_url: Option<String>,
    /// What the subjects on NATS begin with: another for each community that shares it
    #[arg(long, env = "ASHIATO_NATS_PREFIX", default_value = "ashiato")]
    pub nats_prefix: String,
    /// What is kept in memory
    #[command(flatten)]
    pub cache: CacheArgs,
    /// The service's own keys
    #[command(flatten)]
    pub secrets: SecretArgs,
    /// How short messages are sent
    #[command(flatten)]
    pub sms: SmsArgs,
    /// Where photos are kept
    #[command(flatten)]
    pub photos: PhotoArgs,
    /// Who takes payments
    #[command(flatten)]
    pub payments: PaymentArgs,
    /// The domain's figures
    #[command(flatten)]
    pub rules: Rules,
    /// Fill an empty database with a community to look around in
    #[arg(long, env = "ASHIATO_DEMO")]
    pub demo: bool,
    /// Keep nothing: the database and the photos are this process's own, and gone when it ends
    #[arg(
        long,
        env = "ASHIATO_EPHEMERAL",
        conflicts_with_all = ["database_url", "read_database_url", "no_migrate", "photos"]
    )]
    pub ephemeral: bool,
    /// How the log is written; what is written is set by ASHIATO_LOG, for example ashiato=debug
    #[arg(long, env = "ASHIATO_LOG_FORMAT", value_enum, default_value_t)]
    pub log_format: LogFormat,
}

impl ServeArgs {
    /// Checks what a service in production must be told, and must not.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub fn check(&self) -> anyhow::Result<()> {
        self.transport.check()?;
        self.rules.check()?;
        anyhow::ensure!(
            self.sms.sms.is_some() || !self.rules.joining.iter().any(|way| way.takes_phone()),
            "--joining by a mobile number needs --sms http, which sends the codes; or, for development, \
             --sms log, which has them stand in the log"
        );
        if !self.transport.profile.is_production() {
            return Ok(());
        }
        anyhow::ensure!(
            self.secrets.are_given(),
            "--profile production needs --secret-keys-file (or --secret-keys): the key that SQLite \
             has beside its file is for development. Make one by `openssl rand -base64 32`"
        );
        anyhow::ensure!(
            !self.demo,
            "--demo is for development: everybody knows the passwords of the community that it loads"
        );
        anyhow::ensure!(
            !self.ephemeral,
            "--ephemeral is for development: all that people write would be gone. Name a database with \
             --database-url"
        );
        self.transport.mock.check()?;
        anyhow::ensure!(
            self.sms.sms != Some(SmsWay::Log),
            "--sms log is for development: codes would stand in the log. Give --sms http"
        );
        self.payments.check()
    }

    /// Where the database is, and its replicas.
    pub fn place(&self) -> Place {
        Place {
            replicas: self.read_database_url.clone(),
            max_replica_lag: self.max_replica_lag,
            migrate: !self.no_migrate,
            ..self.database.place()
        }
    }
}

fn origin(text: &str) -> Result<String, String> {
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    match host {
        Some(host)
            if !host.is_empty()
                && host
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'/' | b'*' | b'@')) =>
        {
            Ok(text.to_ascii_lowercase())
        }
        _ => Err(
            "write an origin as its scheme, host and port, without a path or *, for example \
             https://example.com"
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_a_scheme_and_no_path() {
        assert_eq!(
            origin("https://Example.com:8443").as_deref(),
            Ok("https://example.com:8443")
        );
        for wrong in [
            "*",
            "example.com",
            "https://",
            "https://a/b",
            "https://*.a",
            "null",
        ] {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn pings_come_within_the_silence_that_is_allowed() {
        let mut transport = Transport::default();
        assert!(transport.check().is_ok());
        transport.deadlines.socket_ping_interval = transport.deadlines.socket_silence_timeout;
        assert!(transport.check().is_err());
    }

    #[test]
    fn a_socket_is_closed_with_a_code_before_it_is_dropped() {
        let mut transport = Transport::default();
        transport.deadlines.write_timeout = transport.deadlines.socket_send_timeout;
        assert!(transport.check().is_err());
    }

    #[test]
    fn a_connection_idles_for_longer_than_headers_may_take() {
        let mut transport = Transport::default();
        transport.deadlines.idle_timeout = Some(transport.deadlines.header_timeout);
        assert!(transport.check().is_err());
        // Where nothing is said of it, any header timeout is taken.
        transport.deadlines.idle_timeout = None;
        transport.deadlines.header_timeout = Duration::from_secs(75);
        assert!(transport.check().is_ok());
    }
}
