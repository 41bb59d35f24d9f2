//! The models, and what `GradBench`'s inputs are to them.

pub mod gmm;
pub mod hello;
pub mod kmeans;
pub mod llsq;
pub mod lse;

use autograd_core::Error;
use ndarray::{Array1, Array2, ArrayView, Dimension};
use serde_json::Value;

/// A function with its input read, which computes into buffers of its own.
pub trait Prepared {
    /// Computes.
    ///
    /// # Errors
    /// If the sizes do not fit.
    fn run(&mut self) -> Result<(), String>;

    /// What has been computed.
    fn output(&self) -> Value;
}

/// Reads the input of a function.
pub type Prepare = fn(&Value) -> Result<Box<dyn Prepared>, String>;

/// The functions of a module by name.
#[must_use]
pub fn functions(module: &str) -> Option<&'static [(&'static str, Prepare)]> {
    Some(match module {
        "hello" => &hello::FUNCTIONS,
        "lse" => &lse::FUNCTIONS,
        "llsq" => &llsq::FUNCTIONS,
        "gmm" => &gmm::FUNCTIONS,
        "kmeans" => &kmeans::FUNCTIONS,
        _ => return None,
    })
}

/// A state, what computes in it and what of it is the output.
struct Computation<S> {
    state: S,
    run: fn(&mut S) -> Result<(), Error>,
    output: fn(&S) -> Value,
}

impl<S> Prepared for Computation<S> {
    fn run(&mut self) -> Result<(), String> {
        (self.run)(&mut self.state).map_err(|error| error.to_string())
    }

    fn output(&self) -> Value {
        (self.output)(&self.state)
    }
}

fn boxed<S: 'static>(state: S, run: fn(&mut S) -> Result<(), Error>, output: fn(&S) -> Value) -> Box<dyn Prepared> {
    Box::new(Computation { state, run, output })
}

fn number(input: &Value, key: &str) -> Result<f64, String> {
    input[key].as_f64().ok_or_else(|| format!("`{key}` is no number"))
}

fn vector(input: &Value, key: &str) -> Result<Array1<f64>, String> {
    let values = input[key].as_array().ok_or_else(|| format!("`{key}` is no array"))?;
    let numbers: Option<Vec<f64>> = values.iter().map(Value::as_f64).collect();
    numbers.map(Array1::from).ok_or_else(|| format!("`{key}` is not made of numbers"))
}

/// Rows of `columns` numbers; there may be none.
fn matrix(input: &Value, key: &str, columns: Option<usize>) -> Result<Array2<f64>, String> {
    let rows = input[key].as_array().ok_or_else(|| format!("`{key}` is no array"))?;
    let first = rows.first().and_then(Value::as_array).map(Vec::len);
    let columns = columns.or(first).unwrap_or(0);
    let mut numbers = Vec::with_capacity(rows.len() * columns);
    for row in rows {
        let row = row.as_array().filter(|row| row.len() == columns);
        let row = row.ok_or_else(|| format!("a row of `{key}` has not {columns} numbers"))?;
        let found: Option<Vec<f64>> = row.iter().map(Value::as_f64).collect();
        numbers.extend(found.ok_or_else(|| format!("`{key}` is not made of numbers"))?);
    }
    Array2::from_shape_vec((rows.len(), columns), numbers).map_err(|error| error.to_string())
}

/// An array as nested lists.
fn json<D: Dimension>(array: ArrayView<'_, f64, D>) -> Value {
    let array = array.into_dyn();
    match array.ndim() {
        0 => array.first().copied().into(),
        _ => array.outer_iter().map(json).collect(),
    }
}
