//! Loops over the table: whatever holds for every row.

use std::collections::BTreeSet;

use crate::differentiate::testing::{Bench, close};
use crate::differentiate::{jvp, vjp};
use crate::graph::NodeId;
use crate::ops::elementary::{Derivative, Kernel, Row};
use crate::ops::{Facts, Function};
use crate::testing::random::Random;

#[test]
fn rows_are_well_formed() {
    let mut names = BTreeSet::new();
    for &function in Function::ALL {
        let row = function.row();
        let name = row.name;
        assert!(names.insert(name), "{name} stands twice");
        assert_eq!(Function::from_name(name), Some(function));
        assert_eq!(row.derivatives.len(), row.arity, "{name}");
        assert!(row.arity == 1 || row.samples.len() == row.arity, "{name}");
        assert!((1..=250).contains(&row.cost), "{name}");
        for place in 0..row.arity {
            let hole = format!("{{{place}}}");
            let shown = row.latex.contains(&hole) || matches!(row.derivatives[place], Derivative::Zero);
            assert!(shown, "{name}: {}", row.latex);
            assert!(row.text.is_none_or(|text| text.contains(&hole)), "{name}");
        }
        assert!(!row.summary.is_empty() && !row.domain.is_empty(), "{name}");
        assert!(matches!(row.kernel, Kernel::Operator(_)) || row.kernel == Kernel::Method(name), "{name}");
    }
}

#[test]
fn special_values() {
    for row in rows() {
        for &(arguments, expected) in row.special {
            let value = (row.eval)(arguments);
            assert!(close(value, expected, 4e-15), "{}{arguments:?} is {value}, not {expected}", row.name);
        }
    }
}

#[test]
fn derivatives_agree_with_finite_differences() {
    for &function in Function::ALL {
        for_each_sample(function, |arguments, bench| {
            let xs: Vec<NodeId> = arguments.iter().map(|&x| bench.scalar(x)).collect();
            let y = bench.region.map(function, &xs);
            let free: Vec<NodeId> =
                xs.iter().enumerate().filter(|(i, _)| !refuses(function, *i)).map(|(_, x)| *x).collect();
            bench.check(y, &free, 2, &format!("{}{arguments:?}", function.name()));
        });
    }
}

#[test]
fn kinks_follow_the_conventions() {
    for &function in Function::ALL {
        for &(arguments, slopes) in function.row().kinks {
            let mut bench = Bench::new(1);
            let xs: Vec<NodeId> = arguments.iter().map(|&x| bench.scalar(x)).collect();
            let y = bench.region.map(function, &xs);
            for (place, (&x, &slope)) in xs.iter().zip(slopes).enumerate() {
                let what = format!("derivative {place} of {}{arguments:?}", function.name());
                let reverse = bench.gradient(y, &[x])[0].data[0];
                assert!(close(reverse, slope, 4e-15), "{what} is {reverse}, not {slope}");
                let one = bench.region.literal(1.0);
                let forward = jvp(&mut bench.region, y, &[(x, one)]).expect("a derivative");
                let forward = forward.map_or(0.0, |node| bench.value(node).data[0]);
                assert!(close(forward, slope, 4e-15), "{what} is {forward} in forward mode, not {slope}");
            }
        }
    }
}

#[test]
fn a_zero_from_above_skips_every_slope() {
    for &function in Function::ALL {
        let row = function.row();
        let points = row.special.iter().map(|point| point.0).chain(row.kinks.iter().map(|point| point.0));
        for arguments in points.filter(|point| point.iter().all(|x| x.is_finite())) {
            let mut bench = Bench::new(1);
            let xs: Vec<NodeId> = arguments.iter().map(|&x| bench.scalar(x)).collect();
            let y = bench.region.map(function, &xs);
            let zero = bench.scalar(0.0);
            for (place, &x) in xs.iter().enumerate().filter(|(place, _)| !refuses(function, *place)) {
                let g = vjp(&mut bench.region, y, zero, &[x]).expect("a derivative")[0];
                let g = g.map_or(0.0, |g| bench.value(g).data[0]);
                assert!(g == 0.0, "derivative {place} of {}{arguments:?} times 0 is {g}", row.name);
            }
        }
    }
}

#[test]
fn total_functions_are_finite() {
    let mut random = Random::new(7);
    for &function in Function::ALL {
        let mut bench = Bench::new(1);
        let xs: Vec<NodeId> = (0..function.arity()).map(|_| bench.scalar(0.0)).collect();
        let y = bench.region.map(function, &xs);
        if !Facts::of(&bench.region, y).is_finite(y) {
            continue;
        }
        for round in 0..500 {
            let width = if round % 2 == 0 { 3.0 } else { 1e4 };
            let mut x = [random.between(-width, width), random.between(-width, width)];
            if round % 5 == 0 {
                x[round % 2] = 0.0;
            }
            let value = function.eval(&x[..function.arity()]);
            assert!(value.is_finite(), "{}{x:?} is {value}", function.name());
        }
    }
}

#[test]
fn a_value_that_overflows_has_no_slope_of_zero() {
    for &function in Function::ALL {
        for (size, place) in [1e3, 1e10, 1e200, 1e308].into_iter().flat_map(|size| [(size, 0), (-size, 0), (size, 1)]) {
            let mut arguments = vec![2.0; function.arity()];
            let Some(argument) = arguments.get_mut(place) else { continue };
            *argument = size;
            if !function.eval(&arguments).is_infinite() {
                continue;
            }
            let mut bench = Bench::new(1);
            let xs: Vec<NodeId> = arguments.iter().map(|&x| bench.scalar(x)).collect();
            let y = bench.region.map(function, &xs);
            for (place, derivative) in function.row().derivatives.iter().enumerate() {
                if matches!(derivative, Derivative::Zero | Derivative::Refused(_)) {
                    continue;
                }
                let slope = bench.gradient(y, &[xs[place]])[0].data[0];
                assert!(slope != 0.0, "derivative {place} of {}{arguments:?}", function.name());
            }
        }
    }
}

#[test]
fn special_functions_obey_their_equations() {
    for step in 1..120 {
        let x = 0.1 * f64::from(step) - 6.03;
        let (digamma, trigamma) = (Function::Digamma, Function::Trigamma);
        assert!(close(Function::Lgamma.eval(&[x + 1.0]), Function::Lgamma.eval(&[x]) + x.abs().ln(), 1e-11), "{x}");
        let sums = [
            (digamma.eval(&[x + 1.0]), digamma.eval(&[x]) + 1.0 / x),
            (trigamma.eval(&[x + 1.0]), trigamma.eval(&[x]) - 1.0 / (x * x)),
            (Function::Polygamma.eval(&[2.0, x + 1.0]), Function::Polygamma.eval(&[2.0, x]) + 2.0 / (x * x * x)),
            (Function::Erf.eval(&[x]), 1.0 - Function::Erfc.eval(&[x])),
            (Function::Erfc.eval(&[x]), 2.0 - Function::Erfc.eval(&[-x])),
        ];
        for (place, (a, b)) in sums.into_iter().enumerate() {
            assert!((a - b).abs() <= 1e-12 * (1.0 + a.abs() + (1.0 / x).abs().powi(3)), "{place} at {x}: {a}, {b}");
        }
    }
}

fn rows() -> impl Iterator<Item = &'static Row> {
    Function::ALL.iter().map(|function| function.row())
}

fn refuses(function: Function, place: usize) -> bool {
    matches!(function.row().derivatives[place], Derivative::Refused(_))
}

/// Some points of each sample range.
fn for_each_sample(function: Function, mut visit: impl FnMut(&[f64], &mut Bench)) {
    let row = function.row();
    let mut random = Random::new(3);
    for seed in 0..6 {
        if row.arity == 1 {
            for &(low, high) in row.samples {
                visit(&[random.between(low, high)], &mut Bench::new(seed));
            }
        } else {
            let arguments: Vec<f64> = row.samples.iter().map(|&(low, high)| random.between(low, high)).collect();
            visit(&arguments, &mut Bench::new(seed));
        }
    }
}
