//! The SQL of the list of tarento.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{
    paging::{Page, Position, Slice},
    sql::Sql,
};

/// `page` of the ids of tarento, who joined last first, who were born on `born_by` or before and wish to be found, but
/// for those of `without`. It is read forwards, by the index of those who are no members.
pub async fn page(
    db: &impl ConnectionTrait,
    born_by: NaiveDate,
    without: &[Uuid],
    page: &Page<Uuid>,
) -> Result<Slice<Uuid>, DbErr> {
    let mut sql = Sql::of(db);
    let after = sql.bind(page.after.unwrap_or_else(Uuid::greatest));
    let born_by = sql.bind(born_by);
    let limit = sql.bind(i64::from(page.limit + 1));
    let but = match without {
        [] => String::new(),
        ids => format!(" AND {}", sql.none_of("id", ids)),
    };
    // SQLite would rather read everybody in that order.
    let index = match sql.is_postgres() {
        true => "",
        false => " INDEXED BY idx_users_figures",
    };
    // As the index says it: there is no third kind.
    let text = format!(
        "SELECT id FROM users{index} WHERE kind <> 'MEMBER' AND id < {after} \
         AND birth_date <= {born_by} AND is_searchable{but} ORDER BY id DESC LIMIT {limit}"
    );
    let rows = sql.rows(db, text).await?;
    let ids: Result<Vec<_>, _> = rows.iter().map(|row| row.try_get_by_index(0)).collect();
    Ok(Slice::new(ids?, page))
}
