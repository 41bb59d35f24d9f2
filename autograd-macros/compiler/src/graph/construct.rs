//! Builders that add nodes to a region: arithmetic, shapes, reductions, in one call each.
//!
//! Nothing is folded here, but operations that would do nothing are not added: a permute in order, a reduction over no
//! axis, a slice of everything.

mod shapes;
mod views;

use std::rc::Rc;

use super::{Dim, Elem, NodeId, Region, Shape, Type};
use crate::ops::{
    Cast, Compare, Extent, Function, Iota, Leaf, LeafKind, Literal, Logic, Map, Named, Op, Select, StopGradient,
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
        if let Op::Literal(literal) = &node.op {
            return Some(literal.value());
        }
        if matches!(node.op, Op::Broadcast(_)) { self.literal_value(node.operands[0]) } else { None }
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
    ceil Ceil, round Round, square Square, sech Sech, tanh_slope TanhSlope, log_cosh LogCosh,
    sigmoid_slope SigmoidSlope,
    log1m_exp Log1mExp, erfcx Erfcx, erfinv Erfinv, norm_pdf NormPdf, norm_cdf NormCdf, log_norm_cdf LogNormCdf,
    inverse_mills InverseMills, norm_ppf NormPpf,
}

binary! {
    plus Add, minus Sub, times Mul, over Div, power Pow, atan2 Atan2, maximum Max, minimum Min, hypot Hypot,
    logaddexp Logaddexp, rem Rem, xlogy Xlogy, xlog1py Xlog1py, polygamma Polygamma, mul_unless_zero MulUnlessZero,
    erfcx_integral ErfcxIntegral, logsubexp Logsubexp, log_rising_factorial LogRisingFactorial, digamma_rise DigammaRise,
    lbeta Lbeta, slope_of_tanh SlopeOfTanh, slope_of_sigmoid SlopeOfSigmoid, where_finite WhereFinite,
    at_zero AtZero,
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
        self.put(Select::RULE, &[condition, yes, no])
    }

    /// [`select`](Self::select) whose derivatives leave out what is not taken, whatever its value is.
    pub fn choose(&mut self, condition: NodeId, yes: NodeId, no: NodeId) -> NodeId {
        self.put(Select::CHOICE, &[condition, yes, no])
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
