//! `NumPy`'s files: arrays of numbers and class indices, one in a file (npy).
//!
//! The format is a header, a line of Python with the type, the order and the shape, and then the elements. It is read and
//! written here: the crate for it brings 29 packages and a C compiler, most of them to read that line.

use std::io::{self, Write};
use std::path::Path;

use ndarray::{Array, ArrayBase, ArrayD, Data, Dimension, ShapeBuilder};

use super::{DataError, Failure};
use crate::save::{read_file, replace};

/// What an array of a file can be read as: `f32`, `f64`, or `usize` for class indices.
pub trait Element: sealed::Number {}
impl Element for f32 {}
impl Element for f64 {}
impl Element for usize {}

mod sealed {
    /// A number as a file has it.
    #[derive(Clone, Copy)]
    pub enum Found {
        Real(f64),
        Whole(i128),
    }

    pub trait Number: Copy {
        /// What is expected, in words.
        const EXPECTED: &'static str;
        /// How it is written.
        const CODE: &'static str;
        fn read(found: Found) -> Option<Self>;
        fn bytes(self) -> [u8; 8];
        const SIZE: usize;
    }

    macro_rules! real {
        ($($t:ident $code:literal)*) => {$(
            impl Number for $t {
                const EXPECTED: &'static str = "numbers";
                const CODE: &'static str = $code;
                const SIZE: usize = size_of::<Self>();
                #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "rounds to the nearest")]
                fn read(found: Found) -> Option<Self> {
                    Some(match found {
                        Found::Real(real) => real as $t,
                        Found::Whole(whole) => whole as $t,
                    })
                }
                fn bytes(self) -> [u8; 8] {
                    let mut bytes = [0; 8];
                    bytes[..Self::SIZE].copy_from_slice(&self.to_le_bytes());
                    bytes
                }
            }
        )*};
    }
    real!(f32 "<f4" f64 "<f8");

    impl Number for usize {
        const EXPECTED: &'static str = "class indices";
        const CODE: &'static str = "<u8";
        const SIZE: usize = 8;
        fn read(found: Found) -> Option<Self> {
            match found {
                Found::Real(_) => None,
                Found::Whole(whole) => whole.try_into().ok(),
            }
        }
        fn bytes(self) -> [u8; 8] {
            (self as u64).to_le_bytes()
        }
    }
}

use sealed::Found;

/// Reads an array that `numpy.save` has written: of any real numbers, integers or truth values as `f32` or `f64`, of
/// integers that are not negative as `usize`.
///
/// ```
/// use autograd_core::data::{read_npy, write_npy};
/// use ndarray::{Array1, Array2, array};
/// # fn main() -> Result<(), autograd_core::data::DataError> {
/// # let path = std::env::temp_dir().join(format!("autograd-npy-{}.npy", std::process::id()));
/// write_npy(&path, &array![[1.0, 2.0], [3.0, 4.0]])?;
/// let x: Array2<f32> = read_npy(&path)?;
/// assert_eq!(x, array![[1.0, 2.0], [3.0, 4.0]]);
/// let error = read_npy::<f64, ndarray::Ix1>(&path).unwrap_err().to_string();
/// assert!(error.ends_with("expected an array of 1 axes, found shape [2, 2]"));
/// # std::fs::remove_file(&path).expect("it is there");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// If the file cannot be read, is not whole, has another number of axes, or other elements.
pub fn read_npy<A: Element, D: Dimension>(path: impl AsRef<Path>) -> Result<Array<A, D>, DataError> {
    let path = path.as_ref();
    let bytes = read_file(path).map_err(|error| file(path, error.into()))?;
    array_of(&bytes, path)
}

/// Writes an array for `numpy.load`, in place of what is there.
///
/// # Errors
/// If the file cannot be written.
pub fn write_npy<A: Element, D: Dimension>(
    path: impl AsRef<Path>,
    array: &ArrayBase<impl Data<Elem = A>, D>,
) -> Result<(), DataError> {
    let path = path.as_ref();
    replace(path, |to| write_array(to, array)).map_err(|error| file(path, error.into()))
}

/// Writes an array as a file has it.
pub(super) fn write_array<A: Element, D: Dimension>(
    to: &mut (impl Write + ?Sized),
    array: &ArrayBase<impl Data<Elem = A>, D>,
) -> io::Result<()> {
    // A tuple of Python's: a comma behind each.
    let shape = format!("{:?}", array.shape()).replace(['[', ']'], "");
    let comma = if array.ndim() == 1 { "," } else { "" };
    let mut header = format!("{{'descr': '{}', 'fortran_order': False, 'shape': ({shape}{comma}), }}", A::CODE);
    // The elements start at a multiple of 64.
    let padding = (START + header.len() + 1).next_multiple_of(64) - (START + header.len() + 1);
    header.extend(std::iter::repeat_n(' ', padding));
    header.push('\n');
    let length = u16::try_from(header.len()).map_err(io::Error::other)?;
    to.write_all(MAGIC)?;
    to.write_all(&[1, 0])?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(header.as_bytes())?;
    array.iter().try_for_each(|&element| to.write_all(&element.bytes()[..A::SIZE]))
}

const MAGIC: &[u8] = b"\x93NUMPY";
/// Where the header starts in version 1: behind magic, version and length.
const START: usize = 10;

fn file(path: &Path, error: Failure) -> DataError {
    DataError::File { path: path.to_owned(), error }
}

/// The array of a file; `path` is for messages.
pub(super) fn array_of<A: Element, D: Dimension>(bytes: &[u8], path: &Path) -> Result<Array<A, D>, DataError> {
    let (header, elements) =
        split(bytes).ok_or_else(|| file(path, "this is no npy file, or not a whole one".into()))?;
    let no_header = || file(path, format!("this is no header of an npy file: {}", header.trim()).into());
    let (code, shape) = (quoted(header, "descr"), shape(header).ok_or_else(no_header)?);
    let is_fortran = value(header, "fortran_order").ok_or_else(no_header)?.starts_with("True");
    let elements_error =
        |found: &str| DataError::Elements { path: path.to_owned(), expected: A::EXPECTED, found: found.to_owned() };
    let code = code.ok_or_else(|| elements_error(value(header, "descr").unwrap_or("nothing")))?;
    let kind = Kind::of(code).ok_or_else(|| elements_error(&format!("elements of type {code}")))?;
    let length = shape.iter().try_fold(kind.size, |size, extent| size.checked_mul(*extent));
    if length != Some(elements.len()) {
        let message = format!("shape {shape:?} does not go with {} bytes of type {code}", elements.len());
        return Err(file(path, message.into()));
    }
    let read = |bytes: &[u8]| {
        let found = kind.read(bytes);
        A::read(found).ok_or_else(|| match found {
            Found::Real(_) => elements_error(&format!("elements of type {code}")),
            Found::Whole(whole) => elements_error(&whole.to_string()),
        })
    };
    let values = elements.chunks_exact(kind.size).map(read).collect::<Result<Vec<A>, _>>()?;
    let array =
        ArrayD::from_shape_vec(shape.clone().set_f(is_fortran), values).map_err(|error| file(path, error.into()))?;
    let expected = D::NDIM.unwrap_or(shape.len());
    array.into_dimensionality().map_err(|_| DataError::Axes { path: path.to_owned(), expected, found: shape })
}

/// The header and the elements.
fn split(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (version, rest) = rest.split_first_chunk::<2>()?;
    let (length, rest) = if version[0] == 1 {
        let (length, rest) = rest.split_first_chunk()?;
        (u16::from_le_bytes(*length).into(), rest)
    } else {
        let (length, rest) = rest.split_first_chunk()?;
        (usize::try_from(u32::from_le_bytes(*length)).ok()?, rest)
    };
    let (header, elements) = rest.split_at_checked(length)?;
    Some((std::str::from_utf8(header).ok()?, elements))
}

/// What stands behind a key of the header.
fn value<'h>(header: &'h str, key: &str) -> Option<&'h str> {
    let (_, rest) = header.split_once(&format!("'{key}':"))?;
    Some(rest.trim())
}

fn quoted<'h>(header: &'h str, key: &str) -> Option<&'h str> {
    value(header, key)?.strip_prefix('\'')?.split_once('\'').map(|(text, _)| text)
}

fn shape(header: &str) -> Option<Vec<usize>> {
    let (extents, _) = value(header, "shape")?.strip_prefix('(')?.split_once(')')?;
    let extents = extents.split(',').map(str::trim).filter(|extent| !extent.is_empty());
    extents.map(|extent| extent.trim_end_matches('L').parse().ok()).collect()
}

/// The type of elements.
#[derive(Clone, Copy)]
struct Kind {
    letter: u8,
    size: usize,
    is_big_endian: bool,
}

impl Kind {
    /// `<f8`, `|u1`, `>i4`, `|b1`
    fn of(code: &str) -> Option<Self> {
        let (order, rest) = code.split_at_checked(1)?;
        let (letter, size) = rest.split_at_checked(1)?;
        let (letter, size) = (letter.as_bytes()[0], size.parse().ok()?);
        let fits = match letter {
            b'f' => matches!(size, 4 | 8),
            b'i' | b'u' => matches!(size, 1 | 2 | 4 | 8),
            b'b' => size == 1,
            _ => false,
        };
        (fits && "<>|=".contains(order)).then_some(Self { letter, size, is_big_endian: order == ">" })
    }

    /// One element of so many bytes.
    fn read(self, bytes: &[u8]) -> Found {
        let mut little = [0; 8];
        little[..self.size].copy_from_slice(bytes);
        if self.is_big_endian {
            little[..self.size].reverse();
        }
        let whole = u64::from_le_bytes(little);
        match (self.letter, self.size) {
            (b'f', 4) => {
                let [a, b, c, d, ..] = little;
                Found::Real(f32::from_le_bytes([a, b, c, d]).into())
            }
            (b'f', _) => Found::Real(f64::from_bits(whole)),
            (b'i', size) => {
                // The sign moves up to the highest bit, and down again.
                let unused = 64 - 8 * size;
                Found::Whole(((whole << unused).cast_signed() >> unused).into())
            }
            _ => Found::Whole(whole.into()),
        }
    }
}
