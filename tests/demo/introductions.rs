//! The demo's introductions: friends write of each other, in whole sentences.

use super::{load, settings};

#[tokio::test]
async fn friends_introduce_each_other_by_the_rules() {
    let (place, summary) = load(settings(1000, 1)).await;
    let count = async |of: &str| -> usize {
        let found: i64 = place.one(&format!("SELECT count(*) FROM {of}")).await;
        found.try_into().unwrap()
    };
    assert_eq!(count("introductions").await, summary.introductions);
    assert_eq!(count("written_introductions").await, summary.introductions);
    assert!((800..2000).contains(&summary.introductions), "{summary}");
    // Both of friends, after they became friends, and not yet to come.
    let fine = "introductions AS i JOIN friendships AS f ON f.user_id = i.subject_id \
        AND f.friend_id = i.author_id WHERE i.created_at >= f.since \
        AND (i.edited_at IS NULL OR i.edited_at >= i.created_at) \
        AND length(i.body) BETWEEN 10 AND 1000 AND i.body NOT LIKE '%{%'";
    assert_eq!(count(fine).await, summary.introductions);
    assert!(count("introductions WHERE edited_at IS NOT NULL").await > 30);
    // In Japanese and in English, and many with the friend's nickname.
    assert!(count("introductions WHERE body LIKE '%さん%'").await > 100);
    assert!(count("introductions WHERE body LIKE '%friend%'").await > 10);
    // Of whom the examples sign in as there are some.
    let known = "introductions AS i JOIN users AS u ON u.id = i.subject_id \
        WHERE u.username IN ('hanako', 'taro')";
    assert!(count(known).await > 30);
}
