//! THE rules of who may see what (rules.md, Diaries 2 and 3; Reviews and music 3; Friendships 8).
//!
//! A pure function of (audience, relation), and its twin for SQL: the audiences that a relation
//! opens, each of which is one range of an index. Lists, counts, feeds, comments and live events
//! ask here and nowhere else. What is hidden is absent.
//!
//! Of two users of whom one blocks the other, each is absent for the other. What is somebody's own
//! (a profile, diaries) is hidden by the relation, [`Relation::Blocked`]. Where things of many stand
//! in one list (friends of another, comments, reviews of an item, footprints, a search), those of
//! hidden users are left out in its statement, so that pages stay full, and a count that is shown
//! is corrected by one look-up for all counts of a level: [`crate::block::loader::hidden`] says who
//! they are. So it is with who is absent for everybody, a suspended user: [`crate::absence`]; but for
//! moderators and administrators, who see them. Figures over everybody (ratings, visits) count everybody.

use entity::{
    user,
    values::{Audience, FootprintPolicy},
};

use crate::viewer::Viewer;

/// What a viewer is to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// Nobody is signed in.
    Anonymous,
    /// One of the two blocks the other, or is absent for everybody: nothing is seen, also not what is
    /// PUBLIC.
    Blocked,
    /// A member without a tie.
    Stranger,
    /// They have a friend in common.
    FriendOfFriend,
    /// They are friends.
    Friend,
    /// The viewer is that user.
    Myself,
}

/// Whether who stands in `relation` to an author may see what the author shows to `audience`.
pub fn may_see(audience: Audience, relation: Relation) -> bool {
    visible_audiences(relation).contains(&audience)
}

/// [`may_see`] for SQL: the audiences whose rows who stands in `relation` to an author may see.
pub fn visible_audiences(relation: Relation) -> &'static [Audience] {
    use Audience::{Friends, FriendsOfFriends, Members, OnlyMe, Public};
    match relation {
        Relation::Blocked => &[],
        Relation::Anonymous => &[Public],
        Relation::Stranger => &[Public, Members],
        Relation::FriendOfFriend => &[Public, Members, FriendsOfFriends],
        Relation::Friend => &[Public, Members, FriendsOfFriends, Friends],
        Relation::Myself => &[Public, Members, FriendsOfFriends, Friends, OnlyMe],
    }
}

/// How many diaries of `author` who stands in `relation` may see.
pub fn visible_diaries(author: &user::Model, relation: Relation) -> i64 {
    visible_audiences(relation)
        .iter()
        .map(|audience| match audience {
            Audience::Public => author.public_diaries,
            Audience::Members => author.members_diaries,
            Audience::FriendsOfFriends => author.friends_of_friends_diaries,
            Audience::Friends => author.friends_diaries,
            Audience::OnlyMe => author.only_me_diaries,
        })
        .sum()
}

/// Reviews are for members.
pub fn may_see_reviews(viewer: &Viewer) -> bool {
    matches!(viewer, Viewer::Member(_))
}

/// Whether a visitor who has chosen `policy` is named to somebody, where one stands in `relation` to
/// the other (rules.md, Footprints 7). Who is not named sees no names either: it says, too, whether an
/// owner who has chosen `policy` sees a visitor's.
pub fn is_named(policy: FootprintPolicy, relation: Relation) -> bool {
    match policy {
        FootprintPolicy::Named => true,
        FootprintPolicy::Connections => {
            matches!(relation, Relation::Friend | Relation::FriendOfFriend)
        }
        FootprintPolicy::Anonymous => false,
    }
}
