//! Tests that no function of what is emitted is long, however large the model: rustc takes longer for each statement of a
//! long function.

use std::fmt::Write;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::pipeline;
use crate::testing::models::tokens;

/// What a function may hold, with the closures in it.
const MOST: usize = 500;

/// The longest function: its statements, as semicolons, and its name.
fn longest(tokens: TokenStream) -> (usize, String) {
    let (mut longest, mut name) = ((0, String::new()), None);
    let mut before = None;
    for tree in tokens {
        match &tree {
            TokenTree::Ident(ident) if before.as_deref() == Some("fn") => name = Some(ident.to_string()),
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let found = match name.take() {
                    Some(name) => (statements(group.stream()), name),
                    None => self::longest(group.stream()),
                };
                longest = longest.max(found);
            }
            _ => {}
        }
        before = Some(tree.to_string()).filter(|text| text == "fn");
    }
    longest
}

fn statements(tokens: TokenStream) -> usize {
    let count = |tree| match tree {
        TokenTree::Group(group) => statements(group.stream()),
        TokenTree::Punct(punct) => usize::from(punct.as_char() == ';'),
        _ => 0,
    };
    tokens.into_iter().map(count).sum()
}

#[track_caller]
fn check(text: &str) {
    let tokens = pipeline::compile(tokens(text));
    let (count, name) = longest(tokens);
    assert!((10..=MOST).contains(&count), "`{name}` has {count} statements");
}

#[test]
fn a_long_function_is_found() {
    let text = "mod m { fn short() { a; } impl A { fn long(x: [u8; 3]) { a; f(|x| { b; c; }); } } }";
    assert_eq!(longest(tokens(text)), (4, "long".to_owned()));
}

#[test]
fn chains() {
    for length in [100, 300, 1000] {
        let mut text = "pub Chain<N> { param w; param x: [N]; let v0 = x;".to_owned();
        for i in 1..=length {
            let item = ["tanh(V)", "V * w", "V + 0.5 * x", "0.5 * V * V", "x - V", "V * x"][i % 6];
            write!(text, "let v{i} = {};", item.replace('V', &format!("v{}", i - 1))).expect("strings take all");
        }
        check(&format!("{text} loss = sum(v{length}); }}"));
    }
}

/// A perceptron of so many layers, of one width or each of its own, and what it has beside its loss.
fn check_layers(count: usize, width: &dyn Fn(usize) -> String, more: &str, step: &dyn Fn(usize) -> String) {
    let (mut params, mut lets, mut steps) = (String::new(), "let h0 = x;".to_owned(), String::new());
    let mut dims = vec![width(0)];
    for i in 1..=count {
        write!(params, "param w{i}: [{}, {}], b{i}: [{}];", width(i - 1), width(i), width(i))
            .expect("strings take all");
        write!(lets, "let h{i} = tanh(h{} @ w{i} + b{i});", i - 1).expect("strings take all");
        steps.push_str(&step(i));
        dims.push(width(i));
    }
    dims.dedup();
    let (inputs, dims) = (format!("input x: [N, {}], y: [N, {}];", width(0), width(count)), dims.join(", "));
    let step = if steps.is_empty() { String::new() } else { format!("step train(rate) -> loss {{ {steps} }}") };
    let loss = format!("loss = mean((h{count} - y)^2);");
    check(&format!("pub Layers<N, {dims}> {{ {params} {inputs} {lets} {loss} {more} {step} }}"));
}

#[test]
fn layers() {
    for count in [35, 45, 100, 300] {
        check_layers(count, &|_| "D".to_owned(), "", &|_| String::new());
    }
}

#[test]
fn layers_of_different_widths() {
    for count in [100, 300] {
        check_layers(count, &|i| format!("D{i}"), "", &|_| String::new());
    }
}

#[test]
fn steps_over_layers() {
    let descent = |i| format!("w{i} := w{i} - rate * grad(loss, w{i}); b{i} := b{i} - rate * grad(loss, b{i});");
    check_layers(60, &|_| "D".to_owned(), "rows = sum(h30, D); cut = h31 + h60;", &descent);
}

/// Each gradient is written to a place of its own.
#[test]
fn parameters_that_are_numbers() {
    let (mut params, mut lets) = (String::new(), "let v0 = x;".to_owned());
    for i in 1..=600 {
        write!(params, "param w{i};").expect("strings take all");
        write!(lets, "let v{i} = v{} + sin(w{i} * x) * w{};", i - 1, 601 - i).expect("strings take all");
    }
    check(&format!("pub Numbers {{ {params} input x; {lets} loss = v600^2; }}"));
}

#[test]
fn stencils() {
    let mut sum = "x[0..N - 60]".to_owned();
    for i in 1..60 {
        write!(sum, " + tanh(x[{i}..N - {}]) * x[{i}..N - {}]", 60 - i, 60 - i).expect("strings take all");
    }
    check(&format!("pub Stencil<N> {{ param x: [N]; loss = sum(({sum})^2); }}"));
}

#[test]
fn numbers() {
    let mut text = "pub Numbers { param w; let v0 = w;".to_owned();
    for i in 1..=1000 {
        write!(text, "let v{i} = sin(v{}) * w + v{} * 0.5;", i - 1, i / 2).expect("strings take all");
    }
    check(&format!("{text} loss = v1000^2; }}"));
}
