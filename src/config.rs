//! Every setting, as a flag and as an environment variable, checked at the start.

mod cache;
mod joining;
mod limits;
mod mock;
mod payments;
mod photos;
mod plans;
mod profile;
mod proxies;
mod secrets;
mod serve;
mod sms;
mod tls;

use chrono::TimeDelta;
use clap::Args;

pub use cache::CacheArgs;
pub use joining::Way;
pub use limits::{Deadlines, Limits};
pub use mock::{FailRate, Latency, MockArgs};
pub use payments::{PaymentArgs, PaymentWay};
pub use photos::PhotoArgs;
pub use plans::Offer;
pub use profile::{Profile, ProfileArgs};
pub use proxies::{Proxies, Trusted, is_within};
pub use secrets::SecretArgs;
pub use serve::{LogFormat, ServeArgs, Transport};
pub use sms::{SmsArgs, SmsWay};
pub use tls::{TlsArgs, TlsFiles};

use crate::database::{CONNECTIONS, Place};

/// The database where none is named.
pub const DEFAULT_DATABASE_URL: &str = "sqlite://ashiato.db";

/// Where the database is. Every subcommand takes it.
#[derive(Args, Clone, Debug)]
pub struct DatabaseArgs {
    /// The database: sqlite://FILE, beside which SQLite keeps its journal, or
    /// postgres://USER:PASSWORD@HOST:PORT/DATABASE
    #[arg(
        long,
        env = "ASHIATO_DATABASE_URL",
        hide_env_values = true,
        default_value = DEFAULT_DATABASE_URL
    )]
    pub database_url: String,
    /// The most connections to PostgreSQL; SQLite takes five whatever is said
    #[arg(
        long,
        env = "ASHIATO_DATABASE_CONNECTIONS",
        default_value_t = CONNECTIONS,
        value_parser = clap::value_parser!(u32).range(2..=10_000)
    )]
    pub database_connections: u32,
}

impl DatabaseArgs {
    /// Where that is.
    pub fn place(&self) -> Place {
        Place {
            connections: self.database_connections,
            ..Place::new(&self.database_url)
        }
    }
}

/// The codes to recover by that a number is sent within an hour are for one address: whoever else asks takes none
/// from who holds the number, up to so many addresses, for nobody is to be sent any number.
pub const RECOVERY_ADDRESSES: u32 = 3;
/// Fewer than so many codes can be guessed for one number in an hour.
const GUESSES: u64 = 1_000;

/// The domain's figures (`rules.md`). The defaults are the rules'.
#[derive(Args, Clone, Debug)]
pub struct Rules {
    /// The most friends of a user who is not a tarento
    #[arg(long, env = "ASHIATO_FRIEND_LIMIT", default_value_t = 1000,
          value_parser = clap::value_parser!(i64).range(1..), help_heading = "Rules")]
    pub friend_limit: i64,
    /// The most groups of friends that a user can make, beside the close friends
    #[arg(long, env = "ASHIATO_FRIEND_GROUP_LIMIT", default_value_t = 100,
          value_parser = clap::value_parser!(i64).range(0..=1_000), help_heading = "Rules")]
    pub friend_group_limit: i64,
    /// The most rows that looking for a chain of friends (`pathTo`) reads, friendships and people together: then
    /// it ends with what was found
    #[arg(long, env = "ASHIATO_PATH_BUDGET", default_value_t = 20_000,
          value_parser = clap::value_parser!(u32).range(2..=1_000_000), help_heading = "Rules")]
    pub path_budget: u32,
    /// The most users that one blocks
    #[arg(long, env = "ASHIATO_BLOCK_LIMIT", default_value_t = 1000,
          value_parser = clap::value_parser!(i64).range(1..=10_000), help_heading = "Rules")]
    pub block_limit: i64,
    /// Reports that one makes in a day in Japan
    #[arg(long, env = "ASHIATO_REPORTS_PER_DAY", default_value_t = 20,
          value_parser = clap::value_parser!(i64).range(1..=10_000), help_heading = "Rules")]
    pub reports_per_day: i64,
    /// The age in years that joining takes
    #[arg(long, env = "ASHIATO_MINIMUM_AGE", default_value_t = 15,
          value_parser = clap::value_parser!(u32).range(0..=120), help_heading = "Rules")]
    pub minimum_age: u32,
    /// The age in years from which users are adults: younger ones are found by no search, and they
    /// and adults without a tie do not reach each other; 0 where nothing of that is to be
    #[arg(long, env = "ASHIATO_ADULT_AGE", default_value_t = 18,
          value_parser = clap::value_parser!(u32).range(0..=120), help_heading = "Rules")]
    pub adult_age: u32,
    /// Minutes within which a second visit by the same visitor changes nothing
    #[arg(long, env = "ASHIATO_VISIT_PAUSE_MINUTES", default_value_t = 5,
          value_parser = clap::value_parser!(i64).range(0..=1440), help_heading = "Rules")]
    pub visit_pause_minutes: i64,
    /// Visits of one visitor that count within an hour; 0 for as many as they like
    #[arg(long, env = "ASHIATO_VISITS_PER_HOUR", default_value_t = 300,
          value_parser = clap::value_parser!(i64).range(0..=1_000_000), help_heading = "Rules")]
    pub visits_per_hour: i64,
    /// Footprints that a visitor can take back in a calendar month in Japan
    #[arg(long, env = "ASHIATO_FOOTPRINTS_TAKEN_BACK_PER_MONTH", default_value_t = 10,
          value_parser = clap::value_parser!(i64).range(0..=1_000_000), help_heading = "Rules")]
    pub footprints_taken_back_per_month: i64,
    /// Numbers of visits (kiriban) that a user has named and that are still to come
    #[arg(long, env = "ASHIATO_KIRIBAN_LIMIT", default_value_t = 10,
          value_parser = clap::value_parser!(i64).range(0..=100), help_heading = "Rules")]
    pub kiriban_limit: i64,
    /// Days after which a footprint goes
    #[arg(long, env = "ASHIATO_FOOTPRINT_DAYS", default_value_t = 365,
          value_parser = clap::value_parser!(i64).range(1..=36500), help_heading = "Rules")]
    pub footprint_days: i64,
    /// Days after which a notification goes
    #[arg(long, env = "ASHIATO_NOTIFICATION_DAYS", default_value_t = 90,
          value_parser = clap::value_parser!(i64).range(1..=36500), help_heading = "Rules")]
    pub notification_days: i64,
    /// Listens of one user that are counted of a day in Japan
    #[arg(long, env = "ASHIATO_LISTENS_PER_DAY", default_value_t = 500,
          value_parser = clap::value_parser!(i64).range(1..=100_000), help_heading = "Rules")]
    pub listens_per_day: i64,
    /// Days after which a listen goes; the weekly charts stay
    #[arg(long, env = "ASHIATO_LISTEN_DAYS", default_value_t = 90,
          value_parser = clap::value_parser!(i64).range(35..=3650), help_heading = "Rules")]
    pub listen_days: i64,
    /// Days after which what a user did on a day is forgotten; the service's figures stay
    #[arg(long, env = "ASHIATO_USAGE_DAYS", default_value_t = 400,
          value_parser = clap::value_parser!(i64).range(62..=3650), help_heading = "Rules")]
    pub usage_days: i64,
    /// Days after which a session ends
    #[arg(long, env = "ASHIATO_SESSION_DAYS", default_value_t = 30,
          value_parser = clap::value_parser!(i64).range(1..=3650), help_heading = "Rules")]
    pub session_days: i64,
    /// The most sessions of a user: for a new one the one that was used least lately ends
    #[arg(long, env = "ASHIATO_SESSION_LIMIT", default_value_t = 100,
          value_parser = clap::value_parser!(i64).range(1..=10_000), help_heading = "Rules")]
    pub session_limit: i64,
    /// How people can join: any of these ways, separated by commas
    #[arg(
        long,
        env = "ASHIATO_JOINING",
        value_enum,
        value_delimiter = ',',
        default_value = "open",
        help_heading = "Rules"
    )]
    pub joining: Vec<Way>,
    /// How many people a member can invite
    #[arg(long, env = "ASHIATO_INVITATIONS_PER_MEMBER", default_value_t = 20,
          value_parser = clap::value_parser!(i64).range(0..), help_heading = "Rules")]
    pub invitations_per_member: i64,
    /// The most codes of invitations that somebody has at once, administrators among them: repeating a call
    /// gives another code
    #[arg(long, env = "ASHIATO_INVITATION_CODES_PER_MEMBER", default_value_t = 100,
          value_parser = clap::value_parser!(i64).range(1..=100_000), help_heading = "Rules")]
    pub invitation_codes_per_member: i64,
    /// Minutes that a code for a mobile number lives
    #[arg(long, env = "ASHIATO_PHONE_CODE_MINUTES", default_value_t = 10,
          value_parser = clap::value_parser!(i64).range(1..=1440), help_heading = "Rules")]
    pub phone_code_minutes: i64,
    /// Tries after which such a code dies
    #[arg(long, env = "ASHIATO_PHONE_CODE_TRIES", default_value_t = 5,
          value_parser = clap::value_parser!(i64).range(1..=100), help_heading = "Rules")]
    pub phone_code_tries: i64,
    /// Codes that a number is sent within an hour: so many to verify it, and so many to recover by for one
    /// address, thrice as many in all
    #[arg(long, env = "ASHIATO_PHONE_CODES_PER_HOUR", default_value_t = 3,
          value_parser = clap::value_parser!(u64).range(1..=100), help_heading = "Rules")]
    pub phone_codes_per_hour: u64,
    /// Days between a user's wish to have the account deleted and the deletion, in which they can think
    /// better of it
    #[arg(long, env = "ASHIATO_ACCOUNT_DELETION_DAYS", default_value_t = 7,
          value_parser = clap::value_parser!(i64).range(0..=365), help_heading = "Rules")]
    pub account_deletion_days: i64,
    /// Hours after which a user can ask for a copy of their data again
    #[arg(long, env = "ASHIATO_DATA_EXPORT_HOURS", default_value_t = 24,
          value_parser = clap::value_parser!(i64).range(0..=8760), help_heading = "Rules")]
    pub data_export_hours: i64,
    /// The space of a user for photos, in megabytes
    #[arg(long, env = "ASHIATO_PHOTO_SPACE_MEGABYTES", default_value_t = 100,
          value_parser = clap::value_parser!(i64).range(0..=2_000), help_heading = "Rules")]
    pub photo_space_megabytes: i64,
    /// The most pixels of a photo that is uploaded, in megapixels: drawing it anew takes ten bytes for each
    #[arg(long, env = "ASHIATO_PHOTO_MEGAPIXELS", default_value_t = 40,
          value_parser = clap::value_parser!(u64).range(1..=500), help_heading = "Rules")]
    pub photo_megapixels: u64,
    /// The plans that can be bought, separated by commas: of each its name, the space for photos in megabytes, what
    /// it costs a month in yen, and how many footprints can be taken back with it in a month
    #[arg(long, env = "ASHIATO_PLANS", value_delimiter = ',', value_name = "NAME:MEGABYTES:YEN:FOOTPRINTS",
          default_value = Offer::USUAL, help_heading = "Rules")]
    pub plans: Vec<Offer>,
}

impl Rules {
    /// How long a visit has the next one of the same visitor to the same owner change nothing.
    pub fn visit_pause(&self) -> TimeDelta {
        TimeDelta::minutes(self.visit_pause_minutes)
    }

    /// Checks what no single figure can check alone.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub fn check(&self) -> anyhow::Result<()> {
        let (tries, codes) = (self.phone_code_tries, self.phone_codes_per_hour);
        let guesses = tries.unsigned_abs() * codes * u64::from(RECOVERY_ADDRESSES);
        anyhow::ensure!(
            guesses < GUESSES,
            "--phone-code-tries ({tries}) times --phone-codes-per-hour ({codes}) times {RECOVERY_ADDRESSES} is {guesses}: \
             so many codes to recover an account by could be guessed in an hour. Have it be less than {GUESSES}"
        );
        let (places, most) = (
            self.invitations_per_member,
            self.invitation_codes_per_member,
        );
        anyhow::ensure!(
            places <= most,
            "--invitation-codes-per-member ({most}) must be at least --invitations-per-member ({places}), or \
             nobody could invite as many people as they may, one by one"
        );
        plans::check(&self.plans)
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            friend_limit: 1000,
            friend_group_limit: 100,
            path_budget: 20_000,
            block_limit: 1000,
            reports_per_day: 20,
            minimum_age: 15,
            adult_age: 18,
            visit_pause_minutes: 5,
            visits_per_hour: 300,
            footprints_taken_back_per_month: 10,
            kiriban_limit: 10,
            footprint_days: 365,
            notification_days: 90,
            listens_per_day: 500,
            listen_days: 90,
            usage_days: 400,
            session_days: 30,
            session_limit: 100,
            joining: vec![Way::Open],
            invitations_per_member: 20,
            invitation_codes_per_member: 100,
            phone_code_minutes: 10,
            phone_code_tries: 5,
            phone_codes_per_hour: 3,
            account_deletion_days: 7,
            data_export_hours: 24,
            photo_space_megabytes: 100,
            photo_megapixels: 40,
            plans: Offer::usual(),
        }
    }
}
