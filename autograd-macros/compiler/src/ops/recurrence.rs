//! `h[i] = a[i]·h[i-1] + b[i]` along an axis, with `h[-1] = 0`: running sums (`a = 1`), running products, linear filters.
//!
//! Closed under differentiation: with `λ` the reversed recurrence of the cotangent with coefficients shifted by one,
//! `λ[i] = a[i+1]·λ[i+1] + g[i]`, the cotangents are `λ[i]·h[i-1]` for `a` and `λ` for `b`.
//!
//! There is one on logarithms too, `h[i] = log(exp(a[i] + h[i-1]) + exp(b[i]))` with `h[-1] = -inf`, for running sums of
//! exponentials that do not overflow: its derivatives are linear recurrences whose coefficients are the shares of the two terms.

use std::fmt;

use super::batch::{self, Lifted};
use super::lowering::Role;
use super::nest::{Centre, Direction, Loops, Nest, NestKind, ValueId};
use super::{Compare, Environment, Facts, Function, Primitive, Scope, Tensor, taken};
use crate::graph::{Dim, Elem, NodeId, Region, Type};
use crate::machine::SHORT_SUM;

/// What a recurrence makes of a coefficient, the element before and an addend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Accumulate {
    /// `a·h + b`
    Linear,
    /// `log(exp(a + h) + exp(b))`
    LogSumExp,
}

impl Accumulate {
    /// The value in `f64`.
    #[must_use]
    pub fn eval(self, a: f64, before: f64, b: f64) -> f64 {
        match self {
            Self::Linear => a * before + b,
            Self::LogSumExp => Function::Logaddexp.eval(&[a + before, b]),
        }
    }

    /// How the coefficient meets the element before, and that the addend.
    #[must_use]
    pub fn functions(self) -> [Function; 2] {
        match self {
            Self::Linear => [Function::Mul, Function::Add],
            Self::LogSumExp => [Function::Add, Function::Logaddexp],
        }
    }
}

/// A recurrence along an axis; operands `a` and `b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Recurrence {
    /// The axis that it runs along.
    pub axis: usize,
    /// Whether it runs from the end.
    pub reverse: bool,
    /// What it accumulates.
    pub kind: Accumulate,
}

impl Recurrence {
    /// Of a recurrence on logarithms, the shares of the element before and of the addend in each element.
    fn shares(&self, region: &mut Region, y: NodeId) -> [NodeId; 2] {
        let (a, b) = (region.operand(y, 0), region.operand(y, 1));
        let before = shift(region, y, self.axis, self.reverse);
        let before = region.plus(a, before);
        let (zero, bottom) = (region.zeros_like(y), region.full_like(f64::NEG_INFINITY, y));
        let nothing = region.equal(y, bottom);
        [before, b].map(|term| {
            let below = region.minus(term, y);
            let share = region.exp(below);
            // Where there is nothing, the exponent is no number.
            region.choose(nothing, zero, share)
        })
    }

    /// The cotangents of `a` and `b` on logarithms.
    fn log_vjp(&self, region: &mut Region, y: NodeId, g: NodeId, scope: &Scope) -> Vec<Option<NodeId>> {
        let [before, own] = self.shares(region, y).map(|share| scope.only_taken(region, 0, share));
        let next = shift(region, before, self.axis, !self.reverse);
        let adjoint = region.recurrence(next, g, self.axis, !self.reverse);
        let by_a = scope.wanted[0].then(|| {
            let share = self.after_the_first(region, before);
            region.times(adjoint, share)
        });
        vec![by_a, scope.wanted[1].then(|| region.times(adjoint, own))]
    }

    /// The tangent on logarithms.
    fn log_jvp(&self, region: &mut Region, y: NodeId, tangents: &[Option<NodeId>]) -> Option<NodeId> {
        let [before, own] = self.shares(region, y);
        let by_a = tangents[0].map(|t| {
            let share = self.after_the_first(region, before);
            region.times(share, t)
        });
        let by_b = tangents[1].map(|t| region.times(own, t));
        let drive = region.plus_maybe(by_a, by_b)?;
        Some(region.recurrence(before, drive, self.axis, self.reverse))
    }

    /// A value, but 0 at the first element, which has none before it.
    fn after_the_first(&self, region: &mut Region, x: NodeId) -> NodeId {
        let ones = region.ones_like(x);
        let inside = shift(region, ones, self.axis, self.reverse);
        let (zero, one) = (region.zeros_like(x), region.ones_like(x));
        let first = region.not_equal(inside, one);
        region.choose(first, zero, x)
    }
}

impl Primitive for Recurrence {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        super::first_type(region, operands)
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("recurrence", operands, 2)?;
        super::expect_real("recurrence", region, operands)?;
        super::expect_equal_types("recurrence", region, operands)?;
        super::expect_axes("recurrence", &[self.axis], region.ty(operands[0]).rank())
    }

    fn vjp(&self, region: &mut Region, y: NodeId, g: NodeId, scope: &Scope) -> Vec<Option<NodeId>> {
        if self.kind == Accumulate::LogSumExp {
            return self.log_vjp(region, y, g, scope);
        }
        // Elements after the last one that is taken are zero in the adjoint, and so must not be multiplied by anything.
        let a = region.operand(y, 0);
        let a = scope.only_taken(region, 0, a);
        // What coefficient the first element has does not matter.
        let is_constant = region.literal_value(a).is_some();
        let next = if is_constant { a } else { shift(region, a, self.axis, !self.reverse) };
        let adjoint = region.recurrence(next, g, self.axis, !self.reverse);
        let by_a = scope.wanted[0].then(|| {
            let before = shift(region, y, self.axis, self.reverse);
            let term = region.times(adjoint, before);
            scope.only_taken(region, 0, term)
        });
        vec![by_a, scope.wanted[1].then_some(adjoint)]
    }

    fn taken(&self, region: &mut Region, _: NodeId, _: usize, taken: Option<NodeId>) -> Option<NodeId> {
        Some(taken::any_later(region, taken?, self.axis, self.reverse))
    }

    fn jvp(&self, region: &mut Region, y: NodeId, tangents: &[Option<NodeId>], _: &Facts) -> Option<NodeId> {
        if self.kind == Accumulate::LogSumExp {
            return self.log_jvp(region, y, tangents);
        }
        let a = region.operand(y, 0);
        let by_a = tangents[0].map(|t| {
            let before = shift(region, y, self.axis, self.reverse);
            region.times(t, before)
        });
        let drive = region.plus_maybe(by_a, tangents[1])?;
        Some(region.recurrence(a, drive, self.axis, self.reverse))
    }

    fn interpret(&self, _: &Type, operands: &[&Tensor], _: &Environment) -> Tensor {
        let (a, b) = (operands[0], operands[1]);
        let mut h = b.clone();
        let extent = b.shape[self.axis];
        b.for_each(|at, _| {
            if at[self.axis] != 0 {
                return;
            }
            let mut before = 0.0;
            for step in 0..extent {
                let mut at = at.to_vec();
                at[self.axis] = if self.reverse { extent - 1 - step } else { step };
                // The first element is `b` itself: an infinite coefficient never meets the zero before it.
                before = if step == 0 { b.at(&at) } else { self.kind.eval(a.at(&at), before, b.at(&at)) };
                h.set(&at, before);
            }
        });
        h
    }

    fn role(&self) -> Role {
        Role::Sink
    }

    fn nests(&self, region: &Region, node: NodeId) -> Vec<Nest> {
        let [a, b] = [region.operand(node, 0), region.operand(node, 1)];
        let shape = region.shape(node);
        let mut loops = Loops::default();
        let axes = loops.inner_last(&shape, self.axis);
        let mut operands = vec![(a, axes.clone()), (b, axes.clone())];
        // What is added to as it is, and often, is a running sum, and reads the addends alone.
        let is_short = shape[self.axis].as_constant().is_some_and(|extent| extent <= SHORT_SUM);
        let is_one = region.literal_value(a).is_some_and(|factor| factor.to_bits() == 1.0_f64.to_bits());
        if self.kind == Accumulate::Linear && is_one && !is_short {
            operands.remove(0);
        }
        let direction = if self.reverse { Direction::Backwards } else { Direction::Forwards };
        let kind = NestKind::Sequential(direction);
        vec![Nest { node, kind, extents: loops.extents, kept: axes, operands }]
    }

    fn element(&self, centre: &mut dyn Centre, operands: &[ValueId]) -> ValueId {
        let &[factor, addend] = operands else { return running_sum(centre, operands[0]) };
        let [meet, accumulate] = self.kind.functions();
        let before = centre.carried(Elem::Real);
        let met = centre.map(meet, &[factor, before]);
        let sum = centre.map(accumulate, &[met, addend]);
        // The first element is the addend itself: nothing came before it to multiply.
        let is_first = centre.is_first();
        let next = centre.select(is_first, addend, sum);
        // What it starts as is not looked at.
        let initial = centre.zero();
        centre.hand_on(before, initial, next);
        next
    }

    fn batch(&self, region: &mut Region, operands: &[Lifted], extent: &Dim) -> Option<NodeId> {
        Some(batch::elementwise(region, Self { axis: self.axis + 1, ..*self }.into(), operands, extent))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.kind == Accumulate::LogSumExp { "log_" } else { "" };
        write!(f, "{kind}recurrence {}{}", self.axis, if self.reverse { " reverse" } else { "" })
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        let kind = match () {
            () if words.eat("recurrence ") => Accumulate::Linear,
            () if words.eat("log_recurrence ") => Accumulate::LogSumExp,
            () => return Ok(None),
        };
        Ok(Some(Self { axis: words.count()?, reverse: words.eat(" reverse"), kind }))
    }
}

/// A running sum that is as exact as a sum: the rounding error of each addition is known, and is added with a later
/// element, so late that no addition waits for it.
///
/// ```text
/// y = x + r4;  t = s + y;  e = what t lacks of s + y       s, r1, r2, r3, r4 := t, e, r1, r2, r3
/// out = t + (e + r1 + (r2 + r3))
/// ```
fn running_sum(centre: &mut dyn Centre, x: ValueId) -> ValueId {
    let [before, r1, r2, r3, r4] = [(); 5].map(|()| centre.carried(Elem::Real));
    let y = centre.map(Function::Add, &[x, r4]);
    let sum = centre.map(Function::Add, &[before, y]);
    // Exact, whichever of the two is larger (Knuth).
    let of_y = centre.map(Function::Sub, &[sum, before]);
    let of_before = centre.map(Function::Sub, &[sum, of_y]);
    let (rest, other) = (centre.map(Function::Sub, &[before, of_before]), centre.map(Function::Sub, &[y, of_y]));
    let error = centre.map(Function::Add, &[rest, other]);
    let zero = centre.zero();
    // An infinite sum has no error.
    let is_number = centre.compare(Compare::Eq, error, error);
    let error = centre.select(is_number, error, zero);
    let (young, old) = (centre.map(Function::Add, &[error, r1]), centre.map(Function::Add, &[r2, r3]));
    let open = centre.map(Function::Add, &[young, old]);
    let out = centre.map(Function::Add, &[sum, open]);
    for (carried, next) in [(before, sum), (r1, error), (r2, r1), (r3, r2), (r4, r3)] {
        centre.hand_on(carried, zero, next);
    }
    out
}

/// The values one place earlier along an axis (`reverse`: later), with a zero where there is none. Legal for no
/// elements too: `x` padded to one more, less the last (the first).
pub(super) fn shift(region: &mut Region, x: NodeId, axis: usize, reverse: bool) -> NodeId {
    let extents = region.shape(x);
    let mut longer = extents.to_vec();
    longer[axis] = longer[axis].add(&Dim::ONE).expect("an extent is far below the range of i64");
    let steps = vec![1; extents.len()];
    let origin = vec![Dim::ZERO; extents.len()];
    let mut second = origin.clone();
    second[axis] = Dim::ONE;
    let (place, from) = if reverse { (origin, second) } else { (second, origin) };
    let padded = region.pad(x, &longer.into(), &place, &steps);
    region.slice(padded, &from, &extents, &steps)
}
