//! Range analysis: how large values are by the form of the expression, and which may be infinite though no leaf is.
//!
//! ```text
//! x a parameter, x/2, x + 1, sigmoid(x²), sqrt(x)      as finite as x is
//! x², a·x, a + b, sum(x), exp(x), 1/x, log(x)          may overflow, or have a pole
//! ```
//!
//! Of a value that may have overflowed, a slope that vanishes at infinity is not to be believed (see
//! [`Row::fades`](super::elementary::Row)). A wrong "may" costs an operation, a wrong "may not" an answer: what is not
//! listed may.

use super::elementary::is_divisor;
use super::{Facts, Function};
use crate::graph::{Elem, Node, NodeId, Region};

/// What is known of the values of a node.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// No value is larger in size; NaN aside.
    pub bound: f64,
    /// Whether a value may be infinite though all parameters, inputs and states are finite.
    pub overflow: Overflow,
}

/// How a value may come to be infinite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Overflow {
    /// Not at all.
    Never,
    /// As a sum of two numbers of which one is within a factor 2 of the largest number.
    BySum,
    /// In any other way.
    Otherwise,
}

/// Nothing that is at most so large overflows, nor changes the largest number of `f32` where it is added.
pub(super) const SMALL: f64 = 1e30;

impl Range {
    /// Of a node, once its operands are known.
    pub(super) fn of(region: &Region, node: &Node, facts: &Facts) -> Self {
        if node.ty.elem != Elem::Real {
            return Self::within(SMALL);
        }
        node.op.range(region, &node.operands, &|place| facts.range(node.operands[place]))
    }

    /// Of an elementary function.
    pub(super) fn of_function(
        function: Function,
        region: &Region,
        operands: &[NodeId],
        of: &dyn Fn(usize) -> Self,
    ) -> Self {
        if let Some((_, bound)) = WITHIN.iter().find(|(known, _)| *known == function) {
            return Self::within(*bound);
        }
        let largest = || (0..operands.len()).map(of).fold(Self::within(1.0), Self::or);
        if NO_LARGER.contains(&function) {
            return largest();
        }
        if HARDLY_LARGER.contains(&function) {
            return largest().plus(Self::within(1.0));
        }
        match function {
            Function::Add | Function::Sub => of(0).plus(of(1)),
            Function::Mul | Function::MulUnlessZero | Function::AtZero => of(0).times(of(1)),
            Function::Square => of(0).times(of(0)),
            Function::Div if is_divisor(region, operands[1]) => {
                let least = region.literal_value(operands[1]).map_or(1.0, f64::abs);
                of(0).times(Self::within(least.recip()))
            }
            _ => Self::UNKNOWN,
        }
    }

    /// Nothing is known.
    pub(super) const UNKNOWN: Self = Self { bound: f64::INFINITY, overflow: Overflow::Otherwise };

    /// No value is larger in size.
    pub(super) fn within(bound: f64) -> Self {
        Self { bound, overflow: Overflow::Never }
    }

    /// A value of either.
    pub(super) fn or(self, other: Self) -> Self {
        Self { bound: self.bound.max(other.bound), overflow: self.overflow.max(other.overflow) }
    }

    /// As infinite as that, and of any size.
    pub(super) fn unbounded(self) -> Self {
        Self { bound: f64::INFINITY, ..self }
    }

    /// If one summand is small the sum of the largest number and that is the largest number.
    fn plus(self, other: Self) -> Self {
        let own = if self.bound.min(other.bound) > SMALL { Overflow::BySum } else { Overflow::Never };
        Self { bound: self.bound + other.bound, overflow: own.max(self.overflow).max(other.overflow) }
    }

    /// Their product.
    pub(super) fn times(self, other: Self) -> Self {
        let overflows = self.bound.min(other.bound) > 1.0 && self.bound.max(other.bound) > SMALL;
        let own = if overflows { Overflow::Otherwise } else { Overflow::Never };
        let bound = if self.bound == 0.0 || other.bound == 0.0 { 0.0 } else { self.bound * other.bound };
        Self { bound, overflow: own.max(self.overflow).max(other.overflow) }
    }

    /// The sum of any number of such values.
    pub(super) fn accumulated(self) -> Self {
        if self.bound > SMALL { Self::UNKNOWN } else { Self::within(SMALL) }
    }
}

/// Functions of bounded size.
const WITHIN: &[(Function, f64)] = &[
    (Function::Sign, 1.0),
    (Function::Sin, 1.0),
    (Function::Cos, 1.0),
    (Function::Asin, 2.0),
    (Function::Acos, 4.0),
    (Function::Atan, 2.0),
    (Function::Atan2, 4.0),
    (Function::Tanh, 1.0),
    (Function::TanhSlope, 1.0),
    (Function::SlopeOfTanh, 1.0),
    (Function::Sigmoid, 1.0),
    (Function::SigmoidSlope, 1.0),
    (Function::SlopeOfSigmoid, 1.0),
    (Function::Erf, 1.0),
    (Function::Erfc, 2.0),
    (Function::NormPdf, 1.0),
    (Function::NormCdf, 1.0),
    (Function::Significand, 2.0),
    (Function::Exponent, SMALL),
];

/// Functions that are at most 1 or as large as the largest argument, and infinite only where one is.
const NO_LARGER: &[Function] = &[
    Function::Neg,
    Function::Abs,
    Function::Relu,
    Function::Max,
    Function::Min,
    Function::Floor,
    Function::Ceil,
    Function::Round,
    Function::Sqrt,
    Function::Cbrt,
    Function::Asinh,
    Function::Acosh,
    Function::WhereFinite,
];

/// Functions that are at most 1 larger than that.
const HARDLY_LARGER: &[Function] =
    &[Function::Softplus, Function::LogSigmoid, Function::LogCosh, Function::Logaddexp, Function::InverseMills];

#[cfg(test)]
mod tests {
    use super::SMALL;
    use crate::graph::{Dim, Region, Type};
    use crate::ops::{Facts, LeafKind};

    #[test]
    fn what_may_overflow_is_told_from_what_may_not() {
        let mut r = Region::new();
        let x = r.leaf(LeafKind::Input, "x", Type::real([Dim::name("N")]));
        let sigmoid = r.sigmoid(x);
        let (half, shifted, gated) = (r.scale(x, 0.5), r.offset(x, 1e-6), r.times(sigmoid, x));
        let (share, root, softplus) = (r.sum(sigmoid, &[0]), r.sqrt(x), r.softplus(x));
        let not = [x, sigmoid, half, shifted, gated, share, root, softplus];
        let (twice, square, sum, exp, inverse) = (r.scale(x, 2.0), r.square(x), r.sum(x, &[0]), r.exp(x), r.recip(x));
        let (own, far, scaled) = (r.plus(x, x), r.offset(x, 10.0 * SMALL), r.times(softplus, x));
        let may = [twice, square, sum, exp, inverse, own, far, scaled];
        let facts = Facts::of(&r, scaled);
        assert_eq!(not.map(|node| facts.may_overflow(node)), [false; 8]);
        assert_eq!(may.map(|node| facts.may_overflow(node)), [true; 8]);
    }
}
