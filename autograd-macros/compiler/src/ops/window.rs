//! A tensor read at places that are affine in the axes of the result, and 0 where a guard does not hold: stencils, windows of
//! convolutions, diagonals, shifts.
//!
//! `y[i, r] = x[i + r]` has the shape `[I, R]` and one place, `i + r`. What reads each axis at one axis of its own is a slice, a
//! permutation, a broadcast or read backwards, and is written as those are.

mod adjoint;
mod affine;

use std::fmt;

pub use affine::{place_of, view_places};

use super::batch::{self, Lifted};
use super::lowering::{Coord, PickId, Role, Source, Within};
use super::{Condition, Environment, Facts, Primitive, ReduceKind, Scope, Tensor};
use crate::graph::{Dim, NodeId, Region, Shape, ShapeText, Type};

/// `offset + Σ stride · axis`, over the axes of the result. Terms are sorted; strides are never 0.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The constant part.
    pub offset: Dim,
    /// The strides of the axes.
    pub terms: Vec<(usize, Dim)>,
}

impl Place {
    /// Always the same position.
    #[must_use]
    pub fn constant(offset: Dim) -> Self {
        Self { offset, terms: Vec::new() }
    }

    /// The position along an axis.
    #[must_use]
    pub fn axis(axis: usize) -> Self {
        Self { offset: Dim::ZERO, terms: vec![(axis, Dim::ONE)] }
    }

    /// `self · factor + other`; `None` where it leaves the range of dimensions.
    #[must_use]
    pub fn times_plus(&self, factor: &Dim, other: &Self) -> Option<Self> {
        let mut sum = other.clone();
        sum.offset = sum.offset.add(&self.offset.mul(factor)?)?;
        for (axis, stride) in &self.terms {
            let stride = stride.mul(factor)?;
            match sum.terms.iter_mut().find(|(there, _)| there == axis) {
                Some((_, there)) => *there = there.add(&stride)?,
                None => sum.terms.push((*axis, stride)),
            }
        }
        sum.terms.retain(|(_, stride)| *stride != Dim::ZERO);
        sum.terms.sort_unstable_by_key(|(axis, _)| *axis);
        Some(sum)
    }

    /// `self + other`
    #[must_use]
    pub fn plus(&self, other: &Self) -> Option<Self> {
        self.times_plus(&Dim::ONE, other)
    }

    /// With a place for each of its axes: `offset + Σ stride · of[axis]`.
    #[must_use]
    pub fn of(&self, of: &[Self]) -> Option<Self> {
        let start = Self::constant(self.offset.clone());
        self.terms.iter().try_fold(start, |sum, (axis, stride)| of.get(*axis)?.times_plus(stride, &sum))
    }

    /// The axis that it is, if it is one alone.
    #[must_use]
    pub fn as_axis(&self) -> Option<usize> {
        match self.terms.as_slice() {
            [(axis, stride)] if stride.is_one() && self.offset == Dim::ZERO => Some(*axis),
            _ => None,
        }
    }

    /// The smallest and the largest value over a box that is not empty; `None` where the sign of a stride is not known.
    #[must_use]
    pub fn bounds(&self, shape: &[Dim]) -> Option<(Dim, Dim)> {
        let (mut low, mut high) = (self.offset.clone(), self.offset.clone());
        for (axis, stride) in &self.terms {
            let last = stride.mul(&shape[*axis].sub(&Dim::ONE)?)?;
            if stride.is_never_negative() {
                high = high.add(&last)?;
            } else if stride.neg()?.is_never_negative() {
                low = low.add(&last)?;
            } else {
                return None;
            }
        }
        Some((low, high))
    }

    /// Whether it lies in `0..extent` over the whole box, as far as the forms of the sizes tell.
    #[must_use]
    pub fn is_within(&self, shape: &[Dim], extent: &Dim) -> bool {
        self.bounds(shape).is_some_and(|(low, high)| {
            let room = extent.sub(&Dim::ONE).and_then(|last| last.sub(&high));
            low.is_never_negative() && room.is_some_and(|room| room.is_never_negative())
        })
    }

    /// The coordinate, of those of the axes.
    fn at(&self, at: &[Coord]) -> Coord {
        let start = Coord::constant(self.offset.clone());
        self.terms.iter().fold(start, |sum, (axis, stride)| sum.plus(&at[*axis].scaled(stride, &Dim::ZERO)))
    }

    fn value(&self, at: &[usize], environment: &Environment) -> i64 {
        let along = |(axis, stride): &(usize, Dim)| {
            environment.dim(stride) * i64::try_from(at[*axis]).expect("positions are small")
        };
        environment.dim(&self.offset) + self.terms.iter().map(along).sum::<i64>()
    }
}

/// `2*a0 + a1 - 1`
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut terms: Vec<String> = (self.terms.iter())
            .map(|(axis, stride)| if stride.is_one() { format!("a{axis}") } else { format!("({stride})*a{axis}") })
            .collect();
        if self.offset != Dim::ZERO || terms.is_empty() {
            terms.push(format!("({})", self.offset));
        }
        f.write_str(&terms.join(" + "))
    }
}

/// `0 <= place < extent`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bounds {
    /// The position.
    pub place: Place,
    /// How many positions there are.
    pub extent: Dim,
}

/// Element `at` is the operand's element at `places`, or 0 where one of the guards does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// The shape of the result.
    pub shape: Shape,
    /// The position along each axis of the operand.
    pub places: Vec<Place>,
    /// Where all of these hold the operand is read; elsewhere the element is 0.
    pub guard: Vec<Bounds>,
}

impl Window {
    /// Whether the position along an axis of the operand is inside wherever the operand is read, or a guard says so.
    fn is_guarded(&self, axis: usize, extent: &Dim) -> bool {
        self.guard.iter().any(|bounds| bounds.place == self.places[axis] && bounds.extent == *extent)
    }

    /// The smallest and the largest position along an axis of the operand over the whole box, or where the guards hold: what is
    /// read where a definition has values is read where that reads, and no further.
    fn range(&self, axis: usize) -> Option<(Dim, Dim)> {
        let place = &self.places[axis];
        let under = |bounds: &Bounds, factor: i64| {
            let (last, factor) = (bounds.extent.sub(&Dim::ONE)?, Dim::constant(factor));
            let rest = bounds.place.times_plus(&factor.neg()?, place)?;
            let (low, high) = rest.bounds(&self.shape).filter(|_| rest.terms.len() < place.terms.len())?;
            Some((low, last.mul(&factor)?.add(&high)?))
        };
        let guarded =
            self.guard.iter().find_map(|bounds| (1..=LARGEST_FACTOR).find_map(|factor| under(bounds, factor)));
        guarded.or_else(|| place.bounds(&self.shape))
    }
}

/// The largest stride at which a definition is known to read where it is read itself.
const LARGEST_FACTOR: i64 = 4;

impl Primitive for Window {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        Type { elem: super::first_type(region, operands).elem, shape: self.shape.clone() }
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("window", operands, 1)?;
        let rank = region.ty(operands[0]).rank();
        if self.places.len() != rank {
            return Err(format!("a window has a place for each of {rank} axes"));
        }
        let places = self.places.iter().chain(self.guard.iter().map(|bounds| &bounds.place));
        for place in places {
            let axes: Vec<usize> = place.terms.iter().map(|(axis, _)| *axis).collect();
            super::expect_axes("window", &axes, self.shape.len())?;
            if place.terms.iter().any(|(_, stride)| *stride == Dim::ZERO) {
                return Err("a stride of a window is 0".into());
            }
        }
        Ok(())
    }

    fn vjp(&self, region: &mut Region, y: NodeId, g: NodeId, _: &Scope) -> Vec<Option<NodeId>> {
        let shape = region.shape(region.operand(y, 0));
        vec![Some(adjoint::adjoint(self, region, &shape, g, ReduceKind::Sum))]
    }

    fn taken(&self, region: &mut Region, y: NodeId, _: usize, taken: Option<NodeId>) -> Option<NodeId> {
        let shape = region.shape(region.operand(y, 0));
        Some(adjoint::adjoint(self, region, &shape, taken?, ReduceKind::Any))
    }

    fn masks(&self) -> bool {
        true
    }

    fn jvp(&self, region: &mut Region, _: NodeId, tangents: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        Some(region.add(self.clone().into(), &[tangents[0]?]))
    }

    fn interpret(&self, ty: &Type, operands: &[&Tensor], environment: &Environment) -> Tensor {
        Tensor::from_fn(environment.shape(&ty.shape), |at| {
            let holds =
                |bounds: &Bounds| (0..environment.dim(&bounds.extent)).contains(&bounds.place.value(at, environment));
            if !self.guard.iter().all(holds) {
                return 0.0;
            }
            let place = |place: &Place| usize::try_from(place.value(at, environment)).expect("inside");
            operands[0].at(&self.places.iter().map(place).collect::<Vec<_>>())
        })
    }

    fn origins(&self, _: &Region, _: &[NodeId], axis: usize) -> Vec<(usize, usize)> {
        let is_origin = |own: &usize| self.places[*own].terms.iter().any(|(term, _)| *term == axis);
        (0..self.places.len()).filter(is_origin).map(|own| (0, own)).collect()
    }

    fn conditions(&self, region: &Region, operands: &[NodeId]) -> Vec<Condition> {
        let large = region.shape(operands[0]);
        let mut found = Vec::new();
        for (axis, extent) in large.iter().enumerate().filter(|(axis, extent)| !self.is_guarded(*axis, extent)) {
            if self.places[axis].is_within(&self.shape, extent) {
                continue;
            }
            let Some((low, high)) = self.range(axis) else { continue };
            let room = extent.sub(&Dim::ONE).and_then(|last| last.sub(&high));
            found.extend([Some(low), room].into_iter().flatten().map(Condition::NotNegative));
        }
        found
    }

    fn role(&self) -> Role {
        Role::View
    }

    /// With more axes than the operand has, elements are read for several places; else each for one, or for none.
    fn rereads(&self) -> bool {
        self.shape.len() > self.places.len()
    }

    fn source(&self, _operand: &[Dim], at: &[Coord], _: &mut dyn FnMut(usize, &[Coord]) -> PickId) -> Source {
        let within = |bounds: &Bounds| Within { coord: bounds.place.at(at), extent: bounds.extent.clone() };
        Source {
            coords: self.places.iter().map(|place| place.at(at)).collect(),
            guard: self.guard.iter().map(within).collect(),
        }
    }

    fn batch(&self, region: &mut Region, operands: &[Lifted], extent: &Dim) -> Option<NodeId> {
        let moved = |place: &Place| Place {
            offset: place.offset.clone(),
            terms: place.terms.iter().map(|(axis, stride)| (axis + 1, stride.clone())).collect(),
        };
        let mut places: Vec<Place> = self.places.iter().map(moved).collect();
        if operands[0].is_batched {
            places.insert(0, Place::axis(0));
        }
        let guard = self.guard.iter();
        let guard = guard.map(|bounds| Bounds { place: moved(&bounds.place), extent: bounds.extent.clone() }).collect();
        Some(region.window(operands[0].node, &batch::with_first(extent, &self.shape), places, guard))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "window {} [", ShapeText(&self.shape))?;
        for (axis, place) in self.places.iter().enumerate() {
            write!(f, "{}{place}", if axis > 0 { ", " } else { "" })?;
        }
        f.write_str("]")?;
        for Bounds { place, extent } in &self.guard {
            write!(f, " if {place} < ({extent})")?;
        }
        Ok(())
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        if !words.eat("window ") {
            return Ok(None);
        }
        let shape = words.shape()?;
        words.need(" [")?;
        let places = words.list("]", read_place)?;
        let mut guard = Vec::new();
        while words.eat(" if ") {
            let place = read_place(words)?;
            words.need(" < (")?;
            let extent = words.dim()?;
            words.need(")")?;
            guard.push(Bounds { place, extent });
        }
        Ok(Some(Self { shape, places, guard }))
    }
}

/// The inverse of a place's text.
#[cfg(test)]
fn read_place(words: &mut super::Words) -> super::Read<Place> {
    let mut place = Place::constant(Dim::ZERO);
    loop {
        if words.eat("(") {
            let dim = words.dim()?;
            words.need(")")?;
            if words.eat("*a") {
                place.terms.push((words.count()?, dim));
            } else {
                place.offset = dim;
            }
        } else {
            words.need("a")?;
            place.terms.push((words.count()?, Dim::ONE));
        }
        if !words.eat(" + ") {
            return Ok(place);
        }
    }
}
