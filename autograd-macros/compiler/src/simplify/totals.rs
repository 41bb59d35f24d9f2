//! Reuse of partial reductions: what is reduced in parts already is reduced from the parts.
//!
//! ```text
//! %1 [K] = reduce sum [0] %0                 %1 [K] = reduce sum [0] %0
//! %2 [] = reduce sum [0, 1] %0         →     %2 [] = reduce sum [0] %1
//! ```
//!
//! A gradient by all elements and one by those of each column sum the same terms: so each is added once.

use std::collections::BTreeSet;

use super::matching::{reduce, without};
use super::rewriter::Table;
use super::{Rewriter, copy_with, without_dead};
use crate::graph::{NodeId, Region, print::live};
use crate::ops::Reduce;

/// Whether something is reduced twice in one way.
pub(super) fn has_parts(region: &Region) -> bool {
    let mut seen = BTreeSet::new();
    let reductions = region.iter().filter_map(|(id, _)| reduce(region, id));
    reductions.into_iter().any(|(op, x)| !seen.insert((x, op.kind)))
}

/// Rebuilds what the results depend on, totals from the sums that are there.
pub(super) fn totals_of_parts(region: &Region, results: &[NodeId]) -> (Region, Vec<NodeId>) {
    let live = live(region, results.iter().copied());
    let ids = region.iter().map(|(id, _)| id).filter(|id| live[id.index()]);
    let reductions: Vec<(&Reduce, NodeId)> = ids.filter_map(|id| reduce(region, id)).collect();
    let mut rebuilt = Region::new();
    let nothing = Table::default();
    let mut rewriter = Rewriter::new(&mut rebuilt, &nothing);
    let roots = copy_with(region, results, &mut rewriter, |r, id, image| {
        let (op, x) = reduce(region, id)?;
        let same = reductions.iter().filter(|(other, of)| *of == x && other.kind == op.kind);
        let parts: Vec<&Reduce> = same.map(|(other, _)| *other).filter(|other| other.axes != op.axes).collect();
        (!parts.is_empty()).then(|| total(r, op, image(x), &parts))
    });
    without_dead(rebuilt, roots)
}

/// The reduction of `x`, from the largest of the parts that lies within it.
fn total(r: &mut Rewriter<'_>, op: &Reduce, x: NodeId, parts: &[&Reduce]) -> NodeId {
    let is_within =
        |part: &&&Reduce| part.axes.len() < op.axes.len() && part.axes.iter().all(|axis| op.axes.contains(axis));
    let Some(part) = parts.iter().filter(is_within).max_by_key(|part| part.axes.len()) else {
        return r.add(op.clone(), &[x]);
    };
    let rest: Vec<usize> = op.axes.iter().copied().filter(|axis| !part.axes.contains(axis)).collect();
    let reduced = total(r, part, x, parts);
    r.reduce(op.kind, reduced, &without(&rest, &part.axes))
}

#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, reason = "snapshots, as expect-test writes them")]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::graph::{Dim, Shape, Type, print::print};
    use crate::interpret::{Tensor, evaluate};
    use crate::ops::{LeafKind, ReduceKind};
    use crate::testing::sized;

    fn leaf(r: &mut Region) -> NodeId {
        r.leaf(LeafKind::Input, "a", Type::real(["N", "D", "K"].map(Dim::name).into_iter().collect::<Shape>()))
    }

    #[test]
    fn a_total_is_that_of_the_largest_part() {
        let mut r = Region::new();
        let a = leaf(&mut r);
        let [all, column, face, other] =
            [&[0, 1, 2][..], &[0], &[0, 2], &[1]].map(|axes| r.reduce(ReduceKind::Sum, a, axes));
        let largest = r.reduce(ReduceKind::Max, a, &[0, 1]);
        let results = [all, column, face, other, largest];
        let (after, images) = totals_of_parts(&r, &results);
        let names = ["all", "column", "face", "other", "largest"];
        let named: Vec<(&str, NodeId)> = names.into_iter().zip(images.iter().copied()).collect();
        expect![[r#"
            %0 [N, D, K] = input a
            %1 [D, K] = reduce sum [0] %0
            %2 [D] = reduce sum [1] %1
            %3 [] = reduce sum [0] %2
            %4 [N, K] = reduce sum [1] %0
            %5 [K] = reduce max [0, 1] %0
            all: %3
            column: %1
            face: %2
            other: %4
            largest: %5
        "#]]
        .assert_eq(&print(&after, &named));

        let mut environment = sized(&[("N", 3), ("D", 2), ("K", 4)]);
        #[allow(clippy::cast_precision_loss, reason = "small numbers")]
        let tensor = Tensor::from_fn(vec![3, 2, 4], |i| i[0] as f64 - 3.0 * i[1] as f64 + 0.5 * i[2] as f64);
        environment.values.insert("a".to_owned(), tensor);
        let (before, after) = (evaluate(&r, &results, &environment), evaluate(&after, &images, &environment));
        for (before, after) in before.iter().zip(&after) {
            assert_eq!((&before.shape, &before.data), (&after.shape, &after.data));
        }
    }
}
