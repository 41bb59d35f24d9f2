//! The scheduler as a whole: text of a few programs, and random graphs that mean the same before and after.

use std::collections::BTreeSet;
use std::rc::Rc;

use expect_test::{Expect, expect};

use super::passes::PASSES;
use super::{lowered, schedule as scheduled};
use crate::graph::{Dim, NodeId, Region, Shape, Type};
use crate::interpret::{Environment, Tensor, evaluate};
use crate::loops::parse::parse;
use crate::loops::print::print;
use crate::loops::program::{Program, Stmt, Storage};
use crate::loops::simulate::simulate;
use crate::loops::verify::verify;
use crate::loops::visit::{loops, visit, visit_mut};
use crate::ops::{Contract, Extreme, Function, LeafKind, ReduceKind};

fn dims(names: &[&str]) -> Shape {
    names.iter().map(|name| name.parse().map_or_else(|_| Dim::name(name), Dim::constant)).collect()
}

fn input(region: &mut Region, name: &str, shape: &[&str]) -> NodeId {
    region.leaf(LeafKind::Input, name, Type::real(dims(shape)))
}

fn check(region: &Region, results: &[NodeId], expected: &Expect) {
    let program = schedule(region, results);
    assert_eq!(verify(&program), Ok(()));
    check_text(&program);
    expected.assert_eq(&print(&program));
}

#[test]
fn a_loss_and_its_gradients_are_one_sweep() {
    let mut region = Region::new();
    let r = &mut region;
    let (x, y, w) = (input(r, "x", &["N"]), input(r, "y", &["N"]), input(r, "w", &[]));
    let spread = r.fill(w, &dims(&["N"]));
    let product = r.times(spread, x);
    let residual = r.minus(product, y);
    let square = r.times(residual, residual);
    let loss = r.sum(square, &[0]);
    let slope = r.times(residual, x);
    let gradient = r.sum(slope, &[0]);
    check(
        &region,
        &[loss, gradient],
        &expect![[r#"
            b0 y [N]: input
            b1 x [N]: input
            b2 w []: input
            v2 = b2[0]
            v6 = sum v5, v8 = sum v7, for i0 in 0..N in lanes
                v0 = b0[i0]
                v1 = b1[i0]
                v3 = mul v2 v1
                v4 = sub v3 v0
                v5 = mul v4 v4
                v7 = mul v4 v1
            -> v6
            -> v8
        "#]],
    );
}

#[test]
fn softmax_of_rows_shares_the_loop_over_rows() {
    let mut region = Region::new();
    let r = &mut region;
    let shape = dims(&["N", "K"]);
    let x = input(r, "x", &["N", "K"]);
    let max = r.reduce(ReduceKind::Max, x, &[1]);
    let max = r.broadcast(max, &shape, &[0]);
    let shifted = r.minus(x, max);
    let exps = r.map(Function::Exp, &[shifted]);
    let sum = r.sum(exps, &[1]);
    let sum = r.broadcast(sum, &shape, &[0]);
    let softmax = r.over(exps, sum);
    check(
        &region,
        &[softmax],
        &expect![[r#"
            b0 t [N, K]: result 0
            b1 x [N, K]: input
            for i0 in 0..N
                v1 = max v0, for i1 in 0..K in lanes
                    v0 = b1[K*i0 + i1]
                v5 = sum v4, for i2 in 0..K in lanes
                    v2 = b1[K*i0 + i2]
                    v3 = sub v2 v1
                    v4 = exp v3
                    b0[K*i0 + i2] = v4
                for i3 in 0..K in lanes
                    v6 = b0[K*i0 + i3]
                    v7 = div v6 v5
                    b0[K*i0 + i3] = v7
            -> b0
        "#]],
    );
}

#[test]
fn a_product_with_a_vector_and_its_gradient_read_the_matrix_in_one_loop() {
    let mut region = Region::new();
    let r = &mut region;
    let (x, w, y) = (input(r, "x", &["N", "D"]), input(r, "w", &["D"]), input(r, "y", &["N"]));
    let product = Contract { left_batch: vec![], right_batch: vec![], left_contract: vec![1], right_contract: vec![0] };
    let z = r.contract(product, x, w);
    let residual = r.minus(z, y);
    let square = r.times(residual, residual);
    let loss = r.sum(square, &[0]);
    let back = Contract { left_batch: vec![], right_batch: vec![], left_contract: vec![0], right_contract: vec![0] };
    let gradient = r.contract(back, x, residual);
    check(
        &region,
        &[loss, gradient],
        &expect![[r#"
            b0 t [D]: result 1
            b1 x [N, D]: input
            b2 w [D]: input
            b4 y [N]: input
            b5 levels [D]: temporary s0 in levels
            b0[..] = 0
            v7 = sum v6, sums b5 of b0[0], for i0 in 0..N
                v3 = sum v2, for i1 in 0..D in lanes
                    v0 = b1[D*i0 + i1]
                    v1 = b2[i1]
                    v2 = mul v0 v1
                v4 = b4[i0]
                v5 = sub v3 v4
                v6 = mul v5 v5
                for i2 in 0..D in lanes
                    v8 = b1[D*i0 + i2]
                    v9 = mul v8 v5
                    b0[i2] sum= v9
            -> v7
            -> b0
        "#]],
    );
}

/// Four operations on four tensors cost as much as keeping them, for the turns of the next loop.
#[test]
fn what_reads_much_is_kept_for_the_next_loop() {
    let mut region = Region::new();
    let r = &mut region;
    let [mu, scale, shift] = ["mu", "scale", "shift"].map(|name| {
        let leaf = input(r, name, &["K"]);
        r.broadcast(leaf, &dims(&["N", "K"]), &[1])
    });
    let x = input(r, "x", &["N"]);
    let x = r.broadcast(x, &dims(&["N", "K"]), &[0]);
    let away = r.minus(x, mu);
    let away = r.times(scale, away);
    let away = r.square(away);
    let density = r.minus(shift, away);
    let largest = r.reduce(ReduceKind::Max, density, &[1]);
    let spread = r.broadcast(largest, &dims(&["N", "K"]), &[0]);
    let below = r.minus(density, spread);
    let sum = r.sum(below, &[1]);
    let y = r.sum(sum, &[0]);
    check(
        &region,
        &[y],
        &expect![[r#"
        b0 shift [K]: input
        b1 mu [K]: input
        b2 x [N]: input
        b3 scale [K]: input
        b4 t [1, K]: temporary s0 of packs
        v12 = sum v11, for i0 in 0..N in lanes
            v2 = b2[i0]
            v8 = max v7, for i1 in 0..K
                v0 = b0[i1]
                v1 = b1[i1]
                v3 = sub v2 v1
                v4 = b3[i1]
                v5 = mul v4 v3
                v6 = square v5
                v7 = sub v0 v6
                b4[i1] = v7
            v11 = sum v10, for i2 in 0..K
                v9 = b4[i2]
                v10 = sub v9 v8
        -> v12
    "#]],
    );
}

/// What the longest body computes, without the bodies of the loops in it.
fn longest(body: &[Stmt]) -> usize {
    loops(body).map(|inner| longest(&inner.body)).chain([body.len()]).max().unwrap_or(0)
}

/// A chain of elementwise operations; with `shared` each is used again a few operations later.
fn chain(length: usize, shared: bool) -> (Region, NodeId) {
    let mut region = Region::new();
    let x = input(&mut region, "c", &["N"]);
    let mut values = vec![x];
    for place in 0..length {
        let last = values[place];
        let before = if shared { values[place.saturating_sub(7)] } else { x };
        let next = match place % 3 {
            0 => region.map(Function::Tanh, &[last]),
            1 => region.plus(last, before),
            _ => region.map(Function::Sin, &[last]),
        };
        values.push(next);
    }
    (region, values[length])
}

#[test]
fn long_chains_are_cut() {
    for shared in [false, true] {
        let (region, y) = chain(1_000, shared);
        let program = schedule(&region, &[y]);
        let longest = longest(&program.body);
        assert!(longest < 500, "{longest} statements in one loop");
        let mut stores = 0;
        visit(&program.body, &mut |stmt| stores += usize::from(matches!(stmt, Stmt::Store { .. })));
        assert!((4..=60).contains(&stores), "{stores} values are kept");
        check_meaning(0, EXTENTS[0], &region, &[y], &program);
        let mut region = region;
        let loss = region.sum(y, &[0]);
        let x = input(&mut region, "c", &["N"]);
        let slope = crate::differentiate::gradient(&mut region, loss, &[x]).expect("all of it has a derivative")[0];
        let results = [loss, slope.expect("x is used")];
        let program = schedule(&region, &results);
        let longest = self::longest(&program.body);
        assert!(longest < 500, "{longest} statements in one loop of value and gradient");
        check_meaning(0, EXTENTS[0], &region, &results, &program);
    }
}

fn schedule(region: &Region, results: &[NodeId]) -> Program {
    schedule_step(region, results, &[])
}

fn schedule_step(region: &Region, results: &[NodeId], targets: &[&str]) -> Program {
    scheduled(region, results, targets).unwrap_or_else(|broken| panic!("{broken:?}"))
}

/// A small deterministic generator of numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }

    fn real(&mut self) -> f64 {
        self.below(4001) as f64 / 1000.0 - 2.0
    }
}

/// A random graph over N and D, grown from a few inputs.
/// The extents N and D of random graphs: not known, or known.
const EXTENTS: [[&str; 2]; 2] = [["N", "D"], ["4", "3"]];

fn random_graph(seed: u64, extents: [&str; 2]) -> (Region, Vec<NodeId>) {
    let mut random = Random(seed);
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
const LEAVES: [(&str, &[&str]); 7] = [
    ("a", &["N", "D"]),
    ("b", &["N", "D"]),
    ("c", &["N"]),
    ("d", &["D"]),
    ("e", &[]),
    ("f", &["D", "D"]),
    ("g", &["1", "D"]),
];

/// A shape with other extents in the place of N and D.
fn with<'a>([n, d]: [&'a str; 2], shape: &[&'a str]) -> Vec<&'a str> {
    let extent = |&name: &&'a str| match name {
        "N" => n,
        "D" => d,
        known => known,
    };
    shape.iter().map(extent).collect()
}

/// A random step: new values of some of the parameters, made of all of them, then the sum of one.
fn random_step(seed: u64, extents: [&str; 2]) -> (Region, Vec<NodeId>, Vec<&'static str>) {
    let mut random = Random(seed);
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

fn environment(seed: u64, n: i64, d: i64) -> Environment {
    let mut random = Random(seed ^ 0x5555);
    let mut environment = Environment::default();
    environment.dims.insert("N".into(), n);
    environment.dims.insert("D".into(), d);
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
        environment.values.insert(name.into(), Tensor::from_fn(shape, |_| random.real()));
    }
    environment
}

/// Sums in another order differ by rounding; everything else is the same.
fn agrees(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
}

/// A program is what its text says.
fn check_text(program: &Program) {
    let text = print(program);
    let again = parse(&text).unwrap_or_else(|problem| panic!("{problem}\n{text}"));
    assert_eq!(verify(&again), Ok(()), "{text}");
    assert_eq!(print(&again), text);
}

/// Holds a program to the meaning of the graph that it was made of.
fn check_meaning(seed: u64, extents: [&str; 2], region: &Region, results: &[NodeId], program: &Program) {
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

#[test]
fn rows_of_small_matrices_are_summed_in_registers() {
    let mut region = Region::new();
    let r = &mut region;
    let (t, hidden) = (input(r, "t", &["32", "16"]), input(r, "hidden", &["32", "16"]));
    let product = r.times(t, hidden);
    let bias = r.sum(product, &[0]);
    check(
        &region,
        &[product, bias],
        &expect![[r#"
        b0 t [32, 16]: result 0
        b1 t [16]: result 1
        b2 t [32, 16]: input
        b3 hidden [32, 16]: input
        for i1 in 0..16 in lanes
            v3 = sum v2, for i0 in 0..32
                v0 = b2[16*i0 + i1]
                v1 = b3[16*i0 + i1]
                v2 = mul v0 v1
                b0[16*i0 + i1] = v2
            b1[i1] = v3
        -> b0
        -> b1
    "#]],
    );
    // Long rows, and rows whose number is not known, stay as they lie.
    for shape in [["32", "17"], ["N", "16"]] {
        let mut region = Region::new();
        let r = &mut region;
        let (t, hidden) = (input(r, "t", &shape), input(r, "hidden", &shape));
        let product = r.times(t, hidden);
        let bias = r.sum(product, &[0]);
        let program = schedule(&region, &[product, bias]);
        let outer = program.body.last().and_then(Stmt::as_loop).expect("a loop");
        assert_eq!(outer.extent, shape[0].parse().map_or_else(|_| Dim::name(shape[0]), Dim::constant));
    }
}

/// `x - sum(x)` divided by the sum of its squares, row by row.
fn normed_rows(shape: [&str; 2]) -> (Region, NodeId) {
    let mut region = Region::new();
    let r = &mut region;
    let x = input(r, "x", &shape);
    let sum = r.sum(x, &[1]);
    let rows = r.broadcast(sum, &dims(&shape), &[0]);
    let off = r.minus(x, rows);
    let squares = r.times(off, off);
    let square = r.sum(squares, &[1]);
    let scale = r.broadcast(square, &dims(&shape), &[0]);
    let normed = r.map(Function::Div, &[off, scale]);
    (region, normed)
}

#[test]
fn rows_are_asked_for_by_a_loop_that_waits_for_nothing() {
    let (region, normed) = normed_rows(["N", "D"]);
    check(
        &region,
        &[normed],
        &expect![[r#"
        b0 t [N, D]: result 0
        b1 x [N, D]: input
        for i0 in 0..N
            v1 = sum v0, for i1 in 0..D in lanes
                v0 = b1[D*i0 + i1]
            v5 = sum v4, asks for b0[D*i0 + i2], for i2 in 0..D in lanes
                v2 = b1[D*i0 + i2]
                v3 = sub v2 v1
                v4 = mul v3 v3
            for i3 in 0..D in lanes
                v6 = b1[D*i0 + i3]
                v7 = sub v6 v1
                v8 = div v7 v5
                b0[D*i0 + i3] = v8
        -> b0
    "#]],
    );
    // Short rows need not be asked for.
    let (region, normed) = normed_rows(["N", "64"]);
    assert!(!print(&schedule(&region, &[normed])).contains("asks"));
}

#[test]
fn short_rows_are_summed_in_blocks() {
    let sums = |shape: [&str; 2]| {
        let mut region = Region::new();
        let r = &mut region;
        let x = input(r, "x", &shape);
        let tanh = r.map(Function::Tanh, &[x]);
        let rows = r.sum(tanh, &[1]);
        let total = r.sum(rows, &[0]);
        let squares = r.times(rows, rows);
        (region, [tanh, total, squares])
    };
    let (region, results) = sums(["N", "16"]);
    check(
        &region,
        &results,
        &expect![[r#"
        b0 t [N, 16]: result 0
        b1 t [N]: result 2
        b2 x [N, 16]: input
        v3 = sum v2, for i0 in 0..N in lanes
            v2 = sum v1, for i1 in 0..16 in lanes, by rows
                v0 = b2[16*i0 + i1]
                v1 = tanh v0
                b0[16*i0 + i1] = v1
            v4 = mul v2 v2
            b1[i0] = v4
        -> b0
        -> v3
        -> b1
    "#]],
    );
    // A long row takes longer than the sum of its lanes, and one of unknown length may.
    for columns in ["65", "D"] {
        let (region, results) = sums(["N", columns]);
        assert!(!print(&schedule(&region, &results)).contains("by rows"), "{columns}");
    }
}

/// `sum((tanh(a) @ d - c)^2)` and its derivatives by `d` and `a`, of a matrix of 4 rows and 3 columns.
#[test]
fn loops_that_go_along_small_rows_twice_are_distributed() {
    let mut region = Region::new();
    let r = &mut region;
    let (a, c, d) = (input(r, "a", &["4", "3"]), input(r, "c", &["4"]), input(r, "d", &["3"]));
    let product = Contract { left_batch: vec![], right_batch: vec![], left_contract: vec![1], right_contract: vec![0] };
    let tanh = r.map(Function::Tanh, &[a]);
    let z = r.contract(product, tanh, d);
    let residual = r.minus(z, c);
    let square = r.times(residual, residual);
    let loss = r.sum(square, &[0]);
    let back = Contract { left_batch: vec![], right_batch: vec![], left_contract: vec![0], right_contract: vec![0] };
    let by_d = r.contract(back, tanh, residual);
    let twice = r.plus(residual, residual);
    let rows = r.broadcast(twice, &dims(&["4", "3"]), &[0]);
    let by_tanh = r.times(rows, tanh);
    let sum = r.sum(by_tanh, &[0]);
    let results = [loss, by_d, by_tanh, sum];
    check(
        &region,
        &results,
        &expect![[r#"
        b0 t [3]: result 1
        b1 t [4, 3]: result 2
        b2 t [3]: result 3
        b3 a [4, 3]: input
        b5 d [3]: input
        b7 c [4]: input
        b8 t [4]: temporary s0
        v8 = sum v7, for i0 in 0..4 in lanes
            v4 = sum v3, for i1 in 0..3
                v0 = b3[3*i0 + i1]
                v1 = tanh v0
                b1[3*i0 + i1] = v1
                v2 = b5[i1]
                v3 = mul v1 v2
            v5 = b7[i0]
            v6 = sub v4 v5
            v7 = mul v6 v6
            b8[i0] = v6
        for i2 in 0..3 in lanes
            v15 = sum v10, v16 = sum v12, for i0 in 0..4
                v13 = b8[i0]
                v14 = add v13 v13
                v9 = b1[3*i0 + i2]
                v10 = mul v9 v13
                v12 = mul v14 v9
                b1[3*i0 + i2] = v12
            b0[i2] = v15
            b2[i2] = v16
        -> v8
        -> b0
        -> b1
        -> b2
    "#]],
    );
    check_meaning(0, EXTENTS[1], &region, &results, &schedule(&region, &results));
}

/// `velocity := 0.5*velocity - g; w := w + velocity; x := y; y := x; z := flip(z); u := u * sum(w)`
#[test]
fn steps_write_where_the_old_values_lie() {
    let mut region = Region::new();
    let r = &mut region;
    let param = |r: &mut Region, name| r.leaf(LeafKind::Param, name, Type::real(dims(&["N"])));
    let [velocity, w, g, x, y, z, u] = ["velocity", "w", "g", "x", "y", "z", "u"].map(|name| param(r, name));
    let sum = r.sum(w, &[0]);
    let all = r.fill(sum, &dims(&["N"]));
    let scaled = r.times(u, all);
    let half = r.scale(velocity, 0.5);
    let fresh = r.minus(half, g);
    let moved = r.plus(w, fresh);
    let flipped = r.reverse(z, &[0]);
    let program =
        schedule_step(&region, &[fresh, moved, y, x, flipped, scaled], &["velocity", "w", "x", "y", "z", "u"]);
    assert_eq!(verify(&program), Ok(()));
    expect![[r#"
        b2 y [N]: result 2
        b4 t [N]: result 4
        b6 w [N]: target of result 1
        b7 velocity [N]: target of result 0
        b8 g [N]: param
        b9 z [N]: param
        b10 y [N]: target of result 3
        b11 x [N]: param
        b12 u [N]: target of result 5
        v3 = 0.5
        v1 = sum v0, for i0 in 0..N in lanes
            v0 = b6[i0]
            v2 = b7[i0]
            v4 = mul v3 v2
            v5 = b8[i0]
            v6 = sub v4 v5
            b7[i0] = v6
            v7 = add v0 v6
            b6[i0] = v7
            v8 = b9[N - 1 - i0]
            b4[i0] = v8
            v9 = b10[i0]
            b2[i0] = v9
            v10 = b11[i0]
            b10[i0] = v10
        for i1 in 0..N in lanes
            v11 = b12[i1]
            v12 = mul v11 v1
            b12[i1] = v12
        -> b7
        -> b6
        -> b2
        -> b10
        -> b4
        -> b12
    "#]]
    .assert_eq(&print(&program));
}

/// `y = x @ w + f @ g + c; w := w - 0.1 * (x.T @ y); c := y / 2`
#[test]
fn products_are_added_where_their_sum_is_kept() {
    let mut region = Region::new();
    let r = &mut region;
    let (x, f, g) = (input(r, "x", &["N", "D"]), input(r, "f", &["N", "K"]), input(r, "g", &["K", "H"]));
    let w = r.leaf(LeafKind::Param, "w", Type::real(dims(&["D", "H"])));
    let c = r.leaf(LeafKind::State, "c", Type::real(dims(&["N", "H"])));
    let rule = |left, right| Contract {
        left_batch: vec![],
        right_batch: vec![],
        left_contract: vec![left],
        right_contract: vec![right],
    };
    let (first, second) = (r.contract(rule(1, 0), x, w), r.contract(rule(1, 0), f, g));
    let both = r.plus(first, second);
    let y = r.plus(both, c);
    let back = r.contract(rule(0, 0), x, y);
    let scaled = r.scale(back, 0.1);
    let stepped = r.minus(w, scaled);
    let half = r.scale(y, 0.5);
    let program = schedule_step(&region, &[stepped, half], &["w", "c"]);
    assert_eq!(verify(&program), Ok(()));
    expect![[r#"
        b1 t [N, H]: result 1
        b2 c [N, H]: state
        b4 x [N, D]: input
        b5 w [D, H]: target of result 0
        b6 f [N, K]: input
        b7 g [K, H]: input
        v2 = 0.1
        v3 = neg v2
        v4 = 0.5
        for i0 in 0..H*N in lanes
            v0 = b2[i0]
            b1[i0] = v0
        b1[1, N, H] += b4[0 + (0, D, 1)] @ b5[0 + (0, H, 1)] over D
        b1[1, N, H] += b6[0 + (0, K, 1)] @ b7[0 + (0, H, 1)] over K
        b5[1, D, H] += v3 * b4[0 + (0, 1, D)] @ b1[0 + (0, H, 1)] over N
        for i4 in 0..H*N in lanes
            v5 = b1[i4]
            v6 = mul v4 v5
            b1[i4] = v6
        -> b5
        -> b1
    "#]]
    .assert_eq(&print(&program));
}
