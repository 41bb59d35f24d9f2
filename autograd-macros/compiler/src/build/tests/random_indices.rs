//! Random models in index notation mean what loops over their indices say: values and derivatives in both modes, as built, in
//! their final form and in loops.
//!
//! `RANDOM_INDICES=50000 cargo test --release -p autograd-compiler random_indices` tries more.

mod brute;
mod found;
mod grow;
mod tree;

use std::collections::BTreeMap;

use brute::{Brute, Dual, Stop, Table};
use tree::{Kind, Tree};

use crate::differentiate::{gradient, jvp};
use crate::graph::conditions::conditions;
use crate::graph::{NodeId, Region};
use crate::interpret::{Environment, Tensor, evaluate};
use crate::loops::simulate::simulate;
use crate::ops::LeafKind;
use crate::reads;
use crate::schedule::schedule;
use crate::simplify::{legalise, simplify, stabilise};
use crate::testing::models::attempted;
use crate::testing::random::Random;
use crate::verify;

/// How many models the suite tries: some seconds without optimisation.
const TRIES: u64 = 1000;

/// One in so many is also scheduled and run as a program, which costs most of the time.
const SCHEDULED: u64 = 4;

/// The sizes N, M and K of the points of a model.
const SIZES: [[i64; 3]; 10] =
    [[4, 3, 2], [0, 2, 1], [3, 3, 0], [3, 2, 3], [2, 0, 3], [1, 1, 1], [0, 0, 2], [2, 3, 1], [3, 1, 0], [1, 2, 3]];

/// Relative to the largest number on the way: no rule here divides by less than `brute::NEAR`.
const TOLERANCE: f64 = 1e-9;

/// How many mistakes are shown.
const SHOWN: usize = 12;

/// What has become of the models and their points.
#[derive(Debug, Default)]
struct Tally {
    refused: BTreeMap<String, usize>,
    compared: usize,
    empty: usize,
    mistakes: usize,
    overlooked: usize,
    narrower: usize,
    wild: usize,
}

/// A model in its stages.
struct Stages {
    params: Vec<String>,
    built: (Region, Vec<NodeId>),
    legal: (Region, Vec<NodeId>),
    program: Option<crate::loops::program::Program>,
}

#[test]
fn index_notation_means_loops() {
    let count = std::env::var("RANDOM_INDICES").ok().and_then(|count| count.parse().ok()).unwrap_or(TRIES);
    let first = std::env::var("RANDOM_INDICES_FROM").ok().and_then(|count| count.parse().ok()).unwrap_or(0);
    let mut tally = Tally::default();
    let mut wrong = Vec::new();
    for seed in first..first + count {
        let mut random = Random::new(seed + 1);
        let tree = grow::grow(&mut random);
        let tried =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| try_model(&tree, seed, &mut random, &mut tally)));
        match tried {
            Ok(Ok(())) => {}
            Ok(Err(problem)) => wrong.push(format!("{seed}: {problem}")),
            Err(_) => wrong.push(format!("{seed}: panics\n{}", tree.text())),
        }
    }
    eprintln!("{tally:#?}");
    let refused: usize = tally.refused.values().sum();
    // The shortest say most.
    wrong.sort_by_key(String::len);
    wrong.truncate(SHOWN);
    assert!(wrong.is_empty(), "some of {count}:\n{}", wrong.join("\n\n"));
    assert!(3 * refused as u64 <= count, "{refused} of {count} are no models");
}

fn try_model(tree: &Tree, seed: u64, random: &mut Random, tally: &mut Tally) -> Result<(), String> {
    let (text, model) = match built(tree) {
        Ok(built) => built,
        Err(message) => {
            *tally.refused.entry(message).or_default() += 1;
            return Ok(());
        }
    };
    let fail = |problem: String| Err(format!("{problem}\n{text}"));
    let stages = match stages(tree, model, seed.is_multiple_of(SCHEDULED)) {
        Ok(stages) => stages,
        Err(problem) => return fail(problem),
    };
    // Sizes at which places are tried out, then others, one of which is meant to be no mistake.
    let first = 1 + random.below(SIZES.len() - 1);
    let others = (first..SIZES.len()).chain(1..first).map(|place| SIZES[place]);
    for (place, sizes) in std::iter::once(SIZES[0]).chain(others).enumerate() {
        match try_point(tree, &stages, sizes, random, tally) {
            Err(problem) => return fail(format!("{problem} at {sizes:?}")),
            Ok(true) if place > 0 => break,
            Ok(_) => {}
        }
    }
    Ok(())
}

/// The text of a model and the model; the first message if it has mistakes, which are not internal errors.
fn built(tree: &Tree) -> Result<(String, crate::graph::model::Model), String> {
    let text = tree.text();
    let (model, diagnostics) = attempted(&text);
    let messages: Vec<String> = diagnostics.errors().iter().map(|error| error.problem.message()).collect();
    let _ = diagnostics.into_tokens();
    match (model, messages.into_iter().next()) {
        (Some(model), None) => Ok((text, model)),
        (_, Some(message)) if std::env::var("RANDOM_INDICES_SHOW").is_ok() => Err(format!("{message}\n{text}")),
        (_, Some(message)) => Err(message.split('`').step_by(2).collect::<Vec<_>>().join("…")),
        (None, None) => Err("nothing is built".to_owned()),
    }
}

fn stages(tree: &Tree, model: crate::graph::model::Model, is_scheduled: bool) -> Result<Stages, String> {
    let output = |name: &str| model.outputs.iter().find(|output| output.name == name).map(|output| output.node);
    let out = output(&tree.arrays.last().expect("a definition").name).expect("an output");
    let loss = output("total").expect("a number");
    let params = model.params.iter().map(|param| param.name.to_string()).collect();
    let leaves: Vec<NodeId> = model.params.iter().map(|param| param.node).collect();
    let mut region = model.region;
    let directions: Vec<(NodeId, NodeId)> = (model.params.iter())
        .map(|param| (param.node, region.leaf(LeafKind::Direction, &format!("along_{}", param.name), param.ty.clone())))
        .collect();
    let loss = stabilise(&mut region, loss);
    let out = stabilise(&mut region, out);
    let gradients = gradient(&mut region, loss, &leaves).map_err(|refusal| format!("{:?}", refusal.reason))?;
    let tangents = [loss, out].map(|y| jvp(&mut region, y, &directions));
    let mut results = vec![loss, out];
    for (tangent, of) in tangents.into_iter().zip([loss, out]) {
        let tangent = tangent.map_err(|refusal| format!("{:?}", refusal.reason))?;
        results.push(tangent.unwrap_or_else(|| region.zeros_like(of)));
    }
    results.extend(leaves.iter().zip(gradients).map(|(&leaf, found)| found.unwrap_or_else(|| region.zeros_like(leaf))));
    let (simple, images) = simplify(&region, &results);
    let (legal, images) = legalise(&simple, &images);
    verify::region(&legal, &images).map_err(|(_, problem)| problem)?;
    let program = is_scheduled.then(|| schedule(&legal, &images, &[])).transpose();
    let program = program.map_err(|broken| format!("{broken:?}"))?;
    Ok(Stages { params, built: (region, results), legal: (legal, images), program })
}

/// Whether there was something to compare.
fn try_point(
    tree: &Tree,
    stages: &Stages,
    sizes: [i64; 3],
    random: &mut Random,
    tally: &mut Tally,
) -> Result<bool, String> {
    let mut brute = Brute {
        tree,
        sizes: ["N", "M", "K"].into_iter().zip(sizes).collect(),
        tables: Vec::new(),
        indices: BTreeMap::new(),
        largest: 1.0,
        met_nothing: false,
        fuel: 200_000,
    };
    let Some(environment) = draw(tree, &mut brute, random) else { return Ok(false) };
    let (region, results) = &stages.built;
    let refused = conditions(region, &results[..2]).into_iter().find(|dim| environment.dim(dim) < 0);
    let is_refused = refused.is_some();
    let is_inside = is_refused || is_inside(region, &results[..2], &environment);
    let expected = brute.real(tree.loss.as_ref().expect("a loss"));
    let expected = expected.and_then(|loss| Ok((loss, brute.all(tree.arrays.len() - 1)?)));
    let (loss, out) = match expected {
        Err(Stop::Wild) => {
            tally.wild += 1;
            return Ok(false);
        }
        Err(Stop::Mistake) => {
            tally.mistakes += 1;
            // What does not enter the result is left out, mistakes and all.
            tally.overlooked += usize::from(!is_refused && is_inside);
            return Ok(false);
        }
        Ok((_, out)) if is_refused || !is_inside => {
            // What is defined must be right at all of its places, also at those that nothing reads.
            let is_wrong = (0..tree.arrays.len()).any(|place| brute.all(place).is_err());
            // A read may be the same over a range with nothing in it, and sizes are checked whether anything is read or not.
            let mut met_nothing = brute.met_nothing || out.is_empty() || sizes.contains(&0);
            // Whether a place that is a number is there, sizes say, whatever else is asked around it.
            met_nothing |= is_refused && sizes.contains(&1);
            let is_empty = |place: usize| brute.shape(place).is_ok_and(|shape| shape.contains(&0));
            if is_wrong || met_nothing || (0..tree.arrays.len()).any(is_empty) {
                tally.narrower += 1;
                return Ok(false);
            }
            let what = refused.map_or_else(|| "a subscript that is inside".to_owned(), |dim| format!("the size {dim}"));
            return Err(format!("{what} is refused"));
        }
        Ok(expected) => expected,
    };
    tally.compared += 1;
    tally.empty += usize::from(sizes.contains(&0));
    let tolerance = TOLERANCE * brute.largest;
    let mut found = vec![
        ("as built", evaluate(region, results, &environment)),
        ("legalised", evaluate(&stages.legal.0, &stages.legal.1, &environment)),
    ];
    if let Some(program) = &stages.program {
        found.push(("in loops", simulate(program, &environment)));
    }
    for (stage, values) in &found {
        compare(&format!("the loss {stage}"), &values[0].data, &[loss.0], tolerance)?;
        compare(&format!("the output {stage}"), &values[1].data, &first(&out), tolerance)?;
        compare(&format!("the tangent of the loss {stage}"), &values[2].data, &[loss.1], tolerance)?;
        let tangents: Vec<f64> = out.iter().map(|x| x.1).collect();
        compare(&format!("the tangent of the output {stage}"), &values[3].data, &tangents, tolerance)?;
        let product: f64 = (stages.params.iter().zip(&values[4..]))
            .map(|(param, gradient)| {
                let direction = &environment.values[&format!("along_{param}")];
                gradient.data.iter().zip(&direction.data).map(|(g, v)| g * v).sum::<f64>()
            })
            .sum();
        compare(&format!("the gradient {stage}, along the direction,"), &[product], &[loss.1], tolerance)?;
    }
    Ok(true)
}

fn first(out: &[Dual]) -> Vec<f64> {
    out.iter().map(|x| x.0).collect()
}

fn compare(what: &str, found: &[f64], expected: &[f64], tolerance: f64) -> Result<(), String> {
    let is_near = |(a, b): (&f64, &f64)| (a - b).abs() <= tolerance;
    if found.len() == expected.len() && found.iter().zip(expected).all(is_near) {
        return Ok(());
    }
    Err(format!("{what} is {found:?}, not {expected:?}"))
}

/// Whether no subscript that depends on data lies outside.
fn is_inside(region: &Region, results: &[NodeId], environment: &Environment) -> bool {
    let Some(checked) = reads::checked(region, results) else { return true };
    checked.checks.iter().all(|check| {
        let first = evaluate(&checked.region, &[checked.results[check.result]], environment).remove(0).data[0];
        let count: usize = environment.shape(&check.shape).iter().product();
        #[allow(clippy::cast_precision_loss, reason = "small")]
        let none = count as f64;
        first >= none
    })
}

/// Random arrays and a random direction; none where integers would have to lie below 0.
fn draw(tree: &Tree, brute: &mut Brute<'_>, random: &mut Random) -> Option<Environment> {
    let mut environment = Environment::default();
    environment.dims.extend(brute.sizes.iter().map(|(name, size)| ((*name).to_owned(), *size)));
    for (place, array) in tree.arrays.iter().enumerate() {
        if let Kind::Defined(..) = array.kind {
            brute.tables.push(None);
            continue;
        }
        let shape = brute.shape(place).ok()?;
        let values = match &array.kind {
            Kind::Integers(below) => {
                let below = usize::try_from(brute.int(below).ok()?).ok()?;
                if below == 0 && shape.iter().product::<usize>() > 0 {
                    return None;
                }
                #[allow(clippy::cast_precision_loss, reason = "small")]
                Tensor::from_fn(shape.clone(), |_| random.below(below) as f64)
            }
            _ => random.tensor(&shape, -1.5, 1.5),
        };
        let mut tangents = Tensor::zeros(shape.clone());
        if array.kind == Kind::Param {
            tangents = random.tensor(&shape, -1.0, 1.0);
            environment.values.insert(format!("along_{}", array.name), tangents.clone());
        }
        let data = values.data.iter().zip(&tangents.data).map(|(&x, &v)| Dual(x, v)).collect();
        brute.tables.push(Some(Table { shape, data }));
        environment.values.insert(array.name.clone(), values);
    }
    Some(environment)
}
