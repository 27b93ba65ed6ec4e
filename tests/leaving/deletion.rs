//! The whole of a deletion, and thinking better of it.

use std::collections::{BTreeMap, BTreeSet};

use ashiato::{
    account::leaving::{
        deletion::carry::{Progress, carry_out, claim, step},
        tables::{Leaves, TABLES},
        work::see_to_deletions,
    },
    cli::admin::{Change, change},
};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{agrees, circle, delete, id, look_again, named_in, wish_away};
use crate::support::world::{
    World,
    account::{PASSWORD, refused},
};

/// What of the texts of who goes could stand anywhere.
const WORDS: [&str; 8] = [
    "去る人",
    "bio of who goes",
    "name of who goes",
    "京都",
    "of who goes",
    "said by who goes",
    "goes_away",
    "GOES_AWAY",
];

const STATE: &str = "{ viewer { deletion { requestedAt scheduledFor } } }";

#[tokio::test]
async fn nothing_names_who_is_gone_and_every_counter_agrees_after_each_batch() {
    let world = World::new().await;
    let goes = circle(&world).await.goes;
    let (user, who) = (id(&goes), goes.clone());
    let before = named_in(&world, user, &WORDS).await;
    let of_user: BTreeSet<_> = before
        .iter()
        .map(|it| it.split('.').next().unwrap())
        .collect();
    for table in [
        "friendships",
        "friend_requests",
        "introductions",
        "written_introductions",
        "blocks",
        "diaries",
        "diary_comments",
        "photos",
        "orders",
        "payers",
        "reviews",
        "item_reviews",
        "favourite_songs",
        "listens",
        "weekly_listens",
        "song_listeners",
        "uncharted_listens",
        "footprints",
        "kiribans",
        "inboxes",
        "notifications",
        "rests",
        "brands",
        "brand_editors",
        "brand_followers",
        "brand_posts",
        "run_brands",
        "followed_brands",
        "unlisted_visits",
        "invitations",
        "invitation_codes",
        "invitees",
        "inviters",
        "user_phones",
        "phone_numbers",
        "user_facts",
        "visitors",
        "idempotency_keys",
        "usernames",
        "recovery_codes",
        "credentials",
        "sessions",
    ] {
        assert!(
            of_user.contains(table) || table == "idempotency_keys",
            "{table} is not of the exercise"
        );
    }
    wish_away(&world, &who).await;
    let batches = delete(&world, user).await;
    assert!(batches >= 8, "{batches}");
    look_again(&world, user).await;
    let left = named_in(&world, user, &WORDS).await;
    // What stays says why (src/account/leaving/tables.rs).
    let may_stay: BTreeMap<_, _> = TABLES
        .iter()
        .filter_map(|(table, _, leaves)| match leaves {
            Leaves::Rows(why) => Some((*table, *why)),
            Leaves::Nothing => None,
        })
        .collect();
    for place in &left {
        let (table, _) = place.split_once('.').unwrap();
        assert!(
            may_stay.contains_key(table),
            "{place} still names who is gone"
        );
    }
    assert!(left.contains("usernames.username"), "{left:?}");
    assert!(!left.contains("usernames.user_id"), "{left:?}");
    agrees(&world).await;
}

#[tokio::test]
async fn a_thread_keeps_its_shape_and_its_count_with_a_deleted_user_in_it() {
    let world = World::new().await;
    let circle = circle(&world).await;
    let thread =
        "query($id: ID!) { node(id: $id) { ... on Diary { commentCount comments { totalCount
        nodes { id body isByDeletedUser createdAt author { username } viewerCanDelete } } } } }";
    let ask = async || {
        let data = circle
            .friend
            .run(thread, json!({ "id": circle.friends_diary }))
            .await;
        data["node"].clone()
    };
    let before = ask().await;
    let user = id(&circle.goes);
    wish_away(&world, &circle.goes).await;
    delete(&world, user).await;
    let mut expected = before.clone();
    let comment = &mut expected["comments"]["nodes"][1];
    assert_eq!(comment["author"]["username"], "goes_away");
    comment["author"] = Value::Null;
    comment["body"] = json!("");
    comment["isByDeletedUser"] = json!(true);
    let comment = comment["id"].clone();
    assert_eq!(ask().await, expected);
    assert_eq!(expected["commentCount"], 3);
    // By its id, too; and the diary's author can remove it.
    let one = "query($id: ID!) { node(id: $id) { ... on DiaryComment { body isByDeletedUser author { id } } } }";
    let one = circle.other.run(one, json!({ "id": comment })).await;
    assert_eq!(
        one["node"],
        json!({ "body": "", "isByDeletedUser": true, "author": null })
    );
    let input = json!({ "commentId": comment });
    circle.friend.mutate("deleteDiaryComment", input, "").await;
    assert_eq!(ask().await["commentCount"], 2);
    agrees(&world).await;
}

#[tokio::test]
async fn figures_and_friends_lists_are_without_who_is_gone_and_visits_stay_counted() {
    let world = World::new().await;
    let circle = circle(&world).await;
    let ask = "{ viewer { visitCount user { friendCount friends { totalCount nodes { username } } }
        footprints { totalCount nodes { visitor { username } } } homeFeed { nodes { title } } }
        searchCatalogue(text: \"雪国\") { nodes { rating { count mean } reviews { totalCount } } }
        user(username: \"goes_away\") { id } searchUsers(text: \"goes_away\") { nodes { id } } }";
    let before = circle.friend.run(ask, json!({})).await;
    assert_eq!(before["viewer"]["footprints"]["totalCount"], 1);
    assert_eq!(before["searchCatalogue"]["nodes"][0]["rating"]["count"], 2);
    wish_away(&world, &circle.goes).await;
    delete(&world, id(&circle.goes)).await;
    let after = circle.friend.run(ask, json!({})).await;
    assert_eq!(
        after["viewer"]["visitCount"],
        before["viewer"]["visitCount"]
    );
    assert_eq!(after["viewer"]["user"]["friendCount"], 1);
    assert_eq!(
        after["viewer"]["footprints"],
        json!({ "totalCount": 0, "nodes": [] })
    );
    assert_eq!(after["viewer"]["homeFeed"]["nodes"], json!([]));
    let item = &after["searchCatalogue"]["nodes"][0];
    assert_eq!(item["rating"]["count"], 1);
    assert_eq!(item["reviews"]["totalCount"], 1);
    assert_eq!(after["user"], Value::Null);
    assert_eq!(after["searchUsers"]["nodes"], json!([]));
}

#[tokio::test]
async fn the_name_is_given_to_nobody_again_and_signs_nobody_in() {
    let world = World::new().await;
    let (goes, codes) = world.joined("goes_away").await;
    wish_away(&world, &goes).await;
    delete(&world, id(&goes)).await;
    look_again(&world, id(&goes)).await;
    let form = json!({ "username": "goes_away", "nickname": "…", "password": PASSWORD,
        "birthDate": "1986-04-01" });
    let nobody = world.anonymous();
    assert_eq!(nobody.refusal("signUp", form).await, "USERNAME_TAKEN");
    let in_again = json!({ "username": "goes_away", "password": PASSWORD });
    assert_eq!(nobody.refusal("signIn", in_again).await, "SIGN_IN_FAILED");
    let back = json!({ "username": "goes_away", "recoveryCode": codes[0], "newPassword": "four tall mice" });
    assert_eq!(
        nobody.refusal("recoverAccount", back).await,
        "RECOVERY_FAILED"
    );
    let other = world.person("other").await;
    let rename = json!({ "username": "goes_away" });
    assert_eq!(other.refusal("editProfile", rename).await, "USERNAME_TAKEN");
    let asked = Change::Role {
        username: "goes_away".to_owned(),
        role: entity::values::Role::Administrator,
    };
    let refused = change(&world.app, asked, &b""[..]).await.unwrap_err();
    assert!(
        refused.to_string().contains("no user with the name"),
        "{refused}"
    );
    agrees(&world).await;
}

#[tokio::test]
async fn it_takes_proof_ends_other_sessions_and_says_when() {
    let world = World::new().await;
    let (goes, _) = world.joined("goes_away").await;
    let elsewhere = world.sign_in("goes_away", json!({})).await["token"].clone();
    let wrong = json!({ "password": "not this one" });
    assert_eq!(goes.refusal("deleteAccount", wrong).await, "PASSWORD_WRONG");
    assert_eq!(
        goes.run(STATE, json!({})).await["viewer"]["deletion"],
        Value::Null
    );
    assert!(world.lives(&elsewhere).await);
    let secret = goes.enable_two_factor().await;
    let input = json!({ "password": PASSWORD });
    assert_eq!(
        goes.refusal("deleteAccount", input).await,
        "SECOND_FACTOR_REQUIRED"
    );
    let input = json!({ "password": PASSWORD, "secondFactor": world.next_code(&secret),
        "idempotencyKey": "go" });
    let fields = "deletion { scheduledFor requestedAt } endedSessions";
    let done = goes.mutate("deleteAccount", input.clone(), fields).await;
    assert_eq!(done["endedSessions"], 1);
    assert!(!world.lives(&elsewhere).await);
    assert!(world.lives(&json!(goes.token)).await);
    // A repetition, and another wish a day later, change nothing.
    assert_eq!(goes.mutate("deleteAccount", input, fields).await, done);
    world.clock.advance(TimeDelta::days(1));
    let again = json!({ "password": PASSWORD, "secondFactor": world.next_code(&secret) });
    let again = goes.mutate("deleteAccount", again, fields).await;
    assert_eq!(again["deletion"], done["deletion"]);
    // Who signs in is told.
    let given = json!({ "secondFactor": world.next_code(&secret) });
    let back = world.sign_in("goes_away", given).await;
    let back = world.comes_with(&back["token"]).await.unwrap();
    assert_eq!(
        back.run(STATE, json!({})).await["viewer"]["deletion"],
        done["deletion"]
    );
}

#[tokio::test]
async fn who_thinks_better_of_it_stays_until_it_has_begun() {
    let world = World::new().await;
    let (goes, _) = world.joined("goes_away").await;
    let none = json!({});
    assert_eq!(
        goes.refusal("cancelAccountDeletion", none.clone()).await,
        "NOT_LEAVING"
    );
    let input = json!({ "password": PASSWORD });
    goes.mutate("deleteAccount", input.clone(), "").await;
    // At the last moment.
    world
        .clock
        .advance(TimeDelta::days(7) - TimeDelta::milliseconds(1));
    see_to_deletions(&world.app).await.unwrap();
    let done = goes
        .mutate("cancelAccountDeletion", none.clone(), "canceled")
        .await;
    assert_eq!(done["canceled"], true);
    world.clock.advance(TimeDelta::days(1));
    see_to_deletions(&world.app).await.unwrap();
    assert!(!claim(&world.app, id(&goes)).await.unwrap());
    assert_eq!(
        goes.run(STATE, json!({})).await["viewer"]["deletion"],
        Value::Null
    );
    goes.mutate("deleteAccount", input, "").await;
    // Due, and not begun: still in time.
    world.clock.advance(TimeDelta::days(7));
    assert!(claim(&world.app, id(&goes)).await.unwrap());
    goes.mutate("cancelAccountDeletion", none, "").await;
    assert_eq!(
        step(&world.app, id(&goes)).await.unwrap(),
        Progress::NotOurs
    );
    assert_eq!(refused(&world.sign_in("goes_away", json!({})).await), "");
    agrees(&world).await;
}

#[tokio::test]
async fn the_operator_has_an_account_deleted_after_the_grace_or_at_once() {
    let world = World::new().await;
    let later = world.joined("later").await.0;
    let now = circle(&world).await.goes;
    let ask = async |username: &str, now| {
        let asked = Change::DeleteAccount {
            username: username.to_owned(),
            now,
        };
        change(&world.app, asked, &b""[..]).await.unwrap()
    };
    let said = ask("later", false).await;
    assert_eq!(said, "later is deleted in 7 days; all sessions have ended");
    assert!(!world.lives(&json!(later.token)).await);
    let back = world.sign_in("later", json!({})).await;
    let back = world.comes_with(&back["token"]).await.unwrap();
    back.mutate("cancelAccountDeletion", json!({}), "").await;
    let said = ask("goes_away", true).await;
    assert_eq!(
        said,
        "goes_away is deleted; the name is given to nobody again"
    );
    assert_eq!(
        carry_out(&world.app, id(&now), |_| {}).await.unwrap(),
        Progress::NotOurs
    );
    let chief = world.person("chief").await;
    world.make_administrator(&chief).await;
    let log = "{ auditLog { nodes { act detail subject { username } } } }";
    let log = chief.run(log, json!({})).await;
    assert_eq!(
        log["auditLog"]["nodes"],
        json!([
            { "act": "ACCOUNT_DELETED", "detail": "at once", "subject": null },
            { "act": "ACCOUNT_DELETED", "detail": "", "subject": { "username": "later" } },
        ])
    );
    agrees(&world).await;
}
