//! Run-time conditions on the sizes of a call, beyond what arrays carry: slices stay inside, extents are not negative,
//! reshapes keep the number of elements. Conditions that hold for all sizes are left out.

use std::collections::BTreeSet;

use super::{Dim, NodeId, Region, print::live};
use crate::ops::Condition;

/// The dimensions that must not be negative for the results to mean anything; each is checked at run time.
///
/// `x[1..]` of `[N]` needs `N - 1`; `x[..3]` needs `N - 3`.
#[must_use]
pub fn conditions(region: &Region, results: &[NodeId]) -> Vec<Dim> {
    let mut found = BTreeSet::new();
    collect(region, results, &mut found);
    let mut dividends = BTreeSet::new();
    for dim in &found {
        dim.for_each_floor(&mut |dividend| _ = dividends.insert(dividend.clone()));
    }
    found.extend(dividends);
    found.into_iter().filter(|dim| !dim.is_never_negative()).collect()
}

/// The conditions of what the results need, bodies included.
fn collect(region: &Region, results: &[NodeId], found: &mut BTreeSet<Dim>) {
    let live = live(region, results.iter().copied());
    for (_, node) in region.iter().filter(|(id, _)| live[id.index()]) {
        found.extend(node.ty.shape.iter().cloned());
        for body in node.op.bodies() {
            collect(body.region(), body.results(), found);
        }
        for condition in node.op.conditions(region, &node.operands) {
            match condition {
                Condition::NotNegative(dim) => drop(found.insert(dim)),
                // The entry points that compute the value say so themselves.
                Condition::NotEmpty { .. } => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::conditions;
    use crate::graph::{Dim, Region, Type};
    use crate::ops::LeafKind;

    #[test]
    fn slices_need_room() {
        let mut region = Region::new();
        let n = Dim::name("N");
        let x = region.leaf(LeafKind::Input, "x", Type::real([n.clone()]));
        let rest = n.sub(&Dim::ONE).expect("small");
        let tail = region.slice(x, &[Dim::ONE], &[rest].into(), &[1]);
        let head = region.slice(x, &[Dim::ZERO], &[Dim::constant(3)].into(), &[1]);
        let texts = |result| conditions(&region, &[result]).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(texts(tail), ["N - 1"]);
        assert_eq!(texts(head), ["N - 3"]);
        assert_eq!(texts(x), [""; 0]);
    }
}
