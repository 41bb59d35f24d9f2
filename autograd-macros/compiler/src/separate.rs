//! Partial evaluation: what no parameter touches is separated from the rest. A legal region and the wanted results in,
//! a region in which the costly part of what depends on inputs alone is read from leaves, and the list of what those
//! leaves hold.
//!
//! ```text
//! %0 [N] = input x           %0 [N] = prepared t1        prepared: t1 = log(x)
//! %1 [N] = log %0        →   %1 [] = param w
//! %2 [] = param w            …
//! ```
//!
//! What is prepared is as large a part as possible: a value that a parameter, a state or a step's own input touches reads
//! it, or somebody wants it. It has to pay: accumulations, matrix products and what programs keep in memory anyway do,
//! and functions that cost more than a read, unless the value is larger than all it is made of. Views, constants and
//! cheap arithmetic are done where they are used, as ever.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::graph::print::live;
use crate::graph::{Dim, NodeId, Region, Type};
use crate::ops::lowering::Role;
use crate::ops::{Function, LeafKind, Map, Op};
use crate::schedule::{Upkeep, upkeep};

/// A region and the part of it that is computed once.
#[derive(Clone, Debug)]
pub struct Separated {
    /// What is prepared.
    pub prepared: Vec<Prepared>,
    /// The region that computes it.
    pub preparation: Region,
    /// The region that has leaves instead.
    pub region: Region,
    /// The wanted results there; `None` where they read nothing that is prepared.
    pub results: Vec<Option<Vec<NodeId>>>,
}

/// A value that is computed once for all calls with the same inputs.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The name of its leaf.
    pub name: Rc<str>,
    /// Its type.
    pub ty: Type,
    /// What computes it, in `preparation`.
    pub node: NodeId,
    /// Whether the name is the user's.
    pub is_named: bool,
}

/// Separates several sets of results at once.
#[must_use]
pub fn separate(region: &Region, wanted: &[Vec<NodeId>]) -> Separated {
    let (preparation, wanted) = expose(region, wanted);
    let results: Vec<NodeId> = wanted.iter().flatten().copied().collect();
    let live = live(&preparation, results.iter().copied());
    let pays = frontier(&preparation, &live, &results);
    let prepared = name(&preparation, &pays);
    let reads = reads(&preparation, &live, &pays);
    let names: BTreeMap<NodeId, &Prepared> = prepared.iter().map(|value| (value.node, value)).collect();
    let (separated, images) = copy(&preparation, &live, |separated, id, operands| match names.get(&id) {
        Some(value) => separated.leaf(LeafKind::Prepared, &value.name, value.ty.clone()),
        None => separated.add(preparation.node(id).op.clone(), operands),
    });
    let results = wanted.iter().map(|results| {
        let is_concerned = results.iter().any(|result| reads[result.index()]);
        is_concerned.then(|| results.iter().map(|result| images[result.index()]).collect())
    });
    Separated { results: results.collect(), region: separated, prepared, preparation }
}

/// Takes apart what hides a function of the inputs: `xlogy(w, x)` has the logarithm of `x`.
fn expose(region: &Region, wanted: &[Vec<NodeId>]) -> (Region, Vec<Vec<NodeId>>) {
    let live = live(region, wanted.iter().flatten().copied());
    let is_fixed = fixed(region);
    let (exposed, images) = copy(region, &live, |exposed, id, operands| {
        let node = region.node(id);
        match (&node.op, operands) {
            (Op::Map(Map { function: Function::Xlogy }), &[factor, x])
                if is_fixed[node.operands[1].index()] && !is_fixed[node.operands[0].index()] =>
            {
                xlogy(exposed, factor, x)
            }
            (op, _) => exposed.add(op.clone(), operands),
        }
    });
    let image = |results: &Vec<NodeId>| results.iter().map(|result| images[result.index()]).collect();
    (exposed, wanted.iter().map(image).collect())
}

/// `factor == 0 && x == x ? 0 : factor * log(x)`: the same bits.
fn xlogy(region: &mut Region, factor: NodeId, x: NodeId) -> NodeId {
    let zero = region.zeros_like(factor);
    let (is_zero, is_number) = (region.equal(factor, zero), region.equal(x, x));
    let vanishes = region.and(is_zero, is_number);
    let log = region.log(x);
    let product = region.times(factor, log);
    region.select(vanishes, zero, product)
}

/// The live part of a region, node by node, and the images of its nodes.
fn copy(
    region: &Region,
    live: &[bool],
    mut make: impl FnMut(&mut Region, NodeId, &[NodeId]) -> NodeId,
) -> (Region, Vec<NodeId>) {
    let mut copied = Region::new();
    // What is not live is the image of nothing that is asked for.
    let mut images: Vec<NodeId> = region.iter().map(|(id, _)| id).collect();
    for (id, node) in region.iter().filter(|(id, _)| live[id.index()]) {
        let operands: Vec<NodeId> = node.operands.iter().map(|operand| images[operand.index()]).collect();
        copied.set_span(node.span);
        images[id.index()] = make(&mut copied, id, &operands);
        if let Some(name) = &node.name {
            copied.set_name(images[id.index()], name);
        }
    }
    (copied, images)
}

/// What is prepared, from the results down: whatever somebody reads that no parameter touches, or what it is made of.
fn frontier(region: &Region, live: &[bool], results: &[NodeId]) -> BTreeSet<NodeId> {
    let (is_fixed, value) = (fixed(region), Value::of(region, live));
    let mut is_read = vec![false; region.len()];
    for result in results {
        is_read[result.index()] = true;
    }
    let mut pays = BTreeSet::new();
    for (id, node) in region.iter().rev().filter(|(id, _)| live[id.index()]) {
        if is_fixed[id.index()] && !is_read[id.index()] {
            continue;
        }
        if is_fixed[id.index()] && value.pays(region, id) {
            pays.insert(id);
        } else {
            node.operands.iter().for_each(|operand| is_read[operand.index()] = true);
        }
    }
    pays
}

/// What is known of the value of keeping a value.
struct Value {
    upkeep: Upkeep,
    /// It is computed by a loop, or from something that is.
    holds_a_loop: Vec<bool>,
}

impl Value {
    fn of(region: &Region, live: &[bool]) -> Self {
        let mut holds_a_loop = Vec::with_capacity(region.len());
        for (_, node) in region.iter() {
            let is_loop = node.op.role() == Role::Sink;
            holds_a_loop.push(is_loop || node.operands.iter().any(|operand| holds_a_loop[operand.index()]));
        }
        Self { upkeep: upkeep(region, live), holds_a_loop }
    }

    fn pays(&self, region: &Region, node: NodeId) -> bool {
        let found = region.node(node);
        match found.op.role() {
            Role::Sink => true,
            Role::Pointwise if found.ty.rank() == 0 => self.holds_a_loop[node.index()],
            Role::Pointwise => {
                let is_costly = self.upkeep.is_costly[node.index()] && self.is_no_larger(region, node);
                self.upkeep.is_kept[node.index()] || is_costly
            }
            Role::Leaf | Role::Constant | Role::View | Role::Reshape => false,
        }
    }

    /// Whether something in memory that the value is computed from has all its axes.
    fn is_no_larger(&self, region: &Region, node: NodeId) -> bool {
        let shape = &region.ty(node).shape;
        let (mut seen, mut open) = (BTreeSet::new(), vec![node]);
        while let Some(next) = open.pop() {
            for &operand in region.node(next).operands.iter().filter(|&&operand| seen.insert(operand)) {
                let is_kept = self.upkeep.is_kept[operand.index()] || region.node(operand).op.role() == Role::Leaf;
                if is_kept && has_all_axes(&region.ty(operand).shape, shape) {
                    return true;
                }
                if !is_kept {
                    open.push(operand);
                }
            }
        }
        false
    }
}

/// Whether each extent of one shape occurs in another, as often at least.
fn has_all_axes(large: &[Dim], small: &[Dim]) -> bool {
    let mut rest: Vec<&Dim> = large.iter().collect();
    small.iter().filter(|extent| !extent.is_one()).all(|extent| {
        let place = rest.iter().position(|other| *other == extent);
        place.map(|place| rest.swap_remove(place)).is_some()
    })
}

/// Which values depend on inputs, dimensions and constants alone.
fn fixed(region: &Region) -> Vec<bool> {
    let mut fixed = Vec::with_capacity(region.len());
    for (_, node) in region.iter() {
        let is_variable = matches!(&node.op, Op::Leaf(leaf) if leaf.kind != LeafKind::Input);
        fixed.push(!is_variable && node.operands.iter().all(|operand| fixed[operand.index()]));
    }
    fixed
}

/// Names what is prepared, in order: the user's names where there are any.
fn name(region: &Region, pays: &BTreeSet<NodeId>) -> Vec<Prepared> {
    let mut taken = BTreeSet::new();
    let mut count = 0;
    let prepared = pays.iter().map(|&node| {
        let name = region.node(node).name.clone().filter(|name| taken.insert(name.clone()));
        let is_named = name.is_some();
        let name = name.unwrap_or_else(|| {
            count += 1;
            format!("prepared_{count}").into()
        });
        Prepared { name, ty: region.ty(node).clone(), node, is_named }
    });
    prepared.collect()
}

/// Which values read something that is prepared.
fn reads(region: &Region, live: &[bool], pays: &BTreeSet<NodeId>) -> Vec<bool> {
    let mut reads = vec![false; region.len()];
    for (id, node) in region.iter().filter(|(id, _)| live[id.index()]) {
        reads[id.index()] = pays.contains(&id) || node.operands.iter().any(|operand| reads[operand.index()]);
    }
    reads
}

#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
mod tests {

    use expect_test::{Expect, expect};

    use super::*;

    use crate::entries::EntryKind;
    use crate::graph::print::print;
    use crate::interpret::{Tensor, evaluate};
    use crate::loops;
    use crate::testing::models::compiled;
    use crate::testing::sizes;

    /// What is prepared for a model, and the program that does it.
    fn check(text: &str, expected: &Expect) {
        let (_, programs) = compiled(text);
        let values = programs.prepared.iter().map(|value| format!("{} {}\n", value.name, value.ty));
        let mut found: String = values.collect();
        for entry in programs.bound.iter().filter(|entry| entry.point.kind == EntryKind::Prepare) {
            found.push_str(&loops::print::print(&entry.program));
        }
        expected.assert_eq(&found);
    }

    #[test]
    fn a_line_prepares_nothing() {
        check("Line<N> { param w, b; input x: [N], y: [N]; loss = mean((w*x + b - y)^2); }", &expect![[""]]);
    }

    #[test]
    fn features_are_computed_once() {
        check(
            "Kernels<N, M, D> {
                param w: [M];
                input x: [N, D], centre: [M, D], y: [N];
                let distance = sum((x[.., new] - centre)^2, D);
                let features = exp(-distance);
                loss = mean((features @ w - log(y))^2);
            }",
            &expect![[r#"
                features [N, M]
                prepared_1 [N]
                b0 features [N, M]: result 0
                b1 t [N]: result 1
                b2 y [N]: input
                b3 centre [M, D]: input
                b4 x [N, D]: input
                b6 centre [D, M]: temporary s0
                for i0 in 0..N in lanes
                    v0 = b2[i0]
                    v1 = log v0
                    b1[i0] = v1
                for i4 in 0..D
                    for i5 in 0..M in lanes
                        v9 = b3[i4 + D*i5]
                        b6[M*i4 + i5] = v9
                for i1 in 0..N
                    for i2 in 0..M in lanes
                        v6 = sum v5, for i3 in 0..D
                            v2 = b6[M*i3 + i2]
                            v3 = b4[D*i1 + i3]
                            v4 = sub v3 v2
                            v5 = square v4
                        v7 = neg v6
                        v8 = exp v7
                        b0[M*i1 + i2] = v8
                -> b0
                -> b1
            "#]],
        );
    }

    #[test]
    fn cheap_and_spread_out_values_are_not_kept() {
        check(
            "Cheap<N, M> {
                param w: [M];
                input x: [N], z: [M], rate;
                loss = sum(tanh((x + 1)[.., new] * exp(z) * w)) * exp(rate);
            }",
            &expect![[r#"
                prepared_1 [M]
                b0 t [M]: result 0
                b1 z [M]: input
                for i0 in 0..M in lanes
                    v0 = b1[i0]
                    v1 = exp v0
                    b0[i0] = v1
                -> b0
            "#]],
        );
    }

    #[test]
    fn states_and_arguments_of_steps_are_not_constant() {
        check(
            "Steps<N> {
                param w: [N];
                state m: [N];
                input x: [N];
                loss = sum(w * exp(m));
                step train(rate) { w := w - rate * exp(x * rate) + exp(x); m := log(x); }
            }",
            &expect![[r#"
                prepared_1 [N]
                prepared_2 [N]
                b0 t [N]: result 0
                b1 t [N]: result 1
                b2 x [N]: input
                for i0 in 0..N in lanes
                    v0 = b2[i0]
                    v1 = exp v0
                    b0[i0] = v1
                    v2 = log v0
                    b1[i0] = v2
                -> b0
                -> b1
            "#]],
        );
    }

    #[test]
    fn logarithms_are_taken_once() {
        check(
            "Powers<N> { param w, b; input x: [N], y: [N]; loss = mean((y - exp(b + w * log(x)))^2); }",
            &expect![[r#"
                prepared_1 [N]
                b0 t [N]: result 0
                b1 x [N]: input
                for i0 in 0..N in lanes
                    v0 = b1[i0]
                    v1 = log v0
                    b0[i0] = v1
                -> b0
            "#]],
        );
    }

    #[test]
    fn the_values_are_the_same() {
        let mut region = Region::new();
        let n = Dim::name("N");
        let x = region.leaf(LeafKind::Input, "x", Type::real([n.clone()]));
        let w = region.leaf(LeafKind::Param, "w", Type::real([n]));
        let log = region.log(x);
        let product = region.map(Function::Xlogy, &[w, x]);
        let size = region.abs(log);
        let sum = region.sum(size, &[0]);
        let separated = separate(&region, &[vec![product, sum], vec![w]]);
        assert!(separated.results[1].is_none(), "w reads nothing that is prepared");
        let mut environment = sizes();
        let vector = |data: [f64; 3]| Tensor { shape: vec![3], data: data.to_vec() };
        environment.values.insert("x".into(), vector([2.0, 3.0, 0.0]));
        environment.values.insert("w".into(), vector([5.0, -1.0, 0.0]));
        let expected = evaluate(&region, &[product, sum], &environment);
        let nodes: Vec<NodeId> = separated.prepared.iter().map(|value| value.node).collect();
        let values = evaluate(&separated.preparation, &nodes, &environment);
        for (value, tensor) in separated.prepared.iter().zip(values) {
            environment.values.insert(value.name.to_string(), tensor);
        }
        let results = separated.results[0].clone().expect("both read what is prepared");
        assert_eq!(evaluate(&separated.region, &results, &environment), expected, "{}", print(&separated.region, &[]));
    }
}
