//! Waits for the end of the session that a socket stands on.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::{
    account::session,
    app::App,
    error::Error,
    events::{Event, Waiter},
    viewer::{Member, Viewer},
};

/// How often the clock is asked whether the session has expired.
const LOOK: Duration = Duration::from_millis(500);

/// The session of a socket; none of who is not signed in.
#[derive(Debug, Default)]
pub struct SessionWatch(Option<Watched>);

#[derive(Debug)]
struct Watched {
    app: Arc<App>,
    signed_out: Waiter,
    member: Member,
    /// Whether the row is to be read again.
    woken: bool,
    expires_at: DateTime<Utc>,
    look: Interval,
}

impl SessionWatch {
    /// Begins to watch the session of `viewer`.
    ///
    /// # Errors
    /// [`Error::InvalidToken`] where it has ended since its token was looked up.
    pub async fn begin(app: &Arc<App>, viewer: Viewer) -> Result<Self, Error> {
        let Viewer::Member(member) = viewer else {
            return Ok(Self(None));
        };
        // First the watch, then the row: so no end is missed between the two.
        let signed_out = app.events.watch(Event::SessionEnded(member));
        let expires_at = session::expiry(app, member)
            .await?
            .ok_or(Error::InvalidToken)?;
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(Self(Some(Watched {
            app: app.clone(),
            signed_out,
            member,
            woken: false,
            expires_at,
            look,
        })))
    }

    /// Comes back when the session has ended, by signing out or by its time.
    pub async fn ended(&mut self) {
        match &mut self.0 {
            None => std::future::pending().await,
            Some(watched) => loop {
                if watched.woken {
                    // The row is the truth: the wake-up may be of something else. It is not
                    // forgotten before the row is read, should this call be dropped meanwhile.
                    let row = session::expiry(&watched.app, watched.member).await;
                    if matches!(row, Ok(None)) {
                        return;
                    }
                    watched.woken = false;
                }
                tokio::select! {
                    () = watched.signed_out.wait() => watched.woken = true,
                    _ = watched.look.tick() => {
                        if watched.app.clock.now() >= watched.expires_at {
                            return;
                        }
                    }
                }
            },
        }
    }
}
