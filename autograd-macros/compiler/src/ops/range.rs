//! Range analysis: how large values are by the form of the expression, and which may be infinite though no leaf is.
//!
//! ```text
//! x a parameter, x/2, x + 1, sigmoid(x²), sqrt(x)      as finite as x is
//! x², a·x, a + b, sum(x), exp(x), 1/x, log(x)          may overflow, or have a pole
//! ```
//!
//! A value has an interval, too, where its form gives one: `exp(sin(x))` is above 1/e and below e. What is above 0 has no root
//! with an infinite slope, what is bounded does not overflow.
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
    /// No value is smaller; NaN aside.
    pub low: f64,
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

/// What an interval is made wider by at its ends, for what rounds: in `f32`, and in each of the functions on the way.
const MARGIN: f64 = 1e-3;

/// The lower end of an interval; what is not far above 0 in `f32`, is 0.
fn below(value: f64) -> f64 {
    if !value.is_finite() {
        return f64::NEG_INFINITY;
    }
    let low = value - MARGIN * value.abs();
    if low > 0.0 && low < 1.0 / SMALL { 0.0 } else { low }
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
        let size = Self::size_of_function(function, region, operands, of);
        match function {
            _ if INCREASING.contains(&function) => size.between_ends(function, of(0)),
            Function::Abs | Function::Relu => Self { low: of(0).low.max(0.0), ..size },
            Function::Max => Self { low: of(0).low.max(of(1).low), ..size },
            Function::Min => Self { low: of(0).low.min(of(1).low), ..size },
            Function::WhereFinite => Self { low: of(0).low, ..size },
            Function::Square => Self { low: below(of(0).low.max(0.0).powi(2)), ..size },
            Function::Cosh => Self { low: below(1.0), ..size },
            _ => size,
        }
    }

    /// Of an elementary function by its size alone, where nothing better is known.
    fn size_of_function(function: Function, region: &Region, operands: &[NodeId], of: &dyn Fn(usize) -> Self) -> Self {
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
            Function::Add => of(0).plus(of(1)),
            Function::Sub => of(0).plus(Self { low: -of(1).bound, ..of(1) }),
            Function::Mul | Function::MulUnlessZero | Function::AtZero => of(0).times(of(1)),
            Function::Square => of(0).times(of(0)),
            Function::Div if is_divisor(region, operands[1]) => {
                let factor = region.literal_value(operands[1]).map(f64::recip);
                of(0).times(factor.map_or(Self { low: 0.0, ..Self::within(1.0) }, Self::exactly))
            }
            Function::Div => of(0).times(of(1).inverse()),
            Function::Recip => of(0).inverse(),
            _ => Self::UNKNOWN,
        }
    }

    /// Nothing is known.
    pub(super) const UNKNOWN: Self =
        Self { low: f64::NEG_INFINITY, bound: f64::INFINITY, overflow: Overflow::Otherwise };

    /// A number that is known.
    pub(super) fn exactly(value: f64) -> Self {
        Self { low: if value.is_finite() { value } else { f64::NEG_INFINITY }, ..Self::within(value.abs()) }
    }

    /// No value is larger in size.
    pub(super) fn within(bound: f64) -> Self {
        Self { low: -bound, bound, overflow: Overflow::Never }
    }

    /// A value of either.
    pub(super) fn or(self, other: Self) -> Self {
        let (low, bound) = (self.low.min(other.low), self.bound.max(other.bound));
        Self { low, bound, overflow: self.overflow.max(other.overflow) }
    }

    /// As infinite as that, and of any size.
    pub(super) fn unbounded(self) -> Self {
        Self { low: f64::NEG_INFINITY, bound: f64::INFINITY, ..self }
    }

    /// If one summand is small the sum of the largest number and that is the largest number.
    fn plus(self, other: Self) -> Self {
        let own = if self.bound.min(other.bound) > SMALL { Overflow::BySum } else { Overflow::Never };
        // Of terms that cancel, what rounds is a part of the terms.
        let low = self.low + other.low - MARGIN * (self.low.abs() + other.low.abs());
        let bound = self.bound + other.bound;
        Self { low: below(low), bound, overflow: own.max(self.overflow).max(other.overflow) }
    }

    /// `1/x`, where no `x` is near 0.
    fn inverse(self) -> Self {
        if self.low < SMALL.recip().sqrt() {
            return Self::UNKNOWN;
        }
        Self { low: below(self.bound.recip()), ..Self::within(self.low.recip() * (1.0 + MARGIN)) }
    }

    /// What an increasing function makes of an interval, if that is bounded; otherwise it is no more than this.
    fn between_ends(self, function: Function, x: Self) -> Self {
        let low = below(function.eval(&[x.low]));
        let high = function.eval(&[x.bound]);
        let low = low.max(self.low);
        let bound = low.abs().max(high.abs() * (1.0 + MARGIN));
        if high <= SMALL && bound <= SMALL {
            return Self { low, ..Self::within(bound.min(self.bound)) };
        }
        Self { low, ..self }
    }

    /// Their product.
    pub(super) fn times(self, other: Self) -> Self {
        let overflows = self.bound.min(other.bound) > 1.0 && self.bound.max(other.bound) > SMALL;
        let own = if overflows { Overflow::Otherwise } else { Overflow::Never };
        let bound = if self.bound == 0.0 || other.bound == 0.0 { 0.0 } else { self.bound * other.bound };
        let low = if self.low >= 0.0 && other.low >= 0.0 { below(self.low * other.low) } else { -bound };
        Self { low, bound, overflow: own.max(self.overflow).max(other.overflow) }
    }

    /// The sum of any number of such values.
    pub(super) fn accumulated(self) -> Self {
        let low = if self.low >= 0.0 { 0.0 } else { f64::NEG_INFINITY };
        Self { low, ..if self.bound > SMALL { Self::UNKNOWN } else { Self::within(SMALL) } }
    }
}

/// Functions that increase everywhere.
const INCREASING: &[Function] = &[
    Function::Exp,
    Function::Exp2,
    Function::Expm1,
    Function::Log1p,
    Function::Sqrt,
    Function::Cbrt,
    Function::Atan,
    Function::Tanh,
    Function::Asinh,
    Function::Sigmoid,
    Function::Softplus,
    Function::Erf,
];

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
    (Function::Sech, 1.0),
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
    use super::{Range, SMALL};
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

    /// Above 0 by its interval, and bounded.
    #[test]
    fn what_lies_between_two_numbers_is_known() {
        let mut r = Region::new();
        let x = r.leaf(LeafKind::Input, "x", Type::real([Dim::name("N")]));
        let (sine, sigmoid) = (r.sin(x), r.sigmoid(x));
        let exp = r.exp(sine);
        let (inverse, square, atan) = (r.recip(exp), r.square(exp), r.atan(exp));
        let log = r.log1p(atan);
        let root = r.sqrt(log);
        let (sum, difference, shifted) = (r.plus(exp, sigmoid), r.minus(exp, sine), r.offset(sine, 1.1));
        let share = r.over(sigmoid, shifted);
        let (least, least_of_two) = (r.offset(sine, 1.0), r.minimum(exp, log));
        let far = r.exp(x);
        let not = [x, sine, sigmoid, far, difference, least, share];
        let positive = [exp, inverse, square, atan, log, root, sum, shifted, least_of_two];
        let facts = Facts::of(&r, *[far, least_of_two].iter().max().expect("two of them"));
        assert_eq!(positive.map(|node| facts.is_positive(&r, node)), [true; 9]);
        assert_eq!(not.map(|node| facts.is_positive(&r, node)), [false; 7]);
        let bounded = [exp, inverse, square, atan, log, root, sum, share, least_of_two];
        assert_eq!(bounded.map(|node| facts.may_overflow(node)), [false; 9]);
    }

    /// The ends are those of what functions are, not of what they are called.
    #[test]
    fn functions_that_increase_do() {
        for function in super::INCREASING {
            let values: Vec<f64> = (-300..=300).map(|x| function.eval(&[f64::from(x) / 4.0])).collect();
            let known = |value: &f64| !value.is_nan();
            assert!(values.iter().copied().filter(known).is_sorted(), "{function:?}");
            for (x, value) in (-300..=300).zip(values) {
                let x = Range::exactly(f64::from(x) / 4.0);
                let range = Range::UNKNOWN.between_ends(*function, x);
                let lies_inside = range.low <= value && value.abs() <= range.bound;
                assert!(value.is_nan() || lies_inside, "{function:?} {x:?} {range:?}");
            }
        }
    }
}
