//! `reports`: what users told of, as it was then, and what became of it.

use sea_orm::entity::prelude::*;

use crate::values::{ReportReason, ReportState};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub reporter_id: Uuid,
    /// In the order of time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The global id of what was reported.
    pub subject: String,
    /// Whose it is.
    pub author_id: Uuid,
    /// What it was called then.
    pub title: String,
    /// Its text then.
    pub body: String,
    pub reason: ReportReason,
    /// What the reporter wrote beside it.
    pub details: String,
    pub state: ReportState,
    pub created_at: DateTimeUtc,
    /// Who settled it; null also for who holds the service itself.
    pub resolver_id: Option<Uuid>,
    pub resolved_at: Option<DateTimeUtc>,
    /// What who settled it wrote beside that.
    pub note: String,
}

impl ActiveModelBehavior for ActiveModel {}
