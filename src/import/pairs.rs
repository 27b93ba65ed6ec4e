//! Writes some pairs of a file in one transaction: the people who are missing, and the
//! friendships that are missing, under the cap.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::values::UserKind;
use sea_orm::DbErr;
use uuid::Uuid;

use super::names::{birth_date, named};
use crate::{
    bulk::{Batch, people::Person, ties::Tie},
    database::Tx,
    friendship::newest,
    sql::Sql,
    user::store,
};

/// Two who are friends, by their numbers in the import.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub(super) line: u64,
    pub(super) ends: [u32; 2],
    /// The friendship's, if it is new.
    pub(super) id: Uuid,
}

/// The rule of how many friends there can be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cap {
    pub(super) limit: i64,
    /// Whether who passes the limit becomes a tarento.
    pub(super) tarento_over: bool,
}

/// What is to be written at once.
#[derive(Debug)]
pub(super) struct Chunk {
    pub(super) pairs: Vec<Pair>,
    /// Those of the people whose ids are known.
    pub(super) people: HashMap<u32, Uuid>,
    /// The others: number, user name, and the id that they get if they are new.
    pub(super) strangers: Vec<(u32, String, Uuid)>,
    pub(super) now: DateTime<Utc>,
    pub(super) cap: Cap,
}

/// Why a pair was not taken; whose fault it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Refusal {
    /// Has as many friends as a user can have.
    Full(u32),
    /// Is a member who took the name themselves: nobody befriends in their name.
    Taken(u32),
    /// Has a request with the other that waits for an answer.
    Asked(u32),
}

/// What was written.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) found: Vec<(u32, Uuid)>,
    pub(super) people_made: usize,
    pub(super) people_there: usize,
    pub(super) ties_made: usize,
    pub(super) ties_there: usize,
    pub(super) made_tarento: Vec<u32>,
    pub(super) refused: Vec<(u64, Refusal)>,
}

/// What the cap asks of a person.
struct Standing {
    friends: i64,
    tarento: bool,
}

impl Chunk {
    /// Writes what is missing.
    pub(super) async fn write(&self, tx: &Tx) -> Result<Written, DbErr> {
        let mut written = Written::default();
        let mut ids = self.people.clone();
        self.settle_strangers(tx, &mut ids, &mut written).await?;

        let keys: Vec<_> = self
            .pairs
            .iter()
            .filter_map(|pair| pair.key(&ids))
            .collect();
        let friends = there(tx, "friendships", "friend_id", &keys).await?;
        let asked = there(tx, "friend_requests", "other_id", &keys).await?;
        let mut standings = standings(tx, &keys).await?;

        let mut ties = Vec::with_capacity(self.pairs.len());
        for pair in &self.pairs {
            let [one, other] = pair.ends;
            let Some(key) = pair.key(&ids) else {
                let taken = if ids.contains_key(&one) { other } else { one };
                written.refused.push((pair.line, Refusal::Taken(taken)));
                continue;
            };
            if friends.contains(&key) {
                written.ties_there += 1;
                continue;
            }
            if asked.contains(&key) {
                written.refused.push((pair.line, Refusal::Asked(one)));
                continue;
            }
            let [a, b] = key;
            let full: Vec<_> = [(one, a), (other, b)]
                .into_iter()
                .filter(|(_, id)| standings.get(id).is_none_or(|who| self.is_full(who)))
                .collect();
            if let Some((number, _)) = full.first()
                && !self.cap.tarento_over
            {
                written.refused.push((pair.line, Refusal::Full(*number)));
                continue;
            }
            for (number, id) in full {
                if let Some(who) = standings.get_mut(&id) {
                    who.tarento = true;
                    written.made_tarento.push(number);
                    store::set_kind(&tx.sql, id, UserKind::Tarento).await?;
                    newest::tell(&tx.sql, id, Some(newest::EVERY)).await?;
                }
            }
            for id in key {
                if let Some(who) = standings.get_mut(&id) {
                    who.friends += 1;
                }
            }
            ties.push(Tie {
                memberships: Vec::new(),
                id: pair.id,
                ends: key,
                since: self.now,
            });
        }
        Tie::write(tx.into(), &ties).await?;
        written.ties_made = ties.len();
        Ok(written)
    }

    fn is_full(&self, who: &Standing) -> bool {
        !who.tarento && who.friends >= self.cap.limit
    }

    /// Finds those who are there by their names, and writes those who are not.
    async fn settle_strangers(
        &self,
        tx: &Tx,
        ids: &mut HashMap<u32, Uuid>,
        written: &mut Written,
    ) -> Result<(), DbErr> {
        let names: Vec<_> = self
            .strangers
            .iter()
            .map(|(_, name, _)| name.as_str())
            .collect();
        let there = named(tx, &names).await?;
        let mut missing = Vec::new();
        for (number, username, new_id) in &self.strangers {
            let id = match there.get(username) {
                // Such a name can be a member's own choice.
                Some(known) if !known.imported => continue,
                Some(known) => {
                    written.people_there += 1;
                    known.id
                }
                None => {
                    missing.push(self.person(username, *new_id));
                    *new_id
                }
            };
            ids.insert(*number, id);
            written.found.push((*number, id));
        }
        written.people_made = missing.len();
        Person::write(tx.into(), &missing).await
    }

    fn person(&self, username: &str, id: Uuid) -> Person {
        Person {
            id,
            username: username.to_owned(),
            nickname: username.to_owned(),
            kind: UserKind::Member,
            bio: String::new(),
            birth_date: birth_date(),
            home_region: None,
            joined_at: self.now,
            password_hash: None,
        }
    }
}

impl Pair {
    fn key(&self, ids: &HashMap<u32, Uuid>) -> Option<[Uuid; 2]> {
        let [one, other] = self.ends;
        Some([*ids.get(&one)?, *ids.get(&other)?])
    }
}

/// Those of `keys` (user, other) that `table` has a row of.
async fn there(
    tx: &Tx,
    table: &str,
    other: &str,
    keys: &[[Uuid; 2]],
) -> Result<HashSet<[Uuid; 2]>, DbErr> {
    let mut sql = Sql::of(&tx.sql);
    let p = sql.keys("p", keys);
    let text = format!(
        "SELECT t.user_id, t.{other} FROM {p} CROSS JOIN {table} AS t \
         WHERE t.user_id = p.k0 AND t.{other} = p.k1"
    );
    let rows = sql.rows(&tx.sql, text).await?;
    rows.iter()
        .map(|row| Ok([row.try_get_by_index(0)?, row.try_get_by_index(1)?]))
        .collect()
}

async fn standings(tx: &Tx, keys: &[[Uuid; 2]]) -> Result<HashMap<Uuid, Standing>, DbErr> {
    let ids: HashSet<_> = keys.iter().flatten().copied().collect();
    let ids: Vec<_> = ids.into_iter().collect();
    store::hold_many(&tx.sql, &ids).await?;
    let users = store::by_ids(&tx.sql, &ids).await?;
    Ok(users
        .into_iter()
        .map(|(id, user)| {
            let standing = Standing {
                friends: user.friend_count,
                tarento: user.kind == UserKind::Tarento,
            };
            (id, standing)
        })
        .collect())
}
