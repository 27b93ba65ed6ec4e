//! `ashiato serve`.

use std::io::IsTerminal;

use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use crate::{
    account::leaving::work,
    app::{App, Parts},
    config::{LogFormat, MockArgs, ServeArgs},
    database::ephemeral::Ephemeral,
    demo, explorer, housekeeping, indexing,
    music::charting,
    nats,
    photo::{kept::Keeping, sweeping as photos},
    plan::ending,
    rest::work as rests,
    server::{Server, Signals},
    statistics::work as statistics,
    usage::counting,
};

/// What is logged where `ASHIATO_LOG` does not say.
const LOG: &str = "info,sqlx=warn,sea_orm_migration=warn";

pub(super) async fn run(args: ServeArgs) -> anyhow::Result<()> {
    start_log(args.log_format)?;
    args.check()?;
    let signals = Signals::listen()?;
    let (cache, keys) = (args.cache.cache(), args.secrets.keys()?);
    let sms = args.sms.sender(args.transport.profile.is_production())?;
    // Gone when this function ends, however it does.
    let ephemeral = args.ephemeral.then(Ephemeral::make).transpose()?;
    let (place, keeping) = match &ephemeral {
        Some(ephemeral) => (ephemeral.place(), Keeping::InMemory),
        None => (args.place(), args.photos.keeping()),
    };
    let payments = args
        .payments
        .provider(args.transport.profile.is_production())?;
    let app = App::open(Parts {
        cache,
        keys,
        sms,
        payments,
        photos: keeping,
        ..Parts::new(place.clone(), args.rules)
    })
    .await?;
    if app.rules.joining.iter().any(|way| way.takes_phone()) {
        anyhow::ensure!(
            app.secrets.check().is_ok(),
            "--joining by a mobile number needs --secret-keys: of a number only a keyed hash is kept"
        );
    }
    if args.demo {
        match demo::load_if_empty(&app).await? {
            Some(_) => tracing::info!(
                username = demo::USERNAME,
                password = demo::PASSWORD,
                "the demo community was loaded: sign in"
            ),
            None => tracing::info!("the database has users already: they stay as they are"),
        }
    }
    if ephemeral.is_some() {
        tracing::info!(database = %place, "nothing is kept: the database is gone when this process ends");
    }
    if args.transport.mock.is_on() {
        let MockArgs { latency, fail_rate } = &args.transport.mock;
        tracing::warn!(
            ?latency,
            ?fail_rate,
            "answers come late, or fail, on purpose"
        );
    }
    let (stop, unlink) = (CancellationToken::new(), CancellationToken::new());
    let link = match &args.nats_url {
        Some(url) => Some(nats::link(&app.events, url, &args.nats_prefix, unlink.clone()).await?),
        None => None,
    };
    let profile = &args.transport.profile;
    let (is_production, explores) = (profile.is_production(), profile.explores());
    let scheme = args.transport.tls.files().map_or("http", |_| "https");
    let server = Server::start(app.clone(), args.transport).await?;
    let sweeping = housekeeping::start(app.clone(), stop.clone());
    let charting = charting::start(app.clone(), stop.clone());
    let sweeping_photos = photos::start(app.clone(), stop.clone());
    let indexing = indexing::start(app.clone(), stop.clone());
    let counting = counting::start(app.clone(), stop.clone());
    let statistics = statistics::start(app.clone(), stop.clone());
    let ending = ending::start(app.clone(), stop.clone());
    let resting = rests::start(app.clone(), stop.clone());
    let leaving = work::start(app, stop.clone());
    let address = server.local_addr();
    let explorer = explores.then(|| format!("{scheme}://{address}/"));
    tracing::info!(
        api = %format_args!("{scheme}://{address}/graphql"),
        explorer,
        bundled = explorer::is_bundled(),
        "listening"
    );
    if is_production && scheme == "http" && !address.ip().is_loopback() {
        tracing::warn!(
            "passwords and tokens come unsealed to this address: give --tls-certificate and --tls-key, \
             or have only a proxy that speaks TLS reach it"
        );
    }
    signals.asked_to_stop().await;
    tracing::info!("stopping");
    stop.cancel();
    if let Err(error) = sweeping.await {
        tracing::error!(%error, "the sweeping did not end as it should");
    }
    if let Err(error) = charting.await {
        tracing::error!(%error, "the counting for the charts did not end as it should");
    }
    if let Err(error) = sweeping_photos.await {
        tracing::error!(%error, "the sweeping of photos did not end as it should");
    }
    if let Err(error) = indexing.await {
        tracing::error!(%error, "what searches find was not kept as it should be");
    }
    if let Err(error) = counting.await {
        tracing::error!(%error, "the counting of use did not end as it should");
    }
    if let Err(error) = statistics.await {
        tracing::error!(%error, "the counting of the figures did not end as it should");
    }
    if let Err(error) = ending.await {
        tracing::error!(%error, "what is told to the payment provider did not end as it should");
    }
    if let Err(error) = resting.await {
        tracing::error!(%error, "the telling of rests that are over did not end as it should");
    }
    if let Err(error) = leaving.await {
        tracing::error!(%error, "what is done for those who leave did not end as it should");
    }
    server.shutdown().await;
    // After the last event, which what was drained has told.
    unlink.cancel();
    if let Some(link) = link {
        link.await?;
    }
    Ok(())
}

fn start_log(format: LogFormat) -> anyhow::Result<()> {
    let filter = log_filter()?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    Ok(())
}

/// What is logged, by the environment.
pub(super) fn log_filter() -> anyhow::Result<EnvFilter> {
    match std::env::var("ASHIATO_LOG") {
        Ok(filter) => EnvFilter::try_new(&filter).map_err(|error| {
            anyhow::anyhow!(
                "ASHIATO_LOG (`{filter}`) is no log filter: {error}. Write one such as info or \
                 ashiato=debug"
            )
        }),
        Err(_) => Ok(EnvFilter::new(LOG)),
    }
}
