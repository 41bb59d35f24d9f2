//! [GradBench](https://github.com/gradbench/gradbench)'s evals hello, lse, llsq, gmm and kmeans.
//!
//! [`protocol`] answers its messages, one line of JSON each, for which `cargo run --release -p gradbench` stands between
//! standard input and output. [`evals`] has the models, [`hand`] the same by hand, as loops over slices: what
//! `cargo run --release -p gradbench --bin measure` compares them with.

pub mod evals;
pub mod hand;
pub mod protocol;

/// From now on what is compiled computes on the caller's thread alone.
///
/// # Panics
/// If something has been computed on several.
pub fn on_one_thread() {
    let pool = rayon_core::ThreadPoolBuilder::new().num_threads(1).build_global();
    pool.expect("nothing has asked for threads yet");
}
