//! Declarations: the items of a model, in two rounds. First everything that is declared gets its name, so that order
//! matters only among values; then values are built from top to bottom.

use std::collections::BTreeSet;

use proc_macro2::Ident;

use super::scope::{Global, Meaning};
use super::{Builder, Built, Reported, Types};
use crate::diagnostics::{Help, Place, Problem};
use crate::graph::model::{DimSource, Dimension, Initial, Model, Output, Step, Variable};
use crate::graph::{Dim, Elem, NodeId, ShapeText, Type};
use crate::ops::LeafKind;
use crate::syntax::module_name;
use crate::syntax::tree::{Binding, Declaration, Expr, Item};

/// What has been built of the model's items.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) params: Vec<Variable>,
    pub(super) states: Vec<Variable>,
    pub(super) inputs: Vec<Variable>,
    pub(super) outputs: Vec<Output>,
    pub(super) steps: Vec<Step>,
    /// The names of all steps so far, those with mistakes too.
    pub(super) step_names: BTreeSet<String>,
}

impl Builder<'_> {
    /// Builds the whole model, and says whether a derivative is differentiated.
    pub(super) fn model(mut self) -> Option<(Model, bool)> {
        self.push_frame();
        let before = self.diagnostics.errors().len();
        let is_whole = self.is_whole();
        let mut parts = Parts::default();
        self.declare_names();
        self.build_consts();
        self.declare_variables(&mut parts);
        self.build_values(&mut parts);
        self.check_uncalled();
        self.check_loss(&parts);
        self.check_computes(&parts);
        self.check_products(&parts);
        let sources = self.solve_dims(&parts);
        if is_whole && self.diagnostics.errors().len() == before {
            self.check_reach(&parts);
        }
        let loss = parts.outputs.iter().find(|output| output.name == "loss").map(|loss| loss.node);
        let is_nested = self.is_nested || loss.is_some_and(|loss| self.order(loss) > 0);
        (is_whole && self.diagnostics.errors().len() == before).then(|| (self.finish(parts, &sources), is_nested))
    }

    /// The types of what could be built.
    pub(super) fn types(mut self) -> Types {
        self.push_frame();
        let mut parts = Parts::default();
        self.declare_names();
        self.build_consts();
        self.declare_variables(&mut parts);
        self.build_values(&mut parts);
        let outputs = parts.outputs.iter().map(|output| (output.name.to_string(), self.ty(output.node)));
        let results = parts.steps.iter().flat_map(|step| {
            let results = step.results.iter();
            results.map(|(name, node)| ((step.name.to_string(), name.to_string()), self.ty(*node)))
        });
        Types { outputs: outputs.collect(), results: results.collect() }
    }

    /// A model has something that can be asked of it.
    fn check_computes(&mut self, parts: &Parts) {
        let is_empty = self.tree.items.iter().all(|item| !matches!(item, Item::Output(_) | Item::Step(_)));
        if !is_empty || !parts.outputs.is_empty() || !self.is_whole() {
            return;
        }
        let last = self.tree.items.iter().rev().find_map(|item| match item {
            Item::Let(binding) => Some(binding.name.to_string()),
            _ => None,
        });
        let help = match last {
            Some(name) => {
                format!("`{name} = …;` without `let` is an output; `loss = …;` is what optimisers make small")
            }
            None => "`loss = …;` is an output, and what optimisers make small".to_owned(),
        };
        let problem = Problem::NoOutput { name: self.tree.name.to_string() };
        self.error_with_help(self.tree.name.span(), problem, help);
    }

    fn finish(self, parts: Parts, sources: &[DimSource]) -> Model {
        let tree = self.tree;
        let dims = tree.dims.iter().zip(sources);
        let products = super::products::wanted(tree, &self.region, &parts.outputs);
        Model {
            attributes: tree.attributes.clone(),
            docs: tree.docs.clone(),
            notes: self.notes,
            visibility: tree.visibility.clone(),
            name: tree.name.clone(),
            module: tree.module.clone().unwrap_or_else(|| module_name(&tree.name)),
            dims: dims.map(|(name, &source)| Dimension { name: name.clone(), source }).collect(),
            region: self.region,
            params: parts.params,
            states: parts.states,
            inputs: parts.inputs,
            outputs: parts.outputs,
            steps: parts.steps,
            gradients: Vec::new(),
            products,
            least_squares: tree.least_squares,
            derivatives: self.derivatives,
            conditions: Vec::new(),
        }
    }

    /// Gives every name of the model its kind; the meanings follow.
    fn declare_names(&mut self) {
        let tree = self.tree;
        self.dims = tree.dims.iter().map(ToString::to_string).collect();
        for (place, item) in tree.items.iter().enumerate() {
            match item {
                Item::Param(declaration) => self.declare(&declaration.name, "parameter"),
                Item::Input(declaration) => self.declare(&declaration.name, "input"),
                Item::State(declaration) => self.declare(&declaration.name, "state"),
                Item::Const(binding) => self.declare(&binding.name, "constant"),
                Item::Let(binding) => binding.names().for_each(|name| self.declare(name, "value")),
                Item::Output(binding) => self.declare(&binding.name, "output"),
                Item::Step(_) | Item::Derive(_) => {}
                Item::Function(function) => {
                    let name = function.name.to_string();
                    let taken = self.functions.contains_key(&name);
                    if taken {
                        self.duplicate(&function.name, "function");
                    } else {
                        self.functions.insert(name, function);
                    }
                }
            }
            if !tree.is_read(place) {
                self.silence(item);
            }
        }
    }

    /// Lets whatever uses an item keep silent: there is a mistake in how it is written.
    fn silence(&mut self, item: &Item) {
        match item {
            Item::Param(Declaration { name, .. })
            | Item::Input(Declaration { name, .. })
            | Item::State(Declaration { name, .. })
            | Item::Const(Binding { name, .. })
            | Item::Output(Binding { name, .. }) => self.define(name, Meaning::Value(Err(Reported))),
            Item::Let(binding) => {
                binding.names().for_each(|name| self.define(name, Meaning::Value(Err(Reported))));
            }
            Item::Function(function) => {
                self.silent.insert(function.name.to_string());
            }
            Item::Step(_) | Item::Derive(_) => {}
        }
    }

    fn declare(&mut self, name: &Ident, kind: &'static str) {
        let text = name.to_string();
        if self.is_dim(&text) {
            self.duplicate(name, "dimension");
        } else if let Some(taken) = self.globals.get(&text).map(|global| global.kind) {
            self.duplicate(name, taken);
        } else {
            self.globals.insert(text, Global { kind, meaning: Meaning::Later });
        }
    }

    /// Gives a name its meaning, unless that of an earlier item of the same name stands.
    pub(super) fn define(&mut self, name: &Ident, meaning: Meaning) {
        let entry = self.globals.get_mut(&name.to_string());
        if let Some(global) = entry.filter(|global| matches!(global.meaning, Meaning::Later)) {
            global.meaning = meaning;
        }
    }

    fn declare_variables(&mut self, parts: &mut Parts) {
        let tree = self.tree;
        for item in tree.read_items() {
            let (kind, declaration, list) = match item {
                Item::Param(declaration) => (LeafKind::Param, declaration, &mut parts.params),
                Item::State(declaration) => (LeafKind::State, declaration, &mut parts.states),
                Item::Input(declaration) => (LeafKind::Input, declaration, &mut parts.inputs),
                Item::Const(_)
                | Item::Let(_)
                | Item::Output(_)
                | Item::Function(_)
                | Item::Step(_)
                | Item::Derive(_) => continue,
            };
            let variable = if declaration.half_shaped { Err(Reported) } else { self.variable(kind, declaration) };
            let meaning = Meaning::Value(variable.as_ref().map(|variable| variable.node).map_err(|&reported| reported));
            self.define(&declaration.name, meaning);
            if let (LeafKind::Param, Ok(variable)) = (kind, &variable) {
                self.params.push(variable.node);
            }
            list.extend(variable);
        }
    }

    /// The leaf of a declaration, and all that is known about it.
    pub(super) fn variable(&mut self, kind: LeafKind, declaration: &Declaration) -> Built<Variable> {
        let shape = self.shape_of(&declaration.shape);
        let classes = declaration.classes.as_ref().map(|classes| self.class_count(kind, classes)).transpose();
        let initial = match (&declaration.initial, &shape) {
            (Some(expr), Ok(shape)) => self.initial(expr, shape),
            (Some(expr), Err(_)) => self.initial(expr, &[Dim::ONE, Dim::ONE]),
            (None, _) => Ok(Initial::Constant(0.0)),
        };
        let support = self.support(declaration, shape.as_deref().ok());
        let (shape, classes, initial, support) = (shape?, classes?, initial?, support?);
        let initial = self.start_within(declaration, &support, initial)?;
        let elem = if classes.is_some() { Elem::Index } else { Elem::Real };
        let ty = Type { elem, shape };
        let name = declaration.name.to_string();
        let outer = self.region.set_span(Some(declaration.span));
        let node = self.region.leaf(kind, &name, ty.clone());
        self.region.set_name(node, &name.as_str().into());
        self.region.set_span(outer);
        if let Some(classes) = &classes {
            self.classes.insert(node, classes.clone());
        }
        Ok(Variable {
            name: declaration.name.clone(),
            docs: declaration.docs.clone(),
            ty,
            node,
            classes,
            support,
            initial,
            unused: declaration.unused,
            span: declaration.span,
        })
    }

    fn class_count(&mut self, kind: LeafKind, classes: &Expr) -> Built<Dim> {
        match kind {
            LeafKind::Input | LeafKind::StepInput | LeafKind::Prepared | LeafKind::Direction => self.extent_of(classes),
            LeafKind::Param | LeafKind::State => {
                let problem = Problem::NotSupported { what: "a parameter or state of class indices".into() };
                Err(self.error(classes.span, problem))
            }
        }
    }

    fn build_values(&mut self, parts: &mut Parts) {
        let tree = self.tree;
        for item in tree.read_items() {
            match item {
                Item::Let(binding) => {
                    for (name, value) in self.bound_names(binding) {
                        let value = value.map(|value| self.watched_value(name, value));
                        self.define(name, Meaning::Value(value));
                    }
                }
                Item::Output(binding) => {
                    let value = self.global_value(binding);
                    self.define(&binding.name, Meaning::Value(value));
                    let (name, docs) = (binding.name.clone(), binding.docs.clone());
                    parts.outputs.extend(value.map(|node| Output { name, docs, node }));
                }
                Item::Step(step) => self.build_step(step, parts),
                Item::Param(_)
                | Item::Input(_)
                | Item::State(_)
                | Item::Const(_)
                | Item::Function(_)
                | Item::Derive(_) => {}
            }
        }
    }

    fn global_value(&mut self, binding: &Binding) -> Built {
        let value = self.bound(binding)?;
        Ok(self.watched_value(&binding.name, value))
    }

    fn watched_value(&mut self, name: &Ident, value: NodeId) -> NodeId {
        let name = name.to_string();
        if self.watched.contains(&name) { self.watch(&name, value) } else { value }
    }

    /// The names of a binding with their values.
    pub(super) fn bound_names<'b>(&mut self, binding: &'b Binding) -> Vec<(&'b Ident, Built)> {
        if binding.others.is_empty() {
            return vec![(&binding.name, self.bound(binding))];
        }
        let count = 1 + binding.others.len();
        let values = self.values(&binding.value).and_then(|values| {
            if values.len() == count {
                return Ok(values);
            }
            let problem = Problem::TupleSize { names: count, values: values.len() };
            Err(self.error(binding.name.span(), problem))
        });
        binding
            .names()
            .enumerate()
            .map(|(place, name)| {
                let value = values.as_ref().map(|values| values[place]).map_err(|&reported| reported);
                if let Ok(node) = value
                    && self.outside.is_none()
                    && !self.region.node(node).operands.is_empty()
                {
                    self.region.set_name(node, &name.to_string().as_str().into());
                }
                (name, value)
            })
            .collect()
    }

    /// The value of a binding, which gets its name.
    pub(super) fn bound(&mut self, binding: &Binding) -> Built {
        let name = binding.name.to_string();
        let outer = std::mem::replace(&mut self.current, name);
        let value = match &binding.indices {
            Some(indices) => self.indexed(indices, &binding.value),
            None => self.expr(&binding.value),
        };
        let name = std::mem::replace(&mut self.current, outer);
        if let Ok(node) = value
            && self.outside.is_none()
            && !self.region.node(node).operands.is_empty()
        {
            self.region.set_name(node, &name.as_str().into());
        }
        value
    }

    /// The loss is a scalar number.
    fn check_loss(&mut self, parts: &Parts) {
        let Some(loss) = parts.outputs.iter().find(|output| output.name == "loss") else { return };
        let ty = self.ty(loss.node);
        if ty.elem != Elem::Real {
            self.error(loss.name.span(), Problem::LossNotScalar { found: super::text::describe(&ty) });
        } else if !ty.shape.is_empty() {
            let problem = Problem::LossNotScalar { found: ShapeText(&ty.shape).to_string() };
            let help =
                match self.tree.items.iter().find(|item| matches!(item, Item::Output(it) if it.name == loss.name)) {
                    Some(Item::Output(Binding { value, .. })) => {
                        let text = super::text::short(value).unwrap_or_else(|| "…".to_owned());
                        let help = Help::from(format!("`loss = mean({text});`"));
                        help.and(value.span, Place::Before, "mean(").and(value.span, Place::After, ")")
                    }
                    _ => "`loss = mean(…);`".into(),
                };
            self.error_with_help(loss.name.span(), problem, help);
        }
    }
}
