//! Inputs that are trained on as they are: all at once, or a list of them.

use std::fmt;

use super::{Batch, Data, Failure};
use crate::model::Model;

/// Inputs as they are, as a data set with one observation: every epoch is one step on all of it.
///
/// For models without observations, and those that are [bound](crate::model!) to their inputs: `Whole::new(())`.
///
/// ```
/// use autograd_core::data::{Data, Whole};
/// use autograd_core::model;
///
/// model! { pub Bowl { param a = 1, b = 2; loss = a^2 + b^2; } }
/// assert_eq!(Whole::<Bowl>::new(bowl::Inputs {}).rows(), 1);
/// ```
pub struct Whole<'i, M: Model> {
    inputs: M::Inputs<'i>,
}

impl<'i, M: Model> Whole<'i, M> {
    /// The inputs of every step.
    pub fn new(inputs: M::Inputs<'i>) -> Self {
        Self { inputs }
    }
}

impl<M: Model> Data<M> for Whole<'_, M> {
    fn rows(&self) -> usize {
        1
    }

    fn with<R>(&self, _batch: Batch<'_, M::Scalar>, see: impl FnOnce(&M::Inputs<'_>) -> R) -> Result<R, Failure> {
        Ok(see(&self.inputs))
    }

    fn largest_batch(&self) -> usize {
        1
    }
}

/// A list of inputs, each of which is a batch of its own: sequences, images of different sizes, batches made elsewhere.
pub struct Sets<'i, M: Model> {
    list: Vec<M::Inputs<'i>>,
}

impl<'i, M: Model> Sets<'i, M> {
    /// The inputs of one step each.
    pub fn new(list: impl IntoIterator<Item = M::Inputs<'i>>) -> Self {
        Self { list: list.into_iter().collect() }
    }
}

impl<M: Model> Data<M> for Sets<'_, M> {
    fn rows(&self) -> usize {
        self.list.len()
    }

    fn with<R>(&self, batch: Batch<'_, M::Scalar>, see: impl FnOnce(&M::Inputs<'_>) -> R) -> Result<R, Failure> {
        let one = batch.only().and_then(|row| self.list.get(row));
        one.map(see).ok_or_else(|| "of a list of inputs each is a batch of its own".into())
    }

    fn largest_batch(&self) -> usize {
        1
    }
}

impl<M: Model> fmt::Debug for Whole<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Whole").finish_non_exhaustive()
    }
}

impl<M: Model> fmt::Debug for Sets<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sets").field("rows", &self.list.len()).finish_non_exhaustive()
    }
}
