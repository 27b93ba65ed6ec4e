//! Photos in diaries.

use serde_json::{Value, json};

use super::{agrees, id_of, jpeg, one, put};
use crate::support::world::World;

fn ids(all: &[&str]) -> Value {
    all.iter().map(|id| json!({ "id": id })).collect()
}

#[tokio::test]
async fn a_diary_has_its_photos_in_their_order() {
    let world = World::cached().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    let stranger = world.person("stranger").await;
    me.befriend(&friend).await;
    let mut photos = Vec::new();
    for _ in 0..4 {
        photos.push(me.photo().await);
    }
    let [a, b, c, d] = [0, 1, 2, 3].map(|place: usize| photos[place].as_str());
    let diary = me.write_with("with photos", "FRIENDS", &[c, a, b]).await;
    let without = me.write("without", "FRIENDS").await;
    for who in [&me, &friend] {
        assert_eq!(who.photos_in(&diary).await, ids(&[c, a, b]));
        assert_eq!(who.photos_in(&without).await, json!([]));
        assert!(who.finds(a).await);
    }
    assert_eq!(stranger.photos_in(&diary).await, Value::Null);
    assert!(!stranger.finds(a).await);
    // One that is used nowhere is its owner's alone.
    assert!(me.finds(d).await && !friend.finds(d).await);
    // In another order, with one more and one less, which goes.
    let input = json!({ "diaryId": diary, "photoIds": [b, d, c] });
    let edited = me.mutate(
        "editDiary",
        input,
        "diary { photos { id width height } editedAt }",
    );
    let edited = edited.await["diary"].clone();
    let shown: Vec<_> = edited["photos"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["id"].clone())
        .collect();
    assert_eq!(shown, [b, d, c]);
    assert_eq!(edited["photos"][0]["width"], 64);
    assert_eq!(edited["photos"][0]["height"], 48);
    assert_ne!(edited["editedAt"], Value::Null);
    assert!(friend.finds(d).await && !me.finds(a).await);
    // What is left out stays.
    let input = json!({ "diaryId": diary, "title": "another title" });
    me.mutate("editDiary", input, "").await;
    assert_eq!(friend.photos_in(&diary).await, ids(&[b, d, c]));
    agrees(&world).await;
    // Removed by itself, it leaves a gap in nobody's list.
    me.mutate("deletePhoto", json!({ "photoId": d }), "").await;
    assert_eq!(friend.photos_in(&diary).await, ids(&[b, c]));
    let input = json!({ "diaryId": diary, "photoIds": [] });
    me.mutate("editDiary", input, "").await;
    assert_eq!(friend.photos_in(&diary).await, json!([]));
    assert_eq!(me.used().await, 0);
    agrees(&world).await;
}

#[tokio::test]
async fn who_sees_a_diary_no_more_sees_its_photos_no_more() {
    let world = World::cached().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    me.befriend(&friend).await;
    let photo = me.photo().await;
    let diary = me.write_with("t", "FRIENDS", &[&photo]).await;
    assert!(friend.finds(&photo).await);
    for (audience, sees) in [("ONLY_ME", false), ("MEMBERS", true), ("GROUP", false)] {
        let mut input = json!({ "diaryId": diary, "audience": audience });
        if audience == "GROUP" {
            input["friendGroupId"] = json!(me.close_friends());
        }
        me.mutate("editDiary", input, "").await;
        assert_eq!(friend.finds(&photo).await, sees, "{audience}");
        assert!(me.finds(&photo).await);
    }
    me.regroup("addToFriendGroup", &me.close_friends(), &[&friend])
        .await;
    assert!(friend.finds(&photo).await);
    me.mutate("deleteDiary", json!({ "diaryId": diary }), "")
        .await;
    for who in [&me, &friend] {
        assert!(!who.finds(&photo).await);
    }
    agrees(&world).await;
}

#[tokio::test]
async fn what_cannot_stand_in_a_diary_is_refused_and_nothing_is_written() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let mut photos = Vec::new();
    for _ in 0..5 {
        photos.push(me.photo().await);
    }
    let [mine, second, ..] = photos.as_slice() else {
        unreachable!()
    };
    let theirs = other.photo().await;
    let used = me.photo().await;
    let diary = me.write_with("there", "FRIENDS", &[&used]).await;
    me.show().await;
    let shown = me
        .run("{ viewer { user { photo { id } } } }", json!({}))
        .await;
    let shown = shown["viewer"]["user"]["photo"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let removed = me.photo().await;
    me.mutate("deletePhoto", json!({ "photoId": removed }), "")
        .await;
    let never = id_of([me.user_id(), uuid::Uuid::from_u128(0xfeed)]);
    let mine_of_another = {
        let [_, id] = ashiato::ids::GlobalId::expect(mine, ashiato::ids::Kind::Photo).unwrap();
        id_of([other.user_id(), id])
    };
    let before: i64 = one(&world, "SELECT count(*) FROM diaries").await;
    for (wrong, code) in [
        (
            photos.iter().map(String::as_str).collect(),
            "TOO_MANY_PHOTOS",
        ),
        (vec![mine.as_str(), mine], "PHOTO_IN_USE"),
        (vec![mine, &used], "PHOTO_IN_USE"),
        (vec![mine, &shown], "PHOTO_IN_USE"),
        (vec![mine, &theirs], "NOT_FOUND"),
        (vec![mine, &removed], "NOT_FOUND"),
        (vec![mine, &never], "NOT_FOUND"),
        (vec![mine, &mine_of_another], "NOT_FOUND"),
    ] {
        let expected = json!([{ "code": code, "field": ["photoIds"] }]);
        let input = json!({ "title": "t", "body": "b", "photoIds": wrong });
        let refused = me.attempt("writeDiary", input, "").await;
        assert_eq!(refused["userErrors"], expected, "{wrong:?}");
        // That one is there already.
        if !wrong.contains(&used.as_str()) {
            let input = json!({ "diaryId": diary, "title": "new", "photoIds": wrong });
            let refused = me.attempt("editDiary", input, "").await;
            assert_eq!(refused["userErrors"], expected, "{wrong:?}");
        }
    }
    let after: i64 = one(&world, "SELECT count(*) FROM diaries").await;
    assert_eq!(before, after);
    assert_eq!(me.photos_in(&diary).await, ids(&[&used]));
    let titled: i64 = one(&world, "SELECT count(*) FROM diaries WHERE title = 'new'").await;
    assert_eq!(titled, 0);
    // Nobody else's diary takes one, nor is one taken out of it.
    for (by, photos) in [(&other, vec![theirs.as_str()]), (&other, vec![])] {
        let input = json!({ "diaryId": diary, "photoIds": photos });
        assert_eq!(by.refusal("editDiary", input).await, "NOT_FOUND");
    }
    for id in [&used, second] {
        let input = json!({ "photoId": id });
        assert_eq!(other.refusal("deletePhoto", input).await, "NOT_FOUND");
        assert!(me.finds(id).await);
    }
    let document = "mutation($id: ID!) { writeDiary(input: { title: \"t\", body: \"b\", photoIds: [$id] }) { diary { id } } }";
    for wrong in [json!(me.id()), json!(diary), json!("nonsense")] {
        let code = me.error(document, json!({ "id": wrong })).await;
        assert_eq!(code, "INVALID_ID");
    }
    agrees(&world).await;
}

/// However many diaries and however many photos: one statement more than without any.
#[tokio::test]
async fn the_photos_of_a_page_are_one_statement() {
    let world = World::uncached().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    me.befriend(&friend).await;
    let asks = async |fields: &str| {
        let document = format!("{{ viewer {{ homeFeed {{ nodes {{ title {fields} }} }} }} }}");
        world.forget_statements();
        me.run(&document, json!({})).await;
        world.statements()
    };
    friend.write("without", "FRIENDS").await;
    let plain = asks("").await;
    assert_eq!(
        asks("photos { id url width height }").await,
        plain,
        "nothing to ask for"
    );
    for number in 1..=6 {
        let mut photos = Vec::new();
        for _ in 0..1 + number % 4 {
            let key = put(&world.app, friend.user_id(), jpeg(9, 9)).await.unwrap();
            photos.push(id_of(key));
        }
        let photos: Vec<_> = photos.iter().map(String::as_str).collect();
        friend.write_with("with", "FRIENDS", &photos).await;
        let with = asks("photos { id width height small: url(size: SMALL) url }").await;
        assert_eq!(with, plain + 1, "{number}");
    }
}

#[tokio::test]
async fn writing_with_photos_again_writes_once() {
    let world = World::new().await;
    let me = world.person("me").await;
    let photo = me.photo().await;
    let input = json!({ "title": "t", "body": "b", "photoIds": [photo], "idempotencyKey": "w" });
    let mut written = Vec::new();
    for _ in 0..2 {
        let payload = me
            .mutate("writeDiary", input.clone(), "diary { id photos { id } }")
            .await;
        assert_eq!(payload["diary"]["photos"], ids(&[&photo]));
        written.push(payload);
    }
    assert_eq!(written[0], written[1]);
    let mut other = input;
    other["photoIds"] = json!([]);
    let document =
        "mutation($input: WriteDiaryInput!) { writeDiary(input: $input) { diary { id } } }";
    let code = me.error(document, json!({ "input": other })).await;
    assert_eq!(code, "IDEMPOTENCY_KEY_REUSED");
    agrees(&world).await;
}
