//! The safetensors format: 8 bytes of length, a header in JSON, and the numbers of all tensors.
//!
//! Files are written here, always the same bytes for the same snapshot, and read by the `safetensors` crate, which checks
//! every length against the file. A checksum among the metadata tells files that were damaged later; files without one are
//! read too. Other programs read them too: `safetensors.numpy.load_file("net.safetensors")`.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;

use safetensors::{Dtype, SafeTensors};

use super::error::SaveError;
use super::replace::{read_file, replace};
use super::snapshot::{Snapshot, Stored, Values};
use super::source::FromTensors;
use crate::model::Parameters;

impl Snapshot {
    /// Writes a safetensors file. Whoever reads `path` finds the old file or the new one, whole: see
    /// [`replace`](super::replace()).
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), SaveError> {
        let path = path.as_ref();
        replace(path, |file| self.write(file)).map_err(|error| SaveError::Io(error).of(path))
    }

    /// Reads a safetensors file.
    ///
    /// # Errors
    /// If it cannot be read, or is not whole.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, SaveError> {
        let path = path.as_ref();
        let read = read_file(path).map_err(SaveError::Io).and_then(|bytes| Self::from_bytes(&bytes));
        read.map_err(|error| error.of(path))
    }

    /// What a safetensors file is.
    ///
    /// # Panics
    /// Never: writing to memory does not fail.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write(&mut bytes).expect("writing to memory does not fail");
        bytes
    }

    /// Reads what a safetensors file is.
    ///
    /// # Errors
    /// If it is not whole.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SaveError> {
        check(bytes)?;
        let format = |error| SaveError::Format(Box::new(error));
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(format)?;
        let file = SafeTensors::deserialize(bytes).map_err(format)?;
        let mut snapshot = Self::new();
        snapshot.metadata.extend(header.metadata().clone().into_iter().flatten());
        snapshot.metadata.remove(CHECKSUM);
        for (name, tensor) in file.iter() {
            let numbers = tensor.data();
            let values = match tensor.dtype() {
                Dtype::F32 => {
                    let (numbers, _) = numbers.as_chunks();
                    Values::F32(numbers.iter().map(|&number| f32::from_le_bytes(number)).collect())
                }
                Dtype::F64 => {
                    let (numbers, _) = numbers.as_chunks();
                    Values::F64(numbers.iter().map(|&number| f64::from_le_bytes(number)).collect())
                }
                other => Values::Other(format!("{other:?}")),
            };
            snapshot.tensors.insert(name.to_owned(), Stored { shape: tensor.shape().to_vec(), values });
        }
        Ok(snapshot)
    }

    /// What stands in a file, with its checksum.
    fn write(&self, to: &mut dyn Write) -> io::Result<()> {
        let mut sum = Sum::default();
        self.write_with(&"0".repeat(DIGITS), &mut sum)?;
        self.write_with(&sum.digits(), to)
    }

    /// The header, padded to 8 bytes, then the numbers of `f64` and those of `f32`: all are aligned.
    fn write_with(&self, checksum: &str, to: &mut dyn Write) -> io::Result<()> {
        let mut tensors: Vec<(&String, &Stored)> =
            self.tensors.iter().filter(|(_, stored)| !matches!(stored.values, Values::Other(_))).collect();
        tensors.sort_by_key(|(_, stored)| matches!(stored.values, Values::F32(_)));
        let header = self.header(checksum, &tensors);
        to.write_all(&(header.len() as u64).to_le_bytes())?;
        to.write_all(header.as_bytes())?;
        for (_, stored) in tensors {
            match &stored.values {
                Values::F32(values) => values.iter().try_for_each(|value| to.write_all(&value.to_le_bytes()))?,
                Values::F64(values) => values.iter().try_for_each(|value| to.write_all(&value.to_le_bytes()))?,
                Values::Other(_) => {}
            }
        }
        Ok(())
    }

    fn header(&self, checksum: &str, tensors: &[(&String, &Stored)]) -> String {
        let mut header = format!("{START}{checksum}\"");
        for (key, value) in self.metadata.iter().filter(|(key, _)| *key != CHECKSUM) {
            let _ = write!(header, ",{}:{}", Json(key), Json(value));
        }
        header.push('}');
        let mut offset = 0;
        for (name, stored) in tensors {
            let (kind, size) = match &stored.values {
                Values::F32(values) => ("F32", values.len() * size_of::<f32>()),
                Values::F64(values) => ("F64", values.len() * size_of::<f64>()),
                Values::Other(_) => continue,
            };
            let _ = write!(
                header,
                ",{}:{{\"dtype\":\"{kind}\",\"shape\":{:?},\"data_offsets\":[{offset},{}]}}",
                Json(name),
                stored.shape,
                offset + size
            );
            offset += size;
        }
        header.push('}');
        let padded = header.len().next_multiple_of(8);
        header.extend(std::iter::repeat_n(' ', padded - header.len()));
        header
    }
}

/// The key of the checksum, and what a file starts with that has one, behind the length of its header.
const CHECKSUM: &str = "autograd.checksum";
const START: &str = "{\"__metadata__\":{\"autograd.checksum\":\"";
/// The length of a checksum.
const DIGITS: usize = 16;

/// Checks a file against its checksum, if it has one.
fn check(bytes: &[u8]) -> Result<(), SaveError> {
    let Some((length, rest)) = bytes.split_at_checked(8) else { return Ok(()) };
    let Some((digits, rest)) = rest.strip_prefix(START.as_bytes()).and_then(|rest| rest.split_at_checked(DIGITS))
    else {
        return Ok(());
    };
    let mut sum = Sum::default();
    for part in [length, START.as_bytes(), &[b'0'; DIGITS], rest] {
        sum.add(part);
    }
    if sum.digits().as_bytes() == digits {
        return Ok(());
    }
    let message = "it is damaged, or another program has changed it and kept `autograd.checksum` among the metadata";
    Err(SaveError::Format(message.into()))
}

/// A checksum of 64 bits. A change of 8 bytes or fewer that lie together is always found.
#[derive(Default)]
struct Sum {
    state: u64,
    /// Bytes that wait for others, and how many.
    rest: [u8; 8],
    waiting: usize,
}

impl Sum {
    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.rest[self.waiting] = byte;
            self.waiting += 1;
            if self.waiting == 8 {
                self.mix();
            }
        }
    }

    /// Takes eight bytes in. For given bytes each state has another next one, and for a given state each eight bytes have.
    fn mix(&mut self) {
        let word = u64::from_le_bytes(self.rest);
        self.state = (self.state ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29).wrapping_add(1);
        (self.rest, self.waiting) = ([0; 8], 0);
    }

    fn digits(&mut self) -> String {
        self.mix();
        format!("{:0DIGITS$x}", self.state)
    }
}

impl Write for Sum {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.add(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A text in JSON.
struct Json<'t>(&'t str);

impl std::fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_char('"')?;
        for letter in self.0.chars() {
            match letter {
                '"' | '\\' => write!(f, "\\{letter}")?,
                '\0'..='\u{1f}' => write!(f, "\\u{:04x}", u32::from(letter))?,
                _ => f.write_char(letter)?,
            }
        }
        f.write_char('"')
    }
}

/// Saving and loading as methods of every model, gradient and [`Standardizer`](crate::data::Standardizer).
///
/// ```
/// use autograd_core::{Saved, model, save::SaveError};
/// use ndarray::array;
///
/// model! { pub Plane<N, D> { param w: [D], b; input x: [N, D], y: [N]; loss = mean((x @ w + b - y)^2); } }
///
/// # fn main() -> Result<(), SaveError> {
/// # let path = std::env::temp_dir().join(format!("autograd-saved-{}.safetensors", std::process::id()));
/// let plane: Plane = Plane { w: array![1.0, 2.0], b: 3.0 };
/// plane.save(&path)?;
/// assert_eq!(Plane::load(&path)?, plane);                       // its sizes are those of the file
///
/// let mut other = Plane { w: array![0.0, 0.0, 0.0], b: 0.0 };
/// let error = other.load_from(&path).unwrap_err().to_string();  // here they must agree
/// assert!(error.ends_with("tensor `w` has shape [2] in the file but [3] in the model"));
/// # Ok(std::fs::remove_file(&path)?)
/// # }
/// ```
pub trait Saved: Parameters {
    /// Writes the parameters and states to a safetensors file, in place of what is there: at every moment there is the old
    /// file or the new one, whole.
    ///
    /// # Errors
    /// If the file cannot be written.
    fn save(&self, path: impl AsRef<Path>) -> Result<(), SaveError> {
        Snapshot::of(self).save(path)
    }

    /// Takes the parameters and states from a file. What has a section of its own there, as an optimiser's state has, is
    /// left alone.
    ///
    /// # Errors
    /// If the file is not whole, or a tensor is missing, one too many, has another shape or is made of other numbers. The
    /// model is unchanged then. [`Snapshot::cast`] allows other numbers.
    fn load_from(&mut self, path: impl AsRef<Path>) -> Result<(), SaveError> {
        let path = path.as_ref();
        Snapshot::load(path)?.fill("", self).map_err(|error| error.of(path))
    }

    /// The model of a file. Whether its sizes go together shows when it is first used.
    ///
    /// # Errors
    /// If the file is not whole, or a tensor is missing, one too many, has another number of axes or is made of other
    /// numbers.
    fn load(path: impl AsRef<Path>) -> Result<Self, SaveError>
    where
        Self: FromTensors,
    {
        let path = path.as_ref();
        Snapshot::load(path)?.get("").map_err(|error| error.of(path))
    }
}

impl<P: Parameters> Saved for P {}
