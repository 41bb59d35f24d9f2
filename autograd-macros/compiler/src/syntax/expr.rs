//! Expressions: a Pratt parser over the operators, and what may follow an operand.
//!
//! `syn` does not read them: in Rust `^` is XOR, and `a + b^2` would silently become `(a + b)^2`.

use proc_macro2::Delimiter;

use super::parser::{Parsed, Parser};
use super::print::source;
use super::tree::{Argument, BinaryOp, BoundIndex, Expr, ExprKind, Subscript, UnaryOp};
use crate::diagnostics::{Problem, SpanRange};

/// The level of comparisons, which do not chain.
const COMPARISON: u8 = 3;
/// The level of `-x` and `!c`: between `* / @` and `^`.
pub const UNARY: u8 = 6;

/// Each operator's sign.
const BINARY: &[(&str, BinaryOp)] = &[
    ("||", BinaryOp::Or),
    ("&&", BinaryOp::And),
    ("==", BinaryOp::Eq),
    ("!=", BinaryOp::Ne),
    ("<", BinaryOp::Lt),
    ("<=", BinaryOp::Le),
    (">", BinaryOp::Gt),
    (">=", BinaryOp::Ge),
    ("+", BinaryOp::Add),
    ("-", BinaryOp::Sub),
    ("*", BinaryOp::Mul),
    ("/", BinaryOp::Div),
    ("@", BinaryOp::MatMul),
    ("^", BinaryOp::Pow),
];

/// What people write where we have something else.
const UNKNOWN: &[(&str, &str)] = &[
    ("**", "`x^2` is a power"),
    ("%", "the rest of a division is `a - b*floor(a/b)`"),
    ("&", "`a && b`"),
    ("|", "`a || b`"),
    ("=>", "`a >= b`"),
    ("->", "`a > -b` with a space between"),
    ("..=", "a range ends before its last number: `0..N+1`"),
    ("<<", "`a * 2^b`"),
    (">>", "`floor(a / 2^b)`"),
    ("+=", "`a := a + b;` in a step"),
    ("-=", "`a := a - b;` in a step"),
    ("*=", "`a := a*b;` in a step"),
    ("/=", "`a := a/b;` in a step, or `a != b`"),
    ("^=", "`a := a^b;` in a step, or `a != b`"),
    ("?", "`if c { a } else { b }`"),
    ("~", "`!c` is the negation"),
];

impl BinaryOp {
    /// How tightly it binds.
    #[must_use]
    pub fn level(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Eq | Self::Ne | Self::Lt | Self::Le | Self::Gt | Self::Ge => COMPARISON,
            Self::Add | Self::Sub => 4,
            Self::Mul | Self::Div | Self::MatMul => 5,
            Self::Pow => UNARY + 1,
        }
    }

    /// `+` for a sum.
    #[must_use]
    pub fn sign(self) -> &'static str {
        let row = BINARY.iter().find(|(_, op)| *op == self);
        row.expect("every operator has a sign").0
    }

    fn is_comparison(self) -> bool {
        self.level() == COMPARISON
    }
}

impl Parser<'_> {
    /// Reads an expression as far as it goes.
    pub fn expression(&mut self) -> Parsed<Expr> {
        self.operators(0)
    }

    /// Reads an expression of operators that bind at least this tightly.
    fn operators(&mut self, least: u8) -> Parsed<Expr> {
        self.deeper(|parser| {
            let mut left = parser.prefix()?;
            while let Some(op) = parser.binary_operator()? {
                if op.level() < least {
                    break;
                }
                left = parser.right_side(left, op)?;
                if op.is_comparison() {
                    left = parser.refuse_chain(left)?;
                }
            }
            Ok(left)
        })
    }

    fn right_side(&mut self, left: Expr, op: BinaryOp) -> Parsed<Expr> {
        self.cursor.eat(op.sign());
        let least = if op == BinaryOp::Pow { op.level() } else { op.level() + 1 };
        let right = self.operators(least)?;
        self.binary(op, left, right)
    }

    fn binary(&mut self, op: BinaryOp, left: Expr, right: Expr) -> Parsed<Expr> {
        let span = left.span.to(right.span);
        self.node(ExprKind::Binary(op, Box::new(left), Box::new(right)), span)
    }

    /// The operator that stands next, if one does; signs that are no operators here are errors.
    fn binary_operator(&mut self) -> Parsed<Option<BinaryOp>> {
        let Some(sign) = self.cursor.operator() else {
            return Ok(None);
        };
        if let Some((_, op)) = BINARY.iter().find(|(other, _)| *other == sign) {
            return Ok(Some(*op));
        }
        let span = self.cursor.span();
        if sign == "=" {
            let help = "`==` compares; `let a = …;` gives a name to a value".to_owned();
            return self.fail(span, Problem::EqualsInExpression, Some(help));
        }
        match UNKNOWN.iter().find(|(other, _)| *other == sign) {
            Some((_, help)) => {
                self.fail(span, Problem::UnknownOperator { operator: sign.to_owned() }, Some((*help).to_owned()))
            }
            None => Ok(None),
        }
    }

    /// After `a < b`: reads `< c < d` as `&& b < c && c < d`, with an error that says so.
    fn refuse_chain(&mut self, first: Expr) -> Parsed<Expr> {
        let mut chain = first;
        let mut middle = match &chain.kind {
            ExprKind::Binary(_, _, right) => (**right).clone(),
            _ => return Ok(chain),
        };
        let mut last = None;
        while let Some(op) = self.binary_operator()?.filter(|op| op.is_comparison()) {
            let sign = self.cursor.span();
            self.cursor.eat(op.sign());
            let right = self.operators(COMPARISON + 1)?;
            let link = self.binary(op, middle, right.clone())?;
            chain = self.binary(BinaryOp::And, chain, link)?;
            middle = right;
            last = last.or(Some(sign));
        }
        if let Some(sign) = last {
            let help = format!("`{}`", source(&chain));
            self.diagnostics.error_with_help(sign, Problem::ComparisonChain, help);
        }
        Ok(chain)
    }

    /// Reads an operand with what stands before it.
    fn prefix(&mut self) -> Parsed<Expr> {
        let span = self.cursor.span();
        let op = match self.cursor.operator() {
            Some("-") => UnaryOp::Neg,
            Some("!") => UnaryOp::Not,
            Some("+") => {
                self.cursor.eat("+");
                let help = "leave out this `+`";
                self.diagnostics.error_with_help(span, Problem::UnaryPlus, help);
                return self.operators(UNARY);
            }
            _ => {
                let operand = self.primary()?;
                return self.postfix(operand);
            }
        };
        self.cursor.next();
        let operand = self.operators(UNARY)?;
        let span = span.to(operand.span);
        self.node(ExprKind::Unary(op, Box::new(operand)), span)
    }

    /// Reads what follows an operand: `.T`, `.f(…)`, `[…]`.
    fn postfix(&mut self, mut operand: Expr) -> Parsed<Expr> {
        loop {
            if self.cursor.eat(".").is_some() {
                operand = self.method(operand)?;
            } else if let Some(group) = self.cursor.eat_group(Delimiter::Bracket) {
                let span = operand.span.to(self.cursor.previous());
                if group.stream().is_empty() {
                    let help = "`x[i]`, `x[1.., ..]`".to_owned();
                    return self.fail(self.cursor.previous(), Problem::EmptyBrackets, Some(help));
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
            return self.fail(span, Problem::NoSuchField { name: function.to_string() }, Some(help));
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
            return Ok(BoundIndex { name, range: None });
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
mod tests {
    use expect_test::expect;

    use super::{BINARY, BinaryOp, COMPARISON};
    use crate::syntax::print::parenthesised;
    use crate::syntax::testing::{check_expr, only_value, read};

    #[test]
    fn every_pair_of_operators_groups_by_level() {
        for (first, left) in BINARY {
            for (second, right) in BINARY {
                let text = format!("M {{ y = a {first} b {second} c; }}");
                let (model, diagnostics) = read(&text);
                if left.level() == COMPARISON && right.level() == COMPARISON {
                    assert_eq!(diagnostics.errors().len(), 1, "{text}");
                    continue;
                }
                assert!(!diagnostics.has_errors(), "{text}");
                let to_the_right = right.level() > left.level() || (left, right) == (&BinaryOp::Pow, &BinaryOp::Pow);
                let expected = if to_the_right {
                    format!("(a {first} (b {second} c))")
                } else {
                    format!("((a {first} b) {second} c)")
                };
                assert_eq!(parenthesised(&model.and_then(only_value).expect("a value")), expected);
            }
        }
    }

    #[test]
    fn signs_stand_between_products_and_powers() {
        for (sign, op) in BINARY {
            let (model, diagnostics) = read(&format!("M {{ y = -a {sign} -b; }}"));
            assert!(!diagnostics.has_errors(), "{sign}");
            let expected =
                if *op == BinaryOp::Pow { "(-(a ^ (-b)))".to_owned() } else { format!("((-a) {sign} (-b))") };
            assert_eq!(parenthesised(&model.and_then(only_value).expect("a value")), expected);
        }
        check_expr("-x^2", &expect!["(-(x ^ 2))"]);
        check_expr("2^-x*y", &expect!["((2 ^ (-x)) * y)"]);
        check_expr("2^-x^-y", &expect!["(2 ^ (-(x ^ (-y))))"]);
        check_expr("!a && !!b == c", &expect!["((!a) && ((!(!b)) == c))"]);
        check_expr("a--b", &expect!["(a - (-b))"]);
    }

    #[test]
    fn joint_tokens_are_read_one_by_one() {
        check_expr("a<-b", &expect!["(a < (-b))"]);
        check_expr("x^-2", &expect!["(x ^ (-2))"]);
        check_expr("x @-w", &expect!["(x @ (-w))"]);
        check_expr("x[..-1,1..]", &expect!["x[..(-1), 1..]"]);
        check_expr("a||!b", &expect!["(a || (!b))"]);
        check_expr("-x.T^2", &expect!["(-(x.T ^ 2))"]);
        check_expr("1.T", &expect!["1.T"]);
    }

    #[test]
    fn what_follows_an_operand() {
        check_expr("x[1.., ..-1, i + 1, new, .., 2..N-1][0].T.sum(axis = (N, K), keep = true)", &expect!["sum(x[1.., ..(-1), (i + 1), new, .., 2..(N - 1)][0].T, axis = (N, K), keep = true)"]);
        check_expr("sum[i in 0..N-1, j](x[i]*y[j])^2", &expect!["(sum[i in 0..(N - 1), j]((x[i] * y[j])) ^ 2)"]);
        check_expr("new[new+1]", &expect!["new[(new + 1)]"]);
        check_expr("[a, b, [c]] + (N,) + (N, K) + ((x)) + []", &expect!["(((([a, b, [c]] + (N,)) + (N, K)) + x) + [])"]);
        check_expr("crate::f(x, 1) + a::b::c(2) + ::std::g()", &expect!["((crate::f(x, 1) + a::b::c(2)) + ::std::g())"]);
        check_expr("if a < b { let c = 1; c } else if d { 2 } else { 3 } + 1", &expect!["(if (a < b) { let c = 1; c } else { if d { 2 } else { 3 } } + 1)"]);
        check_expr("θ*σ_1 + r#type", &expect!["((θ * σ_1) + r#type)"]);
        check_expr("[1, 2,].f(3,)", &expect!["f([1, 2], 3)"]);
    }

    #[test]
    fn comparisons_do_not_chain() {
        check_expr("0 <= x < 1", &expect![[r#"
            < | comparisons do not chain
                help: `0 <= x && x < 1`"#]]);
        check_expr("a < b + 1 == c && d < e", &expect![[r#"
            == | comparisons do not chain
                help: `a < b + 1 && b + 1 == c`"#]]);
        check_expr("a < b < c < d", &expect![[r#"
            < | comparisons do not chain
                help: `a < b && b < c && c < d`"#]]);
        check_expr("a < (b < c)", &expect!["(a < (b < c))"]);
    }

    #[test]
    fn foreign_operators() {
        for (sign, _) in super::UNKNOWN {
            let (_, diagnostics) = read(&format!("M {{ y = a {sign} b; }}"));
            let codes: Vec<_> = diagnostics.errors().iter().map(|error| error.problem.code()).collect();
            assert_eq!(codes, ["unknown_operator"], "{sign}");
        }
        check_expr("x ** 2", &expect![[r#"
            ** | there is no operator `**` here
                help: `x^2` is a power"#]]);
        check_expr("a++b", &expect![[r#"
            + | `+` stands between two values, not before one
                help: leave out this `+`"#]]);
        check_expr("+a * +b", &expect![[r#"
            + | `+` stands between two values, not before one
                help: leave out this `+`
            + | `+` stands between two values, not before one
                help: leave out this `+`"#]]);
        check_expr("if a = b { 1 } else { 2 }", &expect![[r#"
            = | `=` cannot stand inside an expression
                help: `==` compares; `let a = …;` gives a name to a value"#]]);
        check_expr("x[0..=3]", &expect![[r#"
            ..= | there is no operator `..=` here
                help: a range ends before its last number: `0..N+1`"#]]);
    }

    #[test]
    fn wrong_operands() {
        check_expr("w·x + 2N", &expect![[r#"
            w·x | `w·x` is a single name: the dot does not multiply
                help: `w*x`
            2N | `2N` is a single number with the suffix `N`
                help: `2*N`"#]]);
        check_expr("2 x", &expect![[r#"
            x | there is no operator before `x`
                help: `*` multiplies, `@` is the product of matrices"#]]);
        check_expr("2(x)", &expect![[r#"
            (x) | there is no operator before `(`
                help: `*` multiplies, `@` is the product of matrices"#]]);
        check_expr("x y", &expect![[r#"
            y | there is no operator before `y`
                help: `*` multiplies, `@` is the product of matrices"#]]);
        check_expr("\"a\" + 'b' + 'c", &expect![[r#"
            "a" | `"a"` is not a number: models compute with numbers and truth values
            'b' | `'b'` is not a number: models compute with numbers and truth values
            ' | `'c` is not a number: models compute with numbers and truth values"#]]);
        check_expr(".5 + x", &expect![[r#"
            . | expected an expression, found `.`
                help: `0.5`"#]]);
        check_expr("x.5", &expect!["5 | expected `T` or a function, found `5`"]);
        check_expr("()", &expect![") | expected an expression, found `)`"]);
        check_expr("f(,)", &expect![", | expected an expression, found `,`"]);
        check_expr("a + { b }", &expect!["{ b } | expected an expression, found `{`"]);
        check_expr("x.t + y.T() + z.shape + u.0", &expect![[r#"
            t | a value has no field `.t`
                help: `.T` is the transpose"#]]);
        check_expr("f(x.t, y.T(), z.shape, 2x, (3y))", &expect![[r#"
            t | a value has no field `.t`
                help: `.T` is the transpose
            T | a value has no field `.T`
                help: `.T` is the transpose
            shape | a value has no field `.shape`
                help: `.shape()`
            2x | `2x` is a single number with the suffix `x`
                help: `2*x`
            3y | `3y` is a single number with the suffix `y`
                help: `3*y`"#]]);
        check_expr("x[] + sum[](y)", &expect![[r#"
            [] | there is nothing between these brackets
                help: `x[i]`, `x[1.., ..]`"#]]);
        check_expr("sum[i in N](x)", &expect![[r#"
            ] | expected `..`, found `]`
                help: `i in 0..N`"#]]);
        check_expr("crate::x + 1", &expect![[r#"
            + | expected `(`, found `+`
                help: a path is a function, and is called: `crate::x(x)`"#]]);
        check_expr("while x", &expect!["while | expected an expression, found `while`"]);
        check_expr("type + self", &expect![[r#"
            type | `type` is a word of Rust, and cannot be a name
                help: `type_`
            self | `self` is a word of Rust, and cannot be a name
                help: choose another name"#]]);
        check_expr("vec![1, 2]", &expect!["! | expected `;`, found `!`"]);
        check_expr("f(x; y)", &expect!["; | expected `,`, found `;`"]);
        check_expr("|x| x", &expect!["| | expected an expression, found `|`"]);
        check_expr("f(a == 1, b = 2, c := 3)", &expect![":= | expected `,`, found `:=`"]);
    }
}
