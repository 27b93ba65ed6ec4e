//! The specification's validation, rule by rule: what the guard refuses, and what it lets through.
//! (<https://spec.graphql.org/September2025/#sec-Validation>; its sections' numbers.)

use ashiato::{
    config::Limits,
    graphql::{
        guard::{Guard, Refusal},
        schema,
    },
};
use async_graphql::{Request, Variables};
use rstest::rstest;
use serde_json::{Value, json};

fn check(document: &str, variables: Value, name: Option<&str>) -> Result<(), Refusal> {
    let guard = Guard::new(&schema::sdl(), Limits::default()).unwrap();
    let mut request = Request::new(document).variables(Variables::from_json(variables));
    request.operation_name = name.map(str::to_owned);
    guard.check(&mut request).map(|_| ())
}

fn assert_valid(document: &str) {
    // Where there are several operations, any will do.
    let name = document.starts_with("query A").then_some("A");
    assert_eq!(check(document, json!({}), name), Ok(()), "{document}");
}

fn assert_invalid(document: &str) {
    let name = document.starts_with("query A").then_some("A");
    let refusal = check(document, json!({}), name).expect_err(document);
    assert_eq!(refusal.code(), "GRAPHQL_VALIDATION_FAILED", "{document}");
}

const SIGN_UP: &str = "username: \"hanako\", nickname: \"はなこ\", password: \"footprints\"";
const FIELDS: &str = "fragment F on User { username }";

/// Fields (5.3).
#[rstest]
#[case::selections("{ viewer { user { username } } __typename __schema { types { name } } }", &[
    "{ nothing }", "{ viewer { user { nothing } } }", "{ node(id: \"1\") { username } }",
    "mutation { viewer { visitCount } }", "{ viewer { __schema { types { name } } } }",
])]
#[case::merging("{ viewer { user { username } } viewer { user { nickname } visitCount } }", &[
    "{ a: viewer { visitCount } a: user(username: \"a\") { username } }",
    "{ user(username: \"a\") { id } user(username: \"b\") { id } }",
    "{ user(username: \"a\") { id } ... on Query { user(username: \"b\") { id } } }",
    "{ viewer { user { a: username } } ...G } fragment G on Query { viewer { user { a: nickname } } }",
    "query($a: String!, $b: String!) { user(username: $a) { id } user(username: $b) { id } }",
])]
#[case::merging_of_lists(
    "{ nodes(ids: [\"1\", \"2\"]) { id } ... on Query { nodes(ids: [\"1\", \"2\"]) { id } } }",
    &["{ nodes(ids: [\"1\"]) { id } ... on Query { nodes(ids: [\"1\", \"2\"]) { id } } }"]
)]
#[case::lists_that_are_not_merged(
    "{ nodes(ids: [\"1\"]) { id } a: nodes(ids: [\"1\", \"2\"]) { id } }",
    &["{ a: viewer { user { id } } ... { a: node(id: \"1\") { id } } }"]
)]
#[case::merging_of_shapes(
    "{ node(id: \"1\") { ... on Diary { a: title } ... on User { a: nickname } } }",
    &[
        "{ node(id: \"1\") { ... on Diary { a: title } ... on Review { a: rating } } }",
        "{ node(id: \"1\") { ... on User { a: friendLimit } ... on Review { a: rating } } }",
        "{ node(id: \"1\") { ... on User { a: id } ... on Review { a: body } } }",
        "{ node(id: \"1\") { id ... on User { id: username } } }",
        "{ node(id: \"1\") { ... on User { a: friends { nodes { id } } } ... on Review { a: rating } } }",
    ]
)]
#[case::leaves("{ viewer { visitCount user { username } } }", &[
    "{ viewer }", "{ __schema }", "{ viewer { visitCount { a } } }", "{ __typename { a } }",
    "{ viewer { homeRegion { name } } }",
])]
fn fields(#[case] accepted: &str, #[case] refused: &[&str]) {
    assert_valid(accepted);
    refused.iter().copied().for_each(assert_invalid);
}

/// Operations (5.2) and executable definitions (5.1).
#[rstest]
#[case::kinds("{ __typename }", &["{ __typename } type T { a: Int }", "{ __typename } extend type Query { a: Int }"])]
#[case::names("query A { __typename } query B { __typename }", &["query A { __typename } query A { __typename }"])]
#[case::alone("{ __typename }", &["{ __typename } query B { __typename }", "{ __typename } { __typename }"])]
fn operations(#[case] accepted: &str, #[case] refused: &[&str]) {
    assert_valid(accepted);
    for document in refused {
        // What the parser finds out is refused by its code.
        let refusal = check(document, json!({}), None).expect_err(document);
        assert!(
            ["GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"].contains(&refusal.code()),
            "{document}"
        );
    }
}

#[rstest]
#[case("subscription { footprintLeft { cursor } }", true)]
#[case(
    "subscription S { ... { ...F } } fragment F on Subscription { a: footprintLeft { cursor } }",
    true
)]
#[case(
    "subscription { footprintLeft { cursor } diaryCommented { cursor } }",
    false
)]
#[case(
    "subscription { footprintLeft { cursor } ...F } fragment F on Subscription { diaryCommented { cursor } }",
    false
)]
#[case("subscription { __typename }", false)]
#[case("subscription { __schema { types { name } } }", false)]
#[case(
    "subscription($a: Boolean!) { footprintLeft @skip(if: $a) { cursor } }",
    false
)]
#[case(
    "subscription { ... @include(if: true) { footprintLeft { cursor } } }",
    false
)]
fn subscriptions_have_one_root_field(#[case] document: &str, #[case] valid: bool) {
    if valid {
        assert_valid(document);
    } else {
        assert_invalid(document);
    }
}

/// Arguments (5.4).
#[rstest]
#[case::names("{ user(username: \"a\") { id } a: __typename @skip(if: true) }", &[
    "{ user(username: \"a\", nothing: 1) { id } }", "{ __typename @skip(if: true, nothing: 1) }",
    "{ __typename(a: 1) }",
])]
#[case::unique("{ searchUsers(text: \"ab\", first: 1) { nodes { id } } }", &[
    "{ searchUsers(text: \"ab\", text: \"ab\") { nodes { id } } }",
    "{ __typename @skip(if: true, if: true) }",
])]
#[case::required("{ nodes(ids: []) { id } }", &[
    "{ nodes { id } }", "{ nodes(ids: null) { id } }", "{ __typename @skip }",
    "{ __typename @include(if: null) }",
])]
fn arguments(#[case] accepted: &str, #[case] refused: &[&str]) {
    assert_valid(accepted);
    refused.iter().copied().for_each(assert_invalid);
}

/// Fragments (5.5). (That names are unique, the parser sees to.)
#[rstest]
#[case::types("{ viewer { user { ...F ... on Node { id } } } } fragment F on User { username }", &[
    "{ ... on Nothing { a } }", "{ ...F } fragment F on Nothing { a }",
])]
#[case::composite("{ ... on Query { __typename } ... { a: __typename } }", &[
    "{ viewer { ... on Int { a } } }", "{ ...F } fragment F on SignInInput { username }",
    "{ ...F } fragment F on Audience { a }",
])]
#[case::used("{ ...F } fragment F on Query { __typename }", &[
    "{ __typename } fragment F on Query { __typename }",
    "{ __typename } fragment F on Query { ...G } fragment G on Query { __typename }",
])]
#[case::defined("{ viewer { user { ...F } } } fragment F on User { ...G } fragment G on User { id }", &[
    "{ ...F }", "{ viewer { user { ...F } } } fragment F on User { ...G }",
])]
#[case::cycles("{ viewer { user { ...F } } } fragment F on User { friends { nodes { id } } }", &[
    "{ viewer { user { ...F } } } fragment F on User { ...F }",
    "{ viewer { user { ...F } } } fragment F on User { friends { nodes { ...F } } }",
    "{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }",
])]
#[case::possible("{ node(id: \"1\") { ... on User { id ... on Node { id } } } }", &[
    "{ viewer { user { ... on Diary { title } } } }", "{ viewer { ...F } } fragment F on User { id }",
    "{ viewer { ... on Node { id } } }",
])]
fn fragments(#[case] accepted: &str, #[case] refused: &[&str]) {
    assert_valid(accepted);
    refused.iter().copied().for_each(assert_invalid);
}

#[test]
fn fragments_have_names_of_their_own() {
    let document = format!("{{ viewer {{ user {{ ...F }} }} }} {FIELDS}");
    assert_valid(&document);
    let refusal = check(&format!("{document} {FIELDS}"), json!({}), None).unwrap_err();
    assert_eq!(refusal.code(), "GRAPHQL_PARSE_FAILED");
}

/// Values (5.6).
#[rstest]
#[case::numbers("{ searchUsers(text: \"ab\", first: 2147483647) { nodes { id } } }", &[
    "{ searchUsers(text: \"ab\", first: 2147483648) { nodes { id } } }",
    "{ searchUsers(text: \"ab\", first: 1.0) { nodes { id } } }",
    "{ searchUsers(text: \"ab\", first: \"1\") { nodes { id } } }",
    "{ searchUsers(text: \"ab\", first: true) { nodes { id } } }",
    "{ searchUsers(text: \"ab\", first: [1]) { nodes { id } } }",
])]
#[case::strings("{ node(id: 7) { id } user(username: \"\"\"a\"\"\") { id } }", &[
    "{ user(username: a) { id } }", "{ user(username: 1) { id } }", "{ node(id: 1.5) { id } }",
    "{ node(id: A) { id } }", "{ user(username: {}) { id } }", "{ __typename @skip(if: \"true\") }",
])]
#[case::enums("{ searchCatalogue(text: \"ab\", kind: CD) { nodes { id } } }", &[
    "{ searchCatalogue(text: \"ab\", kind: \"CD\") { nodes { id } } }",
    "{ searchCatalogue(text: \"ab\", kind: TAPE) { nodes { id } } }",
    "{ searchCatalogue(text: \"ab\", kind: 1) { nodes { id } } }",
    "{ searchCatalogue(text: \"ab\", kind: [CD]) { nodes { id } } }",
])]
#[case::lists("{ nodes(ids: \"1\") { id } a: nodes(ids: [\"1\", 2]) { id } }", &[
    "{ nodes(ids: [\"1\", null]) { id } }", "{ nodes(ids: [[\"1\"]]) { id } }",
    "{ nodes(ids: [1.5]) { id } }",
])]
#[case::objects(
    "mutation { writeDiary(input: { body: \"b\", title: \"t\", idempotencyKey: null }) { diary { id } } }",
    &[
        "mutation { writeDiary(input: { body: \"b\", title: \"t\", nothing: 1 }) { diary { id } } }",
        "mutation { writeDiary(input: { body: \"b\", title: \"t\", title: \"t\" }) { diary { id } } }",
        "mutation { writeDiary(input: { body: \"b\" }) { diary { id } } }",
        "mutation { writeDiary(input: { body: \"b\", title: null }) { diary { id } } }",
        "mutation { writeDiary(input: { body: \"b\", title: \"t\", audience: null }) { diary { id } } }",
        "mutation { writeDiary(input: [{ body: \"b\", title: \"t\" }]) { diary { id } } }",
        "mutation { writeDiary(input: \"b\") { diary { id } } }",
        "mutation($i: WriteDiaryInput! = { body: \"b\", title: \"t\", title: \"t\" }) \
            { writeDiary(input: $i) { diary { id } } }",
        "mutation($i: WriteDiaryInput! = { body: \"b\" }) { writeDiary(input: $i) { diary { id } } }",
        "mutation($i: WriteDiaryInput! = 1) { writeDiary(input: $i) { diary { id } } }",
    ]
)]
fn values(#[case] accepted: &str, #[case] refused: &[&str]) {
    assert_valid(accepted);
    refused.iter().copied().for_each(assert_invalid);
}

#[test]
fn the_schema_s_own_scalars_are_checked_before_anything_is_executed() {
    let sign_up = |date: &str| {
        format!("mutation {{ signUp(input: {{ {SIGN_UP}, birthDate: {date} }}) {{ token }} }}")
    };
    assert_valid(&sign_up("\"1984-02-29\""));
    for date in [
        "\"1985-02-29\"",
        "19840229",
        "[\"1984-02-29\"]",
        "{ y: 1984 }",
        "A",
    ] {
        assert_invalid(&sign_up(date));
    }
    let by_variable = format!("mutation($d: Date!) {}", &sign_up("$d")["mutation".len()..]);
    let whole = "mutation($i: SignUpInput!) { signUp(input: $i) { token } }";
    for (date, code) in [("1984-02-29", ""), ("1985-02-29", "BAD_USER_INPUT")] {
        let input = json!({
            "username": "hanako", "nickname": "h", "password": "footprints", "birthDate": date,
        });
        for (document, variables) in [
            (by_variable.as_str(), json!({ "d": date })),
            (whole, json!({ "i": input })),
        ] {
            let refused = check(document, variables, None).err();
            assert_eq!(refused.map_or("", |refusal| refusal.code()), code, "{date}");
        }
    }
}

/// Directives (5.7).
#[rstest]
#[case::defined("{ __typename @skip(if: false) @include(if: true) }", &[
    "{ __typename @nothing }", "{ viewer @nothing { visitCount } }", "query @nothing { __typename }",
    "{ ... @nothing { __typename } }", "{ ...F @nothing } fragment F on Query { __typename }",
    "{ ...F } fragment F on Query @nothing { __typename }",
    "query($a: ID! @nothing) { node(id: $a) { id } }",
])]
#[case::placed("{ ... @skip(if: false) { ...F @include(if: true) } } fragment F on Query { __typename }", &[
    "query @skip(if: false) { __typename }", "{ __typename @deprecated }",
    "{ __typename @specifiedBy(url: \"a\") }",
    "{ ...F } fragment F on Query @skip(if: false) { __typename }",
])]
#[case::unique("{ __typename @skip(if: false) a: __typename @skip(if: false) }", &[
    "{ __typename @skip(if: false) @skip(if: false) }",
    "{ viewer @include(if: true) @include(if: true) { visitCount } }",
    "{ ... @skip(if: false) @skip(if: true) { __typename } }",
])]
fn directives(#[case] accepted: &str, #[case] refused: &[&str]) {
    assert_valid(accepted);
    refused.iter().copied().for_each(assert_invalid);
}

/// Variables (5.8), in the definitions and where they are used.
#[rstest]
#[case::unique("query($a: ID = 1, $b: ID! = 1) { nodes(ids: [$a]) { id } b: nodes(ids: [$b]) { id } }", &[
    "query($a: String!, $a: String!) { user(username: $a) { id } }",
])]
#[case::input("query($a: [ID!] = [], $b: Boolean = true) { nodes(ids: $a) { id @skip(if: $b) } }", &[
    "query($a: User) { user(username: $a) { id } }", "query($a: Nothing) { user(username: $a) { id } }",
    "query($a: [Node!]) { nodes(ids: $a) { id } }",
])]
#[case::defined("query A($a: Int) { ...F } query B($a: Int) { ...F } \
        fragment F on Query { searchUsers(text: \"ab\", first: $a) { nodes { id } } }", &[
    "{ user(username: $a) { id } }", "{ __typename @skip(if: $a) }",
    "{ nodes(ids: [$a]) { id } }",
    "mutation { writeDiary(input: { body: \"b\", title: $a }) { diary { id } } }",
    "query A($a: Int) { ...F } query B { ...F } \
        fragment F on Query { searchUsers(text: \"ab\", first: $a) { nodes { id } } }",
])]
#[case::used("query($a: Int) { ...F } fragment F on Query { searchUsers(text: \"ab\", first: $a) { nodes { id } } }", &[
    "query($a: Int) { __typename }",
    "query A($a: Int) { __typename } query B($a: Int) { searchUsers(text: \"ab\", first: $a) { nodes { id } } }",
])]
#[case::defaults("query($a: Int = 3) { searchUsers(text: \"ab\", first: $a) { nodes { id } } }", &[
    "query($a: Int = \"3\") { searchUsers(text: \"ab\", first: $a) { nodes { id } } }",
    "query($a: Int = 2147483648) { searchUsers(text: \"ab\", first: $a) { nodes { id } } }",
    "query($a: Int! = null) { searchUsers(text: \"ab\", first: $a) { nodes { id } } }",
    "query($a: CatalogueKind = \"CD\") { searchCatalogue(text: \"ab\", kind: $a) { nodes { id } } }",
    "query($a: CatalogueKind = TAPE) { searchCatalogue(text: \"ab\", kind: $a) { nodes { id } } }",
])]
#[case::allowed("query($a: String = \"a\", $o: FriendOrder) { user(username: $a) { friends(orderBy: $o) { nodes { id } } } }", &[
    "query($a: String) { user(username: $a) { id } }",
    "query($a: String = null) { user(username: $a) { id } }",
    "query($a: ID!) { user(username: $a) { id } }",
    "query($a: [String!]!) { user(username: $a) { id } }",
    "query($a: ID!) { nodes(ids: $a) { id } }",
    "query($a: [ID]!) { nodes(ids: $a) { id } }",
    "query($a: ID) { nodes(ids: [$a]) { id } }",
    "query($a: [ID!]!) { nodes(ids: [$a]) { id } }",
    "query($a: Boolean) { __typename @skip(if: $a) }",
    "mutation($a: String) { writeDiary(input: { body: \"b\", title: $a }) { diary { id } } }",
    "query($a: ID) { ...F } fragment F on Query { nodes(ids: [$a]) { id } }",
])]
#[case::allowed_within("mutation($a: Audience, $t: String!) { writeDiary(input: { body: \"b\", title: $t, audience: $a }) { diary { id } } }", &[
    "mutation($a: Audience, $t: String) { writeDiary(input: { body: \"b\", title: $t, audience: $a }) { diary { id } } }",
])]
fn variables(#[case] accepted: &str, #[case] refused: &[&str]) {
    // The one that needs a value has one.
    let name = accepted.starts_with("query A").then_some("A");
    assert_eq!(
        check(accepted, json!({ "t": "t" }), name),
        Ok(()),
        "{accepted}"
    );
    refused.iter().copied().for_each(assert_invalid);
}
