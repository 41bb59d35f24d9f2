//! `LaTeX`: formulas as the lines of an `align*` of amsmath, and the escapes of its text.

use std::fmt::Write;

use super::form::Form;
use super::formula::Line;
use super::typeset::{self, GREEK, Math, THIN};

/// The lines, aligned at their signs of equality. Needs `amsmath`.
#[must_use]
pub fn lines(lines: &[Line]) -> String {
    let lines: Vec<String> =
        lines.iter().map(|line| format!("  {} &= {}", form(&line.head), form(&line.form))).collect();
    format!("\\begin{{align*}}\n{}\n\\end{{align*}}\n", lines.join(" \\\\\n"))
}

/// One formula, to stand between `$` and `$`.
#[must_use]
pub fn form(form: &Form) -> String {
    let mut text = String::new();
    write(&typeset::form(form), &mut text);
    text.trim_end().to_owned()
}

/// Text in which no letter is a command.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '{' | '}' | '$' | '&' | '#' | '_' | '%' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            '…' => escaped.push_str("\\ldots{}"),
            '·' => escaped.push_str("$\\cdot$"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

/// Functions that `LaTeX` has a command for.
const FUNCTIONS: &[&str] =
    &["exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan", "arcsin", "arccos", "max", "min", "det"];

fn write(math: &Math, text: &mut String) {
    let _ = match math {
        Math::Letter(letter) => match GREEK.iter().find(|(greek, _)| greek == letter) {
            Some((_, name)) => write!(text, "\\{name} "),
            None if *letter == '…' => write!(text, "\\ldots "),
            None if letter.is_ascii_alphanumeric() => write!(text, "{letter}"),
            None => write!(text, "\\text{{{}}}", escape(&letter.to_string())),
        },
        Math::Upright(name) => write!(text, "\\mathrm{{{}}}", escape(name)),
        Math::Function(name) if FUNCTIONS.contains(&name.as_str()) => write!(text, "\\{name}"),
        Math::Function(name) => write!(text, "\\operatorname{{{}}}", escape(name)),
        Math::Number(digits, exponent) => {
            let digits = digits.replace('−', "-").replace('∞', "\\infty ");
            match exponent {
                Some(exponent) => write!(text, "{digits} \\times 10^{{{}}}", exponent.replace('−', "-")),
                None => write!(text, "{digits}"),
            }
        }
        Math::Prefix("−") => write!(text, "-"),
        Math::Sign(sign) | Math::Prefix(sign) => write!(text, "{}", command(sign)),
        Math::Words(words) => write!(text, "\\text{{{}}}", escape(words)),
        Math::Row(parts) => {
            for part in parts {
                write(part, text);
            }
            Ok(())
        }
        Math::Over(above, below) => write!(text, "\\frac{{{}}}{{{}}}", piece(above), piece(below)),
        Math::Root(inner) => write!(text, "\\sqrt{{{}}}", piece(inner)),
        Math::Sub(base, index) => write!(text, "{}_{{{}}}", piece(base).trim_end(), piece(index)),
        Math::Super(base, power) => write!(text, "{{{}}}^{{{}}}", piece(base), piece(power)),
        Math::Fence(open, inner, close) if !inner.is_tall() => {
            write!(text, "{}{}{}", bracket(open), piece(inner), bracket(close).trim_end())
        }
        Math::Fence(open, inner, close) => {
            write!(text, "\\left{}{}\\right{}", bracket(open), piece(inner), bracket(close))
        }
        Math::Cases(parts) => {
            let [yes, condition, no] = &**parts;
            let [yes, condition, no] = [yes, condition, no].map(piece);
            write!(text, "\\begin{{cases}}{yes} & \\text{{if }} {condition} \\\\ {no} & \\text{{else}}\\end{{cases}}")
        }
    };
}

fn piece(math: &Math) -> String {
    let mut text = String::new();
    write(math, &mut text);
    text.trim_end().to_owned()
}

fn bracket(sign: &str) -> &str {
    match sign {
        "‖" => "\\Vert ",
        "⌊" => "\\lfloor ",
        "⌋" => "\\rfloor ",
        "⌈" => "\\lceil ",
        "⌉" => "\\rceil ",
        _ => sign,
    }
}

fn command(sign: &'static str) -> &'static str {
    match sign {
        THIN => " \\, ",
        "·" => " \\cdot ",
        "−" => " - ",
        "+" => " + ",
        "," => ",\\, ",
        "≤" => " \\le ",
        "<" => " < ",
        "=" => " = ",
        "≠" => " \\ne ",
        "∧" => " \\land ",
        "∨" => " \\lor ",
        "¬" => "\\lnot ",
        "∂" => "\\partial ",
        "∑" => "\\sum",
        "∏" => "\\prod",
        "⊤" => "\\top",
        _ => sign,
    }
}

#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
mod tests {
    use expect_test::{Expect, expect};

    use crate::look::{formula, mathml};
    use crate::testing::models::compiled;

    fn check(text: &str, latex: &Expect, mathml: &Expect) {
        let (model, _) = compiled(text);
        let lines = formula::formulas(&model.region, &formula::outputs(&model));
        latex.assert_eq(&super::lines(&lines));
        mathml.assert_eq(&lines.iter().map(|line| mathml::form(&line.form)).collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn fractions_roots_indices_and_brackets() {
        check(
            "M<N, D> { param w1: [D], sigma = 1; input x_obs: [N, D], y: [N];
                let f = x_obs @ w1; loss = sum((f - y)^2) / (2 * sigma^2) + sqrt(sigma) - abs(sigma) * (1e-30 - sigma); }",
            &expect![[r#"
                \begin{align*}
                  f &= x_{\mathrm{obs}} \, w_{1} \\
                  \mathrm{loss} &= 0.5 \, \frac{\sum({(f - y)}^{2})}{{\sigma}^{2}} + \sqrt{\sigma} - |\sigma| \cdot (1 \times 10^{-30} - \sigma)
                \end{align*}
            "#]],
            &expect![[r#"
                <mrow><mrow><msub><mi>x</mi><mrow><mi mathvariant="normal">obs</mi></mrow></msub><mspace width="0.2em"/><msub><mi>w</mi><mrow><mn>1</mn></mrow></msub></mrow></mrow>
                <mrow><mrow><mrow><mrow><mn>0.5</mn><mspace width="0.2em"/><mfrac><mrow><mo>∑</mo><mrow><mo form="prefix" stretchy="false">(</mo><mrow><msup><mrow><mo form="prefix" stretchy="false">(</mo><mrow><mi>f</mi><mo>−</mo><mi>y</mi></mrow><mo form="postfix" stretchy="false">)</mo></mrow><mn>2</mn></msup></mrow><mo form="postfix" stretchy="false">)</mo></mrow></mrow><msup><mi>σ</mi><mn>2</mn></msup></mfrac></mrow><mo>+</mo><msqrt><mrow><mi>σ</mi></mrow></msqrt></mrow><mo>−</mo><mrow><mrow><mo form="prefix" stretchy="false">|</mo><mrow><mi>σ</mi></mrow><mo form="postfix" stretchy="false">|</mo></mrow><mo>·</mo><mrow><mo form="prefix" stretchy="false">(</mo><mrow><mrow><mn>1</mn><mo>×</mo><msup><mn>10</mn><mn>−30</mn></msup></mrow><mo>−</mo><mi>σ</mi></mrow><mo form="postfix" stretchy="false">)</mo></mrow></mrow></mrow></mrow>"#]],
        );
    }

    #[test]
    fn choices_axes_and_escapes() {
        check(
            "M<N, K> { param a_b_c: [N, K]; input t: [N] in K;
                p = softmax(a_b_c, K); m = max(a_b_c, axis = K); c = if m < 0 { -m } else { m^2 };
                loss = mean(cross_entropy(a_b_c, t)) + a_b_c[0, 0]; }",
            &expect![[r#"
                \begin{align*}
                  p &= \operatorname{softmax}_{K}(a_{b,\, c}) \\
                  m &= \max_{K}(a_{b,\, c}) \\
                  c &= \begin{cases}-m & \text{if } m < 0 \\ {m}^{2} & \text{else}\end{cases} \\
                  \mathrm{loss} &= \operatorname{mean}(\operatorname{cross\_entropy}(a_{b,\, c},\, t)) + a_{b,\, c}[\text{0, 0}]
                \end{align*}
            "#]],
            &expect![[r#"
                <mrow><mrow><msub><mi mathvariant="normal">softmax</mi><mi>K</mi></msub><mrow><mo form="prefix" stretchy="false">(</mo><mrow><msub><mi>a</mi><mrow><mi>b</mi><mo separator="true">,</mo><mi>c</mi></mrow></msub></mrow><mo form="postfix" stretchy="false">)</mo></mrow></mrow></mrow>
                <mrow><mrow><msub><mi mathvariant="normal">max</mi><mi>K</mi></msub><mrow><mo form="prefix" stretchy="false">(</mo><mrow><msub><mi>a</mi><mrow><mi>b</mi><mo separator="true">,</mo><mi>c</mi></mrow></msub></mrow><mo form="postfix" stretchy="false">)</mo></mrow></mrow></mrow>
                <mrow><mrow><mo form="prefix" stretchy="true">{</mo><mtable><mtr><mtd><mrow><mo form="prefix">−</mo><mi>m</mi></mrow></mtd><mtd><mtext>if&#160;</mtext><mrow><mi>m</mi><mo>&lt;</mo><mn>0</mn></mrow></mtd></mtr><mtr><mtd><msup><mi>m</mi><mn>2</mn></msup></mtd><mtd><mtext>else</mtext></mtd></mtr></mtable></mrow></mrow>
                <mrow><mrow><mrow><mi mathvariant="normal">mean</mi><mrow><mo form="prefix" stretchy="false">(</mo><mrow><mrow><mi mathvariant="normal">cross_entropy</mi><mrow><mo form="prefix" stretchy="false">(</mo><mrow><msub><mi>a</mi><mrow><mi>b</mi><mo separator="true">,</mo><mi>c</mi></mrow></msub><mo separator="true">,</mo><mi>t</mi></mrow><mo form="postfix" stretchy="false">)</mo></mrow></mrow></mrow><mo form="postfix" stretchy="false">)</mo></mrow></mrow><mo>+</mo><mrow><msub><mi>a</mi><mrow><mi>b</mi><mo separator="true">,</mo><mi>c</mi></mrow></msub><mrow><mo form="prefix" stretchy="false">[</mo><mtext>0, 0</mtext><mo form="postfix" stretchy="false">]</mo></mrow></mrow></mrow></mrow>"#]],
        );
    }

    #[test]
    fn no_letter_is_a_command() {
        assert_eq!(
            super::escape("a_b & 50% {$#} \\^~"),
            "a\\_b \\& 50\\% \\{\\$\\#\\} \\textbackslash{}\\textasciicircum{}\\textasciitilde{}"
        );
        assert_eq!(mathml::escape("<a & \"b\">"), "&lt;a &amp; &quot;b&quot;&gt;");
    }
}
