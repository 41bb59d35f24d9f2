//! Foreign expressions, which the language writes otherwise than Rust or Python: each is read as far as it can be, and
//! refused once with what to write.
//!
//! `x % 2` is `rem(x, 2)`, `&x` is `x`, `|x - y|` is `abs(x - y)`, `a if c else b` is `if c { a } else { b }`.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::expr::UNARY;
use super::names::is_rust_word;
use super::parser::{Parsed, Parser, missing};
use super::print::{OPERAND, operand, source};
use super::rewrite::rewrite;
use super::tokens::group_span;
use super::tree::{BinaryOp, Expr, ExprKind, UnaryOp};
use crate::diagnostics::{Help, Place, Problem, SpanRange};
use crate::habits::functions::{Argument, Given, Meaning, meaning};
use crate::habits::names::{loop_help, macro_help};
use crate::habits::signs::{Instead, Row, SIGNS, WORDS};

impl Parser<'_> {
    /// Reads a foreign operator and what follows it, if one stands here that binds at least this tightly.
    pub fn foreign_operator(&mut self, left: &Expr, least: u8) -> Parsed<Option<Expr>> {
        if self.cursor.is_word("if") && least == 0 {
            return self.choice_after(left).map(Some);
        }
        if self.cursor.is_word("for") {
            return self.no_loop("for");
        }
        let Some(&(sign, level, instead)) = self.foreign_sign() else { return Ok(None) };
        if level < least {
            return Ok(None);
        }
        let span = self.cursor.span();
        for _ in 0..if sign.starts_with(char::is_alphabetic) { 1 } else { sign.len() } {
            self.cursor.next();
        }
        let problem = Problem::UnknownOperator { operator: sign.to_owned() };
        if sign == "?" {
            return self.choice_before(left, span, problem).map(Some);
        }
        if let Instead::Words(words) = instead {
            return self.fail(span, problem, Some(words));
        }
        let errors = self.diagnostics.errors().len();
        let right = self.operators(if sign == "**" { level } else { level + 1 })?;
        if self.diagnostics.errors().len() > errors {
            // A second sentence about the same place helps nobody.
            return Ok(Some(missing(left.span.to(right.span))));
        }
        let whole = left.span.to(right.span);
        match instead {
            Instead::Sign(ours) => {
                let code = format!("{} {ours} {}", operand(left, level), operand(&right, level + 1));
                let code = if ours == "^" { code.replace(" ^ ", "^") } else { code };
                self.slip(span, problem, Help::write(format!("`{code}`"), span, ours));
                let op = BinaryOp::of_sign(ours).unwrap_or(BinaryOp::Pow);
                return self.node(ExprKind::Binary(op, Box::new(left.clone()), Box::new(right)), whole).map(Some);
            }
            Instead::Template(template) => {
                let code = template
                    .replace("{0!}", &operand(left, OPERAND))
                    .replace("{1!}", &operand(&right, OPERAND))
                    .replace("{0}", &source(left))
                    .replace("{1}", &source(&right));
                let edit = if template.starts_with('{') { format!("({code})") } else { code.clone() };
                self.diagnostics.error_with_help(span, problem, Help::write(format!("`{code}`"), whole, edit));
            }
            Instead::Words(_) => {}
        }
        Ok(Some(missing(whole)))
    }

    fn foreign_sign(&self) -> Option<&'static Row> {
        if let Some(word) = self.cursor.ident() {
            let found = WORDS.iter().find(|(other, ..)| word == other);
            return found.filter(|_| !self.is_definition());
        }
        let sign = self.cursor.operator()?;
        SIGNS.iter().find(|(other, ..)| *other == sign)
    }

    /// After `a`: reads `if c else b`, as Python has it.
    fn choice_after(&mut self, yes: &Expr) -> Parsed<Expr> {
        let span = self.cursor.span();
        let problem = Problem::MissingOperator { before: self.cursor.found() };
        self.cursor.next();
        let condition = self.operators(1)?;
        let pattern = "`if c { a } else { b }`";
        if !self.cursor.is_word("else") || self.cursor.group_at(1, Delimiter::Brace).is_some() {
            return self.fail(span, problem, Some(pattern));
        }
        self.cursor.next();
        let no = self.operators(0)?;
        let whole = yes.span.to(no.span);
        self.fail(span, problem, Some(choice(&condition, yes, &no, whole)))
    }

    /// After `c ?`: reads `a : b`.
    fn choice_before(&mut self, condition: &Expr, span: SpanRange, problem: Problem) -> Parsed<Expr> {
        let yes = self.operators(0)?;
        if self.cursor.eat(":").is_none() {
            return self.fail(span, problem, Some("`if c { a } else { b }`"));
        }
        let no = self.operators(0)?;
        let whole = condition.span.to(no.span);
        self.fail(span, problem, Some(choice(condition, &yes, &no, whole)))
    }

    /// Reads `&x`, `*x`, `~c`, `not c`, if such stands before an operand here.
    pub fn foreign_prefix(&mut self) -> Option<Parsed<Expr>> {
        let span = self.cursor.span();
        let (sign, help) = match self.cursor.operator() {
            Some(sign @ ("&" | "&&" | "*" | "**")) => {
                (sign, Help::remove("leave this out: there are values only, no references", span))
            }
            Some("~") => ("~", Help::write("`!c` is the negation of a truth value", span, "!")),
            None if self.cursor.is_word("not") && self.is_operand(1) => {
                ("not", Help::write("`!c` is the negation of a truth value", span, "!"))
            }
            _ => return None,
        };
        for _ in 0..if sign == "not" { 1 } else { sign.len() } {
            self.cursor.next();
        }
        let mut help = help;
        if sign.starts_with('&') && self.cursor.is_word("mut") {
            help = help.and(self.cursor.span(), Place::Instead, "");
            self.cursor.next();
        }
        self.slip(span, Problem::UnknownOperator { operator: sign.to_owned() }, help);
        let operand = self.operators(UNARY);
        Some(if matches!(sign, "~" | "not") {
            operand.and_then(|operand| self.negated(span, operand))
        } else {
            operand
        })
    }

    fn negated(&mut self, sign: SpanRange, operand: Expr) -> Parsed<Expr> {
        let span = sign.to(operand.span);
        self.node(ExprKind::Unary(UnaryOp::Not, Box::new(operand)), span)
    }

    /// Whether an operand begins after `skip` tokens.
    pub fn is_operand(&self, skip: usize) -> bool {
        match self.cursor.peek_at(skip) {
            Some(TokenTree::Ident(word)) => word == "if" || !is_rust_word(&word.to_string()),
            Some(TokenTree::Literal(_) | TokenTree::Group(_)) => true,
            Some(TokenTree::Punct(_)) | None => false,
        }
    }

    /// Reads an operand that only other languages have, if one stands here.
    pub fn foreign_operand(&mut self) -> Option<Parsed<Expr>> {
        if self.cursor.is("|") || self.cursor.is("||") {
            return Some(self.bars());
        }
        let word = self.cursor.ident()?.to_string();
        let is_macro = self.cursor.operator_at(1) == Some("!")
            && matches!(self.cursor.peek_at(2), Some(TokenTree::Group(group)) if group.delimiter() != Delimiter::None);
        match word.as_str() {
            // `if !(a < b) { … }`
            word if is_macro && word != "if" => Some(self.foreign_macro(word)),
            "for" | "while" | "loop" | "match" => Some(self.no_loop(&word)),
            "return" => {
                let help = Help::remove("leave this word out", self.cursor.span());
                let problem = Problem::UnexpectedToken { expected: "an expression".into(), found: self.cursor.found() };
                self.slip(self.cursor.span(), problem, help);
                self.cursor.next();
                Some(self.operators(0))
            }
            "self" if self.cursor.operator_at(1) == Some(".") && self.cursor.ident_at(2).is_some() => {
                self.without_self();
                None
            }
            "fn" => {
                let help = "a function is an item, `fn f(a) = …;`, and no value";
                Some(self.fail(self.cursor.span(), Problem::Closure, Some(help)))
            }
            "let" => {
                let problem = Problem::UnexpectedToken { expected: "an expression".into(), found: self.cursor.found() };
                let help = "there are no patterns: every value is a number or a truth value, and `if c { a } else { b }` chooses";
                Some(self.fail(self.cursor.span(), problem, Some(help)))
            }
            "lambda" if self.cursor.ident_at(1).is_some() => {
                let help = "a function is `fn f(a) = …;`, and takes whole tensors";
                Some(self.fail(self.cursor.span(), Problem::Closure, Some(help)))
            }
            "move" if self.cursor.operator_at(1).is_some_and(|sign| sign.starts_with('|')) => {
                self.cursor.next();
                Some(self.bars())
            }
            _ => None,
        }
    }

    /// Reads `self.`, with what stands after it in the error.
    pub fn without_self(&mut self) {
        let span = self.cursor.span();
        let name = self.cursor.ident_at(2).map(ToString::to_string).unwrap_or_default();
        self.cursor.next();
        let point = self.cursor.span();
        self.cursor.next();
        let help = Help::write(format!("`{name}`: names stand alone"), span, "").and(point, Place::Instead, "");
        self.slip(span, Problem::ReservedWord { word: "self".to_owned() }, help);
    }

    /// Reads `for i in 0..N { … }` and its kin.
    pub fn no_loop<T>(&mut self, word: &str) -> Parsed<T> {
        let span = self.cursor.span();
        let definition = if word == "for" { self.loop_as_definition() } else { None };
        let help = definition.map_or_else(|| loop_help(word).to_owned(), |code| format!("`{code}`"));
        while !self.cursor.at_end() && !self.cursor.is(";") && self.cursor.group_at(0, Delimiter::Brace).is_none() {
            self.cursor.next();
        }
        self.cursor.eat_group(Delimiter::Brace);
        self.fail(span, Problem::NoLoop { word: word.to_owned() }, Some(help))
    }

    /// Reads `name!(…)`.
    pub fn foreign_macro(&mut self, name: &str) -> Parsed<Expr> {
        let start = self.cursor.span();
        self.cursor.next();
        let sign = self.cursor.span();
        self.cursor.next();
        let brackets = self.cursor.eat_group(Delimiter::Bracket);
        if brackets.is_none() {
            self.cursor.next();
        }
        let span = start.to(sign);
        let help = match (&brackets, name) {
            (Some(group), "vec" | "array") if !group.stream().to_string().contains(';') => {
                let text = format!("`[{}]`", group.stream()).replace(" ,", ",");
                Help::write(text, start, "").and(sign, Place::Instead, "")
            }
            _ => Help::from(macro_help(name)),
        };
        self.fail(span, Problem::MacroCall { name: name.to_owned() }, Some(help))
    }

    /// `|x - y|`, or a closure.
    fn bars(&mut self) -> Parsed<Expr> {
        let first = self.cursor.span();
        if self.cursor.eat("||").is_some() {
            return self.fail(first, Problem::Closure, Some("a value is written without `||`"));
        }
        let mut inside = TokenStream::new();
        self.cursor.eat("|");
        let mut names_only = true;
        while !self.cursor.at_end() && !self.cursor.is("|") && !self.cursor.is(";") {
            names_only &= self.cursor.ident().is_some() || [",", ":", "&"].iter().any(|sign| self.cursor.is(sign));
            inside.extend(self.cursor.next());
        }
        let last = self.cursor.span();
        if self.cursor.eat("|").is_none() || inside.is_empty() {
            return self.fail(first, Problem::UnknownOperator { operator: "|".to_owned() }, Some("`abs(x)`"));
        }
        if names_only && (self.is_operand(0) || self.cursor.is("->")) {
            let help = "a function is `fn f(a) = …;`, and takes whole tensors";
            return self.fail(first.to(last), Problem::Closure, Some(help));
        }
        let mut group = Group::new(Delimiter::None, inside);
        group.set_span(first.first);
        let errors = self.diagnostics.errors().len();
        let value = self.inside(&group, Self::expression)?;
        if self.diagnostics.errors().len() == errors {
            let help = Help::write(format!("`abs({})`", source(&value)), first, "abs(").and(last, Place::Instead, ")");
            let problem = Problem::UnknownOperator { operator: "|".to_owned() };
            self.diagnostics.error_with_help(first, problem, help);
        }
        Ok(missing(first.to(last)))
    }

    /// `x.map(|r| r*r)`: the body of the closure, of the whole tensor.
    pub fn mapped(&mut self, receiver: &Expr, function: &str, group: &Group, whole: SpanRange) -> Parsed<Expr> {
        let span = group_span(group);
        let body = self.quietly(|parser| parser.inside(group, Self::closure));
        let receiver = without_identities(receiver);
        let help = match body {
            Some((name, body))
                if crate::habits::names::MAPS.contains(&function) && !source(receiver).contains("NaN") =>
            {
                let code = source(&in_our_words(&super::rewrite::substitute(&body, &name, receiver)));
                Help::write(format!("`{code}`"), whole, super::as_operand(&code))
            }
            _ => Help::from("operations take whole tensors: `x^2` squares each element, `sum(x)` adds them"),
        };
        self.fail(span, Problem::Closure, Some(help))
    }

    /// `|r| r*r`, `|&r| { r*r }`: the name and the body.
    fn closure(&mut self) -> Option<(String, Expr)> {
        if self.cursor.is_word("move") {
            self.cursor.next();
        }
        self.cursor.eat("|")?;
        while self.cursor.eat("&").is_some() || self.cursor.eat("&&").is_some() {}
        let name = self.cursor.ident()?.to_string();
        self.cursor.next();
        while !self.cursor.at_end() && !self.cursor.is("|") {
            if self.cursor.is(",") {
                return None;
            }
            self.cursor.next();
        }
        self.cursor.eat("|")?;
        let body = match self.cursor.eat_group(Delimiter::Brace) {
            Some(group) => {
                let block = self.block(&group, "the closure");
                block.lets.is_empty().then_some(*block.value)?
            }
            None => self.expression().ok()?,
        };
        self.cursor.at_end().then_some((name, body))
    }
}

/// `if c { a } else { b }` instead of what is there.
fn choice(condition: &Expr, yes: &Expr, no: &Expr, whole: SpanRange) -> Help {
    let code = format!("if {} {{ {} }} else {{ {} }}", source(condition), source(yes), source(no));
    Help::write(format!("`{code}`"), whole, format!("({code})"))
}

/// `x` of `x.iter().clone()`.
fn without_identities(mut expr: &Expr) -> &Expr {
    while let ExprKind::Call { function, arguments, .. } = &expr.kind {
        let is_identity = crate::habits::names::IDENTITIES.iter().any(|name| function == name);
        match arguments.as_slice() {
            [only] if is_identity => expr = &only.value,
            _ => break,
        }
    }
    expr
}

/// The expression with functions of other languages said in this one, as far as that needs no shapes.
fn in_our_words(expr: &Expr) -> Expr {
    rewrite(expr, &|expr| {
        let ExprKind::Call { function, binder: None, arguments, .. } = &expr.kind else { return None };
        let inner: Vec<Expr> = arguments.iter().map(|argument| in_our_words(&argument.value)).collect();
        let argument = |expr: &Expr| Argument {
            name: None,
            text: source(expr),
            operand: operand(expr, OPERAND),
            shape: None,
            is_list: false,
            is_extent: false,
        };
        let given = Given { arguments: inner.iter().map(argument).collect() };
        match meaning(&function.to_string())? {
            Meaning::Write(parameters, template) => super::expression(&given.fill(parameters, template)?),
            Meaning::Same(_) | Meaning::Make(..) | Meaning::Missing(_) | Meaning::Say(_) => None,
        }
    })
}
