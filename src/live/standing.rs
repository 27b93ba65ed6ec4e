//! What is true of a feed's viewer as a row is about to be given.

use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::{rest, rest_digest};

use crate::{
    block::loader::{Hidden, hidden_now},
    error::Error,
    loaders::Loaders,
    rest::{
        choice::held_until,
        store::{
            self as rests,
            digests::{self, Sequence},
        },
    },
};

/// How soon a feed that holds something looks again whether it is to: at the soonest, for the digest of a rest that is
/// over comes within seconds; and at the latest, where another server ends the rest early, and no link tells of it.
const SOONEST: Duration = Duration::from_secs(1);
const LATEST: Duration = Duration::from_secs(30);

/// It, as of now.
pub(super) struct Standing {
    /// Who is hidden from the viewer.
    pub(super) hidden: Hidden,
    /// What the viewer has chosen of rest, if they ever did.
    pub(super) rest: Option<rest::Model>,
}

impl Standing {
    /// Asks the primary, and has the loaders forget what they read: one statement, and one more where there are blocks,
    /// and where the viewer has ever chosen to rest.
    ///
    /// # Errors
    /// The database's.
    pub(super) async fn now(loaders: &Loaders) -> Result<Self, Error> {
        let me = loaders.viewer.member()?.id;
        let db = loaders.app.database.reader();
        let marks = rests::marks(db, me).await?;
        let hidden = hidden_now(loaders, marks.has_blocks).await?;
        let rest = match marks.has_rest {
            true => rests::find(db, me).await?,
            false => None,
        };
        Ok(Self { hidden, rest })
    }

    /// For how long what comes is to be held from `now` on, before it is looked again; nothing where it is not.
    pub(super) fn time_to_hold(&self, now: DateTime<Utc>) -> Option<Duration> {
        let until = held_until(self.rest.as_ref()?, now)?;
        let time = until.and_then(|until| (until - now).to_std().ok());
        Some(time.unwrap_or(LATEST).clamp(SOONEST, LATEST))
    }
}

/// Rows that came in one rest, which is over: the last of them is given, for all.
pub(super) struct Run<R> {
    range: [i64; 2],
    /// Whether the notification of the rest stands for them, so that none of them is given.
    is_told: bool,
    /// The last of them that was looked at.
    pub(super) passed: i64,
    last: Option<(i64, R)>,
    others: i64,
}

impl<R> Run<R> {
    /// That of the rest of the viewer that the row with `number` in `sequence` came in, if it came in one that is
    /// over: one statement.
    ///
    /// # Errors
    /// The database's.
    pub(super) async fn of(
        loaders: &Loaders,
        sequence: Sequence,
        number: i64,
    ) -> Result<Option<Self>, Error> {
        let me = loaders.viewer.member()?.id;
        let db = loaders.app.database.reader();
        let found = digests::holding(db, me, sequence, number).await?;
        let run = found.map(|digest| Self::in_rest(&digest, sequence));
        Ok(run.filter(|run| run.holds(number)))
    }

    fn in_rest(digest: &rest_digest::Model, sequence: Sequence) -> Self {
        let range @ [first, _] = sequence.range(digest);
        Self {
            range,
            is_told: digest.is_told && sequence == Sequence::Notifications,
            passed: first - 1,
            last: None,
            others: 0,
        }
    }

    /// Whether the row with `number` is one of them.
    pub(super) fn holds(&self, number: i64) -> bool {
        let [first, last] = self.range;
        (first..=last).contains(&number)
    }

    /// Passes the row with `number`, which is for the viewer, or not.
    pub(super) fn pass(&mut self, number: i64, row: Option<R>) {
        self.passed = number;
        if let Some(row) = row.filter(|_| !self.is_told) {
            self.others += i64::from(self.last.is_some());
            self.last = Some((number, row));
        }
    }

    /// The last of them that is for the viewer, with how many came before it.
    pub(super) fn whole(self) -> Option<(i64, R, i64)> {
        let (number, row) = self.last?;
        Some((number, row, self.others))
    }
}
