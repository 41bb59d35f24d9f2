//! One of the further results of an operation that has several, and a parameter of a body.
//!
//! A node with several results is the first of them, like any other node; `part k` of it is result `k`. So whoever knows
//! of one result only need not know of more.

use std::fmt;

use super::lowering::Role;
use super::range::Range;
use super::{Environment, Facts, Op, Primitive, Scope, Tensor};
use crate::graph::{NodeId, Region, Type};

/// A result of the operand after its first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Part {
    /// Which one; at least 1.
    pub place: usize,
}

impl Part {
    /// All results of a node, which is the first.
    pub fn all(region: &mut Region, node: NodeId) -> Vec<NodeId> {
        let further = region.further(node).len();
        let parts = (1..=further).map(|place| region.add(Self { place }.into(), &[node])).collect::<Vec<_>>();
        [vec![node], parts].concat()
    }
}

impl Primitive for Part {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        let further = operands.first().map(|&operand| region.further(operand)).unwrap_or_default();
        let ty = self.place.checked_sub(1).and_then(|place| further.get(place).cloned());
        ty.unwrap_or_else(|| super::first_type(region, operands))
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("a part", operands, 1)?;
        let count = 1 + region.further(operands[0]).len();
        if (1..count).contains(&self.place) { Ok(()) } else { Err(format!("part {} of {count} results", self.place)) }
    }

    fn range(&self, _: &Region, _: &[NodeId], _: &dyn Fn(usize) -> Range) -> Range {
        Range::UNKNOWN
    }

    /// Given and wanted: the cotangent of the part.
    fn vjp(&self, _: &mut Region, _: NodeId, g: NodeId, _: &Scope) -> Vec<Option<NodeId>> {
        vec![Some(g)]
    }

    fn taken(&self, _: &mut Region, _: NodeId, _: usize, _: Option<NodeId>) -> Option<NodeId> {
        None
    }

    fn jvp(&self, _: &mut Region, _: NodeId, tangents: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        tangents[0]
    }

    fn interpret(&self, _: &Type, operands: &[&Tensor], _: &Environment) -> Tensor {
        operands[0].clone()
    }

    fn origins(&self, _: &Region, _: &[NodeId], _: usize) -> Vec<(usize, usize)> {
        Vec::new()
    }

    fn part(&self) -> usize {
        self.place
    }

    fn role(&self) -> Role {
        Role::View
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "part {}", self.place)
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        if !words.eat_word("part") {
            return Ok(None);
        }
        words.need(" ")?;
        Ok(Some(Self { place: words.count()? }))
    }
}

/// A parameter of the body that it stands in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Parameter {
    /// Which one.
    pub place: usize,
    /// Its type.
    pub ty: Type,
}

impl Parameter {
    /// The node of a parameter.
    pub fn add(region: &mut Region, place: usize, ty: Type) -> NodeId {
        let op: Op = Self { place, ty }.into();
        region.add(op, &[])
    }
}

impl Primitive for Parameter {
    fn infer(&self, _: &Region, _: &[NodeId]) -> Type {
        self.ty.clone()
    }

    fn check(&self, _: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("a parameter", operands, 0)
    }

    /// Of what it is called with nothing is known.
    fn is_total(&self, _: &Region, _: &[NodeId]) -> bool {
        false
    }

    fn range(&self, _: &Region, _: &[NodeId], _: &dyn Fn(usize) -> Range) -> Range {
        Range::UNKNOWN
    }

    fn vjp(&self, _: &mut Region, _: NodeId, _: NodeId, _: &Scope) -> Vec<Option<NodeId>> {
        Vec::new()
    }

    fn jvp(&self, _: &mut Region, _: NodeId, _: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        None
    }

    fn interpret(&self, _: &Type, _: &[&Tensor], environment: &Environment) -> Tensor {
        environment.arguments[self.place].clone()
    }

    fn unknown(&self) -> Option<String> {
        Some(format!("parameter {}", self.place))
    }

    fn role(&self) -> Role {
        Role::Leaf
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "parameter {}", self.place)
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, ty: Option<&Type>) -> super::Read<Option<Self>> {
        if !words.eat_word("parameter") {
            return Ok(None);
        }
        words.need(" ")?;
        Ok(Some(Self { place: words.count()?, ty: ty.ok_or("a type")?.clone() }))
    }
}
