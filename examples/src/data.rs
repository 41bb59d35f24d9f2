//! Where the data files are, and where a network is saved.

use std::path::{Path, PathBuf};

/// A file in `examples/data`.
#[must_use]
pub fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

/// The network that the example `digits` saves and `predict` reads.
#[must_use]
pub fn network() -> PathBuf {
    std::env::temp_dir().join("autograd-digits.safetensors")
}
