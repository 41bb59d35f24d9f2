//! Statements that other languages choose by `if`: `if c { w := 0; }` is `w := if c { 0 } else { w };`.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Ident};

use super::parser::{Parsed, Parser};
use super::print::source;
use super::tree::{Binding, Block, Expr, ExprKind, StepStatement};
use crate::diagnostics::{Help, Problem};

/// What a branch assigns, and the names that it gives before.
struct Branch {
    lets: Vec<Binding>,
    values: Vec<(Ident, Expr)>,
}

impl Parser<'_> {
    /// In a step: reads the statement as the assignments that it stands for, and refuses it with these.
    pub fn chosen_statement(&mut self) -> Parsed<Vec<StepStatement>> {
        let start = self.cursor.span();
        let problem = Problem::UnexpectedToken { expected: "`let` or `name := …;`".into(), found: "`if`".into() };
        let values = self.understood(Self::branches)?;
        let code: Vec<String> = values.iter().map(|(name, value)| format!("{name} := {};", source(value))).collect();
        let code = code.join(" ");
        let span = start.to(self.cursor.previous());
        self.slip(start, problem, Help::write(format!("`{code}`"), span, code));
        Ok(values.into_iter().map(|(target, value)| StepStatement::Assign { target, value }).collect())
    }

    /// Among items: `if c { loss = a; } else { loss = b; }`, each name with a value in every branch.
    pub fn chosen_item(&mut self) -> Parsed<Vec<Binding>> {
        let (start, position) = (self.cursor.span(), self.cursor.position());
        let values = self.quietly(|parser| parser.understood(Self::branches));
        let is_whole = |value: &Expr, name: &Ident| !source(value).contains(&format!("{{ {name} }}"));
        let values = match values {
            Ok(values) if values.iter().all(|(name, value)| is_whole(value, name)) => values,
            _ => {
                while self.cursor.position() > position {
                    self.cursor.back();
                }
                return self.no_loop("if");
            }
        };
        let code: Vec<String> = values.iter().map(|(name, value)| format!("{name} = {};", source(value))).collect();
        let code = code.join(" ");
        let span = start.to(self.cursor.previous());
        let problem = Problem::UnexpectedToken { expected: "an item".into(), found: "`if`".into() };
        self.slip(start, problem, Help::write(format!("`{code}`"), span, code));
        Ok(values
            .into_iter()
            .map(|(name, value)| Binding { docs: String::new(), name, others: Vec::new(), indices: None, value })
            .collect())
    }

    /// Reads something and forgets the errors in it, if all of it is read as it is meant.
    fn understood<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let (errors, gaps) = (self.diagnostics.errors().len(), self.gaps());
        let value = read(self)?;
        if self.gaps() == gaps {
            self.forget_slips(errors);
        }
        Ok(value)
    }

    /// `if c { … } else if d { … } else { … }`: what each name becomes.
    fn branches(&mut self) -> Parsed<Vec<(Ident, Expr)>> {
        let span = self.cursor.span();
        self.cursor.next();
        let condition = self.expression()?;
        let Some(group) = self.cursor.eat_group(Delimiter::Brace) else {
            let help = "a choice is a value: `w := if c { a } else { w };`";
            return self.unexpected_with_help("`{`", Some(help));
        };
        let yes = self.inside(&group, Self::branch);
        let no = if self.cursor.is_word("else") {
            self.cursor.next();
            if self.cursor.is_word("if") {
                Branch { lets: Vec::new(), values: self.deeper(Self::branches)? }
            } else {
                let group = self.expect_group(Delimiter::Brace, "`{`")?;
                self.inside(&group, Self::branch)
            }
        } else {
            Branch { lets: Vec::new(), values: Vec::new() }
        };
        let mut targets: Vec<Ident> = Vec::new();
        for (name, _) in yes.values.iter().chain(&no.values) {
            if !targets.contains(name) {
                targets.push(name.clone());
            }
        }
        if targets.is_empty() {
            return self
                .unexpected_with_help("`name := …;`", Some("a choice is a value: `w := if c { a } else { w };`"));
        }
        let chosen = targets.into_iter().map(|target| {
            let kind = ExprKind::If(Box::new(condition.clone()), yes.value(&target), no.value(&target));
            (target, Expr { kind, span: span.to(self.cursor.previous()) })
        });
        Ok(chosen.collect())
    }

    fn branch(&mut self) -> Branch {
        let mut branch = Branch { lets: Vec::new(), values: Vec::new() };
        let (statements, _) = self.statements();
        for statement in statements {
            match statement {
                StepStatement::Let(binding) => branch.lets.push(binding),
                StepStatement::Assign { target, value } => branch.values.push((target, value)),
            }
        }
        branch
    }
}

impl Branch {
    /// What a name becomes in this branch: its old value, if nothing is assigned.
    fn value(&self, target: &Ident) -> Block {
        if let Some((_, value)) = self.values.iter().find(|(name, _)| name == target) {
            return Block { lets: self.needed(value), value: Box::new(value.clone()) };
        }
        let kind = ExprKind::Name(target.clone());
        Block { lets: Vec::new(), value: Box::new(Expr { kind, span: target.span().into() }) }
    }

    /// The names that a value needs, and those that these need.
    fn needed(&self, value: &Expr) -> Vec<Binding> {
        let mut needed: BTreeMap<usize, Binding> = BTreeMap::new();
        let mut texts = vec![source(value)];
        while let Some(text) = texts.pop() {
            for (place, binding) in self.lets.iter().enumerate() {
                if !needed.contains_key(&place) && has_word(&text, &binding.name.to_string()) {
                    texts.push(source(&binding.value));
                    needed.insert(place, binding.clone());
                }
            }
        }
        needed.into_values().collect()
    }
}

/// Whether a name stands in what is printed.
pub fn has_word(text: &str, word: &str) -> bool {
    text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).any(|found| found == word)
}
