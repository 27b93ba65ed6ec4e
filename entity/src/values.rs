//! The values of columns that hold one of a few words. They are stored as those words.

use sea_orm::entity::prelude::*;

/// What a user is to the service (rules.md, Users 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(20))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum UserKind {
    Member,
    Tarento,
}

/// What a user may do beyond what everybody may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(20))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Role {
    Member,
    Moderator,
    Administrator,
}

/// What stands in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(30))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum AuditAct {
    TarentoRecognised,
    TarentoEnded,
    RoleGiven,
    PasswordReset,
    SecondFactorRemoved,
    PhoneNumberRemoved,
    InvitationMade,
    AccountDeleted,
    UserSuspended,
    SuspensionLifted,
    ReportDismissed,
    ContentRemoved,
    BrandVerified,
    BrandUnverified,
}

/// How far a copy of what is a user's has come (rules.md, Users 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(20))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum ExportState {
    Queued,
    Running,
    Ready,
    Fetched,
    Failed,
    Expired,
}

/// Why a user is absent for everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(20))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum AbsenceCause {
    Suspended,
    Leaving,
}

/// Why something is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(20))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum ReportReason {
    Spam,
    Harassment,
    Hate,
    Sexual,
    Violence,
    SelfHarm,
    Impersonation,
    MinorAtRisk,
    Privacy,
    Other,
}

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(20))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum ReportState {
    Open,
    Dismissed,
    ContentRemoved,
    UserSuspended,
}

/// Who a diary, or a fact of a profile, is for (rules.md, Diaries 2, Users 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(20))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Audience {
    Public,
    Members,
    FriendsOfFriends,
    Friends,
    Group,
    OnlyMe,
}

/// What kind of thing is reviewed (rules.md, Reviews and music 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(20))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum CatalogueKind {
    Cd,
    Movie,
    VideoGame,
    Book,
    Song,
}

/// Which end of a friend request a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(20))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum RequestDirection {
    Incoming,
    Outgoing,
}

/// Where a visitor came from (rules.md, Footprints 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(20))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum VisitOrigin {
    Home,
    Search,
    FriendList,
    Diary,
    Footprints,
    Review,
    Link,
}

/// What a user is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(30))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum NotificationKind {
    FriendRequestReceived,
    FriendshipBegun,
    DiaryCommented,
    IntroductionWritten,
    KiribanReached,
    KiribanHit,
    RestEnded,
    PlanBegun,
    PlanPaymentFailed,
    PlanEnded,
}

/// A user's sex, as they say it (rules.md, Users 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(20))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Sex {
    Female,
    Male,
    Other,
}

/// To whom a visitor is named (rules.md, Footprints 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(20))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum FootprintPolicy {
    Named,
    Connections,
    Anonymous,
}

/// A prefecture of Japan, or abroad (rules.md, Users 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(20))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum HomeRegion {
    Hokkaido,
    Aomori,
    Iwate,
    Miyagi,
    Akita,
    Yamagata,
    Fukushima,
    Ibaraki,
    Tochigi,
    Gunma,
    Saitama,
    Chiba,
    Tokyo,
    Kanagawa,
    Niigata,
    Toyama,
    Ishikawa,
    Fukui,
    Yamanashi,
    Nagano,
    Gifu,
    Shizuoka,
    Aichi,
    Mie,
    Shiga,
    Kyoto,
    Osaka,
    Hyogo,
    Nara,
    Wakayama,
    Tottori,
    Shimane,
    Okayama,
    Hiroshima,
    Yamaguchi,
    Tokushima,
    Kagawa,
    Ehime,
    Kochi,
    Fukuoka,
    Saga,
    Nagasaki,
    Kumamoto,
    Oita,
    Miyazaki,
    Kagoshima,
    Okinawa,
    Overseas,
}

/// What somebody comes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(20))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Device {
    Pc,
    Smartphone,
    FeaturePhone,
    Other,
}

/// What has become of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(20))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum PhotoState {
    /// Its space is taken, and its files are being written.
    Pending,
    /// It is there, and used nowhere.
    Unused,
    /// It is the picture of its owner's profile.
    Profile,
    /// It stands in a diary.
    Diary,
    /// It is gone for everybody, its space given back; its files are to be removed.
    Removed,
}

/// What the files of a photo are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(10))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum PhotoFormat {
    Jpeg,
    Png,
}
