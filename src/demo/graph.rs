//! Who is friends with whom: newcomers befriend those who have many friends already, and the
//! friends of their friends (after Holme and Kim, "Growing scale-free networks with tunable
//! clustering", 2002), up to the cap; and the fans of the tarento.

use super::draw::{Draw, Part};

/// Of a hundred links, those to a friend of a friend.
const TRIADS: usize = 85;
/// Of a hundred other links, those to just anybody.
const STRAYS: usize = 15;
/// How often another target is drawn where one does not fit.
const TRIES: usize = 20;
/// How much a newcomer reaches out, against the others: most a little, some a lot.
const ZEAL: [usize; 10] = [1, 2, 3, 4, 5, 6, 8, 10, 14, 20];
/// Of the edges behind the mean, at most so many in a hundred are the tarento's.
const FANS: usize = 12;

/// What the graph is to be like.
#[derive(Debug)]
pub(super) struct Shape {
    /// How many people there are.
    pub(super) people: usize,
    /// The mean number of friends.
    pub(super) mean: usize,
    /// The most friends of one who is no tarento.
    pub(super) limit: usize,
    /// People with a number of friends of their own: (person, friends).
    pub(super) known: Vec<(usize, usize)>,
    /// The tarento: (person, friends).
    pub(super) tarento: Vec<(usize, usize)>,
}

/// Friendships among people who are called by their numbers.
#[derive(Debug)]
pub(super) struct Graph {
    friends: Vec<Vec<u32>>,
    /// Both ends of each edge: who is drawn from here is drawn by the number of friends.
    ends: Vec<u32>,
    most: Vec<usize>,
}

impl Graph {
    /// Draws a graph of `shape`. The persons 0 and 1 are friends.
    pub(super) fn draw(seed: u64, shape: &Shape) -> Self {
        let mut draw = Draw::new(seed, Part::Graph, 0);
        let mut graph = Self {
            friends: vec![Vec::new(); shape.people],
            ends: Vec::with_capacity(shape.people * shape.mean),
            most: vec![shape.limit; shape.people],
        };
        for (person, friends) in shape.known.iter().chain(&shape.tarento) {
            if let Some(most) = graph.most.get_mut(*person) {
                *most = (*friends).min(shape.people.saturating_sub(1));
            }
        }
        let edges = shape.people * shape.mean / 2;
        let fans: usize = shape.tarento.iter().map(|(_, friends)| friends).sum();
        let edges = edges.saturating_sub(fans.min(edges * FANS / 100));
        let zeal: Vec<_> = (0..shape.people)
            .map(|_| draw.pick(&ZEAL).unwrap_or(1))
            .collect();
        let total: usize = zeal.iter().sum::<usize>().max(1);
        let (mut reached, mut made) = (0, 0);
        for (newcomer, zeal) in zeal.into_iter().enumerate() {
            reached += zeal;
            // What an earlier one could not make, for want of people, this one makes.
            let due = (edges * reached / total).saturating_sub(made);
            made += graph.join(&mut draw, newcomer, due.clamp(1, newcomer.max(1)));
        }
        for (tarento, friends) in &shape.tarento {
            graph.gather(&mut draw, *tarento, *friends);
        }
        for friends in &mut graph.friends {
            friends.sort_unstable();
        }
        graph
    }

    fn join(&mut self, draw: &mut Draw, newcomer: usize, links: usize) -> usize {
        let mut made = 0;
        if newcomer == 1 && self.link(1, 0) {
            made += 1;
        }
        while made < links {
            let target = (0..TRIES)
                .map(|_| self.target(draw, newcomer))
                .find(|target| self.fits(newcomer, *target));
            match target {
                Some(target) if self.link(newcomer, target) => made += 1,
                _ => break,
            }
        }
        made
    }

    fn target(&self, draw: &mut Draw, newcomer: usize) -> usize {
        if draw.chance(TRIADS)
            && let Some(friend) = draw.pick(self.friends(newcomer))
            && let Some(theirs) = draw.pick(self.friends(friend as usize))
        {
            return theirs as usize;
        }
        if draw.chance(STRAYS) {
            return draw.below(newcomer);
        }
        draw.pick(&self.ends).map_or(0, |end| end as usize)
    }

    fn gather(&mut self, draw: &mut Draw, tarento: usize, friends: usize) {
        let mut others: Vec<_> = (0..self.friends.len()).collect();
        draw.shuffle(&mut others);
        for other in others {
            if self.friends(tarento).len() >= friends {
                return;
            }
            if self.fits(tarento, other) {
                self.link(tarento, other);
            }
        }
    }

    fn fits(&self, one: usize, other: usize) -> bool {
        let has_room = |person: usize| {
            self.friends(person).len() < self.most.get(person).copied().unwrap_or(0)
        };
        one != other && has_room(one) && has_room(other) && !self.are_friends(one, other)
    }

    fn link(&mut self, one: usize, other: usize) -> bool {
        for (person, friend) in [(one, other), (other, one)] {
            if let (Some(friends), Ok(friend)) =
                (self.friends.get_mut(person), u32::try_from(friend))
            {
                friends.push(friend);
                self.ends.push(friend);
            }
        }
        true
    }

    /// The friends of `person`.
    pub(super) fn friends(&self, person: usize) -> &[u32] {
        self.friends.get(person).map_or(&[], Vec::as_slice)
    }

    /// Whether the two are friends.
    pub(super) fn are_friends(&self, one: usize, other: usize) -> bool {
        let (fewer, friend) = if self.friends(one).len() <= self.friends(other).len() {
            (self.friends(one), other)
        } else {
            (self.friends(other), one)
        };
        fewer.iter().any(|known| *known as usize == friend)
    }

    /// Every friendship once, the lower number first.
    pub(super) fn edges(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.friends.iter().enumerate().flat_map(|(one, friends)| {
            friends
                .iter()
                .map(move |other| (one, *other as usize))
                .filter(|(one, other)| one < other)
        })
    }
}
