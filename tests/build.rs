//! Writes random models, and what they mean by the compiler's interpreter, for `models/random/main.rs` to compare what
//! `model!` emits with.
//!
//! `AUTOGRAD_MODELS` says how many (180 unless it is set), `AUTOGRAD_DEPTH` how large (2), and `AUTOGRAD_SEED` which (1):
//! the tests double as a fuzzer,
//!
//! ```text
//! AUTOGRAD_SEED=7 AUTOGRAD_MODELS=1000 cargo test -p autograd-tests --test random
//! ```

#[path = "generate/grammar.rs"]
mod grammar;
#[path = "generate/meaning.rs"]
mod meaning;
#[path = "generate/random.rs"]
mod random;
#[path = "generate/write.rs"]
mod write;

use std::path::PathBuf;
use std::{env, fs};

use random::Random;

fn main() {
    for variable in ["AUTOGRAD_MODELS", "AUTOGRAD_DEPTH", "AUTOGRAD_SEED"] {
        println!("cargo:rerun-if-env-changed={variable}");
    }
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=generate");
    let (count, seed) = (number("AUTOGRAD_MODELS", 180), number("AUTOGRAD_SEED", 1));
    let folder = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let depth = usize::try_from(number("AUTOGRAD_DEPTH", 2)).expect("a small number");
    let (code, data) = models(count, seed, depth);
    fs::write(folder.join("random_models.rs"), code).expect("the folder can be written to");
    fs::write(folder.join("random_models.csv"), data).expect("the folder can be written to");
}

fn number(variable: &str, default: u64) -> u64 {
    let value = env::var(variable).ok();
    value.map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{variable} is a number")))
}

/// Rust code and reference values of that many models.
fn models(count: u64, seed: u64, depth: usize) -> (String, String) {
    let (mut code, mut data) = (String::new(), String::new());
    let (mut accepted, mut refused) = (0, Vec::new());
    for number in 0.. {
        if accepted == count {
            break;
        }
        let name = format!("random_{seed}_{number}");
        let mut random = Random::new(seed, number);
        let mut source = grammar::model(&mut random, depth);
        match meaning::points(&mut source, &mut random) {
            Ok(points) => {
                accepted += 1;
                code.push_str(&write::code(&name, &source, &points[0]));
                data.push_str(&write::data(&name, &points));
            }
            // The test reports it: a failing build script would keep all other tests from running.
            Err(meaning::Refusal::Internal(message)) => {
                accepted += 1;
                code.push_str(&write::failure(&name, &source, &message));
            }
            Err(meaning::Refusal::Rejected(message)) => refused.push(format!("{name}: {message}\n{source}")),
            Err(meaning::Refusal::Wild | meaning::Refusal::Trivial) => {}
        }
    }
    // A grammar that the compiler mostly rejects would test little.
    code.push_str(&write::statistics(accepted, &refused));
    (code, data)
}
