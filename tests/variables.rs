//! The values of variables, and what becomes of the documents that use them.

use ashiato::{
    config::Limits,
    graphql::{
        guard::{Guard, Refusal},
        schema,
    },
};
use async_graphql::{Request, ServerError, Variables};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{
    server::{Running, code},
    socket::Socket,
};

fn check(document: &str, variables: Value) -> Result<(), Refusal> {
    let guard = Guard::new(&schema::sdl(), Limits::default()).unwrap();
    let mut request = Request::new(document).variables(Variables::from_json(variables));
    guard.check(&mut request).map(|_| ())
}

/// Section 6.1.2, and the coercion of each type in section 3.
#[rstest]
#[case::int("Int", "searchUsers(text: \"ab\", first: $v) { nodes { id } }",
    &[json!(1), json!(-2147483648_i64), json!(null), json!(20.0), json!(1e1), json!(-0.0), json!(-2147483648.0)],
    &[json!(2147483648_i64), json!(1.5), json!(2147483648.0), json!(1e300), json!(0.1), json!("1"), json!("1.0"), json!(true), json!([1])])]
#[case::string("String!", "user(username: $v) { id }",
    &[json!("a"), json!("")], &[json!(null), json!(1), json!(true), json!(["a"]), json!({ "a": 1 })])]
#[case::id("ID!", "node(id: $v) { id }", &[json!("a"), json!(7)], &[json!(1.5), json!(20.0), json!(true), json!(null)])]
#[case::boolean("Boolean!", "viewer @skip(if: $v) { visitCount }", &[json!(true)], &[json!("true"), json!(1), json!(null)])]
#[case::enumeration("CatalogueKind", "searchCatalogue(text: \"ab\", kind: $v) { nodes { id } }",
    &[json!("CD"), json!(null)], &[json!("TAPE"), json!("cd"), json!(1), json!(["CD"])])]
#[case::list("[ID!]!", "nodes(ids: $v) { id }",
    &[json!([]), json!("1"), json!(["1", 2])], &[json!([null]), json!(null), json!([["1"]]), json!([true])])]
fn a_variable_s_value_is_of_its_type(
    #[case] ty: &str,
    #[case] field: &str,
    #[case] fits: &[Value],
    #[case] fails: &[Value],
) {
    let document = format!("query($v: {ty}) {{ {field} }}");
    for value in fits {
        assert_eq!(check(&document, json!({ "v": value })), Ok(()), "{value}");
    }
    for value in fails {
        let refusal = check(&document, json!({ "v": value })).expect_err(&value.to_string());
        assert_eq!(refusal.code(), "BAD_USER_INPUT", "{value}");
    }
    let without = check(&document, json!({}));
    assert_eq!(without.is_err(), ty.ends_with('!'), "{ty}");
}

#[rstest]
#[case::unknown(json!({ "title": "t", "body": "b", "nothing": 1 }))]
#[case::missing(json!({ "title": "t" }))]
#[case::null(json!({ "title": null, "body": "b" }))]
#[case::typed(json!({ "title": 1, "body": "b" }))]
#[case::null_for_a_default(json!({ "title": "t", "body": "b", "audience": null }))]
#[case::no_object(json!("t"))]
#[case::list(json!([{ "title": "t", "body": "b" }]))]
fn an_input_object_has_its_fields_and_no_others(#[case] input: Value) {
    let document = "mutation($i: WriteDiaryInput!) { writeDiary(input: $i) { diary { id } } }";
    assert_eq!(
        check(document, json!({ "i": { "title": "t", "body": "b" } })),
        Ok(())
    );
    let refusal = check(document, json!({ "i": input })).unwrap_err();
    assert_eq!(refusal.code(), "BAD_USER_INPUT");
}

/// Many a language writes its numbers so, and JSON knows no difference.
#[tokio::test]
async fn a_whole_number_may_be_written_with_a_fraction() {
    let server = Running::start().await;
    let document = "query($n: Int!, $list: [Int!], $input: Numbers) {
        number(value: $n) a: numbers(of: $list) b: numbers(input: $input) }";
    let variables = json!({
        "n": 20.0, "list": [1.0, 2, 3e0],
        "input": { "of": [4.0], "deeper": { "of": [5.0] } },
    });
    let (status, body) = server.ask_with(document, variables.clone()).await;
    assert_eq!(status, 200, "{body}");
    let data = json!({ "number": 20, "a": [1, 2, 3], "b": [4, 5] });
    assert_eq!(body["data"], data);
    let mut socket = Socket::ready(&server).await;
    socket.subscribe_with("1", document, variables).await;
    assert_eq!(socket.hear().await["payload"]["data"], data);
    // One item may stand for its list.
    let list = "query($list: [Int!]) { numbers(of: $list) }";
    let (_, body) = server.ask_with(list, json!({ "list": 7.0 })).await;
    assert_eq!(body["data"], json!({ "numbers": [7] }));
    // A literal says itself what it is.
    for literal in [
        "{ number(value: 20.0) }",
        "query($n: Int = 20.0) { number(value: $n) }",
        "{ numbers(input: { of: [1.0] }) }",
    ] {
        let (status, body) = server.ask(literal).await;
        assert_eq!(
            (status, code(&body)),
            (400, "GRAPHQL_VALIDATION_FAILED"),
            "{body}"
        );
    }
}

#[test]
fn a_page_size_with_a_fraction_counts_as_what_it_is() {
    let document = "query($n: Int) { searchUsers(text: \"ab\", first: $n) { nodes {
        friends(first: $n) { nodes { friends(first: $n) { nodes { id } } } } } } }";
    assert_eq!(check(document, json!({ "n": 50.0 })), Ok(()));
    let refused = check(document, json!({ "n": 100.0 })).unwrap_err();
    assert_eq!(refused.code(), "DOCUMENT_TOO_MANY_NODES");
}

#[test]
fn every_fault_is_told_where_it_is_without_the_value() {
    let told = |document: &str, variables| -> Vec<(usize, usize)> {
        let errors: Vec<ServerError> = check(document, variables).unwrap_err().into();
        let place = |error: &ServerError| {
            assert!(!error.message.contains("secret"), "{}", error.message);
            assert!(error.message.ends_with('.'), "{}", error.message);
            (error.locations[0].line, error.locations[0].column)
        };
        errors.iter().map(place).collect()
    };
    let two = "query($a: Int,\n  $b: Int) { a: searchUsers(text: \"é\", first: $a) { nodes { id } }
        b: searchUsers(text: \"é\", first: $b) { nodes { id } } }";
    assert_eq!(
        told(two, json!({ "a": "secret", "b": ["secret"] })),
        [(1, 7), (2, 3)]
    );
    let unknown = "{ viewer {\n  nothing\n  user(first: \"secret\") { id } } }";
    assert_eq!(told(unknown, json!({})), [(2, 3), (3, 8)]);
    // What follows an escape in its line stays in its column.
    for text in ["12345678901x", "\\ud83d\\ude00"] {
        let document = format!("{{ user(username: \"{text}\") {{ id nothing }} }}");
        assert_eq!(told(&document, json!({})), [(1, 39)]);
    }
}

#[tokio::test]
async fn characters_may_be_escaped_as_pairs_and_in_braces() {
    let server = Running::start().await;
    let echo = r#"{ a: echo(text: "\ud83d\ude00") b: echo(text: "\u{1F600}\u{22}x") c: echo(text: """\u{41}""") }"#;
    let (_, body) = server.ask(echo).await;
    assert_eq!(
        body["data"],
        json!({ "a": "😀", "b": "😀\"x", "c": "\\u{41}" })
    );
    for half in [r"\ud83d", r"\ude00", r"\u{110000}"] {
        let (status, body) = server.ask(&format!("{{ echo(text: \"{half}\") }}")).await;
        assert_eq!(status, 400);
        assert_eq!(
            body["errors"][0]["extensions"]["code"],
            "GRAPHQL_PARSE_FAILED"
        );
        assert_eq!(
            body["errors"][0]["locations"],
            json!([{ "line": 1, "column": 15 }])
        );
    }
}

#[tokio::test]
async fn a_subscription_s_field_may_stand_in_a_fragment() {
    let server = Running::start().await;
    let mut socket = Socket::ready(&server).await;
    let document = "subscription($to: Int! = 1) { ... { ...F } } \
        fragment F on Counter { n: count(to: $to) }";
    socket.subscribe("1", document).await;
    assert_eq!(
        socket.hear().await["payload"],
        json!({ "data": { "n": 0 } })
    );
    assert_eq!(socket.hear().await["type"], "complete");
}

/// A variable that may be left out, where the field has a default that may not be null.
#[tokio::test]
async fn a_default_stands_in_for_a_variable_that_is_not_given() {
    let server = Running::start().await;
    let document = "query($n: Int) { default(value: $n) ...F } \
        fragment F on Query { again { default(value: $n) } }";
    for (variables, value) in [(json!({}), 2), (json!({ "n": 5 }), 5)] {
        let (_, body) = server.ask_with(document, variables).await;
        let data = json!({ "default": value, "again": { "default": value } });
        assert_eq!(body, json!({ "data": data }));
    }
    // Null is a value, and not one of the field's.
    let (status, body) = server.ask_with(document, json!({ "n": null })).await;
    assert_eq!(status, 200);
    assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

/// What a client wrote comes back shortened: no answer is as long as its request.
#[test]
fn a_fault_quotes_no_long_name_whole() {
    let long = "a".repeat(90_000);
    for (document, variables) in [
        (format!("{{ {long} }}"), json!({})),
        (
            "query($input: SignInInput!) { __typename }".to_owned(),
            json!({ "input": { long.as_str(): 1 } }),
        ),
    ] {
        let refusal = check(&document, variables).unwrap_err();
        let errors: Vec<ServerError> = refusal.into();
        assert!(
            errors
                .iter()
                .all(|error| error.message.chars().count() <= 301)
        );
    }
}
