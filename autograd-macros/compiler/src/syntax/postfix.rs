//! What follows an operand, `.T`, `.f(…)`, `[…]`, and what stands between the brackets of calls and subscripts.

use proc_macro2::{Delimiter, Group, Ident, TokenTree};

use super::binders::one_more;
use super::parser::{Parsed, Parser, missing};
use super::print::{OPERAND, operand, source};
use super::tree::{Argument, Binder, BoundIndex, Expr, ExprKind, Subscript};
use crate::diagnostics::{Help, Problem, SpanRange};
use crate::habits::functions;
use crate::habits::names::{IDENTITIES, MAPS, MODULES};

impl Parser<'_> {
    /// Reads what follows an operand: `.T`, `.f(…)`, `[…]`.
    pub fn postfix(&mut self, mut operand: Expr) -> Parsed<Expr> {
        loop {
            if self.cursor.eat(".").is_some() {
                operand = self.method(operand)?;
            } else if let Some(group) = self.cursor.eat_group(Delimiter::Bracket) {
                let span = operand.span.to(self.cursor.previous());
                if group.stream().is_empty() {
                    let help = "`x[i]`, `x[1.., ..]`";
                    self.diagnostics.error_with_help(self.cursor.previous(), Problem::EmptyBrackets, help);
                }
                let (places, _) = self.list(&group, Self::subscript);
                operand = self.node(ExprKind::Subscript(Box::new(operand), places), span)?;
            } else if self.cursor.is_word("as") && self.cursor.ident_at(1).is_some() {
                self.cast();
            } else {
                return Ok(operand);
            }
        }
    }

    /// `as f64`
    fn cast(&mut self) {
        let start = self.cursor.span();
        self.cursor.next();
        let to = self.cursor.ident().map(ToString::to_string).unwrap_or_default();
        self.cursor.next();
        let span = start.to(self.cursor.previous());
        let help = Help::remove("leave this out", span);
        self.slip(span, Problem::NoCast { to }, help);
    }

    /// After the point of `x.T` or `x.f(…)`.
    fn method(&mut self, receiver: Expr) -> Parsed<Expr> {
        let Some(function) = self.cursor.ident().cloned() else {
            if self.cursor.operator().is_some_and(|sign| matches!(sign, "*" | "/" | "^" | "**" | "+" | "-")) {
                // `x .* y` of other languages.
                let help =
                    Help::remove("leave the point out: operators are element by element", self.cursor.previous());
                let problem =
                    Problem::UnknownOperator { operator: format!(".{}", self.cursor.operator().unwrap_or("")) };
                self.slip(self.cursor.previous(), problem, help);
                return Ok(receiver);
            }
            return self.unexpected("`T` or a function");
        };
        self.cursor.next();
        if self.cursor.is("::") {
            self.turbofish();
        }
        let group = self.cursor.eat_group(Delimiter::Parenthesis);
        let whole = receiver.span.to(self.cursor.previous());
        let name = function.to_string();
        let is_called = group.is_some();
        let Some(group) = group.filter(|group| !(name == "T" || (name == "t" && group.stream().is_empty()))) else {
            return self.field(receiver, &function, is_called, whole);
        };
        if !has_meaning(&name) && !is_module(&receiver) {
            self.check_name(&function);
        }
        if is_closure(&group) {
            return self.mapped(&receiver, &name, &group, whole);
        }
        if MAPS.contains(&name.as_str())
            && let Some(code) = mapped_by_name(&receiver, &group)
        {
            let help = Help::write(format!("`{code}`"), whole, code);
            return self.fail(function.span(), Problem::UnknownFunction { name }, Some(help));
        }
        let (mut given, _) = self.list(&group, Self::argument);
        given.insert(0, Argument { name: None, value: receiver });
        self.node(ExprKind::Call { function, binder: None, arguments: given, is_method: true }, whole)
    }

    /// `x.T`, and what other languages have after a point.
    fn field(&mut self, receiver: Expr, field: &Ident, is_called: bool, whole: SpanRange) -> Parsed<Expr> {
        let name = field.to_string();
        let text = operand(&receiver, OPERAND);
        let help = match name.as_str() {
            "T" if !is_called => return self.node(ExprKind::Transpose(Box::new(receiver)), whole),
            "T" | "t" | "H" | "mT" => {
                let help = Help::write("`.T` is the transpose", whole, format!("{text}.T"));
                self.slip(field.span(), Problem::NoSuchField { name }, help);
                return self.node(ExprKind::Transpose(Box::new(receiver)), whole);
            }
            "shape" | "size" | "ndim" | "len" => {
                // The model knows the shape, and says its dimensions.
                let arguments = vec![Argument { name: None, value: receiver }];
                return self
                    .node(ExprKind::Call { function: field.clone(), binder: None, arguments, is_method: true }, whole);
            }
            "grad" => Help::code(whole, format!("grad(loss, {})", source(&receiver))),
            "data" | "value" | "values" | "item" => Help::code(whole, text),
            "newaxis" if is_module(&receiver) => Help::code(whole, "new"),
            _ => {
                if is_module(&receiver) {
                    if self.cursor.is(".") {
                        return Ok(receiver);
                    }
                    // What stands in a module is a call of nothing more, and means the same here as one.
                    let arguments = vec![Argument { name: None, value: receiver }];
                    return self.node(
                        ExprKind::Call { function: field.clone(), binder: None, arguments, is_method: true },
                        whole,
                    );
                }
                Help::from(format!("`.{name}()`, if `{name}` is a function; values have no parts"))
            }
        };
        self.diagnostics.error_with_help(field.span(), Problem::NoSuchField { name }, help);
        Ok(missing(whole))
    }

    /// `::<f64>` between a function and its arguments.
    fn turbofish(&mut self) {
        let start = self.cursor.start();
        self.cursor.eat("::");
        while !self.cursor.at_end() && self.cursor.eat(">").is_none() && !self.cursor.is(";") {
            self.cursor.next();
        }
        let span = start.to(self.cursor.previous());
        let problem = Problem::UnexpectedToken { expected: "`(`".into(), found: "`::`".into() };
        self.slip(span, problem, Help::remove("leave this out: there is one type of numbers", span));
    }

    /// `x` or `axis = K`.
    pub fn argument(&mut self) -> Parsed<Argument> {
        let mut name = None;
        if let (Some(_), Some("=")) = (self.cursor.ident(), self.cursor.operator_at(1)) {
            // Functions of other libraries have arguments such as `where`; ours are known by name.
            name = self.cursor.ident().cloned();
            self.cursor.next();
            self.cursor.eat("=");
        }
        if let Some(value) = self.text().or_else(|| self.none()) {
            return Ok(Argument { name, value });
        }
        Ok(Argument { name, value: self.expression()? })
    }

    /// A string that is a whole argument.
    fn text(&mut self) -> Option<Expr> {
        let Some(TokenTree::Literal(literal)) = self.cursor.peek() else { return None };
        let text = literal.to_string();
        let is_whole = self.cursor.peek_at(1).is_none() || self.cursor.operator_at(1) == Some(",");
        let inside = text.strip_prefix('"')?.strip_suffix('"').filter(|_| is_whole)?.to_owned();
        let span = self.cursor.span();
        self.cursor.next();
        Some(Expr { kind: ExprKind::Text(inside), span })
    }

    /// `None` that is a whole argument: what a call means with it depends on the function.
    fn none(&mut self) -> Option<Expr> {
        let name = self.cursor.ident().filter(|word| *word == "None")?.clone();
        let is_whole = self.cursor.peek_at(1).is_none() || self.cursor.operator_at(1) == Some(",");
        if !is_whole {
            return None;
        }
        let span = self.cursor.span();
        self.cursor.next();
        Some(Expr { kind: ExprKind::Name(name), span })
    }

    /// `i`, `a..b`, `new`.
    fn subscript(&mut self) -> Parsed<Subscript> {
        let first = self.cursor.span();
        let is_last = self.cursor.peek_at(1).is_none() || self.cursor.operator_at(1) == Some(",");
        if self.cursor.is_word("new") && is_last {
            self.cursor.next();
            return Ok(Subscript::New(first));
        }
        if is_last && (self.cursor.is_word("None") || self.cursor.is_word("newaxis")) {
            let problem = Problem::UnknownName { name: self.cursor.found().replace('`', "") };
            self.cursor.next();
            self.slip(first, problem, Help::code(first, "new"));
            return Ok(Subscript::New(first));
        }
        if self.cursor.eat("...").is_some() {
            let problem = Problem::UnknownOperator { operator: "...".into() };
            let help = Help::write("`..` is one whole axis; whole axes at the end need not be said", first, "..");
            self.diagnostics.error_with_help(first, problem, help);
            return Ok(Subscript::Range { start: None, end: None, span: first });
        }
        let starts_bare = self.cursor.is("..") || self.cursor.is(":") || self.cursor.is("::") || self.cursor.is("..=");
        let start = if starts_bare { None } else { Some(self.expression()?) };
        if self.cursor.is(":") || self.cursor.is("::") {
            return self.colons(start, first);
        }
        if self.cursor.is("..=") {
            let end = self.inclusive(start.as_ref(), first)?;
            return Ok(Subscript::Range { start, end: Some(end), span: first });
        }
        if self.cursor.eat("..").is_none() {
            return match start {
                Some(index) => Ok(Subscript::Index(index)),
                None => self.unexpected("an index"),
            };
        }
        let at_end = self.cursor.at_end() || self.cursor.is(",");
        let end = if at_end { None } else { Some(self.expression()?) };
        let span = SpanRange { first: first.first, last: self.cursor.previous().last };
        Ok(Subscript::Range { start, end, span })
    }

    /// `a:b` and `a:b:s`, as Python has it.
    fn colons(&mut self, start: Option<Expr>, first: SpanRange) -> Parsed<Subscript> {
        let sign = self.cursor.span();
        let mut has_step = self.cursor.is("::");
        self.cursor.next();
        if has_step {
            self.cursor.next();
        }
        let ends = |parser: &Self| parser.cursor.at_end() || parser.cursor.is(",") || parser.cursor.is(":");
        let end = if has_step || ends(self) { None } else { Some(self.expression()?) };
        has_step |= self.cursor.eat(":").is_some();
        let step = if !has_step || ends(self) { None } else { Some(source(&self.expression()?)) };
        let span = SpanRange { first: first.first, last: self.cursor.previous().last };
        let bound = |bound: &Option<Expr>| bound.as_ref().map(source).unwrap_or_default();
        let range = format!("{}..{}", bound(&start), bound(&end));
        let problem = Problem::UnknownOperator { operator: ":".into() };
        let help = match step.as_deref() {
            None | Some("1") => {
                self.slip(sign, problem, Help::code(span, range));
                return Ok(Subscript::Range { start, end, span });
            }
            Some("-1") => Help::from("`flip(x)` reads backwards"),
            Some(step) => {
                let first = match start.as_ref() {
                    None => String::new(),
                    Some(start) => format!("{} + ", source(start)),
                };
                format!("index notation takes steps: `y[i in 0..K] = x[{first}{step}*i];`").into()
            }
        };
        self.diagnostics.error_with_help(sign, problem, help);
        Ok(Subscript::Range { start, end, span })
    }

    /// `a..=b`: reads the end.
    fn inclusive(&mut self, start: Option<&Expr>, first: SpanRange) -> Parsed<Expr> {
        let sign = self.cursor.span();
        self.cursor.eat("..=");
        let end = self.operators(1)?;
        let next = one_more(&end);
        let code = format!("{}..{next}", start.map(source).unwrap_or_default());
        let span = SpanRange { first: first.first, last: end.span.last };
        let help = Help::write(format!("a range ends before its last number: `{code}`"), span, code);
        self.diagnostics.error_with_help(sign, Problem::UnknownOperator { operator: "..=".into() }, help);
        Ok(end)
    }

    /// `i, j in 0..N if i < j`, between brackets.
    pub fn binder(&mut self, brackets: &Group) -> Binder {
        let (read, _) = self.list(brackets, |parser| {
            let index = parser.bound_index()?;
            if !parser.cursor.is_word("if") {
                return Ok((index, None));
            }
            parser.cursor.next();
            Ok((index, Some(parser.operators(1)?)))
        });
        let (indices, conditions): (Vec<BoundIndex>, Vec<Option<Expr>>) = read.into_iter().unzip();
        let mut conditions = conditions.into_iter().flatten();
        let condition = conditions.next();
        for more in conditions {
            let problem = Problem::UnexpectedToken { expected: "`]`".into(), found: "`if`".into() };
            self.diagnostics.error_with_help(more.span, problem, "one condition, of `&&` and `||`, stands last");
        }
        Binder { indices, condition }
    }

    /// `i in N` and `i in range(a, b)`, as Python has them.
    fn whole_range(&mut self, name: Ident, end: Expr) -> BoundIndex {
        let span = end.span;
        let zero = || Expr { kind: ExprKind::Number { value: 0.0, integer: Some(0) }, span };
        let (start, end) = match end.kind {
            ExprKind::Call { function, binder: None, mut arguments, .. }
                if function == "range" && arguments.len() <= 2 =>
            {
                let end = arguments.pop().map_or_else(zero, |end| end.value);
                (arguments.pop().map_or_else(zero, |start| start.value), end)
            }
            kind => (zero(), Expr { kind, span }),
        };
        let range = format!("{}..{}", source(&start), source(&end));
        let problem = Problem::UnexpectedToken { expected: "`..`".into(), found: self.cursor.found() };
        self.slip(self.cursor.start(), problem, Help::write(format!("`{name} in {range}`"), span, range));
        BoundIndex { name, range: Some((start, end)) }
    }

    /// `i` or `i in 0..N`.
    pub fn bound_index(&mut self) -> Parsed<BoundIndex> {
        if self.cursor.ident().is_none() {
            return self.unexpected_with_help("the name of an index", Some("`i in 0..N`, where `i` is the index"));
        }
        let name = self.name("the name of an index")?;
        if self.cursor.is("=") || self.cursor.is(":") {
            let problem = Problem::UnexpectedToken { expected: "`in`".into(), found: self.cursor.found() };
            let help = Help::write(format!("`{name} in 0..N`"), self.cursor.span(), " in ");
            self.slip(self.cursor.span(), problem, help);
        } else if !self.cursor.is_word("in") {
            let is_conditional = self.cursor.is_word("if");
            let end = if is_conditional { Ok(()) } else { self.end_of_name() };
            return end.map(|()| BoundIndex { name, range: None });
        }
        self.cursor.next();
        let first = self.cursor.span();
        // An `if` after the range is the condition of the indices.
        let start = self.operators(1)?;
        if self.cursor.is("..=") {
            let end = self.inclusive(Some(&start), first)?;
            return Ok(BoundIndex { name, range: Some((start, end)) });
        }
        if self.cursor.eat("..").is_none() {
            return Ok(self.whole_range(name, start));
        }
        let end = self.operators(1)?;
        Ok(BoundIndex { name, range: Some((start, end)) })
    }
}

/// Whether a word of Rust's is called that means something as a function.
pub fn has_meaning(name: &str) -> bool {
    name == "where" || functions::meaning(name).is_some() || IDENTITIES.contains(&name)
}

/// Whether something is the name of a library's module.
fn is_module(receiver: &Expr) -> bool {
    matches!(&receiver.kind, ExprKind::Name(name) if MODULES.iter().any(|module| name == module))
}

/// `tanh(x)` for `x.mapv(f64::tanh)` and `x.mapv(tanh)`.
fn mapped_by_name(receiver: &Expr, group: &Group) -> Option<String> {
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    let is_path = tokens.iter().all(|token| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(sign) => sign.as_char() == ':',
        TokenTree::Group(_) | TokenTree::Literal(_) => false,
    });
    let Some(TokenTree::Ident(last)) = tokens.last().filter(|_| is_path) else { return None };
    let name = last.to_string();
    let ours = match name.as_str() {
        "ln" => "log",
        "signum" => "sign",
        "recip" => return Some(format!("(1/{})", operand(receiver, OPERAND))),
        other => other,
    };
    Some(format!("{ours}({})", source(receiver)))
}

/// Whether a closure stands between these parentheses.
fn is_closure(group: &Group) -> bool {
    let mut tokens = group.stream().into_iter();
    match tokens.next() {
        Some(TokenTree::Punct(sign)) => sign.as_char() == '|',
        Some(TokenTree::Ident(word)) if word == "move" => {
            matches!(tokens.next(), Some(TokenTree::Punct(sign)) if sign.as_char() == '|')
        }
        _ => false,
    }
}

#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
mod tests {
    use expect_test::expect;

    use crate::syntax::testing::check_expr;

    #[test]
    fn what_follows_an_operand() {
        check_expr(
            "x[1.., ..-1, i + 1, new, .., 2..N-1][0].T.sum(axis = (N, K), keep = true)",
            &expect!["sum(x[1.., ..(-1), (i + 1), new, .., 2..(N - 1)][0].T, axis = (N, K), keep = true)"],
        );
        check_expr("sum[i in 0..N-1, j](x[i]*y[j])^2", &expect!["(sum[i in 0..(N - 1), j]((x[i] * y[j])) ^ 2)"]);
        check_expr("new[new+1]", &expect!["new[(new + 1)]"]);
        check_expr(
            "[a, b, [c]] + (N,) + (N, K) + ((x)) + []",
            &expect!["(((([a, b, [c]] + (N,)) + (N, K)) + x) + [])"],
        );
        check_expr(
            "crate::f(x, 1) + a::b::c(2) + ::std::g()",
            &expect!["((crate::f(x, 1) + a::b::c(2)) + ::std::g())"],
        );
        check_expr(
            "if a < b { let c = 1; c } else if d { 2 } else { 3 } + 1",
            &expect!["(if (a < b) { let c = 1; c } else { if d { 2 } else { 3 } } + 1)"],
        );
        check_expr(
            "θ*σ_1 + r#type",
            &expect![[r#"
            r#type | `r#type` is a word of Rust, and cannot be a name
                help: `type_`"#]],
        );
        check_expr("[1, 2,].f(3,)", &expect!["f([1, 2], 3)"]);
    }
}
