//! One statement a level, whatever the breadth (design.md, section 5).

use serde_json::json;

use crate::support::world::World;

const FRIENDS_DIARIES_COMMENTS: &str = "{ viewer { user { friends(first: 20) { nodes {
    diaries(first: 3) { nodes { title comments(first: 2) { nodes { author { nickname } } } } }
} } } } }";

/// The viewer's row, the friends' page, the friends, their diaries, the comments, their authors.
/// (That a friend is a friend is known from the page.)
const STATEMENTS: usize = 6;

#[tokio::test]
async fn friends_diaries_and_comments_take_six_statements_for_two_friends_and_for_twenty() {
    let world = World::new().await;
    let few = world.person("few").await;
    let many = world.person("many").await;
    let stranger = world.person("stranger").await;
    let friends = world.people("friend", 20).await;
    for (index, friend) in friends.iter().enumerate() {
        many.befriend(friend).await;
        if index < 2 {
            few.befriend(friend).await;
        }
        for title in ["one", "two", "three", "four"] {
            let diary = friend.write(title, "MEMBERS").await;
            for author in [&stranger, &few, &many] {
                let input = json!({ "diaryId": diary, "body": "hello" });
                author.mutate("commentOnDiary", input, "").await;
            }
        }
    }
    for (viewer, breadth) in [(&few, 2), (&many, 20)] {
        world.forget_statements();
        let data = viewer.run(FRIENDS_DIARIES_COMMENTS, json!({})).await;
        let counted = world.statements();
        let nodes = data["viewer"]["user"]["friends"]["nodes"]
            .as_array()
            .unwrap();
        assert_eq!(nodes.len(), breadth);
        for node in nodes {
            let diaries = node["diaries"]["nodes"].as_array().unwrap();
            assert_eq!(diaries.len(), 3);
            assert_eq!(diaries[0]["title"], "four");
            assert_eq!(
                diaries[0]["comments"]["nodes"][0]["author"]["nickname"],
                "STRANGER"
            );
            assert_eq!(diaries[0]["comments"]["nodes"].as_array().unwrap().len(), 2);
        }
        assert_eq!(counted, STATEMENTS, "{:#?}", world.statement_texts());
    }
}
