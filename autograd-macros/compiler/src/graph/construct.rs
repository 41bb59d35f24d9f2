//! Conveniences that add nodes to a region: arithmetic, shapes, reductions, in one call each.
//!
//! Nothing is folded here, but operations that would do nothing are not added: a permute in order, a reduction over no
//! axis, a slice of everything.

use std::rc::Rc;

use super::{Dim, Elem, NodeId, Region, Shape};
use crate::graph::Type;
use crate::ops::{
    ArgReduce, Broadcast, Cast, Compare, Concat, Contract, Extent, Extreme, Function, Iota, Leaf, LeafKind, Literal,
    Logic, Map, Named, Op, Pad, Permute, Recurrence, Reduce, ReduceKind, Reshape, Reverse, Select, Slice, StopGradient,
};

/// Leaves and numbers.
impl Region {
    /// The node at a place of the list.
    #[must_use]
    pub fn id(&self, place: usize) -> NodeId {
        debug_assert!(place < self.len(), "a place in the region");
        super::id(place)
    }

    /// An operand of a node.
    #[must_use]
    pub fn operand(&self, node: NodeId, place: usize) -> NodeId {
        self.node(node).operands[place]
    }

    /// A parameter, input or state.
    pub fn leaf(&mut self, kind: LeafKind, name: &str, ty: Type) -> NodeId {
        self.put(Leaf { kind, name: name.into(), ty }, &[])
    }

    /// A number; rank 0.
    pub fn literal(&mut self, value: f64) -> NodeId {
        self.put(Literal::real(value), &[])
    }

    /// A truth value; rank 0.
    pub fn boolean(&mut self, value: bool) -> NodeId {
        self.put(Literal::bool(value), &[])
    }

    /// An integer; rank 0.
    pub fn index(&mut self, value: i64) -> NodeId {
        self.put(Literal::index(value), &[])
    }

    /// A dimension as an integer; rank 0.
    pub fn extent(&mut self, dim: &Dim) -> NodeId {
        self.put(Extent { dim: dim.clone() }, &[])
    }

    /// `0, 1, … extent-1`, integers.
    pub fn iota(&mut self, extent: &Dim) -> NodeId {
        self.put(Iota { extent: extent.clone() }, &[])
    }

    /// A scalar everywhere in a shape.
    pub fn fill(&mut self, scalar: NodeId, shape: &Shape) -> NodeId {
        self.broadcast(scalar, shape, &[])
    }

    /// A number everywhere in a shape.
    pub fn full(&mut self, value: f64, shape: &Shape) -> NodeId {
        let scalar = self.literal(value);
        self.fill(scalar, shape)
    }

    /// Zeros.
    pub fn zeros(&mut self, shape: &Shape) -> NodeId {
        self.full(0.0, shape)
    }

    /// Ones.
    pub fn ones(&mut self, shape: &Shape) -> NodeId {
        self.full(1.0, shape)
    }

    /// A number everywhere in the shape of `x`.
    pub fn full_like(&mut self, value: f64, x: NodeId) -> NodeId {
        let shape = self.shape(x);
        self.full(value, &shape)
    }

    /// Zeros in the shape of `x`.
    pub fn zeros_like(&mut self, x: NodeId) -> NodeId {
        self.full_like(0.0, x)
    }

    /// Ones in the shape of `x`.
    pub fn ones_like(&mut self, x: NodeId) -> NodeId {
        self.full_like(1.0, x)
    }

    /// The value of a node that is a number, or a number everywhere in a shape.
    #[must_use]
    pub fn literal_value(&self, node: NodeId) -> Option<f64> {
        let node = self.node(node);
        match &node.op {
            Op::Literal(literal) => Some(literal.value()),
            Op::Broadcast(_) => self.literal_value(node.operands[0]),
            _ => None,
        }
    }

    fn put(&mut self, op: impl Into<Op>, operands: &[NodeId]) -> NodeId {
        self.add(op.into(), operands)
    }
}

/// Elementary functions of operands of equal shape.
macro_rules! unary {
    ($($name:ident $function:ident,)*) => {
        impl Region {
            $(#[doc = concat!("`", stringify!($function), "`, element by element.")]
            pub fn $name(&mut self, x: NodeId) -> NodeId {
                self.map(Function::$function, &[x])
            })*
        }
    };
}

/// Elementary functions of two operands of equal shape.
macro_rules! binary {
    ($($name:ident $function:ident,)*) => {
        impl Region {
            $(#[doc = concat!("`", stringify!($function), "`, element by element; operands of equal shape.")]
            pub fn $name(&mut self, a: NodeId, b: NodeId) -> NodeId {
                self.map(Function::$function, &[a, b])
            })*
        }
    };
}

unary! {
    neg Neg, abs Abs, sign Sign, sqrt Sqrt, rsqrt Rsqrt, cbrt Cbrt, recip Recip, exp Exp, exp2 Exp2, expm1 Expm1,
    log Log, log1p Log1p, log2 Log2, log10 Log10, sin Sin, cos Cos, tan Tan, asin Asin, acos Acos, atan Atan,
    sinh Sinh, cosh Cosh, tanh Tanh, asinh Asinh, acosh Acosh, atanh Atanh, sigmoid Sigmoid, log_sigmoid LogSigmoid,
    softplus Softplus, relu Relu, erf Erf, erfc Erfc, lgamma Lgamma, digamma Digamma, trigamma Trigamma, floor Floor,
    ceil Ceil, round Round, square Square,
}

binary! {
    plus Add, minus Sub, times Mul, over Div, power Pow, atan2 Atan2, maximum Max, minimum Min, hypot Hypot,
    logaddexp Logaddexp, rem Rem, xlogy Xlogy, polygamma Polygamma, mul_unless_zero MulUnlessZero,
}

/// Element by element.
impl Region {
    /// One elementary function of operands of equal shape.
    pub fn map(&mut self, function: Function, operands: &[NodeId]) -> NodeId {
        self.put(Map { function }, operands)
    }

    /// `factor · x`
    pub fn scale(&mut self, x: NodeId, factor: f64) -> NodeId {
        let factor = self.full_like(factor, x);
        self.times(factor, x)
    }

    /// `x + by`
    pub fn offset(&mut self, x: NodeId, by: f64) -> NodeId {
        let by = self.full_like(by, x);
        self.plus(x, by)
    }

    /// `from - x`
    pub fn minus_from(&mut self, from: f64, x: NodeId) -> NodeId {
        let from = self.full_like(from, x);
        self.minus(from, x)
    }

    /// `a + b`, where nothing is zero.
    pub fn plus_maybe(&mut self, a: Option<NodeId>, b: Option<NodeId>) -> Option<NodeId> {
        match (a, b) {
            (Some(a), Some(b)) => Some(self.plus(a, b)),
            (a, b) => a.or(b),
        }
    }

    /// A comparison of operands of equal shape.
    pub fn compare(&mut self, compare: Compare, a: NodeId, b: NodeId) -> NodeId {
        self.put(compare, &[a, b])
    }

    /// `a < b`
    pub fn less(&mut self, a: NodeId, b: NodeId) -> NodeId {
        self.compare(Compare::Lt, a, b)
    }

    /// `a <= b`
    pub fn less_equal(&mut self, a: NodeId, b: NodeId) -> NodeId {
        self.compare(Compare::Le, a, b)
    }

    /// `a == b`
    pub fn equal(&mut self, a: NodeId, b: NodeId) -> NodeId {
        self.compare(Compare::Eq, a, b)
    }

    /// `a != b`
    pub fn not_equal(&mut self, a: NodeId, b: NodeId) -> NodeId {
        self.compare(Compare::Ne, a, b)
    }

    /// `a && b`
    pub fn and(&mut self, a: NodeId, b: NodeId) -> NodeId {
        self.put(Logic::And, &[a, b])
    }

    /// `a || b`
    pub fn or(&mut self, a: NodeId, b: NodeId) -> NodeId {
        self.put(Logic::Or, &[a, b])
    }

    /// `!a`
    pub fn not(&mut self, a: NodeId) -> NodeId {
        self.put(Logic::Not, &[a])
    }

    /// `yes` where `condition` is true, else `no`; all of equal shape.
    pub fn select(&mut self, condition: NodeId, yes: NodeId, no: NodeId) -> NodeId {
        self.put(Select, &[condition, yes, no])
    }

    /// Another element kind; nothing, if it is the same.
    pub fn cast(&mut self, x: NodeId, to: Elem) -> NodeId {
        if self.ty(x).elem == to {
            return x;
        }
        self.put(Cast { to }, &[x])
    }

    /// A value that a derivative is taken with respect to.
    pub fn named(&mut self, x: NodeId, name: &Rc<str>, serial: u32) -> NodeId {
        self.put(Named { name: name.clone(), serial }, &[x])
    }

    /// A value that derivatives regard as constant.
    pub fn stop_gradient(&mut self, x: NodeId) -> NodeId {
        self.put(StopGradient, &[x])
    }
}

/// Shapes.
impl Region {
    /// Adds axes: axis `i` of `x` becomes axis `axes[i]` of `shape`.
    pub fn broadcast(&mut self, x: NodeId, shape: &Shape, axes: &[usize]) -> NodeId {
        if axes.len() == shape.len() {
            return x;
        }
        self.put(Broadcast { shape: shape.clone(), axes: axes.to_vec() }, &[x])
    }

    /// Axis `i` of the result is axis `order[i]` of `x`.
    pub fn permute(&mut self, x: NodeId, order: &[usize]) -> NodeId {
        if order.iter().copied().eq(0..order.len()) {
            return x;
        }
        self.put(Permute { order: order.to_vec() }, &[x])
    }

    /// The same elements under another shape.
    pub fn reshape(&mut self, x: NodeId, shape: &Shape) -> NodeId {
        if self.ty(x).shape == *shape {
            return x;
        }
        self.put(Reshape { shape: shape.clone() }, &[x])
    }

    /// Element `i` along an axis is element `start + step·i` of `x`.
    pub fn slice(&mut self, x: NodeId, starts: &[Dim], extents: &Shape, steps: &[i64]) -> NodeId {
        if self.ty(x).shape == *extents && is_whole(starts, steps) {
            return x;
        }
        self.put(Slice { starts: starts.to_vec(), extents: extents.clone(), steps: steps.to_vec() }, &[x])
    }

    /// Zeros, with element `i` of `x` at `start + step·i` along each axis.
    pub fn pad(&mut self, x: NodeId, shape: &Shape, starts: &[Dim], steps: &[i64]) -> NodeId {
        if self.ty(x).shape == *shape && is_whole(starts, steps) {
            return x;
        }
        self.put(Pad { shape: shape.clone(), starts: starts.to_vec(), steps: steps.to_vec() }, &[x])
    }

    /// One after the other along an axis.
    pub fn concat(&mut self, pieces: &[NodeId], axis: usize) -> NodeId {
        match pieces {
            [piece] => *piece,
            _ => self.put(Concat { axis }, pieces),
        }
    }

    /// Read backwards along axes (sorted).
    pub fn reverse(&mut self, x: NodeId, axes: &[usize]) -> NodeId {
        if axes.is_empty() {
            return x;
        }
        self.put(Reverse { axes: axes.to_vec() }, &[x])
    }
}

/// Reductions, running sums, products.
impl Region {
    /// Reduces axes (sorted) away.
    pub fn reduce(&mut self, kind: ReduceKind, x: NodeId, axes: &[usize]) -> NodeId {
        match (kind, axes) {
            (ReduceKind::Norm, []) => self.abs(x),
            (_, []) => x,
            _ => self.put(Reduce { kind, axes: axes.to_vec() }, &[x]),
        }
    }

    /// The sum over axes (sorted).
    pub fn sum(&mut self, x: NodeId, axes: &[usize]) -> NodeId {
        self.reduce(ReduceKind::Sum, x, axes)
    }

    /// The position of the extreme along an axis.
    pub fn arg_reduce(&mut self, extreme: Extreme, x: NodeId, axis: usize) -> NodeId {
        self.put(ArgReduce { extreme, axis }, &[x])
    }

    /// `h[i] = a[i]·h[i-1] + b[i]` along an axis.
    pub fn recurrence(&mut self, a: NodeId, b: NodeId, axis: usize, reverse: bool) -> NodeId {
        self.put(Recurrence { axis, reverse }, &[a, b])
    }

    /// The general dot product.
    pub fn contract(&mut self, contract: Contract, left: NodeId, right: NodeId) -> NodeId {
        self.put(contract, &[left, right])
    }

    /// A reduced value (rank lowered by `axes`, sorted) repeated along these axes of `shape`.
    pub fn spread(&mut self, reduced: NodeId, shape: &Shape, axes: &[usize]) -> NodeId {
        let kept: Vec<usize> = (0..shape.len()).filter(|axis| !axes.contains(axis)).collect();
        self.broadcast(reduced, shape, &kept)
    }
}

fn is_whole(starts: &[Dim], steps: &[i64]) -> bool {
    starts.iter().all(|start| *start == Dim::ZERO) && steps.iter().all(|&step| step == 1)
}
