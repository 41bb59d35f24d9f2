//! Sign analysis: which values cannot be zero, and which may be infinite, by their form. It says where a derivative may
//! be infinite.

use super::{Function, Op, ReduceKind};
use crate::graph::{Elem, NodeId, Region};

/// How many operations are looked through.
const DEPTH: usize = 6;

/// Whether a value is above 0 or NaN, the underflow of products aside, whatever the parameters, inputs and states are.
pub(super) fn is_positive(region: &Region, node: NodeId) -> bool {
    above(region, node, true, DEPTH)
}

/// Whether a value is at least 0 or NaN, whatever the parameters, inputs and states are.
pub(crate) fn is_not_negative(region: &Region, node: NodeId) -> bool {
    above(region, node, false, DEPTH)
}

/// Whether a value is at least 0, or above it if that is asked for.
fn above(region: &Region, node: NodeId, strictly: bool, depth: usize) -> bool {
    if let Some(value) = region.literal_value(node) {
        return if strictly { value > 0.0 } else { value >= 0.0 };
    }
    if depth == 0 {
        return false;
    }
    let node = region.node(node);
    let at_least = |x, strictly| above(region, x, strictly, depth - 1);
    let all = || node.operands.iter().all(|&x| at_least(x, strictly));
    if let Op::Map(map) = &node.op {
        return match *node.operands {
            [x] => {
                ALWAYS.contains(&map.function)
                    || !strictly && NEVER_BELOW.contains(&map.function)
                    || SAME_SIGN.contains(&map.function) && at_least(x, strictly)
            }
            [a, b] if matches!(map.function, Function::Add | Function::Max) => {
                at_least(a, strictly) && at_least(b, false) || at_least(a, false) && at_least(b, strictly)
            }
            [a, b] => {
                matches!(map.function, Function::Mul | Function::Div | Function::Min | Function::WhereFinite) && all()
                    || !strictly && (map.function == Function::Hypot || map.function == Function::Mul && a == b)
            }
            _ => false,
        };
    }
    if let Op::Reduce(reduce) = &node.op {
        // A sum may be of nothing.
        return !strictly && (reduce.kind == ReduceKind::Norm || reduce.kind == ReduceKind::Sum && all());
    }
    if matches!(node.op, Op::Select(_)) {
        return node.operands[1..].iter().all(|&x| at_least(x, strictly));
    }
    let is_count = !strictly && matches!(node.op, Op::Cast(_) | Op::Extent(_));
    let is_moved = matches!(node.op, Op::Broadcast(_) | Op::Permute(_) | Op::Reshape(_) | Op::Slice(_) | Op::Named(_));
    (is_count || is_moved) && all()
}

/// Whether a value may be infinite where parameters, inputs and states are ordinary numbers, overflow aside: by a division
/// or a logarithm.
pub(super) fn may_be_infinite(region: &Region, node: NodeId) -> bool {
    singular(region, node, DEPTH - 2)
}

fn singular(region: &Region, node: NodeId, depth: usize) -> bool {
    let (op, operands) = (&region.node(node).op, &region.node(node).operands);
    if depth == 0 {
        return true;
    }
    let own = matches!(op, Op::Map(map) if is_singular(region, map.function, operands));
    own || operands.iter().any(|&x| region.ty(x).elem == Elem::Real && singular(region, x, depth - 1))
}

/// Whether a value may be infinite though what it is a slope of is an ordinary number: by a negative power of what may be
/// 0, or a quotient by a root of it. What is not seen within a few operations is not.
pub(super) fn may_be_slope_of_root(region: &Region, node: NodeId) -> bool {
    within(region, node, DEPTH - 2, &|function, x| match function {
        Function::Rsqrt => !is_positive(region, x[0]),
        Function::Pow => region.literal_value(x[1]).is_none_or(|n| n < 0.0) && !is_positive(region, x[0]),
        Function::Div => !is_positive(region, x[1]) && within(region, x[1], 2, &is_root),
        _ => false,
    })
}

fn is_root(function: Function, _: &[NodeId]) -> bool {
    matches!(function, Function::Sqrt | Function::Cbrt | Function::Pow)
}

/// Whether an elementary function within a few operations is like that.
fn within(region: &Region, node: NodeId, depth: usize, is_like: &dyn Fn(Function, &[NodeId]) -> bool) -> bool {
    let (op, operands) = (&region.node(node).op, &region.node(node).operands);
    let own = matches!(op, Op::Map(map) if is_like(map.function, operands));
    own || depth > 0 && operands.iter().any(|&x| within(region, x, depth - 1, is_like))
}

fn is_singular(region: &Region, function: Function, x: &[NodeId]) -> bool {
    match function {
        Function::Div => region.literal_value(x[1]).is_none_or(|value| value == 0.0) && !is_positive(region, x[1]),
        Function::Pow => region.literal_value(x[1]).is_none_or(|n| n < 0.0) && !is_positive(region, x[0]),
        _ => SINGULAR.contains(&function) && !is_positive(region, x[0]),
    }
}

/// Infinite or undefined for some ordinary argument that is not above 0, or for some at all.
const SINGULAR: &[Function] = &[
    Function::Recip,
    Function::Rsqrt,
    Function::Log,
    Function::Log2,
    Function::Log10,
    Function::Log1p,
    Function::Atanh,
    Function::Lgamma,
    Function::Digamma,
    Function::Trigamma,
    Function::Polygamma,
];

/// Above 0 everywhere.
const ALWAYS: &[Function] = &[Function::Cosh];

/// At least 0 everywhere; those that are above it may underflow.
const NEVER_BELOW: &[Function] = &[
    Function::Square,
    Function::Abs,
    Function::Relu,
    Function::Exp,
    Function::Exp2,
    Function::Sigmoid,
    Function::Softplus,
    Function::Erfc,
];

/// Above 0 where the argument is.
const SAME_SIGN: &[Function] = &[
    Function::Square,
    Function::Abs,
    Function::Relu,
    Function::Sqrt,
    Function::Cbrt,
    Function::Recip,
    Function::Rsqrt,
    Function::Expm1,
    Function::Log1p,
    Function::Atan,
    Function::Sinh,
    Function::Tanh,
    Function::Asinh,
    Function::Erf,
];

#[cfg(test)]
mod tests {
    use super::is_positive;
    use crate::graph::{Dim, Region, Type};
    use crate::ops::LeafKind;
    use crate::testing::{Example, assert_close};

    #[test]
    fn sums_with_something_positive_are() {
        let mut r = Region::new();
        let x = r.leaf(LeafKind::Input, "x", Type::real([Dim::name("N")]));
        let squares = r.square(x);
        let sum = r.sum(squares, &[0]);
        let guarded = r.offset(sum, 1e-12);
        let exp = r.exp(x);
        let cosh = r.cosh(x);
        let chained = r.atan(cosh);
        let product = r.times(cosh, chained);
        let positive = [guarded, cosh, chained, product].map(|node| is_positive(&r, node));
        assert_eq!(positive, [true; 4]);
        let difference = r.minus(cosh, chained);
        let not = [x, squares, sum, difference, exp].map(|node| is_positive(&r, node));
        assert_eq!(not, [false; 5]);
    }

    /// Value and slope are both 0 there.
    #[test]
    fn a_root_of_what_underflowed_has_the_slope_zero() {
        for text in ["sqrt(softplus(x))", "sqrt(sigmoid(x))", "exp(x)^0.7", "softplus(x)^0.5", "sqrt(erfc(-x))"] {
            let example = Example::of(&format!("M {{ param x; loss = {text}; }}")).set("x", &[], &[-1100.0]);
            assert_close(&example.value("loss"), &[0.0], 0.0);
            assert_close(&example.grad("x"), &[0.0], 0.0);
        }
    }
}
