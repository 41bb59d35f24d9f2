//! The flat view: all parameters, or a gradient, as one vector, in the order of declaration and row-major.
//!
//! Optimisers, samplers and solvers of other crates work on vectors. The functions here are the bodies of the methods of
//! [`Parameters`], which say what they do; none of them allocates, unless an array does not lie in row-major order.

use crate::error::Error;
use crate::model::Parameters;
use crate::space;

/// How many numbers a tensor has.
pub(crate) fn size_of(shape: &[usize]) -> usize {
    shape.iter().product()
}

/// The numbers along the last axis of a tensor.
pub(crate) fn row_of(shape: &[usize]) -> usize {
    shape.last().copied().unwrap_or(1)
}

/// How many free numbers a tensor has.
pub(crate) fn free_size_of<P: Parameters>(parameters: &P, index: usize) -> usize {
    let shape = parameters.shape(index);
    parameters.support(index).free_size(row_of(shape), size_of(shape))
}

#[track_caller]
pub(crate) fn flatten_into<P: Parameters>(parameters: &P, flat: &mut [P::Scalar]) {
    assert_length(parameters.size(), flat.len());
    let mut rest = flat;
    for index in 0..P::NAMES.len() {
        let values = parameters.values(index);
        let part;
        (part, rest) = rest.split_at_mut(values.len());
        part.copy_from_slice(&values);
    }
}

pub(crate) fn unflatten<P: Parameters>(parameters: &mut P, flat: &[P::Scalar]) -> Result<(), Error> {
    check_length(parameters.size(), flat.len())?;
    let mut rest = flat;
    for index in 0..P::NAMES.len() {
        let values = parameters.values_mut(index);
        let part;
        (part, rest) = rest.split_at(values.len());
        values.copy_from_slice(part);
    }
    Ok(())
}

/// The names of all entries, `b`, `w1[3, 2]`.
pub(crate) fn entry_names<P: Parameters>(parameters: &P) -> impl Iterator<Item = String> {
    (0..P::NAMES.len()).flat_map(move |index| {
        let shape = parameters.shape(index);
        (0..size_of(shape)).map(move |place| entry_name(P::NAMES[index], shape, place))
    })
}

/// The name of one entry: that of its tensor, and its subscripts.
pub(crate) fn entry_name(name: &str, shape: &[usize], place: usize) -> String {
    if shape.is_empty() {
        return name.to_owned();
    }
    let mut rest = place;
    let mut subscripts: Vec<String> = shape
        .iter()
        .rev()
        .map(|&extent| {
            let subscript = rest % extent;
            rest /= extent;
            subscript.to_string()
        })
        .collect();
    subscripts.reverse();
    format!("{name}[{}]", subscripts.join(", "))
}

#[track_caller]
pub(crate) fn free_into<P: Parameters>(parameters: &P, free: &mut [f64]) {
    assert_length(parameters.free_size(), free.len());
    let mut rest = free;
    for index in 0..P::NAMES.len() {
        let part;
        (part, rest) = rest.split_at_mut(free_size_of(parameters, index));
        let row = row_of(parameters.shape(index));
        parameters.support(index).unconstrain(row, &parameters.values(index), part);
    }
}

pub(crate) fn set_free<P: Parameters>(parameters: &mut P, free: &[f64]) -> Result<(), Error> {
    check_length(parameters.free_size(), free.len())?;
    let mut rest = free;
    for index in 0..P::NAMES.len() {
        let part;
        (part, rest) = rest.split_at(free_size_of(parameters, index));
        let (support, row) = (parameters.support(index), row_of(parameters.shape(index)));
        support.constrain(row, part, parameters.values_mut(index));
    }
    Ok(())
}

#[track_caller]
pub(crate) fn free_gradient_into<P: Parameters, G: Parameters>(
    parameters: &P,
    free: &[f64],
    grad: &G,
    out: &mut [f64],
) {
    space::assert_alike(parameters, grad);
    assert_length(parameters.free_size(), free.len());
    assert_length(parameters.free_size(), out.len());
    let mut place = 0;
    for index in 0..P::NAMES.len() {
        let part = place..place + free_size_of(parameters, index);
        place = part.end;
        let row = row_of(parameters.shape(index));
        parameters.support(index).pull_back(row, &free[part.clone()], &grad.values(index), &mut out[part]);
    }
}

#[track_caller]
pub(crate) fn log_jacobian<P: Parameters>(parameters: &P, free: &[f64]) -> f64 {
    assert_length(parameters.free_size(), free.len());
    let mut rest = free;
    let each = (0..P::NAMES.len()).map(|index| {
        let part;
        (part, rest) = rest.split_at(free_size_of(parameters, index));
        parameters.support(index).log_jacobian(row_of(parameters.shape(index)), part)
    });
    each.sum()
}

#[track_caller]
pub(crate) fn add_log_jacobian_gradient<P: Parameters>(parameters: &P, free: &[f64], out: &mut [f64]) {
    assert_length(parameters.free_size(), free.len());
    assert_length(parameters.free_size(), out.len());
    let mut place = 0;
    for index in 0..P::NAMES.len() {
        let part = place..place + free_size_of(parameters, index);
        place = part.end;
        let row = row_of(parameters.shape(index));
        parameters.support(index).add_log_jacobian_gradient(row, &free[part.clone()], &mut out[part]);
    }
}

fn check_length(expected: usize, found: usize) -> Result<(), Error> {
    if expected == found { Ok(()) } else { Err(Error::FlatLength { expected, found }) }
}

/// # Panics
/// If the lengths differ.
#[track_caller]
fn assert_length(expected: usize, found: usize) {
    if let Err(error) = check_length(expected, found) {
        panic!("{error}");
    }
}
