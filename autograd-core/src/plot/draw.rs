//! Figures drawn with `plotters`, on whatever it can draw on.

use std::ops::Range;

use plotters::coord::Shift;
use plotters::coord::ranged1d::ValueFormatter;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::figure::{Axis, Content, Figure, Layer, Scale, Shape, extent};

/// Colours that people who see red and green alike can tell apart (Okabe and Ito).
const COLORS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(90, 90, 90),
];

const FONT: &str = "sans-serif";

type Drawn<B> = Result<(), DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>>;
type Area<B> = DrawingArea<B, Shift>;

pub(super) fn svg(figure: &Figure) -> String {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, figure.size).into_drawing_area();
        draw(&area, figure, 1).expect("a text takes whatever is written");
    }
    text
}

fn color(place: usize) -> RGBColor {
    COLORS[place % COLORS.len()]
}

/// Draws a figure; `unit` is how many dots a pixel of its size is.
pub(super) fn draw<B: DrawingBackend>(area: &Area<B>, figure: &Figure, unit: i32) -> Drawn<B> {
    area.fill(&WHITE)?;
    match &figure.content {
        Content::Chart { layers, x, y } => chart(area, &figure.title, layers, (x, y), unit)?,
        Content::Confusion { counts, names } => confusion(area, &figure.title, counts, names, unit)?,
    }
    area.present()
}

fn chart<B: DrawingBackend>(
    area: &Area<B>,
    title: &str,
    layers: &[Layer],
    (x, y): (&Axis, &Axis),
    unit: i32,
) -> Drawn<B> {
    let corner = free_corner(layers, (x.scale, y.scale));
    let (across, up) = extent(layers, (x.scale, y.scale));
    let mut builder = ChartBuilder::on(area);
    builder.caption(title, (FONT, 18 * unit)).margin(10 * unit).margin_right(22 * unit);
    builder.x_label_area_size(42 * unit).y_label_area_size(66 * unit);
    match (x.scale, y.scale) {
        (Scale::Linear, Scale::Linear) => {
            layered(builder.build_cartesian_2d(across, up)?, layers, (x, y), (unit, corner))
        }
        (Scale::Linear, Scale::Logarithmic) => {
            layered(builder.build_cartesian_2d(across, up.log_scale())?, layers, (x, y), (unit, corner))
        }
        (Scale::Logarithmic, Scale::Linear) => {
            layered(builder.build_cartesian_2d(across.log_scale(), up)?, layers, (x, y), (unit, corner))
        }
        (Scale::Logarithmic, Scale::Logarithmic) => {
            layered(builder.build_cartesian_2d(across.log_scale(), up.log_scale())?, layers, (x, y), (unit, corner))
        }
    }
}

/// A chart that is being drawn.
type Chart<'a, B, X, Y> = ChartContext<'a, B, Cartesian2d<X, Y>>;

fn layered<'a, B, X, Y>(
    mut chart: Chart<'a, B, X, Y>,
    layers: &[Layer],
    (x, y): (&Axis, &Axis),
    (unit, corner): (i32, SeriesLabelPosition),
) -> Drawn<B>
where
    B: DrawingBackend + 'a,
    X: Ranged<ValueType = f64> + ValueFormatter<f64>,
    Y: Ranged<ValueType = f64> + ValueFormatter<f64>,
{
    // Regions lie below the lines of the mesh.
    for layer in layers {
        if let Shape::Regions { x, y, columns, classes } = &layer.shape {
            chart.draw_series(regions(x, y, *columns, classes))?;
        }
    }
    let label = |value: &f64| number(*value);
    let mut mesh = chart.configure_mesh();
    mesh.light_line_style(TRANSPARENT).bold_line_style(BLACK.mix(0.12));
    mesh.axis_style(BLACK.stroke_width(unit.cast_unsigned())).set_all_tick_mark_size(5 * unit);
    mesh.x_label_formatter(&label).y_label_formatter(&label).label_style((FONT, 13 * unit));
    mesh.x_desc(x.label.as_str()).y_desc(y.label.as_str()).axis_desc_style((FONT, 14 * unit)).draw()?;
    let thick = 2 * unit.cast_unsigned();
    for layer in layers {
        let own = color(layer.color);
        let drawn = match &layer.shape {
            Shape::Points(points) => {
                let style = own.mix(0.65).filled();
                let dots =
                    points.iter().filter(|point| finite(point)).map(|&point| Circle::new(point, 3 * unit, style));
                let sample = move |x, y| Circle::new((x + 8 * unit, y), 3 * unit, own.filled());
                chart.draw_series(dots)?.legend(move |(x, y)| sample(x, y).into_dyn())
            }
            Shape::Line(points) => {
                let line =
                    LineSeries::new(points.iter().filter(|point| finite(point)).copied(), own.stroke_width(thick));
                let stroke = move |x, y| PathElement::new([(x, y), (x + 16 * unit, y)], own.stroke_width(thick));
                chart.draw_series(line)?.legend(move |(x, y)| stroke(x, y).into_dyn())
            }
            Shape::Band(band) => {
                let finite = || band.iter().filter(|(x, low, high)| (x + low + high).is_finite());
                let below = finite().map(|&(x, low, _)| (x, low));
                let edge = below.chain(finite().rev().map(|&(x, _, high)| (x, high))).collect::<Vec<_>>();
                let area = std::iter::once(Polygon::new(edge, own.mix(0.2).filled()));
                let corners = move |x, y| [(x, y - 4 * unit), (x + 16 * unit, y + 4 * unit)];
                let sample = move |x, y| Rectangle::new(corners(x, y), own.mix(0.3).filled());
                chart.draw_series(area)?.legend(move |(x, y)| sample(x, y).into_dyn())
            }
            Shape::Regions { .. } => continue,
        };
        if !layer.name.is_empty() {
            drawn.label(layer.name.as_str());
        }
    }
    if layers.iter().filter(|layer| !layer.name.is_empty()).count() > 1 {
        let mut labels = chart.configure_series_labels();
        labels.background_style(WHITE.mix(0.85)).border_style(BLACK.mix(0.3)).label_font((FONT, 13 * unit));
        labels.position(corner).margin(8).legend_area_size(24 * unit).draw()?;
    }
    Ok(())
}

/// A box for neighbours of one class, in a colour that is not seen through: no seams.
fn regions(
    x: &Range<f64>,
    y: &Range<f64>,
    columns: usize,
    classes: &[usize],
) -> impl Iterator<Item = Rectangle<(f64, f64)>> {
    let rows = classes.len() / columns;
    let step = |range: &Range<f64>, cell: usize, cells: usize| {
        range.start + (range.end - range.start) * float(cell) / float(cells)
    };
    let starts = (0..classes.len()).filter(move |&cell| cell % columns == 0 || classes[cell] != classes[cell - 1]);
    starts.map(move |cell| {
        let (row, column, class) = (cell / columns, cell % columns, classes[cell]);
        let width = classes[cell..(row + 1) * columns].iter().take_while(|other| **other == class).count();
        let corner = |right: usize, above: usize| (step(x, column + right, columns), step(y, row + above, rows));
        Rectangle::new([corner(0, 0), corner(width, 1)], pale(color(class)).filled())
    })
}

/// The colour on white paper, most of it water.
fn pale(RGBColor(red, green, blue): RGBColor) -> RGBColor {
    let [red, green, blue] = [red, green, blue].map(|ink| 255 - (255 - ink) / 5);
    RGBColor(red, green, blue)
}

/// The corner with the fewest points: where the legend stands.
fn free_corner(layers: &[Layer], (x, y): (Scale, Scale)) -> SeriesLabelPosition {
    const CORNERS: [(SeriesLabelPosition, bool, bool); 4] = [
        (SeriesLabelPosition::UpperRight, true, true),
        (SeriesLabelPosition::UpperLeft, false, true),
        (SeriesLabelPosition::LowerRight, true, false),
        (SeriesLabelPosition::LowerLeft, false, false),
    ];
    let (across, up) = extent(layers, (x, y));
    let share = |value: f64, range: &Range<f64>, scale: Scale| {
        let [value, start, end] = [value, range.start, range.end].map(|value| scale.place(value));
        (value - start) / (end - start)
    };
    let mut points = Vec::new();
    for layer in layers {
        match &layer.shape {
            Shape::Points(own) | Shape::Line(own) => points.extend(own.iter().copied()),
            Shape::Band(band) => points.extend(band.iter().flat_map(|&(x, low, high)| [(x, low), (x, high)])),
            Shape::Regions { .. } => {}
        }
    }
    let near = |value: f64, far: bool| if far { value > 0.65 } else { value < 0.35 };
    let count = |&(_, right, above): &(SeriesLabelPosition, bool, bool)| {
        let is_near =
            |point: &&(f64, f64)| near(share(point.0, &across, x), right) && near(share(point.1, &up, y), above);
        points.iter().filter(is_near).count()
    };
    CORNERS.into_iter().min_by_key(count).map_or(SeriesLabelPosition::UpperRight, |(corner, ..)| corner)
}

fn finite(&(x, y): &(f64, f64)) -> bool {
    x.is_finite() && y.is_finite()
}

#[allow(clippy::cast_precision_loss, reason = "what is drawn is counted in thousands")]
fn float(count: usize) -> f64 {
    count as f64
}

/// A number at an axis: short, and with an exponent where it is long.
fn number(value: f64) -> String {
    let rounded = format!("{value:.3e}").parse::<f64>().unwrap_or(value);
    let is_plain = value == 0.0 || (1e-3..1e6).contains(&value.abs());
    if is_plain { rounded.to_string() } else { format!("{rounded:e}") }
}

fn confusion<B: DrawingBackend>(
    area: &Area<B>,
    title: &str,
    counts: &[Vec<usize>],
    names: &[String],
    unit: i32,
) -> Drawn<B> {
    let (width, height) = area.dim_in_pixel();
    let pixels = |dots: u32| i32::try_from(dots).unwrap_or(i32::MAX) / unit;
    let (width, height) = (pixels(width), pixels(height));
    let classes = i32::try_from(names.len().max(1)).unwrap_or(i32::MAX);
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let left = 44 + 9 * i32::try_from(longest.min(16)).unwrap_or(0);
    let (top, right, bottom) = (46, 16, 66);
    let side = ((width - left - right) / classes).min((height - top - bottom) / classes).max(1);
    let font = |size: i32| (FONT, size * unit).into_font();
    let middle = Pos::new(HPos::Center, VPos::Center);
    let at = |(x, y): (i32, i32)| (x * unit, y * unit);
    let write =
        |text: &str, place, style: TextStyle| area.draw(&Text::new(text.to_owned(), at(place), style.pos(middle)));
    let centre = left + side * classes / 2;
    write(title, (centre, 18), font(18).color(&BLACK))?;
    for (row, name) in (0..).zip(names) {
        let along = row * side + side / 2;
        let right = font(13).color(&BLACK).pos(Pos::new(HPos::Right, VPos::Center));
        area.draw(&Text::new(short(name, 16), at((left - 8, top + along)), right))?;
        let room = usize::try_from(side / 8).unwrap_or(1);
        write(&short(name, room), (left + along, top + side * classes + 14), font(13).color(&BLACK))?;
    }
    let largest = counts.iter().flatten().copied().max().unwrap_or(0).max(1);
    for (row, counts) in (0..).zip(counts) {
        for (column, &count) in (0..).zip(counts) {
            let share = float(count) / float(largest);
            let own = if row == column { COLORS[0] } else { COLORS[1] };
            let corner = (left + column * side, top + row * side);
            let cell = [at(corner), at((corner.0 + side, corner.1 + side))];
            area.draw(&Rectangle::new(cell, own.mix(0.04 + 0.9 * share).filled()))?;
            area.draw(&Rectangle::new(cell, BLACK.mix(0.25)))?;
            let ink = if share > 0.55 { WHITE } else { BLACK };
            write(&count.to_string(), (corner.0 + side / 2, corner.1 + side / 2), font(14).color(&ink))?;
        }
    }
    write("predicted class", (centre, top + side * classes + 40), font(14).color(&BLACK))?;
    let turned = font(14).transform(FontTransform::Rotate270).color(&BLACK);
    write("true class", (16, top + side * classes / 2), turned)
}

fn short(name: &str, most: usize) -> String {
    if name.chars().count() <= most.max(1) {
        return name.to_owned();
    }
    name.chars().take(most.max(2) - 1).chain(['.']).collect()
}
