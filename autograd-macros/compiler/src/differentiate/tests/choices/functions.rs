//! Every row of the table of functions, and functions of functions.

use super::{Leaf, check};
use crate::ops::Function;
use crate::ops::elementary::Derivative;

/// Where the tests differentiate an argument.
fn range(function: Function, place: usize) -> (f64, f64) {
    let samples = function.row().samples;
    samples[if function.arity() == 1 { 0 } else { place }]
}

#[test]
fn every_function() {
    for &function in Function::ALL.iter().filter(|&&function| !refuses(function)) {
        let leaves: Vec<Leaf> = (0..function.arity())
            .map(|place| {
                let (low, high) = range(function, place);
                Leaf::rows(&["N", "D"], low, high)
            })
            .collect();
        check(function.name(), &leaves, |r, x| r.map(function, x));
    }
}

#[test]
fn one_argument_is_planted_and_the_other_shared() {
    for &function in Function::ALL.iter().filter(|function| function.arity() == 2 && !refuses(**function)) {
        for shared in 0..2 {
            let leaf = |place: usize| {
                let (low, high) = range(function, place);
                let shape: &[&str] = if place == shared { &["D"] } else { &["N", "D"] };
                Leaf { shape, range: (low, high), planted: place != shared }
            };
            check(function.name(), &[leaf(0), leaf(1)], |r, x| {
                let shape = r.shape(x[1 - shared]);
                let spread = r.broadcast(x[shared], &shape, &[1]);
                let operands = if shared == 0 { [spread, x[1]] } else { [x[0], spread] };
                r.map(function, &operands)
            });
        }
    }
}

/// Each function of each of some others: the inner one brings infinities and NaN of its own.
#[test]
fn functions_of_functions() {
    let inner = [Function::Square, Function::Log, Function::Relu];
    for &outer in Function::ALL.iter().filter(|function| function.arity() == 1) {
        for inner in inner {
            let (low, high) = range(outer, 0);
            check(&format!("{} of {}", outer.name(), inner.name()), &[Leaf::rows(&["N"], 0.2, 0.9)], |r, x| {
                // Into the domain of the outer function, by what is moderate where `x` is.
                let value = r.map(inner, &[x[0]]);
                let bounded = r.tanh(value);
                let half = r.scale(bounded, (high - low) * 0.4);
                let inside = r.offset(half, f64::midpoint(low, high));
                r.map(outer, &[inside])
            });
        }
    }
}

/// Whether there is an argument that the function has no derivative by.
fn refuses(function: Function) -> bool {
    function.row().derivatives.iter().any(|derivative| matches!(derivative, Derivative::Refused(_)))
}
