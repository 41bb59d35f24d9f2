//! Derivatives of all primitives, the numerical conventions, and random graphs.

mod bodies;
mod choices;
mod conventions;
mod elementary;
mod masks;
mod meanings;
mod overflow;
mod primitives;
mod random_graphs;
