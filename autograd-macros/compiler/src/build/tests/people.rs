//! The names that people type, from `people.txt`: each is there, is translated, or is refused by name.

use crate::diagnostics::{Diagnostics, Problem};
use crate::interpret::{Environment, Tensor, evaluate};
use crate::testing::models::attempted;
use crate::testing::sized;

const NAMES: &str = include_str!("people.txt");

/// The values that the calls are of.
const ITEMS: &str = "param u: [N]; input x: [N], y: [N], p: [N], q: [N], k: [N], a: [N, D], b: [N, D], s: [D, D];
                     input c: [N, D, D], c3: [3, 3], one: [N, 1], label: [N] in D;";

fn environment() -> Environment {
    let mut environment = sized(&[("N", 3), ("D", 2)]);
    let mut set = |name: &str, shape: &[usize], data: &[f64]| {
        environment.values.insert(name.to_owned(), Tensor { shape: shape.to_vec(), data: data.to_vec() });
    };
    set("u", &[3], &[0.5, -1.5, 2.0]);
    set("x", &[3], &[0.3, -1.2, 2.6]);
    set("y", &[3], &[0.7, 0.5, 1.9]);
    set("p", &[3], &[0.2, 0.5, 0.9]);
    set("q", &[3], &[0.3, 0.6, 0.1]);
    set("k", &[3], &[0.0, 1.0, 1.0]);
    set("a", &[3, 2], &[-0.1, -1.2, -2.3, -0.4, -1.5, -0.6]);
    set("b", &[3, 2], &[0.9, -0.8, 0.7, 1.6, -1.5, 0.4]);
    set("s", &[2, 2], &[1.5, -0.5, 0.25, 2.0]);
    set("c", &[3, 2, 2], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0]);
    set("c3", &[3, 3], &[2.0, 1.0, 0.5, -1.0, 3.0, 2.0, 0.0, 1.0, 1.0]);
    set("one", &[3, 1], &[1.0, 2.0, 3.0]);
    set("label", &[3], &[1.0, 0.0, 1.0]);
    environment
}

/// What becomes of a call.
enum Answer {
    /// Its value, and what it has been translated to.
    Value(Tensor, String),
    /// An error, and whether it says that the language lacks this.
    Refused { message: String, is_missing: bool },
}

fn model(call: &str) -> String {
    format!("M<N, D> {{ {ITEMS} out = {call}; }}")
}

fn answer(call: &str) -> Answer {
    let text = model(call);
    let errors = match value(&text) {
        Ok(value) => return Answer::Value(value, String::new()),
        Err(errors) => errors,
    };
    let fixed = crate::diagnostics::mended(&text, errors.errors());
    if let Some(fixed) = fixed {
        let shown = fixed.split("out = ").nth(1).unwrap_or_default().to_owned();
        match value(&fixed) {
            Ok(value) => return Answer::Value(value, shown),
            Err(errors) => {
                let message = format!("became {shown}: {:?}", errors.errors());
                return Answer::Refused { message, is_missing: false };
            }
        }
    }
    let error = &errors.errors()[0];
    let help = error.help.as_ref().map(|help| help.text.clone()).unwrap_or_default();
    let is_missing = matches!(error.problem, Problem::NotSupported { .. });
    Answer::Refused { message: format!("{}\n    help: {help}", error.problem.message()), is_missing }
}

fn value(text: &str) -> Result<Tensor, Diagnostics> {
    match attempted(text) {
        (Some(model), _) => Ok(evaluate(&model.region, &[model.outputs[0].node], &environment()).remove(0)),
        (None, diagnostics) => Err(diagnostics),
    }
}

fn rows() -> impl Iterator<Item = [&'static str; 3]> {
    let lines = NAMES.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| {
        let mut parts = line.splitn(3, " | ");
        [0, 1, 2].map(|_| parts.next().expect("a line has three parts"))
    })
}

#[test]
fn every_name_is_there_or_translated_or_refused_by_name() {
    let mut wrong = Vec::new();
    for [name, call, meaning] in rows() {
        match (answer(call), meaning) {
            (Answer::Refused { is_missing, .. }, "refused") if is_missing => {}
            (Answer::Refused { is_missing: false, message }, "words") if !message.contains("define it") => {}
            (Answer::Refused { message, .. }, _) => wrong.push(format!("{name}: {message}")),
            (Answer::Value(_, shown), "refused" | "words") => wrong.push(format!("{name}: has a value, {shown}")),
            (Answer::Value(found, shown), _) => {
                let wanted = match value(&model(meaning)) {
                    Ok(wanted) => wanted,
                    Err(errors) => {
                        wrong.push(format!("{name}: {meaning}: {:?}", errors.errors()));
                        continue;
                    }
                };
                let near = |a: &f64, b: &f64| (a - b).abs() <= 1e-12 * b.abs();
                let same = found.shape == wanted.shape && found.data.iter().zip(&wanted.data).all(|(a, b)| near(a, b));
                if !same {
                    wrong.push(format!("{name}: {found:?}, not {wanted:?}; {shown}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_synonym_is_of_a_function_of_the_language_and_no_function_is_hidden() {
    let known: Vec<&str> = super::super::reference().iter().map(|entry| entry.name).collect();
    for (name, target) in crate::habits::functions::synonyms() {
        assert!(!known.contains(&name), "`{name}` is a function");
        assert!(known.contains(&target), "`{name}`: there is no `{target}`");
    }
}
