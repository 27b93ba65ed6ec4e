//! What moderators see of a report.

use std::sync::Arc;

use async_graphql::{Enum, ID, SimpleObject, Union};
use entity::{report, values};

use crate::{
    brand::node::{Brand, BrandPost},
    diary::node::{Diary, DiaryComment},
    friendship::introduction::node::Introduction,
    graphql::{id::NodeId, scalar::DateTime, text::Text},
    ids::Kind,
    paging::connection,
    review::node::Review,
    user::node::User,
};

/// Something that a user told moderators of, as it was then. Only moderators and administrators see it.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct Report {
    /// Names this report for ever.
    pub id: NodeId,
    /// The id of what was reported: of a user, a diary, a comment, a review, an introduction, the page of a brand or a
    /// post on one. It may name nothing any more.
    pub subject_id: ID,
    /// What it was called when it was reported: a user's names, a diary's title, the reviewed item with the
    /// rating, the names of whom it introduces, the handle and the name of a brand's page; empty for a comment.
    pub title: Text<Arc<report::Model>>,
    /// Its text when it was reported, whatever has become of it since: of a user the bio, of a brand's page the
    /// description.
    pub body: Text<Arc<report::Model>>,
    /// Why it was reported.
    pub reason: ReportReason,
    /// What the reporter wrote beside it, up to 1,000 characters.
    pub details: Text<Arc<report::Model>>,
    /// What became of it.
    pub state: ReportState,
    /// When it was reported.
    pub created_at: DateTime,
    /// When it was settled; null while it waits.
    pub resolved_at: Option<DateTime>,
    /// What who settled it wrote beside that; empty if nothing.
    pub note: Text<Arc<report::Model>>,
    /// What was read, for the edges.
    #[graphql(skip)]
    pub row: Arc<report::Model>,
}

impl From<Arc<report::Model>> for Report {
    fn from(row: Arc<report::Model>) -> Self {
        Self {
            id: NodeId::new(Kind::Report, [row.reporter_id, row.id]),
            subject_id: ID(row.subject.clone()),
            title: Text::new(&row, |row| &row.title),
            body: Text::new(&row, |row| &row.body),
            reason: row.reason.into(),
            details: Text::new(&row, |row| &row.details),
            state: row.state.into(),
            created_at: row.created_at.into(),
            resolved_at: row.resolved_at.map(Into::into),
            note: Text::new(&row, |row| &row.note),
            row,
        }
    }
}

/// What was reported.
#[derive(Clone, Debug, Union)]
#[allow(clippy::large_enum_variant)] // few at once
pub enum ReportSubject {
    /// A user.
    User(User),
    /// A diary.
    Diary(Diary),
    /// A comment.
    Comment(DiaryComment),
    /// A review.
    Review(Review),
    /// An introduction.
    Introduction(Introduction),
    /// The page of a brand.
    Brand(Brand),
    /// A post on the page of a brand.
    BrandPost(BrandPost),
}

/// Why something is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "values::ReportReason")]
pub enum ReportReason {
    /// Advertising, fraud, or the same again and again.
    Spam,
    /// Somebody is insulted, threatened or followed.
    Harassment,
    /// Hatred of people for what they are.
    Hate,
    /// Sexual content.
    Sexual,
    /// Violence, or a call for it.
    Violence,
    /// Somebody may harm themselves.
    SelfHarm,
    /// Somebody passes for another.
    Impersonation,
    /// Somebody under age is in danger.
    MinorAtRisk,
    /// What somebody does not want to be known is told.
    Privacy,
    /// Something else: say what.
    Other,
}

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "values::ReportState")]
pub enum ReportState {
    /// It waits.
    Open,
    /// There was nothing to do.
    Dismissed,
    /// What was reported was removed.
    ContentRemoved,
    /// Whose it was was suspended.
    UserSuspended,
}

connection! {
    /// A page of reports.
    ReportConnection,
    /// A report in a list.
    ReportEdge {},
    Report,
    /// How many reports there are; always null: counting would cost more than the page.
    Option<i32>
}
