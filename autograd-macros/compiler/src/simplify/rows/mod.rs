//! The rows, one file for each kind of thing they know.
//!
//! To add a row is to add a line to a `ROWS` list and a case to the tests of its file.

mod algebra;
mod angles;
mod bells;
mod complements;
mod contractions;
mod exponentials;
mod exponents;
mod factoring;
mod fold;
pub(super) mod forms;
mod growths;
mod hyperbolic;
mod kinks;
mod moments;
mod powers;
pub(super) mod products;
mod reads;
mod reductions;
pub(in crate::simplify) mod roots;
mod select;
mod shapes;
mod slices;
pub(super) mod stabilise;

use super::{Class, On, Phase, Rewrite, Row, When};

/// All rows in the order in which they are tried.
pub fn all() -> impl Iterator<Item = &'static Row> {
    [
        fold::ROWS,
        select::ROWS,
        stabilise::ROWS,
        complements::ROWS,
        exponentials::ROWS,
        growths::ROWS,
        bells::ROWS,
        hyperbolic::ROWS,
        angles::ROWS,
        exponents::ROWS,
        kinks::ROWS,
        moments::ROWS,
        roots::ROWS,
        algebra::ROWS,
        products::ROWS,
        powers::ROWS,
        factoring::ROWS,
        reductions::ROWS,
        contractions::ROWS,
        reads::ROWS,
        shapes::ROWS,
        slices::ROWS,
    ]
    .into_iter()
    .flatten()
}

const fn exact(name: &'static str, on: On, rewrite: Rewrite) -> Row {
    Row { name, class: Class::Exact, when: When::Always, on, rewrite }
}

const fn reassociates(name: &'static str, on: On, rewrite: Rewrite) -> Row {
    Row { name, class: Class::Reassociates, when: When::Always, on, rewrite }
}

/// Where all derivatives are built: the value is that of the other form, its derivative goes another way, and may leave the
/// range on it.
const fn finally(name: &'static str, on: On, rewrite: Rewrite) -> Row {
    Row { name, class: Class::Reassociates, when: When::Only(Phase::Final), on, rewrite }
}

const fn stabilises(name: &'static str, on: On, rewrite: Rewrite) -> Row {
    Row { name, class: Class::Stabilises, when: When::Always, on, rewrite }
}

const fn domain(name: &'static str, on: On, otherwise: &'static str, rewrite: Rewrite) -> Row {
    Row { name, class: Class::Domain(otherwise), when: When::Always, on, rewrite }
}
