//! Steps: `step train(lr, m: [D]) -> loss, w { let g = …; w := …; }`.

use proc_macro2::{Delimiter, Ident};

use super::parser::{Parsed, Parser, Reported};
use super::print::{OPERAND, operand};
use super::tokens::group_span;
use super::tree::{BinaryOp, Step, StepStatement};
use crate::diagnostics::{Help, Problem, SpanRange};

impl Parser<'_> {
    /// Reads a step.
    pub fn step(&mut self, docs: String) -> Parsed<Step> {
        self.cursor.next();
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
        let body = self.inside(&group, Self::statements);
        if group.stream().is_empty() {
            let problem = Problem::EmptyBody { owner: format!("`{name}`") };
            self.diagnostics.error_with_help(group_span(&group), problem, "`w := w - lr * grad(loss, w);`");
        }
        Ok(Step { docs, name, inputs, results: results.unwrap_or_default(), body })
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

    fn statements(&mut self) -> Vec<StepStatement> {
        let mut statements = Vec::new();
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
            match self.assignment() {
                Ok(statement) => statements.push(statement),
                Err(Reported) => self.skip_item(),
            }
            if self.cursor.position() == start {
                self.cursor.next();
            }
        }
        statements
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
                let help = Some(Help::write(help, self.cursor.span(), ":="));
                let problem = Problem::EqualsInStep { name: target.to_string() };
                // What follows is read all the same, for its own errors.
                let _ = self.fail::<()>(self.cursor.span(), problem, help);
            }
            Some(sign @ ("+=" | "-=" | "*=" | "/=" | "^=")) => return Ok(self.compound(target, sign)),
            _ if self.cursor.group_at(0, Delimiter::Bracket).is_some() => {
                let help = format!("a step assigns whole tensors: `{target} := …;`");
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
        self.diagnostics.error_with_help(span, Problem::UnknownOperator { operator: sign.to_owned() }, help);
        StepStatement::Assign { target, value }
    }
}
