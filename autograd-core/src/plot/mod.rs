//! Plots (feature `plot`): data and fits with their bands, losses and metrics, decision boundaries, confusion matrices,
//! residuals; as SVG, as PNG, and in the terminal.
//!
//! A [`Figure`] is made of plain numbers: slices, vectors or arrays, by reference. It draws itself with `plotters`, or with characters: where it is printed, and
//! [`Live`] in a terminal, again and again in the same place.
//!
//! ```
//! use autograd_core::plot::Figure;
//! use ndarray::Array1;
//!
//! let x = Array1::linspace(0.0, 20.0, 21);
//! let y = x.mapv(|x: f64| 2.0 * x + (7.0 * x).sin());
//! let line = &x * 2.0;
//! let (low, high) = (&line - 1.5, &line + 1.5);
//! let figure = Figure::fit("a line", &x, &y).line("fit", &x, &line).band("95 %", &x, &low, &high).axes("t", "size");
//! println!("{figure}");                                  // in the terminal
//! let svg = figure.svg();                                // for the page of `look`, for a document
//! # let folder = std::env::temp_dir();
//! figure.save(folder.join("line.png"))?;                 // .png or .svg
//!
//! let losses = Figure::history("training", &[("loss", &[1.0, 0.1, 0.01]), ("validation", &[1.1, 0.2, 0.1])]);
//! let errors = Figure::confusion("digits", &[&[9, 1], &[0, 12]], &["three", "eight"]);
//! let rest = Figure::residuals("residuals", &line, &y);
//! let sides = Figure::decision("sides", &[(0.0, 1.0), (2.0, 0.0)], &[0, 1], |x, y| usize::from(x > y));
//! # for figure in [losses, errors, rest, sides] { assert!(figure.svg().ends_with("</svg>\n") && !figure.to_string().is_empty()); }
//! # Ok::<(), std::io::Error>(())
//! ```

mod bitmap;
mod draw;
mod figure;
#[cfg(feature = "fit")]
mod fitted;
mod font;
mod live;
mod png;
mod screen;
mod table;
#[cfg(feature = "train")]
mod training;

pub use figure::{Figure, Numbers};
pub use live::Live;
pub use screen::Screen;
