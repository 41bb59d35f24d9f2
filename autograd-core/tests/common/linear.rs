//! `loss = mean((0.5 * (w*x + b - y))^2)`

use autograd_core::{Error, Float, Model, Objective, Origin};
use ndarray::ArrayView1;

#[derive(Clone, Debug, PartialEq)]
pub struct LinearRegression<T> {
    pub w: T,
    pub b: T,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Grad<T> {
    pub w: T,
    pub b: T,
}

super::parameters!(LinearRegression: 0 w, 1 b);
super::parameters!(Grad: 0 w, 1 b);

#[derive(Clone, Copy)]
pub struct Inputs<'a, T> {
    pub x: ArrayView1<'a, T>,
    pub y: ArrayView1<'a, T>,
}

impl<T: Float> LinearRegression<T> {
    /// The number of points, the sums of squared residuals, residuals times x, and residuals.
    fn sweep(&self, inputs: &Inputs<'_, T>) -> Result<[T; 4], Error> {
        let (n, m) = (inputs.x.len(), inputs.y.len());
        if n != m {
            let (first, second) = ((Origin::Input("x"), n), (Origin::Input("y"), m));
            return Err(Error::Dimension { dimension: "N", first, second });
        }
        let mut sums = [T::from_usize(n), T::ZERO, T::ZERO, T::ZERO];
        for (&x, &y) in inputs.x.iter().zip(&inputs.y) {
            let e = self.w * x + self.b - y;
            sums[1] = sums[1] + e * e;
            sums[2] = sums[2] + e * x;
            sums[3] = sums[3] + e;
        }
        Ok(sums)
    }
}

impl<T: Float> Model for LinearRegression<T> {
    type Inputs<'a> = Inputs<'a, T>;
    type Outputs = T;
    type Workspace = ();

    fn outputs_into(&self, inputs: &Inputs<'_, T>, (): &mut (), outputs: &mut T) -> Result<(), Error> {
        *outputs = self.loss_into(inputs, &mut ())?;
        Ok(())
    }
}

impl<T: Float> Objective for LinearRegression<T> {
    type Grad = Grad<T>;

    fn zero_grad(&self) -> Grad<T> {
        Grad { w: T::ZERO, b: T::ZERO }
    }

    fn loss_into(&self, inputs: &Inputs<'_, T>, (): &mut ()) -> Result<T, Error> {
        let [n, square, ..] = self.sweep(inputs)?;
        Ok(T::from_f64(0.25) * square / n)
    }

    fn grad_into(&self, inputs: &Inputs<'_, T>, (): &mut (), grad: &mut Grad<T>) -> Result<(), Error> {
        self.loss_and_grad_into(inputs, &mut (), grad).map(|_| ())
    }

    fn loss_and_grad_into(&self, inputs: &Inputs<'_, T>, (): &mut (), grad: &mut Grad<T>) -> Result<T, Error> {
        let [n, square, by_x, residual] = self.sweep(inputs)?;
        let half = T::from_f64(0.5);
        grad.w = half * by_x / n;
        grad.b = half * residual / n;
        Ok(half * half * square / n)
    }
}
