//! What a model means: its graph as built, differentiated, and evaluated by the interpreter, before any rewriting.

use std::collections::BTreeMap;
use std::str::FromStr;

use autograd_compiler::diagnostics::Diagnostics;
use autograd_compiler::graph::NodeId;
use autograd_compiler::graph::model::{DimSource, Model, Variable};
use autograd_compiler::graph::print::live;
use autograd_compiler::interpret::{Environment, Tensor, evaluate};
use autograd_compiler::{build, differentiate, pipeline, syntax};
use proc_macro2::TokenStream;

use crate::random::Random;

/// Why there is no test of a model.
pub enum Refusal {
    /// The compiler says that it is no model.
    Rejected(String),
    /// The compiler is at fault.
    Internal(String),
    /// Its values are too large, or jump.
    Wild,
    /// It has no parameters.
    Trivial,
}

/// An array of a model, and what it is called.
pub struct Array {
    /// The name.
    pub name: String,
    /// The numbers.
    pub value: Tensor,
    /// What it is.
    pub role: Role,
}

/// What an array is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Parameter,
    State,
    Input,
    Classes,
    /// What the step alone is given.
    Own,
}

/// The arrays of a model at some sizes, and its results: names, values and what they move by under relative changes of
/// the arrays.
pub struct Point {
    pub dims: BTreeMap<String, i64>,
    /// Dimensions that no array has.
    pub fields: Vec<String>,
    pub arrays: Vec<Array>,
    pub results: Vec<(String, Tensor, Tensor)>,
}

/// Sizes beside the first, which are 4, 3, 2: ragged ones, an empty axis, one element, more than the lanes.
const SIZES: &[[i64; 3]] = &[
    [0, 3, 2],
    [1, 1, 1],
    [7, 2, 4],
    [65, 3, 2],
    [3, 17, 2],
    [5, 0, 3],
    [2, 1, 19],
    [0, 0, 0],
    [3, 2, 1],
    [1, 3, 0],
    [2, 2, 2],
];

/// A model at two points. Parameters that no gradient reaches are declared so in the source.
pub fn points(source: &mut String, random: &mut Random) -> Result<Vec<Point>, Refusal> {
    let mut model = read(source)?;
    let loss = model.loss().ok_or_else(|| Refusal::Rejected("there is no loss".to_owned()))?;
    if model.params.is_empty() {
        return Err(Refusal::Trivial);
    }
    let params: Vec<NodeId> = model.params.iter().map(|param| param.node).collect();
    let gradients = differentiate::gradient(&mut model.region, loss, &params)
        .map_err(|refusal| Refusal::Internal(format!("no derivative: {}", refusal.reason)))?;
    let mut results = vec![("loss".to_owned(), loss)];
    for (param, gradient) in model.params.iter().zip(gradients) {
        let gradient = gradient.unwrap_or_else(|| model.region.zeros_like(param.node));
        results.push((format!("grad.{}", param.name), gradient));
    }
    for step in &model.steps {
        let assigned = step.assignments.iter().map(|(name, node)| (format!("step.{name}"), *node));
        let returned = step.results.iter().map(|(name, node)| (format!("returned.{name}"), *node));
        results.extend(assigned.chain(returned));
    }
    let mut ragged = SIZES[random.below(SIZES.len())];
    if source.contains("argm") {
        // Of nothing there is no largest: an error, not a value.
        ragged = ragged.map(|size| size.max(1));
    }
    if source.contains("label") {
        // Of no classes there is no label.
        ragged[2] = ragged[2].max(1);
    }
    [[4, 3, 2], ragged].into_iter().map(|sizes| point(&model, &results, sizes, random)).collect()
}

/// Builds the model, and lets the rest of the compiler run, which must have nothing to say.
fn read(source: &mut String) -> Result<Model, Refusal> {
    loop {
        let (model, messages, rejected) = build_model(source)?;
        let unreached: Vec<&str> = messages.iter().filter_map(|message| unreached(message)).collect();
        match model {
            Some(model) if messages.is_empty() => return Ok(model),
            _ if !messages.is_empty() && unreached.len() == messages.len() => {
                for name in unreached {
                    let start = source.find(&format!("param {name}")).ok_or_else(|| {
                        Refusal::Internal(format!("there is no parameter `{name}` to complain about"))
                    })?;
                    let end = start + source[start..].find(';').expect("items end with one");
                    source.insert_str(end, " unused");
                }
            }
            _ if rejected && messages.iter().all(|message| !message.contains("internal error")) => {
                return Err(Refusal::Rejected(messages.join("; ")));
            }
            _ => return Err(Refusal::Internal(messages.join("; "))),
        }
    }
}

/// The parameter of ``no gradient reaches parameter `b2` ``.
fn unreached(message: &str) -> Option<&str> {
    message.strip_prefix("no gradient reaches parameter `")?.split('`').next()
}

/// The model, all messages, and whether they came before the compiler had checked it.
fn build_model(source: &str) -> Result<(Option<Model>, Vec<String>, bool), Refusal> {
    let tokens = TokenStream::from_str(&format!("Random<N, D, K> {{ {source} }}"))
        .map_err(|_| Refusal::Rejected("these are no tokens".to_owned()))?;
    let mut diagnostics = Diagnostics::default();
    let tree = syntax::parse(tokens, &mut diagnostics);
    let model = tree.as_ref().and_then(|tree| build::build(tree, &mut diagnostics));
    let rejected = diagnostics.has_errors();
    if !rejected && let Some(tree) = &tree {
        let _ = pipeline::translate(tree, &mut diagnostics);
    }
    let messages = diagnostics.errors().iter().map(|error| error.problem.message()).collect();
    let _ = diagnostics.into_tokens();
    Ok((model, messages, rejected))
}

fn point(model: &Model, results: &[(String, NodeId)], sizes: [i64; 3], random: &mut Random) -> Result<Point, Refusal> {
    let mut environment = Environment::default();
    for (name, size) in ["N", "D", "K"].into_iter().zip(sizes) {
        environment.dims.insert(name.to_owned(), size);
    }
    let mut arrays = Vec::new();
    let own: Vec<Variable> = model.steps.iter().flat_map(|step| step.inputs.iter().cloned()).collect();
    let roles = [
        (Role::Parameter, &model.params),
        (Role::State, &model.states),
        (Role::Input, &model.inputs),
        (Role::Own, &own),
    ];
    for (role, variables) in roles {
        for variable in variables {
            let (role, value) = draw(variable, role, &environment, random);
            environment.values.insert(variable.name.to_string(), value.clone());
            arrays.push(Array { name: variable.name.to_string(), value, role });
        }
    }
    let nodes: Vec<NodeId> = results.iter().map(|(_, node)| *node).collect();
    let values = evaluate(&model.region, &nodes, &environment);
    let moves = moves(model, &nodes, &environment, &values, random);
    let is_empty = sizes.contains(&0);
    let has_gap = arrays.iter().any(|array| array.name.starts_with("gap"));
    for (value, moves) in values.iter().zip(&moves) {
        if has_gap && !is_empty && value.data.iter().any(|x| x.is_nan()) {
            return Err(Refusal::Internal("what a choice does not take has come through".to_owned()));
        }
        let tame = value.data.iter().all(|x| x.abs() < 1e4) && moves.data.iter().all(|x| *x < 1e5);
        if !tame && !is_empty {
            return Err(Refusal::Wild);
        }
    }
    if is_empty && !is_finite_throughout(model, &nodes, &environment) {
        return Err(Refusal::Wild);
    }
    let fields = model.dims.iter().filter(|dim| dim.source == DimSource::Field);
    Ok(Point {
        dims: environment.dims.clone(),
        fields: fields.map(|dim| dim.name.to_string()).collect(),
        arrays,
        results: (results.iter().zip(values).zip(moves))
            .map(|(((name, _), value), moves)| (name.clone(), value, moves))
            .collect(),
    })
}

/// Whether no intermediate value is the mean or the maximum of nothing: a factor that is not finite may be taken out of a
/// sum of nothing, which is then not 0.
fn is_finite_throughout(model: &Model, nodes: &[NodeId], environment: &Environment) -> bool {
    let live = live(&model.region, nodes.iter().copied());
    let all: Vec<NodeId> = model.region.iter().map(|(id, _)| id).filter(|id| live[id.index()]).collect();
    evaluate(&model.region, &all, environment).iter().all(|value| value.data.iter().all(|x| x.is_finite()))
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn draw(variable: &Variable, role: Role, environment: &Environment, random: &mut Random) -> (Role, Tensor) {
    let shape = environment.shape(&variable.ty.shape);
    match &variable.classes {
        Some(classes) => {
            let classes = environment.extent(classes);
            (Role::Classes, Tensor::from_fn(shape, |_| random.below(classes) as f64))
        }
        None if variable.name.to_string().starts_with("gap") => {
            let missing = |random: &mut Random| if random.once_in(3) { f64::NAN } else { random.between(-1.5, 1.5) };
            (role, Tensor::from_fn(shape, |_| missing(random)))
        }
        None => (role, Tensor::from_fn(shape, |_| random.between(-1.5, 1.5))),
    }
}

/// What every result moves by under relative changes of all arrays, divided by the size of the change; at least a
/// hundredth of the largest number beside it, since what cancels within a tensor is rounded like the rest of it.
fn moves(
    model: &Model,
    nodes: &[NodeId],
    environment: &Environment,
    values: &[Tensor],
    random: &mut Random,
) -> Vec<Tensor> {
    const CHANGE: f64 = 1e-7;
    let mut moves: Vec<Tensor> = (values.iter())
        .map(|value| {
            let largest = value.data.iter().filter(|x| x.is_finite()).fold(0.1, |most: f64, x| most.max(x.abs()));
            Tensor { shape: value.shape.clone(), data: vec![0.01 * largest; value.data.len()] }
        })
        .collect();
    for _ in 0..3 {
        let mut changed = environment.clone();
        let own = model.steps.iter().flat_map(|step| &step.inputs);
        let all = model.params.iter().chain(&model.states).chain(&model.inputs).chain(own);
        for variable in all.filter(|variable| variable.classes.is_none()) {
            let value = changed.values.get_mut(&variable.name.to_string()).expect("it has been drawn");
            for x in &mut value.data {
                *x *= 1.0 + if random.once_in(2) { CHANGE } else { -CHANGE };
            }
        }
        for ((moves, value), after) in moves.iter_mut().zip(values).zip(evaluate(&model.region, nodes, &changed)) {
            for ((most, x), y) in moves.data.iter_mut().zip(&value.data).zip(after.data) {
                *most = most.max((y - x).abs() / CHANGE);
            }
        }
    }
    moves
}
