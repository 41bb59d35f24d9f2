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

use super::outline::{Binding, Outline, Statement};
use super::{Making, Owner, Shared};
use crate::emit::EntryKind;
use crate::emit::interface::Field;
use crate::emit::kernel::body::Body;
use crate::emit::kernel::expr::array_elem;
use crate::emit::rust::names::{ident, ours, text};
use crate::emit::rust::tree::{Expr, Local, Path, Stmt, Type};
use crate::emit::rust::uses::uses;
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
pub(crate) fn results(making: &mut Making, out: &mut Vec<Binding>) {
    let Making { shared, owner, kind, arguments, body, returned } = making;
    let (program, model) = (body.program, owner.model(arguments));
    let buffers = || {
        let results = program.results.iter().enumerate();
        results.filter_map(|(place, result)| match *result {
            ProgramResult::Buffer(buffer) => Some((place, buffer)),
            ProgramResult::Scalar(_) => None,
        })
    };
    if buffers().any(|(place, _)| matches!(target(shared, *kind, place), Target::Grad(_))) {
        let model = if *owner == Owner::Bound { model.clone().by_ref() } else { model.clone() };
        let check = Expr::call("runtime::check_gradient", [model, arguments.grad.get()]);
        out.push(Binding::Check(Stmt::Run(check.or_fail())));
    }
    let values_mut =
        |tensor: Expr| Expr::call(Path::of("runtime::Tensor", [Type::scalar()]).then("values_mut"), [tensor.by_mut()]);
    for (place, id) in buffers() {
        let buffer = &program.buffers[id.index()];
        let local = body.names.fresh(&buffer.name);
        let shaped = |array: Expr, body: &Body| Expr::call("runtime::shaped", [array, shape(body, &buffer.shape)]);
        let memory = match target(shared, *kind, place) {
            Target::Grad(field) => values_mut(arguments.grad.get().field(ours(&field.name))),
            Target::Output(field) => shaped(arguments.outputs.get().field(ours(&field.name)).by_mut(), body),
            Target::Out => shaped(arguments.out.get(), body),
            Target::Next(field) if is_target(program, id) => values_mut(model.clone().field(ours(&field.name))),
            Target::Next(field) => {
                let next = shared.workspace.next(&field.clone());
                shaped(arguments.workspace.get().field(next).by_mut(), body)
            }
            Target::Returned(field) => {
                let (ty, array) = (field.owned_type(), ident(&format!("{}_array", text(&field.name))));
                let array = body.names.called(array);
                returned.insert(place, array.clone());
                out.push(Binding::Owned { local: array.clone(), ty });
                shaped(array.get().by_mut(), body)
            }
            Target::Prepared(prepared) => {
                let field = arguments.prepared.get().field(ident(&prepared.name));
                Expr::call("runtime::grow", [field.by_mut(), body.places.volume(&buffer.shape)])
            }
        };
        body.buffers.insert(id, local.get());
        out.push(Binding::Array { stmt: local.is(memory), local });
    }
}

/// `[n, 2 * h]`
fn shape(body: &Body, shape: &Shape) -> Expr {
    let extents = Expr::Array(shape.iter().map(|dim| body.places.dim(dim)).collect());
    if shape.len() > 6 { extents.index(Expr::Range(None, None)).by_ref() } else { extents }
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
pub(crate) fn hand_over(making: &mut Making, out: &mut Outline) {
    let Making { shared, owner, kind, arguments, body, returned: arrays } = making;
    let (program, model) = (body.program, owner.model(arguments));
    // All values are there before the first assignment: `x := y; y := x` swaps.
    let (stmts, writes) = (&mut out.stmts, &mut out.writes);
    out.writes_are_last = matches!(kind, EntryKind::Step(_));
    let mut scalar = |field: Option<&Field>, value: ValueId| {
        let result = scalar_result(body, value);
        // A step is about to change the model.
        let Some(field) = field.filter(|_| uses(&result).contains(&arguments.this.id)) else { return result };
        let local = body.names.fresh(&format!("next_{}", text(&field.name)));
        let defines = vec![(local.clone(), array_elem(body.elem(value)))];
        stmts.push(Statement { stmt: local.is(result), defines });
        local.get()
    };
    let mut returned = Vec::new();
    let field_of = |owner: &Expr, field: &Field| owner.clone().field(ours(&field.name));
    for (place, result) in program.results.iter().enumerate() {
        match (target(shared, *kind, place), result) {
            (Target::Out, ProgramResult::Scalar(value)) => returned.push(scalar(None, *value)),
            (Target::Returned(field), ProgramResult::Scalar(value)) => returned.push(scalar(Some(field), *value)),
            (Target::Out | Target::Output(_) | Target::Grad(_) | Target::Prepared(_), ProgramResult::Buffer(_)) => {}
            (Target::Output(field), ProgramResult::Scalar(value)) => {
                writes.push(Stmt::Assign(field_of(&arguments.outputs.get(), field), scalar(None, *value)));
            }
            (Target::Grad(field), ProgramResult::Scalar(value)) => {
                writes.push(Stmt::Assign(field_of(&arguments.grad.get(), field), scalar(None, *value)));
            }
            (Target::Prepared(prepared), ProgramResult::Scalar(value)) => {
                let place = arguments.prepared.get().field(ident(&prepared.name));
                writes.push(Stmt::Assign(place, scalar(None, *value)));
            }
            (Target::Next(field), ProgramResult::Scalar(value)) => {
                writes.push(Stmt::Assign(field_of(&model, field), scalar(Some(field), *value)));
            }
            (Target::Next(_), ProgramResult::Buffer(buffer)) if is_target(program, *buffer) => {}
            (Target::Next(field), ProgramResult::Buffer(_)) => {
                let next = ident(&format!("next_{}", text(&field.name)));
                let places = [field_of(&model, field), arguments.workspace.get().field(next)];
                writes.push(Stmt::Run(Expr::call("::core::mem::swap", places.map(Expr::by_mut))));
            }
            (Target::Returned(field), ProgramResult::Buffer(_)) => {
                let missing = || Expr::Missing(format!("the array of `{}`", field.name));
                returned.push(arrays.get(&place).map_or_else(missing, Local::get));
            }
        }
    }
    out.returned = Expr::tuple(returned);
}

/// A top-level value as the user gets it.
fn scalar_result(body: &Body, value: ValueId) -> Expr {
    match body.elem(value) {
        Elem::Real | Elem::Bool => body.get(value),
        Elem::Index => body.get(value).cast("usize"),
    }
}
