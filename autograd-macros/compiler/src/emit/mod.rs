//! Code generation: from loop programs to the module of a model, as Rust tokens.
//!
//! Cannot fail but by a mistake of ours, which the verifier finds before anything is printed. What is printed holds no `unsafe`, refers to nothing
//! outside its module but the runtime and `core`, and has the user's names.
//!
//! - `interface/`: what users see, also after an error.
//! - `entry/`: the bodies of entry points, and how they are cut.
//! - `kernel/`: the computation, from the outside in.
//! - `rust/`: the tree that both are made as, its verifier, and its printer, which comes last.

mod entry;
mod interface;
mod kernel;
#[cfg(test)]
mod lengths;
mod rust;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;

pub use interface::stubs::stubs;
pub use interface::{DimField, Field, Interface, StepInterface};
pub use rust::names::{RESERVED, snake_case};

use crate::entries::{Owner, Programs, entry_points};
use crate::graph::model::Model;
use crate::machine::ENTRY_LENGTH;
use crate::pass::Broken;
use entry::arguments::Given;
use entry::binding::{Binder, Known};
use entry::outline::{self, Functions};
use entry::workspace::Fields;
use interface::methods;
use interface::{bound, docs, items, statistics};
use kernel::dedup::Kernels;
use rust::names::{code, ours};
use rust::tree::{Expr, Local, Stmt};

/// What is shown of a model, beside what it computes.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// The formulas of its documentation.
    pub formulas: String,
    /// Its tokens, if those who look at it want them.
    pub source: Option<String>,
}

/// Prints the module of a model, or says which rule of ours is broken. `runtime` is the path of the runtime
/// crate.
///
/// # Errors
/// If what was to be printed uses something that is not there: a mistake of the compiler's.
pub fn emit(model: &Model, programs: &Programs, shown: Shown, runtime: &TokenStream) -> Result<TokenStream, Broken> {
    emit_cut(model, programs, shown, runtime, ENTRY_LENGTH)
}

/// [`emit`], where entry points that have more than `longest` statements are cut.
fn emit_cut(
    model: &Model,
    programs: &Programs,
    shown: Shown,
    runtime: &TokenStream,
    longest: usize,
) -> Result<TokenStream, Broken> {
    let Shown { formulas, source } = shown;
    let interface = &Interface { formulas, source, ..Interface::of_model(model) };
    let (mut shared, sizes) = shared(model, interface, longest);
    let constructor = items::constructor(interface, true);
    let methods = methods::implementations(interface, Owner::Model, &constructor, &mut |kind| {
        if let Some(body) = methods::shared(&shared, Owner::Model, kind, &programs.entries) {
            return body;
        }
        if let Some(entry) = programs.entries.iter().find(|entry| entry.point.kind == kind) {
            entry::body(&mut shared, entry)
        } else {
            code!(::core::unreachable!("this entry point was not compiled"))
        }
    });
    let bound = bound::items(&mut shared, &programs.prepared, &programs.bound);
    let statistics = statistics::items(&mut shared, programs.reduction.as_ref());
    let types = items::types(interface);
    let workspace = shared.workspace.items(&interface.name);
    let entry::Shared { kernels: found, functions, mistake, .. } = &shared;
    if let Some(mistake) = [mistake, &functions.mistake, &found.mistake].into_iter().flatten().next() {
        return Err(Broken { pass: "emit", span: None, message: mistake.clone() });
    }
    let (functions, kernels) = (functions.print(), kernels(&found.print(), runtime));
    Ok(module(interface, runtime, &code!(#types #workspace #methods #bound #statistics #sizes #(#functions)* #kernels)))
}

/// What all entry points share before the first of them, and the function that finds the sizes of a call.
fn shared<'a>(model: &'a Model, interface: &'a Interface, longest: usize) -> (entry::Shared<'a>, TokenStream) {
    let (mut binder, arguments) = Binder::of_model(model, interface);
    model.conditions.iter().for_each(|dim| binder.check_size(dim));
    let known = binder.known(model);
    let mut functions = Functions::default();
    let sizes = sizes_function(interface, binder.take_stmts(), &arguments, &known, longest, &mut functions);
    let shared = entry::Shared {
        model,
        interface,
        points: entry_points(model),
        sizes: known,
        checked: binder.checked,
        workspace: Fields::default(),
        kernels: Kernels::default(),
        functions,
        mistake: None,
        longest,
    };
    (shared, sizes)
}

/// `pub mod linear_regression { … } pub use linear_regression::LinearRegression;`
fn module(interface: &Interface, runtime: &TokenStream, items: &TokenStream) -> TokenStream {
    let (visibility, name, module) = (&interface.visibility, ours(&interface.name), ours(&interface.module));
    let doc = docs::doc(&format!("What belongs to the model [`{name}`]: its inputs, outputs and buffers."));
    code! {
        #doc
        #[allow(clippy::all, clippy::pedantic, unused, non_snake_case, non_camel_case_types, unreachable_pub)]
        #visibility mod #module {
            use #runtime::__private as runtime;
            use #runtime::__private::Elementary as _;

            #items
        }

        #[doc(inline)]
        #[allow(unused_imports)]
        #visibility use #module::#name;
    }
}

/// `fn sizes(model, inputs) -> Result<[usize; 2], Error>`: finds and checks the sizes of a call.
fn sizes_function(
    interface: &Interface,
    stmts: Vec<Stmt>,
    [model, inputs]: &[Local; 2],
    known: &[Known],
    longest: usize,
    functions: &mut Functions,
) -> TokenStream {
    let sizes: Vec<Expr> = known.iter().map(|known| known.local.get()).collect();
    let count = proc_macro2::Literal::usize_unsuffixed(sizes.len());
    let model = Given::new(model, Owner::Model.ty(interface).by_ref());
    let inputs = Given::new(inputs, interface.inputs_type("_").by_ref());
    let (model_type, inputs_type) = (model.ty.clone(), inputs.ty.clone());
    let body = outline::of_sizes(None, stmts, Expr::Array(sizes), vec![model, inputs], ("sizes", longest), functions);
    code! {
        /// Finds the size of every dimension, and checks all arrays against them.
        fn sizes<T: runtime::Float>(
            model: #model_type,
            inputs: #inputs_type,
        ) -> ::core::result::Result<[usize; #count], runtime::Error> {
            #body
        }
    }
}

/// What no local of a kernel is called: its own arguments, and the patterns and functions that its module has.
const KERNEL_NAMES: &[&str] = &[
    "at",
    "block",
    "All",
    "Any",
    "ArgMax",
    "ArgMin",
    "Block",
    "Max",
    "MaxNumber",
    "Min",
    "Own",
    "Parts",
    "Product",
    "Turn",
    "ColumnSums",
    "add_lanes",
    "add_products",
    "lane_sums",
    "live_sum",
    "long_sweep",
    "prefetch",
    "row_sums",
    "rows",
    "sweep",
    "turns",
];

/// The private module of all kernels; what it imports is in [`KERNEL_NAMES`], but for traits.
fn kernels(kernels: &[TokenStream], runtime: &TokenStream) -> TokenStream {
    if kernels.is_empty() {
        return TokenStream::new();
    }
    code! {
        /// The loops, each generic over the lanes that it runs in.
        mod kernels {
            use ::core::iter::Iterator;
            use #runtime::__private::{
                All, Any, ArgMax, ArgMin, Block, Elementary as _, Float, IndexLanes as _, Kernel, Lanes, Mask as _, Max,
                MaxNumber, Min, Own, Parts, Product, Split, Turn, ColumnSums, add_lanes, add_products, lane_sums, live_sum,
                long_sweep, prefetch, row_sums, rows, sweep, turns,
            };

            #(#kernels)*
        }
    }
}
