//! A checked model: what `build` makes of the syntax tree, and what every later stage works on.

use std::rc::Rc;

use proc_macro2::{Ident, TokenStream};

use super::{Dim, HoldsGraph, NodeId, Rebuild, Region, Type};
use crate::diagnostics::SpanRange;

/// A checked model.
#[derive(Clone, Debug)]
pub struct Model {
    /// Attributes other than doc comments, as tokens.
    pub attributes: TokenStream,
    /// The text of the doc comments.
    pub docs: String,
    /// What the documentation says beside these.
    pub notes: Vec<String>,
    /// `pub`, `pub(crate)`, or nothing.
    pub visibility: TokenStream,
    /// `LinearRegression`
    pub name: Ident,
    /// `linear_regression`, or what `as` says.
    pub module: Ident,
    /// The dimensions of the header.
    pub dims: Vec<Dimension>,
    /// All computations.
    pub region: Region,
    /// The parameters.
    pub params: Vec<Variable>,
    /// The states.
    pub states: Vec<Variable>,
    /// The inputs of every call.
    pub inputs: Vec<Variable>,
    /// The named outputs, `loss` among them.
    pub outputs: Vec<Output>,
    /// The steps.
    pub steps: Vec<Step>,
    /// `∂loss/∂p` for each parameter, filled in by `differentiate`; empty where there is no scalar `loss`.
    pub gradients: Vec<NodeId>,
    /// Derivatives along a direction that are entry points; their results are filled in by `differentiate`.
    pub products: Vec<Product>,
    /// Whether `loss` is a multiple of the sum of the squares of `residual`.
    pub least_squares: bool,
    /// The derivatives that were built as expressions, until `steady` has taken them.
    pub derivatives: Vec<Derivative>,
    /// Dimensions that must not be negative, checked at every call; filled in by the pipeline.
    pub conditions: Vec<super::Dim>,
}

impl Model {
    /// The node of `loss`, if the model has one.
    #[must_use]
    pub fn loss(&self) -> Option<NodeId> {
        self.outputs.iter().find(|output| output.name == "loss").map(|output| output.node)
    }

    /// Every node that is wanted of it: its outputs, its gradients, what its steps assign and return.
    #[must_use]
    pub fn results(&self) -> Vec<NodeId> {
        let outputs = self.outputs.iter().map(|output| output.node);
        let steps = self.steps.iter().flat_map(Step::results);
        let products = self.products.iter().flat_map(|product| product.results.iter().copied());
        outputs.chain(self.gradients.iter().copied()).chain(steps).chain(products).collect()
    }

    /// Every place that holds a node.
    pub(crate) fn nodes_mut(&mut self) -> impl Iterator<Item = &mut NodeId> {
        let variables = self.params.iter_mut().chain(&mut self.states).chain(&mut self.inputs);
        let outputs = self.outputs.iter_mut().map(|output| &mut output.node);
        let steps = self.steps.iter_mut().flat_map(|step| {
            let inputs = step.inputs.iter_mut().map(|input| &mut input.node);
            let values = step.assignments.iter_mut().map(|(_, value)| value);
            inputs.chain(values).chain(step.results.iter_mut().map(|(_, value)| value))
        });
        let products = self.products.iter_mut().flat_map(|product| &mut product.results);
        variables
            .map(|variable| &mut variable.node)
            .chain(outputs)
            .chain(steps)
            .chain(&mut self.gradients)
            .chain(products)
    }
}

impl HoldsGraph for Model {
    fn region(&self) -> &Region {
        &self.region
    }

    fn rebuild(&mut self, rebuild: Rebuild) {
        let places: Vec<NodeId> = self.nodes_mut().map(|place| *place).collect();
        let (region, images) = rebuild(&self.region, &places);
        self.region = region;
        for (place, image) in self.nodes_mut().zip(images) {
            *place = image;
        }
    }
}

/// The product of a derivative with a direction in the space of all parameters.
#[derive(Clone, Debug)]
pub struct Product {
    /// Of which derivative.
    pub kind: ProductKind,
    /// What it gives; empty until `differentiate` has made it.
    pub results: Vec<NodeId>,
}

/// Which derivative is multiplied by a direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProductKind {
    /// The Hessian of the loss: one result for each parameter.
    Hessian,
    /// The Jacobian of the output `residual`, which stands at this place: one result, in its shape.
    Residual(usize),
}

/// A derivative that was built as an expression: `node` is that of `of` by `by`.
#[derive(Clone, Copy, Debug)]
pub struct Derivative {
    /// What was built.
    pub node: NodeId,
    /// What is differentiated.
    pub of: NodeId,
    /// A leaf, or a name.
    pub by: NodeId,
    /// In which direction.
    pub mode: Mode,
    /// Whether it keeps the curvature of distances: see [`Region::set_curved`].
    pub curved: Option<u32>,
}

/// Which derivative.
#[derive(Clone, Copy, Debug)]
pub enum Mode {
    /// All of it, of a number.
    Gradient,
    /// That along a direction.
    Tangent(NodeId),
    /// That of the sum of the value times a weight.
    Cotangent(NodeId),
}

/// A dimension of the header.
#[derive(Clone, Debug)]
pub struct Dimension {
    /// Its name.
    pub name: Ident,
    /// What fixes it.
    pub source: DimSource,
}

/// What fixes a dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DimSource {
    /// A parameter or state has it: fixed when the model is made, a field of `Dims`.
    Model,
    /// Only inputs have it: bound at each call.
    Inputs,
    /// No array carries it: an integer field of `Inputs`.
    Field,
}

/// A parameter, state or input.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: Ident,
    /// The text of its doc comments.
    pub docs: String,
    /// What it is.
    pub ty: Type,
    /// Its leaf in the region.
    pub node: NodeId,
    /// `in K`: class indices below K.
    pub classes: Option<Dim>,
    /// Where it lies (parameters).
    pub support: Support,
    /// How it starts (parameters and states).
    pub initial: Initial,
    /// Declared `unused`.
    pub unused: bool,
    /// The declaration.
    pub span: SpanRange,
}

impl Variable {
    /// Where it is found in what has it: the names of fields from the outside in. There is one, as no model has another in
    /// it yet.
    #[must_use]
    pub fn path(&self) -> Vec<Ident> {
        vec![self.name.clone()]
    }
}

/// Where the numbers of a parameter lie.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Support {
    /// Anywhere.
    #[default]
    Real,
    /// Above a bound.
    Above(f64),
    /// Below a bound.
    Below(f64),
    /// Between two bounds.
    Between(f64, f64),
    /// They are positive and have the sum 1 along the last axis.
    Simplex,
}

/// How a parameter or state starts: a call of the runtime's `init` module.
#[derive(Clone, Debug, PartialEq)]
pub enum Initial {
    /// One number in all elements; 0 is the default.
    Constant(f64),
    /// `name(arguments)`: a random or structured initialiser.
    Call {
        /// `kaiming_uniform`
        name: String,
        /// Numbers known to the compiler.
        arguments: Vec<f64>,
    },
}

impl Initial {
    /// The initialisers that draw nothing.
    const FIXED: &[&str] = &["zeros", "ones", "constant", "full", "eye", "identity", "simplex"];

    /// Whether nothing is drawn: every model starts alike.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        match self {
            Self::Constant(_) => true,
            Self::Call { name, .. } => Self::FIXED.contains(&&**name),
        }
    }
}

/// A named output.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its name.
    pub name: Ident,
    /// The text of its doc comments.
    pub docs: String,
    /// Its value.
    pub node: NodeId,
}

/// A compiled step: assignments that all see the values from before.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name.
    pub name: Ident,
    /// The text of its doc comments.
    pub docs: String,
    /// Inputs of its own.
    pub inputs: Vec<Variable>,
    /// Parameter or state, and its new value.
    pub assignments: Vec<(Rc<str>, NodeId)>,
    /// What it returns.
    pub results: Vec<(Ident, NodeId)>,
}

impl Step {
    /// The new values that it assigns, then what it returns.
    pub fn results(&self) -> impl Iterator<Item = NodeId> {
        let assigned = self.assignments.iter().map(|(_, node)| *node);
        assigned.chain(self.results.iter().map(|(_, node)| *node))
    }
}
