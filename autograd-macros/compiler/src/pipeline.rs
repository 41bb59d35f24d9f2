//! The whole compiler on one screen: tokens → syntax → graph → steady graph → derivative → simplified graph → loops →
//! Rust tokens.
//!
//! Every pass is a row of a list, run by one driver (`pass`) that verifies what comes out, always: users' builds run macros
//! without debug assertions. A user's mistake stops the run only at the borders, after
//! all mistakes of a stage have been collected; a broken rule of the compiler's own is an error too, never a panic.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::diagnostics::{Diagnostics, Problem};
use crate::differentiate::Refusal;
use crate::entries::{Entry, EntryKind, EntryPoint, Programs, Reduction, direction_name, with_programs};
use crate::graph::conditions::conditions;
use crate::graph::model::{Model, ProductKind};
use crate::graph::{NodeId, Region};
use crate::look::formula;
use crate::loops::program::Program;
use crate::ops::LeafKind;
use crate::pass::{self, Broken, Fact, Pass};
use crate::reads::{self, Checked};
use crate::separate::{self, Separated};
use crate::statistics::{self, Reduced};
use crate::syntax::tree;
use crate::{build, differentiate, emit, schedule, simplify, steady, syntax};

#[cfg(any(test, feature = "look"))]
mod shown;

#[cfg(any(test, feature = "look"))]
pub use shown::subject;

/// Compiles `[runtime path] model tokens` to Rust: the model's items, or errors and stubs of its items.
#[must_use]
pub fn compile(tokens: TokenStream) -> TokenStream {
    let (runtime, model) = split_runtime(tokens);
    compile_model(model, &runtime, None)
}

/// [`compile`], where the model also has what those need who look at it: its own text, and its inputs by name.
#[must_use]
pub fn compile_to_look_at(tokens: TokenStream) -> TokenStream {
    let (runtime, model) = split_runtime(tokens);
    let source = Some(model.to_string());
    compile_model(model, &runtime, source)
}

fn compile_model(model: TokenStream, runtime: &TokenStream, source: Option<String>) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let Some(mut tree) = syntax::parse(model, &mut diagnostics) else {
        return diagnostics.into_tokens();
    };
    let code = translate(&tree, &mut diagnostics).and_then(|(model, programs)| {
        let shown = emit::Shown { formulas: formula::section(&model), source: source.clone() };
        let code = emit::emit(&model, &programs, shown, runtime);
        code.map_err(|broken| internal(&mut diagnostics, &model, broken)).ok()
    });
    match code {
        Some(code) if !diagnostics.has_errors() => code,
        _ => {
            let types = build::types(&tree);
            syntax::repair(&mut tree);
            emit::stubs(
                &emit::Interface { source, ..emit::Interface::of_tree(&tree, &types) },
                runtime,
                &diagnostics.into_tokens(),
            )
        }
    }
}

/// From the syntax tree to the loop programs of all entry points.
pub fn translate(tree: &tree::Model, diagnostics: &mut Diagnostics) -> Option<(Model, Programs)> {
    translate_watched(tree, diagnostics, &mut |_, _| {})
}

/// [`translate`], where `watch` is shown the name of each pass and the model after it.
fn translate_watched(
    tree: &tree::Model,
    diagnostics: &mut Diagnostics,
    watch: &mut dyn FnMut(&'static str, &Model),
) -> Option<(Model, Programs)> {
    if tree.damage == tree::Damage::Header {
        return None;
    }
    let mut model = build::build(tree, diagnostics)?;
    let result = passes(&mut model, diagnostics, watch).and_then(|compiled| match compiled {
        Some((readable, frozen)) => Ok(Some((readable, programs(&model, frozen)?))),
        None => Ok(None),
    });
    result.unwrap_or_else(|broken| {
        internal(diagnostics, &model, broken);
        None
    })
}

fn internal(diagnostics: &mut Diagnostics, model: &Model, broken: Broken) {
    let Broken { pass, span, message } = broken;
    diagnostics.error(span.unwrap_or_else(|| model.name.span().into()), Problem::Internal { pass, message });
}

/// Brings a model into the form that the scheduler knows. What is documented is the model before it is legalised; why its
/// gradient is not that of a polynomial is asked before stopped gradients are gone.
fn passes(
    model: &mut Model,
    diagnostics: &mut Diagnostics,
    watch: &mut dyn FnMut(&'static str, &Model),
) -> Result<Option<(Model, Option<String>)>, Broken> {
    pass::verified("build", model)?;
    watch("build", model);
    if diagnostics.has_errors() {
        return Ok(None);
    }
    model.conditions = conditions(&model.region, &model.results());
    let mut facts = BTreeSet::new();
    pass::run(&PASSES, &mut facts, model, diagnostics, watch)?;
    if diagnostics.has_errors() {
        return Ok(None);
    }
    let frozen = statistics::frozen(model);
    pass::run(&simplify::simplify_passes(), &mut facts, model, diagnostics, watch)?;
    let readable = model.clone();
    pass::run(&simplify::legalise_passes(), &mut facts, model, diagnostics, watch)?;
    Ok(Some((readable, frozen)))
}

/// What is done to a model before it is simplified.
pub(crate) static PASSES: [Pass<Model, Diagnostics>; 2] = [
    Pass {
        name: "stabilise",
        why: "numerical stabilisation by rewrite rules: every value in its steady form, whether differentiated or not",
        needs: &[],
        gives: &[Fact::Steady],
        after: &[],
        required: true,
        run: |model, _| steady::stabilise_model(model),
    },
    Pass {
        name: "differentiate",
        why: "reverse-mode differentiation of the loss by every parameter, and forward mode along a direction of all",
        needs: &[Fact::Steady],
        gives: &[Fact::Differentiated],
        after: &[],
        required: true,
        run: differentiate_loss,
    },
];

/// Fills in `model.gradients`: the derivative of the stable form of `loss` by every parameter.
fn differentiate_loss(model: &mut Model, diagnostics: &mut Diagnostics) {
    let Some(output) = model.outputs.iter_mut().find(|output| output.name == "loss") else { return };
    output.node = simplify::stabilise(&mut model.region, output.node);
    let (loss, span) = (output.node, output.name.span());
    let params: Vec<NodeId> = model.params.iter().map(|param| param.node).collect();
    let zero = |region: &mut Region, param: NodeId| region.zeros_like(param);
    let found = differentiate::gradient(&mut model.region, loss, &params).and_then(|gradients| {
        model.gradients = (params.iter().zip(gradients))
            .map(|(&param, gradient)| gradient.unwrap_or_else(|| zero(&mut model.region, param)))
            .collect();
        products(model)
    });
    if let Err(refusal) = found {
        let place = refusal.span.unwrap_or_else(|| span.into());
        let help = "a value that `stop_gradient(…)` stands around is taken for constant";
        diagnostics.error_with_help(place, Problem::DerivativeRefused { reason: refusal.reason }, help);
    }
}

/// Fills in the results of `model.products`: the tangents of the gradients and of the residual along a direction of all
/// parameters.
fn products(model: &mut Model) -> Result<(), Refusal> {
    let region = &mut model.region;
    let along = model.params.iter().map(|param| {
        let direction = region.leaf(LeafKind::Direction, &direction_name(&param.name), param.ty.clone());
        (param.node, direction)
    });
    let along: Vec<(NodeId, NodeId)> = if model.products.is_empty() { Vec::new() } else { along.collect() };
    for product in &mut model.products {
        let of = match product.kind {
            ProductKind::Hessian => model.gradients.clone(),
            ProductKind::Residual(place) => vec![simplify::stabilise(region, model.outputs[place].node)],
        };
        let tangents = differentiate::jvp_of_several(region, &of, &along)?;
        product.results = (tangents.into_iter().zip(of))
            .map(|(tangent, of)| tangent.unwrap_or_else(|| region.zeros_like(of)))
            .collect();
    }
    Ok(())
}

/// Loop programs for every set of results that users can ask for, of the model and of one that is bound to its inputs, and
/// of one that is reduced to statistics, unless there is a reason against it.
fn programs(model: &Model, frozen: Option<String>) -> Result<Programs, Broken> {
    let points = with_programs(model);
    let results: Vec<Vec<NodeId>> = points.iter().map(EntryPoint::nodes).collect();
    let Separated { prepared, preparation, region, results: bound } = separate::separate(&model.region, &results);
    for region in [&preparation, &region] {
        pass::verified("separate", region)?;
    }
    let entry = |region: &Region, point: EntryPoint| {
        let program = match reads::checked(region, &point.nodes()) {
            None => schedule::schedule(region, &point.nodes(), &point.assigned(model))?,
            // Nothing of the model is written in place: a subscript that lies outside leaves it as it was.
            Some(Checked { region, results, checks }) => {
                Program { checks, ..schedule::schedule(&region, &results, &[])? }
            }
        };
        Ok(Entry { point, program })
    };
    let bound = points.iter().zip(bound).filter_map(|(point, nodes)| Some(point.bound(&nodes?)));
    let bound = bound.map(|point| entry(&region, point)).collect::<Result<Vec<Entry>, Broken>>();
    let plain = points.into_iter().map(|point| entry(&model.region, point));
    let entries = plain.collect::<Result<Vec<Entry>, Broken>>()?;
    let mut bound = bound?;
    if !prepared.is_empty() {
        bound.push(entry(&preparation, EntryPoint::prepare(&prepared))?);
    }
    let is_objective = !model.gradients.is_empty();
    let reduction = if is_objective { Some(reduction(model, frozen, &entry)?) } else { None };
    Ok(Programs { entries, prepared, bound, reduction })
}

/// What makes a program for an entry point.
type Scheduler<'a> = dyn Fn(&Region, EntryPoint) -> Result<Entry, Broken> + 'a;

/// The programs of a loss that is reduced to statistics, or why it is not.
fn reduction(
    model: &Model,
    frozen: Option<String>,
    entry: &Scheduler<'_>,
) -> Result<Result<Reduction, String>, Broken> {
    let reduced = frozen.map_or_else(|| statistics::reduce(model), Err);
    let Reduced { statistics, mut summary, mut reduced, summed, terms, jumps } = match reduced {
        Ok(reduced) => reduced,
        Err(reason) => return Ok(Err(reason)),
    };
    for graph in [&mut summary, &mut reduced] {
        pass::verified("reduce to statistics", graph)?;
        let mut facts = BTreeSet::from([Fact::Steady, Fact::Differentiated]);
        pass::run(&simplify::simplify_passes(), &mut facts, graph, &mut (), &mut |_, _| {})?;
        pass::run(&simplify::legalise_passes(), &mut facts, graph, &mut (), &mut |_, _| {})?;
    }
    let summarised = EntryPoint::summary(&statistics).at(&summary.results);
    let summary = entry(&summary.region, summarised)?;
    let reduced = entry(&reduced.region, EntryPoint::reduced(model, &reduced.results))?;
    Ok(Ok(Reduction { statistics, summary, reduced, summed, terms, jumps }))
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
        && let Some(point) = with_programs(&model).into_iter().find(|point| point.kind == wanted_kind)
    {
        match schedule::stages(&model.region, &point.nodes(), &point.assigned(&model)) {
            Ok(programs) => stages.extend(programs),
            Err(broken) => internal(diagnostics, &model, broken),
        }
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
    let products = model.products.iter().flat_map(|product| {
        let name = move |place: usize| match product.kind {
            ProductKind::Hessian => format!("hvp {}", model.params[place].name),
            ProductKind::Residual(_) => "residual_jvp".to_owned(),
        };
        product.results.iter().enumerate().map(move |(place, &node)| (name(place), node))
    });
    let named: Vec<(String, NodeId)> = outputs.chain(gradients).chain(assigned).chain(products).collect();
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
