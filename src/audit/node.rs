//! What was done, in the API.

use async_graphql::{Enum, SimpleObject};
use entity::{audit_log, values};
use uuid::Uuid;

use crate::{graphql::scalar::DateTime, paging::connection};

/// What an administrator, or who holds the service itself, did. It stays for ever.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct AuditEntry {
    /// What was done.
    pub act: AuditAct,
    /// What is to be said beside it, such as the role that was given; empty if nothing.
    pub detail: String,
    /// When.
    pub at: DateTime,
    /// Who did it.
    #[graphql(skip)]
    pub actor_id: Option<Uuid>,
    /// To whom.
    #[graphql(skip)]
    pub subject_id: Option<Uuid>,
}

/// What can be done that stands in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "values::AuditAct")]
pub enum AuditAct {
    /// Recognised a user as a tarento.
    TarentoRecognised,
    /// Ended that a user is a tarento.
    TarentoEnded,
    /// Gave a user the role that the detail says.
    RoleGiven,
    /// Gave a user a new password, and ended the user's sessions.
    PasswordReset,
    /// Took the second factor from a user who had lost it.
    SecondFactorRemoved,
    /// Took the mobile number off a user who had lost it.
    PhoneNumberRemoved,
    /// Made an invitation, in the name of the user, or of the service itself.
    InvitationMade,
    /// Had a user's account deleted.
    AccountDeleted,
    /// Suspended a user: until when and why says the detail.
    UserSuspended,
    /// Lifted a suspension.
    SuspensionLifted,
    /// Dismissed what was reported of the user: what that was says the detail.
    ReportDismissed,
    /// Removed what was reported of the user: what that was says the detail.
    ContentRemoved,
    /// Verified that a page is the brand's own, of which the user is the owner: which page says the detail.
    BrandVerified,
    /// Took the mark of a verified brand off the user's page: which says the detail.
    BrandUnverified,
}

impl From<audit_log::Model> for AuditEntry {
    fn from(row: audit_log::Model) -> Self {
        Self {
            act: row.act.into(),
            detail: row.detail,
            at: row.at.into(),
            actor_id: row.actor_id,
            subject_id: row.subject_id,
        }
    }
}

connection! {
    /// A page of the audit log.
    AuditEntryConnection,
    /// An entry in the audit log.
    AuditEntryEdge {},
    AuditEntry,
    /// How many entries there are; always null: counting would cost more than the page.
    Option<i32>
}
