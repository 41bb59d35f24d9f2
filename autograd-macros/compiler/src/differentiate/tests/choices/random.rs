//! Random graphs below a choice: rows stay apart, so that a row that is not taken can be planted.

use super::{Leaf, check};
use crate::graph::{NodeId, Region, Shape};
use crate::ops::{Contract, Function, ReduceKind};
use crate::testing::random::Random;

const TAME: &[Function] = &[
    Function::Sin,
    Function::Cos,
    Function::Tanh,
    Function::Atan,
    Function::Sigmoid,
    Function::Softplus,
    Function::Abs,
    Function::Relu,
    Function::Square,
    Function::Exp,
];

/// Adds a random node; `pool` holds matrices `[N, D]`, the last leaf is `[D, D]`.
fn grow(r: &mut Region, random: &mut Random, pool: &[NodeId], shared: NodeId) -> NodeId {
    let mut pick = || pool[random.below(pool.len())];
    let (a, b) = (pick(), pick());
    let shape = r.shape(a);
    match random.below(14) {
        0 => r.plus(a, b),
        1 => r.times(a, b),
        2 => r.logaddexp(a, b),
        3 => {
            let square = r.square(b);
            let positive = r.offset(square, 0.5);
            let root = r.sqrt(positive);
            r.over(a, root)
        }
        4 => {
            let size = r.abs(a);
            let positive = r.offset(size, 0.25);
            r.log(positive)
        }
        5 => r.reverse(a, &[1]),
        6 => line_by_line(r, random, a, &shape),
        7 => r.recurrence(a, b, 1, random.below(2) == 0),
        8 => {
            let axis = random.below(2);
            let op = Contract {
                left_batch: Vec::new(),
                right_batch: Vec::new(),
                left_contract: vec![1],
                right_contract: vec![axis],
            };
            r.contract(op, a, shared)
        }
        9 => {
            let (larger, product) = (r.less(a, b), r.times(a, b));
            r.choose(larger, product, a)
        }
        10 => {
            let (zero, larger) = (r.zeros_like(a), r.less(a, b));
            let sum = r.plus(a, b);
            r.select(larger, zero, sum)
        }
        11 => r.maximum(a, b),
        _ => r.map(TAME[random.below(TAME.len())], &[a]),
    }
}

/// Reduces the columns and spreads the result again.
fn line_by_line(r: &mut Region, random: &mut Random, a: NodeId, shape: &Shape) -> NodeId {
    let kinds = [ReduceKind::Sum, ReduceKind::Product, ReduceKind::LogSumExp, ReduceKind::Norm, ReduceKind::Max];
    let kind = kinds[random.below(kinds.len())];
    let a = if kind == ReduceKind::Norm { r.exp(a) } else { a };
    let reduced = r.reduce(kind, a, &[1]);
    r.spread(reduced, shape, &[1])
}

#[test]
fn random_graphs() {
    for seed in 1..=40 {
        let leaves = [
            Leaf::rows(&["N", "D"], -1.0, 1.0),
            Leaf::rows(&["N", "D"], -1.0, 1.0),
            Leaf::shared(&["D", "D"], -1.0, 1.0),
        ];
        check(&format!("random graph {seed}"), &leaves, |r, x| {
            let mut random = Random::new(5000 + seed);
            let mut pool = x[..2].to_vec();
            for _ in 0..8 {
                let grown = grow(r, &mut random, &pool, x[2]);
                // Kept in bounds, so that what is not planted stays an ordinary number.
                let tame = r.map(Function::Tanh, &[grown]);
                pool.push(tame);
            }
            *pool.last().expect("it has grown")
        });
    }
}
