//! THE rules of who may see what (rules.md, Diaries 2 and 3; Reviews and music 3; Friendships 8).
//!
//! A pure function of (audience, relation, groups), and its twin for SQL: the audiences that a relation
//! opens, and the groups where it opens those, each of which is one range of an index. Lists, counts,
//! feeds, comments and live events ask here and nowhere else. What is hidden is absent.
//!
//! Of two users of whom one blocks the other, each is absent for the other. What is somebody's own
//! (a profile, diaries) is hidden by the relation, [`Relation::Blocked`]. Where things of many stand
//! in one list (friends of another, introductions, comments, reviews of an item, footprints, a search), those of
//! hidden users are left out in its statement, so that pages stay full, and a count that is shown
//! is corrected by one look-up for all counts of a level: [`crate::block::loader::hidden`] says who
//! they are. So it is with who is absent for everybody, a suspended user: [`crate::absence`]; but for
//! moderators and administrators, who see them. Figures over everybody (ratings, visits) count everybody.
//!
//! A minor and an adult without a tie are out of each other's reach (Users 5), in both directions:
//! [`Relation::OutOfReach`]. Of each other's own things they see what the web sees, and nothing that one
//! does comes to the other: no request, no comment, no name among the footprints. What stands in lists
//! of others (comments under a third one's diary, reviews of an item, friends of a friend, introductions of a
//! third one) they see. A friend in common is a tie, but for a public figure, whose friend everybody of their
//! side of 18 becomes who asks: [`crate::friendship::figures`].
//!
//! The page of a brand is everybody's, and speaks for itself: who runs it is hidden, so that neither a block nor an
//! absence of theirs changes what others see of it.

use chrono::NaiveDate;
use entity::{
    user,
    values::{Audience, FootprintPolicy},
};

use crate::{clock::latest_birth, viewer::Viewer};

/// Who is of age on a day, and who is a minor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Majority {
    /// The latest day of birth of an adult.
    born_by: NaiveDate,
}

impl Majority {
    /// On `day`, where `age` years make an adult.
    pub fn on(day: NaiveDate, age: u32) -> Self {
        let born_by = latest_birth(day, age);
        Self { born_by }
    }

    /// For SQL: adults were born on this day, or before.
    pub fn born_by(self) -> NaiveDate {
        self.born_by
    }

    /// Whether who was born on `birth` is a minor.
    pub fn is_minor(self, birth: NaiveDate) -> bool {
        birth > self.born_by
    }

    /// Whether of two who were born on these days one is a minor, and one an adult.
    pub fn divides(self, one: NaiveDate, other: NaiveDate) -> bool {
        self.is_minor(one) != self.is_minor(other)
    }
}

/// What a viewer is to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// Nobody is signed in.
    Anonymous,
    /// One of the two blocks the other, or is absent for everybody: nothing is seen, also not what is
    /// PUBLIC.
    Blocked,
    /// Without a tie, and of the two one is a minor and one an adult.
    OutOfReach,
    /// A member without a tie.
    Stranger,
    /// They have a friend in common.
    FriendOfFriend,
    /// They are friends.
    Friend,
    /// The viewer is that user.
    Myself,
}

/// Whether who stands in `relation` to an author may see what the author shows to `audience`; where that
/// is a group, by whether they are `in_group`.
pub fn may_see(audience: Audience, relation: Relation, in_group: bool) -> bool {
    let by_group = audience == Audience::Group && in_group && opens_groups(relation);
    by_group || visible_audiences(relation).contains(&audience)
}

/// [`may_see`] for SQL: the audiences whose rows who stands in `relation` to an author may see. (For those
/// for groups see [`opens_groups`].)
pub fn visible_audiences(relation: Relation) -> &'static [Audience] {
    use Audience::{Friends, FriendsOfFriends, Group, Members, OnlyMe, Public};
    match relation {
        Relation::Blocked => &[],
        Relation::Anonymous | Relation::OutOfReach => &[Public],
        Relation::Stranger => &[Public, Members],
        Relation::FriendOfFriend => &[Public, Members, FriendsOfFriends],
        Relation::Friend => &[Public, Members, FriendsOfFriends, Friends],
        Relation::Myself => &[Public, Members, FriendsOfFriends, Friends, Group, OnlyMe],
    }
}

/// [`may_see`] for SQL: whether who stands in `relation` to an author may see the rows for those groups of
/// the author's that they are in, beside those of [`visible_audiences`].
pub fn opens_groups(relation: Relation) -> bool {
    relation == Relation::Friend
}

/// How many diaries of `author` who stands in `relation` may see, of those for groups `in_groups`.
pub fn visible_diaries(author: &user::Model, relation: Relation, in_groups: i64) -> i64 {
    let by_audience: i64 = visible_audiences(relation)
        .iter()
        .map(|audience| match audience {
            Audience::Public => author.public_diaries,
            Audience::Members => author.members_diaries,
            Audience::FriendsOfFriends => author.friends_of_friends_diaries,
            Audience::Friends => author.friends_diaries,
            Audience::Group => author.group_diaries,
            Audience::OnlyMe => author.only_me_diaries,
        })
        .sum();
    match opens_groups(relation) {
        true => by_audience + in_groups,
        false => by_audience,
    }
}

/// Whether what one does can come to the other, where one stands in `relation` to the other: requests,
/// comments, names.
pub fn may_reach(relation: Relation) -> bool {
    !matches!(
        relation,
        Relation::Anonymous | Relation::Blocked | Relation::OutOfReach
    )
}

/// Whether who stands in `relation` to somebody who rests is shown that they do, where these wish their friends to
/// see it (rules.md, Tiredness 1).
pub fn may_see_rest(relation: Relation) -> bool {
    matches!(relation, Relation::Friend | Relation::Myself)
}

/// What somebody is to the page of a brand (rules.md, Brands 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BrandRole {
    /// It is theirs.
    Owner,
    /// They write for it.
    Editor,
}

/// Whether who owns the page of a brand, who its editors are and who wrote a post is shown to who has `role` in it, or
/// looks after what is reported, as `staff` does. (Of these people, none who is hidden from who looks.)
pub fn may_see_who_runs(role: Option<BrandRole>, is_staff: bool) -> bool {
    role.is_some() || is_staff
}

/// Whether the figures of the page of a brand are shown to who has `role` in it.
pub fn may_see_brand_figures(role: Option<BrandRole>) -> bool {
    role.is_some()
}

/// Reviews are for members.
pub fn may_see_reviews(viewer: &Viewer) -> bool {
    matches!(viewer, Viewer::Member(_))
}

/// Whether a visitor who has chosen `policy` is named to somebody, where one stands in `relation` to
/// the other (rules.md, Footprints 7). Who is not named sees no names either: it says, too, whether an
/// owner who has chosen `policy` sees a visitor's. Out of reach nobody is named, whatever they chose.
pub fn is_named(policy: FootprintPolicy, relation: Relation) -> bool {
    match policy {
        FootprintPolicy::Named => relation != Relation::OutOfReach,
        FootprintPolicy::Connections => {
            matches!(relation, Relation::Friend | Relation::FriendOfFriend)
        }
        FootprintPolicy::Anonymous => false,
    }
}
