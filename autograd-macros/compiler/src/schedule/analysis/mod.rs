//! Answers about a loop program; nothing here changes one.

pub(crate) mod lives;
pub(crate) mod order;
pub mod split;
