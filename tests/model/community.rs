//! What rules.md says, in memory, told as simply as it can be: no counter is kept that can be counted,
//! and no order that the list itself does not have.

use super::visiting::Home;

/// Why something is refused.
pub type Refused = Result<(), &'static str>;

pub const PEOPLE: usize = 7;
/// From this one on they are under 18.
pub const MINORS: usize = 5;
/// The most friends of who is no tarento.
pub const LIMIT: usize = 3;

/// Who sees a diary, the widest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    Public,
    Members,
    FriendsOfFriends,
    Friends,
    OnlyMe,
}

impl Audience {
    pub const ALL: [Self; 5] = [
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
            Self::OnlyMe => "ONLY_ME",
        }
    }
}

/// Lists hold the oldest first.
#[derive(Debug, Default)]
pub struct Community {
    pub friends: Vec<[usize; 2]>,
    pub tarento: Vec<usize>,
    /// Who asked whom, as who asked sees it.
    pub sent: Vec<[usize; 2]>,
    /// The same, as who was asked does.
    pub received: Vec<[usize; 2]>,
    /// Who blocks whom.
    pub blocks: Vec<[usize; 2]>,
    pub diaries: Vec<Diary>,
    pub homes: [Home; PEOPLE],
}

#[derive(Debug)]
pub struct Diary {
    pub author: usize,
    /// None once it is gone.
    pub audience: Option<Audience>,
    pub comments: Vec<Comment>,
}

#[derive(Debug)]
pub struct Comment {
    pub author: usize,
    pub is_there: bool,
}

fn take<T: PartialEq>(list: &mut Vec<T>, thing: T) -> bool {
    let before = list.len();
    list.retain(|kept| *kept != thing);
    list.len() < before
}

impl Community {
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

    pub fn are_second(&self, a: usize, b: usize) -> bool {
        let theirs = self.friends_of(b);
        self.friends_of(a)
            .iter()
            .any(|friend| theirs.contains(friend))
    }

    /// Whether one is absent for the other.
    pub fn are_hidden(&self, a: Option<usize>, b: usize) -> bool {
        a.is_some_and(|a| self.blocks.contains(&[a, b]) || self.blocks.contains(&[b, a]))
    }

    /// Whether everybody became a friend of theirs who asked.
    fn is_figure(&self, who: usize) -> bool {
        self.tarento.contains(&who) || self.friends_of(who).len() > LIMIT
    }

    /// Whether one is a minor and the other is not, and they have no tie.
    pub fn are_apart(&self, a: usize, b: usize) -> bool {
        let theirs = self.friends_of(b);
        let ties = |friend: &usize| theirs.contains(friend) && !self.is_figure(*friend);
        (a >= MINORS) != (b >= MINORS)
            && !self.are_friends(a, b)
            && !self.friends_of(a).iter().any(ties)
    }

    /// Whether `who` sees what `author` shows to `audience`.
    pub fn sees(&self, who: Option<usize>, author: usize, audience: Audience) -> bool {
        let Some(me) = who else {
            return audience == Audience::Public;
        };
        let most = match () {
            () if self.are_hidden(who, author) => return false,
            () if me == author => Audience::OnlyMe,
            () if self.are_friends(me, author) => Audience::Friends,
            () if self.are_apart(me, author) => Audience::Public,
            () if self.are_second(me, author) => Audience::FriendsOfFriends,
            () => Audience::Members,
        };
        audience <= most
    }

    pub fn sees_diary(&self, who: Option<usize>, diary: usize) -> bool {
        let diary = self.diaries.get(diary);
        diary.is_some_and(|diary| {
            diary
                .audience
                .is_some_and(|audience| self.sees(who, diary.author, audience))
        })
    }

    fn is_full(&self, who: usize) -> bool {
        !self.tarento.contains(&who) && self.friends_of(who).len() >= LIMIT
    }

    fn befriend(&mut self, me: usize, other: usize) -> Refused {
        if self.is_full(me) {
            return Err("FRIEND_LIMIT_REACHED");
        }
        if self.is_full(other) {
            return Err("OTHER_CANNOT_ACCEPT");
        }
        self.end_requests(me, other);
        self.friends.push([me, other]);
        Ok(())
    }

    fn end_requests(&mut self, me: usize, other: usize) {
        for pair in [[me, other], [other, me]] {
            take(&mut self.sent, pair);
            take(&mut self.received, pair);
        }
    }

    pub fn ask(&mut self, me: usize, other: usize) -> Refused {
        if me == other {
            return Err("CANNOT_BEFRIEND_YOURSELF");
        }
        if self.are_hidden(Some(me), other) {
            return Err("NOT_FOUND");
        }
        if self.are_friends(me, other) {
            return Err("ALREADY_FRIENDS");
        }
        // Two requests that cross are one friendship, also where the first was refused, silently.
        let is_accepted = self.tarento.contains(&other) || self.sent.contains(&[other, me]);
        if is_accepted && self.are_apart(me, other) {
            return Err("OTHER_CANNOT_ACCEPT");
        }
        if is_accepted {
            return self.befriend(me, other);
        }
        if self.sent.contains(&[me, other]) {
            return Ok(());
        }
        if self.is_full(me) {
            return Err("FRIEND_LIMIT_REACHED");
        }
        if self.is_full(other) || self.are_apart(me, other) {
            return Err("OTHER_CANNOT_ACCEPT");
        }
        self.sent.push([me, other]);
        self.received.push([me, other]);
        Ok(())
    }

    /// Whether asking would make a request or a friendship.
    pub fn would_take(&self, me: usize, other: usize) -> bool {
        let asked = me == other || self.are_friends(me, other) || self.sent.contains(&[me, other]);
        !asked && !self.is_full(me) && !self.is_full(other) && !self.are_apart(me, other)
    }

    pub fn accept(&mut self, me: usize, sender: usize) -> Refused {
        if !self.received.contains(&[sender, me]) {
            return Err("NO_SUCH_REQUEST");
        }
        // They may have lost the friend that they had in common.
        if self.are_apart(me, sender) {
            return Err("OTHER_CANNOT_ACCEPT");
        }
        self.befriend(me, sender)
    }

    pub fn decline(&mut self, me: usize, sender: usize) -> Refused {
        let gone = take(&mut self.received, [sender, me]);
        gone.then_some(()).ok_or("NO_SUCH_REQUEST")
    }

    pub fn cancel(&mut self, me: usize, recipient: usize) -> Refused {
        take(&mut self.received, [me, recipient]);
        let gone = take(&mut self.sent, [me, recipient]);
        gone.then_some(()).ok_or("NO_SUCH_REQUEST")
    }

    pub fn end(&mut self, me: usize, other: usize) -> Refused {
        if self.are_hidden(Some(me), other) {
            return Err("NOT_FOUND");
        }
        let ended = take(&mut self.friends, [me, other]) || take(&mut self.friends, [other, me]);
        ended.then_some(()).ok_or("NOT_FRIENDS")
    }

    pub fn block(&mut self, me: usize, other: usize) -> Refused {
        if me == other {
            return Err("CANNOT_BLOCK_YOURSELF");
        }
        if self.blocks.contains(&[me, other]) {
            return Ok(());
        }
        // Nobody finds out by blocking back.
        if self.are_hidden(Some(me), other) {
            return Err("NOT_FOUND");
        }
        let _ = self.end(me, other);
        self.end_requests(me, other);
        self.blocks.push([me, other]);
        Ok(())
    }

    pub fn unblock(&mut self, me: usize, other: usize) -> Refused {
        let gone = take(&mut self.blocks, [me, other]);
        gone.then_some(()).ok_or("NOT_BLOCKED")
    }

    pub fn recognise(&mut self, who: usize, is: bool) {
        take(&mut self.tarento, who);
        if is {
            self.tarento.push(who);
        }
    }

    pub fn write(&mut self, author: usize, audience: Audience) {
        self.diaries.push(Diary {
            author,
            audience: Some(audience),
            comments: Vec::new(),
        });
    }

    /// None for the audience removes the diary.
    pub fn change(&mut self, me: usize, diary: usize, audience: Option<Audience>) -> Refused {
        if !self.sees_diary(Some(me), diary) {
            return Err("NOT_FOUND");
        }
        let diary = &mut self.diaries[diary];
        if diary.author != me {
            return Err("NOT_YOURS");
        }
        diary.audience = audience;
        Ok(())
    }

    pub fn may_comment(&self, me: usize, diary: usize) -> bool {
        self.sees_diary(Some(me), diary) && !self.are_apart(me, self.diaries[diary].author)
    }

    pub fn comment(&mut self, me: usize, diary: usize) -> Refused {
        if !self.may_comment(me, diary) {
            return Err("NOT_FOUND");
        }
        let comment = Comment {
            author: me,
            is_there: true,
        };
        self.diaries[diary].comments.push(comment);
        Ok(())
    }

    pub fn remove_comment(&mut self, me: usize, diary: usize, comment: usize) -> Refused {
        let sees = self.sees_diary(Some(me), diary);
        let under = &self.diaries[diary];
        let found = under.audience.and(under.comments.get(comment));
        let Some(found) = found.filter(|comment| comment.is_there) else {
            return Err("NOT_FOUND");
        };
        let hidden = [found.author, under.author]
            .iter()
            .any(|other| self.are_hidden(Some(me), *other));
        match () {
            () if hidden => Err("NOT_FOUND"),
            // What one wrote oneself can be taken back whatever has become of the diary's audience.
            () if found.author == me || under.author == me => {
                self.diaries[diary].comments[comment].is_there = false;
                Ok(())
            }
            () if sees => Err("NOT_YOURS"),
            () => Err("NOT_FOUND"),
        }
    }
}
