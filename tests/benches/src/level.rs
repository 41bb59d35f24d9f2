//! The instructions that everything is measured with: those of the processor, or fewer, as the environment says.
//!
//! `LEVEL=avx2 cargo run --release -p autograd-benches --bin ratios` shows what a processor without AVX-512 would do,
//! `LEVEL=portable` what every processor of the target has (SSE2).

use autograd_core::simd::{Level, limit_level};

/// The name of the variable.
pub const VARIABLE: &str = "LEVEL";

/// Keeps to the level that the environment asks for. It has to be called before anything is computed.
///
/// # Errors
/// If the variable is not the name of a level of this processor.
pub fn from_environment() -> Result<(), String> {
    let Ok(name) = std::env::var(VARIABLE) else { return Ok(()) };
    let wanted = Level::available().find(|level| format!("{level:?}").eq_ignore_ascii_case(&name));
    let names: Vec<String> = Level::available().map(|level| format!("{level:?}").to_lowercase()).collect();
    let wanted = wanted.ok_or_else(|| format!("{VARIABLE} is {name}, but this processor has {}", names.join(", ")))?;
    limit_level(wanted);
    Ok(())
}
