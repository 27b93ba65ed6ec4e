//! What must hold of whatever comes from outside (`fuzz/src/lib.rs`), fed with changed seeds. (`make fuzz`
//! looks further, by what an input reaches.)

use std::{fs, path::Path};

use ashiato_fuzz::{cursor_of, global_id, guard, webhook};
use proptest::{collection::vec, prelude::*, sample::Index};

/// The seeds of a target.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/seeds")
        .join(target);
    let files = fs::read_dir(folder).unwrap();
    let mut seeds: Vec<_> = files
        .map(|file| fs::read(file.unwrap().path()).unwrap())
        .collect();
    seeds.sort();
    assert!(seeds.len() >= 3, "{target}");
    seeds
}

/// How a seed is changed at a place.
#[derive(Clone, Copy, Debug)]
enum Change {
    Set(u8),
    Insert(u8),
    Remove,
    /// So many of the bytes before it, once more.
    Repeat(usize),
}

/// Bytes that mean something where documents and ids are read come more often than others.
fn byte() -> impl Strategy<Value = u8> {
    prop_oneof![
        3 => prop::sample::select(b"{}()[]\"#@$!:=|&.,-_ \n\\0129azAZ".to_vec()),
        1 => any::<u8>(),
    ]
}

fn changes() -> impl Strategy<Value = Vec<(Index, Change)>> {
    let change = prop_oneof![
        2 => byte().prop_map(Change::Set),
        3 => byte().prop_map(Change::Insert),
        2 => Just(Change::Remove),
        1 => (1..40_usize).prop_map(Change::Repeat),
    ];
    vec((any::<Index>(), change), 0..16)
}

fn changed(seed: &[u8], changes: &[(Index, Change)]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for (place, change) in changes {
        let place = place.index(bytes.len() + 1);
        match *change {
            Change::Insert(byte) => bytes.insert(place, byte),
            Change::Repeat(count) => {
                let again = bytes[place.saturating_sub(count)..place].to_vec();
                bytes.splice(place..place, again);
            }
            Change::Set(byte) if place < bytes.len() => bytes[place] = byte,
            Change::Remove if place < bytes.len() => {
                bytes.remove(place);
            }
            Change::Set(_) | Change::Remove => {}
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_documents_are_admitted_or_refused_with_a_code(seed in any::<Index>(), changes in changes()) {
        guard(&changed(seed.get::<Vec<u8>>(&seeds("guard")), &changes));
    }

    #[test]
    fn changed_cursors_are_read_as_they_are_written_or_not(seed in any::<Index>(), changes in changes()) {
        cursor_of(&changed(seed.get::<Vec<u8>>(&seeds("cursor")), &changes));
    }

    #[test]
    fn changed_ids_are_read_as_they_are_written_or_not(seed in any::<Index>(), changes in changes()) {
        global_id(&changed(seed.get::<Vec<u8>>(&seeds("global_id")), &changes));
    }

    #[test]
    fn changed_messages_are_believed_by_nobody_and_read_as_far_as_they_can_be(
        seed in any::<Index>(), changes in changes()
    ) {
        webhook(&changed(seed.get::<Vec<u8>>(&seeds("webhook")), &changes));
    }
}
