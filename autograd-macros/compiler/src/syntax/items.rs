//! The items of a model: each reads up to its `;` or `}`, and an error in one does not touch the next.

use proc_macro2::{Delimiter, Group, Ident, TokenTree};

use super::declarations::{INPUT, PARAM, STATE};
use super::parser::{Parsed, Parser, Reported, missing};
use super::print::source;
use super::tokens::group_span;
use super::tree::{Binding, BoundIndex, Expr, ExprKind, Item};
use crate::diagnostics::{Help, Place, Problem};
use crate::habits::names::{LEFT_OUT, OUTSIDE, declaration_help, item_word, macro_help};

impl Parser<'_> {
    /// Reads all items; the second list has the places of those with mistakes.
    pub fn items(&mut self) -> (Vec<Item>, Vec<usize>) {
        let mut items = Vec::new();
        let mut broken = Vec::new();
        self.owned = super::headless::owned(self.cursor.rest());
        while !self.cursor.at_end() {
            let start = self.cursor.position();
            self.told_depth = false;
            let (read, gaps) = (items.len(), self.gaps());
            let docs = self.docs();
            if self.item(docs, &mut items).is_err() {
                self.skip_item();
            }
            if self.cursor.position() == start {
                self.cursor.next();
            }
            if self.gaps() > gaps {
                broken.extend(read..items.len());
            }
        }
        (items, broken)
    }

    fn item(&mut self, docs: String, items: &mut Vec<Item>) -> Parsed<()> {
        let Some(word) = self.cursor.ident().map(ToString::to_string) else {
            return self.no_item();
        };
        let is_keyword = !self.is_definition() && self.cursor.operator_at(1) != Some("==");
        if let Some(loss) = self.objective(&docs)? {
            items.push(Item::Output(loss));
            return Ok(());
        }
        match word.as_str() {
            "fn" | "def" | "func" | "function" if self.is_step_by_another_name() => {
                items.push(self.step_by_another_name(docs)?);
            }
            "def" | "func" | "function" if self.is_function_by_another_name() => {
                items.push(self.function_by_another_name(docs)?);
            }
            "if" if !self.is_definition() => items.extend(self.chosen_item()?.into_iter().map(Item::Output)),
            "let" => {
                self.check_hidden_loss();
                items.push(Item::Let(self.binding(docs)?));
            }
            "const" => items.push(Item::Const(self.binding(docs)?)),
            "fn" => items.push(Item::Function(self.function(docs)?)),
            "step" if is_keyword => items.push(Item::Step(self.step(docs)?)),
            "derive" if is_keyword => self.derive(items)?,
            "param" if is_keyword => self.declarations(&docs, &PARAM, Item::Param, items)?,
            "input" if is_keyword => self.declarations(&docs, &INPUT, Item::Input, items)?,
            "state" if is_keyword => self.declarations(&docs, &STATE, Item::State, items)?,
            "for" | "while" | "loop" | "match" if !self.is_definition() => return self.no_loop(&word),
            _ if self.is_array_in_parentheses() => items.push(Item::Output(self.array_in_parentheses(docs)?)),
            _ if self.is_headless() => items.push(self.headless(docs)?),
            _ => items.extend(self.output(docs)?.map(Item::Output)),
        }
        Ok(())
    }

    /// What begins no item and is no word.
    fn no_item<T>(&mut self) -> Parsed<T> {
        let span = self.cursor.span();
        let help = if self.cursor.is(";") {
            Some(Help::remove("remove this `;`", span))
        } else if self.cursor.is("#") {
            Some(Help::from("a comment begins with `//`"))
        } else {
            None
        };
        self.unexpected_with_help("an item", help)
    }

    /// `let loss = …;` is no output, and an optimiser would have nothing to minimise.
    fn check_hidden_loss(&mut self) {
        if self.cursor.ident_at(1).is_some_and(|name| name == "loss") && self.cursor.operator_at(2) == Some("=") {
            let word = self.cursor.span();
            let span = word.to(self.cursor.ident_at(1).map_or(word, |name| name.span().into()));
            let help = Help::write("`loss = …;` without `let` is the output that is minimised", word, "");
            self.diagnostics.error_with_help(span, Problem::HiddenLoss, help);
        }
    }

    /// `let name = value;`, `const name = value;`
    pub fn binding(&mut self, docs: String) -> Parsed<Binding> {
        self.cursor.next();
        if self.cursor.is_word("mut") && self.cursor.ident_at(1).is_some() {
            let help = Help::remove("leave this word out", self.cursor.span());
            let problem = Problem::UnexpectedToken { expected: "a name".into(), found: self.cursor.found() };
            self.slip(self.cursor.span(), problem, help);
            self.cursor.next();
        }
        if let Some(group) = self.cursor.eat_group(Delimiter::Parenthesis) {
            return self.several_names(docs, &group);
        }
        let name = self.name("a name")?;
        if let Some(group) = self.cursor.group_at(0, Delimiter::Parenthesis) {
            let list = group.stream();
            let help = format!("`let {name}[{list}] = …;` is an array, `fn {name}({list}) = …;` a function");
            return self.unexpected_with_help("`=`", Some(help));
        }
        let indices = self.indices_of(&name)?;
        Ok(Binding { indices, ..self.defined(docs, name) })
    }

    /// `let (a, b) = …;`, after the names.
    fn several_names(&mut self, docs: String, group: &Group) -> Parsed<Binding> {
        let (mut names, _) = self.list(group, |parser| {
            let name = parser.name("a name")?;
            parser.end_of_name().map(|()| name)
        });
        if names.is_empty() {
            return self.unexpected_with_help("a name", Some("`let (a, b) = …;`"));
        }
        self.check_distinct(&names, |name| Problem::DuplicateArgument { name });
        let name = names.remove(0);
        Ok(Binding { others: names, ..self.defined(docs, name) })
    }

    /// `= value;` after a name.
    pub fn defined(&mut self, docs: String, name: Ident) -> Binding {
        let value = if self.equals(&name).is_ok() {
            self.last_value()
        } else {
            self.skip_item();
            missing(name.span().into())
        };
        Binding { docs, name, others: Vec::new(), indices: None, value }
    }

    fn equals(&mut self, name: &Ident) -> Parsed<()> {
        if self.cursor.is(";") || self.cursor.at_end() || (self.starts_item() && !self.cursor.is("#")) {
            return self.no_value(name);
        }
        if self.cursor.is("==") || self.cursor.is(":=") {
            let places = if self.cursor.previous_is_brackets() { "[…]" } else { "" };
            let help = Help::write(format!("`{name}{places} = …;`"), self.cursor.span(), "=");
            let _ = self.unexpected_with_help::<()>("`=`", Some(help));
            self.cursor.next();
            self.cursor.next();
            return Ok(());
        }
        if self.cursor.is(":") {
            self.type_of_value();
        }
        if self.cursor.is(",") {
            let help = format!("one name at a time: `let {name} = …; let other = …;`");
            return self.unexpected_with_help("`=`", Some(help));
        }
        if self.cursor.is("+=") {
            let help = format!("each place has one value: `{name}[i] = sum[k](…);` adds up");
            return self.unexpected_with_help("`=`", Some(help));
        }
        self.expect("=")?;
        if self.cursor.is(";") || self.cursor.at_end() {
            return self.no_value(name);
        }
        Ok(())
    }

    /// `: f64` before `=`.
    fn type_of_value(&mut self) {
        let problem = Problem::UnexpectedToken { expected: "`=`".into(), found: "`:`".into() };
        let start = self.cursor.span();
        while !self.cursor.at_end() && !self.cursor.is("=") && !self.cursor.is(";") {
            self.cursor.next();
        }
        let help = "leave this out: the compiler finds the shape of a value by itself";
        let help = Help::remove(help, start.to(self.cursor.previous()));
        self.slip(start, problem, help);
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
        let owned = self.owned.get(&name.to_string()).copied();
        if let (Some(kind), Some("=" | ":=" | "+=" | "-=" | "*=" | "/=" | "^=")) = (owned, self.cursor.operator()) {
            return self.assigned_at_top(&name, kind).map(|()| None);
        }
        match self.cursor.operator() {
            Some("=" | "==") => {}
            Some(":=") if name == "loss" => {
                let help = Help::write("`loss = …;`", self.cursor.span(), "=");
                self.slip(self.cursor.span(), Problem::AssignOutsideStep { name: name.to_string() }, help);
                self.cursor.eat(":=");
                let value = self.last_value();
                return Ok(Some(Binding { docs, name, others: Vec::new(), indices: None, value }));
            }
            Some(":=") => {
                self.assigned_outside(&name);
                return Ok(None);
            }
            Some(":") if self.is_typed_value() => {}
            Some(":") if self.cursor.group_at(1, Delimiter::Bracket).is_none() => {
                let problem = Problem::UnexpectedToken { expected: "`=`".into(), found: "`:`".into() };
                let span = self.cursor.span();
                self.cursor.eat(":");
                let value = self.last_value();
                self.slip(span, problem, Help::write(format!("`{name} = …;`"), span, " ="));
                return Ok(Some(Binding { docs, name, others: Vec::new(), indices: None, value }));
            }
            Some(":") => {
                let help = format!("`param {name}: …;` or `input {name}: …;`");
                return self.unexpected_with_help("`=`", Some(help));
            }
            Some(".") if name == "self" => {
                self.cursor.back();
                self.without_self();
                return self.output(docs);
            }
            Some(".") => {
                let help = format!("a model has values, and no statements: `value = {name}…;`, `grad({name}, w)`");
                return self.unexpected_with_help("`=`", Some(help));
            }
            Some(sign @ ("+=" | "-=" | "*=" | "/=" | "^=")) => {
                let help = format!("each name has one value: `{name} = a {} b;`", &sign[..1]);
                let problem = Problem::UnknownOperator { operator: sign.to_owned() };
                return self.fail(self.cursor.span(), problem, Some(help));
            }
            Some("<") if self.cursor.operator_at(1) == Some("-") => {
                let first = self.cursor.span();
                let help =
                    Help::write(format!("`{name} = …;`"), first, "=").and(self.cursor.span_at(1), Place::Instead, "");
                return self.unexpected_with_help("`=`", Some(help));
            }
            Some("~") => return self.distributed(&name),
            Some("!") => {
                self.cursor.back();
                return self.foreign_macro(&name.to_string()).map(|_| None);
            }
            _ if self.cursor.group_at(0, Delimiter::Bracket).is_some() => {
                self.check_name(&name);
                self.check_not_reserved(&name, false);
                let indices = self.indices_of(&name)?;
                return Ok(Some(Binding { indices, ..self.defined(docs, name) }));
            }
            _ if self.cursor.ident().is_some() => return self.unknown_item(&name),
            _ if self.cursor.group_at(0, Delimiter::Parenthesis).is_some() => {
                let help = match name.to_string().as_str() {
                    "print" | "assert" => macro_help(&name.to_string()).to_owned(),
                    name => format!("`let value = {name}(…);` or `value = {name}(…);`"),
                };
                return self.unexpected_with_help("`=`", Some(help));
            }
            _ => {
                let known = declaration_help(&name.to_string()).map(str::to_owned);
                let help = known.unwrap_or_else(|| format!("`let {name} = …;` or `{name} = …;`"));
                return self.unexpected_with_help("`=`", Some(help));
            }
        }
        self.check_name(&name);
        self.check_not_reserved(&name, false);
        Ok(Some(self.defined(docs, name)))
    }

    /// Whether `: f64 = …` stands here.
    fn is_typed_value(&self) -> bool {
        let rest = (1..12).map(|place| self.cursor.operator_at(place));
        rest.take_while(|sign| *sign != Some(";")).any(|sign| sign == Some("="))
    }

    /// `w := …;` at the top.
    fn assigned_outside(&mut self, name: &Ident) {
        let sign = self.cursor.span();
        self.cursor.eat(":=");
        self.last_value();
        let help = Help::from(format!("`{name} = …;` is an output; `step train {{ {name} := …; }}` assigns"));
        let help =
            help.and(name.span(), Place::Before, "step train { ").and(self.cursor.previous(), Place::After, " }");
        self.diagnostics.error_with_help(sign, Problem::AssignOutsideStep { name: name.to_string() }, help);
    }

    /// `y ~ normal(mu, sigma);`, as Stan has it.
    fn distributed<T>(&mut self, name: &Ident) -> Parsed<T> {
        let span = self.cursor.span();
        self.cursor.next();
        let problem = Problem::UnknownOperator { operator: "~".to_owned() };
        let words = "a distribution is a term of the loss, minus the sum of its logarithm";
        let help = match self.expression().map(|value| value.kind) {
            Ok(ExprKind::Call { function, arguments, .. }) => {
                let values = arguments.iter().map(|argument| source(&argument.value)).collect::<Vec<_>>().join(", ");
                let ending = if is_discrete(&function.to_string()) { "lpmf" } else { "lpdf" };
                format!("{words}: `loss = -sum({function}_{ending}({name}, {values}));`")
            }
            _ => words.to_owned(),
        };
        self.fail(span, problem, Some(help))
    }

    /// `[i, j in 0..N]` after a name that is defined.
    fn indices_of(&mut self, name: &Ident) -> Parsed<Option<Vec<BoundIndex>>> {
        let Some(group) = self.cursor.eat_group(Delimiter::Bracket) else { return Ok(None) };
        if let Some(help) = declaration_help(&name.to_string()) {
            return self.unexpected_with_help("`=`", Some(help));
        }
        if group.stream().is_empty() {
            let help = format!("`{name}[i in 0..N] = …;`");
            self.diagnostics.error_with_help(group_span(&group), Problem::EmptyBrackets, help);
        }
        let (mut indices, _) = self.list(&group, |parser| parser.left_index(name));
        self.more_brackets(name, &group, &mut indices);
        Ok(Some(indices))
    }

    /// An index on the left of a definition: a name, maybe with its range.
    pub fn left_index(&mut self, name: &Ident) -> Parsed<BoundIndex> {
        let first = self.cursor.span();
        let is_plain = self.cursor.ident().is_some()
            && (self.cursor.peek_at(1).is_none()
                || matches!(self.cursor.operator_at(1), Some("," | "=" | ":"))
                || self.cursor.ident_at(1).is_some_and(|word| word == "in" || word == "if"));
        if is_plain {
            let index = self.bound_index()?;
            if self.cursor.is_word("if") {
                let help = "a definition has a value at every place: `= if … { value } else { 0 }`";
                return self.unexpected_with_help("`,`", Some(help));
            }
            return Ok(index);
        }
        if let Some(sign @ (".." | ":" | "::")) = self.cursor.operator() {
            let help = format!("each axis has an index, or follows from the value: `{name}[i, j] = …`");
            return self.fail(first, Problem::IndexOnLeft { found: sign.to_owned() }, Some(help));
        }
        let expr = self.expression()?;
        let help = match &expr.kind {
            ExprKind::Number { .. } => {
                format!("one value for every place: `{name}[i] = if i == {} {{ … }} else {{ … }}`", source(&expr))
            }
            _ => format!("one value for every place: `{name}[i] = …`; the right side may read `x[i - 1]`"),
        };
        self.fail(first.to(self.cursor.previous()), Problem::IndexOnLeft { found: source(&expr) }, Some(help))
    }

    fn unknown_item<T>(&mut self, word: &Ident) -> Parsed<T> {
        let text = word.to_string();
        let is_alone = self.cursor.is_word("loss") && self.cursor.operator_at(1) == Some(";");
        let help = if text == "return" && is_alone {
            let help = "an output needs no `return`: its name is enough";
            let rest = self.cursor.start();
            Help::remove(help, word.span()).and(rest, Place::Instead, "").and(
                self.cursor.span_at(1),
                Place::Instead,
                "",
            )
        } else if text == "return" {
            Help::write("an output has a name: `loss = …;`", word.span(), "loss =")
        } else if matches!(text.as_str(), "output" | "outputs") && !self.is_definition() {
            Help::write("an output has a name: `value = …;`", word.span(), "value =")
        } else if let Some(ours) = item_word(&text) {
            Help::code(word.span(), ours)
        } else if LEFT_OUT.contains(&text.as_str()) {
            Help::remove("leave this word out", word.span())
        } else if let Some(help) = declaration_help(&text) {
            help.into()
        } else if OUTSIDE.contains(&text.as_str()) {
            "this stands outside of the model".into()
        } else {
            "an item begins with `param`, `input`, `state`, `const`, `let`, `fn`, `step`, `derive` or `name =`".into()
        };
        self.fail(word.span(), Problem::UnknownItem { word: text }, Some(help))
    }
}

/// Whether a distribution of Stan's has a mass, and no density.
fn is_discrete(name: &str) -> bool {
    ["bernoulli", "binomial", "poisson", "categorical", "neg_binomial", "geometric", "multinomial"]
        .iter()
        .any(|discrete| name.starts_with(discrete))
}
