//! The graph of a model as SVG, with a layout of its own: nothing else is needed to see it.

use std::fmt::Write;

use super::diagram::{Diagram, Kind, Vertex};
use super::layout::layout;
use super::mathml::escape;

/// The width of a letter of 12 px, at most of the time.
const LETTER: f64 = 6.9;
/// The height of a line.
const LINE: f64 = 16.0;
/// Between the picture and its border.
const MARGIN: f64 = 16.0;

/// The graph as an SVG element, which is also a file of its own.
#[must_use]
pub fn svg(diagram: &Diagram, title: &str) -> String {
    let sizes: Vec<(f64, f64)> = diagram.vertices.iter().map(size).collect();
    let picture = layout(&sizes, &diagram.edges);
    let (width, height) = (picture.size.0 + 2.0 * MARGIN, picture.size.1 + 2.0 * MARGIN);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"{:.0} {:.0} {width:.0} {height:.0}\" font-family=\"system-ui, sans-serif\" font-size=\"12\">\n\
         <title>{}</title>\n<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7.5\" refY=\"4\" markerWidth=\"7\" \
         markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0.5 L8 4 L0 7.5 z\" fill=\"#667\"/></marker></defs>\n\
         <rect x=\"{:.0}\" y=\"{:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" fill=\"#fff\"/>\n",
        -MARGIN,
        -MARGIN,
        escape(title),
        -MARGIN,
        -MARGIN
    );
    for points in &picture.edges {
        let _ = writeln!(
            text,
            "<path d=\"{}\" fill=\"none\" stroke=\"#889\" stroke-width=\"1.2\" marker-end=\"url(#tip)\"/>",
            curve(points)
        );
    }
    for ((vertex, &(x, y)), size) in diagram.vertices.iter().zip(&picture.centres).zip(&sizes) {
        draw(vertex, (x, y), *size, &mut text);
    }
    text.push_str("</svg>\n");
    text
}

fn size(vertex: &Vertex) -> (f64, f64) {
    let lines = vertex.lines();
    let longest = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    (float(longest) * LETTER + 18.0, float(lines.len()) * LINE + 10.0)
}

/// Upright at both ends of each piece.
fn curve(points: &[(f64, f64)]) -> String {
    let mut path = format!("M{:.1} {:.1}", points[0].0, points[0].1);
    for pair in points.windows(2) {
        let [(x, y), (to_x, to_y)] = [pair[0], pair[1]];
        let middle = f64::midpoint(y, to_y);
        let _ = write!(path, " C{x:.1} {middle:.1} {to_x:.1} {middle:.1} {to_x:.1} {to_y:.1}");
    }
    path
}

fn draw(vertex: &Vertex, (x, y): (f64, f64), (width, height): (f64, f64), text: &mut String) {
    let (fill, line, round) = match vertex.kind {
        Kind::Param => ("#dbe9ff", "#4a76b8", 3.0),
        Kind::State => ("#e9e2f8", "#7c5fb5", 3.0),
        Kind::Input => ("#e3f4e1", "#559a4f", 3.0),
        Kind::Value => ("#ffffff", "#889", 12.0),
        Kind::Output => ("#ffe9c7", "#c08420", 12.0),
    };
    let _ = writeln!(
        text,
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"{round}\" fill=\"{fill}\" \
         stroke=\"{line}\"/>",
        x - width / 2.0,
        y - height / 2.0
    );
    let lines = vertex.lines();
    for (place, content) in lines.iter().enumerate() {
        let at = y + (float(place) - float(lines.len() - 1) / 2.0) * LINE + 4.0;
        let style = match place {
            0 if !vertex.name.is_empty() => " font-weight=\"600\"",
            _ if place + 1 == lines.len() => " fill=\"#556\" font-size=\"11\"",
            _ => "",
        };
        let _ =
            writeln!(text, "<text x=\"{x:.1}\" y=\"{at:.1}\" text-anchor=\"middle\"{style}>{}</text>", escape(content));
    }
}

#[allow(clippy::cast_precision_loss, reason = "boxes have few lines and letters")]
fn float(count: usize) -> f64 {
    count as f64
}
