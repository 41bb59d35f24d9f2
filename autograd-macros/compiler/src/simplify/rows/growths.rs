//! Functions that grow or vanish as exponentials do and are none: as a weight times an exponential, so that their logarithm
//! comes from the exponent. Both arms of each choice are the same smooth function, and so are their derivatives.
//!
//! ```text
//! expm1(x)    = e^m · w     m = max(x, 0)    w = ±expm1(-|x|)
//! sinh(x)     = e^m · w     m = |x|          w = ±expm1(-2·|x|)/2
//! softplus(x) = e^m · w     below -40 m = x, w = 1 - eˣ/2 up to e²ˣ; above m = 0, w = softplus(x)
//! ```

use super::super::matching::{core, function, operands, selection, unary};
use super::super::{On, Rewriter, Row};
use super::domain;
use super::exponentials::{NEAR_ONE, scaled};
use crate::graph::{NodeId, Region};
use crate::ops::Function::{Add, Exp, Expm1, Log, Neg, Sinh, Softplus, Square, Sub};
use crate::ops::{Compare, Op, Select};

pub(super) static ROWS: &[Row] = &[domain("log_of_softplus", On::Map(Log), NEAR_ONE, log_of_softplus)];

/// Below, softplus is an exponential less a part of it that is of no account: e⁻⁴⁰ is below 2⁻⁵⁷.
const TAIL: f64 = -40.0;

/// `m + log(w)`; the others may be negative, and have their logarithms elsewhere.
fn log_of_softplus(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x] = operands(r.region(), y);
    unary(r.region(), Softplus, x)?;
    let (weight, exponent) = growth(r, x)?;
    let log = r.map(Log, &[weight]);
    Some(r.map(Add, &[log, exponent]))
}

/// The weight and the exponent of a node, if it is one of these functions or the square of one.
pub(super) fn growth(r: &mut Rewriter<'_>, node: NodeId) -> Option<(NodeId, NodeId)> {
    if let Some(x) = unary(r.region(), Square, node) {
        let (weight, exponent) = growth(r, x)?;
        return Some((r.map(Square, &[weight]), scaled(r, 2.0, exponent)));
    }
    let function = function(r.region(), node).filter(|function| matches!(function, Expm1 | Sinh | Softplus))?;
    let [x] = operands(r.region(), node);
    if is_folded(r.region(), x) {
        return None;
    }
    let (zero, one) = (r.number(0.0, x), r.number(1.0, x));
    if function == Softplus {
        let tail = r.number(TAIL, x);
        let below = r.add(Compare::Lt, &[x, tail]);
        let exp = r.map(Exp, &[x]);
        let half = scaled(r, 0.5, exp);
        let share = r.map(Sub, &[one, half]);
        return Some((choose(r, below, share, node), choose(r, below, x, zero)));
    }
    let below = r.add(Compare::Lt, &[x, zero]);
    let minus = r.map(Neg, &[x]);
    let folded = choose(r, below, x, minus);
    let (twice, share) = if function == Sinh { (2.0, 0.5) } else { (1.0, 1.0) };
    let argument = scaled(r, twice, folded);
    let size = r.map(Expm1, &[argument]);
    let size = scaled(r, share, size);
    let minus = r.map(Neg, &[size]);
    let exponent = if function == Sinh { r.map(Neg, &[folded]) } else { choose(r, below, zero, x) };
    Some((choose(r, below, size, minus), exponent))
}

fn choose(r: &mut Rewriter<'_>, condition: NodeId, yes: NodeId, no: NodeId) -> NodeId {
    r.add(Select::RULE, &[condition, yes, no])
}

/// Whether a node is `-|x|` in the spelling of this file, or a shift with the other sign: then it is in a weight already.
fn is_folded(region: &Region, node: NodeId) -> bool {
    let is_shift = |x: NodeId| matches!(region.node(core(region, x)).op, Op::StopGradient(_));
    unary(region, Neg, node).is_some_and(is_shift)
        || selection(region, node).is_some_and(|[_, yes, no]| unary(region, Neg, no) == Some(yes))
}
