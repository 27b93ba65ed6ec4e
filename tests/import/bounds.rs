//! Files without an end, and what is no file.

use std::{
    fs::OpenOptions,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    thread::JoinHandle,
};

use ashiato::import::{Import, Sort};
use entity::values::CatalogueKind;
use rstest::rstest;

use super::run;
use crate::support::place::Place;

/// What may be read of a line before it is refused, with room for what is read ahead.
const MOST: usize = 1_200_000;

/// A pipe into which `head` is written and then `tail` for ever, or once; says how much it took.
fn pipe(
    place: &Place,
    head: &str,
    tail: &'static [u8],
    for_ever: bool,
) -> (PathBuf, JoinHandle<usize>) {
    let path = place.database.folder.path().join("pipe-edges.csv");
    let made = Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
    let (into, head) = (path.clone(), head.to_owned());
    let writer = std::thread::spawn(move || {
        let mut pipe = OpenOptions::new().write(true).open(into).unwrap();
        let mut taken = head.len();
        pipe.write_all(head.as_bytes()).unwrap();
        while let Ok(written) = pipe.write(tail) {
            taken += written;
            if !for_ever {
                break;
            }
        }
        taken
    });
    (path, writer)
}

fn friendships(path: &Path) -> Import {
    Import {
        friendships: Some(path.to_owned()),
        ..Import::default()
    }
}

fn favourites(path: &Path) -> Import {
    Import {
        favourites: Some(path.to_owned()),
        ..Import::default()
    }
}

fn books(path: &Path) -> Import {
    Import {
        catalogues: vec![(path.to_owned(), CatalogueKind::Book)],
        ..Import::default()
    }
}

#[rstest]
#[case::without_a_head(friendships, "", b"0000000000000000", "line 1)")]
#[case::pair(friendships, "node_1,node_2\n0,1\n2,", b"3333333333333333", "line 3)")]
#[case::open_quotation(
    friendships,
    "node_1,node_2\n0,1\n\"2,3\n",
    b"4,5\n6,7\n8,9\n",
    "line 3)"
)]
#[case::title(books, "title\nKokoro\n", b"\0\0\0\0\0\0\0\0\0\0\0\0", "line 3)")]
#[case::genre(
    favourites,
    "{\n\"0\": [\"Jazz\"],\n\"1\": [\"",
    b"RockRockRockRock",
    "line 3)"
)]
#[case::genres(favourites, "{\"0\": [\"Jazz\"", b", \"Rock\", \"Rock\"", "line 1)")]
#[tokio::test]
async fn a_line_without_an_end_is_refused_before_it_fills_the_memory(
    #[case] import: fn(&Path) -> Import,
    #[case] head: &str,
    #[case] tail: &'static [u8],
    #[case] at: &str,
) {
    let place = Place::new().await;
    let (path, writer) = pipe(&place, head, tail, true);
    let error = run(&place, &import(&path)).await.unwrap_err().to_string();
    assert!(
        error.contains("pipe-edges.csv") && error.contains(at),
        "{error}"
    );
    assert!(error.contains("more than 1000000 bytes"), "{error}");
    let taken = writer.join().unwrap();
    assert!((1_000_000..MOST).contains(&taken), "{taken}");
}

#[tokio::test]
async fn a_long_file_of_short_lines_is_read_from_a_pipe_to_its_end() {
    let place = Place::new().await;
    let rows: String = (1..150_000).map(|n| format!("0,{}\n", n % 3)).collect();
    assert!(rows.len() > 500_000);
    let head = format!("node_1,node_2\n{rows}{rows}");
    let (path, writer) = pipe(&place, &head, b"1,2\n", false);
    let report = run(&place, &friendships(&path)).await.unwrap();
    assert_eq!(
        report.tallies[0].count(Sort::Took, "friendships"),
        3,
        "{report}"
    );
    assert_eq!(writer.join().unwrap(), head.len() + 4);
}

#[tokio::test]
async fn many_favourites_come_in_whole_in_lines_or_in_one() {
    let place = Place::new().await;
    let genres = vec!["Rock"; 40];
    let people: std::collections::BTreeMap<_, _> = (0..5000)
        .map(|person| (person.to_string(), genres.clone()))
        .collect();
    for json in [
        serde_json::to_string(&people).unwrap(),
        serde_json::to_string_pretty(&people).unwrap(),
    ] {
        assert!(json.len() > 1_200_000);
        let path = place.file("likes.json", json);
        let report = run(&place, &favourites(&path)).await.unwrap();
        let what = "people who were not imported";
        assert_eq!(
            report.tallies[0].count(Sort::Refused, what),
            5000,
            "{report}"
        );
    }
}

#[rstest]
#[case::friendships(friendships)]
#[case::favourites(favourites)]
#[case::catalogue(books)]
#[tokio::test]
async fn what_is_no_file_is_refused_with_a_sentence(#[case] import: fn(&Path) -> Import) {
    let place = Place::new().await;
    for (path, sentence) in [
        (Path::new("/dev/zero"), "is a device, not a file"),
        (Path::new("/dev/null"), "is a device, not a file"),
        (place.database.folder.path(), "is a folder, not a file"),
        (
            Path::new("/no/such/file.csv"),
            "cannot open /no/such/file.csv",
        ),
    ] {
        let error = run(&place, &import(path)).await.unwrap_err().to_string();
        assert!(error.contains(sentence), "{error}");
        assert!(error.contains(path.to_str().unwrap()), "{error}");
    }
}
