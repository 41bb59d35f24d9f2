//! Reverse mode, forward mode and finite differences agree on compiled models, a dozen families of them, at ragged
//! sizes; so do all ways of asking for the same number.
//!
//! Each model has the slope of its loss along a direction through all parameters as an output, by `jvp`.

mod fits;
mod indices;
mod library;
mod long;
mod networks;
mod shapes;

use autograd_core::gradcheck::{Options, gradcheck};
use autograd_core::init::{normal, stream};
pub(crate) use autograd_core::model;
use autograd_core::{Objective, Parameters};
use ndarray::{Array, Dimension, IntoDimension};

/// Sizes of a batch: one, fewer and more than the lanes, neither a multiple of them.
const BATCHES: [usize; 3] = [1, 7, 65];

/// Random numbers, the same for a name.
fn draw<D: Dimension>(name: &str, shape: impl IntoDimension<Dim = D>) -> Array<f64, D> {
    normal(0.0, 0.7).array(shape.into_dimension(), &mut stream(1, name))
}

/// A random number.
fn number(name: &str) -> f64 {
    normal(0.0, 0.7).scalar(&mut stream(1, name))
}

/// Class indices below `count`.
fn classes(len: usize, count: usize) -> ndarray::Array1<usize> {
    (0..len).map(|i| (i * i + 3 * i) % count).collect()
}

/// Checks the gradient against finite differences, and against the slope along a direction by forward mode.
fn agree<M: Objective<Scalar = f64>>(model: &M, inputs: &M::Inputs<'_>, direction: &M, slope: f64) {
    let (loss, grad) = model.loss_and_grad(inputs).expect("the sizes fit");
    let report = gradcheck(model, inputs, Options::default()).expect("the sizes fit");
    assert!(report.passed(), "{report}");
    let terms: Vec<f64> = (0..M::NAMES.len())
        .flat_map(|index| {
            let along = direction.values(index).into_owned();
            grad.values(index).iter().zip(along).map(|(g, v)| g * v).collect::<Vec<f64>>()
        })
        .collect();
    let (reverse, scale) = (terms.iter().sum::<f64>(), terms.iter().map(|term| term.abs()).sum::<f64>());
    assert!((reverse - slope).abs() <= 1e-13 * scale, "reverse {reverse}, forward {slope}");
    let alone = model.loss(inputs).expect("the sizes fit");
    assert!((alone - loss).abs() <= 1e-14 * loss.abs().max(1.0), "the loss alone is {alone}, with its gradient {loss}");
    let alone = model.grad(inputs).expect("the sizes fit");
    for index in 0..M::NAMES.len() {
        let largest = grad.values(index).iter().fold(0.0, |most: f64, g| most.max(g.abs()));
        for (alone, both) in alone.values(index).iter().zip(grad.values(index).iter()) {
            assert!(
                (alone - both).abs() <= 1e-13 * largest,
                "{}: {alone} alone, {both} with the loss",
                M::NAMES[index]
            );
        }
    }
}
