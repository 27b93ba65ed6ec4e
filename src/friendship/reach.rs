//! What those are to each other who are no friends (rules.md, Users 5): friends of friends, strangers, or
//! out of each other's reach, because one is a minor and the other is not.

pub mod store;

use foldhash::HashMap;
use sea_orm::DbErr;
use uuid::Uuid;

use super::store as ties;
use crate::{
    absence::set::Absent,
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

/// What `me`, whose friends are `mine`, is to each of `others`, who are no friends: one statement.
///
/// # Errors
/// The database's.
pub async fn of_others(
    db: &impl Source,
    majority: Majority,
    me: Uuid,
    others: &[Uuid],
    mine: &[Uuid],
) -> Result<HashMap<Uuid, Relation>, DbErr> {
    // The viewer's own day of birth is found on the way.
    let mut users = others.to_vec();
    users.push(me);
    let (people, tied) = store::with_ties(db, &users, mine).await?;
    let people = People::of(people);
    let relation = |other: &Uuid| people.relation(majority, [me, *other], tied.contains(other));
    Ok(others.iter().map(|it| (*it, relation(it))).collect())
}

/// Whether `me` and `other` have a friend in common. Who is `absent` ties nobody.
///
/// # Errors
/// The database's.
pub async fn have_common_friend(
    db: &impl Source,
    me: Uuid,
    other: Uuid,
    absent: &Absent,
) -> Result<bool, DbErr> {
    let mut mine = ties::friend_ids(db, me).await?;
    mine.retain(|friend| !absent.contains(*friend));
    let tied = ties::with_friend_among(db, &[other], &mine).await?;
    Ok(!tied.is_empty())
}
