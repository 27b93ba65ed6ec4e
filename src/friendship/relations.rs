//! What users are to others, as it stands now, one or many: for the checks inside of a transaction.
//! (Reads ask [`super::loader::relation_to`].)

pub(super) mod store;

use std::collections::BTreeSet;

use foldhash::{HashMap, HashMapExt};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    figures::Ties,
    reach::{People, have_common_friend},
    store as friends,
};
use crate::{
    database::Source,
    visibility::{Majority, Relation},
};

/// What the two of each of `pairs` are to each other, who are among `people`, of whom neither blocks the
/// other, and nobody is paired with themselves: up to three statements, however many pairs there are. By
/// the `ties` that there can be.
///
/// # Errors
/// The database's.
pub async fn relations(
    db: &impl Source,
    majority: Majority,
    people: &People,
    pairs: &[[Uuid; 2]],
    ties: &Ties,
) -> Result<HashMap<[Uuid; 2], Relation>, DbErr> {
    let mut relations = HashMap::with_capacity(pairs.len());
    if pairs.is_empty() {
        return Ok(relations);
    }
    let friends = store::friends_among(db, pairs).await?;
    let (friends, others): (Vec<_>, Vec<_>) = pairs
        .iter()
        .copied()
        .partition(|pair| friends.contains(pair));
    relations.extend(friends.into_iter().map(|pair| (pair, Relation::Friend)));
    for (pair, is_tied) in with_common_friends(db, majority, people, &others, ties).await? {
        relations.insert(pair, people.relation(majority, pair, is_tied));
    }
    Ok(relations)
}

/// Whether the two of each of `pairs` have a friend in common who ties them. The friends of who has fewer are looked
/// for among the other's: a tarento may have very many.
async fn with_common_friends(
    db: &impl Source,
    majority: Majority,
    people: &People,
    pairs: &[[Uuid; 2]],
    ties: &Ties,
) -> Result<Vec<([Uuid; 2], bool)>, DbErr> {
    let none = || pairs.iter().map(|pair| (*pair, false)).collect();
    let count = |user: &Uuid| people.friend_count(*user);
    // Who has fewer friends, and the other.
    let by_count = |pair: &[Uuid; 2]| {
        let [one, other] = *pair;
        if count(&one) <= count(&other) {
            [one, other]
        } else {
            [other, one]
        }
    };
    let fewer = pairs.iter().map(|pair| by_count(pair)[0]);
    let fewer: BTreeSet<_> = fewer.filter(|user| count(user) > 0).collect();
    let fewer: Vec<_> = fewer.into_iter().collect();
    if fewer.is_empty() {
        return Ok(none());
    }
    let friends = store::friends_of(db, &fewer).await?;
    let looked_for = |pair: &[Uuid; 2]| {
        let [one, other] = by_count(pair);
        let divided = people.are_divided(majority, *pair);
        let friends = friends.get(&one).into_iter().flatten();
        let friends = friends.filter(move |friend| ties.are_through(**friend, divided));
        friends.map(move |friend| [other, *friend])
    };
    let wanted: BTreeSet<_> = pairs.iter().flat_map(looked_for).collect();
    let wanted: Vec<_> = wanted.into_iter().collect();
    let found = store::friends_among(db, &wanted).await?;
    let is_tied = |pair: &[Uuid; 2]| looked_for(pair).any(|tie| found.contains(&tie));
    Ok(pairs.iter().map(|pair| (*pair, is_tied(pair))).collect())
}

/// What `me` is to `other`, as it stands now, where both are among `people`, by the `ties` that there can be.
///
/// # Errors
/// The database's.
pub async fn relation(
    db: &impl Source,
    majority: Majority,
    people: &People,
    [me, other]: [Uuid; 2],
    ties: &Ties,
) -> Result<Relation, DbErr> {
    if me == other {
        return Ok(Relation::Myself);
    }
    let tie = friends::tie(db, me, other).await?;
    if tie.are_friends {
        return Ok(Relation::Friend);
    }
    let divided = people.are_divided(majority, [me, other]);
    let is_tied = have_common_friend(db, me, other, ties, divided).await?;
    // Only now: it takes as long as with a stranger.
    Ok(if tie.is_blocked {
        Relation::Blocked
    } else {
        people.relation(majority, [me, other], is_tied)
    })
}
