//! What those are told of as whom the examples sign in.

use chrono::{DateTime, Utc};
use entity::{inbox, notification, rest_digest, values::NotificationKind};
use uuid::Uuid;

use super::{
    Community,
    draw::{Draw, Part},
    people::KNOWN,
    rests::tell_of,
    writing::Writing,
};
use crate::{bulk::ties::Asking, clock::day_in_japan};

/// They were told of what happened within so many days,
const DAYS: i64 = 80;
/// and have read it but for that of the last ones.
const UNREAD: i64 = 3;
/// So many in a hundred friends have accepted their requests. (They accepted those of the others.)
const ACCEPTED: usize = 50;

/// What is told, before it has a number.
struct Told {
    kind: NotificationKind,
    id: Uuid,
    at: DateTime<Utc>,
    actor: Option<Uuid>,
    diary: Option<Uuid>,
    kiriban: Option<i64>,
}

impl Told {
    fn new(kind: NotificationKind, id: Uuid, at: DateTime<Utc>, actor: Uuid) -> Self {
        Self {
            kind,
            id,
            at,
            actor: Some(actor),
            diary: None,
            kiriban: None,
        }
    }
}

/// What those are told of, and the rests that are over of which they are.
#[derive(Debug, Default)]
pub(super) struct AllTold {
    pub(super) notifications: Vec<notification::Model>,
    pub(super) inboxes: Vec<inbox::Model>,
    pub(super) digests: Vec<rest_digest::Model>,
}

/// `told` with their numbers, in the order in which it happened.
fn numbered(user: Uuid, mut told: Vec<Told>) -> Vec<notification::Model> {
    told.sort_by_key(|one| (one.at, one.id));
    let rows = (1..).zip(told).map(|(number, told)| notification::Model {
        user_id: user,
        id: told.id,
        number,
        kind: told.kind,
        at: told.at,
        day: day_in_japan(told.at),
        actor_id: told.actor.unwrap_or_default(),
        diary_id: told.diary,
        kiriban: told.kiriban,
    });
    rows.collect()
}

/// That the rest of `digest` is over, without its number.
fn ended(digest: &rest_digest::Model) -> notification::Model {
    notification::Model {
        user_id: digest.user_id,
        id: digest.id,
        number: 0,
        kind: NotificationKind::RestEnded,
        at: digest.ended_at,
        day: day_in_japan(digest.ended_at),
        actor_id: Uuid::nil(),
        diary_id: None,
        kiriban: None,
    }
}

impl Community {
    /// Every notification, and the inboxes, user by user. `requests` are those that wait.
    pub(super) fn notifications(&self, writing: &Writing, requests: &[Asking]) -> AllTold {
        let mut all = AllTold::default();
        for (index, person) in self.people.iter().enumerate().take(KNOWN.len()) {
            let mut told = self.told(index, person.id, writing, requests);
            told.retain(|one| one.at >= self.days_ago(DAYS));
            let mut rows = numbered(person.id, told);
            // What comes after it has a higher number.
            let digest = self
                .digest(index, writing, requests)
                .and_then(|mut digest| {
                    let is_any = tell_of(&mut digest, &rows);
                    is_any.then_some(digest)
                });
            if let Some(digest) = &digest {
                let place = rows.partition_point(|row| row.at < digest.ended_at);
                rows.insert(place, ended(digest));
                for (number, row) in (1..).zip(&mut rows) {
                    row.number = number;
                }
            }
            all.digests.extend(digest);
            let is_read = |row: &&notification::Model| row.at < self.days_ago(UNREAD);
            let number = rows.last().map_or(0, |row| row.number);
            let read_number = rows.iter().filter(is_read).count() as i64;
            all.inboxes.push(inbox::Model {
                user_id: person.id,
                number,
                read_number,
                unread_count: number - read_number,
                unwanted: 0,
            });
            all.notifications.extend(rows);
        }
        all
    }

    fn told(
        &self,
        index: usize,
        person: Uuid,
        writing: &Writing,
        requests: &[Asking],
    ) -> Vec<Told> {
        use NotificationKind::{
            DiaryCommented, FriendRequestReceived, FriendshipBegun, IntroductionWritten,
            KiribanHit, KiribanReached,
        };
        let asked = requests.iter().filter(|it| it.recipient == person);
        let mut told: Vec<_> = asked
            .map(|it| Told::new(FriendRequestReceived, it.id, it.created_at, it.sender))
            .collect();
        let mut draw = Draw::new(self.seed, Part::Notifications, index);
        for friend in self.graph.friends(index) {
            let friend = *friend as usize;
            let tie = self.tie(index.min(friend), index.max(friend));
            if let (true, Some(tie), Some(friend)) =
                (draw.chance(ACCEPTED), tie, self.people.get(friend))
            {
                told.push(Told::new(FriendshipBegun, tie.id, tie.since, friend.id));
            }
        }
        // The known ones are the first, and so are their diaries, and what is written of them.
        let known = |id: Uuid| self.people.iter().take(KNOWN.len()).any(|it| it.id == id);
        let comments = self.comments(writing);
        let comments = comments.take_while(|it| known(it.diary_author_id));
        let comments = comments.filter(|it| it.diary_author_id == person && it.author_id != person);
        told.extend(comments.map(|it| Told {
            diary: Some(it.diary_id),
            ..Told::new(DiaryCommented, it.id, it.created_at, it.author_id)
        }));
        let written = self.introductions().take_while(|it| known(it.subject_id));
        let written = written.filter(|it| it.subject_id == person);
        told.extend(
            written.map(|it| Told::new(IntroductionWritten, it.id, it.created_at, it.author_id)),
        );
        for owner in 0..KNOWN.len() {
            for kiriban in self.kiribans_of(owner) {
                let (Some(at), Some(visitor)) = (kiriban.reached_at, kiriban.visitor_id) else {
                    continue;
                };
                let (kind, actor) = match (kiriban.owner_id == person, visitor == person) {
                    (true, _) => (KiribanReached, visitor),
                    (false, true) => (KiribanHit, kiriban.owner_id),
                    (false, false) => continue,
                };
                told.push(Told {
                    kiriban: Some(kiriban.number),
                    ..Told::new(kind, draw.id(at), at, actor)
                });
            }
        }
        told
    }
}
