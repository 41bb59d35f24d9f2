//! From a graph to a loop program: which values are kept, which loops are shared, where buffers live.
//!
//! `plan` decides what ends a loop nest, `fuse` places the nests into a tree of shared loops, `lower` writes the
//! statements, and clean-ups follow: what nothing needs goes, loops along contiguous memory are joined, steps write in
//! place, temporaries share memory.

mod collapse;
mod columns;
mod fuse;
mod in_place;
mod lanes;
mod lower;
mod maps;
mod matrix;
mod plan;
pub mod print;
pub mod program;
#[cfg(test)]
#[allow(clippy::cast_precision_loss, clippy::float_cmp, reason = "small numbers are cast, and meant exactly")]
mod simulate;
mod slots;
pub mod split;
mod sums;
#[cfg(test)]
#[allow(
    clippy::cast_precision_loss,
    clippy::float_cmp,
    clippy::many_single_char_names,
    clippy::needless_raw_string_hashes,
    reason = "graphs are written as formulas are"
)]
mod tests;
mod tidy;
pub mod verify;
mod views;

pub use plan::{Upkeep, upkeep};

use crate::graph::{NodeId, Region};
use program::Program;

/// Schedules the computation of `results`.
///
/// The region is legal and holds only what `simplify::legalise` leaves.
#[must_use]
pub fn schedule(region: &Region, results: &[NodeId]) -> Program {
    schedule_step(region, results, &[])
}

/// Schedules a step: the first results are the new values of the parameters and states that are called `targets`.
#[must_use]
pub fn schedule_step(region: &Region, results: &[NodeId], targets: &[&str]) -> Program {
    let plan = plan::plan(region, results);
    let mut maps = maps::Maps::default();
    let (tree, axes) = fuse::fuse(region, &plan, &mut maps);
    let mut program = lower::lower(region, &plan, &mut maps, &tree, axes, results);
    tidy::remove_dead(&mut program);
    tidy::numbers_first(&mut program);
    in_place::reuse_memory(&mut program);
    tidy::shrink_temporaries(&mut program);
    collapse::collapse(&mut program);
    lanes::assign_lanes(&mut program);
    in_place::update_in_place(&mut program, targets);
    columns::keep_sums_in_levels(&mut program);
    slots::assign_slots(&mut program);
    program
}
