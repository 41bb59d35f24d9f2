//! The problem of `tests/reference/optimizers.py`: a vector of three and a scalar, no inputs.

use autograd_core::{Error, Float, Model, Objective};
use ndarray::{Array1, arr1};

#[derive(Clone, Debug, PartialEq)]
pub struct Valley<T> {
    pub a: Array1<T>,
    pub b: T,
}

super::parameters!(Valley: 0 a, 1 b);

impl<T: Float> Valley<T> {
    pub fn start() -> Self {
        Self { a: arr1(&[1.5, -2.0, 0.5].map(T::from_f64)), b: T::from_f64(0.8) }
    }
}

impl<T: Float> Model for Valley<T> {
    type Inputs<'a> = ();
    type Outputs = ();
    type Workspace = ();

    fn outputs_into(&self, (): &(), (): &mut (), (): &mut ()) -> Result<(), Error> {
        Ok(())
    }
}

impl<T: Float> Objective for Valley<T> {
    type Grad = Self;

    fn zero_grad(&self) -> Self {
        Self { a: Array1::from_elem(self.a.len(), T::ZERO), b: T::ZERO }
    }

    fn loss_into(&self, (): &(), (): &mut ()) -> Result<T, Error> {
        let t = T::from_f64;
        let (a0, a1, a2, b) = (self.a[0], self.a[1], self.a[2], self.b);
        let (d0, d1, e) = (a0 - t(1.0), a1 + t(0.5), a0 * b - t(2.0));
        let square = a1 * a1;
        Ok(t(1.5) * d0 * d0 + t(0.25) * d1 * d1 + t(5.0) * a2 * a2 + t(0.1) * square * square + t(0.5) * e * e)
    }

    fn grad_into(&self, (): &(), (): &mut (), grad: &mut Self) -> Result<(), Error> {
        let t = T::from_f64;
        let (a0, a1, a2, b) = (self.a[0], self.a[1], self.a[2], self.b);
        let e = a0 * b - t(2.0);
        grad.a[0] = t(3.0) * (a0 - t(1.0)) + e * b;
        grad.a[1] = t(0.5) * (a1 + t(0.5)) + t(0.4) * a1 * a1 * a1;
        grad.a[2] = t(10.0) * a2;
        grad.b = e * a0;
        Ok(())
    }

    fn loss_and_grad_into(&self, (): &(), (): &mut (), grad: &mut Self) -> Result<T, Error> {
        self.grad_into(&(), &mut (), grad)?;
        self.loss_into(&(), &mut ())
    }
}
