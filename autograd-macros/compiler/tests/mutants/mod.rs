//! The models of the repository as words, and changes of them.

pub mod hostile;
pub mod names;

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A generator of numbers that are random enough: the same on every machine.
pub struct Random(u64);

impl Random {
    /// A generator of its own for each place.
    pub fn new(seed: u64, place: u64) -> Self {
        let mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ place.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mut random = Self(mixed | 1);
        for _ in 0..8 {
            random.below(2);
        }
        random
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }

    fn pick<'a, V>(&mut self, values: &'a [V]) -> &'a V {
        &values[self.below(values.len())]
    }
}

/// The words of every `model!` of the repository: in code, in documents and in comments.
pub fn found() -> Vec<Vec<String>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    for folder in ["tests", "examples", "autograd-core", "autograd-macros/src", "README.md"] {
        collect(&root.join(folder), &mut files);
    }
    files.sort();
    let texts = files.iter().map(|file| fs::read_to_string(file).expect("a text"));
    texts.flat_map(|text| models(&text)).collect()
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let name = path.file_name().unwrap_or_default();
        if name == "target" || name == "rust_peers" {
            return;
        }
        let entries = fs::read_dir(path).expect("a folder that can be read");
        entries.for_each(|entry| collect(&entry.expect("an entry").path(), files));
    } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "md") {
        files.push(path.to_owned());
    }
}

/// The models in a text: what stands between the braces after `model!`, without the signs of comments before its lines.
fn models(text: &str) -> Vec<Vec<String>> {
    let starts = text.match_indices("model! {");
    let bodies = starts.filter_map(|(start, sign)| {
        let rest = &text[start + sign.len()..];
        let before = text[..start].lines().next_back().unwrap_or_default().trim_start();
        let is_comment = before.starts_with("//!") || before.starts_with("///");
        let (mut depth, mut end) = (1, None);
        for (place, letter) in rest.char_indices() {
            depth += i32::from(letter == '{') - i32::from(letter == '}');
            if depth == 0 {
                end = Some(place);
                break;
            }
        }
        let body = &rest[..end?];
        if !is_comment {
            return body.parse::<TokenStream>().ok();
        }
        let lines = body.lines().map(|line| {
            let line = line.trim_start();
            line.strip_prefix("//!").or_else(|| line.strip_prefix("///")).unwrap_or(line)
        });
        lines.collect::<Vec<_>>().join("\n").parse::<TokenStream>().ok()
    });
    let mut models = Vec::new();
    for body in bodies {
        let mut model = Vec::new();
        words(body, &mut model);
        models.push(model);
    }
    models.retain(|model| !model.is_empty());
    models
}

/// The tokens as words, delimiters too.
fn words(tokens: TokenStream, into: &mut Vec<String>) {
    for token in tokens {
        let TokenTree::Group(group) = token else {
            into.push(token.to_string());
            continue;
        };
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Brace => ("{", "}"),
            Delimiter::None => ("", ""),
        };
        into.push(open.to_owned());
        words(group.stream(), into);
        into.push(close.to_owned());
    }
}

/// Words that are at the edge of something.
const EDGES: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "0.0",
    "1e308",
    "1e-320",
    "inf",
    "nan",
    "pi",
    "9223372036854775807",
    "18446744073709551616",
    "1e400",
    "r#type",
    "r#x",
    "r#loss",
    "type",
    "gen",
    "self",
    "_",
    "None",
    "T",
    "f64",
    "param",
    "input",
    "state",
    "step",
    "let",
    "const",
    "fn",
    "if",
    "else",
    "in",
    "new",
    "unused",
    "loss",
    "grad",
    "jvp",
    "vjp",
    "stop_gradient",
    "straight_through",
    "sum",
    "mean",
    "max",
    "softmax",
    "argmax",
    "cumsum",
    "cumprod",
    "iota",
    "eye",
    "zeros",
    "ones",
    "full",
    "reshape",
    "concat",
    "stack",
    "flip",
    "where",
    "norm",
    "logsumexp",
    "one_hot",
    "cross_entropy",
    "clamp",
    "prod",
    "var",
    "axis",
    "keep",
    ";",
    ",",
    ":",
    ":=",
    "=",
    "==",
    "<",
    "+",
    "-",
    "*",
    "/",
    "@",
    "^",
    "!",
    "&&",
    "||",
    ".",
    "..",
    "->",
    "::",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    ".T",
    "[N]",
    "[N, N]",
    "[]",
    "[1]",
    "[0]",
    "[N * D]",
    "[N / 2]",
    "[N - 1]",
    "(x)",
    "{ x }",
    "a + b",
    "#[a]",
    "/// d\n",
    "\"s\"",
];

/// A model with some of its words changed: left out, doubled, swapped, put in from elsewhere.
pub fn mutated(models: &[Vec<String>], random: &mut Random) -> String {
    let mut text = random.pick(models).clone();
    for _ in 0..=random.below(4) {
        if text.is_empty() {
            break;
        }
        let (place, other) = (random.below(text.len()), random.below(text.len()));
        match random.below(10) {
            0 => drop(text.remove(place)),
            1 => text.insert(place, text[other].clone()),
            2 => text.swap(place, other),
            3 => (*random.pick(EDGES)).clone_into(&mut text[place]),
            4 => text.insert(place, (*random.pick(EDGES)).to_owned()),
            5 => {
                let other = random.pick(models);
                text[place].clone_from(random.pick(other));
            }
            6 => {
                // A piece of another model.
                let (other, length) = (random.pick(models), random.below(12));
                let start = random.below(other.len());
                let piece = other[start..other.len().min(start + length)].to_vec();
                text.splice(place..place, piece);
            }
            7 => {
                // A statement of another model, at the end of one of this.
                let pieces: Vec<&[String]> = random.pick(models).split(|word| word == ";").collect();
                let statement = [random.pick(&pieces).to_vec(), vec![";".to_owned()]].concat();
                let ends: Vec<usize> = (0..text.len()).filter(|&at| text[at] == ";").collect();
                if !ends.is_empty() {
                    let end = random.pick(&ends) + 1;
                    text.splice(end..end, statement);
                }
            }
            _ => {
                // One name for another of the same model, wherever it stands.
                let (old, new) = (text[place].clone(), text[other].clone());
                if is_word(&old) && is_word(&new) {
                    text.iter_mut().filter(|word| **word == old).for_each(|word| word.clone_from(&new));
                }
            }
        }
    }
    text.join(" ")
}

fn is_word(text: &str) -> bool {
    text.chars().next().is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
}
