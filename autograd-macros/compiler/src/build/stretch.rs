//! Broadcasting checks: stretches that nobody asked for.
//!
//! `[N, 1]` against `[N]` is `[N, N]` by the rules of broadcasting: each side is stretched along the other's axis. That is
//! meant where a side has been given an axis by `new`, and a mistake elsewhere, so there it is an error.

use std::collections::BTreeSet;

use super::{Builder, Built, shapes};
use crate::diagnostics::{Help, Problem, SpanRange};
use crate::graph::{Dim, NodeId, Region, Shape, ShapeText};
use crate::syntax::tree::Expr;

/// An operand of something that broadcasts.
pub(super) struct Side {
    /// The value.
    pub(super) node: NodeId,
    /// How the user wrote it, and where; nothing inside of the language's own functions.
    pub(super) written: Option<(String, SpanRange)>,
}

/// The axes of extent 1 that come from `new`.
#[derive(Default)]
pub(super) struct Asked {
    axes: BTreeSet<(NodeId, usize)>,
    /// Nodes before this one have been looked at.
    next: usize,
}

impl Asked {
    /// Notes that a subscript made an axis.
    pub(super) fn insert(&mut self, node: NodeId, axis: usize) {
        self.axes.insert((node, axis));
    }

    /// Whether an axis is one that was asked for, maybe some operations ago.
    fn contains(&mut self, region: &Region, node: NodeId, axis: usize) -> bool {
        if self.axes.contains(&(node, axis)) {
            return true;
        }
        for (id, _) in region.iter().skip(self.next) {
            for axis in 0..region.shape(id).len() {
                if region.shape(id)[axis] == Dim::ONE && self.is_inherited(region, id, axis) {
                    self.axes.insert((id, axis));
                }
            }
        }
        self.next = region.len();
        self.axes.contains(&(node, axis))
    }

    /// Whether an operand hands an axis on that was asked for.
    fn is_inherited(&self, region: &Region, id: NodeId, axis: usize) -> bool {
        let node = region.node(id);
        let origins = node.op.origins(region, &node.operands, axis);
        origins.iter().any(|&(place, axis)| self.axes.contains(&(node.operands[place], axis)))
    }
}

/// The axes of `common`, counted from its first, along which a shape is repeated.
fn stretched(shape: &[Dim], common: &[Dim]) -> Vec<usize> {
    let missing = common.len() - shape.len();
    let repeated = |axis: &usize| common[*axis] != Dim::ONE && (*axis < missing || shape[axis - missing] == Dim::ONE);
    (0..common.len()).filter(repeated).collect()
}

impl Builder<'_> {
    /// Refuses to stretch all operands, unless one of them was given an axis for it. A number is never meant.
    pub(super) fn refuse_both(&mut self, span: SpanRange, whose: &str, sides: &[Side], common: &Shape) -> Built<()> {
        let mut tensors = Vec::new();
        for side in sides {
            let shape = self.shape(side.node);
            if shape.is_empty() {
                continue;
            }
            let axes = stretched(&shape, common);
            if axes.is_empty() {
                return Ok(());
            }
            let missing = common.len() - shape.len();
            for axis in axes.into_iter().filter(|axis| *axis >= missing) {
                if self.asked.contains(&self.region, side.node, axis - missing) {
                    return Ok(());
                }
            }
            tensors.push((side, shape));
        }
        if tensors.len() < 2 {
            return Ok(());
        }
        let shapes: Vec<String> = tensors.iter().map(|(_, shape)| ShapeText(shape).to_string()).collect();
        let inside = self.frames.last().filter(|frame| frame.sealed).map(|frame| format!("`{}`", frame.function));
        let problem = Problem::BothStretched {
            whose: inside.unwrap_or_else(|| whose.to_owned()),
            shapes: shapes.join(" and "),
            common: ShapeText(common).to_string(),
        };
        let help = match tensors.as_slice() {
            [(a, x), (b, y)] => ways_out((a, x), (b, y), common),
            _ => None,
        };
        let help = help.unwrap_or_else(|| "an axis for it is made by `new`: `x[.., new]`".into());
        Err(self.error_with_help(span, problem, help))
    }

    /// Refuses to stretch the batch axes of both operands of a product of matrices.
    pub(super) fn refuse_both_batches(
        &mut self,
        expr: &Expr,
        sides: [(NodeId, &Expr); 2],
        common: &Shape,
    ) -> Built<()> {
        let [(a, _), (b, _)] = sides;
        let [x, y] = [a, b].map(|side| self.shape(side));
        let of = |batch: &[Dim]| stretched(batch, common);
        let [x, y] = [&x[..x.len().saturating_sub(2)], &y[..y.len().saturating_sub(2)]];
        let both = [(a, x), (b, y)].map(|(node, batch)| {
            let missing = common.len() - batch.len();
            let axes = of(batch);
            let present: Vec<usize> = axes.iter().filter(|axis| **axis >= missing).map(|axis| axis - missing).collect();
            (
                axes.is_empty() || batch.is_empty(),
                present.into_iter().any(|axis| self.asked.contains(&self.region, node, axis)),
            )
        });
        if both.iter().any(|(fits, asked)| *fits || *asked) {
            return Ok(());
        }
        let problem = Problem::BothStretched {
            whose: "`@`".into(),
            shapes: format!("batches {} and {}", ShapeText(x), ShapeText(y)),
            common: ShapeText(common).to_string(),
        };
        Err(self.error_with_help(expr.span, problem, "an axis for it is made by `new`: `x[.., new, .., ..]`"))
    }

    /// Refuses a loss of values that have not one shape. A number that is written out is any shape's.
    pub(super) fn refuse_stretched_loss(&mut self, span: SpanRange, function: &str, sides: &[Side; 2]) -> Built<()> {
        let [x, y] = [0, 1].map(|place| self.shape(sides[place].node));
        let is_number = |side: &Side| self.region.literal_value(side.node).is_some();
        if x == y || sides.iter().any(is_number) {
            return Ok(());
        }
        let problem = Problem::LossStretched {
            function: function.to_owned(),
            left: ShapeText(&x).to_string(),
            right: ShapeText(&y).to_string(),
        };
        let help = equal_shapes((&sides[0], &x), (&sides[1], &y));
        Err(self.error_maybe_help(span, problem, help))
    }

    /// An operand as the user wrote it.
    pub(super) fn side(&self, node: NodeId, expr: &Expr) -> Side {
        Side { node, written: self.written(expr) }
    }
}

/// `` `y[.., new]` makes both [N, 1], `p[.., 0]` both [N]; … ``
fn ways_out(a: (&Side, &Shape), b: (&Side, &Shape), common: &Shape) -> Option<Help> {
    let mut ways = Vec::new();
    let mut edit = None;
    for ((one, shape), (_, against)) in [(b, a), (a, b)] {
        for (code, after) in respelled(one, shape) {
            let Ok(both) = shapes::broadcast(&after, against) else { continue };
            if stretched(&after, &both).is_empty() || stretched(against, &both).is_empty() {
                let which = if after == *against { "both" } else { "it" };
                ways.push(format!("`{code}` makes {which} {}", ShapeText(&after)));
                edit = edit.or_else(|| Some((one.written.as_ref()?.1, code)));
            }
        }
    }
    for (side, shape) in [a, b] {
        if let Some((code, _)) = outer(side, shape) {
            ways.push(format!("`{code}` asks for {}", ShapeText(common)));
            edit = edit.or_else(|| Some((side.written.as_ref()?.1, code)));
            break;
        }
    }
    let (span, code) = edit?;
    Some(Help::write(ways.join(", "), span, code))
}

/// What to type to make two shapes fit: a `new` at the end of the side with fewer axes.
pub(super) fn column([left, right]: [(&Side, &Shape); 2]) -> Option<Help> {
    let made = |shape: &Shape| -> Shape { shape.iter().cloned().chain([Dim::ONE]).collect() };
    let fits =
        |shape: &Shape, other: &Shape| shape.len() < other.len() && shapes::broadcast(&made(shape), other).is_ok();
    let (name, (side, shape)) = if fits(right.1, left.1) {
        ("right", right)
    } else if fits(left.1, right.1) {
        ("left", left)
    } else {
        return None;
    };
    let (text, span) = side.written.clone()?;
    let code = format!("{text}[{}, new]", vec![".."; shape.len()].join(", "));
    Some(Help::write(format!("`{code}` makes the {name} side {}", ShapeText(&made(shape))), span, code))
}

/// What makes two shapes one.
fn equal_shapes(a: (&Side, &Shape), b: (&Side, &Shape)) -> Option<Help> {
    let mut ways = Vec::new();
    let mut edit = None;
    for ((one, shape), (_, against)) in [(b, a), (a, b)] {
        let span = one.written.as_ref().map(|(_, span)| *span);
        for (code, after) in respelled(one, shape) {
            if after == *against {
                ways.push(format!("`{code}` makes both {}", ShapeText(&after)));
                edit = edit.or_else(|| Some((span?, code)));
            }
        }
    }
    for ((one, shape), (_, against)) in [(b, a), (a, b)] {
        if ways.is_empty() && shapes::broadcast(shape, against).is_ok_and(|common| common == *against) {
            let (text, span) = one.written.as_ref()?;
            let code = format!("broadcast({text}, {})", ShapeText(against));
            ways.push(format!("`{code}` says that it is meant"));
            edit = Some((*span, code));
        }
    }
    let (span, code) = edit?;
    Some(Help::write(ways.join(", "), span, code))
}

/// The operand with a column made of it, or an axis of extent 1 less: as code, and its shape then.
fn respelled(side: &Side, shape: &Shape) -> Vec<(String, Shape)> {
    let Some((text, _)) = &side.written else { return Vec::new() };
    let mut all = Vec::new();
    let wholes = vec![".."; shape.len()].join(", ");
    if !shape.contains(&Dim::ONE) {
        all.push((format!("{text}[{wholes}, new]"), shape.iter().cloned().chain([Dim::ONE]).collect()));
    }
    if let Some(axis) = shape.iter().position(|dim| *dim == Dim::ONE) {
        let places = crate::habits::functions::places(shape.len(), axis, "0");
        let rest = shape.iter().enumerate().filter(|(place, _)| *place != axis).map(|(_, dim)| dim.clone());
        all.push((format!("{text}[{places}]"), rest.collect()));
    }
    all
}

/// The operand with its axis of extent 1 made anew, by `new`.
fn outer(side: &Side, shape: &Shape) -> Option<(String, usize)> {
    let (text, _) = side.written.as_ref()?;
    let axis = shape.iter().position(|dim| *dim == Dim::ONE)?;
    let gone = crate::habits::functions::places(shape.len(), axis, "0");
    let made = crate::habits::functions::places(shape.len(), axis, "new");
    Some((format!("{text}[{gone}][{made}]"), axis))
}

#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
mod tests {
    use expect_test::{Expect, expect};

    fn check(items: &str, expected: &Expect) {
        expected.assert_eq(&super::super::tests::text(&format!("M<N, D, M> {{ {items} }}")));
    }

    #[test]
    fn both_sides_are_stretched_only_by_new() {
        check(
            "input x: [N, D], y: [N], z: [M], row: [1, M], one: [1], many: [N, M]; param w: [D, 1], b;
             a = x @ w + b - y;
             c = y < x @ w;
             d = max(y, x @ w, 0);
             e = if y > 0 { x @ w } else { 0 };
             f = mean(x, D, keep = true)*z;
             g = x @ w*row;
             h = hypot(x @ w, y);
             i = [x @ w, y];
             fn k(p, q) { p - q }
             j = k(x @ w, y);
             l = mse(x @ w, y);
             m = safe_div(x @ w, y);
             n = (x @ w).T + y[.., new] - (x @ w)[.., 0];",
            &expect![[r#"
                2:17-30: `-` would stretch both [N, 1] and [N] to [N, N]
                    help: `y[.., new]` makes both [N, 1], `(x @ w + b)[.., 0]` makes both [N], `(x @ w + b)[.., 0][.., new]` asks for [N, N]
                3:17-26: `<` would stretch both [N] and [N, 1] to [N, N]
                    help: `(x @ w)[.., 0]` makes both [N], `y[.., new]` makes both [N, 1], `(x @ w)[.., 0][.., new]` asks for [N, N]
                4:17-33: `max` would stretch both [N] and [N, 1] to [N, N]
                    help: `(x @ w)[.., 0]` makes both [N], `y[.., new]` makes both [N, 1], `(x @ w)[.., 0][.., new]` asks for [N, N]
                5:17-46: `if` would stretch both [N] and [N, 1] to [N, N]
                    help: `(x @ w)[.., 0]` makes both [N], `(y > 0)[.., new]` makes both [N, 1], `(x @ w)[.., 0][.., new]` asks for [N, N]
                6:17-42: `*` would stretch both [N, 1] and [M] to [N, M]
                    help: `mean(x, D, keep = true)[.., 0][.., new]` asks for [N, M]
                7:17-26: `*` would stretch both [N, 1] and [1, M] to [N, M]
                    help: `(x @ w)[.., 0][.., new]` asks for [N, M]
                8:17-32: `hypot` would stretch both [N, 1] and [N] to [N, N]
                    help: `y[.., new]` makes both [N, 1], `(x @ w)[.., 0]` makes both [N], `(x @ w)[.., 0][.., new]` asks for [N, N]
                9:17-27: `[…]` would stretch both [N, 1] and [N] to [N, N]
                    help: `y[.., new]` makes both [N, 1], `(x @ w)[.., 0]` makes both [N], `(x @ w)[.., 0][.., new]` asks for [N, N]
                10:26-31: `-` would stretch both [N, 1] and [N] to [N, N]
                    help: `q[.., new]` makes both [N, 1], `p[.., 0]` makes both [N], `p[.., 0][.., new]` asks for [N, N]
                12:17-30: `mse` compares values of one shape, but is given [N, 1] and [N]
                    help: `y[.., new]` makes both [N, 1], `(x @ w)[.., 0]` makes both [N]
                13:17-35: `safe_div` would stretch both [N, 1] and [N] to [N, N]
                    help: `(x @ w)[.., 0]` makes both [N], `(x @ w)[.., 0][.., new]` asks for [N, N]
            "#]],
        );
    }

    #[test]
    fn what_new_makes_is_meant() {
        for value in [
            "y[.., new] - z",
            "exp(-(y[.., new]*2 + 1)) - z",
            "(y[.., new] - z[new])^2",
            "where(y[.., new] > z, 1, 0)",
            "max(y[.., new], z)",
            "column - z",
            "k(y) - z",
            "y[new].T - z",
            "sum(x[.., new, ..], D) - z",
            "mean(x[.., .., new]*2, D) - z",
            "(many[.., .., new] @ one[.., new])[.., 0, ..] - z",
            "if y[.., new] > 0 { z } else { 0 }",
        ] {
            let text = super::super::tests::text(&format!(
                "M<N, D, M> {{ input x: [N, D], y: [N], z: [M], one: [1], many: [N, M];
                 let column = y[.., new]; fn k(a) {{ let c = a[.., new]; c^2 }} out = {value}; }}"
            ));
            assert!(!text.contains("stretch"), "{value}\n{text}");
        }
    }

    #[test]
    fn one_side_may_be_stretched() {
        let items =
            "input x: [N, D], y: [N, 1], z: [1, D], one: [1], b: [D]; a = x - y; c = x*z; d = x + b; e = x + one;
                     f = y*one; g = b + one; h = x - mean(x, D, keep = true); i = where(x > 0, y, b);
                     j = bce_with_logits(x, 1) + huber(x, 0);";
        let text = super::super::tests::text(&format!("M<N, D> {{ {items} }}"));
        assert!(!text.contains("stretch"), "{text}");
    }

    #[test]
    fn losses_stretch_nothing() {
        check(
            "input x: [N, D], y: [N], z: [N, 1], b: [D], label: [N] in D, l: [M] in D, c;
             e = mse(z, y); f = mae(x, b); g = mean(huber(y, z)); h = mean(bce_with_logits(x, mean(x, N))); i = mse(y, c);
             j = mean(cross_entropy(x, l)); k = mean(cross_entropy(x[new, .., ..], label)); m = mean(cross_entropy(x, b));
             n = mse(y, b);",
            &expect![[r#"
                2:17-26: `mse` compares values of one shape, but is given [N, 1] and [N]
                    help: `y[.., new]` makes both [N, 1], `z[.., 0]` makes both [N]
                2:32-41: `mae` compares values of one shape, but is given [N, D] and [D]
                    help: `broadcast(b, [N, D])` says that it is meant
                2:52-63: `huber` compares values of one shape, but is given [N] and [N, 1]
                    help: `z[.., 0]` makes both [N], `y[.., new]` makes both [N, 1]
                2:75-105: `bce_with_logits` compares values of one shape, but is given [N, D] and [D]
                    help: `broadcast(mean(x, N), [N, D])` says that it is meant
                2:112-121: `mse` compares values of one shape, but is given [N] and []
                    help: `broadcast(c, [N])` says that it is meant
                3:39-40: the label of `cross_entropy` has to be [N], but is [M]
                3:83-88: the label of `cross_entropy` has to be [1, N], but is [N]
                3:118-119: the label of `cross_entropy` has to be [N, D], but is [D]
                4:17-26: `mse` compares values of one shape, but is given [N] and [D]
            "#]],
        );
    }
}
