//! Random graphs of smooth primitives: reverse = forward = finite differences.

use crate::differentiate::testing::Bench;
use crate::graph::{Dim, NodeId, Region, Shape};
use crate::ops::{Contract, Function, ReduceKind};
use crate::testing::random::Random;

/// Functions that stay tame however they are composed.
const TAME: &[Function] = &[
    Function::Sin,
    Function::Cos,
    Function::Tanh,
    Function::Atan,
    Function::Sigmoid,
    Function::Softplus,
    Function::LogSigmoid,
    Function::Erf,
    Function::Asinh,
];

/// Adds a random node; `pool` holds matrices `[N, N]`.
fn grow(r: &mut Region, random: &mut Random, pool: &[NodeId]) -> NodeId {
    let mut pick = || pool[random.below(pool.len())];
    let (a, b) = (pick(), pick());
    let shape = r.shape(a);
    match random.below(14) {
        0 => r.plus(a, b),
        1 => r.times(a, b),
        2 => r.minus(a, b),
        3 => r.logaddexp(a, b),
        4 => {
            let square = r.square(b);
            let positive = r.offset(square, 1.0);
            r.over(a, positive)
        }
        5 => r.permute(a, &[1, 0]),
        6 => r.reverse(a, &[random.below(2)]),
        7 => row_by_row(r, random, a, &shape),
        8 => r.recurrence(a, b, random.below(2), random.below(2) == 0),
        9 => {
            let contract = Contract {
                left_batch: Vec::new(),
                right_batch: Vec::new(),
                left_contract: vec![random.below(2)],
                right_contract: vec![random.below(2)],
            };
            r.contract(contract, a, b)
        }
        10 => swap_halves(r, a, b),
        11 => {
            let positive = r.less(a, b);
            let product = r.times(a, b);
            r.select(positive, product, product)
        }
        _ => r.map(TAME[random.below(TAME.len())], &[a]),
    }
}

/// Reduces an axis and spreads the result again.
fn row_by_row(r: &mut Region, random: &mut Random, a: NodeId, shape: &Shape) -> NodeId {
    let kinds = [ReduceKind::Sum, ReduceKind::Product, ReduceKind::LogSumExp, ReduceKind::Norm];
    let (kind, axis) = (kinds[random.below(kinds.len())], random.below(2));
    let a = if kind == ReduceKind::Norm { r.exp(a) } else { a };
    let reduced = r.reduce(kind, a, &[axis]);
    r.spread(reduced, shape, &[axis])
}

/// The last rows of one, then the first of the other.
fn swap_halves(r: &mut Region, a: NodeId, b: NodeId) -> NodeId {
    let n = Dim::name("N");
    let rest = n.sub(&Dim::ONE).expect("small");
    let last = r.slice(a, &[Dim::ONE, Dim::ZERO], &[rest, n.clone()].into(), &[1, 1]);
    let first = r.slice(b, &[Dim::ZERO, Dim::ZERO], &[Dim::ONE, n].into(), &[1, 1]);
    r.concat(&[last, first], 0)
}

#[test]
fn all_modes_agree() {
    for seed in 1..=120 {
        let mut bench = Bench::new(seed);
        let xs: Vec<NodeId> = (0..3).map(|_| bench.random(&["N", "N"], -1.0, 1.0)).collect();
        let mut pool = xs.clone();
        let mut random = Random::new(1000 + seed);
        for _ in 0..10 {
            let grown = grow(&mut bench.region, &mut random, &pool);
            // Kept in bounds, so that finite differences can tell.
            let tame = bench.region.map(Function::Tanh, &[grown]);
            pool.push(tame);
        }
        let y = *pool.last().expect("it has grown");
        bench.check(y, &xs, 1 + u32::from(seed % 4 == 0), &format!("random graph {seed}"));
    }
}
