//! The rows of live events: of whose doing somebody hears on a real websocket, at once and from a cursor.
//!
//! Who hears nothing is known by what comes after it: a passer-by, whom nobody hides from, does the same
//! to everybody, and what was not heard before that does not come.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
};

use ashiato::{
    ids::{GlobalId, Kind},
    paging::cursor,
    server::Server,
};
use chrono::Duration;
use rstest::rstest;
use serde_json::{Value, json};

use super::{
    cast::{Ages, Cast, Who},
    feeds::{COMMENTS, FEEDS, FOOTPRINTS, NOTIFICATIONS, REQUESTS},
};
use crate::support::{
    server::serve,
    socket::Socket,
    world::{Person, World, account::PASSWORD},
};

/// What is heard on a socket, by the feed: whose doing, each once.
type Heard = BTreeMap<usize, BTreeSet<String>>;

struct Scene<'w> {
    world: &'w World,
    cast: Cast<'w>,
    server: Server,
    /// How often somebody has passed by.
    round: Cell<usize>,
    /// What everybody writes for the web, in the order of the members.
    diaries: Vec<String>,
}

impl<'w> Scene<'w> {
    async fn new(world: &'w World, ages: Ages) -> Self {
        let cast = Cast::new(world, ages).await;
        world.give_password(&cast.target).await;
        let mut diaries = Vec::new();
        for (_, person) in cast.members() {
            diaries.push(person.write("open", "PUBLIC").await);
        }
        Self {
            world,
            server: serve(world.app.clone()).await,
            cast,
            round: Cell::new(0),
            diaries,
        }
    }

    /// Has `by` do what `feed` tells of to the member at `place`, as far as they can. A request is made
    /// anew.
    async fn act(&self, feed: usize, by: &Person<'_>, place: usize) {
        let toward = &self.cast.members().nth(place).unwrap().1;
        if feed == REQUESTS {
            self.take_back(by, toward).await;
        }
        let (name, input) = match feed {
            FOOTPRINTS => ("visitProfile", json!({ "userId": toward.id() })),
            COMMENTS | NOTIFICATIONS => {
                let diary = &self.diaries[place];
                ("commentOnDiary", json!({ "diaryId": diary, "body": "b" }))
            }
            _ => ("requestFriendship", json!({ "userId": toward.id() })),
        };
        by.attempt(name, input, "").await;
    }

    async fn take_back(&self, by: &Person<'_>, toward: &Person<'_>) {
        let key = [by, toward].map(|person| person.viewer.id().unwrap());
        let request = GlobalId::encode(Kind::FriendRequest, &key).to_string();
        let input = json!({ "requestId": request });
        by.attempt("cancelFriendRequest", input, "").await;
    }

    /// Has the target do everything to everybody.
    async fn target_acts(&self) {
        for place in self.places() {
            for feed in 0..FEEDS.len() {
                self.act(feed, &self.cast.target, place).await;
            }
        }
    }

    /// Has everybody do everything to the target; but for requests where those would cross.
    async fn all_act(&self, feeds: &[usize]) {
        let target = self.place_of(Who::Target);
        for (_, person) in self.cast.members() {
            for feed in feeds {
                self.act(*feed, person, target).await;
            }
        }
    }

    /// Two come to everybody, an adult and a minor: of these each is out of reach of some.
    async fn pass_by(&self) {
        self.round.set(self.round.get() + 1);
        for birth in ["1986-04-01", "1990-04-01"] {
            let name = format!("{}{}", self.passer_by(), &birth[3..4]);
            let person = self.world.person_born(&name, birth).await;
            for place in self.places() {
                for feed in 0..FEEDS.len() {
                    self.act(feed, &person, place).await;
                }
            }
        }
        // The next visits count again.
        self.world.clock.advance(Duration::minutes(6));
    }

    /// What the names of the last passers-by begin with.
    fn passer_by(&self) -> String {
        format!("passer{}_", self.round.get())
    }

    fn places(&self) -> std::ops::Range<usize> {
        0..self.diaries.len()
    }

    fn place_of(&self, who: Who) -> usize {
        let mut members = self.cast.members();
        members.position(|(other, _)| *other == who).unwrap()
    }

    /// A socket of `person`, on which everything is heard from the beginning.
    async fn listen(&self, person: &Person<'_>) -> Socket {
        let token = &person.token;
        let payload = json!({ "Authorization": format!("Bearer {token}") });
        let mut socket = Socket::ready_at(self.server.local_addr(), payload).await;
        for (place, feed) in FEEDS.iter().enumerate() {
            let after = json!({ "after": cursor(feed.tag, &0_i64) });
            let id = place.to_string();
            socket.subscribe_with(&id, feed.document, after).await;
        }
        socket
    }

    /// What `person` hears of everything from the beginning, and the socket.
    async fn replay(&self, person: &Person<'_>) -> (Heard, Socket) {
        let mut socket = self.listen(person).await;
        (self.heard(&mut socket).await, socket)
    }

    /// What is heard until the last passer-by is, on each feed.
    async fn heard(&self, socket: &mut Socket) -> Heard {
        let feeds = || 0..FEEDS.len();
        let mut heard: Heard = feeds().map(|feed| (feed, BTreeSet::new())).collect();
        let mut waits: BTreeSet<_> = feeds().collect();
        let last = self.passer_by();
        while !waits.is_empty() {
            let message = socket.hear().await;
            assert_eq!(message["type"], "next", "{message}");
            let feed: usize = message["id"].as_str().unwrap().parse().unwrap();
            let name = message["payload"]["data"].pointer(FEEDS[feed].name);
            let name = name.and_then(Value::as_str);
            let name = name.unwrap_or_else(|| panic!("whose doing: {message}"));
            if name.starts_with(&last) {
                waits.remove(&feed);
            } else if !name.starts_with("passer") {
                heard.get_mut(&feed).unwrap().insert(name.to_owned());
            }
        }
        heard
    }

    /// Whose doing the target hears of: those who reach them.
    fn reaching(&self, feed: usize) -> BTreeSet<String> {
        let members = self.cast.members();
        let reaching = members.filter(|(who, _)| reaches(*who, feed));
        reaching
            .map(|(_, person)| person.username.clone())
            .collect()
    }

    /// Holds what everybody hears from the beginning to `expected`. Says how many rows that were.
    async fn replays(&self, when: &str, expected: fn(Who, usize) -> bool) -> usize {
        let mut rows = 0;
        for (who, person) in self.cast.members() {
            if *who != Who::Target {
                let (heard, _) = self.replay(person).await;
                rows += hold(when, *who, &heard, expected);
            }
        }
        rows
    }
}

/// Holds what `who` has heard of the target, and of nobody else, to `expected`.
fn hold(when: &str, who: Who, heard: &Heard, expected: fn(Who, usize) -> bool) -> usize {
    for (feed, names) in heard {
        let expected: BTreeSet<_> = expected(who, *feed)
            .then(|| "target".to_owned())
            .into_iter()
            .collect();
        let mut names = names.clone();
        // They have made friends of others, too.
        names.retain(|name| name == "target" || *feed != NOTIFICATIONS);
        assert_eq!(names, expected, "{when}: {who:?} {}", FEEDS[*feed].covers);
    }
    heard.len()
}

/// Whether what one of the target and `who` does comes to the other.
fn reaches(who: Who, feed: usize) -> bool {
    let is_friend = matches!(who, Who::Friend | Who::Grouped);
    let reaches = !who.is_hidden() && !matches!(who, Who::Apart | Who::Target);
    reaches && !(is_friend && feed == REQUESTS)
}

/// The same while the target is absent for everybody.
fn sees_the_absent(who: Who, feed: usize) -> bool {
    who.is_staff() && reaches(who, feed)
}

#[rstest]
#[case::of_adults(Ages::Adults)]
#[case::of_minors(Ages::Minors)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_hears_of_who_reaches_them_and_of_nobody_else(#[case] ages: Ages) {
    let world = World::new().await;
    let scene = Scene::new(&world, ages).await;
    let mut rows = 0;
    rows += toward_the_target(&scene).await;
    rows += by_the_target(&scene).await;
    rows += of_who_is_absent(&scene).await;
    rows += of_nobody(&scene).await;
    assert!(rows >= 220, "{rows}");
    scene.server.shutdown().await;
}

/// What everybody does to the target, before there are blocks.
async fn toward_the_target(scene: &Scene<'_>) -> usize {
    let Scene { cast, .. } = scene;
    cast.block(false).await;
    // Nobody asks whom the target has asked: they would be friends.
    let stranger = cast.member(Who::Stranger).unwrap();
    scene.take_back(&cast.target, stranger).await;
    scene.all_act(&[FOOTPRINTS, COMMENTS, REQUESTS]).await;
    cast.block(true).await;
    scene.pass_by().await;
    let (heard, _) = scene.replay(&cast.target).await;
    let mut rows = 0;
    for (feed, mut names) in heard {
        // Who has become a friend of the target's, and plays no part.
        names.remove("host");
        assert_eq!(names, scene.reaching(feed), "{}", FEEDS[feed].covers);
        rows += cast.members().count() - 1;
    }
    for (_, person) in cast.members() {
        scene.take_back(person, &cast.target).await;
    }
    rows
}

/// What the target does to everybody: before there are blocks, and then while they listen.
async fn by_the_target(scene: &Scene<'_>) -> usize {
    let Scene { cast, .. } = scene;
    cast.block(false).await;
    scene.target_acts().await;
    cast.block(true).await;
    scene.pass_by().await;
    let mut listening = Vec::new();
    let mut rows = 0;
    for (who, person) in cast.members() {
        let (heard, socket) = scene.replay(person).await;
        if *who != Who::Target {
            rows += hold("from the beginning", *who, &heard, reaches);
        }
        listening.push((*who, socket));
    }
    scene.target_acts().await;
    // Nobody but the target hears of what others do to the target.
    scene.all_act(&[FOOTPRINTS, COMMENTS]).await;
    scene.pass_by().await;
    for (who, socket) in &mut listening {
        let heard = scene.heard(socket).await;
        if *who != Who::Target {
            rows += hold("at once", *who, &heard, reaches);
            continue;
        }
        for feed in [FOOTPRINTS, COMMENTS] {
            assert_eq!(heard[&feed], scene.reaching(feed), "{}", FEEDS[feed].covers);
            rows += cast.members().count() - 1;
        }
    }
    rows
}

/// While the target is suspended, and while they are about to leave, nobody hears of what they did, but who
/// looks after them; and afterwards all do again.
async fn of_who_is_absent(scene: &Scene<'_>) -> usize {
    let Scene { cast, world, .. } = scene;
    let administrator = cast.member(Who::Administrator).unwrap();
    let user = json!({ "userId": cast.target.id() });
    let mut input = user.clone();
    input["reason"] = json!("spam");
    let (_, mut socket) = scene.replay(&cast.target).await;
    administrator.mutate("suspendUser", input, "").await;
    assert_eq!(socket.closed().await.0, 4403, "no session, no feed");
    let mut rows = scene.replays("suspended", sees_the_absent).await;
    administrator.mutate("liftSuspension", user, "").await;
    rows += scene.replays("lifted", reaches).await;
    let target = world.known("target").await;
    let input = json!({ "password": PASSWORD });
    target.mutate("deleteAccount", input, "").await;
    rows += scene.replays("leaving", sees_the_absent).await;
    // Who is leaving is there for themselves, and so is what was done to them.
    let (heard, _) = scene.replay(&target).await;
    for feed in [FOOTPRINTS, COMMENTS] {
        assert_eq!(heard[&feed], scene.reaching(feed), "{}", FEEDS[feed].covers);
        rows += cast.members().count() - 1;
    }
    target.mutate("cancelAccountDeletion", json!({}), "").await;
    rows + scene.replays("staying", reaches).await
}

/// Who is signed out hears of nothing.
async fn of_nobody(scene: &Scene<'_>) -> usize {
    for feed in &FEEDS {
        let mut socket = Socket::ready_at(scene.server.local_addr(), json!({})).await;
        socket.subscribe("1", feed.document).await;
        let answer = socket.hear().await.to_string();
        assert!(answer.contains("UNAUTHENTICATED"), "{answer}");
    }
    FEEDS.len()
}
