//! A session with the program: what it answers, and that outputs are what mpmath says (tests/reference/gradbench.py).

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// Inputs of evals, and their outputs.
const STORED: &str = include_str!("../../data/gradbench.jsonl");

/// How far outputs may be off, relative to the largest number in them: additions in another order, a few roundings each.
/// The sum of lse has as many terms as it has numbers, and its logarithm is small.
const TOLERANCE: f64 = 1e-12;
const TOLERANCE_OF_LSE: f64 = 1e-11;

/// The program, and the ends of its pipes.
struct Session {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    id: u64,
}

impl Session {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gradbench"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let (input, output) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
        Self { child, input, output: BufReader::new(output), id: 0 }
    }

    /// The answer to a message, which has its number.
    fn ask(&mut self, mut message: Value) -> Value {
        message["id"] = self.id.into();
        writeln!(self.input, "{message}").expect("it reads");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("it answers");
        let answer: Value = serde_json::from_str(&line).expect("a line of JSON");
        assert_eq!(answer["id"], self.id, "{answer}");
        self.id += 1;
        answer
    }

    /// At the end of the input the program ends.
    fn end(mut self) {
        drop(self.input);
        assert!(self.child.wait().expect("it ends").success());
    }
}

/// The numbers of nested lists and objects, in their order; the text of what is none.
fn numbers(value: &Value, found: &mut Vec<f64>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| numbers(value, found)),
        Value::Object(values) => values.values().for_each(|value| numbers(value, found)),
        value => found.push(value.as_f64().unwrap_or_else(|| panic!("{value} is a number"))),
    }
}

/// Lists and objects with nothing in them.
fn shape(value: &Value) -> Value {
    match value {
        Value::Array(values) => values.iter().map(shape).collect(),
        Value::Object(values) => values.iter().map(|(key, value)| (key.clone(), shape(value))).collect(),
        _ => json!(0),
    }
}

fn check(what: &str, found: &Value, expected: &Value, tolerance: f64) {
    assert_eq!(shape(found), shape(expected), "{what}");
    let (mut a, mut b) = (Vec::new(), Vec::new());
    numbers(found, &mut a);
    numbers(expected, &mut b);
    let largest = b.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    let off = a.iter().zip(&b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(off <= tolerance * largest, "{what} is {off:e} off where the largest is {largest:e}");
}

#[test]
fn outputs_are_those_of_the_reference() {
    let mut session = Session::start();
    let mut seen = Vec::new();
    for line in STORED.lines() {
        let mut stored: Value = serde_json::from_str(line).expect("a line of JSON");
        let expected = stored["expected"].take();
        let module = stored["module"].as_str().expect("a name").to_owned();
        let name = format!("{module}.{}", stored["function"].as_str().expect("a name"));
        if !seen.contains(&name) {
            let defined = session.ask(json!({ "kind": "define", "module": module }));
            assert_eq!(defined["success"], true, "{defined}");
            seen.push(name.clone());
        }
        stored["kind"] = "evaluate".into();
        let answer = session.ask(stored);
        assert_eq!(answer["success"], true, "{name}: {}", answer["error"]);
        let tolerance = if module == "lse" { TOLERANCE_OF_LSE } else { TOLERANCE };
        check(&name, &answer["output"], &expected, tolerance);
    }
    assert_eq!(seen.len(), 10, "{seen:?}");
    session.end();
}

#[test]
fn each_message_has_its_answer() {
    let mut session = Session::start();
    let started = session.ask(json!({ "kind": "start", "eval": "lse", "config": { "n": [1] } }));
    assert_eq!(started["tool"], "autograd-rs");
    let refused = session.ask(json!({ "kind": "define", "module": "ode" }));
    assert_eq!(refused["success"], false);
    assert!(refused["error"].is_string());
    let input = json!({ "x": [0.5, 0.25], "min_runs": 3, "min_seconds": 0.0, "more": null });
    let message = |function: &str, input: &Value| json!({ "kind": "evaluate", "module": "lse", "function": function, "input": input, "description": "2" });
    let answer = session.ask(message("gradient", &input));
    let timings = answer["timings"].as_array().expect("timings");
    assert!(timings.len() == 3 && timings.iter().all(|one| one["name"] == "evaluate" && one["nanoseconds"].is_u64()));
    let answered = session.ask(json!({ "kind": "analysis", "of": 2, "valid": true }));
    assert_eq!(answered.as_object().map(serde_json::Map::len), Some(1));
    assert_eq!(session.ask(message("hessian", &input))["success"], false);
    // No input, and one with a result that is no number in JSON.
    assert_eq!(session.ask(message("primal", &json!({})))["success"], false);
    assert_eq!(session.ask(message("primal", &json!({ "x": [] })))["success"], false);
    let answered = session.ask(json!({ "kind": "something new" }));
    assert_eq!(answered.as_object().map(serde_json::Map::len), Some(1));
    session.end();
}

#[test]
fn it_runs_as_long_as_is_asked() {
    let mut session = Session::start();
    let message = json!({
        "kind": "evaluate", "module": "hello", "function": "square",
        "input": 3.0,
    });
    assert_eq!(session.ask(message)["timings"].as_array().map(Vec::len), Some(1));
    let message = json!({
        "kind": "evaluate", "module": "llsq", "function": "primal",
        "input": { "x": [1.0, 2.0], "n": 4, "min_runs": 1, "min_seconds": 0.002 },
    });
    let answer = session.ask(message);
    let timings = answer["timings"].as_array().expect("timings");
    let total: u64 = timings.iter().filter_map(|one| one["nanoseconds"].as_u64()).sum();
    assert!(total >= 2_000_000, "{total} ns");
    session.end();
}
