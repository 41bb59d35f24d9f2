//! One row of a simplex: a stick that is broken, share by share.
//!
//! Share `k` of what is left is `σ(u[k] − log(row − 1 − k))`, so that free numbers of 0 make equal parts.

use super::{offset, product};
use crate::float::Float;
use crate::math::Elementary;

pub(super) fn log_jacobian_of_row(row: usize, u: &[f64]) -> f64 {
    let (mut sum, mut log_rest) = (0.0, 0.0);
    for (k, u) in u.iter().enumerate() {
        let logit = u - offset(row, k);
        let log_other = (-logit).log_sigmoid();
        sum += log_rest + logit.log_sigmoid() + log_other;
        log_rest += log_other;
    }
    sum
}

pub(super) fn push_forward_row<T: Float>(row: usize, u: &[f64], tangent: &[f64], out: &mut [T]) {
    let (mut rest, mut rest_tangent) = (1.0, 0.0);
    for (k, (&u, &t)) in u.iter().zip(tangent).enumerate() {
        let logit = u - offset(row, k);
        let (share, other) = (logit.sigmoid(), (-logit).sigmoid());
        let share_tangent = product(t, share * other);
        out[k] = T::from_f64(rest * share_tangent + rest_tangent * share);
        rest_tangent = rest_tangent * other - rest * share_tangent;
        rest *= other;
    }
    out[row - 1] = T::from_f64(rest_tangent);
}

pub(super) fn pull_back_row<T: Float>(row: usize, u: &[f64], g: &[T], out: &mut [f64]) {
    // First what is left before each break, then backwards through the breaks.
    let mut rest = 1.0;
    for (k, (out, &u)) in out.iter_mut().zip(u).enumerate() {
        *out = rest;
        rest *= (offset(row, k) - u).sigmoid();
    }
    let mut rest_gradient = g[row - 1].to_f64();
    for (k, (out, &u)) in out.iter_mut().zip(u).enumerate().rev() {
        let logit = u - offset(row, k);
        let (share, other) = (logit.sigmoid(), (-logit).sigmoid());
        let (g, rest) = (g[k].to_f64(), *out);
        *out = product(g - rest_gradient, rest * (share * other));
        rest_gradient = product(g, share) + product(rest_gradient, other);
    }
}

/// [`pull_back_row`], differentiated along a tangent of the free numbers.
pub(super) fn bend_row<T: Float>(row: usize, u: &[f64], g: &[T], tangent: &[f64], out: &mut [f64]) {
    // What is left before each break, and the change of its logarithm.
    let (mut rest, mut log_rest_tangent) = (1.0, 0.0);
    for (k, ((out, &u), &t)) in out.iter_mut().zip(u).zip(tangent).enumerate() {
        *out = rest;
        let logit = u - offset(row, k);
        rest *= (-logit).sigmoid();
        log_rest_tangent -= product(t, logit.sigmoid());
    }
    let (mut rest_gradient, mut rest_gradient_tangent) = (g[row - 1].to_f64(), 0.0);
    for (k, ((out, &u), &t)) in out.iter_mut().zip(u).zip(tangent).enumerate().rev() {
        let logit = u - offset(row, k);
        let (share, other) = (logit.sigmoid(), (-logit).sigmoid());
        let (g, rest, slope) = (g[k].to_f64(), *out, share * other);
        log_rest_tangent += product(t, share);
        let gain = g - rest_gradient;
        let change = gain * (log_rest_tangent + (other - share) * t) - rest_gradient_tangent;
        *out = product(rest * slope, change);
        rest_gradient_tangent = gain * slope * t + rest_gradient_tangent * other;
        rest_gradient = product(g, share) + product(rest_gradient, other);
    }
}
