//! The methods of a model, and its traits: signatures here, bodies from outside, so that stubs have the same ones.
//!
//! Every computation has one method with a body, the `_into` form; all others call it.

use proc_macro2::{Ident, TokenStream};

use super::arithmetic;
use super::docs;
use super::products;
use super::{Field, Interface, StepInterface};
use crate::emit::entry::Shared;
use crate::emit::entry::arguments::Arguments;
use crate::emit::rust::names::{Names, code, ident, ours, text};
use crate::emit::rust::tree::{Expr, Path, Type};
use crate::entries::{Argument, Entry, EntryKind, EntryPoint, Owner};
use crate::graph::Elem;
use crate::graph::model::ProductKind;

/// Gives the body of the `_into` form of an entry point.
pub(crate) type BodyOf<'a> = dyn FnMut(EntryKind) -> TokenStream + 'a;

impl Owner {
    /// `inputs: &Inputs<'_, T>,`
    pub(crate) fn argument(self, interface: &Interface) -> Option<TokenStream> {
        let generics = interface.inputs_generics(&code!('_), &code!(T));
        (self == Self::Model).then(|| code!(inputs: &Inputs #generics,))
    }

    /// `inputs,`: hands the inputs on to another method.
    pub(crate) fn pass(self) -> Option<TokenStream> {
        (self == Self::Model).then(|| code!(inputs,))
    }

    /// What has the parameters, by reference.
    pub(crate) fn model(self) -> TokenStream {
        if self == Self::Model { code!(self) } else { code!(&self.model) }
    }

    /// The name of the type.
    pub(crate) fn name(self, interface: &Interface) -> Ident {
        match self {
            Self::Model => ours(&interface.name),
            Self::Bound => ident("Bound"),
            Self::Statistics => ident("Statistics"),
        }
    }

    /// `Bound<'i, T>`
    pub(crate) fn bound_type(self, interface: &Interface, lifetime: &'static str) -> Type {
        let lifetime = interface.has_views().then_some(Type::Lifetime(lifetime));
        let generics = lifetime.into_iter().chain([Type::scalar()]);
        Path::of(self.name(interface), generics.collect::<Vec<_>>()).into()
    }

    /// `Mlp<T>`, `Bound<'_, T>`
    pub(crate) fn ty(self, interface: &Interface) -> Type {
        match self {
            Self::Model => Path::of(ours(&interface.name), [Type::scalar()]).into(),
            Self::Bound | Self::Statistics => self.bound_type(interface, "_"),
        }
    }
}

/// `impl<T: Float> Mlp<T> { … }` and the traits; `first` are methods that come from elsewhere.
pub(crate) fn implementations(
    interface: &Interface,
    owner: Owner,
    first: &TokenStream,
    body: &mut BodyOf,
) -> TokenStream {
    let ty = owner.ty(interface);
    let mut methods = vec![outputs(interface, owner, body)];
    for (place, output) in interface.outputs.iter().enumerate() {
        methods.push(output_method(interface, owner, output, &body(output_kind(interface, place))));
    }
    if interface.is_objective() {
        methods.push(gradient(interface, owner, body));
    }
    methods.extend(products::methods(interface, owner, body));
    for (place, step) in interface.steps.iter().enumerate() {
        methods.push(step_method(interface, owner, step, &body(EntryKind::Step(place))));
    }
    let (model, objective) = traits(interface, owner);
    let operators = arithmetic::of_model(interface, owner);
    code! {
        impl<T: runtime::Float> #ty {
            #first
            #(#methods)*
        }

        #model
        #objective
        #operators
    }
}

/// The entry point of an output.
fn output_kind(interface: &Interface, place: usize) -> EntryKind {
    let output = &interface.outputs[place];
    if output.name == "loss" && output.rank == 0 { EntryKind::Loss } else { EntryKind::Output(place) }
}

fn outputs(interface: &Interface, owner: Owner, body: &mut BodyOf) -> TokenStream {
    let (argument, pass) = (owner.argument(interface), owner.pass());
    let generics = interface.outputs_generics(&code!(T));
    let errors = docs::errors(interface, owner, &[]);
    let doc = docs::doc(&format!("All outputs.\n\n{errors}"));
    let doc_into = docs::doc(&format!(
        "All outputs, written to `outputs`, whose arrays are made anew where they have not the right shape.\n\n{errors} \
         What `outputs` holds is then not specified."
    ));
    let body = body(EntryKind::Outputs);
    code! {
        #doc
        pub fn outputs(&self, #argument) -> ::core::result::Result<Outputs #generics, runtime::Error> {
            let mut outputs = ::core::default::Default::default();
            self.outputs_into(#pass &mut ::core::default::Default::default(), &mut outputs)?;
            ::core::result::Result::Ok(outputs)
        }

        #doc_into
        pub fn outputs_into(
            &self,
            #argument
            workspace: &mut Workspace<T>,
            outputs: &mut Outputs #generics,
        ) -> ::core::result::Result<(), runtime::Error> {
            #body
        }
    }
}

/// The body of an entry point that has no program, because another one computes the same, or nearly.
pub(crate) fn shared(shared: &Shared, owner: Owner, kind: EntryKind, entries: &[Entry]) -> Option<TokenStream> {
    let point = |wanted| entries.iter().map(|entry| &entry.point).find(|point| point.kind == wanted);
    if kind == EntryKind::Gradient
        && point(kind).is_none()
        && let Some(both) = point(EntryKind::LossAndGradient)
    {
        let arguments = Arguments::of(shared.interface, kind, &mut Names::default());
        let call = call(shared.interface, both, &arguments, arguments.this.get(), &arguments.inputs.get());
        return Some(code!(#call.map(|_| ())));
    }
    only_output(shared.interface, owner, kind)
}

/// All outputs of a model with one: computed by the entry point of that one.
pub(crate) fn only_output(interface: &Interface, owner: Owner, kind: EntryKind) -> Option<TokenStream> {
    let [output] = interface.outputs.as_slice() else { return None };
    let pass = owner.pass();
    let (name, into) = (ours(&output.name), into_form(&output.name));
    match (kind, output.rank) {
        (EntryKind::Outputs, 0) => Some(code! {
            outputs.#name = self.#into(#pass workspace)?;
            ::core::result::Result::Ok(())
        }),
        (EntryKind::Outputs, _) => Some(code!(self.#into(#pass workspace, &mut outputs.#name))),
        _ => None,
    }
}

/// `loss` and `loss_into`: a number is returned, an array is written to the caller's.
fn output_method(interface: &Interface, owner: Owner, output: &Field, body: &TokenStream) -> TokenStream {
    let (argument, pass, ty) = (owner.argument(interface), owner.pass(), output.owned_type());
    let (name, into) = (ours(&output.name), into_form(&output.name));
    let what = if output.rank == 0 { "a number".to_owned() } else { format!("`{}`", output.text) };
    let errors = docs::errors(interface, owner, &[]);
    let words = docs::after(&output.docs, &format!("The output `{}`, {what}.", text(&output.name)));
    let doc = docs::doc(&format!("{words}\n\n{errors}"));
    // In a stub whatever the user writes to is right.
    let any = (output.rank == Field::UNKNOWN).then(|| code!(<Out>));
    let target = match (output.rank, &any) {
        (0, _) => None,
        (_, Some(_)) => Some(code!(out: &mut Out,)),
        (_, None) => Some(code!(out: &mut #ty,)),
    };
    let returned = if output.rank == 0 { ty.clone() } else { Type::tuple(Vec::new()) };
    let written = match output.rank {
        0 => "computed in the caller's buffers",
        _ => "written to `out`, which is made anew where it has not the right shape",
    };
    let doc_into = docs::doc(&format!("The output `{}`, {written}.\n\n{errors}", text(&output.name)));
    let run = match output.rank {
        0 => code!(self.#into(#pass &mut ::core::default::Default::default())),
        Field::UNKNOWN => body.clone(),
        _ => code! {
            let mut out = ::core::default::Default::default();
            self.#into(#pass &mut ::core::default::Default::default(), &mut out)?;
            ::core::result::Result::Ok(out)
        },
    };
    code! {
        #doc
        pub fn #name(&self, #argument) -> ::core::result::Result<#ty, runtime::Error> {
            #run
        }

        #doc_into
        pub fn #into #any(
            &self,
            #argument
            workspace: &mut Workspace<T>,
            #target
        ) -> ::core::result::Result<#returned, runtime::Error> {
            #body
        }
    }
}

fn into_form(name: &Ident) -> Ident {
    let mut into = ident(&format!("{}_into", text(name)));
    into.set_span(ours(name).span());
    into
}

/// `grad`, `loss_and_grad` and their `_into` forms.
fn gradient(interface: &Interface, owner: Owner, body: &mut BodyOf) -> TokenStream {
    let (argument, pass, model) = (owner.argument(interface), owner.pass(), owner.model());
    let (gradient, both) = (body(EntryKind::Gradient), body(EntryKind::LossAndGradient));
    let errors = docs::errors(interface, owner, &[]);
    let doc = |first: &str| docs::doc(&format!("{first}\n\n{errors}"));
    let doc_into =
        |first: &str| docs::doc(&format!("{first}\n\n{errors} The same if `grad` was made for other shapes."));
    let grad = doc("The gradient of the loss with respect to each parameter.");
    let loss_and_grad = doc("The loss, and its gradient with respect to each parameter.");
    let grad_into = doc_into("The gradient of the loss, written to `grad`.");
    let loss_and_grad_into = doc_into("The loss; its gradient is written to `grad`.");
    code! {
        #grad
        pub fn grad(&self, #argument) -> ::core::result::Result<Grad<T>, runtime::Error> {
            let mut grad = Grad::zeros(#model);
            self.grad_into(#pass &mut ::core::default::Default::default(), &mut grad)?;
            ::core::result::Result::Ok(grad)
        }

        #grad_into
        pub fn grad_into(
            &self,
            #argument
            workspace: &mut Workspace<T>,
            grad: &mut Grad<T>,
        ) -> ::core::result::Result<(), runtime::Error> {
            #gradient
        }

        #loss_and_grad
        pub fn loss_and_grad(&self, #argument) -> ::core::result::Result<(T, Grad<T>), runtime::Error> {
            let mut grad = Grad::zeros(#model);
            let loss = self.loss_and_grad_into(#pass &mut ::core::default::Default::default(), &mut grad)?;
            ::core::result::Result::Ok((loss, grad))
        }

        #loss_and_grad_into
        pub fn loss_and_grad_into(
            &self,
            #argument
            workspace: &mut Workspace<T>,
            grad: &mut Grad<T>,
        ) -> ::core::result::Result<T, runtime::Error> {
            #both
        }
    }
}

/// `train` and `train_into`.
fn step_method(interface: &Interface, owner: Owner, step: &StepInterface, body: &TokenStream) -> TokenStream {
    let (argument, pass) = (owner.argument(interface), owner.pass());
    let (name, into) = (ours(&step.name), into_form(&step.name));
    let names: Vec<_> = step.inputs.iter().map(|input| &input.name).collect();
    let arguments = step.inputs.iter().map(|input| {
        let (name, ty) = (&input.name, input.view_type("_"));
        code!(#name: #ty,)
    });
    let arguments: Vec<_> = arguments.collect();
    let returned = Type::tuple(step.results.iter().map(Field::owned_type).collect());
    let targets: Vec<String> = step.targets.iter().map(|name| format!("`{name}`")).collect();
    let changes =
        if targets.is_empty() { "changes nothing".into() } else { format!("assigns to {}", targets.join(", ")) };
    let what = format!("The step `{}`: {changes}.", text(&step.name));
    let errors = docs::errors(interface, owner, &step.inputs);
    let unchanged = if targets.is_empty() { "" } else { " Nothing has changed then." };
    let more = format!("{}\n\n{errors}{unchanged}", docs::arguments(step));
    let own = step.receiver();
    let doc = docs::doc(&docs::after(&docs::after(&step.docs, &what), &more));
    let doc_into = docs::doc(&docs::after(&format!("{what} It computes in the caller's buffers."), &more));
    code! {
        #doc
        pub fn #name(#own self, #argument #(#arguments)*) -> ::core::result::Result<#returned, runtime::Error> {
            self.#into(#pass #(#names,)* &mut ::core::default::Default::default())
        }

        #doc_into
        pub fn #into(
            #own self,
            #argument
            #(#arguments)*
            workspace: &mut Workspace<T>,
        ) -> ::core::result::Result<#returned, runtime::Error> {
            #body
        }
    }
}

/// `impl Model for …` and `impl Objective for …`: the inherent methods under the traits' names.
fn traits(interface: &Interface, owner: Owner) -> (TokenStream, TokenStream) {
    let (ty, model, pass) = (owner.ty(interface), owner.model(), owner.pass());
    let own = owner.name(interface);
    let generic = interface.inputs_generics(&code!('a), &code!(T));
    let (inputs, argument) = match owner {
        Owner::Model => (code!(Inputs #generic), owner.argument(interface).unwrap_or_default()),
        Owner::Bound | Owner::Statistics => (code!(()), code!((): &(),)),
    };
    let outputs = interface.outputs_generics(&code!(T));
    let visit = visit_outputs(interface, &outputs);
    let model_trait = code! {
        impl<T: runtime::Float> runtime::Model for #ty {
            type Inputs<'a> = #inputs;
            type Outputs = Outputs #outputs;
            type Workspace = Workspace<T>;

            fn outputs_into(
                &self,
                #argument
                workspace: &mut Workspace<T>,
                outputs: &mut Outputs #outputs,
            ) -> ::core::result::Result<(), runtime::Error> {
                #own::outputs_into(self, #pass workspace, outputs)
            }

            #visit
        }
    };
    let (product, residuals) = products::traits(interface, owner, &argument);
    let objective = code! {
        impl<T: runtime::Float> runtime::Objective for #ty {
            type Grad = Grad<T>;

            fn zero_grad(&self) -> Grad<T> {
                Grad::zeros(#model)
            }

            fn loss_into(
                &self,
                #argument
                workspace: &mut Workspace<T>,
            ) -> ::core::result::Result<T, runtime::Error> {
                #own::loss_into(self, #pass workspace)
            }

            fn grad_into(
                &self,
                #argument
                workspace: &mut Workspace<T>,
                grad: &mut Grad<T>,
            ) -> ::core::result::Result<(), runtime::Error> {
                #own::grad_into(self, #pass workspace, grad)
            }

            fn loss_and_grad_into(
                &self,
                #argument
                workspace: &mut Workspace<T>,
                grad: &mut Grad<T>,
            ) -> ::core::result::Result<T, runtime::Error> {
                #own::loss_and_grad_into(self, #pass workspace, grad)
            }

            #product
        }
        #residuals
    };
    (model_trait, if interface.is_objective() { objective } else { TokenStream::new() })
}

/// `fn visit_outputs(…) { visit("loss", …); }`: the outputs that hold numbers, by name.
fn visit_outputs(interface: &Interface, outputs: &TokenStream) -> TokenStream {
    let known = interface.outputs.iter().filter(|output| output.elem == Elem::Real && output.rank != Field::UNKNOWN);
    let visits: Vec<_> = known
        .map(|output| {
            let (name, called) = (ours(&output.name), text(&output.name));
            code!(runtime::visit(#called, &outputs.#name, visit);)
        })
        .collect();
    if visits.is_empty() {
        return TokenStream::new();
    }
    code! {
        fn visit_outputs(outputs: &Outputs #outputs, visit: runtime::Visit<'_, T>) {
            #(#visits)*
        }
    }
}

/// The body of an entry point of a bound model that has nothing prepared: the model's own, on the inputs that it has.
pub(crate) fn unprepared(shared: &mut Shared, kind: EntryKind) -> Expr {
    let Some(point) = shared.points.iter().find(|point| point.kind == kind) else {
        let missing = format!("the entry point {kind:?} of the model is not known");
        shared.mistake.get_or_insert_with(|| missing.clone());
        return Expr::Missing(missing);
    };
    let arguments = Arguments::of(shared.interface, kind, &mut Names::default());
    let this = || arguments.this.get();
    let model = this().field("model");
    // A method of a trait that takes `&self` would come before a step of its name: `clone_into`.
    let model = if point.changes_model() { model.by_mut() } else { model };
    call(shared.interface, point, &arguments, model, &this().field("inputs").by_ref())
}

/// The call of an entry point, with arguments that have the names of its own: `self.loss_into(inputs, workspace)`.
pub(crate) fn call(
    interface: &Interface,
    point: &EntryPoint,
    arguments: &Arguments,
    receiver: Expr,
    inputs: &Expr,
) -> Expr {
    let given = point.arguments.iter().map(|argument| match argument {
        Argument::Inputs => inputs.clone(),
        argument => arguments.get(*argument),
    });
    let given: Vec<Expr> = given.collect();
    match point.kind {
        EntryKind::Outputs => receiver.method("outputs_into", given),
        EntryKind::Loss => receiver.method("loss_into", given),
        EntryKind::Gradient => receiver.method("grad_into", given),
        EntryKind::LossAndGradient => receiver.method("loss_and_grad_into", given),
        EntryKind::Output(place) => receiver.method(into_form(&interface.outputs[place].name), given),
        EntryKind::Product(ProductKind::Hessian) => receiver.method("hvp_into", given),
        EntryKind::Product(ProductKind::Residual(_)) => receiver.method("residual_jvp_into", given),
        EntryKind::Step(place) => receiver.method(into_form(&interface.steps[place].name), given),
        EntryKind::Prepare => Expr::call("prepare", given),
        EntryKind::Summary => Expr::call("summarise", given),
        EntryKind::Reduced => Expr::call("reduced", given),
    }
}
