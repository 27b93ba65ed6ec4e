//! What stands around the database: photos, NATS, the certificate.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::TimeDelta;
use tokio::time::timeout;

use super::{Report, data::disk, host};
use crate::{
    clock::{Clock, SystemClock},
    config::ServeArgs,
    database::Place,
    nats,
    photo::kept::{Keeping, Photos},
    server::tls,
};

/// How long any of them may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// A certificate that ends sooner should have been renewed by now.
const SOON: TimeDelta = TimeDelta::days(14);

pub(super) async fn look(args: &ServeArgs, place: &Place, report: &mut Report) {
    photos(args, place, report).await;
    events(args, report).await;
    certificate(args, report);
}

async fn photos(args: &ServeArgs, place: &Place, report: &mut Report) {
    if args.ephemeral {
        return report.ok("photos", "in memory");
    }
    let keeping = args.photos.keeping();
    let folder = keeping.folder(place);
    let was_there = folder.as_deref().is_none_or(Path::exists);
    let tried = match Photos::open(&keeping, place) {
        Ok(photos) => timeout(PATIENCE, photos.try_out()).await,
        Err(error) => return report.refuse("photos", &error),
    };
    // What `ashiato serve` makes is not made here.
    if let Some(folder) = folder.as_deref().filter(|_| !was_there) {
        let _ = std::fs::remove_dir(folder);
    }
    let whence = whence(&keeping, folder.as_ref());
    let mend = "look whether the folder, or the bucket, is there, and whether this user may write into it and \
                remove from it";
    match tried {
        Ok(Ok(())) => report.ok(
            "photos",
            format!("{whence}: one was written, read and removed"),
        ),
        Ok(Err(error)) => {
            let detail = error.detail().unwrap_or_default();
            report.fail("photos", format!("{whence}: {detail}"), mend);
        }
        Err(_) => report.fail("photos", format!("{whence} does not answer"), mend),
    }
    if let Some(folder) = folder.filter(|folder| folder.exists()) {
        disk("photo disk", &folder, report);
    }
}

fn whence(keeping: &Keeping, folder: Option<&PathBuf>) -> String {
    match folder {
        Some(folder) => folder.display().to_string(),
        None => keeping.to_string(),
    }
}

async fn events(args: &ServeArgs, report: &mut Report) {
    let Some(url) = &args.nats_url else {
        return report.ok("nats", "none: one server needs none");
    };
    let whence = host(url);
    let mend = "look whether a NATS server runs there, whether this machine reaches it, and whether the user of \
                the URL may publish and subscribe below --nats-prefix";
    match timeout(PATIENCE, nats::round_trip(url, &args.nats_prefix)).await {
        Ok(Ok(took)) => {
            let millis = took.as_micros() / 1_000;
            report.ok(
                "nats",
                format!("{whence}: a message came back in {millis} ms"),
            );
        }
        Ok(Err(error)) => report.fail("nats", format!("{whence}: {error:#}"), mend),
        Err(_) => report.fail("nats", format!("{whence} does not answer"), mend),
    }
}

fn certificate(args: &ServeArgs, report: &mut Report) {
    let transport = &args.transport;
    let Some(files) = transport.tls.files() else {
        let is_near = transport.listen.starts_with("127.") || transport.listen.starts_with("[::1]");
        if is_near || !transport.profile.is_production() {
            return report.ok("certificate", "none: plain HTTP");
        }
        return report.warn(
            "certificate",
            "none: passwords and tokens come unsealed to this address",
            "give --tls-certificate and --tls-key, or have only a proxy that speaks TLS reach it",
        );
    };
    let now = SystemClock.now();
    let validity = match tls::validity(&files) {
        Ok(validity) => validity,
        Err(error) => return report.refuse("certificate", &error),
    };
    let names = validity.names.join(", ");
    let days = (validity.until - now).num_days();
    let mend = "renew it: files that are renewed are read within seconds";
    if now < validity.from {
        let said = format!("of {names}: it is not valid before {}", validity.from);
        let mend = "look at this machine's clock, or take another certificate";
        report.fail("certificate", said, mend);
    } else if now >= validity.until {
        let said = format!("of {names}: it ended at {}", validity.until);
        report.fail("certificate", said, mend);
    } else if validity.until - now < SOON {
        report.warn(
            "certificate",
            format!("of {names}: it ends in {days} days"),
            mend,
        );
    } else {
        report.ok(
            "certificate",
            format!("of {names}: for {days} days, with its key"),
        );
    }
}
