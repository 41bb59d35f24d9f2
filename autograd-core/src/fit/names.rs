//! What the caller says of parameters by name: `w`, `w[2]`, `w1[3, 2]`.

use super::error::FitError;
use crate::model::Parameters;
use crate::support::Support;

/// What the caller demands of names.
#[derive(Clone, Debug)]
pub(super) enum Demand {
    Within { name: String, low: f64, high: f64, empty: bool },
    Fixed(String),
}

/// The tensor that a name means, and the entry if it names one: `w`, `w[2]`, `w1[3, 2]`.
pub(super) fn find<P: Parameters>(name: &str, model: &P) -> Result<(usize, Option<usize>), FitError> {
    let (tensor, subscripts) = match name.split_once('[') {
        Some((tensor, subscripts)) => (tensor.trim(), Some(subscripts)),
        None => (name.trim(), None),
    };
    let Some(index) = P::NAMES.iter().position(|known| *known == tensor) else {
        return Err(FitError::UnknownName { name: name.to_owned(), parameters: P::NAMES });
    };
    let Some(subscripts) = subscripts else {
        return Ok((index, None));
    };
    let shape = model.shape(index);
    match place_of(subscripts, shape) {
        Some(place) => Ok((index, Some(place))),
        None => Err(FitError::UnknownEntry { name: name.to_owned(), shape: shape.to_vec() }),
    }
}

/// The row-major place of `3, 2]` in a shape.
fn place_of(subscripts: &str, shape: &[usize]) -> Option<usize> {
    let subscripts = subscripts.trim_end().strip_suffix(']')?;
    let subscripts: Option<Vec<usize>> = subscripts.split(',').map(|text| text.trim().parse().ok()).collect();
    let subscripts = subscripts.filter(|subscripts| subscripts.len() == shape.len())?;
    subscripts
        .iter()
        .zip(shape)
        .try_fold(0, |place, (&subscript, &extent)| (subscript < extent).then_some(place * extent + subscript))
}

pub(super) fn in_words(low: f64, high: f64) -> String {
    match (low.is_finite(), high.is_finite()) {
        (true, true) => format!("from {low} to {high}"),
        (true, false) => format!("at least {low}"),
        (false, _) => format!("at most {high}"),
    }
}

pub(super) fn support_in_words(support: Support) -> String {
    match support {
        Support::Real => "a number".into(),
        Support::Above(low) => format!("greater than {low}"),
        Support::Below(high) => format!("less than {high}"),
        Support::Between(low, high) => format!("between {low} and {high}"),
        Support::Simplex => "a share: greater than 0, with a sum of 1".into(),
    }
}
