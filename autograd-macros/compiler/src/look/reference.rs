//! The tables of the language reference, from the compiler's own: functions, initialisers, constants.
//!
//! ```text
//! | `relu(x)` | `max(x, 0)`; the derivative at 0 is 0 | all x; kink at 0: … |
//! ```

use std::collections::BTreeMap;
use std::fmt::Write;

use super::pages;
use crate::build::{CONSTANTS, Entry, Family, INITIALISERS, reference};
use crate::ops::Function;

/// Writes the tables of a reference anew.
#[must_use]
pub fn renew(text: &str) -> String {
    pages::renew(text, table)
}

fn table(name: &str) -> String {
    match name {
        "functions" => functions(),
        "initialisers" => initialisers(),
        "constants" => constants(),
        "synonyms" => synonyms(),
        _ => format!("There is no table `{name}`.\n"),
    }
}

fn functions() -> String {
    let mut text = String::new();
    let mut entries = reference().into_iter().peekable();
    while let Some(family) = entries.peek().map(|entry| entry.family) {
        let (title, has_notes) = title(family);
        let _ = writeln!(text, "### {title}\n");
        text.push_str(if has_notes {
            "| function | what it computes | domain and conventions |\n|---|---|---|\n"
        } else {
            "| function | what it computes | example |\n|---|---|---|\n"
        });
        while let Some(entry) = entries.next_if(|entry| entry.family == family) {
            let last = if has_notes { notes(&entry) } else { format!("`{}`", entry.example) };
            row(&mut text, &[&format!("`{}`", entry.signature), &small(entry.doc), &last]);
        }
        text.push('\n');
    }
    text.trim_end().to_owned() + "\n"
}

/// `The cosine` → `the cosine`
fn small(doc: &str) -> String {
    match doc.split_once(' ') {
        Some((first @ ("The" | "One"), rest)) => format!("{} {rest}", first.to_lowercase()),
        _ => doc.to_owned(),
    }
}

/// The title of a family, and whether conventions are worth more than an example.
fn title(family: Family) -> (&'static str, bool) {
    match family {
        Family::Elementary => ("Elementary functions", true),
        Family::Activation => ("Activations", false),
        Family::Reduction => ("Along axes", false),
        Family::Selection => ("Truth values and choices", false),
        Family::Shape => ("Shapes", false),
        Family::Construction => ("Tensors out of nothing", false),
        Family::Product => ("Products", false),
        Family::Loss => ("Losses", false),
        Family::Density => ("Log-densities and log-probabilities", false),
        Family::Special => ("Special functions of others", false),
        Family::Place => ("Places", false),
        Family::Random => ("Random numbers", false),
        Family::Network => ("Layers of networks", false),
        Family::Grid => ("Tables, grids and stencils", false),
        Family::Derivative => ("Derivatives", false),
    }
}

/// Where a function is defined, and what it answers at the edge.
fn notes(entry: &Entry) -> String {
    let Some(row) = Function::from_name(entry.name).filter(|_| entry.definition.is_none()).map(Function::row) else {
        return "all x".to_owned();
    };
    if row.notes.is_empty() { row.domain.to_owned() } else { format!("{}; {}", row.domain, row.notes) }
}

fn initialisers() -> String {
    let mut text = "| initialiser | where parameters start |\n|---|---|\n".to_owned();
    for (name, arguments, what) in INITIALISERS {
        row(&mut text, &[&format!("`{name}({arguments})`"), what]);
    }
    text
}

fn constants() -> String {
    let mut text = "| name | value |\n|---|---|\n".to_owned();
    for (name, value, what) in CONSTANTS {
        let what = if value.is_finite() { format!("{value}: {what}") } else { (*what).to_owned() };
        row(&mut text, &[&format!("`{name}`"), &what]);
    }
    text
}

/// The functions that have other names too, with those.
fn synonyms() -> String {
    let known: Vec<&str> = reference().into_iter().map(|entry| entry.name).collect();
    let mut names: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (name, target) in crate::habits::functions::synonyms() {
        if known.contains(&target) {
            names.entry(target).or_default().push(format!("`{name}`"));
        }
    }
    let mut text = "| function | also |\n|---|---|\n".to_owned();
    for (target, names) in names {
        row(&mut text, &[&format!("`{target}`"), &names.join(", ")]);
    }
    text
}

fn row(text: &mut String, cells: &[&str]) {
    for cell in cells {
        let _ = write!(text, "| {} ", cell.replace('|', "\\|"));
    }
    text.push_str("|\n");
}

#[cfg(test)]
mod tests {
    use super::{pages, renew};

    #[test]
    fn the_reference_is_current() {
        pages::tests::check("LANGUAGE.md", renew);
    }

    #[test]
    fn bars_do_not_split_cells() {
        let mut text = String::new();
        super::row(&mut text, &["`|x|`", "b"]);
        assert_eq!(text, "| `\\|x\\|` | b |\n");
    }
}
