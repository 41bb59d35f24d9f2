//! What a primitive is to the loops: the vocabulary of [`Primitive::role`](super::Primitive::role) and
//! [`Primitive::source`](super::Primitive::source).

use std::collections::BTreeMap;
use std::fmt;

use crate::graph::Dim;

/// What a node is to the loops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A parameter, state or input in memory (a plain number if it is a scalar).
    Leaf,
    /// Needs no memory and no operand: a literal, an extent, positions along an axis.
    Constant,
    /// Computed element by element wherever it is used, from the same elements of its operands.
    Pointwise,
    /// Its operand, read elsewhere: an index map, which costs nothing.
    View,
    /// The operand's elements in row-major order under another shape.
    Reshape,
    /// The end of a loop nest: something is accumulated, or cannot be computed where it is used.
    Sink,
}

/// The axis of a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AxisId(pub u32);

impl fmt::Display for AxisId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "i{}", self.0)
    }
}

/// Which element is read along one axis: `offset + Σ stride · loop axis`. Terms are sorted by axis; strides are never 0.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Affine {
    /// The constant part.
    pub offset: Dim,
    /// The strides of the loop axes.
    pub terms: Vec<(AxisId, Dim)>,
}

impl Affine {
    /// Always the same element.
    #[must_use]
    pub fn constant(offset: Dim) -> Self {
        Self { offset, terms: Vec::new() }
    }

    /// The loop's own element.
    #[must_use]
    pub fn axis(axis: AxisId) -> Self {
        Self { offset: Dim::ZERO, terms: vec![(axis, Dim::ONE)] }
    }

    /// Whether it is exactly one loop's own element.
    #[must_use]
    pub fn is_axis(&self, axis: AxisId) -> bool {
        self.offset == Dim::ZERO && self.terms.len() == 1 && self.terms[0] == (axis, Dim::ONE)
    }

    /// `self * factor + start`
    #[must_use]
    pub fn scaled(&self, factor: &Dim, start: &Dim) -> Self {
        Self {
            offset: sure(self.offset.mul(factor).and_then(|offset| offset.add(start))),
            terms: self.terms.iter().map(|(axis, stride)| (*axis, sure(stride.mul(factor)))).collect(),
        }
    }

    /// `self + other`
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let mut terms: BTreeMap<AxisId, Dim> = self.terms.iter().cloned().collect();
        for (axis, stride) in &other.terms {
            let sum = terms.get(axis).map_or(Some(stride.clone()), |there| there.add(stride));
            terms.insert(*axis, sure(sum));
        }
        terms.retain(|_, stride| *stride != Dim::ZERO);
        Self { offset: sure(self.offset.add(&other.offset)), terms: terms.into_iter().collect() }
    }
}

/// A dimension that the shape rules have found to be in range; beyond it, the largest there is.
#[must_use]
pub fn sure(dim: Option<Dim>) -> Dim {
    dim.unwrap_or(Dim::constant(i64::MAX))
}
