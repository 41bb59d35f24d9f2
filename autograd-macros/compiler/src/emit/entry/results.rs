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

use super::Making;
use super::outline::{Binding, Outline, Statement};
use crate::emit::interface::Field;
use crate::emit::kernel::body::Body;
use crate::emit::kernel::expr::array_elem;
use crate::emit::rust::names::{ident, text};
use crate::emit::rust::tree::{Expr, Local, Path, Stmt, Type};
use crate::emit::rust::uses::uses;
use crate::entries::{EntryKind, EntryPoint, Owner, Target, Wanted};
use crate::graph::{Elem, Shape};
use crate::loops::program::{BufferId, Program, ProgramResult, Storage, ValueId};
use crate::reads::{Check, Rule};

/// Results without a name get one: `loss`, `grad_w`, `next_m`.
pub(crate) fn name_results(program: &mut Program, point: &EntryPoint) {
    let results = program.results.clone();
    for (result, Wanted { name, .. }) in results.iter().zip(&point.results) {
        match *result {
            ProgramResult::Buffer(buffer) if is_target(program, buffer) => {}
            ProgramResult::Scalar(value) => {
                program.values[value.index()].name.get_or_insert_with(|| Rc::from(name.as_str()));
            }
            ProgramResult::Buffer(buffer) => program.buffers[buffer.index()].name = Rc::from(name.as_str()),
        }
    }
}

/// Where tensor results go: `let grad_w = runtime::Tensor::<T>::values_mut(&mut grad.w);`
pub(crate) fn results(making: &mut Making, out: &mut Vec<Binding>) {
    let model = making.model();
    let Making { shared, point, arguments, body, returned } = making;
    let program = body.program;
    let buffers = || {
        let results = program.results.iter().enumerate();
        results.filter_map(|(place, result)| match *result {
            ProgramResult::Buffer(buffer) => Some((place, buffer)),
            ProgramResult::Scalar(_) => None,
        })
    };
    if buffers().any(|(place, _)| matches!(point.results[place].target, Target::Gradient(_))) {
        let is_field = point.owner == Some(Owner::Bound);
        let model = if is_field { model.clone().by_ref() } else { model.clone() };
        let check = Expr::call("runtime::check_gradient", [model, arguments.grad.get()]);
        out.push(Binding::Check(Stmt::Run(check.or_fail())));
    }
    let values_mut =
        |tensor: Expr| Expr::call(Path::of("runtime::Tensor", [Type::scalar()]).then("values_mut"), [tensor.by_mut()]);
    for (place, id) in buffers() {
        let buffer = &program.buffers[id.index()];
        let local = body.names.fresh(&buffer.name);
        let shaped = |array: Expr, body: &Body| Expr::call("runtime::shaped", [array, shape(body, &buffer.shape)]);
        let interface = shared.interface;
        let memory = match point.results[place].target {
            Target::Gradient(param) => values_mut(interface.params[param].of(arguments.grad.get())),
            Target::Output(output) => shaped(interface.outputs[output].of(arguments.outputs.get()).by_mut(), body),
            Target::Out | Target::Returned => shaped(arguments.out.get(), body),
            Target::Assigned(owned) if is_target(program, id) => {
                values_mut(interface.owned_at(owned).of(model.clone()))
            }
            Target::Assigned(owned) => {
                let next = shared.workspace.next(interface.owned_at(owned));
                shaped(arguments.workspace.get().field(next).by_mut(), body)
            }
            Target::Result { step, place: result } => {
                let field = &interface.steps[step].results[result];
                let array = body.names.called(ident(&format!("{}_array", text(&field.name))));
                returned.insert(place, array.clone());
                out.push(Binding::Owned { local: array.clone(), ty: field.owned_type() });
                shaped(array.get().by_mut(), body)
            }
            Target::Computed => {
                let field = arguments.prepared.get().field(ident(&point.results[place].name));
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

/// Whether a step writes the result where its target lies.
fn is_target(program: &Program, buffer: BufferId) -> bool {
    matches!(program.buffers[buffer.index()].storage, Storage::Target(_))
}

/// What the entry point writes in the end, and what it returns.
pub(crate) fn hand_over(making: &mut Making, out: &mut Outline) {
    let model = making.model();
    let Making { shared, point, arguments, body, returned: arrays } = making;
    let (program, interface) = (body.program, shared.interface);
    // All values are there before the first assignment: `x := y; y := x` swaps.
    let (stmts, writes) = (&mut out.stmts, &mut out.writes);
    out.writes_are_last = matches!(point.kind, EntryKind::Step(_));
    stmts.extend(program.checks.iter().map(|checked| check(body, checked)));
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
    for (place, (result, wanted)) in program.results.iter().zip(&point.results).enumerate() {
        match (wanted.target, result) {
            (Target::Returned | Target::Out, ProgramResult::Scalar(value)) => returned.push(scalar(None, *value)),
            (Target::Result { step, place }, ProgramResult::Scalar(value)) => {
                returned.push(scalar(Some(&interface.steps[step].results[place]), *value));
            }
            (
                Target::Returned | Target::Out | Target::Output(_) | Target::Gradient(_) | Target::Computed,
                ProgramResult::Buffer(_),
            ) => {}
            (Target::Output(output), ProgramResult::Scalar(value)) => {
                let place = interface.outputs[output].of(arguments.outputs.get());
                writes.push(Stmt::Assign(place, scalar(None, *value)));
            }
            (Target::Gradient(param), ProgramResult::Scalar(value)) => {
                let place = interface.params[param].of(arguments.grad.get());
                writes.push(Stmt::Assign(place, scalar(None, *value)));
            }
            (Target::Computed, ProgramResult::Scalar(value)) => {
                let place = arguments.prepared.get().field(ident(&wanted.name));
                writes.push(Stmt::Assign(place, scalar(None, *value)));
            }
            (Target::Assigned(owned), ProgramResult::Scalar(value)) => {
                let field = interface.owned_at(owned);
                writes.push(Stmt::Assign(field.of(model.clone()), scalar(Some(field), *value)));
            }
            (Target::Assigned(_), ProgramResult::Buffer(buffer)) if is_target(program, *buffer) => {}
            (Target::Assigned(owned), ProgramResult::Buffer(_)) => {
                let field = interface.owned_at(owned);
                let next = arguments.workspace.get().field(shared.workspace.next(field));
                let places = [field.of(model.clone()), next];
                writes.push(Stmt::Run(Expr::call("::core::mem::swap", places.map(Expr::by_mut))));
            }
            (Target::Result { .. }, ProgramResult::Buffer(_)) => {
                let missing = || Expr::Missing(format!("the array of `{}`", wanted.name));
                returned.push(arrays.get(&place).map_or_else(missing, Local::get));
            }
        }
    }
    out.returned = Expr::tuple(returned);
}

/// `runtime::check_subscript("emb", 0, &[b, t], first, value, v)?;`, `runtime::check_integer("x", &[n], first, value)?;`
fn check(body: &Body, check: &Check) -> Statement {
    let result = |place: usize| {
        let value = body.program.results.get(place).and_then(ProgramResult::scalar);
        value.map_or_else(|| Expr::Missing("the result of a check".to_owned()), |value| body.get(value))
    };
    let shape = Expr::Array(check.shape.iter().map(|dim| body.places.dim(dim)).collect());
    let (array, shape) = (Expr::text(check.array.to_string()), shape.by_ref());
    let (first, value) = (result(check.result), result(check.result + 1));
    let call = match &check.rule {
        Rule::Inside { axis, size } => {
            let (axis, size) = (Expr::size(*axis), body.places.dim(size));
            Expr::call("runtime::check_subscript", [array, axis, shape, first, value, size])
        }
        Rule::Whole => Expr::call("runtime::check_integer", [array, shape, first, value]),
    };
    Statement { stmt: Stmt::Run(call.or_fail()), defines: Vec::new() }
}

/// A top-level value as the user gets it.
fn scalar_result(body: &Body, value: ValueId) -> Expr {
    match body.elem(value) {
        Elem::Real | Elem::Bool => body.get(value),
        Elem::Index => body.get(value).cast("usize"),
    }
}
