//! A tensor placed into zeros: the exact adjoint of `Slice`.

use std::fmt;

use super::batch::{self, Lifted};
use super::lowering::Role;
use super::nest::Nest;
use super::range::Range;
use super::{Condition, Environment, Facts, Primitive, Scope, Tensor, slice};
use crate::graph::{Dim, NodeId, Region, Shape, ShapeText, Type};

/// Zeros, but element `i` of the operand stands at `start + step·i` along each axis.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pad {
    /// The shape of the result.
    pub shape: Shape,
    /// Where the operand's first element goes along each axis.
    pub starts: Vec<Dim>,
    /// The distance between the operand's elements along each axis, at least 1.
    pub steps: Vec<i64>,
}

impl Primitive for Pad {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        Type { elem: super::first_type(region, operands).elem, shape: self.shape.clone() }
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("pad", operands, 1)?;
        slice::check_box(&self.shape, &self.starts, &region.shape(operands[0]), &self.steps)
    }

    fn range(&self, _: &Region, _: &[NodeId], of: &dyn Fn(usize) -> Range) -> Range {
        of(0).or(Range::exactly(0.0))
    }

    fn vjp(&self, region: &mut Region, y: NodeId, g: NodeId, _: &Scope) -> Vec<Option<NodeId>> {
        let extents = region.shape(region.operand(y, 0));
        vec![Some(region.slice(g, &self.starts, &extents, &self.steps))]
    }

    fn taken(&self, region: &mut Region, y: NodeId, _: usize, taken: Option<NodeId>) -> Option<NodeId> {
        let extents = region.shape(region.operand(y, 0));
        Some(region.slice(taken?, &self.starts, &extents, &self.steps))
    }

    fn jvp(&self, region: &mut Region, _: NodeId, tangents: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        Some(region.pad(tangents[0]?, &self.shape, &self.starts, &self.steps))
    }

    fn interpret(&self, ty: &Type, operands: &[&Tensor], environment: &Environment) -> Tensor {
        let mut result = Tensor::zeros(environment.shape(&ty.shape));
        operands[0].for_each(|at, value| {
            result.set(&slice::place(at, &self.starts, &self.steps, environment), value);
        });
        result
    }

    fn conditions(&self, region: &Region, operands: &[NodeId]) -> Vec<Condition> {
        slice::inside(&self.shape, &self.starts, &region.shape(operands[0]), &self.steps)
    }

    fn role(&self) -> Role {
        Role::Sink
    }

    fn nests(&self, region: &Region, node: NodeId) -> Vec<Nest> {
        let (starts, steps) = (self.starts.clone(), self.steps.clone());
        vec![Nest::place(region, node, region.operand(node, 0), starts, steps, true)]
    }

    fn batch(&self, region: &mut Region, operands: &[Lifted], extent: &Dim) -> Option<NodeId> {
        let x = batch::batched(region, operands[0], extent);
        let starts = [vec![Dim::ZERO], self.starts.clone()].concat();
        let steps = [vec![1], self.steps.clone()].concat();
        Some(region.pad(x, &batch::with_first(extent, &self.shape), &starts, &steps))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pad {} [", ShapeText(&self.shape))?;
        for (axis, (start, step)) in self.starts.iter().zip(&self.steps).enumerate() {
            write!(f, "{}{start}..", if axis > 0 { ", " } else { "" })?;
            if *step != 1 {
                write!(f, ":{step}")?;
            }
        }
        f.write_str("]")
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        if !words.eat("pad ") {
            return Ok(None);
        }
        let shape = words.shape()?;
        words.need(" [")?;
        let axes = words.list("]", |words| {
            let start = words.dim()?;
            words.need("..")?;
            Ok((start, if words.eat(":") { words.count()? } else { 1 }))
        })?;
        let (starts, steps) = axes.into_iter().unzip();
        Ok(Some(Self { shape, starts, steps }))
    }
}
