//! From a graph to a loop program: which values are kept, which loops are shared, where buffers live.
//!
//! `plan` decides what ends a loop nest, `fuse` places the nests into a tree of shared loops, `lower` writes the
//! statements, and clean-ups follow: what nothing needs goes, loops along contiguous memory are joined, steps write in
//! place, temporaries share memory.

pub mod analysis;
mod fuse;
mod lower;
mod maps;
pub(crate) mod passes;
mod plan;
mod print;
#[cfg(test)]
#[allow(
    clippy::cast_precision_loss,
    clippy::float_cmp,
    clippy::many_single_char_names,
    clippy::needless_raw_string_hashes,
    reason = "graphs are written as formulas are"
)]
mod tests;
mod views;

pub use plan::{Upkeep, upkeep};

use crate::graph::{NodeId, Region};
use crate::loops::print as text;
use crate::loops::program::Program;
use passes::PASSES;

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
    for (_, pass) in PASSES {
        pass(&mut program, targets);
    }
    program
}

/// Every stage of [`schedule_step`] as text, by its name: the nests, the tree of their loops, the program that is lowered
/// from it, that program after each pass, and how its loops may be cut.
#[must_use]
pub fn stages(region: &Region, results: &[NodeId], targets: &[&str]) -> Vec<(&'static str, String)> {
    let plan = plan::plan(region, results);
    let mut maps = maps::Maps::default();
    let (tree, axes) = fuse::fuse(region, &plan, &mut maps);
    let mut program = lower::lower(region, &plan, &mut maps, &tree, axes, results);
    let mut stages = vec![
        ("plan", print::print_plan(region, &plan)),
        ("fuse", print::print_tree(&plan, &tree)),
        ("lower", text::print(&program)),
    ];
    for (name, pass) in PASSES {
        pass(&mut program, targets);
        stages.push((name, text::print(&program)));
    }
    stages.push(("split", print::print_split(&program)));
    stages
}
