//! Axes reduced away: sums, products, extremes, norms.
//!
//! Over no elements a sum is 0, a product 1, a maximum -inf, a minimum +inf, a norm 0, `any` false and `all` true.

mod derivative;

use std::fmt;

use super::batch::{self, Lifted};
use super::lowering::Role;
use super::nest::{Loops, Nest, NestKind, keep};
use super::range::Range;
use super::{Distance, Environment, Facts, Flow, Primitive, Scope, Tensor};
use crate::graph::{Dim, Elem, NodeId, Region, Type};

/// How elements become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReduceKind {
    /// `a + b + …`
    Sum,
    /// `a · b · …`
    Product,
    /// The largest; NaN if there is one.
    Max,
    /// The largest of those that are not NaN, for use where the rest of a formula brings NaN anyway: cheaper.
    MaxNumber,
    /// The smallest; NaN if there is one.
    Min,
    /// `log(exp(a) + exp(b) + …)`, shifted by the maximum.
    LogSumExp,
    /// `sqrt(a² + b² + …)`, scaled so that squares do not overflow.
    Norm,
    /// Whether one is true.
    Any,
    /// Whether all are true.
    All,
}

impl ReduceKind {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::Sum,
        Self::Product,
        Self::Max,
        Self::MaxNumber,
        Self::Min,
        Self::LogSumExp,
        Self::Norm,
        Self::Any,
        Self::All,
    ];

    /// What no elements become; truth values as 0 and 1.
    #[must_use]
    pub fn identity(self) -> f64 {
        match self {
            Self::Sum | Self::Norm | Self::Any => 0.0,
            Self::Product | Self::All => 1.0,
            Self::Max | Self::MaxNumber | Self::LogSumExp => f64::NEG_INFINITY,
            Self::Min => f64::INFINITY,
        }
    }

    /// The name in the text form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Product => "product",
            Self::Max => "max",
            Self::MaxNumber => "max_number",
            Self::Min => "min",
            Self::LogSumExp => "logsumexp",
            Self::Norm => "norm",
            Self::Any => "any",
            Self::All => "all",
        }
    }

    /// What elements it is of.
    #[must_use]
    pub fn elem(self) -> Elem {
        match self {
            Self::Any | Self::All => Elem::Bool,
            Self::Sum | Self::Product | Self::Max | Self::MaxNumber | Self::Min | Self::LogSumExp | Self::Norm => {
                Elem::Real
            }
        }
    }

    /// The meaning for one line of elements.
    #[must_use]
    pub fn eval(self, elements: &[f64]) -> f64 {
        match self {
            Self::Sum => elements.iter().sum::<f64>() + 0.0,
            Self::Product => product(elements),
            Self::Max => elements.iter().copied().fold(f64::NEG_INFINITY, larger),
            Self::MaxNumber => elements.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            Self::Min => -elements.iter().map(|x| -x).fold(f64::NEG_INFINITY, larger),
            Self::LogSumExp => log_sum_exp(elements),
            Self::Norm => norm(elements),
            Self::Any => f64::from(u8::from(elements.iter().any(|&x| x != 0.0))),
            Self::All => f64::from(u8::from(elements.iter().all(|&x| x != 0.0))),
        }
    }
}

/// In whatever order, as long as the product itself is in range: kept near 1, with the powers of two beside it.
fn product(elements: &[f64]) -> f64 {
    let (large, small) = (2.0_f64.powi(500), 2.0_f64.powi(-500));
    let near_one = |x: f64, twos: &mut i32| {
        if x.abs() > large && x.is_finite() {
            *twos += 1;
            x * small
        } else if x.abs() < small && x != 0.0 {
            *twos -= 1;
            x * large
        } else {
            x
        }
    };
    let mut twos = 0;
    let product = elements.iter().fold(1.0, |product, &x| {
        let x = near_one(x, &mut twos);
        near_one(product * x, &mut twos)
    });
    (0..twos.abs()).fold(product, |product, _| product * if twos > 0 { large } else { small })
}

fn larger(a: f64, b: f64) -> f64 {
    if a.is_nan() || a > b { a } else { b }
}

fn log_sum_exp(elements: &[f64]) -> f64 {
    let top = ReduceKind::Max.eval(elements);
    if !top.is_finite() {
        return top;
    }
    top + elements.iter().map(|x| (x - top).exp()).sum::<f64>().ln()
}

fn norm(elements: &[f64]) -> f64 {
    let top = elements.iter().map(|x| x.abs()).fold(0.0, larger);
    if top == 0.0 || !top.is_finite() {
        return top;
    }
    top * elements.iter().map(|x| (x / top) * (x / top)).sum::<f64>().sqrt()
}

/// Reduces axes away.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reduce {
    /// How.
    pub kind: ReduceKind,
    /// The axes that vanish; sorted.
    pub axes: Vec<usize>,
}

impl Primitive for Reduce {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        let operand = super::first_type(region, operands);
        Type { elem: operand.elem, shape: super::without_axes(&operand.shape, &self.axes) }
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands(self.kind.name(), operands, 1)?;
        let ty = region.ty(operands[0]);
        if ty.elem != self.kind.elem() {
            return Err(format!("{} of {:?} elements", self.kind.name(), ty.elem));
        }
        super::expect_axes(self.kind.name(), &self.axes, ty.rank())
    }

    fn flow(&self, _: &Region, _: &[NodeId], _: usize) -> Flow {
        match self.kind {
            ReduceKind::Any | ReduceKind::All => Flow::Zero,
            ReduceKind::Sum
            | ReduceKind::Product
            | ReduceKind::Max
            | ReduceKind::MaxNumber
            | ReduceKind::Min
            | ReduceKind::LogSumExp
            | ReduceKind::Norm => Flow::Passes,
        }
    }

    fn range(&self, _: &Region, _: &[NodeId], of: &dyn Fn(usize) -> Range) -> Range {
        match self.kind {
            ReduceKind::Max | ReduceKind::MaxNumber | ReduceKind::Min | ReduceKind::LogSumExp => of(0).unbounded(),
            ReduceKind::Sum | ReduceKind::Norm => of(0).accumulated(),
            ReduceKind::Product => Range::UNKNOWN,
            ReduceKind::Any | ReduceKind::All => Range::within(1.0),
        }
    }

    fn vjp(&self, region: &mut Region, y: NodeId, g: NodeId, scope: &Scope) -> Vec<Option<NodeId>> {
        let term = derivative::vjp(self, region, y, g, scope.facts);
        match self.kind {
            ReduceKind::Sum => vec![term],
            ReduceKind::Product
            | ReduceKind::Max
            | ReduceKind::MaxNumber
            | ReduceKind::Min
            | ReduceKind::LogSumExp
            | ReduceKind::Norm
            | ReduceKind::Any
            | ReduceKind::All => vec![term.map(|term| scope.only_taken(region, 0, term))],
        }
    }

    fn distance(&self, region: &mut Region, y: NodeId) -> Option<Distance> {
        (self.kind == ReduceKind::Norm).then(|| Distance::of(region, y, &[0], &self.axes))
    }

    fn masks(&self) -> bool {
        matches!(self.kind, ReduceKind::Max | ReduceKind::MaxNumber | ReduceKind::Min)
    }

    fn taken(&self, region: &mut Region, y: NodeId, _: usize, taken: Option<NodeId>) -> Option<NodeId> {
        let shape = region.shape(region.operand(y, 0));
        Some(region.spread(taken?, &shape, &self.axes))
    }

    fn jvp(&self, region: &mut Region, y: NodeId, tangents: &[Option<NodeId>], facts: &Facts) -> Option<NodeId> {
        derivative::jvp(self, region, y, tangents[0]?, facts)
    }

    fn interpret(&self, ty: &Type, operands: &[&Tensor], environment: &Environment) -> Tensor {
        Tensor::from_fn(environment.shape(&ty.shape), |at| self.kind.eval(&operands[0].section(at, &self.axes)))
    }

    fn origins(&self, region: &Region, operands: &[NodeId], axis: usize) -> Vec<(usize, usize)> {
        let mut kept = (0..region.ty(operands[0]).rank()).filter(|own| !self.axes.contains(own));
        kept.nth(axis).map(|own| (0, own)).into_iter().collect()
    }

    fn role(&self) -> Role {
        Role::Sink
    }

    fn nests(&self, region: &Region, node: NodeId) -> Vec<Nest> {
        let operand = region.operand(node, 0);
        let mut loops = Loops::default();
        let axes = loops.along_all(&region.shape(operand));
        let kept = keep(&axes, |axis| !self.axes.contains(&axis));
        let kind = NestKind::Reduce(self.kind);
        vec![Nest { node, kind, extents: loops.extents, kept, operands: vec![(operand, axes)] }]
    }

    fn batch(&self, region: &mut Region, operands: &[Lifted], extent: &Dim) -> Option<NodeId> {
        let axes = batch::after_first(&self.axes);
        Some(batch::elementwise(region, Self { kind: self.kind, axes }.into(), operands, extent))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "reduce {} {:?}", self.kind.name(), self.axes)
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        if !words.eat("reduce ") {
            return Ok(None);
        }
        let kind = words.eat_one(ReduceKind::ALL, ReduceKind::name).ok_or("a kind of reduction")?;
        words.need(" ")?;
        Ok(Some(Self { kind, axes: words.axes()? }))
    }
}
