//! Random numbers: pure functions of a seed, which is an integer (`input seed in 1000000;`), and of the position in the
//! array. The same seed gives the same numbers, on every machine, for any number of threads, in `f32` as in `f64`.

use super::super::{Builder, Built};
use super::Family::Random;
use super::arguments::Call;
use super::{Row, rule};
use crate::diagnostics::Problem;
use crate::graph::{Dim, Elem, NodeId, Shape};
use crate::ops::window::Place;
use crate::ops::{Function, Integer};

pub(super) const ROWS: &[Row] = &[
    rule(
        [
            "random_uniform",
            "seed, shape",
            "numbers between 0 and 1, neither of which is one; a seed is an integer, and gives the same numbers everywhere: \
             what must differ has seeds of its own, `2*seed` and `2*seed + 1`",
            "random_uniform(seed, [N, D])",
        ],
        Random,
        |builder, call| {
            let shape = builder.shape_argument(call.get("shape"))?;
            uniform(builder, call, &shape)
        },
    ),
    rule(
        [
            "random_normal",
            "seed, shape",
            "numbers of mean 0 and variance 1, normally distributed, made of `random_uniform`",
            "random_normal(seed, [N])",
        ],
        Random,
        |builder, call| {
            let shape = builder.shape_argument(call.get("shape"))?;
            let uniform = uniform(builder, call, &shape)?;
            Ok(builder.region.map(Function::NormPpf, &[uniform]))
        },
    ),
    rule(
        [
            "dropout",
            "x, rate, seed",
            "x with each element 0 with probability `rate`, and the others over `1 - rate`; the same seed leaves out the same",
            "dropout(x, 0.1, seed)",
        ],
        Random,
        dropout,
    ),
];

/// Odd multiples of 2^-24: exact in `f32` too.
fn uniform(builder: &mut Builder, call: &Call, shape: &Shape) -> Built {
    let seed = builder.integer_of(call.get("seed"))?;
    let seed = builder.region.fill(seed, shape);
    let position = position(builder, call, shape)?;
    let bits = builder.region.integer(Integer::Hash, seed, position);
    let bits = builder.region.cast(bits, Elem::Real);
    let middle = builder.region.offset(bits, 0.5);
    Ok(builder.region.scale(middle, 2f64.powi(-23)))
}

/// Where each element stands in row-major order.
fn position(builder: &mut Builder, call: &Call, shape: &Shape) -> Built {
    let mut terms = Vec::new();
    let mut stride = Dim::ONE;
    for (axis, extent) in shape.iter().enumerate().rev() {
        terms.push((axis, stride.clone()));
        stride = stride.mul(extent).ok_or_else(|| builder.error(call.expr.span, Problem::DimensionOverflow))?;
    }
    terms.reverse();
    Ok(builder.region.position(&Place { offset: Dim::ZERO, terms }, shape))
}

fn dropout(builder: &mut Builder, call: &Call) -> Built {
    let (x, rate) = (builder.real_argument(call, "x"), builder.real_argument(call, "rate"));
    let (x, rate): (NodeId, NodeId) = (x?, rate?);
    let shape = builder.shape(x);
    let rate = builder.fit(call.get("rate").span, "the rate of `dropout`", rate, &shape)?;
    let uniform = uniform(builder, call, &shape)?;
    let stays = builder.region.less_equal(rate, uniform);
    let share = builder.region.minus_from(1.0, rate);
    let larger = builder.region.map(Function::Div, &[x, share]);
    let zeros = builder.region.zeros(&shape);
    Ok(builder.region.select(stays, larger, zeros))
}
