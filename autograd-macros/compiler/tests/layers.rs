//! Layering: imports of the compiler's sources never run to a later stage, and the documents name files that are there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The stages, in order: a file may import of its own stage and of those before it.
const STAGES: &[&[&str]] = &[
    &["machine"],
    &["diagnostics"],
    // What an operation is stands in `graph` for its place and in `ops` for its meaning: one stage.
    &["graph", "ops"],
    &["habits"],
    &["syntax"],
    &["interpret", "verify", "pass"],
    &["differentiate"],
    &["simplify", "steady"],
    &["build"],
    &["reads"],
    &["loops", "cost"],
    &["schedule"],
    &["separate", "statistics"],
    &["entries"],
    &["look"],
    &["emit"],
    &["pipeline"],
];

/// All sources that are no tests, by their path below `src`: what stands under `#[cfg(test)]` may import what it likes.
fn sources() -> BTreeMap<String, String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut texts = BTreeMap::new();
    collect(&root, &root, &mut texts);
    let tests: Vec<String> = texts.iter().flat_map(|(name, text)| test_modules(name, text)).collect();
    texts.retain(|name, _| {
        !tests.iter().any(|test| name.starts_with(&format!("{test}/")) || *name == format!("{test}.rs"))
    });
    for text in texts.values_mut() {
        if let Some(end) = text.find("#[cfg(test)]\n").filter(|&at| opens_module(&text[at..]).is_some()) {
            text.truncate(end);
        }
    }
    texts
}

fn collect(root: &Path, folder: &Path, texts: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("a folder that can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).expect("below the root").display().to_string().replace('\\', "/");
            texts.insert(name, fs::read_to_string(&path).expect("a text"));
        }
    }
}

/// The modules in files of their own that are tests, as paths without `.rs`.
fn test_modules(name: &str, text: &str) -> Vec<String> {
    let stem = name.strip_suffix(".rs").expect("a source");
    let folder = match stem.rsplit_once('/') {
        Some((folder, "mod")) => format!("{folder}/"),
        _ if stem == "lib" => String::new(),
        _ => format!("{stem}/"),
    };
    let marked = text.match_indices("#[cfg(test)]\n").filter_map(|(at, _)| module(&text[at..]));
    marked.filter_map(|module| Some(format!("{folder}{}", module.strip_suffix(';')?))).collect()
}

/// What follows on `mod` after attributes, if it is a module: `name;` or `name {`.
fn module(marked: &str) -> Option<&str> {
    let mut rest = marked;
    while rest.starts_with("#[") {
        rest = rest.split_once("]\n")?.1;
    }
    let line = rest.lines().next()?;
    line.strip_prefix("mod ").or_else(|| line.strip_prefix("pub(crate) mod "))
}

fn opens_module(marked: &str) -> Option<&str> {
    module(marked).filter(|module| module.ends_with('{'))
}

/// The stages that a text imports of: what follows on `crate::`, also in braces over several lines.
fn imported(text: &str) -> Vec<&str> {
    let word = |text: &'_ str| text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    let mut found = Vec::new();
    for (at, sign) in text.match_indices("crate::") {
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        if text[line..].trim_start().starts_with("//") {
            continue;
        }
        let rest = &text[at + sign.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            found.push(&rest[..word(rest)]);
            continue;
        };
        let mut depth = 1;
        for (place, letter) in group.char_indices() {
            let begins = place == 0 || group[..place].ends_with(['{', ' ', ',', '\n']);
            if depth == 1 && begins && letter.is_ascii_lowercase() {
                found.push(&group[place..place + word(&group[place..])]);
            }
            depth += i32::from(letter == '{') - i32::from(letter == '}');
            if depth == 0 {
                break;
            }
        }
    }
    found
}

#[test]
fn imports_are_found() {
    let text = "use crate::graph::Dim;\n// crate::build\nuse crate::{\n    loops::{print, parse as read},\n    ops, pass,\n};\nlet x = crate::emit::emit();";
    assert_eq!(imported(text), ["graph", "loops", "ops", "pass", "emit"]);
}

#[test]
fn no_import_runs_upwards() {
    let stage = |name: &str| STAGES.iter().position(|stage| stage.contains(&name));
    let mut upwards = Vec::new();
    for (name, text) in &sources() {
        let first = name.split('/').next().expect("a name").trim_end_matches(".rs");
        if first == "lib" {
            continue;
        }
        let own = stage(first).unwrap_or_else(|| panic!("{name} belongs to no stage"));
        let later = imported(text).into_iter().filter(|other| stage(other).is_some_and(|other| other > own));
        upwards.extend(later.map(|other| format!("{name} imports {other}")));
    }
    assert!(upwards.is_empty(), "{upwards:#?}");
}

/// What the documents of the repository call by its path is there: below one of these folders.
#[test]
fn paths_in_the_documents_are_there() {
    const BELOW: &[&str] = &["", "autograd-core", "autograd-core/src", "autograd-macros", "autograd-macros/compiler"];
    const SOURCES: &[&str] = &["", "graph", "loops", "emit", "schedule", "tests"];
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let sources = root.join("autograd-macros/compiler/src");
    let mut places: Vec<PathBuf> = BELOW.iter().map(|folder| root.join(folder)).collect();
    places.extend(SOURCES.iter().map(|folder| sources.join(folder)));
    places.push(root.join("tests"));
    let is_path = |word: &&str| {
        let has_end =
            word.ends_with('/') || [".rs", ".md", ".sh", ".py", ".csv", ".toml"].iter().any(|end| word.ends_with(end));
        has_end && word.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c)) && !word.contains("NAME")
    };
    let (mut found, mut missing) = (0, Vec::new());
    for document in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(root.join(document)).expect("a document");
        for path in text.split('`').filter(is_path) {
            found += 1;
            if !places.iter().any(|place| place.join(path).exists()) {
                missing.push(format!("{document}: {path}"));
            }
        }
    }
    assert!(found > 60 && missing.is_empty(), "{found}, {missing:#?}");
}
