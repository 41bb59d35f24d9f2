//! Pictures as SVG.

use std::fs;
use std::path::{Path, PathBuf};

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::Outcome;

/// Draws points and a fitted line on the left, the loss of each step on the right.
///
/// The file goes to the workspace's `target` folder; its path is returned.
///
/// # Errors
/// If the file cannot be written.
pub fn save_fit(name: &str, points: &[(f32, f32)], line: impl Fn(f32) -> f32, losses: &[f32]) -> Outcome<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("target");
    fs::create_dir_all(&folder)?;
    let path = folder.join(name).with_extension("svg");
    let page = SVGBackend::new(&path, (1000, 420)).into_drawing_area();
    page.fill(&WHITE)?;
    let (left, right) = page.split_horizontally(500);
    draw_fit(&left, points, line)?;
    draw_losses(&right, losses)?;
    page.present()?;
    drop((left, right, page));
    Ok(path)
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

fn draw_fit(area: &Area, points: &[(f32, f32)], line: impl Fn(f32) -> f32) -> Outcome {
    let (x, y) = (span(points.iter().map(|point| point.0)), span(points.iter().map(|point| point.1)));
    let mut chart = frame(area, "data and line").build_cartesian_2d(x.0..x.1, y.0..y.1)?;
    let mut mesh = chart.configure_mesh();
    mesh.light_line_style(TRANSPARENT).x_label_formatter(&ToString::to_string).y_label_formatter(&ToString::to_string);
    mesh.x_desc("x").y_desc("y").draw()?;
    chart.draw_series(points.iter().map(|&point| Circle::new(point, 3, BLUE.mix(0.5).filled())))?;
    chart.draw_series(LineSeries::new([x.0, x.1].map(|x| (x, line(x))), RED.stroke_width(2)))?;
    Ok(())
}

/// Both axes are logarithmic, as most of the way is gone in the first steps; the average is over the last third of
/// the steps so far.
#[expect(clippy::cast_precision_loss, reason = "steps are few")]
fn draw_losses(area: &Area, losses: &[f32]) -> Outcome {
    let (low, high) = span(losses.iter().copied());
    let mut chart = frame(area, "loss of each step; in red, averaged")
        .build_cartesian_2d((1.0..losses.len() as f32).log_scale(), (low.max(high * 1e-6)..high).log_scale())?;
    let mut mesh = chart.configure_mesh();
    mesh.light_line_style(TRANSPARENT)
        .x_label_formatter(&ToString::to_string)
        .y_label_formatter(&ToString::to_string)
        .x_desc("step")
        .draw()?;
    let by_step = |losses: Vec<f32>| losses.into_iter().enumerate().map(|(step, loss)| ((step + 1) as f32, loss));
    let means = (1..=losses.len()).map(|end| mean(&losses[end * 2 / 3..end])).collect();
    chart.draw_series(LineSeries::new(by_step(losses.to_vec()), BLUE.mix(0.3)))?;
    chart.draw_series(LineSeries::new(by_step(means), RED.stroke_width(2)))?;
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "steps are few")]
fn mean(losses: &[f32]) -> f32 {
    losses.iter().sum::<f32>() / losses.len() as f32
}

fn frame<'a, 'b>(area: &'a Area<'b>, caption: &str) -> ChartBuilder<'a, 'b, SVGBackend<'b>> {
    let mut chart = ChartBuilder::on(area);
    chart.caption(caption, ("sans-serif", 18)).margin(12).margin_right(24).x_label_area_size(40).y_label_area_size(52);
    chart
}

/// The least and the greatest of some numbers.
fn span(values: impl Iterator<Item = f32> + Clone) -> (f32, f32) {
    (values.clone().fold(f32::INFINITY, f32::min), values.fold(f32::NEG_INFINITY, f32::max))
}
