//! The import: what it takes, what it refuses and why, and that a second run changes nothing.

mod bounds;
mod catalogue;
mod favourites;

use std::{collections::HashMap, path::PathBuf};

use ashiato::{
    bulk::recount::recount,
    config::Rules,
    import::{Import, Report, Sort, Tally},
};
use entity::values::CatalogueKind;
use indicatif::ProgressBar;

use crate::support::place::Place;

const AGAIN: &str = "friendships that the file names again, either way round";
const FULL: &str = "friendships over the friend limit";

async fn run(place: &Place, import: &Import) -> anyhow::Result<Report> {
    import.run(&place.app, &ProgressBar::hidden()).await
}

async fn friendships(place: &Place, csv: &str) -> anyhow::Result<Tally> {
    let import = Import {
        friendships: Some(place.file("small-edges.csv", csv)),
        ..Import::default()
    };
    Ok(run(place, &import).await?.tallies.remove(0))
}

async fn with_limit(friend_limit: i64) -> Place {
    let rules = Rules {
        friend_limit,
        ..Rules::default()
    };
    Place::with(rules, None).await
}

/// A file of the real data. Where there is none, what reads it is ignored.
fn shared(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")).join(name)
}

async fn agrees(place: &Place) {
    let differences = recount(place.app.database.reader()).await.unwrap();
    assert_eq!(differences, []);
}

#[tokio::test]
#[cfg_attr(
    not(has_shared_data),
    ignore = "../shared/data was not there at the build: touch build.rs when it is"
)]
async fn a_real_graph_comes_in_whole() {
    let path = shared("graphs/lastfm-asia-edges.csv");
    let mut degrees: HashMap<String, i64> = HashMap::new();
    for line in std::fs::read_to_string(&path).unwrap().lines().skip(1) {
        for label in line.split(',') {
            *degrees.entry(format!("lastfm_asia_{label}")).or_default() += 1;
        }
    }
    let place = Place::new().await;
    let import = Import {
        friendships: Some(path),
        ..Import::default()
    };
    let first = run(&place, &import).await.unwrap();
    assert_eq!(first.tallies[0].count(Sort::Took, "people"), 7624);
    assert_eq!(first.tallies[0].count(Sort::Took, "friendships"), 27_806);
    assert_eq!(first.tallies[0].total(Sort::Refused), 0, "{first}");
    let counts = place.map("SELECT username, friend_count FROM users").await;
    assert_eq!(counts, degrees.into_iter().collect());
    agrees(&place).await;
}

#[tokio::test]
async fn a_second_run_changes_nothing() {
    let place = with_limit(2).await;
    let csv = "node_1,node_2\n0,1\n1,2\n3,1\n2,3\n";
    let import = Import {
        friendships: Some(place.file("small-edges.csv", csv)),
        favourites: Some(place.file("small-genres.json", r#"{"0": ["Rock"], "9": ["Jazz"]}"#)),
        catalogues: vec![(
            place.file("films.csv", "title,year,genres\nOne,1999,\nTwo,2000,\n"),
            CatalogueKind::Movie,
        )],
        ..Import::default()
    };
    let first = run(&place, &import).await.unwrap();
    let rows = place.everything().await;
    assert_eq!(rows["friendships"].len(), 6);
    assert_eq!(rows["catalogue_items"].len(), 2);
    let second = run(&place, &import).await.unwrap();
    assert!(rows == place.everything().await);
    for (first, second) in first.tallies.iter().zip(&second.tallies) {
        assert!(first.total(Sort::Took) > 0);
        assert_eq!(second.total(Sort::Took), 0);
        assert_eq!(second.total(Sort::Had), first.total(Sort::Took));
        assert_eq!(second.total(Sort::Refused), first.total(Sort::Refused));
    }
    agrees(&place).await;
}

#[tokio::test]
async fn a_run_that_broke_off_is_completed_by_another() {
    let place = Place::new().await;
    friendships(&place, "node_1,node_2\n0,1\n1,2\n")
        .await
        .unwrap();
    let tally = friendships(&place, "node_1,node_2\n0,1\n1,2\n2,3\n0,3\n")
        .await
        .unwrap();
    assert_eq!(tally.count(Sort::Had, "people"), 3);
    assert_eq!(tally.count(Sort::Took, "people"), 1);
    assert_eq!(tally.count(Sort::Had, "friendships"), 2);
    assert_eq!(tally.count(Sort::Took, "friendships"), 2);
    agrees(&place).await;
}

#[tokio::test]
async fn what_is_no_friendship_is_refused_with_its_line() {
    let place = Place::new().await;
    let csv = "node_1,node_2\n1,2\n2,1\n1,2\n3,3\n4\n5,6,7\n,8\nx y,9\n10,this_name_is_too_long\n A,b \na,B\n";
    let tally = friendships(&place, csv).await.unwrap();
    assert_eq!(tally.count(Sort::Took, "friendships"), 2);
    assert_eq!(tally.count(Sort::Refused, AGAIN), 3);
    assert_eq!(tally.count(Sort::Refused, "friendships with oneself"), 1);
    assert_eq!(tally.count(Sort::Refused, "malformed lines"), 5);
    let told = Report {
        tallies: vec![tally],
    }
    .to_string();
    for part in [
        "small-edges.csv, people as small_…:",
        "refused 5 malformed lines: line 6: `4`; line 7: `5,6,7`; line 8: `,8`; …",
        "refused 3 friendships that the file names again, either way round: line 3; line 4; line 12\n",
        "refused 1 friendships with oneself: line 5\n",
    ] {
        assert!(told.contains(part), "{told}");
    }
    let people: Vec<String> = place
        .all("SELECT username FROM users ORDER BY username")
        .await;
    assert_eq!(people, ["small_1", "small_2", "small_a", "small_b"]);
    agrees(&place).await;
}

#[tokio::test]
async fn the_cap_holds_and_counts_what_is_there() {
    let place = with_limit(3).await;
    friendships(&place, "node_1,node_2\n0,1\n0,2\n")
        .await
        .unwrap();
    let star = "node_1,node_2\n0,3\n0,4\n5,0\n3,4\n";
    let tally = friendships(&place, star).await.unwrap();
    assert_eq!(tally.count(Sort::Took, "friendships"), 2);
    assert_eq!(tally.count(Sort::Refused, FULL), 2);
    let of_0 = "SELECT friend_count FROM users WHERE username = 'small_0'";
    assert_eq!(place.one::<i64>(of_0).await, 3);
    agrees(&place).await;

    // The same file again, with tarento: what was refused comes in.
    let import = Import {
        friendships: Some(place.file("small-edges.csv", star)),
        tarento_over_cap: true,
        ..Import::default()
    };
    let tally = run(&place, &import).await.unwrap().tallies.remove(0);
    assert_eq!(tally.count(Sort::Took, "friendships"), 2);
    assert_eq!(
        tally.count(Sort::Took, "people as tarento, for their many friends"),
        1
    );
    assert_eq!(tally.total(Sort::Refused), 0);
    assert_eq!(place.one::<i64>(of_0).await, 5);
    let tarento: Vec<String> = place
        .all("SELECT username FROM users WHERE kind = 'TARENTO'")
        .await;
    assert_eq!(tarento, ["small_0"]);
    agrees(&place).await;
}

#[tokio::test]
async fn a_member_who_took_such_a_name_is_left_alone() {
    let place = Place::new().await;
    let wish = ashiato::account::service::SignUp {
        username: "small_1".to_owned(),
        nickname: "me".to_owned(),
        password: "three blind mice".to_owned(),
        birth_date: "1981-02-03".parse().unwrap(),
        home_region: None,
        invitation_code: None,
        phone: None,
        idempotency_key: None,
    };
    ashiato::account::service::sign_up(&place.app, wish)
        .await
        .unwrap();
    let import = Import {
        friendships: Some(place.file("small-edges.csv", "node_1,node_2\n0,1\n0,2\n")),
        favourites: Some(place.file("small-genres.json", r#"{"1": ["Rock"], "2": ["Jazz"]}"#)),
        ..Import::default()
    };
    let report = run(&place, &import).await.unwrap();
    let taken = "friendships of a name that a member took";
    assert_eq!(report.tallies[0].count(Sort::Refused, taken), 1);
    assert_eq!(report.tallies[0].count(Sort::Took, "friendships"), 1);
    let unknown = "people who were not imported";
    assert_eq!(report.tallies[1].count(Sort::Refused, unknown), 1);
    let bios: Vec<String> = place.all("SELECT bio FROM users ORDER BY username").await;
    assert_eq!(bios, ["", "", "Likes Jazz"]);
    agrees(&place).await;
}

#[tokio::test]
async fn files_that_are_not_what_they_should_be_are_refused_before_anything_is_written() {
    let place = Place::new().await;
    let good = place.file("good-edges.csv", "node_1,node_2\n0,1\n");
    let bad_friendships: [(&str, &[u8], &str); 5] = [
        ("a.csv", b"title,year\nx,1\n", "no list of friendships"),
        ("b.csv", b"0,747\n1,2\n", "no list of friendships"),
        ("c.csv", b"", "is empty"),
        ("d.csv", b"\xff\xfe\x00n", "not UTF-8"),
        (
            "1-edges.csv",
            b"node_1,node_2\n0,1\n",
            "cannot begin with `1`",
        ),
    ];
    for (name, bytes, sentence) in bad_friendships {
        let import = Import {
            friendships: Some(place.file(name, bytes)),
            ..Import::default()
        };
        let error = run(&place, &import).await.unwrap_err().to_string();
        assert!(error.contains(sentence), "{error}");
    }
    let bad_catalogues: [(&[u8], CatalogueKind, &str); 4] = [
        (
            b"node_1,node_2\n",
            CatalogueKind::Movie,
            "no column `title`",
        ),
        (b"title,genres\n", CatalogueKind::Movie, "no column `year`"),
        (
            b"title,year\n",
            CatalogueKind::VideoGame,
            "no column `platform`",
        ),
        (
            b"kind,title,url\n",
            CatalogueKind::Book,
            "give it the kind CD or SONG",
        ),
    ];
    for (bytes, kind, sentence) in bad_catalogues {
        let import = Import {
            friendships: Some(good.clone()),
            catalogues: vec![(place.file("items.csv", bytes), kind)],
            ..Import::default()
        };
        let error = run(&place, &import).await.unwrap_err().to_string();
        assert!(error.contains(sentence), "{error}");
    }
    for json in ["", "[1]", r#"{"0": "Rock"}"#, "node_1,node_2"] {
        let import = Import {
            friendships: Some(good.clone()),
            favourites: Some(place.file("likes.json", json)),
            ..Import::default()
        };
        let error = run(&place, &import).await.unwrap_err().to_string();
        assert!(error.contains("no list of favourites"), "{error}");
    }
    for missing in [
        place.database.folder.path().join("nowhere.csv"),
        place.database.folder.path().to_owned(),
    ] {
        let import = Import {
            friendships: Some(missing.clone()),
            ..Import::default()
        };
        let error = run(&place, &import).await.unwrap_err().to_string();
        assert!(error.contains(&missing.display().to_string()), "{error}");
    }
    assert_eq!(place.one::<i64>("SELECT count(*) FROM users").await, 0);
}

#[tokio::test]
async fn a_line_that_is_no_text_ends_the_import_and_a_rerun_completes_it() {
    let place = Place::new().await;
    let mut bytes = b"node_1,node_2\n".to_vec();
    for n in 0..12_000 {
        bytes.extend(format!("{n},{}\n", n + 1).bytes());
    }
    let good = bytes.clone();
    bytes.extend(b"1,\xff\n7,9\n");
    let import = |bytes: &[u8]| Import {
        friendships: Some(place.file("small-edges.csv", bytes)),
        ..Import::default()
    };
    let error = run(&place, &import(&bytes)).await.unwrap_err().to_string();
    assert!(error.contains("not UTF-8 text (line 12002)"), "{error}");
    let kept: i64 = place.one("SELECT count(*) / 2 FROM friendships").await;
    assert_eq!(kept, 10_000, "the first transaction's");
    agrees(&place).await;
    let report = run(&place, &import(&good)).await.unwrap();
    assert_eq!(report.tallies[0].count(Sort::Had, "friendships"), 10_000);
    assert_eq!(report.tallies[0].count(Sort::Took, "friendships"), 2000);
    agrees(&place).await;
}

#[tokio::test]
async fn on_sqlite_what_was_imported_stands_in_the_database_file_itself() {
    let place = Place::new().await;
    friendships(&place, "node_1,node_2\n0,1\n1,2\n")
        .await
        .unwrap();
    let copy = Place::new().await;
    let url = format!(
        "sqlite://{}",
        copy.database.folder.path().join("copy.db").display()
    );
    // Without the journal beside it.
    std::fs::copy(
        place.database.folder.path().join("test.db"),
        copy.database.folder.path().join("copy.db"),
    )
    .unwrap();
    let db = sea_orm::Database::connect(url).await.unwrap();
    use sea_orm::{EntityTrait, PaginatorTrait};
    let rows = entity::friendship::Entity::find().count(&db).await.unwrap();
    assert_eq!(rows, 4);
    assert_eq!(recount(&db).await.unwrap(), []);
}
