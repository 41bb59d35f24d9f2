//! The data-flow graph of a model as readers want to see it: boxes with names, operations and shapes, and what is read by
//! what. Broadcasts, numbers and sizes have no box.

use std::collections::BTreeMap;

use super::formula::{Wanted, label, reads, seen_through};
use super::structure::is_unit_reshape;
use crate::graph::{Node, NodeId, Region};
use crate::ops::{LeafKind, Op};
use crate::simplify::spelled;

/// More letters of an operation than this are not shown.
const LONGEST: usize = 34;

/// What a box stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What is learnt.
    Param,
    /// What the model owns beside.
    State,
    /// What every call is given.
    Input,
    /// What is computed on the way.
    Value,
    /// What is wanted.
    Output,
}

/// A box.
#[derive(Clone, Debug)]
pub struct Vertex {
    /// What it stands for.
    pub kind: Kind,
    /// What the user calls it, or nothing.
    pub name: String,
    /// The operation, with the names of its operands; empty for what is given.
    pub operation: String,
    /// Its shape: `[N, D]`.
    pub shape: String,
}

/// Boxes in an order in which each stands after those that it reads, and the pairs of them that read one another.
#[derive(Clone, Debug, Default)]
pub struct Diagram {
    /// The boxes.
    pub vertices: Vec<Vertex>,
    /// From what is read to what reads it.
    pub edges: Vec<(usize, usize)>,
}

impl Vertex {
    /// Its lines of text, from the top.
    #[must_use]
    pub fn lines(&self) -> Vec<&str> {
        [&*self.name, &*self.operation, &*self.shape].into_iter().filter(|line| !line.is_empty()).collect()
    }
}

/// The graph below some values.
#[must_use]
pub fn diagram(region: &Region, wanted: &[Wanted]) -> Diagram {
    let nodes: Vec<NodeId> = wanted.iter().map(|&(_, node)| node).collect();
    let (region, nodes) = &spelled(region, &nodes);
    let mut names: BTreeMap<NodeId, Vec<String>> = BTreeMap::new();
    for ((name, _), &node) in wanted.iter().zip(nodes) {
        names.entry(seen_through(region, node)).or_default().push(name.text());
    }
    let live = live(region, names.keys().copied());
    let mut places: BTreeMap<NodeId, usize> = BTreeMap::new();
    let mut diagram = Diagram::default();
    for (id, node) in region.iter().filter(|(id, _)| live[id.index()]) {
        if has_no_box(&node.op) && !names.contains_key(&id) {
            continue;
        }
        let place = diagram.vertices.len();
        places.insert(id, place);
        diagram.vertices.push(vertex(region, id, names.get(&id)));
        let operands = reads(region, id).into_iter().map(|operand| through(region, operand));
        let mut read: Vec<usize> = operands.filter_map(|operand| places.get(&operand).copied()).collect();
        read.sort_unstable();
        read.dedup();
        diagram.edges.extend(read.into_iter().map(|from| (from, place)));
    }
    diagram
}

/// The nodes below some, broadcasts seen through.
fn live(region: &Region, from: impl Iterator<Item = NodeId>) -> Vec<bool> {
    let mut live = vec![false; region.len()];
    from.for_each(|node| live[node.index()] = true);
    for (id, _) in region.iter().rev() {
        if live[id.index()] {
            for operand in reads(region, id) {
                live[through(region, operand).index()] = true;
            }
        }
    }
    live
}

/// What is below broadcasts, and below axes of extent 1 that come and go.
fn through(region: &Region, node: NodeId) -> NodeId {
    let inner = seen_through(region, node);
    let Node { op, operands, name, ty, .. } = region.node(inner);
    match op {
        Op::Reshape(_) if name.is_none() && is_unit_reshape(&region.shape(operands[0]), &ty.shape) => {
            through(region, operands[0])
        }
        _ => inner,
    }
}

/// Numbers and sizes stand in the operations that read them.
fn has_no_box(op: &Op) -> bool {
    matches!(op, Op::Literal(_) | Op::Extent(_))
}

fn vertex(region: &Region, id: NodeId, names: Option<&Vec<String>>) -> Vertex {
    let node = region.node(id);
    let kind = match &node.op {
        Op::Leaf(leaf) => match leaf.kind {
            LeafKind::Param => Kind::Param,
            LeafKind::State => Kind::State,
            LeafKind::Input | LeafKind::StepInput | LeafKind::Prepared | LeafKind::Direction => Kind::Input,
        },
        _ if names.is_some() => Kind::Output,
        _ => Kind::Value,
    };
    let is_given = node.operands.is_empty();
    let own = node.name.as_deref().map(str::to_owned);
    let name = match (names, own) {
        _ if matches!(node.op, Op::Leaf(_)) => label(region, id).text(),
        (Some(names), _) => names.join(", "),
        (None, own) => own.unwrap_or_default(),
    };
    let operation = if is_given && !name.is_empty() { String::new() } else { shortened(label(region, id).text()) };
    Vertex { kind, name, operation, shape: node.ty.to_string() }
}

fn shortened(text: String) -> String {
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::look::formula::outputs;
    use crate::testing::models::compiled;

    #[test]
    fn every_box_is_joined_to_what_it_reads() {
        let (model, _) = compiled(
            "M<N, T, K> { param w: [T, K], b: [K]; input x: [N, T], label: [N] in K;
                let z = x @ w + b; p = softmax(z, K); accuracy = mean(argmax(z, K) == label);
                let centred = z - mean(z, K)[.., new]; spread = sqrt(mean(centred^2, K));
                loss = mean(cross_entropy(z, label)); }",
        );
        let Diagram { vertices, edges } = diagram(&model.region, &outputs(&model));
        for (place, vertex) in vertices.iter().enumerate() {
            // A function of sizes alone reads no box.
            let is_given = vertex.kind != Kind::Value && vertex.kind != Kind::Output || vertex.operation == "sqrt(K)";
            assert_eq!(edges.iter().all(|&(_, to)| to != place), is_given, "{vertex:?}");
            assert!(vertex.kind == Kind::Output || edges.iter().any(|&(from, _)| from == place), "{vertex:?}");
        }
        let operations: Vec<&str> = vertices.iter().map(|vertex| &*vertex.operation).collect();
        assert!(
            operations.contains(&"softmax(z, K)") && operations.contains(&"cross_entropy(z, label)"),
            "{operations:?}"
        );
        assert!(edges.iter().all(|(from, to)| from < to));
    }
}
