//! Introspection: a model at all of its stages, for the pages and traces of `look`.

use super::{PASSES, graph_text, translate_watched};
use crate::diagnostics::Diagnostics;
use crate::entries::{EntryKind, with_programs};
use crate::graph::model::Model;
use crate::look::{Stage, Subject, formula};
use crate::{schedule, simplify, syntax};

/// A model at all of its stages, with what each pass did and why: what is shown of it.
///
/// # Errors
/// The mistakes in the text.
pub fn subject(text: &str) -> Result<Subject, String> {
    let tokens = text.parse().map_err(|error| format!("{error}"))?;
    let mut diagnostics = Diagnostics::default();
    let mistakes = |diagnostics: &Diagnostics| {
        diagnostics.errors().iter().map(|error| error.problem.message()).collect::<Vec<_>>().join("; ")
    };
    let Some(tree) = syntax::parse(tokens, &mut diagnostics) else { return Err(mistakes(&diagnostics)) };
    let (mut graphs, mut legal) = (Vec::new(), None);
    simplify::record(Some(|region, node| formula::snippet(region, node, EXAMPLE_DEPTH).text()));
    let translated = translate_watched(&tree, &mut diagnostics, &mut |name, model| {
        graphs.push(Stage { name, why: why(name), text: graph_text(model), rewrites: simplify::recorded() });
        legal = Some(model.clone());
    });
    simplify::record(None);
    let Some((model, programs)) = translated.filter(|_| !diagnostics.has_errors()) else {
        return Err(mistakes(&diagnostics));
    };
    let legal = legal.ok_or("a model that is translated has been built")?;
    let points = with_programs(&legal);
    let shown = points.iter().max_by_key(|point| matches!(point.kind, EntryKind::LossAndGradient)).or(points.first());
    let shown = shown.ok_or("the model computes nothing")?;
    let loops = schedule::stages(&legal.region, &shown.nodes(), &shown.assigned(&legal));
    let loops = loops.map_err(|broken| broken.message)?.into_iter();
    let loops = loops.map(|(name, text)| Stage { name, why: why(name), text, rewrites: Vec::new() }).collect();
    Ok(Subject { model, programs, graphs, loops, shown: shown.name.clone() })
}

/// How deep the examples of rewrites go.
const EXAMPLE_DEPTH: usize = 3;

/// What a pass is there for.
fn why(name: &str) -> &'static str {
    let simplify = simplify::simplify_passes::<Model, Diagnostics>();
    let legalise = simplify::legalise_passes::<Model, Diagnostics>();
    let graphs = PASSES.iter().chain(&simplify).chain(&legalise).map(|pass| (pass.name, pass.why));
    let loops = schedule::passes::PASSES.iter().map(|pass| (pass.name, pass.why));
    graphs.chain(loops).chain(BORDERS).find(|(pass, _)| *pass == name).map_or("", |(_, why)| why)
}

/// The stages that are no passes, for they make one thing of another.
const BORDERS: [(&str, &str); 5] = [
    ("build", "name resolution and shape inference: the model as a graph of primitive operations"),
    ("plan", "materialisation: which values are kept in memory, and by which loop nests they are made"),
    ("fuse", "loop fusion: nests that run along the same axes share their loops"),
    ("lower", "lowering: every value once, in the innermost loop that it depends on; views are index maps"),
    ("split", "where loops may be cut for several threads"),
];
