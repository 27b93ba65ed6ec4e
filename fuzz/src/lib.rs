//! What must hold of whatever comes from outside. Each target in `fuzz_targets` feeds one of these;
//! `scripts/fuzz` runs them (the README of this folder says how).
// A promise that does not hold is a panic: that is what a fuzzer looks for.
#![allow(clippy::panic, clippy::expect_used)]

use std::{fmt::Debug, sync::LazyLock};

use ashiato::{
    config::Limits,
    graphql::{guard::Guard, schema},
    ids::GlobalId,
    music::rank as chart,
    paging::{Position, cursor, position},
    search,
};
use async_graphql::{Request, ServerError, Variables, parser::types::OperationType};
use uuid::Uuid;

static GUARD: LazyLock<Guard> =
    LazyLock::new(|| Guard::new(&schema::sdl(), Limits::default()).expect("the schema is one"));

/// What the guard says of a document: what will run, or the codes of its errors.
type Verdict = Result<OperationType, Vec<String>>;

fn verdict(request: &mut Request) -> Verdict {
    let admitted = GUARD.check(request);
    admitted.map(|admitted| admitted.kind).map_err(|refusal| {
        let errors: Vec<ServerError> = refusal.into();
        let codes = errors.iter().map(|error| {
            assert!(
                error.message.len() < 2_000,
                "a message repeats what was sent"
            );
            let extensions = error.extensions.as_ref();
            extensions
                .and_then(|told| told.get("code"))
                .map(ToString::to_string)
        });
        let codes: Option<Vec<_>> = codes.collect();
        codes
            .filter(|codes| !codes.is_empty())
            .expect("a refusal has a code")
    })
}

/// A document, and behind the first zero byte its variables: the guard refuses with a code what it
/// does not admit, and says the same of the same, however often and whatever it keeps.
pub fn guard(data: &[u8]) {
    let mut parts = data.splitn(2, |byte| *byte == 0);
    let document = String::from_utf8_lossy(parts.next().unwrap_or_default());
    let variables = parts
        .next()
        .and_then(|json| serde_json::from_slice(json).ok());
    let asked = || {
        let request = Request::new(document.as_ref());
        match &variables {
            Some(json) => request.variables(Variables::from_json(serde_json::Value::clone(json))),
            None => request,
        }
    };
    let mut request = asked();
    let first = verdict(&mut request);
    let again = verdict(&mut asked());
    assert_eq!(format!("{first:?}"), format!("{again:?}"));
    if first.is_ok() {
        let parsed = request.parsed_query().expect("what is admitted is parsed");
        assert!(parsed.operations.iter().next().is_some());
    }
}

/// The tag of a list, and a cursor: it is read as what would be written that way, or not at all.
pub fn cursor_of(data: &[u8]) {
    let Some((tag, text)) = data.split_first() else {
        return;
    };
    let text = String::from_utf8_lossy(text);
    is_written_so::<i64>(*tag, &text);
    is_written_so::<Uuid>(*tag, &text);
    is_written_so::<(i64, Uuid)>(*tag, &text);
    is_written_so::<(String, Uuid)>(*tag, &text);
    is_written_so::<chart::Rank>(*tag, &text);
    is_written_so::<search::Place>(*tag, &text);
}

fn is_written_so<P: Position + Debug>(tag: u8, text: &str) {
    if let Ok(read) = position::<P>(tag, text) {
        assert_eq!(cursor(tag, &read), text, "{read:?}");
    }
}

/// A global id: it is read as what would be written that way, or not at all.
pub fn global_id(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Ok(id) = GlobalId::decode(&text) else {
        return;
    };
    let written = [
        id.key::<1>().map(|key| GlobalId::encode(id.kind, &key)),
        id.key::<2>().map(|key| GlobalId::encode(id.kind, &key)),
        id.key::<3>().map(|key| GlobalId::encode(id.kind, &key)),
    ];
    let written: Vec<_> = written.into_iter().flatten().collect();
    assert_eq!(written.len(), 1, "a key has one number of parts");
    assert!(written.iter().all(|written| written.as_str() == text));
}
