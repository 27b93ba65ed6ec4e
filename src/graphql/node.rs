//! Objects by their global id.

use async_graphql::{Context, ID, Interface, Object};

use super::{context::ContextExt, id::NodeId};
use crate::{
    account::{
        leaving::export::{edges as export, node::DataExport},
        session::{edges as session, node::Session},
    },
    catalogue::{
        artist::{loader::artist, node::Artist},
        loader::item,
        node::CatalogueItem,
    },
    diary::{
        edges as diary,
        loader::visible,
        node::{Diary, DiaryComment},
    },
    error::{Error, text::service::ServiceText},
    footprint::{edges as footprint, node::Footprint},
    friendship::{
        edges as friendship,
        group::{edges as groups, node::FriendGroup},
        introduction::{edges as introductions, node::Introduction},
        node::FriendRequest,
    },
    ids::{GlobalId, Kind},
    invitation::{edges as invitation, node::Invitation},
    notification::{edges as notification, node::Notification},
    paging::MAX_PAGE,
    photo::{edges as photos, node::Photo},
    plan::{edges as plans, node::Order},
    report::{edges as report, node::Report},
    review::{edges as review, node::Review},
    user::{loader::user, node::User},
};

/// Whatever has an id of its own.
#[derive(Clone, Debug, Interface)]
#[graphql(field(
    name = "id",
    ty = "&NodeId",
    desc = "Names this object among all, for ever."
))]
#[allow(clippy::large_enum_variant)] // one a request, not one a row
pub enum Node {
    /// A user.
    User(User),
    /// A diary.
    Diary(Diary),
    /// A comment.
    DiaryComment(DiaryComment),
    /// A catalogue item.
    CatalogueItem(CatalogueItem),
    /// An artist.
    Artist(Artist),
    /// A review.
    Review(Review),
    /// A footprint.
    Footprint(Footprint),
    /// A group of friends of yours.
    FriendGroup(FriendGroup),
    /// A friend request.
    FriendRequest(FriendRequest),
    /// An introduction.
    Introduction(Introduction),
    /// A notification of yours.
    Notification(Notification),
    /// An invitation.
    Invitation(Invitation),
    /// A session of yours.
    Session(Session),
    /// A copy of your data.
    DataExport(DataExport),
    /// A report, for moderators.
    Report(Report),
    /// A photo.
    Photo(Photo),
    /// An order of yours.
    Order(Order),
}

/// Reading by id.
#[derive(Debug, Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// The object with this id; null where there is none that you may see.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The `id` of any object.")] id: ID,
    ) -> Option<Result<Node, Error>> {
        find(ctx, &id).await.transpose()
    }

    /// The objects with these ids, in their order; null in the place of each that is not there or
    /// that you may not see.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Up to 100 ids of any objects.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>, Error> {
        if ids.len() > usize::try_from(MAX_PAGE).unwrap_or(0) {
            return Err(Error::InvalidPage(ServiceText::TooManyIds {
                limit: MAX_PAGE,
                given: ids.len(),
            }));
        }
        ctx.count_nodes(ids.len())?;
        // Together, so that the loaders see all ids of a type at once.
        futures_util::future::try_join_all(ids.iter().map(|id| find(ctx, id))).await
    }
}

async fn find(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>, Error> {
    let id = GlobalId::decode(id)?;
    let loaders = ctx.loaders();
    Ok(match id.kind {
        Kind::User => {
            let [id] = id.key()?;
            user(loaders, id, true).await?.map(Node::User)
        }
        Kind::Diary => visible(loaders, id.key()?).await?.map(Node::Diary),
        Kind::DiaryComment => diary::comment(ctx, id.key()?)
            .await?
            .map(Node::DiaryComment),
        Kind::CatalogueItem => {
            let [id] = id.key()?;
            item(loaders, id).await?.map(Node::CatalogueItem)
        }
        Kind::Artist => {
            let [id] = id.key()?;
            artist(loaders, id).await?.map(Node::Artist)
        }
        Kind::Review => review::review(ctx, id.key()?).await?.map(Node::Review),
        Kind::Footprint => {
            let [owner, id] = id.key()?;
            footprint::footprint(ctx, owner, id)
                .await?
                .map(Node::Footprint)
        }
        Kind::FriendGroup => groups::group(ctx, id.key()?).await?.map(Node::FriendGroup),
        Kind::FriendRequest => {
            let [sender, recipient] = id.key()?;
            friendship::request(ctx, sender, recipient)
                .await?
                .map(Node::FriendRequest)
        }
        Kind::Introduction => introductions::introduction(ctx, id.key()?)
            .await?
            .map(Node::Introduction),
        Kind::Notification => notification::notification(ctx, id.key()?)
            .await?
            .map(Node::Notification),
        Kind::Invitation => {
            let [inviter, id] = id.key()?;
            invitation::invitation(ctx, inviter, id)
                .await?
                .map(Node::Invitation)
        }
        Kind::DataExport => export::export(ctx, id.key()?).await?.map(Node::DataExport),
        Kind::Session => session::session(ctx, id.key()?).await?.map(Node::Session),
        Kind::Report => report::report(ctx, id.key()?).await?.map(Node::Report),
        Kind::Photo => photos::photo(ctx, id.key()?).await?.map(Node::Photo),
        Kind::Order => plans::order(ctx, id.key()?).await?.map(Node::Order),
    })
}
