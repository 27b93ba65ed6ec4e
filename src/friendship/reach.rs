//! What those are to each other who are no friends (rules.md, Users 5): friends of friends, strangers, or
//! out of each other's reach, because one is a minor and the other is not.

pub mod store;

use foldhash::{HashMap, HashSet};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{figures::Ties, store as friends};
use crate::{
    database::Source,
    visibility::{Majority, Relation},
};

/// What of users says how close they can be to others.
#[derive(Clone, Debug, Default)]
pub struct People(HashMap<Uuid, store::Person>);

impl People {
    /// What it is of `users`: one statement, however many they are.
    ///
    /// # Errors
    /// The database's.
    pub async fn read(db: &impl Source, users: &[Uuid]) -> Result<Self, DbErr> {
        Ok(Self::of(store::people(db, users).await?))
    }

    /// Which of `pairs`, of one who looks and a user, are so that the user is there and there is no block
    /// between the two; and what it is of those people: one statement.
    ///
    /// # Errors
    /// The database's.
    pub async fn seen_among(
        db: &impl Source,
        pairs: &[[Uuid; 2]],
    ) -> Result<(HashSet<[Uuid; 2]>, Self), DbErr> {
        let (seen, people) = store::seen_among(db, pairs).await?;
        Ok((seen, Self::of(people)))
    }

    /// With those of `users` who are missing: one statement where anybody is.
    ///
    /// # Errors
    /// The database's.
    pub async fn with(mut self, db: &impl Source, users: &[Uuid]) -> Result<Self, DbErr> {
        let missing = users.iter().filter(|user| !self.0.contains_key(user));
        let missing: Vec<_> = missing.copied().collect();
        if !missing.is_empty() {
            self.0.extend(Self::read(db, &missing).await?.0);
        }
        Ok(self)
    }

    fn of(people: Vec<store::Person>) -> Self {
        Self(people.into_iter().map(|it| (it.id, it)).collect())
    }

    /// How many friends `user` has.
    pub fn friend_count(&self, user: Uuid) -> i64 {
        self.0.get(&user).map_or(0, |person| person.friend_count)
    }

    /// Whether of these two one is a minor, and one an adult.
    pub fn are_divided(&self, majority: Majority, [one, other]: [Uuid; 2]) -> bool {
        match (self.0.get(&one), self.0.get(&other)) {
            (Some(one), Some(other)) => majority.divides(one.birth_date, other.birth_date),
            _ => false,
        }
    }

    /// What two are to each other who are no friends, where it is known whether they have one in common.
    pub fn relation(&self, majority: Majority, pair: [Uuid; 2], is_tied: bool) -> Relation {
        if is_tied {
            Relation::FriendOfFriend
        } else if self.are_divided(majority, pair) {
            Relation::OutOfReach
        } else {
            Relation::Stranger
        }
    }
}

/// What `me`, whose friends are `mine`, is to each of `others`, who are no friends, by the `ties` that there
/// can be: one statement.
///
/// # Errors
/// The database's.
pub async fn of_others(
    db: &impl Source,
    majority: Majority,
    me: Uuid,
    others: &[Uuid],
    mine: &[Uuid],
    ties: &Ties,
) -> Result<HashMap<Uuid, Relation>, DbErr> {
    // The viewer's own day of birth is found on the way.
    let mut users = others.to_vec();
    users.push(me);
    // Of those who tie anybody: who ties everybody, and who not those of whom one is a minor.
    let (friends, figures) = mine
        .iter()
        .copied()
        .filter(|it| ties.are_through(*it, false))
        .partition(|it| ties.are_through(*it, true));
    let (people, tied) = store::with_ties(db, &users, friends, figures).await?;
    let people = People::of(people);
    let relation = |other: &Uuid| {
        let pair = [me, *other];
        let is_tied = tied.by_friends.contains(other)
            || tied.by_figures.contains(other) && !people.are_divided(majority, pair);
        people.relation(majority, pair, is_tied)
    };
    Ok(others.iter().map(|it| (*it, relation(it))).collect())
}

/// Whether `me` and `other` have a friend in common through whom they are tied, by `ties` and whether they are
/// `divided`, one a minor and one an adult.
///
/// # Errors
/// The database's.
pub async fn have_common_friend(
    db: &impl Source,
    me: Uuid,
    other: Uuid,
    ties: &Ties,
    divided: bool,
) -> Result<bool, DbErr> {
    let mut mine = friends::friend_ids(db, me).await?;
    mine.retain(|friend| ties.are_through(*friend, divided));
    let tied = friends::with_friend_among(db, &[other], &mine).await?;
    Ok(!tied.is_empty())
}
