//! Models whose loss is a sum of squares: their residuals, and the derivative of those along a direction of the parameters.

use core::fmt;
use core::marker::PhantomData;

use crate::__private::Tensor;
use crate::error::Error;
use crate::float::Float;
use crate::model::Objective;

/// A model with an output `residual`, for methods of least squares: [`fit`](crate::fit()) asks for one.
///
/// `model!` writes it for every model with an output of that name; a model with `residual` and no `loss` is fitted by
/// the sum of its squares.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no residuals",
    label = "no output is called `residual`",
    note = "a model has them if an output is called `residual`: `residual = prediction - y;`"
)]
pub trait Residuals: Objective {
    /// The residuals: an array of any rank, or a number. The default value is a buffer without size.
    type Residual: Default + Tensor<Self::Scalar>;

    /// Computes the residuals into `out`, which is replaced where it has not the right shape.
    ///
    /// # Errors
    /// If the inputs and parameters do not fit together.
    fn residual_into(
        &self,
        inputs: &Self::Inputs<'_>,
        workspace: &mut Self::Workspace,
        out: &mut Self::Residual,
    ) -> Result<(), Error>;

    /// Computes the derivative of the residuals along a direction of all parameters: their Jacobian times `along`.
    ///
    /// # Errors
    /// If the inputs and parameters do not fit together, or `along` was made for other shapes.
    fn residual_jvp_into(
        &self,
        inputs: &Self::Inputs<'_>,
        workspace: &mut Self::Workspace,
        along: &Self::Grad,
        out: &mut Self::Residual,
    ) -> Result<(), Error>;
}

/// Makes a source. The argument says that the model outlives it.
type Start<M> = for<'m> fn(PhantomData<&'m M>) -> Box<dyn ResidualSource<M> + 'm>;

/// What a model with residuals can do, for code that knows it only as an objective.
#[doc(hidden)]
pub struct LeastSquares<M: Objective> {
    source: Start<M>,
}

impl<M: Objective> LeastSquares<M> {
    /// That of a model with residuals.
    #[must_use]
    pub fn of() -> Self
    where
        M: Residuals,
    {
        Self { source: |_| Box::new(Source::<M> { residual: M::Residual::default() }) }
    }

    /// A source of residuals with a buffer of its own.
    pub(crate) fn source<'m>(self) -> Box<dyn ResidualSource<M> + 'm>
    where
        M: 'm,
    {
        (self.source)(PhantomData)
    }
}

impl<M: Objective> fmt::Debug for LeastSquares<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LeastSquares")
    }
}

/// Residuals and their derivatives as vectors of `f64`, whatever the model's numbers and the rank of its residuals.
pub(crate) trait ResidualSource<M: Objective> {
    /// Overwrites `out` with the residuals.
    fn residual(
        &mut self,
        model: &M,
        inputs: &M::Inputs<'_>,
        workspace: &mut M::Workspace,
        out: &mut Vec<f64>,
    ) -> Result<(), Error>;

    /// Overwrites `out` with their derivative along a direction.
    fn derivative(
        &mut self,
        model: &M,
        inputs: &M::Inputs<'_>,
        workspace: &mut M::Workspace,
        along: &M::Grad,
        out: &mut Vec<f64>,
    ) -> Result<(), Error>;
}

struct Source<M: Residuals> {
    residual: M::Residual,
}

impl<M: Residuals> Source<M> {
    fn copy_to(&self, out: &mut Vec<f64>) {
        out.clear();
        out.extend(self.residual.values().iter().map(|x| x.to_f64()));
    }
}

impl<M: Residuals> ResidualSource<M> for Source<M> {
    fn residual(
        &mut self,
        model: &M,
        inputs: &M::Inputs<'_>,
        workspace: &mut M::Workspace,
        out: &mut Vec<f64>,
    ) -> Result<(), Error> {
        model.residual_into(inputs, workspace, &mut self.residual)?;
        self.copy_to(out);
        Ok(())
    }

    fn derivative(
        &mut self,
        model: &M,
        inputs: &M::Inputs<'_>,
        workspace: &mut M::Workspace,
        along: &M::Grad,
        out: &mut Vec<f64>,
    ) -> Result<(), Error> {
        model.residual_jvp_into(inputs, workspace, along, &mut self.residual)?;
        self.copy_to(out);
        Ok(())
    }
}
