//! No table is forgotten.

use std::collections::BTreeSet;

use ashiato::{
    account::leaving::{
        export::kinds::KINDS,
        tables::{Exported, TABLES},
    },
    database::shards,
};

/// Whoever adds a table says here what leaving does with it.
#[test]
fn every_table_is_exported_and_goes_or_it_is_said_why_not() {
    let all: BTreeSet<_> = shards::TABLES.iter().map(|(table, _)| *table).collect();
    let said: BTreeSet<_> = TABLES.iter().map(|(table, _, _)| *table).collect();
    assert_eq!(
        all, said,
        "src/account/leaving/tables.rs says what becomes of each"
    );
    assert_eq!(said.len(), TABLES.len(), "a table stands there twice");
}

#[test]
fn what_is_said_to_be_exported_has_its_file() {
    let files: BTreeSet<_> = KINDS.iter().map(|kind| kind.file).collect();
    assert_eq!(files.len(), KINDS.len());
    for (table, exported, _) in TABLES {
        if let Exported::In(file) = exported {
            assert!(files.contains(file), "{table}: there is no file {file}");
        }
    }
}
