//! A curve through points, with the standard errors of what it is made of.

use autograd_core::{fit, model};
use ndarray::array;

model! { pub Decay<N> { param a = 1, k in 0.. = 1; input t: [N], y: [N]; residual = a*exp(-k*t) - y; } }

pub fn main() -> Result<fit::Report, fit::FitError> {
    let (t, y) = (array![0.0, 1.0, 2.0, 3.0, 4.0], array![4.02, 2.44, 1.46, 0.91, 0.54]);
    fit(&mut Decay::<f64>::default(), &decay::Inputs::new(&t, &y)).run()
}
