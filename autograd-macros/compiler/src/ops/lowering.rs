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

/// An integer that the graph computes and that stands in a coordinate, by its number in the scheduler's maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PickId(pub u32);

/// Which element is read along one axis: `offset + Σ stride · loop axis + Σ stride · computed integer`. Terms are sorted;
/// strides are never 0.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coord {
    /// The constant part.
    pub offset: Dim,
    /// The strides of the loop axes.
    pub terms: Vec<(AxisId, Dim)>,
    /// The strides of computed integers.
    pub picks: Vec<(PickId, Dim)>,
}

/// `0 <= coord < extent`
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Within {
    /// The position.
    pub coord: Coord,
    /// How many positions there are.
    pub extent: Dim,
}

/// Where a view reads its operand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// The position along each axis of the operand.
    pub coords: Vec<Coord>,
    /// Where all of these hold; elsewhere the view is 0 and nothing is read.
    pub guard: Vec<Within>,
}

impl Source {
    /// These positions, which are always there.
    #[must_use]
    pub fn everywhere(coords: Vec<Coord>) -> Self {
        Self { coords, guard: Vec::new() }
    }
}

impl Coord {
    /// Always the same element.
    #[must_use]
    pub fn constant(offset: Dim) -> Self {
        Self { offset, terms: Vec::new(), picks: Vec::new() }
    }

    /// The loop's own element.
    #[must_use]
    pub fn axis(axis: AxisId) -> Self {
        Self { terms: vec![(axis, Dim::ONE)], ..Self::constant(Dim::ZERO) }
    }

    /// The element that an integer says.
    #[must_use]
    pub fn pick(pick: PickId) -> Self {
        Self { picks: vec![(pick, Dim::ONE)], ..Self::constant(Dim::ZERO) }
    }

    /// Whether it is exactly one loop's own element.
    #[must_use]
    pub fn is_axis(&self, axis: AxisId) -> bool {
        *self == Self::axis(axis)
    }

    /// `self * factor + start`
    #[must_use]
    pub fn scaled(&self, factor: &Dim, start: &Dim) -> Self {
        Self {
            offset: sure(self.offset.mul(factor).and_then(|offset| offset.add(start))),
            terms: scaled(&self.terms, factor),
            picks: scaled(&self.picks, factor),
        }
    }

    /// `self + other`
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            offset: sure(self.offset.add(&other.offset)),
            terms: sum(&self.terms, &other.terms),
            picks: sum(&self.picks, &other.picks),
        }
    }
}

fn scaled<K: Copy>(terms: &[(K, Dim)], factor: &Dim) -> Vec<(K, Dim)> {
    terms.iter().map(|(key, stride)| (*key, sure(stride.mul(factor)))).collect()
}

fn sum<K: Copy + Ord>(some: &[(K, Dim)], others: &[(K, Dim)]) -> Vec<(K, Dim)> {
    let mut terms: BTreeMap<K, Dim> = some.iter().cloned().collect();
    for (key, stride) in others {
        let sum = terms.get(key).map_or(Some(stride.clone()), |there| there.add(stride));
        terms.insert(*key, sure(sum));
    }
    terms.retain(|_, stride| *stride != Dim::ZERO);
    terms.into_iter().collect()
}

/// A dimension that the shape rules have found to be in range; beyond it, the largest there is.
#[must_use]
pub fn sure(dim: Option<Dim>) -> Dim {
    dim.unwrap_or(Dim::constant(i64::MAX))
}
