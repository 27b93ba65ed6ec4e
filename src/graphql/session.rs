//! Waits for the end of the session that a socket, or a stream of events, stands on.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use tokio::{
    task::{JoinError, JoinHandle},
    time::{Interval, MissedTickBehavior, interval},
};

use crate::{
    account::session,
    app::App,
    database::in_time,
    error::Error,
    events::{Event, Waiter},
    viewer::{Member, Viewer},
};

/// How often the clock is asked whether the session has expired, and a row that could not be read
/// is read again.
const LOOK: Duration = Duration::from_millis(500);

/// The session of who is there; none of who is not signed in.
#[derive(Debug, Default)]
pub struct SessionWatch(Option<Watched>);

#[derive(Debug)]
struct Watched {
    app: Arc<App>,
    signed_out: Waiter,
    member: Member,
    /// Whether something happened since the last reading began, or that one failed.
    woken: bool,
    /// The reading under way. It outlives a call that is dropped, and goes on meanwhile.
    reading: Option<JoinHandle<Row>>,
    expires_at: DateTime<Utc>,
    look: Interval,
}

/// When the session ends by itself; none where it has ended.
type Row = Result<Option<DateTime<Utc>>, Error>;

impl SessionWatch {
    /// Begins to watch the session of `viewer`.
    ///
    /// # Errors
    /// [`Error::InvalidToken`] where it has ended since its token was looked up; the database's.
    pub async fn begin(app: &Arc<App>, viewer: Viewer) -> Result<Self, Error> {
        let Viewer::Member(member) = viewer else {
            return Ok(Self(None));
        };
        // First the watch, then the row: so no end is missed between the two.
        let signed_out = app.events.watch(Event::SessionEnded(member));
        let expires_at = in_time(session::expiry(app, member))
            .await?
            .ok_or(Error::InvalidToken)?;
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(Self(Some(Watched {
            app: app.clone(),
            signed_out,
            member,
            woken: false,
            reading: None,
            expires_at,
            look,
        })))
    }

    /// Comes back when the session has ended, by signing out or by its time.
    pub async fn ended(&mut self) {
        match &mut self.0 {
            None => std::future::pending().await,
            Some(watched) => watched.ended().await,
        }
    }
}

impl Watched {
    async fn ended(&mut self) {
        loop {
            tokio::select! {
                // The row is the truth: the wake-up may be of something else.
                row = read(&mut self.reading) => {
                    self.reading = None;
                    match row {
                        Ok(Ok(None)) => return,
                        Ok(Ok(Some(_))) if self.woken => self.begin_reading(),
                        Ok(Ok(Some(_))) => {}
                        // A busy database: at the next look.
                        Ok(Err(_)) | Err(_) => self.woken = true,
                    }
                }
                () = self.signed_out.wait() => {
                    self.woken = true;
                    self.begin_reading();
                }
                _ = self.look.tick() => {
                    if self.app.clock.now() >= self.expires_at {
                        return;
                    }
                    if self.woken {
                        self.begin_reading();
                    }
                }
            }
        }
    }

    /// Unless one is under way that began before: then another follows.
    fn begin_reading(&mut self) {
        if self.reading.is_none() {
            self.woken = false;
            let (app, member) = (self.app.clone(), self.member);
            let reading = async move { session::expiry(&app, member).await };
            self.reading = Some(tokio::spawn(reading));
        }
    }
}

async fn read(reading: &mut Option<JoinHandle<Row>>) -> Result<Row, JoinError> {
    match reading {
        Some(reading) => reading.await,
        None => std::future::pending().await,
    }
}
