//! The visibility matrix: who finds what of somebody, on every path that the schema has.
//!
//! A row is a viewer and a path; what the viewer finds there of the target is compared with what
//! rules.md says. The list of paths is the schema's own: a field that leads to an object, or counts
//! some, and stands in no row fails.

mod all_paths;
mod brand_paths;
mod cast;
mod discovery;
mod elsewhere;
mod exports;
mod feeds;
mod group_paths;
mod introduction_paths;
mod kiriban_paths;
mod live;
mod moderation;
mod music_paths;
mod notification_paths;
mod paths;
mod photo_paths;
mod search_paths;
mod time;
mod who;

use std::collections::BTreeSet;

use ashiato::graphql::schema;
use async_graphql::parser::{
    parse_schema,
    types::{BaseType, TypeKind, TypeSystemDefinition},
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::world::World;
use all_paths::all;
use cast::{AUDIENCES, Ages, Cast, Who};
use elsewhere::{ELSEWHERE, NOBODYS};
use paths::Path;

/// What of the target is looked for, found anywhere in `answer`.
fn found(answer: &Value, marks: &BTreeSet<String>) -> BTreeSet<String> {
    match answer {
        Value::String(text) => marks.get(text).into_iter().cloned().collect(),
        Value::Array(all) => all.iter().flat_map(|one| found(one, marks)).collect(),
        Value::Object(all) => all.values().flat_map(|one| found(one, marks)).collect(),
        _ => BTreeSet::new(),
    }
}

/// Whether what is asked for is refused to nearly everybody.
fn may_refuse(document: &str) -> bool {
    document.contains("auditLog") || document.contains("{ reports {")
}

/// The numbers that stand in `answer` under a name that begins with `count` or ends with `Count`.
fn counts(answer: &Value) -> Vec<i64> {
    match answer {
        Value::Array(all) => all.iter().flat_map(counts).collect(),
        Value::Object(all) => all
            .iter()
            .flat_map(|(name, value)| match value.as_i64() {
                Some(count) if name == "count" || name.ends_with("Count") => vec![count],
                _ => counts(value),
            })
            .collect(),
        _ => Vec::new(),
    }
}

#[rstest]
#[case::of_adults(Ages::Adults)]
#[case::of_minors(Ages::Minors)]
#[tokio::test]
async fn everybody_finds_what_is_for_them_and_nothing_else_on_every_path(#[case] ages: Ages) {
    let world = World::new().await;
    let cast = Cast::new(&world, ages).await;
    let marks = cast.marks();
    let mut rows = 0;
    for path in all() {
        for who in Who::ALL {
            for (place, audience) in AUDIENCES.into_iter().enumerate() {
                // Most paths are the same for every audience.
                let asked = ["$diary", "$comment", "$photo"];
                if place > 0 && !asked.iter().any(|it| path.document.contains(it)) {
                    continue;
                }
                let answer = cast.ask(who, path.document, place).await;
                let row = format!("{who:?} {audience} {}: {answer}", path.document);
                let refused: Vec<_> = answer["errors"].as_array().into_iter().flatten().collect();
                assert!(may_refuse(path.document) || refused.is_empty(), "{row}");
                let shown = found(&answer["data"], &marks);
                let mut expected: BTreeSet<_> = (path.shows)(who, place).into_iter().collect();
                if ages == Ages::Minors && !path.finds_minors(who) {
                    expected.clear();
                }
                assert_eq!(shown, expected, "{row}");
                if let Some(of) = path.counts {
                    let counted = counts(&answer["data"]);
                    let expected = of(who, place);
                    assert!(
                        counted.iter().all(|count| *count == expected),
                        "{expected}: {row}"
                    );
                    assert!(!counted.is_empty() || expected == 0, "{row}");
                }
                rows += 1;
            }
        }
    }
    // With those of who acts below, more than 400.
    assert!(rows >= 360, "{rows}");
}

/// Who is suspended is found on no path by anybody but moderators and administrators, and afterwards by all
/// as before.
#[tokio::test]
async fn who_is_suspended_is_found_by_who_looks_after_them_alone() {
    let world = World::new().await;
    let cast = Cast::new(&world, Ages::Adults).await;
    let marks = cast.marks();
    let administrator = cast.member(Who::Administrator).unwrap();
    let input = json!({ "userId": cast.target.id(), "reason": "spam" });
    administrator.mutate("suspendUser", input, "").await;
    let lift = json!({ "userId": cast.target.id() });
    let mut rows = 0;
    for is_suspended in [true, false] {
        if !is_suspended {
            administrator
                .mutate("liftSuspension", lift.clone(), "")
                .await;
        }
        for path in all() {
            // Nobody joins by their invitations meanwhile, so nobody is offered any.
            let is_offer = path.document.contains("invitationOffer");
            for who in Who::ALL {
                // What is theirs is in nobody's hands meanwhile.
                if who == Who::Target {
                    continue;
                }
                let answer = cast.ask(who, path.document, 0).await;
                let row = format!("{is_suspended} {who:?} {}: {answer}", path.document);
                let hides = is_suspended && (!who.is_staff() || is_offer);
                let shown = found(&answer["data"], &marks);
                let expected: BTreeSet<_> = match hides {
                    true => BTreeSet::new(),
                    false => (path.shows)(who, 0).into_iter().collect(),
                };
                assert_eq!(shown, expected, "{row}");
                let Some(of) = path.counts else { continue };
                let expected = if hides { 0 } else { of(who, 0) };
                let counted = counts(&answer["data"]);
                assert!(counted.iter().all(|count| *count == expected), "{row}");
                rows += 1;
            }
        }
    }
    assert!(rows >= 100, "{rows}");
}

/// What is hidden answers as what never was, to the byte, after as many statements.
#[rstest]
#[case::of_adults(Ages::Adults)]
#[case::of_minors(Ages::Minors)]
#[tokio::test]
async fn what_is_hidden_is_as_what_never_was(#[case] ages: Ages) {
    let world = World::uncached().await;
    let cast = Cast::new(&world, ages).await;
    let rows = hidden_rows();
    assert!(rows.len() >= 100, "{}", rows.len());
    for (path, who, place) in rows {
        let ask = async |variables: Value| {
            world.forget_statements();
            let answer = cast.ask_with(who, path.document, variables).await;
            (answer.to_string(), world.statements())
        };
        let hidden = ask(cast.variables(place)).await;
        let absent = ask(cast.of_nobody()).await;
        assert_eq!(hidden, absent, "{who:?} {place} {}", path.document);
    }
}

/// Where nothing is found of what is there: the path, who looks, and the place of the audience.
fn hidden_rows() -> Vec<(&'static Path, Who, usize)> {
    let mut rows = Vec::new();
    for path in all() {
        for who in [
            Who::Blocked,
            Who::Blocker,
            Who::Apart,
            Who::Stranger,
            Who::Anonymous,
        ] {
            for place in 0..AUDIENCES.len() {
                // Of who is there, some paths show nothing to some.
                let is_hidden = who.is_hidden() || path.document.contains("node(id");
                let shows_nothing = (path.shows)(who, place).is_empty();
                if is_hidden && shows_nothing && !path.is_of_the_viewer() {
                    rows.push((path, who, place));
                }
            }
        }
    }
    rows
}

/// Whether a field of the schema leads to objects, or counts some.
fn leads_on(kinds: &[(String, TypeKind)], name: &str, of: &BaseType) -> bool {
    match of {
        BaseType::List(of) => leads_on(kinds, name, &of.base),
        BaseType::Named(of) => {
            let kind = kinds.iter().find(|(name, _)| name == of.as_str());
            let is_object = matches!(
                kind,
                Some((
                    _,
                    TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_)
                ))
            );
            is_object || name.ends_with("Count") || name == "count"
        }
    }
}

#[test]
fn no_path_of_the_schema_is_without_a_row() {
    let document = parse_schema(schema::sdl()).unwrap();
    let kinds: Vec<_> = document
        .definitions
        .into_iter()
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(it) => Some((it.node.name.node.to_string(), it.node.kind)),
            _ => None,
        })
        .collect();
    let covered: BTreeSet<_> = all()
        .flat_map(|path| path.covers)
        .chain(ELSEWHERE.iter().map(|(path, _)| path))
        .chain(&NOBODYS)
        .chain(feeds::covered())
        .copied()
        .collect();
    let mut fields = BTreeSet::new();
    for (of, kind) in &kinds {
        let TypeKind::Object(object) = kind else {
            continue;
        };
        // How a page and a payload are built is the same everywhere.
        let is_frame = ["Edge", "Payload", "PageInfo"]
            .iter()
            .any(|end| of.ends_with(end));
        if is_frame || of == "Mutation" {
            continue;
        }
        for field in &object.fields {
            let name = field.node.name.node.as_str();
            let is_page = of.ends_with("Connection") && name != "totalCount";
            if !is_page && leads_on(&kinds, name, &field.node.ty.node.base) {
                fields.insert(format!("{of}.{name}"));
            }
        }
    }
    let missing: Vec<_> = fields
        .iter()
        .filter(|path| !covered.contains(&***path))
        .collect();
    assert!(
        missing.is_empty(),
        "tests/matrix has no row for {missing:?}"
    );
    let gone: Vec<_> = covered
        .iter()
        .filter(|path| !fields.contains(**path))
        .collect();
    assert!(gone.is_empty(), "the schema has no more {gone:?}");
}

/// What changes something is refused where its object is hidden, as if there were none.
#[rstest]
#[case::of_adults(Ages::Adults)]
#[case::of_minors(Ages::Minors)]
#[tokio::test]
async fn nobody_acts_on_what_they_cannot_see(#[case] ages: Ages) {
    let world = World::new().await;
    let cast = Cast::new(&world, ages).await;
    let mut rows = 0;
    for who in Who::ALL {
        let Some(person) = cast.member(who) else {
            continue;
        };
        for (place, audience) in AUDIENCES.into_iter().enumerate() {
            let diary = cast.diary(place);
            let acts = [
                ("visitDiary", json!({ "diaryId": diary })),
                (
                    "commentOnDiary",
                    json!({ "diaryId": diary, "body": "hello" }),
                ),
            ];
            for (act, input) in acts {
                let done = person.attempt(act, input, "").await;
                // Who is apart reads what is for the web, and answers nothing.
                let may_act = who.sees(place) && !(who == Who::Apart && act == "commentOnDiary");
                let expected = match may_act {
                    true => json!([]),
                    false => json!([{ "code": "NOT_FOUND", "field": null }]),
                };
                assert_eq!(done["userErrors"], expected, "{who:?} {act} {audience}");
                rows += 1;
            }
        }
        let user = json!({ "userId": cast.target.id() });
        let done = person.attempt("visitProfile", user.clone(), "").await;
        let expected = match who.is_hidden() {
            true => json!([{ "code": "NOT_FOUND", "field": null }]),
            false => json!([]),
        };
        assert_eq!(done["userErrors"], expected, "{who:?} visitProfile");
        let asked = person.attempt("requestFriendship", user, "").await;
        let code = asked["userErrors"][0]["code"].clone();
        assert_eq!(
            code == "NOT_FOUND",
            who.is_hidden(),
            "{who:?} requestFriendship: {asked}"
        );
        assert_eq!(code == "OTHER_CANNOT_ACCEPT", who == Who::Apart, "{asked}");
        rows += 2;
    }
    assert!(rows >= 80, "{rows}");
}
