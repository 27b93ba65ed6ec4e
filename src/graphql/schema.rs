//! The schema's assembly: one part a room.

use async_graphql::{MergedObject, MergedSubscription, ValidationMode};

use super::{node::NodeQuery, points::RateLimitQuery};
use crate::{
    account::{
        graphql::AccountMutation, joining::JoiningQuery, leaving::graphql::LeavingMutation,
        password::graphql::PasswordMutation, phone::graphql::OwnPhoneMutation,
        recovery::graphql::RecoveryMutation, recovery::phone::graphql::PhoneRecoveryMutation,
        session::graphql::SessionMutation, suspension::graphql::SuspensionMutation,
        two_factor::graphql::TwoFactorMutation,
    },
    audit::graphql::AuditQuery,
    block::graphql::BlockMutation,
    brand::{
        graphql::{BrandMutation, BrandQuery},
        live::BrandSubscription,
    },
    catalogue::{
        artist::graphql::ArtistQuery,
        graphql::{CatalogueMutation, CatalogueQuery},
    },
    diary::{
        graphql::{DiaryMutation, search::DiaryQuery},
        live::DiarySubscription,
    },
    footprint::{
        graphql::{FootprintMutation, visitor::VisitorMutation},
        kiriban::graphql::KiribanMutation,
        live::FootprintSubscription,
    },
    friendship::{
        graphql::FriendshipMutation, group::graphql::FriendGroupMutation,
        introduction::graphql::IntroductionMutation, live::FriendshipSubscription,
    },
    invitation::graphql::{InvitationMutation, InvitationQuery},
    music::graphql::{MusicMutation, MusicQuery},
    notification::{graphql::NotificationMutation, live::NotificationSubscription},
    phone::graphql::PhoneMutation,
    photo::graphql::PhotoMutation,
    plan::graphql::{PlanMutation, PlanQuery},
    report::graphql::{ReportMutation, ReportQuery},
    rest::graphql::RestMutation,
    review::graphql::{ReviewMutation, search::ReviewQuery},
    statistics::graphql::StatisticsQuery,
    user::{
        administration::AdministrationMutation, editing::UserMutation,
        facts::graphql::FactsMutation, graphql::UserQuery, viewer::ViewerQuery,
    },
};

/// Reading. A query changes nothing and leaves no footprint.
#[derive(Debug, Default, MergedObject)]
pub struct Query(
    NodeQuery,
    ViewerQuery,
    UserQuery,
    CatalogueQuery,
    ArtistQuery,
    DiaryQuery,
    ReviewQuery,
    MusicQuery,
    JoiningQuery,
    InvitationQuery,
    AuditQuery,
    RateLimitQuery,
    ReportQuery,
    StatisticsQuery,
    PlanQuery,
    BrandQuery,
);

/// Writing. Each mutation answers with a payload: what it made, and `userErrors` with the reasons
/// where it made nothing. Several in one document run one after the other.
#[derive(Debug, Default, MergedObject)]
pub struct Mutation(
    AccountMutation,
    SessionMutation,
    PasswordMutation,
    RecoveryMutation,
    OwnPhoneMutation,
    PhoneRecoveryMutation,
    TwoFactorMutation,
    LeavingMutation,
    UserMutation,
    FactsMutation,
    AdministrationMutation,
    SuspensionMutation,
    ReportMutation,
    FriendshipMutation,
    FriendGroupMutation,
    IntroductionMutation,
    BlockMutation,
    DiaryMutation,
    CatalogueMutation,
    ReviewMutation,
    MusicMutation,
    FootprintMutation,
    InvitationMutation,
    PhoneMutation,
    VisitorMutation,
    KiribanMutation,
    NotificationMutation,
    RestMutation,
    PhotoMutation,
    PlanMutation,
    BrandMutation,
);

/// What happens to you, as it happens: over a websocket, or as server-sent events.
#[derive(Debug, Default, MergedSubscription)]
pub struct Subscription(
    FriendshipSubscription,
    DiarySubscription,
    FootprintSubscription,
    NotificationSubscription,
    BrandSubscription,
);

/// The whole schema.
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// Puts the schema together. Limits and validation are not here but before: see `graphql::guard`.
pub fn build() -> Schema {
    Schema::build(
        Query::default(),
        Mutation::default(),
        Subscription::default(),
    )
    .disable_suggestions()
    .validation_mode(ValidationMode::Fast)
    .finish()
}

/// The schema in its own language, as `schema.graphql` has it.
pub fn sdl() -> String {
    let options = async_graphql::SDLExportOptions::new()
        .use_space_ident()
        .include_specified_by()
        .indent_width(2);
    let mut sdl = build().sdl_with_options(options);
    sdl.truncate(sdl.trim_end().len());
    sdl.push('\n');
    sdl
}
