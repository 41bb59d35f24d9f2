//! Derivatives of all primitives, the numerical conventions, and random graphs.

mod conventions;
mod meanings;
mod primitives;
mod random_graphs;
