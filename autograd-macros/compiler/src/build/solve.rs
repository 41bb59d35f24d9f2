//! Dimension inference: what fixes each dimension of the header, which is a parameter or state, the inputs of a call,
//! or a field of its own.

use std::collections::BTreeSet;

use super::Builder;
use super::items::Parts;
use crate::graph::Dim;
use crate::graph::model::{DimSource, Variable};
use crate::syntax::tree::Item;

impl Builder<'_> {
    /// The source of each dimension, in the header's order. An array that leaves dimensions open is an error.
    pub(super) fn solve_dims(&mut self, parts: &Parts) -> Vec<DimSource> {
        let model = names_of(parts.params.iter().chain(&parts.states));
        let inputs = names_of(&parts.inputs);
        let sources: Vec<DimSource> =
            self.tree.dims.iter().map(|dim| source(&dim.to_string(), &model, &inputs)).collect();
        if self.is_whole() {
            let fields = self.tree.dims.iter().zip(&sources).filter(|(_, source)| **source == DimSource::Field);
            let known = solved(parts, fields.map(|(dim, _)| dim.to_string()).collect());
            self.report_open(parts, &known);
        }
        sources
    }

    fn report_open(&mut self, parts: &Parts, known: &BTreeSet<String>) {
        let mut reported: BTreeSet<String> = BTreeSet::new();
        for variable in variables(parts) {
            let open: Vec<String> = names_of([variable]).into_iter().filter(|name| !known.contains(name)).collect();
            if open.iter().any(|name| !reported.contains(name)) {
                let declaration = self.tree.items.iter().find_map(|item| match item {
                    Item::Param(declaration) | Item::State(declaration) | Item::Input(declaration) => {
                        (declaration.name == variable.name).then_some(declaration)
                    }
                    Item::Const(_)
                    | Item::Let(_)
                    | Item::Output(_)
                    | Item::Function(_)
                    | Item::Step(_)
                    | Item::Derive(_) => None,
                });
                let span = declaration.map_or(variable.span, |declaration| declaration.shape_span);
                self.unsolvable(span, &variable.ty.shape, &open);
                reported.extend(open);
            }
        }
    }
}

/// Every array that a call sees: a model may be made from its fields, so that parameters say no more than inputs.
fn variables(parts: &Parts) -> impl Iterator<Item = &Variable> {
    parts.params.iter().chain(&parts.states).chain(&parts.inputs)
}

/// The dimensions that the arrays of a call give, where some are known.
fn solved(parts: &Parts, mut known: BTreeSet<String>) -> BTreeSet<String> {
    let axes = || variables(parts).flat_map(|variable| variable.ty.shape.iter());
    known.extend(axes().filter_map(|dim| dim.as_name()).map(ToString::to_string));
    let mut open: Vec<&Dim> = axes().filter(|dim| dim.as_name().is_none()).collect();
    loop {
        let before = open.len();
        open.retain(|dim| match dim.open_name(&|name| known.contains(name)) {
            Some(name) => !known.insert(name.to_string()),
            None => true,
        });
        if open.len() == before {
            return known;
        }
    }
}

fn source(name: &str, model: &BTreeSet<String>, inputs: &BTreeSet<String>) -> DimSource {
    if model.contains(name) {
        DimSource::Model
    } else if inputs.contains(name) {
        DimSource::Inputs
    } else {
        DimSource::Field
    }
}

/// The names in the shapes of some variables.
fn names_of<'v>(variables: impl IntoIterator<Item = &'v Variable>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for dim in variables.into_iter().flat_map(|variable| variable.ty.shape.iter()) {
        dim.for_each_name(&mut |name| {
            names.insert(name.to_string());
        });
    }
    names
}
