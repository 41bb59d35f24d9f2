//! A bound index, while the expression that it stands in is built: an integer that means nothing outside of its binder.
//!
//! `sum[k](a[k])` is built with `k` as such a node; then [`batch`](super::batch) turns it into `0, 1, … K-1` along a new axis of
//! whatever depends on it. So none is left in what a model computes.

use std::fmt;
use std::rc::Rc;

use super::lowering::Role;
use super::{Environment, Facts, Primitive, Scope, Tensor};
use crate::graph::{Elem, NodeId, Region, Type};

/// An index that some binder of the language binds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bound {
    /// The user's name for it.
    pub name: Rc<str>,
    /// Which of those of this name it is.
    pub serial: u32,
}

impl Primitive for Bound {
    fn infer(&self, _: &Region, _: &[NodeId]) -> Type {
        Type { elem: Elem::Index, shape: [].into() }
    }

    fn check(&self, _: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("a bound index", operands, 0)
    }

    fn vjp(&self, _: &mut Region, _: NodeId, _: NodeId, _: &Scope) -> Vec<Option<NodeId>> {
        Vec::new()
    }

    fn jvp(&self, _: &mut Region, _: NodeId, _: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        None
    }

    /// As the environment says, for the tests of expressions whose binder is still open.
    fn interpret(&self, _: &Type, _: &[&Tensor], environment: &Environment) -> Tensor {
        environment.value(&self.name).clone()
    }

    fn unknown(&self) -> Option<String> {
        Some(self.name.to_string())
    }

    fn role(&self) -> Role {
        Role::Leaf
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bound {}#{}", self.name, self.serial)
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        if !words.eat("bound ") {
            return Ok(None);
        }
        let name = words.name()?.into();
        words.need("#")?;
        Ok(Some(Self { name, serial: words.count()? }))
    }
}
