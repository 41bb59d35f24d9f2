//! Arguments: what an entry point is given, and what its head has found. The functions that one is cut into are given
//! what they need of it.
//!
//! ```text
//! fn loss_and_grad_1<T: Float>(model: &Mlp<T>, inputs: &Inputs<'_, T>, workspace: &mut Workspace<T>, n: usize, …)
//! ```

use proc_macro2::{Ident, Span};

use super::Shared;
use crate::emit::interface::Interface;
use crate::emit::rust::names::{Names, ident};
use crate::emit::rust::tree::{Expr, Local, Parameter, Path, Type};
use crate::entries::{Argument, EntryKind, EntryPoint, Owner};
use crate::graph::model::ProductKind;

/// The arguments that an entry point may have, as locals.
pub(crate) struct Arguments {
    /// `self`
    pub(crate) this: Local,
    pub(crate) model: Local,
    pub(crate) inputs: Local,
    pub(crate) sizes: Local,
    pub(crate) workspace: Local,
    pub(crate) outputs: Local,
    pub(crate) out: Local,
    pub(crate) grad: Local,
    pub(crate) along: Local,
    pub(crate) prepared: Local,
    /// Those of the step, in the order of its inputs.
    pub(crate) step: Vec<Local>,
}

impl Arguments {
    pub(crate) fn of(interface: &Interface, kind: EntryKind, names: &mut Names) -> Self {
        let mut local = |name: &str| names.called(ident(name));
        let [model, inputs, sizes, workspace] = ["model", "inputs", "sizes", "workspace"].map(&mut local);
        let [outputs, out, grad, along, prepared] = ["outputs", "out", "grad", "along", "prepared"].map(&mut local);
        let this = names.called(Ident::new("self", Span::mixed_site()));
        let step = if let EntryKind::Step(place) = kind { interface.steps.get(place) } else { None };
        let inputs_of_step = step.into_iter().flat_map(|step| &step.inputs);
        // They have the hygiene of the user.
        let step = inputs_of_step.map(|input| names.called(input.name.clone())).collect();
        Self { this, model, inputs, sizes, workspace, outputs, out, grad, along, prepared, step }
    }

    /// An argument where it is used.
    pub(crate) fn get(&self, argument: Argument) -> Expr {
        let local = match argument {
            Argument::Model => &self.model,
            Argument::Inputs => &self.inputs,
            Argument::Sizes => &self.sizes,
            Argument::Workspace => &self.workspace,
            Argument::Outputs => &self.outputs,
            Argument::Out => &self.out,
            Argument::Grad => &self.grad,
            Argument::Along => &self.along,
            Argument::Prepared | Argument::Computed => &self.prepared,
            Argument::Step(place) => match self.step.get(place) {
                Some(local) => local,
                None => return Expr::Missing(format!("argument {place} of the step")),
            },
        };
        local.get()
    }
}

/// Something that an entry point has, and that the functions that it is cut into can be given.
pub(crate) struct Given {
    /// What it is in the entry point.
    pub(crate) place: Local,
    /// What it is in the function.
    pub(crate) inside: Local,
    pub(crate) ty: Type,
    pub(crate) pass: Pass,
}

/// How something is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pass {
    /// As it is: a number, or a reference.
    Plain,
    Borrowed,
    /// To be written to.
    Changed,
}

impl Given {
    pub(crate) fn new(local: &Local, ty: impl Into<Type>) -> Self {
        Self { place: local.clone(), inside: local.clone(), ty: ty.into(), pass: Pass::Plain }
    }

    /// The parameter of a function, and what a call has for it.
    pub(crate) fn argument(&self) -> (Parameter, Expr) {
        let Self { place, inside, ty, pass } = self;
        let parameter = |is_mutable: bool, ty: Type| Parameter { local: inside.def(), is_mutable, ty };
        match pass {
            Pass::Plain => (parameter(false, ty.clone()), place.get()),
            Pass::Borrowed => (parameter(false, ty.clone().by_ref()), place.get().by_ref()),
            // What is written where it is the entry point's own stands here too: `&mut y_array`.
            Pass::Changed => (parameter(true, ty.clone().by_mut()), place.get().by_mut()),
        }
    }
}

/// The arguments of an entry point, in order. No method itself, a function has another name for `self`.
pub(crate) fn given(shared: &Shared, point: &EntryPoint, arguments: &Arguments, names: &mut Names) -> Vec<Given> {
    let interface = shared.interface;
    let of_scalar = |name: &'static str| Type::from(Path::of(name, [Type::scalar()]));
    let step = if let EntryKind::Step(place) = point.kind { interface.steps.get(place) } else { None };
    let receiver = point.owner.map(|owner| {
        let ty = owner.ty(interface);
        let ty = if point.changes_model() { ty.by_mut() } else { ty.by_ref() };
        let inside = if owner == Owner::Model { arguments.model.clone() } else { names.fresh("bound") };
        Given { place: arguments.this.clone(), inside, ty, pass: Pass::Plain }
    });
    let computed = || of_scalar(if point.kind == EntryKind::Prepare { "Prepared" } else { "Summary" });
    let argument = |argument: &Argument| {
        Some(match argument {
            // They are taken apart before anything else.
            Argument::Sizes => return None,
            Argument::Model => Given::new(&arguments.model, Owner::Model.ty(interface).by_ref()),
            Argument::Inputs => Given::new(&arguments.inputs, interface.inputs_type("_").by_ref()),
            Argument::Prepared => Given::new(&arguments.prepared, computed().by_ref()),
            Argument::Step(place) => {
                let (input, local) = (step?.inputs.get(*place)?, arguments.step.get(*place)?);
                let pass = if input.rank == 0 { Pass::Plain } else { Pass::Borrowed };
                Given { pass, ..Given::new(local, input.view_type("_")) }
            }
            Argument::Workspace => Given::new(&arguments.workspace, of_scalar("Workspace").by_mut()),
            Argument::Outputs => Given::new(&arguments.outputs, interface.outputs_type().by_mut()),
            Argument::Out => {
                let (EntryKind::Output(place) | EntryKind::Product(ProductKind::Residual(place))) = point.kind else {
                    return None;
                };
                Given::new(&arguments.out, interface.outputs[place].owned_type().by_mut())
            }
            Argument::Along => Given::new(&arguments.along, of_scalar("Grad").by_ref()),
            Argument::Grad => Given::new(&arguments.grad, of_scalar("Grad").by_mut()),
            Argument::Computed => Given::new(&arguments.prepared, computed().by_mut()),
        })
    };
    receiver.into_iter().chain(point.arguments.iter().filter_map(argument)).collect()
}
