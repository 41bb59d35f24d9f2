//! What ends training with an error.

use std::error::Error as StdError;
use std::fmt;

use crate::data::Failure;
use crate::error::{Error, Origin};

/// Why training has ended without a result.
///
/// The model has the parameters of the last step then, or those of the start of the epoch if one of them is not finite.
#[non_exhaustive]
pub enum TrainError {
    /// The model, its inputs and the optimiser do not fit together.
    Model(Error),
    /// The loss or its gradient is infinite or NaN. Nothing was changed by that batch.
    NotFinite {
        /// The epoch, from 1.
        epoch: usize,
        /// The batch of this epoch, from 1.
        batch: usize,
        /// `loss` or `gradient`.
        what: &'static str,
        /// The first value that is not finite: of the inputs, then of the parameters, then of the outputs, each in the
        /// order of their declarations. None if all of these are finite. A `let` is not looked at here, but in `origin`.
        first: Option<NotFinite>,
        /// Where it comes from, if training is traced (`Trainer::traced`) and the inputs, parameters and states are
        /// finite: ``"`h` is NaN at [3]: log(-1), written `log(w*x + b)`"``. Rows are those of the batch.
        origin: Option<String>,
    },
    /// The data cannot be had.
    Data(Failure),
    /// There are no observations.
    NoObservations,
    /// What was asked for does not leave an observation to train on, or none to validate with.
    Split {
        /// How many there are.
        observations: usize,
        /// The share that was to be kept for validation.
        share: f64,
    },
    /// No output of this name is a number.
    Metric {
        /// The name that was asked for.
        name: String,
        /// The outputs that are numbers.
        known: Vec<&'static str>,
    },
    /// A checkpoint could not be written.
    Checkpoint(Failure),
}

/// A value that is infinite or NaN.
#[derive(Clone, Debug, PartialEq)]
pub struct NotFinite {
    /// What it belongs to.
    pub origin: Origin,
    /// Where in the array, one subscript an axis; empty for a number. An observation is counted as in the data set.
    pub place: Vec<usize>,
    /// What it is.
    pub value: f64,
}

impl From<Error> for TrainError {
    fn from(error: Error) -> Self {
        Self::Model(error)
    }
}

impl TrainError {
    /// What a data set or a model has to say.
    pub(super) fn of(failure: Failure) -> Self {
        match failure.downcast::<Error>() {
            Ok(error) => Self::Model(*error),
            Err(failure) => Self::Data(failure),
        }
    }
}

impl fmt::Display for NotFinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.origin)?;
        if !self.place.is_empty() {
            write!(f, " at {:?}", self.place)?;
        }
        write!(f, " is {}", self.value)
    }
}

impl fmt::Display for TrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Model(error) => write!(f, "{error}"),
            Self::NotFinite { epoch, batch, what, first, origin } => {
                write!(f, "the {what} is not finite in epoch {epoch}, batch {batch}: ")?;
                match (origin, first) {
                    (Some(origin), _) => write!(f, "{origin}"),
                    (None, Some(first)) => write!(f, "{first}"),
                    (None, None) => write!(f, "all inputs, parameters and outputs are finite, so it is the derivative"),
                }
            }
            Self::Data(failure) => write!(f, "the data set failed: {failure}"),
            Self::NoObservations => write!(f, "there are no observations to train on"),
            Self::Split { observations, share } => write!(
                f,
                "a share of {share} for validation leaves nothing to train on, or nothing to validate with, of {observations} observations"
            ),
            Self::Metric { name, known } => {
                write!(f, "no output `{name}` is one number; those that are: {}", known.join(", "))
            }
            Self::Checkpoint(failure) => write!(f, "the checkpoint could not be written: {failure}"),
        }
    }
}

impl fmt::Debug for TrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StdError for TrainError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Model(error) => Some(error),
            Self::Data(failure) | Self::Checkpoint(failure) => Some(&**failure),
            Self::NotFinite { .. } | Self::NoObservations | Self::Split { .. } | Self::Metric { .. } => None,
        }
    }
}
