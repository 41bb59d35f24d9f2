//! Steps in the free form: how optimisers move parameters that have a [`Support`], so that none leaves it.

use crate::flat::row_of;
use crate::float::Float;
use crate::support::Support;

/// The free form of one parameter and the gradient by it, for the length of a step.
#[derive(Clone, Debug)]
pub(super) struct Free<T> {
    support: Support,
    row: usize,
    /// The free form in `f64`, in which the transforms are.
    wide: Vec<f64>,
    slope: Vec<f64>,
    pub(super) x: Vec<T>,
    pub(super) g: Vec<T>,
}

impl<T: Float> Free<T> {
    /// Buffers for a parameter of a shape.
    pub(super) fn new(support: Support, shape: &[usize]) -> Self {
        let row = row_of(shape);
        let size = support.free_size(row, shape.iter().product());
        let (wide, slope) = (vec![0.0; size], vec![0.0; size]);
        Self { support, row, wide, slope, x: vec![T::ZERO; size], g: vec![T::ZERO; size] }
    }

    /// Takes a parameter and the gradient by it.
    pub(super) fn load(&mut self, natural: &[T], gradient: &[T]) {
        self.support.unconstrain(self.row, natural, &mut self.wide);
        self.support.pull_back(self.row, &self.wide, gradient, &mut self.slope);
        for (x, &wide) in self.x.iter_mut().zip(&self.wide) {
            *x = T::from_f64(wide);
        }
        for (g, &slope) in self.g.iter_mut().zip(&self.slope) {
            *g = T::from_f64(slope);
        }
    }

    /// Gives the parameter back.
    pub(super) fn store(&mut self, natural: &mut [T]) {
        for (wide, &x) in self.wide.iter_mut().zip(&self.x) {
            *wide = x.to_f64();
        }
        self.support.constrain(self.row, &self.wide, natural);
    }
}
