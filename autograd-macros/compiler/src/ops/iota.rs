//! `0, 1, … N-1` as integers along one axis.

use std::fmt;

use super::lowering::Role;
use super::nest::{Centre, ValueId};
use super::{Environment, Facts, Primitive, Scope, Tensor};
use crate::graph::{Dim, Elem, NodeId, Region, Type};

/// `0, 1, … extent-1`, of shape `[extent]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Iota {
    /// How many.
    pub extent: Dim,
}

impl Primitive for Iota {
    fn infer(&self, _: &Region, _: &[NodeId]) -> Type {
        Type { elem: Elem::Index, shape: [self.extent.clone()].into() }
    }

    fn check(&self, _: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("iota", operands, 0)
    }

    fn vjp(&self, _: &mut Region, _: NodeId, _: NodeId, _: &Scope) -> Vec<Option<NodeId>> {
        Vec::new()
    }

    fn jvp(&self, _: &mut Region, _: NodeId, _: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        None
    }

    fn interpret(&self, ty: &Type, _: &[&Tensor], environment: &Environment) -> Tensor {
        #[allow(clippy::cast_precision_loss, reason = "positions lie far below 2^53")]
        Tensor::from_fn(environment.shape(&ty.shape), |at| at[0] as f64)
    }

    fn unknown(&self) -> Option<String> {
        self.extent.as_constant().is_none().then(|| self.extent.to_string())
    }

    fn role(&self) -> Role {
        Role::Constant
    }

    fn element(&self, centre: &mut dyn Centre, _: &[ValueId]) -> ValueId {
        centre.position(0)
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "iota {}", self.extent)
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        Ok(if words.eat("iota ") { Some(Self { extent: words.dim()? }) } else { None })
    }
}
