//! `audit_log`: what administrators and operators did. Rows are only ever added.

use sea_orm::entity::prelude::*;

use crate::values::AuditAct;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_log")]
pub struct Model {
    /// In the order of time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who did it; null for who holds the service itself.
    pub actor_id: Option<Uuid>,
    pub act: AuditAct,
    /// To whom.
    pub subject_id: Option<Uuid>,
    /// What a person reads beside the act, such as a role.
    pub detail: String,
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
