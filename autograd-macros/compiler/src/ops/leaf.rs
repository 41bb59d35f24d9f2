//! Nodes without operands: variables of the model, numbers, and dimensions read as integers.

use std::fmt;
use std::rc::Rc;

use super::lowering::Role;
use super::nest::{Centre, ValueId};
use super::range::Range;
use super::{Environment, Facts, Primitive, Scope, Tensor};
use crate::graph::{Dim, Elem, NodeId, Region, Type};

/// What a leaf is to the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeafKind {
    /// Differentiated by default, owned by the model.
    Param,
    /// Given at every call.
    Input,
    /// Owned by the model, not differentiated by default.
    State,
    /// Given at every call of one step.
    StepInput,
    /// Computed once of the inputs that a model is bound to.
    Prepared,
    /// The part of a direction that belongs to the parameter of this name, given to a product with a derivative.
    Direction,
}

impl LeafKind {
    /// All kinds.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 6] =
        [Self::Param, Self::Input, Self::State, Self::StepInput, Self::Prepared, Self::Direction];

    /// The kind in the text form.
    fn text(self) -> &'static str {
        match self {
            Self::Param => "param",
            Self::Input => "input",
            Self::State => "state",
            Self::StepInput => "step input",
            Self::Prepared => "prepared",
            Self::Direction => "direction",
        }
    }
}

/// A parameter, input or state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Leaf {
    /// What it is to the model.
    pub kind: LeafKind,
    /// Its name.
    pub name: Rc<str>,
    /// Its type.
    pub ty: Type,
}

impl Primitive for Leaf {
    fn infer(&self, _: &Region, _: &[NodeId]) -> Type {
        self.ty.clone()
    }

    fn check(&self, _: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("a leaf", operands, 0)
    }

    fn vjp(&self, _: &mut Region, _: NodeId, _: NodeId, _: &Scope) -> Vec<Option<NodeId>> {
        Vec::new()
    }

    fn jvp(&self, _: &mut Region, _: NodeId, _: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        None
    }

    fn interpret(&self, _: &Type, _: &[&Tensor], environment: &Environment) -> Tensor {
        environment.value(&self.name).clone()
    }

    fn unknown(&self) -> Option<String> {
        Some(self.name.to_string())
    }

    fn role(&self) -> Role {
        Role::Leaf
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.text(), self.name)
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, ty: Option<&Type>) -> super::Read<Option<Self>> {
        let Some(kind) = LeafKind::ALL.into_iter().find(|kind| words.eat(&format!("{} ", kind.text()))) else {
            return Ok(None);
        };
        let ty = ty.ok_or("a type before a variable")?.clone();
        Ok(Some(Self { kind, name: words.name()?.into(), ty }))
    }
}

/// A number, a truth value or an integer known to the compiler; rank 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Literal {
    /// The bits of the value as `f64`, one pattern for all NaN. Zero and minus zero differ.
    pub bits: u64,
    /// What it is.
    pub elem: Elem,
}

impl Literal {
    /// A number.
    #[must_use]
    pub fn real(value: f64) -> Self {
        let value = if value.is_nan() { f64::NAN } else { value };
        Self { bits: value.to_bits(), elem: Elem::Real }
    }

    /// A truth value.
    #[must_use]
    pub fn bool(value: bool) -> Self {
        Self { bits: f64::from(u8::from(value)).to_bits(), elem: Elem::Bool }
    }

    /// An integer; exact up to 2^53.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "positions and extents lie far below 2^53")]
    pub fn index(value: i64) -> Self {
        Self { bits: (value as f64).to_bits(), elem: Elem::Index }
    }

    /// The value; 0 or 1 for a truth value.
    #[must_use]
    pub fn value(&self) -> f64 {
        f64::from_bits(self.bits)
    }
}

impl Primitive for Literal {
    fn infer(&self, _: &Region, _: &[NodeId]) -> Type {
        Type { elem: self.elem, shape: [].into() }
    }

    fn check(&self, _: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("a literal", operands, 0)
    }

    fn is_total(&self, _: &Region, _: &[NodeId]) -> bool {
        self.value().is_finite()
    }

    fn range(&self, _: &Region, _: &[NodeId], _: &dyn Fn(usize) -> Range) -> Range {
        Range::exactly(self.value())
    }

    fn vjp(&self, _: &mut Region, _: NodeId, _: NodeId, _: &Scope) -> Vec<Option<NodeId>> {
        Vec::new()
    }

    fn jvp(&self, _: &mut Region, _: NodeId, _: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        None
    }

    fn interpret(&self, _: &Type, _: &[&Tensor], _: &Environment) -> Tensor {
        Tensor::scalar(self.value())
    }

    fn role(&self) -> Role {
        Role::Constant
    }

    fn element(&self, centre: &mut dyn Centre, _: &[ValueId]) -> ValueId {
        centre.literal(*self)
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.elem {
            Elem::Bool => write!(f, "{}", self.value() != 0.0),
            Elem::Real | Elem::Index => write!(f, "{}", self.value()),
        }
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, ty: Option<&Type>) -> super::Read<Option<Self>> {
        if let Some(truth) = words.eat_one([true, false], |truth| if truth { "true" } else { "false" }) {
            return Ok(Some(Self::bool(truth)));
        }
        let mut rest = *words;
        let Some(value) = rest.number() else { return Ok(None) };
        let elem = ty.map_or(Elem::Real, |ty| ty.elem);
        match elem {
            Elem::Bool => return Err("`true` or `false`".into()),
            Elem::Index if value.fract() != 0.0 => return Err("an integer".into()),
            Elem::Index | Elem::Real => *words = rest,
        }
        Ok(Some(Self { elem, ..Self::real(value) }))
    }
}

/// A dimension as an integer; rank 0.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Extent {
    /// The dimension.
    pub dim: Dim,
}

impl Primitive for Extent {
    fn infer(&self, _: &Region, _: &[NodeId]) -> Type {
        Type { elem: Elem::Index, shape: [].into() }
    }

    fn check(&self, _: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("an extent", operands, 0)
    }

    fn vjp(&self, _: &mut Region, _: NodeId, _: NodeId, _: &Scope) -> Vec<Option<NodeId>> {
        Vec::new()
    }

    fn jvp(&self, _: &mut Region, _: NodeId, _: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        None
    }

    #[allow(clippy::cast_precision_loss, reason = "extents lie far below 2^53")]
    fn interpret(&self, _: &Type, _: &[&Tensor], environment: &Environment) -> Tensor {
        Tensor::scalar(environment.dim(&self.dim) as f64)
    }

    fn unknown(&self) -> Option<String> {
        Some(self.dim.to_string())
    }

    fn role(&self) -> Role {
        Role::Constant
    }

    fn element(&self, centre: &mut dyn Centre, _: &[ValueId]) -> ValueId {
        centre.extent(&self.dim)
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "extent {}", self.dim)
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        Ok(if words.eat("extent ") { Some(Self { dim: words.dim()? }) } else { None })
    }
}
