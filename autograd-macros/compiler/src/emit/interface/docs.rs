//! The documentation of what is emitted.

use proc_macro2::TokenStream;

use super::{Field, Interface, StepInterface};
use crate::emit::rust::names::{code, text};
use crate::entries::Owner;
use crate::graph::Elem;
use crate::graph::model::Support;

/// `#[doc = " …"]`, one attribute a line.
pub(crate) fn doc(text: &str) -> TokenStream {
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    code!(#(#[doc = #lines])*)
}

/// The documentation of a field: the user's words, then what it is: ``A parameter: `[D, H]`.``
pub(crate) fn field(kind: &str, field: &Field) -> TokenStream {
    doc(&after(&field.docs, &format!("{kind}: {}.", what(field))))
}

/// What a field is: `` `[D, H]`, starts from `kaiming_uniform()` ``, ``class indices `[N]` in `0..K` ``.
fn what(field: &Field) -> String {
    let shape = if field.rank == 0 { String::new() } else { format!(" `{}`", field.text) };
    let elements = match (field.elem, field.rank) {
        (Elem::Real, 0) => "a number",
        (Elem::Real, _) => "",
        (Elem::Bool, 0) => "a truth value",
        (Elem::Bool, _) => "truth values",
        (Elem::Index, 0) if field.classes.is_some() => "a class index",
        (Elem::Index, 0) => "an index",
        (Elem::Index, _) if field.classes.is_some() => "class indices",
        (Elem::Index, _) => "indices",
    };
    let classes = field.classes.as_ref().map(|classes| format!(" in `0..{classes}`")).unwrap_or_default();
    let support = support(field.support);
    let start = field.start.as_ref().map(|start| format!("; starts from `{start}`")).unwrap_or_default();
    format!("{elements}{shape}{classes}{support}{start}").trim_start().to_owned()
}

/// Where a parameter lies: `, above 0`.
fn support(support: Support) -> String {
    match support {
        Support::Real => String::new(),
        Support::Above(low) => format!(", above {low}"),
        Support::Below(high) => format!(", below {high}"),
        Support::Between(low, high) => format!(", between {low} and {high}"),
        Support::Simplex => ", positive with the sum 1 along the last axis".to_owned(),
    }
}

/// The documentation of a gradient's field: what it is the derivative by, and its formula if one line says it all.
pub(crate) fn derivative(interface: &Interface, field: &Field) -> TokenStream {
    let result = format!("∂loss/∂{}", text(&field.name));
    let shape = if field.rank == 0 { "a number".to_owned() } else { format!("`{}`", field.text) };
    let formula = interface.formulas.lines().find_map(|line| line.strip_prefix(&result)?.strip_prefix(" = "));
    match formula.filter(|formula| formula.len() <= SHORT && !mentions_numbered(formula)) {
        Some(formula) => doc(&format!("{result}: {shape}, `{formula}`.")),
        None => doc(&format!("{result}: {shape}.")),
    }
}

/// A longer formula is looked up at the model.
const SHORT: usize = 60;

/// Whether a formula needs `t1`, `t2`, … of the lines before it.
fn mentions_numbered(formula: &str) -> bool {
    let mut words = formula.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    words.any(|word| word.strip_prefix('t').is_some_and(|number| number.parse::<u32>().is_ok()))
}

/// The arguments of a step, as a list.
pub(crate) fn arguments(step: &StepInterface) -> String {
    let argument = |input: &Field| {
        let words: Vec<&str> = input.docs.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let words = if words.is_empty() { String::new() } else { format!("  \n  {}", words.join("\n  ")) };
        format!("- `{}`: {}.{words}", text(&input.name), what(input))
    };
    step.inputs.iter().map(argument).collect::<Vec<_>>().join("\n")
}

/// The documentation of the model's struct.
pub(crate) fn model(interface: &Interface) -> TokenStream {
    let name = &interface.name;
    let docs = if interface.docs.trim().is_empty() { format!("The model `{name}`.") } else { interface.docs.clone() };
    let docs = after(&docs, &module(interface));
    doc(&after(&after(&docs, &interface.notes), &interface.formulas))
}

/// What belongs to the model and stands in its module: ``With it come [`net::Inputs`], …``
fn module(interface: &Interface) -> String {
    let link = |ty: &str| format!("[`{}::{ty}`]({ty})", interface.module);
    let mut types = vec!["Inputs", "Outputs"];
    types.extend(interface.is_objective().then_some("Grad"));
    types.extend((!interface.fixed_dims.is_empty()).then_some("Dims"));
    let types: Vec<String> = types.into_iter().map(link).collect();
    format!("In its module: {} and {}.", types.join(", "), link("Workspace"))
}

/// What a call is given, and how arrays are: a field is a view, and Rust makes none of a reference.
pub(super) fn inputs(interface: &Interface) -> String {
    let first = format!("What a call of [`{}`] is given.", interface.name);
    let Some(array) = interface.inputs.iter().find(|input| input.rank > 0) else { return first };
    let arguments: Vec<String> = (interface.inputs.iter())
        .map(|input| format!("{}{}", if input.rank > 0 { "&" } else { "" }, text(&input.name)))
        .chain(interface.field_dims.iter().map(|dim| dim.field.to_string()))
        .collect();
    let (module, name) = (&interface.module, text(&array.name));
    let call = format!("{module}::Inputs::new({})", arguments.join(", "));
    format!("{first} `{call}` takes arrays by reference; between braces a field is a view: `{name}: {name}.view()`.")
}

/// Two paragraphs; an empty one is left out.
pub(crate) fn after(first: &str, second: &str) -> String {
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

/// What can go wrong in a call that is given the model's inputs, and maybe more.
pub(crate) fn errors(interface: &Interface, owner: Owner, more: &[Field]) -> String {
    let (inputs, when) = match owner {
        Owner::Model => (interface.inputs.as_slice(), ""),
        Owner::Bound | Owner::Statistics => (&[][..], " any more"),
    };
    let has_classes = inputs.iter().chain(more).any(|input| input.classes.is_some());
    let classes = if has_classes { ", or a class index is out of range" } else { "" };
    format!("# Errors\nIf the sizes of inputs and parameters do not fit together{when}{classes}.")
}
