//! Neighbours written as slices: the energy of a temperature field, the square of its Laplacian, Rosenbrock's function.

use autograd_core::float::Float;
use autograd_core::model;
use ndarray::{Array1, Array2};

use super::frame::{Gradient, Problem, Question, Value, ask, roundings};
use crate::stencil::{HeatByHand, LaplacianByHand, RosenbrockByHand};
use crate::{Case, Scale, data};

model! {
    /// Rosenbrock's function.
    pub Valley<N> {
        param x: [N];
        let (here, next) = (x[..-1], x[1..]);
        loss = sum(100*(next - here^2)^2 + (1 - here)^2);
    }
}

model! {
    /// The energy of a temperature field: the squares of all differences between neighbours.
    pub Energy<N, M> {
        param u: [N, M];
        loss = sum((u[1..] - u[..-1])^2) + sum((u[.., 1..] - u[.., ..-1])^2);
    }
}

model! {
    /// The square of the Laplacian inside of a field.
    pub Bending<N, M> {
        param u: [N, M];
        let around = u[..-2, 1..-1] + u[2.., 1..-1] + u[1..-1, ..-2] + u[1..-1, 2..];
        loss = sum((around - 4*u[1..-1, 1..-1])^2);
    }
}

pub(super) fn add(cases: &mut Vec<Case>) {
    add_of::<f32>(cases);
    add_of::<f64>(cases);
}

/// Sums of a million squares, pairwise in runs of up to 256 packs.
fn add_of<T: Float>(cases: &mut Vec<Case>) {
    let (questions, tolerance) = ([Value, Gradient], roundings::<T>(300.0));
    ask(cases, "slices/rosenbrock", "Rosenbrock's function of 1 000 000", &questions, tolerance, Valleys::<T>::new);
    ask(cases, "slices/heat", "heat energy, 1000 x 1000", &questions, tolerance, Energies::<T>::new);
    ask(cases, "slices/laplacian", "Laplacian squared, 1000 x 1000", &questions, tolerance, Bendings::<T>::new);
}

fn square<T: Float>(scale: Scale) -> Array2<T> {
    let n = scale.pick(1000, 37);
    data::matrix(11, n, n, 1.0)
}

/// The problem of a model whose one parameter is a field. By hand, the slopes are always computed: they cost little.
macro_rules! field {
    ($name:ident, $module:ident, $model:ident, $param:ident: $array:ty, $start:expr, $hand:expr) => {
        struct $name<T> {
            model: $model<T>,
            kept: Vec<T>,
        }

        impl<T: Float> $name<T> {
            fn new(scale: Scale) -> Self {
                let model = $model { $param: $start(scale) };
                Self { kept: vec![T::ZERO; model.$param.len()], model }
            }
        }

        impl<T: Float> Problem<T> for $name<T> {
            type Model = $model<T>;

            fn model(&self) -> &$model<T> {
                &self.model
            }
            fn inputs(&self) -> $module::Inputs {
                $module::Inputs {}
            }
            fn hand(&mut self, _: Question, _: &[T], out: &mut [T]) -> T {
                let array: &$array = &self.model.$param;
                let columns = array.shape()[array.ndim() - 1];
                $hand(array.as_slice().expect("contiguous"), columns, &mut self.kept[..], out)
            }
            fn input_size(&self) -> usize {
                0
            }
        }
    };
}

field!(
    Valleys, valley, Valley, x: Array1<T>,
    |scale: Scale| data::centred(12, scale.pick(1_000_000, 5003), 1.0),
    |x, _, _: &mut [T], slopes| T::dispatch(RosenbrockByHand { x, slopes })
);
field!(Energies, energy, Energy, u: Array2<T>, square, |u, columns, _: &mut [T], slopes| {
    T::dispatch(HeatByHand { u, columns, slopes })
});
field!(Bendings, bending, Bending, u: Array2<T>, square, |u, columns, kept, slopes| {
    T::dispatch(LaplacianByHand { u, columns, slopes, kept })
});
