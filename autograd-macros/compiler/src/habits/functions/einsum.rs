//! `einsum("ij,jk->ik", a, b)` of `NumPy` and its kin, said with products, transposes and sums.

/// What to write for a contraction of operands, if it has a translation: each axis of an operand has a letter of its own.
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
    terms.iter().all(|term| all_differ(term)).then(|| sum_of_products(&terms, &output, operands))
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

/// The product of all operands, with their axes in one order, summed over those that the output lacks.
fn sum_of_products(terms: &[&str], output: &str, operands: &[String]) -> String {
    let mut all: Vec<char> = output.chars().collect();
    if let [only] = terms
        && only.chars().filter(|&letter| output.contains(letter)).eq(output.chars())
    {
        // What is left keeps its order: no axis need move.
        let gone = only.chars().enumerate().filter(|&(_, letter)| !output.contains(letter));
        return summed(&operands[0], &gone.map(|(axis, _)| axis).collect::<Vec<_>>(), only.len());
    }
    for letter in terms.iter().flat_map(|term| term.chars()) {
        if !all.contains(&letter) {
            all.push(letter);
        }
    }
    let factors = terms.iter().zip(operands).map(|(term, operand)| aligned(term, operand, &all));
    let product = factors.collect::<Vec<_>>().join("*");
    summed(&product, &(output.len()..all.len()).collect::<Vec<_>>(), all.len())
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

/// An operand with its axes in the order of all, and new ones for those that it lacks.
fn aligned(term: &str, operand: &str, all: &[char]) -> String {
    let place = |letter: char| term.chars().position(|known| known == letter);
    let order: Vec<usize> = all.iter().filter_map(|&letter| place(letter)).collect();
    let turned = if order.is_sorted() {
        operand.to_owned()
    } else if order.len() == 2 {
        format!("{operand}.T")
    } else {
        let order: Vec<String> = order.iter().map(ToString::to_string).collect();
        format!("permute({operand}, ({}))", order.join(", "))
    };
    if order.len() == all.len() || order.is_empty() {
        return turned;
    }
    let places: Vec<&str> = all.iter().map(|&letter| if place(letter).is_some() { ".." } else { "new" }).collect();
    format!("{turned}[{}]", super::given::trimmed(places))
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
            ("ni,nj->nij", &["a", "b"], "a[.., .., new]*b[.., new]"),
            ("ij,ij->i", &["a", "b"], "sum(a*b, axis = 1)"),
            ("i,ij,j->", &["a", "m", "b"], "sum(a[.., new]*m*b[new])"),
            ("ni,ij,nj->n", &["x", "m", "y"], "sum(x[.., .., new]*m[new]*y[.., new], axis = (1, 2))"),
            ("ii->i", &["a"], "diag(a)"),
        ] {
            let operands: Vec<String> = operands.iter().map(ToString::to_string).collect();
            assert_eq!(translated(subscripts, &operands).as_deref(), Some(code), "{subscripts}");
        }
        for subscripts in ["...i,i->...", "ij,jk->il", "iij->j", "ij->ii", "ij,j,k->i"] {
            assert_eq!(translated(subscripts, &["a".to_owned(), "b".to_owned()]), None, "{subscripts}");
        }
    }
}
