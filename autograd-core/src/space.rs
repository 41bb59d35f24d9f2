//! Vector-space arithmetic of parameters and gradients: sums, multiples, inner products.
//!
//! `model -= rate * &grad` works for every model of `model!`, whatever the shapes of its parameters. The product is a
//! [`Scaled`] gradient, which nothing has computed yet; the subtraction reads the gradient once, in place. What has no
//! operator is a method of [`Parameters`].

use crate::error::Error;
use crate::float::Float;
use crate::model::{Parameters, check_shapes};

/// A multiple of a gradient that has not been computed: what `rate * &grad` is, and what `model -= …` takes.
///
/// ```
/// use autograd_core::model;
/// use ndarray::array;
///
/// model! { pub Fit<N, D> { param w: [D], b; input x: [N, D], y: [N]; loss = mean((x @ w + b - y)^2); } }
///
/// # fn main() -> Result<(), autograd_core::Error> {
/// let (x, y) = (array![[1.0, 2.0], [3.0, 4.0]], array![1.0, 2.0]);
/// let mut model = Fit { w: array![0.0, 0.0], b: 0.0 };
/// let grad = model.grad(&fit::Inputs::new(&x, &y))?;
/// model -= 0.5 * &grad;
/// assert_eq!((model.w, model.b), (array![3.5, 5.0], 1.5));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use = "a multiple of a gradient computes nothing until it is added or subtracted"]
pub struct Scaled<T, G> {
    factor: T,
    tensors: G,
}

impl<T, G> Scaled<T, G> {
    /// `factor * tensors`
    pub fn new(factor: T, tensors: G) -> Self {
        Self { factor, tensors }
    }
}

/// What can be added to a model or to a gradient, and subtracted: a gradient `G`, or a multiple of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can neither be added nor subtracted here",
    label = "neither a gradient nor a multiple of one",
    note = "write `model -= rate * &grad`, where `rate` is a number of the model's own type"
)]
pub trait Direction<G: Parameters> {
    /// The factor, and what it multiplies.
    fn parts(&self) -> (G::Scalar, &G);
}

impl<G: Parameters> Direction<G> for G {
    fn parts(&self) -> (G::Scalar, &G) {
        (G::Scalar::ONE, self)
    }
}

impl<G: Parameters> Direction<G> for &G {
    fn parts(&self) -> (G::Scalar, &G) {
        (G::Scalar::ONE, self)
    }
}

impl<G: Parameters> Direction<G> for Scaled<G::Scalar, G> {
    fn parts(&self) -> (G::Scalar, &G) {
        (self.factor, &self.tensors)
    }
}

impl<G: Parameters> Direction<G> for Scaled<G::Scalar, &G> {
    fn parts(&self) -> (G::Scalar, &G) {
        (self.factor, self.tensors)
    }
}

/// `to += direction`
#[track_caller]
pub fn add<P: Parameters, G: Parameters<Scalar = P::Scalar>>(to: &mut P, direction: &impl Direction<G>) {
    let (factor, tensors) = direction.parts();
    to.add_scaled(factor, tensors);
}

/// `from -= direction`
#[track_caller]
pub fn subtract<P: Parameters, G: Parameters<Scalar = P::Scalar>>(from: &mut P, direction: &impl Direction<G>) {
    let (factor, tensors) = direction.parts();
    from.add_scaled(-factor, tensors);
}

/// `a += factor * b`
pub(crate) fn add_scaled<T: Float>(a: &mut [T], factor: T, b: &[T]) {
    for (a, b) in a.iter_mut().zip(b) {
        *a = *a + factor * *b;
    }
}

/// `a *= factor`
pub(crate) fn scale<T: Float>(a: &mut [T], factor: T) {
    for a in a {
        *a = *a * factor;
    }
}

/// The inner product, in eight accumulators.
pub(crate) fn dot<T: Float>(a: &[T], b: &[T]) -> f64 {
    let mut sums = [0.0; 8];
    for (a, b) in a.chunks(8).zip(b.chunks(8)) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a.to_f64() * b.to_f64();
        }
    }
    sums.iter().sum()
}

/// Checks that two sets of tensors are of one kind: the same names, the same shapes.
///
/// # Panics
/// If they are not.
#[track_caller]
pub(crate) fn assert_alike<P: Parameters, Q: Parameters>(a: &P, b: &Q) {
    assert!(P::NAMES == Q::NAMES, "parameters {:?} do not go with {:?}", P::NAMES, Q::NAMES);
    let alike: Result<(), Error> = check_shapes("other operand", a, b);
    if let Err(error) = alike {
        panic!("{error}");
    }
}
