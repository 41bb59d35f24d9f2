//! Analyses of a loop program; none of them changes it.

pub(crate) mod lives;
pub(crate) mod order;
pub mod split;
