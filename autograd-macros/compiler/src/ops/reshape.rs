//! The same elements in row-major order under another shape.

use std::fmt;

use super::batch::{self, Lifted};
use super::lowering::Role;
use super::{Condition, Environment, Facts, Primitive, Scope, Tensor};
use crate::graph::{Dim, NodeId, Region, Shape, ShapeText, Type};

/// The operand's elements, in row-major order, under another shape.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reshape {
    /// The shape of the result.
    pub shape: Shape,
}

impl Primitive for Reshape {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        Type { elem: super::first_type(region, operands).elem, shape: self.shape.clone() }
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("reshape", operands, 1)?;
        let shape = region.shape(operands[0]);
        match (Dim::volume(&shape), Dim::volume(&self.shape)) {
            // Products that hold quotients are compared at run time.
            (Some(from), Some(to)) if from != to && !has_quotient(&from) && !has_quotient(&to) => Err(format!(
                "reshape keeps the number of elements: {} has {from}, {} has {to}",
                ShapeText(&shape),
                ShapeText(&self.shape)
            )),
            _ => Ok(()),
        }
    }

    fn vjp(&self, region: &mut Region, y: NodeId, g: NodeId, _: &Scope) -> Vec<Option<NodeId>> {
        let shape = region.shape(region.operand(y, 0));
        vec![Some(region.reshape(g, &shape))]
    }

    fn taken(&self, region: &mut Region, y: NodeId, _: usize, taken: Option<NodeId>) -> Option<NodeId> {
        let shape = region.shape(region.operand(y, 0));
        Some(region.reshape(taken?, &shape))
    }

    fn jvp(&self, region: &mut Region, _: NodeId, tangents: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        Some(region.reshape(tangents[0]?, &self.shape))
    }

    fn interpret(&self, ty: &Type, operands: &[&Tensor], environment: &Environment) -> Tensor {
        Tensor { shape: environment.shape(&ty.shape), data: operands[0].data.clone() }
    }

    /// Axes of extent 1 belong together if they stand between the same two others.
    fn origins(&self, region: &Region, operands: &[NodeId], axis: usize) -> Vec<(usize, usize)> {
        let (from, run) = (region.shape(operands[0]), run(&self.shape, axis));
        let is_origin = |own: &usize| from[*own].is_one() && self.shape[axis].is_one() && self::run(&from, *own) == run;
        (0..from.len()).filter(is_origin).map(|own| (0, own)).collect()
    }

    fn conditions(&self, region: &Region, operands: &[NodeId]) -> Vec<Condition> {
        let (Some(from), Some(to)) = (Dim::volume(&region.shape(operands[0])), Dim::volume(&self.shape)) else {
            return Vec::new();
        };
        [from.sub(&to), to.sub(&from)].into_iter().flatten().map(Condition::NotNegative).collect()
    }

    fn role(&self) -> Role {
        Role::Reshape
    }

    fn batch(&self, region: &mut Region, operands: &[Lifted], extent: &Dim) -> Option<NodeId> {
        let x = batch::batched(region, operands[0], extent);
        Some(region.reshape(x, &batch::with_first(extent, &self.shape)))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "reshape {}", ShapeText(&self.shape))
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        Ok(if words.eat("reshape ") { Some(Self { shape: words.shape()? }) } else { None })
    }
}

/// How many axes of other extents stand before an axis.
fn run(shape: &[Dim], axis: usize) -> usize {
    shape[..axis].iter().filter(|dim| !dim.is_one()).count()
}

fn has_quotient(dim: &Dim) -> bool {
    use crate::graph::dim::Atom;
    dim.terms().iter().flat_map(|term| &term.atoms).any(|atom| matches!(atom, Atom::Quotient(_) | Atom::Floor(_)))
}
