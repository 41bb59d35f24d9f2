//! The position of the extreme along an axis. Its derivative is zero.

use std::fmt;

use super::batch::{self, Lifted};
use super::lowering::Role;
use super::nest::{Loops, Nest, NestKind, keep};
use super::{Condition, Environment, Facts, Flow, Primitive, Scope, Tensor};
use crate::graph::{Dim, Elem, NodeId, Region, Type};

/// Which extreme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Extreme {
    /// The largest.
    Max,
    /// The smallest.
    Min,
}

impl Extreme {
    /// The name of the function that finds its position.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Max => "argmax",
            Self::Min => "argmin",
        }
    }
}

/// The first position of the extreme along an axis; the first NaN, if there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ArgReduce {
    /// Which extreme.
    pub extreme: Extreme,
    /// The axis that vanishes. Its extent is at least 1, which is checked at run time.
    pub axis: usize,
}

impl Primitive for ArgReduce {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        let operand = super::first_type(region, operands);
        Type { elem: Elem::Index, shape: super::without_axes(&operand.shape, &[self.axis]) }
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("arg_reduce", operands, 1)?;
        super::expect_real("arg_reduce", region, operands)?;
        super::expect_axes("arg_reduce", &[self.axis], region.ty(operands[0]).rank())
    }

    fn flow(&self, _: &Region, _: &[NodeId], _: usize) -> Flow {
        Flow::Zero
    }

    fn vjp(&self, _: &mut Region, _: NodeId, _: NodeId, _: &Scope) -> Vec<Option<NodeId>> {
        vec![None]
    }

    /// No derivative goes through, but which of its elements must lie inside of what they read is asked: all along the axis.
    fn taken(&self, region: &mut Region, y: NodeId, _: usize, taken: Option<NodeId>) -> Option<NodeId> {
        let shape = region.shape(region.operand(y, 0));
        Some(region.spread(taken?, &shape, &[self.axis]))
    }

    fn jvp(&self, _: &mut Region, _: NodeId, _: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        None
    }

    fn interpret(&self, ty: &Type, operands: &[&Tensor], environment: &Environment) -> Tensor {
        Tensor::from_fn(environment.shape(&ty.shape), |at| {
            #[allow(clippy::cast_precision_loss, reason = "positions lie far below 2^53")]
            {
                self.position(&operands[0].line(at, self.axis)) as f64
            }
        })
    }

    fn origins(&self, _: &Region, _: &[NodeId], axis: usize) -> Vec<(usize, usize)> {
        vec![(0, if axis < self.axis { axis } else { axis + 1 })]
    }

    fn conditions(&self, region: &Region, operands: &[NodeId]) -> Vec<Condition> {
        let extent = region.ty(operands[0]).shape[self.axis].clone();
        vec![Condition::NotEmpty { extent, function: self.extreme.name() }]
    }

    fn role(&self) -> Role {
        Role::Sink
    }

    fn nests(&self, region: &Region, node: NodeId) -> Vec<Nest> {
        let operand = region.operand(node, 0);
        let mut loops = Loops::default();
        let axes = loops.inner_last(&region.shape(operand), self.axis);
        let kept = keep(&axes, |axis| axis != self.axis);
        let kind = NestKind::Position(self.extreme);
        vec![Nest { node, kind, extents: loops.extents, kept, operands: vec![(operand, axes)] }]
    }

    fn batch(&self, region: &mut Region, operands: &[Lifted], extent: &Dim) -> Option<NodeId> {
        Some(batch::elementwise(region, Self { extreme: self.extreme, axis: self.axis + 1 }.into(), operands, extent))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.extreme.name(), self.axis)
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        let Some(extreme) = words.eat_one([Extreme::Max, Extreme::Min], Extreme::name) else { return Ok(None) };
        words.need(" ")?;
        Ok(Some(Self { extreme, axis: words.count()? }))
    }
}

impl ArgReduce {
    fn position(self, line: &[f64]) -> usize {
        let mut best = 0;
        for (place, &value) in line.iter().enumerate() {
            let better = match self.extreme {
                Extreme::Max => value > line[best],
                Extreme::Min => value < line[best],
            };
            if better || value.is_nan() && !line[best].is_nan() {
                best = place;
            }
        }
        best
    }
}
