//! What the import makes of the genres that people like.

use ashiato::import::{Import, Sort};

use super::run;
use crate::support::place::Place;

#[tokio::test]
async fn favourites_fill_empty_bios_up_to_their_length() {
    let place = Place::new().await;
    let many: Vec<String> = (0..200).map(|n| format!("Genre {n}")).collect();
    let json = serde_json::json!({"0": ["Rap/Hip Hop", "Rock"], "1": many, "2": [], "7 7": ["x"]});
    let import = Import {
        friendships: Some(place.file("small-edges.csv", "node_1,node_2\n0,1\n0,2\n")),
        favourites: Some(place.file("likes.json", json.to_string())),
        ..Import::default()
    };
    let report = run(&place, &import).await.unwrap();
    assert_eq!(report.tallies[1].count(Sort::Took, "bios"), 2, "{report}");
    let bios: Vec<String> = place.all("SELECT bio FROM users ORDER BY username").await;
    assert_eq!(bios[0], "Likes Rap/Hip Hop, Rock");
    assert!((980..=1000).contains(&bios[1].chars().count()));
    assert!(bios[1].starts_with("Likes Genre 0, Genre 1,"));
    assert_eq!(bios[2], "");
}
