//! What the demo's people write to introduce their friends.

use entity::introduction;

use super::{
    Community,
    draw::{Draw, Part},
};

const TEXTS: &str = include_str!("texts/introductions.txt");
/// What stands in a text for the friend's nickname.
const NAME: &str = "{name}";
/// So many in a hundred have written of a friend.
const WRITTEN: usize = 12;
/// The known ones are written of by so many.
const OF_KNOWN: usize = 60;
/// So many in a hundred changed what they wrote.
const EDITED: usize = 8;

impl Community {
    /// Every introduction, user by user.
    pub(super) fn introductions(&self) -> impl Iterator<Item = introduction::Model> + '_ {
        let texts: Vec<_> = TEXTS.lines().collect();
        let people = self.people.iter().enumerate();
        people.flat_map(move |(index, subject)| {
            let mut draw = Draw::new(self.seed, Part::Introductions, index);
            let percent = if index < 2 { OF_KNOWN } else { WRITTEN };
            let friends = self.graph.friends(index).iter();
            let friends = friends.filter_map(|friend| {
                let friend = *friend as usize;
                if !draw.chance(percent) {
                    return None;
                }
                let author = self.people.get(friend)?;
                let created_at = draw.time(self.since(index, friend), self.now);
                let text = draw.pick(&texts).unwrap_or_default();
                let is_edited = draw.chance(EDITED);
                Some(introduction::Model {
                    subject_id: subject.id,
                    author_id: author.id,
                    id: draw.id(created_at),
                    body: text.replace(NAME, &subject.nickname),
                    created_at,
                    edited_at: is_edited.then(|| draw.time(created_at, self.now)),
                })
            });
            let mut introductions: Vec<_> = friends.collect();
            introductions.sort_unstable_by_key(|row| row.author_id);
            introductions
        })
    }
}
