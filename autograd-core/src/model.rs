//! The traits that every `model!` implements: what owns tensors, what has outputs, what has a loss.
//!
//! Sessions, optimisers and the gradient check are written against these alone, so they work for every model and for
//! one written by hand. The `_into` forms write to the caller's buffers and, once those have grown to size, allocate
//! nothing; the others allocate what they return.

use std::borrow::Cow;

use crate::clip::global_norm;
use crate::error::Error;
use crate::float::Float;
use crate::space;

/// Tensors with names: the parameters of a model, or a gradient with respect to them.
///
/// Together they are a vector: they can be scaled, added, and measured. For models of `model!` and their gradients there
/// are operators too, which need no trait: `model -= rate * &grad`, `grad += &other`, `grad *= factor`.
///
/// ```
/// use autograd_core::{Parameters, model};
/// use ndarray::array;
///
/// model! {
///     pub Plane<N, D> {
///         param w: [D], b;
///         input x: [N, D], y: [N];
///         loss = sum((x @ w + b - y)^2);
///     }
/// }
///
/// # fn main() -> Result<(), autograd_core::Error> {
/// let (x, y) = (array![[1.0, 2.0], [3.0, 4.0]], array![1.0, 2.0]);
/// let inputs = plane::Inputs::new(&x, &y);
/// let mut model: Plane = Plane { w: array![0.0, 0.0], b: 0.0 };
/// let mut grad = model.grad(&inputs)?;
///
/// for (name, shape, values) in grad.tensors() {
///     println!("∂loss/∂{name} {shape:?}: {values:?}");
/// }
/// grad.scale(1.0 / grad.norm());                     // a direction of length 1
/// let rate = 0.25;
/// model -= rate * &grad;                             // the same as model.add_scaled(-rate, &grad)
/// assert!((model.norm() - rate).abs() < 1e-15);
///
/// let mut average = model.clone();                   // a model that lags behind
/// average.scale(0.99);
/// average.add_scaled(0.01, &model);
/// grad.fill(0.0);
/// assert_eq!(grad.dot(&grad), 0.0);
/// # Ok(())
/// # }
/// ```
///
/// A tensor is reached by its index in [`NAMES`](Self::NAMES); what is written against this trait serves every model.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no tensors with names",
    label = "neither a model nor a gradient",
    note = "models that `model!` makes and their gradients implement `Parameters`"
)]
pub trait Parameters: Clone {
    /// The type of the numbers.
    type Scalar: Float;
    /// The names, in order of declaration.
    const NAMES: &'static [&'static str];

    /// The shape of a tensor; `[]` for a scalar.
    ///
    /// # Panics
    /// If `index` is not below `NAMES.len()`; so do the other methods.
    fn shape(&self, index: usize) -> &[usize];
    /// The values of a tensor in row-major order: borrowed if that is how they lie in memory, else a copy.
    fn values(&self, index: usize) -> Cow<'_, [Self::Scalar]>;
    /// The values of a tensor in row-major order, after laying them out so if they are not.
    fn values_mut(&mut self, index: usize) -> &mut [Self::Scalar];

    /// The name, the shape and the values of each tensor, in order.
    fn tensors(&self) -> impl Iterator<Item = (&'static str, &[usize], Cow<'_, [Self::Scalar]>)> {
        Self::NAMES.iter().enumerate().map(|(index, &name)| (name, self.shape(index), self.values(index)))
    }

    /// Calls a function with the name and the values of each tensor, in order.
    fn for_each_mut(&mut self, mut change: impl FnMut(&'static str, &mut [Self::Scalar])) {
        for (index, name) in Self::NAMES.iter().enumerate() {
            change(name, self.values_mut(index));
        }
    }

    /// How many numbers all tensors have together.
    #[must_use]
    fn size(&self) -> usize {
        (0..Self::NAMES.len()).map(|index| self.shape(index).iter().product::<usize>()).sum()
    }

    /// Makes all numbers equal to one.
    fn fill(&mut self, number: Self::Scalar) {
        self.for_each_mut(|_, values| values.fill(number));
    }

    /// Multiplies all numbers: `self *= factor`.
    fn scale(&mut self, factor: Self::Scalar) {
        self.for_each_mut(|_, values| space::scale(values, factor));
    }

    /// Adds a multiple: `self += factor * other`.
    ///
    /// # Panics
    /// If the names or shapes of `other` are not those of `self`.
    #[track_caller]
    fn add_scaled<P: Parameters<Scalar = Self::Scalar>>(&mut self, factor: Self::Scalar, other: &P) {
        space::assert_alike(self, other);
        for index in 0..Self::NAMES.len() {
            space::add_scaled(self.values_mut(index), factor, &other.values(index));
        }
    }

    /// The inner product: the sum of the products of all numbers, computed in `f64`.
    ///
    /// # Panics
    /// If the names or shapes of `other` are not those of `self`.
    #[must_use]
    #[track_caller]
    fn dot<P: Parameters<Scalar = Self::Scalar>>(&self, other: &P) -> Self::Scalar {
        space::assert_alike(self, other);
        let dots = (0..Self::NAMES.len()).map(|index| space::dot(&self.values(index), &other.values(index)));
        Self::Scalar::from_f64(dots.sum())
    }

    /// The Euclidean norm of all numbers together, computed in `f64`, free of overflow and underflow.
    #[must_use]
    fn norm(&self) -> Self::Scalar {
        Self::Scalar::from_f64(global_norm(self))
    }
}

/// The buffers that a model computes in. They grow to what a call needs and stay for the next.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a workspace",
    note = "each model has its own, in its module: `net::Workspace` of a model `Net`; `Default::default()` makes one"
)]
pub trait Workspace: Default {
    /// The memory that the buffers hold, in bytes: what the largest calls so far have needed, beside the caller's arrays.
    fn bytes(&self) -> usize;
}

impl Workspace for () {
    fn bytes(&self) -> usize {
        0
    }
}

/// A model: parameters, and outputs that follow from them and from inputs.
///
/// `model!` writes it. Its methods are the inherent ones of every model under the names of a trait, for functions that
/// take any model:
///
/// ```
/// use autograd_core::{Error, Model, model};
/// use ndarray::array;
///
/// model! {
///     pub Ring<N> {
///         param radius = 1;
///         input x: [N], y: [N];
///         distance = hypot(x, y);
///         inside = mean(distance < radius);
///     }
/// }
///
/// /// The outputs for one set of inputs after the other, in the same buffers.
/// fn each<'i, M: Model>(model: &M, sets: &[M::Inputs<'i>], mut see: impl FnMut(&M::Outputs)) -> Result<(), Error> {
///     let (mut workspace, mut outputs) = (M::Workspace::default(), M::Outputs::default());
///     for inputs in sets {
///         model.outputs_into(inputs, &mut workspace, &mut outputs)?;
///         see(&outputs);
///     }
///     Ok(())
/// }
///
/// # fn main() -> Result<(), Error> {
/// let (x, y) = (array![0.0, 3.0], array![0.5, 4.0]);
/// let ring = Ring::default();
/// let outputs: ring::Outputs = ring.outputs(&ring::Inputs::new(&x, &y))?;
/// assert_eq!((outputs.distance, outputs.inside), (array![0.5, 5.0], 0.5));
/// let mut shares = Vec::new();
/// each(&ring, &[ring::Inputs::new(&x, &y), ring::Inputs::new(&y, &y)], |outputs| shares.push(outputs.inside))?;
/// assert_eq!(shares, [0.5, 0.5]);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "not a model",
    note = "`model!` makes models; a gradient, an output or the module of a model is none"
)]
pub trait Model: Parameters {
    /// The inputs of a call, by name: views and numbers. Those of `model!` are `Copy` unless an array has more than six
    /// axes.
    type Inputs<'a>: Clone;
    /// The outputs, by name, owned. The default value is a buffer without size.
    type Outputs: Default;
    /// Every buffer that a call needs.
    type Workspace: Workspace;

    /// Computes the outputs into `outputs`, whose arrays are replaced where they have not the right shape.
    ///
    /// # Errors
    /// If the inputs and parameters do not fit together. The contents of `outputs` are then unspecified.
    fn outputs_into(
        &self,
        inputs: &Self::Inputs<'_>,
        workspace: &mut Self::Workspace,
        outputs: &mut Self::Outputs,
    ) -> Result<(), Error>;

    /// Computes the outputs.
    ///
    /// # Errors
    /// If the inputs and parameters do not fit together.
    fn outputs(&self, inputs: &Self::Inputs<'_>) -> Result<Self::Outputs, Error> {
        let mut outputs = Self::Outputs::default();
        self.outputs_into(inputs, &mut Self::Workspace::default(), &mut outputs)?;
        Ok(outputs)
    }
}

/// A model with a scalar output `loss` that is to be made small.
///
/// `model!` writes it for every model with a scalar `loss` and a parameter. Sessions, optimisers and the gradient check
/// take any; so can functions of your own:
///
/// ```
/// use autograd_core::{Error, Objective, Parameters, model};
/// use ndarray::array;
///
/// model! { pub Line<N> { param w, b; input x: [N], y: [N]; loss = mean((w*x + b - y)^2); } }
///
/// /// A step down the gradient, halved until the loss falls (Armijo's rule).
/// fn descend<M: Objective<Scalar = f64>>(model: &mut M, inputs: &M::Inputs<'_>) -> Result<f64, Error> {
///     let (loss, grad) = model.loss_and_grad(inputs)?;
///     let mut rate = 1.0;
///     loop {
///         let mut next = model.clone();
///         next.add_scaled(-rate, &grad);
///         if next.loss(inputs)? <= loss - 0.5 * rate * grad.dot(&grad) || rate < 1e-9 {
///             *model = next;
///             return Ok(loss);
///         }
///         rate /= 2.0;
///     }
/// }
///
/// # fn main() -> Result<(), Error> {
/// let (x, y) = (array![0.0, 1.0, 2.0], array![1.0, 3.0, 5.0]);
/// let inputs = line::Inputs::new(&x, &y);
/// let mut line = Line { w: 0.0, b: 0.0 };
/// for _ in 0..200 {
///     descend(&mut line, &inputs)?;
/// }
/// assert!((line.w - 2.0).abs() < 1e-6 && (line.b - 1.0).abs() < 1e-6);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `loss` that could be made small",
    label = "not an objective",
    note = "a model is one if an output is called `loss` and is one number, `loss = mean(…);`, and it has a `param`"
)]
pub trait Objective: Model {
    /// A gradient: tensors with the names and shapes of the parameters, in the same order.
    type Grad: Parameters<Scalar = Self::Scalar>;

    /// A gradient of zeros, in the shapes of this model.
    fn zero_grad(&self) -> Self::Grad;

    /// The loss.
    ///
    /// # Errors
    /// If the inputs and parameters do not fit together.
    fn loss_into(&self, inputs: &Self::Inputs<'_>, workspace: &mut Self::Workspace) -> Result<Self::Scalar, Error>;

    /// Overwrites `grad` with the gradient of the loss; without the loss, where that saves work.
    ///
    /// # Errors
    /// If the inputs and parameters do not fit together, or `grad` was made for other shapes
    /// ([`Error::ParameterShape`]). The contents of `grad` are then unspecified.
    fn grad_into(
        &self,
        inputs: &Self::Inputs<'_>,
        workspace: &mut Self::Workspace,
        grad: &mut Self::Grad,
    ) -> Result<(), Error>;

    /// Overwrites `grad` with the gradient of the loss, and returns the loss.
    ///
    /// # Errors
    /// Those of [`grad_into`](Self::grad_into).
    fn loss_and_grad_into(
        &self,
        inputs: &Self::Inputs<'_>,
        workspace: &mut Self::Workspace,
        grad: &mut Self::Grad,
    ) -> Result<Self::Scalar, Error>;

    /// The loss.
    ///
    /// # Errors
    /// If the inputs and parameters do not fit together.
    fn loss(&self, inputs: &Self::Inputs<'_>) -> Result<Self::Scalar, Error> {
        self.loss_into(inputs, &mut Self::Workspace::default())
    }

    /// The gradient of the loss with respect to every parameter.
    ///
    /// # Errors
    /// If the inputs and parameters do not fit together.
    fn grad(&self, inputs: &Self::Inputs<'_>) -> Result<Self::Grad, Error> {
        let mut grad = self.zero_grad();
        self.grad_into(inputs, &mut Self::Workspace::default(), &mut grad)?;
        Ok(grad)
    }

    /// The loss and its gradient, in one sweep.
    ///
    /// # Errors
    /// If the inputs and parameters do not fit together.
    fn loss_and_grad(&self, inputs: &Self::Inputs<'_>) -> Result<(Self::Scalar, Self::Grad), Error> {
        let mut grad = self.zero_grad();
        let loss = self.loss_and_grad_into(inputs, &mut Self::Workspace::default(), &mut grad)?;
        Ok((loss, grad))
    }
}

/// Checks that the tensors of `found`, called `what`, have the shapes of those of `expected`.
pub(crate) fn check_shapes<P: Parameters>(
    what: &'static str,
    expected: &P,
    found: &impl Parameters,
) -> Result<(), Error> {
    for (index, name) in P::NAMES.iter().enumerate() {
        Error::check_shape(name, what, expected.shape(index), found.shape(index))?;
    }
    Ok(())
}
