//! Several tensors one after the other along an axis.

use std::fmt;

use super::batch::{self, Lifted};
use super::lowering::Role;
use super::nest::Nest;
use super::range::Range;
use super::{Environment, Facts, Primitive, Scope, Tensor};
use crate::graph::{Dim, NodeId, Region, Shape, Type};

/// The operands one after the other along an axis; their other extents are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Concat {
    /// The axis along which extents add up.
    pub axis: usize,
}

impl Concat {
    /// Where each operand starts along the axis.
    fn starts(self, region: &Region, operands: &[NodeId]) -> Vec<Dim> {
        let mut start = Dim::ZERO;
        let mut starts = Vec::with_capacity(operands.len());
        for &operand in operands {
            let next = start.add(&region.ty(operand).shape[self.axis]).expect("the total extent was inferred");
            starts.push(std::mem::replace(&mut start, next));
        }
        starts
    }

    /// What stands where an operand does.
    fn piece(self, region: &mut Region, whole: NodeId, start: Dim, extents: &Shape) -> NodeId {
        let mut starts = vec![Dim::ZERO; extents.len()];
        starts[self.axis] = start;
        region.slice(whole, &starts, extents, &vec![1; extents.len()])
    }
}

impl Primitive for Concat {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        let first = super::first_type(region, operands);
        let mut shape: Vec<Dim> = first.shape.to_vec();
        let extents = operands.iter().map(|&x| region.ty(x).shape.get(self.axis).cloned());
        let total = extents.reduce(|a, b| a?.add(&b?)).flatten();
        if let (Some(slot), Some(total)) = (shape.get_mut(self.axis), total) {
            *slot = total;
        }
        Type { elem: first.elem, shape: shape.into() }
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        let [first, rest @ ..] = operands else {
            return Err("concat has at least one operand".into());
        };
        let first = region.ty(*first);
        if self.axis >= first.rank() {
            return Err(format!("concat along axis {} of rank {}", self.axis, first.rank()));
        }
        let other = |shape: &Shape| {
            let mut shape = shape.to_vec();
            shape.remove(self.axis);
            shape
        };
        for &operand in rest {
            let ty = region.ty(operand);
            if ty.elem != first.elem || ty.rank() != first.rank() || other(&ty.shape) != other(&first.shape) {
                return Err(format!("concat of {first} and {ty} along axis {}", self.axis));
            }
        }
        let extents = operands.iter().map(|&x| region.ty(x).shape[self.axis].clone());
        match extents.map(Some).reduce(|a, b| a?.add(&b?)).flatten() {
            Some(_) => Ok(()),
            None => Err("the extents of concat overflow".into()),
        }
    }

    fn range(&self, _: &Region, operands: &[NodeId], of: &dyn Fn(usize) -> Range) -> Range {
        (0..operands.len()).map(of).fold(Range::within(0.0), Range::or)
    }

    fn vjp(&self, region: &mut Region, y: NodeId, g: NodeId, scope: &Scope) -> Vec<Option<NodeId>> {
        let operands = region.node(y).operands.clone();
        let starts = self.starts(region, &operands);
        let pieces = operands.iter().zip(starts).zip(scope.wanted);
        pieces
            .map(|((&operand, start), &wanted)| {
                wanted.then(|| {
                    let extents = region.shape(operand);
                    self.piece(region, g, start, &extents)
                })
            })
            .collect()
    }

    fn taken(&self, region: &mut Region, y: NodeId, operand: usize, taken: Option<NodeId>) -> Option<NodeId> {
        let operands = region.node(y).operands.clone();
        let (start, extents) = (self.starts(region, &operands).swap_remove(operand), region.shape(operands[operand]));
        Some(self.piece(region, taken?, start, &extents))
    }

    fn jvp(&self, region: &mut Region, y: NodeId, tangents: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        tangents.iter().find(|tangent| tangent.is_some())?;
        let operands = region.node(y).operands.clone();
        let pieces = operands.iter().zip(tangents);
        let pieces: Vec<NodeId> = pieces.map(|(&x, t)| t.unwrap_or_else(|| region.zeros_like(x))).collect();
        Some(region.concat(&pieces, self.axis))
    }

    fn interpret(&self, ty: &Type, operands: &[&Tensor], environment: &Environment) -> Tensor {
        let mut result = Tensor::zeros(environment.shape(&ty.shape));
        let mut start = 0;
        for operand in operands {
            operand.for_each(|at, value| {
                let mut at = at.to_vec();
                at[self.axis] += start;
                result.set(&at, value);
            });
            start += operand.shape[self.axis];
        }
        result
    }

    fn role(&self) -> Role {
        Role::Sink
    }

    fn nests(&self, region: &Region, node: NodeId) -> Vec<Nest> {
        let (operands, rank) = (&region.node(node).operands, region.ty(node).rank());
        let parts = operands.iter().zip(self.starts(region, operands));
        let place = |(&part, start): (&NodeId, Dim)| {
            let mut starts = vec![Dim::ZERO; rank];
            starts[self.axis] = start;
            Nest::place(region, node, part, starts, vec![1; rank], false)
        };
        parts.map(place).collect()
    }

    fn batch(&self, region: &mut Region, operands: &[Lifted], extent: &Dim) -> Option<NodeId> {
        Some(batch::elementwise(region, Self { axis: self.axis + 1 }.into(), operands, extent))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "concat {}", self.axis)
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        Ok(if words.eat("concat ") { Some(Self { axis: words.count()? }) } else { None })
    }
}
