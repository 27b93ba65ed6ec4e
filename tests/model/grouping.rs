//! Groups of friends.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    community::{Audience, Community, GROUPS, Group, Refused, take},
    deed::{Call, Came, Pair, came},
    look::Names,
};

/// What a group is called; the last as another is, for it differs in case alone.
const NAMES: [&str; 4] = ["work", "school", "close friends", "Work"];

/// Groups are told as [`Community::group`] finds them.
#[derive(Clone, Copy, Debug)]
pub enum Grouping {
    Create(usize),
    Rename(usize, usize),
    Delete(usize),
    Add(usize),
    TakeOut(usize),
}

pub fn which() -> impl Strategy<Value = usize> {
    0..5_usize
}

pub fn grouping() -> impl Strategy<Value = Grouping> {
    let name = || 0..NAMES.len();
    prop_oneof![
        2 => name().prop_map(Grouping::Create),
        2 => (which(), name()).prop_map(|(group, name)| Grouping::Rename(group, name)),
        2 => which().prop_map(Grouping::Delete),
        8 => which().prop_map(Grouping::Add),
        4 => which().prop_map(Grouping::TakeOut),
    ]
}

impl Grouping {
    pub fn by_the_rules(self, Pair { me, other }: Pair, community: &mut Community) -> Came {
        came(match self {
            Self::Create(name) => community.make_group(me, NAMES[name]),
            Self::Rename(which, name) => community.rename_group(me, other, which, NAMES[name]),
            Self::Delete(which) => community.delete_group(me, other, which),
            Self::Add(which) => community.add_to_group(me, other, which),
            Self::TakeOut(which) => community.take_out(me, other, which),
        })
    }

    pub fn call(self, pair: Pair, names: &Names) -> Call {
        let group = |which| json!({ "friendGroupId": names.group(pair, which) });
        let with = |which, field: &str, value: Value| {
            let mut input = group(which);
            input[field] = value;
            input
        };
        let users = || json!([names.person(pair.other)]);
        let (name, input, fields) = match self {
            Self::Create(name) => {
                let input = json!({ "name": NAMES[name] });
                ("createFriendGroup", input, "friendGroup { id }")
            }
            Self::Rename(which, name) => {
                let input = with(which, "name", json!(NAMES[name]));
                ("renameFriendGroup", input, "")
            }
            Self::Delete(which) => ("deleteFriendGroup", group(which), ""),
            Self::Add(which) => ("addToFriendGroup", with(which, "userIds", users()), ""),
            Self::TakeOut(which) => ("removeFromFriendGroup", with(which, "userIds", users()), ""),
        };
        Call::of(pair.me, name, input).asking(fields)
    }

    /// What is new gets a name.
    pub fn note(self, me: usize, answer: &Value, names: &mut Names) {
        if let Self::Create(_) = self {
            let id = answer["friendGroup"]["id"].clone();
            names.groups.push((me, id));
        }
    }
}

/// Which of the groups of these owners is meant by `which`: the close friends of `me`, the last three that
/// `me` made, the last that `other` did. There are deleted ones among them.
pub fn nth(owners: &[usize], Pair { me, other }: Pair, which: usize) -> Option<usize> {
    let (owner, back) = match which {
        0 => return Some(me),
        4 => (other, 0),
        back => (me, back - 1),
    };
    let made = owners.iter().enumerate().skip(super::community::PEOPLE + 1);
    let of_owner = made.filter(|(_, of)| **of == owner);
    of_owner.map(|(place, _)| place).rev().nth(back)
}

impl Community {
    /// The place of the group that is meant, if it is there, and one of `me`.
    pub fn group(&self, me: usize, other: usize, which: usize) -> Result<usize, &'static str> {
        let owners: Vec<_> = self.groups.iter().map(|group| group.owner).collect();
        let found = nth(&owners, Pair { me, other }, which);
        let is_mine = |group: &usize| {
            let group = &self.groups[*group];
            group.owner == me && group.name.is_some()
        };
        found.filter(is_mine).ok_or("NOT_FOUND")
    }

    /// Those of `owner`, in their order.
    pub fn groups_of(&self, owner: usize) -> impl Iterator<Item = (usize, &Group)> {
        let all = self.groups.iter().enumerate();
        all.filter(move |(_, group)| group.owner == owner && group.name.is_some())
    }

    fn is_free(&self, me: usize, name: &str, but: Option<usize>) -> Refused {
        let mut others = self.groups_of(me).filter(|(place, _)| Some(*place) != but);
        let has_it = |group: &Group| group.name.is_some_and(|its| its.eq_ignore_ascii_case(name));
        match others.any(|(_, group)| has_it(group)) {
            true => Err("FRIEND_GROUP_NAME_TAKEN"),
            false => Ok(()),
        }
    }

    fn make_group(&mut self, me: usize, name: &'static str) -> Refused {
        self.is_free(me, name, None)?;
        // That of the close friends is there beside them.
        if self.groups_of(me).count() > GROUPS {
            return Err("FRIEND_GROUP_LIMIT_REACHED");
        }
        self.groups.push(Group {
            owner: me,
            name: Some(name),
            members: Vec::new(),
        });
        Ok(())
    }

    fn made(&self, me: usize, other: usize, which: usize) -> Result<usize, &'static str> {
        match self.group(me, other, which)? {
            close_friends if close_friends == me => Err("CLOSE_FRIENDS_STAY"),
            group => Ok(group),
        }
    }

    fn rename_group(
        &mut self,
        me: usize,
        other: usize,
        which: usize,
        name: &'static str,
    ) -> Refused {
        let group = self.made(me, other, which)?;
        self.is_free(me, name, Some(group))?;
        self.groups[group].name = Some(name);
        Ok(())
    }

    fn delete_group(&mut self, me: usize, other: usize, which: usize) -> Refused {
        let place = self.made(me, other, which)?;
        let group = &mut self.groups[place];
        group.name = None;
        group.members.clear();
        // What was for it is for its author alone.
        for diary in &mut self.diaries {
            if diary.group == Some(place) {
                (diary.audience, diary.group) = (Some(Audience::OnlyMe), None);
            }
        }
        Ok(())
    }

    fn add_to_group(&mut self, me: usize, other: usize, which: usize) -> Refused {
        let group = self.group_for(me, other, which)?;
        if !self.groups[group].members.contains(&other) {
            self.groups[group].members.push(other);
        }
        Ok(())
    }

    fn take_out(&mut self, me: usize, other: usize, which: usize) -> Refused {
        let group = self.group_for(me, other, which)?;
        take(&mut self.groups[group].members, other);
        Ok(())
    }

    fn group_for(&self, me: usize, other: usize, which: usize) -> Result<usize, &'static str> {
        let group = self.group(me, other, which)?;
        let is_there = !self.are_hidden(Some(me), other);
        match is_there && self.are_friends(me, other) {
            true => Ok(group),
            false => Err("NOT_FRIENDS"),
        }
    }
}
