//! `c ? a : b`, element by element.
//!
//! The cotangent is masked before it enters an arm, and below a choice of the user's the zeros of that mask never meet
//! the infinity or NaN that may be there (see [`taken`]): `if x > 0 { log(x) } else { 0 }` has the gradient 0 at
//! `x = 0`.

use std::fmt;

use super::lowering::Role;
use super::nest::{Centre, ValueId};
use super::range::Range;
use super::{Environment, Facts, Flow, Primitive, Scope, Tensor, taken};
use crate::graph::{Elem, NodeId, Region, Type};

/// The second operand where the first is true, the third elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Select {
    /// Whether what is not taken is left out of derivatives, whatever its value is.
    pub is_choice: bool,
}

impl Select {
    /// `if` and `where`, and what derivatives leave out for their sake.
    pub const CHOICE: Self = Self { is_choice: true };
    /// What rules and functions of the library choose among values of which none is worse than the others.
    pub const RULE: Self = Self { is_choice: false };

    /// What chooses as several do together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self { is_choice: self.is_choice || other.is_choice }
    }
}

impl Primitive for Select {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        super::first_type(region, operands.get(1..).unwrap_or_default())
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("select", operands, 3)?;
        super::expect_equal_types("select", region, &operands[1..])?;
        let condition = region.ty(operands[0]);
        if condition.elem != Elem::Bool {
            return Err("the condition of select is a truth value".into());
        }
        if condition.shape != region.ty(operands[1]).shape {
            return Err("the condition of select has the shape of its arms".into());
        }
        Ok(())
    }

    fn flow(&self, _: &Region, _: &[NodeId], operand: usize) -> Flow {
        if operand == 0 { Flow::Zero } else { Flow::Passes }
    }

    fn range(&self, _: &Region, _: &[NodeId], of: &dyn Fn(usize) -> Range) -> Range {
        of(1).or(of(2))
    }

    fn vjp(&self, region: &mut Region, y: NodeId, g: NodeId, scope: &Scope) -> Vec<Option<NodeId>> {
        let condition = region.operand(y, 0);
        let zero = region.zeros_like(g);
        vec![
            None,
            scope.wanted[1].then(|| region.add((*self).into(), &[condition, g, zero])),
            scope.wanted[2].then(|| region.add((*self).into(), &[condition, zero, g])),
        ]
    }

    fn masks(&self) -> bool {
        true
    }

    fn taken(&self, region: &mut Region, y: NodeId, operand: usize, taken: Option<NodeId>) -> Option<NodeId> {
        if !self.is_choice {
            return taken;
        }
        let condition = region.operand(y, 0);
        let condition = if operand == 1 { condition } else { taken::opposite(region, condition) };
        Some(taken::both(region, taken, condition))
    }

    fn jvp(&self, region: &mut Region, y: NodeId, tangents: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        let some = tangents[1].or(tangents[2])?;
        let condition = region.operand(y, 0);
        let zero = region.zeros_like(some);
        let (yes, no) = (tangents[1].unwrap_or(zero), tangents[2].unwrap_or(zero));
        Some(region.add((*self).into(), &[condition, yes, no]))
    }

    fn interpret(&self, _: &Type, operands: &[&Tensor], _: &Environment) -> Tensor {
        Tensor::zip(operands, |x| if x[0] == 0.0 { x[2] } else { x[1] })
    }

    fn role(&self) -> Role {
        Role::Pointwise
    }

    fn element(&self, centre: &mut dyn Centre, operands: &[ValueId]) -> ValueId {
        centre.select(operands[0], operands[1], operands[2])
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_choice { "choose" } else { "select" })
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        Ok(words.eat_one([Self::CHOICE, Self::RULE], |select| if select.is_choice { "choose" } else { "select" }))
    }
}
