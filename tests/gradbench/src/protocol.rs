//! `GradBench`'s messages and their answers.

use std::io;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::evals;

/// The answer to a message.
///
/// # Errors
/// If the message is no JSON.
pub fn answer(line: &str) -> io::Result<Value> {
    let message: Value = serde_json::from_str(line)?;
    let id = &message["id"];
    let text = |key: &str| message[key].as_str().unwrap_or_default();
    Ok(match text("kind") {
        "start" => json!({ "id": id, "tool": "autograd-rs" }),
        "define" => match evals::functions(text("module")) {
            Some(_) => json!({ "id": id, "success": true }),
            None => refusal(id, &format!("there is no module `{}`", text("module"))),
        },
        "evaluate" => match evaluate(text("module"), text("function"), &message["input"]) {
            Ok((output, timings)) => json!({ "id": id, "success": true, "output": output, "timings": timings }),
            Err(problem) => refusal(id, &problem),
        },
        _ => json!({ "id": id }),
    })
}

fn refusal(id: &Value, problem: &str) -> Value {
    json!({ "id": id, "success": false, "error": problem })
}

fn evaluate(module: &str, function: &str, input: &Value) -> Result<(Value, Vec<Value>), String> {
    let functions = evals::functions(module).ok_or_else(|| format!("there is no module `{module}`"))?;
    let found = functions.iter().find(|(name, _)| *name == function);
    let (_, prepare) = found.ok_or_else(|| format!("there is no function `{function}` in module `{module}`"))?;
    let mut prepared = prepare(input)?;
    let least = Repeat::of(input);
    let (mut timings, mut total) = (Vec::new(), Duration::ZERO);
    while timings.is_empty() || timings.len() < least.runs || total < least.time {
        let start = Instant::now();
        prepared.run()?;
        let took = start.elapsed();
        total += took;
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        timings.push(json!({ "name": "evaluate", "nanoseconds": nanoseconds }));
    }
    let output = prepared.output();
    // What is not finite is no number in JSON.
    if has_null(&output) { Err("the result is not finite".to_owned()) } else { Ok((output, timings)) }
}

/// How often a function is evaluated at least, and how long.
struct Repeat {
    runs: usize,
    time: Duration,
}

impl Repeat {
    fn of(input: &Value) -> Self {
        let runs = input["min_runs"].as_u64().and_then(|runs| usize::try_from(runs).ok()).unwrap_or(1);
        let seconds = input["min_seconds"].as_f64().unwrap_or(0.0);
        Self { runs, time: Duration::try_from_secs_f64(seconds).unwrap_or(Duration::ZERO) }
    }
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.iter().any(has_null),
        Value::Object(values) => values.values().any(has_null),
        _ => false,
    }
}
