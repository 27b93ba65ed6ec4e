//! The composition root: what every part of a running service shares.

use std::{fmt::Debug, sync::Arc};

use uuid::Uuid;

use crate::{
    absence::set::{Absences, Absent},
    account::{password::Passwords, session::uses::Uses},
    cache::Cache,
    clock::{APART, Clock, SystemClock, apart, day_in_japan},
    config::Rules,
    database::{Database, OnStatement, Place},
    error::Error,
    events::Events,
    footprint::visit::Lines,
    friendship::figures::{Figures, Ties},
    ids::Ids,
    payment::{Development, Payments},
    photo::kept::{Keeping, Photos},
    secrets::{Keyring, Keys},
    sms::{SmsSender, ToLog},
    usage::tally::Tallies,
    viewer::Viewer,
    visibility::Majority,
};

/// A running service, but for its transports.
#[derive(Debug)]
pub struct App {
    /// Where everything is kept.
    pub database: Database,
    /// What is kept of what was read.
    pub cache: Cache,
    /// Who is absent.
    pub absences: Absences,
    /// Who is a public figure.
    pub figures: Figures,
    /// What happened.
    pub events: Events,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Names of new things, and secrets.
    pub ids: Ids,
    /// The service's own keys.
    pub secrets: Keyring,
    /// Sends short messages.
    pub sms: Arc<dyn SmsSender>,
    /// Takes payments.
    pub payments: Arc<dyn Payments>,
    /// The files of photos.
    pub photos: Photos,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Whose last use is being written.
    pub uses: Uses,
    /// What was done by day, and is not written yet.
    pub usage: Tallies,
    /// Which server this is, of several.
    pub server: Uuid,
    /// Where visits wait to be carried out together.
    pub visits: Lines,
    /// The domain's figures.
    pub rules: Rules,
}

/// What an [`App`] is made from.
pub struct Parts {
    /// Where the database is.
    pub database: Place,
    /// The domain's figures.
    pub rules: Rules,
    /// What is kept of what is read: nothing, where nothing else is said.
    pub cache: Cache,
    /// Where the service's own keys are: nowhere, where nothing else is said.
    pub keys: Keys,
    /// What sends short messages: they go into the log, where nothing else is said.
    pub sms: Arc<dyn SmsSender>,
    /// Who takes payments: nobody, and everything is paid at once, where nothing else is said.
    pub payments: Arc<dyn Payments>,
    /// Where the files of photos are kept: in memory, where nothing else is said.
    pub photos: Keeping,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Is told of every statement.
    pub on_statement: Option<OnStatement>,
}

impl Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parts").finish_non_exhaustive()
    }
}

impl Parts {
    /// The parts of a service that is not under test.
    pub fn new(database: Place, rules: Rules) -> Self {
        Self {
            database,
            rules,
            cache: Cache::default(),
            keys: Keys::default(),
            sms: Arc::new(ToLog),
            payments: Arc::new(Development),
            photos: Keeping::default(),
            clock: Arc::new(SystemClock),
            on_statement: None,
        }
    }
}

impl App {
    /// Opens the database and puts the parts together.
    ///
    /// # Errors
    /// See [`Database::open`] and [`Keys::ring`].
    pub async fn open(parts: Parts) -> anyhow::Result<Arc<Self>> {
        let events = Events::with(parts.cache.clone());
        let ids = Ids::new(rand::make_rng::<rand::rngs::StdRng>());
        let database = Database::open(&parts.database, events.clone(), parts.on_statement).await?;
        compare_clocks(&database, &*parts.clock, &parts.database).await?;
        // After the database, so that what cannot be opened has no file of keys made beside it.
        let secrets = parts.keys.ring(&parts.database, &ids)?;
        let photos = Photos::open(&parts.photos, &parts.database)?;
        let absences = Absences::default();
        absences
            .refresh(database.reader(), parts.clock.now())
            .await?;
        let figures = Figures::default();
        let limit = parts.rules.friend_limit;
        figures.refresh(database.reader(), limit).await?;
        Ok(Arc::new(Self {
            database,
            absences,
            figures,
            passwords: Passwords::default(),
            secrets,
            sms: parts.sms,
            payments: parts.payments,
            photos,
            uses: Uses::default(),
            usage: Tallies::default(),
            visits: Lines::default(),
            server: ids.at(parts.clock.now()),
            ids,
            cache: parts.cache,
            events,
            clock: parts.clock,
            rules: parts.rules,
        }))
    }

    /// Who is of age now, by Japan's calendar.
    pub fn majority(&self) -> Majority {
        Majority::on(day_in_japan(self.clock.now()), self.rules.adult_age)
    }

    /// Who is absent now for `viewer`, who is nobody where nobody is signed in.
    pub fn absent_for(&self, viewer: Option<Uuid>) -> Absent {
        self.absences.for_viewer(viewer, self.clock.now())
    }

    /// With whom `me` cannot do anything now, because they are absent: a moderator or an administrator who sees
    /// them neither.
    pub fn absent_for_acts(&self, me: Uuid) -> Absent {
        self.absences.for_acts_of(me, self.clock.now())
    }

    /// Through whom `viewer`, who looks at others, is tied with them now.
    pub fn ties_for(&self, viewer: Uuid) -> Ties {
        Ties::new(self.absent_for(Some(viewer)), self.figures.known())
    }

    /// Through whom two are tied now, where one would do something with the other: whatever they see, the
    /// absent tie nobody. (Nobody is tied with others through themselves, so it is the same for everybody.)
    pub fn ties_for_acts(&self) -> Ties {
        Ties::new(self.absent_for(None), self.figures.known())
    }

    /// Whether `viewer` has wished the account away: others do not find them. (Nobody else who is absent
    /// has a session.)
    pub fn is_leaving(&self, viewer: Viewer) -> bool {
        let me = viewer.id();
        me.is_some_and(|me| self.absent_for(None).contains(me))
    }

    /// Reads anew who is absent, and who is a public figure: after each change of it, before that is answered.
    ///
    /// # Errors
    /// The database's.
    pub async fn read_absences(&self) -> Result<(), Error> {
        let now = self.clock.now();
        let db = self.database.reader();
        self.absences.refresh(db, now).await?;
        self.figures.refresh(db, self.rules.friend_limit).await
    }

    /// The same after such a change is committed. Where the database is busy just now, it is done a moment
    /// later (see [`crate::neighbours`]).
    pub async fn settle_absences(&self) {
        if let Err(error) = self.read_absences().await {
            tracing::warn!(detail = error.detail(), "cannot read who is absent");
        }
    }
}

/// Warns where this machine's clock and PostgreSQL's differ: of several servers' clocks that is the
/// one thing that a server can see.
async fn compare_clocks(
    database: &Database,
    clock: &dyn Clock,
    place: &Place,
) -> anyhow::Result<()> {
    let before = clock.now();
    let Some(theirs) = database.now().await? else {
        return Ok(());
    };
    let apart = apart(before, theirs, clock.now());
    if apart > APART {
        tracing::warn!(
            database = %place,
            seconds = apart.num_seconds(),
            "this machine's clock and the database's differ: several servers need the same time, as \
             NTP keeps it"
        );
    }
    Ok(())
}
