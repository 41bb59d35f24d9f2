//! All pairs of particles: the Lennard-Jones energy of `[N, 3]` positions, and of the same in three arrays.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]
#![allow(clippy::needless_range_loop, reason = "loops of known length, over several arrays at once")]

use autograd_core::float::Float;
use autograd_core::model;
use autograd_core::simd::{Kernel, Lanes};
use ndarray::{Array1, Array2};

use super::frame::{Gradient, Problem, Product, Question, Value, ask, roundings};
use crate::{Case, Scale, data, lanes};

model! {
    /// The Lennard-Jones energy of particles.
    pub LennardJones<N> {
        param x: [N, 3];
        let square[i, j] = sum[k]((x[i, k] - x[j, k])^2);
        loss = sum[i, j if i < j] { let s = 1/square[i, j]^3; 4*(s^2 - s) };
        derive hvp;
    }
}

model! {
    /// The same, of positions in three arrays.
    pub Columns<N> {
        param x: [N], y: [N], z: [N];
        let square[i, j] = (x[i] - x[j])^2 + (y[i] - y[j])^2 + (z[i] - z[j])^2;
        loss = sum[i, j if i < j] { let s = 1/square[i, j]^3; 4*(s^2 - s) };
        derive hvp;
    }
}

pub(super) fn add(cases: &mut Vec<Case>) {
    add_of::<f32>(cases);
    add_of::<f64>(cases);
}

/// A force is a sum of a few large terms of both signs, each with the error of about 20 roundings: its distance to the power of
/// -14. The largest force is not much smaller than its terms.
fn add_of<T: Float>(cases: &mut Vec<Case>) {
    let (about, questions) = ("Lennard-Jones energy of 1000 particles", [Value, Gradient, Product]);
    ask(cases, "lennard-jones/rows", about, &questions, roundings::<T>(400.0), Particles::<T>::new);
    ask(cases, "lennard-jones/columns", about, &questions, roundings::<T>(400.0), Apart::<T>::new);
}

/// A cube of particles near the places of a lattice.
fn positions<T: Float>(side: usize) -> Array2<T> {
    let shifts: Array2<f64> = data::matrix(34, side * side * side, 3, 0.05);
    #[expect(clippy::cast_precision_loss, reason = "a side is short")]
    let place = |n: usize, axis: usize| (n / [1, side, side * side][axis] % side) as f64 * 1.2;
    Array2::from_shape_fn(shifts.dim(), |(n, axis)| T::from_f64(place(n, axis) + shifts[[n, axis]]))
}

/// Positions, directions and sums by hand, axis by axis.
struct Buffers<T> {
    x: [Vec<T>; 3],
    v: [Vec<T>; 3],
    out: [Vec<T>; 3],
}

impl<T: Float> Buffers<T> {
    fn new(n: usize) -> Self {
        let zeros = || std::array::from_fn(|_| vec![T::ZERO; n]);
        Self { x: zeros(), v: zeros(), out: zeros() }
    }

    fn compute(&mut self, question: Question) -> T {
        let Self { x, v, out } = self;
        let (x, v) = (x.each_ref().map(Vec::as_slice), v.each_ref().map(Vec::as_slice));
        for out in &mut *out {
            out.fill(T::ZERO);
        }
        let out = out.each_mut().map(Vec::as_mut_slice);
        match question {
            Value => T::dispatch(Pairs::<T, false, false> { x, v, out }),
            Gradient => T::dispatch(Pairs::<T, true, false> { x, v, out }),
            Product => T::dispatch(Pairs::<T, true, true> { x, v, out }),
        }
    }
}

struct Particles<T> {
    model: LennardJones<T>,
    buffers: Buffers<T>,
}

impl<T: Float> Particles<T> {
    fn new(scale: Scale) -> Self {
        let x = positions(scale.pick(10, 3));
        Self { buffers: Buffers::new(x.nrows()), model: LennardJones { x } }
    }
}

impl<T: Float> Problem<T> for Particles<T> {
    type Model = LennardJones<T>;

    fn model(&self) -> &LennardJones<T> {
        &self.model
    }
    fn inputs(&self) -> lennard_jones::Inputs {
        lennard_jones::Inputs {}
    }
    fn hand(&mut self, question: Question, along: &[T], out: &mut [T]) -> T {
        let Buffers { x, v, .. } = &mut self.buffers;
        let rows = self.model.x.as_slice().expect("contiguous").chunks_exact(3);
        for (i, (row, along)) in rows.zip(along.chunks_exact(3)).enumerate() {
            for axis in 0..3 {
                (x[axis][i], v[axis][i]) = (row[axis], along[axis]);
            }
        }
        let loss = self.buffers.compute(question);
        for (i, row) in out.chunks_exact_mut(3).enumerate() {
            for (out, sum) in row.iter_mut().zip(&self.buffers.out) {
                *out = sum[i];
            }
        }
        loss
    }
    fn input_size(&self) -> usize {
        0
    }
}

struct Apart<T> {
    model: Columns<T>,
    buffers: Buffers<T>,
}

impl<T: Float> Apart<T> {
    fn new(scale: Scale) -> Self {
        let rows = positions(scale.pick(10, 3));
        let column = |axis: usize| -> Array1<T> { rows.column(axis).to_owned() };
        let mut buffers = Buffers::new(rows.nrows());
        for axis in 0..3 {
            buffers.x[axis] = column(axis).to_vec();
        }
        Self { buffers, model: Columns { x: column(0), y: column(1), z: column(2) } }
    }
}

impl<T: Float> Problem<T> for Apart<T> {
    type Model = Columns<T>;

    fn model(&self) -> &Columns<T> {
        &self.model
    }
    fn inputs(&self) -> columns::Inputs {
        columns::Inputs {}
    }
    fn hand(&mut self, question: Question, along: &[T], out: &mut [T]) -> T {
        let n = self.model.x.len();
        for (v, along) in self.buffers.v.iter_mut().zip(along.chunks_exact(n)) {
            v.copy_from_slice(along);
        }
        let loss = self.buffers.compute(question);
        for (out, sum) in out.chunks_exact_mut(n).zip(&self.buffers.out) {
            out.copy_from_slice(sum);
        }
        loss
    }
    fn input_size(&self) -> usize {
        0
    }
}

/// Each pair once: its force is added to one particle and taken from the other.
struct Pairs<'a, T, const SLOPES: bool, const ALONG: bool> {
    x: [&'a [T]; 3],
    v: [&'a [T]; 3],
    out: [&'a mut [T]; 3],
}

impl<T: Float, const SLOPES: bool, const ALONG: bool> Kernel<T> for Pairs<'_, T, SLOPES, ALONG> {
    type Output = T;

    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> T {
        let Self { x, v, out: [out_x, out_y, out_z] } = self;
        let mut loss = T::ZERO;
        for i in 0..x[0].len() - 1 {
            let mut x_i = [V::splat(T::ZERO); 3];
            let mut v_i = x_i;
            for k in 0..3 {
                (x_i[k], v_i[k]) = (V::splat(x[k][i]), V::splat(v[k][i]));
            }
            let [energy, sum_x, sum_y, sum_z] = lanes::sums::<T, V, 4>(
                x[0].len() - i - 1,
                #[inline(always)]
                |at| {
                    let base = i + 1;
                    // No closures within: they might not be inlined.
                    let mut d = x_i;
                    for k in 0..3 {
                        d[k] = d[k] - V::load(x[k], base, at);
                    }
                    let square = d[0].mul_add(d[0], d[1].mul_add(d[1], d[2] * d[2]));
                    let inverse = V::splat(T::ONE) / square;
                    let s = inverse * inverse * inverse;
                    let energy = s.mul_add(s, -s);
                    if !SLOPES {
                        return [energy, energy, energy, energy];
                    }
                    // Twice the derivative by the squared distance.
                    let slope = number::<T, V>(-24.0) * s * (s + s - V::splat(T::ONE)) * inverse;
                    let mut force = d;
                    if ALONG {
                        let mut u = v_i;
                        for k in 0..3 {
                            u[k] = u[k] - V::load(v[k], base, at);
                        }
                        let dot = d[0].mul_add(u[0], d[1].mul_add(u[1], d[2] * u[2]));
                        let bend = number::<T, V>(48.0)
                            * inverse
                            * inverse
                            * s
                            * (number::<T, V>(14.0) * s - number::<T, V>(4.0))
                            * dot;
                        for k in 0..3 {
                            force[k] = slope.mul_add(u[k], bend * d[k]);
                        }
                    } else {
                        for k in 0..3 {
                            force[k] = slope * d[k];
                        }
                    }
                    (V::load(out_x, base, at) - force[0]).store(out_x, base, at);
                    (V::load(out_y, base, at) - force[1]).store(out_y, base, at);
                    (V::load(out_z, base, at) - force[2]).store(out_z, base, at);
                    [energy, force[0], force[1], force[2]]
                },
            );
            loss = loss + energy;
            if SLOPES {
                (out_x[i], out_y[i], out_z[i]) = (out_x[i] + sum_x, out_y[i] + sum_y, out_z[i] + sum_z);
            }
        }
        if ALONG { T::ZERO } else { T::from_f64(4.0) * loss }
    }
}

#[inline(always)]
fn number<T: Float, V: Lanes<T>>(value: f64) -> V {
    V::splat(T::from_f64(value))
}
