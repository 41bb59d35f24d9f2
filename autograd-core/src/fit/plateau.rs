//! Plateaus: places where a gradient vanishes because the loss no longer depends on a number, and not because it is least.
//!
//! A step that was too long can end where `exp(−((x − b)/c)²)` underflows for every x: neither `b` nor `c` has a slope there,
//! and to a test of the gradient that looks like a minimum. At a minimum the slope is 0 and the curvature is not.

use super::Smooth;
use super::search::Point;
use crate::error::Error;

/// The most numbers whose curvature is asked for; each takes a product with the Hessian.
const MOST: usize = 100;

/// The numbers that the loss depended on where the fit began, and does not at its end: moving one by its own size, or by 1 where
/// that is more, changes the loss by less than its rounding, to first and to second order. If there was no slope
/// at the start either, in any number, all count that have none.
pub(super) fn flat(problem: &mut dyn Smooth, start: &Point, end: &Point, epsilon: f64) -> Result<Vec<usize>, Error> {
    let size = |k: usize| start.z[k].abs().max(end.z[k].abs()).max(1.0);
    let is_level = |point: &Point, k: usize| point.gradient[k].abs() * size(k) <= epsilon * point.loss.abs();
    let numbers = 0..end.z.len();
    let had_slope = numbers.clone().any(|k| !is_level(start, k));
    let candidates = numbers.filter(|&k| is_level(end, k) && !(had_slope && is_level(start, k)));
    let (mut unit, mut product, mut flat) = (vec![0.0; end.z.len()], vec![0.0; end.z.len()], Vec::new());
    for k in candidates.take(MOST) {
        unit[k] = 1.0;
        problem.product(&end.z, &unit, &mut product)?;
        unit[k] = 0.0;
        if product[k].abs() * size(k) * size(k) <= epsilon * end.loss.abs() {
            flat.push(k);
        }
    }
    Ok(flat)
}
