//! What the examples share: the data files, pictures, and a check of the result.

mod data;

use std::error::Error;

use autograd_core::plot::Figure;

pub use data::{data, network};

/// What an example returns. An error becomes the exit code, so that scripts notice.
pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Whether the program was started with `--short`: a run of seconds, for automatic checks.
#[must_use]
pub fn short() -> bool {
    std::env::args().any(|argument| argument == "--short")
}

/// Writes a picture and says where: to the workspace's `target` folder, or, with `--pictures`, to those of the gallery.
///
/// # Errors
/// If the file cannot be written.
pub fn save(figure: &Figure, name: &str) -> Outcome {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let is_for_gallery = std::env::args().any(|argument| argument == "--pictures");
    let folder = if is_for_gallery { here.join("pictures") } else { here.with_file_name("target") };
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(name).with_extension("svg");
    figure.save(&path)?;
    println!("picture: {}", path.display());
    Ok(())
}

/// Checks a result.
///
/// # Errors
/// If it is not `right`; the text is `what`.
pub fn ensure(right: bool, what: impl Into<String>) -> Outcome {
    if right { Ok(()) } else { Err(what.into().into()) }
}
