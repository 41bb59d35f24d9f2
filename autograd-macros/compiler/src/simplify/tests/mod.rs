//! Every row: what it makes of a graph, and that the meaning stays.
//!
//! A [`Case`] is an example of one row, a line: an expression and what that row alone makes of it, as
//! [`notation`](crate::graph::notation) has them. Both are evaluated as the row's [`Class`] promises. A row without a case
//! fails a test.

mod accuracy;
mod axes;
mod boxes;
mod choices;
mod complements;
mod confident;
mod contractions;
mod distances;
mod early;
mod exponentials;
mod exponents;
mod factoring;
mod folding;
mod growths;
mod hyperbolic;
mod kinks;
mod legal;
mod logarithms;
mod magnitudes;
mod models;
mod norms;
mod powers;
mod products;
mod programs;
mod random;
mod reads;
mod reductions;
mod roots;
mod seams;
mod spelled;
mod spellings;
mod sums;
mod truths;

use std::collections::BTreeSet;

use super::rewriter::Table;
use super::{Class, Row, interned, legalise, rebuild, rows};
use crate::graph::notation::{Notation, write};
use crate::graph::{Dim, NodeId, Region, Shape, Type};
use crate::interpret::{Environment, Tensor, evaluate};
use crate::ops::{LeafKind, Op};
use crate::testing::random::Random;
use crate::testing::sizes;

/// An example of a row: what it is about, and what the row alone makes of that.
struct Case {
    row: &'static str,
    before: &'static str,
    after: &'static str,
}

fn row(row: &'static str, before: &'static str, after: &'static str) -> Case {
    Case { row, before, after }
}

/// All rows, those of `legalise` too.
fn all_rows() -> impl Iterator<Item = &'static Row> {
    rows::all().chain(legalise::ROWS)
}

impl Case {
    fn row(&self) -> &'static Row {
        all_rows().find(|row| row.name == self.row).unwrap_or_else(|| panic!("a row `{}`", self.row))
    }

    fn read(&self, notation: &mut Notation, text: &str) -> NodeId {
        notation.read(text).unwrap_or_else(|problem| panic!("row `{}`: {problem}\n{text}", self.row))
    }

    fn before(&self) -> (Region, NodeId) {
        let mut notation = Notation::default();
        let y = self.read(&mut notation, self.before);
        (notation.region, y)
    }

    /// What the row alone makes of it.
    fn after(&self) -> (Region, NodeId) {
        let (region, y) = self.before();
        let (after, results) = rebuild(&region, &[y], &Table::of([self.row()]));
        (after, results[0])
    }

    fn check_text(&self) {
        let mut notation = Notation::default();
        let y = self.read(&mut notation, self.before);
        let expected = self.read(&mut notation, self.after);
        let (after, z) = self.after();
        let found = interned(&mut notation.region, &after, &[z])[0];
        assert_ne!(found, y, "row `{}` applies", self.row);
        if found != expected {
            let texts = write(&notation.region, &[y, found]).join("\n");
            panic!("row `{}` makes something else of the first than the second:\n{texts}", self.row);
        }
    }

    fn check_meaning(&self) {
        let row = self.row();
        let mut random = Random::of(self.row);
        let sides = [self.before(), self.after()];
        for trial in 0..60 {
            let special = trial % 2 == 1;
            match row.class {
                Class::Exact => self.compare(&sides, &mut random, if special { SPECIAL } else { &[] }, 0.0),
                Class::Reassociates if special => self.compare(&sides, &mut random, SMALL_INTEGERS, 1e-14),
                Class::Reassociates | Class::Domain(_) => self.compare(&sides, &mut random, &[], 1e-14),
                Class::Stabilises => self.compare(&sides, &mut random, &[], 1e-12),
            }
        }
    }

    /// Evaluates both sides where the leaves are drawn from `pool`, or between ½ and 2 if that is empty: the tolerance is
    /// by the largest term, which is about 1 or the result.
    fn compare(&self, sides: &[(Region, NodeId); 2], random: &mut Random, pool: &[f64], tolerance: f64) {
        let environment = environment(random, &sides[0].0, pool);
        let [a, b] = sides.each_ref().map(|(region, y)| evaluate(region, &[*y], &environment).remove(0));
        assert_eq!(a.shape, b.shape, "row `{}`", self.row);
        for (a, b) in a.data.iter().zip(&b.data) {
            let is_exact = self.row().class == Class::Exact;
            let is_near = !is_exact && (a - b).abs() <= tolerance * a.abs().max(1.0);
            let same = is_near || a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan());
            assert!(same, "row `{}`: {a:e} became {b:e} at {:?}", self.row, environment.values);
        }
    }
}

/// Where identities break.
const SPECIAL: &[f64] = &[
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    3.0,
    -7.25,
    1e300,
    -1e-300,
    5e-324,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    f64::MAX,
];

/// Where sums and products are exact in any order.
const SMALL_INTEGERS: &[f64] = &[1.0, -1.0, 2.0, -2.0, 4.0, -4.0];

/// A number of the pool, or between ½ and 2 if that is empty.
fn value(random: &mut Random, pool: &[f64]) -> f64 {
    if pool.is_empty() { random.between(0.5, 2.0) } else { random.pick(pool) }
}

/// Values for all leaves, of the pool or between ½ and 2.
fn environment(random: &mut Random, region: &Region, pool: &[f64]) -> Environment {
    let mut environment = sizes();
    for (_, node) in region.iter() {
        if let Op::Leaf(leaf) = &node.op {
            let shape = environment.shape(&leaf.ty.shape);
            let tensor = Tensor::from_fn(shape, |_| value(random, pool));
            environment.values.insert(leaf.name.to_string(), tensor);
        }
    }
    environment
}

/// A shape from names and numbers: `N D`, `N 1`.
fn shape(text: &str) -> Shape {
    text.split_whitespace().map(|dim| dim.parse().map_or_else(|_| Dim::name(dim), Dim::constant)).collect()
}

/// An input of that shape.
fn leaf(r: &mut Region, name: &str, text: &str) -> NodeId {
    r.leaf(LeafKind::Input, name, Type::real(shape(text)))
}

/// An input `u`, `v`, `w` of rank 0.
fn scalar(r: &mut Region, name: &str) -> NodeId {
    leaf(r, name, "")
}

fn all_cases() -> Vec<Case> {
    let families = [
        axes::cases(),
        boxes::cases(),
        choices::cases(),
        complements::cases(),
        contractions::cases(),
        exponentials::cases(),
        exponents::cases(),
        factoring::cases(),
        folding::cases(),
        hyperbolic::cases(),
        kinks::cases(),
        legal::cases(),
        logarithms::cases(),
        powers::cases(),
        products::cases(),
        reads::cases(),
        reductions::cases(),
        roots::cases(),
        spelled::cases(),
        sums::cases(),
    ];
    families.into_iter().flatten().collect()
}

#[test]
fn every_row_has_a_case() {
    let tested: BTreeSet<&str> = all_cases().iter().map(|case| case.row).collect();
    let untested: Vec<&str> = all_rows().map(|row| row.name).filter(|name| !tested.contains(name)).collect();
    assert!(untested.is_empty(), "rows without a case: {untested:?}");
}

#[test]
fn row_names_are_unique() {
    let names: Vec<&str> = all_rows().map(|row| row.name).collect();
    let distinct: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(names.len(), distinct.len());
    assert!(legalise::ALSO.iter().all(|name| distinct.contains(name)));
}

#[test]
fn rows_do_what_the_text_says() {
    for case in all_cases() {
        case.check_text();
    }
}

#[test]
fn rows_keep_the_meaning() {
    for case in all_cases() {
        case.check_meaning();
    }
}
