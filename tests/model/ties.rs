//! Friendships, requests and blocks.

use proptest::prelude::*;
use serde_json::json;

use super::{
    community::{Community, LIMIT, Refused, STAFF, take},
    deed::{Call, Came, Pair, came},
    look::Names,
};

#[derive(Clone, Copy, Debug)]
pub enum Tie {
    Ask,
    Accept,
    Decline,
    Cancel,
    End,
    Block,
    Unblock,
    Recognise(bool),
}

pub fn tie() -> impl Strategy<Value = Tie> {
    prop_oneof![
        12 => Just(Tie::Ask),
        8 => Just(Tie::Accept),
        3 => Just(Tie::Decline),
        2 => Just(Tie::Cancel),
        2 => Just(Tie::End),
        1 => Just(Tie::Block),
        2 => Just(Tie::Unblock),
        1 => any::<bool>().prop_map(Tie::Recognise),
    ]
}

impl Tie {
    pub fn by_the_rules(self, Pair { me, other }: Pair, community: &mut Community) -> Came {
        came(match self {
            Self::Ask => community.ask(me, other),
            Self::Accept => community.accept(me, other),
            Self::Decline => community.decline(me, other),
            Self::Cancel => community.cancel(me, other),
            Self::End => community.end(me, other),
            Self::Block => community.block(me, other),
            Self::Unblock => community.unblock(me, other),
            Self::Recognise(is) => {
                community.recognise(other, is);
                Ok(())
            }
        })
    }

    pub fn call(self, Pair { me, other }: Pair, names: &Names) -> Call {
        let user = json!({ "userId": names.person(other) });
        let request = |pair| json!({ "requestId": names.request(pair) });
        let (name, input) = match self {
            Self::Ask => ("requestFriendship", user),
            Self::Accept => ("acceptFriendRequest", request([other, me])),
            Self::Decline => ("declineFriendRequest", request([other, me])),
            Self::Cancel => ("cancelFriendRequest", request([me, other])),
            Self::End => ("endFriendship", user),
            Self::Block => ("blockUser", user),
            Self::Unblock => ("unblockUser", user),
            Self::Recognise(is) => {
                let input = json!({ "userId": names.person(other), "tarento": is });
                return Call::of(STAFF, "setTarento", input);
            }
        };
        Call::of(me, name, input)
    }
}

impl Community {
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

    fn ask(&mut self, me: usize, other: usize) -> Refused {
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
        let is_full = self.is_full(me) || self.is_full(other);
        let are_here = !self.is_absent(me) && !self.is_absent(other);
        !asked && !is_full && are_here && !self.are_apart(me, other)
    }

    fn accept(&mut self, me: usize, sender: usize) -> Refused {
        let is_hidden = self.are_hidden(Some(me), sender);
        if is_hidden || !self.received.contains(&[sender, me]) {
            return Err("NO_SUCH_REQUEST");
        }
        // They may have lost the friend that they had in common.
        if self.are_apart(me, sender) {
            return Err("OTHER_CANNOT_ACCEPT");
        }
        self.befriend(me, sender)
    }

    fn decline(&mut self, me: usize, sender: usize) -> Refused {
        let is_hidden = self.are_hidden(Some(me), sender);
        let gone = !is_hidden && take(&mut self.received, [sender, me]);
        gone.then_some(()).ok_or("NO_SUCH_REQUEST")
    }

    fn cancel(&mut self, me: usize, recipient: usize) -> Refused {
        if self.are_hidden(Some(me), recipient) {
            return Err("NO_SUCH_REQUEST");
        }
        take(&mut self.received, [me, recipient]);
        let gone = take(&mut self.sent, [me, recipient]);
        gone.then_some(()).ok_or("NO_SUCH_REQUEST")
    }

    /// Also with who is absent for a while: they would be friends again.
    fn end(&mut self, me: usize, other: usize) -> Refused {
        if self.part(me, other) {
            return Ok(());
        }
        Err(match self.are_hidden(Some(me), other) {
            true => "NOT_FOUND",
            false => "NOT_FRIENDS",
        })
    }

    /// Who is no friend any more is in no group, and neither introduces the other. Says whether they were
    /// friends.
    fn part(&mut self, me: usize, other: usize) -> bool {
        for (owner, friend) in [(me, other), (other, me)] {
            let groups = self.groups.iter_mut();
            for group in groups.filter(|group| group.owner == owner) {
                take(&mut group.members, friend);
            }
        }
        self.end_introductions(me, other);
        take(&mut self.friends, [me, other]) || take(&mut self.friends, [other, me])
    }

    /// Whoever wants to be rid of somebody who is absent for a while need not wait for them.
    fn block(&mut self, me: usize, other: usize) -> Refused {
        if me == other {
            return Err("CANNOT_BLOCK_YOURSELF");
        }
        if self.blocks.contains(&[me, other]) {
            return Ok(());
        }
        // Nobody finds out by blocking back.
        if self.are_blocked(me, other) {
            return Err("NOT_FOUND");
        }
        self.part(me, other);
        self.end_requests(me, other);
        self.blocks.push([me, other]);
        Ok(())
    }

    /// Not of who is absent: they are in no list.
    fn unblock(&mut self, me: usize, other: usize) -> Refused {
        let gone = !self.is_absent(other) && take(&mut self.blocks, [me, other]);
        gone.then_some(()).ok_or("NOT_BLOCKED")
    }

    fn recognise(&mut self, who: usize, is: bool) {
        take(&mut self.tarento, who);
        if is {
            self.tarento.push(who);
        }
    }
}
