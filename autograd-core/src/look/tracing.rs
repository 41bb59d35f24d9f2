//! A model and its inputs, handed to the compiler's interpreter.

use std::fmt;

use autograd_compiler::look::trace::{self, Trace};

use super::{Look, subject};
use crate::float::Float;

/// Why a model could not be traced: what does not fit together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

pub(super) fn trace<M: Look>(model: &M, inputs: &M::Inputs<'_>) -> Result<Trace, Failure> {
    let mut given = M::given(inputs);
    for (name, shape, values) in model.tensors() {
        given.add(name, shape, numbers(&values));
    }
    for (index, name) in M::STATES.iter().enumerate() {
        given.add(name, model.state_shape(index), numbers(&model.state(index)));
    }
    trace::trace(&subject::<M>(), given.arrays, &given.sizes, round::<M::Scalar>).map_err(Failure)
}

fn numbers<T: Float>(values: &[T]) -> Vec<f64> {
    values.iter().map(|number| number.to_f64()).collect()
}

fn round<T: Float>(number: f64) -> f64 {
    T::from_f64(number).to_f64()
}
