//! Tensors of numbers: the values that the meanings of primitives are about.

use std::collections::BTreeMap;

use crate::graph::Dim;

/// A tensor of numbers; truth values are 0 and 1, indices are floats.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// The extents.
    pub shape: Vec<usize>,
    /// The elements in row-major order.
    pub data: Vec<f64>,
}

impl Tensor {
    /// Rank 0.
    #[must_use]
    pub fn scalar(value: f64) -> Self {
        Self { shape: Vec::new(), data: vec![value] }
    }

    /// All zeros.
    #[must_use]
    pub fn zeros(shape: Vec<usize>) -> Self {
        let count = shape.iter().product();
        Self { shape, data: vec![0.0; count] }
    }

    /// Element by element, in row-major order, from its position.
    #[must_use]
    pub fn from_fn(shape: Vec<usize>, mut element: impl FnMut(&[usize]) -> f64) -> Self {
        let mut result = Self::zeros(shape);
        for place in 0..result.data.len() {
            result.data[place] = element(&result.position(place));
        }
        result
    }

    /// One function of the elements at the same place of tensors of one shape.
    ///
    /// # Panics
    /// If there are no tensors, or of different shapes.
    #[must_use]
    pub fn zip(operands: &[&Self], function: impl Fn(&[f64]) -> f64) -> Self {
        assert!(operands.iter().all(|x| x.shape == operands[0].shape), "operands of one shape");
        let count = operands[0].data.len();
        let data = (0..count).map(|place| {
            let elements: Vec<f64> = operands.iter().map(|x| x.data[place]).collect();
            function(&elements)
        });
        Self { shape: operands[0].shape.clone(), data: data.collect() }
    }

    /// The element at a position.
    ///
    /// # Panics
    /// If the position lies outside.
    #[must_use]
    pub fn at(&self, at: &[usize]) -> f64 {
        self.data[self.place(at)]
    }

    /// Replaces the element at a position.
    ///
    /// # Panics
    /// If the position lies outside.
    pub fn set(&mut self, at: &[usize], value: f64) {
        let place = self.place(at);
        self.data[place] = value;
    }

    /// Visits all elements in row-major order, with their positions.
    pub fn for_each(&self, mut visit: impl FnMut(&[usize], f64)) {
        for (place, &value) in self.data.iter().enumerate() {
            visit(&self.position(place), value);
        }
    }

    /// The elements along `axis` at a position that lacks this axis.
    ///
    /// # Panics
    /// If the position lies outside, or has not the other axes.
    #[must_use]
    pub fn line(&self, at: &[usize], axis: usize) -> Vec<f64> {
        self.section(at, &[axis])
    }

    /// The elements over `axes` (sorted), in row-major order, at a position that lacks these axes.
    ///
    /// # Panics
    /// If the position lies outside, or has not the other axes.
    #[must_use]
    pub fn section(&self, at: &[usize], axes: &[usize]) -> Vec<f64> {
        let inner = Self::zeros(axes.iter().map(|&axis| self.shape[axis]).collect());
        let mut elements = Vec::with_capacity(inner.data.len());
        inner.for_each(|inside, _| {
            let (mut inside, mut outside) = (inside.iter(), at.iter());
            let full: Vec<usize> = (0..self.shape.len())
                .map(|axis| if axes.contains(&axis) { inside.next() } else { outside.next() })
                .map(|index| *index.expect("each axis lies inside or outside"))
                .collect();
            elements.push(self.at(&full));
        });
        elements
    }

    fn place(&self, at: &[usize]) -> usize {
        assert_eq!(at.len(), self.shape.len(), "an index for each axis");
        at.iter().zip(&self.shape).fold(0, |place, (&index, &extent)| {
            assert!(index < extent, "position {at:?} in shape {:?}", self.shape);
            place * extent + index
        })
    }

    fn position(&self, mut place: usize) -> Vec<usize> {
        let mut at = vec![0; self.shape.len()];
        for (index, &extent) in at.iter_mut().zip(&self.shape).rev() {
            *index = place % extent;
            place /= extent;
        }
        at
    }
}

/// What names stand for.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// The dimensions.
    pub dims: BTreeMap<String, i64>,
    /// The parameters, inputs and states.
    pub values: BTreeMap<String, Tensor>,
    /// The arguments of the body that is evaluated.
    pub arguments: Vec<Tensor>,
    /// What becomes of each number that is computed: rounded to `f32`, for example.
    pub round: Option<fn(f64) -> f64>,
}

impl Environment {
    /// The value of a dimension.
    ///
    /// # Panics
    /// If a name in it has no value, it overflows, or a quotient is not exact.
    #[must_use]
    pub fn dim(&self, dim: &Dim) -> i64 {
        let value = dim.evaluate(&|name| self.dims.get(name).copied());
        value.unwrap_or_else(|| panic!("dimension {dim} has a value"))
    }

    /// The value of a dimension that is an extent or a position.
    ///
    /// # Panics
    /// As [`dim`](Self::dim), and if it is negative.
    #[must_use]
    pub fn extent(&self, dim: &Dim) -> usize {
        usize::try_from(self.dim(dim)).unwrap_or_else(|_| panic!("dimension {dim} is not negative"))
    }

    /// The extents of a shape.
    ///
    /// # Panics
    /// As [`extent`](Self::extent).
    #[must_use]
    pub fn shape(&self, shape: &[Dim]) -> Vec<usize> {
        shape.iter().map(|dim| self.extent(dim)).collect()
    }

    /// The value of a parameter, input or state.
    ///
    /// # Panics
    /// If it has none.
    #[must_use]
    pub fn value(&self, name: &str) -> &Tensor {
        self.values.get(name).unwrap_or_else(|| panic!("`{name}` has a value"))
    }
}
