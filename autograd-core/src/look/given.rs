//! The inputs of a call by name: what emitted code hands to those who look.

use autograd_compiler::interpret::Tensor;
use autograd_compiler::look::trace;
use ndarray::{ArrayView, Dimension};

use crate::float::Float;

/// Arrays and sizes by name.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct Given {
    pub(super) arrays: Vec<trace::Given>,
    pub(super) sizes: Vec<(String, usize)>,
}

#[doc(hidden)]
impl Given {
    /// An array of numbers.
    pub fn array<T: Float, D: Dimension>(&mut self, name: &str, array: &ArrayView<'_, T, D>) {
        self.add(name, array.shape(), array.iter().map(|number| number.to_f64()).collect());
    }

    /// An array of class indices.
    pub fn indices<D: Dimension>(&mut self, name: &str, array: &ArrayView<'_, usize, D>) {
        self.add(name, array.shape(), array.iter().copied().map(f64::from_usize).collect());
    }

    /// A number.
    pub fn number<T: Float>(&mut self, name: &str, number: T) {
        self.add(name, &[], vec![number.to_f64()]);
    }

    /// A class index.
    pub fn index(&mut self, name: &str, index: usize) {
        self.add(name, &[], vec![f64::from_usize(index)]);
    }

    /// A dimension that no array has.
    pub fn size(&mut self, name: &str, size: usize) {
        self.sizes.push((name.to_owned(), size));
    }

    pub(super) fn add(&mut self, name: &str, shape: &[usize], data: Vec<f64>) {
        self.arrays.push(trace::Given { name: name.to_owned(), value: Tensor { shape: shape.to_vec(), data } });
    }
}
