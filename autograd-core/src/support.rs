//! Supports of parameters and the transforms that free them of bounds: natural form ↔ free form, as Stan's.
//!
//! A parameter that must stay positive, between bounds or on a simplex has numbers in its **natural** form; optimisers and
//! samplers that know no bounds move its **free** form (Stan: unconstrained), which may be any vector. Every function here
//! works on the rows of a tensor, whose last axis has `row` numbers, and allocates nothing. Free forms are `f64`, whatever the
//! numbers of the model are.

mod simplex;

use simplex::{bend_row, log_jacobian_of_row, pull_back_row, push_forward_row};

use crate::float::Float;
use crate::math::Elementary;

/// Where the numbers of a parameter may lie, and the transform to numbers that may lie anywhere.
///
/// With σ(u) = 1/(1 + e⁻ᵘ):
///
/// | support | natural form x of the free form u | log \|dx/du\| |
/// |---|---|---|
/// | `Real` | u | 0 |
/// | `Above(a)` | a + eᵘ | u |
/// | `Below(b)` | b − eᵘ | u |
/// | `Between(a, b)` | a + (b − a)·σ(u) | log(b − a) + log σ(u) + log σ(−u) |
/// | `Simplex` | a stick of length 1 is broken K − 1 times: x\[k\] is the share σ(u\[k\] − log(K − 1 − k)) of the rest | Σ of log(rest\[k\]) + log share + log(1 − share) |
///
/// The K numbers of a `Simplex` are those of the last axis: not negative, with sum 1. They are made of K − 1 free ones, and
/// u = 0 is the uniform distribution.
///
/// ```
/// use autograd_core::Support;
///
/// let mut x = [0.0; 2];
/// Support::Above(1.0).constrain(1, &[0.0, -800.0], &mut x);
/// assert_eq!(x, [2.0, 1.0]);
///
/// let mut p = [0.0; 4];
/// Support::Simplex.constrain(4, &[0.0; 3], &mut p);
/// assert!(p.iter().all(|p: &f64| (p - 0.25).abs() < 1e-15));
/// let mut u = [1.0; 3];
/// Support::Simplex.unconstrain(4, &p, &mut u);
/// assert!(u.iter().all(|u: &f64| u.abs() < 1e-15));
/// ```
///
/// Source: *Stan Reference Manual*, "Constraint transforms".
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Support {
    /// Any number.
    #[default]
    Real,
    /// Numbers greater than this.
    Above(f64),
    /// Numbers less than this.
    Below(f64),
    /// Numbers between these two.
    Between(f64, f64),
    /// Rows of numbers that are not negative and sum to 1.
    Simplex,
}

impl Support {
    /// Whether the free form is the natural one.
    #[must_use]
    pub fn is_real(self) -> bool {
        matches!(self, Self::Real)
    }

    /// How many free numbers there are for `size` natural ones in rows of `row`.
    ///
    /// ```
    /// use autograd_core::Support;
    /// assert_eq!(Support::Between(0.0, 1.0).free_size(3, 12), 12);
    /// assert_eq!(Support::Simplex.free_size(3, 12), 8);
    /// ```
    #[must_use]
    pub fn free_size(self, row: usize, size: usize) -> usize {
        match self {
            Self::Real | Self::Above(_) | Self::Below(_) | Self::Between(..) => size,
            Self::Simplex => size - size.checked_div(row).unwrap_or(0),
        }
    }

    /// Whether numbers lie in the support, its bounds included. The sum of a row of a simplex may be off by rounding in `f32`.
    #[must_use]
    pub fn contains<T: Float>(self, row: usize, natural: &[T]) -> bool {
        let all = |inside: &dyn Fn(f64) -> bool| natural.iter().all(|&x| inside(x.to_f64()));
        match self {
            Self::Real => all(&|x| !x.is_nan()),
            Self::Above(low) => all(&|x| x >= low),
            Self::Below(high) => all(&|x| x <= high),
            Self::Between(low, high) => all(&|x| low <= x && x <= high),
            Self::Simplex => {
                all(&|x| x >= 0.0)
                    && rows(natural, row).all(|p| (p.iter().map(|p| p.to_f64()).sum::<f64>() - 1.0).abs() <= 1e-5)
            }
        }
    }

    /// The natural form of free numbers (Stan: constrain).
    ///
    /// # Panics
    /// If the lengths do not go together; so do the other functions.
    pub fn constrain<T: Float>(self, row: usize, free: &[f64], natural: &mut [T]) {
        self.check(row, free.len(), natural.len());
        let each = |natural: &mut [T], f: &dyn Fn(f64) -> f64| {
            for (x, &u) in natural.iter_mut().zip(free) {
                *x = T::from_f64(f(u));
            }
        };
        match self {
            Self::Real => each(natural, &|u| u),
            Self::Above(low) => each(natural, &|u| low + exp(u)),
            Self::Below(high) => each(natural, &|u| high - exp(u)),
            // From the nearer bound, so that neither is missed by more than rounding.
            Self::Between(low, high) => each(natural, &|u| {
                if u < 0.0 { low + (high - low) * u.sigmoid() } else { high - (high - low) * (-u).sigmoid() }
            }),
            Self::Simplex => {
                for (x, u) in rows_mut(natural, row).zip(free_rows(free, row)) {
                    let mut rest = 1.0;
                    for (k, &u) in u.iter().enumerate() {
                        let logit = u - offset(row, k);
                        x[k] = T::from_f64(rest * logit.sigmoid());
                        rest *= (-logit).sigmoid();
                    }
                    x[row - 1] = T::from_f64(rest);
                }
            }
        }
    }

    /// The free form of natural numbers (Stan: unconstrain). At a bound it is infinite, outside NaN. Rows of a simplex whose
    /// sum is not quite 1 are scaled.
    pub fn unconstrain<T: Float>(self, row: usize, natural: &[T], free: &mut [f64]) {
        self.check(row, free.len(), natural.len());
        let each = |free: &mut [f64], f: &dyn Fn(f64) -> f64| {
            for (u, &x) in free.iter_mut().zip(natural) {
                *u = f(x.to_f64());
            }
        };
        match self {
            Self::Real => each(free, &|x| x),
            Self::Above(low) => each(free, &|x| log(x - low)),
            Self::Below(high) => each(free, &|x| log(high - x)),
            Self::Between(low, high) => each(free, &|x| log(x - low) - log(high - x)),
            Self::Simplex => {
                for (u, x) in free_rows_mut(free, row).zip(rows(natural, row)) {
                    // What is left behind each break, summed from the end, where it may be tiny.
                    let mut rest = x[row - 1].to_f64();
                    for k in (0..u.len()).rev() {
                        let x = x[k].to_f64();
                        // Where nothing is left to be broken, any share will do.
                        let logit = if x == 0.0 && rest == 0.0 { 0.0 } else { log(x) - log(rest) };
                        u[k] = logit + offset(row, k);
                        rest += x;
                    }
                }
            }
        }
    }

    /// The gradient by the free numbers of a function whose gradient by the natural ones is `natural`: a pullback.
    pub fn pull_back<T: Float>(self, row: usize, free: &[f64], natural: &[T], out: &mut [f64]) {
        self.check(row, free.len(), natural.len());
        self.check(row, out.len(), natural.len());
        if let Self::Simplex = self {
            for ((out, u), g) in free_rows_mut(out, row).zip(free_rows(free, row)).zip(rows(natural, row)) {
                pull_back_row(row, u, g, out);
            }
            return;
        }
        for ((out, &u), &g) in out.iter_mut().zip(free).zip(natural) {
            *out = product(g.to_f64(), self.slope(u));
        }
    }

    /// The change of [`pull_back`](Self::pull_back) when the free numbers change by `tangent` and the natural gradient does not,
    /// to first order: what a Hessian by the free numbers has beside that by the natural ones.
    pub fn bend<T: Float>(self, row: usize, free: &[f64], natural: &[T], tangent: &[f64], out: &mut [f64]) {
        self.check(row, free.len(), natural.len());
        self.check(row, tangent.len(), natural.len());
        self.check(row, out.len(), natural.len());
        if let Self::Simplex = self {
            let rows = free_rows_mut(out, row).zip(free_rows(free, row)).zip(rows(natural, row));
            for (((out, u), g), t) in rows.zip(free_rows(tangent, row)) {
                bend_row(row, u, g, t, out);
            }
            return;
        }
        for (((out, &u), &g), &t) in out.iter_mut().zip(free).zip(natural).zip(tangent) {
            let slope = match self {
                Self::Real | Self::Simplex => 0.0,
                Self::Above(_) | Self::Below(_) => self.slope(u),
                Self::Between(..) => self.slope(u) * ((-u).sigmoid() - u.sigmoid()),
            };
            *out = product(product(g.to_f64(), slope), t);
        }
    }

    /// The change of the natural numbers when the free ones change by `tangent`, to first order: a pushforward.
    pub fn push_forward<T: Float>(self, row: usize, free: &[f64], tangent: &[f64], out: &mut [T]) {
        self.check(row, free.len(), out.len());
        self.check(row, tangent.len(), out.len());
        if let Self::Simplex = self {
            for ((out, u), t) in rows_mut(out, row).zip(free_rows(free, row)).zip(free_rows(tangent, row)) {
                push_forward_row(row, u, t, out);
            }
            return;
        }
        for ((out, &u), &t) in out.iter_mut().zip(free).zip(tangent) {
            *out = T::from_f64(product(t, self.slope(u)));
        }
    }

    /// The logarithm of the determinant of the transform's Jacobian, in absolute value: what a sampler adds to a log-density
    /// of natural numbers to make it one of free numbers. For a simplex the Jacobian is that of the first K − 1 numbers.
    #[must_use]
    pub fn log_jacobian(self, row: usize, free: &[f64]) -> f64 {
        match self {
            Self::Real => 0.0,
            Self::Above(_) | Self::Below(_) => free.iter().sum(),
            Self::Between(low, high) => {
                let width = log(high - low);
                free.iter().map(|u| width + u.log_sigmoid() + (-*u).log_sigmoid()).sum()
            }
            Self::Simplex if row < 2 => 0.0,
            Self::Simplex => free_rows(free, row).map(|u| log_jacobian_of_row(row, u)).sum(),
        }
    }

    /// Adds the gradient of [`log_jacobian`](Self::log_jacobian) to `out`.
    ///
    /// # Panics
    /// If `free` and `out` have not the same length.
    pub fn add_log_jacobian_gradient(self, row: usize, free: &[f64], out: &mut [f64]) {
        assert_eq!(free.len(), out.len(), "the free form and its gradient have different lengths");
        match self {
            Self::Real => {}
            Self::Above(_) | Self::Below(_) => out.iter_mut().for_each(|out| *out += 1.0),
            Self::Between(..) => {
                for (out, u) in out.iter_mut().zip(free) {
                    *out += (-*u).sigmoid() - u.sigmoid();
                }
            }
            Self::Simplex => {
                for (out, u) in free_rows_mut(out, row).zip(free_rows(free, row)) {
                    for (k, (out, u)) in out.iter_mut().zip(u).enumerate() {
                        // log(1 - share) is in every later rest, too.
                        let logit = u - offset(row, k);
                        *out += (-logit).sigmoid() - number(row - 1 - k) * logit.sigmoid();
                    }
                }
            }
        }
    }

    /// The derivative of a natural number by the free number it is made of.
    fn slope(self, u: f64) -> f64 {
        match self {
            Self::Real => 1.0,
            Self::Above(_) => exp(u),
            Self::Below(_) => -exp(u),
            Self::Between(low, high) => (high - low) * (u.sigmoid() * (-u).sigmoid()),
            Self::Simplex => f64::NAN,
        }
    }

    /// # Panics
    /// If the lengths do not go together.
    fn check(self, row: usize, free: usize, natural: usize) {
        assert_eq!(self.free_size(row, natural), free, "{natural} numbers in {self:?} have another count of free ones");
    }
}

fn exp(x: f64) -> f64 {
    Elementary::exp(x)
}

fn log(x: f64) -> f64 {
    Elementary::log(x)
}

/// A product in which 0 is stronger than infinity: no change, no effect.
fn product(a: f64, b: f64) -> f64 {
    if a == 0.0 || b == 0.0 { 0.0 } else { a * b }
}

#[expect(clippy::cast_precision_loss, reason = "sizes of rows are far below 2^52")]
fn number(size: usize) -> f64 {
    size as f64
}

/// What makes equal shares of free numbers that are 0: after break `k`, `row - 1 - k` parts are to come.
fn offset(row: usize, k: usize) -> f64 {
    log(number(row - 1 - k))
}

/// The rows of a tensor; none if it is empty.
fn rows<T>(natural: &[T], row: usize) -> impl Iterator<Item = &[T]> {
    natural.chunks_exact(row.max(1))
}

fn rows_mut<T>(natural: &mut [T], row: usize) -> impl Iterator<Item = &mut [T]> {
    natural.chunks_exact_mut(row.max(1))
}

/// The rows of the free form of a simplex. Rows of one number have no free ones: there is no end of those.
fn free_rows(free: &[f64], row: usize) -> impl Iterator<Item = &[f64]> {
    let width = row.saturating_sub(1);
    let rest = if width == 0 { Some(&[][..]) } else { None };
    free.chunks_exact(width.max(1)).chain(rest.into_iter().cycle())
}

fn free_rows_mut(free: &mut [f64], row: usize) -> impl Iterator<Item = &mut [f64]> {
    free.chunks_exact_mut(row.saturating_sub(1).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUPPORTS: [(Support, usize, usize); 8] = [
        (Support::Real, 3, 3),
        (Support::Above(-2.5), 3, 6),
        (Support::Below(4.0), 1, 1),
        (Support::Between(-1.0, 3.0), 2, 4),
        (Support::Simplex, 2, 2),
        (Support::Simplex, 5, 15),
        (Support::Simplex, 1, 3),
        (Support::Simplex, 4, 0),
    ];

    /// Free numbers without rhyme or reason, from about -`spread` to `spread`.
    fn numbers(count: usize, spread: f64, seed: f64) -> Vec<f64> {
        (0..count).map(|k| spread * (37.0 * (number(k) + seed) + 0.5).sin()).collect()
    }

    fn dot(a: &[f64], b: &[f64]) -> f64 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }

    fn close(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() <= tolerance, "{a} is not {b}");
    }

    #[test]
    fn forms_go_back_and_forth() {
        for (support, row, size) in SUPPORTS {
            for seed in 0..20 {
                let u = numbers(support.free_size(row, size), 8.0, f64::from(seed));
                let (mut x, mut back) = (vec![0.0; size], vec![0.0; u.len()]);
                support.constrain(row, &u, &mut x);
                assert!(support.contains::<f64>(row, &x), "{support:?} does not hold {x:?}");
                support.unconstrain(row, &x, &mut back);
                // Near an upper bound (u = 8) x is rounded to 1/4 of 1e-16, 1e-12 of the distance from it.
                back.iter().zip(&u).for_each(|(back, u)| close(*back, *u, 1e-11));
            }
        }
    }

    /// Both modes and the log-Jacobian against central differences of step 1e-5: their error is 1e-10 of the third
    /// derivative, and 1e-11 from rounding.
    #[test]
    fn derivatives_are_those_of_the_transform() {
        for (support, row, size) in SUPPORTS {
            for seed in 0..20 {
                let free = support.free_size(row, size);
                let (u, t) = (numbers(free, 3.0, f64::from(seed)), numbers(free, 1.0, 50.0 + f64::from(seed)));
                let g = numbers(size, 1.0, 99.0 + f64::from(seed));
                let at = |h: f64| u.iter().zip(&t).map(|(u, t)| u + h * t).collect::<Vec<_>>();
                let natural = |u: &[f64]| {
                    let mut x = vec![0.0; size];
                    support.constrain(row, u, &mut x);
                    x
                };
                let (above, below) = (natural(&at(1e-5)), natural(&at(-1e-5)));
                let mut pushed = vec![0.0; size];
                support.push_forward(row, &u, &t, &mut pushed);
                for k in 0..size {
                    close(pushed[k], (above[k] - below[k]) / 2e-5, 1e-8);
                }
                let mut pulled = vec![0.0; free];
                support.pull_back(row, &u, &g, &mut pulled);
                close(dot(&pulled, &t), dot(&g, &pushed), 1e-13);

                let pulled_at = |u: &[f64]| {
                    let mut pulled = vec![0.0; free];
                    support.pull_back(row, u, &g, &mut pulled);
                    pulled
                };
                let (above, below) = (pulled_at(&at(1e-5)), pulled_at(&at(-1e-5)));
                let mut bent = vec![0.0; free];
                support.bend(row, &u, &g, &t, &mut bent);
                for k in 0..free {
                    close(bent[k], (above[k] - below[k]) / 2e-5, 1e-8);
                }

                let numeric = (support.log_jacobian(row, &at(1e-5)) - support.log_jacobian(row, &at(-1e-5))) / 2e-5;
                let mut gradient = vec![0.0; free];
                support.add_log_jacobian_gradient(row, &u, &mut gradient);
                close(dot(&gradient, &t), numeric, 1e-8);
            }
        }
    }

    #[test]
    fn the_jacobian_of_a_simplex_is_that_of_all_but_the_last_number() {
        // Three numbers: the determinant of a 2 by 2 matrix.
        let u = [0.3, -1.2];
        let column = |t: [f64; 2]| -> [f64; 3] {
            let mut out = [0.0; 3];
            Support::Simplex.push_forward(3, &u, &t, &mut out);
            out
        };
        let (a, b) = (column([1.0, 0.0]), column([0.0, 1.0]));
        close(Support::Simplex.log_jacobian(3, &u), (a[0] * b[1] - a[1] * b[0]).abs().ln(), 1e-14);
        close(Support::Above(1.0).log_jacobian(1, &[2.0]), 2.0, 0.0);
        let slope = 4.0 * (0.5_f64.tanh() + 1.0) * (1.0 - 0.5_f64.tanh()) / 4.0;
        close(Support::Between(-1.0, 3.0).log_jacobian(1, &[1.0]), slope.ln(), 1e-14);
    }

    #[test]
    fn extremes_are_bounds_and_not_nan() {
        for (support, row, size) in SUPPORTS {
            for extreme in [-1e4, 1e4, -f64::INFINITY] {
                let free = support.free_size(row, size);
                if support.is_real() || (extreme > 0.0 && matches!(support, Support::Above(_) | Support::Below(_))) {
                    continue;
                }
                let (u, g) = (vec![extreme; free], vec![1e300; size]);
                let (mut x, mut pulled) = (vec![7.0; size], vec![7.0; free]);
                support.constrain(row, &u, &mut x);
                assert!(support.contains::<f64>(row, &x), "{support:?} does not hold {x:?}");
                support.pull_back(row, &u, &g, &mut pulled);
                assert!(pulled.iter().all(|x| *x == 0.0), "{support:?} {pulled:?}");
                assert!(!support.log_jacobian(row, &u).is_nan());
                support.add_log_jacobian_gradient(row, &u, &mut pulled);
                assert!(pulled.iter().all(|x| x.is_finite()), "{support:?} {pulled:?}");
            }
        }
        // A share of nothing is whatever one likes; a certain one is infinitely far away.
        let mut u = [0.0; 2];
        Support::Simplex.unconstrain(3, &[1.0, 0.0, 0.0], &mut u);
        assert!(u[0] == f64::INFINITY && u[1] == 0.0, "{u:?}");
        Support::Simplex.unconstrain(3, &[0.0, 0.0, 1.0], &mut u);
        assert!(u.iter().all(|u| *u == -f64::INFINITY), "{u:?}");
        // Tiny probabilities keep all their digits.
        let (mut p, tiny) = ([0.0; 3], [1e-200, 3e-300, 1.0]);
        Support::Simplex.unconstrain(3, &tiny, &mut u);
        Support::Simplex.constrain(3, &u, &mut p);
        tiny.iter().zip(&p).for_each(|(tiny, p)| close(*p, *tiny, 1e-12 * tiny));
    }
}
