//! The parser's state, its errors, and how it recovers from them.
//!
//! A function that fails has reported why; its caller resumes at the next `,`, `;` or item. What stands inside a
//! delimiter cannot spoil what stands around it.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, Ident, TokenTree};

use super::names::is_rust_word;
use super::tokens::Cursor;
use super::tree::{Expr, ExprKind};
use crate::diagnostics::{Diagnostics, Help, Place, Problem, SpanRange};

/// How deep expressions may stand in one another: the parser recurses this far.
const MAX_DEPTH: usize = 100;
/// How high the tree of an expression may be (`a + b + c` is 3 high): later stages recurse this far.
const MAX_HEIGHT: usize = 200;

/// The words that begin an item if a name follows.
const ITEM_WORDS: &[&str] = &["param", "input", "state", "step"];

/// An error that is already in the bag.
pub struct Reported;

/// What was read, unless an error was reported.
pub type Parsed<T> = Result<T, Reported>;

/// Where the parser is, and what it has to say.
pub struct Parser<'a> {
    /// What comes next.
    pub cursor: Cursor,
    /// What went wrong.
    pub diagnostics: &'a mut Diagnostics,
    depth: usize,
    height: usize,
    /// Whether this item was already said to be too deep.
    pub told_depth: bool,
    /// How many of the errors do not keep what stands around them from being read as it is meant.
    slips: usize,
    /// The parameters and states of the model, as far as their declarations are found without being read.
    pub owned: BTreeMap<String, &'static str>,
}

impl<'a> Parser<'a> {
    /// A parser at its first token.
    pub fn new(cursor: Cursor, diagnostics: &'a mut Diagnostics) -> Self {
        Self { cursor, diagnostics, depth: 0, height: 0, told_depth: false, slips: 0, owned: BTreeMap::new() }
    }

    /// Reports an error.
    pub fn fail<T>(
        &mut self,
        span: impl Into<SpanRange>,
        problem: Problem,
        help: Option<impl Into<Help>>,
    ) -> Parsed<T> {
        match help {
            Some(help) => self.diagnostics.error_with_help(span, problem, help),
            None => self.diagnostics.error(span, problem),
        }
        Err(Reported)
    }

    /// Reports an error in something that can be read as it is meant all the same: `&x` is `x`.
    pub fn slip(&mut self, span: impl Into<SpanRange>, problem: Problem, help: impl Into<Help>) {
        self.slips += 1;
        self.diagnostics.error_with_help(span, problem, help);
    }

    /// Forgets slips: all errors after the first `count`.
    pub fn forget_slips(&mut self, count: usize) {
        self.slips -= self.diagnostics.errors().len() - count;
        self.diagnostics.forget_after(count);
    }

    /// How many errors there are that leave something unread.
    pub fn gaps(&self) -> usize {
        self.diagnostics.errors().len() - self.slips
    }

    /// Reads something for its meaning alone, and forgets the errors in it.
    pub fn quietly<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let (errors, slips) = (self.diagnostics.errors().len(), self.slips);
        let result = read(self);
        self.diagnostics.forget_after(errors);
        self.slips = slips;
        result
    }

    /// Reports that something else was expected here.
    pub fn unexpected<T>(&mut self, expected: &str) -> Parsed<T> {
        self.unexpected_with_help(expected, None::<Help>)
    }

    /// Reports that something else was expected here, and what to type.
    pub fn unexpected_with_help<T>(&mut self, expected: &str, help: Option<impl Into<Help>>) -> Parsed<T> {
        let problem = Problem::UnexpectedToken { expected: expected.to_owned(), found: self.cursor.found() };
        self.fail(self.cursor.start(), problem, help)
    }

    /// Reports what follows an expression and should not.
    pub fn after_expression<T>(&mut self, expected: &str) -> Parsed<T> {
        let operand = match self.cursor.peek() {
            Some(TokenTree::Ident(word)) => !is_rust_word(&word.to_string()) || word == "if",
            Some(TokenTree::Literal(_)) => true,
            Some(TokenTree::Group(group)) => group.delimiter() != Delimiter::Brace,
            _ => false,
        };
        if !operand {
            let help = match (self.cursor.peek(), self.cursor.operator()) {
                (_, Some("..")) => {
                    Some("a range stands in a subscript, `x[1..]`; the numbers from 0 on are `iota(N)`".into())
                }
                (_, Some(",")) if matches!(self.cursor.operator_at(1), Some(";" | ",")) => {
                    Some(Help::remove("leave out this `,`", self.cursor.span()))
                }
                _ => None,
            };
            return self.unexpected_with_help(expected, help);
        }
        let problem = Problem::MissingOperator { before: self.cursor.found() };
        if self.cursor.previous_is_call() && self.cursor.group_at(0, Delimiter::Parenthesis).is_some() {
            let help =
                "a call has one list of arguments: `mse(a, b)`, `relu(x)`, `x @ w + b`, `grad(y, x)`; `*` multiplies";
            return self.fail(self.cursor.start(), problem, Some(help));
        }
        let help = Help::from("`*` multiplies, `@` is the product of matrices");
        self.fail(self.cursor.span(), problem, Some(help.and(self.cursor.start(), Place::Before, "* ")))
    }

    /// Reads an operator that must stand here.
    pub fn expect(&mut self, operator: &str) -> Parsed<SpanRange> {
        match self.cursor.eat(operator) {
            Some(span) => Ok(span),
            None => self.unexpected(&format!("`{operator}`")),
        }
    }

    /// Reads a group that must stand here.
    pub fn expect_group(&mut self, delimiter: Delimiter, expected: &str) -> Parsed<Group> {
        match self.cursor.eat_group(delimiter) {
            Some(group) => Ok(group),
            None => self.unexpected(expected),
        }
    }

    /// Reads a name that must stand here.
    pub fn name(&mut self, expected: &str) -> Parsed<Ident> {
        let Some(ident) = self.cursor.ident().cloned() else {
            return self.unexpected(expected);
        };
        self.cursor.next();
        self.check_name(&ident);
        Ok(ident)
    }

    /// Reads what stands inside a group.
    pub fn inside<T>(&mut self, group: &Group, read: impl FnOnce(&mut Self) -> T) -> T {
        let outside = std::mem::replace(&mut self.cursor, Cursor::inside(group));
        let result = read(self);
        self.cursor = outside;
        result
    }

    /// Reads what stands inside a group, as pieces with commas between them; says whether it ends in a comma.
    pub fn list<T>(&mut self, group: &Group, read: impl Fn(&mut Self) -> Parsed<T>) -> (Vec<T>, bool) {
        self.inside(group, |parser| {
            let mut pieces = Vec::new();
            let mut trailing = false;
            while !parser.cursor.at_end() {
                let piece = read(parser).and_then(|piece| parser.end_of_piece().map(|()| piece));
                match piece {
                    Ok(piece) => pieces.push(piece),
                    Err(Reported) => parser.skip_piece(),
                }
                trailing = parser.cursor.eat(",").is_some();
            }
            (pieces, trailing)
        })
    }

    fn end_of_piece(&mut self) -> Parsed<()> {
        if self.cursor.at_end() || self.cursor.is(",") {
            return Ok(());
        }
        if self.is_definition() { self.unexpected("`,`") } else { self.after_expression("`,`") }
    }

    /// Refuses anything but a comma after a piece of a list that is no expression.
    pub fn end_of_name(&mut self) -> Parsed<()> {
        if self.cursor.at_end() || self.cursor.is(",") { Ok(()) } else { self.unexpected("`,`") }
    }

    fn skip_piece(&mut self) {
        while !self.cursor.at_end() && !self.cursor.is(",") {
            self.cursor.next();
        }
    }

    /// Reads the `;` after an item, or reports that it is missing.
    pub fn end_of_item(&mut self) -> Parsed<()> {
        if self.cursor.eat(";").is_some() {
            return Ok(());
        }
        if self.cursor.at_end() || self.starts_item() {
            let span = self.cursor.previous();
            let help = Help::from("add `;`").and(span, Place::After, ";");
            self.slip(span, Problem::MissingSemicolon, help);
            return Ok(());
        }
        self.after_expression("`;`")
    }

    /// Skips to behind the next `;`, or to where an item seems to begin.
    pub fn skip_item(&mut self) {
        while !self.cursor.at_end() && self.cursor.eat(";").is_none() {
            self.cursor.next();
            if self.starts_item() {
                break;
            }
        }
    }

    /// Whether an item, or a statement of a block, seems to begin here.
    pub fn starts_item(&self) -> bool {
        let Some(word) = self.cursor.ident() else {
            return self.cursor.is("#");
        };
        if word == "let" || word == "fn" || word == "const" {
            return true;
        }
        if word == "return" && self.cursor.ident_at(1).is_some() && self.cursor.operator_at(2) == Some(";") {
            return true;
        }
        let is_item_word = ITEM_WORDS.iter().any(|item| word == item);
        (is_item_word && self.cursor.ident_at(1).is_some_and(|next| next != "in")) || self.is_definition()
    }

    /// Whether `name =`, `name :=` or `name[…] =` stands here.
    pub fn is_definition(&self) -> bool {
        let brackets = usize::from(self.cursor.group_at(1, Delimiter::Bracket).is_some());
        self.cursor.ident().is_some() && matches!(self.cursor.operator_at(1 + brackets), Some("=" | ":="))
    }

    /// Reads one level deeper.
    pub fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_DEPTH {
            return self.too_deep(self.cursor.start(), MAX_DEPTH);
        }
        self.depth += 1;
        let around = std::mem::take(&mut self.height);
        let result = read(self);
        self.height = self.height.max(around);
        self.depth -= 1;
        result
    }

    /// Counts a node on top of what was read on this level.
    pub fn node(&mut self, kind: ExprKind, span: SpanRange) -> Parsed<Expr> {
        self.height += 1;
        if self.height > MAX_HEIGHT {
            return self.too_deep(span, MAX_HEIGHT);
        }
        Ok(Expr { kind, span })
    }

    fn too_deep<T>(&mut self, span: SpanRange, limit: usize) -> Parsed<T> {
        if std::mem::replace(&mut self.told_depth, true) {
            return Err(Reported);
        }
        let help = "name a part of it: `let part = …;`".to_owned();
        self.fail(span, Problem::TooDeep { limit }, Some(help))
    }
}

/// Stands for an expression that could not be read; there was an error.
pub fn missing(span: SpanRange) -> Expr {
    Expr { kind: ExprKind::Number { value: f64::NAN, integer: None }, span }
}
