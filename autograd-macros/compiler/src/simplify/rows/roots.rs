//! Roots of squares: norms, which neither overflow nor underflow, and whose derivative at the origin is 0; and the squares
//! of these, which are smooth there again.
//!
//! What is written in the language is read by [`Form`], whatever the order of its factors. A norm that stands inside of
//! another is taken apart: at a point where the inner one is 0, and has a kink, the outer one need not have any.

use super::super::matching::{binary, constant, core, either, equal, extent, is, operands, reduce, reduction, unary};
use super::super::{Class, On, Phase, Rewrite, Rewriter, Row, When};
use super::forms::{Form, factors, flat_where, square_of_root};
use super::powers::{cbrt_of_power, pow_of_power, product_of_powers, sqrt_of_power};
use super::{domain, exact, finally, reassociates, stabilises};
use crate::graph::{NodeId, Region};
use crate::ops::Function::{
    self, Abs, Add, Cbrt, Cos, Cosh, Div, Hypot, Mul, MulUnlessZero, Pow, Recip, Rsqrt, Sqrt, Square, Xlogy,
};
use crate::ops::{Kind, ReduceKind};

pub(in super::super) static ROWS: &[Row] = &[
    early("sqrt_of_square", Class::Stabilises, On::Map(Sqrt), sqrt_of_square),
    early("sqrt_of_sum_of_squares", Class::Stabilises, On::Map(Sqrt), sqrt_of_sum_of_squares),
    early("sqrt_of_mean_of_squares", Class::Reassociates, On::Map(Sqrt), sqrt_of_mean_of_squares),
    early("sqrt_of_squares", Class::Stabilises, On::Map(Sqrt), sqrt_of_squares),
    domain("pow_of_power", On::Map(Pow), POWER_OF, pow_of_power),
    early("sqrt_of_power", Class::Domain(POWER_OF), On::Map(Sqrt), sqrt_of_power),
    stabilises("cbrt_of_power", On::Map(Cbrt), cbrt_of_power),
    early("product_of_powers", Class::Domain(POWER_OF), On::Map(Mul), product_of_powers),
    early("sqrt_of_form", Class::Stabilises, On::Map(Sqrt), sqrt_of_form),
    early("rsqrt_of_form", Class::Reassociates, On::Map(Rsqrt), rsqrt_of_form),
    early("cbrt_of_form", Class::Exact, On::Map(Cbrt), cbrt_of_form),
    early("pow_of_form", Class::Domain(POWER_OF), On::Map(Pow), pow_of_form),
    early("hypot_of_norms", Class::Reassociates, On::Map(Hypot), hypot_of_norms),
    early("norm_of_norms", Class::Reassociates, On::Op(Kind::Reduce), norm_of_norms),
    exact("even_of_abs", On::Op(Kind::Map), even_of_abs),
    reassociates("square_of_hypot", On::Map(Square), square_of_hypot),
    early("square_of_root", Class::Reassociates, On::Map(Square), |r, y| {
        square_of_root(r.region(), unary(r.region(), Square, y)?)
    }),
    early("square_of_scaled_norm", Class::Reassociates, On::Map(Square), square_of_scaled_norm),
    early("product_of_same_norms", Class::Reassociates, On::Map(Mul), product_of_same_norms),
    finally("nothing_at_origin", On::Op(Kind::Select), nothing_at_origin),
    early("xlogy_of_square", Class::Reassociates, On::Map(Xlogy), xlogy_of_square),
];

const POWER_OF: &str = "a last digit of what is raised matters as often as the exponent says";

/// Of what is written, before a derivative is taken; not of what [`Form::root`] makes of it.
const fn early(name: &'static str, class: Class, on: On, rewrite: Rewrite) -> Row {
    Row { name, class, when: When::Only(Phase::BeforeDerivative), on, rewrite }
}

fn sqrt_of_square(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x] = operands(r.region(), y);
    let x = unary(r.region(), Square, x)?;
    Some(r.map(Abs, &[x]))
}

fn sum_of_squares(region: &Region, node: NodeId) -> Option<(NodeId, Vec<usize>)> {
    let (square, axes) = reduction(region, ReduceKind::Sum, node)?;
    Some((unary(region, Square, square)?, axes.to_vec()))
}

fn sqrt_of_sum_of_squares(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (x, axes) = sum_of_squares(r.region(), unary(r.region(), Sqrt, y)?)?;
    Some(r.reduce(ReduceKind::Norm, x, &axes))
}

/// `sqrt(sum(x^2)/n)` is `norm(x)/sqrt(n)`, where `n` is a count.
fn sqrt_of_mean_of_squares(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let mean = unary(r.region(), Sqrt, y)?;
    let region = r.region();
    let (sum, n, function) = if let Some([sum, n]) = binary(region, Div, mean) {
        (sum, extent(region, n).map(|_| n)?, Div)
    } else {
        let (n, sum) = either(binary(region, Mul, mean)?, |n, sum| {
            extent(region, unary(region, Recip, core(region, n))?).map(|_| (n, sum))
        })?;
        (sum, n, Mul)
    };
    let (x, axes) = sum_of_squares(region, sum)?;
    let norm = r.reduce(ReduceKind::Norm, x, &axes);
    let root = r.map(Sqrt, &[n]);
    Some(r.map(function, &[norm, root]))
}

/// `sqrt(a^2 + b^2)` is `hypot(a, b)`.
fn sqrt_of_squares(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [a, b] = binary(r.region(), Add, unary(r.region(), Sqrt, y)?)?;
    let (a, b) = (unary(r.region(), Square, a)?, unary(r.region(), Square, b)?);
    Some(r.map(Hypot, &[a, b]))
}

/// Sums of any squares with any weights, any number of them.
fn sqrt_of_form(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x] = operands(r.region(), y);
    Some(Form::of(r, x).filter(Form::is_of_squares)?.root(r))
}

/// `cbrt(|a|^3 + |b|^3)` and the like: as it is written, but constant for derivatives where all of these are of 0.
fn cbrt_of_form(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x] = operands(r.region(), y);
    let form = Form::of(r, x).filter(|form| !form.is_of_squares())?;
    let origin = form.origin(r);
    let x = flat_where(r, origin, x);
    Some(r.map(Cbrt, &[x]))
}

fn rsqrt_of_form(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x] = operands(r.region(), y);
    let root = Form::of(r, x).filter(Form::is_of_squares)?.root(r);
    Some(r.map(Recip, &[root]))
}

/// `(a^2 + b^2)^p` is `hypot(a, b)^(2·p)`.
fn pow_of_form(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [x, p] = operands(r.region(), y);
    let p = constant(r.region(), p).filter(|p| *p > 0.0 && p.fract() != 0.0)?;
    let root = Form::of(r, x).filter(Form::is_of_squares)?.root(r);
    let twice = r.number(2.0 * p, y);
    Some(r.map(Pow, &[root, twice]))
}

fn hypot_of_norms(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let pair: [NodeId; 2] = operands(r.region(), y);
    let sizes = pair.map(|x| unary(r.region(), Abs, x).unwrap_or(x));
    match Form::of_squares(r, &pair) {
        Some(form) => Some(form.root(r)),
        None => (sizes != pair).then(|| r.map(Hypot, &sizes)),
    }
}

fn norm_of_norms(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (x, axes) = reduction(r.region(), ReduceKind::Norm, y)?;
    let axes = axes.to_vec();
    if let Some(x) = unary(r.region(), Abs, x) {
        return Some(r.reduce(ReduceKind::Norm, x, &axes));
    }
    Some(Form::of_summed_squares(r, x, axes)?.root(r))
}

/// An even function takes no notice of a sign.
fn even_of_abs(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let even = super::super::matching::function(r.region(), y).filter(|function| matches!(function, Cos | Cosh))?;
    let [x] = operands(r.region(), y);
    let x = unary(r.region(), Abs, x)?;
    Some(r.map(even, &[x]))
}

/// `hypot(a, b)^2` needs no root.
fn square_of_hypot(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let pair = binary(r.region(), Hypot, unary(r.region(), Square, y)?)?;
    let [a, b] = pair.map(|x| r.map(Square, &[x]));
    Some(r.map(Add, &[a, b]))
}

/// Whether a node has a kink where it is 0 that its square has not.
fn has_kink(region: &Region, node: NodeId) -> bool {
    reduction(region, ReduceKind::Norm, node).is_some()
        || binary(region, Hypot, node).is_some()
        || unary(region, Abs, node).is_some()
        || square_of_root(region, node).is_some()
}

/// `(c·norm(x))^2` is the sum of `(c·x)^2`: smooth at the origin.
fn square_of_scaled_norm(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [scaled] = operands(r.region(), y);
    let (norm, c, function) = scaled_norm(r.region(), scaled)?;
    if scaled_norm(r.region(), c).is_some() || has_kink(r.region(), c) {
        let [norm, c] = [norm, c].map(|x| r.map(Square, &[x]));
        return Some(r.map(function, &[norm, c]));
    }
    if let Some(square) = square_of_root(r.region(), norm) {
        let (form, by) = (Form::of(r, square)?, if function == Mul { c } else { r.map(Recip, &[c]) });
        return Some(form.scaled(r, by));
    }
    if let Some([a, b]) = binary(r.region(), Hypot, norm) {
        let [a, b] = [a, b].map(|x| scaled_square(r, function, x, c));
        return Some(r.map(Add, &[a, b]));
    }
    if let Some(x) = unary(r.region(), Abs, norm) {
        return Some(scaled_square(r, function, x, c));
    }
    let (op, x) = reduce(r.region(), norm)?;
    let axes = op.axes.clone();
    let c = r.spread(c, &axes, x);
    let squares = scaled_square(r, function, x, c);
    Some(r.reduce(ReduceKind::Sum, squares, &axes))
}

/// `(norm, c, function)`, where the node is `function(norm, c)`: a product with a norm, or a norm divided.
fn scaled_norm(region: &Region, node: NodeId) -> Option<(NodeId, NodeId, Function)> {
    if let Some([norm, c]) = binary(region, Div, node) {
        return has_kink(region, norm).then_some((norm, c, Div));
    }
    either(binary(region, Mul, node)?, |norm, c| has_kink(region, norm).then_some((norm, c, Mul)))
}

fn scaled_square(r: &mut Rewriter<'_>, function: Function, x: NodeId, c: NodeId) -> NodeId {
    let scaled = r.map(function, &[x, c]);
    r.map(Square, &[scaled])
}

/// `norm(x)·(c·norm(x))` is `c·norm(x)^2`, which is smooth at the origin.
fn product_of_same_norms(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let (norm, rest) = either(operands(r.region(), y), |norm, product| {
        let pair = binary(r.region(), Mul, product).filter(|_| has_kink(r.region(), norm))?;
        either(pair, |same, rest| (same == norm).then_some((norm, rest)))
    })?;
    let square = r.map(Square, &[norm]);
    Some(r.map(Mul, &[square, rest]))
}

/// What a distance is of is 0 where that is 0.
fn nothing_at_origin(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let region = r.region();
    let [condition, x, zero] = operands(region, y);
    let [distance, other] = equal(region, core(region, condition))?;
    if !is(region, zero, 0.0) || constant(region, other) != Some(0.0) {
        return None;
    }
    let distance = core(region, distance);
    let size = |x| unary(region, Abs, x).unwrap_or(x);
    let is_of = |part: NodeId| size(part) == size(x);
    let found = reduction(region, ReduceKind::Norm, distance).is_some_and(|(of, _)| is_of(of))
        || binary(region, Hypot, distance).is_some_and(|pair| pair.into_iter().any(is_of))
        || is_of(distance);
    found.then_some(zero)
}

/// `x^2·log(z)` is `x·(x·log(z))`: at 0 the logarithm meets a zero from above, and is skipped. The same for squares of
/// norms of which there is the logarithm.
fn xlogy_of_square(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [product, z] = operands(r.region(), y);
    for (place, factor) in factors(r.region(), product).into_iter().enumerate() {
        let Some(x) = root_of_factor(r, factor, z) else { continue };
        let mut rest = factors(r.region(), product);
        rest[place] = x;
        let rest = rest.into_iter().reduce(|product, factor| r.map(Mul, &[product, factor])).expect("a factor");
        let once = r.map(Xlogy, &[rest, z]);
        return Some(r.map(MulUnlessZero, &[x, once]));
    }
    None
}

/// `x`, where the factor is its square and may vanish where the logarithm of `z` is infinite.
fn root_of_factor(r: &mut Rewriter<'_>, factor: NodeId, z: NodeId) -> Option<NodeId> {
    if let Some(x) = unary(r.region(), Square, factor) {
        return Some(x);
    }
    let form = Form::of(r, factor).filter(Form::is_of_squares)?;
    let root = form.root(r);
    reaches(r.region(), z, &[root, factor], 8).then_some(root)
}

/// Whether a node is made of one of these, not many operations away.
fn reaches(region: &Region, node: NodeId, wanted: &[NodeId], depth: usize) -> bool {
    wanted.contains(&node)
        || depth > 0 && region.node(node).operands.iter().any(|&operand| reaches(region, operand, wanted, depth - 1))
}
