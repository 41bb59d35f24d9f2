//! Expressions: a Pratt parser over the operators.
//!
//! `syn` does not read them: in Rust `^` is XOR, and `a + b^2` would silently become `(a + b)^2`.

use super::parser::{Parsed, Parser};
use super::print::{operand, source};
use super::tree::{BinaryOp, Expr, ExprKind, UnaryOp};
use crate::diagnostics::{Help, Problem};

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

    /// The operator with a sign.
    #[must_use]
    pub fn of_sign(sign: &str) -> Option<Self> {
        BINARY.iter().find(|(other, _)| *other == sign).map(|(_, op)| *op)
    }

    /// `+` for a sum.
    #[must_use]
    pub fn sign(self) -> &'static str {
        BINARY.iter().find(|(_, op)| *op == self).map_or("", |(sign, _)| sign)
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
    pub fn operators(&mut self, least: u8) -> Parsed<Expr> {
        self.deeper(|parser| {
            let mut left = parser.prefix()?;
            loop {
                if parser.cursor.is("=") && least > BinaryOp::Eq.level() {
                    // It is left to what is around: a start after a bound, or a mistake.
                    break;
                }
                let Some(op) = parser.binary_operator()? else {
                    match parser.foreign_operator(&left, least)? {
                        Some(value) => left = value,
                        None => break,
                    }
                    continue;
                };
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

    /// The operator that stands next, if one does; `=` is an error.
    fn binary_operator(&mut self) -> Parsed<Option<BinaryOp>> {
        let Some(sign) = self.cursor.operator() else {
            return Ok(None);
        };
        if let Some((_, op)) = BINARY.iter().find(|(other, _)| *other == sign) {
            return Ok(Some(*op));
        }
        let span = self.cursor.span();
        if sign == "=" {
            let help = Help::write("`==` compares; `let a = …;` gives a name to a value", span, "==");
            return self.fail(span, Problem::EqualsInExpression, Some(help));
        }
        Ok(None)
    }

    /// After `a < b`: reads `< c < d` with an error that says `a < b && b < c && c < d`.
    fn refuse_chain(&mut self, first: Expr) -> Parsed<Expr> {
        if !self.binary_operator()?.is_some_and(BinaryOp::is_comparison) {
            return Ok(first);
        }
        let mut told = source(&first);
        let mut middle = match &first.kind {
            ExprKind::Binary(_, _, right) => operand(right, COMPARISON + 1),
            _ => return Ok(first),
        };
        let mut second = None;
        let mut end = first.span;
        while let Some(op) = self.binary_operator()?.filter(|op| op.is_comparison()) {
            second = second.or(Some(self.cursor.span()));
            self.cursor.eat(op.sign());
            let right = self.operators(COMPARISON + 1)?;
            end = right.span;
            let right = operand(&right, COMPARISON + 1);
            told = format!("{told} && {middle} {} {right}", op.sign());
            middle = right;
        }
        if let Some(sign) = second {
            let help = Help::write(format!("`{told}`"), first.span.to(end), format!("({told})"));
            self.diagnostics.error_with_help(sign, Problem::ComparisonChain, help);
        }
        Ok(first)
    }

    /// Reads an operand with what stands before it.
    fn prefix(&mut self) -> Parsed<Expr> {
        let span = self.cursor.span();
        let op = match self.cursor.operator() {
            Some("-") => UnaryOp::Neg,
            Some("!") => UnaryOp::Not,
            Some("+") => {
                self.cursor.eat("+");
                let help = Help::remove("leave out this `+`", span);
                self.slip(span, Problem::UnaryPlus, help);
                return self.operators(UNARY);
            }
            _ => {
                if let Some(value) = self.foreign_prefix() {
                    return value;
                }
                let operand = self.primary()?;
                return self.postfix(operand);
            }
        };
        self.cursor.next();
        let operand = self.operators(UNARY)?;
        let span = span.to(operand.span);
        self.node(ExprKind::Unary(op, Box::new(operand)), span)
    }
}

#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
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
    fn comparisons_do_not_chain() {
        check_expr(
            "0 <= x < 1",
            &expect![[r#"
            < | comparisons do not chain
                help: `0 <= x && x < 1`"#]],
        );
        check_expr(
            "a < b + 1 == c && d < e",
            &expect![[r#"
            == | comparisons do not chain
                help: `a < b + 1 && b + 1 == c`"#]],
        );
        check_expr(
            "a < b < c < d",
            &expect![[r#"
            < | comparisons do not chain
                help: `a < b && b < c && c < d`"#]],
        );
        check_expr("a < (b < c)", &expect!["(a < (b < c))"]);
    }

    #[test]
    fn foreign_operators() {
        for (sign, ..) in crate::habits::signs::SIGNS.iter().chain(crate::habits::signs::WORDS) {
            let (_, diagnostics) = read(&format!("M {{ y = a {sign} b; }}"));
            let codes: Vec<_> = diagnostics.errors().iter().map(|error| error.problem.code()).collect();
            assert_eq!(codes, ["unknown_operator"], "{sign}");
        }
        check_expr(
            "x ** 2",
            &expect![[r#"
                ** | there is no operator `**` here
                    help: `x^2`"#]],
        );
        check_expr(
            "a++b",
            &expect![[r#"
            + | `+` stands between two values, not before one
                help: leave out this `+`"#]],
        );
        check_expr(
            "+a * +b",
            &expect![[r#"
            + | `+` stands between two values, not before one
                help: leave out this `+`
            + | `+` stands between two values, not before one
                help: leave out this `+`"#]],
        );
        check_expr(
            "if a = b { 1 } else { 2 }",
            &expect![[r#"
            = | `=` cannot stand inside an expression
                help: `==` compares; `let a = …;` gives a name to a value"#]],
        );
        check_expr(
            "x[0..=3]",
            &expect![[r#"
                ..= | there is no operator `..=` here
                    help: a range ends before its last number: `0..4`"#]],
        );
    }
}
