//! A model among types, variants, macros and modules that hide those of the language.

#![allow(non_camel_case_types, dead_code, unused_macros, reason = "they are only in the way")]

use self::Outcome::{Err, None, Ok, Some};
use autograd_core::model;
use ndarray::{arr1, arr2};

struct Vec;
struct Option;
struct Result;
struct Box;
struct String;
struct Default;
struct f64;
struct f32;
struct usize;
struct bool;
struct Array1;
struct Float;
trait Clone {}
trait Copy {}
trait Debug {}
trait PartialEq {}
trait Iterator {}
trait Into {}

enum Outcome {
    Ok,
    Err,
    Some,
    None,
}

mod core {}
mod std {}
mod ndarray_like {}
mod runtime {}

fn drop() {}

macro_rules! hidden {
    ($($name:ident)*) => {$(
        macro_rules! $name { ($dollar:tt) => { compile_error!("the user's macro, not the language's") }; }
    )*};
}
hidden!(vec panic unreachable assert assert_eq debug_assert debug_assert_eq matches format write concat stringify);

model! {
    /// Rows through a layer.
    pub(crate) Layer<N, D, K> {
        param w: [D, K] = xavier_uniform();
        param b: [K];
        state count;
        input x: [N, D];
        input label: [N] in K;
        input flag;
        hidden = tanh(x @ w + b);
        best = argmax(hidden, K);
        positive = hidden > 0;
        loss = mean(cross_entropy(hidden, label)) + (if flag > 0 { sum(w^2) } else { 0 });
        step train(rate) -> loss {
            w := w - rate * grad(loss, w);
            count := count + 1;
        }
    }
}

#[test]
fn hidden_names_are_not_ours() {
    let (x, label) = (arr2(&[[1.0, 0.0], [0.0, 1.0]]), arr1(&[0, 1]));
    let inputs = layer::Inputs { x: x.view(), label: label.view(), flag: 0.0 };
    let mut model: Layer = Layer { w: arr2(&[[0.5, 0.0], [0.0, 0.5]]), b: arr1(&[0.0, 0.0]), count: 0.0 };
    let hidden: ::core::primitive::f64 = 0.462_117_157_260_009_76;
    ::core::assert_eq!(model.best(&inputs).unwrap(), arr1(&[0, 1]));
    ::core::assert_eq!(model.positive(&inputs).unwrap(), arr2(&[[true, false], [false, true]]));
    ::core::assert!((model.hidden(&inputs).unwrap()[[0, 0]] - hidden).abs() < 1e-15);
    let loss = model.train(&inputs, 1.0).unwrap();
    ::core::assert!((loss - (-hidden).exp().ln_1p()).abs() < 1e-15);
    ::core::assert!(model.count == 1.0 && model.loss(&inputs).unwrap() < loss);
}

#[test]
fn what_hides_is_still_the_users() {
    let outcomes = [Ok, Err, Some, None];
    ::core::assert_eq!(outcomes.len(), 4);
    let _ = (Vec, Option, Result, Box, String, Default, f64, usize);
    drop();
}
