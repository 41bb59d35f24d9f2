//! Whole programs, as short as they get: they do what they say, and they stay short.

mod curve;
mod logistic;
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

/// With `SciPy` it takes 6, none of them for `main` and its end.
#[test]
fn a_curve() -> Result<(), Box<dyn Error>> {
    let report = curve::main()?;
    let (low, high) = report.interval("k", 0.95).ok_or("its error is known")?;
    assert!(report.converged() && low < 0.5 && 0.5 < high && high - low < 0.03, "{report}");
    assert!(lines(include_str!("curve.rs")) <= 7);
    Ok(())
}

/// With `NumPy` it takes 13.
#[test]
fn a_logistic_regression() -> Result<(), Box<dyn Error>> {
    let report = logistic::main()?;
    // What R's `glm(virginica ~ ., family = binomial)` says to three decimals.
    let expected = [(-2.465, 2.394), (-6.681, 4.480), (9.429, 4.737), (18.286, 9.743), (-42.638, 25.708)];
    for (estimate, (value, error)) in report.estimates.iter().zip(expected) {
        let off = (estimate.value - value).abs().max((estimate.standard_error.ok_or("known")? - error).abs());
        // They are rounded. The loss, about 6, is within 8 ε at the end, and so the parameters within √(2·1e-14) of 26.
        assert!(off < 5.1e-4, "{report}");
    }
    assert!(lines(include_str!("logistic.rs")) <= 13);
    Ok(())
}
