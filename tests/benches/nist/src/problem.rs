//! NIST's files: starts, certified values, data.

use std::path::Path;

use ndarray::Array1;

/// What a file says.
pub struct Problem {
    pub name: String,
    pub starts: [Vec<f64>; 2],
    pub certified: Vec<f64>,
    pub deviations: Vec<f64>,
    pub sum: f64,
    /// The columns of the data: y, then what predicts it.
    pub columns: Vec<Array1<f64>>,
}

impl Problem {
    /// Reads a file as NIST publishes it: `  b1 =   500   250   2.3894212918E+02  2.7070075241E+00`, and the data below the
    /// last line that begins with `Data:`.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let lines: Vec<&str> = text.lines().collect();
        let numbers = |line: &str| line.split_whitespace().map_while(|word| word.parse().ok()).collect::<Vec<f64>>();
        let rows: Vec<Vec<f64>> = lines
            .iter()
            .filter_map(|line| line.trim_start().strip_prefix('b')?.split_once('='))
            .map(|(_, values)| numbers(values))
            .filter(|row| row.len() == 4)
            .collect();
        let column = |rows: &[Vec<f64>], column: usize| rows.iter().map(|row| row[column]).collect::<Vec<f64>>();
        let sum = lines.iter().find_map(|line| line.strip_prefix("Residual Sum of Squares:"));
        let data = lines.iter().rposition(|line| line.starts_with("Data:"));
        let (Some(sum), Some(data), false) = (sum, data, rows.is_empty()) else {
            return Err(format!("{} is no file of NIST's nonlinear regression", path.display()));
        };
        let data: Vec<Vec<f64>> = lines[data + 1..].iter().map(|line| numbers(line)).filter(|r| r.len() > 1).collect();
        Ok(Self {
            name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            starts: [column(&rows, 0), column(&rows, 1)],
            certified: column(&rows, 2),
            deviations: column(&rows, 3),
            sum: numbers(sum)[0],
            columns: (0..data[0].len()).map(|place| column(&data, place).into()).collect(),
        })
    }
}
