//! Run-time errors, in the names of the user's model.
//!
//! Everything that can be known while the model compiles is a compile error; what is left depends on the data: the
//! sizes of the arrays, the class indices in them, matrices that have no inverse.

use core::fmt;

/// Where an array comes from: an input, a parameter, …, with the name it has in the model. Prints as ``input `x` ``.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Origin {
    /// A `param` of the model.
    Parameter(&'static str),
    /// A `state` of the model.
    State(&'static str),
    /// An `input`.
    Input(&'static str),
    /// A dimension given as a number: a field of `Dims` or of `Inputs`.
    Field(&'static str),
    /// A named value of the model that is none of these.
    Value(&'static str),
}

impl Origin {
    /// What it is, and its name.
    fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::Parameter(name) => ("parameter", name),
            Self::State(name) => ("state", name),
            Self::Input(name) => ("input", name),
            Self::Field(name) => ("field", name),
            Self::Value(name) => ("value", name),
        }
    }

    /// Its name in the model.
    pub(crate) fn name(self) -> &'static str {
        self.parts().1
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, name) = self.parts();
        write!(f, "{kind} `{name}`")
    }
}

/// An error of a model, a session or an optimiser at run time.
///
/// Its text is lower case, has no final dot and names what the user named:
///
/// ```
/// use autograd_core::{Error, Origin};
/// let error = Error::Dimension {
///     dimension: "N",
///     first: (Origin::Input("x"), 8),
///     second: (Origin::Input("y"), 7),
/// };
/// assert_eq!(error.to_string(), "dimension `N` is 8 in input `x` but 7 in input `y`");
/// assert_eq!(format!("{error:?}"), error.to_string());
/// ```
///
/// `Debug` is that text too, so it is what a program ends with whose `main` returns `Result<(), Error>`, and what
/// `unwrap` says.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// Two arrays disagree about a named dimension.
    Dimension {
        /// The dimension, as the model writes it.
        dimension: &'static str,
        /// The array that bound it, and the size it has there.
        first: (Origin, usize),
        /// The array that disagrees, and the size it has there.
        second: (Origin, usize),
    },
    /// An axis has not the size that its shape in the model works out to: `[3]`, or `[N-1]` once `N` is known.
    Extent {
        /// The array.
        origin: Origin,
        /// The axis, from 0.
        axis: usize,
        /// Its size as the model writes it: `3`, `N-1`.
        extent: &'static str,
        /// What that works out to.
        expected: i64,
        /// The size the axis has.
        found: usize,
    },
    /// A dimension works out to a negative number.
    NegativeExtent {
        /// The dimension, as the model writes it: `N-3`.
        extent: &'static str,
        /// What it works out to.
        value: i64,
    },
    /// A division among dimensions or subscripts leaves a remainder, or divides by zero.
    InexactDivision {
        /// The division, as the model writes it: `N/2`.
        extent: &'static str,
        /// What is divided.
        dividend: i64,
        /// What it is divided by.
        divisor: i64,
    },
    /// Arithmetic of dimensions leaves the range of 64-bit integers.
    ExtentOverflow {
        /// The dimension, as the model writes it.
        extent: &'static str,
    },
    /// An array that a call needs, or a copy of one that is not in row-major order, is larger than memory.
    TooLarge {
        /// The array: an input, or a value of the model.
        origin: Origin,
        /// Its shape.
        shape: Vec<usize>,
    },
    /// No size of a dimension fits the array: `[2*N]` with an odd extent.
    Unsolvable {
        /// The array.
        origin: Origin,
        /// The axis, from 0.
        axis: usize,
        /// Its size as the model writes it.
        extent: &'static str,
        /// The dimension that was to be found.
        dimension: &'static str,
        /// The size the axis has.
        found: usize,
    },
    /// An integer input (`label: [N] in K`) holds a value outside its range.
    IndexOutOfRange {
        /// The array with the value.
        origin: Origin,
        /// Where in the array, one subscript an axis; empty for a scalar.
        position: Vec<usize>,
        /// The value there.
        value: i64,
        /// What it indexes, as the model writes it: `K`.
        dimension: &'static str,
        /// The size of that: values must be in `0..size`.
        size: usize,
    },
    /// A computed subscript (`emb[token[t], d]`) lies outside the axis.
    SubscriptOutOfRange {
        /// What is indexed, as the model writes it.
        array: &'static str,
        /// The axis, from 0.
        axis: usize,
        /// For which indices, in the order in which they are bound; empty if there are none.
        position: Vec<usize>,
        /// The subscript.
        value: i64,
        /// The size of the axis.
        size: usize,
    },
    /// A number that is made an integer (`to_index(x)`) is NaN, or not between −2⁵³ and 2⁵³.
    NoInteger {
        /// What it is an element of, as the model writes it.
        array: &'static str,
        /// Its position; empty if there is one number.
        position: Vec<usize>,
        /// The number, as text: errors are equal or not.
        value: String,
    },
    /// `argmax` or `argmin` of nothing.
    EmptyAxis {
        /// The operation.
        operation: &'static str,
        /// The axis, as the model writes it.
        dimension: &'static str,
    },
    /// A matrix has no inverse.
    Singular {
        /// The operation: `inv`, `solve`, …
        operation: &'static str,
        /// The column, from 0, at which elimination finds no pivot.
        pivot: usize,
    },
    /// A matrix given to a Cholesky factorisation is not positive definite.
    NotPositiveDefinite {
        /// The operation: `cholesky`, …
        operation: &'static str,
        /// The order, from 1, of the first leading minor that is not positive.
        minor: usize,
    },
    /// A loop with an end that depends on the data has not ended.
    IterationLimit {
        /// The loop's name, or what it is bound to.
        name: &'static str,
        /// The most iterations it may take.
        limit: usize,
    },
    /// [`Session::backward`](crate::Session::backward) without a gradient that waits: no `forward` since the last call,
    /// or one that failed.
    NoPendingGradient,
    /// A gradient, or what an optimiser keeps, was made for a model of another shape.
    ParameterShape {
        /// The parameter.
        parameter: &'static str,
        /// What is at odds with the model: `gradient`, `optimiser state`.
        what: &'static str,
        /// The shape of the parameter in the model.
        expected: Vec<usize>,
        /// The shape it has there.
        found: Vec<usize>,
    },
    /// A vector that is to become all parameters has another length than they have numbers.
    FlatLength {
        /// How many numbers the parameters have, in natural or in free form.
        expected: usize,
        /// The length of the vector.
        found: usize,
    },
}

impl Error {
    /// Checks that `found`, the shape of `what` belonging to a parameter, is the parameter's.
    pub(crate) fn check_shape(
        parameter: &'static str,
        what: &'static str,
        expected: &[usize],
        found: &[usize],
    ) -> Result<(), Self> {
        // Not `==`, which calls `memcmp`: that is slow for so few numbers, and very slow for none.
        if expected.iter().eq(found) {
            return Ok(());
        }
        Err(Self::ParameterShape { parameter, what, expected: expected.to_vec(), found: found.to_vec() })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dimension { dimension, first, second } => {
                write!(f, "dimension `{dimension}` is {} in {} but {} in {}", first.1, first.0, second.1, second.0)
            }
            Self::Extent { origin, axis, extent, expected, found } => {
                write!(f, "axis {axis} of {origin} is {found} but its size is `{extent}`")?;
                if extent.parse() == Ok(*expected) { Ok(()) } else { write!(f, " = {expected}") }
            }
            Self::NegativeExtent { extent, value } => {
                write!(f, "dimension `{extent}` is negative: {value}")
            }
            Self::InexactDivision { extent, dividend, divisor: 0 } => {
                write!(f, "`{extent}` divides {dividend} by zero")
            }
            Self::InexactDivision { extent, dividend, divisor } => {
                write!(f, "`{extent}` is not a whole number: {dividend} / {divisor}")
            }
            Self::ExtentOverflow { extent } => {
                write!(f, "dimension `{extent}` is out of the range of `i64`")
            }
            Self::TooLarge { origin, shape } => {
                write!(f, "there is not enough memory for {origin} of shape {shape:?} in row-major order")
            }
            Self::Unsolvable { origin, axis, extent, dimension, found } => {
                write!(f, "axis {axis} of {origin} is {found}, but no `{dimension}` makes `{extent}` that")
            }
            Self::IndexOutOfRange { origin, position, value, dimension, size } => {
                write!(f, "{origin} is {value}")?;
                if !position.is_empty() {
                    write!(f, " at {position:?}")?;
                }
                write!(f, ", outside 0..{size} (`{dimension}`)")
            }
            Self::SubscriptOutOfRange { array, axis, position, value, size } => {
                write!(f, "subscript {value} on axis {axis} of `{array}` is outside 0..{size}")?;
                if position.is_empty() { Ok(()) } else { write!(f, ", at position {position:?}") }
            }
            Self::NoInteger { array, position, value } => {
                write!(f, "`{array}` is {value}")?;
                if !position.is_empty() {
                    write!(f, " at {position:?}")?;
                }
                f.write_str(", which `to_index` makes no integer")
            }
            Self::EmptyAxis { operation, dimension } => write!(f, "`{operation}` over `{dimension}`, which is empty"),
            Self::Singular { operation, pivot } => {
                write!(f, "the matrix given to `{operation}` is singular: no pivot in column {pivot}")
            }
            Self::NotPositiveDefinite { operation, minor } => write!(
                f,
                "the matrix given to `{operation}` is not positive definite: its leading minor of order {minor} is not positive"
            ),
            Self::IterationLimit { name, limit } => {
                write!(f, "`{name}` has not ended after {limit} iterations")
            }
            Self::NoPendingGradient => {
                write!(f, "`backward` has no gradient to add: call `forward` first, once for each `backward`")
            }
            Self::ParameterShape { parameter, what, expected, found } => {
                write!(f, "parameter `{parameter}` has shape {expected:?} but its {what} has shape {found:?}")
            }
            Self::FlatLength { expected, found } => {
                write!(f, "the flat view of the parameters has {expected} numbers but the vector has {found}")
            }
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for Error {}
