//! Tables from CSV files: numbers and classes by the names of their columns.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use csv::{ErrorKind, Position, ReaderBuilder, StringRecord, Trim};
use ndarray::{Array1, Array2};

use super::DataError;
use crate::float::Float;

/// How a CSV file is read: fields between commas, quotes where they are needed, names in the first line.
///
/// ```
/// use autograd_core::data::Csv;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let path = std::env::temp_dir().join(format!("autograd-csv-{}.csv", std::process::id()));
/// # std::fs::write(&path, "# of a garden\nwidth;length;kind\n1.5;2;oak\n2.5;NA;elm\n")?;
/// let table = Csv::new().delimiter(';').comment('#').missing(["NA"]).read(&path)?;
/// let x = table.numbers::<f32>(["width", "length"])?;          // [lines, columns]
/// let (kind, names) = table.classes("kind")?;
/// assert!(x[[0, 1]] == 2.0 && x[[1, 1]].is_nan());
/// assert_eq!((kind.to_vec(), names), (vec![1, 0], vec!["elm".to_owned(), "oak".to_owned()]));
/// let error = table.column::<f64>("kind").unwrap_err().to_string();
/// assert!(error.ends_with("line 3, column 3 (`kind`): expected a number, found `oak`"));
/// # Ok(std::fs::remove_file(&path)?)
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Csv {
    delimiter: u8,
    comment: Option<u8>,
    has_names: bool,
    missing: Vec<String>,
}

impl Default for Csv {
    fn default() -> Self {
        Self::new()
    }
}

impl Csv {
    /// Commas, no comments, names in the first line, nothing missing.
    #[must_use]
    pub fn new() -> Self {
        Self { delimiter: b',', comment: None, has_names: true, missing: Vec::new() }
    }

    /// What stands between fields.
    ///
    /// # Panics
    /// If it is not an ASCII character.
    #[must_use]
    #[track_caller]
    pub fn delimiter(mut self, delimiter: char) -> Self {
        self.delimiter = ascii(delimiter);
        self
    }

    /// What lines start with that are not read.
    ///
    /// # Panics
    /// If it is not an ASCII character.
    #[must_use]
    #[track_caller]
    pub fn comment(mut self, start: char) -> Self {
        self.comment = Some(ascii(start));
        self
    }

    /// The first line has data too: the names of the columns are `0`, `1`, ….
    #[must_use]
    pub fn without_names(mut self) -> Self {
        self.has_names = false;
        self
    }

    /// Fields that stand for a number that is not there: NaN. `""` is an empty field.
    #[must_use]
    pub fn missing<S: Into<String>>(mut self, fields: impl IntoIterator<Item = S>) -> Self {
        self.missing.extend(fields.into_iter().map(Into::into));
        self
    }

    /// Reads a file.
    ///
    /// # Errors
    /// If it cannot be read, is not UTF-8, or has lines of different lengths.
    pub fn read(&self, path: impl AsRef<Path>) -> Result<Table, DataError> {
        let path = path.as_ref().to_owned();
        let mut builder = ReaderBuilder::new();
        builder.delimiter(self.delimiter).comment(self.comment).has_headers(self.has_names).trim(Trim::All);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => return Err(DataError::File { path, error: Box::new(error) }),
        };
        let read = || -> Result<_, csv::Error> {
            let mut reader = builder.from_reader(&*bytes);
            let names: Vec<String> = if self.has_names {
                reader.headers()?.iter().map(str::to_owned).collect()
            } else {
                (0..reader.headers()?.len()).map(|column| column.to_string()).collect()
            };
            Ok((names, reader.records().collect::<Result<Vec<_>, _>>()?))
        };
        match read() {
            Ok((names, records)) => {
                let lines = records.iter().map(|record| self.line(record.position(), &bytes)).collect();
                Ok(Table { path, names, records, lines, missing: self.missing.clone() })
            }
            Err(error) => match error.kind() {
                ErrorKind::UnequalLengths { pos, expected_len, len } => {
                    let line = self.line(pos.as_ref(), &bytes);
                    Err(DataError::Ragged {
                        path,
                        line,
                        expected: *expected_len,
                        found: *len,
                        first: self.first(&bytes),
                    })
                }
                _ => Err(DataError::File { path, error: Box::new(error) }),
            },
        }
    }

    /// How the first line that is read begins.
    fn first(&self, bytes: &[u8]) -> String {
        const SHOWN: usize = 30;
        let text = String::from_utf8_lossy(bytes);
        let is_read = |line: &&str| !line.is_empty() && line.bytes().next() != self.comment;
        let line = text.lines().find(is_read).unwrap_or_default();
        let shown: String = line.chars().take(SHOWN).collect();
        if shown.len() < line.len() { shown + "…" } else { shown }
    }

    /// The line that a record starts in: its position is that of the empty lines and comments before it.
    fn line(&self, position: Option<&Position>, bytes: &[u8]) -> u64 {
        let Some(position) = position else { return 0 };
        let rest = usize::try_from(position.byte()).ok().and_then(|start| bytes.get(start..)).unwrap_or_default();
        let is_skipped = |line: &&[u8]| {
            matches!(line, [] | [b'\r']) || line.first().is_some_and(|&first| Some(first) == self.comment)
        };
        let skipped = rest.split(|&byte| byte == b'\n').take_while(is_skipped).count();
        position.line() + skipped as u64
    }
}

#[track_caller]
fn ascii(letter: char) -> u8 {
    assert!(letter.is_ascii(), "`{letter}` is not an ASCII character");
    u8::try_from(u32::from(letter)).expect("ASCII is below 128")
}

/// What a CSV file holds: text, of which columns become arrays. [`Csv`] has an example.
#[derive(Clone, Debug)]
pub struct Table {
    path: PathBuf,
    names: Vec<String>,
    records: Vec<StringRecord>,
    /// The line that each starts in.
    lines: Vec<u64>,
    missing: Vec<String>,
}

impl Table {
    /// Reads a file with fields between commas and names in the first line; [`Csv`] reads others.
    ///
    /// # Errors
    /// If it cannot be read, is not UTF-8, or has lines of different lengths.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, DataError> {
        Csv::new().read(path)
    }

    /// The names of the columns.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many lines there are, the names not counted.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.records.len()
    }

    /// A column of numbers, `[rows]`.
    ///
    /// # Errors
    /// If there is no such column, or something in it is not a number.
    pub fn column<T: Float>(&self, name: &str) -> Result<Array1<T>, DataError> {
        let place = self.place(name)?;
        (0..self.rows()).map(|row| self.number(row, place)).collect()
    }

    /// Columns of numbers, `[rows, columns]`.
    ///
    /// # Errors
    /// If there is no such column, or something in one is not a number.
    ///
    /// # Panics
    /// If there is not enough memory.
    pub fn numbers<T: Float>(&self, names: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Array2<T>, DataError> {
        let places = names.into_iter().map(|name| self.place(name.as_ref())).collect::<Result<Vec<_>, _>>()?;
        self.numbers_at(&places)
    }

    fn numbers_at<T: Float>(&self, places: &[usize]) -> Result<Array2<T>, DataError> {
        let numbers = (0..self.rows()).flat_map(|row| places.iter().map(move |&place| self.number(row, place)));
        let numbers: Vec<T> = numbers.collect::<Result<_, _>>()?;
        Ok(Array2::from_shape_vec((self.rows(), places.len()), numbers).expect("each row has each column"))
    }

    /// All columns but these as numbers, `[rows, columns]`, in the order of the file.
    ///
    /// # Errors
    /// If one of these is no column, or something in another is not a number.
    pub fn numbers_except<T: Float>(
        &self,
        names: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<Array2<T>, DataError> {
        let others = names.into_iter().map(|name| self.place(name.as_ref())).collect::<Result<BTreeSet<_>, _>>()?;
        let kept: Vec<usize> = (0..self.names.len()).filter(|place| !others.contains(place)).collect();
        self.numbers_at(&kept)
    }

    /// A column of labels as class indices, `[rows]`, and the name of each class. Classes are in the order of their names:
    /// by value if all are integers, else by letters.
    ///
    /// # Errors
    /// If there is no such column, or a label is missing.
    pub fn classes(&self, name: &str) -> Result<(Array1<usize>, Vec<String>), DataError> {
        let place = self.place(name)?;
        let mut names: Vec<String> = self
            .records
            .iter()
            .map(|record| &record[place])
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(str::to_owned)
            .collect();
        if let Ok(values) = names.iter().map(|name| name.parse()).collect::<Result<Vec<i64>, _>>() {
            let mut order: Vec<(i64, String)> = values.into_iter().zip(names).collect();
            order.sort();
            names = order.into_iter().map(|(_, name)| name).collect();
        }
        Ok((self.classes_of(name, &names)?, names))
    }

    /// A column of labels as class indices, by names that are known: those that a model was trained with.
    ///
    /// # Errors
    /// If there is no such column, or a label is not among the names, or missing.
    pub fn classes_of(&self, name: &str, names: &[String]) -> Result<Array1<usize>, DataError> {
        let place = self.place(name)?;
        let classes: BTreeMap<&str, usize> = names.iter().map(|name| &**name).zip(0..).collect();
        let class = |row: usize| {
            let label = &self.records[row][place];
            if label.is_empty() || self.missing.iter().any(|missing| missing == label) {
                return Err(self.unexpected(row, place, "a label"));
            }
            classes
                .get(label)
                .copied()
                .ok_or_else(|| self.unexpected(row, place, &format!("one of {}", names.join(", "))))
        };
        (0..self.rows()).map(class).collect()
    }

    fn place(&self, name: &str) -> Result<usize, DataError> {
        let unknown = || DataError::Unknown {
            path: self.path.clone(),
            what: "column",
            name: name.to_owned(),
            known: self.names.clone(),
        };
        let mut places = (0..self.names.len()).filter(|&place| self.names[place] == name);
        let place = places.next().ok_or_else(unknown)?;
        if places.next().is_some() {
            let error = format!("there are two columns `{name}`").into();
            return Err(DataError::File { path: self.path.clone(), error });
        }
        Ok(place)
    }

    fn number<T: Float>(&self, row: usize, place: usize) -> Result<T, DataError> {
        let field = &self.records[row][place];
        if self.missing.iter().any(|missing| missing == field) {
            return Ok(T::NAN);
        }
        field.parse().map(T::from_f64).map_err(|_| self.unexpected(row, place, "a number"))
    }

    fn unexpected(&self, row: usize, place: usize, expected: &str) -> DataError {
        DataError::Field {
            path: self.path.clone(),
            line: self.lines[row],
            column: place + 1,
            name: self.names[place].clone(),
            expected: expected.to_owned(),
            found: self.records[row][place].to_owned(),
        }
    }
}
