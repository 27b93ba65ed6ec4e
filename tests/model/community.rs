//! What rules.md says, in memory, told as simply as it can be: no counter is kept that can be counted,
//! and no order that the list itself does not have. Here: what there is, and who sees what; what somebody
//! does stands beside this file, by its kind.

use chrono::{DateTime, Utc};

use super::{absence::Away, facts::Facts, visiting::Home};

/// Why something is refused.
pub type Refused = Result<(), &'static str>;

pub const PEOPLE: usize = 7;
/// From this one on they are under 18.
pub const MINORS: usize = 5;
/// An administrator, of age: has to do with nobody, and finds who is absent for others.
pub const STAFF: usize = PEOPLE;
/// The most friends of who is no tarento.
pub const LIMIT: usize = 3;
/// The most groups of friends that somebody makes.
pub const GROUPS: usize = 2;

/// Who sees a diary, or a fact, the widest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    Public,
    Members,
    FriendsOfFriends,
    Friends,
    /// Those friends who are in it.
    Group,
    OnlyMe,
}

impl Audience {
    /// But for that of a group.
    pub const PLAIN: [Self; 5] = [
        Self::Public,
        Self::Members,
        Self::FriendsOfFriends,
        Self::Friends,
        Self::OnlyMe,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "PUBLIC",
            Self::Members => "MEMBERS",
            Self::FriendsOfFriends => "FRIENDS_OF_FRIENDS",
            Self::Friends => "FRIENDS",
            Self::Group => "GROUP",
            Self::OnlyMe => "ONLY_ME",
        }
    }
}

/// Lists hold the oldest first.
#[derive(Debug, Default)]
pub struct Community {
    pub now: DateTime<Utc>,
    pub friends: Vec<[usize; 2]>,
    pub tarento: Vec<usize>,
    /// Who asked whom, as who asked sees it.
    pub sent: Vec<[usize; 2]>,
    /// The same, as who was asked does.
    pub received: Vec<[usize; 2]>,
    /// Who blocks whom.
    pub blocks: Vec<[usize; 2]>,
    pub diaries: Vec<Diary>,
    /// Everybody's close friends, in the order of the people, and then those that were made.
    pub groups: Vec<Group>,
    pub reviews: Vec<Review>,
    /// Of whom, by whom.
    pub introductions: Vec<[usize; 2]>,
    pub facts: [Facts; PEOPLE + 1],
    pub homes: [Home; PEOPLE + 1],
    pub away: [Away; PEOPLE + 1],
}

#[derive(Debug)]
pub struct Diary {
    pub author: usize,
    /// None once it is gone.
    pub audience: Option<Audience>,
    /// With the audience of a group.
    pub group: Option<usize>,
    pub comments: Vec<Comment>,
}

#[derive(Debug)]
pub struct Comment {
    /// None once they are.
    pub author: Option<usize>,
    pub is_there: bool,
}

#[derive(Debug)]
pub struct Group {
    pub owner: usize,
    /// None once it is gone.
    pub name: Option<&'static str>,
    pub members: Vec<usize>,
}

#[derive(Debug)]
pub struct Review {
    pub author: usize,
    pub item: usize,
    pub rating: i64,
}

/// Takes `thing` out of `list`. Says whether it was there.
pub fn take<T: PartialEq>(list: &mut Vec<T>, thing: T) -> bool {
    let before = list.len();
    list.retain(|kept| *kept != thing);
    list.len() < before
}

impl Community {
    /// Where everybody has a group of close friends.
    pub fn new() -> Self {
        let close_friends = |owner| Group {
            owner,
            name: Some("Close friends"),
            members: Vec::new(),
        };
        Self {
            groups: (0..=PEOPLE).map(close_friends).collect(),
            ..Self::default()
        }
    }

    pub fn are_friends(&self, a: usize, b: usize) -> bool {
        self.friends.contains(&[a, b]) || self.friends.contains(&[b, a])
    }

    /// The newest first.
    pub fn friends_of(&self, who: usize) -> Vec<usize> {
        let pairs = self.friends.iter().rev();
        let other = |[a, b]: &[usize; 2]| match who {
            _ if *a == who => Some(*b),
            _ if *b == who => Some(*a),
            _ => None,
        };
        pairs.filter_map(other).collect()
    }

    /// Whether they have a friend in common. Who is hidden from `me` ties them not.
    pub fn are_second(&self, me: usize, other: usize) -> bool {
        let theirs = self.friends_of(other);
        self.friends_of(me)
            .iter()
            .any(|friend| theirs.contains(friend) && !self.are_hidden(Some(me), *friend))
    }

    /// Whether `other` is absent for `me`: by a block, or for everybody but themselves and the staff.
    pub fn are_hidden(&self, me: Option<usize>, other: usize) -> bool {
        let is_absent = self.is_absent(other) && me != Some(other) && me != Some(STAFF);
        is_absent || me.is_some_and(|me| self.are_blocked(me, other))
    }

    pub fn are_blocked(&self, a: usize, b: usize) -> bool {
        self.blocks.contains(&[a, b]) || self.blocks.contains(&[b, a])
    }

    /// Whether everybody became a friend of theirs who asked.
    fn is_figure(&self, who: usize) -> bool {
        self.tarento.contains(&who) || self.friends_of(who).len() > LIMIT
    }

    /// Whether one is a minor and the other is not, and they have no tie.
    pub fn are_apart(&self, me: usize, other: usize) -> bool {
        let is_minor = |who| (MINORS..PEOPLE).contains(&who);
        let theirs = self.friends_of(other);
        let ties = |friend: &usize| {
            let is_hidden = self.are_hidden(Some(me), *friend);
            theirs.contains(friend) && !is_hidden && !self.is_figure(*friend)
        };
        let is_tied = self.are_friends(me, other) || self.friends_of(me).iter().any(ties);
        is_minor(me) != is_minor(other) && !is_tied
    }

    /// Whether `who` sees what `author` shows to `audience`.
    pub fn sees(&self, who: Option<usize>, author: usize, audience: Audience) -> bool {
        if self.are_hidden(who, author) {
            return false;
        }
        let Some(me) = who else {
            return audience == Audience::Public;
        };
        let most = match () {
            () if me == author => Audience::OnlyMe,
            () if self.are_friends(me, author) => Audience::Friends,
            () if self.are_apart(me, author) => Audience::Public,
            () if self.are_second(me, author) => Audience::FriendsOfFriends,
            () => Audience::Members,
        };
        audience <= most
    }

    pub fn sees_diary(&self, who: Option<usize>, diary: usize) -> bool {
        let Some(diary) = self.diaries.get(diary) else {
            return false;
        };
        let Some(audience) = diary.audience else {
            return false;
        };
        let is_in = |who| {
            let group = diary.group.map(|group| &self.groups[group]);
            group.is_some_and(|group| group.members.contains(&who))
        };
        let by_group = who.is_some_and(is_in) && !self.are_hidden(who, diary.author);
        by_group || self.sees(who, diary.author, audience)
    }
}
