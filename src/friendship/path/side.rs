//! What a search has seen from one of its two ends.

use foldhash::HashMap;
use uuid::Uuid;

/// Of each person at most so many friends are followed, the newest: who has more is a public figure.
pub const MOST_EACH: i64 = 1_000;

/// How somebody was reached.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Who is one tie nearer to the end; nobody at the end itself.
    pub before: Option<Uuid>,
    /// How many ties the end is away.
    pub ties: usize,
    /// Whether of them and the viewer one is a minor, and one an adult, and they are not known to be tied.
    pub is_apart: bool,
}

/// One end, and who was reached from there.
#[derive(Debug)]
pub struct Side {
    seen: HashMap<Uuid, Step>,
    /// Those who were reached last, and how many friends each has, in the order of their ids.
    edge: Vec<(Uuid, i64)>,
    /// How many ties they are away.
    pub ties: usize,
    /// Whether somebody's friends were not all followed.
    pub is_cut: bool,
}

/// Whose friends are read next, and how many of each.
#[derive(Debug)]
pub struct Next {
    pub people: Vec<Uuid>,
    pub each: i64,
}

impl Side {
    /// The end itself, who has so many `friends`.
    pub fn of(end: Uuid, friends: i64, is_apart: bool) -> Self {
        let step = Step {
            before: None,
            ties: 0,
            is_apart,
        };
        Self {
            seen: [(end, step)].into_iter().collect(),
            edge: vec![(end, friends)],
            ties: 0,
            is_cut: false,
        }
    }

    /// How `user` was reached.
    pub fn step(&self, user: Uuid) -> Option<Step> {
        self.seen.get(&user).copied()
    }

    /// Whether nobody is left whose friends could be read.
    pub fn is_over(&self) -> bool {
        self.edge.is_empty()
    }

    /// How many friends those have together who were reached last.
    pub fn cost(&self) -> i64 {
        let friends = self.edge.iter().map(|(_, friends)| *friends);
        friends.fold(0, i64::saturating_add)
    }

    /// Whose friends come next, where no more than `most` rows are to be read. A page tells by one row more
    /// whether another follows.
    pub fn next(&mut self, most: usize) -> Next {
        let rows = |each: i64, edge: &[(Uuid, i64)]| -> i64 {
            let read = edge.iter().map(|(_, friends)| (*friends).min(each + 1));
            read.fold(0, i64::saturating_add)
        };
        let affordable = i64::try_from(most).unwrap_or(i64::MAX);
        // Where there is not one friend for each, some are asked for none.
        if self.edge.len() > most / 2 {
            self.is_cut = true;
            self.edge.truncate(most / 2);
        }
        let (mut each, mut too_many) = (1, MOST_EACH + 1);
        while too_many - each > 1 {
            let between = i64::midpoint(each, too_many);
            if rows(between, &self.edge) <= affordable {
                each = between;
            } else {
                too_many = between;
            }
        }
        Next {
            people: self.edge.iter().map(|(user, _)| *user).collect(),
            each,
        }
    }

    /// Goes on to those who were `reached`: each with the number of their friends.
    pub fn go_on(&mut self, reached: Vec<(Uuid, i64, Step)>) {
        self.ties += 1;
        self.edge.clear();
        for (user, friends, step) in reached {
            self.seen.insert(user, step);
            self.edge.push((user, friends));
        }
        self.edge.sort_unstable();
    }

    /// The way from `user` to this end.
    pub fn way(&self, user: Uuid) -> Vec<Uuid> {
        let mut way = vec![user];
        let mut at = self.step(user);
        while let Some(before) = at.and_then(|step| step.before) {
            way.push(before);
            at = self.step(before);
        }
        way
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(friends: &[i64]) -> Side {
        let mut side = Side::of(Uuid::nil(), 1, false);
        let step = Step {
            before: Some(Uuid::nil()),
            ties: 1,
            is_apart: false,
        };
        let reached = friends
            .iter()
            .zip(1..)
            .map(|(friends, id)| (Uuid::from_u128(id), *friends, step));
        side.go_on(reached.collect());
        side
    }

    #[test]
    fn who_has_the_most_friends_is_cut_first_and_nothing_is_read_beyond_what_there_is() {
        for (friends, most, people, each) in [
            (&[3, 5, 2][..], 100, 3, MOST_EACH),
            (&[3, 100_000, 2], 10_000, 3, MOST_EACH),
            // 3 + 2 + 95
            (&[3, 100_000, 2], 100, 3, 94),
            (&[50, 50, 50, 50], 100, 4, 24),
            (&[50, 50, 50, 50], 8, 4, 1),
            (&[50, 50, 50, 50], 7, 3, 1),
            (&[50, 50, 50, 50], 1, 0, MOST_EACH),
            (&[], 100, 0, MOST_EACH),
        ] {
            let mut side = side(friends);
            let next = side.next(most);
            assert_eq!(
                (next.people.len(), next.each),
                (people, each),
                "{friends:?} {most}"
            );
            assert_eq!(side.is_cut, people < friends.len());
            let read: i64 = friends[..people].iter().map(|it| (*it).min(each + 1)).sum();
            assert!(read <= i64::try_from(most).unwrap(), "{friends:?} {most}");
        }
    }

    #[test]
    fn a_way_leads_back_to_the_end() {
        let mut side = side(&[1]);
        let [one, two] = [1, 2].map(Uuid::from_u128);
        let step = Step {
            before: Some(one),
            ties: 2,
            is_apart: false,
        };
        side.go_on(vec![(two, 1, step)]);
        assert_eq!(side.way(two), [two, one, Uuid::nil()]);
        assert_eq!((side.ties, side.cost()), (2, 1));
    }
}
