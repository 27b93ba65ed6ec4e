//! What somebody does not want to be told of is not told.

use serde_json::json;

use super::{agrees, ask, comment, one, told};
use crate::support::world::{Person, World};

const ALL: [&str; 6] = [
    "FRIEND_REQUEST_RECEIVED",
    "FRIENDSHIP_BEGUN",
    "DIARY_COMMENTED",
    "INTRODUCTION_WRITTEN",
    "KIRIBAN_REACHED",
    "KIRIBAN_HIT",
];

async fn choose(who: &Person<'_>, kinds: &[&str]) {
    let input = json!({ "kinds": kinds });
    let fields = "notificationChoices";
    let chosen = who.mutate("chooseNotifications", input, fields).await;
    let mut kinds = kinds.to_vec();
    kinds.sort_unstable_by_key(|kind| ALL.iter().position(|it| it == kind));
    kinds.dedup();
    assert_eq!(chosen[fields], json!(kinds));
    let document = "{ viewer { notificationChoices } }";
    let found = who.run(document, json!({})).await;
    assert_eq!(found["viewer"][fields], json!(kinds));
}

/// Has `other` do everything to `me` that is told of, each of them once more. Gives what was told.
async fn everything(me: &Person<'_>, other: &Person<'_>, diary: &str) -> Vec<String> {
    let before = told(me).await.len();
    let user = |who: &Person<'_>| json!({ "userId": who.id() });
    ask(me, other).await;
    ask(other, me).await;
    let mut input = user(me);
    input["body"] = json!("a friend");
    other.mutate("writeIntroduction", input, "").await;
    comment(other, diary, "hello").await;
    for (owner, visitor) in [(me, other), (other, me)] {
        let count = owner.run("{ viewer { visitCount } }", json!({})).await;
        let next = count["viewer"]["visitCount"].as_i64().unwrap() + 1;
        let input = json!({ "number": next });
        owner.mutate("nameKiriban", input, "").await;
        visitor.mutate("visitProfile", user(owner), "").await;
    }
    let mut now = told(me).await;
    now.truncate(now.len() - before);
    other.mutate("endFriendship", user(me), "").await;
    ask(other, me).await;
    if let [(kind, _), ..] = &told(me).await[..]
        && kind == "FRIEND_REQUEST_RECEIVED"
    {
        now.push(told(me).await.swap_remove(0));
    }
    let request = "{ viewer { incomingFriendRequests { nodes { id } } } }";
    let request = me.run(request, json!({})).await["viewer"]["incomingFriendRequests"]["nodes"][0]
        ["id"]
        .clone();
    let input = json!({ "requestId": request });
    other.mutate("cancelFriendRequest", input, "").await;
    me.world.clock.advance(chrono::Duration::minutes(6));
    let mut kinds: Vec<_> = now.into_iter().map(|(kind, _)| kind).collect();
    kinds.sort_unstable_by_key(|kind| ALL.iter().position(|it| it == kind));
    kinds
}

#[tokio::test]
async fn each_kind_is_told_where_it_is_wanted_and_nowhere_else() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let diary = me.write("open", "MEMBERS").await;
    let found = me
        .run("{ viewer { notificationChoices } }", json!({}))
        .await;
    // Some are of nobody else's doing: tests/rest/runs.rs, tests/paying/news.rs.
    let own = [
        "REST_ENDED",
        "PLAN_BEGUN",
        "PLAN_PAYMENT_FAILED",
        "PLAN_ENDED",
    ];
    let all = [&ALL[..], &own].concat();
    assert_eq!(found["viewer"]["notificationChoices"], json!(all));
    assert_eq!(everything(&me, &other, &diary).await, ALL);
    for kind in ALL {
        choose(&me, &[kind]).await;
        assert_eq!(everything(&me, &other, &diary).await, [kind]);
        let others: Vec<_> = ALL.into_iter().filter(|it| *it != kind).collect();
        choose(&me, &others).await;
        assert_eq!(everything(&me, &other, &diary).await, others);
        agrees(&world).await;
    }
    choose(&me, &[]).await;
    assert_eq!(everything(&me, &other, &diary).await, [""; 0]);
    choose(&me, &["KIRIBAN_HIT", "DIARY_COMMENTED", "KIRIBAN_HIT"]).await;
    agrees(&world).await;
}

#[tokio::test]
async fn who_has_chosen_before_anything_was_told_is_told_what_they_want() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    choose(&me, &["DIARY_COMMENTED"]).await;
    let diary = me.write("open", "MEMBERS").await;
    comment(&other, &diary, "hello").await;
    ask(&other, &me).await;
    let commented = [one("DIARY_COMMENTED", "other")];
    assert_eq!(told(&me).await, commented);
    // What was told before stays, and goes as ever.
    choose(&me, &[]).await;
    assert_eq!(told(&me).await, commented);
    me.mutate("deleteDiary", json!({ "diaryId": diary }), "")
        .await;
    assert_eq!(told(&me).await, []);
    agrees(&world).await;
}
