//! What comes from outside is read without a panic, and what we write is read back.

use ashiato::{
    config::Limits,
    graphql::{guard::Guard, schema},
    ids::{GlobalId, Kind},
    paging::{cursor, position},
    search, text,
};
use async_graphql::Request;
use proptest::prelude::*;
use uuid::Uuid;

proptest! {
    #[test]
    fn ids_are_read_back_and_garbage_is_refused(a in any::<u128>(), b in any::<u128>(), garbage in ".{0,80}") {
        let key = [Uuid::from_u128(a), Uuid::from_u128(b)];
        let id = GlobalId::encode(Kind::Diary, &key);
        prop_assert_eq!(GlobalId::expect::<2>(&id, Kind::Diary).unwrap(), key);
        prop_assert!(GlobalId::expect::<2>(&id, Kind::Review).is_err());
        prop_assert!(GlobalId::decode(&garbage).is_err());
    }

    #[test]
    fn cursors_are_read_back_and_garbage_is_refused(number in any::<i64>(), name in "[^\\x00]{0,20}", id in any::<u128>(), garbage in "[^a-zA-Z0-9_-].{0,40}") {
        prop_assert_eq!(position::<i64>(b'n', &cursor(b'n', &number)).unwrap(), number);
        prop_assert!(position::<i64>(b'x', &cursor(b'n', &number)).is_err());
        let place = (name, Uuid::from_u128(id));
        prop_assert_eq!(position::<(String, Uuid)>(b's', &cursor(b's', &place)).unwrap(), place);
        prop_assert!(position::<i64>(b'n', &garbage).is_err());
    }

    #[test]
    fn folding_is_stable_and_a_text_is_found_by_its_own_pieces(words in "\\PC{0,40}") {
        let folded = search::fold(&words);
        prop_assert_eq!(search::fold(&folded), folded.clone());
        let grams = search::grams_of(&folded);
        for gram in search::grams_to_find(&folded) {
            prop_assert!(grams.contains(&gram), "{:?}", gram);
        }
    }

    #[test]
    fn a_text_that_is_taken_has_its_length_and_no_control_characters(words in any::<String>()) {
        if let Ok(taken) = text::line("field", &words, 10) {
            prop_assert!((1..=10).contains(&taken.chars().count()));
            prop_assert!(!taken.chars().any(char::is_control));
        }
    }

    #[test]
    fn the_guard_survives_any_document(document in any::<String>(), tokens in "[\\[\\]{}()\"#.@$!:=| a-z0-9\n]{0,300}") {
        let guard = Guard::new(&schema::sdl(), Limits::default()).unwrap();
        for text in [document, tokens] {
            let _ = guard.check(&mut Request::new(text));
        }
    }
}

#[test]
fn a_mutation_has_each_root_field_once_also_through_fragments() {
    let guard = Guard::new(&schema::sdl(), Limits::default()).unwrap();
    let one = "signOut { signedOut }";
    for (document, fine) in [
        (format!("mutation {{ {one} }}"), true),
        (format!("mutation {{ a: {one} b: {one} }}"), true),
        (format!("mutation {{ {one} {one} }}"), false),
        (
            format!("mutation {{ {one} ... on Mutation {{ {one} }} }}"),
            false,
        ),
        (
            format!("mutation {{ ...F ...F }} fragment F on Mutation {{ {one} }}"),
            false,
        ),
    ] {
        assert_eq!(
            guard.check(&mut Request::new(&document)).is_ok(),
            fine,
            "{document}"
        );
    }
}

#[test]
fn long_texts_count_as_many_nodes() {
    let guard = Guard::new(&schema::sdl(), Limits::default()).unwrap();
    let nested = |field: &str| {
        format!(
            "{{ user(username: \"a\") {{ diaries(first: 100) {{ nodes {{ {field} author {{ \
             diaries(first: 100) {{ nodes {{ {field} }} }} }} }} }} }} }}"
        )
    };
    assert!(guard.check(&mut Request::new(nested("title"))).is_ok());
    assert!(guard.check(&mut Request::new(nested("body"))).is_err());
    let page = "{ viewer { homeFeed(first: 100) { nodes { body comments(first: 20) { nodes { body } } } } } }";
    assert!(guard.check(&mut Request::new(page)).is_ok());
}
