//! Derivatives of all primitives, the numerical conventions, and random graphs.

mod choices;
mod conventions;
mod meanings;
mod primitives;
mod random_graphs;
