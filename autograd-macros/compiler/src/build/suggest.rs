//! "Did you mean": the known name that is nearest to a misspelt one.

/// The nearest of the candidates, if it is within two edits (one for short names), or begins with the name. The first
/// of equals wins.
pub(super) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let begins = |candidate: &&str| name.len() > 3 && candidate.starts_with(name) && *candidate != name;
    similar(name, candidates.clone()).or_else(|| candidates.into_iter().find(begins))
}

fn similar<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = if name.chars().count() < 4 { 1 } else { 2 };
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let length = name.len().abs_diff(candidate.len());
        if length > limit || candidate == name || candidate.chars().count() <= limit {
            continue;
        }
        let distance = distance(name, candidate);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// What people from Rust and Python write for what the language calls otherwise.
pub(super) fn habit(function: &str) -> Option<&'static str> {
    Some(match function {
        "powf" | "powi" | "power" => "write `x^n`",
        "ln" => "write `log(x)`",
        "ln_1p" => "write `log1p(x)`",
        "exp_m1" => "write `expm1(x)`",
        "logit" => "write `log(p / (1 - p))`",
        "square" | "abs2" | "sqr" => "write `x^2`",
        "recip" | "reciprocal" => "write `1 / x`",
        "matmul" | "mm" | "bmm" => "write `a @ b`",
        "add" => "write `a + b`",
        "sub" => "write `a - b`",
        "mul" => "write `a * b`",
        "div" => "write `a / b`",
        "neg" => "write `-x`",
        "signum" => "did you mean `sign`?",
        "maximum" => "did you mean `max`?",
        "minimum" => "did you mean `min`?",
        "average" => "did you mean `mean`?",
        "arcsin" => "did you mean `asin`?",
        "arccos" => "did you mean `acos`?",
        "arctan" => "did you mean `atan`?",
        "arctan2" => "did you mean `atan2`?",
        "swish" => "did you mean `silu`?",
        "detach" | "no_grad" => "did you mean `stop_gradient`?",
        "gradient" | "gradients" | "backward" => "write `grad(y, x)`",
        "concatenate" | "cat" | "hstack" | "vstack" => "write `concat([a, b], axis = 0)`",
        "permute_axes" | "swapaxes" => "write `permute(x, (1, 0, 2))`",
        "expand" | "broadcast_to" => "write `broadcast(x, [N, D])`",
        "squeeze" | "unsqueeze" | "expand_dims" => "write `x[.., new]` or `reshape(x, [N, 1])`",
        "view" | "flatten" => "write `reshape(x, [N * D])`",
        "arange" | "range" => "did you mean `iota`?",
        _ => return None,
    })
}

/// Edits (insert, delete, replace, swap neighbours) from one to the other.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = vec![i + 1; b.len() + 1];
        for (j, &y) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(x != y);
            row[j + 1] = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn counts_edits() {
        assert_eq!(distance("hiden", "hidden"), 1);
        assert_eq!(distance("sigmiod", "sigmoid"), 1);
        assert_eq!(distance("abc", "xyz"), 3);
        assert_eq!(distance("", "ab"), 2);
    }

    #[test]
    fn suggests_only_what_is_near() {
        assert_eq!(nearest("hiden", ["x", "hidden", "w1"]), Some("hidden"));
        assert_eq!(nearest("q", ["x", "y"]), None);
        assert_eq!(nearest("w3", ["w1", "w2"]), Some("w1"));
    }
}
