//! What stands in the flags and the environment.

use std::{collections::BTreeSet, fs, io::ErrorKind, path::Path};

use tokio::net::TcpListener;

use super::{Report, host};
use crate::{
    cli,
    config::{PaymentWay, ServeArgs, SmsWay},
    database::Place,
    ids::Ids,
    secrets::{Keyring, Keys, beside::file_beside, read_keys},
    server,
};

/// Two names of a setting that are at least as alike are one, mistyped.
const ALIKE: f64 = 0.85;
/// What the names of all begin with.
const PREFIX: &str = "ASHIATO_";

pub(super) async fn look(args: &ServeArgs, report: &mut Report) {
    let is_production = args.transport.profile.is_production();
    match args.check() {
        Ok(()) if is_production => report.ok("settings", "for production"),
        Ok(()) => report.ok("settings", "for development"),
        Err(error) => report.refuse("settings", &error),
    }
    environment(report);
    match cli::serve::log_filter() {
        Ok(filter) => report.ok("log", filter.to_string()),
        Err(error) => report.refuse("log", &error),
    }
    listen(&args.transport.listen, report).await;
    if is_production && args.transport.allowed_origins.is_empty() {
        report.warn(
            "origins",
            "no web page may call the API",
            "name those that may with --allowed-origins, unless none is to",
        );
    }
    match args.sms.sender(is_production) {
        Err(error) => report.refuse("sms", &error),
        Ok(_) => report.ok(
            "sms",
            match (args.sms.sms, &args.sms.sms_url) {
                (Some(SmsWay::Http), Some(url)) => {
                    format!("through {}; none was sent, for one costs", host(url))
                }
                (None, _) if is_production => "none is sent: asking for a code is refused".into(),
                _ => "into the log, codes and all".into(),
            },
        ),
    }
    match args.payments.provider(is_production) {
        Err(error) => report.refuse("payments", &error),
        Ok(_) => report.ok(
            "payments",
            match args.payments.payments {
                Some(PaymentWay::Stripe) => {
                    format!(
                        "at {}; its keys were not tried",
                        host(&args.payments.stripe_url)
                    )
                }
                Some(PaymentWay::Off) => "none: nothing is sold".into(),
                None if is_production => "none: nothing is sold".into(),
                _ => "everything is paid at once, by nobody".into(),
            },
        ),
    }
}

/// Variables that look like settings, and are none.
fn environment(report: &mut Report) {
    let mut known = BTreeSet::from(["ASHIATO_LOG".to_owned()]);
    variables(&cli::command(), &mut known);
    let given = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let strange = given.filter(|name| name.starts_with(PREFIX) && !known.contains(name));
    // What the tests of the service itself are told.
    let mut strange = strange
        .filter(|name| !name.starts_with("ASHIATO_TEST_"))
        .peekable();
    if strange.peek().is_none() {
        return report.ok("environment", "every ASHIATO_ variable is a setting");
    }
    for name in strange {
        let bare = |name: &str| name.trim_start_matches(PREFIX).to_owned();
        let alike = |other: &&String| strsim::jaro_winkler(&bare(&name), &bare(other));
        let nearest = known.iter().max_by(|a, b| alike(a).total_cmp(&alike(b)));
        let nearest = nearest.filter(|other| alike(other) >= ALIKE);
        let said = match nearest {
            Some(other) => format!("{name} is no setting: {other} is"),
            None => format!("{name} is no setting"),
        };
        let mend = "take it away, or name the right one: `ashiato serve --help` lists all";
        report.warn("environment", said, mend);
    }
}

fn variables(command: &clap::Command, known: &mut BTreeSet<String>) {
    let names = command.get_arguments().filter_map(|arg| arg.get_env());
    known.extend(names.map(|name| name.to_string_lossy().into_owned()));
    for command in command.get_subcommands() {
        variables(command, known);
    }
}

async fn listen(address: &str, report: &mut Report) {
    match TcpListener::bind(address).await {
        Ok(_) => report.ok("listen", format!("{address} is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => report.warn(
            "listen",
            format!("something listens on {address} already"),
            "where that is no Ashiato, stop it, or choose another port with --listen",
        ),
        Err(error) => report.refuse("listen", &server::cannot_listen(address, &error)),
    }
}

/// The service's own keys, so far as they are there.
pub(super) fn keys(args: &ServeArgs, place: &Place, report: &mut Report) -> Option<Keyring> {
    let takes_phone = args.rules.joining.iter().any(|way| way.takes_phone());
    let keys = match (args.secrets.keys(), place.file()) {
        (Err(error), _) => {
            report.refuse("keys", &error);
            return None;
        }
        (Ok(Keys::Given(keys)), _) => keys,
        (Ok(_), Some(file)) => beside(&file_beside(file), report)?,
        (Ok(_), None) if takes_phone => {
            report.fail(
                "keys",
                "--joining takes a mobile number, of which a keyed hash is kept, and there is no key",
                "make one by `openssl rand -base64 32`, and give it with --secret-keys-file",
            );
            return None;
        }
        (Ok(_), None) => {
            report.warn(
                "keys",
                "none are given: two-factor sign-in, mobile numbers and links to photos are refused",
                "make one by `openssl rand -base64 32`, and give every server the same with --secret-keys-file",
            );
            return None;
        }
    };
    let count = keys.len();
    match Keyring::new(keys, Ids::new(rand::make_rng::<rand::rngs::StdRng>())) {
        Ok(ring) => {
            report.ok("keys", format!("{count} to open with; the first seals"));
            Some(ring)
        }
        Err(error) => {
            report.refuse("keys", &error);
            None
        }
    }
}

/// Those of the file at `path`, where that is there and can be read.
fn beside(path: &Path, report: &mut Report) -> Option<Vec<[u8; 32]>> {
    let name = path.display();
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            report.ok("keys", format!("`ashiato serve` makes one in {name}"));
            return None;
        }
        Err(error) => {
            report.fail(
                "keys",
                format!("cannot read {name}: {error}"),
                "have it belong to the user that the service runs as, with the mode 600",
            );
            return None;
        }
    };
    if is_open_to_others(path) {
        report.warn("keys", format!("others can read {name}"), "chmod 600");
    }
    match read_keys(&text) {
        Ok(keys) => Some(keys),
        Err(error) => {
            report.refuse("keys", &error.context(name.to_string()));
            None
        }
    }
}

fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}
