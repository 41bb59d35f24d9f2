//! What goes wrong with a file of tensors.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why tensors could not be saved or loaded. What was to be loaded into is unchanged.
#[non_exhaustive]
pub enum SaveError {
    /// The file could not be read or written.
    Io(io::Error),
    /// The file is no safetensors file: cut off, damaged, or something else.
    Format(Box<dyn StdError + Send + Sync>),
    /// There is no tensor of this name.
    Missing {
        /// The name.
        name: String,
    },
    /// There is a tensor that the model has not.
    Extra {
        /// The name.
        name: String,
    },
    /// A tensor has another shape.
    Shape {
        /// The name.
        name: String,
        /// The shape in the model.
        expected: Vec<usize>,
        /// The shape in the file.
        found: Vec<usize>,
    },
    /// A tensor has another number of axes.
    Axes {
        /// The name.
        name: String,
        /// How many the model's type has.
        expected: usize,
        /// The shape in the file.
        found: Vec<usize>,
    },
    /// A tensor is made of other numbers, and nobody has asked to [convert](super::Snapshot::cast) them.
    Scalar {
        /// The name.
        name: String,
        /// Those of the model: `F32` or `F64`.
        expected: &'static str,
        /// Those of the file.
        found: String,
    },
    /// What the file says beside its tensors is not what was expected of this key.
    Metadata {
        /// The key.
        key: String,
        /// What it says, if it says anything.
        found: Option<String>,
    },
    /// The same, of this file.
    In {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: Box<SaveError>,
    },
}

impl SaveError {
    /// The same, of this file.
    #[cfg(feature = "safetensors")]
    pub(crate) fn of(self, path: &std::path::Path) -> Self {
        match self {
            Self::In { .. } => self,
            error => Self::In { path: path.to_owned(), error: Box::new(error) },
        }
    }
}

impl fmt::Display for SaveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "{error}"),
            Self::Format(error) => write!(f, "this is no whole safetensors file: {error}"),
            Self::Missing { name } => write!(f, "there is no tensor `{name}`"),
            Self::Extra { name } => write!(f, "there is a tensor `{name}`, which the model has not"),
            Self::Shape { name, expected, found } => {
                write!(f, "tensor `{name}` has shape {found:?} in the file but {expected:?} in the model")
            }
            Self::Axes { name, expected, found } => {
                write!(f, "tensor `{name}` has shape {found:?} in the file but {expected} axes in the model")
            }
            Self::Scalar { name, expected, found } => {
                write!(f, "tensor `{name}` is {found} in the file but {expected} in the model")
            }
            Self::Metadata { key, found: Some(found) } => write!(f, "`{key}` is `{found}`, which makes no sense"),
            Self::Metadata { key, found: None } => {
                write!(f, "`{key}` is not there: this is no checkpoint of a trainer")
            }
            Self::In { path, error } => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl fmt::Debug for SaveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StdError for SaveError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::Format(error) => Some(&**error),
            Self::In { error, .. } => error.source(),
            Self::Missing { .. }
            | Self::Extra { .. }
            | Self::Shape { .. }
            | Self::Axes { .. }
            | Self::Scalar { .. }
            | Self::Metadata { .. } => None,
        }
    }
}

impl From<io::Error> for SaveError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
