//! The elementary functions against multi-precision reference values, at every level this processor has.
//!
//! The values are stored in `data/elementary_*.csv`; `tests/reference/elementary.py` at the root of the repository
//! writes them. The bounds are those of the table in the documentation of `autograd_core::math`. To compare with other
//! files, such as denser ones, name their folder in the environment variable `ELEMENTARY_DATA`; `--nocapture` shows the
//! errors found.

use std::collections::BTreeMap;
use std::env;
use std::fmt::{LowerExp, Write as _};
use std::fs;

use autograd_core::float::Float;
use autograd_core::math::Elementary;
use autograd_core::simd::{Block, Kernel, Lanes, Level, dispatch_at};

/// A column of numbers: x, y, and where the values go.
struct Columns<'a, T> {
    x: &'a [T],
    y: &'a [T],
    out: &'a mut [T],
}

/// Makes a kernel for each function, and the table that finds it.
macro_rules! functions {
    ($($name:ident($($operand:ident),*) f64 $double:literal f32 $single:literal;)*) => {
        $(
            #[allow(non_camel_case_types)]
            struct $name<'a, T>(Columns<'a, T>);

            impl<T: Float> Kernel<T> for $name<'_, T> {
                type Output = ();
                #[inline(always)]
                fn run<V: Lanes<T>>(self) {
                    let Columns { x, y, out } = self.0;
                    let mut start = 0;
                    while start < x.len() {
                        let at = Block { start, live: V::COUNT.min(x.len() - start) };
                        let first = V::load(x, 0, at);
                        let rest: &[V] = &[V::load(y, 0, at)];
                        functions!(@call $name first rest $($operand)*).store(out, 0, at);
                        start += V::COUNT;
                    }
                }
            }
        )*

        /// The functions: name, greatest error in ulp for `f64` and `f32`.
        const BOUNDS: &[(&str, f64, f64)] = &[$((stringify!($name), $double, $single)),*];

        /// Runs one function over columns, at a level or (`None`) one number at a time.
        fn run<T: Float>(function: &str, level: Option<Level>, columns: Columns<'_, T>) {
            match (function, level) {
                $(
                    (stringify!($name), Some(level)) => dispatch_at(level, $name(columns)),
                    (stringify!($name), None) => $name(columns).run::<T>(),
                )*
                _ => panic!("no function {function}"),
            }
        }
    };
    (@call $name:ident $first:ident $rest:ident) => {{ let _ = $rest; $first.$name() }};
    (@call $name:ident $first:ident $rest:ident $second:ident) => { $first.$name($rest[0]) };
}

functions! {
    exp() f64 2.0 f32 2.0;
    exp2() f64 2.0 f32 2.0;
    expm1() f64 2.0 f32 2.0;
    log() f64 2.0 f32 2.0;
    log1p() f64 2.0 f32 2.0;
    log2() f64 2.0 f32 2.0;
    log10() f64 2.0 f32 2.0;
    sqrt() f64 0.51 f32 0.51;
    rsqrt() f64 2.0 f32 2.0;
    cbrt() f64 2.0 f32 2.0;
    sin() f64 2.0 f32 2.0;
    cos() f64 2.0 f32 2.0;
    tan() f64 3.0 f32 3.0;
    asin() f64 3.0 f32 3.0;
    acos() f64 3.0 f32 3.0;
    atan() f64 3.0 f32 3.0;
    sinh() f64 3.0 f32 3.0;
    cosh() f64 3.0 f32 3.0;
    tanh() f64 2.0 f32 2.0;
    asinh() f64 3.0 f32 3.0;
    acosh() f64 3.0 f32 3.0;
    atanh() f64 3.0 f32 3.0;
    sigmoid() f64 2.0 f32 2.0;
    log_sigmoid() f64 2.0 f32 2.0;
    softplus() f64 2.0 f32 2.0;
    erf() f64 2.0 f32 2.0;
    erfc() f64 4.0 f32 4.0;
    lgamma() f64 1e99 f32 1e99;
    digamma() f64 1e99 f32 1e99;
    trigamma() f64 1e99 f32 1e99;
    pow(y) f64 2.0 f32 2.0;
    atan2(y) f64 3.0 f32 3.0;
    hypot(y) f64 2.0 f32 2.0;
    logaddexp(y) f64 1e99 f32 1e99;
}

/// What the test needs to know of a type.
trait Tested: Float + LowerExp {
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
struct Points<T> {
    x: Vec<T>,
    y: Vec<T>,
    nearest: Vec<T>,
    rest: Vec<f64>,
}

fn read<T: Tested>() -> BTreeMap<String, Points<T>> {
    let folder = env::var("ELEMENTARY_DATA").unwrap_or(format!("{}/tests/data", env!("CARGO_MANIFEST_DIR")));
    let text = fs::read_to_string(format!("{folder}/elementary_{}.csv", T::NAME)).expect("the data are there");
    let mut all = BTreeMap::<String, Points<T>>::new();
    let mut name = String::new();
    for line in text.lines() {
        let fields: Vec<&str> = line.split(' ').collect();
        let (arguments, nearest, rest) = match fields[..] {
            [function] => {
                name = function.to_owned();
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

/// The error of a value, in units in the last place of the true one.
fn error<T: Tested>(value: T, nearest: T, rest: f64) -> f64 {
    let (got, wanted) = (value.to_f64(), nearest.to_f64());
    if got == wanted && (wanted.is_infinite() || rest == 0.0) {
        0.0
    } else if got.is_infinite() && wanted.abs() >= 0.999 * if T::NAME == "f32" { f64::from(f32::MAX) } else { f64::MAX } {
        // One further than the greatest number.
        1.0
    } else {
        let off = (got - wanted) / nearest.ulp() - rest;
        if off.is_nan() { f64::INFINITY } else { off.abs() }
    }
}

/// The worst point of a function at one level.
fn worst<T: Tested>(function: &str, level: Option<Level>, points: &Points<T>) -> (f64, String) {
    let mut out = vec![T::ZERO; points.x.len()];
    run(function, level, Columns { x: &points.x, y: &points.y, out: &mut out });
    let errors = (0..out.len()).map(|i| (i, error(out[i], points.nearest[i], points.rest[i])));
    let (i, worst) = errors.fold((0, 0.0), |worst, next| if next.1 > worst.1 { next } else { worst });
    let (x, y, value, nearest) = (points.x[i], points.y[i], out[i], points.nearest[i]);
    (worst, format!("({x:e}, {y:e}) gives {value:e}, not {nearest:e}"))
}

/// Compares all functions of a type at all levels, and one number at a time; prints the greatest errors.
fn compare_all<T: Tested>() {
    let all = read::<T>();
    let levels: Vec<Option<Level>> = Level::available().map(Some).chain([None]).collect();
    let mut failures = Vec::new();
    let mut table = format!("{} at {levels:?}\n", T::NAME);
    for &(name, double, single) in BOUNDS {
        let bound = if T::NAME == "f32" { single } else { double };
        let found: Vec<(f64, String)> = levels.iter().map(|&level| worst(name, level, &all[name])).collect();
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
