//! The derivatives of reductions.

use super::Reduce;
use crate::graph::{NodeId, Region};

pub(super) fn vjp(_: &Reduce, _: &mut Region, _: NodeId, _: NodeId) -> Option<NodeId> {
    None
}

pub(super) fn jvp(_: &Reduce, _: &mut Region, _: NodeId, _: NodeId) -> Option<NodeId> {
    None
}
