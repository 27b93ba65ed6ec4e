//! `ashiato errors`: every error that a client can be told, as a page.

use std::{collections::HashMap, path::PathBuf};

use async_graphql::{
    parser::{
        parse_schema,
        types::{TypeKind, TypeSystemDefinition},
    },
    resolver_utils::EnumType,
};

use super::output;
use crate::{
    error::{code::ErrorCode, text::ErrorText},
    graphql::schema,
    message::Form,
    rejection::{code::UserErrorCode, reason::Reason},
};

const ABOUT: &str = "\
# Errors

<!-- Written by `ashiato errors --output docs/errors.md`: change the code, not this page. -->

Every error that a client can be told, with why it comes and what to do about it. Switch on codes: they stay. Messages
are for people, and may be worded better one day.

**Two sorts.** What a person can mend stands in the payload of a mutation, as one of its `userErrors`: `code`,
`message`, and the `field` of the input to mend. Whatever else goes wrong stands in the response's `errors`, with
`extensions.code`.

**Two languages.** Messages are in English or in Japanese, whichever the request's `Accept-Language` wishes more; in
English where it wishes neither. `Content-Language` says which it is. A websocket goes by the request that became it,
or by `acceptLanguage` in the payload of `connection_init`, for pages in a browser can set no header there. What is
repeated with an `idempotencyKey` is told in the language of the repetition.

**Figures.** What a message says in figures, `userErrors` have in fields of their own: `minimum`, `limit`, `until` (a
moment), `retryAfter` (seconds); and `errors` have in `extensions`, under the names that are listed with each message.
`{limit}` in a message stands for such a figure.
";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file to write it to, in place of standard output
    #[arg(long, short, env = "ASHIATO_ERRORS_OUTPUT")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    output::write("the page of errors", &page()?, args.output.as_deref())
}

/// The page, as `docs/errors.md` has it.
///
/// # Errors
/// Where the schema is none, in theory.
pub fn page() -> anyhow::Result<String> {
    let mut page = ABOUT.to_owned();
    let texts: Vec<_> = ErrorText::all().collect();
    page += "\n## `extensions.code`\n\n";
    page += &index(ErrorCode::ALL.iter().map(|code| code.word().to_owned()));
    for code in ErrorCode::ALL {
        let of_code = texts.iter().filter(|text| text.code == *code);
        page += &entry(code.word(), code.cause(), code.mend());
        page += &messages(of_code.copied());
    }
    let causes = causes()?;
    let reasons: Vec<_> = Reason::all().collect();
    let codes = UserErrorCode::items().iter();
    let codes: Vec<_> = codes.map(|item| (item.name, item.value)).collect();
    page += "\n## `UserErrorCode`\n\n";
    page += &index(codes.iter().map(|(word, _)| (*word).to_owned()));
    for (word, code) in codes {
        let cause = causes.get(word).map(String::as_str).unwrap_or_default();
        let of_code = reasons.iter().filter(|reason| reason.code == code);
        page += &entry(word, cause, code.mend());
        page += &messages(of_code.copied());
    }
    Ok(page)
}

fn index(words: impl Iterator<Item = String>) -> String {
    let links = words.map(|word| format!("[`{word}`](#{})", word.to_ascii_lowercase()));
    links.collect::<Vec<_>>().join(" ·\n") + "\n"
}

fn entry(word: &str, cause: &str, mend: &str) -> String {
    format!("\n### {word}\n\n{cause}\n\n*Mend:* {mend}\n\n")
}

fn messages<'f, C: 'f>(forms: impl Iterator<Item = &'f Form<C>>) -> String {
    let rows = forms.map(|form| {
        let told = form.told().map(|name| format!("`{name}`"));
        let told = told.collect::<Vec<_>>().join(", ");
        let [english, japanese] = [form.english, form.japanese].map(cell);
        format!("| {english} | {japanese} | {told} |\n")
    });
    let rows: String = rows.collect();
    format!("| English | 日本語 | figures |\n|---|---|---|\n{rows}")
}

/// `message` in a cell of a table: its double braces stand for single ones.
fn cell(message: &str) -> String {
    let message = message.replace("{{", "{").replace("}}", "}");
    message.replace('|', "\\|")
}

/// Why each code of `UserErrorCode` comes, by the schema's own descriptions.
fn causes() -> anyhow::Result<HashMap<String, String>> {
    let document = parse_schema(schema::sdl())?;
    let mut causes = HashMap::new();
    for definition in document.definitions {
        let TypeSystemDefinition::Type(definition) = definition else {
            continue;
        };
        let definition = definition.node;
        let TypeKind::Enum(values) = definition.kind else {
            continue;
        };
        if definition.name.node != "UserErrorCode" {
            continue;
        }
        for value in values.values {
            let value = value.node;
            let description = value.description.map(|it| it.node).unwrap_or_default();
            let words: Vec<_> = description.split_whitespace().collect();
            causes.insert(value.value.node.to_string(), words.join(" "));
        }
    }
    Ok(causes)
}
