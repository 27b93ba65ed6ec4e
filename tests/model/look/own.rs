//! What somebody sees of what is theirs alone.

use serde_json::{Value, json};

use super::{Names, PAGE, list, page};
use crate::model::community::Community;

impl Names {
    pub(super) fn own_things(&self, community: &Community, me: usize) -> Value {
        let home = &community.homes[me];
        let shown: Vec<_> = home
            .footprints
            .iter()
            .filter(|there| !community.are_hidden(Some(me), there.visitor))
            .rev()
            .collect();
        let new = shown
            .iter()
            .filter(|there| there.number > home.seen)
            .count();
        let footprints: Vec<_> = shown
            .iter()
            .map(|there| json!({ "number": there.number, "visitor": { "id": self.person(there.visitor) } }))
            .collect();
        let friends = community.friends_of(me);
        let feed: Vec<_> = (0..self.diaries.len())
            .rev()
            .filter(|diary| friends.contains(&community.diaries[*diary].author))
            .filter(|diary| community.sees_diary(Some(me), *diary))
            .map(|diary| json!({ "id": self.diaries[diary] }))
            .take(PAGE)
            .collect();
        json!({
            "visitCount": home.visits,
            "newFootprintCount": new,
            "footprints": page(footprints),
            "homeFeed": { "nodes": feed },
        })
    }

    pub(super) fn own_ties(&self, community: &Community, me: usize) -> Value {
        let of = |list: &[[usize; 2]], end: usize| -> Vec<_> {
            let mine = list.iter().rev().filter(|pair| pair[end] == me);
            mine.filter(|pair| !community.are_hidden(Some(me), pair[1 - end]))
                .map(|pair| json!({ "id": self.request(*pair) }))
                .collect()
        };
        let blocked = community.blocks.iter().rev().filter(|[by, _]| *by == me);
        let blocked: Vec<_> = blocked
            .filter(|[_, whom]| !community.is_absent(*whom))
            .map(|[_, whom]| json!({ "userId": self.person(*whom) }))
            .collect();
        let deletion = json!({ "__typename": "AccountDeletion" });
        json!({
            "deletion": community.is_leaving(me).then_some(deletion),
            "blockedUsers": { "nodes": blocked },
            "friendGroups": list(self.groups_seen(community, me)),
            "incomingFriendRequests": { "nodes": of(&community.received, 1) },
            "outgoingFriendRequests": { "nodes": of(&community.sent, 0) },
            "writtenIntroductions": { "nodes": self.introductions_by(community, me) },
        })
    }

    fn groups_seen(&self, community: &Community, me: usize) -> Vec<Value> {
        let groups = community.groups_of(me);
        let seen = groups.map(|(place, group)| {
            // Those first who were put into it last.
            let members = group.members.iter().rev().copied();
            let shown = members.filter(|member| !community.are_hidden(Some(me), *member));
            let friends = self.ids(shown);
            let count = friends.len();
            json!({
                "id": self.groups[place].1,
                "name": group.name,
                "isCloseFriends": place == me,
                "friendsCount": count,
                "friends": { "totalCount": count, "nodes": friends },
            })
        });
        seen.collect()
    }
}
