//! Every model of the repository, and what becomes of it when its tokens are changed: no panic, no internal error, the same
//! bytes for the same tokens, and what is emitted is Rust in which every name stands once.
//!
//! The gate tries as many mutants as take some seconds. By hand, for as long as you like:
//!
//! ```text
//! AUTOGRAD_MUTANTS=200000 AUTOGRAD_SEED=7 cargo test --release -p autograd-compiler --test fuzz
//! ```
//!
//! Random models that are right by construction go through rustc, and are compared with the interpreter, in `tests/random`.

mod mutants;

use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind};

use autograd_compiler::pipeline::compile;
use mutants::{Random, found, hostile, mutated, names};
use proc_macro2::TokenStream;

/// How many mutants the gate tries.
const BUDGET: u64 = 240;

fn number(variable: &str, default: u64) -> u64 {
    let value = env::var(variable).ok();
    value.map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{variable} is a number")))
}

/// What is wrong with how a text is compiled, if something is.
fn fault(text: &str, twice: bool) -> Option<String> {
    // As `model!` hands it on, with the path of the runtime.
    let tokens: TokenStream = format!("[::autograd_core] {text}").parse().ok()?;
    let run = |tokens: TokenStream| catch_unwind(AssertUnwindSafe(|| compile(tokens)));
    let Ok(code) = run(tokens.clone()) else { return Some("it panics".to_owned()) };
    let printed = code.to_string();
    if printed.contains("internal error") {
        return Some(format!("an internal error: {printed:.300}"));
    }
    if twice && run(tokens).ok().map(|code| code.to_string()) != Some(printed) {
        return Some("other bytes at the second time".to_owned());
    }
    match syn::parse2::<syn::File>(code) {
        Err(error) => Some(format!("what is emitted is no Rust: {error}")),
        Ok(file) => names::repeated(&file),
    }
}

#[track_caller]
fn check(text: &str, twice: bool) {
    if let Some(fault) = fault(text, twice) {
        panic!("{fault}\n{text}");
    }
}

#[test]
fn every_model_of_the_repository() {
    let models = found();
    assert!(models.len() > 150, "{} models were found", models.len());
    for model in &models {
        check(&model.join(" "), false);
    }
}

#[test]
fn mutants_of_every_model() {
    let (models, seed) = (found(), number("AUTOGRAD_SEED", 1));
    for place in 0..number("AUTOGRAD_MUTANTS", BUDGET) {
        let text = mutated(&models, &mut Random::new(seed, place));
        check(&text, place % 8 == 0);
    }
}

#[test]
fn hostile_models() {
    let message = |text: &str| {
        let code = compile(text.parse().expect("tokens")).to_string();
        code.split_once("compile_error").map(|(_, message)| message.chars().take(200).collect::<String>())
    };
    let mut other = Vec::new();
    for (models, wrong) in [(hostile::RIGHT, false), (hostile::WRONG, true)] {
        for text in models {
            assert!(text.parse::<TokenStream>().is_ok(), "no tokens: {text}");
            check(text, false);
            let message = message(text);
            if message.is_some() != wrong {
                other.push(format!("{text}\n    {}", message.unwrap_or_default()));
            }
        }
    }
    assert!(other.is_empty(), "{}", other.join("\n"));
}

/// Names that emitted code has itself, in every role that a model gives names.
#[test]
fn names_of_ours() {
    let rich = "Rich<N, D, K> { param w: [D, K], b: [K], c; state m: [D]; input x: [N, D], label: [N] in K, t;
        let z = x @ w + b; p = softmax(z, axis = K); best = argmax(z, axis = K); s = cumsum(m);
        loss = mean(cross_entropy(z, label)) + c^2 * t + max(z);
        step train(rate, v: [D]) -> loss { w := w - rate * grad(loss, w); m := m * 0.9 + v; } }";
    let mut words = names::identifiers(compile(rich.parse().expect("tokens")));
    words.extend(names::WORDS.iter().map(ToString::to_string));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    for nine in words.chunks(9) {
        for turn in [0, 4] {
            let word = |place: usize| nine[(place + turn) % nine.len()];
            check(
                &format!(
                    "M<{a}, {b}> {{ param {c}: [{a}], {d}; state {e}: [{a}]; input {f}: [{b}]; let {g} = sum({c}) * {d};
                        {h} = {e} * {g} + sum({f}); loss = sum({h}^2);
                        step {i}({f}2) -> {h} {{ {c} := {c} - {f}2 * grad(loss, {c}); {e} := {h}; }} }}",
                    a = word(0), b = word(1), c = word(2), d = word(3), e = word(4), f = word(5), g = word(6), h = word(7),
                    i = word(8),
                ),
                false,
            );
        }
    }
    for word in names::WORDS {
        check(&format!("{word} {{ param w; loss = w^2; }}"), false);
        check(&format!("M as {word} {{ state w; step {word} {{ w := 1; }} }}"), false);
        check(&format!("M<{word}, n, N> {{ input {word}2, n2; y = iota({word}) + sum(iota(n)) + n2; }}"), false);
    }
}
