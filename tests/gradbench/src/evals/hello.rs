//! `hello`: a square and its derivative.

use autograd_core::model;
use serde_json::Value;

use super::{Prepare, Prepared, boxed};

model! {
    /// A square and its derivative.
    pub Hello {
        param x;
        square = x^2;
        double = grad(square, x);
    }
}

/// `square` and `double`, of a bare number.
pub const FUNCTIONS: [(&str, Prepare); 2] = [
    ("square", |input| prepare(input, |(model, y)| model.square(&hello::Inputs {}).map(|found| *y = found))),
    ("double", |input| prepare(input, |(model, y)| model.double(&hello::Inputs {}).map(|found| *y = found))),
];

type State = (Hello<f64>, f64);

fn prepare(
    input: &Value,
    run: fn(&mut State) -> Result<(), autograd_core::Error>,
) -> Result<Box<dyn Prepared>, String> {
    let x = input.as_f64().ok_or("the input is no number")?;
    Ok(boxed((Hello { x }, 0.0), run, |(_, y)| (*y).into()))
}
