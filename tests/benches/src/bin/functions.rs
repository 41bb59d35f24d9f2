//! `cargo run --release -p autograd-benches --bin functions`: what special functions cost, in nanoseconds a number.
//!
//! Each in packs, with the widest registers there are, and one number at a time; and how many times as long as exp, in
//! packs, in the same run. Medians of 4096 numbers from 0.05 to 20 (probabilities: from 0 to 1), with counts from 0 to 30
//! as the second argument. Names of functions as arguments choose; `--quick` takes fewer samples.

#![allow(clippy::cast_precision_loss, reason = "counts are small, and 53 bits are kept")]

use std::time::Duration;

use autograd_benches::measure::{Effort, in_turns};
use autograd_core::float::Float;
use autograd_core::math::Elementary;
use autograd_core::simd::{Block, Kernel, Lanes};

/// How many numbers a function is given.
const COUNT: usize = 4096;

/// Arguments, and where the values go.
struct Numbers<T> {
    x: Vec<T>,
    p: Vec<T>,
    count: Vec<T>,
    out: Vec<T>,
}

/// What is measured of a function, for one type: seconds in packs, one by one, and those of exp.
type Measured = [f64; 3];

/// Makes a function that measures each of these.
macro_rules! functions {
    ($($name:ident $numbers:ident |$first:ident, $second:ident| $body:expr;)*) => {
        $(
            #[allow(non_camel_case_types)]
            struct $name<'a, T>(&'a mut Numbers<T>);

            impl<T: Float> Kernel<T> for $name<'_, T> {
                type Output = ();
                const WIDE: bool = true;
                #[inline(always)]
                fn run<V: Lanes<T>>(self) {
                    let Numbers { $numbers, count, out, .. } = self.0;
                    for start in (0..COUNT).step_by(V::COUNT) {
                        let at = Block { start, live: V::COUNT };
                        let [$first, $second] = [&*$numbers, &*count].map(#[inline(always)] |numbers| V::load(numbers, 0, at));
                        let _ = $second;
                        V::store($body, out, 0, at);
                    }
                }
            }
        )*

        const NAMES: &[&str] = &[$(stringify!($name)),*];

        fn measure<T: Float>(name: &str, effort: Effort, numbers: &mut Numbers<T>) -> Measured {
            match name {
                $(stringify!($name) => in_turns(effort, numbers, |_| {}, [
                    |numbers| T::dispatch($name(numbers)),
                    |numbers| $name(numbers).run::<T>(),
                    |numbers| T::dispatch(exp(numbers)),
                ]).map(|spread| spread.median / COUNT as f64),)*
                _ => panic!("no function {name}"),
            }
        }
    };
}

functions! {
    exp x |a, n| a.exp();
    lgamma x |a, n| a.lgamma();
    digamma x |a, n| a.digamma();
    trigamma x |a, n| a.trigamma();
    polygamma x |a, n| V::splat(T::from_f64(2.0)).polygamma(a);
    log_rising_factorial x |a, n| a.log_rising_factorial(n);
    digamma_rise x |a, n| a.digamma_rise(n);
    lbeta x |a, n| a.lbeta(n + V::splat(T::ONE));
    erfinv p |a, n| (a + a - V::splat(T::ONE)).erfinv();
    norm_ppf p |a, n| a.norm_ppf();
    norm_cdf x |a, n| a.norm_cdf();
    erfcx_integral x |a, n| V::splat(T::ONE).erfcx_integral(a);
}

/// Numbers without a pattern, from 0 to 1.
fn units(seed: u64) -> impl Iterator<Item = f64> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    })
}

fn numbers<T: Float>() -> Numbers<T> {
    let column = |seed, f: fn(f64) -> f64| units(seed).take(COUNT).map(|u| T::from_f64(f(u))).collect::<Vec<T>>();
    Numbers {
        x: column(1, |u| 0.05 + 20.0 * u),
        p: column(2, |u| u),
        count: column(3, |u| (31.0 * u).floor()),
        out: vec![T::ZERO; COUNT],
    }
}

fn main() {
    let (mut samples, mut chosen) = (41, Vec::new());
    for argument in std::env::args().skip(1) {
        if argument == "--quick" { samples = 9 } else { chosen.push(argument) }
    }
    let effort = Effort { samples, sample_time: Duration::from_millis(1) };
    println!("{:<22} {:>8} {:>8} {:>8}   {:>8} {:>8} {:>8}", "", "f32", "one", "x exp", "f64", "one", "x exp");
    let (mut short, mut long) = (numbers::<f32>(), numbers::<f64>());
    for name in NAMES.iter().filter(|name| chosen.is_empty() || chosen.iter().any(|wanted| wanted == *name)) {
        let [short, long] = [measure(name, effort, &mut short), measure(name, effort, &mut long)]
            .map(|[packs, single, of_exp]| format!("{:8.2} {:8.2} {:8.1}", 1e9 * packs, 1e9 * single, packs / of_exp));
        println!("{name:<22} {short}   {long}");
    }
}
