//! The documentation of what is emitted.

use proc_macro2::TokenStream;

use super::interface::{Field, Interface};
use super::names::code;
use crate::graph::Elem;

/// `#[doc = " …"]`, one attribute a line.
pub(super) fn doc(text: &str) -> TokenStream {
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    code!(#(#[doc = #lines])*)
}

/// The documentation of a field: the user's words, then what it is: ``A parameter, `[D, H]`.``
pub(super) fn field(kind: &str, field: &Field) -> TokenStream {
    let what = match (field.elem, field.rank) {
        (Elem::Real, 0) => format!("{kind}: a number."),
        (Elem::Real, _) => format!("{kind}, `{}`.", field.text),
        (Elem::Bool, 0) => format!("{kind}: a truth value."),
        (Elem::Bool, _) => format!("{kind}, truth values `{}`.", field.text),
        (Elem::Index, 0) => format!("{kind}: an index."),
        (Elem::Index, _) => format!("{kind}, indices `{}`.", field.text),
    };
    doc(&after(&field.docs, &what))
}

/// The documentation of the model's struct.
pub(super) fn model(interface: &Interface) -> TokenStream {
    let name = &interface.name;
    let docs = if interface.docs.trim().is_empty() { format!("The model `{name}`.") } else { interface.docs.clone() };
    doc(&after(&docs, &interface.formulas))
}

/// Two paragraphs; an empty one is left out.
pub(super) fn after(first: &str, second: &str) -> String {
    let (first, second) = (trim(first), second.trim());
    match (first.is_empty(), second.is_empty()) {
        (true, _) => second.to_owned(),
        (_, true) => first,
        _ => format!("{first}\n\n{second}"),
    }
}

/// Takes off the blank that `///` leaves at the beginning of each line.
fn trim(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    lines.join("\n").trim_end().to_owned()
}

/// What can go wrong in every call.
pub(super) const ERRORS: &str = "# Errors\n\
    If the sizes of inputs and parameters do not fit together, or a class index is out of range.";
