//! Identifiers: what may be a name.

use std::collections::BTreeSet;

use proc_macro2::Ident;

use super::parser::Parser;
use crate::diagnostics::{Help, Problem};

/// Rust's words in any edition, which cannot be fields or variables of what is emitted.
const RUST_WORDS: &[&str] = &[
    "Self", "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Patterns without fields that every module of Rust has: no variable can be called so.
const RUST_PATTERNS: &[&str] = &["Err", "None", "Ok", "Some"];

/// Words that begin something other than an expression.
const STATEMENT_WORDS: &[&str] =
    &["as", "const", "else", "fn", "for", "in", "let", "loop", "match", "pub", "return", "while"];

/// What every model has under these names: no output and no step may be called so.
const RESERVED: &[&str] = &[
    "backward",
    "bind",
    "bind_statistics",
    "cast",
    "dims",
    "fell_back",
    "forward",
    "from_dims",
    "grad",
    "gradient",
    "loss_and_grad",
    "new",
    "outputs",
    "parameters",
    "session",
    "workspace",
    "zero_grad",
];

/// Types and modules that every model's module has, the type of its numbers, and the language's own types.
const RESERVED_TYPES: &[&str] = &[
    "Bound",
    "Dims",
    "Grad",
    "Inputs",
    "Outputs",
    "Prepared",
    "Statistics",
    "Summary",
    "T",
    "Wide",
    "Workspace",
    "bool",
    "char",
    "definition",
    "f128",
    "f16",
    "f32",
    "f64",
    "i128",
    "i16",
    "i32",
    "i64",
    "i8",
    "isize",
    "kernels",
    "runtime",
    "str",
    "u128",
    "u16",
    "u32",
    "u64",
    "u8",
    "usize",
];

/// Endings of the entry points that each output and step has.
const RESERVED_ENDINGS: &[&str] = &["_and_grad", "_into"];

/// Whether Rust keeps this word for itself.
pub fn is_rust_word(word: &str) -> bool {
    RUST_WORDS.contains(&word)
}

/// A word of Rust's as a name: `type` and `r#type` become `type_`. Nothing for what is a name as it is.
pub fn as_name(word: &str) -> Option<String> {
    let plain = word.strip_prefix("r#").unwrap_or(word);
    (is_rust_word(plain) || RUST_PATTERNS.contains(&plain)).then(|| format!("{plain}_"))
}

/// The module of a model: `LinearRegression` → `linear_regression`; an initialism stays together: `MLPNet` → `mlp_net`.
/// What is a word of Rust's then, or the name of the model itself, gets a `_`.
#[must_use]
pub fn module_name(model: &Ident) -> Ident {
    let text: Vec<char> = model.to_string().chars().collect();
    let mut module = String::new();
    for (place, &letter) in text.iter().enumerate() {
        let after_small = place > 0 && !text[place - 1].is_uppercase() && text[place - 1] != '_';
        let before_small = text.get(place + 1).is_some_and(|next| next.is_lowercase());
        let inside = place > 0 && text[place - 1] != '_';
        if letter.is_uppercase() && inside && (after_small || before_small) {
            module.push('_');
        }
        module.extend(letter.to_lowercase());
    }
    if is_rust_word(&module) || *model == module {
        module.push('_');
    }
    Ident::new(&module, model.span())
}

/// Whether no expression begins with this word.
pub fn is_statement_word(word: &str) -> bool {
    STATEMENT_WORDS.contains(&word)
}

/// Whether a model cannot have this name.
pub fn is_reserved_type(ident: &Ident) -> bool {
    RESERVED_TYPES.contains(&ident.to_string().as_str())
}

/// What is wrong with this name, and what to write.
pub fn name_problem(ident: &Ident) -> Option<(Problem, String)> {
    let name = ident.to_string();
    if name.contains(['\u{b7}', '\u{387}']) {
        let product = name.replace(['\u{b7}', '\u{387}'], "*");
        return Some((Problem::InterpunctInName { name }, format!("`{product}`")));
    }
    if name == "_" || name == "self" || name == "Self" || name == "super" || name == "crate" {
        return Some((Problem::ReservedWord { word: name }, "choose another name".to_owned()));
    }
    let help = format!("`{}`", as_name(&name)?);
    Some((Problem::ReservedWord { word: name }, help))
}

/// Whether every model has something else under the name of an output or a step.
pub fn is_reserved(ident: &Ident, is_step: bool) -> bool {
    let name = ident.to_string();
    let is_taken = RESERVED.contains(&name.as_str()) || RESERVED_ENDINGS.iter().any(|end| name.ends_with(end));
    is_taken || (is_step && name == "loss")
}

impl Parser<'_> {
    /// Reports a name that cannot be one.
    pub fn check_name(&mut self, ident: &Ident) {
        if let Some((problem, help)) = name_problem(ident) {
            let help = match help.strip_prefix('`').and_then(|help| help.strip_suffix('`')) {
                Some(code) => Help::write(help.clone(), ident.span(), super::as_operand(code)),
                None => help.into(),
            };
            self.diagnostics.error_with_help(ident.span(), problem, help);
        }
    }

    /// Reports an output or a step with a name that the model itself needs.
    pub fn check_not_reserved(&mut self, ident: &Ident, is_step: bool) {
        if is_reserved(ident, is_step) {
            let name = ident.to_string();
            let ours = format!("{}_{}", name.trim_end_matches("_into"), if is_step { "step" } else { "value" });
            let help = Help::code(ident.span(), ours);
            self.diagnostics.error_with_help(ident.span(), Problem::ReservedName { name }, help);
        }
    }

    /// Reports a model with the name of a type that its module has.
    pub fn check_model_name(&mut self, ident: &Ident) {
        if is_reserved_type(ident) {
            let name = ident.to_string();
            let help = Help::code(ident.span(), format!("{name}Model"));
            self.diagnostics.error_with_help(ident.span(), Problem::ReservedName { name }, help);
        }
    }

    /// Reports the second of two equal names.
    pub fn check_distinct(&mut self, names: &[Ident], problem: impl Fn(String) -> Problem) {
        let mut seen = BTreeSet::new();
        for name in names {
            if !seen.insert(name.to_string()) {
                self.diagnostics.error_with_help(name.span(), problem(name.to_string()), "remove it, or rename it");
            }
        }
    }
}
