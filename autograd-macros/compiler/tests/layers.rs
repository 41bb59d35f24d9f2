//! Imports of the compiler's sources: never of a later stage.

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
    &["loops", "cost"],
    &["schedule"],
    &["separate", "statistics"],
    &["wanted", "entries"],
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

/// The stages that a text imports of: what follows on `crate::`, also in braces.
fn imported(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for (at, sign) in line.match_indices("crate::") {
            let rest = &line[at + sign.len()..];
            let names = rest.strip_prefix('{').map_or(rest, |rest| rest.trim_end_matches(['}', ';']));
            let several = rest.starts_with('{');
            for name in names.split(", ").take(if several { usize::MAX } else { 1 }) {
                let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
                found.push(&name[..end]);
            }
        }
    }
    found
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
