//! Declarations of parameters, inputs and states: names, shapes, and clauses.

use proc_macro2::{Delimiter, Group, Ident, TokenTree};

use super::parser::{Parsed, Parser};
use super::print::source;
use super::tokens::group_span;
use super::tree::{Declaration, Expr, Item};
use crate::diagnostics::{Help, Place, Problem, SpanRange};

/// A part of a declaration after its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clause {
    /// `in K`
    Classes,
    /// `in 0..`
    Support,
    /// `= zeros()`
    Initial,
    /// `unused`
    Unused,
}

/// What a declaration may say.
pub(super) struct Clauses {
    /// `param`
    item: &'static str,
    /// What may stand after its shape.
    clauses: &'static [Clause],
}

impl Clauses {
    fn has(&self, clause: Clause) -> bool {
        self.clauses.contains(&clause)
    }
}

pub(super) const PARAM: Clauses =
    Clauses { item: "param", clauses: &[Clause::Support, Clause::Initial, Clause::Unused] };
pub(super) const INPUT: Clauses = Clauses { item: "input", clauses: &[Clause::Classes] };
pub(super) const STATE: Clauses = Clauses { item: "state", clauses: &[Clause::Initial] };

impl Parser<'_> {
    /// `param w: [D] = zeros(), b;`
    pub(super) fn declarations(
        &mut self,
        docs: &str,
        allowed: &Clauses,
        item: fn(Declaration) -> Item,
        items: &mut Vec<Item>,
    ) -> Parsed<()> {
        self.cursor.next();
        let first = items.len();
        let mut bare = Vec::new();
        let mut bounds = self.bounds()?;
        if let (Some(group), Some(name)) = (self.cursor.group_at(0, Delimiter::Bracket), self.cursor.ident_at(1)) {
            let shape = group.stream().to_string();
            let help = Help::from(format!("a shape follows the name: `{name}: [{shape}]`"))
                .and(group_span(group), Place::Instead, "")
                .and(name.span(), Place::After, format!(": [{shape}]"));
            return self.unexpected_with_help("a name", Some(help));
        }
        loop {
            let has_shape = self.cursor.operator_at(1) == Some(":");
            let declaration = self.declaration(docs, allowed)?;
            if !has_shape {
                // `start in N` is complete: it is one integer.
                bare.extend(declaration.classes.is_none().then(|| declaration.name.clone()));
            } else if !bare.is_empty() {
                let names = std::mem::take(&mut bare);
                self.half_shaped(&names, &declaration);
                for item in &mut items[first..] {
                    if let Item::Param(declared) | Item::Input(declared) | Item::State(declared) = item {
                        declared.half_shaped |= names.contains(&declared.name);
                    }
                }
            }
            items.push(item(declaration));
            if bounds.is_none() {
                bounds = self.bounds()?;
            }
            if self.cursor.is(",") && self.begins_item(1) {
                let (expected, found) = ("a name".to_owned(), format!("`{}`", self.word_at(1)));
                let help = Help::write("an item ends with `;`", self.cursor.span(), ";");
                self.slip(self.cursor.span(), Problem::UnexpectedToken { expected, found }, help);
                self.cursor.next();
                return Ok(());
            }
            if self.cursor.eat(",").is_none() {
                self.end_of_declarations()?;
                if let Some(bounds) = &bounds {
                    let declared = items[first..].iter().filter_map(|item| match item {
                        Item::Param(declared) | Item::Input(declared) | Item::State(declared) => Some(declared.clone()),
                        _ => None,
                    });
                    let declared: Vec<Declaration> = declared.collect();
                    self.report_bounds(bounds, &declared.iter().collect::<Vec<_>>());
                }
                return Ok(());
            }
        }
    }

    /// `a, b: [K]` says nothing about the shape of `a`, or seems to say that it is `[K]`.
    fn half_shaped(&mut self, bare: &[Ident], shaped: &Declaration) {
        let shape = format!("[{}]", shaped.shape.iter().map(source).collect::<Vec<_>>().join(", "));
        let list = |shape: &str| bare.iter().map(|name| format!("{name}: {shape}, ")).collect::<Vec<_>>().concat();
        let name = &shaped.name;
        let text = format!("`{}{name}: {shape}`, or `{}{name}: {shape}` for numbers", list(&shape), list("[]"));
        let help = Help::from(text);
        let help = bare.iter().fold(help, |help, name| help.and(name.span(), Place::After, format!(": {shape}")));
        let problem = Problem::HalfShaped { bare: have(bare), shaped: name.to_string(), shape };
        self.diagnostics.error_with_help(bare[0].span(), problem, help);
    }

    fn end_of_declarations(&mut self) -> Parsed<()> {
        if self.cursor.is(";") || self.cursor.at_end() || self.starts_item() {
            return self.end_of_item();
        }
        if let Some(group) = self.cursor.group_at(0, Delimiter::Parenthesis) {
            let code = format!(": [{}]", group.stream());
            let help = Help::write(format!("a shape follows a colon: `name{code}`"), group_span(group), code);
            return self.unexpected_with_help("`,` or `;`", Some(help));
        }
        if self.cursor.is_word("and") {
            return self.unexpected_with_help("`,` or `;`", Some(Help::write("`,`", self.cursor.span(), ",")));
        }
        if self.cursor.is("~") {
            let help =
                "`= normal(0, 1)` is where it starts; a prior is a term of the loss: `- sum(normal_lpdf(w, 0, 1))`";
            let problem = Problem::UnknownOperator { operator: "~".to_owned() };
            return self.fail(self.cursor.span(), problem, Some(help));
        }
        if self.cursor.group_at(0, Delimiter::Bracket).is_some() {
            let help = Help::from("a shape follows a colon: `name: [D]`").and(self.cursor.start(), Place::Before, ": ");
            return self.unexpected_with_help("`,` or `;`", Some(help));
        }
        self.unexpected("`,` or `;`")
    }

    /// An input of a step: `m: [D]`.
    pub fn step_input(&mut self) -> Parsed<Declaration> {
        let docs = self.docs();
        let input = self.declaration(&docs, &INPUT)?;
        self.end_of_name().map(|()| input)
    }

    fn declaration(&mut self, docs: &str, allowed: &Clauses) -> Parsed<Declaration> {
        let name = self.name("a name")?;
        let span = SpanRange::from(name.span());
        let mut declaration = Declaration {
            docs: docs.to_owned(),
            name,
            shape: Vec::new(),
            shape_span: span,
            classes: None,
            support: None,
            initial: None,
            unused: false,
            half_shaped: false,
            span,
        };
        if self.clauses(&mut declaration, allowed).is_err() {
            self.skip_clauses();
        }
        declaration.span = span.to(self.cursor.previous());
        Ok(declaration)
    }

    fn clauses(&mut self, declaration: &mut Declaration, allowed: &Clauses) -> Parsed<()> {
        if self.cursor.is(":=") {
            let help = format!("`{}: [N] = …;` or `{} = …;`", declaration.name, declaration.name);
            let help = Help::write(help, self.cursor.span(), "=");
            return self.unexpected_with_help("`:` or `=`", Some(help));
        }
        if let Some(colon) = self.cursor.eat(":") {
            self.shape(declaration, colon)?;
        }
        loop {
            let start = self.cursor.span();
            let is_allowed = if self.cursor.is_word("in") && allowed.has(Clause::Support) {
                self.cursor.next();
                declaration.support = Some(self.support(&declaration.name)?);
                true
            } else if self.cursor.is_word("in") {
                self.cursor.next();
                declaration.classes = Some(self.classes()?);
                allowed.has(Clause::Classes)
            } else if self.cursor.is_word("unused") {
                self.cursor.next();
                declaration.unused = true;
                allowed.has(Clause::Unused)
            } else if self.cursor.eat("=").is_some() {
                declaration.initial = Some(self.expression()?);
                allowed.has(Clause::Initial)
            } else {
                return Ok(());
            };
            if !is_allowed {
                self.misplaced(start.to(self.cursor.previous()), declaration, allowed);
            }
        }
    }

    /// `K`, after `in`.
    fn classes(&mut self) -> Parsed<Expr> {
        let start = self.cursor.span();
        let is_list = match self.cursor.peek() {
            Some(TokenTree::Group(group)) => {
                let mut inside = group.stream().into_iter();
                group.delimiter() != Delimiter::Parenthesis
                    || inside.any(|token| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ','))
            }
            _ => false,
        };
        if is_list {
            let help = "`in K` says how many classes there are: the indices are 0, 1, …, K − 1";
            return self.unexpected_with_help("a number of classes", Some(help));
        }
        let first = self.expression()?;
        if !(self.cursor.is("..") || self.cursor.is("..=")) {
            return Ok(first);
        }
        let is_inclusive = self.cursor.is("..=");
        let sign = self.cursor.span();
        for _ in 0..if is_inclusive { 3 } else { 2 } {
            self.cursor.next();
        }
        let last = self.expression()?;
        let problem = Problem::UnexpectedToken { expected: "a number of classes".into(), found: "a range".into() };
        if source(&first) != "0" {
            return self.fail(sign, problem, Some("class indices begin at 0: `in K` means 0, 1, …, K − 1"));
        }
        let code = if is_inclusive { format!("{} + 1", source(&last)) } else { source(&last) };
        let help = format!("`in {code}`: the indices are 0, 1, …, one less than that");
        self.slip(sign, problem, Help::write(help, start.to(self.cursor.previous()), code));
        Ok(last)
    }

    /// The word at a place, as text.
    fn word_at(&self, skip: usize) -> String {
        self.cursor.ident_at(skip).map_or_else(String::new, ToString::to_string)
    }

    /// Whether a word that begins an item stands after some tokens, and a name after it.
    fn begins_item(&self, skip: usize) -> bool {
        let word = self.word_at(skip);
        let is_word = ["param", "input", "state", "let", "const", "fn", "step", "derive"].contains(&word.as_str());
        is_word && self.cursor.ident_at(skip + 1).is_some()
    }

    fn misplaced(&mut self, span: SpanRange, declaration: &Declaration, allowed: &Clauses) {
        let (clause, help) = match declaration {
            Declaration { classes: Some(_), .. } if !allowed.has(Clause::Classes) => {
                ("in", "class indices are an `input`")
            }
            Declaration { unused: true, .. } if !allowed.has(Clause::Unused) => {
                ("unused", "only a `param` can be `unused`")
            }
            _ => ("=", "an input is given at every call; a fixed number is a `const`"),
        };
        let problem = Problem::MisplacedClause { clause: clause.to_owned(), item: allowed.item.to_owned() };
        self.diagnostics.error_with_help(span, problem, Help::remove(help, span));
    }

    fn shape(&mut self, declaration: &mut Declaration, colon: SpanRange) -> Parsed<()> {
        if let Some(group) = self.cursor.group_at(0, Delimiter::Bracket).cloned() {
            let after_semicolon = after_semicolon(&group);
            if let Some(extent) = after_semicolon {
                let help = Help::code(group_span(&group), format!("[{extent}]"));
                return self.unexpected_with_help("a shape", Some(help));
            }
            self.cursor.next();
            declaration.shape = self.list(&group, Self::expression).0;
            declaration.shape_span = group_span(&group);
            return Ok(());
        }
        if let Some(group) = self.cursor.group_at(0, Delimiter::Parenthesis) {
            let help = Help::code(group_span(group), format!("[{}]", group.stream()).replace(" ,", ","));
            return self.unexpected_with_help("a shape", Some(help));
        }
        let found = self.cursor.ident().map(ToString::to_string);
        let alone = self.cursor.operator_at(1) != Some("<") && self.cursor.group_at(1, Delimiter::Bracket).is_none();
        let whole = colon.to(self.cursor.start());
        let help = match found.as_deref().filter(|_| alone) {
            Some("Tensor" | "Array" | "Array1" | "Array2" | "Vec" | "Matrix" | "ndarray" | "list" | "torch" | "np") => {
                "a shape is a list of extents, `[N, D]`; a number has none".into()
            }
            Some("f32" | "f64" | "usize" | "i32" | "i64" | "u32" | "u8" | "bool" | "float" | "int" | "real") => {
                Help::remove("a number has no shape: leave this out", whole)
            }
            Some(dim) if dim.starts_with(char::is_uppercase) => {
                Help::write(format!("`: [{dim}]`"), whole, format!(": [{dim}]"))
            }
            _ => "`: [N, D]`, in dimensions of the header".into(),
        };
        self.unexpected_with_help("a shape", Some(help))
    }

    fn skip_clauses(&mut self) {
        while !self.cursor.at_end() && !self.cursor.is(",") && !self.cursor.is(";") && !self.starts_item() {
            self.cursor.next();
        }
    }
}

/// The names, and the verb: `` `a` and `b` have ``.
fn have(names: &[Ident]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [only] => format!("{only} has"),
        [first @ .., last] => format!("{} and {last} have", first.join(", ")),
        [] => String::new(),
    }
}

/// `N` of `[f64; N]`.
fn after_semicolon(group: &Group) -> Option<String> {
    let is_semicolon = |token: &TokenTree| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ';');
    let mut tokens = group.stream().into_iter();
    tokens.by_ref().find(is_semicolon)?;
    Some(tokens.map(|token| token.to_string()).collect::<Vec<_>>().join(" "))
}
