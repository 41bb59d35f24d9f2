//! The page on the loop program shows models at every stage: here those parts are made, from the models on the page.
//!
//! A marker names the model, the stage, and what is shown of it: `Logistic lower`, all of it; `Logistic collapse changes`,
//! the lines that differ from the stage before; `Logistic rust impl<T: Float> Kernel`, an item of what is emitted.
//! `limits` is a table of constants, with the values that the sources give them. The entry point is the first step of a
//! model, or else its loss with the gradient, or else its first output.

use std::fmt::Write;
use std::path::PathBuf;

use proc_macro2::TokenTree;

use super::pages;
use crate::diagnostics::Diagnostics;
use crate::emit::testing::{expand, part};
use crate::entries::EntryKind;
use crate::machine;
use crate::pipeline::explain;
use crate::syntax::tree::Item;
use crate::testing::models::{parsed, tokens};

#[test]
fn the_stages_are_current() {
    pages::tests::check("LOOPS.md", |text| pages::renew(text, |marker| shown(text, marker)));
}

fn shown(page: &str, marker: &str) -> String {
    if marker == "limits" {
        return limits();
    }
    let mut words = marker.splitn(3, ' ');
    let mut word = || words.next().unwrap_or_default();
    let (name, stage, what) = (word(), word(), word());
    let model = model(page, name);
    if stage == "rust" {
        return format!("```text\n{}```\n", part(&expand(&model), what));
    }
    let stages = stages(&model);
    let at = stages.iter().position(|(pass, _)| *pass == stage).unwrap_or_else(|| panic!("no stage `{stage}`"));
    match what {
        "" => format!("```text\n{}```\n", stages[at].1),
        "changes" => format!("```diff\n{}```\n", changes(&stages[at - 1].1, &stages[at].1)),
        _ => panic!("nothing to show as `{what}`"),
    }
}

/// The tokens of the model that the page calls so.
fn model(page: &str, name: &str) -> String {
    let blocks = page.split("```rust\n").skip(1).filter_map(|block| block.split("```").next());
    let models = blocks.flat_map(|block| {
        let tokens: Vec<_> = tokens(block).into_iter().collect();
        let is_model = |at: &[TokenTree]| at[0].to_string() == "model" && at[1].to_string() == "!";
        tokens.windows(3).filter(|at| is_model(at)).map(|at| at[2].clone()).collect::<Vec<_>>()
    });
    let mut texts = models.filter_map(|tree| match tree {
        TokenTree::Group(group) => Some(group.stream().to_string()),
        _ => None,
    });
    texts.find(|text| parsed(text).name == name).unwrap_or_else(|| panic!("no model `{name}` on the page"))
}

fn stages(model: &str) -> Vec<(&'static str, String)> {
    let tree = parsed(model);
    let has = |is_such: fn(&Item) -> bool| tree.items.iter().any(is_such);
    let kind = if has(|item| matches!(item, Item::Step(_))) {
        EntryKind::Step(0)
    } else if has(|item| matches!(item, Item::Output(output) if output.name == "loss")) {
        EntryKind::LossAndGradient
    } else {
        EntryKind::Output(0)
    };
    let mut diagnostics = Diagnostics::default();
    let stages = explain(&tree, kind, &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{:?}", diagnostics.errors());
    stages
}

/// The lines of `old` that are gone and those of `new` that have come, `-` and `+` before them.
fn changes(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    // How many lines the rest of both has in common, from each pair of places on.
    let mut common = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] =
                if old[i] == new[j] { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut text) = (0, 0, String::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || i < old.len() && common[i + 1][j] >= common[i][j + 1] {
            let _ = writeln!(text, "-{}", old[i]);
            i += 1;
        } else {
            let _ = writeln!(text, "+{}", new[j]);
            j += 1;
        }
    }
    text
}

/// What decides, as a table: the value in the source, what it says, the constant and its file.
fn limits() -> String {
    let mut text = "| value | what it says | constant |\n|---|---|---|\n".to_owned();
    for (name, value, what) in machine::thresholds() {
        let _ = writeln!(text, "| `{value}` | {what} | `{name}`, machine.rs |");
    }
    for (constant, what) in LIMITS {
        let (file, name) = constant.split_once(' ').expect("a file and a constant");
        let _ = writeln!(text, "| `{}` | {what} | `{name}`, {file} |", value(file, name));
    }
    text
}

/// What a source of the runtime gives to a constant.
fn value(file: &str, name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(RUNTIME).join(file);
    let source = std::fs::read_to_string(path).expect("the file is in the workspace");
    let constant = source.split_once(&format!("const {name}: ")).unwrap_or_else(|| panic!("no {name} in {file}")).1;
    let value = constant.split_once(" = ").and_then(|(_, value)| value.split_once(";\n"));
    value.expect("a constant has a value").0.to_owned()
}

/// What the compiler takes for the runtime's, is.
#[test]
fn the_runtime_decides_by_the_same_numbers() {
    assert_eq!(value("simd/columns.rs", "RUN"), machine::RUN.to_string());
    assert_eq!(value("parallel.rs", "MICROSECOND").replace('_', ""), machine::MICROSECOND.to_string());
    assert_eq!(value("parallel.rs", "PART"), format!("{} * MICROSECOND", machine::PART));
    assert_eq!(value("parallel.rs", "CALL"), format!("{} * MICROSECOND", machine::CALL));
}

/// ``8 (`WORTH_STORING`)`` in the text is what the source says, or one of the values of constants that are called so.
#[test]
fn numbers_in_the_text_are_those_of_the_sources() {
    let text = pages::tests::read("LOOPS.md");
    let mut checked = 0;
    for (before, after) in text.match_indices(" (`").map(|(at, sign)| (&text[..at], &text[at + sign.len()..])) {
        let Some((name, _)) = after.split_once("`)") else { continue };
        let number = before.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        let compiler = machine::thresholds().into_iter().filter(|(constant, ..)| *constant == name);
        let runtime = LIMITS.iter().filter_map(|(constant, _)| constant.split_once(' '));
        let runtime = runtime.filter(|(_, constant)| *constant == name).map(|(file, name)| value(file, name));
        let values: Vec<String> = compiler.map(|(_, value, _)| value).chain(runtime).collect();
        let words = values.iter().flat_map(|value| value.split(|c: char| !c.is_ascii_digit()));
        assert!(
            values.is_empty() || words.into_iter().any(|word| word == number),
            "{number} is not {name}: {values:?}"
        );
        checked += usize::from(!values.is_empty());
    }
    assert!(checked > 5, "the text names constants");
}

const RUNTIME: &str = "autograd-core/src";

/// Constants of the runtime that decide: the file and the name, what the value says.
const LIMITS: &[(&str, &str)] = &[
    ("simd/sweep.rs RUN", "packs that are added one after the other"),
    ("simd/sweep.rs LEVELS", "levels of sums in registers"),
    ("simd/columns.rs RUN", "turns that are added one after the other in memory"),
    ("simd/columns.rs LEVELS", "levels of sums in memory"),
    ("parallel.rs PART", "work of the smallest part of a loop or a product"),
    ("parallel.rs CALL", "work of a call from which it runs on several threads"),
    ("parallel.rs MICROSECOND", "bytes of numbers that are computed in a microsecond, or more"),
    ("simd/parts.rs LONG", "turns from which they are"),
    ("simd/parts.rs DEEPEST", "times that a loop is halved at most"),
    ("simd/parts.rs SUBTREES", "parts of a loop for each thread that have memory of their own"),
    ("simd/parts.rs MOST_MEMORY", "numbers that all parts of a loop together have of their own"),
    ("contract/small.rs MOST", "products of two numbers in a small matrix product"),
    ("contract/small.rs DEPTH", "steps of depth in one"),
    ("contract/matrix.rs DEPTH", "steps of depth in a block of a large one"),
    ("contract/matrix.rs ROWS", "rows in such a block"),
    ("contract/matrix.rs COLUMNS", "columns in such a block"),
];

#[test]
fn changes_are_lines_that_go_and_come() {
    assert_eq!(changes("a\nb\nc\n", "a\nx\nc\nd\n"), "-b\n+x\n+d\n");
    assert_eq!(changes("a\n", "a\n"), "");
}
