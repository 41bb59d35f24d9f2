//! Functions and blocks: `fn f(a, b) { let c = a; c + b }`.

use proc_macro2::{Delimiter, Group, Ident, TokenTree};

use super::parser::{Parsed, Parser, Reported, missing};
use super::tokens::group_span;
use super::tree::{Binding, Block, Expr, Function, Parameter};
use crate::diagnostics::{Help, Place, Problem};

impl Parser<'_> {
    /// `fn f(a, b) = value;` or `fn f(a, b) { let …; value }`
    pub fn function(&mut self, docs: String) -> Parsed<Function> {
        self.cursor.next();
        self.function_after_word(docs)
    }

    /// `f(a, b) = value;` or `f(a, b) { let …; value }`, after the word `fn`.
    pub fn function_after_word(&mut self, docs: String) -> Parsed<Function> {
        let name = self.name("the name of a function")?;
        if self.cursor.is("<") {
            let start = self.cursor.span();
            let problem = Problem::UnexpectedToken { expected: "`(`".into(), found: "`<`".into() };
            while !self.cursor.at_end()
                && self.cursor.group_at(0, Delimiter::Parenthesis).is_none()
                && !self.cursor.is(";")
            {
                self.cursor.next();
            }
            let help = Help::remove("a function takes any shape: leave this out", start.to(self.cursor.previous()));
            self.slip(start, problem, help);
        }
        let group = self.expect_group(Delimiter::Parenthesis, "`(`")?;
        let (arguments, _) = self.list(&group, Self::parameter);
        let names: Vec<Ident> = arguments.iter().map(|argument| argument.name.clone()).collect();
        self.check_distinct(&names, |name| Problem::DuplicateArgument { name });
        if self.cursor.is("->") {
            self.type_of_function();
        }
        if let Some(group) = self.cursor.eat_group(Delimiter::Brace) {
            let body = self.block(&group, &format!("`{name}`"));
            return Ok(Function { docs, name, arguments, body });
        }
        if self.cursor.is(":") && !self.has_statements() {
            // The body of a function of Python's.
            let colon = self.cursor.span();
            let problem = Problem::UnexpectedToken { expected: "`=` or `{`".into(), found: "`:`".into() };
            self.slip(colon, problem, Help::write("a value follows `=`", colon, " ="));
            self.cursor.next();
        } else if self.cursor.eat("=").is_none() {
            let call = format!("{name}({})", names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "));
            return self.unexpected_with_help("`=` or `{`", Some(format!("`fn {call} = …;`")));
        }
        if let Some(group) = self.cursor.eat_group(Delimiter::Brace) {
            let sign = self.cursor.span_before(2);
            let problem = Problem::UnexpectedToken { expected: "an expression".into(), found: "`{`".into() };
            let help = Help::remove("a body between braces follows without `=` and `;`", sign);
            let help = if self.cursor.is(";") { help.and(self.cursor.span(), Place::Instead, "") } else { help };
            self.slip(group.span_open(), problem, help);
            self.cursor.eat(";");
            let body = self.block(&group, &format!("`{name}`"));
            return Ok(Function { docs, name, arguments, body });
        }
        let value = Box::new(self.last_value());
        Ok(Function { docs, name, arguments, body: Block { lets: Vec::new(), value } })
    }

    /// `x`, `x: [N, D]`, `stride = 1`
    fn parameter(&mut self) -> Parsed<Parameter> {
        let name = self.name("the name of an argument")?;
        let mut shape = None;
        if self.cursor.is(":") {
            shape = self.pattern();
            if shape.is_none() {
                self.type_of_argument();
            }
        }
        let default = if self.cursor.eat("=").is_some() { Some(self.expression()?) } else { None };
        if shape.is_none() && default.is_none() {
            self.end_of_name()?;
        }
        Ok(Parameter { name, shape, default })
    }

    /// `: [N, D]` after an argument; nothing, and nothing read, if another type stands there.
    fn pattern(&mut self) -> Option<Vec<Expr>> {
        let group = self.cursor.group_at(1, Delimiter::Bracket)?.clone();
        let is_array =
            group.stream().into_iter().any(|token| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ';'));
        if is_array {
            return None;
        }
        self.cursor.eat(":");
        self.cursor.eat_group(Delimiter::Bracket)?;
        Some(self.list(&group, Self::expression).0)
    }

    /// Whether a name is given a value before the end of the item: a body of several statements.
    fn has_statements(&self) -> bool {
        let signs = (1..).map_while(|place| self.cursor.peek_at(place).map(|_| self.cursor.operator_at(place)));
        signs.take_while(|sign| *sign != Some(";")).any(|sign| sign == Some("="))
    }

    /// `: f64` after an argument.
    fn type_of_argument(&mut self) {
        let start = self.cursor.span();
        let problem = Problem::UnexpectedToken { expected: "`,`".into(), found: "`:`".into() };
        let mut depth = 0_i32;
        while !self.cursor.at_end() && (depth > 0 || !self.cursor.is(",")) {
            depth += i32::from(self.cursor.is("<")) - i32::from(self.cursor.is(">"));
            self.cursor.next();
        }
        let help = "a function takes any shape: leave this out";
        let help = Help::remove(help, start.to(self.cursor.previous()));
        self.slip(start, problem, help);
    }

    /// `-> f64` after the arguments.
    fn type_of_function(&mut self) {
        let start = self.cursor.span();
        let problem = Problem::UnexpectedToken { expected: "`=` or `{`".into(), found: "`->`".into() };
        let is_body = |parser: &Self| {
            ["=", ":", ";"].iter().any(|sign| parser.cursor.is(sign))
                || parser.cursor.group_at(0, Delimiter::Brace).is_some()
        };
        while !self.cursor.at_end() && !is_body(self) {
            self.cursor.next();
        }
        let help = "the compiler finds the shape of the value: leave this out";
        let help = Help::remove(help, start.to(self.cursor.previous()));
        self.slip(start, problem, help);
    }

    /// The inside of `{ let a = …; value }`; what the block belongs to is for the errors.
    pub fn block(&mut self, group: &Group, owner: &str) -> Block {
        let span = group_span(group);
        self.inside(group, |parser| {
            let mut lets = Vec::new();
            let mut value = None;
            while !parser.cursor.at_end() {
                let docs = parser.docs();
                if parser.cursor.is_word("let") {
                    match parser.binding(docs) {
                        Ok(binding) => lets.push(binding),
                        Err(Reported) => parser.skip_item(),
                    }
                    continue;
                }
                if parser.is_definition() && parser.cursor.operator_at(1) == Some("=") {
                    parser.let_is_missing(docs, &mut lets);
                    continue;
                }
                let expression = parser.block_value();
                value = value.or(Some(expression.unwrap_or_else(|Reported| missing(span))));
            }
            let value = Box::new(value.unwrap_or_else(|| {
                let problem = Problem::EmptyBody { owner: owner.to_owned() };
                parser.diagnostics.error_with_help(span, problem, "`{ let a = …; value }`");
                missing(span)
            }));
            Block { lets, value }
        })
    }

    /// `b = a;` inside a block.
    fn let_is_missing(&mut self, docs: String, lets: &mut Vec<Binding>) {
        let Ok(name) = self.name("a name") else { return };
        let help = Help::from(format!("`let {name} = …;`")).and(name.span(), Place::Before, "let ");
        self.slip(self.cursor.span(), Problem::EqualsInExpression, help);
        self.cursor.eat("=");
        let value = self.last_value();
        lets.push(Binding { docs, name, others: Vec::new(), indices: None, value });
    }

    /// The value at the end of a block; on an error, skips to the next statement.
    fn block_value(&mut self) -> Parsed<Expr> {
        let value = self.expression().and_then(|value| self.end_of_block().map(|()| value));
        if value.is_err() {
            self.skip_item();
        }
        value
    }

    fn end_of_block(&mut self) -> Parsed<()> {
        if self.cursor.at_end() {
            return Ok(());
        }
        if self.cursor.is(";") {
            let help = "a block ends with its value: remove this `;`, or write `let name = …;`";
            let help = Help::remove(help, self.cursor.span());
            return self.unexpected_with_help("`}`", Some(help));
        }
        if self.starts_item() {
            let help = "the value stands last in a block; other statements are `let name = …;`";
            return self.unexpected_with_help("`}`", Some(help));
        }
        self.after_expression("`}`")
    }
}
