//! One elementary function, element by element. Everything about the function stands in its row of the table.

use std::fmt;

use super::elementary::{Derivative, may_lose_slopes, unless_flat, unless_lost};
use super::lowering::Role;
use super::nest::{Centre, ValueId};
use super::positive::may_be_infinite;
use super::range::Range;
use super::{Distance, Environment, Facts, Flow, Function, Op, Primitive, Scope, Tensor, elementary};
use crate::graph::{NodeId, Region, Type};

/// An elementary function of operands of equal shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Map {
    /// The row of the table.
    pub function: Function,
}

impl Primitive for Map {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        super::first_type(region, operands)
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        let name = self.function.name();
        super::expect_operands(name, operands, self.function.arity())?;
        super::expect_real(name, region, operands)?;
        super::expect_equal_types(name, region, operands)
    }

    fn flow(&self, _: &Region, _: &[NodeId], operand: usize) -> Flow {
        match &self.function.row().derivatives[operand] {
            Derivative::Zero => Flow::Zero,
            Derivative::Refused(reason) => Flow::Refused(reason),
            Derivative::Bounded(_) | Derivative::Steep(_) | Derivative::Root(_) | Derivative::Linear(_) => Flow::Passes,
        }
    }

    fn is_total(&self, region: &Region, operands: &[NodeId]) -> bool {
        (self.function.row().total)(region, operands)
    }

    fn range(&self, region: &Region, operands: &[NodeId], of: &dyn Fn(usize) -> Range) -> Range {
        Range::of_function(self.function, region, operands, of)
    }

    fn vjp(&self, region: &mut Region, y: NodeId, g: NodeId, scope: &Scope) -> Vec<Option<NodeId>> {
        let places = scope.wanted.iter().enumerate();
        places
            .map(|(place, &wanted)| {
                let term = if wanted { self.chain(region, y, place, g, scope.facts)? } else { return None };
                let is_clean = is_multiple(region, term, g, scope.facts);
                Some(if is_clean { term } else { scope.only_taken(region, place, term) })
            })
            .collect()
    }

    fn distance(&self, region: &mut Region, y: NodeId) -> Option<Distance> {
        let operands: &[usize] = match self.function {
            Function::Abs => &[0],
            Function::Hypot => &[0, 1],
            _ => return None,
        };
        Some(Distance::of(region, y, operands, &[]))
    }

    fn masks(&self) -> bool {
        matches!(self.function, Function::Max | Function::Min | Function::Relu | Function::MulUnlessZero)
    }

    fn jvp(&self, region: &mut Region, y: NodeId, tangents: &[Option<NodeId>], facts: &Facts) -> Option<NodeId> {
        let mut sum = None;
        for (place, tangent) in tangents.iter().enumerate() {
            let term = tangent.and_then(|t| self.chain(region, y, place, t, facts));
            let is_steep = [sum, term].into_iter().flatten().any(|term| facts.is_steep(term));
            sum = region.plus_maybe(sum, term);
            sum.filter(|_| is_steep).into_iter().for_each(|sum| facts.note_steep(sum));
        }
        sum
    }

    fn interpret(&self, _: &Type, operands: &[&Tensor], _: &Environment) -> Tensor {
        Tensor::zip(operands, |x| self.function.eval(x))
    }

    fn role(&self) -> Role {
        Role::Pointwise
    }

    fn cost(&self) -> u32 {
        self.function.cost()
    }

    fn element(&self, centre: &mut dyn Centre, operands: &[ValueId]) -> ValueId {
        centre.map(self.function, operands)
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.function.name())
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, _: Option<&Type>) -> super::Read<Option<Self>> {
        let function = words.eat_one(Function::ALL.iter().copied(), Function::name);
        Ok(function.map(|function| Self { function }))
    }
}

/// How deep [`is_multiple`] looks.
const DEPTH: usize = 4;

/// Whether a term is `g`, zeros, or a choice among these, but for a sign and a factor that is finite whatever the leaves
/// are: zero where `g` is.
fn is_multiple(region: &Region, term: NodeId, g: NodeId, facts: &Facts) -> bool {
    fn look(region: &Region, term: NodeId, g: NodeId, facts: &Facts, depth: usize) -> bool {
        if term == g || region.literal_value(term) == Some(0.0) {
            return true;
        }
        if depth == 0 {
            return false;
        }
        let node = region.node(term);
        let is_number = |x| facts.is_number(x) || region.literal_value(x).is_some_and(f64::is_finite);
        let inner = |x| look(region, x, g, facts, depth - 1);
        match (&node.op, &node.operands[..]) {
            (Op::Select(_), &[_, yes, no]) => inner(yes) && inner(no),
            (Op::Map(Map { function: Function::Neg }), &[x]) => inner(x),
            (Op::Map(Map { function: Function::Mul }), &[a, b]) => {
                (is_number(a) && inner(b)) || (is_number(b) && inner(a))
            }
            (Op::Map(Map { function: Function::Div }), &[x, divisor]) => {
                is_number(divisor) && elementary::is_divisor(region, divisor) && inner(x)
            }
            _ => false,
        }
    }
    look(region, term, g, facts, DEPTH)
}

/// Whether a value is made of powers and exponentials: it overflows where its parts are ordinary.
pub(super) fn grows(region: &Region, node: NodeId, depth: usize) -> bool {
    let node = region.node(node);
    let inside = |x: &NodeId| depth > 0 && grows(region, *x, depth - 1);
    match (&node.op, &node.operands[..]) {
        (Op::Map(Map { function: Function::Mul }), &[a, b]) => a == b || node.operands.iter().any(inside),
        (Op::Map(map), operands) => GROWING.contains(&map.function) || operands.iter().any(inside),
        _ => false,
    }
}

/// Functions that grow faster than their argument.
const GROWING: &[Function] = &[
    Function::Square,
    Function::Pow,
    Function::Exp,
    Function::Exp2,
    Function::Expm1,
    Function::Sinh,
    Function::Cosh,
    Function::Erfcx,
];

impl Map {
    /// The local derivative by one operand, times `t`: the same in both modes, since it is diagonal.
    fn chain(self, region: &mut Region, y: NodeId, place: usize, t: NodeId, facts: &Facts) -> Option<NodeId> {
        let mut x = region.node(y).operands.clone();
        let mut y = y;
        let finite_operands = x.iter().all(|&x| facts.is_finite(x));
        for with in 0..x.len() {
            let argument = x[with];
            if (self.function.row().fades)(region, &x, [place, with]) && self.is_doubtful(argument, facts) {
                x[with] = region.where_finite(argument, argument);
                y = region.where_finite(y, argument);
            }
        }
        let (rule, kind) = match self.function.row().derivatives[place] {
            Derivative::Zero | Derivative::Refused(_) => return None,
            Derivative::Linear(rule) => {
                let term = rule(region, &x, y, t, facts)?;
                if facts.is_steep(t) {
                    facts.note_steep(term);
                }
                return Some(term);
            }
            Derivative::Bounded(rule) => (rule, Kind::Bounded),
            Derivative::Steep(rule) => (rule, Kind::Steep),
            Derivative::Root(rule) => (rule, Kind::Root),
        };
        let factor = rule(region, &x, y);
        let may_be_lost = self.function == Function::Mul && may_lose_slopes(region, [x[0], x[1]]);
        let factor = if may_be_lost { unless_lost(region, factor, y) } else { factor };
        let finite = if facts.covers(factor) { facts.is_finite(factor) } else { finite_operands };
        let is_hidden = facts.is_masked(t) && x.iter().any(|&x| grows(region, x, DEPTH));
        let is_plain = kind == Kind::Bounded && finite && !is_hidden && !may_be_lost;
        let term = if is_plain { region.times(t, factor) } else { region.mul_unless_zero(t, factor) };
        let is_steep = facts.is_steep(t);
        let term = if is_steep { unless_flat(region, t, factor, term) } else { term };
        if is_steep || kind == Kind::Root && self.is_at_edge(region, &x, facts) {
            facts.note_steep(term);
        }
        Some(term)
    }
}

impl Map {
    /// Whether an infinite argument may have overflowed. Of two numbers one of which is infinite a radius keeps the sign.
    fn is_doubtful(self, argument: NodeId, facts: &Facts) -> bool {
        if self.function == Function::Hypot { facts.may_overflow_far(argument) } else { facts.may_overflow(argument) }
    }

    /// Whether the arguments may be where the slope is infinite.
    fn is_at_edge(self, region: &Region, x: &[NodeId], facts: &Facts) -> bool {
        match self.function {
            Function::Sqrt => !facts.is_positive(region, x[0]),
            Function::Xlogy => !facts.is_positive(region, x[1]),
            Function::MulUnlessZero | Function::AtZero => may_be_infinite(region, x[1]),
            _ => true,
        }
    }
}

/// How large a factor may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bounded,
    Steep,
    Root,
}
