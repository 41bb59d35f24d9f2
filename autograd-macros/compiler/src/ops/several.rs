//! What a primitive with several results says of itself, in the place of [`Primitive`]: its rules have a cotangent, a
//! tangent, a value for each result.

use std::fmt;
use std::rc::Rc;

use super::lowering::Role;
use super::{Environment, Facts, Flow, Op, Primitive, Scope, Tensor};
use crate::graph::{Body, NodeId, Region, Type};

/// What every primitive with several results says about itself. See the methods of [`Primitive`] of the same names.
pub trait Several {
    /// The types of the results; at least one.
    fn types(&self, region: &Region, operands: &[NodeId]) -> Vec<Type>;

    /// What is wrong with the operands.
    ///
    /// # Errors
    /// A sentence that names the rule that is broken.
    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String>;

    /// What becomes of a derivative on its way to an operand, from any of the results.
    fn flow(&self, region: &Region, operands: &[NodeId], operand: usize) -> Flow {
        let _ = (region, operands, operand);
        Flow::Passes
    }

    /// Whether the values are finite whenever the operands are.
    fn is_total(&self, region: &Region, operands: &[NodeId]) -> bool;

    /// The cotangents of the operands, given those of the results, of which one at least is not zero.
    fn vjp(&self, region: &mut Region, y: NodeId, g: &[Option<NodeId>], scope: &Scope) -> Vec<Option<NodeId>>;

    /// The tangents of the results.
    fn jvp(&self, region: &mut Region, y: NodeId, tangents: &[Option<NodeId>], facts: &Facts) -> Vec<Option<NodeId>>;

    /// The meaning.
    fn interpret(&self, operands: &[&Tensor], environment: &Environment) -> Vec<Tensor>;

    /// The regions that it holds.
    fn bodies(&self) -> &[Rc<Body>] {
        &[]
    }

    /// The operation with other bodies.
    fn with_bodies(&self, bodies: Vec<Rc<Body>>) -> Option<Op> {
        let _ = bodies;
        None
    }

    /// The name and attributes in the text form.
    ///
    /// # Errors
    /// Those of the formatter.
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// The inverse.
    ///
    /// # Errors
    /// What was expected.
    #[cfg(test)]
    fn read(words: &mut super::Words, ty: Option<&Type>) -> super::Read<Option<Self>>
    where
        Self: Sized;
}

/// A primitive whose rules for one result are about its first.
impl<T: Several> Primitive for T {
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type {
        self.types(region, operands).swap_remove(0)
    }

    fn further(&self, region: &Region, operands: &[NodeId]) -> Vec<Type> {
        self.types(region, operands).split_off(1)
    }

    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String> {
        Several::check(self, region, operands)
    }

    fn flow(&self, region: &Region, operands: &[NodeId], operand: usize) -> Flow {
        Several::flow(self, region, operands, operand)
    }

    fn is_total(&self, region: &Region, operands: &[NodeId]) -> bool {
        Several::is_total(self, region, operands)
    }

    fn vjp(&self, region: &mut Region, y: NodeId, g: NodeId, scope: &Scope) -> Vec<Option<NodeId>> {
        let mut all = vec![None; 1 + region.further(y).len()];
        all[0] = Some(g);
        Several::vjp(self, region, y, &all, scope)
    }

    fn vjp_of_all(&self, region: &mut Region, y: NodeId, g: &[Option<NodeId>], scope: &Scope) -> Vec<Option<NodeId>> {
        Several::vjp(self, region, y, g, scope)
    }

    /// Which elements another result takes is not known here.
    fn taken(&self, _: &mut Region, _: NodeId, _: usize, _: Option<NodeId>) -> Option<NodeId> {
        None
    }

    fn jvp(&self, region: &mut Region, y: NodeId, tangents: &[Option<NodeId>], facts: &Facts) -> Option<NodeId> {
        Several::jvp(self, region, y, tangents, facts).swap_remove(0)
    }

    fn jvp_of_all(
        &self,
        region: &mut Region,
        y: NodeId,
        tangents: &[Option<NodeId>],
        facts: &Facts,
    ) -> Vec<Option<NodeId>> {
        Several::jvp(self, region, y, tangents, facts)
    }

    fn interpret(&self, _: &Type, operands: &[&Tensor], environment: &Environment) -> Tensor {
        Several::interpret(self, operands, environment).swap_remove(0)
    }

    fn interpret_all(&self, _: &Type, operands: &[&Tensor], environment: &Environment) -> Vec<Tensor> {
        Several::interpret(self, operands, environment)
    }

    fn origins(&self, _: &Region, _: &[NodeId], _: usize) -> Vec<(usize, usize)> {
        Vec::new()
    }

    fn bodies(&self) -> &[Rc<Body>] {
        Several::bodies(self)
    }

    fn with_bodies(&self, bodies: Vec<Rc<Body>>) -> Option<Op> {
        Several::with_bodies(self, bodies)
    }

    fn role(&self) -> Role {
        Role::Sink
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Several::write(self, f)
    }

    #[cfg(test)]
    fn read(words: &mut super::Words, ty: Option<&Type>) -> super::Read<Option<Self>> {
        <Self as Several>::read(words, ty)
    }
}
