//! Builders that move axes and reduce them.

use crate::graph::{Dim, NodeId, Region, Shape};
use crate::ops::{
    Accumulate, ArgReduce, Broadcast, Concat, Contract, Extreme, Pad, Permute, Recurrence, Reduce, ReduceKind, Reshape,
    Reverse, Slice,
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
