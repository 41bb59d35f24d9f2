//! Subscripts and guards: flat indices that are affine in the axes of loops, but for integers that are computed.

use super::program::{AxisId, ValueId};
use crate::graph::Dim;

/// A flat index: `offset + Σ stride · axis + Σ stride · value`. Strides are never 0; an axis or a value stands at most once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Index {
    /// The constant part.
    pub offset: Dim,
    /// The strides of the loop axes.
    pub strides: Vec<(AxisId, Dim)>,
    /// Integers that are computed, with their strides.
    pub picks: Vec<(ValueId, Dim)>,
}

/// How an index goes along the axis of a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along<'a> {
    /// It is the same in all turns.
    Fixed,
    /// It goes on by so much from turn to turn.
    Steps(&'a Dim),
    /// It depends on what is computed: nothing is known.
    Unknown,
}

impl<'a> Along<'a> {
    /// The step, if there is one.
    #[must_use]
    pub fn steps(self) -> Option<&'a Dim> {
        match self {
            Self::Steps(step) => Some(step),
            Self::Fixed | Self::Unknown => None,
        }
    }
}

impl Index {
    /// `offset + Σ stride · axis`
    #[must_use]
    pub const fn affine(offset: Dim, strides: Vec<(AxisId, Dim)>) -> Self {
        Self { offset, strides, picks: Vec::new() }
    }

    /// Always the same element.
    #[must_use]
    pub const fn constant(offset: Dim) -> Self {
        Self::affine(offset, Vec::new())
    }

    /// The position along one axis.
    #[must_use]
    pub fn axis(axis: AxisId) -> Self {
        Self::affine(Dim::ZERO, vec![(axis, Dim::ONE)])
    }

    /// Whether it is always the first element.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.offset == Dim::ZERO && self.strides.is_empty() && self.picks.is_empty()
    }

    /// Whether it depends on the axes of loops alone.
    #[must_use]
    pub fn is_affine(&self) -> bool {
        self.picks.is_empty()
    }

    /// How it goes along an axis. A value in it may change with any axis: who asks does not see where it is defined.
    #[must_use]
    pub fn along(&self, axis: AxisId) -> Along<'_> {
        match self.coefficient(axis) {
            _ if !self.is_affine() => Along::Unknown,
            Some(step) => Along::Steps(step),
            None => Along::Fixed,
        }
    }

    /// What an axis itself is multiplied by; the values in it may depend on that axis too.
    #[must_use]
    pub fn coefficient(&self, axis: AxisId) -> Option<&Dim> {
        self.strides.iter().find(|(candidate, _)| *candidate == axis).map(|(_, stride)| stride)
    }

    /// The sizes in it.
    pub fn dims<'a>(&'a self, f: &mut dyn FnMut(&'a Dim)) {
        f(&self.offset);
        self.strides.iter().for_each(|(_, stride)| f(stride));
        self.picks.iter().for_each(|(_, stride)| f(stride));
    }

    /// The values in it.
    pub fn picked(&self) -> impl Iterator<Item = ValueId> {
        self.picks.iter().map(|(value, _)| *value)
    }

    /// The values in it, to put others in their place.
    pub fn picked_mut(&mut self) -> impl Iterator<Item = &mut ValueId> {
        self.picks.iter_mut().map(|(value, _)| value)
    }
}

/// Where a load reads at all, and nowhere else: all of these hold. None holds always.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guard(pub Vec<Within>);

/// `0 <= index < extent`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Within {
    /// The position.
    pub index: Index,
    /// How many positions there are.
    pub extent: Dim,
}

impl Guard {
    /// Whether it holds everywhere.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values in the positions that it asks about, to put others in their place.
    pub fn picked_mut(&mut self) -> impl Iterator<Item = &mut ValueId> {
        self.0.iter_mut().flat_map(|within| within.index.picked_mut())
    }

    /// The positions that it asks about.
    pub fn indices(&self) -> impl Iterator<Item = &Index> {
        self.0.iter().map(|within| &within.index)
    }
}
