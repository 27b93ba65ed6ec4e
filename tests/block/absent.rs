//! Who is hidden answers as who never was: the same bytes, after the same statements.

use ashiato::ids::{GlobalId, Kind};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use super::block;
use crate::support::world::{Person, World};

/// Things of one user's, each by its id; those of `nobody` are of a user who never was.
pub struct Things {
    pub user: String,
    diary: String,
    comment: String,
    pub item: String,
    review: String,
    footprint: String,
    request: String,
    username: String,
}

impl Things {
    /// What `other` has, of the kinds that `me` saw before.
    pub async fn of(other: &Person<'_>, me: &Person<'_>) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let diary = other.write("theirs", "PUBLIC").await;
        let input = json!({ "diaryId": diary, "body": "mine" });
        let made = me.mutate("commentOnDiary", input, "comment { id }").await;
        let comment = text(&made["comment"]["id"]);
        let input = json!({ "kind": "CD", "title": "An album" });
        let made = me.attempt("addCatalogueItem", input, "item { id }").await;
        let item = text(&made["item"]["id"]);
        let input = json!({ "itemId": item, "rating": 2 });
        let made = other.mutate("reviewItem", input, "review { id }").await;
        let review = text(&made["review"]["id"]);
        let input = json!({ "userId": me.id() });
        other.mutate("visitProfile", input, "").await;
        // What the viewer left there is theirs to take back, until there is a block.
        let input = json!({ "userId": other.id() });
        me.mutate("visitProfile", input, "").await;
        let document = "{ viewer { footprints { nodes { id } } } }";
        let seen = me.run(document, json!({})).await;
        let footprint = text(&seen["viewer"]["footprints"]["nodes"][0]["id"]);
        let input = json!({ "userId": me.id() });
        let fields = "friendRequest { id }";
        let made = other.mutate("requestFriendship", input, fields).await;
        Self {
            user: other.id(),
            diary,
            comment,
            item,
            review,
            footprint,
            request: text(&made["friendRequest"]["id"]),
            username: other.username.clone(),
        }
    }

    /// The same things of a user who never was.
    pub fn of_nobody(me: &Person<'_>, item: &str) -> Self {
        let me = me.viewer.id().unwrap();
        let nobody = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);
        let thing = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002);
        let [item_id] = GlobalId::expect(item, Kind::CatalogueItem).unwrap();
        let id = |kind, parts: &[Uuid]| GlobalId::encode(kind, parts).to_string();
        Self {
            user: id(Kind::User, &[nobody]),
            diary: id(Kind::Diary, &[nobody, thing]),
            comment: id(Kind::DiaryComment, &[nobody, thing, thing]),
            item: item.to_owned(),
            review: id(Kind::Review, &[nobody, item_id]),
            footprint: id(Kind::Footprint, &[me, thing]),
            request: id(Kind::FriendRequest, &[nobody, me]),
            username: "nobody".to_owned(),
        }
    }

    /// Everything that can be asked about them: a document with its variables.
    pub fn questions(&self) -> Vec<(String, Value)> {
        let mut all = Vec::new();
        let document = "query($name: String!) { user(username: $name) { id bio
            friends { totalCount } diaries { totalCount } reviews { totalCount } viewerRelation
            viewerFootprint { day } } }";
        all.push((document.to_owned(), json!({ "name": self.username })));
        let ids = [
            &self.user,
            &self.diary,
            &self.comment,
            &self.review,
            &self.footprint,
            &self.request,
        ];
        for id in ids {
            let document = "query($id: ID!) { node(id: $id) { id __typename } }";
            all.push((document.to_owned(), json!({ "id": id })));
        }
        let document = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        all.push((document.to_owned(), json!({ "ids": ids })));
        let (user, diary) = (json!({ "userId": self.user }), &self.diary);
        let request = json!({ "requestId": self.request });
        let mutations = [
            ("requestFriendship", user.clone()),
            ("endFriendship", user.clone()),
            ("visitProfile", user.clone()),
            ("visitProfile", json!({ "username": self.username })),
            ("takeBackFootprint", user.clone()),
            ("unblockUser", user),
            ("acceptFriendRequest", request.clone()),
            ("declineFriendRequest", request.clone()),
            ("cancelFriendRequest", request),
            ("visitDiary", json!({ "diaryId": diary })),
            ("commentOnDiary", json!({ "diaryId": diary, "body": "b" })),
            ("editDiary", json!({ "diaryId": diary, "title": "t" })),
            ("deleteDiary", json!({ "diaryId": diary })),
            ("deleteDiaryComment", json!({ "commentId": self.comment })),
            ("deleteReview", json!({ "reviewId": self.review })),
        ];
        for (name, input) in mutations {
            all.push((mutation(name), json!({ "input": input })));
        }
        all
    }
}

pub fn mutation(name: &str) -> String {
    let kind = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    format!(
        "mutation($input: {kind}!) {{ {name}(input: $input) {{ \
         userErrors {{ code message field }} }} }}"
    )
}

/// The answer, and how many statements it took.
pub async fn asked(person: &Person<'_>, (document, variables): (String, Value)) -> (String, usize) {
    person.world.forget_statements();
    let answer = person.answer(&document, variables).await;
    (answer.to_string(), person.world.statements())
}

#[tokio::test]
async fn who_is_hidden_answers_as_who_never_was() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let things = Things::of(&other, &me).await;
    // Of the things of somebody who is there, none answers as absent.
    let nobody = Things::of_nobody(&me, &things.item);
    let mut differ = 0;
    for (there, absent) in things
        .questions()
        .into_iter()
        .zip(nobody.questions())
        .take(8)
    {
        differ += usize::from(asked(&me, there).await.0 != asked(&me, absent).await.0);
    }
    assert_eq!(differ, 8);
    block(&other, &me).await;
    let mut compared = 0;
    for (hidden, absent) in things.questions().into_iter().zip(nobody.questions()) {
        let document = hidden.0.clone();
        let (hidden, absent) = (asked(&me, hidden).await, asked(&me, absent).await);
        assert_eq!(hidden, absent, "{document}");
        compared += 1;
    }
    assert_eq!(compared, 23);
    // Nor does blocking back tell.
    let block_back = |user: &String| {
        (
            mutation("blockUser"),
            json!({ "input": { "userId": user } }),
        )
    };
    let hidden = asked(&me, block_back(&things.user)).await;
    assert_eq!(hidden, asked(&me, block_back(&nobody.user)).await);
    assert!(hidden.0.contains("NOT_FOUND"), "{}", hidden.0);
}

/// The blocker finds no more of the blocked, but for the name in the list of blocks.
#[tokio::test]
async fn the_blocker_sees_nothing_of_the_blocked_either() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let things = Things::of(&other, &me).await;
    block(&me, &other).await;
    let nobody = Things::of_nobody(&me, &things.item);
    for (hidden, absent) in things.questions().into_iter().zip(nobody.questions()) {
        if hidden.0.contains("unblockUser") {
            continue;
        }
        let document = hidden.0.clone();
        let (hidden, absent) = (asked(&me, hidden).await, asked(&me, absent).await);
        assert_eq!(hidden, absent, "{document}");
    }
}

/// An administrator is a member, too: a block hides from them what it hides from others.
#[tokio::test]
async fn an_administrator_finds_nobody_who_blocks_them() {
    let world = World::new().await;
    let (admin, other) = (world.person("admin").await, world.person("other").await);
    world.make_administrator(&admin).await;
    let input = json!({ "userId": other.id(), "tarento": true });
    admin.mutate("setTarento", input.clone(), "").await;
    block(&other, &admin).await;
    assert_eq!(admin.refusal("setTarento", input).await, "NOT_FOUND");
}

/// An idempotency key remembers what was asked, not what it led to.
#[tokio::test]
async fn a_key_that_was_used_for_an_absent_user_tells_nothing_of_a_hidden_one() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    block(&other, &me).await;
    let document = "mutation($name: String!) {
        visitProfile(input: { username: $name, idempotencyKey: \"one\" }) {
            user { username } userErrors { code } } }";
    let visit = async |name: &str| asked(&me, (document.to_owned(), json!({ "name": name }))).await;
    for _ in 0..2 {
        assert!(visit("no_such_1").await.0.contains("NOT_FOUND"));
    }
    let absent = visit("no_such_2").await;
    assert_eq!(absent, visit(&other.username).await);
    assert!(
        absent.0.contains("used before with another input"),
        "{absent:?}"
    );
}

/// Who waited would know that it is there.
#[tokio::test]
async fn on_postgres_nobody_waits_for_a_hidden_user_s_diary() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let diary = other.write("open", "PUBLIC").await;
    let db = world.app.database.reader();
    let hold = db.begin().await.unwrap();
    let author = other.viewer.id().unwrap();
    let held = format!("SELECT 1 FROM diaries WHERE author_id = '{author}' FOR UPDATE");
    hold.execute_unprepared(&held).await.unwrap();
    let document = "mutation($id: ID!) { commentOnDiary(input: { diaryId: $id, body: \"b\" }) {
        userErrors { code } } }";
    // What is there is waited for.
    assert_eq!(
        me.error(document, json!({ "id": diary })).await,
        "UNAVAILABLE"
    );
    block(&other, &me).await;
    let input = json!({ "diaryId": diary, "body": "b" });
    assert_eq!(me.refusal("commentOnDiary", input).await, "NOT_FOUND");
    hold.rollback().await.unwrap();
}

/// Under the diary of a third person, a hidden user's comment is not there to be removed.
#[tokio::test]
async fn a_hidden_user_s_comment_is_absent_under_anybody_s_diary() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let third = world.person("third").await;
    let comment_under = async |owner: &Person<'_>| {
        let diary = owner.write("open", "MEMBERS").await;
        let input = json!({ "diaryId": diary, "body": "b" });
        let fields = "comment { id }";
        let made = other.mutate("commentOnDiary", input, fields).await;
        made["comment"]["id"].clone()
    };
    let comments = [comment_under(&third).await, comment_under(&me).await];
    let input = json!({ "commentId": comments[0] });
    let refused = me.refusal("deleteDiaryComment", input).await;
    assert_eq!(refused, "NOT_YOURS", "it is there");
    block(&other, &me).await;
    for comment in comments {
        let input = json!({ "commentId": comment });
        let refused = me.refusal("deleteDiaryComment", input).await;
        assert_eq!(refused, "NOT_FOUND");
        let document = "query($id: ID!) { node(id: $id) { id } }";
        let found = me.run(document, json!({ "id": comment })).await;
        assert!(found["node"].is_null());
    }
}
