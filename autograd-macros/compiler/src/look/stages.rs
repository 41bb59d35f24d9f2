//! The page on the loop program shows models at every stage: here those parts are made, from the models on the page.
//!
//! A marker names the model, the stage, and what is shown of it: `Logistic lower`, all of it; `Logistic collapse changes`,
//! the lines that differ from the stage before; `Logistic rust impl<T: Float> Kernel`, an item of what is emitted.
//! `limits` is a table of constants, with the values that the sources give them. The entry point is the first step of a
//! model, or else its loss with the gradient, or else its first output.

use std::fmt::Write;
use std::path::PathBuf;
use std::str::FromStr;

use proc_macro2::{TokenStream, TokenTree};

use super::pages;
use crate::diagnostics::Diagnostics;
use crate::emit::EntryKind;
use crate::emit::testing::{expand, parsed, part};
use crate::pipeline::explain;
use crate::syntax::tree::Item;

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
        let tokens: Vec<_> = TokenStream::from_str(block).expect("examples are made of tokens").into_iter().collect();
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
    for (folder, constant, what) in LIMITS {
        let (file, name) = constant.split_once(' ').expect("a file and a constant");
        let _ = writeln!(text, "| `{}` | {what} | `{name}`, {file} |", value(folder, file, name));
    }
    text
}

/// What a source gives to a constant.
fn value(folder: &str, file: &str, name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder).join(file);
    let source = std::fs::read_to_string(path).expect("the file is in the workspace");
    let constant = source.split_once(&format!("const {name}: ")).unwrap_or_else(|| panic!("no {name} in {file}")).1;
    let value = constant.split_once(" = ").and_then(|(_, value)| value.split_once(";\n"));
    value.expect("a constant has a value").0.to_owned()
}

/// ``8 (`WORTH_STORING`)`` in the text is what the source says, or one of the values of constants that are called so.
#[test]
fn numbers_in_the_text_are_those_of_the_sources() {
    let text = pages::tests::read("LOOPS.md");
    let mut checked = 0;
    for (before, after) in text.match_indices(" (`").map(|(at, sign)| (&text[..at], &text[at + sign.len()..])) {
        let Some((name, _)) = after.split_once("`)") else { continue };
        let number = before.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        let values: Vec<String> = (LIMITS.iter())
            .filter_map(|(folder, constant, _)| Some((folder, constant.split_once(' ')?)))
            .filter(|(_, (_, constant))| *constant == name)
            .map(|(folder, (file, name))| value(folder, file, name))
            .collect();
        let words = values.iter().flat_map(|value| value.split(|c: char| !c.is_ascii_digit()));
        assert!(
            values.is_empty() || words.into_iter().any(|word| word == number),
            "{number} is not {name}: {values:?}"
        );
        checked += usize::from(!values.is_empty());
    }
    assert!(checked > 5, "the text names constants");
}

const COMPILER: &str = "autograd-macros/compiler/src";
const RUNTIME: &str = "autograd-core/src";

/// Constants of the sources that decide: the folder, the file and the name, what the value says.
const LIMITS: &[(&str, &str, &str)] = &[
    (COMPILER, "schedule/plan/mod.rs WORTH_STORING", "what several nests use is kept from this cost on"),
    (COMPILER, "schedule/plan/mod.rs WORTH_HOISTING", "what is spread along an outer axis is kept from this cost on"),
    (COMPILER, "schedule/plan/mod.rs LARGEST_LOOP", "what a loop weighs at most"),
    (COMPILER, "schedule/plan/mod.rs INNER_LOOP", "what a loop inside of another weighs"),
    (COMPILER, "schedule/plan/epilogue.rs DEEPEST", "operations down to which a sum is searched for matrix products"),
    (
        COMPILER,
        "schedule/plan/products.rs SHORT",
        "known steps, or rows, up to which a product is a loop where it is used",
    ),
    (COMPILER, "schedule/plan/products.rs FILLING", "known columns from which it may be"),
    (COMPILER, "schedule/passes/lanes.rs SHORT", "known turns and strides up to which packs are gathered across rows"),
    (
        COMPILER,
        "schedule/passes/lanes.rs COSTLY",
        "cost between loops from which rows run in blocks: with one loop, with two",
    ),
    (
        COMPILER,
        "schedule/passes/lanes.rs SHORT_ROW",
        "known length of rows up to which their sums make them run in blocks",
    ),
    (COMPILER, "schedule/passes/prefetch.rs FEW", "known length of rows up to which no memory is asked for ahead"),
    (COMPILER, "schedule/passes/interchange.rs LONGEST", "known columns up to which rows are summed in registers"),
    (COMPILER, "schedule/passes/interchange.rs MOST", "known rows up to which they are"),
    (COMPILER, "schedule/passes/cascade.rs FEW", "known turns up to which a sum in memory has no levels"),
    (COMPILER, "schedule/lower.rs SHORT_SUM", "known elements up to which a running sum is not compensated"),
    (COMPILER, "schedule/analysis/split.rs SMALL", "numbers that a loop is known to compute from which it can be cut"),
    (COMPILER, "schedule/analysis/split.rs TINY", "known work up to which arithmetic is done without a call"),
    (
        COMPILER,
        "schedule/analysis/split.rs LONG",
        "statements up to which a loop over packs is written out again for its last pack, and may have wide ones",
    ),
    (
        COMPILER,
        "schedule/analysis/split.rs SEVERAL",
        "cost of the elementary functions of a loop from which packs may be wide",
    ),
    (COMPILER, "schedule/analysis/split.rs MANY", "known turns from which they may"),
    (
        COMPILER,
        "wanted.rs SHARE",
        "values that the gradient alone needs, of so many with the loss, from which it has no program",
    ),
    (
        COMPILER,
        "emit/entry/outline.rs LONGEST",
        "statements that an entry point has in one piece, and each of its stretches",
    ),
    (COMPILER, "emit/kernel/parts.rs LONGEST", "scalar statements that stay in one function"),
    (COMPILER, "emit/kernel/body.rs LONGEST", "operations in one printed expression"),
    (RUNTIME, "simd/sweep.rs RUN", "packs that are added one after the other"),
    (RUNTIME, "simd/sweep.rs LEVELS", "levels of sums in registers"),
    (RUNTIME, "simd/columns.rs RUN", "turns that are added one after the other in memory"),
    (RUNTIME, "simd/columns.rs LEVELS", "levels of sums in memory"),
    (RUNTIME, "parallel.rs PART", "work of the smallest part of a loop or a product"),
    (RUNTIME, "parallel.rs CALL", "work of a call from which it runs on several threads"),
    (RUNTIME, "parallel.rs MICROSECOND", "bytes of numbers that are computed in a microsecond, or more"),
    (RUNTIME, "simd/parts.rs LONG", "turns from which they are"),
    (RUNTIME, "simd/parts.rs DEEPEST", "times that a loop is halved at most"),
    (RUNTIME, "simd/parts.rs SUBTREES", "parts of a loop for each thread that have memory of their own"),
    (RUNTIME, "simd/parts.rs MOST_MEMORY", "numbers that all parts of a loop together have of their own"),
    (RUNTIME, "contract/small.rs MOST", "products of two numbers in a small matrix product"),
    (RUNTIME, "contract/small.rs DEPTH", "steps of depth in one"),
    (RUNTIME, "contract/matrix.rs DEPTH", "steps of depth in a block of a large one"),
    (RUNTIME, "contract/matrix.rs ROWS", "rows in such a block"),
    (RUNTIME, "contract/matrix.rs COLUMNS", "columns in such a block"),
];

#[test]
fn changes_are_lines_that_go_and_come() {
    assert_eq!(changes("a\nb\nc\n", "a\nx\nc\nd\n"), "-b\n+x\n+d\n");
    assert_eq!(changes("a\n", "a\n"), "");
}
