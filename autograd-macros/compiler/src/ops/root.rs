//! A square root whose value is computed in another way than its derivatives: so that none of them overflows.
//!
//! ```text
//! root r, q, s, f, m     is r, which is the root of q; s is q of all numbers times f, so its root is f·r
//! ```
//!
//! Derivatives are those of `sqrt(q)` in terms of the value. Backwards, `g/(2·r)` comes first, and meets the numbers of
//! which `q` is the sum of squares; forwards those meet their tangents first, which in `s` are in range. What `q` itself
//! would be is never computed. Where the largest number, m, is 0 all derivatives are; where
//! m is finite and the root is not, they are NaN.

use std::fmt;

use super::elementary::{product_of_root, unless_overflowed};
use super::lowering::Role;
use super::range::Range;
use super::{Distance, Environment, Facts, Flow, Leg, Primitive, Scope, Tensor};
use crate::graph::{NodeId, Region, Type};

/// The first operand, with the derivatives of the square root of the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Root;

/// `t/(2·root)`, but 0 where there is nothing but zeros.
fn chain(region: &mut Region, [y, root, t]: [NodeId; 3], facts: &Facts) -> NodeId {
    let (zero, size) = (region.zeros_like(root), region.operand(y, 4));
    let half = region.full_like(0.5, root);
    let divisor = unless_overflowed(region, root, [y, size], facts.may_overflow_far(size));
    let slope = region.over(half, divisor);
    let product = product_of_root(region, t, slope, facts);
    let origin = region.equal(size, zero);
    let term = region.choose(origin, zero, product);
    facts.note_steep(term);
    term
}

impl Primitive for Root {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        super::first_type(region, operands)
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("root", operands, 5)?;
        super::expect_real("root", region, operands)?;
        super::expect_equal_types("root", region, operands)
    }

    fn flow(&self, _: &Region, _: &[NodeId], operand: usize) -> Flow {
        if operand == 1 || operand == 2 { Flow::Passes } else { Flow::Zero }
    }

    fn is_total(&self, _: &Region, _: &[NodeId]) -> bool {
        false
    }

    fn range(&self, _: &Region, _: &[NodeId], _: &dyn Fn(usize) -> Range) -> Range {
        Range::UNKNOWN
    }

    fn vjp(&self, region: &mut Region, y: NodeId, g: NodeId, scope: &Scope) -> Vec<Option<NodeId>> {
        let term = chain(region, [y, y, g], scope.facts);
        vec![None, Some(scope.only_taken(region, 1, term)), None, None, None]
    }

    fn distance(&self, region: &mut Region, y: NodeId) -> Option<Distance> {
        let size = region.operand(y, 4);
        let zero = region.zeros_like(size);
        let origin = region.equal(size, zero);
        Some(Distance { origin, legs: vec![Leg::Square { operand: 1 }] })
    }

    fn jvp(&self, region: &mut Region, y: NodeId, tangents: &[Option<NodeId>], facts: &Facts) -> Option<NodeId> {
        let factor = region.operand(y, 3);
        let root = region.times(factor, y);
        let scaled = chain(region, [y, root, tangents[2]?], facts);
        let tangent = region.over(scaled, factor);
        facts.note_steep(tangent);
        Some(tangent)
    }

    fn interpret(&self, _: &Type, operands: &[&Tensor], _: &Environment) -> Tensor {
        operands[0].clone()
    }

    fn role(&self) -> Role {
        Role::View
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("root")
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        Ok(words.eat_word("root").then_some(Self))
    }
}
