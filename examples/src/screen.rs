//! Points and curves as text.

use std::fmt;
use std::io::{IsTerminal, stdout};
use std::ops::Range;
use std::thread::sleep;
use std::time::Duration;

const COLUMNS: usize = 61;
const ROWS: usize = 16;

/// A picture made of characters, over a range of x and a range of y. What is outside is not drawn.
#[derive(Clone, Debug)]
pub struct Screen {
    x: Range<f32>,
    y: Range<f32>,
    cells: [[char; COLUMNS]; ROWS],
}

impl Screen {
    /// An empty screen.
    #[must_use]
    pub fn new(x: Range<f32>, y: Range<f32>) -> Self {
        Self { x, y, cells: [[' '; COLUMNS]; ROWS] }
    }

    /// Draws a mark at each point.
    pub fn points(&mut self, points: impl IntoIterator<Item = (f32, f32)>, mark: char) {
        for (x, y) in points {
            let column = cell(x, &self.x, COLUMNS);
            let row = cell(y, &self.y, ROWS);
            if let (Some(column), Some(row)) = (column, row) {
                self.cells[ROWS - 1 - row][column] = mark;
            }
        }
    }

    /// Draws a curve, one mark to a column.
    #[expect(clippy::cast_precision_loss, reason = "columns are few")]
    pub fn curve(&mut self, f: impl Fn(f32) -> f32, mark: char) {
        let step = (self.x.end - self.x.start) / (COLUMNS - 1) as f32;
        let start = self.x.start;
        self.points((0..COLUMNS).map(|column| start + step * column as f32).map(|x| (x, f(x))), mark);
    }

    /// Prints the screen and a line of text. In a terminal, `again` replaces what was printed last, after a pause in
    /// which it could be seen.
    pub fn show(&self, text: &str, again: bool) {
        if again && stdout().is_terminal() {
            sleep(Duration::from_millis(400));
            print!("\x1b[{}A\x1b[J", ROWS + 3);
        }
        println!("{self}{text}");
    }
}

impl fmt::Display for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (row, cells) in self.cells.iter().enumerate() {
            let label = match row {
                0 => format!("{:.0}", self.y.end),
                row if row == ROWS - 1 => format!("{:.0}", self.y.start),
                _ => String::new(),
            };
            writeln!(f, "{label:>5} │{}", cells.iter().collect::<String>().trim_end())?;
        }
        writeln!(f, "{:>5} └{}", "", "─".repeat(COLUMNS))?;
        writeln!(f, "{:>5}  {:<30.0}{:>31.0}", "", self.x.start, self.x.end)
    }
}

/// The cell of a value, if it is in the range.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "checked")]
fn cell(value: f32, range: &Range<f32>, cells: usize) -> Option<usize> {
    let place = ((value - range.start) / (range.end - range.start) * (cells - 1) as f32).round();
    (place >= 0.0 && place < cells as f32).then_some(place as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_and_what_is_outside() {
        let mut screen = Screen::new(0.0..1.0, 0.0..1.0);
        screen.points([(0.0, 0.0), (1.0, 1.0), (2.0, 0.5), (0.5, f32::NAN)], 'o');
        let marks: Vec<(usize, usize)> = (0..ROWS)
            .flat_map(|row| (0..COLUMNS).map(move |column| (row, column)))
            .filter(|&(row, column)| screen.cells[row][column] == 'o')
            .collect();
        assert_eq!(marks, [(0, COLUMNS - 1), (ROWS - 1, 0)]);
    }
}
