//! The primitives: one file each, and one line each in the list below.
//!
//! A primitive says everything about itself through [`Primitive`]: its type rule, its derivative in both modes, its
//! meaning (the interpreter), how it prints, what sizes it needs, and how it becomes part of a loop. So a new one is its
//! file and its line. What other files say of single primitives is never more than an opportunity: a rewrite, a matrix
//! product, a notation.

mod arg_reduce;
pub mod batch;
mod bound;
mod broadcast;
mod cast;
mod compare;
mod concat;
mod contract;
mod distance;
pub mod elementary;
mod facts;
mod gather;
mod integer;
mod iota;
mod leaf;
mod logic;
pub mod lowering;
mod map;
mod named;
pub mod nest;
mod pad;
mod part;
mod permute;
mod positive;
pub(crate) use positive::is_not_negative;
pub mod range;
mod recurrence;
mod reduce;
mod reshape;
mod reverse;
mod root;
mod scatter;
mod select;
mod several;
mod slice;
pub(crate) mod taken;
mod tensor;
#[cfg(test)]
mod toys;
pub mod window;

use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

pub use arg_reduce::{ArgReduce, Extreme};
pub use bound::Bound;
pub use broadcast::Broadcast;
pub use cast::Cast;
pub use compare::Compare;
pub use concat::Concat;
pub use contract::Contract;
pub use distance::{Distance, Leg};
pub use elementary::Function;
pub use facts::Facts;
pub(crate) use gather::is_clamp;
pub use gather::{Gather, Outside};
pub use integer::Integer;
pub use iota::Iota;
pub use leaf::{Extent, Leaf, LeafKind, Literal};
pub use logic::Logic;
pub use map::Map;
pub use named::{Named, StopGradient};
pub use pad::Pad;
pub use part::{Parameter, Part};
pub use permute::Permute;
pub use recurrence::{Accumulate, Recurrence};
pub use reduce::{Reduce, ReduceKind};
pub use reshape::Reshape;
pub use reverse::Reverse;
pub use root::Root;
pub use scatter::Scatter;
pub use select::Select;
pub use several::Several;
pub use slice::Slice;
pub use tensor::{Environment, Tensor};
#[cfg(test)]
pub(crate) use toys::{Apply, Twin};
pub use window::Window;

use batch::Lifted;
use lowering::{Coord, PickId, Role, Source};
use nest::{Centre, Nest, NestKind, ValueId};
use range::{Overflow, Range};

#[cfg(test)]
use crate::graph::words::{Read, Words};
use crate::graph::{Body, Dim, Elem, NodeId, Region, Shape, Type};

/// What becomes of a derivative on its way through an operation to one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// It goes on.
    Passes,
    /// It is zero everywhere, by declaration.
    Zero,
    /// There is none within the language; why.
    Refused(&'static str),
}

/// What must hold of the sizes of a call for a value to mean anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Checked where a call begins, with all that it is given.
    NotNegative(Dim),
    /// Checked by the entry points that compute the value: a function has no answer along an axis of extent 0.
    NotEmpty {
        /// The extent.
        extent: Dim,
        /// The function.
        function: &'static str,
    },
}

/// What a reverse rule may know beyond its own node.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// Which operands need a cotangent.
    pub wanted: &'a [bool],
    /// What is known of the node's operands.
    pub facts: &'a Facts,
    /// Which elements of each operand the choices above take; see [`Primitive::taken`].
    pub taken: &'a [Option<NodeId>],
}

impl Scope<'_> {
    /// `x`, of the shape of an operand, but 0 where no choice above takes that element of the operand.
    fn only_taken(&self, region: &mut Region, operand: usize, x: NodeId) -> NodeId {
        match self.taken[operand] {
            Some(taken) if !self.facts.is_number(x) => {
                let only = taken::only(region, taken, x);
                if self.facts.is_steep(x) {
                    self.facts.note_steep(only);
                }
                only
            }
            _ => x,
        }
    }
}

/// What every primitive says about itself.
pub trait Primitive {
    /// The type of the result. Operands are legal (see [`check`](Self::check)).
    fn infer(&self, region: &Region, operands: &[NodeId]) -> Type;

    /// The types of the results after the first, of a primitive with several: see [`Several`].
    fn further(&self, region: &Region, operands: &[NodeId]) -> Vec<Type> {
        let _ = (region, operands);
        Vec::new()
    }

    /// Which result of its operands it reads: the first, but for [`Part`].
    fn part(&self) -> usize {
        0
    }

    /// The regions that it holds. Passes, the verifier, the interpreter and the text form go into them.
    fn bodies(&self) -> &[Rc<Body>] {
        &[]
    }

    /// The operation with other bodies, if it holds any.
    fn with_bodies(&self, bodies: Vec<Rc<Body>>) -> Option<Op> {
        let _ = bodies;
        None
    }

    /// What is wrong with the operands, if anything is: the verifier's rule.
    ///
    /// # Errors
    /// A sentence that names the rule that is broken.
    fn check(&self, region: &Region, operands: &[NodeId]) -> Result<(), String>;

    /// What becomes of a derivative on its way to an operand. Zeros are declared, never implied by absence.
    fn flow(&self, region: &Region, operands: &[NodeId], operand: usize) -> Flow {
        let _ = (region, operands, operand);
        Flow::Passes
    }

    /// Whether the value is finite whenever the operands are, overflow of sums and products aside.
    fn is_total(&self, region: &Region, operands: &[NodeId]) -> bool {
        let _ = (region, operands);
        true
    }

    /// How large the values are and which may be infinite, from those `of` the operands, if the elements are numbers. What
    /// moves elements changes nothing; of the rest nothing is known, if nothing else is said.
    fn range(&self, region: &Region, operands: &[NodeId], of: &dyn Fn(usize) -> Range) -> Range {
        let _ = (region, operands);
        match self.role() {
            Role::View | Role::Reshape => of(0),
            Role::Leaf => Range { overflow: Overflow::Never, ..Range::UNKNOWN },
            Role::Constant | Role::Pointwise | Role::Sink => Range::UNKNOWN,
        }
    }

    /// Reverse mode: the cotangents of the operands, in the operands' shapes, given the cotangent `g` of `y`.
    /// Those that are not wanted may be left out; `None` where the derivative is declared to be zero.
    fn vjp(&self, region: &mut Region, y: NodeId, g: NodeId, scope: &Scope) -> Vec<Option<NodeId>>;

    /// Reverse mode for several results, given the cotangents of all of them; one at least is not zero.
    fn vjp_of_all(&self, region: &mut Region, y: NodeId, g: &[Option<NodeId>], scope: &Scope) -> Vec<Option<NodeId>> {
        self.vjp(region, y, g[0].expect("the cotangent of the only result"), scope)
    }

    /// Reverse mode through choices: which elements of an operand the elements of `y` that are `taken` depend on, as
    /// truth values in the operand's shape. `None` is all. The cotangent of the others is zero, whatever their value; the
    /// rules of [`vjp`](Self::vjp) keep it that way. Element by element, if nothing else is said.
    fn taken(&self, region: &mut Region, y: NodeId, operand: usize, taken: Option<NodeId>) -> Option<NodeId> {
        let _ = (region, y, operand);
        taken
    }

    /// Whether the cotangent of an operand is zero where nothing of the operand is taken: of the smaller side of a maximum, of
    /// what a box leaves out.
    fn masks(&self) -> bool {
        false
    }

    /// What the value is the distance of, if it is one: what its second derivative at the origin needs to know.
    fn distance(&self, region: &mut Region, y: NodeId) -> Option<Distance> {
        let _ = (region, y);
        None
    }

    /// Forward mode: the tangent of `y`, given those of the operands; `None` is zero.
    fn jvp(&self, region: &mut Region, y: NodeId, tangents: &[Option<NodeId>], facts: &Facts) -> Option<NodeId>;

    /// Forward mode for several results: the tangents of all of them.
    fn jvp_of_all(
        &self,
        region: &mut Region,
        y: NodeId,
        tangents: &[Option<NodeId>],
        facts: &Facts,
    ) -> Vec<Option<NodeId>> {
        vec![self.jvp(region, y, tangents, facts)]
    }

    /// The meaning: slow and obvious.
    fn interpret(&self, ty: &Type, operands: &[&Tensor], environment: &Environment) -> Tensor;

    /// The meaning of all results.
    fn interpret_all(&self, ty: &Type, operands: &[&Tensor], environment: &Environment) -> Vec<Tensor> {
        vec![self.interpret(ty, operands, environment)]
    }

    /// Which axes of the operands become an axis of the result: pairs of an operand and its axis. Element by element, if
    /// nothing else is said.
    fn origins(&self, region: &Region, operands: &[NodeId], axis: usize) -> Vec<(usize, usize)> {
        let _ = region;
        (0..operands.len()).map(|operand| (operand, axis)).collect()
    }

    /// What must hold of sizes, beyond that extents are not negative.
    fn conditions(&self, region: &Region, operands: &[NodeId]) -> Vec<Condition> {
        let _ = (region, operands);
        Vec::new()
    }

    /// Whether an entry point that computes the value may have no answer, whatever sizes a call begins with.
    fn can_fail(&self, region: &Region, operands: &[NodeId]) -> bool {
        let fails = |body: &Body| body.region().iter().any(|(_, node)| node.op.can_fail(body.region(), &node.operands));
        self.conditions(region, operands).iter().any(|condition| matches!(condition, Condition::NotEmpty { .. }))
            || self.bodies().iter().any(|body| fails(body))
    }

    /// What of the model the value is of, operands aside, and the compiler does not know: a variable or a dimension.
    fn unknown(&self) -> Option<String> {
        None
    }

    /// What the node is to the loops.
    fn role(&self) -> Role;

    /// What it costs to compute an element of the operands' elements, in additions.
    fn cost(&self) -> u32 {
        u32::from(self.role() == Role::Pointwise)
    }

    /// The loops that make the value where it is kept in memory, in the order in which they run. Loops along all axes,
    /// if nothing else is said.
    fn nests(&self, region: &Region, node: NodeId) -> Vec<Nest> {
        vec![Nest::along(region, node, NestKind::Pointwise)]
    }

    /// Writes the statements that compute an element of those of the operands: of a constant or of what works element by
    /// element where it is used, of anything else at the centre of its nest. The operand's own, if nothing else is said.
    fn element(&self, centre: &mut dyn Centre, operands: &[ValueId]) -> ValueId {
        let _ = centre;
        operands[0]
    }

    /// For a view: whether elements of the operand are read several times, or in any order.
    fn rereads(&self) -> bool {
        false
    }

    /// For a view: where the operand, of this shape, is read when the view is read at `at`. `pick` is the integer that another
    /// operand is, by its place, at some coordinates.
    fn source(&self, operand: &[Dim], at: &[Coord], pick: &mut dyn FnMut(usize, &[Coord]) -> PickId) -> Source {
        let _ = (operand, pick);
        Source::everywhere(at.to_vec())
    }

    /// The operation with a first axis more, of that extent, on operands of which one at least has it: see [`batch`]. `None`
    /// where it works element by element, so that it is the same operation with all operands that long.
    fn batch(&self, region: &mut Region, operands: &[Lifted], extent: &Dim) -> Option<NodeId> {
        let _ = (region, operands, extent);
        None
    }

    /// The name and attributes in the text form: `slice [1..N]`.
    ///
    /// # Errors
    /// Those of the formatter.
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// The inverse of [`write`](Self::write): the operation that comes next; none, and nothing read, where it is another
    /// one. The type is known where it stands before the operation.
    ///
    /// # Errors
    /// What was expected.
    #[cfg(test)]
    fn read(words: &mut Words, ty: Option<&Type>) -> Read<Option<Self>>
    where
        Self: Sized;
}

/// Makes the enum of all primitives, which is each of them to whoever asks, and that of their kinds.
macro_rules! primitives {
    ($($(#[doc = $doc:literal])* $(#[cfg($cfg:meta)])? $name:ident,)*) => {
        /// A primitive operation.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Op {
            $($(#[doc = $doc])* $(#[cfg($cfg)])? $name($name),)*
        }

        $($(#[cfg($cfg)])? impl From<$name> for Op {
            fn from(op: $name) -> Self {
                Self::$name(op)
            }
        })*

        /// Which primitive an operation is, whatever its attributes are: what rewrites look for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[doc = $doc])* $(#[cfg($cfg)])? $name,)*
        }

        impl Kind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$($(#[cfg($cfg)])? Self::$name,)*];
        }

        impl Op {
            /// Which primitive it is.
            #[must_use]
            pub fn kind(&self) -> Kind {
                match self {
                    $($(#[cfg($cfg)])? Self::$name(_) => Kind::$name,)*
                }
            }
        }

        /// An operation is its primitive: whatever [`Primitive`] says can be asked of it.
        impl Deref for Op {
            type Target = dyn Primitive;

            fn deref(&self) -> &Self::Target {
                match self {
                    $($(#[cfg($cfg)])? Self::$name(op) => op,)*
                }
            }
        }

        #[cfg(test)]
        impl Op {
            /// See [`Primitive::read`].
            pub(crate) fn read(words: &mut Words, ty: Option<&Type>) -> Read<Self> {
                $(if let Some(op) = <$name as Primitive>::read(words, ty)? {
                    return Ok(op.into());
                })*
                Err("an operation".into())
            }
        }
    };
}

primitives! {
    /// A parameter, input or state.
    Leaf,
    /// A number.
    Literal,
    /// A dimension as an integer.
    Extent,
    /// `0, 1, … N-1`.
    Iota,
    /// One elementary function, element by element.
    Map,
    /// A comparison of numbers or of indices.
    Compare,
    /// `&&`, `||`, `!`.
    Logic,
    /// `c ? a : b`, element by element.
    Select,
    /// Truth values or indices as numbers.
    Cast,
    /// A bound index, while its binder is open.
    Bound,
    /// Arithmetic on integers.
    Integer,
    /// Adds axes.
    Broadcast,
    /// Reorders axes.
    Permute,
    /// The same elements in row-major order under another shape.
    Reshape,
    /// A box of a tensor, maybe with steps.
    Slice,
    /// A tensor placed into zeros; the adjoint of `Slice`.
    Pad,
    /// Several tensors one after the other along an axis.
    Concat,
    /// Axes read backwards.
    Reverse,
    /// A tensor read at places that are affine in the axes of the result.
    Window,
    /// A tensor read where integers say.
    Gather,
    /// Updates added where integers say.
    Scatter,
    /// Axes summed (or multiplied, …) away.
    Reduce,
    /// The position of the extreme along an axis.
    ArgReduce,
    /// `h[i] = a[i]·h[i-1] + b[i]` along an axis: running sums and products.
    Recurrence,
    /// The general dot product.
    Contract,
    /// A value that a derivative is taken with respect to; opaque until then.
    Named,
    /// A value that derivatives regard as constant.
    StopGradient,
    /// A square root whose value is computed in another way than its derivative.
    Root,
    /// One of the further results of an operation that has several.
    Part,
    /// A parameter of the body that it stands in.
    Parameter,
    /// A toy with two results.
    #[cfg(test)]
    Twin,
    /// A toy that holds a body.
    #[cfg(test)]
    Apply,
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

/// The type of the first operand; a scalar where there is none, which [`Primitive::check`] reports.
fn first_type(region: &Region, operands: &[NodeId]) -> Type {
    operands.first().map_or_else(|| Type::real([]), |&operand| region.ty(operand).clone())
}

/// A shape without some of its axes.
fn without_axes(shape: &[Dim], axes: &[usize]) -> Shape {
    let axes = shape.iter().enumerate().filter(|(axis, _)| !axes.contains(axis));
    axes.map(|(_, dim)| dim.clone()).collect()
}

fn expect_operands(what: &str, operands: &[NodeId], count: usize) -> Result<(), String> {
    if operands.len() == count {
        return Ok(());
    }
    Err(format!("{what} has {count} operands, not {}", operands.len()))
}

fn expect_equal_types(what: &str, region: &Region, operands: &[NodeId]) -> Result<(), String> {
    match operands.windows(2).find(|pair| region.ty(pair[0]) != region.ty(pair[1])) {
        None => Ok(()),
        Some(pair) => {
            Err(format!("{what} has operands of one type, not {} and {}", region.ty(pair[0]), region.ty(pair[1])))
        }
    }
}

fn expect_real(what: &str, region: &Region, operands: &[NodeId]) -> Result<(), String> {
    match operands.iter().map(|&operand| region.ty(operand)).find(|ty| ty.elem != Elem::Real) {
        None => Ok(()),
        Some(ty) => Err(format!("{what} is of numbers, not of {ty}")),
    }
}

/// Axes are sorted, distinct and below the rank.
fn expect_axes(what: &str, axes: &[usize], rank: usize) -> Result<(), String> {
    if axes.windows(2).all(|pair| pair[0] < pair[1]) && axes.last().is_none_or(|&last| last < rank) {
        return Ok(());
    }
    Err(format!("{what} names axes {axes:?} of rank {rank}"))
}
