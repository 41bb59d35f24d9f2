//! Functions given by their residuals as objectives, differentiated by dual numbers: the test problems of the literature.

use std::borrow::Cow;
use std::ops::{Add, Div, Mul, Neg, Sub};

use autograd_core::__private::LeastSquares;
use autograd_core::{Error, Model, Objective, Parameters, Residuals};
use ndarray::Array1;

/// A number, and its derivative along a direction.
#[derive(Clone, Copy, Debug)]
pub struct Dual(pub f64, pub f64);

impl Dual {
    pub fn sqrt(self) -> Self {
        let y = self.0.sqrt();
        Self(y, self.1 / (2.0 * y))
    }
    pub fn sin(self) -> Self {
        Self(self.0.sin(), self.0.cos() * self.1)
    }
    pub fn cos(self) -> Self {
        Self(self.0.cos(), -self.0.sin() * self.1)
    }
    pub fn atan(self) -> Self {
        Self(self.0.atan(), self.1 / (1.0 + self.0 * self.0))
    }
    pub fn square(self) -> Self {
        self * self
    }
}

impl From<f64> for Dual {
    fn from(x: f64) -> Self {
        Self(x, 0.0)
    }
}

impl Neg for Dual {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0, -self.1)
    }
}

macro_rules! operator {
    ($trait:ident $method:ident: |$a:ident, $b:ident| $value:expr, $slope:expr) => {
        impl $trait for Dual {
            type Output = Dual;
            fn $method(self, other: Dual) -> Dual {
                let ($a, $b) = (self, other);
                Dual($value, $slope)
            }
        }
        impl $trait<f64> for Dual {
            type Output = Dual;
            fn $method(self, other: f64) -> Dual {
                $trait::$method(self, Dual::from(other))
            }
        }
        impl $trait<Dual> for f64 {
            type Output = Dual;
            fn $method(self, other: Dual) -> Dual {
                $trait::$method(Dual::from(self), other)
            }
        }
    };
}
operator!(Add add: |a, b| a.0 + b.0, a.1 + b.1);
operator!(Sub sub: |a, b| a.0 - b.0, a.1 - b.1);
operator!(Mul mul: |a, b| a.0 * b.0, a.1 * b.0 + a.0 * b.1);
operator!(Div div: |a, b| a.0 / b.0, (a.1 - a.0 / b.0 * b.1) / b.0);

/// Residuals of a vector.
pub type Formula = fn(&[Dual]) -> Vec<Dual>;

/// A vector of parameters; the inputs are a formula. The loss is the sum of its squares.
#[derive(Clone, Debug)]
pub struct Vector {
    pub x: Array1<f64>,
}

impl Vector {
    fn residual(&self, formula: Formula, along: &[f64]) -> Vec<Dual> {
        let x: Vec<Dual> = self.x.iter().zip(along).map(|(&x, &d)| Dual(x, d)).collect();
        formula(&x)
    }
}

impl Parameters for Vector {
    type Scalar = f64;
    const NAMES: &'static [&'static str] = &["x"];
    fn shape(&self, _: usize) -> &[usize] {
        self.x.shape()
    }
    fn values(&self, _: usize) -> Cow<'_, [f64]> {
        self.x.as_slice().expect("a vector").into()
    }
    fn values_mut(&mut self, _: usize) -> &mut [f64] {
        self.x.as_slice_mut().expect("a vector")
    }
}

impl Model for Vector {
    type Inputs<'a> = Formula;
    type Outputs = ();
    type Workspace = ();
    fn outputs_into(&self, _: &Formula, (): &mut (), (): &mut ()) -> Result<(), Error> {
        Ok(())
    }
}

impl Objective for Vector {
    type Grad = Self;
    fn zero_grad(&self) -> Self {
        Self { x: Array1::zeros(self.x.len()) }
    }
    fn loss_into(&self, formula: &Formula, (): &mut ()) -> Result<f64, Error> {
        Ok(self.residual(*formula, &vec![0.0; self.x.len()]).iter().map(|r| r.0 * r.0).sum())
    }
    fn grad_into(&self, formula: &Formula, (): &mut (), grad: &mut Self) -> Result<(), Error> {
        self.loss_and_grad_into(formula, &mut (), grad).map(|_| ())
    }
    fn loss_and_grad_into(&self, formula: &Formula, (): &mut (), grad: &mut Self) -> Result<f64, Error> {
        let mut unit = vec![0.0; self.x.len()];
        for k in 0..unit.len() {
            unit[k] = 1.0;
            grad.x[k] = self.residual(*formula, &unit).iter().map(|r| 2.0 * r.0 * r.1).sum();
            unit[k] = 0.0;
        }
        self.loss_into(formula, &mut ())
    }
    fn least_squares() -> Option<LeastSquares<Self>> {
        Some(LeastSquares::of())
    }
}

impl Residuals for Vector {
    type Residual = Array1<f64>;
    fn residual_into(&self, formula: &Formula, (): &mut (), out: &mut Array1<f64>) -> Result<(), Error> {
        *out = self.residual(*formula, &vec![0.0; self.x.len()]).iter().map(|r| r.0).collect();
        Ok(())
    }
    fn residual_jvp_into(
        &self,
        formula: &Formula,
        (): &mut (),
        along: &Self,
        out: &mut Array1<f64>,
    ) -> Result<(), Error> {
        *out = self.residual(*formula, along.x.as_slice().expect("a vector")).iter().map(|r| r.1).collect();
        Ok(())
    }
}
