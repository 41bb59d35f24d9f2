//! Reference values, read from `data/elementary_*.csv` and `data/probability_*.csv`, and errors in units in the last place.
#![allow(clippy::float_cmp, reason = "equal values have no error")]

use std::collections::BTreeMap;
use std::env;
use std::fmt::LowerExp;
use std::fs;

use autograd_core::float::Float;

/// What the test needs to know of a type.
pub trait Tested: Float + LowerExp {
    const NAME: &'static str;
    fn parse(bits: &str) -> Self;
    /// The unit in the last place of numbers of this size.
    fn ulp(self) -> f64;
}

impl Tested for f32 {
    const NAME: &'static str = "f32";
    fn parse(bits: &str) -> Self {
        f32::from_bits(u32::from_str_radix(bits, 16).expect("the file holds bits"))
    }
    fn ulp(self) -> f64 {
        let above = f32::from_bits(self.abs().to_bits() + 1);
        if above.is_finite() { f64::from(above) - f64::from(self.abs()) } else { 2f64.powi(104) }
    }
}

impl Tested for f64 {
    const NAME: &'static str = "f64";
    fn parse(bits: &str) -> Self {
        f64::from_bits(u64::from_str_radix(bits, 16).expect("the file holds bits"))
    }
    fn ulp(self) -> f64 {
        let above = f64::from_bits(self.abs().to_bits() + 1);
        if above.is_finite() { above - self.abs() } else { 2f64.powi(971) }
    }
}

/// The stored points of one function.
#[derive(Default)]
pub struct Points<T> {
    pub x: Vec<T>,
    pub y: Vec<T>,
    pub nearest: Vec<T>,
    pub rest: Vec<f64>,
}

/// Reads the stored points of all functions.
pub fn read<T: Tested>() -> BTreeMap<String, Points<T>> {
    let folder = env::var("ELEMENTARY_DATA").unwrap_or(format!("{}/tests/data", env!("CARGO_MANIFEST_DIR")));
    let file = |name: &str| fs::read_to_string(format!("{folder}/{name}_{}.csv", T::NAME)).expect("the data are there");
    let text = file("elementary") + &file("probability");
    let mut all = BTreeMap::<String, Points<T>>::new();
    let mut name = String::new();
    for line in text.lines() {
        let fields: Vec<&str> = line.split(' ').collect();
        let (arguments, nearest, rest) = match fields[..] {
            [function] => {
                function.clone_into(&mut name);
                continue;
            }
            [x, nearest, rest] => ([x, x], nearest, rest),
            [x, y, nearest, rest] => ([x, y], nearest, rest),
            _ => panic!("a line of {} fields", fields.len()),
        };
        let points = all.entry(name.clone()).or_default();
        points.x.push(T::parse(arguments[0]));
        points.y.push(T::parse(arguments[1]));
        points.nearest.push(T::parse(nearest));
        points.rest.push(rest.parse::<f64>().expect("a number") / 100.0);
    }
    all
}

/// The error of a value, in units in the last place of the true one, which is `nearest` and `rest` of such units.
pub fn error<T: Tested>(value: T, nearest: T, rest: f64, beside: f64) -> f64 {
    let (got, wanted) = (value.to_f64(), nearest.to_f64());
    if got == wanted && (wanted.is_infinite() || rest == 0.0) {
        0.0
    } else if got.is_infinite() && wanted.abs() >= 0.999 * if T::NAME == "f32" { f64::from(f32::MAX) } else { f64::MAX }
    {
        // One further than the greatest number.
        1.0
    } else {
        let own = nearest.ulp();
        let off = ((got - wanted) / own - rest) * (own / own.max(T::from_f64(beside).ulp()));
        if off.is_nan() { f64::INFINITY } else { off.abs() }
    }
}
