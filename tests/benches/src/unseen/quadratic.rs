//! Forms of pairs and of small matrices: a quadratic form of a kernel of points, products of 4 × 4 matrices one after the other.

use autograd_core::float::Float;
use autograd_core::model;
use ndarray::{Array2, Array3};

use super::frame::{Gradient, Problem, Value, ask, problem, roundings};
use crate::{Case, Scale, data};

model! {
    /// The quadratic form of a rational quadratic kernel of points.
    pub Rational<N, D> {
        param log_scale: [D], log_mix;
        input x: [N, D], a: [N];
        let mix = exp(log_mix);
        let square[i, j] = sum[d]((x[i, d] - x[j, d])^2*exp(-2*log_scale[d]));
        let kernel = (1 + square/(2*mix))^(-mix);
        loss = dot(a, kernel @ a)/N;
    }
}

model! {
    /// Chains of three 4 × 4 matrices, applied to a vector each.
    pub Chains<N> {
        param a: [N, 4, 4], b: [N, 4, 4], c: [N, 4, 4];
        input v: [N, 4, 1], y: [N, 4, 1];
        loss = mean((a @ (b @ c) @ v - y)^2);
    }
}

pub(super) fn add(cases: &mut Vec<Case>) {
    add_of::<f32>(cases);
    add_of::<f64>(cases);
}

fn add_of<T: Float>(cases: &mut Vec<Case>) {
    let (questions, tolerance) = ([Value, Gradient], roundings::<T>(1000.0));
    ask(cases, "rational", "rational quadratic kernel, 1000 x 1000 x 4", &questions, tolerance, Points::<T>::new);
    ask(cases, "chains", "products of three 4 x 4 matrices, 50 000 times", &questions, tolerance, Matrices::<T>::new);
}

fn cubes<T: Float>(stream: u64, n: usize, rows: usize, columns: usize) -> Array3<T> {
    let numbers = data::centred(stream, n * rows * columns, 0.5);
    numbers.into_shape_with_order((n, rows, columns)).expect("as many numbers as places")
}

problem!(
    Points: rational::Rational,
    |scale| { log_scale: data::centred(120, 4, 0.3), log_mix: T::from_f64(0.2) },
    {
        x: Array2<T> = data::matrix(121, scale.pick(1000, 37), 4, 1.0),
        a: ndarray::Array1<T> = data::centred(122, scale.pick(1000, 37), 1.0)
    }
);
problem!(
    Matrices: chains::Chains,
    |scale| {
        a: cubes(123, scale.pick(50_000, 37), 4, 4),
        b: cubes(124, scale.pick(50_000, 37), 4, 4),
        c: cubes(125, scale.pick(50_000, 37), 4, 4)
    },
    {
        v: Array3<T> = cubes(126, scale.pick(50_000, 37), 4, 1),
        y: Array3<T> = cubes(127, scale.pick(50_000, 37), 4, 1)
    }
);
