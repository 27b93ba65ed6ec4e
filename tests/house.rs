//! The import rules of the house (design.md, section 2), read off the `use` lines.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The rooms in the order in which one's `service` and `store` may call another's.
const ROOMS: [&str; 21] = [
    "audit",
    "absence",
    "block",
    "user",
    "notification",
    "rest",
    "friendship",
    "plan",
    "photo",
    "catalogue",
    "diary",
    "review",
    "music",
    "brand",
    "footprint",
    "usage",
    "invitation",
    "phone",
    "account",
    "report",
    "statistics",
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// `src/diary/store.rs` as `diary::store`.
fn module(path: &Path) -> String {
    let path = path.strip_prefix(root()).unwrap().with_extension("");
    let parts: Vec<_> = path.iter().map(|part| part.to_str().unwrap()).collect();
    parts.join("::")
}

/// The leaf paths that the `use` lines of a file name, `crate::` and `super::` resolved.
fn imports(module: &str, text: &str) -> Vec<String> {
    let text: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join(" ");
    let mut found = Vec::new();
    for part in text.split("use ").skip(1) {
        let Some((tree, _)) = part.split_once(';') else {
            continue;
        };
        let words: Vec<_> = tree.split_whitespace().collect();
        let mut plain = String::new();
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            if word == "as" {
                // The alias goes, what follows it stays.
                let alias = words.next().unwrap_or_default();
                plain.push_str(alias.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_'));
            } else {
                plain.push_str(word);
            }
        }
        expand("", &plain, &mut found);
    }
    let (parent, _) = module.rsplit_once("::").unwrap_or(("", module));
    found
        .into_iter()
        .filter_map(|path| {
            if let Some(rest) = path.strip_prefix("crate::") {
                Some(rest.to_owned())
            } else {
                path.strip_prefix("super::").map(|rest| {
                    format!("{parent}::{rest}")
                        .trim_start_matches("::")
                        .to_owned()
                })
            }
        })
        .collect()
}

fn expand(prefix: &str, tree: &str, found: &mut Vec<String>) {
    match tree.split_once('{') {
        None => found.push(format!("{prefix}{tree}")),
        Some((head, rest)) => {
            let inner = rest.strip_suffix('}').unwrap_or(rest);
            let (mut depth, mut start) = (0_usize, 0);
            let mut parts = Vec::new();
            for (index, character) in inner.char_indices() {
                match character {
                    '{' => depth += 1,
                    '}' => depth = depth.saturating_sub(1),
                    ',' if depth == 0 => {
                        parts.push(&inner[start..index]);
                        start = index + 1;
                    }
                    _ => {}
                }
            }
            parts.push(&inner[start..]);
            for part in parts.into_iter().filter(|part| !part.is_empty()) {
                expand(&format!("{prefix}{head}"), part, found);
            }
        }
    }
}

/// Every module with the modules that it imports.
fn graph() -> BTreeMap<String, BTreeSet<String>> {
    let files: BTreeMap<_, _> = sources(&root())
        .into_iter()
        .map(|path| (module(&path), fs::read_to_string(&path).unwrap()))
        .collect();
    files
        .iter()
        .map(|(name, text)| {
            let imported = imports(name, text)
                .into_iter()
                .filter_map(|path| {
                    let parts: Vec<_> = path.split("::").collect();
                    (1..=parts.len())
                        .rev()
                        .map(|length| parts[..length].join("::"))
                        .find(|module| files.contains_key(module))
                })
                .filter(|module| module != name)
                .collect();
            (name.clone(), imported)
        })
        .collect()
}

fn room(module: &str) -> Option<(&str, &str)> {
    module
        .split_once("::")
        .filter(|(room, _)| ROOMS.contains(room))
}

#[test]
fn the_test_sees_imports() {
    let graph = graph();
    assert!(graph["diary::edges"].contains("friendship::loader"));
    assert!(graph["diary::edges"].contains("diary::store"));
    assert!(graph.len() > 50, "{}", graph.len());
}

/// Also that of a room within a room: `friendship::group`.
fn is_node(leaf: &str) -> bool {
    leaf == "node" || leaf.ends_with("::node")
}

#[test]
fn a_node_knows_no_other_room_but_by_its_node() {
    for (module, imported) in graph() {
        let Some((own, _)) = room(&module).filter(|(_, leaf)| is_node(leaf)) else {
            continue;
        };
        for other in imported {
            if let Some((room, leaf)) = room(&other) {
                assert!(
                    room == own || is_node(leaf),
                    "{module} imports {other}: edges belong into graphql.rs"
                );
            }
        }
    }
}

#[test]
fn services_and_stores_call_downwards_only() {
    let rank = |name: &str| ROOMS.iter().position(|room| *room == name).unwrap();
    for (module, imported) in graph() {
        let Some((own, "service" | "store")) = room(&module) else {
            continue;
        };
        for other in imported {
            if let Some((room, leaf)) = room(&other) {
                assert!(rank(room) <= rank(own), "{module} imports {other}");
                assert!(
                    !matches!(leaf, "graphql" | "edges" | "live"),
                    "{module} imports {other}: the API stands above the services"
                );
            }
        }
    }
}

#[test]
fn the_sql_is_below_everything_but_the_entities() {
    for (module, imported) in graph() {
        let Some((_, "store")) = room(&module) else {
            continue;
        };
        for other in imported {
            let fine = other.ends_with("::store")
                || ["database", "paging", "search", "sql", "paging::statement"]
                    .contains(&other.as_str());
            assert!(fine, "{module} imports {other}");
        }
    }
}

#[test]
fn files_do_not_import_each_other_in_a_circle() {
    // What may stand in a circle: the crate's map, and a module with its own parts.
    let graph: BTreeMap<_, BTreeSet<_>> = graph()
        .into_iter()
        .map(|(module, imported)| {
            let others = imported
                .into_iter()
                .filter(|other| !other.starts_with(&format!("{module}::")))
                .collect();
            (module, others)
        })
        .collect();
    let mut done = BTreeSet::new();
    for module in graph.keys() {
        walk(module, &graph, &mut Vec::new(), &mut done);
    }
}

fn walk(
    module: &str,
    graph: &BTreeMap<String, BTreeSet<String>>,
    path: &mut Vec<String>,
    done: &mut BTreeSet<String>,
) {
    if let Some(start) = path.iter().position(|seen| seen == module) {
        panic!("a circle: {} -> {module}", path[start..].join(" -> "));
    }
    if done.contains(module) {
        return;
    }
    path.push(module.to_owned());
    for other in graph.get(module).into_iter().flatten() {
        walk(other, graph, path, done);
    }
    path.pop();
    done.insert(module.to_owned());
}

#[test]
fn files_stay_small() {
    for folder in ["src", "entity/src", "migration/src", "tests"] {
        for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)) {
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            assert!(
                lines <= 350,
                "{} has {lines} lines: split it",
                path.display()
            );
        }
    }
}
