//! `einsum("ij,jk->ik", a, b)` of `NumPy` and its kin, said with products, transposes and sums, or else in index notation.

/// What to write for a contraction of operands, if it has a translation: each axis is a letter.
#[must_use]
pub fn translated(subscripts: &str, operands: &[String]) -> Option<String> {
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
