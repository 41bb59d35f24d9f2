//! `einsum("ij,jk->ik", a, b)` of `NumPy` and its kin, said with products, transposes and sums, or else in index notation.

use std::collections::BTreeMap;

use super::super::{Builder, Built, Reported};
use super::Family::Product;
use super::arguments::Call;
use super::{Row, rule};
use crate::diagnostics::Problem;
use crate::graph::{Dim, NodeId};
use crate::syntax::print::source;
use crate::syntax::tree::{Expr, ExprKind};

pub(super) const ROWS: &[Row] = &[rule(
    [
        "einsum",
        "subscripts, operands..",
        "the product of the operands, each axis of which has a letter, summed over the letters that the result lacks; `...` \
         stands for axes in front",
        "einsum(\"nd,de->ne\", x, a)",
    ],
    Product,
    einsum,
)];

fn einsum(builder: &mut Builder, call: &Call) -> Built {
    let exprs: Vec<&Expr> = call.all("operands").collect();
    let ExprKind::Text(subscripts) = &call.get("subscripts").kind else {
        let expected = "letters between quotes";
        let found = super::super::text::quoted(call.get("subscripts"), "an expression");
        let problem = Problem::WrongKind { what: "the first argument of `einsum`".into(), expected, found };
        return Err(builder.error_with_help(call.get("subscripts").span, problem, "`einsum(\"ij,jk->ik\", a, b)`"));
    };
    let values = builder.exprs(exprs.iter().copied())?;
    let values: Vec<NodeId> = values.into_iter().map(|value| builder.real(value)).collect();
    let ranks: Vec<usize> = values.iter().map(|&value| builder.shape(value).len()).collect();
    let spelled = spelled(subscripts, &ranks).map_err(|reason| refused(builder, call, subscripts, reason))?;
    check_sizes(builder, call, &spelled, &exprs, &values)?;
    let names: Vec<String> = (0..values.len()).map(|place| format!("x{place}")).collect();
    let code = translated(&spelled, &names);
    let code =
        code.ok_or_else(|| refused(builder, call, subscripts, "no operand has a letter of the result".into()))?;
    builder.inline_text(call.expr, &spelled, &format!("fn einsum({}) {{ {code} }}", names.join(", ")), &values)
}

fn refused(builder: &mut Builder, call: &Call, subscripts: &str, reason: String) -> Reported {
    let cannot = format!("`einsum` cannot read {subscripts:?}");
    builder.error(call.get("subscripts").span, Problem::ShapesDiffer { cannot, reason })
}

/// The subscripts with a result and without dots; or what is wrong with them for operands of these ranks.
fn spelled(subscripts: &str, ranks: &[usize]) -> Result<String, String> {
    let text: String = subscripts.chars().filter(|letter| !letter.is_whitespace()).collect();
    let (inputs, output) = match text.split_once("->") {
        Some((inputs, output)) => (inputs.to_owned(), Some(output.to_owned())),
        None => (text.clone(), None),
    };
    let terms: Vec<&str> = inputs.split(',').collect();
    if terms.len() != ranks.len() {
        return Err(format!("it has {} terms for {} operands", terms.len(), ranks.len()));
    }
    let letters = |term: &str| term.replacen("...", "", 1);
    let mut most = 0;
    for (term, &rank) in terms.iter().zip(ranks) {
        let own = letters(term);
        if let Some(sign) = own.chars().find(|sign| !sign.is_ascii_alphabetic()) {
            return Err(format!("`{sign}` is no letter"));
        }
        match rank.checked_sub(own.len()) {
            Some(rest) if rest == 0 || term.contains("...") => most = most.max(rest),
            _ => return Err(format!("`{term}` does not fit an operand of {rank} axes")),
        }
    }
    let free = ('a'..='z').chain('A'..='Z').filter(|&letter| !text.contains(letter));
    let dots: String = free.take(most).collect();
    let expanded = terms.iter().zip(ranks).map(|(term, &rank)| {
        let rest = rank - letters(term).len();
        term.replacen("...", &dots[dots.len() - rest..], 1)
    });
    let output =
        output.unwrap_or_else(|| format!("{}{}", if inputs.contains("...") { "..." } else { "" }, implied(&inputs)));
    let output = output.replacen("...", &dots, 1);
    if let Some(letter) = output.chars().find(|letter| !letter.is_ascii_alphabetic()) {
        return Err(format!("`{letter}` is no letter"));
    }
    let expanded = expanded.collect::<Vec<_>>().join(",");
    if let Some(letter) = output.chars().find(|&letter| !expanded.contains(letter)) {
        return Err(format!("no operand has `{letter}`"));
    }
    if let Some(letter) = output.chars().find(|letter| output.matches(*letter).count() > 1) {
        return Err(format!("`{letter}` stands twice in the result"));
    }
    Ok(format!("{expanded}->{output}"))
}

/// A letter has one size.
fn check_sizes(builder: &mut Builder, call: &Call, subscripts: &str, exprs: &[&Expr], values: &[NodeId]) -> Built<()> {
    let inputs = subscripts.split("->").next().unwrap_or_default();
    let mut sizes: BTreeMap<char, (Dim, String)> = BTreeMap::new();
    for ((term, expr), &value) in inputs.split(',').zip(exprs).zip(values) {
        for (letter, extent) in term.chars().zip(builder.shape(value).iter()) {
            let (size, whose) = sizes.entry(letter).or_insert_with(|| (extent.clone(), source(expr)));
            if size != extent {
                let cannot = "cannot multiply in `einsum`".to_owned();
                let reason = format!("`{letter}` is {size} in `{whose}` but {extent} in `{}`", source(expr));
                return Err(builder.error(call.expr.span, Problem::ShapesDiffer { cannot, reason }));
            }
        }
    }
    Ok(())
}

/// What to write for a contraction of operands, if it has a translation: each axis is a letter.
fn translated(subscripts: &str, operands: &[String]) -> Option<String> {
    let subscripts: String = subscripts.chars().filter(|letter| !letter.is_whitespace()).collect();
    let (inputs, output) = match subscripts.split_once("->") {
        Some((inputs, output)) => (inputs, output.to_owned()),
        None => (subscripts.as_str(), implied(&subscripts)),
    };
    let terms: Vec<&str> = inputs.split(',').collect();
    let is_known = output.chars().all(|letter| inputs.contains(letter)) && all_differ(&output);
    let are_letters = terms.iter().chain([&output.as_str()]).all(|term| term.chars().all(char::is_alphabetic));
    if terms.len() != operands.len() || !is_known || !are_letters {
        return None;
    }
    if let Some(code) = product(&canonical(inputs, &output), operands) {
        return Some(code);
    }
    Some(if terms.iter().all(|term| all_differ(term)) && is_aligned(&terms, &output) {
        sum_of_products(&terms, &output, operands)
    } else {
        in_indices(&terms, &output, operands)
    })
}

/// The output that is meant where none is said: the letters that stand once, in order.
fn implied(inputs: &str) -> String {
    let mut letters: Vec<char> = inputs.chars().filter(|&letter| inputs.matches(letter).count() == 1).collect();
    letters.retain(|letter| letter.is_alphabetic());
    letters.sort_unstable();
    letters.into_iter().collect()
}

fn all_differ(term: &str) -> bool {
    term.chars().all(|letter| term.matches(letter).count() == 1)
}

/// The subscripts with the letters `i`, `j`, `k`, … in the order in which they appear.
fn canonical(inputs: &str, output: &str) -> String {
    let mut seen = Vec::new();
    let mut letter = |found: char| {
        if !found.is_alphabetic() {
            return found;
        }
        let place = seen.iter().position(|known| *known == found).unwrap_or_else(|| {
            seen.push(found);
            seen.len() - 1
        });
        (b'i'..=b'z').nth(place).map_or(found, char::from)
    };
    format!("{inputs}->{output}").chars().map(|found| if found == '>' { found } else { letter(found) }).collect()
}

/// What has a function or an operator of its own.
fn product(subscripts: &str, operands: &[String]) -> Option<String> {
    let (a, b) = (operands.first()?, operands.last()?);
    Some(match subscripts {
        "ii->" => format!("trace({a})"),
        "ii->i" => format!("diag({a})"),
        "ij->ji" => format!("{a}.T"),
        "i,i->" => format!("dot({a}, {b})"),
        "i,j->ij" => format!("outer({a}, {b})"),
        "ij,jk->ik" | "ij,j->i" | "i,ij->j" | "ijk,ikl->ijl" => format!("{a} @ {b}"),
        "ij,kj->ik" => format!("{a} @ {b}.T"),
        "ij,ik->jk" | "ij,i->j" => format!("{a}.T @ {b}"),
        _ => return None,
    })
}

/// Whether the operands have the same axes in the same order, those of the output among them, or there is one alone.
fn is_aligned(terms: &[&str], output: &str) -> bool {
    let kept = |term: &str| term.chars().filter(|&letter| output.contains(letter)).eq(output.chars());
    match terms {
        [only] => only.len() == output.len() || kept(only),
        _ => terms.iter().all(|term| *term == terms[0]) && kept(terms[0]),
    }
}

/// The product of all operands, summed over the axes that the output lacks.
fn sum_of_products(terms: &[&str], output: &str, operands: &[String]) -> String {
    if terms[0].len() == output.len() && terms[0] != output {
        return turned(terms[0], output, &operands[0]);
    }
    let gone = terms[0].chars().enumerate().filter(|&(_, letter)| !output.contains(letter));
    summed(&operands.join("*"), &gone.map(|(axis, _)| axis).collect::<Vec<_>>(), terms[0].len())
}

/// An operand with its axes in another order.
fn turned(term: &str, output: &str, operand: &str) -> String {
    let order = output.chars().filter_map(|letter| term.chars().position(|known| known == letter));
    let order: Vec<String> = order.map(|place| place.to_string()).collect();
    format!("permute({operand}, ({}))", order.join(", "))
}

/// `{ let y[i, k] = sum[j](a[i, j]*b[j, k]); y }`
fn in_indices(terms: &[&str], output: &str, operands: &[String]) -> String {
    let list = |letters: &str| letters.chars().map(String::from).collect::<Vec<_>>().join(", ");
    let factors = terms.iter().zip(operands).map(|(term, operand)| match *term {
        "" => operand.clone(),
        term => format!("{operand}[{}]", list(term)),
    });
    let product = factors.collect::<Vec<_>>().join("*");
    let mut gone = String::new();
    for letter in terms.iter().flat_map(|term| term.chars()) {
        if !output.contains(letter) && !gone.contains(letter) {
            gone.push(letter);
        }
    }
    let value = if gone.is_empty() { product } else { format!("sum[{}]({product})", list(&gone)) };
    if output.is_empty() { value } else { format!("{{ let y[{}] = {value}; y }}", list(output)) }
}

/// The sum over some of the axes of a value.
fn summed(value: &str, axes: &[usize], rank: usize) -> String {
    let texts: Vec<String> = axes.iter().map(ToString::to_string).collect();
    match &texts[..] {
        [] => value.to_owned(),
        _ if texts.len() == rank => format!("sum({value})"),
        [axis] => format!("sum({value}, axis = {axis})"),
        axes => format!("sum({value}, axis = ({}))", axes.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::translated;

    #[test]
    fn contractions_have_their_products() {
        for (subscripts, operands, code) in [
            ("ij,jk->ik", &["a", "b"][..], "a @ b"),
            ("nd, d -> n", &["x", "w"], "x @ w"),
            ("ij,jk", &["a", "b"], "a @ b"),
            ("bij,bjk->bik", &["a", "b"], "a @ b"),
            ("ij,kj->ik", &["a", "b"], "a @ b.T"),
            ("ki,kj->ij", &["a", "b"], "a.T @ b"),
            ("i,i", &["a", "b"], "dot(a, b)"),
            ("ij->ji", &["a"], "a.T"),
            ("ij->j", &["a"], "sum(a, axis = 0)"),
            ("ij->", &["a"], "sum(a)"),
            ("ijk->kij", &["a"], "permute(a, (2, 0, 1))"),
            ("ni,nj->nij", &["a", "b"], "{ let y[n, i, j] = a[n, i]*b[n, j]; y }"),
            ("ij,ij->i", &["a", "b"], "sum(a*b, axis = 1)"),
            ("ij,ij->", &["a", "b"], "sum(a*b)"),
            ("i,ij,j->", &["a", "m", "b"], "sum[i, j](a[i]*m[i, j]*b[j])"),
            ("ni,ij,nj->n", &["x", "m", "y"], "{ let y[n] = sum[i, j](x[n, i]*m[i, j]*y[n, j]); y }"),
            ("iij->j", &["a"], "{ let y[j] = sum[i](a[i, i, j]); y }"),
            ("ii->i", &["a"], "diag(a)"),
        ] {
            let operands: Vec<String> = operands.iter().map(ToString::to_string).collect();
            assert_eq!(translated(subscripts, &operands).as_deref(), Some(code), "{subscripts}");
        }
        for subscripts in ["...i,i->...", "ij,jk->il", "ij->ii", "ij,j,k->i"] {
            assert_eq!(translated(subscripts, &["a".to_owned(), "b".to_owned()]), None, "{subscripts}");
        }
    }
}
