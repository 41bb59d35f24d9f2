//! Toys that show that the room is there: a primitive with two results, and one that holds a body. For tests alone; linear
//! algebra and loops will be the first in earnest.

use std::fmt;
use std::rc::Rc;

use super::{Environment, Facts, Flow, Op, Part, Read, Scope, Several, Tensor, Words};
use crate::graph::{Body, Elem, NodeId, Region, Type, parse};

/// Of `a` and `b`, of one type: `a·b` element by element, and `Σ a²`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Twin;

impl Several for Twin {
    fn types(&self, region: &Region, operands: &[NodeId]) -> Vec<Type> {
        vec![super::first_type(region, operands), Type::real([])]
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("twin", operands, 2)?;
        super::expect_real("twin", region, operands)?;
        super::expect_equal_types("twin", region, operands)
    }

    fn is_total(&self, _: &Region, _: &[NodeId]) -> bool {
        true
    }

    fn vjp(&self, region: &mut Region, y: NodeId, g: &[Option<NodeId>], _: &Scope) -> Vec<Option<NodeId>> {
        let (a, b) = (region.operand(y, 0), region.operand(y, 1));
        let by_product = g[0].map(|g| [region.times(g, b), region.times(g, a)]);
        let by_sum = g[1].map(|g| {
            let (shape, twice) = (region.shape(a), region.scale(a, 2.0));
            let everywhere = region.fill(g, &shape);
            region.times(everywhere, twice)
        });
        vec![region.plus_maybe(by_product.map(|terms| terms[0]), by_sum), by_product.map(|terms| terms[1])]
    }

    fn jvp(&self, region: &mut Region, y: NodeId, tangents: &[Option<NodeId>], _: &Facts) -> Vec<Option<NodeId>> {
        let (a, b) = (region.operand(y, 0), region.operand(y, 1));
        let by_a = tangents[0].map(|t| region.times(t, b));
        let by_b = tangents[1].map(|t| region.times(a, t));
        let sum = tangents[0].map(|t| {
            let twice = region.scale(a, 2.0);
            let terms = region.times(t, twice);
            let axes: Vec<usize> = (0..region.ty(a).rank()).collect();
            region.sum(terms, &axes)
        });
        vec![region.plus_maybe(by_a, by_b), sum]
    }

    fn interpret(&self, operands: &[&Tensor], _: &Environment) -> Vec<Tensor> {
        let squares = operands[0].data.iter().map(|a| a * a).sum();
        vec![Tensor::zip(operands, |x| x[0] * x[1]), Tensor::scalar(squares)]
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("twin")
    }

    fn read(words: &mut Words, _: Option<&Type>) -> Read<Option<Self>> {
        Ok(words.eat_word("twin").then_some(Self))
    }
}

/// The results of a body, of its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Apply {
    bodies: [Rc<Body>; 1],
}

impl Apply {
    pub fn of(body: Body) -> Self {
        Self { bodies: [Rc::new(body)] }
    }

    fn body(&self) -> &Body {
        &self.bodies[0]
    }
}

impl Several for Apply {
    fn types(&self, _: &Region, _: &[NodeId]) -> Vec<Type> {
        self.body().types()
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        super::expect_operands("apply", operands, self.body().parameters().len())?;
        let mut pairs = operands.iter().map(|&operand| region.ty(operand)).zip(self.body().parameters());
        match pairs.find(|(argument, parameter)| argument != parameter) {
            Some((argument, parameter)) => Err(format!("apply of {argument} to a parameter {parameter}")),
            None if self.body().results().is_empty() => Err("apply of a body without results".into()),
            None => Ok(()),
        }
    }

    fn flow(&self, _: &Region, _: &[NodeId], operand: usize) -> Flow {
        self.body().flow(operand)
    }

    fn is_total(&self, _: &Region, _: &[NodeId]) -> bool {
        false
    }

    fn vjp(&self, region: &mut Region, y: NodeId, g: &[Option<NodeId>], scope: &Scope) -> Vec<Option<NodeId>> {
        let given: Vec<bool> = g.iter().map(Option::is_some).collect();
        let derivative = Self::of(self.body().vjp(&given, scope.wanted));
        let operands: Vec<NodeId> =
            region.node(y).operands.iter().copied().chain(g.iter().copied().flatten()).collect();
        let first = region.add(derivative.into(), &operands);
        let mut found = Part::all(region, first).into_iter();
        scope.wanted.iter().map(|&wanted| if wanted { found.next() } else { None }).collect()
    }

    fn jvp(&self, region: &mut Region, y: NodeId, tangents: &[Option<NodeId>], _: &Facts) -> Vec<Option<NodeId>> {
        let given: Vec<bool> = tangents.iter().map(Option::is_some).collect();
        let derivative = Self::of(self.body().jvp(&given));
        let operands = region.node(y).operands.iter().copied().chain(tangents.iter().copied().flatten());
        let operands: Vec<NodeId> = operands.collect();
        let first = region.add(derivative.into(), &operands);
        let found = Part::all(region, first).into_iter().zip(self.body().types());
        found.map(|(tangent, ty)| (ty.elem == Elem::Real).then_some(tangent)).collect()
    }

    fn interpret(&self, operands: &[&Tensor], environment: &Environment) -> Vec<Tensor> {
        self.body().evaluate(operands.iter().map(|&operand| operand.clone()).collect(), environment)
    }

    fn bodies(&self) -> &[Rc<Body>] {
        &self.bodies
    }

    fn with_bodies(&self, bodies: Vec<Rc<Body>>) -> Option<Op> {
        Some(Self { bodies: bodies.try_into().ok()? }.into())
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "apply {}", self.body())
    }

    fn read(words: &mut Words, _: Option<&Type>) -> Read<Option<Self>> {
        if !words.eat_word("apply") {
            return Ok(None);
        }
        words.need(" ")?;
        Ok(Some(Self::of(parse::body(words)?)))
    }
}
