//! Figures as data: layers of points, lines, bands and regions over two axes, or a table of counts.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::Path;

use super::{bitmap, draw, screen, table};

/// How many cells a decision boundary is looked for in, along each axis.
const CELLS: usize = 100;

/// A picture of numbers. See the [module](super).
#[derive(Clone, Debug)]
pub struct Figure {
    pub(super) title: String,
    pub(super) content: Content,
    /// In pixels.
    pub(super) size: (u32, u32),
}

/// What a figure shows.
#[derive(Clone, Debug)]
pub(super) enum Content {
    /// Layers over two axes.
    Chart { layers: Vec<Layer>, x: Axis, y: Axis },
    /// How often each class (a row) was taken for each (a column).
    Confusion { counts: Vec<Vec<usize>>, names: Vec<String> },
}

/// An axis.
#[derive(Clone, Debug, Default)]
pub(super) struct Axis {
    pub(super) label: String,
    pub(super) scale: Scale,
}

/// How numbers become places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Scale {
    /// Even.
    #[default]
    Linear,
    /// By powers of ten.
    Logarithmic,
}

#[allow(clippy::disallowed_methods, reason = "a picture need not have the same bits everywhere")]
impl Scale {
    /// Where a number stands on an even axis.
    pub(super) fn place(self, value: f64) -> f64 {
        if self == Self::Logarithmic { value.ln() } else { value }
    }

    /// The number that stands there.
    pub(super) fn value(self, place: f64) -> f64 {
        if self == Self::Logarithmic { place.exp() } else { place }
    }
}

/// A layer of a chart: later ones lie above.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    /// What the legend says; nothing, if it is empty.
    pub(super) name: String,
    /// Which of the colours.
    pub(super) color: usize,
    pub(super) shape: Shape,
}

/// What a layer is made of.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Points(Vec<(f64, f64)>),
    Line(Vec<(f64, f64)>),
    /// Between two curves: x, lower, upper.
    Band(Vec<(f64, f64, f64)>),
    /// The class of each cell of a grid over the ranges, row by row from below.
    Regions {
        x: Range<f64>,
        y: Range<f64>,
        columns: usize,
        classes: Vec<usize>,
    },
}

/// Numbers that are drawn: slices, vectors, and arrays of one axis, by reference.
pub trait Numbers {
    /// Them, one after the other.
    fn numbers(self) -> Vec<f64>;
}

impl<'a, T: Copy + Into<f64> + 'a, I: IntoIterator<Item = &'a T>> Numbers for I {
    fn numbers(self) -> Vec<f64> {
        self.into_iter().map(|&number| number.into()).collect()
    }
}

fn pairs(x: impl Numbers, y: impl Numbers) -> Vec<(f64, f64)> {
    let (x, y) = (x.numbers(), y.numbers());
    assert_eq!(x.len(), y.len(), "as many x as y");
    x.into_iter().zip(y).collect()
}

#[allow(clippy::cast_precision_loss, reason = "what is drawn is counted in thousands")]
fn float(count: usize) -> f64 {
    count as f64
}

impl Figure {
    fn chart(title: &str, labels: (&str, &str), layers: Vec<Layer>) -> Self {
        let axis = |label: &str| Axis { label: label.to_owned(), scale: Scale::Linear };
        let content = Content::Chart { layers, x: axis(labels.0), y: axis(labels.1) };
        Self { title: title.to_owned(), content, size: (720, 480) }
    }

    /// Data as points, to be seen with a [`line`](Self::line) and a [`band`](Self::band).
    ///
    /// # Panics
    /// If there are not as many `x` as `y`; so do the others that take both.
    #[must_use]
    pub fn fit(title: &str, x: impl Numbers, y: impl Numbers) -> Self {
        let data = Layer { name: "data".to_owned(), color: 0, shape: Shape::Points(pairs(x, y)) };
        Self::chart(title, ("x", "y"), vec![data])
    }

    /// The numbers of each epoch, or of each step: losses, metrics. The axis is logarithmic where they are positive and
    /// their magnitudes differ.
    #[must_use]
    pub fn history<T: Copy + Into<f64>>(title: &str, series: &[(&str, &[T])]) -> Self {
        let layers = series.iter().enumerate().map(|(color, (name, values))| {
            let points = values.iter().enumerate().map(|(epoch, &value)| (float(epoch + 1), value.into()));
            Layer { name: (*name).to_owned(), color, shape: Shape::Line(points.collect()) }
        });
        let mut figure = Self::chart(title, ("epoch", ""), layers.collect());
        let values = || series.iter().flat_map(|(_, values)| values.iter().map(|&value| value.into()));
        let finite = || values().filter(|value: &f64| value.is_finite());
        let (low, high) =
            finite().fold((f64::INFINITY, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
        if let Content::Chart { y, .. } = &mut figure.content
            && low > 0.0
            && high > 30.0 * low
        {
            y.scale = Scale::Logarithmic;
        }
        figure
    }

    /// Points by their class, over the regions that a classifier gives to each class.
    ///
    /// # Panics
    /// If there are not as many labels as points.
    #[must_use]
    pub fn decision<T: Copy + Into<f64>>(
        title: &str,
        points: &[(T, T)],
        labels: &[usize],
        mut classify: impl FnMut(f64, f64) -> usize,
    ) -> Self {
        assert_eq!(points.len(), labels.len(), "a label for each point");
        let points: Vec<(f64, f64)> = points.iter().map(|&(x, y)| (x.into(), y.into())).collect();
        let x = span(points.iter().map(|point| point.0), Scale::Linear);
        let y = span(points.iter().map(|point| point.1), Scale::Linear);
        let centre = |range: &Range<f64>, cell: usize| {
            range.start + (range.end - range.start) * (float(cell) + 0.5) / float(CELLS)
        };
        let cells = (0..CELLS).flat_map(|row| (0..CELLS).map(move |column| (row, column)));
        let classes = cells.map(|(row, column)| classify(centre(&x, column), centre(&y, row))).collect();
        let regions = Shape::Regions { x, y, columns: CELLS, classes };
        let mut layers = vec![Layer { name: String::new(), color: 0, shape: regions }];
        for class in 0..labels.iter().max().map_or(0, |largest| largest + 1) {
            let own =
                points.iter().zip(labels).filter(|&(_, &label)| label == class).map(|(&point, _)| point).collect();
            layers.push(Layer { name: format!("class {class}"), color: class, shape: Shape::Points(own) });
        }
        Self::chart(title, ("x", "y"), layers)
    }

    /// How often each class, a row, was taken for each class, a column.
    ///
    /// # Panics
    /// If there are not as many names, rows and columns.
    #[must_use]
    pub fn confusion(title: &str, counts: &[&[usize]], names: &[&str]) -> Self {
        let is_square = counts.len() == names.len() && counts.iter().all(|row| row.len() == names.len());
        assert!(is_square, "a row and a column for each class");
        let counts = counts.iter().map(|row| row.to_vec()).collect();
        let names = names.iter().map(|&name| name.to_owned()).collect();
        Self { title: title.to_owned(), content: Content::Confusion { counts, names }, size: (560, 520) }
    }

    /// What is observed less what is predicted, over what is predicted.
    ///
    /// # Panics
    /// If there are not as many predictions as observations.
    #[must_use]
    pub fn residuals(title: &str, predicted: impl Numbers, observed: impl Numbers) -> Self {
        let points: Vec<(f64, f64)> = pairs(predicted, observed).into_iter().map(|(x, y)| (x, y - x)).collect();
        let x = span(points.iter().map(|point| point.0), Scale::Linear);
        let zero = Layer { name: String::new(), color: 1, shape: Shape::Line(vec![(x.start, 0.0), (x.end, 0.0)]) };
        let layers = vec![zero, Layer { name: String::new(), color: 0, shape: Shape::Points(points) }];
        Self::chart(title, ("predicted", "observed - predicted"), layers)
    }

    /// The same chart with a curve.
    ///
    /// # Panics
    /// If there are not as many `x` as `y`, or it is no chart; so do [`points`](Self::points) and [`band`](Self::band).
    #[must_use]
    pub fn line(self, name: &str, x: impl Numbers, y: impl Numbers) -> Self {
        self.with(name, Shape::Line(sorted(pairs(x, y))))
    }

    /// The same chart with more points.
    #[must_use]
    pub fn points(self, name: &str, x: impl Numbers, y: impl Numbers) -> Self {
        self.with(name, Shape::Points(pairs(x, y)))
    }

    /// The same chart with a band between two curves: of confidence, of prediction.
    #[must_use]
    pub fn band(self, name: &str, x: impl Numbers, low: impl Numbers, high: impl Numbers) -> Self {
        let x = x.numbers();
        let (low, high) = (pairs(&x, low), pairs(&x, high));
        let mut band: Vec<(f64, f64, f64)> =
            low.iter().zip(high).map(|(&(x, low), (_, high))| (x, low, high)).collect();
        band.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.with(name, Shape::Band(band))
    }

    fn with(mut self, name: &str, shape: Shape) -> Self {
        let Content::Chart { layers, .. } = &mut self.content else { panic!("a matrix has no axes to draw over") };
        let color = layers.len();
        let layer = Layer { name: name.to_owned(), color, shape };
        // A band lies below everything.
        if matches!(layer.shape, Shape::Band(_)) {
            layers.insert(0, layer);
        } else {
            layers.push(layer);
        }
        self
    }

    /// What stands at the axes.
    #[must_use]
    pub fn axes(mut self, x: &str, y: &str) -> Self {
        if let Content::Chart { x: across, y: up, .. } = &mut self.content {
            (across.label, up.label) = (x.to_owned(), y.to_owned());
        }
        self
    }

    /// How large pictures are, in pixels.
    #[must_use]
    pub fn size(mut self, width: u32, height: u32) -> Self {
        self.size = (width.max(160), height.max(120));
        self
    }

    /// The figure as SVG.
    #[must_use]
    pub fn svg(&self) -> String {
        draw::svg(self)
    }

    /// The figure as the bytes of a PNG.
    #[must_use]
    pub fn png(&self) -> Vec<u8> {
        bitmap::png(self)
    }

    /// The figure for the page of `look`: its title, and itself.
    #[must_use]
    pub fn for_page(&self) -> (String, String) {
        (self.title.clone(), self.svg())
    }

    /// Writes the figure to a file: as PNG where its name ends in `.png`, else as SVG.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let path = path.as_ref();
        let is_png = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("png"));
        if is_png { std::fs::write(path, self.png()) } else { std::fs::write(path, self.svg()) }
    }
}

impl fmt::Display for Figure {
    /// The figure in characters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            Content::Chart { layers, x, y } => screen::write(f, &self.title, layers, (x, y)),
            Content::Confusion { counts, names } => table::write(f, &self.title, counts, names),
        }
    }
}

/// The numbers of x and those of y.
pub(super) fn extent(layers: &[Layer], scales: (Scale, Scale)) -> (Range<f64>, Range<f64>) {
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for layer in layers {
        match &layer.shape {
            Shape::Points(points) | Shape::Line(points) => {
                x.extend(points.iter().map(|point| point.0));
                y.extend(points.iter().map(|point| point.1));
            }
            Shape::Band(band) => {
                x.extend(band.iter().map(|part| part.0));
                y.extend(band.iter().flat_map(|part| [part.1, part.2]));
            }
            // The picture ends where they do.
            Shape::Regions { x, y, .. } => return (x.clone(), y.clone()),
        }
    }
    // Curves alone fill the picture from side to side.
    let is_tight = layers.iter().all(|layer| matches!(layer.shape, Shape::Line(_)));
    let finite = || x.iter().copied().filter(|x| x.is_finite());
    let ends = finite().fold(f64::INFINITY, f64::min)..finite().fold(f64::NEG_INFINITY, f64::max);
    let across = if is_tight && ends.start < ends.end { ends } else { span(x.iter().copied(), scales.0) };
    (across, span(y.into_iter(), scales.1))
}

/// From the least to the greatest of numbers, and a little more; of what is no number nothing.
pub(super) fn span(values: impl Iterator<Item = f64>, scale: Scale) -> Range<f64> {
    let is_place = |value: &f64| value.is_finite() && (scale == Scale::Linear || *value > 0.0);
    let (low, high) = values
        .filter(is_place)
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    match (low <= high, scale) {
        (false, Scale::Linear) => 0.0..1.0,
        (false, Scale::Logarithmic) => 0.1..1.0,
        (true, Scale::Logarithmic) => low / 1.2..high * 1.2,
        (true, Scale::Linear) => {
            // Where all are one number, there is room around it that can be told from it.
            let room = ((high - low) * 0.05).max(1e-9 * low.abs().max(high.abs()));
            let room = if room > 0.0 { room } else { 0.5 };
            low - room..high + room
        }
    }
}

fn sorted(mut points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    points
}
