//! Truth values and indices as numbers (true is 1), and truth values and whole numbers as indices. Exact; the derivative is zero.
//!
//! What is NaN or beyond ±2⁵³ is no whole number: it becomes the nearest end, NaN the lower one, and whoever takes it is told
//! ([`reads`](crate::reads)).

use std::fmt;

use super::lowering::Role;
use super::nest::{Centre, ValueId};
use super::range::{Range, SMALL};
use super::{Environment, Facts, Flow, Primitive, Scope, Tensor};
use crate::graph::{Elem, NodeId, Region, Type};

/// A change of element kind: Bool → Real, Index → Real, Bool → Index, and Real → Index of whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cast {
    /// The kind of the result.
    pub to: Elem,
}

impl Cast {
    /// The largest integer that a number is made.
    pub const LAST: i64 = 1 << 53;

    /// The meaning for one element.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "a power of two")]
    pub fn eval(self, x: f64) -> f64 {
        let last = Self::LAST as f64;
        match self.to {
            // Either bound is taken instead of NaN: the lower one comes first.
            Elem::Index => x.max(-last).min(last),
            Elem::Real | Elem::Bool => x,
        }
    }
}

impl Primitive for Cast {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        super::first_type(region, operands).with_elem(self.to)
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("cast", operands, 1)?;
        match (region.ty(operands[0]).elem, self.to) {
            (Elem::Bool, Elem::Real | Elem::Index) | (Elem::Index, Elem::Real) | (Elem::Real, Elem::Index) => Ok(()),
            (from, to) => Err(format!("there is no cast from {from:?} to {to:?}")),
        }
    }

    fn flow(&self, _: &Region, _: &[NodeId], _: usize) -> Flow {
        Flow::Zero
    }

    fn range(&self, region: &Region, operands: &[NodeId], _: &dyn Fn(usize) -> Range) -> Range {
        Range::within(if region.ty(operands[0]).elem == Elem::Bool { 1.0 } else { SMALL })
    }

    fn vjp(&self, _: &mut Region, _: NodeId, _: NodeId, _: &Scope) -> Vec<Option<NodeId>> {
        vec![None]
    }

    fn jvp(&self, _: &mut Region, _: NodeId, _: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        None
    }

    fn can_fail(&self, region: &Region, operands: &[NodeId]) -> bool {
        self.to == Elem::Index && region.ty(operands[0]).elem == Elem::Real
    }

    fn interpret(&self, _: &Type, operands: &[&Tensor], _: &Environment) -> Tensor {
        Tensor::zip(operands, |x| self.eval(x[0]))
    }

    fn role(&self) -> Role {
        Role::Pointwise
    }

    fn element(&self, centre: &mut dyn Centre, operands: &[ValueId]) -> ValueId {
        centre.cast(self.to, operands[0])
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cast {}", name(self.to))
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        if !words.eat("cast ") {
            return Ok(None);
        }
        let to = words.eat_one([Elem::Real, Elem::Index, Elem::Bool], name);
        Ok(Some(Self { to: to.ok_or("`real`, `index` or `bool`")? }))
    }
}

/// The kind in the text form.
fn name(elem: Elem) -> &'static str {
    match elem {
        Elem::Real => "real",
        Elem::Index => "index",
        Elem::Bool => "bool",
    }
}
