//! What the people of a file are called.

use std::{collections::HashMap, path::Path};

use anyhow::anyhow;
use chrono::NaiveDate;
use sea_orm::DbErr;
use uuid::Uuid;

use super::{Import, sheet::file_name};
use crate::{
    database::Tx,
    sql::{Column, Sql},
    user::service::check_username,
};

/// The day of birth of everybody who was imported. It also tells them from members who took such
/// a name themselves.
pub(super) fn birth_date() -> NaiveDate {
    NaiveDate::from_ymd_opt(1980, 1, 1).unwrap_or_default()
}

/// What the user names of the people of `path` begin with: `deezer_hu` for `deezer-hu-edges.csv`,
/// unless the import gives something else.
pub(super) fn prefix(path: &Path, import: &Import) -> anyhow::Result<String> {
    let prefix = match &import.prefix {
        Some(prefix) => prefix.clone(),
        None => from_file(path),
    };
    match check_username(&format!("{prefix}_0")) {
        Ok(_) => Ok(prefix.to_ascii_lowercase()),
        Err(_) => Err(anyhow!(
            "user names cannot begin with `{prefix}`: give --prefix with up to 13 of a-z, 0-9 and \
             _, beginning with a letter"
        )),
    }
}

fn from_file(path: &Path) -> String {
    let name = file_name(path).to_ascii_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    // The last word says what is in the file, not whose it is.
    let owner = stem
        .rsplit_once(['-', '_'])
        .map_or(stem, |(owner, _)| owner);
    owner
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect()
}

/// The user name of the person whom a file calls `label`, if that can be one.
pub(super) fn username(prefix: &str, label: &str) -> Option<String> {
    let label = label.trim();
    (!label.is_empty())
        .then(|| check_username(&format!("{prefix}_{label}")).ok())
        .flatten()
}

/// One who is there already.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) id: Uuid,
    /// Not so a member who took the name themselves.
    pub(super) imported: bool,
    pub(super) has_bio: bool,
}

/// Those who bear `usernames`.
pub(super) async fn named(tx: &Tx, usernames: &[&str]) -> Result<HashMap<String, Known>, DbErr> {
    let names = usernames.iter().map(|name| (*name).to_owned()).collect();
    let mut sql = Sql::of(&tx.sql);
    let p = sql.table("p", vec![("name", Column::Texts(names))]);
    let text =
        format!("SELECT n.user_id FROM {p} CROSS JOIN usernames AS n WHERE n.username = p.name");
    let rows = sql.rows(&tx.sql, text).await?;
    let ids = rows.iter().map(|row| row.try_get_by_index(0));
    let ids = ids.collect::<Result<Vec<Uuid>, DbErr>>()?;
    let mut sql = Sql::of(&tx.sql);
    let among = sql.among("id", &ids);
    let text = format!("SELECT username, id, birth_date, bio <> '' FROM users WHERE {among}");
    let rows = sql.rows(&tx.sql, text).await?;
    rows.iter()
        .map(|row| {
            let born: NaiveDate = row.try_get_by_index(2)?;
            let known = Known {
                id: row.try_get_by_index(1)?,
                imported: born == birth_date(),
                has_bio: row.try_get_by_index(3)?,
            };
            Ok((row.try_get_by_index(0)?, known))
        })
        .collect()
}
