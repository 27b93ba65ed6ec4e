//! The demo's music.

use super::{load, settings};

#[tokio::test]
async fn people_like_songs_of_artists_and_listen_to_them_over_some_weeks() {
    let (place, summary) = load(settings(300, 3)).await;
    let count =
        async |rows: &str| -> i64 { place.one(&format!("SELECT count(*) FROM {rows}")).await };
    assert_eq!(
        count("catalogue_items WHERE kind IN ('CD', 'SONG') AND artist_id IS NULL").await,
        0
    );
    assert!(count("artists").await > 25);
    assert_eq!(
        count("artist_names").await,
        2 * count("artists").await,
        "each in two scripts"
    );
    assert!(count("favourite_songs").await > 300);
    let listens = usize::try_from(count("listens").await).unwrap();
    assert_eq!(summary.listens, listens);
    assert!(listens > 1500, "{listens}");
    let weeks = count("(SELECT DISTINCT week FROM song_charts) AS w").await;
    assert!((4..=5).contains(&weeks), "{weeks}");
    assert_eq!(
        count("uncharted_listens").await,
        0,
        "all of it is in the charts"
    );
    let most: i64 = place.one("SELECT max(listeners) FROM song_charts").await;
    assert!(most > 10, "{most}");
}
