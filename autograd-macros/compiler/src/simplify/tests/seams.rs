//! Derivatives to the third, in both modes and mixtures of them, against true ones: at the seams of rewrites and rules.
//!
//! The cases are those of `tests/reference/seams.py`, which says how the truth was computed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::super::rows;
use super::{Case, SMALL_INTEGERS, all_cases, environment, scalar, value};
use crate::differentiate::{jvp, vjp};
use crate::graph::{Elem, NodeId, Region, Type};
use crate::interpret::{Environment, Tensor, evaluate};
use crate::ops::elementary::Derivative;
use crate::ops::{Function, LeafKind, Map, Op, ReduceKind};
use crate::simplify::{Phase, When, legalise, record, recorded, simplify, stabilise};
use crate::testing::models::built;
use crate::testing::random::Random;
use crate::testing::sized;

const TABLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/seams.csv"));

/// How far a derivative may be from the truth, besides what the rounding of the point does: a few dozen roundings.
const TOLERANCE: f64 = 1e-13;

/// A point on a line, and the value and derivatives along the line there; `None` where nothing is said.
struct Point {
    at: Vec<f64>,
    along: Vec<f64>,
    truth: [Option<f64>; 4],
    floor: [f64; 4],
}

/// The points of each expression, and how many numbers `p` has.
fn cases() -> BTreeMap<(&'static str, usize), Vec<Point>> {
    let mut cases: BTreeMap<_, Vec<Point>> = BTreeMap::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('|').collect();
        let numbers = |cell: &str| -> Vec<f64> { cell.split(' ').map(|it| it.parse().expect("a number")).collect() };
        let (at, floor) = (numbers(cells[1]), numbers(cells[7]));
        let truth = [3, 4, 5, 6].map(|place| cells[place].parse().ok());
        let point = Point { along: numbers(cells[2]), truth, floor: floor.try_into().expect("four"), at };
        cases.entry((cells[0], point.at.len())).or_default().push(point);
    }
    cases
}

/// An expression of `p`, of its elements `a`, `b`, … and of how many there are.
struct Expression {
    region: Region,
    value: NodeId,
    p: NodeId,
    /// The direction.
    v: NodeId,
}

impl Expression {
    fn of(text: &str, size: usize) -> Self {
        let (own, result) = text.rsplit_once(';').map_or(("", text), |(own, result)| (own, result));
        let mut lets = String::new();
        for (place, name) in ["a", "b", "c", "d"].iter().take(size).enumerate() {
            write!(lets, "let {name} = p[{place}]; ").expect("a string takes everything");
        }
        let end = if own.is_empty() { "" } else { ";" };
        let model = format!("M<K> {{ param p: [K]; {lets} {own}{end} f = {result}; }}");
        let model = built(&model);
        let (mut region, p, value) = (model.region, model.params[0].node, model.outputs[0].node);
        let ty: Type = region.ty(p).clone();
        let v = region.leaf(LeafKind::Input, "v", ty);
        Self { region, value, p, v }
    }

    /// One more derivative, forwards or backwards; `None` is 0.
    fn derivative(&mut self, y: NodeId, mode: char) -> Option<NodeId> {
        let region = &mut self.region;
        region.set_curved(region.curved().map_or(Some(0), |order| Some(order + 1)));
        let y = stabilise(region, y);
        if mode == 'F' {
            return jvp(region, y, &[(self.p, self.v)]).expect("a derivative");
        }
        let one = region.ones_like(y);
        let by_p = vjp(region, y, one, &[self.p]).expect("a derivative")[0]?;
        let terms = region.times(by_p, self.v);
        Some(region.sum(terms, &[0]))
    }

    /// The derivative that these letters spell: `FR` is a forward derivative, differentiated backwards.
    fn nested(&mut self, modes: &str) -> Option<NodeId> {
        let value = stabilise(&mut self.region, self.value);
        self.region.set_curved(None);
        modes.chars().try_fold(value, |y, mode| self.derivative(y, mode))
    }
}

/// Derivatives of each order, by the ways in which they are computed.
const MODES: [&[&str]; 4] = [&[""], &["F", "R"], &["FF", "RF", "FR", "RR"], &["FFF", "RRR", "RFR", "FRF"]];

/// What is wrong with an expression.
fn mistakes(text: &str, size: usize, points: &[Point]) -> Vec<String> {
    let mut expression = Expression::of(text, size);
    let mut found = Vec::new();
    for (order, modes) in MODES.iter().enumerate() {
        for mode in *modes {
            let node = expression.nested(mode);
            let program = node.map(|node| {
                let (region, results) = simplify(&expression.region, &[node]);
                legalise(&region, &results)
            });
            for point in points {
                let Some(truth) = point.truth[order] else { continue };
                let value = program.as_ref().map_or(0.0, |(region, results)| value_of(region, results, point));
                let allowed = TOLERANCE.mul_add(truth.abs(), 8.0 * point.floor[order]).max(f64::MIN_POSITIVE);
                let is_true = value.to_bits() == truth.to_bits() || (value - truth).abs() <= allowed;
                if !is_true {
                    let (at, along) = (&point.at, &point.along);
                    found.push(format!("{text} at {at:?} along {along:?}: {mode} is {value:e}, not {truth:e}"));
                }
            }
        }
    }
    found
}

fn value_of(region: &Region, results: &[NodeId], point: &Point) -> f64 {
    let size = point.at.len();
    let mut environment = sized(&[("K", i64::try_from(size).expect("small"))]);
    for (name, data) in [("p", &point.at), ("v", &point.along)] {
        environment.values.insert(name.to_owned(), Tensor { shape: vec![size], data: data.clone() });
    }
    evaluate(region, results, &environment)[0].data[0]
}

#[test]
fn derivatives_are_true_at_seams() {
    let found: Vec<String> = cases().iter().flat_map(|((text, size), points)| mistakes(text, *size, points)).collect();
    assert!(found.is_empty(), "{} of\n{}", found.len(), found.join("\n"));
}

/// The rows whose functions have kinks, or are what the conventions are about. Those of the others are compared, too, in
/// [`rows_keep_the_derivatives`].
#[test]
fn rows_about_choices_are_met() {
    record(Some(|_, _| String::new()));
    for ((text, size), _) in cases() {
        let mut expression = Expression::of(text, size);
        stabilise(&mut expression.region, expression.value);
    }
    let met: BTreeSet<&str> = recorded().iter().map(|rewritten| rewritten.row).collect();
    record(None);
    let families = [rows::roots::ROWS, rows::stabilise::ROWS];
    let early = families.into_iter().flatten().filter(|row| row.when != When::Only(Phase::Final));
    let missing: Vec<&str> = early.map(|row| row.name).filter(|name| !met.contains(name)).collect();
    assert!(missing.is_empty(), "rows that no case meets: {missing:?}; add one to tests/reference/seams_table.py");
}

/// The functions in whose derivative there is a choice, or a slope that is not finite everywhere.
fn functions_with_choices() -> impl Iterator<Item = Function> {
    Function::ALL.iter().copied().filter(|&function| {
        let mut region = Region::new();
        let names = ["x", "y"];
        let x: Vec<NodeId> = names[..function.arity()].iter().map(|name| scalar(&mut region, name)).collect();
        let y = region.map(function, &x);
        let places = (0..x.len()).filter(|&place| !matches!(function.row().derivatives[place], Derivative::Refused(_)));
        places.for_each(|place| drop(crate::differentiate::gradient(&mut region, y, &[x[place]])));
        let is_choice =
            |op: &Op| matches!(op, Op::Select(_) | Op::Compare(_) | Op::Map(Map { function: Function::Sign }));
        region.iter().any(|(_, node)| is_choice(&node.op))
    })
}

#[test]
fn functions_with_choices_are_met() {
    let mut met = BTreeSet::new();
    for ((text, size), _) in cases() {
        let mut expression = Expression::of(text, size);
        let _ = expression.nested("R");
        met.extend(expression.region.iter().filter_map(|(_, node)| match &node.op {
            Op::Map(map) => Some(map.function.name()),
            Op::Reduce(reduce) => Some(reduce.kind.name()),
            _ => None,
        }));
    }
    let functions = functions_with_choices().map(Function::name);
    let kinds = ReduceKind::ALL.into_iter().filter(|kind| !matches!(kind, ReduceKind::Any | ReduceKind::All));
    let missing: Vec<&str> = functions.chain(kinds.map(ReduceKind::name)).filter(|name| !met.contains(name)).collect();
    assert!(missing.is_empty(), "no case has {missing:?}; add one to tests/reference/seams_table.py");
}

/// The derivative along a direction of all leaves; `None` is 0.
fn along(region: &mut Region, y: NodeId, directions: &[(NodeId, NodeId)]) -> Option<NodeId> {
    jvp(region, y, directions).expect("a derivative")
}

/// The first three derivatives of the sum of all elements along a direction, at a point; NaN from where they refuse to be.
fn derivatives((mut region, y): (Region, NodeId), environment: &Environment) -> [f64; 3] {
    let leaves: Vec<(NodeId, String, Type)> = (region.iter())
        .filter_map(|(id, node)| match &node.op {
            Op::Leaf(leaf) => Some((id, format!("d {}", leaf.name), node.ty.clone())),
            _ => None,
        })
        .collect();
    let directions: Vec<(NodeId, NodeId)> =
        leaves.into_iter().map(|(id, name, ty)| (id, region.leaf(LeafKind::Input, &name, ty))).collect();
    let mut last = Some(y);
    [(); 3].map(|()| {
        last = last.and_then(|y| along(&mut region, y, &directions));
        last.map_or(0.0, |y| evaluate(&region, &[y], environment)[0].data.iter().sum())
    })
}

#[test]
fn rows_keep_the_derivatives() {
    for case in all_cases().iter().filter(|case| is_differentiable(case)) {
        let mut random = Random::of(case.row);
        for pool in [&[][..], SMALL_INTEGERS, &[], SMALL_INTEGERS] {
            let mut environment = environment(&mut random, &case.before().0, pool);
            let names: Vec<String> = environment.values.keys().cloned().collect();
            for name in names {
                let shape = environment.values[&name].shape.clone();
                environment.values.insert(format!("d {name}"), Tensor::from_fn(shape, |_| value(&mut random, &[])));
            }
            let (region, y) = case.before();
            let value = evaluate(&region, &[y], &environment).remove(0);
            if value.data.iter().any(|x| x.is_nan()) {
                continue; // Where there is no value, as for the logarithm of a negative number, no slope means anything.
            }
            let (before, after) = (derivatives((region, y), &environment), derivatives(case.after(), &environment));
            let scale = before.iter().fold(1.0_f64, |most, x| most.max(x.abs()));
            for (order, (before, after)) in before.iter().zip(&after).enumerate().filter(|(_, (x, _))| x.is_finite()) {
                let order = order + 1;
                let near = (before - after).abs() <= 1e-11 * scale;
                assert!(near, "row `{}`: derivative {order} {before:e} became {after:e}", case.row);
            }
        }
    }
}

/// Rows of the last phase run when all derivatives are there.
fn is_differentiable(case: &Case) -> bool {
    let (region, y) = case.before();
    region.ty(y).elem == Elem::Real && case.row().when != When::Only(Phase::Final)
}
