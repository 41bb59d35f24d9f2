//! The workloads that emitted code is measured with, each in two forms: as a `model!`, and written by hand as well as
//! we can for the one model.
//!
//! `cargo run --release -p autograd-benches --bin ratios` prints the table of all, with `--suite unseen` that of computations
//! that no rule was made for ([`unseen`], first figures in `UNSEEN.md`); `cargo bench -p autograd-benches`
//! measures them one by one; `peers.py` runs them in JAX, `PyTorch` and TensorFlow as well, and, where it is asked to,
//! in candle, burn, dfdx and num-dual (`rust_peers`); `--bin functions` says what special functions cost; `products`
//! compares the matrix product with those of other crates, `build_cost.py` measures what a model costs at compile time. The
//! hand-written forms are fused, run in lanes, use the vector mathematics and the matrix product of `autograd-core`, and know
//! what sizes there are where an expert would.
//! `cargo test -p autograd-benches` holds the two forms to the same numbers.

#![allow(clippy::many_single_char_names, reason = "formulas have the names that they have in books")]

pub mod allocations;
pub mod data;
pub mod level;
pub mod measure;
pub mod unseen;

#[cfg(feature = "workloads")]
mod chain;
#[cfg(feature = "workloads")]
mod convolution;
#[cfg(feature = "workloads")]
mod embedding;
#[cfg(feature = "workloads")]
mod fused;
#[cfg_attr(not(feature = "workloads"), allow(dead_code, reason = "families share what each may leave"))]
mod lanes;
#[cfg(feature = "workloads")]
mod line;
#[cfg(feature = "workloads")]
mod logistic;
#[cfg(feature = "workloads")]
mod mixture;
#[cfg(feature = "workloads")]
mod perceptron;
#[cfg(feature = "workloads")]
mod rows;
#[cfg(feature = "workloads")]
mod small;
#[cfg(any(feature = "slices", feature = "workloads"))]
#[cfg_attr(not(feature = "workloads"), allow(dead_code, reason = "`unseen` takes what is by hand"))]
mod stencil;

/// A computation in two forms.
pub trait Workload {
    /// Back to where it started, for computations that move their parameters.
    fn reset(&mut self) {}
    /// One evaluation of what `model!` has made.
    fn model(&mut self);
    /// The same written by hand.
    fn hand(&mut self);
    /// The loss alone, by what `model!` has made.
    fn value(&mut self) {}
    /// The loss with its gradient, by what `model!` has made: [`model`](Self::model), unless that is a whole step.
    fn value_and_gradient(&mut self) {
        self.model();
    }
    /// What the last evaluation of each form gave, array by array: that of `model!` first.
    fn results(&self) -> [Vec<Vec<f64>>; 2];
    /// The memory of the model's workspace.
    fn workspace_bytes(&self) -> usize;
    /// The memory of inputs, parameters and gradients (or other results).
    fn data_bytes(&self) -> usize;
}

/// A workload and what there is to know of it before it is made.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "a table of functions")]
pub struct Entry {
    /// The letter of the workload, then its variant: `e/f32`.
    pub name: &'static str,
    /// What is computed.
    pub about: &'static str,
    /// The number of points or rows.
    pub size: usize,
    /// A number that is large enough to test with.
    pub small: usize,
    /// How far the two forms may differ, relative to the largest number of the array.
    pub tolerance: f64,
    /// How much dearer the gradient may be than the loss alone, where there is one.
    pub gradient_bar: Option<f64>,
    /// Makes the workload with a number of points or rows.
    pub make: fn(usize) -> Box<dyn Workload>,
}

/// How large a workload is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// To be measured.
    Full,
    /// To be tested.
    Small,
}

impl Scale {
    /// The one number or the other.
    #[must_use]
    pub const fn pick(self, full: usize, small: usize) -> usize {
        match self {
            Self::Full => full,
            Self::Small => small,
        }
    }
}

/// A row of a table: a workload that has not been made yet.
#[expect(missing_debug_implementations, reason = "it holds a function")]
pub struct Case {
    /// What `--only` asks for.
    pub name: String,
    /// What is computed.
    pub about: &'static str,
    /// How far the two forms may differ, relative to the largest number of the array.
    pub tolerance: f64,
    /// How much dearer the gradient may be than the loss alone, where that is measured.
    pub gradient_bar: Option<f64>,
    /// Whether there is a form by hand.
    pub has_hand: bool,
    /// Makes the workload.
    pub make: Box<dyn Fn(Scale) -> Box<dyn Workload>>,
}

impl From<Entry> for Case {
    fn from(entry: Entry) -> Self {
        let Entry { name, about, size, small, tolerance, gradient_bar, make } = entry;
        let make = Box::new(move |scale: Scale| make(scale.pick(size, small)));
        Self { name: name.to_owned(), about, tolerance, gradient_bar, has_hand: true, make }
    }
}

/// Every workload, in the order of the table.
#[must_use]
pub fn workloads() -> Vec<Entry> {
    #[cfg(not(feature = "workloads"))]
    return Vec::new();
    #[cfg(feature = "workloads")]
    [
        line::entries(),
        logistic::entries(),
        perceptron::entries(),
        small::entries(),
        fused::entries(),
        chain::entries(),
        mixture::entries(),
        rows::entries(),
        stencil::entries(),
        convolution::entries(),
        embedding::entries(),
    ]
    .concat()
}

/// The greatest difference of two sets of arrays, each relative to the largest number of its array.
#[must_use]
pub fn difference([a, b]: &[Vec<Vec<f64>>; 2]) -> f64 {
    if a.len() != b.len() {
        return f64::INFINITY;
    }
    a.iter().zip(b).map(|(a, b)| relative(a, b)).fold(0.0, worse)
}

fn relative(a: &[f64], b: &[f64]) -> f64 {
    if a.len() != b.len() {
        return f64::INFINITY;
    }
    let size = b.iter().fold(f64::MIN_POSITIVE, |size, b| worse(size, b.abs()));
    a.iter().zip(b).map(|(a, b)| (a - b).abs() / size).fold(0.0, worse)
}

/// The larger one, NaN for infinitely large.
fn worse(a: f64, b: f64) -> f64 {
    if b.is_nan() { f64::INFINITY } else { a.max(b) }
}
