//! The notification's own fields, and what it can be about.

use async_graphql::{Enum, SimpleObject, Union};
use entity::{notification, values};

use crate::{
    diary::node::DiaryComment,
    footprint::kiriban::node::Kiriban,
    friendship::{introduction::node::Introduction, node::FriendRequest},
    graphql::{
        id::NodeId,
        scalar::{Date, DateTime},
    },
    ids::Kind,
    paging::connection,
    plan::node::Order,
    rest::node::RestDigest,
    user::node::User,
};

/// Something that you are told of. It goes with what it tells of: with a request that is accepted, refused or
/// taken back, with a comment or an introduction that is removed; and after 90 days.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct Notification {
    /// Names this notification among all.
    pub id: NodeId,
    /// What happened.
    pub kind: NotificationKind,
    /// When it happened.
    pub at: DateTime,
    /// The calendar day in Japan (UTC+9) that it happened on: for listing by day.
    pub day: Date,
    /// What was read, for the edges.
    #[graphql(skip)]
    pub row: notification::Model,
}

impl From<notification::Model> for Notification {
    fn from(row: notification::Model) -> Self {
        Self {
            id: NodeId::new(Kind::Notification, [row.user_id, row.id]),
            kind: row.kind.into(),
            at: row.at.into(),
            day: Date(row.day),
            row,
        }
    }
}

/// What you can be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "values::NotificationKind")]
pub enum NotificationKind {
    /// Somebody asked you to become friends, and waits for your answer. The subject is a `FriendRequest`.
    FriendRequestReceived,
    /// Somebody has become your friend: they accepted your request, or joined by your invitation. The subject is
    /// the `User`.
    FriendshipBegun,
    /// Somebody commented on a diary of yours. The subject is the `DiaryComment`, which leads to the diary.
    DiaryCommented,
    /// A friend introduced you. The subject is the `Introduction`.
    IntroductionWritten,
    /// Somebody made the visit whose number you had named. The subject is the `Kiriban`; `actor` is null where
    /// they are not named to you.
    KiribanReached,
    /// You made a visit whose number somebody had named, who is the `actor`. The subject is the `Kiriban`.
    KiribanHit,
    /// A rest of yours is over, in which something came. The subject is the `RestDigest`, which says how much;
    /// `actor` is null.
    RestEnded,
    /// A plan of yours was paid, and is in effect from now on. The subject is the `Order`; `actor` is null, as with
    /// the next two. Of one order the last of these three is there.
    PlanBegun,
    /// The payment for the next month of your plan has failed, and is tried again: tell people to look after their
    /// means of payment. It goes when it is paid.
    PlanPaymentFailed,
    /// Your plan is over before what was paid for it was: that was given back, or taken back by a bank. (Where its time
    /// is over, and where you cancelled it, you are told nothing.)
    PlanEnded,
}

/// What a notification is about.
#[derive(Clone, Debug, Union)]
#[allow(clippy::large_enum_variant)] // a page of them at the most
pub enum NotificationSubject {
    /// A friend request.
    FriendRequest(FriendRequest),
    /// A new friend.
    User(User),
    /// A comment on a diary of yours.
    DiaryComment(DiaryComment),
    /// An introduction of you.
    Introduction(Introduction),
    /// A number of visits that was reached.
    Kiriban(Kiriban),
    /// What came in a rest.
    RestDigest(RestDigest),
    /// An order of a plan.
    Order(Order),
}

connection! {
    /// A page of notifications.
    NotificationConnection,
    /// A notification in a list, or as it arrives. Its cursor serves the list and `notificationReceived` alike.
    NotificationEdge {
        /// Of an edge that arrives: how many came before it while you rested, and do not arrive one by one. 0 in a
        /// list.
        held: i32,
    },
    Notification,
    /// How many you have; always null: counting would cost more than the page. See `Viewer.unreadNotificationCount`.
    Option<i32>
}
