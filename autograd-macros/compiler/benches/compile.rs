//! How long the compiler takes for models of 10 to 5 000 nodes, the whole pipeline from tokens to tokens.
//!
//!     cargo bench -p autograd-compiler --bench compile                   optimised
//!     cargo bench -p autograd-compiler --bench compile --profile dev     as it runs in users' builds
//!
//! Macros are built without optimisation also for `cargo build --release`, so the second is what users wait for. The
//! bars hold there: 100 ms for 200 nodes, 2 s for 5 000, and a time that grows like the number of nodes.
//!
//! A node is one of the graph that a model's text is built into, before it is differentiated. The models mix matrix
//! products, elementwise functions on matrices, broadcasts, reductions and arithmetic of numbers. The steps are over the
//! parameters of layers that are written out: their time grows like the number of layers.

use std::fmt::Write;
use std::hint::black_box;

use autograd_compiler::diagnostics::Diagnostics;
use autograd_compiler::{build, pipeline, syntax};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use proc_macro2::TokenStream;

const SIZES: [usize; 5] = [10, 100, 200, 1_000, 5_000];
const LAYERS: [usize; 3] = [10, 100, 300];

fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compile");
    group.sample_size(10);
    for size in SIZES {
        let (tokens, nodes) = model_of(size);
        let emitted = pipeline::compile(tokens.clone()).to_string();
        assert!(!emitted.contains("compile_error"), "a model of {size} nodes is refused: {emitted}");
        group.throughput(Throughput::Elements(nodes as u64));
        group.bench_with_input(BenchmarkId::from_parameter(size), &tokens, |bencher, tokens| {
            bencher.iter(|| black_box(pipeline::compile(black_box(tokens.clone()))));
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("compile a step");
    group.sample_size(10);
    for layers in LAYERS {
        let tokens: TokenStream = step(layers).parse().expect("the text is made of tokens");
        let emitted = pipeline::compile(tokens.clone()).to_string();
        assert!(!emitted.contains("compile_error"), "a step over {layers} layers is refused: {emitted}");
        group.throughput(Throughput::Elements(layers as u64));
        group.bench_with_input(BenchmarkId::from_parameter(layers), &tokens, |bencher, tokens| {
            bencher.iter(|| black_box(pipeline::compile(black_box(tokens.clone()))));
        });
    }
    group.finish();
}

/// A perceptron of so many layers, written out, and a step that updates all of them in place.
fn step(layers: usize) -> String {
    let (mut parameters, mut values, mut updates) = (String::new(), String::new(), String::new());
    let mut last = "x".to_owned();
    for layer in 0..layers {
        writeln!(parameters, "    param w{layer}: [16, 16], b{layer}: [16];").expect("strings can be written to");
        writeln!(values, "    let h{layer} = tanh({last} @ w{layer} + b{layer});").expect("strings can be written to");
        for name in [format!("w{layer}"), format!("b{layer}")] {
            writeln!(updates, "        {name} := {name} - rate * grad(loss, {name});")
                .expect("strings can be written to");
        }
        last = format!("h{layer}");
    }
    format!(
        "Layers<N> {{\n{parameters}    const rate = 0.05;\n    input x: [N, 16], y: [N, 16];\n{values}    \
         loss = mean(({last} - y)^2);\n    step train -> loss {{\n{updates}    }}\n}}"
    )
}

/// A model of about so many nodes, and the exact number.
fn model_of(wanted: usize) -> (TokenStream, usize) {
    let mut lines = 0;
    loop {
        let tokens: TokenStream = text(lines).parse().expect("the text is made of tokens");
        let nodes = nodes(tokens.clone());
        if nodes >= wanted {
            assert!(nodes <= wanted + 10, "{nodes} nodes instead of {wanted}");
            return (tokens, nodes);
        }
        // No line is more than ten nodes.
        lines += (wanted - nodes).div_ceil(10);
    }
}

/// The nodes of the graph that a model is built into.
fn nodes(tokens: TokenStream) -> usize {
    let mut diagnostics = Diagnostics::default();
    let tree = syntax::parse(tokens, &mut diagnostics).expect("the model has a name");
    let model = build::build(&tree, &mut diagnostics);
    let errors = diagnostics.into_tokens().to_string();
    model.unwrap_or_else(|| panic!("{errors}")).region.len()
}

/// A model with so many intermediate values.
fn text(lines: usize) -> String {
    let mut items = String::new();
    let (mut matrix, mut number) = ("x".to_owned(), "w".to_owned());
    for line in 0..lines {
        let item = match line % 6 {
            0 => format!("let m{line} = tanh({matrix} + b);"),
            1 => format!("let s{line} = {number} * 0.5 + mean({matrix});"),
            2 => format!("let m{line} = {matrix} * {number} + x;"),
            3 => format!("let m{line} = {matrix} @ a;"),
            4 => format!("let s{line} = sin({number}) * {number} + w;"),
            _ => format!("let m{line} = {matrix} * sigmoid({matrix} - y);"),
        };
        let name = item["let ".len()..].split(' ').next().expect("a name follows").to_owned();
        if name.starts_with('m') {
            matrix = name;
        } else {
            number = name;
        }
        writeln!(items, "    {item}").expect("strings can be written to");
    }
    let params = match lines {
        0 => "param w;",
        1..4 => "param b: [H], w;",
        _ => "param a: [H, H], b: [H], w;",
    };
    let head = format!("pub Generated<N, H> {{\n    {params}\n    input x: [N, H], y: [N, H];\n");
    format!("{head}{items}    loss = mean({matrix} * y) * {number};\n}}\n")
}

criterion_group!(benches, bench);
criterion_main!(benches);
