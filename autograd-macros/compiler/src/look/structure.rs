//! What cuts, moves and gathers elements, as the language writes it: `x[1..]`, `a @ b.T`, `sum(x, N)`, `pad(x, 1, 0)`.

use std::rc::Rc;

use super::form::{Axes, Form};
use super::formula::Printer;
use crate::graph::{Dim, NodeId, Region, Shape, ShapeText};
use crate::ops::{Concat, Contract, Op, Pad, ReduceKind, Reshape, Slice};

/// The places of a subscript; whole axes at the end are silent.
fn subscript(mut places: Vec<String>) -> Vec<String> {
    while places.last().is_some_and(|place| place == "..") {
        places.pop();
    }
    places
}

/// A subscript that is `special` at some of `rank` axes.
fn subscript_at(rank: usize, is_special: impl Fn(usize) -> bool, special: &str) -> Vec<String> {
    subscript((0..rank).map(|axis| if is_special(axis) { special } else { ".." }.to_owned()).collect())
}

/// Axes by name where a name is clear, else by number: `N`, `(N, 2)`.
fn axes_text(shape: &[Dim], axes: &[usize]) -> String {
    let axis_text = |&axis: &usize| match shape.get(axis) {
        Some(dim) if dim.as_name().is_some() && shape.iter().filter(|other| *other == dim).count() == 1 => {
            dim.to_string()
        }
        _ => axis.to_string(),
    };
    match axes {
        [axis] => axis_text(axis),
        _ => format!("({})", axes.iter().map(axis_text).collect::<Vec<_>>().join(", ")),
    }
}

/// The axes of extent 1 that have to go for `from` to become `to`.
fn dropped(from: &[Dim], to: &[Dim]) -> Option<Vec<usize>> {
    let mut to = to.iter().peekable();
    let mut dropped = Vec::new();
    for (axis, dim) in from.iter().enumerate() {
        if to.next_if_eq(&dim).is_none() {
            dim.is_one().then(|| dropped.push(axis))?;
        }
    }
    to.next().is_none().then_some(dropped)
}

/// A bound of a slice: from the end where that is shorter, `-1` for `N - 1`.
fn bound(at: &Dim, extent: &Dim) -> String {
    let from_end =
        at.sub(extent).filter(|from_end| at.as_constant().is_none() && from_end.as_constant().is_some_and(|n| n < 0));
    from_end.as_ref().unwrap_or(at).to_string()
}

/// One axis of a slice: `1..`, `..-1`, `2..5`.
fn range(start: &Dim, extent: &Dim, step: i64, whole: &Dim) -> String {
    let first = if *start == Dim::ZERO { String::new() } else { bound(start, whole) };
    if step != 1 {
        return format!("{first}..:{step}");
    }
    match start.add(extent) {
        Some(end) if end == *whole => format!("{first}.."),
        Some(end) => format!("{first}..{}", bound(&end, whole)),
        None => format!("{first}.."),
    }
}

impl Printer<'_> {
    /// Whether a node is printed as a name wherever it is used.
    fn is_named(&self, node: NodeId) -> bool {
        self.texts.get(&node).is_none_or(|text| text.is_named)
    }

    /// An operand that has all its axes, which a broadcast does not silently have.
    pub(super) fn whole(&self, node: NodeId) -> Rc<Form> {
        let inner = self.seen_through(node);
        let (shape, rank) = (self.region.shape(node), self.region.ty(inner).rank());
        let form = self.operand(node);
        if rank == shape.len() {
            return form;
        }
        let shape = Form::words(&ShapeText(&shape).to_string());
        let call = match (&self.region.node(inner).op, &*form) {
            (Op::Literal(_), Form::Number(text)) if &**text == "0" => Form::call("zeros", vec![shape]),
            (Op::Literal(_), Form::Number(text)) if &**text == "1" => Form::call("ones", vec![shape]),
            (Op::Literal(_), _) => Form::call("full", vec![shape, form]),
            _ => Form::call("broadcast", vec![form, shape]),
        };
        Rc::new(call)
    }

    /// `[.., new]`: where a broadcast puts its new axes, if not in front of all others.
    pub(super) fn new_axes(&self, node: NodeId) -> Vec<String> {
        self.new_axes_of(&[node])
    }

    /// The new axes of several nodes, each of which has, below its broadcasts, the shape of the next.
    pub(super) fn new_axes_of(&self, nodes: &[NodeId]) -> Vec<String> {
        let rank = nodes.first().map_or(0, |&node| self.region.ty(node).rank());
        let mut axes: Vec<usize> = (0..rank).collect();
        for mut node in nodes.iter().copied() {
            while super::formula::is_silent(&self.region.node(node).op) {
                let outer = self.region.node(node);
                if let Op::Broadcast(broadcast) = &outer.op {
                    axes = broadcast.axes.iter().filter_map(|&axis| axes.get(axis).copied()).collect();
                }
                node = outer.operands[0];
            }
        }
        let Some(&first) = axes.first() else { return Vec::new() };
        subscript_from(first, rank, &axes)
    }

    /// `sum(x, N)`
    pub(super) fn reduction(&self, function: &str, x: NodeId, axes: &[usize]) -> Form {
        let (inner, shape) = (self.whole(x), self.region.shape(x));
        // With two arguments these are element by element.
        let keyword = matches!(function, "max" | "min") || axes.len() > 1;
        let some = Axes { text: axes_text(&shape, axes), keyword };
        Self::along(function, inner, (axes.len() != shape.len()).then_some(some))
    }

    /// `mean(x, N)`, if a quotient is one: a sum that has no name, by the number of its terms.
    pub(super) fn mean(&self, dividend: NodeId, divisor: NodeId) -> Option<Form> {
        let sum = self.seen_through(dividend);
        let node = self.region.node(sum);
        let (Op::Reduce(reduce), [x]) = (&node.op, node.operands.as_slice()) else { return None };
        if self.is_named(sum) || !is_count(self.region, sum, divisor) {
            return None;
        }
        let mean = self.reduction("mean", *x, &reduce.axes);
        Some(Form::clone(&Form::part(mean.into(), self.new_axes(dividend))))
    }

    /// `x[1.., 0]`, without the axes in `taken`.
    pub(super) fn slice(&self, slice: &Slice, x: NodeId, taken: &[usize]) -> Rc<Form> {
        let shape = self.region.shape(x);
        let axes = slice.starts.iter().zip(slice.extents.iter()).zip(&slice.steps).zip(shape.iter()).enumerate();
        let places =
            axes.map(
                |(axis, (((start, extent), &step), whole))| {
                    if taken.contains(&axis) { bound(start, whole) } else { range(start, extent, step, whole) }
                },
            );
        Form::part(self.whole(x), subscript(places.collect()))
    }

    /// `x[.., 0]`, `x[new]`, `[x]`, `reshape(x, [N, 2])`
    pub(super) fn reshape(&self, reshape: &Reshape, x: NodeId) -> Rc<Form> {
        let (from, to): (Shape, &Shape) = (self.region.shape(x), &reshape.shape);
        let inner = self.seen_through(x);
        let node = self.region.node(inner);
        if let Some(taken) = dropped(&from, to) {
            if let (Op::Slice(slice), [cut]) = (&node.op, node.operands.as_slice())
                && !self.is_named(inner)
                && node.ty.shape == from
            {
                return self.slice(slice, *cut, &taken);
            }
            return Form::part(self.whole(x), subscript_at(from.len(), |axis| taken.contains(&axis), "0"));
        }
        match dropped(to, &from) {
            Some(added) if from.is_empty() => {
                added.iter().fold(self.whole(x), |inner, _| Rc::new(Form::List(vec![inner])))
            }
            Some(added) => Form::part(self.whole(x), subscript_at(to.len(), |axis| added.contains(&axis), "new")),
            None => Form::call("reshape", vec![self.whole(x), Form::words(&ShapeText(to).to_string())]).into(),
        }
    }

    /// `pad(x, 1, 0)`, one call for each axis that is padded.
    pub(super) fn pad(&self, pad: &Pad, x: NodeId) -> Option<Rc<Form>> {
        let mut shape = self.region.shape(x).to_vec();
        let mut form = self.whole(x);
        for (axis, whole) in pad.shape.iter().enumerate() {
            let before = &pad.starts[axis];
            let after = whole.sub(before)?.sub(&shape[axis])?;
            if pad.steps[axis] != 1 {
                return None;
            }
            if *before != Dim::ZERO || after != Dim::ZERO {
                let axes = Axes { text: axes_text(&shape, &[axis]), keyword: true };
                let [before, after] = [before, &after].map(|dim| Form::words(&dim.to_string()));
                form = Form::Call("pad".into(), vec![form, before, after], (shape.len() > 1).then_some(axes)).into();
            }
            shape[axis] = whole.clone();
        }
        Some(form)
    }

    /// `[a, b]`, `concat([a, b], axis = 1)`
    pub(super) fn concat(&self, concat: Concat, parts: &[NodeId]) -> Form {
        let stacked = parts.iter().map(|&part| {
            let node = self.region.node(part);
            match (&node.op, node.operands.as_slice()) {
                (Op::Reshape(reshape), [x]) if concat.axis == 0 && !self.is_named(part) => {
                    let (first, rest) = reshape.shape.split_first()?;
                    (first.is_one() && *rest == *self.region.shape(*x)).then(|| self.whole(*x))
                }
                _ => None,
            }
        });
        if let Some(stacked) = stacked.collect::<Option<Vec<_>>>() {
            return Form::List(stacked);
        }
        let parts = Rc::new(Form::List(parts.iter().map(|&part| self.whole(part)).collect()));
        let axes = Axes { text: concat.axis.to_string(), keyword: true };
        Self::along("concat", parts, (concat.axis != 0).then_some(axes))
    }

    /// `x.T`, `permute(x, (1, 2, 0))`
    pub(super) fn permute(&self, order: &[usize], x: NodeId) -> Form {
        if is_transposition(order) {
            return Form::Transposed(self.whole(x));
        }
        let order: Vec<String> = order.iter().map(usize::to_string).collect();
        Form::call("permute", vec![self.whole(x), Form::words(&format!("({})", order.join(", ")))])
    }

    /// `flip(x, N)`
    pub(super) fn flip(x: Rc<Form>, shape: &[Dim], axes: &[usize]) -> Form {
        let some = Axes { text: axes_text(shape, axes), keyword: false };
        Self::along("flip", x, (axes.len() != shape.len()).then_some(some))
    }

    /// `cumsum(x, N)`, if the coefficients of a recurrence are ones.
    pub(super) fn running_sum(&self, axis: usize, reverse: bool, coefficients: NodeId, x: NodeId) -> Option<Form> {
        let Op::Literal(one) = &self.region.node(self.seen_through(coefficients)).op else { return None };
        if one.value().to_string() != "1" {
            return None;
        }
        let shape = self.region.shape(x);
        let axes = Axes { text: axes_text(&shape, &[axis]), keyword: false };
        let turned = |x: Rc<Form>| if reverse { Rc::new(Self::flip(x, &shape, &[axis])) } else { x };
        let sum = Self::along("cumsum", turned(self.whole(x)), (shape.len() > 1).then_some(axes));
        Some(Form::clone(&turned(Rc::new(sum))))
    }

    /// `a @ b.T`, `sum(a * b, D)`
    pub(super) fn product(&self, contract: &Contract, a: NodeId, b: NodeId) -> Option<Form> {
        let ranks = [a, b].map(|operand| self.region.ty(operand).rank());
        if let Some(turned) = turned(contract, ranks) {
            let side = |node, turned: bool| {
                let whole = self.whole(node);
                if turned { Rc::new(Form::Transposed(whole)) } else { whole }
            };
            return Some(Form::Infix(side(a, turned[0]), "@", side(b, turned[1])));
        }
        let left = Side { node: a, batch: &contract.left_batch, contract: &contract.left_contract };
        let right = Side { node: b, batch: &contract.right_batch, contract: &contract.right_contract };
        self.sum_of_products(&left, &right, false).or_else(|| self.sum_of_products(&right, &left, true))
    }

    /// `sum(a * b[.., new], D)`, if all axes of the one side are among those of the other in the same order, and the
    /// axes that are left are in order too.
    fn sum_of_products(&self, large: &Side, small: &Side, swapped: bool) -> Option<Form> {
        let [rank, inner] = [large, small].map(|side| self.region.ty(side.node).rank());
        let place = |axis: usize| {
            let find = |mine: &[usize], theirs: &[usize]| mine.iter().position(|&it| it == axis).map(|at| theirs[at]);
            find(small.batch, large.batch).or_else(|| find(small.contract, large.contract))
        };
        let axes: Vec<usize> = (0..inner).map(place).collect::<Option<_>>()?;
        let is_free = |axis: &usize| !large.batch.contains(axis) && !large.contract.contains(axis);
        let left: Vec<usize> = large.batch.iter().copied().chain((0..rank).filter(is_free)).collect();
        if !axes.is_sorted() || !left.is_sorted() {
            return None;
        }
        let new = axes.first().map(|&first| subscript_from(first, rank, &axes)).unwrap_or_default();
        let (small, whole) = (Form::part(self.whole(small.node), new), self.whole(large.node));
        let [a, b] = if swapped { [small, whole] } else { [whole, small] };
        let mut summed = large.contract.to_vec();
        summed.sort_unstable();
        let axes = Axes { text: axes_text(&self.region.shape(large.node), &summed), keyword: summed.len() > 1 };
        let axes = (large.contract.len() != rank).then_some(axes);
        Some(Self::along("sum", Form::Infix(a, "*", b).into(), axes))
    }
}

/// One operand of a contraction.
struct Side<'a> {
    node: NodeId,
    batch: &'a [usize],
    contract: &'a [usize],
}

/// `[.., new]` for axes that become those of a tensor of a rank; nothing where they are its last ones.
fn subscript_from(first: usize, rank: usize, axes: &[usize]) -> Vec<String> {
    if axes.len() == rank - first {
        return Vec::new();
    }
    subscript_at(rank - first, |axis| !axes.contains(&(axis + first)), "new")
}

/// Whether a node is a sum, and a divisor the number of its terms.
pub(super) fn is_count(region: &Region, sum: NodeId, divisor: NodeId) -> bool {
    let node = region.node(sum);
    let (Op::Reduce(reduce), [x]) = (&node.op, node.operands.as_slice()) else { return false };
    let shape = region.shape(*x);
    let count = reduce.axes.iter().try_fold(Dim::ONE, |count, &axis| count.mul(&shape[axis]));
    let Some(count) = count.filter(|_| reduce.kind == ReduceKind::Sum) else { return false };
    match &region.node(super::formula::seen_through(region, divisor)).op {
        Op::Extent(extent) => extent.dim == count,
        Op::Literal(literal) => count.as_constant().is_some() && literal.value().to_string() == count.to_string(),
        _ => false,
    }
}

/// Whether axes of extent 1 are all that a value and another shape differ in.
#[cfg(any(test, feature = "look"))]
pub(super) fn is_unit_reshape(from: &[Dim], to: &[Dim]) -> bool {
    dropped(from, to).or_else(|| dropped(to, from)).is_some()
}

/// Whether an order exchanges the last two axes.
fn is_transposition(order: &[usize]) -> bool {
    let Some((leading, [a, b])) = order.split_last_chunk::<2>() else { return false };
    leading.iter().enumerate().all(|(place, &axis)| place == axis) && *a == leading.len() + 1 && *b == leading.len()
}

/// Which sides have to be transposed for a contraction to be a matrix product, if it is one.
fn turned(contract: &Contract, ranks: [usize; 2]) -> Option<[bool; 2]> {
    let batch = contract.left_batch.len();
    let leading = |axes: &[usize]| axes.iter().enumerate().all(|(place, &axis)| place == axis);
    let (&[left], &[right]) = (contract.left_contract.as_slice(), contract.right_contract.as_slice()) else {
        return None;
    };
    if !leading(&contract.left_batch) || !leading(&contract.right_batch) {
        return None;
    }
    match ranks {
        // Stacks of matrices: batch axes, then two.
        [a, b] if batch > 0 => (a == batch + 2 && b == batch + 2).then_some([left == batch, right != batch]),
        // The left side may have more axes, if it is summed over the last.
        [a, b @ (1 | 2)] => (a <= 2 || left == a - 1).then_some([left + 1 != a, b == 2 && right == 1]),
        _ => None,
    }
}
