//! Functions under the names that `NumPy`, `PyTorch`, JAX, `TensorFlow`, `SciPy`, Keras, Stan, `CasADi` and Rust give
//! them.
//!
//! ```text
//! expit    → sigmoid                          the same: accepted
//! clip     → clamp({x}, {low}, {high})        said otherwise: refused, with this of the user's own arguments
//! tril     → where(iota(N)[.., new] >= …)     the same, where the answer depends on shapes
//! svd      → "not supported yet"              refused by name
//! ```

mod densities;
mod elementwise;
mod extra;
mod given;
mod losses;
mod missing;
mod reductions;
mod shapes;

pub use extra::{extra, without_meaning};
pub use given::{Argument, Given, places};

/// What a name means here.
#[derive(Clone, Copy)]
pub enum Meaning {
    /// A function of the language with the same arguments and values: accepted.
    Same(&'static str),
    /// An expression: the parameters (`x, low|min, axis?`: further names after `|`, optional ones with `?`), and a
    /// template of them (see [`Given::fill`]).
    Write(&'static str, &'static str),
    /// An expression that depends on the arguments; the words are for where there is none.
    Make(fn(&Given) -> Option<String>, &'static str),
    /// Not in the language yet; the words, if there are any, say what to do until then.
    Missing(&'static str),
    /// Words.
    Say(&'static str),
}

/// Names of one meaning.
pub type Row = (&'static [&'static str], Meaning);

/// All rows, by subject.
pub const TABLES: &[&[Row]] =
    &[elementwise::ROWS, reductions::ROWS, shapes::ROWS, losses::ROWS, densities::ROWS, missing::ROWS];

/// What a function's name means, if it is one that people bring along.
#[must_use]
pub fn meaning(name: &str) -> Option<Meaning> {
    let mut rows = TABLES.iter().copied().flatten();
    rows.find(|(names, _)| names.contains(&name)).map(|(_, meaning)| *meaning)
}

/// Every name that is accepted for another, with that one; sorted.
#[must_use]
pub fn synonyms() -> Vec<(&'static str, &'static str)> {
    let rows = TABLES.iter().copied().flatten();
    let mut all: Vec<(&str, &str)> = rows
        .filter_map(|(names, meaning)| match meaning {
            Meaning::Same(target) => Some(names.iter().map(|name| (*name, *target))),
            Meaning::Write(..) | Meaning::Make(..) | Meaning::Missing(_) | Meaning::Say(_) => None,
        })
        .flatten()
        .collect();
    all.sort_unstable();
    all
}

#[cfg(test)]
mod tests {
    use super::TABLES;

    #[test]
    fn no_name_has_two_rows() {
        let mut seen = Vec::new();
        for name in TABLES.iter().copied().flatten().flat_map(|(names, _)| *names) {
            assert!(!seen.contains(&name), "{name}");
            seen.push(name);
        }
    }
}
