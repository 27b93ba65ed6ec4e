//! The demo's brands' pages, and who follows them.

use super::{load, settings};

#[tokio::test]
async fn pages_have_who_runs_them_posts_and_followers_of_which_the_known_ones_have_some() {
    let (place, summary) = load(settings(1000, 1)).await;
    let count = async |of: &str| -> i64 { place.one(&format!("SELECT count(*) FROM {of}")).await };
    assert_eq!(count("brands").await, 5);
    assert_eq!(summary.brands, 5);
    let posts = usize::try_from(count("brand_posts").await).unwrap();
    assert_eq!(summary.posts, posts);
    let followers: Vec<i64> = place
        .all("SELECT follower_count FROM brands ORDER BY follower_count DESC")
        .await;
    assert!((300..500).contains(&followers[0]), "{followers:?}");
    assert!(followers[4] > 20, "{followers:?}");
    // The first one is whom the examples sign in as.
    let of_hanako = "brands AS b JOIN users AS u ON u.id = b.owner_id \
        WHERE u.username = 'hanako' AND b.handle = 'kissa_hoshizora' AND b.editor_count > 0";
    assert_eq!(count(of_hanako).await, 1);
    let followed =
        "followed_brands AS f JOIN users AS u ON u.id = f.user_id WHERE u.username = 'hanako'";
    assert!(count(followed).await >= 3);
    // Nobody runs one who is a minor, and nothing lies in the future, or before the page.
    let minors =
        "run_brands AS r JOIN users AS u ON u.id = r.user_id WHERE u.birth_date > '1988-10-21'";
    assert_eq!(count(minors).await, 0);
    let early =
        "brand_posts AS p JOIN brands AS b ON b.id = p.brand_id WHERE p.created_at < b.created_at";
    assert_eq!(count(early).await, 0);
    let late = "followed_brands WHERE since >= '2006-10-20T15:00:00+00:00'";
    assert_eq!(count(late).await, 0);
    // As many numbers as posts, in the order in which they were published.
    let disorder = "brand_posts AS p JOIN brand_posts AS o ON o.number > p.number AND o.id < p.id";
    assert_eq!(count(disorder).await, 0);
    let last: i64 = place.one("SELECT number FROM sequences").await;
    assert_eq!(usize::try_from(last).unwrap(), posts);
}
