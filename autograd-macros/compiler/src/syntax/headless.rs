//! Items that other languages begin otherwise: `minimize b^2;`, `predict(x) = w*x;`, `fn train() { w := … }`,
//! `param<lower=0> s;`, `m = 2*m;` at the top.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, Ident, TokenTree};

use super::chosen::has_word;
use super::parser::{Parsed, Parser};
use super::print::{operand, source};
use super::tree::{BinaryOp, Binding, Declaration, Expr, ExprKind, Item, UnaryOp};
use crate::diagnostics::{Help, Place, Problem, SpanRange};
use crate::habits::names::{MAXIMISED, MINIMISED};

/// The interval that a parameter is to lie in.
pub struct Bounds {
    lower: Option<Expr>,
    upper: Option<Expr>,
}

impl Parser<'_> {
    /// `minimize b^2;`, `maximize sum(y);`: the loss. Nothing if it is something else.
    pub fn objective(&mut self, docs: &str) -> Parsed<Option<Binding>> {
        let Some(word) = self.cursor.ident().cloned() else { return Ok(None) };
        let text = word.to_string();
        let (least, most) = (MINIMISED.contains(&text.as_str()), MAXIMISED.contains(&text.as_str()));
        let follows = match self.cursor.peek_at(1) {
            Some(TokenTree::Ident(next)) => next != "loss" || self.cursor.operator_at(2) != Some("="),
            Some(TokenTree::Literal(_)) => true,
            Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Parenthesis && is_call_alone(self),
            Some(TokenTree::Punct(sign)) => sign.as_char() == '-' && self.cursor.operator_at(1) == Some("-"),
            None => false,
        };
        if !(least || most) || !follows {
            return Ok(None);
        }
        self.cursor.next();
        if let (Some(name), Some("=")) = (self.cursor.ident(), self.cursor.operator_at(1)) {
            let help = if most {
                Help::from("`loss = -…;`: what is made small is called `loss`")
            } else {
                Help::write("what is made small is called `loss`", word.span(), "").and(
                    name.span(),
                    Place::Instead,
                    "loss",
                )
            };
            return self.fail(word.span(), Problem::UnknownItem { word: text }, Some(help));
        }
        let value = self.expression()?;
        self.end_of_item()?;
        let code = if let (true, ExprKind::Unary(UnaryOp::Neg, inner)) = (most, &value.kind) {
            format!("loss = {}", source(inner))
        } else if most {
            format!("loss = -{}", operand(&value, BinaryOp::Mul.level()))
        } else {
            format!("loss = {}", source(&value))
        };
        let whole = SpanRange::from(word.span()).to(value.span);
        let help = Help::write(format!("`{code};`: the output `loss` is what is minimised"), whole, code);
        self.slip(word.span(), Problem::UnknownItem { word: text }, help);
        Ok(Some(Binding {
            docs: docs.to_owned(),
            name: Ident::new("loss", word.span()),
            others: Vec::new(),
            indices: None,
            value,
        }))
    }

    /// Whether `predict(x) = …` or `train(lr) { … }` stands here.
    pub fn is_headless(&self) -> bool {
        self.cursor.group_at(1, Delimiter::Parenthesis).is_some()
            && (self.cursor.operator_at(2) == Some("=") || self.cursor.group_at(2, Delimiter::Brace).is_some())
    }

    /// `predict(x) = w*x;`: a function, or a step if it assigns.
    pub fn headless(&mut self, docs: String) -> Parsed<Item> {
        let Some(name) = self.cursor.ident().cloned() else { return self.unexpected("an item") };
        let assigns = self.cursor.group_at(2, Delimiter::Brace).is_some_and(assigns);
        let (word, help) = if assigns {
            ("step ", format!("`step {name}(…) {{ … }}` assigns"))
        } else {
            ("fn ", format!("`fn {name}(…) = …;`"))
        };
        let problem = Problem::UnexpectedToken { expected: "`=`".into(), found: "`(`".into() };
        let help = Help::from(help).and(name.span(), Place::Before, word);
        self.slip(self.cursor.span_at(1), problem, help);
        if assigns {
            self.step_after_word(docs).map(Item::Step)
        } else {
            self.function_after_word(docs).map(Item::Function)
        }
    }

    /// Whether `fn train(lr) { w := …; }` stands here, whatever the word before the name is.
    pub fn is_step_by_another_name(&self) -> bool {
        let body = (2..12).find_map(|place| self.cursor.group_at(place, Delimiter::Brace));
        let has_arguments = self.cursor.group_at(2, Delimiter::Parenthesis).is_some();
        let is_before = |place: usize| matches!(self.cursor.operator_at(place), Some("=" | ";"));
        self.cursor.ident_at(1).is_some() && has_arguments && !is_before(3) && body.is_some_and(assigns)
    }

    /// `fn train(lr) { w := …; }`, with `step` in the place of the word.
    pub fn step_by_another_name(&mut self, docs: String) -> Parsed<Item> {
        let word = self.cursor.span();
        let problem = Problem::UnexpectedToken { expected: "`step`".into(), found: self.cursor.found() };
        self.slip(word, problem, Help::write("what assigns is a `step`; a function only gives a value", word, "step"));
        self.cursor.next();
        self.step_after_word(docs).map(Item::Step)
    }

    /// Whether `def f(a)` stands here, with a word that other languages have.
    pub fn is_function_by_another_name(&self) -> bool {
        self.cursor.ident_at(1).is_some() && self.cursor.group_at(2, Delimiter::Parenthesis).is_some()
    }

    /// `def f(a): return a^2;`, with `fn` in the place of the word.
    pub fn function_by_another_name(&mut self, docs: String) -> Parsed<Item> {
        let (word, text) = (self.cursor.span(), self.cursor.found().replace('`', ""));
        self.slip(word, Problem::UnknownItem { word: text }, Help::code(word, "fn"));
        self.function(docs).map(Item::Function)
    }

    /// `m = 2*m;`, `m += 1;` at the top, of a parameter or a state.
    pub fn assigned_at_top(&mut self, name: &Ident, kind: &'static str) -> Parsed<()> {
        let (sign, sign_span) = (self.cursor.operator().unwrap_or("="), self.cursor.span());
        for _ in sign.chars() {
            self.cursor.next();
        }
        let value = self.expression()?;
        self.end_of_item()?;
        let code = match sign {
            "=" | "==" | ":=" => source(&value),
            _ => format!("{name} {} {}", &sign[..1], operand(&value, BinaryOp::Pow.level())),
        };
        let whole = SpanRange::from(name.span()).to(self.cursor.previous());
        let code = format!("step set_{name} {{ {name} := {code}; }}");
        let help = Help::write(format!("`{code}`: a new value is given in a step"), whole, code);
        let problem = match sign {
            ":=" => Problem::AssignOutsideStep { name: name.to_string() },
            "=" | "==" => Problem::DuplicateName { name: name.to_string(), kind },
            _ => Problem::UnknownOperator { operator: sign.to_owned() },
        };
        let place = if sign == "=" { name.span().into() } else { sign_span };
        self.slip(place, problem, help);
        Ok(())
    }

    /// `<lower=0, upper=1>`, `> 0`, `<= 1`: refused, with the parameter that may be any number.
    pub fn bounds(&mut self) -> Parsed<Option<(Bounds, SpanRange)>> {
        let start = self.cursor.span();
        let mut bounds = Bounds { lower: None, upper: None };
        match self.cursor.operator() {
            Some("<") if self.cursor.operator_at(2) == Some("=") => {
                self.cursor.next();
                while !self.cursor.at_end() && !self.cursor.is(";") && self.cursor.eat(">").is_none() {
                    let is_lower = self.cursor.is_word("lower");
                    self.name("`lower` or `upper`")?;
                    self.expect("=")?;
                    let value = self.operators(BinaryOp::Add.level())?;
                    *(if is_lower { &mut bounds.lower } else { &mut bounds.upper }) = Some(value);
                    self.cursor.eat(",");
                }
            }
            Some(sign @ (">" | ">=" | "<" | "<=")) => {
                for _ in sign.chars() {
                    self.cursor.next();
                }
                let value = self.operators(BinaryOp::Add.level())?;
                *(if sign.starts_with('>') { &mut bounds.lower } else { &mut bounds.upper }) = Some(value);
            }
            _ => return Ok(None),
        }
        Ok(Some((bounds, start.to(self.cursor.previous()))))
    }

    /// At the end of declarations with bounds.
    pub fn report_bounds(&mut self, (bounds, span): &(Bounds, SpanRange), declared: &[&Declaration]) {
        let support = bounds.support();
        let first = declared.first().map_or_else(String::new, |declaration| declaration.name.to_string());
        let help = Help::from(format!("`param {first} {support};`")).and(*span, Place::Instead, "");
        let help = declared.iter().fold(help, |help, declaration| {
            let end = declaration.shape_span;
            if declaration.initial.is_some() { help } else { help.and(end, Place::After, format!(" {support}")) }
        });
        let problem = Problem::UnexpectedToken { expected: "a name".into(), found: "a bound".into() };
        self.slip(*span, problem, help);
    }
}

impl Bounds {
    /// `in 0..1`
    fn support(&self) -> String {
        let bound = |bound: &Option<Expr>| bound.as_ref().map_or_else(String::new, source);
        format!("in {}..{}", bound(&self.lower), bound(&self.upper))
    }
}

/// Whether all that follows the word is one pair of parentheses.
fn is_call_alone(parser: &Parser<'_>) -> bool {
    parser.cursor.operator_at(2) == Some(";") || parser.cursor.peek_at(2).is_none()
}

/// Whether a body assigns, and gives no value at its end.
fn assigns(group: &Group) -> bool {
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    let is_sign = |place: usize, sign: char| matches!(tokens.get(place), Some(TokenTree::Punct(found)) if found.as_char() == sign);
    let is_compound =
        |place: usize| is_sign(place + 1, '=') && [':', '+', '-', '*', '/'].iter().any(|sign| is_sign(place, *sign));
    if (0..tokens.len()).any(is_compound) {
        return true;
    }
    // `w = …;` alone is meant to assign, too.
    let mut statements = tokens.split(|token| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ';'));
    let is_plain = |statement: &[TokenTree]| match statement {
        [TokenTree::Ident(_), TokenTree::Punct(sign), rest @ ..] => sign.as_char() == '=' && !rest.is_empty(),
        [] => true,
        _ => false,
    };
    !tokens.is_empty() && is_sign(tokens.len() - 1, ';') && statements.all(is_plain)
}

/// The parameters and states that are declared among these tokens.
pub fn owned(tokens: &[TokenTree]) -> BTreeMap<String, &'static str> {
    let mut found = BTreeMap::new();
    let mut kind = None;
    let mut begins = true;
    for (place, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(word) => {
                let is_followed = matches!(tokens.get(place + 1), Some(TokenTree::Ident(_)));
                let text = word.to_string();
                if is_followed && has_word("param state input let const fn step", &text) {
                    kind = match text.as_str() {
                        "param" => Some("parameter"),
                        "state" => Some("state"),
                        _ => None,
                    };
                    begins = true;
                    continue;
                }
                if let (true, Some(kind)) = (begins, kind) {
                    found.insert(text, kind);
                }
                begins = false;
            }
            TokenTree::Punct(sign) => {
                begins = sign.as_char() == ',';
                if sign.as_char() == ';' {
                    kind = None;
                }
            }
            TokenTree::Group(_) | TokenTree::Literal(_) => begins = false,
        }
    }
    found
}
