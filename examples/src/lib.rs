//! What the examples share: the data files, drawing, and a check of the result.

mod data;
#[cfg(feature = "plot")]
mod picture;
mod screen;

use std::error::Error;

pub use data::{data, network};
#[cfg(feature = "plot")]
pub use picture::save_fit;
pub use screen::Screen;

/// What an example returns. An error becomes the exit code, so that scripts notice.
pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Whether the program was started with `--short`: a run of seconds, for automatic checks.
#[must_use]
pub fn short() -> bool {
    std::env::args().any(|argument| argument == "--short")
}

/// Checks a result.
///
/// # Errors
/// If it is not `right`; the text is `what`.
pub fn ensure(right: bool, what: impl Into<String>) -> Outcome {
    if right { Ok(()) } else { Err(what.into().into()) }
}
