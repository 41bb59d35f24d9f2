//! The results of an entry point: what they are called, where they go, what is returned.
//!
//! ```text
//! runtime::check_gradient(self, grad)?;
//! let grad_w = runtime::Tensor::<T>::values_mut(&mut grad.w);
//! …
//! grad.b = grad_b;
//! Ok(loss)
//! ```

use std::rc::Rc;

use proc_macro2::{Ident, TokenStream, TokenTree};

use super::outline::{Binding, Outline, Statement};
use super::{Owner, Shared};
use crate::emit::EntryKind;
use crate::emit::interface::Field;
use crate::emit::kernel::body::Body;
use crate::emit::kernel::expr::{Printed, array_elem};
use crate::emit::rust::names::{code, ident, ours, text};
use crate::graph::{Elem, Shape};
use crate::loops::program::{BufferId, Program, ProgramResult, Storage, ValueId};
use crate::separate::Prepared;

/// Results without a name get one: `loss`, `grad_w`, `next_m`.
pub(crate) fn name_results(program: &mut Program, shared: &Shared, kind: EntryKind) {
    let wanted: Vec<String> = match kind {
        EntryKind::Loss => vec!["loss".into()],
        EntryKind::Gradient => params(shared).map(|name| format!("grad_{name}")).collect(),
        EntryKind::LossAndGradient => {
            std::iter::once("loss".into()).chain(params(shared).map(|name| format!("grad_{name}"))).collect()
        }
        EntryKind::Outputs => shared.interface.outputs.iter().map(|output| text(&output.name)).collect(),
        EntryKind::Output(place) => {
            shared.interface.outputs.get(place).map(|output| text(&output.name)).into_iter().collect()
        }
        EntryKind::Step(place) => {
            let step = shared.interface.steps.get(place);
            let targets = step.into_iter().flat_map(|step| step.targets.iter().map(|name| format!("next_{name}")));
            targets
                .chain(step.into_iter().flat_map(|step| step.results.iter().map(|result| text(&result.name))))
                .collect()
        }
        EntryKind::Prepare => shared.prepared.iter().map(|prepared| prepared.name.to_string()).collect(),
        EntryKind::Summary => shared.statistics.iter().map(|statistic| statistic.name.to_string()).collect(),
        EntryKind::Reduced => {
            let numbers = ["loss".to_owned(), "magnitude".to_owned(), "lost".to_owned()].into_iter();
            numbers.chain(params(shared).map(|name| format!("grad_{name}"))).collect()
        }
    };
    for (result, name) in program.results.clone().into_iter().zip(wanted) {
        match result {
            ProgramResult::Buffer(buffer) if is_target(program, buffer) => {}
            ProgramResult::Scalar(value) => {
                program.values[value.index()].name.get_or_insert_with(|| Rc::from(name));
            }
            ProgramResult::Buffer(buffer) => program.buffers[buffer.index()].name = Rc::from(name),
        }
    }
}

fn params<'a>(shared: &'a Shared) -> impl Iterator<Item = String> + 'a {
    shared.interface.params.iter().map(|param| text(&param.name))
}

/// Where tensor results go: `let grad_w = runtime::Tensor::<T>::values_mut(&mut grad.w);`
pub(crate) fn results(shared: &mut Shared, owner: Owner, body: &mut Body, kind: EntryKind, out: &mut Vec<Binding>) {
    let (program, model) = (body.program, owner.model());
    let buffers = || {
        let results = program.results.iter().enumerate();
        results.filter_map(|(place, result)| match *result {
            ProgramResult::Buffer(buffer) => Some((place, buffer)),
            ProgramResult::Scalar(_) => None,
        })
    };
    if buffers().any(|(place, _)| matches!(target(shared, kind, place), Target::Grad(_))) {
        let model = if owner == Owner::Bound { code!(&#model) } else { model.clone() };
        out.push(Binding::Check(code!(runtime::check_gradient(#model, grad)?;)));
    }
    for (place, id) in buffers() {
        let buffer = &program.buffers[id.index()];
        let local = body.names.fresh(&buffer.name);
        let shape = shape(body, &buffer.shape);
        let memory = match target(shared, kind, place) {
            Target::Grad(field) => {
                let own = ours(&field.name);
                code!(runtime::Tensor::<T>::values_mut(&mut grad.#own))
            }
            Target::Output(field) => {
                let own = ours(&field.name);
                code!(runtime::shaped(&mut outputs.#own, #shape))
            }
            Target::Out => code!(runtime::shaped(out, #shape)),
            Target::Next(field) if is_target(program, id) => {
                let own = ours(&field.name);
                code!(runtime::Tensor::<T>::values_mut(&mut #model.#own))
            }
            Target::Next(field) => {
                let field = field.clone();
                let next = shared.workspace.next(&field);
                code!(runtime::shaped(&mut workspace.#next, #shape))
            }
            Target::Returned(field) => {
                let (ty, array) = (field.owned_type(), returned_array(field));
                let memory = code!(runtime::shaped(&mut #array, #shape));
                out.push(Binding::Owned { local: array, ty });
                memory
            }
            Target::Prepared(prepared) => {
                let (name, length) = (ident(&prepared.name), body.places.volume(&buffer.shape));
                code!(runtime::grow(&mut prepared.#name, #length))
            }
        };
        body.buffers.insert(id, code!(#local));
        out.push(Binding::Array { stmt: code!(let #local = #memory;), local });
    }
}

fn returned_array(field: &Field) -> Ident {
    ident(&format!("{}_array", text(&field.name)))
}

/// `[n, 2 * h]`
fn shape(body: &Body, shape: &Shape) -> TokenStream {
    let extents = shape.iter().map(|dim| body.places.dim(dim));
    if shape.len() > 6 { code!(&[#(#extents),*][..]) } else { code!([#(#extents),*]) }
}

/// Where a result goes.
enum Target<'a> {
    Output(&'a Field),
    Out,
    Grad(&'a Field),
    Next(&'a Field),
    Returned(&'a Field),
    Prepared(&'a Prepared),
}

fn target<'a>(shared: &'a Shared, kind: EntryKind, place: usize) -> Target<'a> {
    let interface = shared.interface;
    match kind {
        EntryKind::Outputs => Target::Output(&interface.outputs[place]),
        EntryKind::Loss | EntryKind::Output(_) => Target::Out,
        EntryKind::Gradient => Target::Grad(&interface.params[place]),
        EntryKind::LossAndGradient if place == 0 => Target::Out,
        EntryKind::LossAndGradient => Target::Grad(&interface.params[place - 1]),
        EntryKind::Step(step) => {
            let step = &interface.steps[step];
            match step.places.get(place) {
                Some(&owned) => Target::Next(interface.owned_at(owned)),
                None => Target::Returned(&step.results[place - step.targets.len()]),
            }
        }
        EntryKind::Prepare => Target::Prepared(&shared.prepared[place]),
        EntryKind::Summary => Target::Prepared(&shared.statistics[place]),
        EntryKind::Reduced if place < 3 => Target::Out,
        EntryKind::Reduced => Target::Grad(&interface.params[place - 3]),
    }
}

/// Whether a step writes the result where its target lies.
fn is_target(program: &Program, buffer: BufferId) -> bool {
    matches!(program.buffers[buffer.index()].storage, Storage::Target(_))
}

/// What the entry point writes in the end, and what it returns.
pub(crate) fn hand_over(shared: &Shared, owner: Owner, body: &mut Body, kind: EntryKind, out: &mut Outline) {
    let (program, model) = (body.program, owner.model());
    // All values are there before the first assignment: `x := y; y := x` swaps.
    let (stmts, writes) = (&mut out.stmts, &mut out.writes);
    out.writes_are_last = matches!(kind, EntryKind::Step(_));
    let mut scalar = |field: Option<&Field>, value: ValueId| {
        let printed = scalar_result(body, value);
        let Some(field) = field.filter(|_| reads_self(&printed)) else { return printed };
        let local = body.names.fresh(&format!("next_{}", text(&field.name)));
        let defines = vec![(local.clone(), array_elem(body.elem(value)))];
        stmts.push(Statement { tokens: code!(let #local = #printed;), defines });
        code!(#local)
    };
    let mut returned = Vec::new();
    for (place, result) in program.results.iter().enumerate() {
        match (target(shared, kind, place), result) {
            (Target::Out, ProgramResult::Scalar(value)) => returned.push(scalar(None, *value)),
            (Target::Returned(field), ProgramResult::Scalar(value)) => returned.push(scalar(Some(field), *value)),
            (Target::Out | Target::Output(_) | Target::Grad(_) | Target::Prepared(_), ProgramResult::Buffer(_)) => {}
            (Target::Output(field), ProgramResult::Scalar(value)) => {
                let (name, value) = (ours(&field.name), scalar(None, *value));
                writes.push(code!(outputs.#name = #value;));
            }
            (Target::Grad(field), ProgramResult::Scalar(value)) => {
                let (name, value) = (ours(&field.name), scalar(None, *value));
                writes.push(code!(grad.#name = #value;));
            }
            (Target::Prepared(prepared), ProgramResult::Scalar(value)) => {
                let (name, value) = (ident(&prepared.name), scalar(None, *value));
                writes.push(code!(prepared.#name = #value;));
            }
            (Target::Next(field), ProgramResult::Scalar(value)) => {
                let (name, value) = (ours(&field.name), scalar(Some(field), *value));
                writes.push(code!(#model.#name = #value;));
            }
            (Target::Next(_), ProgramResult::Buffer(buffer)) if is_target(program, *buffer) => {}
            (Target::Next(field), ProgramResult::Buffer(_)) => {
                let (name, next) = (ours(&field.name), ident(&format!("next_{}", text(&field.name))));
                writes.push(code!(::core::mem::swap(&mut #model.#name, &mut workspace.#next);));
            }
            (Target::Returned(field), ProgramResult::Buffer(_)) => {
                let array = returned_array(field);
                returned.push(code!(#array));
            }
        }
    }
    out.returned = match returned.as_slice() {
        [one] => one.clone(),
        all => code!((#(#all),*)),
    };
}

/// Whether an expression reads the model, which a step is about to change.
fn reads_self(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "self",
        TokenTree::Group(group) => reads_self(&group.stream()),
        _ => false,
    })
}

/// A top-level value as the user gets it.
fn scalar_result(body: &Body, value: ValueId) -> TokenStream {
    let printed: Printed = body.value(value);
    match body.program.values[value.index()].elem {
        Elem::Real | Elem::Bool => printed.tokens,
        Elem::Index => {
            let operand = printed.operand();
            code!(#operand as usize)
        }
    }
}
