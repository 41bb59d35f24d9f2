//! The support of a parameter, `in 0..`, and derivatives that a model asks for, `derive hvp;`.

use proc_macro2::{Ident, Spacing, TokenTree};

use super::parser::{Parsed, Parser};
use super::print::source;
use super::tree::{BinaryOp, Expr, Item, Support};
use crate::diagnostics::{Help, Problem};

/// What can stand after `derive`.
pub(super) const DERIVED: &[&str] = &["hvp"];

impl Parser<'_> {
    /// `0..`, `..1`, `-1..1`, `simplex`, after `in`.
    pub(super) fn support(&mut self, name: &Ident) -> Parsed<Support> {
        let start = self.cursor.span();
        if self.cursor.is_word("simplex") {
            self.cursor.next();
            return Ok(Support::Simplex(start));
        }
        let is_range = |parser: &Self| parser.cursor.is("..") || parser.cursor.is("..=");
        let low = if is_range(self) { None } else { Some(self.bound()?) };
        // `0..=1` is one sign; in `0.. = 1` the start follows.
        let is_joint = |sign: &TokenTree| matches!(sign, TokenTree::Punct(sign) if sign.spacing() == Spacing::Joint);
        if self.cursor.is("..=") && self.cursor.peek_at(1).is_some_and(is_joint) {
            let sign = self.cursor.span();
            for _ in "..=".chars() {
                self.cursor.next();
            }
            let high = self.bound()?;
            let whole = start.to(self.cursor.previous());
            let problem = Problem::UnexpectedToken { expected: "`..`".into(), found: "`..=`".into() };
            let code = format!("{}..{}", low.as_ref().map_or_else(String::new, source), source(&high));
            let help =
                format!("the bounds themselves are never reached: `in {code}`; a start is written `in {code} = 0.5`");
            self.slip(sign, problem, Help::write(help, whole, code));
            return Ok(Support::Interval { low, high: Some(high), span: whole });
        }
        if !is_range(self) {
            let found = low.as_ref().map_or_else(String::new, source);
            let problem = Problem::UnexpectedToken { expected: "an interval".into(), found: format!("`{found}`") };
            let help =
                "an interval, `in 0..`, `in -1..1`, `in ..0`, or `in simplex`; class indices, `in K`, are an `input`";
            return self.fail(start, problem, Some(help));
        }
        for _ in "..".chars() {
            self.cursor.next();
        }
        let ends = self.cursor.is("=") || self.cursor.is(",") || self.cursor.is(";") || self.cursor.at_end();
        let high = if ends || self.cursor.is_word("unused") || self.starts_item() { None } else { Some(self.bound()?) };
        if low.is_none() && high.is_none() {
            let whole = start.to(self.cursor.previous());
            let problem = Problem::UnexpectedToken { expected: "a bound".into(), found: "`..`".into() };
            let help = Help::from(format!("every number is allowed without it: `param {name};`"));
            self.slip(whole, problem, help);
        }
        Ok(Support::Interval { low, high, span: start.to(self.cursor.previous()) })
    }

    /// A number, or the name of one.
    fn bound(&mut self) -> Parsed<Expr> {
        self.operators(BinaryOp::Add.level())
    }

    /// `derive hvp;`
    pub(super) fn derive(&mut self, items: &mut Vec<Item>) -> Parsed<()> {
        self.cursor.next();
        loop {
            let name = self.name("what is to be derived")?;
            if !DERIVED.contains(&name.to_string().as_str()) {
                let known = DERIVED.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
                let help = match name.to_string().as_str() {
                    "grad" | "gradient" => "the gradient of `loss` is there without asking".to_owned(),
                    "jacobian" | "jvp" => {
                        "a model with an output `residual` has `residual_jvp` without asking".to_owned()
                    }
                    "hessian" => "`derive hvp;` is the Hessian's product with a direction".to_owned(),
                    "Debug" | "Clone" | "PartialEq" | "Default" | "Copy" | "Serialize" | "Deserialize" => {
                        format!("traits are derived by an attribute before the model's name: `#[derive({name})]`")
                    }
                    _ => format!("what can be derived is {known}"),
                };
                let problem = Problem::UnknownItem { word: format!("derive {name}") };
                return self.fail(name.span(), problem, Some(help));
            }
            items.push(Item::Derive(name));
            if self.cursor.eat(",").is_none() {
                return self.end_of_item();
            }
        }
    }
}
