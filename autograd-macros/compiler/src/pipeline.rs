//! The whole compiler on one screen: tokens → syntax → graph → steady graph → derivative → simplified graph → loops →
//! Rust tokens.
//!
//! Every pass is a function from one data type to the next, run through one wrapper that verifies what comes out,
//! always: users' builds run macros without debug assertions. A user's mistake stops the run only at the borders, after
//! all mistakes of a stage have been collected; a broken rule of the compiler's own is an error too, never a panic.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

use crate::diagnostics::{Diagnostics, Problem, SpanRange};
use crate::emit::{self, Entry, EntryKind, Programs, Reduction};
use crate::graph::conditions::conditions;
use crate::graph::model::Model;
use crate::graph::{NodeId, Region};
use crate::separate::{self, Separated};
use crate::statistics::{self, Reduced};
use crate::syntax::tree;
use crate::wanted::{step_results, wanted};
use crate::{build, differentiate, loops, schedule, simplify, steady, syntax, verify};

/// Compiles `[runtime path] model tokens` to Rust: the model's items, or errors and stubs of its items.
#[must_use]
pub fn compile(tokens: TokenStream) -> TokenStream {
    let (runtime, model) = split_runtime(tokens);
    let mut diagnostics = Diagnostics::default();
    let Some(mut tree) = syntax::parse(model, &mut diagnostics) else {
        return diagnostics.into_tokens();
    };
    let code = translate(&tree, &mut diagnostics).map(|(model, programs)| emit::emit(&model, &programs, &runtime));
    match code {
        Some(code) if !diagnostics.has_errors() => code,
        _ => {
            let types = build::types(&tree);
            syntax::repair(&mut tree);
            emit::stubs(&emit::Interface::of_tree(&tree, &types), &runtime, &diagnostics.into_tokens())
        }
    }
}

/// From the syntax tree to the loop programs of all entry points.
pub fn translate(tree: &tree::Model, diagnostics: &mut Diagnostics) -> Option<(Model, Programs)> {
    translate_watched(tree, diagnostics, &mut |_, _| {})
}

/// The same; `watch` is shown the model after each pass, and the name of the pass.
fn translate_watched(
    tree: &tree::Model,
    diagnostics: &mut Diagnostics,
    watch: &mut dyn FnMut(&'static str, &Model),
) -> Option<(Model, Programs)> {
    if tree.damage == tree::Damage::Header {
        return None;
    }
    let mut model = build::build(tree, diagnostics)?;
    pass("build", &mut model, diagnostics, watch, |_, _| {})?;
    model.conditions = conditions(&model.region, &results(&model));
    pass("stabilise", &mut model, diagnostics, watch, |model, _| steady::stabilise_model(model))?;
    pass("differentiate", &mut model, diagnostics, watch, differentiate_loss)?;
    let frozen = statistics::frozen(&model);
    pass("simplify", &mut model, diagnostics, watch, |model, _| simplify::simplify_model(model))?;
    let readable = model.clone();
    pass("legalise", &mut model, diagnostics, watch, |model, _| simplify::legalise_model(model))?;
    let programs = programs(&model, frozen, diagnostics)?;
    Some((readable, programs))
}

/// Runs a pass over a model, then the verifier.
fn pass(
    name: &'static str,
    model: &mut Model,
    diagnostics: &mut Diagnostics,
    watch: &mut dyn FnMut(&'static str, &Model),
    run: impl FnOnce(&mut Model, &mut Diagnostics),
) -> Option<()> {
    run(model, diagnostics);
    if let Err((span, message)) = verify::region(&model.region, &results(model)) {
        internal(diagnostics, name, model.name.span(), span, message);
    }
    watch(name, model);
    (!diagnostics.has_errors()).then_some(())
}

fn internal(diagnostics: &mut Diagnostics, pass: &'static str, model: Span, span: Option<SpanRange>, message: String) {
    diagnostics.error(span.unwrap_or_else(|| model.into()), Problem::Internal { pass, message });
}

/// Fills in `model.gradients`: the derivative of the stable form of `loss` by every parameter.
fn differentiate_loss(model: &mut Model, diagnostics: &mut Diagnostics) {
    let Some(output) = model.outputs.iter_mut().find(|output| output.name == "loss") else { return };
    output.node = simplify::stabilise(&mut model.region, output.node);
    let (loss, span) = (output.node, output.name.span());
    let params: Vec<NodeId> = model.params.iter().map(|param| param.node).collect();
    match differentiate::gradient(&mut model.region, loss, &params) {
        Ok(gradients) => {
            let zero = |region: &mut Region, param: NodeId| region.zeros_like(param);
            model.gradients = (params.iter().zip(gradients))
                .map(|(&param, gradient)| gradient.unwrap_or_else(|| zero(&mut model.region, param)))
                .collect();
        }
        Err(refusal) => {
            let place = refusal.span.unwrap_or_else(|| span.into());
            let help = "a value that `stop_gradient(…)` stands around is taken for constant";
            diagnostics.error_with_help(place, Problem::DerivativeRefused { reason: refusal.reason }, help);
        }
    }
}

/// Every node that the model wants.
fn results(model: &Model) -> Vec<NodeId> {
    let outputs = model.outputs.iter().map(|output| output.node);
    let steps = model.steps.iter().flat_map(step_results);
    outputs.chain(model.gradients.iter().copied()).chain(steps).collect()
}

/// Loop programs for every set of results that users can ask for, of the model and of one that is bound to its inputs, and
/// of one that is reduced to statistics, unless there is a reason against it.
fn programs(model: &Model, frozen: Option<String>, diagnostics: &mut Diagnostics) -> Option<Programs> {
    let (kinds, results): (Vec<EntryKind>, Vec<Vec<NodeId>>) = wanted(model).into_iter().unzip();
    let Separated { prepared, preparation, region, results: bound } = separate::separate(&model.region, &results);
    let mut entry = |region: &Region, kind: EntryKind, results: &[NodeId]| {
        let program = schedule::schedule_step(region, results, &targets(model, kind));
        if let Err(message) = loops::verify::verify(&program) {
            internal(diagnostics, "schedule", model.name.span(), None, message);
        }
        Entry { kind, program }
    };
    let entries = kinds.iter().zip(&results).map(|(&kind, results)| entry(&model.region, kind, results)).collect();
    let bound = kinds.iter().zip(&bound).filter_map(|(&kind, results)| Some((kind, results.as_ref()?)));
    let mut bound: Vec<Entry> = bound.map(|(kind, results)| entry(&region, kind, results)).collect();
    if !prepared.is_empty() {
        let nodes: Vec<NodeId> = prepared.iter().map(|value| value.node).collect();
        bound.push(entry(&preparation, EntryKind::Prepare, &nodes));
    }
    let is_objective = !model.gradients.is_empty();
    let reduction = is_objective.then(|| {
        if let Some(reason) = frozen {
            return Err(reason);
        }
        let Reduced { statistics, summary, region, results, summed, terms } = statistics::reduce(model)?;
        let nodes: Vec<NodeId> = statistics.iter().map(|statistic| statistic.node).collect();
        let summary = entry(&summary, EntryKind::Summary, &nodes);
        let reduced = entry(&region, EntryKind::Reduced, &results);
        Ok(Reduction { statistics, summary, reduced, summed, terms })
    });
    (!diagnostics.has_errors()).then_some(Programs { entries, prepared, bound, reduction })
}

/// What a step assigns to.
fn targets(model: &Model, kind: EntryKind) -> Vec<&str> {
    let step = if let EntryKind::Step(place) = kind { model.steps.get(place) } else { None };
    step.into_iter().flat_map(|step| &step.assignments).map(|(target, _)| &**target).collect()
}

/// What one entry point is at every stage, as text by the name of the pass: the graph of the model, then the entry's nests,
/// loops and program. Nothing of a model with mistakes but the passes before them.
#[must_use]
pub fn explain(
    tree: &tree::Model,
    wanted_kind: EntryKind,
    diagnostics: &mut Diagnostics,
) -> Vec<(&'static str, String)> {
    let (mut stages, mut last) = (Vec::new(), None);
    translate_watched(tree, diagnostics, &mut |name, model| {
        stages.push((name, graph_text(model)));
        last = Some(model.clone());
    });
    if let Some(model) = last.filter(|_| !diagnostics.has_errors())
        && let Some((kind, results)) = wanted(&model).into_iter().find(|(kind, _)| *kind == wanted_kind)
    {
        stages.extend(schedule::stages(&model.region, &results, &targets(&model, kind)));
    }
    stages
}

/// All that a model computes: its outputs, the derivatives of its loss, and what its steps assign.
fn graph_text(model: &Model) -> String {
    let outputs = model.outputs.iter().map(|output| (output.name.to_string(), output.node));
    let gradients = model.params.iter().zip(&model.gradients);
    let gradients = gradients.map(|(param, &node)| (format!("∂loss/∂{}", param.name), node));
    let assigned = model.steps.iter().flat_map(|step| &step.assignments);
    let assigned = assigned.map(|(target, node)| (format!("{target} :="), *node));
    let named: Vec<(String, NodeId)> = outputs.chain(gradients).chain(assigned).collect();
    let named: Vec<(&str, NodeId)> = named.iter().map(|(name, node)| (name.as_str(), *node)).collect();
    crate::graph::print::print(&model.region, &named)
}

/// `[::path] rest`: the path to the runtime's hidden module comes first, between brackets.
fn split_runtime(tokens: TokenStream) -> (TokenStream, TokenStream) {
    let mut tokens = tokens.into_iter();
    match tokens.next() {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => (group.stream(), tokens.collect()),
        first => (quote::quote!(::autograd_core), first.into_iter().chain(tokens).collect()),
    }
}
