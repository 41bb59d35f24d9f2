//! What fixes each dimension of the header: a parameter or state, the inputs of a call, or a field of its own.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::Builder;
use super::items::Parts;
use crate::graph::Dim;
use crate::graph::dim::Atom;
use crate::graph::model::{DimSource, Variable};

impl Builder<'_> {
    /// The source of each dimension, in the header's order. An input that leaves dimensions open is an error.
    pub(super) fn solve_dims(&mut self, parts: &Parts) -> Vec<DimSource> {
        let model = names_of(parts.params.iter().chain(&parts.states));
        let inputs = names_of(&parts.inputs);
        let sources: Vec<DimSource> =
            self.tree.dims.iter().map(|dim| source(&dim.to_string(), &model, &inputs)).collect();
        let fixed = self.tree.dims.iter().zip(&sources).filter(|(_, source)| **source != DimSource::Inputs);
        let mut known: BTreeSet<String> = fixed.map(|(dim, _)| dim.to_string()).collect();
        while solve_one(parts, &mut known) {}
        if self.is_whole() {
            self.report_open(parts, &known);
        }
        sources
    }

    fn report_open(&mut self, parts: &Parts, known: &BTreeSet<String>) {
        let mut reported: BTreeSet<String> = BTreeSet::new();
        for input in &parts.inputs {
            let open: Vec<String> = names_of([input]).into_iter().filter(|name| !known.contains(name)).collect();
            if open.iter().any(|name| !reported.contains(name)) {
                let declaration = self.tree.items.iter().find_map(|item| match item {
                    crate::syntax::tree::Item::Input(declaration) if declaration.name == input.name => {
                        Some(declaration)
                    }
                    _ => None,
                });
                let span = declaration.map_or(input.span, |declaration| declaration.shape_span);
                self.unsolvable(span, &input.ty.shape, &open);
                reported.extend(open);
            }
        }
    }
}

/// Finds an axis that gives one more dimension.
fn solve_one(parts: &Parts, known: &mut BTreeSet<String>) -> bool {
    let mut axes = parts.inputs.iter().flat_map(|input| input.ty.shape.iter());
    let found = axes.find_map(|dim| solvable_for(dim, known));
    found.is_some_and(|name| known.insert(name.to_string()))
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

/// The one unknown name of a dimension, if it stands alone with an integer factor: `N-1`, `2*N + D`.
fn solvable_for(dim: &Dim, known: &BTreeSet<String>) -> Option<Rc<str>> {
    let mut unknown: Vec<Rc<str>> = Vec::new();
    dim.for_each_name(&mut |name| {
        if !known.contains(&**name) && !unknown.contains(name) {
            unknown.push(name.clone());
        }
    });
    let [name] = unknown.as_slice() else { return None };
    let mut alone = 0;
    for term in dim.terms() {
        match term.atoms.as_slice() {
            [Atom::Name(atom)] if atom == name => alone += 1,
            atoms if atoms.iter().any(|atom| mentions(atom, name)) => return None,
            _ => {}
        }
    }
    (alone == 1).then(|| name.clone())
}

fn mentions(atom: &Atom, name: &Rc<str>) -> bool {
    match atom {
        Atom::Name(found) => found == name,
        Atom::Quotient(pair) => {
            let mut found = false;
            pair.0.for_each_name(&mut |inner| found |= inner == name);
            pair.1.for_each_name(&mut |inner| found |= inner == name);
            found
        }
    }
}
