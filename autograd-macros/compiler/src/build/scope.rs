//! Name resolution: what a name means where it stands, and the errors for those that mean nothing.
//!
//! Values and functions have separate namespaces. A value is looked up among the locals of the innermost function or
//! step, then among the model's values, its dimensions, and last the constants (`pi`), which any user's name hides.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::Ident;

use super::{Builder, Built, Reported, suggest};
use crate::diagnostics::{Help, Problem, SpanRange};
use crate::graph::{Dim, NodeId};
use crate::habits::names;

/// What a name of the model stands for.
#[derive(Clone, Debug)]
pub(super) struct Global {
    /// `parameter`, `input`, …: for messages.
    pub(super) kind: &'static str,
    /// Its meaning.
    pub(super) meaning: Meaning,
}

/// The meaning of a name.
#[derive(Clone, Debug)]
pub(super) enum Meaning {
    /// A value, or one whose mistakes have been reported.
    Value(Built),
    /// A number known to the compiler.
    Number(f64),
    /// Defined further below.
    Later,
}

/// The locals of a function that is being inlined, or of a step.
#[derive(Debug, Default)]
pub(super) struct Frame {
    /// Names and values, innermost last.
    pub(super) locals: Vec<(String, Built)>,
    /// Where each name stands among them, innermost last.
    pub(super) places: BTreeMap<String, Vec<usize>>,
    /// Whether the body is part of the language: it sees neither the model's values nor its functions.
    pub(super) sealed: bool,
    /// The function's name; empty for a step.
    pub(super) function: String,
    /// The locals that some derivative is taken with respect to.
    pub(super) watched: BTreeSet<String>,
    /// The arguments of the language's own function as the user wrote them, and where.
    pub(super) written: BTreeMap<String, (String, SpanRange)>,
    /// The sizes that names stand for: those of the patterns of its arguments, and of arguments that are numbers.
    pub(super) sizes: BTreeMap<String, Dim>,
    /// The messages of the mistakes in it so far.
    pub(super) mistakes: Vec<String>,
}

/// The names of the model.
pub(super) type Globals = BTreeMap<String, Global>;

/// What a name can mean in an expression.
pub(super) enum Found {
    Value(Built),
    Number(f64),
    Dim(Dim),
}

impl Builder<'_> {
    /// The meaning of a name at this place.
    pub(super) fn look_up(&mut self, name: &Ident) -> Built<Found> {
        let text = name.to_string();
        if let Some(frame) = self.frames.last() {
            if let Some(value) = self.local(&text) {
                return Ok(Found::Value(value));
            }
            if let Some(size) = frame.sizes.get(&text) {
                return Ok(Found::Dim(size.clone()));
            }
            if frame.sealed {
                return constant(&text).map(Found::Number).ok_or_else(|| self.unknown_name(name));
            }
        }
        match self.globals.get(&text).map(|global| global.meaning.clone()) {
            Some(Meaning::Value(Err(reported))) => Err(reported),
            Some(Meaning::Value(value)) => match self.constant.clone() {
                Some(whose) => Err(self.not_constant(name, whose)),
                None => Ok(Found::Value(value)),
            },
            Some(Meaning::Number(value)) => Ok(Found::Number(value)),
            Some(Meaning::Later) => Err(self.used_too_early(name)),
            None if self.is_dim(&text) => Ok(Found::Dim(Dim::name(&text))),
            None => constant(&text).map(Found::Number).ok_or_else(|| self.unknown_name(name)),
        }
    }

    /// The number that a name is, if it is one that the compiler knows.
    pub(super) fn number_of(&self, name: &str) -> Option<f64> {
        if self.is_local(name) {
            return None;
        }
        match self.globals.get(name).map(|global| &global.meaning) {
            Some(Meaning::Number(value)) => Some(*value),
            Some(_) => None,
            None => constant(name),
        }
    }

    /// The local of the innermost function that has this name.
    pub(super) fn local(&self, name: &str) -> Option<Built> {
        let frame = self.frames.last()?;
        let place = *frame.places.get(name)?.last()?;
        Some(frame.locals[place].1)
    }

    /// Whether the header has this dimension.
    pub(super) fn is_dim(&self, name: &str) -> bool {
        !self.in_language() && self.dims.contains(name) || self.size_here(name).is_some()
    }

    /// The size that a name stands for in the innermost function.
    pub(super) fn size_here(&self, name: &str) -> Option<&Dim> {
        self.frames.last()?.sizes.get(name)
    }

    /// Starts a block; [`close_block`](Self::close_block) takes what this returns.
    pub(super) fn open_block(&mut self) -> usize {
        self.frames.last().map_or(0, |frame| frame.locals.len())
    }

    /// Ends a block, and with it its names.
    pub(super) fn close_block(&mut self, depth: usize) {
        if let Some(frame) = self.frames.last_mut() {
            for (name, _) in frame.locals.drain(depth..) {
                frame.places.entry(name).and_modify(|places| {
                    places.pop();
                });
            }
        }
    }

    /// Adds a local to the innermost frame (a block is one with what surrounds it).
    pub(super) fn bind_local(&mut self, name: &Ident, value: Built) {
        let text = name.to_string();
        if self.is_dim(&text) {
            self.duplicate(name, "dimension");
        }
        let watched = self.frames.last().is_some_and(|frame| frame.watched.contains(&text));
        let value = value.map(|node| if watched { self.watch(&text, node) } else { node });
        if let Some(frame) = self.frames.last_mut() {
            frame.places.entry(text.clone()).or_default().push(frame.locals.len());
            frame.locals.push((text, value));
        }
    }

    /// Wraps a value that some derivative is taken with respect to, so that it differs from every equal expression.
    pub(super) fn watch(&mut self, name: &str, node: NodeId) -> NodeId {
        self.serial += 1;
        let (stable, order) = (self.stable(node), self.order(node));
        let named = self.region.named(stable, &name.into(), self.serial);
        self.set_order(named, order);
        named
    }

    /// Starts the locals of a step, or of a block outside of any function.
    pub(super) fn push_frame(&mut self) {
        self.frames.push(Frame { watched: self.watched.clone(), ..Frame::default() });
    }

    /// Reports a name that is taken; `kind` is what took it.
    pub(super) fn duplicate(&mut self, name: &Ident, kind: &'static str) -> Reported {
        let problem = Problem::DuplicateName { name: name.to_string(), kind };
        self.error_with_help(name.span(), problem, "remove it, or rename it")
    }

    fn not_constant(&mut self, name: &Ident, whose: String) -> Reported {
        let help = super::constants::known_help(&whose);
        let problem = Problem::NotConstant { whose, name: name.to_string() };
        self.error_with_help(name.span(), problem, help)
    }

    fn used_too_early(&mut self, name: &Ident) -> Reported {
        let name_text = name.to_string();
        let kind = self.globals.get(&name_text).map(|global| global.kind);
        if let (Some(whose), Some("parameter" | "input" | "state")) = (&self.constant, kind) {
            return self.not_constant(name, whose.clone());
        }
        let problem = if self.current == name_text {
            Problem::SelfReference { name: name_text }
        } else {
            Problem::UsedTooEarly { name: name_text }
        };
        let help = "values are defined in order, from top to bottom";
        self.error_with_help(name.span(), problem, help)
    }

    fn unknown_name(&mut self, name: &Ident) -> Reported {
        if !self.is_whole() {
            return Reported;
        }
        let text = name.to_string();
        if let Some(binder) = self.was_index(&text).map(str::to_owned) {
            let help = super::indices::scope_help(&binder);
            return self.error_with_help(name.span(), Problem::IndexEscapes { name: text, binder }, help);
        }
        let declared = || format!("declare it: `param {text};`, `input {text};` or `let {text} = …;`");
        let constant = names::CONSTANTS.iter().find(|(other, _)| *other == text);
        let help = match constant {
            Some((_, ours)) => Help::code(name.span(), *ours),
            None if text == "None" => names::NONE.into(),
            None => self.suggest_name(name).unwrap_or_else(|| declared().into()),
        };
        self.error_with_help(name.span(), Problem::UnknownName { name: text }, help)
    }

    /// Whether a value, a dimension or a constant has this name here.
    pub(super) fn means_something(&self, name: &str) -> bool {
        self.is_local(name) || self.globals.contains_key(name) || self.is_dim(name) || constant(name).is_some()
    }

    fn suggest_name(&self, ident: &Ident) -> Option<Help> {
        let name = &ident.to_string();
        if let Some(function) = self.canonical(name) {
            return Some(format!("`{function}` is a function: write `{function}(x)`").into());
        }
        let locals = self.frames.last().map(|frame| frame.locals.as_slice()).unwrap_or_default();
        let values = locals.iter().map(|(local, _)| local.as_str()).chain(self.globals.keys().map(String::as_str));
        let values = values.chain(self.dims.iter().map(String::as_str));
        let near = suggest::nearest(name, values)?;
        Some(Help::write(format!("did you mean `{near}`?"), ident.span(), near))
    }
}

/// The numbers with a name.
pub const CONSTANTS: &[(&str, f64, &str)] = &[
    ("pi", std::f64::consts::PI, "the ratio of a circle's circumference to its diameter"),
    ("e", std::f64::consts::E, "the base of the natural logarithm"),
    ("inf", f64::INFINITY, "infinity"),
    ("nan", f64::NAN, "not a number"),
];

fn constant(name: &str) -> Option<f64> {
    CONSTANTS.iter().find(|(constant, ..)| *constant == name).map(|(_, value, _)| *value)
}
