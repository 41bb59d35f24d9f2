//! A tensor read where integers say: `emb[token[b, t]]`, `take(x, idx)`. The adjoint of [`Scatter`](super::Scatter).
//!
//! Outside of the tensor it reads 0. Whether that is a mistake of the caller's is another question, which
//! [`reads`](crate::reads) answers: here nothing fails.

use std::fmt;

use super::batch::{self, Lifted};
use super::lowering::{Coord, PickId, Role, Source, Within};
use super::window::place_of;
use super::{Condition, Environment, Facts, Flow, Integer, Op, Primitive, Scope, Tensor, without_axes};
use crate::graph::{Dim, Elem, NodeId, Region, Type};

/// Operands are a tensor and, for each of some of its axes, integers of one shape. The result has that shape, then the other
/// axes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Gather {
    /// The axes that the integers say the position along, in order; sorted.
    pub axes: Vec<usize>,
    /// What a read outside means.
    pub outside: Outside,
}

/// What it means where integers lie outside of the tensor. The value is 0 there, whatever this says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outside {
    /// It cannot happen, or sizes say whether it does.
    Never,
    /// Nothing: what is read there is 0, or is not taken.
    Zero,
    /// It is a mistake of the caller's, where the value is taken.
    Mistake,
}

impl Outside {
    /// The name in the text form.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Never => " inside",
            Self::Zero => "",
            Self::Mistake => " checked",
        }
    }

    #[cfg(test)]
    pub(super) fn read(words: &mut super::Words) -> Self {
        let outside = [Self::Never, Self::Mistake].into_iter().find(|outside| words.eat(outside.text()));
        outside.unwrap_or(Self::Zero)
    }
}

impl Gather {
    /// The axes that are kept whole.
    fn others(&self, rank: usize) -> Vec<usize> {
        (0..rank).filter(|axis| !self.axes.contains(axis)).collect()
    }

    /// The position in the operand, of that in the result; `None` outside.
    pub(super) fn position(&self, of: &Tensor, indices: &[&Tensor], at: &[usize]) -> Option<Vec<usize>> {
        position(&self.axes, &of.shape, indices, at)
    }
}

/// The position in a tensor of that shape, of that among the integers and the other axes; `None` outside.
pub(super) fn position(axes: &[usize], shape: &[usize], indices: &[&Tensor], at: &[usize]) -> Option<Vec<usize>> {
    let (own, rest) = at.split_at(indices[0].shape.len());
    let mut rest = rest.iter();
    let mut position = Vec::new();
    for (axis, &extent) in shape.iter().enumerate() {
        position.push(match axes.iter().position(|&indexed| indexed == axis) {
            None => *rest.next().expect("an axis that is kept"),
            Some(place) => {
                let index = indices[place].at(own);
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an integer in range")]
                let inside = (index >= 0.0).then_some(index as usize);
                inside.filter(|&index| index < extent)?
            }
        });
    }
    Some(position)
}

/// Whether integers are the smaller or the larger of two: where these keep them inside, the axis must have a place.
pub(crate) fn is_clamp(region: &Region, index: NodeId) -> bool {
    match &region.node(index).op {
        Op::Broadcast(_) => is_clamp(region, region.operand(index, 0)),
        Op::Integer(op) => matches!(op, Integer::Min | Integer::Max),
        _ => false,
    }
}

/// What is wrong with integers for axes of a tensor of that rank, if anything is.
pub(super) fn check_indices(
    what: &str,
    region: &Region,
    axes: &[usize],
    rank: usize,
    indices: &[NodeId],
) -> Result<(), String> {
    super::expect_axes(what, axes, rank)?;
    if axes.is_empty() || indices.len() != axes.len() {
        return Err(format!("{what} has integers for each of {} axes, not {}", axes.len(), indices.len()));
    }
    super::expect_equal_types(what, region, indices)?;
    match region.ty(indices[0]).elem {
        Elem::Index => Ok(()),
        Elem::Real | Elem::Bool => Err(format!("{what} reads where integers say")),
    }
}

impl Primitive for Gather {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        let [x, index, ..] = operands else { return super::first_type(region, operands) };
        let (ty, rest) = (region.ty(*x), without_axes(&region.shape(*x), &self.axes));
        Type { elem: ty.elem, shape: region.shape(*index).iter().chain(rest.iter()).cloned().collect() }
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        let [x, indices @ ..] = operands else { return Err("gather has a tensor and integers".into()) };
        check_indices("gather", region, &self.axes, region.ty(*x).rank(), indices)
    }

    fn flow(&self, _: &Region, _: &[NodeId], operand: usize) -> Flow {
        if operand == 0 { Flow::Passes } else { Flow::Zero }
    }

    fn vjp(&self, region: &mut Region, y: NodeId, g: NodeId, scope: &Scope) -> Vec<Option<NodeId>> {
        let operands = region.node(y).operands.clone();
        let by_x = scope.wanted[0].then(|| {
            let zeros = region.zeros_like(operands[0]);
            region.scatter(zeros, g, &self.axes, &operands[1..])
        });
        std::iter::once(by_x).chain(operands[1..].iter().map(|_| None)).collect()
    }

    fn taken(&self, region: &mut Region, y: NodeId, operand: usize, taken: Option<NodeId>) -> Option<NodeId> {
        let operands = region.node(y).operands.clone();
        if operand > 0 {
            let shape = region.shape(y);
            let rest: Vec<usize> = (region.ty(operands[operand]).rank()..shape.len()).collect();
            return Some(super::taken::any(region, taken?, &rest));
        }
        let shape = region.shape(operands[0]);
        Some(region.scatter_any(taken?, &shape, &self.axes, &operands[1..]))
    }

    fn masks(&self) -> bool {
        true
    }

    fn jvp(&self, region: &mut Region, y: NodeId, tangents: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        let mut operands = region.node(y).operands.clone();
        operands[0] = tangents[0]?;
        // The value itself says where it is a mistake.
        let outside = self.outside.min(Outside::Zero);
        Some(region.add(Self { axes: self.axes.clone(), outside }.into(), &operands))
    }

    /// Sizes say whether what is affine in the axes stays inside, and whether there is a place to which others are clamped.
    fn conditions(&self, region: &Region, operands: &[NodeId]) -> Vec<Condition> {
        if self.outside != Outside::Never {
            return Vec::new();
        }
        let (large, indices) = (region.shape(operands[0]), &operands[1..]);
        let ends = self.axes.iter().zip(indices).filter_map(|(&axis, &index)| {
            if is_clamp(region, index) {
                return Some([Dim::ZERO, large[axis].sub(&Dim::ONE)?]);
            }
            let (low, high) = place_of(region, index)?.bounds(&region.shape(index))?;
            let room = large[axis].sub(&Dim::ONE)?.sub(&high)?;
            Some([low, room])
        });
        ends.flatten().map(Condition::NotNegative).collect()
    }

    fn can_fail(&self, _: &Region, _: &[NodeId]) -> bool {
        self.outside == Outside::Mistake
    }

    fn interpret(&self, ty: &Type, operands: &[&Tensor], environment: &Environment) -> Tensor {
        Tensor::from_fn(environment.shape(&ty.shape), |at| {
            self.position(operands[0], &operands[1..], at).map_or(0.0, |position| operands[0].at(&position))
        })
    }

    fn origins(&self, region: &Region, operands: &[NodeId], axis: usize) -> Vec<(usize, usize)> {
        let rank = region.ty(operands[1]).rank();
        match axis.checked_sub(rank) {
            None => (1..operands.len()).map(|operand| (operand, axis)).collect(),
            Some(place) => vec![(0, self.others(region.ty(operands[0]).rank())[place])],
        }
    }

    fn role(&self) -> Role {
        Role::View
    }

    fn rereads(&self) -> bool {
        true
    }

    fn source(&self, operand: &[Dim], at: &[Coord], pick: &mut dyn FnMut(usize, &[Coord]) -> PickId) -> Source {
        let rest = operand.len() - self.axes.len();
        let (own, mut kept) = (&at[..at.len() - rest], at[at.len() - rest..].iter());
        let mut source = Source::everywhere(Vec::new());
        for (axis, extent) in operand.iter().enumerate() {
            let coord = match self.axes.iter().position(|&indexed| indexed == axis) {
                None => kept.next().expect("an axis that is kept").clone(),
                Some(place) => {
                    let coord = Coord::pick(pick(place + 1, own));
                    source.guard.push(Within { coord: coord.clone(), extent: extent.clone() });
                    coord
                }
            };
            source.coords.push(coord);
        }
        source
    }

    fn batch(&self, region: &mut Region, operands: &[Lifted], extent: &Dim) -> Option<NodeId> {
        let [x, indices @ ..] = operands else { unreachable!("a tensor and integers") };
        let mut all: Vec<NodeId> = indices.iter().map(|index| batch::batched(region, *index, extent)).collect();
        let mut axes = self.axes.clone();
        if x.is_batched {
            let shape = region.shape(all[0]);
            let own = region.iota(extent);
            all.insert(0, region.broadcast(own, &shape, &[0]));
            axes = std::iter::once(0).chain(self.axes.iter().map(|axis| axis + 1)).collect();
        }
        all.insert(0, x.node);
        Some(region.add(Self { axes, outside: self.outside }.into(), &all))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gather {:?}{}", self.axes, self.outside.text())
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        if !words.eat("gather ") {
            return Ok(None);
        }
        let axes = words.axes()?;
        Ok(Some(Self { axes, outside: Outside::read(words) }))
    }
}
