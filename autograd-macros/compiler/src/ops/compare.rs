//! Comparisons, element by element. `a > b` is `b < a`. A comparison with NaN is false, but `!=` is true.

use std::fmt;

use super::lowering::Role;
use super::nest::{Centre, ValueId};
use super::{Environment, Facts, Flow, Primitive, Scope, Tensor};
use crate::graph::{Elem, NodeId, Region, Type};

/// A comparison of two tensors of one shape, both of numbers or both of indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compare {
    /// `a < b`
    Lt,
    /// `a <= b`
    Le,
    /// `a == b`
    Eq,
    /// `a != b`
    Ne,
}

impl Compare {
    /// The meaning for one pair.
    #[must_use]
    #[allow(clippy::float_cmp, reason = "this is the comparison itself")]
    pub fn eval(self, a: f64, b: f64) -> bool {
        match self {
            Self::Lt => a < b,
            Self::Le => a <= b,
            Self::Eq => a == b,
            Self::Ne => a != b,
        }
    }

    /// The name in the text form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Lt => "less",
            Self::Le => "less_equal",
            Self::Eq => "equal",
            Self::Ne => "not_equal",
        }
    }

    /// The operator as it is written in Rust.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Eq => "==",
            Self::Ne => "!=",
        }
    }
}

impl Primitive for Compare {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        super::first_type(region, operands).with_elem(Elem::Bool)
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("a comparison", operands, 2)?;
        super::expect_equal_types("a comparison", region, operands)?;
        match region.ty(operands[0]).elem {
            Elem::Real | Elem::Index => Ok(()),
            Elem::Bool => Err("a comparison is of numbers or of indices".into()),
        }
    }

    fn flow(&self, _: &Region, _: &[NodeId], _: usize) -> Flow {
        Flow::Zero
    }

    fn vjp(&self, _: &mut Region, _: NodeId, _: NodeId, _: &Scope) -> Vec<Option<NodeId>> {
        vec![None, None]
    }

    fn jvp(&self, _: &mut Region, _: NodeId, _: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        None
    }

    fn interpret(&self, _: &Type, operands: &[&Tensor], _: &Environment) -> Tensor {
        Tensor::zip(operands, |x| f64::from(u8::from(self.eval(x[0], x[1]))))
    }

    fn role(&self) -> Role {
        Role::Pointwise
    }

    fn element(&self, centre: &mut dyn Centre, operands: &[ValueId]) -> ValueId {
        centre.compare(*self, operands[0], operands[1])
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        Ok(words.eat_one([Self::Lt, Self::Le, Self::Eq, Self::Ne], Self::name))
    }
}
