//! Adds axes: the operand repeated along them. Never stretches an axis that is there.

use std::fmt;

use super::batch::{self, Lifted};
use super::lowering::{Coord, PickId, Role, Source};
use super::{Environment, Facts, Primitive, Scope, Tensor, taken};
use crate::graph::{Dim, NodeId, Region, Shape, ShapeText, Type};

/// Operand axis `i` becomes axis `axes[i]` of the result; the other axes are new.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Broadcast {
    /// The shape of the result.
    pub shape: Shape,
    /// Where the operand's axes go; strictly rising.
    pub axes: Vec<usize>,
}

impl Broadcast {
    /// The axes of the result that the operand does not have.
    #[must_use]
    pub fn new_axes(&self) -> Vec<usize> {
        (0..self.shape.len()).filter(|axis| !self.axes.contains(axis)).collect()
    }
}

impl Primitive for Broadcast {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        Type { elem: super::first_type(region, operands).elem, shape: self.shape.clone() }
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("broadcast", operands, 1)?;
        let shape = region.shape(operands[0]);
        super::expect_axes("broadcast", &self.axes, self.shape.len())?;
        if self.axes.len() != shape.len() {
            return Err("broadcast places every axis of its operand".into());
        }
        if self.axes.iter().zip(shape.iter()).any(|(&axis, dim)| self.shape[axis] != *dim) {
            return Err(format!("broadcast keeps extents: {} into {self}", ShapeText(&shape)));
        }
        Ok(())
    }

    fn vjp(&self, region: &mut Region, _: NodeId, g: NodeId, _: &Scope) -> Vec<Option<NodeId>> {
        vec![Some(region.sum(g, &self.new_axes()))]
    }

    fn taken(&self, region: &mut Region, _: NodeId, _: usize, taken: Option<NodeId>) -> Option<NodeId> {
        Some(taken::any(region, taken?, &self.new_axes()))
    }

    fn jvp(&self, region: &mut Region, _: NodeId, tangents: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        Some(region.broadcast(tangents[0]?, &self.shape, &self.axes))
    }

    fn interpret(&self, ty: &Type, operands: &[&Tensor], environment: &Environment) -> Tensor {
        Tensor::from_fn(environment.shape(&ty.shape), |at| {
            let source: Vec<usize> = self.axes.iter().map(|&axis| at[axis]).collect();
            operands[0].at(&source)
        })
    }

    fn origins(&self, _: &Region, _: &[NodeId], axis: usize) -> Vec<(usize, usize)> {
        self.axes.iter().position(|&to| to == axis).map(|own| (0, own)).into_iter().collect()
    }

    fn role(&self) -> Role {
        Role::View
    }

    fn source(&self, _: &[Dim], at: &[Coord], _: &mut dyn FnMut(usize, &[Coord]) -> PickId) -> Source {
        Source::everywhere(self.axes.iter().map(|&axis| at[axis].clone()).collect())
    }

    fn batch(&self, region: &mut Region, operands: &[Lifted], extent: &Dim) -> Option<NodeId> {
        let shape = batch::with_first(extent, &self.shape);
        let axes = batch::after_first(&self.axes);
        let axes = if operands[0].is_batched { [vec![0], axes].concat() } else { axes };
        Some(region.broadcast(operands[0].node, &shape, &axes))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "broadcast {} {:?}", ShapeText(&self.shape), self.axes)
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        if !words.eat("broadcast ") {
            return Ok(None);
        }
        let shape = words.shape()?;
        words.need(" ")?;
        Ok(Some(Self { shape, axes: words.axes()? }))
    }
}

impl fmt::Display for Broadcast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}
