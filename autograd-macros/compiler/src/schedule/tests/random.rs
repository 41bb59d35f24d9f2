//! Random graphs and steps, which mean the same as the programs that are made of them, whatever passes have run.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::{dims, input, schedule, schedule_step};
use crate::graph::{Dim, NodeId, Region, Shape, Type};
use crate::interpret::{Environment, Tensor, evaluate};
use crate::loops::parse::parse;
use crate::loops::print::print;
use crate::loops::program::{Program, Storage};
use crate::loops::simulate::simulate;
use crate::loops::verify::verify;
use crate::loops::visit::visit_mut;
use crate::ops::{Contract, Extreme, Function, LeafKind, ReduceKind};
use crate::schedule::lowered;
use crate::schedule::passes::PASSES;
use crate::testing::random::Random;
use crate::testing::sized;

/// The extents N and D of random graphs: not known, or known.
pub(crate) const EXTENTS: [[&str; 2]; 2] = [["N", "D"], ["4", "3"]];

/// A random graph over N and D, grown from a few inputs.
pub(crate) fn random_graph(seed: u64, extents: [&str; 2]) -> (Region, Vec<NodeId>) {
    let mut random = Random::new(seed);
    let mut region = Region::new();
    let leaf = |(name, shape): &(&str, &[&str])| input(&mut region, name, &with(extents, shape));
    let mut pool: Vec<NodeId> = LEAVES.iter().map(leaf).collect();
    for _ in 0..(4 + random.below(24)) {
        let x = pool[random.below(pool.len())];
        pool.push(grow(&mut region, &mut random, &pool, x));
    }
    let results = (0..=random.below(3)).map(|_| pool[pool.len() - 1 - random.below(pool.len().min(6))]).collect();
    (region, results)
}

/// What random graphs grow from.
pub(super) const LEAVES: [(&str, &[&str]); 7] = [
    ("a", &["N", "D"]),
    ("b", &["N", "D"]),
    ("c", &["N"]),
    ("d", &["D"]),
    ("e", &[]),
    ("f", &["D", "D"]),
    ("g", &["1", "D"]),
];

/// A shape with other extents in the place of N and D.
pub(super) fn with<'a>([n, d]: [&'a str; 2], shape: &[&'a str]) -> Vec<&'a str> {
    let extent = |&name: &&'a str| match name {
        "N" => n,
        "D" => d,
        known => known,
    };
    shape.iter().map(extent).collect()
}

/// A random step: new values of some of the parameters, made of all of them, then the sum of one.
pub(super) fn random_step(seed: u64, extents: [&str; 2]) -> (Region, Vec<NodeId>, Vec<&'static str>) {
    let mut random = Random::new(seed);
    let mut region = Region::new();
    let r = &mut region;
    let leaf = |r: &mut Region, (name, shape): &(&str, &[&str])| {
        r.leaf(LeafKind::Param, name, Type::real(dims(&with(extents, shape))))
    };
    let leaves: Vec<NodeId> = LEAVES.iter().map(|described| leaf(r, described)).collect();
    let mut pool = leaves.clone();
    for _ in 0..(2 + random.below(16)) {
        let x = pool[random.below(pool.len())];
        pool.push(grow(r, &mut random, &pool, x));
    }
    let (mut results, mut targets) = (Vec::new(), Vec::new());
    for (&leaf, (name, _)) in leaves.iter().zip(&LEAVES) {
        let fitting: Vec<NodeId> = pool.iter().copied().filter(|&node| r.shape(node) == r.shape(leaf)).collect();
        let new = fitting[fitting.len() - 1 - random.below(fitting.len().min(3))];
        match random.below(4) {
            0 => continue,
            1 => results.push(new),
            2 => results.push(r.minus(leaf, new)),
            _ => {
                let half = r.scale(leaf, 0.5);
                results.push(r.plus(half, new));
            }
        }
        targets.push(*name);
    }
    let last = pool[pool.len() - 1];
    let axes: Vec<usize> = (0..r.shape(last).len()).collect();
    results.push(if axes.is_empty() { last } else { r.sum(last, &axes) });
    (region, results, targets)
}

fn grow(r: &mut Region, random: &mut Random, pool: &[NodeId], x: NodeId) -> NodeId {
    let shape = r.shape(x);
    let rank = shape.len();
    let same: Vec<NodeId> = pool.iter().copied().filter(|&y| r.shape(y) == shape).collect();
    let other = same[random.below(same.len())];
    match random.below(16) {
        0 => r.map(Function::Tanh, &[x]),
        1 => r.map(Function::Sigmoid, &[x]),
        2 | 3 => r.times(x, other),
        4 => r.minus(x, other),
        5 => {
            let below = r.less(x, other);
            r.select(below, x, other)
        }
        6 if rank > 0 => {
            let axis = random.below(rank);
            let kind = [ReduceKind::Sum, ReduceKind::Max, ReduceKind::Product][random.below(3)];
            r.reduce(kind, x, &[axis])
        }
        7 if rank > 0 => r.sum(x, &(0..rank).collect::<Vec<_>>()),
        8 if rank == 2 => r.permute(x, &[1, 0]),
        9 if rank < 2 => {
            let extent = r.shape(pool[0])[random.below(2)].clone();
            let mut wider = shape.to_vec();
            wider.insert(random.below(rank + 1), extent);
            let new: Shape = wider.into();
            let axes: Vec<usize> = match rank {
                0 => vec![],
                _ if new[0] == shape[0] && random.below(2) == 0 => vec![0],
                _ if new[1] == shape[0] => vec![1],
                _ => vec![0],
            };
            r.broadcast(x, &new, &axes)
        }
        10 if rank > 0 => r.reverse(x, &[random.below(rank)]),
        11 if rank > 0 => {
            // All but the first along an axis, then padded again at the other end.
            let axis = random.below(rank);
            let mut starts = vec![Dim::ZERO; rank];
            let mut extents = shape.to_vec();
            if shape[axis].is_one() {
                return x;
            }
            starts[axis] = Dim::ONE;
            extents[axis] = shape[axis].sub(&Dim::ONE).expect("small");
            let slice = r.slice(x, &starts, &extents.into(), &vec![1; rank]);
            r.pad(slice, &shape, &vec![Dim::ZERO; rank], &vec![1; rank])
        }
        12 if rank > 0 => {
            let axis = random.below(rank);
            let half = r.full_like(0.5, x);
            r.recurrence(half, x, axis, random.below(2) == 0)
        }
        13 if rank == 2 => {
            let volume = shape[0].mul(&shape[1]).expect("small");
            let flat = r.reshape(x, &Rc::from([volume]));
            let doubled = r.plus(flat, flat);
            r.reshape(doubled, &shape)
        }
        14 if rank > 0 => {
            let axis = random.below(rank);
            let position = r.arg_reduce(Extreme::Max, x, axis);
            r.cast(position, crate::graph::Elem::Real)
        }
        15 if rank == 2 => {
            let fitting: Vec<NodeId> =
                pool.iter().copied().filter(|&y| r.shape(y).first() == Some(&shape[1])).collect();
            let Some(&right) = fitting.get(random.below(fitting.len().max(1))) else { return x };
            let rule =
                Contract { left_batch: vec![], right_batch: vec![], left_contract: vec![1], right_contract: vec![0] };
            let product = r.contract(rule, x, right);
            if r.ty(product).rank() == 2 { r.scale(product, 0.1) } else { product }
        }
        _ => r.plus(x, other),
    }
}

pub(super) fn environment(seed: u64, n: i64, d: i64) -> Environment {
    let mut random = Random::new(seed ^ 0x5555);
    let mut environment = sized(&[("N", n), ("D", d)]);
    let (n, d) = (usize::try_from(n).expect("small"), usize::try_from(d).expect("small"));
    let shapes = [
        ("a", vec![n, d]),
        ("b", vec![n, d]),
        ("c", vec![n]),
        ("d", vec![d]),
        ("e", vec![]),
        ("f", vec![d, d]),
        ("g", vec![1, d]),
    ];
    for (name, shape) in shapes {
        environment.values.insert(name.into(), Tensor::from_fn(shape, |_| random.between(-2.0, 2.0)));
    }
    environment
}

/// Sums in another order differ by rounding; everything else is the same.
pub(super) fn agrees(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
}

/// A program is what its text says.
pub(super) fn check_text(program: &Program) {
    let text = print(program);
    let again = parse(&text).unwrap_or_else(|problem| panic!("{problem}\n{text}"));
    assert_eq!(verify(&again), Ok(()), "{text}");
    assert_eq!(print(&again), text);
}

/// Holds a program to the meaning of the graph that it was made of.
pub(super) fn check_meaning(seed: u64, extents: [&str; 2], region: &Region, results: &[NodeId], program: &Program) {
    let text = || format!("seed {seed}\n{}\n{}", crate::graph::print::print(region, &[]), print(program));
    assert_eq!(verify(program), Ok(()), "{}", text());
    // Every few: it is slow, and says the same of all of them.
    if seed.is_multiple_of(8) {
        check_text(program);
    }
    let sizes: &[_] = if extents == EXTENTS[0] { &[(3, 2), (1, 1), (4, 4)] } else { &[(4, 3)] };
    for &(n, d) in sizes {
        let environment = environment(seed, n, d);
        let expected = evaluate(region, results, &environment);
        let found = simulate(program, &environment);
        for (expected, found) in expected.iter().zip(&found) {
            assert_eq!(expected.shape, found.shape, "{}", text());
            let same = expected.data.iter().zip(&found.data).all(|(&a, &b)| agrees(a, b));
            assert!(same, "N={n} D={d}: {expected:?} {found:?}\n{}", text());
        }
    }
}

#[test]
fn random_graphs_mean_the_same_as_loops() {
    for (seed, extents) in (0..600).flat_map(|seed| EXTENTS.map(|extents| (seed, extents))) {
        let (region, results) = random_graph(seed, extents);
        check_meaning(seed, extents, &region, &results, &schedule(&region, &results));
    }
}

/// The numbers that stand in `kind(…)` in a text.
fn numbers(text: &str, kind: &str) -> BTreeSet<u32> {
    let starts = text.match_indices(kind).map(|(at, _)| &text[at + kind.len()..]);
    starts.filter_map(|rest| rest.split([')', ',']).next()?.trim().parse().ok()).collect()
}

/// What statements name is read off what `Debug` prints of them: a field that no visitor knows shows.
#[test]
fn visitors_see_all_that_stands_in_a_statement() {
    for (seed, extents) in (0..60).flat_map(|seed| EXTENTS.map(|extents| (seed, extents))) {
        let (region, results) = random_graph(seed, extents);
        let mut program = schedule(&region, &results);
        visit_mut(&mut program.body, &mut |stmt| {
            let mut alone = stmt.clone();
            // The other form of a nest says nothing that the nest does not.
            alone.as_loop_mut().into_iter().for_each(|inner| inner.short = None);
            alone.as_loop_mut().into_iter().for_each(|inner| inner.body.clear());
            let text = format!("{alone:?}");
            let (mut buffers, mut values, mut axes) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
            stmt.accesses(&mut |access| buffers.extend([access.buffer.0]));
            stmt.uses(&mut |value| values.extend([value.0]));
            stmt.defines(&mut |value| values.extend([value.0]));
            stmt.indices(&mut |index| axes.extend(index.strides.iter().map(|(axis, _)| axis.0)));
            if let Some(inner) = stmt.as_loop() {
                axes.insert(inner.axis.0);
                buffers.extend(inner.ahead.iter().map(|(buffer, _)| buffer.0));
                inner.binds(&mut |value| values.extend([value.0]));
                inner.hands_on(&mut |value| values.extend([value.0]));
            }
            assert_eq!(buffers, numbers(&text, "BufferId("), "{text}");
            assert_eq!(values, numbers(&text, "ValueId("), "{text}");
            assert_eq!(axes, numbers(&text, "AxisId("), "{text}");
            // What may be changed is what is seen.
            let (mut changed, mut used) = (Vec::new(), Vec::new());
            stmt.buffers_mut(&mut |buffer, mode| changed.push((*buffer, mode)));
            stmt.uses_mut(&mut |value| used.push(*value));
            stmt.accesses(&mut |access| assert!(changed.contains(&(access.buffer, access.mode)), "{text}"));
            stmt.uses(&mut |value| assert!(used.contains(&value), "{text}"));
        });
    }
}

/// Every list of passes that lacks one of those that may be left out, and every list that ends early.
#[test]
fn programs_mean_the_same_without_a_pass() {
    let shorter = || {
        let without = (0..PASSES.len()).filter(|&left_out| !PASSES[left_out].required);
        let without = without.map(|left_out| (0..PASSES.len()).filter(|&at| at != left_out).collect::<Vec<_>>());
        without.chain((0..PASSES.len()).map(|end| (0..end).collect()))
    };
    for (seed, extents) in (0..15).flat_map(|seed| EXTENTS.map(|extents| (seed, extents))) {
        let (region, results) = random_graph(seed, extents);
        let (step, assigned, targets) = random_step(seed, extents);
        for passes in shorter() {
            let run = |region: &Region, results: &[NodeId], targets: &[&str]| {
                let passes = passes.iter().map(|&place| &PASSES[place]);
                lowered(region, results, targets, passes, &mut |_, _| {}).unwrap_or_else(|broken| panic!("{broken:?}"))
            };
            check_meaning(seed, extents, &region, &results, &run(&region, &results, &[]));
            check_meaning(seed, extents, &step, &assigned, &run(&step, &assigned, &targets));
        }
    }
}

#[test]
fn random_steps_mean_the_same_in_place() {
    let (mut in_place, mut beside) = (0, 0);
    for (seed, extents) in (0..600).flat_map(|seed| EXTENTS.map(|extents| (seed, extents))) {
        let (region, results, targets) = random_step(seed, extents);
        let program = schedule_step(&region, &results, &targets);
        let count = |is: fn(&Storage) -> bool| program.buffers.iter().filter(|buffer| is(&buffer.storage)).count();
        in_place += count(|storage| matches!(storage, Storage::Target(_)));
        beside += count(|storage| matches!(storage, Storage::Result(_)));
        check_meaning(seed, extents, &region, &results, &program);
    }
    // Both ways are taken often.
    assert!(in_place > 1200 && beside > 200, "{in_place} in place, {beside} beside");
}
