//! L-BFGS-B: limited-memory quasi-Newton with bounds.
//!
//! Source: R. H. Byrd, P. Lu, J. Nocedal, C. Zhu, *A limited memory algorithm for bound constrained optimization*, SIAM J. Sci.
//! Comput. 16 (1995); the projection of the subspace step is that of J. L. Morales, J. Nocedal, ACM TOMS 38 (2011). The quadratic model
//! is followed along the projected gradient to its first minimum (the generalised Cauchy point, `cauchy`), which says
//! which bounds are active; the other numbers then minimise the model (`subspace`).

use super::descent::{Directions, LONGEST, Way};
use super::lbfgs::Memory;
use super::search::{LOOSE, Point};
use super::vector::{Matrix, dot, norm, solve};
use super::{Bounds, Failure, Smooth};

/// The Hessian as it is remembered, the bounds, and the last direction.
pub(super) struct Lbfgsb<'b> {
    bounds: &'b Bounds,
    memory: Memory,
    direction: Vec<f64>,
}

impl<'b> Lbfgsb<'b> {
    pub(super) fn within(bounds: &'b Bounds) -> Self {
        Self { bounds, memory: Memory::default(), direction: Vec::new() }
    }
}

impl Directions for Lbfgsb<'_> {
    fn choose(&mut self, _: &mut dyn Smooth, point: &Point) -> Result<Way<'_>, Failure> {
        let direction = |memory: &Memory| Model::new(memory).and_then(|model| model.direction(point, self.bounds));
        self.direction = loop {
            match direction(&self.memory) {
                Some(direction) => break direction,
                None => drop(self.memory.clear()),
            }
        };
        let (first, longest) = lengths(&self.memory, self.bounds, &point.z, &self.direction);
        Ok(Way { along: &self.direction, first, longest, wolfe: LOOSE })
    }

    fn settle(&self, point: &mut Point) -> f64 {
        self.bounds.clamp(&mut point.z);
        self.bounds.projected(&point.z, &point.gradient)
    }

    fn learn(&mut self, before: &Point, after: &Point, _: f64) {
        self.memory.keep(before, after);
    }

    fn forget(&mut self, _: &Point) -> bool {
        self.memory.clear()
    }
}

/// The first step and the longest that stays within the bounds.
fn lengths(memory: &Memory, bounds: &Bounds, z: &[f64], direction: &[f64]) -> (f64, f64) {
    let mut longest = LONGEST;
    for ((&d, &z), (&low, &high)) in direction.iter().zip(z).zip(bounds.low.iter().zip(&bounds.high)) {
        let room = if d < 0.0 { low - z } else { high - z };
        if d != 0.0 && room.is_finite() {
            longest = longest.min(room / d);
        }
    }
    // The direction leads to a point within the bounds, so a step of 1 is one: rounding must not forbid it.
    let longest = longest.max(1.0);
    let boxed = bounds.low.iter().chain(&bounds.high).all(|bound| bound.is_finite());
    match memory.pairs.is_empty() {
        true if boxed => (1.0, 1.0),
        true => ((1.0 / norm(direction)).min(1.0), 1.0),
        false => (1.0, longest),
    }
}

/// The quadratic model: the Hessian is `θ I − W M Wᵀ` with `W = [Y, θ S]`.
struct Model<'m> {
    memory: &'m Memory,
    theta: f64,
    middle: Matrix,
    /// `M⁻¹`
    inverse: Matrix,
}

impl<'m> Model<'m> {
    fn new(memory: &'m Memory) -> Option<Self> {
        let (theta, k) = (memory.curvature(), memory.pairs.len());
        let mut inverse = Matrix::zeros(2 * k, 2 * k);
        for (i, a) in memory.pairs.iter().enumerate() {
            inverse[(i, i)] = -a.sy;
            for (j, b) in memory.pairs.iter().enumerate() {
                inverse[(k + i, k + j)] = theta * dot(&a.s, &b.s);
                if i > j {
                    // L: the inner products of steps with earlier changes.
                    inverse[(k + i, j)] = dot(&a.s, &b.y);
                    inverse[(j, k + i)] = inverse[(k + i, j)];
                }
            }
        }
        let mut middle = Matrix::zeros(2 * k, 2 * k);
        for column in 0..2 * k {
            middle[(column, column)] = 1.0;
            solve(inverse.clone(), middle.column_mut(column))?;
        }
        theta.is_finite().then_some(Self { memory, theta, middle, inverse })
    }

    /// Row `i` of `W`.
    fn row(&self, i: usize, out: &mut [f64]) {
        let k = self.memory.pairs.len();
        for (place, pair) in self.memory.pairs.iter().enumerate() {
            out[place] = pair.y[i];
            out[k + place] = self.theta * pair.s[i];
        }
    }

    /// `Wᵀ x`
    fn transposed(&self, x: &[f64]) -> Vec<f64> {
        let y = self.memory.pairs.iter().map(|pair| dot(&pair.y, x));
        let s = self.memory.pairs.iter().map(|pair| self.theta * dot(&pair.s, x));
        y.chain(s).collect()
    }

    /// `M v`
    fn middle(&self, v: &[f64]) -> Vec<f64> {
        // It is symmetric.
        (0..v.len()).map(|row| dot(self.middle.column(row), v)).collect()
    }

    /// From a point to the minimum of the model within the bounds, about; `None` if the model is singular to rounding.
    fn direction(&self, point: &Point, bounds: &Bounds) -> Option<Vec<f64>> {
        let Cauchy { mut at, c, free } = self.cauchy(point, bounds);
        if !free.is_empty() {
            self.subspace(point, bounds, &c, &free, &mut at)?;
        }
        let direction: Vec<f64> = at.iter().zip(&point.z).map(|(at, z)| at - z).collect();
        (dot(&direction, &point.gradient) < 0.0 || self.memory.pairs.is_empty()).then_some(direction)
    }

    /// The first minimum of the model along the projected steepest descent.
    fn cauchy(&self, point: &Point, bounds: &Bounds) -> Cauchy {
        let (z, g) = (&point.z, &point.gradient);
        let n = z.len();
        let mut breaks: Vec<(f64, usize)> = Vec::new();
        let mut direction = vec![0.0; n];
        for i in 0..n {
            let bound = if g[i] < 0.0 { bounds.high[i] } else { bounds.low[i] };
            let end = if g[i] == 0.0 { f64::INFINITY } else { (z[i] - bound) / g[i] };
            if end > 0.0 {
                direction[i] = -g[i];
                if end.is_finite() {
                    breaks.push((end, i));
                }
            }
        }
        breaks.sort_by(|a, b| a.0.total_cmp(&b.0));

        let mut at = z.clone();
        let mut p = self.transposed(&direction);
        let mut c = vec![0.0; p.len()];
        let mut w = vec![0.0; p.len()];
        let mut slope = -dot(&direction, &direction);
        let mut curvature = -self.theta * slope - dot(&p, &self.middle(&p));
        let least = f64::EPSILON * curvature.abs();
        let mut passed = 0.0;
        for &(end, i) in &breaks {
            let length = end - passed;
            if slope >= 0.0 || -slope < length * curvature {
                break;
            }
            passed = end;
            at[i] = if direction[i] > 0.0 { bounds.high[i] } else { bounds.low[i] };
            let (moved, g) = (at[i] - z[i], g[i]);
            for (c, p) in c.iter_mut().zip(&p) {
                *c += length * p;
            }
            self.row(i, &mut w);
            let middle = self.middle(&w);
            slope += length * curvature + g * g + self.theta * g * moved - g * dot(&middle, &c);
            curvature -= self.theta * g * g + 2.0 * g * dot(&middle, &p) + g * g * dot(&middle, &w);
            curvature = curvature.max(least);
            for (p, w) in p.iter_mut().zip(&w) {
                *p += g * w;
            }
            direction[i] = 0.0;
        }
        let length = if slope < 0.0 { -slope / curvature } else { 0.0 };
        // On the last piece nothing reaches a bound.
        let length = if length.is_finite() { length } else { 0.0 };
        for i in 0..n {
            if direction[i] != 0.0 {
                at[i] = z[i] + (passed + length) * direction[i];
            }
        }
        for (c, p) in c.iter_mut().zip(&p) {
            *c += length * p;
        }
        bounds.clamp(&mut at);
        let free = (0..n).filter(|&i| bounds.low[i] < at[i] && at[i] < bounds.high[i]).collect();
        Cauchy { at, c, free }
    }

    /// Moves the free numbers of the Cauchy point to the minimum of the model, and back within the bounds.
    fn subspace(&self, point: &Point, bounds: &Bounds, c: &[f64], free: &[usize], at: &mut [f64]) -> Option<()> {
        let theta = self.theta;
        let mut w = vec![0.0; c.len()];
        let middle = self.middle(c);
        let mut residual = Vec::with_capacity(free.len());
        for &i in free {
            self.row(i, &mut w);
            residual.push(point.gradient[i] + theta * (at[i] - point.z[i]) - dot(&w, &middle));
        }
        // (M⁻¹ − WᵀZZᵀW/θ) v = WᵀZ r: what (I − M WᵀZZᵀW/θ)⁻¹ M is.
        let mut system = self.inverse.clone();
        let mut v = vec![0.0; c.len()];
        for (&i, r) in free.iter().zip(&residual) {
            self.row(i, &mut w);
            for (a, wa) in w.iter().enumerate() {
                v[a] += wa * r;
                for (b, wb) in w.iter().enumerate() {
                    system[(a, b)] -= wa * wb / theta;
                }
            }
        }
        solve(system, &mut v)?;
        let mut step = Vec::with_capacity(free.len());
        for (&i, r) in free.iter().zip(&residual) {
            self.row(i, &mut w);
            step.push(-r / theta - dot(&w, &v) / (theta * theta));
        }
        let mut projected = at.to_vec();
        free.iter().zip(&step).for_each(|(&i, step)| projected[i] += step);
        bounds.clamp(&mut projected);
        let descent: f64 = projected.iter().zip(&point.z).zip(&point.gradient).map(|((p, z), g)| (p - z) * g).sum();
        if descent < 0.0 {
            at.copy_from_slice(&projected);
            return Some(());
        }
        // Projected it leads uphill: only as far as the first bound, then.
        let mut share = 1.0_f64;
        for (&i, &step) in free.iter().zip(&step) {
            let room = if step < 0.0 { bounds.low[i] - at[i] } else { bounds.high[i] - at[i] };
            if step != 0.0 && room.is_finite() {
                share = share.min((room / step).max(0.0));
            }
        }
        free.iter().zip(&step).for_each(|(&i, step)| at[i] += share * step);
        bounds.clamp(at);
        Some(())
    }
}

/// The generalised Cauchy point, `Wᵀ` times the way to it, and the numbers that are at no bound there.
struct Cauchy {
    at: Vec<f64>,
    c: Vec<f64>,
    free: Vec<usize>,
}
