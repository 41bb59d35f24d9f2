//! From a graph to a loop program: which values are kept, which loops are shared, where buffers live.
//!
//! `plan` decides what ends a loop nest, `fuse` places the nests into a tree of shared loops, `lower` writes the
//! statements, and clean-ups follow: what nothing needs goes, loops along contiguous memory are joined, steps write in
//! place, temporaries share memory.

mod ahead;
mod collapse;
mod columns;
mod distribute;
mod fuse;
mod in_place;
mod interchange;
mod lanes;
mod long;
mod lower;
mod maps;
mod matrix;
mod order;
mod plan;
pub mod print;
pub mod program;
#[cfg(test)]
#[allow(clippy::cast_precision_loss, clippy::float_cmp, reason = "small numbers are cast, and meant exactly")]
pub(crate) mod simulate;
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
    for (_, pass) in PASSES {
        pass(&mut program, targets);
    }
    program
}

/// What is done to a program that has been lowered; `targets` are those of a step.
type Pass = fn(program: &mut Program, targets: &[&str]);

/// All passes over a lowered program, in order.
const PASSES: [(&str, Pass); 12] = [
    ("remove_dead", |program, _| tidy::remove_dead(program)),
    ("numbers_first", |program, _| tidy::numbers_first(program)),
    ("distribute", |program, _| distribute::distribute(program)),
    ("reuse_memory", |program, _| in_place::reuse_memory(program)),
    ("shrink_temporaries", |program, _| tidy::shrink_temporaries(program)),
    ("collapse", |program, _| collapse::collapse(program)),
    ("interchange", |program, _| interchange::interchange(program)),
    ("assign_lanes", |program, _| lanes::assign_lanes(program)),
    ("update_in_place", in_place::update_in_place),
    ("keep_sums_in_levels", |program, _| columns::keep_sums_in_levels(program)),
    ("ask_ahead", |program, _| ahead::ask_ahead(program)),
    ("assign_slots", |program, _| slots::assign_slots(program)),
];

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
        ("lower", print::print(&program)),
    ];
    for (name, pass) in PASSES {
        pass(&mut program, targets);
        stages.push((name, print::print(&program)));
    }
    stages.push(("split", print::print_split(&program)));
    stages
}
