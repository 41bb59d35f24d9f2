//! The items of a model: each reads up to its `;` or `}`, and an error in one does not touch the next.

use proc_macro2::{Delimiter, Ident, TokenTree};

use super::parser::{Parsed, Parser, Reported, missing};
use super::tokens::group_span;
use super::tree::{Binding, Declaration, Expr, Item};
use crate::diagnostics::{Problem, SpanRange};

/// What a declaration may say.
struct Clauses {
    /// `param`
    item: &'static str,
    /// `in K`
    classes: bool,
    /// `= zeros()`
    initial: bool,
    /// `unused`
    unused: bool,
}

const PARAM: Clauses = Clauses { item: "param", classes: false, initial: true, unused: true };
const INPUT: Clauses = Clauses { item: "input", classes: true, initial: false, unused: false };
const STATE: Clauses = Clauses { item: "state", classes: false, initial: true, unused: false };

impl Parser<'_> {
    /// Reads all items; the second list has the places of those with mistakes.
    pub fn items(&mut self) -> (Vec<Item>, Vec<usize>) {
        let mut items = Vec::new();
        let mut broken = Vec::new();
        while !self.cursor.at_end() {
            let start = self.cursor.position();
            self.told_depth = false;
            let (read, errors) = (items.len(), self.diagnostics.errors().len());
            let docs = self.docs();
            if self.item(docs, &mut items).is_err() {
                self.skip_item();
            }
            if self.cursor.position() == start {
                self.cursor.next();
            }
            if self.diagnostics.errors().len() > errors {
                broken.extend(read..items.len());
            }
        }
        (items, broken)
    }

    fn item(&mut self, docs: String, items: &mut Vec<Item>) -> Parsed<()> {
        let Some(word) = self.cursor.ident().map(ToString::to_string) else {
            let is_stray = self.cursor.is(";").then_some("remove this `;`");
            return self.unexpected_with_help("an item", is_stray);
        };
        let is_keyword = !self.is_definition() && self.cursor.operator_at(1) != Some("==");
        match word.as_str() {
            "let" => items.push(Item::Let(self.binding(docs)?)),
            "const" => items.push(Item::Const(self.binding(docs)?)),
            "fn" => items.push(Item::Function(self.function(docs)?)),
            "step" if is_keyword => items.push(Item::Step(self.step(docs)?)),
            "param" if is_keyword => self.declarations(&docs, &PARAM, Item::Param, items)?,
            "input" if is_keyword => self.declarations(&docs, &INPUT, Item::Input, items)?,
            "state" if is_keyword => self.declarations(&docs, &STATE, Item::State, items)?,
            _ => items.extend(self.output(docs)?.map(Item::Output)),
        }
        Ok(())
    }

    /// `let name = value;`, `const name = value;`
    pub fn binding(&mut self, docs: String) -> Parsed<Binding> {
        self.cursor.next();
        if self.cursor.is_word("mut") && self.cursor.ident_at(1).is_some() {
            let _ = self.unexpected_with_help::<()>("a name", Some("leave this word out"));
            self.cursor.next();
        }
        let name = self.name("a name")?;
        if self.cursor.group_at(0, Delimiter::Bracket).is_some() {
            self.indexed_output(&name)?;
            let value = missing(name.span().into());
            return Ok(Binding { docs, name, value });
        }
        Ok(self.defined(docs, name))
    }

    /// `= value;` after a name.
    fn defined(&mut self, docs: String, name: Ident) -> Binding {
        let value = if self.equals(&name).is_ok() {
            self.last_value()
        } else {
            self.skip_item();
            missing(name.span().into())
        };
        Binding { docs, name, value }
    }

    fn equals(&mut self, name: &Ident) -> Parsed<()> {
        if self.cursor.is(";") || self.cursor.at_end() || (self.starts_item() && !self.cursor.is("#")) {
            return self.no_value(name);
        }
        if self.cursor.is("==") || self.cursor.is(":=") {
            let _ = self.unexpected_with_help::<()>("`=`", Some(&format!("`{name} = …;`")));
            self.cursor.next();
            self.cursor.next();
            return Ok(());
        }
        if self.cursor.is(":") {
            return self.unexpected_with_help("`=`", Some("the compiler finds the shape of a value by itself"));
        }
        self.expect("=")?;
        if self.cursor.is(";") || self.cursor.at_end() {
            return self.no_value(name);
        }
        Ok(())
    }

    fn no_value<T>(&mut self, name: &Ident) -> Parsed<T> {
        let help = Some(format!("`{name} = …;`"));
        self.fail(name.span(), Problem::MissingValue { name: name.to_string() }, help)
    }

    /// Reads an expression and the `;` of the item that it ends; on an error, skips the item.
    pub fn last_value(&mut self) -> Expr {
        let span = self.cursor.span();
        let value = self.expression().and_then(|value| self.end_of_item().map(|()| value));
        value.unwrap_or_else(|Reported| {
            self.skip_item();
            missing(span)
        })
    }

    /// `name = value;`, or an error about what looks like it; nothing if the error is reported and the item is read.
    fn output(&mut self, docs: String) -> Parsed<Option<Binding>> {
        let Some(TokenTree::Ident(name)) = self.cursor.next() else {
            return self.unexpected("an item");
        };
        match self.cursor.operator() {
            Some("=" | "==") => {}
            Some(":=") => {
                let help = Some(format!("`{name} = …;` is an output; `step train {{ {name} := …; }}` assigns"));
                return self.fail(self.cursor.span(), Problem::AssignOutsideStep { name: name.to_string() }, help);
            }
            Some(":") => {
                let help = format!("`param {name}: …;` or `input {name}: …;`");
                return self.unexpected_with_help("`=`", Some(&help));
            }
            _ if self.cursor.group_at(0, Delimiter::Bracket).is_some() => return self.indexed_output(&name),
            _ if self.cursor.ident().is_some() => return self.unknown_item(&name),
            _ if self.cursor.group_at(0, Delimiter::Parenthesis).is_some() => {
                let help = format!("`let value = {name}(…);` or `value = {name}(…);`");
                return self.unexpected_with_help("`=`", Some(&help));
            }
            _ => {
                let help = format!("`let {name} = …;` or `{name} = …;`");
                return self.unexpected_with_help("`=`", Some(&help));
            }
        }
        self.check_name(&name);
        self.check_not_reserved(&name, false);
        Ok(Some(self.defined(docs, name)))
    }

    /// `c[i, j] = …;`: its parts are read, for their own errors.
    fn indexed_output(&mut self, name: &Ident) -> Parsed<Option<Binding>> {
        let Some(group) = self.cursor.eat_group(Delimiter::Bracket) else {
            return self.unexpected("`[`");
        };
        if self.cursor.eat("=").is_none() {
            return self.unexpected("`=`");
        }
        let span = SpanRange::from(name.span()).to(group_span(&group));
        let (indices, _) = self.list(&group, Self::bound_index);
        let indices = indices.iter().map(|index| index.name.to_string()).collect::<Vec<_>>().join(", ");
        let problem = Problem::IndexedOutput { name: name.to_string(), indices };
        let help = format!("`{name} = …;` with operations on whole tensors, such as `a @ b`");
        self.diagnostics.error_with_help(span, problem, help);
        let value = self.expression();
        value.and_then(|_| self.end_of_item()).map(|()| None)
    }

    fn unknown_item<T>(&mut self, word: &Ident) -> Parsed<T> {
        let help = match word.to_string().to_lowercase().as_str() {
            "params" | "parameter" | "parameters" | "weight" | "weights" => "`param`",
            "inputs" | "data" | "arg" => "`input`",
            "var" | "val" | "mut" => "`let`",
            "def" | "func" | "function" => "`fn`",
            "constant" | "static" => "`const`",
            "states" | "buffer" => "`state`",
            "output" | "outputs" | "return" | "pub" => "leave this word out",
            _ => "an item begins with `param`, `input`, `state`, `const`, `let`, `fn`, `step` or `name =`",
        };
        self.fail(word.span(), Problem::UnknownItem { word: word.to_string() }, Some(help.to_owned()))
    }

    /// `param w: [D] = zeros(), b;`
    fn declarations(
        &mut self,
        docs: &str,
        allowed: &Clauses,
        item: fn(Declaration) -> Item,
        items: &mut Vec<Item>,
    ) -> Parsed<()> {
        self.cursor.next();
        loop {
            items.push(item(self.declaration(docs, allowed)?));
            if self.cursor.eat(",").is_none() {
                return self.end_of_declarations();
            }
        }
    }

    fn end_of_declarations(&mut self) -> Parsed<()> {
        if self.cursor.is(";") || self.cursor.at_end() || self.starts_item() {
            return self.end_of_item();
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
            initial: None,
            unused: false,
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
            return self.unexpected_with_help("`:` or `=`", Some(&help));
        }
        if self.cursor.eat(":").is_some() {
            self.shape(declaration)?;
        }
        loop {
            let start = self.cursor.span();
            let is_allowed = if self.cursor.is_word("in") {
                self.cursor.next();
                declaration.classes = Some(self.expression()?);
                allowed.classes
            } else if self.cursor.is_word("unused") {
                self.cursor.next();
                declaration.unused = true;
                allowed.unused
            } else if self.cursor.eat("=").is_some() {
                declaration.initial = Some(self.expression()?);
                allowed.initial
            } else {
                return Ok(());
            };
            if !is_allowed {
                self.misplaced(start.to(self.cursor.previous()), declaration, allowed);
            }
        }
    }

    fn misplaced(&mut self, span: SpanRange, declaration: &Declaration, allowed: &Clauses) {
        let (clause, help) = match declaration {
            Declaration { classes: Some(_), .. } if !allowed.classes => ("in", "class indices are an `input`"),
            Declaration { unused: true, .. } if !allowed.unused => ("unused", "only a `param` can be `unused`"),
            _ => ("=", "an input is given at every call; a fixed number is a `const`"),
        };
        let problem = Problem::MisplacedClause { clause: clause.to_owned(), item: allowed.item.to_owned() };
        self.diagnostics.error_with_help(span, problem, help);
    }

    fn shape(&mut self, declaration: &mut Declaration) -> Parsed<()> {
        if let Some(group) = self.cursor.eat_group(Delimiter::Bracket) {
            declaration.shape = self.list(&group, Self::expression).0;
            declaration.shape_span = group_span(&group);
            return Ok(());
        }
        let found = self.cursor.ident().map(ToString::to_string);
        let help = match found.as_deref() {
            Some("f32" | "f64" | "usize" | "i32" | "i64" | "u32" | "bool") => "a scalar has no shape: leave this out",
            Some(dim) if dim.starts_with(char::is_uppercase) => &format!("`: [{dim}]`"),
            _ => "`: [N, D]`",
        };
        self.unexpected_with_help("a shape", Some(help))
    }

    fn skip_clauses(&mut self) {
        while !self.cursor.at_end() && !self.cursor.is(",") && !self.cursor.is(";") && !self.starts_item() {
            self.cursor.next();
        }
    }
}
