//! Moré's choice of the damping: such that the step just reaches the end of the region.
//!
//! Source: J. J. Moré (1978), section 5; MINPACK's `lmpar`. The norm of the scaled step falls with the damping, and Newton's
//! method on its inverse finds where it is the region's radius, to a tenth, within bounds that shrink.

use super::qr::{Damped, Qr};
use super::vector::{dot, norm};

/// The damping parameter, which the next step starts from, and buffers.
#[derive(Debug, Default)]
pub(super) struct Damping {
    pub(super) parameter: f64,
    damped: Damped,
    diagonal: Vec<f64>,
    scaled: Vec<f64>,
}

impl Damping {
    /// Solves `min ‖A x − b‖` with `‖D x‖ ≤ region`, given the factors of `A` and `Qᵀ b`.
    pub(super) fn solve(&mut self, qr: &Qr, scale: &[f64], right: &[f64], region: f64, x: &mut [f64]) {
        let n = x.len();
        self.undamped(qr, right, x);
        let (mut length, mut excess) = self.measure(scale, x, region);
        if excess <= 0.1 * region {
            self.parameter = 0.0;
            return;
        }
        let full = (0..n).all(|k| qr.a[(k, k)] != 0.0);
        let mut least = if full { excess / region / self.slope(qr, scale, length, true) } else { 0.0 };
        let gradient: Vec<f64> =
            (0..n).map(|k| dot(&qr.a.column(k)[..=k], &right[..=k]) / scale[qr.order[k]]).collect();
        let gradient = norm(&gradient);
        let mut most = gradient / region;
        if most == 0.0 {
            most = f64::MIN_POSITIVE / region.min(0.1);
        }
        let mut parameter = self.parameter.max(least).min(most);
        if parameter == 0.0 {
            parameter = gradient / length;
        }
        for turn in 0..10 {
            if parameter == 0.0 {
                parameter = f64::MIN_POSITIVE.max(1e-3 * most);
            }
            self.diagonal.clear();
            self.diagonal.extend(scale.iter().map(|scale| parameter.sqrt() * scale));
            self.damped.solve(qr, &self.diagonal, right, x);
            let before = excess;
            (length, excess) = self.measure(scale, x, region);
            let falling = least == 0.0 && excess <= before && before < 0.0;
            if excess.abs() <= 0.1 * region || falling || turn == 9 {
                break;
            }
            let correction = excess / region / self.slope(qr, scale, length, false);
            if excess > 0.0 {
                least = least.max(parameter);
            } else {
                most = most.min(parameter);
            }
            parameter = least.max(parameter + correction);
        }
        self.parameter = parameter;
    }

    /// Gauss and Newton's step; what depends on others is not moved.
    fn undamped(&mut self, qr: &Qr, right: &[f64], x: &mut [f64]) {
        let n = x.len();
        let regular = (0..n).take_while(|&k| qr.a[(k, k)] != 0.0).count();
        self.scaled.clear();
        self.scaled.extend_from_slice(right);
        self.scaled[regular..].fill(0.0);
        for k in (0..regular).rev() {
            self.scaled[k] /= qr.a[(k, k)];
            let known = self.scaled[k];
            for (b, r) in self.scaled[..k].iter_mut().zip(qr.a.column(k)) {
                *b -= r * known;
            }
        }
        for (k, &place) in qr.order.iter().enumerate() {
            x[place] = self.scaled[k];
        }
    }

    /// The norm of the scaled step, and how much that is beyond the region.
    fn measure(&mut self, scale: &[f64], x: &[f64], region: f64) -> (f64, f64) {
        self.scaled.clear();
        self.scaled.extend(x.iter().zip(scale).map(|(x, scale)| x * scale));
        let length = norm(&self.scaled);
        (length, length - region)
    }

    /// How fast the norm of the scaled step falls with the parameter, as a share of the norm.
    fn slope(&mut self, qr: &Qr, scale: &[f64], length: f64, undamped: bool) -> f64 {
        let mut v: Vec<f64> = qr.order.iter().map(|&place| scale[place] * (self.scaled[place] / length)).collect();
        // Sᵀ w = Pᵀ D² x / ‖D x‖, by columns of Sᵀ.
        for j in 0..v.len() {
            if undamped {
                let known = dot(&qr.a.column(j)[..j], &v[..j]);
                v[j] = (v[j] - known) / qr.a[(j, j)];
            } else {
                v[j] /= self.damped.s[(j, j)];
                let known = v[j];
                for (i, v) in v.iter_mut().enumerate().skip(j + 1) {
                    *v -= self.damped.s[(i, j)] * known;
                }
            }
        }
        let size = norm(&v);
        size * size
    }
}
