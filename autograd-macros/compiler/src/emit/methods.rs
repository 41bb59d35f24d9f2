//! The methods of a model, and its traits: signatures here, bodies from outside, so that stubs have the same ones.
//!
//! Every computation has one method with a body, the `_into` form; all others call it.

use proc_macro2::{Ident, TokenStream};

use super::EntryKind;
use super::docs;
use super::interface::{Field, Interface, StepInterface};
use super::names::{code, ident, ours, text};

/// Gives the body of the `_into` form of an entry point.
pub(super) type BodyOf<'a> = dyn FnMut(EntryKind) -> TokenStream + 'a;

/// `impl<T: Float> Mlp<T> { … }` and the traits.
pub(super) fn implementations(interface: &Interface, constructor: &TokenStream, body: &mut BodyOf) -> TokenStream {
    let name = ours(&interface.name);
    let mut methods = vec![outputs(interface, body)];
    let has_scalar_loss = interface.loss().is_some_and(|loss| loss.rank == 0);
    for (place, output) in interface.outputs.iter().enumerate() {
        let kind = if output.name == "loss" && has_scalar_loss { EntryKind::Loss } else { EntryKind::Output(place) };
        methods.push(output_method(interface, output, &body(kind)));
    }
    if interface.is_objective() {
        methods.push(gradient(interface, body));
    }
    for (place, step) in interface.steps.iter().enumerate() {
        methods.push(step_method(interface, step, &body(EntryKind::Step(place))));
    }
    let (model, objective) = traits(interface);
    code! {
        impl<T: runtime::Float> #name<T> {
            #constructor
            #(#methods)*
        }

        #model
        #objective
    }
}

fn inputs_type(interface: &Interface) -> TokenStream {
    let generics = interface.inputs_generics(&code!('_), &code!(T));
    code!(Inputs #generics)
}

fn outputs(interface: &Interface, body: &mut BodyOf) -> TokenStream {
    let (inputs, generics) = (inputs_type(interface), interface.outputs_generics(&code!(T)));
    let errors = docs::errors(interface, &[]);
    let doc = docs::doc(&format!("All outputs.\n\n{errors}"));
    let doc_into = docs::doc(&format!(
        "All outputs, written to `outputs`, whose arrays are made anew where they have not the right shape.\n\n{errors} \
         What `outputs` holds is then not specified."
    ));
    let body = body(EntryKind::Outputs);
    code! {
        #doc
        pub fn outputs(&self, inputs: &#inputs) -> ::core::result::Result<Outputs #generics, runtime::Error> {
            let mut outputs = ::core::default::Default::default();
            self.outputs_into(inputs, &mut ::core::default::Default::default(), &mut outputs)?;
            ::core::result::Result::Ok(outputs)
        }

        #doc_into
        pub fn outputs_into(
            &self,
            inputs: &#inputs,
            workspace: &mut Workspace<T>,
            outputs: &mut Outputs #generics,
        ) -> ::core::result::Result<(), runtime::Error> {
            #body
        }
    }
}

/// All outputs of a model with one: computed by the entry point of that one.
pub(super) fn only_output(interface: &Interface, kind: EntryKind) -> Option<TokenStream> {
    let [output] = interface.outputs.as_slice() else { return None };
    let (name, into) = (ours(&output.name), into_form(&output.name));
    match (kind, output.rank) {
        (EntryKind::Outputs, 0) => Some(code! {
            outputs.#name = self.#into(inputs, workspace)?;
            ::core::result::Result::Ok(())
        }),
        (EntryKind::Outputs, _) => Some(code!(self.#into(inputs, workspace, &mut outputs.#name))),
        _ => None,
    }
}

/// `loss` and `loss_into`: a number is returned, an array is written to the caller's.
fn output_method(interface: &Interface, output: &Field, body: &TokenStream) -> TokenStream {
    let (inputs, ty) = (inputs_type(interface), output.owned_type());
    let (name, into) = (ours(&output.name), into_form(&output.name));
    let what = if output.rank == 0 { "a number".to_owned() } else { format!("`{}`", output.text) };
    let errors = docs::errors(interface, &[]);
    let words = docs::after(&output.docs, &format!("The output `{}`, {what}.", text(&output.name)));
    let doc = docs::doc(&format!("{words}\n\n{errors}"));
    // In a stub whatever the user writes to is right.
    let any = (output.rank == Field::UNKNOWN).then(|| code!(<Out>));
    let target = match (output.rank, &any) {
        (0, _) => None,
        (_, Some(_)) => Some(code!(out: &mut Out,)),
        (_, None) => Some(code!(out: &mut #ty,)),
    };
    let returned = if output.rank == 0 { ty.clone() } else { code!(()) };
    let written = match output.rank {
        0 => "computed in the caller's buffers",
        _ => "written to `out`, which is made anew where it has not the right shape",
    };
    let doc_into = docs::doc(&format!("The output `{}`, {written}.\n\n{errors}", text(&output.name)));
    let run = match output.rank {
        0 => code!(self.#into(inputs, &mut ::core::default::Default::default())),
        Field::UNKNOWN => body.clone(),
        _ => code! {
            let mut out = ::core::default::Default::default();
            self.#into(inputs, &mut ::core::default::Default::default(), &mut out)?;
            ::core::result::Result::Ok(out)
        },
    };
    code! {
        #doc
        pub fn #name(&self, inputs: &#inputs) -> ::core::result::Result<#ty, runtime::Error> {
            #run
        }

        #doc_into
        pub fn #into #any(
            &self,
            inputs: &#inputs,
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
fn gradient(interface: &Interface, body: &mut BodyOf) -> TokenStream {
    let inputs = inputs_type(interface);
    let (gradient, both) = (body(EntryKind::Gradient), body(EntryKind::LossAndGradient));
    let errors = docs::errors(interface, &[]);
    let doc = |first: &str| docs::doc(&format!("{first}\n\n{errors}"));
    let doc_into =
        |first: &str| docs::doc(&format!("{first}\n\n{errors} The same if `grad` was made for other shapes."));
    let grad = doc("The gradient of the loss with respect to each parameter.");
    let loss_and_grad = doc("The loss, and its gradient with respect to each parameter.");
    let grad_into = doc_into("The gradient of the loss, written to `grad`.");
    let loss_and_grad_into = doc_into("The loss; its gradient is written to `grad`.");
    code! {
        #grad
        pub fn grad(&self, inputs: &#inputs) -> ::core::result::Result<Grad<T>, runtime::Error> {
            let mut grad = Grad::zeros(self);
            self.grad_into(inputs, &mut ::core::default::Default::default(), &mut grad)?;
            ::core::result::Result::Ok(grad)
        }

        #grad_into
        pub fn grad_into(
            &self,
            inputs: &#inputs,
            workspace: &mut Workspace<T>,
            grad: &mut Grad<T>,
        ) -> ::core::result::Result<(), runtime::Error> {
            #gradient
        }

        #loss_and_grad
        pub fn loss_and_grad(&self, inputs: &#inputs) -> ::core::result::Result<(T, Grad<T>), runtime::Error> {
            let mut grad = Grad::zeros(self);
            let loss = self.loss_and_grad_into(inputs, &mut ::core::default::Default::default(), &mut grad)?;
            ::core::result::Result::Ok((loss, grad))
        }

        #loss_and_grad_into
        pub fn loss_and_grad_into(
            &self,
            inputs: &#inputs,
            workspace: &mut Workspace<T>,
            grad: &mut Grad<T>,
        ) -> ::core::result::Result<T, runtime::Error> {
            #both
        }
    }
}

/// `train` and `train_into`.
fn step_method(interface: &Interface, step: &StepInterface, body: &TokenStream) -> TokenStream {
    let inputs = inputs_type(interface);
    let (name, into) = (ours(&step.name), into_form(&step.name));
    let names: Vec<_> = step.inputs.iter().map(|input| &input.name).collect();
    let arguments = step.inputs.iter().map(|input| {
        let (name, ty) = (&input.name, input.view_type(&code!('_)));
        code!(#name: #ty,)
    });
    let arguments: Vec<_> = arguments.collect();
    let returned = match step.results.as_slice() {
        [result] => result.owned_type(),
        results => {
            let types = results.iter().map(Field::owned_type);
            code!((#(#types),*))
        }
    };
    let targets: Vec<String> = step.targets.iter().map(|name| format!("`{name}`")).collect();
    let what = format!("The step `{}`: assigns to {}.", text(&step.name), targets.join(", "));
    let more =
        format!("{}\n\n{} Nothing has changed then.", docs::arguments(step), docs::errors(interface, &step.inputs));
    let doc = docs::doc(&docs::after(&docs::after(&step.docs, &what), &more));
    let doc_into = docs::doc(&docs::after(&format!("{what} It computes in the caller's buffers."), &more));
    code! {
        #doc
        pub fn #name(&mut self, inputs: &#inputs, #(#arguments)*) -> ::core::result::Result<#returned, runtime::Error> {
            self.#into(inputs, #(#names,)* &mut ::core::default::Default::default())
        }

        #doc_into
        pub fn #into(
            &mut self,
            inputs: &#inputs,
            #(#arguments)*
            workspace: &mut Workspace<T>,
        ) -> ::core::result::Result<#returned, runtime::Error> {
            #body
        }
    }
}

/// `impl Model for …` and `impl Objective for …`: the inherent methods under the traits' names.
fn traits(interface: &Interface) -> (TokenStream, TokenStream) {
    let name = ours(&interface.name);
    let inputs = inputs_type(interface);
    let generic = interface.inputs_generics(&code!('a), &code!(T));
    let outputs = interface.outputs_generics(&code!(T));
    let model = code! {
        impl<T: runtime::Float> runtime::Model for #name<T> {
            type Inputs<'a> = Inputs #generic;
            type Outputs = Outputs #outputs;
            type Workspace = Workspace<T>;

            fn outputs_into(
                &self,
                inputs: &#inputs,
                workspace: &mut Workspace<T>,
                outputs: &mut Outputs #outputs,
            ) -> ::core::result::Result<(), runtime::Error> {
                #name::outputs_into(self, inputs, workspace, outputs)
            }
        }
    };
    let objective = code! {
        impl<T: runtime::Float> runtime::Objective for #name<T> {
            type Grad = Grad<T>;

            fn zero_grad(&self) -> Grad<T> {
                Grad::zeros(self)
            }

            fn loss_into(
                &self,
                inputs: &#inputs,
                workspace: &mut Workspace<T>,
            ) -> ::core::result::Result<T, runtime::Error> {
                #name::loss_into(self, inputs, workspace)
            }

            fn grad_into(
                &self,
                inputs: &#inputs,
                workspace: &mut Workspace<T>,
                grad: &mut Grad<T>,
            ) -> ::core::result::Result<(), runtime::Error> {
                #name::grad_into(self, inputs, workspace, grad)
            }

            fn loss_and_grad_into(
                &self,
                inputs: &#inputs,
                workspace: &mut Workspace<T>,
                grad: &mut Grad<T>,
            ) -> ::core::result::Result<T, runtime::Error> {
                #name::loss_and_grad_into(self, inputs, workspace, grad)
            }
        }
    };
    (model, if interface.is_objective() { objective } else { TokenStream::new() })
}
