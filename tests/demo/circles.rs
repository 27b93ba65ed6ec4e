//! The demo's groups of friends, and that the recount looks at them.

use super::{load, settings};
use crate::support::spoilt;

#[tokio::test]
async fn recount_tells_of_each_kind_of_difference_in_groups() {
    let (place, _) = load(settings(60, 1)).await;
    for (spoil, check) in [
        (
            "UPDATE users SET group_diaries = group_diaries + 1",
            "group_diaries",
        ),
        (
            "UPDATE friend_groups SET friend_count = friend_count + 1",
            "friend_groups.friend_count",
        ),
        ("DELETE FROM friendships", "friend_groups.friend_count"),
        (
            "UPDATE friend_groups SET diary_count = 0",
            "friend_groups.diary_count",
        ),
        (
            "UPDATE diaries SET group_id = NULL",
            "diaries.group_id: a group that is there, where the audience is one",
        ),
        (
            "UPDATE diaries SET audience = 'FRIENDS'",
            "diaries.group_id: a group that is there, where the audience is one",
        ),
        (
            "UPDATE friendships SET sees_group_diaries = true",
            "friendships.newest_diary_id: as the friend has it, or a newer one for a group",
        ),
        (
            "DELETE FROM friend_group_members",
            "friendships.newest_diary_id: as the friend has it, or a newer one for a group",
        ),
        (
            "UPDATE friendships SET newest_diary_id = NULL",
            "friendships.newest_diary_id: as the friend has it, or a newer one for a group",
        ),
    ] {
        let found = spoilt::checks(&place.url(), spoil).await;
        assert!(found.iter().any(|it| it == check), "{spoil}: {found:?}");
    }
}

#[tokio::test]
async fn some_have_put_friends_into_groups_and_written_for_them() {
    let (place, _) = load(settings(1000, 1)).await;
    for (count, least) in [
        ("friend_groups", 100),
        ("friend_group_members", 300),
        ("diaries WHERE group_id IS NOT NULL", 30),
        ("friendships WHERE sees_group_diaries", 100),
        (
            "friend_groups WHERE friend_count > 0 AND name = '高校のクラス'",
            2,
        ),
    ] {
        let found: i64 = place.one(&format!("SELECT count(*) FROM {count}")).await;
        assert!(found >= least, "{count}: {found}");
    }
}
