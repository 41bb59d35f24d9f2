//! What becomes of every model of the repository, one file each: its text, the loop programs and the emitted Rust.
//!
//! A change that is meant to leave the emitted code as it is shows so with two folders and `diff -r`:
//!
//! ```text
//! cargo run -p autograd-compiler --example emitted -- before
//! … the change …
//! cargo run -p autograd-compiler --example emitted -- after
//! diff -r before after
//! ```

#[path = "../tests/mutants/mod.rs"]
#[allow(dead_code, reason = "the tests of mutants use the rest")]
mod mutants;

use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

use autograd_compiler::diagnostics::Diagnostics;
use autograd_compiler::{loops, pipeline, syntax};
use proc_macro2::TokenStream;

fn main() {
    let folder = env::args().nth(1).expect("the folder to write to");
    fs::create_dir_all(&folder).expect("a folder that can be made");
    let mut seen = BTreeSet::new();
    for model in mutants::found() {
        let text = model.join(" ");
        let name = model[0].clone();
        // Models of one name are told apart by their text, so that a new one leaves the names of the others.
        let file = format!("{name}-{:08x}.txt", checksum(&text));
        if seen.insert(file.clone()) {
            fs::write(Path::new(&folder).join(file), stages(&text)).expect("a file that can be written");
        }
    }
    println!("{} models", seen.len());
}

/// The text of a model, its loop programs, and the code.
fn stages(text: &str) -> String {
    let tokens = || text.parse::<TokenStream>().expect("tokens");
    let mut diagnostics = Diagnostics::default();
    let tree = syntax::parse(tokens(), &mut diagnostics);
    let programs = tree.and_then(|tree| pipeline::translate(&tree, &mut diagnostics)).map(|(_, programs)| programs);
    let mut parts = vec![text.to_owned()];
    if let Some(programs) = &programs {
        let reduced =
            programs.reduction.iter().flatten().flat_map(|reduction| [&reduction.summary, &reduction.reduced]);
        let entries = programs.entries.iter().chain(&programs.bound).chain(reduced);
        parts
            .extend(entries.map(|entry| format!("== {:?}\n{}", entry.point.kind, loops::print::print(&entry.program))));
    }
    let code = pipeline::compile(tokens());
    parts.push(syn::parse2(code.clone()).map_or_else(|_| code.to_string(), |file| prettyplease::unparse(&file)));
    parts.join("\n\n")
}

/// FNV-1a, 32 bits: the same on every machine.
fn checksum(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
