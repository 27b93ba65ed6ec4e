//! The SQL of the counters that number visits.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::{Held, by_user, hold_in_order};
use crate::sql::{Cells, Column, Sql};

/// An owner's counters, as visits find and change them.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    /// Whose they are.
    pub user_id: Uuid,
    /// The number of the last visit.
    pub visit_count: i64,
    /// Up to where the owner has looked.
    pub seen_number: i64,
    /// The next number that the owner has named; 0 where there is none.
    pub next_kiriban: i64,
    /// How many footprints there are now besides those that were there.
    pub more_footprints: i64,
    /// The same for those that are new to the owner.
    pub more_new: i64,
}

/// Holds the counters of `owners`, who are in order, until the transaction ends: the order of the
/// numbers is the order of the commits. Gives them as they are then.
///
/// What else is to be as it is then is read by a later statement: on PostgreSQL this one, where it had
/// to wait, would see the rows of other tables as they were before. (SQLite has one writer.)
pub async fn hold(
    db: &impl ConnectionTrait,
    owners: &[Uuid],
    held: Held,
) -> Result<BTreeMap<Uuid, Owner>, DbErr> {
    let mut all = BTreeMap::new();
    for owners in by_user(db, owners, |id| *id) {
        let mut sql = Sql::of(db);
        let of_owners = match owners {
            [owner] => format!("user_id = {}", sql.bind(*owner)),
            _ => sql.among("user_id", owners),
        };
        let hold = hold_in_order(&sql, held != Held::PassBy);
        let text = format!(
            "SELECT user_id, visit_count, seen_number, next_kiriban FROM user_counters \
             WHERE {of_owners}{hold}"
        );
        for row in sql.rows(db, text).await? {
            let mut cells = Cells::of(&row);
            let owner = Owner {
                user_id: cells.one()?,
                visit_count: cells.one()?,
                seen_number: cells.one()?,
                next_kiriban: cells.one()?,
                more_footprints: 0,
                more_new: 0,
            };
            all.insert(owner.user_id, owner);
        }
    }
    Ok(all)
}

/// Writes the counters of `owners`, who are held, and in order.
pub async fn count(db: &impl ConnectionTrait, owners: &[&Owner]) -> Result<(), DbErr> {
    for owners in by_user(db, owners, |owner| owner.user_id) {
        count_together(db, owners).await?;
    }
    Ok(())
}

async fn count_together(db: &impl ConnectionTrait, owners: &[&Owner]) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    if let [owner] = owners {
        let (id, visits) = (sql.bind(owner.user_id), sql.bind(owner.visit_count));
        let (more, new) = (sql.bind(owner.more_footprints), sql.bind(owner.more_new));
        let text = format!(
            "UPDATE user_counters SET visit_count = {visits}, \
             footprint_count = footprint_count + {more}, \
             new_footprint_count = new_footprint_count + {new} WHERE user_id = {id}"
        );
        sql.run(db, text).await?;
        return Ok(());
    }
    let ids = owners.iter().map(|owner| owner.user_id).collect();
    let numbers =
        |of: fn(&Owner) -> i64| Column::Numbers(owners.iter().map(|owner| of(owner)).collect());
    let p = sql.table(
        "p",
        vec![
            ("owner_id", Column::Ids(ids)),
            ("visits", numbers(|owner| owner.visit_count)),
            ("more", numbers(|owner| owner.more_footprints)),
            ("more_new", numbers(|owner| owner.more_new)),
        ],
    );
    let text = format!(
        "UPDATE user_counters SET visit_count = p.visits, \
         footprint_count = footprint_count + p.more, \
         new_footprint_count = new_footprint_count + p.more_new \
         FROM {p} WHERE user_counters.user_id = p.owner_id"
    );
    sql.run(db, text).await?;
    Ok(())
}
