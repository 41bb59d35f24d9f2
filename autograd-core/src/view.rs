//! Array views: what can be given for an input that is an array.

use ndarray::{ArrayBase, ArrayView, ArrayView1, Data, Dimension, Ix1};

/// What can be given for an array of `A` with the axes `D`: an array by reference, a view, and where it has one axis a
/// vector or a slice by reference. The `new` of every model's `Inputs` takes it.
///
/// ```
/// use autograd_core::model;
/// use ndarray::array;
///
/// model! { pub Line<N> { param w, b; input x: [N], y: [N]; loss = mean((w*x + b - y)^2); } }
///
/// # fn main() -> Result<(), autograd_core::Error> {
/// let (x, y) = (array![1.0, 2.0, 3.0], vec![3.0, 5.0, 7.0]);
/// let inputs = line::Inputs::new(&x, &y);       // in the order in which the model declares them
/// assert_eq!(Line { w: 2.0, b: 1.0 }.loss(&inputs)?, 0.0);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given for an input of `{A}` with the axes `{D}`",
    label = "neither a view of such an array nor a reference to one",
    note = "an array `x` is given as `&x` or as `x.view()`",
    note = "class indices are `usize`: of other integers give `&label.mapv(|label| label as usize)`"
)]
pub trait IntoView<'a, A, D: Dimension> {
    /// The view.
    fn into_view(self) -> ArrayView<'a, A, D>;
}

impl<'a, A, S: Data<Elem = A>, D: Dimension> IntoView<'a, A, D> for &'a ArrayBase<S, D, A> {
    fn into_view(self) -> ArrayView<'a, A, D> {
        self.view()
    }
}

impl<'a, A, D: Dimension> IntoView<'a, A, D> for ArrayView<'a, A, D> {
    fn into_view(self) -> Self {
        self
    }
}

impl<'a, A> IntoView<'a, A, Ix1> for &'a [A] {
    fn into_view(self) -> ArrayView1<'a, A> {
        self.into()
    }
}

impl<'a, A> IntoView<'a, A, Ix1> for &'a Vec<A> {
    fn into_view(self) -> ArrayView1<'a, A> {
        self.into()
    }
}

impl<'a, A, const N: usize> IntoView<'a, A, Ix1> for &'a [A; N] {
    fn into_view(self) -> ArrayView1<'a, A> {
        self.into()
    }
}
