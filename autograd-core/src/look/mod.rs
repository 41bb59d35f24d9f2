//! Looking at models (feature `look`): formulas, graphs, a page about everything the compiler did, and where a value stops
//! being a number.
//!
//! ```
//! # #[cfg(feature = "look")] fn shown() -> Result<(), Box<dyn std::error::Error>> {
//! use autograd_core::look::{self, Look};
//! use autograd_core::model;
//! use ndarray::array;
//!
//! model! {
//!     pub Growth<N> {
//!         param rate = 1;
//!         input t: [N];
//!         let size = exp(rate * t);
//!         loss = sum(log(size - 1));
//!     }
//! }
//!
//! println!("{}", look::formulas::<Growth>());            // size = exp(rate * t) …, ∂loss/∂rate = …
//! let latex = look::latex::<Growth>();                   // an align* for a paper
//! std::fs::write("growth.svg", look::svg::<Growth>())?;  // the graph; look::dot for Graphviz
//! std::fs::write("growth.html", look::page::<Growth>())?;
//!
//! let t = array![1.0, 0.0, 720.0];
//! let trace = Growth { rate: 1.0 }.trace(&growth::Inputs::new(&t))?;
//! println!("{trace}");                                   // `size` is inf at [2]: exp(720), written `exp(rate * t)`
//! for value in &trace {
//!     println!("{} {:?}: {:?}", value.name, value.shape, value.values);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The page is one file that needs nothing beside itself: the formulas of values and derivatives, the graph with all
//! shapes, what a call costs as formulas of the dimensions, what each pass and each rewrite of the compiler did and why, and
//! the loop program of each entry point. Without the feature nothing of this is there, and what `model!` emits is the same
//! to the letter. With it every model has its own text, and the compiler is a library of the program, which reads that text
//! when something is looked at: half a second in a build without optimisation, and nothing before.

mod given;
mod tracing;

use autograd_compiler::look::Subject;
use autograd_compiler::pipeline;

pub use autograd_compiler::look::blame::{Blame, BlameKind};
pub use autograd_compiler::look::trace::{Trace, Value};
pub use given::Given;
pub use tracing::Failure;

use crate::model::Model;

/// A model that can be looked at: all those of `model!`, with the feature `look`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be looked at",
    label = "no model of `model!`",
    note = "models that `model!` makes can be, with the feature `look` of `autograd-core`"
)]
pub trait Look: Model {
    /// The tokens of the model.
    #[doc(hidden)]
    const SOURCE: &'static str;

    /// The inputs by name.
    #[doc(hidden)]
    fn given(inputs: &Self::Inputs<'_>) -> Given;

    /// Runs the model value by value, and says where a value first is not a finite number.
    ///
    /// What is run is the model as it is compiled, in its stable form, slowly: one operation after the other, each number
    /// rounded to the model's scalar type. All values with names can be looked at afterwards. See the [module](self).
    ///
    /// # Errors
    /// If inputs and parameters do not fit together.
    fn trace(&self, inputs: &Self::Inputs<'_>) -> Result<Trace, Failure> {
        tracing::trace(self, inputs)
    }
}

/// The model at all stages of the compiler.
///
/// # Panics
/// Not for models of `model!`: what has been compiled once can be compiled again.
#[must_use]
fn subject<M: Look>() -> Subject {
    pipeline::subject(M::SOURCE).unwrap_or_else(|mistake| panic!("a model that has been compiled: {mistake}"))
}

/// The formulas as text: a line for each output, each derivative of the loss, and what they share.
#[must_use]
pub fn formulas<M: Look>() -> String {
    subject::<M>().formulas()
}

/// The same formulas as an `align*` of `LaTeX`, for `\usepackage{amsmath}`.
#[must_use]
pub fn latex<M: Look>() -> String {
    subject::<M>().latex()
}

/// The graph of the outputs in the DOT language of Graphviz.
#[must_use]
pub fn dot<M: Look>() -> String {
    subject::<M>().dot()
}

/// The graph of the outputs as SVG.
#[must_use]
pub fn svg<M: Look>() -> String {
    subject::<M>().svg()
}

/// Everything about the model as a page of HTML.
#[must_use]
pub fn page<M: Look>() -> String {
    page_with::<M>(&[])
}

/// The page, with figures: a caption and an SVG each, such as plots are.
#[must_use]
pub fn page_with<M: Look>(figures: &[(String, String)]) -> String {
    subject::<M>().page(figures)
}

/// [`Look::trace`] as a function.
///
/// # Errors
/// If inputs and parameters do not fit together.
pub fn trace<M: Look>(model: &M, inputs: &M::Inputs<'_>) -> Result<Trace, Failure> {
    model.trace(inputs)
}
