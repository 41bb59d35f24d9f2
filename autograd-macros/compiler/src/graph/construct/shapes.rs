//! Builders that move axes and reduce them.

use super::views;
use crate::graph::{Dim, Elem, NodeId, Region, Shape};
use crate::ops::window::{Bounds, Place};
use crate::ops::{
    Accumulate, ArgReduce, Broadcast, Concat, Contract, Extreme, Gather, Integer, Outside, Pad, Permute, Recurrence,
    Reduce, ReduceKind, Reshape, Reverse, Scatter, Slice, Window,
};

/// Shapes.
impl Region {
    /// Adds axes: axis `i` of `x` becomes axis `axes[i]` of `shape`.
    pub fn broadcast(&mut self, x: NodeId, shape: &Shape, axes: &[usize]) -> NodeId {
        if axes.len() == shape.len() {
            return x;
        }
        self.put(Broadcast { shape: shape.clone(), axes: axes.to_vec() }, &[x])
    }

    /// Axis `i` of the result is axis `order[i]` of `x`.
    pub fn permute(&mut self, x: NodeId, order: &[usize]) -> NodeId {
        if order.iter().copied().eq(0..order.len()) {
            return x;
        }
        self.put(Permute { order: order.to_vec() }, &[x])
    }

    /// The same elements under another shape.
    pub fn reshape(&mut self, x: NodeId, shape: &Shape) -> NodeId {
        if self.ty(x).shape == *shape {
            return x;
        }
        self.put(Reshape { shape: shape.clone() }, &[x])
    }

    /// Element `i` along an axis is element `start + step·i` of `x`.
    pub fn slice(&mut self, x: NodeId, starts: &[Dim], extents: &Shape, steps: &[i64]) -> NodeId {
        if self.ty(x).shape == *extents && is_whole(starts, steps) {
            return x;
        }
        self.put(Slice { starts: starts.to_vec(), extents: extents.clone(), steps: steps.to_vec() }, &[x])
    }

    /// Zeros, with element `i` of `x` at `start + step·i` along each axis.
    pub fn pad(&mut self, x: NodeId, shape: &Shape, starts: &[Dim], steps: &[i64]) -> NodeId {
        if self.ty(x).shape == *shape && is_whole(starts, steps) {
            return x;
        }
        self.put(Pad { shape: shape.clone(), starts: starts.to_vec(), steps: steps.to_vec() }, &[x])
    }

    /// One after the other along an axis.
    pub fn concat(&mut self, pieces: &[NodeId], axis: usize) -> NodeId {
        match pieces {
            [piece] => *piece,
            _ => self.put(Concat { axis }, pieces),
        }
    }

    /// Read backwards along axes (sorted).
    pub fn reverse(&mut self, x: NodeId, axes: &[usize]) -> NodeId {
        if axes.is_empty() {
            return x;
        }
        self.put(Reverse { axes: axes.to_vec() }, &[x])
    }
}

/// Reads and writes at places that are computed.
impl Region {
    /// `x` read at `places`, 0 where a guard does not hold. What other views say is written as those.
    pub fn window(&mut self, x: NodeId, shape: &Shape, places: Vec<Place>, guard: Vec<Bounds>) -> NodeId {
        if guard.is_empty()
            && let Some(view) = views::of_window(self, x, shape, &places)
        {
            return view;
        }
        self.put(Window { shape: shape.clone(), places, guard }, &[x])
    }

    /// `x` read where integers of one shape say, along axes (sorted); 0 outside, and what that means.
    pub fn gather(&mut self, x: NodeId, axes: &[usize], indices: &[NodeId], outside: Outside) -> NodeId {
        let operands = [&[x], indices].concat();
        self.put(Gather { axes: axes.to_vec(), outside }, &operands)
    }

    /// `base` with `updates` added where integers of one shape say, along axes (sorted); an update outside goes nowhere.
    pub fn scatter(&mut self, base: NodeId, updates: NodeId, axes: &[usize], indices: &[NodeId]) -> NodeId {
        self.scatter_where(base, updates, axes, (indices, Outside::Zero))
    }

    /// [`scatter`](Self::scatter), and what an update outside means.
    pub fn scatter_where(
        &mut self,
        base: NodeId,
        updates: NodeId,
        axes: &[usize],
        (indices, outside): (&[NodeId], Outside),
    ) -> NodeId {
        let operands = [&[base, updates], indices].concat();
        self.put(Scatter { axes: axes.to_vec(), outside }, &operands)
    }

    /// Whether a truth value that is true goes to each element of a shape.
    pub fn scatter_any(&mut self, truths: NodeId, shape: &Shape, axes: &[usize], indices: &[NodeId]) -> NodeId {
        let (zeros, ones) = (self.zeros(shape), self.cast(truths, Elem::Real));
        let count = self.scatter(zeros, ones, axes, indices);
        let zeros = self.zeros(shape);
        self.less(zeros, count)
    }

    /// An operation on integers of equal shape.
    pub fn integer(&mut self, op: Integer, a: NodeId, b: NodeId) -> NodeId {
        self.put(op, &[a, b])
    }

    /// The position that a place is, as integers in a shape.
    pub fn position(&mut self, place: &Place, shape: &Shape) -> NodeId {
        let filled = |region: &mut Self, dim: &Dim| {
            let dim = match dim.as_constant() {
                Some(value) => region.index(value),
                None => region.extent(dim),
            };
            region.fill(dim, shape)
        };
        let mut sum = None;
        for (axis, stride) in &place.terms {
            let own = self.iota(&shape[*axis]);
            let own = self.broadcast(own, shape, &[*axis]);
            let term = if stride.is_one() {
                own
            } else {
                let stride = filled(self, stride);
                self.integer(Integer::Mul, stride, own)
            };
            sum = Some(sum.map_or(term, |sum| self.integer(Integer::Add, sum, term)));
        }
        match sum {
            Some(sum) if place.offset == Dim::ZERO => sum,
            Some(sum) => {
                let offset = filled(self, &place.offset);
                self.integer(Integer::Add, sum, offset)
            }
            None => filled(self, &place.offset),
        }
    }
}

/// Reductions, running sums, products.
impl Region {
    /// Reduces axes (sorted) away.
    pub fn reduce(&mut self, kind: ReduceKind, x: NodeId, axes: &[usize]) -> NodeId {
        match (kind, axes) {
            (ReduceKind::Norm, []) => self.abs(x),
            (_, []) => x,
            _ => self.put(Reduce { kind, axes: axes.to_vec() }, &[x]),
        }
    }

    /// The sum over axes (sorted).
    pub fn sum(&mut self, x: NodeId, axes: &[usize]) -> NodeId {
        self.reduce(ReduceKind::Sum, x, axes)
    }

    /// The position of the extreme along an axis.
    pub fn arg_reduce(&mut self, extreme: Extreme, x: NodeId, axis: usize) -> NodeId {
        self.put(ArgReduce { extreme, axis }, &[x])
    }

    /// `h[i] = a[i]·h[i-1] + b[i]` along an axis.
    pub fn recurrence(&mut self, a: NodeId, b: NodeId, axis: usize, reverse: bool) -> NodeId {
        self.put(Recurrence { axis, reverse, kind: Accumulate::Linear }, &[a, b])
    }

    /// `h[i] = log(exp(a[i] + h[i-1]) + exp(b[i]))` along an axis.
    pub fn log_recurrence(&mut self, a: NodeId, b: NodeId, axis: usize, reverse: bool) -> NodeId {
        self.put(Recurrence { axis, reverse, kind: Accumulate::LogSumExp }, &[a, b])
    }

    /// The general dot product.
    pub fn contract(&mut self, contract: Contract, left: NodeId, right: NodeId) -> NodeId {
        self.put(contract, &[left, right])
    }

    /// A reduced value (rank lowered by `axes`, sorted) repeated along these axes of `shape`.
    pub fn spread(&mut self, reduced: NodeId, shape: &Shape, axes: &[usize]) -> NodeId {
        let kept: Vec<usize> = (0..shape.len()).filter(|axis| !axes.contains(axis)).collect();
        self.broadcast(reduced, shape, &kept)
    }
}

fn is_whole(starts: &[Dim], steps: &[i64]) -> bool {
    starts.iter().all(|start| *start == Dim::ZERO) && steps.iter().all(|&step| step == 1)
}
