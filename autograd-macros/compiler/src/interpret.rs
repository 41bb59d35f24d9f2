//! The interpreter: a slow, obvious evaluator of regions, the oracle of the tests.
//!
//! Shares no code with what is emitted, but the `eval` of the table of elementary functions.

use crate::graph::{Body, NodeId, Region, print};
pub use crate::ops::{Environment, Tensor};

/// The values of the results.
///
/// # Panics
/// If the environment lacks a name, or a value has another shape than its node says.
#[must_use]
pub fn evaluate(region: &Region, results: &[NodeId], environment: &Environment) -> Vec<Tensor> {
    let values = values(region, results, environment);
    results.iter().map(|result| values[result.index()][0].clone()).collect()
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
    round: fn(f64) -> f64,
) -> Vec<Option<Tensor>> {
    let environment = Environment { round: Some(round), ..environment.clone() };
    values(region, results, &environment).into_iter().map(|results| results.into_iter().next()).collect()
}

/// All results of each node that is needed; none of the others.
fn values(region: &Region, results: &[NodeId], environment: &Environment) -> Vec<Vec<Tensor>> {
    let live = print::live(region, results.iter().copied());
    let mut values: Vec<Vec<Tensor>> = vec![Vec::new(); region.len()];
    for (id, node) in region.iter().filter(|(id, _)| live[id.index()]) {
        let operands: Vec<&Tensor> = node.operands.iter().map(|x| &values[x.index()][node.op.part()]).collect();
        let mut results = node.op.interpret_all(&node.ty, &operands, environment);
        let types = [vec![node.ty.clone()], region.further(id)].concat();
        assert_eq!(results.len(), types.len(), "the results of {id} = {}", node.op);
        for (result, ty) in results.iter_mut().zip(&types) {
            if let Some(round) = environment.round {
                result.data.iter_mut().for_each(|number| *number = round(*number));
            }
            assert_eq!(result.shape, environment.shape(&ty.shape), "the shape of {id} = {}", node.op);
            assert_eq!(result.data.len(), result.shape.iter().product::<usize>(), "the elements of {id} = {}", node.op);
        }
        values[id.index()] = results;
    }
    values
}

impl Body {
    /// The values of its results for arguments.
    ///
    /// # Panics
    /// As [`evaluate`], and if there are too few arguments.
    #[must_use]
    pub fn evaluate(&self, arguments: Vec<Tensor>, environment: &Environment) -> Vec<Tensor> {
        evaluate(self.region(), self.results(), &Environment { arguments, ..environment.clone() })
    }
}
