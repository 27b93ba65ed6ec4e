//! What the service is run for, and what that opens.

use clap::{ArgAction, Args, ValueEnum};

/// What the service is run for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// To build a front end against: everything can be explored, from pages of this machine
    #[default]
    Development,
    /// For the people whose community it is: the schema is not told, pages of no other site may call,
    /// and what is only fit for development is refused at the start
    Production,
}

/// What the service is run for, and what else than that says is open.
#[derive(Args, Clone, Debug, Default)]
pub struct ProfileArgs {
    /// What the service is run for
    #[arg(
        long,
        env = "ASHIATO_PROFILE",
        value_enum,
        default_value_t,
        help_heading = "Profile"
    )]
    pub profile: Profile,
    /// Whether the schema can be asked for (`__schema`, `__type`); by default in development alone
    #[arg(
        long,
        env = "ASHIATO_INTROSPECTION",
        action = ArgAction::Set,
        value_name = "true|false",
        help_heading = "Profile"
    )]
    pub introspection: Option<bool>,
    /// Whether GraphiQL is served at `/`; by default in development alone
    #[arg(
        long,
        env = "ASHIATO_EXPLORER",
        action = ArgAction::Set,
        value_name = "true|false",
        help_heading = "Profile"
    )]
    pub explorer: Option<bool>,
    /// Whether what the schema has is shown at `/docs`, with guides; by default in development alone
    #[arg(
        long,
        env = "ASHIATO_DOCS",
        action = ArgAction::Set,
        value_name = "true|false",
        help_heading = "Profile"
    )]
    pub docs: Option<bool>,
}

impl ProfileArgs {
    /// Whether the service is for the people whose community it is.
    pub fn is_production(&self) -> bool {
        self.profile == Profile::Production
    }

    /// Whether the schema can be asked for.
    pub fn introspects(&self) -> bool {
        self.introspection.unwrap_or(!self.is_production())
    }

    /// Whether GraphiQL is served.
    pub fn explores(&self) -> bool {
        self.explorer.unwrap_or(!self.is_production())
    }

    /// Whether what the schema has is shown.
    pub fn documents(&self) -> bool {
        self.docs.unwrap_or(!self.is_production())
    }
}
