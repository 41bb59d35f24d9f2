//! Magnitudes of numbers: what a row asks before it puts factors in another order.
//!
//! A product of several factors may overflow or underflow on the way though its value is an ordinary number; in which
//! order that happens is up to whoever writes the formula. So of values of unknown size none is moved. What may be:
//!
//! ```text
//! x · (c · y)   →  c · (x · y)     c a literal between 2^-16 and 2^16 in size: the margin that a row may take
//! p · (c · x)   →  (p · c) · x     p and c literals whose product f32 holds: the result is the same product
//! sum(c · x)    →  c · sum(x)      1 <= |c|: the sum is no larger than the one that is written
//! sum(a · x)    →  a · sum(x)      |x| <= 2^16: the sum is far from the largest number, however long it is
//! ```

use super::legalise::{is_below_max, is_inverse_of_total};
use super::matching::{constant, extent, operands, unary};
use crate::graph::{Elem, NodeId, Region};
use crate::ops::Function::{self, Recip};
use crate::ops::Op;

/// The largest literal that may be moved, and the inverse of the smallest.
const MOVABLE: f64 = 65_536.0;

/// Expressions are looked into so far.
const DEEPEST: u32 = 6;

/// Whether a literal of that size may be a factor at another place.
pub(super) fn is_movable(c: f64) -> bool {
    (1.0 / MOVABLE..=MOVABLE).contains(&c.abs())
}

/// Whether the square of the literal is one that may be moved.
pub(super) fn is_square_movable(c: f64) -> bool {
    is_movable(c * c)
}

/// The literal, if it may be a factor at another place.
pub(super) fn movable(region: &Region, node: NodeId) -> Option<f64> {
    constant(region, node).filter(|c| is_movable(*c))
}

/// Whether neither the number nor its reciprocal is anywhere near the ends of what `f32` holds.
pub(super) fn is_moderate(c: f64) -> bool {
    (1e-30..1e30).contains(&c.abs())
}

/// `1/c`, where a product with it has the bits of the quotient by `c`, in `f32` too.
pub(super) fn exact_reciprocal(c: f64) -> Option<f64> {
    (is_moderate(c) && c.to_bits().trailing_zeros() >= 52).then(|| c.recip())
}

/// Whether a literal factor may be multiplied after a sum.
pub(super) fn leaves_sums(region: &Region, node: NodeId) -> bool {
    constant(region, node).is_some_and(|c| is_movable(c) || (1.0..1e30).contains(&c.abs()))
}

/// Whether sums of such values are far from the largest number, and stay so if they are multiplied by a literal that
/// may be moved.
pub(super) fn is_small(region: &Region, node: NodeId) -> bool {
    bound(region, node, DEEPEST).is_some_and(|bound| bound <= MOVABLE)
}

/// Whether the values lie between -1 and 1.
pub(super) fn is_share(region: &Region, node: NodeId) -> bool {
    bound(region, node, DEEPEST).is_some_and(|bound| bound <= 1.0)
}

/// A bound of the size of all values that are not NaN, by the form of the expression.
fn bound(region: &Region, node: NodeId, depth: u32) -> Option<f64> {
    if let Some(c) = constant(region, node) {
        return c.is_finite().then_some(c.abs());
    }
    let depth = depth.checked_sub(1)?;
    let of = |place: usize| bound(region, region.operand(node, place), depth);
    let op = &region.node(node).op;
    // Of what is not named here nothing is known.
    if let Op::Map(map) = op {
        return bound_of_function(region, node, map.function, of);
    }
    if matches!(op, Op::Select(_)) {
        return Some(of(1)?.max(of(2)?));
    }
    if matches!(op, Op::Cast(_)) {
        return (region.ty(region.operand(node, 0)).elem == Elem::Bool).then_some(1.0);
    }
    let is_moved =
        matches!(op, Op::Broadcast(_) | Op::Permute(_) | Op::Reshape(_) | Op::Slice(_) | Op::Pad(_) | Op::Reverse(_));
    if is_moved { of(0) } else { None }
}

/// The bound of the values of an elementary function by those `of` its operands.
fn bound_of_function(
    region: &Region,
    node: NodeId,
    function: Function,
    of: impl Fn(usize) -> Option<f64>,
) -> Option<f64> {
    match function {
        Function::Sigmoid | Function::Tanh | Function::Sin | Function::Cos | Function::Erf | Function::Sign => {
            Some(1.0)
        }
        Function::Erfc => Some(2.0),
        Function::Exp => {
            let [x] = operands(region, node);
            let falls = is_below_max(region, x)
                || unary(region, Function::Neg, x)
                    .is_some_and(|x| unary(region, Function::Square, x).or(unary(region, Function::Abs, x)).is_some());
            falls.then_some(1.0)
        }
        Recip => {
            let [x] = operands(region, node);
            (extent(region, x).is_some() || is_inverse_of_total(region, node)).then_some(1.0)
        }
        Function::Neg | Function::Abs | Function::Relu => of(0),
        Function::Square => of(0).map(|x| x * x),
        Function::Mul | Function::MulUnlessZero => Some(of(0)? * of(1)?),
        Function::Add | Function::Sub => Some(of(0)? + of(1)?),
        Function::Max | Function::Min => Some(of(0)?.max(of(1)?)),
        _ => None,
    }
}
