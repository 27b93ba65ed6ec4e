//! What somebody sees of a community, as the rules say and as the service answers.

use ashiato::ids::{GlobalId, Kind};
use serde_json::{Value, json};
use uuid::Uuid;

use super::community::{Community, PEOPLE};

/// What there is to look at, and its names in the service.
#[derive(Default)]
pub struct Names {
    pub people: Vec<Uuid>,
    pub diaries: Vec<Value>,
    /// Under each of the diaries.
    pub comments: Vec<Vec<Value>>,
}

/// As much as a look takes in of what was written: the rest is too long ago.
const DIARIES: usize = 6;

pub const LOOK: &str = "query($people: [ID!]!, $diaries: [ID!]!) {
    people: nodes(ids: $people) { ... on User { id kind friendCount viewerRelation
        viewerCanRequestFriendship
        friends(first: 100) { totalCount nodes { id } }
        mutualFriends(first: 100) { nodes { id } }
        diaries(first: 100) { totalCount nodes { id } } } }
    diaries: nodes(ids: $diaries) { ... on Diary { id audience viewerCanEdit viewerCanComment commentCount
        comments(first: 100) { totalCount nodes { id author { id } } } } }
    viewer { visitCount newFootprintCount
        footprints(first: 100) { totalCount nodes { number visitor { id } } }
        homeFeed(first: 100) { nodes { id } }
        blockedUsers(first: 100) { nodes { userId } }
        incomingFriendRequests(first: 100) { nodes { id } }
        outgoingFriendRequests(first: 100) { nodes { id } } } }";

impl Names {
    pub fn person(&self, who: usize) -> Value {
        json!(GlobalId::encode(Kind::User, &[self.people[who]]).to_string())
    }

    pub fn request(&self, [sender, recipient]: [usize; 2]) -> Value {
        let key = [self.people[sender], self.people[recipient]];
        json!(GlobalId::encode(Kind::FriendRequest, &key).to_string())
    }

    fn recent(&self) -> std::ops::Range<usize> {
        self.diaries.len().saturating_sub(DIARIES)..self.diaries.len()
    }

    /// What [`LOOK`] asks for.
    pub fn variables(&self) -> Value {
        let people: Vec<_> = (0..PEOPLE).map(|who| self.person(who)).collect();
        json!({ "people": people, "diaries": self.diaries[self.recent()] })
    }

    /// What the answer to it has to be for `who`.
    pub fn expected(&self, community: &Community, who: Option<usize>) -> Value {
        let people: Vec<_> = (0..PEOPLE)
            .map(|other| self.person_seen(community, who, other))
            .collect();
        let diaries: Vec<_> = self
            .recent()
            .map(|diary| self.diary_seen(community, who, diary))
            .collect();
        let viewer = who.map(|me| self.own(community, me));
        json!({ "people": people, "diaries": diaries, "viewer": viewer })
    }

    fn ids(&self, people: impl IntoIterator<Item = usize>) -> Vec<Value> {
        let people = people.into_iter();
        people
            .map(|who| json!({ "id": self.person(who) }))
            .collect()
    }

    fn person_seen(&self, community: &Community, who: Option<usize>, other: usize) -> Value {
        if community.are_hidden(who, other) {
            return Value::Null;
        }
        let shown = |friend: &usize| !community.are_hidden(who, *friend);
        let friends: Vec<_> = community
            .friends_of(other)
            .into_iter()
            .filter(shown)
            .collect();
        let mine = who.map(|me| community.friends_of(me)).unwrap_or_default();
        let mutual = friends
            .iter()
            .filter(|friend| mine.contains(friend))
            .copied();
        let mutual: Vec<_> = mutual.collect();
        let mut diaries: Vec<_> = (0..self.diaries.len())
            .filter(|diary| community.diaries[*diary].author == other)
            .filter(|diary| community.sees_diary(who, *diary))
            .map(|diary| json!({ "id": self.diaries[diary] }))
            .collect();
        diaries.reverse();
        let relation = match who {
            None => "NONE",
            Some(me) if me == other => "SELF",
            Some(me) if community.are_friends(me, other) => "FRIEND",
            Some(me) if community.sent.contains(&[me, other]) => "REQUEST_SENT",
            Some(me) if community.received.contains(&[other, me]) => "REQUEST_RECEIVED",
            Some(me) if community.are_apart(me, other) => "NONE",
            Some(me) if community.are_second(me, other) => "FRIEND_OF_FRIEND",
            Some(_) => "NONE",
        };
        let kind = match community.tarento.contains(&other) {
            true => "TARENTO",
            false => "MEMBER",
        };
        json!({
            "id": self.person(other),
            "kind": kind,
            "friendCount": friends.len(),
            "viewerRelation": relation,
            "viewerCanRequestFriendship": who.is_some_and(|me| community.would_take(me, other)),
            "friends": { "totalCount": friends.len(), "nodes": self.ids(friends) },
            "mutualFriends": { "nodes": self.ids(mutual) },
            "diaries": { "totalCount": diaries.len(), "nodes": diaries },
        })
    }

    fn diary_seen(&self, community: &Community, who: Option<usize>, diary: usize) -> Value {
        if !community.sees_diary(who, diary) {
            return Value::Null;
        }
        let under = &community.diaries[diary];
        let comments: Vec<_> = under
            .comments
            .iter()
            .zip(&self.comments[diary])
            .filter(|(comment, _)| comment.is_there && !community.are_hidden(who, comment.author))
            .map(|(comment, id)| json!({ "id": id, "author": { "id": self.person(comment.author) } }))
            .collect();
        json!({
            "id": self.diaries[diary],
            "audience": under.audience.map(|audience| audience.name()),
            "viewerCanEdit": who == Some(under.author),
            "viewerCanComment": who.is_some_and(|me| community.may_comment(me, diary)),
            "commentCount": comments.len(),
            "comments": { "totalCount": comments.len(), "nodes": comments },
        })
    }

    fn own(&self, community: &Community, me: usize) -> Value {
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
            .collect();
        let of = |list: &[[usize; 2]], end: usize| -> Vec<_> {
            let mine = list.iter().rev().filter(|pair| pair[end] == me);
            mine.map(|pair| json!({ "id": self.request(*pair) }))
                .collect()
        };
        let blocked = community.blocks.iter().rev().filter(|[by, _]| *by == me);
        let blocked: Vec<_> = blocked
            .map(|[_, whom]| json!({ "userId": self.person(*whom) }))
            .collect();
        json!({
            "visitCount": home.visits,
            "newFootprintCount": new,
            "footprints": { "totalCount": footprints.len(), "nodes": footprints },
            "homeFeed": { "nodes": feed },
            "blockedUsers": { "nodes": blocked },
            "incomingFriendRequests": { "nodes": of(&community.received, 1) },
            "outgoingFriendRequests": { "nodes": of(&community.sent, 0) },
        })
    }
}
