//! The text form of a region: one line a node, `%3 [N] = mul %1 %2  ; residual`.

use std::fmt::Write;

use super::{NodeId, Region};

/// Prints the nodes that the results depend on, in order, then the results.
#[must_use]
pub fn print(region: &Region, results: &[(&str, NodeId)]) -> String {
    let live = live(region, results.iter().map(|&(_, node)| node));
    let mut text = String::new();
    for (id, node) in region.iter().filter(|(id, _)| live[id.index()]) {
        let _ = write!(text, "{id} {} = {}", node.ty, node.op);
        for operand in &node.operands {
            let _ = write!(text, " {operand}");
        }
        if let Some(name) = &node.name {
            let _ = write!(text, "  ; {name}");
        }
        text.push('\n');
    }
    for (name, node) in results {
        let _ = writeln!(text, "{name}: {node}");
    }
    text
}

/// Which nodes the results depend on.
#[must_use]
pub fn live(region: &Region, results: impl IntoIterator<Item = NodeId>) -> Vec<bool> {
    let mut live = vec![false; region.len()];
    for result in results {
        live[result.index()] = true;
    }
    for place in (0..region.len()).rev() {
        if live[place] {
            for operand in &region.node(super::id(place)).operands {
                live[operand.index()] = true;
            }
        }
    }
    live
}
