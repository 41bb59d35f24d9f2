//! `MathML` Core: formulas as browsers typeset them, and the escapes of its text.

use super::form::Form;
use super::formula::Line;
use super::typeset::{self, Math, THIN};

/// A line as a row of a table of three columns: head, sign, formula.
#[must_use]
pub fn line(line: &Line) -> String {
    let cell =
        |class: &str, inner: &str| format!("<td class=\"{class}\"><math displaystyle=\"true\">{inner}</math></td>");
    let (head, sign, form) = (form(&line.head), "<mo>=</mo>".to_owned(), form(&line.form));
    format!("<tr>{}{}{}</tr>\n", cell("head", &head), cell("sign", &sign), cell("form", &form))
}

/// One formula, to stand in `<math>`.
#[must_use]
pub fn form(form: &Form) -> String {
    format!("<mrow>{}</mrow>", print(&typeset::form(form)))
}

/// Text in which no letter is markup.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn print(math: &Math) -> String {
    match math {
        Math::Letter(letter) => format!("<mi>{}</mi>", escape(&letter.to_string())),
        Math::Upright(name) | Math::Function(name) => format!("<mi mathvariant=\"normal\">{}</mi>", escape(name)),
        Math::Number(digits, None) => format!("<mn>{}</mn>", escape(digits)),
        Math::Number(digits, Some(exponent)) => format!(
            "<mrow><mn>{}</mn><mo>×</mo><msup><mn>10</mn><mn>{}</mn></msup></mrow>",
            escape(digits),
            escape(exponent)
        ),
        Math::Sign(THIN) => "<mspace width=\"0.2em\"/>".to_owned(),
        Math::Prefix("∂") => "<mi>∂</mi>".to_owned(),
        Math::Sign(",") => "<mo separator=\"true\">,</mo>".to_owned(),
        Math::Sign(sign) => format!("<mo>{}</mo>", escape(sign)),
        Math::Prefix(sign) => format!("<mo form=\"prefix\">{}</mo>", escape(sign)),
        Math::Words(words) => format!("<mtext>{}</mtext>", escape(words)),
        Math::Row(parts) => format!("<mrow>{}</mrow>", parts.iter().map(print).collect::<String>()),
        Math::Over(above, below) => format!("<mfrac>{}{}</mfrac>", print(above), print(below)),
        Math::Root(inner) => format!("<msqrt>{}</msqrt>", print(inner)),
        Math::Sub(base, index) if matches!(**base, Math::Sign(_)) => {
            format!("<munder>{}{}</munder>", print(base), print(index))
        }
        Math::Sub(base, index) => format!("<msub>{}{}</msub>", print(base), print(index)),
        Math::Super(base, power) => format!("<msup>{}{}</msup>", print(base), print(power)),
        Math::Fence(open, inner, close) => {
            let grows = inner.is_tall();
            let bracket = |form: &str, sign: &str| format!("<mo form=\"{form}\" stretchy=\"{grows}\">{sign}</mo>");
            format!("<mrow>{}{}{}</mrow>", bracket("prefix", open), print(inner), bracket("postfix", close))
        }
        Math::Cases(parts) => {
            let [yes, condition, no] = &**parts;
            let [yes, condition, no] = [yes, condition, no].map(print);
            format!(
                "<mrow><mo form=\"prefix\" stretchy=\"true\">{{</mo><mtable>\
                 <mtr><mtd>{yes}</mtd><mtd><mtext>if&#160;</mtext>{condition}</mtd></mtr>\
                 <mtr><mtd>{no}</mtd><mtd><mtext>else</mtext></mtd></mtr></mtable></mrow>"
            )
        }
    }
}
