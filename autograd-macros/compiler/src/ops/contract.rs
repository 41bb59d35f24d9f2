//! The general dot product: matrix products, inner and outer products, with batch axes.

use std::fmt;

use super::batch::{self, Lifted};
use super::lowering::Role;
use super::nest::{Centre, Loops, Nest, NestKind, ValueId};
use super::range::Range;
use super::{Environment, Facts, Function, Primitive, ReduceKind, Scope, Tensor, taken};
use crate::graph::{Dim, NodeId, Region, Shape, Type};

/// Sums products over pairs of axes. The result has the batch axes, then the left operand's free axes, then the right
/// one's, each in the order in which they stand (batch axes in the order in which they are listed).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Contract {
    /// Axes of the left operand that run along with `right_batch`.
    pub left_batch: Vec<usize>,
    /// Axes of the right operand that run along with `left_batch`.
    pub right_batch: Vec<usize>,
    /// Axes of the left operand that are summed over together with `right_contract`.
    pub left_contract: Vec<usize>,
    /// Axes of the right operand that are summed over together with `left_contract`.
    pub right_contract: Vec<usize>,
}

impl Contract {
    /// The axes of the left operand that are neither batch nor contracted.
    #[must_use]
    pub fn left_free(&self, rank: usize) -> Vec<usize> {
        free(rank, &self.left_batch, &self.left_contract)
    }

    /// The axes of the right operand that are neither batch nor contracted.
    #[must_use]
    pub fn right_free(&self, rank: usize) -> Vec<usize> {
        free(rank, &self.right_batch, &self.right_contract)
    }

    /// The extents that are summed over, given the left operand's shape.
    #[must_use]
    pub fn depth(&self, left: &[Dim]) -> Vec<Dim> {
        self.left_contract.iter().map(|&axis| left[axis].clone()).collect()
    }

    /// The same product with its operands swapped, up to the order of the result's axes.
    fn swapped(&self) -> Self {
        Self {
            left_batch: self.right_batch.clone(),
            right_batch: self.left_batch.clone(),
            left_contract: self.right_contract.clone(),
            right_contract: self.left_contract.clone(),
        }
    }

    /// The cotangent of the left operand. The result's axes are batch, left free (at `free_at`), right free (at
    /// `other_at`); contracting the latter with the other operand's gives batch, left free, contracted.
    fn vjp_left(&self, region: &mut Region, left: NodeId, right: NodeId, g: NodeId, other_at: usize) -> NodeId {
        let right_free = self.right_free(region.ty(right).rank());
        let left_free = self.left_free(region.ty(left).rank());
        let rule = Self {
            left_batch: (0..self.left_batch.len()).collect(),
            right_batch: self.right_batch.clone(),
            left_contract: (other_at..other_at + right_free.len()).collect(),
            right_contract: right_free,
        };
        let product = region.contract(rule, g, right);
        // The contracted axes come in the order in which they stand in the right operand.
        let mut contracted: Vec<(usize, usize)> =
            self.right_contract.iter().copied().zip(self.left_contract.iter().copied()).collect();
        contracted.sort_unstable();
        let contracted: Vec<usize> = contracted.into_iter().map(|pair| pair.1).collect();
        region.permute(product, &inverse([&self.left_batch[..], &left_free, &contracted]))
    }

    /// Which elements of the left operand a set of the result's elements depends on: all of its contracted axes, and
    /// whatever the right operand's free axes (at `other_at`) are.
    fn taken_of_left(&self, region: &mut Region, left: NodeId, taken: NodeId, other_at: usize) -> NodeId {
        let shape = region.shape(left);
        let left_free = self.left_free(shape.len());
        let (kept, rank) = (self.left_batch.len() + left_free.len(), region.ty(taken).rank());
        let others: Vec<usize> = (other_at..other_at + rank - kept).collect();
        let rows = taken::any(region, taken, &others);
        let axes = [&self.left_batch[..], &left_free, &self.left_contract];
        let order = inverse(axes);
        let spread: Shape = axes.concat().iter().map(|&axis| shape[axis].clone()).collect();
        let rows = region.broadcast(rows, &spread, &(0..kept).collect::<Vec<_>>());
        region.permute(rows, &order)
    }
}

impl Primitive for Contract {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        let [left, right] = *operands else {
            return super::first_type(region, operands);
        };
        let (left, right) = (region.ty(left), region.ty(right));
        let (left_free, right_free) = (self.left_free(left.rank()), self.right_free(right.rank()));
        let lefts = self.left_batch.iter().chain(&left_free).filter_map(|&axis| left.shape.get(axis));
        let rights = right_free.iter().filter_map(|&axis| right.shape.get(axis));
        Type { elem: left.elem, shape: lefts.chain(rights).cloned().collect() }
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("contract", operands, 2)?;
        super::expect_real("contract", region, operands)?;
        let (left, right) = (region.shape(operands[0]), region.shape(operands[1]));
        distinct(&self.left_batch, &self.left_contract, left.len())?;
        distinct(&self.right_batch, &self.right_contract, right.len())?;
        if self.left_batch.len() != self.right_batch.len() || self.left_contract.len() != self.right_contract.len() {
            return Err("contract pairs the axes of its operands".into());
        }
        let batch = self.left_batch.iter().zip(&self.right_batch);
        for (&a, &b) in batch.chain(self.left_contract.iter().zip(&self.right_contract)) {
            if left[a] != right[b] {
                return Err(format!("contract pairs axes of extents {} and {}", left[a], right[b]));
            }
        }
        Ok(())
    }

    fn range(&self, _: &Region, _: &[NodeId], of: &dyn Fn(usize) -> Range) -> Range {
        of(0).times(of(1)).accumulated()
    }

    fn vjp(&self, region: &mut Region, y: NodeId, g: NodeId, scope: &Scope) -> Vec<Option<NodeId>> {
        let (left, right) = (region.operand(y, 0), region.operand(y, 1));
        let batch = self.left_batch.len();
        let left_free = self.left_free(region.ty(left).rank()).len();
        // A sum mixes what is taken with what is not, so that the latter must not even be multiplied by its zero.
        let by_left = scope.wanted[0].then(|| {
            let right = scope.only_taken(region, 1, right);
            self.vjp_left(region, left, right, g, batch + left_free)
        });
        let by_right = scope.wanted[1].then(|| {
            let left = scope.only_taken(region, 0, left);
            self.swapped().vjp_left(region, right, left, g, batch)
        });
        vec![by_left, by_right]
    }

    fn taken(&self, region: &mut Region, y: NodeId, operand: usize, taken: Option<NodeId>) -> Option<NodeId> {
        let (left, right) = (region.operand(y, 0), region.operand(y, 1));
        let batch = self.left_batch.len();
        let left_free = self.left_free(region.ty(left).rank()).len();
        Some(match operand {
            0 => self.taken_of_left(region, left, taken?, batch + left_free),
            _ => self.swapped().taken_of_left(region, right, taken?, batch),
        })
    }

    fn jvp(&self, region: &mut Region, y: NodeId, tangents: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        let (left, right) = (region.operand(y, 0), region.operand(y, 1));
        let by_left = tangents[0].map(|t| region.contract(self.clone(), t, right));
        let by_right = tangents[1].map(|t| region.contract(self.clone(), left, t));
        region.plus_maybe(by_left, by_right)
    }

    fn interpret(&self, ty: &Type, operands: &[&Tensor], environment: &Environment) -> Tensor {
        let (left, right) = (operands[0], operands[1]);
        let (left_free, right_free) = (self.left_free(left.shape.len()), self.right_free(right.shape.len()));
        let depth: Vec<usize> = self.left_contract.iter().map(|&axis| left.shape[axis]).collect();
        Tensor::from_fn(environment.shape(&ty.shape), |at| {
            let (mut i, mut j) = (vec![0; left.shape.len()], vec![0; right.shape.len()]);
            let (batch, rest) = at.split_at(self.left_batch.len());
            let (lefts, rights) = rest.split_at(left_free.len());
            put(&mut i, &self.left_batch, batch);
            put(&mut j, &self.right_batch, batch);
            put(&mut i, &left_free, lefts);
            put(&mut j, &right_free, rights);
            let mut sum = 0.0;
            Tensor::zeros(depth.clone()).for_each(|k, _| {
                put(&mut i, &self.left_contract, k);
                put(&mut j, &self.right_contract, k);
                sum += left.at(&i) * right.at(&j);
            });
            sum
        })
    }

    fn origins(&self, region: &Region, operands: &[NodeId], axis: usize) -> Vec<(usize, usize)> {
        let [left, right] = [0, 1].map(|place| region.ty(operands[place]).rank());
        let batch = self.left_batch.iter().zip(&self.right_batch).map(|(&left, &right)| vec![(0, left), (1, right)]);
        let lefts = self.left_free(left).into_iter().map(|own| vec![(0, own)]);
        let rights = self.right_free(right).into_iter().map(|own| vec![(1, own)]);
        batch.chain(lefts).chain(rights).nth(axis).unwrap_or_default()
    }

    fn role(&self) -> Role {
        Role::Sink
    }

    /// In the order of the operand that has all axes, or with the sums innermost if none has.
    fn nests(&self, region: &Region, node: NodeId) -> Vec<Nest> {
        let operands = &region.node(node).operands;
        let shapes = [region.shape(operands[0]), region.shape(operands[1])];
        let sides = [(&self.left_batch, &self.left_contract), (&self.right_batch, &self.right_contract)];
        let free = [self.left_free(shapes[0].len()), self.right_free(shapes[1].len())];
        let is_long = |side: usize| free[side].iter().any(|&axis| !shapes[side][axis].is_one());
        let major = usize::from(!is_long(0) && is_long(1));
        let minor = 1 - major;
        let mut loops = Loops::default();
        let mut axes = [vec![None; shapes[0].len()], vec![None; shapes[1].len()]];
        axes[major] = loops.along_all(&shapes[major]);
        for (mine, theirs) in [(sides[major].0, sides[minor].0), (sides[major].1, sides[minor].1)] {
            for (&mine, &theirs) in mine.iter().zip(theirs) {
                axes[minor][theirs] = axes[major][mine];
            }
        }
        for &axis in &free[minor] {
            axes[minor][axis] = loops.along(&shapes[minor][axis]);
        }
        if is_long(minor) {
            sum_innermost(&mut loops, &mut axes, sides[major].1, major);
        }
        let batch = self.left_batch.iter().map(|&axis| axes[0][axis]);
        let rest = |side: usize| free[side].iter().map(|&axis| axes[side][axis]).collect::<Vec<_>>();
        let kept = batch.chain(rest(0)).chain(rest(1)).collect();
        let operands = vec![(operands[0], axes[0].clone()), (operands[1], axes[1].clone())];
        vec![Nest { node, kind: NestKind::Reduce(ReduceKind::Sum), extents: loops.extents, kept, operands }]
    }

    fn element(&self, centre: &mut dyn Centre, operands: &[ValueId]) -> ValueId {
        centre.map(Function::Mul, operands)
    }

    fn batch(&self, region: &mut Region, operands: &[Lifted], extent: &Dim) -> Option<NodeId> {
        let moved = |axes: &[usize], operand: Lifted| {
            if operand.is_batched { batch::after_first(axes) } else { axes.to_vec() }
        };
        let [left, right] = [operands[0], operands[1]];
        let mut op = Self {
            left_batch: moved(&self.left_batch, left),
            right_batch: moved(&self.right_batch, right),
            left_contract: moved(&self.left_contract, left),
            right_contract: moved(&self.right_contract, right),
        };
        let _ = extent;
        // With one operand that has it, the new axis is the first of the free ones of that.
        let mut place = op.left_batch.len();
        if left.is_batched && right.is_batched {
            op.left_batch.insert(0, 0);
            op.right_batch.insert(0, 0);
            place = 0;
        } else if right.is_batched {
            place += self.left_free(region.ty(left.node).rank()).len();
        }
        let product = region.contract(op, left.node, right.node);
        let rank = region.ty(product).rank();
        let order: Vec<usize> = std::iter::once(place).chain((0..rank).filter(|&axis| axis != place)).collect();
        Some(region.permute(product, &order))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "contract {:?}x{:?}", self.left_contract, self.right_contract)?;
        if !self.left_batch.is_empty() {
            write!(f, " batch {:?}x{:?}", self.left_batch, self.right_batch)?;
        }
        Ok(())
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        if !words.eat("contract ") {
            return Ok(None);
        }
        let pair = |words: &mut super::Words| {
            let left = words.axes()?;
            words.need("x")?;
            Ok::<_, String>((left, words.axes()?))
        };
        let (left_contract, right_contract) = pair(words)?;
        let (left_batch, right_batch) = if words.eat(" batch ") { pair(words)? } else { Default::default() };
        Ok(Some(Self { left_batch, right_batch, left_contract, right_contract }))
    }
}

/// Moves the loops along the axes that are summed to the end: a sum in a register, not in memory.
fn sum_innermost(loops: &mut Loops, axes: &mut [Vec<Option<usize>>; 2], summed: &[usize], major: usize) {
    let is_summed = |place: &usize| summed.iter().any(|&axis| axes[major][axis] == Some(*place));
    let (inner, outer): (Vec<usize>, Vec<usize>) = (0..loops.extents.len()).partition(is_summed);
    let order = [outer, inner].concat();
    loops.extents = order.iter().map(|&place| loops.extents[place].clone()).collect();
    for axis in axes.iter_mut().flatten() {
        *axis = axis.and_then(|place| order.iter().position(|&before| before == place));
    }
}

/// The order that brings axes, which are listed in groups, back to where they stand in the list of all.
fn inverse(axes: [&[usize]; 3]) -> Vec<usize> {
    let axes = axes.concat();
    let mut order = vec![0; axes.len()];
    for (place, axis) in axes.into_iter().enumerate() {
        order[axis] = place;
    }
    order
}

fn put(place: &mut [usize], axes: &[usize], values: &[usize]) {
    for (&axis, &value) in axes.iter().zip(values) {
        place[axis] = value;
    }
}

fn free(rank: usize, batch: &[usize], contract: &[usize]) -> Vec<usize> {
    (0..rank).filter(|axis| !batch.contains(axis) && !contract.contains(axis)).collect()
}

fn distinct(batch: &[usize], contract: &[usize], rank: usize) -> Result<(), String> {
    let mut axes: Vec<usize> = batch.iter().chain(contract).copied().collect();
    axes.sort_unstable();
    if axes.windows(2).any(|pair| pair[0] == pair[1]) || axes.last().is_some_and(|&last| last >= rank) {
        return Err(format!("contract names axes {batch:?} and {contract:?} of rank {rank}"));
    }
    Ok(())
}
