//! A model as a function of one vector: what the methods see of it.

use super::layout::Layout;
use super::vector::Matrix;
use super::{Equations, Evaluations, Smooth};
use crate::error::Error;
use crate::float::Float;
use crate::model::{Objective, Parameters};
use crate::residuals::{LeastSquares, ResidualSource};

/// A model, its inputs, and all buffers.
pub(super) struct Problem<'m, 'i, M: Objective> {
    pub(super) model: &'m mut M,
    inputs: &'m M::Inputs<'i>,
    pub(super) layout: Layout,
    residuals: Option<Box<dyn ResidualSource<M> + 'm>>,
    workspace: M::Workspace,
    grad: M::Grad,
    /// Where `grad` was computed; empty if nowhere.
    grad_at: Vec<f64>,
    along: M::Grad,
    product: M::Grad,
    column: Vec<f64>,
    pub(super) evaluations: Evaluations,
}

impl<'m, 'i, M: Objective> Problem<'m, 'i, M> {
    pub(super) fn new(model: &'m mut M, inputs: &'m M::Inputs<'i>, layout: Layout) -> Self {
        let residuals = M::least_squares().map(LeastSquares::source);
        let grad = model.zero_grad();
        Self {
            along: grad.clone(),
            product: grad.clone(),
            grad,
            grad_at: Vec::new(),
            model,
            inputs,
            layout,
            residuals,
            workspace: M::Workspace::default(),
            column: Vec::new(),
            evaluations: Evaluations::default(),
        }
    }

    /// Whether the loss is a sum of squares whose terms can be had.
    pub(super) fn has_residuals(&self) -> bool {
        self.residuals.is_some()
    }

    /// The loss.
    pub(super) fn loss(&mut self, z: &[f64]) -> Result<f64, Error> {
        self.layout.set(self.model, z);
        self.evaluations.loss += 1;
        Ok(self.model.loss_into(self.inputs, &mut self.workspace)?.to_f64())
    }

    /// The derivative of all natural numbers by one that is moved, at the vector that was last set.
    pub(super) fn tangent(&mut self, along: &[f64]) -> Vec<f64> {
        self.layout.push_forward(along, &mut self.along);
        self.along.flatten().iter().map(|x| x.to_f64()).collect()
    }

    /// The product of the Hessian by the natural numbers, taken along the moved ones on both sides. At a minimum it is the
    /// Hessian by the moved numbers.
    pub(super) fn natural_product(&mut self, z: &[f64], along: &[f64], out: &mut [f64]) -> Result<(), Error> {
        self.layout.set(self.model, z);
        self.evaluations.product += 1;
        self.layout.push_forward(along, &mut self.along);
        self.model.hvp_into(self.inputs, &mut self.workspace, &self.along, &mut self.product)?;
        self.layout.pull_back(&self.product, out);
        Ok(())
    }
}

impl<M: Objective> Smooth for Problem<'_, '_, M> {
    fn value_and_gradient(&mut self, z: &[f64], gradient: &mut [f64]) -> Result<f64, Error> {
        self.layout.set(self.model, z);
        self.evaluations.gradient += 1;
        let loss = self.model.loss_and_grad_into(self.inputs, &mut self.workspace, &mut self.grad)?;
        self.grad_at.clear();
        self.grad_at.extend_from_slice(z);
        self.layout.pull_back(&self.grad, gradient);
        Ok(loss.to_f64())
    }

    fn product(&mut self, z: &[f64], along: &[f64], out: &mut [f64]) -> Result<(), Error> {
        self.natural_product(z, along, out)?;
        if self.grad_at != z {
            self.model.grad_into(self.inputs, &mut self.workspace, &mut self.grad)?;
            self.grad_at.clear();
            self.grad_at.extend_from_slice(z);
        }
        self.layout.add_bend(&self.grad, along, out);
        Ok(())
    }
}

impl<M: Objective> Equations for Problem<'_, '_, M> {
    fn residual(&mut self, z: &[f64], out: &mut Vec<f64>) -> Result<(), Error> {
        self.layout.set(self.model, z);
        self.evaluations.residual += 1;
        let source = self.residuals.as_mut().expect("the method is used for models with residuals");
        source.residual(self.model, self.inputs, &mut self.workspace, out)
    }

    /// Column by column, each the derivative along a direction.
    fn jacobian(&mut self, z: &[f64], out: &mut Matrix) -> Result<(), Error> {
        self.layout.set(self.model, z);
        let source = self.residuals.as_mut().expect("the method is used for models with residuals");
        let mut unit = vec![0.0; z.len()];
        for column in 0..z.len() {
            self.evaluations.derivative += 1;
            unit[column] = 1.0;
            self.layout.push_forward(&unit, &mut self.along);
            unit[column] = 0.0;
            source.derivative(self.model, self.inputs, &mut self.workspace, &self.along, &mut self.column)?;
            if column == 0 {
                out.reset(self.column.len(), z.len());
            }
            out.column_mut(column).copy_from_slice(&self.column);
        }
        Ok(())
    }
}
