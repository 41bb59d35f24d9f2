//! The two identities: a value that derivatives are taken with respect to, and one that they regard as constant.

use std::fmt;
use std::rc::Rc;

use super::lowering::Role;
use super::{Environment, Facts, Flow, Primitive, Scope, Tensor};
use crate::graph::{NodeId, Region, Type};

/// A value that the user named and differentiates with respect to. Opaque, so that an equal expression elsewhere is
/// not taken for it: in `let a = 2*x; y = 2*x + a`, the derivative of `y` by `a` is 1.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Named {
    /// The user's name.
    pub name: Rc<str>,
    /// Tells values of one name apart.
    pub serial: u32,
}

impl Primitive for Named {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        super::first_type(region, operands)
    }

    fn check(&self, _: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("a named value", operands, 1)
    }

    fn vjp(&self, _: &mut Region, _: NodeId, g: NodeId, _: &Scope) -> Vec<Option<NodeId>> {
        vec![Some(g)]
    }

    fn jvp(&self, _: &mut Region, _: NodeId, tangents: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        tangents[0]
    }

    fn interpret(&self, _: &Type, operands: &[&Tensor], _: &Environment) -> Tensor {
        operands[0].clone()
    }

    fn role(&self) -> Role {
        Role::View
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "named {}", self.name)?;
        if self.serial != 0 { write!(f, "#{}", self.serial) } else { Ok(()) }
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        if !words.eat("named ") {
            return Ok(None);
        }
        let text = words.name()?;
        // A raw identifier has a `#` too, but no number after it.
        let parts = text.rsplit_once('#').and_then(|(name, serial)| Some((name, serial.parse().ok()?)));
        let (name, serial) = parts.unwrap_or((text, 0));
        Ok(Some(Self { name: name.into(), serial }))
    }
}

/// A value that derivatives regard as constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StopGradient;

impl Primitive for StopGradient {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        super::first_type(region, operands)
    }

    fn check(&self, _: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("stop_gradient", operands, 1)
    }

    fn flow(&self, _: &Region, _: &[NodeId], _: usize) -> Flow {
        Flow::Zero
    }

    fn vjp(&self, _: &mut Region, _: NodeId, _: NodeId, _: &Scope) -> Vec<Option<NodeId>> {
        vec![None]
    }

    fn jvp(&self, _: &mut Region, _: NodeId, _: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        None
    }

    fn interpret(&self, _: &Type, operands: &[&Tensor], _: &Environment) -> Tensor {
        operands[0].clone()
    }

    fn role(&self) -> Role {
        Role::View
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stop_gradient")
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        Ok(words.eat_word("stop_gradient").then_some(Self))
    }
}
