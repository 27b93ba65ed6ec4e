//! How much a client may ask for, and how long anything may take.

use std::{num::ParseIntError, time::Duration};

use clap::Args;

/// How much one client may ask for at once.
#[derive(Args, Clone, Debug)]
pub struct Limits {
    /// The most bytes of a request's body or a websocket message
    #[arg(long, env = "ASHIATO_MAX_BODY_BYTES", default_value_t = Limits::default().max_body_bytes,
          value_parser = clap::value_parser!(u32).range(1_000..=100_000_000), help_heading = "Limits")]
    pub max_body_bytes: u32,
    /// The most bytes of a file that is uploaded
    #[arg(long, env = "ASHIATO_MAX_FILE_BYTES", default_value_t = Limits::default().max_file_bytes,
          value_parser = clap::value_parser!(u32).range(1_000..=100_000_000), help_heading = "Limits")]
    pub max_file_bytes: u32,
    /// The most bytes of the files of everybody that are being uploaded at once: so much memory
    #[arg(long, env = "ASHIATO_MAX_UPLOAD_BYTES", default_value_t = Limits::default().max_upload_bytes,
          value_parser = clap::value_parser!(u32).range(1_000_000..), help_heading = "Limits")]
    pub max_upload_bytes: u32,
    /// The most bytes of an answer, an event of a subscription among them. (They are counted while
    /// the answer is made, about, and exactly at its end.)
    #[arg(long, env = "ASHIATO_MAX_RESPONSE_BYTES", default_value_t = Limits::default().max_response_bytes,
          value_parser = clap::value_parser!(u32).range(10_000..=1_000_000_000), help_heading = "Limits")]
    pub max_response_bytes: u32,
    /// The most tokens of a document
    #[arg(long, env = "ASHIATO_MAX_TOKENS", default_value_t = Limits::default().max_tokens,
          value_parser = clap::value_parser!(u32).range(1..=100_000), help_heading = "Limits")]
    pub max_tokens: u32,
    /// The most fields one inside the other (GraphiQL's introspection has 15)
    #[arg(long, env = "ASHIATO_MAX_DEPTH", default_value_t = Limits::default().max_depth,
          value_parser = clap::value_parser!(u32).range(1..=32), help_heading = "Limits")]
    pub max_depth: u32,
    /// The most fields of a document that have an alias or repeat one beside them
    #[arg(long, env = "ASHIATO_MAX_ALIASES", default_value_t = Limits::default().max_aliases,
          help_heading = "Limits")]
    pub max_aliases: u32,
    /// The most directives of a document
    #[arg(long, env = "ASHIATO_MAX_DIRECTIVES", default_value_t = Limits::default().max_directives,
          help_heading = "Limits")]
    pub max_directives: u32,
    /// The most selections of a document once its fragments are spread
    #[arg(long, env = "ASHIATO_MAX_SELECTIONS", default_value_t = Limits::default().max_selections,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000), help_heading = "Limits")]
    pub max_selections: u32,
    /// The most values in a document's arguments once its variables are put in
    #[arg(long, env = "ASHIATO_MAX_VALUES", default_value_t = Limits::default().max_values,
          help_heading = "Limits")]
    pub max_values: u32,
    /// The most nodes that an operation can return, by its page sizes
    #[arg(long, env = "ASHIATO_MAX_NODES", default_value_t = Limits::default().max_nodes,
          help_heading = "Limits")]
    pub max_nodes: u32,
    /// The most operations under way on one websocket
    #[arg(long, env = "ASHIATO_MAX_SOCKET_OPERATIONS",
          default_value_t = Limits::default().max_socket_operations,
          value_parser = clap::value_parser!(u32).range(1..=10_000), help_heading = "Limits")]
    pub max_socket_operations: u32,
    /// The most subscriptions under way of one member, over all of their websockets and event streams
    #[arg(long, env = "ASHIATO_MAX_SUBSCRIPTIONS_PER_MEMBER",
          default_value_t = Limits::default().max_subscriptions_per_member,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000), help_heading = "Limits")]
    pub max_subscriptions_per_member: u32,
    /// Points an hour for the operations of a user (`rateLimit` in the schema says what each costs), all
    /// at once or one by one; 0 for as many as they like
    #[arg(long, env = "ASHIATO_POINTS_PER_HOUR", default_value_t = Limits::default().points_per_hour,
          value_parser = clap::value_parser!(u32).range(0..=100_000_000), help_heading = "Limits")]
    pub points_per_hour: u32,
    /// The same for all together who are not signed in at one address (of IPv6, in one /64 network; those of one
    /// /48 have together what sixteen have)
    #[arg(long, env = "ASHIATO_POINTS_PER_HOUR_PER_ADDRESS",
          default_value_t = Limits::default().points_per_hour_per_address,
          value_parser = clap::value_parser!(u32).range(0..=100_000_000), help_heading = "Limits")]
    pub points_per_hour_per_address: u32,
    /// The most sign-ins from one address at once, and then in a minute, wrong ones and right ones; 0 for
    /// as many as they like. Behind a proxy all have its address, unless --client-address-header is given
    #[arg(long, env = "ASHIATO_MAX_SIGN_INS_PER_MINUTE",
          default_value_t = Limits::default().max_sign_ins_per_minute,
          value_parser = clap::value_parser!(u32).range(0..=1_000_000), help_heading = "Limits")]
    pub max_sign_ins_per_minute: u32,
    /// The most accounts that are made, or refused because the name is taken, from one address in an hour
    /// (from one IPv6 /48 sixteen times as many, 1,000 at the most); 0 for as many as they like
    #[arg(long, env = "ASHIATO_MAX_SIGN_UPS_PER_HOUR",
          default_value_t = Limits::default().max_sign_ups_per_hour,
          value_parser = clap::value_parser!(u32).range(0..=1_000), help_heading = "Limits")]
    pub max_sign_ups_per_hour: u32,
    /// The most wrong passwords and codes for one user name from one address in an hour (from one IPv6 /48
    /// sixteen times as many, 1,000 at the most); 0 for as many as they like
    #[arg(long, env = "ASHIATO_MAX_WRONG_PASSWORDS",
          default_value_t = Limits::default().max_wrong_passwords,
          value_parser = clap::value_parser!(u32).range(0..=1_000), help_heading = "Limits")]
    pub max_wrong_passwords: u32,
    /// The most codes for mobile numbers that are sent for one address within 15 minutes (for one IPv6 /48
    /// sixteen times as many, 1,000 at the most); 0 for as many as they like
    #[arg(long, env = "ASHIATO_MAX_PHONE_CODES_PER_ADDRESS",
          default_value_t = Limits::default().max_phone_codes_per_address,
          value_parser = clap::value_parser!(u32).range(0..=1_000), help_heading = "Limits")]
    pub max_phone_codes_per_address: u32,
    /// The most wrong codes of an authenticator app for one user, from wherever, within 15 minutes; 0 for
    /// as many as they like
    #[arg(long, env = "ASHIATO_MAX_WRONG_CODES",
          default_value_t = Limits::default().max_wrong_codes,
          value_parser = clap::value_parser!(u32).range(0..=1_000), help_heading = "Limits")]
    pub max_wrong_codes: u32,
    /// The most connections, websockets and event streams among them
    #[arg(long, env = "ASHIATO_MAX_CONNECTIONS", default_value_t = Limits::default().max_connections,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000), help_heading = "Limits")]
    pub max_connections: u32,
    /// The most connections from one address (of IPv6, from one /64 network; from one /48 together sixteen times as
    /// many, and half of all at the most); one more is closed at once. Over HTTP/2 it has four requests
    /// under way for each. By default a quarter of --max-connections; 0 for as many as there are. Those of proxies that
    /// --client-address-header, or --trusted-proxies, speak of are not counted
    #[arg(long, env = "ASHIATO_MAX_CONNECTIONS_PER_ADDRESS",
          value_parser = clap::value_parser!(u32).range(0..=1_000_000), help_heading = "Limits")]
    pub max_connections_per_address: Option<u32>,
}

impl Limits {
    /// How many connections one address may have; 0 for as many as there are.
    pub fn connections_per_address(&self) -> u32 {
        let quarter = self.max_connections.div_ceil(4);
        self.max_connections_per_address.unwrap_or(quarter)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_body_bytes: 100_000,
            max_file_bytes: 10_000_000,
            max_upload_bytes: 128_000_000,
            max_response_bytes: 10_000_000,
            max_tokens: 1_000,
            max_depth: 20,
            max_aliases: 30,
            max_directives: 50,
            max_selections: 1_000,
            max_values: 100_000,
            max_nodes: 500_000,
            max_socket_operations: 100,
            max_subscriptions_per_member: 200,
            points_per_hour: 5_000,
            points_per_hour_per_address: 5_000,
            max_sign_ins_per_minute: 3,
            max_sign_ups_per_hour: 3,
            max_wrong_passwords: 30,
            max_phone_codes_per_address: 10,
            max_wrong_codes: 5,
            max_connections: 10_000,
            max_connections_per_address: None,
        }
    }
}

/// How long anything may take. Each is written as `10s`, `500ms` or `2m`.
#[derive(Args, Clone, Debug)]
pub struct Deadlines {
    /// How long a request's headers may take, and a connection over HTTP/1 may idle
    #[arg(long, env = "ASHIATO_HEADER_TIMEOUT", value_parser = duration, default_value = "10s",
          help_heading = "Deadlines")]
    pub header_timeout: Duration,
    /// How long a connection may stay with nothing under way on it; longer than the header timeout. By default
    /// 75s, or twice the header timeout where that is longer. (A websocket or an event stream is under way for as
    /// long as it is open)
    #[arg(long, env = "ASHIATO_IDLE_TIMEOUT", value_parser = duration, help_heading = "Deadlines")]
    pub idle_timeout: Option<Duration>,
    /// How long a request's body may take
    #[arg(long, env = "ASHIATO_BODY_TIMEOUT", value_parser = duration, default_value = "10s",
          help_heading = "Deadlines")]
    pub body_timeout: Duration,
    /// How long the body of a request with files may take
    #[arg(long, env = "ASHIATO_UPLOAD_TIMEOUT", value_parser = duration, default_value = "60s",
          help_heading = "Deadlines")]
    pub upload_timeout: Duration,
    /// How long a client may read nothing of an answer, of each that is under way; longer than the
    /// socket send timeout
    #[arg(long, env = "ASHIATO_WRITE_TIMEOUT", value_parser = duration, default_value = "30s",
          help_heading = "Deadlines")]
    pub write_timeout: Duration,
    /// The bytes a second that a client has to read, on average, once the write timeout has passed.
    /// (The system tells of what is read in steps of up to 64 kB, and each has to come within the
    /// write timeout, too)
    #[arg(long, env = "ASHIATO_MIN_WRITE_RATE", default_value_t = Deadlines::default().min_write_rate,
          value_parser = clap::value_parser!(u32).range(1..), help_heading = "Deadlines")]
    pub min_write_rate: u32,
    /// How long a query or mutation may run
    #[arg(long, env = "ASHIATO_EXECUTION_TIMEOUT", value_parser = duration, default_value = "10s",
          help_heading = "Deadlines")]
    pub execution_timeout: Duration,
    /// How long a websocket may take to send connection_init
    #[arg(long, env = "ASHIATO_SOCKET_INIT_TIMEOUT", value_parser = duration, default_value = "10s",
          help_heading = "Deadlines")]
    pub socket_init_timeout: Duration,
    /// How long the client of a websocket or an event stream may take to read a message
    #[arg(long, env = "ASHIATO_SOCKET_SEND_TIMEOUT", value_parser = duration, default_value = "10s",
          help_heading = "Deadlines")]
    pub socket_send_timeout: Duration,
    /// How often a websocket's client is pinged, and an event stream shows that it is open
    #[arg(long, env = "ASHIATO_SOCKET_PING_INTERVAL", value_parser = duration, default_value = "15s",
          help_heading = "Deadlines")]
    pub socket_ping_interval: Duration,
    /// How long a websocket's client may be silent; longer than the ping interval
    #[arg(long, env = "ASHIATO_SOCKET_SILENCE_TIMEOUT", value_parser = duration, default_value = "40s",
          help_heading = "Deadlines")]
    pub socket_silence_timeout: Duration,
    /// How long a stop waits for the requests under way
    #[arg(long, env = "ASHIATO_DRAIN_TIMEOUT", value_parser = duration, default_value = "10s",
          help_heading = "Deadlines")]
    pub drain_timeout: Duration,
}

impl Deadlines {
    /// How long a connection may stay with nothing under way on it.
    pub fn idle_timeout(&self) -> Duration {
        let usual = Duration::from_secs(75).max(self.header_timeout * 2);
        self.idle_timeout.unwrap_or(usual)
    }
}

impl Default for Deadlines {
    fn default() -> Self {
        let ten_seconds = Duration::from_secs(10);
        Self {
            header_timeout: ten_seconds,
            idle_timeout: None,
            body_timeout: ten_seconds,
            upload_timeout: Duration::from_secs(60),
            write_timeout: Duration::from_secs(30),
            min_write_rate: 4_000,
            execution_timeout: ten_seconds,
            socket_init_timeout: ten_seconds,
            socket_send_timeout: ten_seconds,
            socket_ping_interval: Duration::from_secs(15),
            socket_silence_timeout: Duration::from_secs(40),
            drain_timeout: ten_seconds,
        }
    }
}

pub(super) fn duration(text: &str) -> Result<Duration, String> {
    const HELP: &str = "write a time above zero as 10s, 500ms or 2m";
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u64 = digits.parse().map_err(|_: ParseIntError| HELP.to_owned())?;
    let duration = match text.strip_prefix(digits) {
        Some("ms") => Duration::from_millis(number),
        Some("s") => Duration::from_secs(number),
        Some("m") => Duration::from_secs(number.saturating_mul(60)),
        _ => return Err(HELP.to_owned()),
    };
    // A day is more than any of these can mean, and far from what a timer can hold.
    if duration.is_zero() || duration > Duration::from_secs(86_400) {
        return Err(format!("{HELP}, up to a day"));
    }
    Ok(duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_quarter_of_the_connections_where_nothing_is_said() {
        let of = |max_connections, max_connections_per_address| {
            let limits = Limits {
                max_connections,
                max_connections_per_address,
                ..Limits::default()
            };
            limits.connections_per_address()
        };
        assert_eq!(of(10_000, None), 2_500);
        assert_eq!(of(1, None), 1);
        assert_eq!(of(10_000, Some(0)), 0);
        assert_eq!(of(10, Some(7)), 7);
    }

    #[test]
    fn a_connection_idles_for_longer_than_headers_may_take_where_nothing_is_said() {
        let of = |header: u64, idle: Option<u64>| {
            let deadlines = Deadlines {
                header_timeout: Duration::from_secs(header),
                idle_timeout: idle.map(Duration::from_secs),
                ..Deadlines::default()
            };
            deadlines.idle_timeout().as_secs()
        };
        assert_eq!(of(10, None), 75);
        assert_eq!(of(75, None), 150);
        assert_eq!(of(86_400, None), 172_800);
        assert_eq!(of(75, Some(80)), 80);
    }

    #[test]
    fn a_duration_has_a_unit() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("10s"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        for wrong in [
            "",
            "10",
            "s",
            "-1s",
            "0s",
            "1.5s",
            "10 s",
            "1h",
            "99999999m",
        ] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
