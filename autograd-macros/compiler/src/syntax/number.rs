//! Literals: every number is real, and remembers whether it was written as an integer.

use proc_macro2::Literal;

use super::tree::ExprKind;
use crate::diagnostics::Problem;

/// Suffixes that are types of Rust: `1f32` means a number, not a product.
const TYPES: &[&str] = &[
    "f16", "f32", "f64", "f128", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize",
];

/// What is wrong with a literal, and what to write.
type Wrong = Box<(Problem, Option<String>)>;

/// What a literal means.
pub fn number(literal: &Literal) -> Result<ExprKind, Wrong> {
    let text = literal.to_string();
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(Box::new((
            Problem::NotANumber { literal: text },
            Some("words stand in comments, after `//`".to_owned()),
        )));
    }
    if text.starts_with("0x") || text.starts_with("0o") || text.starts_with("0b") {
        let help = decimal(&text).map(|n| format!("`{n}`"));
        return Err(Box::new((Problem::NumberRadix { literal: text }, help)));
    }
    let (digits, suffix) = text.split_at(end_of_number(&text));
    if !suffix.is_empty() {
        let digits = digits.trim_end_matches('_');
        let help = if TYPES.contains(&suffix) { format!("`{digits}`") } else { format!("`{digits}*{suffix}`") };
        let problem = Problem::NumberSuffix { literal: text.clone(), suffix: suffix.to_owned() };
        return Err(Box::new((problem, Some(help))));
    }
    let digits = digits.replace('_', "");
    match digits.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(ExprKind::Number { value, integer: digits.parse().ok() }),
        _ => Err(Box::new((Problem::NumberTooLarge { literal: text }, Some("`inf` is infinity".to_owned())))),
    }
}

/// Where the suffix begins.
fn end_of_number(text: &str) -> usize {
    let digits = |from: usize| {
        let rest = &text[from..];
        from + rest.find(|c: char| !c.is_ascii_digit() && c != '_').unwrap_or(rest.len())
    };
    let mut end = digits(0);
    if text[end..].starts_with('.') {
        end = digits(end + 1);
    }
    if text[end..].starts_with(['e', 'E']) {
        let sign = usize::from(text[end + 1..].starts_with(['+', '-']));
        let exponent = digits(end + 1 + sign);
        let has_digits = text[end + 1..exponent].contains(|c: char| c.is_ascii_digit());
        return if has_digits { exponent } else { end };
    }
    end
}

/// The value of `0x1F` in our digits.
fn decimal(text: &str) -> Option<u64> {
    let radix = match text.get(..2)? {
        "0x" => 16,
        "0o" => 8,
        _ => 2,
    };
    u64::from_str_radix(&text[2..].replace('_', ""), radix).ok()
}

#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
mod tests {
    use expect_test::{Expect, expect};
    use proc_macro2::Literal;

    use super::{ExprKind, number};

    fn check(text: &str, expected: &Expect) {
        let literal: Literal = text.parse().expect("a literal");
        let answer = match number(&literal) {
            Ok(ExprKind::Number { value, integer }) => format!("{value:?} {integer:?}"),
            Ok(other) => format!("{other:?}"),
            Err(wrong) => format!("{}\nhelp: {}", wrong.0.message(), wrong.1.unwrap_or_default()),
        };
        expected.assert_eq(&answer);
    }

    #[test]
    fn numbers() {
        check("2", &expect!["2.0 Some(2)"]);
        check("1_000", &expect!["1000.0 Some(1000)"]);
        check("0.5", &expect!["0.5 None"]);
        check("2.", &expect!["2.0 None"]);
        check("1e-3", &expect!["0.001 None"]);
        check("1_0.2_5E+1_0", &expect!["102500000000.0 None"]);
        check("9223372036854775807", &expect!["9.223372036854776e18 Some(9223372036854775807)"]);
        check("9223372036854775808", &expect!["9.223372036854776e18 None"]);
    }

    #[test]
    fn suffixes_radices_and_text_are_refused() {
        check(
            "2x",
            &expect![[r#"
            `2x` is a single number with the suffix `x`
            help: `2*x`"#]],
        );
        check(
            "2N",
            &expect![[r#"
            `2N` is a single number with the suffix `N`
            help: `2*N`"#]],
        );
        check(
            "0.5_w",
            &expect![[r#"
            `0.5_w` is a single number with the suffix `w`
            help: `0.5*w`"#]],
        );
        check(
            "1f32",
            &expect![[r#"
            `1f32` is a single number with the suffix `f32`
            help: `1`"#]],
        );
        check(
            "1e3f64",
            &expect![[r#"
            `1e3f64` is a single number with the suffix `f64`
            help: `1e3`"#]],
        );
        check(
            "0x1F",
            &expect![[r#"
            `0x1F`: numbers are written in decimal digits
            help: `31`"#]],
        );
        check(
            "0b10",
            &expect![[r#"
            `0b10`: numbers are written in decimal digits
            help: `2`"#]],
        );
        check(
            "1e999",
            &expect![[r#"
                `1e999` is too large for a number
                help: `inf` is infinity"#]],
        );
        check(
            "\"text\"",
            &expect![[r#"
            `"text"` is not a number: models compute with numbers and truth values
            help: words stand in comments, after `//`"#]],
        );
        check(
            "'c'",
            &expect![[r#"
                `'c'` is not a number: models compute with numbers and truth values
                help: words stand in comments, after `//`"#]],
        );
        check(
            "b'c'",
            &expect![[r#"
                `b'c'` is not a number: models compute with numbers and truth values
                help: words stand in comments, after `//`"#]],
        );
    }
}
