//! `NumPy`'s archives: several arrays by name (npz), compressed or not.

use std::fmt;
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Write};
use std::path::{Path, PathBuf};

use ndarray::{Array, ArrayBase, Data, Dimension};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::npy::{Element, array_of, write_array};
use super::{DataError, Failure};
use crate::save::replace;

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

/// An archive in the making, for `numpy.load`.
///
/// ```
/// use autograd_core::data::{Npz, NpzWriter};
/// use ndarray::{Array2, array};
/// # fn main() -> Result<(), autograd_core::data::DataError> {
/// # let path = std::env::temp_dir().join(format!("autograd-npz-{}.npz", std::process::id()));
/// let (x, label) = (array![[1.0, 2.0], [3.0, 4.0]], array![0_usize, 1]);
/// NpzWriter::new().array("x", &x).array("label", &label).compressed().write(&path)?;
/// assert_eq!(Npz::open(&path)?.array::<f64, _>("x")?, x);
/// # std::fs::remove_file(&path).expect("it is there");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
#[must_use = "nothing is written before `write`"]
pub struct NpzWriter {
    /// Names, and what files of single arrays would hold.
    arrays: Vec<(String, Vec<u8>)>,
    is_compressed: bool,
    failed: Option<String>,
}

impl NpzWriter {
    /// No arrays yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// With an array of `f32`, `f64` or class indices. No two may have one name.
    pub fn array<A: Element, D: Dimension>(
        mut self,
        name: impl Into<String>,
        array: &ArrayBase<impl Data<Elem = A>, D>,
    ) -> Self {
        let (name, mut bytes) = (name.into(), Vec::new());
        if let Err(error) = write_array(&mut bytes, array) {
            self.failed.get_or_insert_with(|| format!("array `{name}`: {error}"));
        }
        self.arrays.push((name, bytes));
        self
    }

    /// As `numpy.savez_compressed` does it; otherwise as `numpy.savez`.
    pub fn compressed(self) -> Self {
        Self { is_compressed: true, ..self }
    }

    /// Writes the archive, in place of what is there: all of it, or nothing where that fails.
    ///
    /// # Errors
    /// If the file cannot be written, or two arrays have one name.
    pub fn write(self, path: impl AsRef<Path>) -> Result<(), DataError> {
        let path = path.as_ref();
        let written = self.archive().and_then(|bytes| Ok(replace(path, |file| file.write_all(&bytes))?));
        written.map_err(|error| DataError::File { path: path.to_owned(), error })
    }

    fn archive(self) -> Result<Vec<u8>, Failure> {
        if let Some(failed) = self.failed {
            return Err(failed.into());
        }
        let method = if self.is_compressed { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in self.arrays {
            let is_large = u32::try_from(bytes.len()).is_err();
            let options = SimpleFileOptions::default().compression_method(method).large_file(is_large);
            archive.start_file(format!("{name}.npy"), options)?;
            archive.write_all(&bytes)?;
        }
        Ok(archive.finish()?.into_inner())
    }
}

impl fmt::Debug for NpzWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.arrays.iter().map(|(name, _)| name)).finish()
    }
}
