//! Error recovery: what a tree with mistakes lacks to be printed as stubs: names that Rust can read, each once.
//!
//! `param fn, w, w;` becomes `param fn_, w;`. Only names change or go, and only where a mistake has been reported.

use std::collections::BTreeSet;

use proc_macro2::Ident;

use super::names::{as_name, is_reserved, is_reserved_type};
use super::tree::{Declaration, Item, Model};

/// Makes the names of a model fit for stubs.
pub fn repair(model: &mut Model) {
    readable(&mut model.name);
    if is_reserved_type(&model.name) {
        model.name = Ident::new(&format!("{}Model", model.name), model.name.span());
    }
    if !model.items.iter().any(|item| matches!(item, Item::Output(binding) if binding.name == "loss")) {
        // `let loss = …;` was meant for the output.
        for item in &mut model.items {
            match item {
                Item::Let(binding) if binding.name == "loss" => *item = Item::Output(binding.clone()),
                _ => {}
            }
        }
    }
    model.dims.iter_mut().chain(&mut model.module).for_each(readable);
    // The module of a model that is called like it is the one that the model would have without `as`.
    model.module.take_if(|module| *module == model.name);
    for item in &mut model.items {
        match item {
            Item::Param(declaration) | Item::State(declaration) | Item::Input(declaration) => {
                readable(&mut declaration.name);
            }
            Item::Output(binding) => readable(&mut binding.name),
            Item::Step(step) => {
                readable(&mut step.name);
                step.inputs.iter_mut().for_each(|input| readable(&mut input.name));
            }
            Item::Const(_) | Item::Let(_) | Item::Function(_) | Item::Derive(_) => {}
        }
    }
    distinct(&mut model.dims, |name| Some((0, name.clone())));
    distinct(&mut model.items, namespace);
    for item in &mut model.items {
        if let Item::Step(step) = item {
            distinct(&mut step.inputs, |Declaration { name, .. }| Some((0, name.clone())));
            distinct(&mut step.results, |name| Some((0, name.clone())));
        }
    }
}

/// Where an item's name has to be the only one of its kind; nowhere, if nothing is printed for it. Names of methods
/// that every model has are left out.
fn namespace(item: &Item) -> Option<(u8, Ident)> {
    match item {
        Item::Param(declaration) | Item::State(declaration) => Some((0, declaration.name.clone())),
        Item::Input(declaration) => Some((1, declaration.name.clone())),
        Item::Output(binding) => Some((2, binding.name.clone())).filter(|(_, name)| !is_reserved(name, false)),
        Item::Step(step) => Some((2, step.name.clone())).filter(|(_, name)| !is_reserved(name, true)),
        Item::Const(_) | Item::Let(_) | Item::Function(_) | Item::Derive(_) => None,
    }
}

/// Keeps the first of each name, and nothing that has none.
fn distinct<T>(list: &mut Vec<T>, name: impl Fn(&T) -> Option<(u8, Ident)>) {
    let mut seen = BTreeSet::new();
    list.retain(|entry| name(entry).is_some_and(|(space, name)| seen.insert((space, name.to_string()))));
}

/// `fn` → `fn_`
fn readable(name: &mut Ident) {
    if let Some(text) = as_name(&name.to_string()) {
        *name = Ident::new(&text, name.span());
    }
}
