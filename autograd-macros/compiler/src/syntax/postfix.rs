//! What follows an operand, `.T`, `.f(…)`, `[…]`, and what stands between the brackets of calls and subscripts.

use proc_macro2::Delimiter;

use super::parser::{Parsed, Parser, missing};
use super::print::source;
use super::tree::{Argument, BoundIndex, Expr, ExprKind, Subscript};
use crate::diagnostics::{Problem, SpanRange};

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
            } else {
                return Ok(operand);
            }
        }
    }

    /// After the point of `x.T` or `x.f(…)`.
    fn method(&mut self, receiver: Expr) -> Parsed<Expr> {
        let Some(function) = self.cursor.ident().cloned() else {
            return self.unexpected("`T` or a function");
        };
        let span = self.cursor.span();
        self.cursor.next();
        let arguments = self.cursor.eat_group(Delimiter::Parenthesis);
        let whole = receiver.span.to(self.cursor.previous());
        let help = match (function.to_string().as_str(), &arguments) {
            ("T", None) => return self.node(ExprKind::Transpose(Box::new(receiver)), whole),
            ("T" | "t", _) => "`.T` is the transpose".to_owned(),
            (name, None) => format!("`.{name}()`"),
            (_, Some(_)) => String::new(),
        };
        let Some(group) = arguments.filter(|_| help.is_empty()) else {
            self.diagnostics.error_with_help(span, Problem::NoSuchField { name: function.to_string() }, help);
            return Ok(missing(whole));
        };
        self.check_name(&function);
        let (mut given, _) = self.list(&group, Self::argument);
        given.insert(0, Argument { name: None, value: receiver });
        self.node(ExprKind::Call { function, indices: None, arguments: given }, whole)
    }

    /// `x` or `axis = K`.
    pub fn argument(&mut self) -> Parsed<Argument> {
        let mut name = None;
        if let (Some(_), Some("=")) = (self.cursor.ident(), self.cursor.operator_at(1)) {
            name = Some(self.name("the name of an argument")?);
            self.cursor.eat("=");
        }
        Ok(Argument { name, value: self.expression()? })
    }

    /// `i`, `a..b`, `new`.
    fn subscript(&mut self) -> Parsed<Subscript> {
        let first = self.cursor.span();
        let is_last = self.cursor.peek_at(1).is_none() || self.cursor.operator_at(1) == Some(",");
        if self.cursor.is_word("new") && is_last {
            self.cursor.next();
            return Ok(Subscript::New(first));
        }
        let start = if self.cursor.is("..") { None } else { Some(self.expression()?) };
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

    /// `i` or `i in 0..N`.
    pub fn bound_index(&mut self) -> Parsed<BoundIndex> {
        let name = self.name("the name of an index")?;
        if !self.cursor.is_word("in") {
            return self.end_of_name().map(|()| BoundIndex { name, range: None });
        }
        self.cursor.next();
        let start = self.expression()?;
        if self.cursor.eat("..").is_none() {
            let help = format!("`{name} in 0..{}`", source(&start));
            return self.unexpected_with_help("`..`", Some(&help));
        }
        let end = self.expression()?;
        Ok(BoundIndex { name, range: Some((start, end)) })
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
