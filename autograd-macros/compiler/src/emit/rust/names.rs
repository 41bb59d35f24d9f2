//! Identifiers of emitted code: the user's names where there are any, and never the same one twice in a scope.
//!
//! All of them have mixed-site spans, so a local of ours can never meet one of the user's; the names are kept apart
//! all the same, because people read expansions.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span};

use super::tree::Local;

/// Tokens with mixed-site spans.
macro_rules! code {
    ($($tokens:tt)*) => {
        ::quote::quote_spanned!(::proc_macro2::Span::mixed_site()=> $($tokens)*)
    };
}
pub(crate) use code;

/// Names of outputs and steps that would collide with what every model has.
pub const RESERVED: &[&str] =
    &["new", "outputs", "outputs_into", "grad", "grad_into", "loss_into", "loss_and_grad", "loss_and_grad_into"];

/// Words that are no plain identifier in some edition, sorted.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// An identifier with a mixed-site span, raw where it has to be.
pub(crate) fn ident(name: &str) -> Ident {
    let span = Span::mixed_site();
    let plain = name.strip_prefix("r#").unwrap_or(name);
    match plain {
        "self" | "Self" | "super" | "crate" | "_" | "" => Ident::new(&format!("{plain}_"), span),
        _ if KEYWORDS.binary_search(&plain).is_ok() => Ident::new_raw(plain, span),
        _ => Ident::new(plain, span),
    }
}

/// An identifier of the user's as one of ours: same text, same place, our hygiene and edition.
pub(crate) fn ours(name: &Ident) -> Ident {
    let mut name = name.clone();
    name.set_span(name.span().resolved_at(Span::mixed_site()));
    name
}

/// The text of an identifier, without `r#`.
pub(crate) fn text(name: &Ident) -> String {
    let name = name.to_string();
    name.strip_prefix("r#").map(str::to_owned).unwrap_or(name)
}

/// `N` → `n`, `LinearRegression` → `linear_regression`, `x` → `x`.
#[must_use]
pub fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    let mut before = '_';
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let starts_word = letter.is_uppercase()
            && before != '_'
            && (!before.is_uppercase() || letters.peek().is_some_and(|next| next.is_lowercase()));
        if starts_word {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
        before = letter;
    }
    snake
}

/// `loss_and_grad` → `LossAndGrad`.
pub(crate) fn camel_case(name: &str) -> String {
    name.split('_')
        .filter(|word| !word.is_empty())
        .flat_map(|word| {
            let mut letters = word.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(letters.collect::<Vec<_>>())
        })
        .collect()
}

/// The locals of a function, and the names in use, scope by scope.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// How many locals there are.
    count: u32,
    used: BTreeSet<String>,
    /// The last number that each name was given.
    numbers: BTreeMap<String, usize>,
    /// What the open scopes have added, the innermost last.
    scopes: Vec<Vec<String>>,
}

impl Names {
    /// Names that are taken from the start.
    pub(crate) fn taken(names: &[&str]) -> Self {
        Self { used: names.iter().map(|&name| name.to_owned()).collect(), ..Self::default() }
    }

    /// Opens a scope.
    pub(crate) fn open(&mut self) {
        self.scopes.push(Vec::new());
    }

    /// Closes the innermost scope: its names are free again.
    pub(crate) fn close(&mut self) {
        for name in self.scopes.pop().into_iter().flatten() {
            self.used.remove(&name);
        }
    }

    /// A local that is called so, whatever else is: an argument, or what hides another local.
    pub(crate) fn called(&mut self, name: Ident) -> Local {
        self.count += 1;
        Local { id: self.count, name }
    }

    /// A local that is called so if the name is free, else with a number from 2 on.
    pub(crate) fn fresh(&mut self, wanted: &str) -> Local {
        let wanted = text(&ident(wanted));
        let mut name = wanted.clone();
        while self.used.contains(&name) {
            let number = self.numbers.entry(wanted.clone()).or_insert(1);
            *number += 1;
            name = format!("{wanted}_{number}");
        }
        let ident = ident(&name);
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(name.clone());
        }
        self.used.insert(name);
        self.called(ident)
    }

    /// How many scopes are open.
    pub(crate) fn depth(&self) -> usize {
        self.scopes.len()
    }

    /// The first of these names that is free, else the last one with a number.
    pub(crate) fn first_free(&mut self, wanted: &[&str]) -> Local {
        let free = wanted.iter().find(|&&name| !self.used.contains(name));
        self.fresh(free.or(wanted.last()).copied().unwrap_or("i"))
    }

    /// The next of `t1`, `t2`, …: for values without a name.
    pub(crate) fn numbered(&mut self, letter: &str, count: &mut usize) -> Local {
        *count += 1;
        self.fresh(&format!("{letter}{count}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_modules_and_types() {
        assert_eq!(snake_case("LinearRegression"), "linear_regression");
        assert_eq!(snake_case("HTTPModel2"), "http_model2");
        assert_eq!(snake_case("N"), "n");
        assert_eq!(camel_case("loss_and_grad"), "LossAndGrad");
    }

    #[test]
    fn a_name_stands_once_in_a_scope() {
        let mut names = Names::taken(&["x"]);
        assert_eq!(names.fresh("x").name, "x_2");
        names.open();
        assert_eq!(names.fresh("x").name, "x_3");
        names.close();
        assert_eq!(names.fresh("x").name, "x_4");
        assert_eq!(names.fresh("type").name, "r#type");
        assert_eq!([names.fresh("self_"), names.fresh("self")].map(|it| it.name.to_string()), ["self_", "self__2"]);
    }

    #[test]
    fn keywords_are_sorted() {
        assert!(KEYWORDS.is_sorted());
    }
}
