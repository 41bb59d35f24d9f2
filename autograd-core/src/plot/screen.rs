//! Points and curves as text.

use std::fmt;
use std::ops::Range;

use super::figure::{Axis, Layer, Scale, Shape, extent};

const COLUMNS: usize = 61;
const ROWS: usize = 16;

/// The marks of points and of lines, by the place of their layer.
const POINTS: [char; 6] = ['o', 'x', '+', '*', '#', '@'];
const LINES: [char; 6] = ['·', '-', '~', '=', ':', '^'];

/// A picture made of characters, over a range of x and a range of y. What is outside is not drawn.
///
/// ```
/// let mut screen = autograd_core::plot::Screen::new(0.0..1.0, 0.0..1.0);
/// screen.curve(|x| x * x, '·');
/// screen.points([(0.5, 0.5)], 'o');
/// println!("{screen}");
/// ```
#[derive(Clone, Debug)]
pub struct Screen {
    x: Range<f64>,
    y: Range<f64>,
    cells: [[char; COLUMNS]; ROWS],
}

impl Screen {
    /// An empty screen.
    #[must_use]
    pub fn new(x: Range<f64>, y: Range<f64>) -> Self {
        Self { x, y, cells: [[' '; COLUMNS]; ROWS] }
    }

    /// Draws a mark at each point.
    pub fn points(&mut self, points: impl IntoIterator<Item = (f64, f64)>, mark: char) {
        for (x, y) in points {
            if let (Some(column), Some(row)) = (cell(x, &self.x, COLUMNS), cell(y, &self.y, ROWS)) {
                self.cells[ROWS - 1 - row][column] = mark;
            }
        }
    }

    /// Draws a curve, one mark to a column.
    pub fn curve(&mut self, f: impl Fn(f64) -> f64, mark: char) {
        let step = (self.x.end - self.x.start) / float(COLUMNS - 1);
        let start = self.x.start;
        self.points((0..COLUMNS).map(|column| start + step * float(column)).map(|x| (x, f(x))), mark);
    }

    /// Draws the line through points, straight between two of them.
    fn line(&mut self, points: &[(f64, f64)], mark: char) {
        for pair in points.windows(2) {
            let ((x, y), (to_x, to_y)) = (pair[0], pair[1]);
            let across = |from: f64, to: f64, range: &Range<f64>, cells: usize| {
                ((to - from) / (range.end - range.start) * float(cells)).abs()
            };
            let steps = across(x, to_x, &self.x, COLUMNS).max(across(y, to_y, &self.y, ROWS)).min(200.0);
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 200")]
            let steps = (2.0 * steps) as usize + 1;
            let share = |step: usize| float(step) / float(steps);
            let line = (0..=steps).map(|step| (x + (to_x - x) * share(step), y + (to_y - y) * share(step)));
            self.points(line, mark);
        }
        if points.len() == 1 {
            self.points(points.iter().copied(), mark);
        }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, label: impl Fn(f64) -> String) -> fmt::Result {
        let names = [label(self.y.end), label(self.y.start)];
        let room = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).max(5);
        for (row, cells) in self.cells.iter().enumerate() {
            let name = match row {
                0 => &*names[0],
                row if row == ROWS - 1 => &*names[1],
                _ => "",
            };
            writeln!(f, "{name:>room$} │{}", cells.iter().collect::<String>().trim_end())?;
        }
        writeln!(f, "{:>room$} └{}", "", "─".repeat(COLUMNS))
    }
}

impl fmt::Display for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, |value| format!("{value:.0}"))?;
        writeln!(f, "{:>5}  {:<30.0}{:>31.0}", "", self.x.start, self.x.end)
    }
}

/// The cell of a value, if it is in the range.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
fn cell(value: f64, range: &Range<f64>, cells: usize) -> Option<usize> {
    let place = ((value - range.start) / (range.end - range.start) * float(cells - 1)).round();
    (place >= 0.0 && place < float(cells)).then_some(place as usize)
}

#[allow(clippy::cast_precision_loss, reason = "a screen has few cells")]
fn float(count: usize) -> f64 {
    count as f64
}

/// A chart in characters: its title, its layers, what the ends of the axes are, and a line for each layer with a name.
pub(super) fn write(f: &mut fmt::Formatter<'_>, title: &str, layers: &[Layer], (x, y): (&Axis, &Axis)) -> fmt::Result {
    let (across, up) = extent(layers, (x.scale, y.scale));
    let range = |scale: Scale, range: &Range<f64>| scale.place(range.start)..scale.place(range.end);
    let mut screen = Screen::new(range(x.scale, &across), range(y.scale, &up));
    let at = |&(a, b): &(f64, f64)| (x.scale.place(a), y.scale.place(b));
    let mut legend = Vec::new();
    for layer in layers {
        let mark = match &layer.shape {
            Shape::Points(points) => {
                let mark = POINTS[layer.color % POINTS.len()];
                screen.points(points.iter().map(at), mark);
                mark
            }
            Shape::Line(points) => {
                let mark = LINES[layer.color % LINES.len()];
                screen.line(&points.iter().map(at).collect::<Vec<_>>(), mark);
                mark
            }
            Shape::Band(band) => {
                let edge = |upper: bool| band.iter().map(move |&(x, low, high)| (x, if upper { high } else { low }));
                screen.line(&edge(true).map(|point| at(&point)).collect::<Vec<_>>(), '\'');
                screen.line(&edge(false).map(|point| at(&point)).collect::<Vec<_>>(), '.');
                '\''
            }
            Shape::Regions { columns, classes, .. } => {
                regions(&mut screen, *columns, classes);
                ' '
            }
        };
        if !layer.name.is_empty() {
            legend.push(format!("{mark} {}", layer.name));
        }
    }
    writeln!(f, "{title}")?;
    screen.write(f, |value| short(y.scale.value(value)))?;
    let [left, right] = [short(across.start), short(across.end)];
    let label = if y.label.is_empty() { x.label.clone() } else { format!("{} over {}", y.label, x.label) };
    writeln!(f, "{:>5}  {left:<12}{label:^37}{right:>12}", "")?;
    if legend.is_empty() { Ok(()) } else { writeln!(f, "{:>5}  {}", "", legend.join("    ")) }
}

/// Where the class changes from one cell to a neighbour, a dot.
fn regions(screen: &mut Screen, columns: usize, classes: &[usize]) {
    let rows = classes.len() / columns.max(1);
    let class = |row: usize, column: usize| {
        let scaled = |place: usize, cells: usize, all: usize| (place * all / cells).min(all - 1);
        classes[scaled(row, ROWS, rows) * columns + scaled(column, COLUMNS, columns)]
    };
    for row in 0..ROWS {
        for column in 0..COLUMNS {
            let own = class(row, column);
            let is_edge = column + 1 < COLUMNS && class(row, column + 1) != own
                || row + 1 < ROWS && class(row + 1, column) != own;
            if is_edge {
                screen.cells[ROWS - 1 - row][column] = '·';
            }
        }
    }
}

/// A number at the end of an axis.
fn short(value: f64) -> String {
    let rounded = format!("{value:.2e}").parse::<f64>().unwrap_or(value);
    let is_plain = value == 0.0 || (1e-3..1e5).contains(&value.abs());
    if is_plain { rounded.to_string() } else { format!("{rounded:e}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_and_what_is_outside() {
        let mut screen = Screen::new(0.0..1.0, 0.0..1.0);
        screen.points([(0.0, 0.0), (1.0, 1.0), (2.0, 0.5), (0.5, f64::NAN)], 'o');
        let marks: Vec<(usize, usize)> = (0..ROWS)
            .flat_map(|row| (0..COLUMNS).map(move |column| (row, column)))
            .filter(|&(row, column)| screen.cells[row][column] == 'o')
            .collect();
        assert_eq!(marks, [(0, COLUMNS - 1), (ROWS - 1, 0)]);
    }

    #[test]
    fn lines_have_no_gaps() {
        let mut screen = Screen::new(0.0..1.0, 0.0..1.0);
        screen.line(&[(0.0, 0.0), (1.0, 1.0)], '·');
        assert!((0..COLUMNS).all(|column| screen.cells.iter().any(|row| row[column] == '·')));
        assert!(screen.cells.iter().all(|row| row.contains(&'·')));
    }
}
