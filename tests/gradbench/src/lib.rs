//! [GradBench](https://github.com/gradbench/gradbench)'s evals hello, lse, llsq, gmm and kmeans.
//!
//! [`protocol`] answers its messages, one line of JSON each, for which `cargo run --release -p gradbench` stands between
//! standard input and output. [`evals`] has the models, [`hand`] the same by hand, as loops over slices: what
//! `cargo run --release -p gradbench --bin measure` compares them with.

pub mod evals;
pub mod hand;
pub mod protocol;
