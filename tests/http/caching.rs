//! What caches may keep: queries by GET of who is signed out, and nothing else.

use ashiato::{config::Transport, graphql::schema};
use async_graphql::parser::{
    parse_schema,
    types::{TypeKind, TypeSystemDefinition},
};
use reqwest::{RequestBuilder, Response, Url};
use rstest::rstest;

use super::{NEW, OLD};
use crate::support::server::Running;

const PUBLIC: &str = "public, max-age=10, must-revalidate";
const PRIVATE: &str = "private, no-store";

fn get(server: &Running, query: &str) -> RequestBuilder {
    let mut url = Url::parse(&server.url("/graphql")).unwrap();
    url.query_pairs_mut().append_pair("query", query);
    server.client.get(url)
}

fn kept(response: &Response) -> &str {
    let mut kept = response.headers().get_all("cache-control").iter();
    let one = kept.next().unwrap().to_str().unwrap();
    assert_eq!(kept.count(), 0);
    one
}

#[rstest]
#[case::new(NEW)]
#[case::old(OLD)]
#[tokio::test]
async fn a_query_by_get_of_who_is_signed_out_is_everybody_s_for_a_while(#[case] accept: &str) {
    let server = Running::start().await;
    let request = get(&server, "{ number(value: 1) }");
    let response = request.header("accept", accept).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(kept(&response), PUBLIC);
    let vary: Vec<_> = response.headers().get_all("vary").iter().collect();
    let vary: Vec<_> = vary.iter().map(|it| it.to_str().unwrap()).collect();
    let vary = vary.join(", ");
    for name in ["accept", "authorization", "accept-encoding", "origin"] {
        assert!(vary.split(", ").any(|one| one == name), "{vary}");
    }
}

#[tokio::test]
async fn what_a_cache_has_is_not_sent_again_and_what_has_changed_is() {
    let server = Running::start().await;
    let first = get(&server, "{ number(value: 1) }").send().await.unwrap();
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    let ask = async |query: &str, known: &str| {
        let request = get(&server, query).header("if-none-match", known);
        request.send().await.unwrap()
    };
    for known in [tag.clone(), format!("\"x\", {tag}"), "*".to_owned()] {
        let same = ask("{ number(value: 1) }", &known).await;
        assert_eq!(same.status(), 304);
        assert_eq!(
            (kept(&same), &same.headers()["etag"]),
            (PUBLIC, &first.headers()["etag"])
        );
        assert!(same.headers().contains_key("vary"));
        assert!(!same.headers().contains_key("content-type"));
        assert_eq!(same.bytes().await.unwrap().len(), 0);
    }
    let other = ask("{ number(value: 2) }", &tag).await;
    assert_eq!(other.status(), 200);
    assert_ne!(other.headers()["etag"], first.headers()["etag"]);
}

#[rstest]
#[case::in_part("{ number(value: 1) maybe }", 200)]
#[case::at_its_root("{ surely }", 200)]
#[case::no_document("{", 400)]
#[case::invalid("{ nothing }", 400)]
#[case::broken("{ panics }", 500)]
#[case::a_mutation("mutation { bump }", 405)]
#[case::a_subscription("subscription { count(to: 1) }", 400)]
#[tokio::test]
async fn what_has_errors_is_nobody_s(#[case] query: &str, #[case] status: u16) {
    let server = Running::start().await;
    let request = get(&server, query).header("accept", NEW);
    let response = request.send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), kept(&response)),
        (status, PRIVATE)
    );
    assert!(!response.headers().contains_key("etag"));
}

#[tokio::test]
async fn what_is_somebody_s_is_theirs_alone() {
    let server = Running::start().await;
    let (token, _) = server.member().await;
    let query = "{ number(value: 1) }";
    let signed_in = get(&server, query)
        .bearer_auth(&token)
        .send()
        .await
        .unwrap();
    assert_eq!(
        (signed_in.status().as_u16(), kept(&signed_in)),
        (200, PRIVATE)
    );
    let tag = get(&server, query).send().await.unwrap().headers()["etag"].clone();
    // The same answer, and a tag that is known: what is whose is sent all the same.
    let again = get(&server, query).bearer_auth(&token);
    let again = again
        .header("if-none-match", tag.clone())
        .send()
        .await
        .unwrap();
    assert_eq!((again.status().as_u16(), kept(&again)), (200, PRIVATE));
    let nobody = get(&server, query)
        .bearer_auth("AAAA")
        .send()
        .await
        .unwrap();
    assert_eq!((nobody.status().as_u16(), kept(&nobody)), (401, PRIVATE));
    // What is sent by POST no cache has anyway.
    let body = r#"{"query":"{ number(value: 1) }"}"#;
    let posted = server.post().header("if-none-match", tag).body(body);
    let posted = posted.send().await.unwrap();
    assert_eq!((posted.status().as_u16(), kept(&posted)), (200, PRIVATE));
    let url = server.url("/graphql?query=%7Becho%7D");
    let events = server.client.get(url).header("accept", "text/event-stream");
    let events = events.send().await.unwrap();
    assert_eq!((events.status().as_u16(), kept(&events)), (200, PRIVATE));
}

#[rstest]
#[case::plainly("{ rateLimit { remaining } }")]
#[case::beside("{ joining { __typename } a: rateLimit { remaining } }")]
#[case::in_a_fragment("{ ...F } fragment F on Query { ... { rateLimit { remaining } } }")]
#[case::by_a_secret("{ invitationOffer(code: \"ABCD\") { __typename } }")]
#[tokio::test]
async fn what_depends_on_more_than_is_asked_is_nobody_s(#[case] query: &str) {
    let server = Running::own().await;
    let response = get(&server, query).send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), kept(&response)),
        (200, PRIVATE)
    );
    let other = "{ joining { __typename } ...F } fragment F on Query { ... { __typename } }";
    let response = get(&server, other).send().await.unwrap();
    assert_eq!((response.status().as_u16(), kept(&response)), (200, PUBLIC));
}

#[rstest]
#[case(0, PRIVATE)]
#[case(86_400, "public, max-age=86400, must-revalidate")]
#[tokio::test]
async fn the_operator_says_for_how_long(#[case] seconds: u32, #[case] expected: &str) {
    let set = |transport: &mut Transport| transport.answers.public_max_age = seconds;
    let server = Running::with(set).await;
    let response = get(&server, "{ number(value: 1) }").send().await.unwrap();
    assert_eq!(kept(&response), expected);
    assert_eq!(response.headers().contains_key("etag"), seconds > 0);
}

/// A field that comes to something else for others who are signed out belongs into `guard::root`.
#[test]
fn every_root_field_of_a_query_was_looked_at() {
    /// The same for all who are signed out, wherever they are and whatever they run on. (Of who is signed out
    /// `viewer` is null, and `auditLog` and `reports` are errors.)
    const EVERYBODYS: [&str; 20] = [
        "artist",
        "auditLog",
        "brand",
        "catalogueItem",
        "joining",
        "node",
        "nodes",
        "plans",
        "reports",
        "searchArtists",
        "searchBrands",
        "searchCatalogue",
        "searchDiaries",
        "searchReviews",
        "searchUsers",
        "songChart",
        "statistics",
        "tarento",
        "user",
        "viewer",
    ];
    /// What the address is part of, or a secret.
    const OTHERS: [&str; 2] = ["invitationOffer", "rateLimit"];
    let document = parse_schema(schema::sdl()).unwrap();
    let mut fields: Vec<_> = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(ty) if ty.node.name.node == "Query" => Some(&ty.node.kind),
            _ => None,
        })
        .flat_map(|kind| match kind {
            TypeKind::Object(object) => object.fields.iter(),
            other => panic!("{other:?}"),
        })
        .map(|field| field.node.name.node.to_string())
        .filter(|name| !OTHERS.contains(&name.as_str()))
        .collect();
    fields.sort();
    assert_eq!(fields, EVERYBODYS);
}
