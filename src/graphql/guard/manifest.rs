//! The manifests of trusted documents, in the forms in which clients' tools write them: a JSON object that has
//! the text of each document under its id (GraphQL Code Generator's `persistedDocuments`, Relay's `persistConfig`),
//! or Apollo's, with a list of `operations`.

use std::{fmt, fs, path::Path};

use anyhow::{Context, bail, ensure};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::Value;

/// What Apollo's says of itself.
const APOLLO: &str = "apollo-persisted-query-manifest";

/// A document, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub id: String,
    pub text: String,
}

/// Reads `file`.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub(super) fn read(file: &Path) -> anyhow::Result<Vec<Entry>> {
    let name = file.display();
    let text = fs::read(file).with_context(|| format!("cannot read --trusted-documents {name}"))?;
    entries(&text).with_context(|| format!("--trusted-documents {name} cannot be used"))
}

fn entries(json: &[u8]) -> anyhow::Result<Vec<Entry>> {
    let Members(members) = serde_json::from_slice(json)
        .context("it is no JSON object that has the text of each document under its id")?;
    let format = members.iter().find(|(name, _)| name == "format");
    let entries = match format {
        Some((_, format)) => {
            ensure!(
                format == APOLLO,
                "its `format` is {format}: \"{APOLLO}\" is known, and objects without one"
            );
            operations(&members)?
        }
        None => members
            .into_iter()
            .map(|(id, text)| match text {
                Value::String(text) => Ok(Entry { id, text }),
                _ => bail!("what stands under `{id}` is no text"),
            })
            .collect::<anyhow::Result<_>>()?,
    };
    ensure!(!entries.is_empty(), "it has no documents");
    Ok(entries)
}

/// What of an operation of Apollo's is looked at.
#[derive(Deserialize)]
struct Operation {
    id: String,
    body: String,
}

fn operations(members: &[(String, Value)]) -> anyhow::Result<Vec<Entry>> {
    let operations = members.iter().find(|(name, _)| name == "operations");
    let (_, operations) = operations.context("it has no `operations`")?;
    let operations = Vec::<Operation>::deserialize(operations)
        .context("its `operations` are a list of objects with an `id` and a `body`")?;
    let entries = operations
        .into_iter()
        .map(|Operation { id, body }| Entry { id, text: body });
    Ok(entries.collect())
}

/// An object's members as they stand there: of two with one name neither is lost.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(All)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(json: &str) -> Vec<(String, String)> {
        let entries = entries(json.as_bytes()).unwrap();
        entries.into_iter().map(|it| (it.id, it.text)).collect()
    }

    #[test]
    fn a_manifest_is_read_in_each_of_its_forms() {
        let both = [("a", "{ x }"), ("b", "{ y }")].map(|(id, text)| (id.into(), text.into()));
        assert_eq!(ids(r#"{"a": "{ x }", "b": "{ y }"}"#), both);
        let apollo = r#"{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [
            {"id": "a", "name": "A", "type": "query", "body": "{ x }"}, {"id": "b", "body": "{ y }"}]}"#;
        assert_eq!(ids(apollo), both);
        // None is lost: whoever keeps them says what of two.
        assert_eq!(ids(r#"{"a": "1", "a": "2"}"#).len(), 2);
    }

    #[test]
    fn what_is_none_is_refused_with_what_is_wrong() {
        for (json, said) in [
            ("", "no JSON object"),
            ("[]", "no JSON object"),
            (r#"["{ x }"]"#, "no JSON object"),
            ("{}", "no documents"),
            (r#"{"a": 1}"#, "`a` is no text"),
            (r#"{"a": {"body": "{ x }"}}"#, "`a` is no text"),
            (r#"{"format": "another"}"#, "\"another\""),
            (
                r#"{"format": "apollo-persisted-query-manifest"}"#,
                "no `operations`",
            ),
            (
                r#"{"format": "apollo-persisted-query-manifest", "operations": [{"id": "a"}]}"#,
                "an `id` and a `body`",
            ),
            (
                r#"{"format": "apollo-persisted-query-manifest", "operations": []}"#,
                "no documents",
            ),
        ] {
            let error = format!("{:#}", entries(json.as_bytes()).unwrap_err());
            assert!(error.contains(said), "{json}: {error}");
        }
    }
}
