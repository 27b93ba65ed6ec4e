//! What the import takes of catalogues.

use ashiato::import::{Import, Report, Sort, Tally};
use entity::values::CatalogueKind;

use super::{agrees, run, shared};
use crate::support::place::Place;

async fn catalogue(place: &Place, csv: &str, kind: CatalogueKind) -> anyhow::Result<Tally> {
    let import = Import {
        catalogues: vec![(place.file("items.csv", csv), kind)],
        ..Import::default()
    };
    Ok(run(place, &import).await?.tallies.remove(0))
}

#[tokio::test]
async fn games_come_with_both_titles_and_their_platforms() {
    let place = Place::new().await;
    let csv = "platform,title,title_exact,region,release,developer,publisher,genre\n\
        console_nec_pcfx,Zenki FX,鬼神童子ＺＥＮＫＩ,Japan,1995-06-30,a,b,c\n\
        console_nec_pcfx,ZENKI fx,鬼神童子,Japan,1995-06-30,a,b,c\n\
        console_sega_saturn,Zenki FX,=,Japan,,a,b,c\n\
        console_sega_saturn,Latin,Latin Exact,USA,NA.PAL,a,b,c\n";
    let tally = catalogue(&place, csv, CatalogueKind::VideoGame)
        .await
        .unwrap();
    assert_eq!(tally.count(Sort::Took, "items"), 3);
    let merged = "items that the file names again, merged";
    assert_eq!(tally.count(Sort::PassedOver, merged), 1);
    let platforms = place
        .map::<i64>("SELECT platform, count(*) FROM catalogue_items GROUP BY 1")
        .await;
    assert_eq!(
        platforms,
        [("PC-FX".to_owned(), 1), ("Sega Saturn".to_owned(), 2)].into()
    );
    let titles: Vec<String> = place
        .all("SELECT title FROM catalogue_titles ORDER BY position")
        .await;
    assert_eq!(titles, ["鬼神童子ＺＥＮＫＩ", "鬼神童子"]);
    let found: i64 = place
        .one("SELECT count(*) FROM catalogue_grams WHERE gram = '童子'")
        .await;
    assert_eq!(found, 1);
    agrees(&place).await;
}

#[tokio::test]
async fn music_says_itself_what_it_is() {
    let place = Place::new().await;
    let csv = "kind,title,url\r\nMusicalArtist,Nick Cave,u\r\n\r\nBand,Merzbow,u\nAlbum,Who Are You,u\n\
        Single,Last Christmas,u\nSong,last christmas,u\nSong,For No One,u\nLabel,Creation,u\n";
    let tally = catalogue(&place, csv, CatalogueKind::Cd).await.unwrap();
    assert_eq!(tally.count(Sort::Took, "items"), 3);
    assert_eq!(tally.count(Sort::Took, "artists"), 2);
    let told = Report {
        tallies: vec![tally],
    }
    .to_string();
    assert!(
        told.contains("1 lines that are no album, no song and no artist: line 9: a Label\n"),
        "{told}"
    );
    let artists = place
        .map::<i64>("SELECT name, CAST(1 AS bigint) FROM artists")
        .await;
    assert_eq!(
        artists,
        [("Merzbow".to_owned(), 1), ("Nick Cave".to_owned(), 1)].into()
    );
    let kinds = place
        .map::<i64>("SELECT kind, count(*) FROM catalogue_items GROUP BY 1")
        .await;
    assert_eq!(kinds, [("CD".to_owned(), 1), ("SONG".to_owned(), 2)].into());
}

#[tokio::test]
async fn a_column_says_whose_music_it_is() {
    let place = Place::new().await;
    let csv = "title,artist\nSakura,Naotaro Moriyama\nSakura,Ikimono-gakari\nSakura,\nSAKURA,naotaro moriyama\n\
        Automatic,Hikaru Utada\n";
    let long = format!("{csv}Too long,{}\n", "x".repeat(101));
    for (csv, took, had) in [(csv, 4, 0), (&long, 1, 4)] {
        let tally = catalogue(&place, csv, CatalogueKind::Song).await.unwrap();
        assert_eq!(tally.count(Sort::Took, "items"), took);
        assert_eq!(tally.count(Sort::Had, "items"), had);
        assert_eq!(
            tally.count(Sort::Took, "artists"),
            if had == 0 { 3 } else { 0 }
        );
        let refused =
            "artists whose name is missing, over 100 characters, or of control characters";
        assert_eq!(tally.count(Sort::Refused, refused), u64::from(had > 0));
    }
    let of = "SELECT a.name, count(*) FROM catalogue_items AS i JOIN artists AS a ON a.id = i.artist_id GROUP BY 1";
    let artists =
        ["Hikaru Utada", "Ikimono-gakari", "Naotaro Moriyama"].map(|name| (name.to_owned(), 1));
    assert_eq!(place.map::<i64>(of).await, artists.into());
    agrees(&place).await;
}

#[tokio::test]
async fn titles_against_the_rules_are_refused() {
    let place = Place::new().await;
    let (fits, long) = ("x".repeat(300), "x".repeat(301));
    let folds_long = "㍿".repeat(100);
    let csv = format!(
        "title,year,genres\n{fits},1999,\n{long},1999,\n{folds_long},1999,\n,1999,\n\
         a\u{7}b,1999,\nNo Year,soon,\ntoo,1999\n"
    );
    let tally = catalogue(&place, &csv, CatalogueKind::Movie).await.unwrap();
    assert_eq!(tally.count(Sort::Took, "items"), 1);
    for (what, count) in [
        ("titles over 300 characters", 2),
        ("lines without a title", 1),
        ("titles with control characters", 1),
        ("lines without a year or a platform that can be read", 1),
        ("malformed lines", 1),
    ] {
        assert_eq!(tally.count(Sort::Refused, what), count, "{what}");
    }
}

#[tokio::test]
#[cfg_attr(
    not(has_shared_data),
    ignore = "../shared/data was not there at the build: touch build.rs when it is"
)]
async fn a_real_catalogue_comes_in_with_its_japanese_titles() {
    let path = shared("catalogue/games.csv");
    let place = Place::new().await;
    let import = Import {
        catalogues: vec![(path, CatalogueKind::VideoGame)],
        ..Import::default()
    };
    let report = run(&place, &import).await.unwrap();
    let tally = &report.tallies[0];
    let merged = tally.count(Sort::PassedOver, "items that the file names again, merged");
    assert_eq!(
        tally.count(Sort::Took, "items") + merged,
        12_533,
        "{report}"
    );
    assert!(tally.count(Sort::Took, "items") > 12_400, "{report}");
    assert_eq!(tally.total(Sort::Refused), 0, "{report}");
    let titled: i64 = place
        .one("SELECT count(DISTINCT item_id) FROM catalogue_titles")
        .await;
    assert!((7600..=7712).contains(&titled), "{titled}");
    agrees(&place).await;
}
