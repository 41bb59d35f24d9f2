//! Which entry points of a model get a program: those whose results no other one has at about the same cost. There is one
//! thing less to schedule, to print and to compile for each that has not; `emit` lets it call the other.

use crate::emit::EntryKind;
use crate::graph::model::Model;
use crate::graph::print::live;
use crate::graph::{NodeId, Region};
use crate::machine::GRADIENT_SHARE;
use crate::ops::Op;
use crate::ops::lowering::Role;

/// The entry points that have programs, and their results.
#[must_use]
pub fn wanted(model: &Model) -> Vec<(EntryKind, Vec<NodeId>)> {
    let mut wanted = Vec::new();
    // A single output is all outputs.
    if model.outputs.len() != 1 {
        wanted.push((EntryKind::Outputs, model.outputs.iter().map(|output| output.node).collect()));
    }
    for (place, output) in model.outputs.iter().enumerate() {
        let kind = if Some(output.node) == model.loss() && output.name == "loss" {
            EntryKind::Loss
        } else {
            EntryKind::Output(place)
        };
        wanted.push((kind, vec![output.node]));
    }
    if let Some(loss) = model.loss() {
        let both: Vec<NodeId> = std::iter::once(loss).chain(model.gradients.iter().copied()).collect();
        if is_much_less(&model.region, &model.gradients, &both) {
            wanted.push((EntryKind::Gradient, model.gradients.clone()));
        }
        wanted.push((EntryKind::LossAndGradient, both));
    }
    for (place, step) in model.steps.iter().enumerate() {
        wanted.push((EntryKind::Step(place), step.results().collect()));
    }
    wanted
}

/// Whether the gradient alone needs much less than the loss with it, or less that can fail.
fn is_much_less(region: &Region, alone: &[NodeId], both: &[NodeId]) -> bool {
    let values = |results: &[NodeId]| {
        let live = live(region, results.iter().copied());
        let nodes = region.iter().filter(|(id, _)| live[id.index()]);
        // The place of an extreme is an error along an axis without extent.
        nodes.fold((0, 0), |(all, fallible), (_, node)| {
            let can_fail = matches!(node.op, Op::ArgReduce(_));
            (
                all + usize::from(!matches!(node.op.role(), Role::Constant | Role::View)),
                fallible + usize::from(can_fail),
            )
        })
    };
    let (alone, both) = (values(alone), values(both));
    alone.1 < both.1 || GRADIENT_SHARE[1] * alone.0 < GRADIENT_SHARE[0] * both.0
}
