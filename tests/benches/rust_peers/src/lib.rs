//! The workloads of `autograd_benches` in other libraries of Rust, a program for each; a program leaves out the
//! workloads that its library cannot express, and says why.
//!
//! `peers.py --libraries candle,burn,…` builds them and runs them beside the others; alone, a program prints one
//! JSON object a line:
//!
//! ```text
//! cargo run --release --features burn --bin burn -- --quick --only a,d
//! ```

pub mod numbers;

use std::hint::black_box;
use std::time::Duration;

use autograd_benches::measure::{Effort, Spread, in_turns};

/// The steps of the whole scripts.
const STEPS: usize = 80_000;

/// Measures what the command line asks for, and prints it.
///
/// `L` is what an evaluation ends with, mostly the loss.
pub struct Report<L> {
    way: &'static str,
    first: fn(&L) -> f64,
    effort: Effort,
    steps: usize,
    only: String,
}

impl<L> Report<L> {
    /// `way` says how the library is used; `first` is the first number of a result.
    pub fn from_arguments(way: &'static str, first: fn(&L) -> f64) -> Self {
        let effort = Effort { samples: 31, sample_time: Duration::from_millis(10) };
        let mut report = Self { way, first, effort, steps: STEPS, only: String::new() };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => {
                    report.effort = Effort { samples: 5, sample_time: Duration::from_millis(2) };
                    report.steps = 2000;
                }
                "--only" => report.only = arguments.next().unwrap_or_default(),
                _ => panic!("no such argument: {argument}"),
            }
        }
        report
    }

    /// Measures one evaluation, what `make` returns; what `make` does is not counted.
    pub fn time<R: FnMut() -> L>(&self, name: &str, make: impl FnOnce() -> R) {
        if self.wants(name) {
            let mut run = make();
            let first = (self.first)(&run());
            self.print(name, &format!("{first:e}"), spread(self.effort, &mut run), 1.0);
        }
    }

    /// Measures a whole script, `run(steps)`, as if it had made all 80 000 steps.
    pub fn script(&self, name: &str, run: impl Fn(usize)) {
        if self.wants(name) {
            let effort = Effort { samples: self.effort.samples.min(5), ..self.effort };
            let spread = spread(effort, &mut || run(self.steps));
            self.print(name, "null", spread, STEPS as f64 / self.steps as f64);
        }
    }

    fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.split(',').any(|start| name.starts_with(start))
    }

    fn print(&self, name: &str, first: &str, time: Spread, scale: f64) {
        let [low, median, high] = [time.low, time.median, time.high].map(|seconds| seconds * scale);
        println!(
            r#"{{"name": "{name}", "way": "{}", "first": {first}, "low": {low:e}, "median": {median:e}, "high": {high:e}, "clean": {}}}"#,
            self.way, time.is_clean
        );
    }
}

fn spread<R: FnMut() -> L, L>(effort: Effort, run: &mut R) -> Spread {
    let [spread] = in_turns(
        effort,
        run,
        |_| {},
        [|run: &mut R| {
            black_box(run());
        }],
    );
    spread
}
