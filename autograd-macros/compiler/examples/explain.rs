//! Every stage of one model, from standard input: its graph, its loops, its code, or its mistakes.
//!
//! ```text
//! echo 'M<N> { param x: [N]; loss = sum[i](x[i]^2); }' | cargo run -p autograd-compiler --example explain
//! ```

use std::io::Read;

use autograd_compiler::diagnostics::Diagnostics;
use autograd_compiler::entries::EntryKind;
use autograd_compiler::{pipeline, syntax};
use proc_macro2::TokenStream;

fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).expect("text on standard input");
    let tokens: TokenStream = text.parse().expect("tokens of Rust");
    let mut diagnostics = Diagnostics::default();
    if let Some(tree) = syntax::parse(tokens.clone(), &mut diagnostics) {
        let stages = pipeline::explain(&tree, EntryKind::LossAndGradient, &mut diagnostics);
        for (name, stage) in stages {
            println!("== {name}\n{stage}");
        }
    }
    for error in diagnostics.errors() {
        println!("error: {}", error.problem.message());
        if let Some(help) = &error.help {
            println!("  help: {}", help.text);
        }
    }
    if std::env::args().any(|argument| argument == "--code") {
        let code = pipeline::compile(tokens);
        println!(
            "{}",
            syn::parse2(code.clone()).map_or_else(|_| code.to_string(), |file| prettyplease::unparse(&file))
        );
    }
}
