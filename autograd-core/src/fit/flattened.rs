//! A model as a function of its free form, with all derivatives: what solvers of other crates are given.

use super::Smooth;
use super::error::FitError;
use super::layout::Layout;
use super::problem::Problem;
use crate::error::Error;
use crate::model::Objective;

/// A model, its inputs and buffers.
pub(crate) struct Flattened<'m, 'i, M: Objective> {
    problem: Problem<'m, 'i, M>,
}

impl<'m, 'i, M: Objective> Flattened<'m, 'i, M> {
    /// # Errors
    /// If there is nothing to move, or a parameter is at the edge of its support.
    pub(crate) fn new(model: &'m mut M, inputs: &'m M::Inputs<'i>) -> Result<Self, FitError> {
        let layout = Layout::new(model, &[])?.without_units();
        Ok(Self { problem: Problem::new(model, inputs, layout) })
    }

    pub(crate) fn start(&self) -> Vec<f64> {
        self.problem.layout.start()
    }

    pub(crate) fn loss(&mut self, free: &[f64]) -> Result<f64, Error> {
        self.problem.loss(free)
    }

    pub(crate) fn gradient(&mut self, free: &[f64], out: &mut [f64]) -> Result<f64, Error> {
        self.problem.value_and_gradient(free, out)
    }

    pub(crate) fn product(&mut self, free: &[f64], along: &[f64], out: &mut [f64]) -> Result<(), Error> {
        self.problem.product(free, along, out)
    }
}
