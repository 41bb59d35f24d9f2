//! Reorders axes: `.T`, transposes.

use std::fmt;

use super::batch::{self, Lifted};
use super::lowering::{Coord, PickId, Role, Source};
use super::{Environment, Facts, Primitive, Scope, Tensor};
use crate::graph::{Dim, NodeId, Region, Type};

/// Axis `i` of the result is axis `order[i]` of the operand.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Permute {
    /// A permutation of the operand's axes.
    pub order: Vec<usize>,
}

impl Permute {
    /// The order that undoes this one.
    #[must_use]
    pub fn inverse(&self) -> Vec<usize> {
        let mut inverse = vec![0; self.order.len()];
        for (place, &axis) in self.order.iter().enumerate() {
            inverse[axis] = place;
        }
        inverse
    }
}

impl Primitive for Permute {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        let operand = super::first_type(region, operands);
        let shape = self.order.iter().filter_map(|&axis| operand.shape.get(axis).cloned()).collect();
        Type { elem: operand.elem, shape }
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("permute", operands, 1)?;
        let mut sorted = self.order.clone();
        sorted.sort_unstable();
        if sorted.iter().copied().eq(0..region.ty(operands[0]).rank()) {
            Ok(())
        } else {
            Err(format!("{:?} is no order of the operand's axes", self.order))
        }
    }

    fn vjp(&self, region: &mut Region, _: NodeId, g: NodeId, _: &Scope) -> Vec<Option<NodeId>> {
        vec![Some(region.permute(g, &self.inverse()))]
    }

    fn taken(&self, region: &mut Region, _: NodeId, _: usize, taken: Option<NodeId>) -> Option<NodeId> {
        Some(region.permute(taken?, &self.inverse()))
    }

    fn jvp(&self, region: &mut Region, _: NodeId, tangents: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        Some(region.permute(tangents[0]?, &self.order))
    }

    fn interpret(&self, ty: &Type, operands: &[&Tensor], environment: &Environment) -> Tensor {
        let inverse = self.inverse();
        Tensor::from_fn(environment.shape(&ty.shape), |at| {
            let source: Vec<usize> = inverse.iter().map(|&axis| at[axis]).collect();
            operands[0].at(&source)
        })
    }

    fn origins(&self, _: &Region, _: &[NodeId], axis: usize) -> Vec<(usize, usize)> {
        vec![(0, self.order[axis])]
    }

    fn role(&self) -> Role {
        Role::View
    }

    fn source(&self, _: &[Dim], at: &[Coord], _: &mut dyn FnMut(usize, &[Coord]) -> PickId) -> Source {
        let mut source = at.to_vec();
        for (axis, &from) in self.order.iter().enumerate() {
            source[from] = at[axis].clone();
        }
        Source::everywhere(source)
    }

    fn batch(&self, region: &mut Region, operands: &[Lifted], extent: &Dim) -> Option<NodeId> {
        let x = batch::batched(region, operands[0], extent);
        Some(region.permute(x, &[vec![0], batch::after_first(&self.order)].concat()))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "permute {:?}", self.order)
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        Ok(if words.eat("permute ") { Some(Self { order: words.axes()? }) } else { None })
    }
}
