//! The elementary functions against multi-precision reference values, at every level this processor has.
//!
//! The values are stored in `data/elementary_*.csv` and `data/probability_*.csv`; `elementary.py` and `probability.py` in
//! `tests/reference` at the root of the repository write them. The bounds are those of the table in the documentation of `autograd_core::math`. To compare with other
//! files, such as denser ones, name their folder in the environment variable `ELEMENTARY_DATA`; `--nocapture` shows the
//! errors found.
#![allow(clippy::disallowed_methods, reason = "tests compare with the system's functions")]

mod dense;
mod edges;
mod functions;
mod reference;

use std::fmt::Write as _;

use autograd_core::simd::Level;

use functions::{Bound, Unit, bounds, levels, stored, values};
use reference::{Points, Tested, error, read};

/// The worst point of a function at one level.
fn worst<T: Tested>(function: &str, level: Option<Level>, points: &Points<T>, unit: Unit) -> (f64, String) {
    let out = values(function, level, &points.x, &points.y);
    let errors = (0..out.len()).map(|i| {
        let beside = unit.at(points.x[i], points.y[i]);
        (i, error(out[i], points.nearest[i], points.rest[i], beside))
    });
    let (i, worst) = errors.fold((0, 0.0), |worst, next| if next.1 > worst.1 { next } else { worst });
    let (x, y, value, nearest) = (points.x[i], points.y[i], out[i], points.nearest[i]);
    (worst, format!("({x:e}, {y:e}) gives {value:e}, not {nearest:e}"))
}

/// Compares all functions of a type at all levels, and one number at a time; prints the greatest errors.
fn compare_all<T: Tested>() {
    let all = read::<T>();
    let levels = levels();
    let mut failures = Vec::new();
    let mut table = format!("{} at {levels:?}\n", T::NAME);
    for Bound { name, double, single, unit } in bounds() {
        let bound = if T::NAME == "f32" { single } else { double };
        let found: Vec<(f64, String)> =
            levels.iter().map(|&level| worst(name, level, &all[stored(name)], unit)).collect();
        write!(table, "{name:12}").expect("strings grow");
        for (level, (worst, place)) in levels.iter().zip(&found) {
            write!(table, "{worst:8.3}").expect("strings grow");
            if *worst > bound {
                failures.push(format!("{} {level:?} {name}: {worst} at {place}", T::NAME));
            }
        }
        writeln!(table, " at {}", found[0].1).expect("strings grow");
    }
    println!("{table}");
    assert!(failures.is_empty(), "beyond the bound:\n{}", failures.join("\n"));
}

#[test]
fn f64_functions_are_within_their_bounds() {
    compare_all::<f64>();
}

#[test]
fn f32_functions_are_within_their_bounds() {
    compare_all::<f32>();
}
