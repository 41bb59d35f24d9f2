//! What an entry point has before it computes: its arguments, and what its head has found. The stretches of one that is
//! cut are given what they need of it.
//!
//! ```text
//! fn loss_and_grad_1<T: Float>(model: &Mlp<T>, inputs: &Inputs<'_, T>, workspace: &mut Workspace<T>, n: usize, …)
//! ```

use proc_macro2::{Ident, Span, TokenStream};

use super::{Owner, Shared};
use crate::emit::EntryKind;
use crate::emit::interface::methods::Receiver;
use crate::emit::kernel::body::Body;
use crate::emit::rust::names::{code, ident, ours};

/// Something that an entry point has, and that its stretches can be given.
pub(crate) struct Given {
    /// What it is called in the entry point.
    pub(crate) place: Ident,
    /// What it is called in a stretch.
    pub(crate) name: Ident,
    pub(crate) ty: TokenStream,
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
    pub(crate) fn new(name: &Ident, ty: TokenStream) -> Self {
        Self { place: name.clone(), name: name.clone(), ty, pass: Pass::Plain }
    }

    /// The parameter of a stretch, and what a call has for it.
    pub(crate) fn argument(&self) -> (TokenStream, TokenStream) {
        let Self { place, name, ty, pass } = self;
        match pass {
            Pass::Plain => (code!(#name: #ty), code!(#place)),
            Pass::Borrowed => (code!(#name: &#ty), code!(&#place)),
            // What is written where it is the entry point's own stands here too: `&mut y_array`.
            Pass::Changed => (code!(mut #name: &mut #ty), code!(&mut #place)),
        }
    }
}

/// The arguments of an entry point: a stretch is given those that it needs. No method itself, it has another name for `self`.
pub(crate) fn given(shared: &Shared, owner: Owner, body: &mut Body, kind: EntryKind) -> Vec<Given> {
    let interface = shared.interface;
    let (name, inputs) = (ours(&interface.name), interface.inputs_generics(&code!('_), &code!(T)));
    let reference = if let EntryKind::Step(place) = kind { interface.steps[place].receiver() } else { code!(&) };
    let argument = |name: &str, ty: TokenStream| Given::new(&ident(name), ty);
    let place = Ident::new("self", Span::mixed_site());
    let receiver = |name: Ident, ty: TokenStream| Given { place: place.clone(), ..Given::new(&name, ty) };
    let mut given = Vec::new();
    match owner {
        Owner::Model => given.push(receiver(ident("model"), code!(#reference #name<T>))),
        Owner::Bound => {
            let bound = Receiver::Bound.ty(interface);
            given.push(receiver(body.names.fresh("bound"), code!(#reference #bound)));
        }
        Owner::Nobody => {}
        Owner::Statistics => given.push(argument("model", code!(&#name<T>))),
    }
    if matches!(owner, Owner::Model | Owner::Nobody) {
        given.push(argument("inputs", code!(&Inputs #inputs)));
    }
    given.push(argument("workspace", code!(&mut Workspace<T>)));
    match kind {
        EntryKind::Outputs => {
            let generics = interface.outputs_generics(&code!(T));
            given.push(argument("outputs", code!(&mut Outputs #generics)));
        }
        EntryKind::Output(place) => {
            let ty = interface.outputs[place].owned_type();
            given.push(argument("out", code!(&mut #ty)));
        }
        EntryKind::Loss => {}
        EntryKind::Gradient | EntryKind::LossAndGradient => given.push(argument("grad", code!(&mut Grad<T>))),
        EntryKind::Reduced => {
            given.push(argument("prepared", code!(&Summary<T>)));
            given.push(argument("grad", code!(&mut Grad<T>)));
        }
        EntryKind::Prepare => given.push(argument("prepared", code!(&mut Prepared<T>))),
        EntryKind::Summary => given.push(argument("prepared", code!(&mut Summary<T>))),
        EntryKind::Step(place) => {
            let inputs = interface.steps[place].inputs.iter();
            given.extend(inputs.map(|input| Given {
                pass: if input.rank == 0 { Pass::Plain } else { Pass::Borrowed },
                ..Given::new(&input.name, input.view_type(&code!('_)))
            }));
        }
    }
    given
}
