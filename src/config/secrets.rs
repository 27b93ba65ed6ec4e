//! The service's own keys.

use std::{
    convert::Infallible,
    fmt::{Debug, Formatter},
    fs,
    path::PathBuf,
};

use anyhow::{Context, anyhow, ensure};
use clap::Args;

use crate::secrets::{Keys, read_keys};

/// Where the service's own keys are (see [`crate::secrets`]).
#[derive(Args, Clone, Debug, Default)]
pub struct SecretArgs {
    /// Keys of the service's own, each 32 random bytes in base64 (`openssl rand -base64 32`),
    /// separated by commas, the newest first: they seal what the database alone must not tell. Every
    /// server needs the same. Where none is given, SQLite has a file of them beside its own
    #[arg(
        long,
        env = "ASHIATO_SECRET_KEYS",
        hide_env_values = true,
        value_parser = Hidden::new
    )]
    pub secret_keys: Option<Hidden>,
    /// A file that holds them, one a line or separated by commas
    #[arg(long, env = "ASHIATO_SECRET_KEYS_FILE", value_name = "FILE")]
    pub secret_keys_file: Option<PathBuf>,
}

/// A text that is shown to nobody.
#[derive(Clone)]
pub struct Hidden(String);

impl Hidden {
    /// Takes any: clap repeats what it refuses.
    fn new(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl Debug for Hidden {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("hidden")
    }
}

impl SecretArgs {
    /// Whether the keys are given, and none need be made.
    pub fn are_given(&self) -> bool {
        self.secret_keys_file.is_some() || self.given().is_some()
    }

    /// An environment can name a variable and leave it empty.
    fn given(&self) -> Option<&str> {
        let given = self.secret_keys.as_ref().map(|Hidden(text)| text.trim());
        given.filter(|text| !text.is_empty())
    }

    /// What they say.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub fn keys(&self) -> anyhow::Result<Keys> {
        let given = self.given();
        if let Some(path) = &self.secret_keys_file {
            ensure!(
                given.is_none(),
                "--secret-keys and --secret-keys-file (or their variables) are both given: leave \
                 one out"
            );
            let name = path.display();
            let text = fs::read_to_string(path)
                .with_context(|| format!("cannot read --secret-keys-file {name}"))?;
            let keys = read_keys(&text);
            return Ok(Keys::Given(keys.map_err(|error| {
                anyhow!("--secret-keys-file {name}: {error:#}")
            })?));
        }
        match given {
            None => Ok(Keys::BesideDatabase),
            Some(text) => {
                let keys = read_keys(text);
                Ok(Keys::Given(
                    keys.map_err(|error| anyhow!("--secret-keys: {error:#}"))?,
                ))
            }
        }
    }
}
