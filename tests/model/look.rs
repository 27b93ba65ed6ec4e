//! What somebody sees of a community, as the rules say and as the service answers.

mod own;
mod people;
mod things;

use std::collections::{BTreeMap, BTreeSet};

use ashiato::ids::{GlobalId, Kind};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{community::Community, deed::Pair, grouping::nth, writing::For};

/// What there is to look at, and its names in the service.
#[derive(Default)]
pub struct Names {
    /// The administrator last.
    pub people: Vec<Uuid>,
    /// Those who had a place before.
    pub gone: Vec<Value>,
    pub diaries: Vec<Value>,
    /// Under each of the diaries.
    pub comments: Vec<Vec<Value>>,
    /// With their owners: everybody's close friends, and then those that were made.
    pub groups: Vec<(usize, Value)>,
    pub items: Vec<Value>,
    /// How often each mutation was not refused.
    pub done: BTreeMap<&'static str, usize>,
}

/// As much as a look takes in of what was written: the rest is too long ago.
const DIARIES: usize = 6;
/// And of who is gone.
const GONE: usize = 2;
/// As much of a list as is read of those that grow for ever.
const PAGE: usize = 10;

/// What a look takes in: each is half of all that there is, and what one of them misses the next finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    People,
    Things,
}

const PEOPLE: &str = "query($people: [ID!]!, $gone: [ID!]!) {
    people: nodes(ids: $people) { ... on User { id kind friendCount viewerRelation
        viewerCanRequestFriendship suspension { reason } facts { hometown realName }
        friends(first: 100) { totalCount nodes { id } }
        mutualFriends(first: 100) { nodes { id } }
        viewerFriendGroups(first: 100) { totalCount nodes { id } }
        diaries(first: 10) { totalCount nodes { id } }
        introductions(first: 100) { totalCount nodes { id subject { id } author { id } } }
        viewerIntroduction { id }
        reviews(first: 100) { totalCount nodes { id rating } } } }
    gone: nodes(ids: $gone) { id }
    viewer { deletion { __typename }
        blockedUsers(first: 100) { nodes { userId } }
        friendGroups(first: 100) { totalCount nodes { id name isCloseFriends friendsCount
            friends(first: 100) { totalCount nodes { id } } } }
        incomingFriendRequests(first: 100) { nodes { id } }
        outgoingFriendRequests(first: 100) { nodes { id } }
        writtenIntroductions(first: 100) { nodes { id subject { id } author { id } } } } }";

const THINGS: &str = "query($diaries: [ID!]!, $items: [ID!]!) {
    diaries: nodes(ids: $diaries) { ... on Diary { id audience friendGroup { id } viewerCanEdit
        viewerCanComment commentCount
        comments(first: 100) { totalCount nodes { id isByDeletedUser author { id } } } } }
    items: nodes(ids: $items) { ... on CatalogueItem { rating { count mean histogram { stars count } }
        reviews(first: 100) { totalCount nodes { id rating author { id } } }
        ofFriends: reviews(first: 100, by: FRIENDS) { nodes { id } } } }
    viewer { visitCount newFootprintCount
        footprints(first: 10) { totalCount nodes { number visitor { id } } }
        homeFeed(first: 10) { nodes { id } } } }";

impl Half {
    pub fn document(self) -> &'static str {
        match self {
            Self::People => PEOPLE,
            Self::Things => THINGS,
        }
    }
}

fn global(kind: Kind, key: &[Uuid]) -> Value {
    json!(GlobalId::encode(kind, key).to_string())
}

impl Names {
    pub fn person(&self, who: usize) -> Value {
        global(Kind::User, &[self.people[who]])
    }

    pub fn request(&self, [sender, recipient]: [usize; 2]) -> Value {
        let key = [self.people[sender], self.people[recipient]];
        global(Kind::FriendRequest, &key)
    }

    pub fn review(&self, author: usize, item: usize) -> Value {
        let item = self.items[item].as_str().unwrap();
        let [item] = GlobalId::expect(item, Kind::CatalogueItem).unwrap();
        global(Kind::Review, &[self.people[author], item])
    }

    /// The place of the diary that is so far back.
    pub fn diary(&self, back: usize) -> Option<usize> {
        self.diaries.len().checked_sub(back + 1)
    }

    /// The group that is meant, or one that never was.
    pub fn group(&self, pair: Pair, which: usize) -> Value {
        let owners: Vec<_> = self.groups.iter().map(|(owner, _)| *owner).collect();
        match nth(&owners, pair, which) {
            Some(group) => self.groups[group].1.clone(),
            None => global(
                Kind::FriendGroup,
                &[self.people[pair.me], Uuid::from_u128(0xfeed)],
            ),
        }
    }

    /// `input` with whom it is for.
    pub fn meant_for(&self, pair: Pair, whom: For, mut input: Value) -> Value {
        match whom {
            For::Audience(audience) => input["audience"] = json!(audience.name()),
            For::Group(which) => {
                input["audience"] = json!("GROUP");
                input["friendGroupId"] = self.group(pair, which);
            }
        }
        input
    }

    /// `who` has the place now, and close friends.
    pub fn place(&mut self, who: usize, id: Uuid) {
        let close_friends = global(Kind::FriendGroup, &[id, Uuid::nil()]);
        if who == self.people.len() {
            self.people.push(id);
            self.groups.push((who, close_friends));
            return;
        }
        self.gone.push(self.person(who));
        self.people[who] = id;
        self.groups[who].1 = close_friends;
    }

    fn recent(&self) -> std::ops::Range<usize> {
        self.diaries.len().saturating_sub(DIARIES)..self.diaries.len()
    }

    fn gone(&self) -> &[Value] {
        &self.gone[self.gone.len().saturating_sub(GONE)..]
    }

    /// What is asked for, of these people.
    pub fn variables(&self, half: Half, people: &BTreeSet<usize>) -> Value {
        match half {
            Half::People => {
                let people: Vec<_> = people.iter().map(|who| self.person(*who)).collect();
                json!({ "people": people, "gone": self.gone() })
            }
            Half::Things => {
                json!({ "diaries": &self.diaries[self.recent()], "items": self.items })
            }
        }
    }

    /// What the answer to it has to be for `who`.
    pub fn expected(
        &self,
        community: &Community,
        who: Option<usize>,
        half: Half,
        people: &BTreeSet<usize>,
    ) -> Value {
        if half == Half::Things {
            let diaries: Vec<_> = self
                .recent()
                .map(|diary| self.diary_seen(community, who, diary))
                .collect();
            let items: Vec<_> = (0..self.items.len())
                .map(|item| self.item_seen(community, who, item))
                .collect();
            let viewer = who.map(|me| self.own_things(community, me));
            return json!({ "diaries": diaries, "items": items, "viewer": viewer });
        }
        let people: Vec<_> = people
            .iter()
            .map(|other| self.person_seen(community, who, *other))
            .collect();
        let gone: Vec<_> = self.gone().iter().map(|_| Value::Null).collect();
        let viewer = who.map(|me| self.own_ties(community, me));
        json!({ "people": people, "gone": gone, "viewer": viewer })
    }

    fn ids(&self, people: impl IntoIterator<Item = usize>) -> Vec<Value> {
        let people = people.into_iter();
        people
            .map(|who| json!({ "id": self.person(who) }))
            .collect()
    }
}

/// A whole list, with what counts it.
fn list(nodes: Vec<Value>) -> Value {
    json!({ "totalCount": nodes.len(), "nodes": nodes })
}

/// The beginning of one.
fn page(mut nodes: Vec<Value>) -> Value {
    let count = nodes.len();
    nodes.truncate(PAGE);
    json!({ "totalCount": count, "nodes": nodes })
}
