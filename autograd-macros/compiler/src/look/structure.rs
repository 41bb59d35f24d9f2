//! What cuts, moves and gathers elements, as the language writes it: `x[1..]`, `a @ b.T`, `sum(x, N)`, `pad(x, 1, 0)`.

use super::formula::{Level, Printer};
use crate::graph::{Dim, NodeId, Shape, ShapeText};
use crate::ops::{Concat, Contract, Op, Pad, ReduceKind, Reshape, Slice};

/// The places of a subscript; whole axes at the end are silent.
fn subscript(mut places: Vec<String>) -> String {
    while places.last().is_some_and(|place| place == "..") {
        places.pop();
    }
    if places.is_empty() { String::new() } else { format!("[{}]", places.join(", ")) }
}

/// A subscript that is `special` at some of `rank` axes.
fn subscript_at(rank: usize, is_special: impl Fn(usize) -> bool, special: &str) -> String {
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
    pub(super) fn whole(&self, node: NodeId, level: Level) -> String {
        let inner = self.seen_through(node);
        let (shape, rank) = (self.region.shape(node), self.region.ty(inner).rank());
        if rank == shape.len() {
            return self.within(node, level);
        }
        let (text, shape) = (self.within(node, Level::Choice), ShapeText(&shape));
        match (&self.region.node(inner).op, text.as_str()) {
            (Op::Literal(_), "0") => format!("zeros({shape})"),
            (Op::Literal(_), "1") => format!("ones({shape})"),
            (Op::Literal(_), _) => format!("full({shape}, {text})"),
            _ => format!("broadcast({text}, {shape})"),
        }
    }

    /// `[.., new]`: where a broadcast puts its new axes, if not in front of all others.
    pub(super) fn new_axes(&self, node: NodeId) -> String {
        self.new_axes_of(&[node])
    }

    /// The new axes of several nodes, each of which has, below its broadcasts, the shape of the next.
    pub(super) fn new_axes_of(&self, nodes: &[NodeId]) -> String {
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
        let Some(&first) = axes.first() else { return String::new() };
        subscript_from(first, rank, &axes)
    }

    /// `sum(x, N)`
    pub(super) fn reduction(&self, function: &str, x: NodeId, axes: &[usize]) -> String {
        let (inner, shape) = (self.whole(x, Level::Choice), self.region.shape(x));
        if axes.len() == shape.len() {
            return format!("{function}({inner})");
        }
        // With two arguments these are element by element.
        let keyword = if matches!(function, "max" | "min") || axes.len() > 1 { "axis = " } else { "" };
        format!("{function}({inner}, {keyword}{})", axes_text(&shape, axes))
    }

    /// `mean(x, N)`, if a quotient is one: a sum that has no name, by the number of its terms.
    pub(super) fn mean(&self, dividend: NodeId, divisor: NodeId) -> Option<String> {
        let sum = self.seen_through(dividend);
        let node = self.region.node(sum);
        let (Op::Reduce(reduce), [x]) = (&node.op, node.operands.as_slice()) else { return None };
        if reduce.kind != ReduceKind::Sum || self.is_named(sum) {
            return None;
        }
        let shape = self.region.shape(*x);
        let count = reduce.axes.iter().try_fold(Dim::ONE, |count, &axis| count.mul(&shape[axis]))?;
        let divisor = &self.region.node(self.seen_through(divisor)).op;
        let is_extent = matches!(divisor, Op::Extent(extent) if extent.dim == count);
        let is_number = matches!(divisor, Op::Literal(literal) if literal.value().to_string() == count.to_string());
        let is_count = is_extent || is_number && count.as_constant().is_some();
        is_count.then(|| format!("{}{}", self.reduction("mean", *x, &reduce.axes), self.new_axes(dividend)))
    }

    /// `x[1.., 0]`, without the axes in `taken`.
    pub(super) fn slice(&self, slice: &Slice, x: NodeId, taken: &[usize]) -> String {
        let shape = self.region.shape(x);
        let axes = slice.starts.iter().zip(slice.extents.iter()).zip(&slice.steps).zip(shape.iter()).enumerate();
        let places =
            axes.map(
                |(axis, (((start, extent), &step), whole))| {
                    if taken.contains(&axis) { bound(start, whole) } else { range(start, extent, step, whole) }
                },
            );
        format!("{}{}", self.whole(x, Level::Atom), subscript(places.collect()))
    }

    /// `x[.., 0]`, `x[new]`, `[x]`, `reshape(x, [N, 2])`
    pub(super) fn reshape(&self, reshape: &Reshape, x: NodeId) -> String {
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
            let subscript = subscript_at(from.len(), |axis| taken.contains(&axis), "0");
            return format!("{}{subscript}", self.whole(x, Level::Atom));
        }
        match dropped(to, &from) {
            Some(added) if from.is_empty() => {
                let (open, close) = ("[".repeat(added.len()), "]".repeat(added.len()));
                format!("{open}{}{close}", self.whole(x, Level::Choice))
            }
            Some(added) => {
                let subscript = subscript_at(to.len(), |axis| added.contains(&axis), "new");
                format!("{}{subscript}", self.whole(x, Level::Atom))
            }
            None => format!("reshape({}, {})", self.whole(x, Level::Choice), ShapeText(to)),
        }
    }

    /// `pad(x, 1, 0)`, one call for each axis that is padded.
    pub(super) fn pad(&self, pad: &Pad, x: NodeId) -> Option<String> {
        let mut shape = self.region.shape(x).to_vec();
        let mut text = self.whole(x, Level::Choice);
        for (axis, whole) in pad.shape.iter().enumerate() {
            let before = &pad.starts[axis];
            let after = whole.sub(before)?.sub(&shape[axis])?;
            if pad.steps[axis] != 1 {
                return None;
            }
            if *before != Dim::ZERO || after != Dim::ZERO {
                let place =
                    if shape.len() == 1 { String::new() } else { format!(", axis = {}", axes_text(&shape, &[axis])) };
                text = format!("pad({text}, {before}, {after}{place})");
            }
            shape[axis] = whole.clone();
        }
        Some(text)
    }

    /// `[a, b]`, `concat([a, b], axis = 1)`
    pub(super) fn concat(&self, concat: Concat, parts: &[NodeId]) -> String {
        let stacked = parts.iter().map(|&part| {
            let node = self.region.node(part);
            match (&node.op, node.operands.as_slice()) {
                (Op::Reshape(reshape), [x]) if concat.axis == 0 && !self.is_named(part) => {
                    let (first, rest) = reshape.shape.split_first()?;
                    (first.is_one() && *rest == *self.region.shape(*x)).then(|| self.whole(*x, Level::Choice))
                }
                _ => None,
            }
        });
        if let Some(stacked) = stacked.collect::<Option<Vec<_>>>() {
            return format!("[{}]", stacked.join(", "));
        }
        let parts: Vec<String> = parts.iter().map(|&part| self.whole(part, Level::Choice)).collect();
        let axis = if concat.axis == 0 { String::new() } else { format!(", axis = {}", concat.axis) };
        format!("concat([{}]{axis})", parts.join(", "))
    }

    /// `x.T`, `permute(x, (1, 2, 0))`
    pub(super) fn permute(&self, order: &[usize], x: NodeId) -> String {
        if is_transposition(order) {
            return format!("{}.T", self.whole(x, Level::Atom));
        }
        let order: Vec<String> = order.iter().map(usize::to_string).collect();
        format!("permute({}, ({}))", self.whole(x, Level::Choice), order.join(", "))
    }

    /// `flip(x, N)`
    pub(super) fn flip(x: &str, shape: &[Dim], axes: &[usize]) -> String {
        let is_all = axes.len() == shape.len();
        if is_all { format!("flip({x})") } else { format!("flip({x}, {})", axes_text(shape, axes)) }
    }

    /// `cumsum(x, N)`, if the coefficients of a recurrence are ones.
    pub(super) fn running_sum(&self, axis: usize, reverse: bool, coefficients: NodeId, x: NodeId) -> Option<String> {
        let Op::Literal(one) = &self.region.node(self.seen_through(coefficients)).op else { return None };
        let shape = self.region.shape(x);
        let place = if shape.len() == 1 { String::new() } else { format!(", {}", axes_text(&shape, &[axis])) };
        let turned = |text: String| if reverse { Self::flip(&text, &shape, &[axis]) } else { text };
        (one.value().to_string() == "1")
            .then(|| turned(format!("cumsum({}{place})", turned(self.whole(x, Level::Choice)))))
    }

    /// `a @ b.T`, `sum(a * b, D)`
    pub(super) fn product(&self, contract: &Contract, a: NodeId, b: NodeId) -> Option<(String, Level)> {
        let ranks = [a, b].map(|operand| self.region.ty(operand).rank());
        if let Some(turned) = turned(contract, ranks) {
            let left =
                if turned[0] { format!("{}.T", self.whole(a, Level::Atom)) } else { self.whole(a, Level::Product) };
            let right =
                if turned[1] { format!("{}.T", self.whole(b, Level::Atom)) } else { self.whole(b, Level::Sign) };
            return Some((format!("{left} @ {right}"), Level::Product));
        }
        let left = Side { node: a, batch: &contract.left_batch, contract: &contract.left_contract };
        let right = Side { node: b, batch: &contract.right_batch, contract: &contract.right_contract };
        self.sum_of_products(&left, &right, false).or_else(|| self.sum_of_products(&right, &left, true))
    }

    /// `sum(a * b[.., new], D)`, if all axes of the one side are among those of the other in the same order, and the
    /// axes that are left are in order too.
    fn sum_of_products(&self, large: &Side, small: &Side, swapped: bool) -> Option<(String, Level)> {
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
        let small = match axes.first().map(|&first| subscript_from(first, rank, &axes)).unwrap_or_default() {
            new if new.is_empty() => self.whole(small.node, if swapped { Level::Product } else { Level::Sign }),
            new => format!("{}{new}", self.whole(small.node, Level::Atom)),
        };
        let whole = self.whole(large.node, if swapped { Level::Sign } else { Level::Product });
        let inner = if swapped { format!("{small} * {whole}") } else { format!("{whole} * {small}") };
        if large.contract.len() == rank {
            return Some((format!("sum({inner})"), Level::Atom));
        }
        let mut summed = large.contract.to_vec();
        summed.sort_unstable();
        let keyword = if summed.len() > 1 { "axis = " } else { "" };
        let text = format!("sum({inner}, {keyword}{})", axes_text(&self.region.shape(large.node), &summed));
        Some((text, Level::Atom))
    }
}

/// One operand of a contraction.
struct Side<'a> {
    node: NodeId,
    batch: &'a [usize],
    contract: &'a [usize],
}

/// `[.., new]` for axes that become those of a tensor of a rank; nothing where they are its last ones.
fn subscript_from(first: usize, rank: usize, axes: &[usize]) -> String {
    if axes.len() == rank - first {
        return String::new();
    }
    subscript_at(rank - first, |axis| !axes.contains(&(axis + first)), "new")
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
