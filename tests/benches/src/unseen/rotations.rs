//! Many small matrices: points turned by rotation vectors, by Rodrigues' formula as products of 3 × 3 matrices.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]
#![allow(clippy::needless_range_loop, reason = "loops of known length, over several arrays at once")]

use autograd_core::float::Float;
use autograd_core::math::Elementary;
use autograd_core::model;
use autograd_core::simd::{Kernel, Lanes};
use ndarray::Array2;

use super::frame::{Gradient, Problem, Question, Value, ask, roundings};
use crate::lanes::{self, live_only};
use crate::{Case, Scale, data};

model! {
    /// How far points `p`, turned by `r`, are from `q`.
    pub Rodrigues<N> {
        param r: [N, 3];
        input p: [N, 3], q: [N, 3];
        let angle = norm(r, axis = 1);
        let axis = r / angle[.., new];
        let (a, b, c, o) = (axis[.., 0], axis[.., 1], axis[.., 2], zeros([N]));
        let skew = reshape(stack([o, -c, b, c, o, -a, -b, a, o], axis = 1), [N, 3, 3]);
        let sine = sin(angle)[.., new, new];
        let rest = (1 - cos(angle))[.., new, new];
        let turn = eye(3) + sine*skew + rest*(skew @ skew);
        loss = mean((turn @ p[.., .., new] - q[.., .., new])^2);
    }
}

pub(super) fn add(cases: &mut Vec<Case>) {
    add_of::<f32>(cases);
    add_of::<f64>(cases);
}

/// About 30 operations on numbers of size 1 lie between an input and a slope.
fn add_of<T: Float>(cases: &mut Vec<Case>) {
    let about = "Rodrigues' formula by 3 x 3 products, 100 000 times";
    ask(cases, "rodrigues", about, &[Value, Gradient], roundings::<T>(100.0), Turns::<T>::new);
}

struct Turns<T> {
    model: Rodrigues<T>,
    p: Array2<T>,
    q: Array2<T>,
}

impl<T: Float> Turns<T> {
    fn new(scale: Scale) -> Self {
        let n = scale.pick(100_000, 77);
        let numbers = |stream| data::matrix(stream, n, 3, 1.0);
        Self { model: Rodrigues { r: numbers(35) }, p: numbers(36), q: numbers(37) }
    }
}

impl<T: Float> Problem<T> for Turns<T> {
    type Model = Rodrigues<T>;

    fn model(&self) -> &Rodrigues<T> {
        &self.model
    }
    fn inputs(&self) -> rodrigues::Inputs<'_, T> {
        rodrigues::Inputs { p: self.p.view(), q: self.q.view() }
    }
    fn hand(&mut self, question: Question, _: &[T], out: &mut [T]) -> T {
        let [r, p, q] = [&self.model.r, &self.p, &self.q].map(|array| array.as_slice().expect("contiguous"));
        if question == Value {
            T::dispatch(Turned::<T, false> { r, p, q, out })
        } else {
            T::dispatch(Turned::<T, true> { r, p, q, out })
        }
    }
    fn input_size(&self) -> usize {
        self.p.len() + self.q.len()
    }
}

/// Lanes are points: `cos·p + sin·(a × p) + (1 - cos)(a·p) a`, backwards at once.
struct Turned<'a, T, const SLOPES: bool> {
    r: &'a [T],
    p: &'a [T],
    q: &'a [T],
    out: &'a mut [T],
}

/// So many rows are laid out as columns at once.
const ROWS: usize = 64;

#[inline(always)]
fn lay_out<T: Float>(rows: &[T], columns: &mut [[T; ROWS]; 3]) {
    if rows.len() == 3 * ROWS {
        for k in 0..3 {
            for i in 0..ROWS {
                columns[k][i] = rows[3 * i + k];
            }
        }
    } else {
        for (i, row) in rows.chunks_exact(3).enumerate() {
            for k in 0..3 {
                columns[k][i] = row[k];
            }
        }
    }
}

#[inline(always)]
fn dot<T: Float, V: Lanes<T>>(a: [V; 3], b: [V; 3]) -> V {
    a[0].mul_add(b[0], a[1].mul_add(b[1], a[2] * b[2]))
}

#[inline(always)]
fn cross<T: Float, V: Lanes<T>>(a: [V; 3], b: [V; 3]) -> [V; 3] {
    [a[1].mul_add(b[2], -(a[2] * b[1])), a[2].mul_add(b[0], -(a[0] * b[2])), a[0].mul_add(b[1], -(a[1] * b[0]))]
}

impl<T: Float, const SLOPES: bool> Kernel<T> for Turned<'_, T, SLOPES> {
    type Output = T;

    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> T {
        let (one, scale) = (V::splat(T::ONE), T::ONE / T::from_usize(self.r.len()));
        let twice = V::splat(scale + scale);
        let mut columns = [[[T::ZERO; ROWS]; 3]; 4];
        let mut loss = T::ZERO;
        for start in (0..self.r.len()).step_by(3 * ROWS) {
            let end = self.r.len().min(start + 3 * ROWS);
            for (i, from) in [self.r, self.p, self.q].into_iter().enumerate() {
                lay_out(&from[start..end], &mut columns[i]);
            }
            let mut sum = V::splat(T::ZERO);
            lanes::packs::<T, V>(
                (end - start) / 3,
                #[inline(always)]
                |at| {
                    let mut vectors = [[one; 3]; 3];
                    for i in 0..3 {
                        for k in 0..3 {
                            vectors[i][k] = V::load(&columns[i][k], 0, at);
                        }
                    }
                    let [r, p, q] = vectors;
                    let angle = dot(r, r).sqrt();
                    let inverse = one / angle;
                    let (sine, cosine) = (angle.sin(), angle.cos());
                    let a = [r[0] * inverse, r[1] * inverse, r[2] * inverse];
                    let (w, along, rest) = (cross(a, p), dot(a, p), one - cosine);
                    let mut u = [one; 3];
                    for k in 0..3 {
                        u[k] = cosine.mul_add(p[k], sine.mul_add(w[k], rest * along * a[k])) - q[k];
                    }
                    sum = sum + live_only::<T, V>(dot(u, u), at);
                    if SLOPES {
                        for k in 0..3 {
                            u[k] = twice * u[k];
                        }
                        let u_along = dot(u, a);
                        let by_angle = cosine.mul_add(dot(u, w), -(sine * (dot(u, p) - along * u_along)));
                        let turned = cross(p, u);
                        let mut by_axis = [one; 3];
                        for k in 0..3 {
                            by_axis[k] = sine.mul_add(turned[k], rest * along.mul_add(u[k], u_along * p[k]));
                        }
                        let inside = dot(a, by_axis);
                        for k in 0..3 {
                            let slope = by_angle.mul_add(a[k], (by_axis[k] - a[k] * inside) * inverse);
                            slope.store(&mut columns[3][k], 0, at);
                        }
                    }
                },
            );
            loss = loss + sum.sum();
            if SLOPES {
                for (i, row) in self.out[start..end].chunks_exact_mut(3).enumerate() {
                    for k in 0..3 {
                        row[k] = columns[3][k][i];
                    }
                }
            }
        }
        loss * scale
    }
}
