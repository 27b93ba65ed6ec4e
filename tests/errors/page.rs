//! `docs/errors.md` lists every code with its messages, its cause and what mends it.

use std::collections::{BTreeMap, BTreeSet};

use ashiato::{
    cli::{self, errors::page},
    error::{code::ErrorCode, text::ErrorText},
    graphql::schema,
    message::Form,
    rejection::{code::UserErrorCode, reason::Reason},
};
use async_graphql::{
    parser::{
        parse_schema,
        types::{TypeKind, TypeSystemDefinition},
    },
    resolver_utils::EnumType,
};

#[test]
fn the_committed_page_is_the_one_of_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/errors.md");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        committed == page().unwrap(),
        "docs/errors.md has drifted: run `cargo run -- errors --output docs/errors.md`"
    );
}

#[test]
fn every_code_has_a_message_a_cause_and_a_mend() {
    let page = page().unwrap();
    let mut words = BTreeSet::new();
    for code in ErrorCode::ALL {
        let word = code.word();
        assert!(words.insert(word), "{word} is there twice");
        assert!(
            ErrorText::all().any(|text| text.code == *code),
            "{word} is never said"
        );
        assert!(
            code.cause().ends_with('.') && code.mend().ends_with('.'),
            "{word}"
        );
    }
    for item in UserErrorCode::items() {
        let (word, code) = (item.name, item.value);
        assert!(words.insert(word), "{word} is there twice");
        assert!(
            Reason::all().any(|reason| reason.code == code),
            "{word} is never said"
        );
        assert!(code.mend().ends_with('.'), "{word}");
    }
    assert!(words.len() > 120, "{}", words.len());
    for word in words {
        assert!(
            word.bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte == b'_'),
            "{word}"
        );
        let entry = page.split(&format!("\n### {word}\n\n")).nth(1);
        let entry = entry.unwrap_or_else(|| panic!("{word} is not on the page"));
        let entry = entry.split("\n### ").next().unwrap();
        let (cause, rest) = entry.split_once("\n\n*Mend:* ").unwrap();
        assert!(cause.len() > 10, "{word} has no cause: {cause}");
        assert!(
            rest.contains("\n| English | 日本語 | figures |\n|---|---|---|\n| "),
            "{word}"
        );
    }
}

/// The names in braces, each once.
fn values(text: &str) -> BTreeSet<&str> {
    let parts = text.split('{').skip(1);
    parts
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

fn check<C>(form: &Form<C>) {
    let (english, japanese) = (form.english, form.japanese);
    let is_japanese = |c: char| matches!(c, 'ぁ'..='ヿ' | '一'..='鿿' | '。' | '、');
    assert!(japanese.chars().any(is_japanese), "{english}: {japanese}");
    assert!(!english.chars().any(is_japanese), "{english}");
    // What is quoted, and what moderators write, ends as it may.
    let is_open = english.ends_with('}');
    assert!(is_open || english.ends_with('.'), "{english}");
    assert!(is_open || japanese.ends_with('。'), "{japanese}");
    let plain = |text: &str| text.replace("{{", "").replace("}}", "");
    let (english, japanese) = (plain(english), plain(japanese));
    assert_eq!(values(&english), values(&japanese), "{english}: {japanese}");
    let names: BTreeSet<_> = form.values.iter().map(|(name, _)| *name).collect();
    assert_eq!(values(&english), names, "{english}");
}

#[test]
fn both_languages_say_the_same_figures() {
    ErrorText::all().for_each(check);
    Reason::all().for_each(check);
    assert!(ErrorText::all().count() + Reason::all().count() > 200);
}

#[test]
fn what_user_errors_say_in_figures_stands_in_a_field() {
    // Not for programs: they would have to know what it is of.
    let others = ["thing", "reason", "count", "size", "day"];
    for form in Reason::all() {
        for (name, _) in form.values {
            let told = ["minimum", "limit", "until", "retry_after"].contains(name);
            assert!(
                told || others.contains(name),
                "{name} in `{}`",
                form.english
            );
        }
    }
}

/// The fields of each type of the schema.
fn fields() -> BTreeMap<String, BTreeSet<String>> {
    let mut fields: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for definition in parse_schema(schema::sdl()).unwrap().definitions {
        let TypeSystemDefinition::Type(definition) = definition else {
            continue;
        };
        if let TypeKind::Object(object) = definition.node.kind {
            let names = object
                .fields
                .iter()
                .map(|field| field.node.name.node.to_string());
            fields.insert(definition.node.name.node.to_string(), names.collect());
        }
    }
    fields
}

#[test]
fn what_causes_and_mends_name_is_there() {
    let fields = fields();
    let mut flags = BTreeSet::new();
    let command = cli::command();
    for command in std::iter::once(&command).chain(command.get_subcommands()) {
        flags.extend(
            command
                .get_arguments()
                .filter_map(|arg| arg.get_long().map(str::to_owned)),
        );
    }
    let of_codes = ErrorCode::ALL
        .iter()
        .flat_map(|code| [code.cause(), code.mend()]);
    let of_users = UserErrorCode::items().iter().map(|item| item.value.mend());
    let mut looked = 0;
    for text in of_codes.chain(of_users) {
        for name in text.split('`').skip(1).step_by(2) {
            if let Some(flag) = name.strip_prefix("--") {
                assert!(flags.contains(flag), "{name} in `{text}`");
                looked += 1;
            }
            let Some((ty, field)) = name.split_once('.') else {
                continue;
            };
            if let Some(fields) = fields.get(ty) {
                assert!(fields.contains(field), "{name} in `{text}`");
                looked += 1;
            }
        }
    }
    assert!(looked > 10, "{looked}");
}
