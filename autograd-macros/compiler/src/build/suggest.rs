//! Spelling suggestions: the known name that is nearest to a misspelt one. A guess, so it comes after all that is
//! known.

/// The nearest of the candidates, if it is within two edits (one for short names), or begins with the name. The first
/// of equals wins.
pub(super) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let length = name.chars().count();
    let limit = match length {
        0..=2 => return None,
        3..=5 => 1,
        _ => 2,
    };
    let begins = |candidate: &&str| length > 3 && candidate.starts_with(name) && *candidate != name;
    similar(name, limit, candidates.clone()).or_else(|| candidates.into_iter().find(begins))
}

/// The function that is meant. Their names are many, so only in long ones is a small difference a slip.
pub(super) fn nearest_function<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = match name.chars().count() {
        0..=4 => return None,
        5..=8 => 1,
        _ => 2,
    };
    similar(name, limit, candidates)
}

fn similar<'a>(name: &str, limit: usize, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
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
    use super::{distance, nearest, nearest_function};

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
        assert_eq!(nearest("w3", ["w1", "w2"]), None);
        assert_eq!(nearest("kaiming", ["zeros", "kaiming_uniform"]), Some("kaiming_uniform"));
        assert_eq!(nearest_function("sigmiod", ["softmax", "sigmoid"]), Some("sigmoid"));
        assert_eq!(nearest_function("softmix", ["softmax"]), Some("softmax"));
        assert_eq!(nearest_function("expt", ["exp"]), None);
        assert_eq!(nearest_function("unstacks", ["stack"]), None);
    }
}
