//! Steps: `step train(lr, m: [D]) -> loss, w { let g = …; w := …; }`.

use proc_macro2::{Delimiter, Group, Ident, TokenTree};

use super::parser::{Parsed, Parser, Reported};
use super::print::{OPERAND, operand};
use super::tokens::group_span;
use super::tree::{BinaryOp, Expr, ExprKind, Step, StepStatement};
use crate::diagnostics::{Help, Place, Problem, SpanRange};

impl Parser<'_> {
    /// Reads a step.
    pub fn step(&mut self, docs: String) -> Parsed<Step> {
        self.cursor.next();
        self.step_after_word(docs)
    }

    /// Reads what follows the word `step`.
    pub fn step_after_word(&mut self, docs: String) -> Parsed<Step> {
        let name = self.name("the name of a step")?;
        self.check_not_reserved(&name, true);
        let inputs = match self.cursor.eat_group(Delimiter::Parenthesis) {
            Some(group) => self.list(&group, Self::step_input).0,
            None => Vec::new(),
        };
        let results = self.results();
        if results.is_err() || self.cursor.group_at(0, Delimiter::Brace).is_none() {
            if results.is_ok() {
                let _ = self.unexpected_with_help::<()>("`{`", Some("`step train(lr) -> loss { w := …; }`"));
            }
            self.skip_to_braces();
        }
        let group = self.cursor.eat_group(Delimiter::Brace).ok_or(Reported)?;
        let (body, returned) = self.inside(&group, Self::statements);
        let mut results = results.unwrap_or_default();
        if let Some(returned) = returned {
            self.returned(returned, &group, body.is_empty(), &mut results);
        }
        if group.stream().is_empty() {
            let problem = Problem::EmptyBody { owner: format!("`{name}`") };
            self.diagnostics.error_with_help(group_span(&group), problem, "`w := w - lr * grad(loss, w);`");
        }
        Ok(Step { docs, name, inputs, results, body })
    }

    /// `-> loss, w`
    fn results(&mut self) -> Parsed<Vec<Ident>> {
        let mut results = Vec::new();
        if self.cursor.eat("->").is_none() {
            return Ok(results);
        }
        loop {
            results.push(self.name("the name of a value")?);
            if self.cursor.eat(",").is_none() {
                return Ok(results);
            }
        }
    }

    fn skip_to_braces(&mut self) {
        while !self.cursor.at_end() && self.cursor.group_at(0, Delimiter::Brace).is_none() && !self.starts_item() {
            self.cursor.next();
        }
    }

    /// `return loss;` at the end: what a step gives is named before its braces.
    fn returned(
        &mut self,
        (names, span): (Vec<Ident>, SpanRange),
        group: &Group,
        is_alone: bool,
        results: &mut Vec<Ident>,
    ) {
        let list = names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let text = "what a step gives is named before its braces";
        let help =
            if is_alone {
                Help::from(format!("{text}, and what it assigns stands between them; a value alone is an output"))
            } else if results.is_empty() {
                Help::from(format!("{text}: `-> {list}`"))
                    .and(group.span_open(), Place::Before, format!("-> {list} "))
                    .and(span, Place::Instead, "")
            } else {
                Help::remove(text, span)
            };
        let problem =
            Problem::UnexpectedToken { expected: "`let` or `name := …;`".into(), found: format!("`{list}`") };
        self.slip(span, problem, help);
        if results.is_empty() {
            *results = names;
        }
    }

    /// `return loss;`, `return loss, w;` or `loss` at the end of a step.
    fn eat_returned(&mut self) -> Option<(Vec<Ident>, SpanRange)> {
        let rest = self.cursor.rest();
        let is_return = self.cursor.is_word("return");
        let (mut names, mut place) = (Vec::new(), usize::from(is_return));
        loop {
            match rest.get(place)? {
                TokenTree::Ident(name) => names.push(name.clone()),
                _ => return None,
            }
            place += 1;
            match rest.get(place) {
                Some(TokenTree::Punct(sign)) if sign.as_char() == ',' => place += 1,
                Some(TokenTree::Punct(sign)) if sign.as_char() == ';' && is_return && place + 1 == rest.len() => {
                    place += 1;
                    break;
                }
                None => break,
                _ => return None,
            }
        }
        let start = self.cursor.span();
        for _ in 0..place {
            self.cursor.next();
        }
        Some((names, start.to(self.cursor.previous())))
    }

    /// The statements of a step, and what it is said to give at its end.
    pub fn statements(&mut self) -> (Vec<StepStatement>, Option<(Vec<Ident>, SpanRange)>) {
        let mut statements = Vec::new();
        let mut returned = None;
        while !self.cursor.at_end() {
            let start = self.cursor.position();
            let docs = self.docs();
            if self.cursor.is_word("let") {
                match self.binding(docs) {
                    Ok(binding) => statements.push(StepStatement::Let(binding)),
                    Err(Reported) => self.skip_item(),
                }
                continue;
            }
            if let Some(found) = self.eat_returned() {
                returned = Some(found);
                continue;
            }
            let read = match self.cursor.ident().map(ToString::to_string).as_deref() {
                Some("if") => self.chosen_statement(),
                Some(word @ ("for" | "while" | "loop" | "match")) => self.no_loop(word),
                _ => self.assignment().map(|statement| vec![statement]),
            };
            match read {
                Ok(read) => statements.extend(read),
                Err(Reported) if self.cursor.position() == start || !self.cursor.previous_is_block() => {
                    self.skip_item();
                }
                Err(Reported) => {}
            }
            if self.cursor.position() == start {
                self.cursor.next();
            }
        }
        (statements, returned)
    }

    /// `w := value;`
    fn assignment(&mut self) -> Parsed<StepStatement> {
        if self.cursor.is_word("return") {
            let help = "what a step gives is named before its braces: `step train() -> loss { … }`";
            return self.unexpected_with_help("`let` or `name := …;`", Some(help));
        }
        let target = self.name("`let` or `name := …;`")?;
        match self.cursor.operator() {
            Some(":=") => {}
            Some("=" | "==") => {
                let help = format!("`{target} := …;` assigns, `let {target} = …;` names a value");
                let help = Help::write(help, self.cursor.span(), ":=");
                let problem = Problem::EqualsInStep { name: target.to_string() };
                self.slip(self.cursor.span(), problem, help);
            }
            Some(sign @ ("+=" | "-=" | "*=" | "/=" | "^=")) => return Ok(self.compound(target, sign)),
            _ if self.cursor.group_at(0, Delimiter::Bracket).is_some() => {
                let help = format!("a step assigns whole tensors: `let next[i] = …; {target} := next;`");
                return self.unexpected_with_help("`:=`", Some(help));
            }
            _ => return self.unexpected_with_help("`:=`", Some(format!("`{target} := …;`"))),
        }
        for _ in self.cursor.operator().unwrap_or_default().chars() {
            self.cursor.next();
        }
        if self.cursor.is(";") || self.cursor.at_end() {
            let help = Some(format!("`{target} := …;`"));
            return self.fail(target.span(), Problem::MissingValue { name: target.to_string() }, help);
        }
        let value = self.last_value();
        Ok(StepStatement::Assign { target, value })
    }

    /// `w -= rate*g;`
    fn compound(&mut self, target: Ident, sign: &str) -> StepStatement {
        let span = self.cursor.span();
        for _ in sign.chars() {
            self.cursor.next();
        }
        let errors = self.diagnostics.errors().len();
        let value = self.last_value();
        let op = &sign[..1];
        let help = if self.diagnostics.errors().len() > errors {
            Help::from(format!("`{target} := {target} {op} …;`"))
        } else {
            let level = if matches!(op, "+" | "-") { BinaryOp::Mul.level() } else { OPERAND };
            let code = format!("{target} := {target} {op} {}", operand(&value, level));
            let whole = SpanRange::from(target.span()).to(value.span);
            Help::write(format!("`{code};`"), whole, code)
        };
        self.slip(span, Problem::UnknownOperator { operator: sign.to_owned() }, help);
        let old = Expr { kind: ExprKind::Name(target.clone()), span: target.span().into() };
        let value = match BinaryOp::of_sign(op) {
            Some(op) => Expr { span: value.span, kind: ExprKind::Binary(op, Box::new(old), Box::new(value)) },
            None => value,
        };
        StepStatement::Assign { target, value }
    }
}
