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
pub(crate) mod tests;
mod views;

pub use plan::{Upkeep, upkeep};

use std::collections::BTreeSet;

use crate::graph::print::live;
use crate::graph::{NodeId, Region};
use crate::loops::print as text;
use crate::loops::program::Program;
use crate::pass::{self, Broken, Fact, Pass};
use passes::PASSES;

/// Schedules the computation of `results`; the first of them are the new values of the parameters and states that are
/// called `targets`.
///
/// The region is legal and holds only what `simplify::legalise_passes` leave.
///
/// # Errors
/// A rule of the compiler's own that is broken, and the pass that broke it.
pub fn schedule(region: &Region, results: &[NodeId], targets: &[&str]) -> Result<Program, Broken> {
    lowered(region, results, targets, PASSES.iter(), &mut |_, _| {})
}

/// Every stage of [`schedule`] as text, by its name: the nests, the tree of their loops, the program that is lowered from
/// it, that program after each pass, and how its loops may be cut.
///
/// # Errors
/// As those of [`schedule`].
pub fn stages(region: &Region, results: &[NodeId], targets: &[&str]) -> Result<Vec<(&'static str, String)>, Broken> {
    let plan = plan::plan(region, results);
    let (tree, _) = fuse::fuse(region, &plan, &mut maps::Maps::default());
    let mut stages = vec![("plan", print::print_plan(region, &plan)), ("fuse", print::print_tree(&plan, &tree))];
    let mut watch = |name, program: &Program| stages.push((name, text::print(program)));
    let program = lowered(region, results, targets, PASSES.iter(), &mut watch)?;
    stages.push(("split", print::print_split(&program)));
    Ok(stages)
}

/// Loops cannot make yet what has several results or holds a body.
fn refuse_bodies(region: &Region, results: &[NodeId]) -> Result<(), Broken> {
    let live = live(region, results.iter().copied());
    let is_refused = |id: NodeId| !region.node(id).op.bodies().is_empty() || !region.further(id).is_empty();
    let found = region.iter().find(|(id, _)| live[id.index()] && is_refused(*id));
    found.map_or(Ok(()), |(id, node)| {
        let message = format!("{id} = {} has several results or a body, which loops cannot make", node.op);
        Err(Broken { pass: "plan", span: node.span, message })
    })
}

/// The program after some of the passes; `watch` is shown it when it is lowered, and after each pass.
fn lowered<'a>(
    region: &Region,
    results: &[NodeId],
    targets: &[&str],
    passes: impl Iterator<Item = &'a Pass<Program>>,
    watch: &mut dyn FnMut(&'static str, &Program),
) -> Result<Program, Broken> {
    refuse_bodies(region, results)?;
    let plan = plan::plan(region, results);
    let mut maps = maps::Maps::default();
    let (tree, axes) = fuse::fuse(region, &plan, &mut maps);
    let mut program = lower::lower(region, &plan, &mut maps, &tree, axes, results);
    program.targets = targets.iter().map(|&target| target.into()).collect();
    pass::verified("lower", &program)?;
    watch("lower", &program);
    pass::run(passes, &mut BTreeSet::from([Fact::Legal]), &mut program, &mut (), watch)?;
    Ok(program)
}

/// Runs all passes over a program that a test has written down.
#[cfg(test)]
pub(crate) fn optimise(program: &mut Program, watch: &mut dyn FnMut(&'static str, &Program)) {
    let run = pass::run(PASSES.iter(), &mut BTreeSet::from([Fact::Legal]), program, &mut (), watch);
    run.unwrap_or_else(|broken| panic!("{broken:?}"));
}
