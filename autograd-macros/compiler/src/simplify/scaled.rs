//! Reuse of scaled values: where they are there already, sums are taken of them and not scaled afterwards.
//!
//! ```text
//! %2 [N, K] = mul %1 %0             %2 [N, K] = mul %1 %0
//! %3 [K] = reduce sum [0] %0   →    %3 [K] = reduce sum [0] %2
//! %5 [K] = mul %4 %3
//! ```
//!
//! Here `%1` and `%4` repeat the same literal. It leaves a sum where nothing else needs the products; a layer's cotangent
//! is needed as it is, by the layer before.

use std::collections::BTreeMap;

use super::matching::{binary, broadcast, reduction};
use super::rewriter::Table;
use super::sizes::movable;
use super::{Rewriter, copy_with, without_dead};
use crate::graph::{NodeId, Region, print::live};
use crate::ops::Function::Mul;
use crate::ops::ReduceKind;

/// Whether a sum is scaled by a literal.
pub(super) fn has_scaled_sums(region: &Region) -> bool {
    let scaled = region.iter().flat_map(|(id, _)| Scaled::of(region, id));
    scaled.into_iter().any(|scaled| reduction(region, ReduceKind::Sum, scaled.x).is_some())
}

/// Rebuilds what the results depend on, sums of the scaled values that are there.
pub(super) fn sums_of_scaled(region: &Region, results: &[NodeId]) -> (Region, Vec<NodeId>) {
    let live = live(region, results.iter().copied());
    let ids = region.iter().map(|(id, _)| id).filter(|id| live[id.index()] && region.ty(*id).rank() > 0);
    let scaled: BTreeMap<Scaled, NodeId> =
        ids.flat_map(|id| Scaled::of(region, id).into_iter().map(move |scaled| (scaled, id))).collect();
    let mut rebuilt = Region::new();
    let nothing = Table::default();
    let mut rewriter = Rewriter::new(&mut rebuilt, &nothing);
    let roots = copy_with(region, results, &mut rewriter, |r, id, image| {
        for Scaled { factor, x } in Scaled::of(region, id) {
            let Some((summed, axes)) = reduction(region, ReduceKind::Sum, x) else { continue };
            // What comes later has no image yet.
            if let Some(&same) = scaled.get(&Scaled { factor, x: summed }).filter(|&&same| same < id) {
                return Some(r.reduce(ReduceKind::Sum, image(same), axes));
            }
        }
        None
    });
    without_dead(rebuilt, roots)
}

/// `factor · x`, with a literal for a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Scaled {
    factor: NodeId,
    x: NodeId,
}

impl Scaled {
    /// A product, in both orders.
    fn of(region: &Region, id: NodeId) -> Vec<Self> {
        let orders = binary(region, Mul, id).map_or(vec![], |[a, b]| vec![(a, b), (b, a)]);
        let scaled = orders.into_iter().filter_map(|(factor, x)| {
            let source = broadcast(region, factor).map_or(factor, |(_, source)| source);
            movable(region, factor).map(|_| Self { factor: source, x })
        });
        scaled.collect()
    }
}

#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, reason = "snapshots, as expect-test writes them")]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::graph::{Dim, Type, print::print};
    use crate::interpret::{Tensor, evaluate};
    use crate::ops::LeafKind;
    use crate::testing::sized;

    /// Σ x over the rows times a number: with `2 · x` beside it, and with `3 · x`.
    #[test]
    fn what_is_scaled_is_summed() {
        let mut r = Region::new();
        let x = r.leaf(LeafKind::Input, "x", Type::real([Dim::name("N"), Dim::name("K")]));
        let times = |r: &mut Region, number: f64, x: NodeId| {
            let factor = r.full_like(number, x);
            r.times(factor, x)
        };
        let sum = r.sum(x, &[0]);
        let (beside, twice, other) = (times(&mut r, 2.0, x), times(&mut r, 2.0, sum), times(&mut r, 3.0, sum));
        let results = [beside, twice, other];
        let (after, images) = sums_of_scaled(&r, &results);
        let named: Vec<(&str, NodeId)> = ["beside", "twice", "other"].into_iter().zip(images.iter().copied()).collect();
        expect![[r#"
            %0 [N, K] = input x
            %1 [K] = reduce sum [0] %0
            %2 [] = 2
            %3 [N, K] = broadcast [N, K] [] %2
            %4 [N, K] = mul %3 %0
            %5 [K] = reduce sum [0] %4
            %6 [] = 3
            %7 [K] = broadcast [K] [] %6
            %8 [K] = mul %7 %1
            beside: %4
            twice: %5
            other: %8
        "#]]
        .assert_eq(&print(&after, &named));

        let mut environment = sized(&[("N", 3), ("K", 2)]);
        #[allow(clippy::cast_precision_loss, reason = "small numbers")]
        let tensor = Tensor::from_fn(vec![3, 2], |i| i[0] as f64 - 3.0 * i[1] as f64);
        environment.values.insert("x".to_owned(), tensor);
        let (before, after) = (evaluate(&r, &results, &environment), evaluate(&after, &images, &environment));
        for (before, after) in before.iter().zip(&after) {
            assert_eq!((&before.shape, &before.data), (&after.shape, &after.data));
        }
    }
}
