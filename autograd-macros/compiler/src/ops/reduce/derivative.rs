//! The derivatives of reductions, built of primitives, so that they have derivatives too.

use super::{Reduce, ReduceKind};
use crate::graph::{NodeId, Region};
use crate::ops::Facts;
use crate::ops::elementary::{infinite_or_nan, unless_flat, unless_overflowed};
use crate::ops::recurrence::shift;

/// The cotangent of the operand.
pub(super) fn vjp(op: &Reduce, region: &mut Region, y: NodeId, g: NodeId, facts: &Facts) -> Option<NodeId> {
    let mut rule = Rule::new(op, region, [y, g], facts);
    match op.kind {
        ReduceKind::Sum => Some(rule.spread(g)),
        ReduceKind::Product => Some(product_vjp(region, [region.operand(y, 0), y], &op.axes, g, facts)),
        ReduceKind::Max | ReduceKind::MaxNumber | ReduceKind::Min => {
            let loses = rule.loses();
            let share = rule.per_tie(loses, g);
            let (share, zero) = (rule.spread(share), rule.zero());
            Some(rule.region.select(loses, zero, share))
        }
        ReduceKind::LogSumExp => {
            let mass = rule.mass();
            let g = rule.per_mass(mass, g);
            let g = rule.spread(g);
            Some(rule.scaled(g, mass))
        }
        ReduceKind::Norm => {
            let (direction, g) = (rule.direction(), rule.unless_origin(g));
            let g = rule.spread(g);
            Some(rule.scaled(g, direction))
        }
        ReduceKind::Any | ReduceKind::All => None,
    }
}

/// The tangent of the result.
pub(super) fn jvp(op: &Reduce, region: &mut Region, y: NodeId, t: NodeId, facts: &Facts) -> Option<NodeId> {
    let mut rule = Rule::new(op, region, [y, t], facts);
    match op.kind {
        ReduceKind::Sum => Some(rule.sum(t)),
        ReduceKind::Product => {
            let x = region.operand(y, 0);
            let one = region.ones_like(y);
            let others = product_vjp(region, [x, y], &op.axes, one, facts);
            let mut rule = Rule::new(op, region, [y, t], facts);
            let terms = rule.scaled(t, others);
            Some(rule.sum(terms))
        }
        ReduceKind::Max | ReduceKind::MaxNumber | ReduceKind::Min => {
            let (loses, zero) = (rule.loses(), rule.zero());
            let kept = rule.region.select(loses, zero, t);
            let total = rule.sum(kept);
            Some(rule.per_tie(loses, total))
        }
        ReduceKind::LogSumExp => {
            let mass = rule.mass();
            let terms = rule.scaled(t, mass);
            let total = rule.sum(terms);
            Some(rule.per_mass(mass, total))
        }
        ReduceKind::Norm => {
            let direction = rule.direction();
            let terms = rule.scaled(t, direction);
            let total = rule.sum(terms);
            Some(rule.unless_origin(total))
        }
        ReduceKind::Any | ReduceKind::All => None,
    }
}

/// One reduction `y` of `x`.
struct Rule<'a> {
    op: &'a Reduce,
    region: &'a mut Region,
    x: NodeId,
    y: NodeId,
    finite: bool,
    /// Whether what comes from above may be infinite.
    steep: bool,
    /// Whether an infinite element may have overflowed.
    doubtful: bool,
}

impl<'a> Rule<'a> {
    fn new(op: &'a Reduce, region: &'a mut Region, [y, t]: [NodeId; 2], facts: &Facts) -> Self {
        let x = region.operand(y, 0);
        let doubtful = facts.may_overflow_far(x);
        Self { op, region, x, y, finite: facts.is_finite(x), steep: facts.is_steep(t), doubtful }
    }

    /// A reduced value repeated along the reduced axes.
    fn spread(&mut self, reduced: NodeId) -> NodeId {
        let shape = self.region.shape(self.x);
        self.region.spread(reduced, &shape, &self.op.axes)
    }

    fn sum(&mut self, terms: NodeId) -> NodeId {
        self.region.sum(terms, &self.op.axes)
    }

    fn zero(&mut self) -> NodeId {
        self.region.zeros_like(self.x)
    }

    /// `t · factor`, where a zero skips a factor that may not be finite.
    fn scaled(&mut self, t: NodeId, factor: NodeId) -> NodeId {
        times(self.region, [t, factor], self.finite, self.steep)
    }

    /// Which elements are not the extreme. None if the extreme is NaN.
    fn loses(&mut self) -> NodeId {
        let extreme = self.spread(self.y);
        if self.op.kind == ReduceKind::Min {
            self.region.less(extreme, self.x)
        } else {
            self.region.less(self.x, extreme)
        }
    }

    /// A reduced value divided evenly among the elements that do not lose; NaN where the extreme is.
    fn per_tie(&mut self, loses: NodeId, value: NodeId) -> NodeId {
        let (zero, one) = (self.zero(), self.region.ones_like(self.x));
        let ones = self.region.select(loses, zero, one);
        let count = self.sum(ones);
        let part = self.region.over(value, count);
        let is_number = self.region.equal(self.y, self.y);
        let nan = self.region.full_like(f64::NAN, value);
        let nan = self.region.mul_unless_zero(value, nan);
        self.region.select(is_number, part, nan)
    }

    /// `exp(x - y)`, the softmax but for the rounding of `y`; 1 where both are infinite.
    fn mass(&mut self) -> NodeId {
        let (top, zero) = (self.spread(self.y), self.zero());
        let tied = self.region.equal(self.x, top);
        let below = self.region.minus(self.x, top);
        let below = self.region.select(tied, zero, below);
        self.region.exp(below)
    }

    /// A reduced value over the total mass, but 0 where all elements are -inf. The total is 1 up to the rounding of
    /// `y`, which is large where `y` is (`exp(x - y)` is off by `|y|` ulp), or the number of elements that are +inf.
    fn per_mass(&mut self, mass: NodeId, value: NodeId) -> NodeId {
        let total = self.sum(mass);
        let part = self.region.over(value, total);
        let bottom = self.region.full_like(f64::NEG_INFINITY, self.y);
        let at_bottom = self.region.equal(self.y, bottom);
        let zero = self.region.zeros_like(value);
        self.region.select(at_bottom, zero, part)
    }

    /// `x / |x|`, zero at the origin; of an infinite element its sign. NaN where the norm overflowed.
    fn direction(&mut self) -> NodeId {
        let (zero, one) = (self.region.zeros_like(self.y), self.region.ones_like(self.y));
        let origin = self.region.equal(self.y, zero);
        let safe = self.region.select(origin, one, self.y);
        let size = self.region.abs(self.x);
        // The norm itself needs the largest.
        let largest = self.region.reduce(ReduceKind::MaxNumber, size, &self.op.axes);
        let safe = unless_overflowed(self.region, safe, [self.y, largest], self.doubtful);
        let safe = self.spread(safe);
        let direction = self.region.over(self.x, safe);
        let top = infinite_or_nan(self.region, self.y);
        let (top, sign) = (self.spread(top), self.region.sign(self.x));
        let infinite = self.region.equal(size, top);
        self.region.select(infinite, sign, direction)
    }

    /// A reduced value, but 0 at the origin: there the second derivative is 0 too.
    fn unless_origin(&mut self, value: NodeId) -> NodeId {
        let zero = self.region.zeros_like(self.y);
        let origin = self.region.equal(self.y, zero);
        self.region.select(origin, zero, value)
    }
}

/// One axis at a time, the last first: the cotangent of an element is `g` times the product of the others. `y` is the
/// whole product.
fn product_vjp(region: &mut Region, [x, y]: [NodeId; 2], axes: &[usize], g: NodeId, facts: &Facts) -> NodeId {
    let [before @ .., last] = axes else {
        return g;
    };
    let steep = facts.is_steep(g);
    let inner = if before.is_empty() { y } else { region.reduce(ReduceKind::Product, x, &[*last]) };
    let g = product_vjp(region, [inner, y], before, g, facts);
    let rest = product_of_others(region, x, inner, *last);
    let shape = region.shape(x);
    let g = region.spread(g, &shape, &[*last]);
    times(region, [g, rest], facts.is_finite(x), steep)
}

/// `t · factor`, where a zero skips a factor that may not be finite, and a factor of 0 a `t` that may not be.
fn times(region: &mut Region, [t, factor]: [NodeId; 2], finite: bool, steep: bool) -> NodeId {
    let product = if finite { region.times(t, factor) } else { region.mul_unless_zero(t, factor) };
    if steep { unless_flat(region, t, factor, product) } else { product }
}

/// Sizes beyond which a product along a part of an axis may have left the range, in `f32`.
const LARGE: f64 = 1e30;
const SMALL: f64 = 1e-30;

/// Of those before each element and of those after it, so that zeros are exact. Where these leave the range though the
/// whole product does not, and is not zero, it is divided by the element.
fn product_of_others(region: &mut Region, x: NodeId, y: NodeId, axis: usize) -> NodeId {
    let prefix = exclusive_product(region, x, axis, false);
    let suffix = exclusive_product(region, x, axis, true);
    let rest = region.times(prefix, suffix);
    let shape = region.shape(x);
    let whole = region.spread(y, &shape, &[axis]);
    let is_sure = [prefix, suffix].map(|part| {
        let size = region.abs(part);
        let (least, most) = (region.full_like(SMALL, size), region.full_like(LARGE, size));
        let (is_large, is_small) = (region.less(least, size), region.less(size, most));
        region.and(is_large, is_small)
    });
    let size = region.abs(whole);
    let (zero, infinity) = (region.zeros_like(size), region.full_like(f64::INFINITY, size));
    let (is_large, is_small) = (region.less(zero, size), region.less(size, infinity));
    let is_ordinary = region.and(is_large, is_small);
    let is_sure = region.and(is_sure[0], is_sure[1]);
    let is_unsure = region.not(is_sure);
    let divides = region.and(is_ordinary, is_unsure);
    // Only where it is used: the other derivatives are those of the products.
    let one = region.ones_like(x);
    let divisor = region.select(divides, x, one);
    let quotient = region.over(whole, divisor);
    region.select(divides, quotient, rest)
}

/// The products of all elements before each (`reverse`: after each) along an axis.
fn exclusive_product(region: &mut Region, x: NodeId, axis: usize, reverse: bool) -> NodeId {
    let factors = shift(region, x, axis, reverse);
    let one = region.ones_like(x);
    let inside = shift(region, one, axis, reverse);
    let start = region.minus(one, inside);
    region.recurrence(factors, start, axis, reverse)
}
