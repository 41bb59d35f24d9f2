//! The text form of a region: one line a node, `%3 [N] = mul %1 %2  ; residual`.

use std::fmt::{self, Write};

use super::{Body, Node, NodeId, Region};

/// Prints the nodes that the results depend on, in order, then the results.
#[must_use]
pub fn print(region: &Region, results: &[(&str, NodeId)]) -> String {
    let live = live(region, results.iter().map(|&(_, node)| node));
    let mut text = String::new();
    for (id, node) in region.iter().filter(|(id, _)| live[id.index()]) {
        let _ = write_node(&mut text, id, node);
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

fn write_node(text: &mut dyn Write, id: NodeId, node: &Node) -> fmt::Result {
    write!(text, "{id} {} = {}", node.ty, node.op)?;
    node.operands.iter().try_for_each(|operand| write!(text, " {operand}"))
}

/// `{[N], []: %0 [N] = parameter 0; %1 [N] = sin %0; -> %1}`: the types of the parameters, the nodes, the results.
impl fmt::Display for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |all: &[String]| all.join(", ");
        let types: Vec<String> = self.parameters().iter().map(ToString::to_string).collect();
        let results: Vec<String> = self.results().iter().map(ToString::to_string).collect();
        write!(f, "{{{}: ", joined(&types))?;
        for (id, node) in self.region().iter() {
            write_node(f, id, node)?;
            f.write_str("; ")?;
        }
        write!(f, "-> {}}}", joined(&results))
    }
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
