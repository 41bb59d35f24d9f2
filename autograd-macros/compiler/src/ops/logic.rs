//! `&&`, `||` and `!` on truth values, element by element.

use std::fmt;

use super::lowering::Role;
use super::nest::{Centre, ValueId};
use super::{Environment, Facts, Flow, Primitive, Scope, Tensor};
use crate::graph::{Elem, NodeId, Region, Type};

/// A connective of truth values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Logic {
    /// `a && b`
    And,
    /// `a || b`
    Or,
    /// `!a`
    Not,
}

impl Logic {
    /// The name in the text form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::And => "and",
            Self::Or => "or",
            Self::Not => "not",
        }
    }

    /// How many operands it has.
    #[must_use]
    pub fn arity(self) -> usize {
        match self {
            Self::And | Self::Or => 2,
            Self::Not => 1,
        }
    }
}

impl Primitive for Logic {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        super::first_type(region, operands).with_elem(Elem::Bool)
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("a connective", operands, self.arity())?;
        super::expect_equal_types("a connective", region, operands)?;
        match region.ty(operands[0]).elem {
            Elem::Bool => Ok(()),
            Elem::Real | Elem::Index => Err("a connective is of truth values".into()),
        }
    }

    fn flow(&self, _: &Region, _: &[NodeId], _: usize) -> Flow {
        Flow::Zero
    }

    fn vjp(&self, _: &mut Region, _: NodeId, _: NodeId, _: &Scope) -> Vec<Option<NodeId>> {
        vec![None; self.arity()]
    }

    fn jvp(&self, _: &mut Region, _: NodeId, _: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        None
    }

    fn interpret(&self, _: &Type, operands: &[&Tensor], _: &Environment) -> Tensor {
        Tensor::zip(operands, |x| {
            f64::from(u8::from(match self {
                Self::And => x[0] != 0.0 && x[1] != 0.0,
                Self::Or => x[0] != 0.0 || x[1] != 0.0,
                Self::Not => x[0] == 0.0,
            }))
        })
    }

    fn role(&self) -> Role {
        Role::Pointwise
    }

    fn element(&self, centre: &mut dyn Centre, operands: &[ValueId]) -> ValueId {
        centre.logic(*self, operands)
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        Ok(words.eat_one([Self::And, Self::Or, Self::Not], Self::name))
    }
}
