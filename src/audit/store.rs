//! The SQL of the audit log.

use chrono::{DateTime, Utc};
use entity::{audit_log, values::AuditAct};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use crate::{
    paging::{Page, Position, Slice, columns},
    sql::{Sql, row},
};

row! {
    audit_log::Model { id, actor_id, act, subject_id, detail, at }
}

/// Something that was done, as it is written.
#[derive(Clone, Debug)]
pub struct Done {
    /// Names it; in the order of time.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it; none for who holds the service itself.
    pub actor: Option<Uuid>,
    /// What.
    pub act: AuditAct,
    /// To whom.
    pub subject: Option<Uuid>,
    /// What a person reads beside it, up to 200 characters.
    pub detail: String,
}

/// Writes what was `done`, in the transaction that does it.
pub async fn record(db: &impl ConnectionTrait, done: Done) -> Result<(), DbErr> {
    let row = audit_log::Model {
        id: done.id,
        actor_id: done.actor,
        act: done.act,
        subject_id: done.subject,
        detail: done.detail,
        at: done.at,
    };
    audit_log::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// `page` of all that was done, or of what was done to `subject`, the last first.
pub async fn page(
    db: &impl ConnectionTrait,
    subject: Option<Uuid>,
    page: &Page<Uuid>,
) -> Result<Slice<audit_log::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let read = columns::<audit_log::Model>("t");
    let below = sql.bind(page.before.unwrap_or_else(Uuid::least));
    let above = sql.bind(page.after.unwrap_or_else(Uuid::greatest));
    let limit = sql.bind(i64::from(page.limit + 1));
    let of = match subject {
        Some(subject) => format!("t.subject_id = {} AND ", sql.bind(subject)),
        None => String::new(),
    };
    let direction = if page.backwards { "ASC" } else { "DESC" };
    let text = format!(
        "SELECT {read} FROM audit_log AS t WHERE {of}t.id > {below} AND t.id < {above} \
         ORDER BY t.id {direction} LIMIT {limit}"
    );
    Ok(Slice::new(sql.models(db, text).await?, page))
}
