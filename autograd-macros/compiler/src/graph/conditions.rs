//! What must hold of the sizes of a call beyond what arrays carry: slices stay inside, extents are not negative, reshapes
//! keep the number of elements. Conditions that hold for all sizes are left out.

use std::collections::BTreeSet;

use super::{Dim, NodeId, Region, print::live};
use crate::ops::Op;

/// The dimensions that must not be negative for the results to mean anything; each is checked at run time.
///
/// `x[1..]` of `[N]` needs `N - 1`; `x[..3]` needs `N - 3`.
#[must_use]
pub fn conditions(region: &Region, results: &[NodeId]) -> Vec<Dim> {
    let live = live(region, results.iter().copied());
    let mut found = BTreeSet::new();
    for (_, node) in region.iter().filter(|(id, _)| live[id.index()]) {
        found.extend(node.ty.shape.iter().cloned());
        match &node.op {
            Op::Slice(op) => inside(&region.shape(node.operands[0]), &op.starts, &node.ty.shape, &op.steps, &mut found),
            Op::Pad(op) => inside(&node.ty.shape, &op.starts, &region.shape(node.operands[0]), &op.steps, &mut found),
            Op::Reshape(_) => {
                let (from, to) = (Dim::volume(&region.shape(node.operands[0])), Dim::volume(&node.ty.shape));
                if let (Some(from), Some(to)) = (from, to) {
                    found.extend([from.sub(&to), to.sub(&from)].into_iter().flatten());
                }
            }
            _ => {}
        }
    }
    found.into_iter().filter(|dim| !dim.is_never_negative()).collect()
}

/// A box within a shape: it starts at 0 or later, and ends at the extent or before.
fn inside(whole: &[Dim], starts: &[Dim], extents: &[Dim], steps: &[i64], found: &mut BTreeSet<Dim>) {
    for (axis, start) in starts.iter().enumerate() {
        found.insert(start.clone());
        let last = extents[axis].sub(&Dim::ONE).and_then(|last| last.mul(&Dim::constant(steps[axis])));
        let room = last.and_then(|last| whole[axis].sub(start)?.sub(&last)?.sub(&Dim::ONE));
        found.extend(room);
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
