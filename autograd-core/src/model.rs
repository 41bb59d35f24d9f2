//! The traits that every `model!` implements: what owns tensors, what has outputs, what has a loss.
//!
//! Sessions, optimisers and the gradient check are written against these alone, so they work for every model and for
//! one written by hand. The `_into` forms write to the caller's buffers and, once those have grown to size, allocate
//! nothing; the others allocate what they return.

use std::borrow::Cow;

use crate::binding::no_tensor;
use crate::clip::global_norm;
use crate::error::Error;
use crate::flat;
use crate::float::Float;
use crate::hessian;
use crate::residuals::LeastSquares;
use crate::space;
use crate::support::Support;

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

    /// The names of what is kept beside the parameters: the states of a model. A gradient has none.
    const STATES: &'static [&'static str] = &[];

    /// The shape of a state; `[]` for a scalar.
    ///
    /// # Panics
    /// If `index` is not below `STATES.len()`; so do the other methods.
    fn state_shape(&self, index: usize) -> &[usize] {
        no_tensor(index, 0)
    }
    /// The values of a state in row-major order: borrowed if that is how they lie in memory, else a copy.
    fn state(&self, index: usize) -> Cow<'_, [Self::Scalar]> {
        no_tensor(index, 0)
    }
    /// The values of a state in row-major order, after laying them out so if they are not.
    fn state_mut(&mut self, index: usize) -> &mut [Self::Scalar] {
        no_tensor(index, 0)
    }

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

    /// Where the numbers of a tensor may lie, as the model declares it: `param sigma in 0.. = 1;`. Gradients lie anywhere.
    fn support(&self, index: usize) -> Support {
        let _ = index;
        Support::Real
    }

    /// Writes all numbers to a vector of [`size`](Self::size) numbers: tensor by tensor, row-major.
    ///
    /// ```
    /// use autograd_core::{Parameters, model};
    /// use ndarray::array;
    ///
    /// model! { pub Plane<N, D> { param w: [D], b; input x: [N, D], y: [N]; loss = mean((x @ w + b - y)^2); } }
    ///
    /// # fn main() -> Result<(), autograd_core::Error> {
    /// let mut plane = Plane { w: array![1.0, 2.0], b: 3.0 };
    /// assert_eq!(plane.flatten(), [1.0, 2.0, 3.0]);
    /// assert_eq!(plane.entry_names().collect::<Vec<_>>(), ["w[0]", "w[1]", "b"]);
    /// let mut flat = [0.0; 3];
    /// plane.flatten_into(&mut flat);                     // into a vector of one's own
    /// flat[2] = 4.0;
    /// plane.unflatten(&flat)?;
    /// assert_eq!((plane.w, plane.b), (array![1.0, 2.0], 4.0));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// If the vector has another length.
    #[track_caller]
    fn flatten_into(&self, flat: &mut [Self::Scalar]) {
        flat::flatten_into(self, flat);
    }

    /// All numbers as one vector.
    #[must_use]
    fn flatten(&self) -> Vec<Self::Scalar> {
        let mut flat = vec![Self::Scalar::ZERO; self.size()];
        self.flatten_into(&mut flat);
        flat
    }

    /// Takes all numbers from a vector, as [`flatten_into`](Self::flatten_into) writes it.
    ///
    /// # Errors
    /// [`Error::FlatLength`] if it has another length. Nothing has changed then.
    fn unflatten(&mut self, flat: &[Self::Scalar]) -> Result<(), Error> {
        flat::unflatten(self, flat)
    }

    /// The name of each number of the flat view: `w1[3, 2]`, and `b` if that is a number.
    fn entry_names(&self) -> impl Iterator<Item = String> {
        flat::entry_names(self)
    }

    /// How many numbers the free form has: those of [`size`](Self::size), less one for each row of a simplex.
    #[must_use]
    fn free_size(&self) -> usize {
        (0..Self::NAMES.len()).map(|index| flat::free_size_of(self, index)).sum()
    }

    /// Writes the free form of all parameters to a vector of [`free_size`](Self::free_size) numbers. These may be any
    /// numbers, while the parameters themselves lie in their [supports](Self::support): what a sampler or an optimiser moves
    /// that knows no bounds. A parameter at a bound has an infinite free form.
    ///
    /// # Panics
    /// If the vector has another length.
    #[track_caller]
    fn free_into(&self, free: &mut [f64]) {
        flat::free_into(self, free);
    }

    /// Takes all parameters from their free form.
    ///
    /// # Errors
    /// [`Error::FlatLength`] if it has another length. Nothing has changed then.
    fn set_free(&mut self, free: &[f64]) -> Result<(), Error> {
        flat::set_free(self, free)
    }

    /// Writes to `out` the gradient by the free form, of what has the gradient `grad` by the parameters themselves. The
    /// vector `free` is that which was given to [`set_free`](Self::set_free).
    ///
    /// # Panics
    /// If a vector has not [`free_size`](Self::free_size) numbers, or `grad` has other names or shapes.
    #[track_caller]
    fn free_gradient_into<G: Parameters>(&self, free: &[f64], grad: &G, out: &mut [f64]) {
        flat::free_gradient_into(self, free, grad, out);
    }

    /// The logarithm of the absolute determinant of the Jacobian of the natural form by the free form: what samplers add to
    /// a log-density of the parameters to make it one of the free form.
    ///
    /// # Panics
    /// If the vector has not [`free_size`](Self::free_size) numbers.
    #[must_use]
    #[track_caller]
    fn log_jacobian(&self, free: &[f64]) -> f64 {
        flat::log_jacobian(self, free)
    }

    /// Adds the gradient of [`log_jacobian`](Self::log_jacobian) to `out`.
    ///
    /// # Panics
    /// If a vector has not [`free_size`](Self::free_size) numbers.
    #[track_caller]
    fn add_log_jacobian_gradient(&self, free: &[f64], out: &mut [f64]) {
        flat::add_log_jacobian_gradient(self, free, out);
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

/// What [`Model::visit_outputs`] calls: a function of the name, the shape and the values of an output.
pub type Visit<'a, T> = &'a mut dyn FnMut(&'static str, &[usize], &[T]);

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

    /// Calls a function with the name, the shape and the values of each output that holds numbers, in the order of their
    /// declarations. Truth values and class indices are left out.
    ///
    /// A model by hand that leaves this as it is has no outputs to whoever asks by name, such as the metrics of a trainer.
    fn visit_outputs(outputs: &Self::Outputs, visit: Visit<'_, Self::Scalar>) {
        let _ = (outputs, visit);
    }

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

    /// Whether [`hvp_into`](Self::hvp_into) is exact: in models with the item `derive hvp;`.
    const EXACT_HVP: bool = false;

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

    /// Overwrites `product` with the product of the Hessian of the loss and a direction.
    ///
    /// Exact in models that ask for it with the item `derive hvp;`. Otherwise it is a central difference of two gradients,
    /// which allocates two models and a gradient. Its error is that of such differences, about `ε^(2/3)` of the product
    /// where the loss is as smooth as its parameters are large: 10 digits in `f64`, 5 in `f32`; if the gradient
    /// is not finite near by, steps grow smaller and digits fewer.
    ///
    /// # Errors
    /// Those of [`grad_into`](Self::grad_into); the same if `along` was made for other shapes.
    fn hvp_into(
        &self,
        inputs: &Self::Inputs<'_>,
        workspace: &mut Self::Workspace,
        along: &Self::Grad,
        product: &mut Self::Grad,
    ) -> Result<(), Error> {
        hessian::difference(self, inputs, workspace, along, product)
    }

    /// The product of the Hessian of the loss and a direction.
    ///
    /// ```
    /// use autograd_core::{Objective, model};
    /// model! { pub Bowl { param a, b; loss = a^2 * b; } }
    /// # fn main() -> Result<(), autograd_core::Error> {
    /// let product = Bowl { a: 3.0, b: 1.0 }.hvp(&bowl::Inputs {}, &bowl::Grad { a: 1.0, b: 0.0 })?;
    /// assert!((product.a - 2.0_f64).abs() < 1e-9 && (product.b - 6.0).abs() < 1e-9);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`hvp_into`](Self::hvp_into).
    fn hvp(&self, inputs: &Self::Inputs<'_>, along: &Self::Grad) -> Result<Self::Grad, Error> {
        let mut product = self.zero_grad();
        self.hvp_into(inputs, &mut Self::Workspace::default(), along, &mut product)?;
        Ok(product)
    }

    /// How to compute the residuals whose sum of squares the loss is, or a fixed multiple of; `None` if it is none.
    #[doc(hidden)]
    #[must_use]
    fn least_squares() -> Option<LeastSquares<Self>> {
        None
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
