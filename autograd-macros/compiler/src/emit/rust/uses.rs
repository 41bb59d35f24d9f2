//! Uses and definitions: which locals a part of a function reads, and which it makes.

use std::collections::BTreeSet;

use super::tree::Local;
use super::walk::{Node, Visitor};

/// The numbers of the locals that something uses, its own among them.
pub(crate) fn uses(node: &impl Node) -> BTreeSet<u32> {
    let mut uses = Uses(BTreeSet::new());
    node.walk(&mut uses);
    uses.0
}

/// The numbers of the locals that something defines.
pub(crate) fn defines(node: &impl Node) -> BTreeSet<u32> {
    let mut defines = Defines(BTreeSet::new());
    node.walk(&mut defines);
    defines.0
}

struct Uses(BTreeSet<u32>);

impl Visitor for Uses {
    fn uses(&mut self, local: &Local) {
        self.0.insert(local.id);
    }
}

struct Defines(BTreeSet<u32>);

impl Visitor for Defines {
    fn defines(&mut self, local: &Local) {
        self.0.insert(local.id);
    }
}
