//! Numbers that are not finite: whether a gradient has one, and which value was the first.

use crate::data::{Batch, Buffers, Data, Suspect, is_finite, place};
use crate::error::Origin;
use crate::float::Float;
use crate::model::{Model, Parameters};

use super::error::NotFinite;

/// Whether all numbers are finite. A sum of zeros is zero: so it runs in lanes.
pub(super) fn all_finite<P: Parameters>(tensors: &P) -> bool {
    (0..P::NAMES.len()).all(|index| {
        let values = tensors.values(index);
        let sum = values.chunks(8).fold([P::Scalar::ZERO; 8], |mut sums, chunk| {
            sums.iter_mut().zip(chunk).for_each(|(sum, &value)| *sum = *sum + value * P::Scalar::ZERO);
            sums
        });
        sum.into_iter().all(|sum| sum == P::Scalar::ZERO)
    })
}

/// The first value that is not finite in the inputs of a batch, the parameters, the states and the outputs, in this order.
pub(super) fn first_not_finite<M: Model, D: Data<M>>(
    model: &M,
    data: &D,
    rows: &[usize],
    buffers: &mut Buffers<M::Scalar>,
    workspace: &mut M::Workspace,
) -> Option<NotFinite> {
    let mut suspect: Option<Suspect> = None;
    let batch = Batch::rows_of(rows, buffers).seeking(&mut suspect);
    let outputs = data.with(batch, |inputs| {
        let mut outputs = M::Outputs::default();
        model.outputs_into(inputs, workspace, &mut outputs).ok().map(|()| outputs)
    });
    if let Some(Suspect { name, place, value }) = suspect {
        return Some(NotFinite { origin: Origin::Input(name), place, value });
    }
    let parameters = (0..M::NAMES.len())
        .find_map(|index| of_tensor(Origin::Parameter(M::NAMES[index]), model.shape(index), &model.values(index)));
    let states = || {
        (0..M::STATES.len())
            .find_map(|index| of_tensor(Origin::State(M::STATES[index]), model.state_shape(index), &model.state(index)))
    };
    parameters.or_else(states).or_else(|| {
        let mut first = None;
        M::visit_outputs(&outputs.ok()??, &mut |name, shape, values| {
            if first.is_none() {
                first = of_tensor(Origin::Value(name), shape, values);
            }
        });
        first
    })
}

fn of_tensor<T: Float>(origin: Origin, shape: &[usize], values: &[T]) -> Option<NotFinite> {
    let (at, value) = values.iter().enumerate().find(|&(_, &value)| !is_finite(value))?;
    Some(NotFinite { origin, place: place(at, shape), value: value.to_f64() })
}
