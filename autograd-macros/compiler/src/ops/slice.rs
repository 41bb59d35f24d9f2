//! A box of a tensor, maybe with steps: `x[1..]`, `x[.., 3]` (before its axis is reshaped away), every second element.

use std::fmt;

use super::batch::{self, Lifted};
use super::lowering::{Coord, PickId, Role, Source};
use super::{Condition, Environment, Facts, Primitive, Scope, Tensor};
use crate::graph::{Dim, NodeId, Region, Shape, Type};

/// Element `i` along an axis is element `start + step·i` of the operand.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slice {
    /// The first position along each axis.
    pub starts: Vec<Dim>,
    /// The shape of the result.
    pub extents: Shape,
    /// The distance between positions along each axis, at least 1.
    pub steps: Vec<i64>,
}

impl Primitive for Slice {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        Type { elem: super::first_type(region, operands).elem, shape: self.extents.clone() }
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("slice", operands, 1)?;
        check_box(&region.shape(operands[0]), &self.starts, &self.extents, &self.steps)
    }

    fn vjp(&self, region: &mut Region, y: NodeId, g: NodeId, _: &Scope) -> Vec<Option<NodeId>> {
        let shape = region.shape(region.operand(y, 0));
        vec![Some(region.pad(g, &shape, &self.starts, &self.steps))]
    }

    fn taken(&self, region: &mut Region, y: NodeId, _: usize, taken: Option<NodeId>) -> Option<NodeId> {
        let shape = region.shape(region.operand(y, 0));
        Some(region.pad(taken?, &shape, &self.starts, &self.steps))
    }

    fn masks(&self) -> bool {
        true
    }

    fn jvp(&self, region: &mut Region, _: NodeId, tangents: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        Some(region.slice(tangents[0]?, &self.starts, &self.extents, &self.steps))
    }

    fn interpret(&self, ty: &Type, operands: &[&Tensor], environment: &Environment) -> Tensor {
        Tensor::from_fn(environment.shape(&ty.shape), |at| {
            operands[0].at(&place(at, &self.starts, &self.steps, environment))
        })
    }

    fn conditions(&self, region: &Region, operands: &[NodeId]) -> Vec<Condition> {
        inside(&region.shape(operands[0]), &self.starts, &self.extents, &self.steps)
    }

    fn role(&self) -> Role {
        Role::View
    }

    fn source(&self, _: &[Dim], at: &[Coord], _: &mut dyn FnMut(usize, &[Coord]) -> PickId) -> Source {
        let along = at.iter().zip(&self.starts).zip(&self.steps);
        Source::everywhere(along.map(|((coord, start), &step)| coord.scaled(&Dim::constant(step), start)).collect())
    }

    fn batch(&self, region: &mut Region, operands: &[Lifted], extent: &Dim) -> Option<NodeId> {
        let x = batch::batched(region, operands[0], extent);
        let starts = [vec![Dim::ZERO], self.starts.clone()].concat();
        let steps = [vec![1], self.steps.clone()].concat();
        Some(region.slice(x, &starts, &batch::with_first(extent, &self.extents), &steps))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("slice [")?;
        write_box(f, &self.starts, &self.extents, &self.steps)?;
        f.write_str("]")
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        if !words.eat("slice [") {
            return Ok(None);
        }
        let axes = words.list("]", |words| {
            let start = words.dim()?;
            words.need("..+")?;
            let extent = words.dim()?;
            Ok((start, (extent, if words.eat(":") { words.count()? } else { 1 })))
        })?;
        let (starts, rest): (_, Vec<_>) = axes.into_iter().unzip();
        let (extents, steps): (Vec<Dim>, _) = rest.into_iter().unzip();
        Ok(Some(Self { starts, extents: extents.into(), steps }))
    }
}

/// A box within a shape: it starts at 0 or later, and ends at the extent or before.
pub(super) fn inside(large: &[Dim], starts: &[Dim], extents: &[Dim], steps: &[i64]) -> Vec<Condition> {
    let mut found = Vec::new();
    for (axis, start) in starts.iter().enumerate() {
        let last = extents[axis].sub(&Dim::ONE).and_then(|last| last.mul(&Dim::constant(steps[axis])));
        let room = last.and_then(|last| large[axis].sub(start)?.sub(&last)?.sub(&Dim::ONE));
        found.extend([Some(start.clone()), room].into_iter().flatten().map(Condition::NotNegative));
    }
    found
}

/// The position in the large tensor of position `at` in the box.
pub(super) fn place(at: &[usize], starts: &[Dim], steps: &[i64], environment: &Environment) -> Vec<usize> {
    let axes = at.iter().zip(starts).zip(steps);
    axes.map(|((&at, start), &step)| {
        environment.extent(start) + at * usize::try_from(step).expect("steps are positive")
    })
    .collect()
}

/// Prints `1..+N-1, 0..+H:2`: where the box starts, its extent and its step.
pub(super) fn write_box(f: &mut fmt::Formatter<'_>, starts: &[Dim], extents: &[Dim], steps: &[i64]) -> fmt::Result {
    for (axis, ((start, extent), step)) in starts.iter().zip(extents).zip(steps).enumerate() {
        write!(f, "{}{start}..+{extent}", if axis > 0 { ", " } else { "" })?;
        if *step != 1 {
            write!(f, ":{step}")?;
        }
    }
    Ok(())
}

/// Whether the box has the rank of what it lies in, and lies inside as far as constants tell.
pub(super) fn check_box(large: &[Dim], starts: &[Dim], extents: &[Dim], steps: &[i64]) -> Result<(), String> {
    if [starts.len(), extents.len(), steps.len()] != [large.len(); 3] {
        return Err("a slice has a start, an extent and a step for each axis".into());
    }
    if steps.iter().any(|&step| step < 1) {
        return Err("the steps of a slice are at least 1".into());
    }
    for (((dim, start), extent), &step) in large.iter().zip(starts).zip(extents).zip(steps) {
        if start.as_constant().is_some_and(|start| start < 0) {
            return Err(format!("a slice starts at {start}"));
        }
        // start + step·(extent - 1) < dim, where the two sides differ by a number and the box is not empty.
        let last = extent.sub(&Dim::ONE).and_then(|d| d.mul(&Dim::constant(step))).and_then(|d| d.add(start));
        let room = last.and_then(|last| dim.sub(&last)).and_then(|room| room.as_constant());
        if room.is_some_and(|room| room < 1) && extent.as_constant() != Some(0) {
            return Err(format!("a slice reaches beyond the axis: {start} + {step}*({extent} - 1) against {dim}"));
        }
    }
    Ok(())
}
