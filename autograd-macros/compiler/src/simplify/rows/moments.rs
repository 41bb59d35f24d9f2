//! Variances and covariances as the mean of products less the product of means, which cancels: about the means instead.
//!
//! ```text
//! mean(x*y) - mean(x)*mean(y)   →   mean((x - mean(x))*(y - mean(y)))
//! ```

use super::super::matching::{binary, constant, core, either, extent, operands, reduction, unary};
use super::super::{On, Rewriter, Row};
use super::stabilises;
use crate::graph::{Dim, NodeId, Region};
use crate::ops::Function::{Div, Mul, Recip, Square, Sub};
use crate::ops::ReduceKind;

pub(super) static ROWS: &[Row] = &[stabilises("mean_of_product_less_product_of_means", On::Map(Sub), about_the_means)];

/// A mean: the sum, what is summed, over which axes.
struct Mean {
    sum: NodeId,
    x: NodeId,
    axes: Vec<usize>,
}

/// Looks through a division by the number of summed elements.
fn mean(region: &Region, node: NodeId) -> Option<Mean> {
    let [_, sum] = quotient(region, node)?;
    let (x, axes) = reduction(region, ReduceKind::Sum, sum)?;
    Some(Mean { sum, x, axes: axes.to_vec() })
}

/// The number of elements (as it is divided or multiplied by) and their sum.
fn quotient(region: &Region, node: NodeId) -> Option<[NodeId; 2]> {
    if let Some([sum, n]) = binary(region, Div, node) {
        return counts(region, sum, n, false).then_some([n, sum]);
    }
    either(binary(region, Mul, node)?, |n, sum| {
        let of = unary(region, Recip, core(region, n));
        let fits = of.map_or_else(|| counts(region, sum, n, true), |of| counts(region, sum, of, false));
        fits.then_some([n, sum])
    })
}

/// Whether a number is how many elements a sum has, or the inverse of that.
#[allow(clippy::cast_precision_loss, clippy::float_cmp, reason = "a count of elements, as the number that it became")]
fn counts(region: &Region, sum: NodeId, n: NodeId, inverse: bool) -> bool {
    let Some((x, axes)) = reduction(region, ReduceKind::Sum, sum) else { return false };
    let shape = region.shape(x);
    let total = axes.iter().try_fold(Dim::ONE, |product, &axis| product.mul(&shape[axis]));
    let Some(total) = total else { return false };
    if let Some(dim) = extent(region, n) {
        return !inverse && *dim == total;
    }
    let known = total.as_constant().filter(|total| *total > 0).map(|total| total as f64);
    known.is_some_and(|total| constant(region, n) == Some(if inverse { 1.0 / total } else { total }))
}

fn about_the_means(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [of_product, of_means] = operands(r.region(), y);
    let region = r.region();
    let whole = mean(region, of_product)?;
    let factors = unary(region, Square, whole.x).map(|x| [x, x]);
    let [a, b] = factors.or_else(|| binary(region, Mul, whole.x))?;
    let sums = product_of_means(region, of_means, &whole)?;
    if sums != [a, b] && sums != [b, a] {
        return None;
    }
    let (centred_a, centred_b) = (centred(r, a, of_product, &whole)?, centred(r, b, of_product, &whole)?);
    let product = r.map(Mul, &[centred_a, centred_b]);
    let sum = r.reduce(ReduceKind::Sum, product, &whole.axes);
    divided(r, of_product, sum)
}

/// What is averaged by the two factors of a product of means over the same elements, in whatever order it is divided.
fn product_of_means(region: &Region, node: NodeId, whole: &Mean) -> Option<[NodeId; 2]> {
    let (mut sums, mut counted) = (Vec::new(), 0);
    let mut rest = vec![(node, false)];
    while let Some((factor, inverse)) = rest.pop() {
        let factor = core(region, factor);
        if let Some((x, axes)) = reduction(region, ReduceKind::Sum, factor).filter(|_| !inverse) {
            (axes == whole.axes).then_some(())?;
            sums.push(x);
        } else if let Some(x) = unary(region, Square, factor) {
            rest.extend([(x, inverse), (x, inverse)]);
        } else if let Some([a, b]) = binary(region, Mul, factor) {
            rest.extend([(a, inverse), (b, inverse)]);
        } else if let Some([a, b]) = binary(region, Div, factor) {
            rest.extend([(a, inverse), (b, !inverse)]);
        } else if let Some(x) = unary(region, Recip, factor) {
            rest.push((x, !inverse));
        } else {
            counts(region, whole.sum, factor, !inverse).then_some(())?;
            counted += 1;
        }
        if rest.len() + sums.len() + counted > 8 {
            return None;
        }
    }
    (counted == 2).then_some(())?;
    sums.try_into().ok()
}

/// A value less its mean.
fn centred(r: &mut Rewriter<'_>, x: NodeId, like: NodeId, whole: &Mean) -> Option<NodeId> {
    let sum = r.reduce(ReduceKind::Sum, x, &whole.axes);
    let mean = divided(r, like, sum)?;
    let spread = r.spread(mean, &whole.axes, x);
    Some(r.map(Sub, &[x, spread]))
}

/// A sum, divided as another one is.
fn divided(r: &mut Rewriter<'_>, mean: NodeId, sum: NodeId) -> Option<NodeId> {
    let [n, _] = quotient(r.region(), mean)?;
    let function = if binary(r.region(), Div, mean).is_some() { Div } else { Mul };
    Some(r.map(function, &[sum, n]))
}
