//! Plots (feature `plot`): data and fits with their bands, losses and metrics, decision boundaries, confusion matrices,
//! residuals; as SVG, as PNG, and in the terminal.
//!
//! A [`Figure`] is made of plain numbers. It draws itself with `plotters`, or with characters: where it is printed, and
//! [`Live`] in a terminal, again and again in the same place.
//!
//! ```
//! use autograd_core::plot::Figure;
//!
//! let x: Vec<f64> = (0..20).map(f64::from).collect();
//! let y: Vec<f64> = x.iter().map(|x| 2.0 * x + (7.0 * x).sin()).collect();
//! let line: Vec<f64> = x.iter().map(|x| 2.0 * x).collect();
//! let (low, high): (Vec<f64>, Vec<f64>) = line.iter().map(|y| (y - 1.5, y + 1.5)).unzip();
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
mod font;
mod live;
mod png;
mod screen;
mod table;
#[cfg(feature = "train")]
mod training;

pub use figure::Figure;
pub use live::Live;
pub use screen::Screen;
