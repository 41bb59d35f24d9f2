//! A slow, obvious evaluator of regions: the oracle of the tests.
//!
//! Shares no code with what is emitted, but the `eval` of the table of elementary functions.

use crate::graph::{NodeId, Region, print};
pub use crate::ops::{Environment, Tensor};

/// The values of the results.
///
/// # Panics
/// If the environment lacks a name, or a value has another shape than its node says.
#[must_use]
pub fn evaluate(region: &Region, results: &[NodeId], environment: &Environment) -> Vec<Tensor> {
    let values = evaluate_all(region, results, environment, |x| x);
    results.iter().map(|&result| value(&values, result).clone()).collect()
}

/// The values of all nodes that the results depend on, each number rounded as `round` says: to `f32`, for example.
///
/// # Panics
/// As [`evaluate`].
#[must_use]
pub fn evaluate_all(
    region: &Region,
    results: &[NodeId],
    environment: &Environment,
    round: impl Fn(f64) -> f64,
) -> Vec<Option<Tensor>> {
    let live = print::live(region, results.iter().copied());
    let mut values: Vec<Option<Tensor>> = vec![None; region.len()];
    for (id, node) in region.iter().filter(|(id, _)| live[id.index()]) {
        let operands: Vec<&Tensor> = node.operands.iter().map(|x| value(&values, *x)).collect();
        let mut result = node.op.interpret(&node.ty, &operands, environment);
        result.data.iter_mut().for_each(|number| *number = round(*number));
        assert_eq!(result.shape, environment.shape(&node.ty.shape), "the shape of {id} = {}", node.op);
        assert_eq!(result.data.len(), result.shape.iter().product::<usize>(), "the elements of {id} = {}", node.op);
        values[id.index()] = Some(result);
    }
    values
}

fn value(values: &[Option<Tensor>], node: NodeId) -> &Tensor {
    values[node.index()].as_ref().expect("operands stand before their uses")
}
