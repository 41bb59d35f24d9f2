//! Products of the Hessian with a direction by central differences of gradients: for models that have no exact ones.

use crate::error::Error;
use crate::float::Float;
use crate::math::Elementary;
use crate::model::{Objective, Parameters, check_shapes};

/// How often a step is made smaller if the gradient is not finite at its ends.
const RETRIES: usize = 6;

/// `product = (∇f(x + h v) − ∇f(x − h v)) / 2h`
///
/// The difference is off by `h²/6` of the gradient's third derivative along `v`, and by `ε·|∇f| / h` from rounding, which are
/// alike where `h·v` is `ε^(1/3)` of the distance over which the gradient changes. That is not known; taken for it
/// is the size of the parameters. Numbers of a tensor share a scale, those of two tensors do not (a rate of 1e-4 beside an
/// amplitude of 200), so the step is such that no number moves by more than `ε^(1/3)` of the largest of its tensor.
pub(crate) fn difference<M: Objective>(
    model: &M,
    inputs: &M::Inputs<'_>,
    workspace: &mut M::Workspace,
    along: &M::Grad,
    product: &mut M::Grad,
) -> Result<(), Error> {
    check_shapes("direction", model, along)?;
    let Some(mut h) = step(model, along) else {
        product_of_nothing(model, inputs, workspace, along, product)?;
        return Ok(());
    };
    let mut ahead = model.clone();
    let mut behind = model.zero_grad();
    for _ in 0..=RETRIES {
        // The step is a power of two, so that `h v` is exact; the ends are rounded, by ε^(2/3) of the step.
        ahead.clone_from(model);
        ahead.add_scaled(M::Scalar::from_f64(-h), along);
        ahead.grad_into(inputs, workspace, &mut behind)?;
        ahead.clone_from(model);
        ahead.add_scaled(M::Scalar::from_f64(h), along);
        ahead.grad_into(inputs, workspace, product)?;
        product.add_scaled(-M::Scalar::ONE, &behind);
        product.scale(M::Scalar::from_f64(0.5 / h));
        if is_finite(product) {
            break;
        }
        h /= 16.0;
    }
    Ok(())
}

/// The product with a direction of zeros; with one that is not finite, NaN. The gradient says whether all fits together.
fn product_of_nothing<M: Objective>(
    model: &M,
    inputs: &M::Inputs<'_>,
    workspace: &mut M::Workspace,
    along: &M::Grad,
    product: &mut M::Grad,
) -> Result<(), Error> {
    model.grad_into(inputs, workspace, product)?;
    product.fill(if is_finite(along) { M::Scalar::ZERO } else { M::Scalar::NAN });
    Ok(())
}

/// The step, a power of two; `None` if the direction is 0 or not finite.
fn step<M: Objective>(model: &M, along: &M::Grad) -> Option<f64> {
    let largest = |values: &[M::Scalar]| -> f64 { values.iter().map(|x| x.to_f64().abs()).fold(0.0, worse) };
    let relative = |index| {
        let (size, change) = (largest(&model.values(index)), largest(&along.values(index)));
        if size > 0.0 { change / size } else { change }
    };
    let fastest = (0..M::NAMES.len()).map(relative).fold(0.0, worse);
    let h = Elementary::cbrt(M::Scalar::EPSILON.to_f64()) / fastest;
    (fastest > 0.0 && h.is_normal()).then(|| f64::from_bits(h.to_bits() & (0x7ff << 52)))
}

/// The larger; NaN if one is.
fn worse(a: f64, b: f64) -> f64 {
    if b > a || b.is_nan() { b } else { a }
}

fn is_finite<P: Parameters>(tensors: &P) -> bool {
    (0..P::NAMES.len()).all(|index| tensors.values(index).iter().all(|x| x.to_f64().is_finite()))
}
