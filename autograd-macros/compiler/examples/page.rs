//! The page about a model that is read from a file or from standard input: `cargo run -p autograd-compiler --example page
//! -- model.txt page.html`; with `graph.svg` or `graph.dot` for the second argument, its graph.

use std::{env, fs};

use autograd_compiler::pipeline;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [from, to] = arguments.as_slice() else { panic!("the file of the model, and the file to write") };
    let text = fs::read_to_string(from).expect("a file that can be read");
    let subject = pipeline::subject(&text).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let shown = match to.rsplit_once('.').map(|(_, ending)| ending) {
        Some("svg") => subject.svg(),
        Some("dot") => subject.dot(),
        Some("tex") => subject.latex(),
        _ => subject.page(&[]),
    };
    fs::write(to, shown).expect("a file that can be written");
}
