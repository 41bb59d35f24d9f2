//! The functions of the language: one table, a row each. To add a function, add a row.
//!
//! A row is built by Rust (`Rule`) or written in the model language itself (`Model`). The elementary functions have a
//! table of their own ([`crate::ops::elementary`]). The language reference is made from both.

mod activations;
mod arguments;
mod call;
mod construction;
mod densities;
mod einsum;
mod library;
mod losses;
mod places;
mod products;
mod random;
mod reductions;
mod selection;
mod shape;
mod singular;
mod special;

use std::collections::BTreeMap;

pub(super) use arguments::{Bound, Call, bind, counts, signature};

use super::{Builder, Built};
use crate::ops::Function;
use crate::ops::elementary::Kernel;

/// What a function belongs to, in the language reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// One number to one number, element by element.
    Elementary,
    /// Composites of elementary functions, element by element.
    Activation,
    /// Special functions that are others of another argument.
    Special,
    /// Whole axes.
    Reduction,
    /// Truth values and choices.
    Selection,
    /// Axes and shapes.
    Shape,
    /// Tensors out of nothing.
    Construction,
    /// Products of vectors and matrices.
    Product,
    /// What networks are trained with.
    Loss,
    /// Logarithms of densities and probabilities.
    Density,
    /// Reads and sums at places that integers say.
    Place,
    /// Random numbers, of a seed.
    Random,
    /// Layers of networks.
    Network,
    /// Tables, grids and stencils.
    Grid,
    /// Derivatives.
    Derivative,
}

/// A row of the table.
pub(super) struct Row {
    pub(super) name: &'static str,
    /// `x, axis?, *, keep = false`: optional ones end with `?`, those after `*` are given by name only, `xs..` is any
    /// number.
    pub(super) parameters: &'static str,
    pub(super) family: Family,
    pub(super) doc: &'static str,
    pub(super) example: &'static str,
    pub(super) body: Body,
}

/// How a function is built.
pub(super) enum Body {
    /// By Rust.
    Rule(fn(&mut Builder, &Call) -> Built),
    /// By its definition in the model language.
    Model(&'static str),
    /// By a whole function of the model language, which says the shapes of its arguments.
    Library(&'static str),
}

/// Shortens the rows.
const fn rule(
    [name, parameters, doc, example]: [&'static str; 4],
    family: Family,
    build: fn(&mut Builder, &Call) -> Built,
) -> Row {
    Row { name, parameters, family, doc, example, body: Body::Rule(build) }
}

/// Shortens the rows that are written in the model language.
const fn model([name, parameters, doc, example]: [&'static str; 4], family: Family, definition: &'static str) -> Row {
    Row { name, parameters, family, doc, example, body: Body::Model(definition) }
}

const TABLES: &[&[Row]] = &[
    activations::ROWS,
    library::TABLES[0],
    library::TABLES[1],
    library::TABLES[2],
    library::TABLES[3],
    library::TABLES[4],
    library::TABLES[5],
    library::TABLES[6],
    construction::ROWS,
    densities::ROWS,
    einsum::ROWS,
    places::ROWS,
    special::ROWS,
    losses::ROWS,
    products::ROWS,
    random::ROWS,
    reductions::ROWS,
    selection::ROWS,
    shape::ROWS,
    singular::ROWS,
];

/// The rows by name.
pub(super) fn table() -> BTreeMap<&'static str, &'static Row> {
    TABLES.iter().copied().flatten().map(|row| (row.name, row)).collect()
}

/// An elementary function that may be called by its name.
fn elementary(name: &str) -> Option<Function> {
    Function::from_name(name).filter(|&function| is_callable(function))
}

/// Operators have signs; some functions belong to the derivatives, and the parts of a number to products.
fn is_callable(function: Function) -> bool {
    let is_internal = matches!(
        function,
        Function::MulUnlessZero
            | Function::Significand
            | Function::WhereFinite
            | Function::Exponent
            | Function::SlopeOfTanh
            | Function::SlopeOfSigmoid
    );
    !is_internal && !matches!(function.kernel(), Kernel::Operator(_))
}

/// A line of the language reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// `leaky_relu`
    pub name: &'static str,
    /// `leaky_relu(x, slope = 0.01)`
    pub signature: String,
    /// Its section.
    pub family: Family,
    /// One line.
    pub doc: &'static str,
    /// An expression that uses it.
    pub example: String,
    /// Its definition, if it has one in the language.
    pub definition: Option<&'static str>,
}

/// All functions of the language, by family and name.
#[must_use]
pub fn reference() -> Vec<Entry> {
    let mut entries: Vec<Entry> = TABLES.iter().copied().flatten().map(entry).collect();
    let taken: Vec<&str> = entries.iter().map(|entry| entry.name).collect();
    let callable = Function::ALL.iter().copied().filter(|&function| is_callable(function));
    let elementary: Vec<Entry> =
        callable.filter(|function| !taken.contains(&function.name())).map(elementary_entry).collect();
    entries.extend(elementary);
    entries.sort_by_key(|entry| (entry.family, entry.name));
    entries
}

fn entry(row: &Row) -> Entry {
    Entry {
        name: row.name,
        signature: arguments::signature(row.name, row.parameters),
        family: row.family,
        doc: row.doc,
        example: row.example.to_owned(),
        definition: match row.body {
            Body::Model(definition) | Body::Library(definition) => Some(definition),
            Body::Rule(_) => None,
        },
    }
}

fn elementary_entry(function: Function) -> Entry {
    let signature = format!("{}({})", function.name(), function.row().arguments);
    Entry {
        name: function.name(),
        example: elementary_example(function),
        signature,
        family: Family::Elementary,
        doc: function.row().summary.trim().trim_end_matches('.'),
        definition: None,
    }
}

fn elementary_example(function: Function) -> String {
    let rest = ", 2".repeat(function.arity().saturating_sub(1));
    format!("{}(x{rest})", function.name())
}

#[cfg(test)]
mod tests {
    use super::super::tests::build;
    use super::reference;

    #[test]
    fn every_example_is_right() {
        for entry in reference() {
            let model = build(&format!(
                "M<N, D, K, H, W> {{
                    param w: [D];
                    input x: [N, D], z: [N, K], logits: [N, K], label: [N] in K, y: [N], b: [D], a: [D, D];
                    input u: [3], v: [3], r: [3], f: [3];
                    input seed in 1000000;
                    input signal: [N, 4, H], image: [N, 2, H, W], volume: [N, 1, H, W, D], gains: [4], biases: [4];
                    input filter1: [3, 4, 3], filter2: [3, 2, 3, 3], filter3: [3, 1, 3, 3, 3];
                    const gain = 1;
                    const bias = 0;
                    loss = sum(x @ w);
                    out = {};
                }}",
                entry.example
            ));
            if let Err(messages) = model {
                panic!("{}\n{messages}", entry.example);
            }
        }
    }

    #[test]
    fn every_entry_says_what_it_does() {
        for entry in reference() {
            assert!(!entry.doc.is_empty() && !entry.doc.ends_with('.'), "{}: {}", entry.name, entry.doc);
            assert!(entry.example.contains(entry.name), "{}: {}", entry.name, entry.example);
        }
    }
}
