//! What can go wrong with a fit, in the names of the user's model.

use core::fmt;

use crate::error::Error;

/// Why there is no [`Report`](super::Report).
///
/// All but [`Model`](Self::Model) and [`NotFinite`](Self::NotFinite) are said before anything is evaluated. `Debug` is the
/// text, too.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum FitError {
    /// The model cannot be evaluated: the inputs and parameters do not fit together. It is as it was before.
    Model(Error),
    /// `bounds` or `fixed` names no parameter.
    UnknownName {
        /// What was given.
        name: String,
        /// The parameters that there are.
        parameters: &'static [&'static str],
    },
    /// `bounds` or `fixed` names an entry that a parameter does not have.
    UnknownEntry {
        /// What was given.
        name: String,
        /// The shape of the parameter.
        shape: Vec<usize>,
    },
    /// The bounds of a name hold no number.
    EmptyBounds {
        /// What was given.
        name: String,
        /// The lower bound.
        low: f64,
        /// The upper bound.
        high: f64,
    },
    /// A parameter starts outside its bounds or its support, or at the edge of its support, from where free numbers cannot
    /// come back.
    StartOutside {
        /// The parameter or entry.
        name: String,
        /// Where it starts.
        value: f64,
        /// Where it must be, in words.
        bounds: String,
    },
    /// Bounds, or single fixed entries, of a parameter whose numbers depend on each other: a simplex.
    Simplex {
        /// What was given.
        name: String,
    },
    /// The method knows no bounds.
    NoBounds {
        /// The method.
        method: super::Method,
    },
    /// Levenberg–Marquardt was asked for, but the loss is no sum of squares of an output `residual`.
    NoResiduals,
    /// The model has no parameter that is not fixed.
    NothingToFit,
    /// A prediction of an output that the model has not, or that holds no numbers.
    UnknownOutput {
        /// What was given.
        name: String,
        /// The outputs that hold numbers.
        outputs: Vec<&'static str>,
    },
    /// A prediction was asked for, but the covariance is not known.
    Uncertain(super::Unknown),
    /// The loss, its gradient or the residuals are not finite at the start, or wherever the method went from the best point,
    /// however short the step. The model is at that point.
    NotFinite {
        /// How many iterations there have been; 0 if the start is to blame.
        iterations: usize,
        /// The parameters reached, by entry.
        parameters: Vec<(String, f64)>,
    },
}

impl From<Error> for FitError {
    fn from(error: Error) -> Self {
        Self::Model(error)
    }
}

impl fmt::Display for FitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Model(error) => error.fmt(f),
            Self::UnknownName { name, parameters } => {
                write!(f, "the model has no parameter `{name}`: it has `{}`", parameters.join("`, `"))
            }
            Self::UnknownEntry { name, shape } => {
                write!(f, "there is no entry `{name}`: the shape of that parameter is {shape:?}")
            }
            Self::EmptyBounds { name, low, high } => {
                write!(f, "no number lies in the bounds of `{name}`: {low} to {high}")
            }
            Self::StartOutside { name, value, bounds } => write!(f, "`{name}` starts at {value}, but must be {bounds}"),
            Self::Simplex { name } => {
                write!(f, "`{name}` is on a simplex, where numbers depend on each other: fix all of it or nothing")
            }
            Self::NoBounds { method } => write!(f, "{method} knows no bounds: L-BFGS and Levenberg–Marquardt do"),
            Self::NoResiduals => {
                write!(f, "Levenberg–Marquardt needs a loss that is the sum of the squares of an output `residual`")
            }
            Self::NothingToFit => write!(f, "there is no parameter to fit: all are fixed"),
            Self::UnknownOutput { name, outputs } => {
                write!(f, "the model has no output `{name}` of numbers: it has `{}`", outputs.join("`, `"))
            }
            Self::Uncertain(unknown) => write!(f, "there are no standard errors: {unknown}"),
            Self::NotFinite { iterations: 0, parameters } => {
                write!(f, "the loss or its derivative is not finite at the start:{}", listed(parameters))
            }
            Self::NotFinite { iterations, parameters } => {
                write!(
                    f,
                    "after {iterations} iterations the loss is not finite at any step, however short, from{}",
                    listed(parameters)
                )
            }
        }
    }
}

/// The first parameters.
fn listed(parameters: &[(String, f64)]) -> String {
    const SHOWN: usize = 8;
    let mut text: Vec<String> =
        parameters.iter().take(SHOWN).map(|(name, value)| format!(" {name} = {value}")).collect();
    if parameters.len() > SHOWN {
        text.push(format!(" … ({} more)", parameters.len() - SHOWN));
    }
    text.join(",")
}

impl fmt::Debug for FitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for FitError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Model(error) => Some(error),
            _ => None,
        }
    }
}
