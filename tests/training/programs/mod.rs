//! Whole programs, as short as they get: they do what they say, and they stay short.

mod network;
mod saved;

use std::error::Error;

/// How many lines of a program are not empty, nor comments.
fn lines(text: &str) -> usize {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")).count()
}

/// With Keras it takes 26.
#[test]
fn a_network_on_a_table() -> Result<(), Box<dyn Error>> {
    let accuracy = network::main()?;
    assert!(accuracy > 0.9, "{accuracy}");
    assert!(lines(include_str!("network.rs")) <= 24);
    Ok(())
}

/// With `PyTorch` it takes 12.
#[test]
fn saving_and_loading() -> Result<(), Box<dyn Error>> {
    saved::main()?;
    assert!(lines(include_str!("saved.rs")) <= 12);
    Ok(())
}
