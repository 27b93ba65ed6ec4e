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
    payment::{
        Event, Told,
        stripe::{
            event::{self, Back},
            signature,
        },
    },
    search,
};
use async_graphql::{Request, ServerError, Variables, parser::types::OperationType};
use chrono::DateTime;
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

/// A signature of Stripe's form, and behind the first zero byte the body of a message: nothing that is not signed with
/// the secret is believed; and what is read of a message is nothing but names of the form of Stripe's, amounts that can
/// be, and times that the database has.
pub fn webhook(data: &[u8]) {
    let mut parts = data.splitn(2, |byte| *byte == 0);
    let header = String::from_utf8_lossy(parts.next().unwrap_or_default());
    let body = parts.next().unwrap_or_default();
    // As a seed has it: whoever takes the time from there has the right one.
    let now = DateTime::from_timestamp(1_796_266_800, 0).expect("it is a time");
    let secrets = ["whsec_that_nobody_knows".to_owned()];
    assert!(signature::check(&header, body, &secrets, now).is_err());
    let Some(said) = event::read(body) else {
        return;
    };
    let Event { id, kind, told } = &said.event;
    is_name(id);
    is_name(kind);
    if let Some(of) = &said.of_charge {
        assert!(told.is_none(), "it is told once what the charge was");
        is_name(&of.charge);
        match &of.back {
            Back::Refunded(yen) => is_amount(*yen),
            Back::Disputed { dispute, yen, .. } => {
                is_name(dispute);
                is_amount(*yen);
            }
        }
    }
    let Some(told) = told else { return };
    is_name(told.customer());
    match told {
        Told::Paid {
            which,
            reference,
            yen,
            until,
        } => {
            which.subscription.iter().for_each(|name| is_name(name));
            is_name(reference);
            is_amount(*yen);
            assert!((0..7_258_118_400).contains(&until.timestamp()));
        }
        Told::Failed { which, .. } | Told::Renewal { which, .. } | Told::Ended { which, .. } => {
            which.subscription.iter().for_each(|name| is_name(name));
        }
        Told::Refunded { reference, yen, .. } | Told::Disputed { reference, yen, .. } => {
            is_name(reference);
            is_amount(*yen);
        }
    }
}

fn is_name(text: &str) {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    assert!((1..=255).contains(&text.len()) && text.bytes().all(fits));
}

fn is_amount(yen: i64) {
    assert!((0..=1_000_000_000).contains(&yen));
}
