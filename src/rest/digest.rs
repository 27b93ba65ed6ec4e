//! What came in a rest, told of as a whole once it is over: in one notification, and in one event of each live feed.

use chrono::{DateTime, Utc};
use entity::{rest_digest, values::NotificationKind};
use uuid::Uuid;

use super::store::digests::{self, Sequence};
use crate::{
    app::App,
    block::store as blocks,
    database::Tx,
    error::Error,
    events::Event,
    notification::service::{News, is_told},
};

/// Tells `user` of what came in the rest from `since` to `until`, which is over. Gives what tells of it; nothing where
/// nothing came that is there yet, and of nobody's doing who is hidden from them.
///
/// # Errors
/// The database's.
pub(super) async fn write(
    app: &App,
    tx: &Tx,
    user: Uuid,
    (since, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Option<Uuid>, Error> {
    let hidden = hidden_from(app, tx, user).await?;
    let now = app.clock.now();
    let mut digest = rest_digest::Model {
        user_id: user,
        id: app.ids.at(now),
        began_at: since,
        ended_at: until,
        ..rest_digest::Model::default()
    };
    let mut count = 0;
    for sequence in Sequence::ALL {
        let within = (since, Some(until));
        let came = digests::came(&tx.sql, user, sequence, 0, within, &hidden).await?;
        sequence.set_range(&mut digest, came.range);
        count += came.count;
    }
    if count == 0 {
        return Ok(None);
    }
    let id = digest.id;
    let news = News {
        to: user,
        kind: NotificationKind::RestEnded,
        id,
        actor: None,
        // In the order of the numbers, also where it is late.
        at: now,
        diary: None,
        kiriban: None,
    };
    digest.is_told = is_told(tx, news).await?;
    digests::insert(&tx.sql, digest).await?;
    Ok(Some(id))
}

async fn hidden_from(app: &App, tx: &Tx, user: Uuid) -> Result<Vec<Uuid>, Error> {
    let blocks = blocks::of(&tx.sql, user).await?;
    let mut hidden: Vec<_> = blocks.into_iter().map(|(other, _)| other).collect();
    hidden.extend(app.absent_for(Some(user)).ids().iter());
    Ok(hidden)
}

/// Has the live feeds of `user` look again whether they are to hold what they have.
pub(super) fn wake(tx: &Tx, user: Uuid) {
    for event in [
        Event::FootprintLeft(user),
        Event::FriendRequestReceived(user),
        Event::DiaryCommented(user),
        Event::Notified(user),
        Event::FollowsChanged(user),
    ] {
        tx.after_commit(event);
    }
}
