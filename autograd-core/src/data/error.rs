//! What goes wrong with a file of data.

use std::error::Error as StdError;
use std::fmt;
use std::path::PathBuf;

use super::Failure;

/// Why a file of data has not become an array.
#[non_exhaustive]
pub enum DataError {
    /// The file could not be read or written, or is of another format.
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: Failure,
    },
    /// A line has more or fewer fields than the first.
    Ragged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// How many fields the others have.
        expected: u64,
        /// How many it has.
        found: u64,
        /// How the first line begins.
        first: String,
    },
    /// There is no column of this name, or no array.
    Unknown {
        /// The file.
        path: PathBuf,
        /// What was asked for: `column`, `array`.
        what: &'static str,
        /// The name that was asked for.
        name: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// A field is not what was expected.
    Field {
        /// The file.
        path: PathBuf,
        /// The line, from 1, in which its record starts.
        line: u64,
        /// The number of its column, from 1.
        column: usize,
        /// The name of its column.
        name: String,
        /// What was expected there: `a number`.
        expected: String,
        /// What is there.
        found: String,
    },
    /// An array has another number of axes.
    Axes {
        /// The file.
        path: PathBuf,
        /// How many were expected.
        expected: usize,
        /// The shape in the file.
        found: Vec<usize>,
    },
    /// The elements of an array are not what was expected.
    Elements {
        /// The file.
        path: PathBuf,
        /// What was expected: `numbers`, `class indices`.
        expected: &'static str,
        /// What is there.
        found: String,
    },
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, error } => write!(f, "{}: {error}", path.display()),
            Self::Ragged { path, line, expected, found, first } => {
                let path = path.display();
                write!(f, "{path}, line {line}: {found} fields, where the first line, `{first}`, has {expected}")?;
                match first.chars().next() {
                    Some(mark @ ('#' | '%')) => write!(f, " (`.comment('{mark}')` leaves out lines like that one)"),
                    _ => Ok(()),
                }
            }
            Self::Unknown { path, what, name, known } => {
                write!(f, "{}: there is no {what} `{name}` among {}", path.display(), known.join(", "))
            }
            Self::Field { path, line, column, name, expected, found } => write!(
                f,
                "{}, line {line}, column {column} (`{name}`): expected {expected}, found `{found}`",
                path.display()
            ),
            Self::Axes { path, expected, found } => {
                write!(f, "{}: expected an array of {expected} axes, found shape {found:?}", path.display())
            }
            Self::Elements { path, expected, found } => {
                write!(f, "{}: expected {expected}, found {found}", path.display())
            }
        }
    }
}

impl fmt::Debug for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StdError for DataError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::File { error, .. } => Some(&**error),
            Self::Ragged { .. }
            | Self::Unknown { .. }
            | Self::Field { .. }
            | Self::Axes { .. }
            | Self::Elements { .. } => None,
        }
    }
}
