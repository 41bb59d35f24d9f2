//! Axes read backwards.

use std::fmt;

use super::batch::{self, Lifted};
use super::lowering::{Coord, PickId, Role, Source, sure};
use super::{Environment, Facts, Primitive, Scope, Tensor};
use crate::graph::{Dim, NodeId, Region, Type};

/// The operand, read backwards along some axes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reverse {
    /// The axes; sorted.
    pub axes: Vec<usize>,
}

impl Primitive for Reverse {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        super::first_type(region, operands)
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("reverse", operands, 1)?;
        super::expect_axes("reverse", &self.axes, region.ty(operands[0]).rank())
    }

    fn vjp(&self, region: &mut Region, _: NodeId, g: NodeId, _: &Scope) -> Vec<Option<NodeId>> {
        vec![Some(region.reverse(g, &self.axes))]
    }

    fn taken(&self, region: &mut Region, _: NodeId, _: usize, taken: Option<NodeId>) -> Option<NodeId> {
        Some(region.reverse(taken?, &self.axes))
    }

    fn jvp(&self, region: &mut Region, _: NodeId, tangents: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        Some(region.reverse(tangents[0]?, &self.axes))
    }

    fn interpret(&self, _: &Type, operands: &[&Tensor], _: &Environment) -> Tensor {
        let x = operands[0];
        Tensor::from_fn(x.shape.clone(), |at| {
            let mut at = at.to_vec();
            for &axis in &self.axes {
                at[axis] = x.shape[axis] - 1 - at[axis];
            }
            x.at(&at)
        })
    }

    fn role(&self) -> Role {
        Role::View
    }

    fn source(&self, operand: &[Dim], at: &[Coord], _: &mut dyn FnMut(usize, &[Coord]) -> PickId) -> Source {
        let mut source = at.to_vec();
        for &axis in &self.axes {
            let last = sure(operand[axis].sub(&Dim::ONE));
            source[axis] = at[axis].scaled(&Dim::constant(-1), &last);
        }
        Source::everywhere(source)
    }

    fn batch(&self, region: &mut Region, operands: &[Lifted], extent: &Dim) -> Option<NodeId> {
        let axes = batch::after_first(&self.axes);
        Some(batch::elementwise(region, Self { axes }.into(), operands, extent))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "reverse {:?}", self.axes)
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        Ok(if words.eat("reverse ") { Some(Self { axes: words.axes()? }) } else { None })
    }
}
