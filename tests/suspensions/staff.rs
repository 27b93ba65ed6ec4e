//! Moderators and administrators see who is absent, and do nothing with them but what looks after them: the
//! list of what can be done is the schema's own, so that a new mutation cannot be forgotten.

mod introducing;

use std::collections::{BTreeMap, BTreeSet};

use ashiato::graphql::schema;
use async_graphql::parser::{
    parse_schema,
    types::{BaseType, Type, TypeKind, TypeSystemDefinition},
};
use chrono::TimeDelta;
use entity::values::Role;
use rstest::rstest;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::{lift, suspend};
use crate::support::{
    backend::is_postgres,
    sql,
    world::{Person, World},
};

/// What takes an id, and does nothing with whose it is.
const FREE: [(&str, &str); 20] = [
    ("signOutSession", OWN),
    ("setTarento", LOOKS_AFTER),
    ("setRole", LOOKS_AFTER),
    ("suspendUser", LOOKS_AFTER),
    ("liftSuspension", LOOKS_AFTER),
    ("report", LOOKS_AFTER),
    ("resolveReport", LOOKS_AFTER),
    ("endFriendship", TAKES_AWAY),
    ("blockUser", TAKES_AWAY),
    ("renameFriendGroup", OWN),
    ("deleteFriendGroup", OWN),
    ("writeDiary", OWN),
    ("reviewItem", NOBODYS),
    ("addCatalogueItem", NOBODYS),
    ("addFavouriteSong", NOBODYS),
    ("moveFavouriteSong", NOBODYS),
    ("removeFavouriteSong", NOBODYS),
    ("reportListens", NOBODYS),
    ("deletePhoto", OWN),
    ("revokeInvitation", OWN),
];
const NOBODYS: &str = "an item, or an artist, is nobody's";
const OWN: &str = "the id of what is one's own: another's is refused";
const LOOKS_AFTER: &str = "it looks after who is absent, or after what they wrote";
const TAKES_AWAY: &str = "it takes away what one has with them, as anybody can: they come back";

/// The mutations that take an id, however deep in their input.
fn with_an_id() -> BTreeSet<String> {
    let document = parse_schema(schema::sdl()).unwrap();
    let mut types = BTreeMap::new();
    for definition in document.definitions {
        if let TypeSystemDefinition::Type(definition) = definition {
            let definition = definition.node;
            types.insert(definition.name.node.to_string(), definition.kind);
        }
    }
    let TypeKind::Object(mutation) = &types["Mutation"] else {
        panic!("no mutations");
    };
    let fields = mutation.fields.iter().map(|field| &field.node);
    let with = fields.filter(|field| {
        let mut arguments = field.arguments.iter();
        arguments.any(|argument| takes_id(&types, &argument.node.ty.node))
    });
    with.map(|field| field.name.node.to_string()).collect()
}

fn takes_id(types: &BTreeMap<String, TypeKind>, wanted: &Type) -> bool {
    match &wanted.base {
        BaseType::List(of) => takes_id(types, of),
        BaseType::Named(name) if name == "ID" => true,
        BaseType::Named(name) => match types.get(name.as_str()) {
            Some(TypeKind::InputObject(input)) => {
                let mut fields = input.fields.iter();
                fields.any(|field| takes_id(types, &field.node.ty.node))
            }
            _ => false,
        },
    }
}

/// Something that could be done with who is absent.
struct Act {
    mutation: &'static str,
    input: Value,
    /// Why it is refused meanwhile.
    refused: &'static str,
    /// Why it is refused afterwards, if it is.
    then: Option<&'static str>,
}

struct Scene<'w> {
    staff: Person<'w>,
    keeper: Person<'w>,
    friend: Person<'w>,
    absent: Vec<Person<'w>>,
    diary: String,
    /// One's own under theirs, and theirs under one's own.
    comments: [Value; 2],
    acts: Vec<Act>,
}

async fn made(by: &Person<'_>, mutation: &str, input: Value, of: &str) -> Value {
    let made = by.mutate(mutation, input, &format!("{of} {{ id }}")).await;
    made[of]["id"].clone()
}

impl<'w> Scene<'w> {
    /// With everything between one who is to look after others, and those who are to be absent.
    async fn new(world: &'w World) -> Self {
        let keeper = world.moderator("keeper").await;
        let staff = world.person("staff").await;
        let absent = world.people("absent", 6).await;
        let [friend, asks, asks_too, asked, stranger, blocked] = &absent[..] else {
            panic!("who is there?");
        };
        let to = |other: &Person<'_>| json!({ "userId": other.id() });
        staff.befriend(friend).await;
        let close = staff.close_friends();
        staff.regroup("addToFriendGroup", &close, &[friend]).await;
        let some = staff.make_group("some", &[]).await;
        let mut requests = Vec::new();
        for (by, whom) in [(asks, &staff), (asks_too, &staff), (&staff, asked)] {
            let request = made(by, "requestFriendship", to(whom), "friendRequest").await;
            requests.push(json!({ "requestId": request }));
        }
        let [accepted, declined, cancelled] = <[Value; 3]>::try_from(requests).unwrap();
        staff.mutate("blockUser", to(blocked), "").await;
        let diary = friend.write("theirs", "FRIENDS").await;
        let of_diary = json!({ "diaryId": diary });
        let mut comment = of_diary.clone();
        comment["body"] = json!("hello");
        let mine = made(&staff, "commentOnDiary", comment.clone(), "comment").await;
        let own = staff.write("own", "FRIENDS").await;
        let under_own = json!({ "diaryId": own, "body": "hello" });
        let theirs = made(friend, "commentOnDiary", under_own, "comment").await;
        let input = json!({ "kind": "CD", "title": "An album" });
        let item = made(friend, "addCatalogueItem", input, "item").await;
        let input = json!({ "itemId": item, "rating": 2 });
        let review = made(friend, "reviewItem", input, "review").await;
        staff.mutate("visitProfile", to(friend), "").await;
        let grouped = |group: &str| json!({ "friendGroupId": group, "userIds": [friend.id()] });
        let mut edit = of_diary.clone();
        edit["title"] = json!("mine");
        let act = |mutation, input, refused| Act {
            mutation,
            input,
            refused,
            then: None,
        };
        let not_yours = |mutation, input| Act {
            then: Some("NOT_YOURS"),
            ..act(mutation, input, "NOT_FOUND")
        };
        let mut acts = vec![
            act("requestFriendship", to(stranger), "NOT_FOUND"),
            act("acceptFriendRequest", accepted, "NO_SUCH_REQUEST"),
            act("declineFriendRequest", declined, "NO_SUCH_REQUEST"),
            act("cancelFriendRequest", cancelled, "NO_SUCH_REQUEST"),
            act("unblockUser", to(blocked), "NOT_BLOCKED"),
            act("addToFriendGroup", grouped(&some), "NOT_FRIENDS"),
            act("removeFromFriendGroup", grouped(&close), "NOT_FRIENDS"),
            not_yours("editDiary", edit),
            not_yours("deleteDiary", of_diary.clone()),
            act("commentOnDiary", comment, "NOT_FOUND"),
            act(
                "deleteDiaryComment",
                json!({ "commentId": &mine }),
                "NOT_FOUND",
            ),
            act(
                "deleteDiaryComment",
                json!({ "commentId": &theirs }),
                "NOT_FOUND",
            ),
            not_yours("deleteReview", json!({ "reviewId": review })),
            act("visitProfile", to(stranger), "NOT_FOUND"),
            act(
                "visitProfile",
                json!({ "username": asked.username }),
                "NOT_FOUND",
            ),
            act("visitDiary", of_diary, "NOT_FOUND"),
            act("takeBackFootprint", to(friend), "NOT_FOUND"),
        ];
        acts.extend(introducing::acts(&staff, friend).await);
        Self {
            friend: friend.clone(),
            staff,
            keeper,
            absent,
            diary,
            comments: [mine, theirs],
            acts,
        }
    }

    /// What each act is answered.
    async fn refused(&self) -> Vec<Value> {
        let mut answers = Vec::new();
        for act in &self.acts {
            let payload = self
                .staff
                .attempt(act.mutation, act.input.clone(), "")
                .await;
            let code = &payload["userErrors"][0]["code"];
            assert_eq!(*code, act.refused, "{} {}", act.mutation, act.input);
            answers.push(payload);
        }
        answers
    }

    async fn looks(&self) -> Value {
        let document = "query($user: ID!, $diary: ID!, $comments: [ID!]!) {
            user: node(id: $user) { ... on User { username viewerCanRequestFriendship } }
            diary: node(id: $diary) { ... on Diary { title viewerCanComment } }
            comments: nodes(ids: $comments) { ... on DiaryComment { viewerCanDelete } } }";
        let variables = json!({ "user": self.absent[4].id(), "diary": self.diary,
            "comments": self.comments });
        self.staff.run(document, variables).await
    }
}

/// All rows of all tables, but for when sessions were used.
async fn everything(world: &World) -> BTreeMap<String, Vec<String>> {
    let db = world.app.database.reader();
    let texts = async |text: &str| -> Vec<String> {
        let rows = db.query_all_raw(sql::own(db, text)).await.unwrap();
        let first = rows.iter().map(|row| row.try_get_by_index(0).unwrap());
        first.collect()
    };
    let tables = if is_postgres() {
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    };
    let mut all = BTreeMap::new();
    for table in texts(tables).await {
        if ["sessions", "session_tokens"].contains(&&*table) {
            continue;
        }
        let row = if is_postgres() {
            format!("{table}::text")
        } else {
            let columns =
                format!("SELECT 'quote(' || name || ')' FROM pragma_table_info('{table}')");
            texts(&columns).await.join(" || ',' || ")
        };
        let rows = texts(&format!("SELECT {row} FROM {table} ORDER BY 1")).await;
        all.insert(table, rows);
    }
    all
}

#[rstest]
#[tokio::test]
async fn who_sees_the_absent_does_nothing_with_them(
    #[values(Role::Moderator, Role::Administrator)] role: Role,
) {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    let judged: BTreeSet<_> = scene
        .acts
        .iter()
        .map(|act| act.mutation.to_owned())
        .collect();
    let free = FREE.iter().map(|(name, _)| (*name).to_owned());
    let known: BTreeSet<_> = judged.into_iter().chain(free).collect();
    assert_eq!(
        known,
        with_an_id(),
        "what comes of these with who is absent?"
    );

    for person in &scene.absent {
        suspend(&scene.keeper, person).await;
    }
    // As anybody is answered.
    let as_member = scene.refused().await;
    world.give_role(&scene.staff, role).await;
    let before = everything(&world).await;
    let seen = scene.looks().await;
    assert_eq!(
        seen,
        json!({ "user": { "username": "absent4", "viewerCanRequestFriendship": false },
            "diary": { "title": "theirs", "viewerCanComment": false },
            "comments": [{ "viewerCanDelete": false }, { "viewerCanDelete": false }] })
    );
    assert_eq!(scene.refused().await, as_member);
    assert_eq!(everything(&world).await, before);

    // Each of them could be done, but for that.
    for person in &scene.absent {
        lift(&scene.keeper, person).await;
    }
    let seen = scene.looks().await;
    assert_eq!(seen["user"]["viewerCanRequestFriendship"], true);
    assert_eq!(seen["diary"]["viewerCanComment"], true);
    for comment in seen["comments"].as_array().unwrap() {
        assert_eq!(comment["viewerCanDelete"], true);
    }
    for act in &scene.acts {
        let payload = scene
            .staff
            .attempt(act.mutation, act.input.clone(), "")
            .await;
        let code = payload["userErrors"][0]["code"].as_str();
        assert_eq!(code, act.then, "{} {}", act.mutation, act.input);
    }
}

/// What looks after the absent is done with them.
#[tokio::test]
async fn what_looks_after_the_absent_is_done_with_them() {
    let world = World::new().await;
    let scene = Scene::new(&world).await;
    world.give_role(&scene.staff, Role::Administrator).await;
    suspend(&scene.keeper, &scene.friend).await;
    let user = json!({ "userId": scene.friend.id() });
    let report = json!({ "subjectId": scene.friend.id(), "reason": "SPAM" });
    scene.keeper.mutate("report", report, "reported").await;
    // The oldest come first. One's own is another's to settle.
    world.clock.advance(TimeDelta::seconds(1));
    let report = json!({ "subjectId": scene.diary, "reason": "SPAM" });
    scene.staff.mutate("report", report, "reported").await;
    let reports = "{ reports { nodes { id } } }";
    let waiting = scene.staff.run(reports, json!({})).await;
    let id = &waiting["reports"]["nodes"][0]["id"];
    let resolve = json!({ "reportId": id, "decision": "REMOVE_CONTENT", "note": "spam" });
    scene.staff.mutate("resolveReport", resolve, "").await;
    let mut tarento = user.clone();
    tarento["tarento"] = json!(true);
    scene.staff.mutate("setTarento", tarento, "").await;
    let mut role = user.clone();
    role["role"] = json!("MEMBER");
    scene.staff.mutate("setRole", role, "").await;
    scene.staff.mutate("endFriendship", user.clone(), "").await;
    scene.staff.mutate("blockUser", user.clone(), "").await;
    scene.staff.mutate("liftSuspension", user, "").await;
    let differences = ashiato::bulk::recount::recount(world.app.database.reader());
    assert_eq!(differences.await.unwrap(), []);
}
