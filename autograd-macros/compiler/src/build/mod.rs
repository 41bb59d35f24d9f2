//! Syntax tree → checked model: names, dimensions, shapes and element kinds; sugar becomes primitives.
//!
//! `loss = mean((w*x + b - y)^2);` becomes the nodes of `sum(pow(w*x + b - y, 2)) / N`. Every mistake of the model is
//! reported in one run: an expression with a mistake is `Reported`, and what uses it keeps silent. A model is handed
//! on only if there was none.

mod axes;
mod constants;
mod derivatives;
mod dims;
mod expr;
mod functions;
mod habits;
mod indices;
mod initial;
mod items;
mod matmul;
mod products;
mod scope;
mod shapes;
mod solve;
mod steps;
mod stretch;
mod subscript;
mod suggest;
mod support;
mod text;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

pub use functions::{Entry, Family, reference};
pub use initial::INITIALISERS;
pub use scope::CONSTANTS;
use scope::{Frame, Globals, Meaning};

use crate::diagnostics::{Diagnostics, Help, Problem, SpanRange};
use crate::differentiate;
use crate::graph::model::{Derivative, Model};
use crate::graph::{Dim, NodeId, Region, Type};
use crate::syntax::tree;

/// Checks a model and builds its graph. `None` if there was a mistake; of a model that could not be read as a whole,
/// only what was read is checked.
pub fn build(tree: &tree::Model, diagnostics: &mut Diagnostics) -> Option<Model> {
    let (mut model, is_nested) = Builder::new(tree, diagnostics).model()?;
    if !is_nested || !differentiate::has_distances(&mut model.region) {
        return Some(model);
    }
    // Derivatives of derivatives: the inner ones have to know.
    let mut builder = Builder::new(tree, diagnostics);
    builder.keeps_curvature = true;
    builder.model().map(|(model, _)| model)
}

/// The types of what a model with mistakes computes, where they are known.
#[derive(Debug, Default)]
pub struct Types {
    /// Those of outputs, by name.
    pub outputs: BTreeMap<String, Type>,
    /// Those of results, by step and name.
    pub results: BTreeMap<(String, String), Type>,
}

/// What is known of the types of a model, whatever mistakes it has.
#[must_use]
pub fn types(tree: &tree::Model) -> Types {
    if tree.damage == tree::Damage::Header {
        return Types::default();
    }
    Builder::new(tree, &mut Diagnostics::default()).types()
}

/// Proof that a mistake has been reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reported;

/// Something that could be built, or whose mistakes have been reported.
type Built<T = NodeId> = Result<T, Reported>;

/// The state of one run.
struct Builder<'a> {
    tree: &'a tree::Model,
    diagnostics: &'a mut Diagnostics,
    region: Region,
    /// The names of the header.
    dims: BTreeSet<String>,
    globals: Globals,
    /// The functions of the model.
    functions: BTreeMap<String, &'a tree::Function>,
    /// The functions of the language, by name.
    table: BTreeMap<&'static str, &'static functions::Row>,
    /// Bodies of the language's functions that are written in it, once parsed.
    sugar: BTreeMap<&'static str, Vec<Rc<tree::Function>>>,
    /// Calls that have been inlined: whether the language's, the function, its arguments.
    inlined: BTreeMap<(bool, String, Vec<NodeId>), Built<Vec<NodeId>>>,
    /// The functions and steps that are being built, innermost last.
    frames: Vec<Frame>,
    /// What is being built that the compiler has to know, a `const` say, if it is.
    constant: Option<String>,
    /// The name that is being defined.
    current: String,
    /// The names that some derivative is taken with respect to.
    watched: BTreeSet<String>,
    /// The number of the last `Named` node.
    serial: u32,
    /// The parameters' leaves.
    params: Vec<NodeId>,
    /// Values in the form that is differentiated.
    stable: BTreeMap<NodeId, NodeId>,
    /// Gradients by parameters that have been built.
    gradients: BTreeMap<(NodeId, NodeId), Option<NodeId>>,
    /// The derivatives that have been built.
    derivatives: Vec<Derivative>,
    /// Whether a derivative is differentiated.
    is_nested: bool,
    /// Whether derivatives keep what those of them need of functions of distances.
    keeps_curvature: bool,
    /// How many derivatives stand in one another in each node of the region, as far as was asked.
    orders: Vec<u32>,
    /// The axes that subscripts have made.
    asked: stretch::Asked,
    /// What the documentation of the model says beside its author's words.
    notes: Vec<String>,
    /// Inputs declared `in K`.
    classes: BTreeMap<NodeId, Dim>,
    /// The functions of the model that could not be read.
    silent: BTreeSet<String>,
    /// The functions of the model that are called.
    called: BTreeSet<String>,
    /// The mistakes inside functions that have been reported: function, message, and how many equal ones came before.
    told: BTreeSet<(String, String, usize)>,
    /// The indices of index notation.
    indices: indices::Indices,
    /// Whether the model has been found to be too large.
    too_large: bool,
    /// How many expressions stand in one another here, those of inlined functions too.
    depth: usize,
    /// The call that a part of the language's own functions is built for.
    outside: Option<SpanRange>,
}

impl<'a> Builder<'a> {
    fn new(tree: &'a tree::Model, diagnostics: &'a mut Diagnostics) -> Self {
        Self {
            tree,
            diagnostics,
            region: Region::new(),
            dims: BTreeSet::new(),
            globals: Globals::new(),
            functions: BTreeMap::new(),
            table: functions::table(),
            sugar: BTreeMap::new(),
            inlined: BTreeMap::new(),
            frames: Vec::new(),
            constant: None,
            current: String::new(),
            watched: derivatives::watched(tree),
            serial: 0,
            params: Vec::new(),
            stable: BTreeMap::new(),
            gradients: BTreeMap::new(),
            derivatives: Vec::new(),
            is_nested: false,
            keeps_curvature: false,
            orders: Vec::new(),
            asked: stretch::Asked::default(),
            notes: Vec::new(),
            classes: BTreeMap::new(),
            silent: BTreeSet::new(),
            called: BTreeSet::new(),
            told: BTreeSet::new(),
            indices: indices::Indices::default(),
            too_large: false,
            depth: 0,
            outside: None,
        }
    }

    /// Whether all of the model could be read. If not, a name may be missing because its item is.
    fn is_whole(&self) -> bool {
        self.tree.damage == tree::Damage::None
    }

    /// Where to say that something happens: inside the language's own functions, at their call.
    fn place(&self, span: SpanRange) -> SpanRange {
        self.outside.unwrap_or(span)
    }

    fn error(&mut self, span: impl Into<SpanRange>, problem: Problem) -> Reported {
        let span = self.place(span.into());
        if self.is_news(&problem) {
            self.diagnostics.error(span, problem);
        }
        Reported
    }

    fn error_with_help(&mut self, span: impl Into<SpanRange>, problem: Problem, help: impl Into<Help>) -> Reported {
        let span = self.place(span.into());
        if self.is_news(&problem) {
            self.diagnostics.error_with_help(span, problem, help);
        }
        Reported
    }

    /// A function that is inlined twice shows its mistakes once.
    fn is_news(&mut self, problem: &Problem) -> bool {
        let Some(frame) = self.frames.iter_mut().rev().find(|frame| !frame.sealed) else { return true };
        if frame.function.is_empty() {
            return true;
        }
        let message = problem.message();
        let before = frame.mistakes.iter().filter(|earlier| **earlier == message).count();
        frame.mistakes.push(message.clone());
        self.told.insert((frame.function.clone(), message, before))
    }
}

#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, reason = "snapshots, as expect-test writes them")]
mod tests;
