//! Who takes payments.

use std::{
    fs,
    net::IpAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, ensure};
use clap::{Args, ValueEnum};
use hyper::Uri;

use crate::payment::{
    Development, Nobody, Payments,
    stripe::{ADDRESS, Stripe, StripeSettings},
};

/// Who takes payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PaymentWay {
    /// Nobody: whatever is bought is paid at once, for development
    Development,
    /// Stripe
    Stripe,
    /// Nobody, and nothing can be bought
    Off,
}

/// Who takes payments (see [`crate::payment`]).
#[derive(Args, Clone, Debug)]
pub struct PaymentArgs {
    /// Who takes payments for plans. Where nothing is said: in development nobody, and whatever is bought is paid
    /// at once; in production no plan can be bought
    #[arg(long, env = "ASHIATO_PAYMENTS", value_enum, help_heading = "Payments")]
    pub payments: Option<PaymentWay>,
    /// In production, too, let --payments development give plans to whoever asks for them, for nothing; or Stripe's
    /// test mode to whoever knows its test cards
    #[arg(long, env = "ASHIATO_FREE_PLANS", help_heading = "Payments")]
    pub free_plans: bool,
    /// A file that holds the secret key by which Stripe knows the service: sk_live_… or, of fewer rights, rk_live_…
    #[arg(
        long,
        env = "ASHIATO_STRIPE_SECRET_KEY_FILE",
        value_name = "FILE",
        help_heading = "Payments"
    )]
    pub stripe_secret_key_file: Option<PathBuf>,
    /// A file that holds the signing secret of the webhook endpoint: whsec_…; of two, one a line, both will do
    #[arg(
        long,
        env = "ASHIATO_STRIPE_WEBHOOK_SECRET_FILE",
        value_name = "FILE",
        help_heading = "Payments"
    )]
    pub stripe_webhook_secret_file: Option<PathBuf>,
    /// Where Stripe is
    #[arg(long, env = "ASHIATO_STRIPE_URL", default_value = ADDRESS, help_heading = "Payments")]
    pub stripe_url: String,
    /// The page of yours that people come back to after they paid, or did not
    #[arg(
        long,
        env = "ASHIATO_PAYMENTS_RETURN_URL",
        value_name = "URL",
        help_heading = "Payments"
    )]
    pub payments_return_url: Option<String>,
}

impl PaymentArgs {
    /// Checks what a service in production must not be told.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub fn check(&self) -> anyhow::Result<()> {
        ensure!(
            self.payments != Some(PaymentWay::Development) || self.free_plans,
            "--payments development is for development: whoever asks for a plan would have it for nothing. Give \
             --payments stripe; or --free-plans, if that is what you want"
        );
        Ok(())
    }

    /// Who takes them, in production or not.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub fn provider(&self, is_production: bool) -> anyhow::Result<Arc<dyn Payments>> {
        match self.payments {
            Some(PaymentWay::Stripe) => {}
            Some(PaymentWay::Off) => return Ok(Arc::new(Nobody)),
            None if is_production => return Ok(Arc::new(Nobody)),
            None | Some(PaymentWay::Development) => return Ok(Arc::new(Development)),
        }
        let key = (
            "--stripe-secret-key-file",
            &self.stripe_secret_key_file,
            &["sk_", "rk_"][..],
        );
        let webhook = (
            "--stripe-webhook-secret-file",
            &self.stripe_webhook_secret_file,
            &["whsec_"][..],
        );
        let keys = secrets(key)?;
        let [secret_key] = <[String; 1]>::try_from(keys)
            .map_err(|_| anyhow::anyhow!("--stripe-secret-key-file holds one key, on one line"))?;
        if is_production {
            ensure!(
                self.free_plans || !is_of_tests(&secret_key),
                "--stripe-secret-key-file holds a key for tests: whoever knows Stripe's test cards would have a plan \
                 for nothing. Give one that begins with sk_live_ or rk_live_; or --free-plans, if that is what you want"
            );
            ensure!(
                is_sealed(&self.stripe_url),
                "--stripe-url must begin with https:// in production: the secret key is told there"
            );
        }
        let return_url = self.payments_return_url.clone().with_context(
            || "--payments stripe needs --payments-return-url: the page that people come back to",
        )?;
        let is_page = ["https://", "http://"]
            .iter()
            .any(|scheme| return_url.starts_with(scheme));
        ensure!(
            is_page && return_url.bytes().all(|byte| byte.is_ascii_graphic()),
            "--payments-return-url must be an address such as https://example.com/plans"
        );
        Ok(Arc::new(Stripe::new(StripeSettings {
            address: self.stripe_url.clone(),
            secret_key,
            webhook_secrets: secrets(webhook)?,
            return_url,
        })?))
    }
}

/// Whether nothing is paid for what is paid by `secret_key`.
fn is_of_tests(secret_key: &str) -> bool {
    ["sk_test_", "rk_test_"]
        .iter()
        .any(|beginning| secret_key.starts_with(beginning))
}

/// Whether nobody on the way reads what is told `address`: it is sealed, or does not leave this machine.
fn is_sealed(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else {
        return false;
    };
    let host = uri.host().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_here = host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    uri.scheme_str() == Some("https") || is_here
}

/// The secrets in a file, one a line. None of them is ever repeated.
fn secrets(
    (flag, path, beginnings): (&str, &Option<PathBuf>, &[&str]),
) -> anyhow::Result<Vec<String>> {
    let path = path.as_deref();
    let path: &Path = path.with_context(|| format!("--payments stripe needs {flag}"))?;
    let name = path.display();
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {flag} {name}"))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let secrets: Vec<_> = lines.map(str::to_owned).collect();
    let fits = |secret: &String| {
        let begins = beginnings.iter().any(|it| secret.starts_with(it));
        begins && secret.bytes().all(|byte| byte.is_ascii_graphic())
    };
    ensure!(
        !secrets.is_empty() && secrets.iter().all(fits),
        "{flag} {name}: it must hold what begins with {}",
        beginnings.join(" or ")
    );
    Ok(secrets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_goes_to_an_address_that_is_sealed_or_of_this_machine() {
        for address in [
            ADDRESS,
            "https://stripe.example:8443/v1",
            "http://127.0.0.1:8080",
            "http://[::1]:8080",
            "http://localhost",
        ] {
            assert!(is_sealed(address), "{address}");
        }
        for address in [
            "http://api.stripe.com",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://192.168.0.7",
            "api.stripe.com",
            "",
        ] {
            assert!(!is_sealed(address), "{address}");
        }
    }
}
