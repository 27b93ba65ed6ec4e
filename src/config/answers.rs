//! How answers go out.

use clap::{ArgAction, Args};

/// How answers go out.
#[derive(Args, Clone, Debug)]
pub struct AnswerArgs {
    /// The seconds for which caches between may show what a query by GET came to for who is signed out, and so how
    /// late it can be seen there that something public has changed, or gone; 0 has nothing be kept
    #[arg(
        long,
        env = "ASHIATO_PUBLIC_MAX_AGE",
        default_value_t = AnswerArgs::PUBLIC_MAX_AGE,
        value_parser = clap::value_parser!(u32).range(0..=86_400),
        value_name = "SECONDS",
        help_heading = "Answers"
    )]
    pub public_max_age: u32,
    /// Whether what queries come to is compressed (gzip) for who takes that; not needed behind a proxy that does it
    #[arg(
        long,
        env = "ASHIATO_COMPRESSION",
        action = ArgAction::Set,
        default_value_t = true,
        value_name = "true|false",
        help_heading = "Answers"
    )]
    pub compression: bool,
}

impl AnswerArgs {
    const PUBLIC_MAX_AGE: u32 = 10;
}

impl Default for AnswerArgs {
    fn default() -> Self {
        Self {
            public_max_age: Self::PUBLIC_MAX_AGE,
            compression: true,
        }
    }
}
