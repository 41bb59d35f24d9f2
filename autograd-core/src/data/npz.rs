//! `NumPy`'s archives: several arrays by name (npz), compressed or not.

use std::fmt;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use ndarray::{Array, Dimension};
use zip::ZipArchive;
use zip::result::ZipError;

use super::npy::{Element, array_of};
use super::{DataError, Failure};

/// An archive that `numpy.savez` or `numpy.savez_compressed` has written.
///
/// ```no_run
/// use autograd_core::data::Npz;
/// use ndarray::{Array1, Array2};
/// # fn main() -> Result<(), autograd_core::data::DataError> {
/// let mut file = Npz::open("digits.npz")?;
/// let (x, label): (Array2<f32>, Array1<usize>) = (file.array("x")?, file.array("label")?);
/// # Ok(())
/// # }
/// ```
pub struct Npz {
    path: PathBuf,
    archive: ZipArchive<BufReader<File>>,
}

impl Npz {
    /// Opens a file.
    ///
    /// # Errors
    /// If it cannot be read, or is no archive.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, DataError> {
        let path = path.as_ref().to_owned();
        let open = || -> Result<_, Failure> { Ok(ZipArchive::new(BufReader::new(File::open(&path)?))?) };
        match open() {
            Ok(archive) => Ok(Self { path, archive }),
            Err(error) => Err(DataError::File { path, error }),
        }
    }

    /// The names of the arrays.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.archive.file_names().map(|name| name.trim_end_matches(".npy").to_owned()).collect()
    }

    /// An array by its name: see [`read_npy`](super::read_npy).
    ///
    /// # Errors
    /// If there is none, it is damaged, has another number of axes, or other elements.
    pub fn array<A: Element, D: Dimension>(&mut self, name: &str) -> Result<Array<A, D>, DataError> {
        let known = self.names();
        let mut bytes = Vec::new();
        let read = match self.archive.by_name(&format!("{name}.npy")) {
            Ok(mut file) => file.read_to_end(&mut bytes).map(drop).map_err(Failure::from),
            Err(ZipError::FileNotFound) => {
                let (path, name) = (self.path.clone(), name.to_owned());
                return Err(DataError::Unknown { path, what: "array", name, known });
            }
            Err(error) => Err(error.into()),
        };
        read.map_err(|error| DataError::File { path: self.path.clone(), error })?;
        array_of(&bytes, &self.path.join(name))
    }
}

impl fmt::Debug for Npz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Npz").field("path", &self.path).finish_non_exhaustive()
    }
}
