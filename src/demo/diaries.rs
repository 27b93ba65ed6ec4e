//! The demo's diaries, and the comments under them.

use chrono::{DateTime, Duration, Utc};
use entity::{
    diary, diary_comment,
    values::{Audience, UserKind},
};
use uuid::Uuid;

use super::{
    Community,
    draw::{Draw, Part},
    writing::Writing,
};

/// How often each audience is chosen. The service's default is FRIENDS.
const AUDIENCES: [(Audience, usize); 5] = [
    (Audience::Friends, 44),
    (Audience::Members, 22),
    (Audience::Public, 15),
    (Audience::FriendsOfFriends, 12),
    (Audience::OnlyMe, 7),
];
/// What the known ones have: some of each.
const IN_TURN: [Audience; 6] = [
    Audience::Friends,
    Audience::Members,
    Audience::Public,
    Audience::FriendsOfFriends,
    Audience::OnlyMe,
    Audience::Group,
];
/// Of what others with groups write for friends, so much in a hundred is for a group.
const FOR_GROUPS: usize = 30;
/// How many diaries people have: most few, some many.
const DIARIES: [usize; 16] = [0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 4, 6, 8, 12, 20];
/// The known ones and the tarento have so many.
const KNOWN: usize = 15;

/// A diary, but for its text.
#[derive(Clone, Copy, Debug)]
struct Entry {
    author: usize,
    author_id: Uuid,
    id: Uuid,
    audience: Audience,
    group_id: Option<Uuid>,
    created_at: DateTime<Utc>,
}

impl Community {
    /// Every diary, author by author, oldest first.
    pub(super) fn diaries<'c>(
        &'c self,
        writing: &'c Writing,
    ) -> impl Iterator<Item = diary::Model> + 'c {
        (0..self.people.len()).flat_map(move |author| {
            let mut draw = Draw::new(self.seed, Part::Texts, author);
            self.entries(author).into_iter().map(move |entry| {
                let (title, body) = writing.diary(&mut draw);
                diary::Model {
                    author_id: entry.author_id,
                    id: entry.id,
                    title,
                    body,
                    audience: entry.audience,
                    group_id: entry.group_id,
                    comment_count: 0,
                    photo_count: 0,
                    created_at: entry.created_at,
                    edited_at: None,
                }
            })
        })
    }

    fn entries(&self, author: usize) -> Vec<Entry> {
        let Some(person) = self.people.get(author) else {
            return Vec::new();
        };
        let mut draw = Draw::new(self.seed, Part::Diaries, author);
        let count = if author < 2 || person.kind == UserKind::Tarento {
            KNOWN
        } else {
            draw.pick(&DIARIES).unwrap_or(0)
        };
        let circles = self.circles(author);
        let mut recipients = Draw::new(self.seed, Part::Recipients, author);
        let mut entries: Vec<_> = (0..count)
            .filter_map(|index| {
                // Half of what is there was written in the last two months.
                let from = if draw.chance(50) {
                    person.joined_at.max(self.days_ago(60))
                } else {
                    person.joined_at
                };
                let created_at = draw.time(from, self.now);
                let chosen = draw.weighted(&AUDIENCES)?;
                let in_turn = IN_TURN.get(index % IN_TURN.len()).copied()?;
                let mut audience = if author < 2 { in_turn } else { chosen };
                if audience == Audience::Friends && author >= 2 && recipients.chance(FOR_GROUPS) {
                    audience = Audience::Group;
                }
                let group = recipients.below(circles.len());
                let group = circles.get(group).filter(|_| audience == Audience::Group);
                if audience == Audience::Group && group.is_none() {
                    audience = Audience::Friends;
                }
                Some(Entry {
                    author,
                    author_id: person.id,
                    id: draw.id(created_at),
                    audience,
                    group_id: group.map(|group| group.id),
                    created_at,
                })
            })
            .collect();
        entries.sort_by_key(|entry| (entry.created_at, entry.id));
        entries
    }

    /// The diaries of `author`, oldest first: whose they are, which, and when they were written.
    pub(super) fn diaries_of(&self, author: usize) -> Vec<(Uuid, Uuid, DateTime<Utc>)> {
        let entries = self.entries(author).into_iter();
        entries
            .map(|entry| (entry.author_id, entry.id, entry.created_at))
            .collect()
    }

    /// The newest diary of `author` for the group `id`.
    pub(super) fn newest_for(&self, author: usize, id: Uuid) -> Option<Uuid> {
        let entries = self.entries(author).into_iter();
        let those = entries.filter(|entry| entry.group_id == Some(id));
        those.map(|entry| entry.id).max()
    }

    /// Every comment, by diary's author, in the order of their times. (The author's own have no number.)
    pub(super) fn comments<'c>(
        &'c self,
        writing: &'c Writing,
    ) -> impl Iterator<Item = diary_comment::Model> + 'c {
        (0..self.people.len()).flat_map(move |author| {
            let mut draw = Draw::new(self.seed, Part::Comments, author);
            let mut comments = Vec::new();
            for entry in self.entries(author) {
                let count = draw
                    .below(7)
                    .saturating_sub(2)
                    .min(self.graph.friends(author).len());
                for _ in 0..count {
                    comments.extend(self.comment(writing, &mut draw, &entry));
                }
            }
            comments.sort_by_key(|comment| (comment.created_at, comment.id));
            let others = comments.iter_mut();
            let others = others.filter(|comment| comment.author_id != comment.diary_author_id);
            for (number, comment) in (1..).zip(others) {
                comment.number = number;
            }
            comments
        })
    }

    /// A comment by one who may see the diary; none where the one who was drawn may not.
    fn comment(
        &self,
        writing: &Writing,
        draw: &mut Draw,
        entry: &Entry,
    ) -> Option<diary_comment::Model> {
        let latest = self.now.min(entry.created_at + Duration::days(4));
        let created_at = draw.time(entry.created_at, latest);
        let commenter = if draw.chance(15) {
            entry.author
        } else {
            self.reader(draw, entry, created_at)?
        };
        let person = self.people.get(commenter)?;
        let in_reach = self.are_in_reach(commenter, entry.author, created_at);
        if person.joined_at > created_at || !in_reach {
            return None;
        }
        Some(diary_comment::Model {
            diary_author_id: entry.author_id,
            diary_id: entry.id,
            id: draw.id(created_at),
            author_id: person.id,
            number: 0,
            body: writing.comment(draw, commenter == entry.author),
            created_at,
        })
    }

    /// One who could read the diary at `time`, if the one who is drawn could.
    fn reader(&self, draw: &mut Draw, entry: &Entry, time: DateTime<Utc>) -> Option<usize> {
        let friend_of = |draw: &mut Draw, person: usize| {
            let friend = draw.pick(self.graph.friends(person))? as usize;
            (self.since(person, friend) <= time).then_some(friend)
        };
        match entry.audience {
            Audience::OnlyMe => None,
            Audience::Group => {
                let friends = self.in_circle(entry.author, entry.group_id?);
                let friend = draw.pick(&friends)?;
                (self.since(entry.author, friend) <= time).then_some(friend)
            }
            Audience::Friends => friend_of(draw, entry.author),
            Audience::FriendsOfFriends if draw.chance(40) => {
                let friend = friend_of(draw, entry.author)?;
                friend_of(draw, friend)
            }
            Audience::Public | Audience::Members if draw.chance(25) => {
                Some(draw.below(self.people.len()))
            }
            _ => friend_of(draw, entry.author),
        }
    }
}
