//! The methods that multiply a derivative by a direction, and the traits that have them: `hvp`, `residual_jvp`.

use proc_macro2::TokenStream;

use super::docs;
use super::methods::BodyOf;
use super::{Field, Interface};
use crate::emit::rust::names::code;
use crate::emit::rust::tree::Type;
use crate::entries::{EntryKind, Owner};
use crate::graph::model::ProductKind;

/// The inherent methods: `hvp`, `hvp_into`, `residual_jvp`, `residual_jvp_into`.
pub(crate) fn methods(interface: &Interface, owner: Owner, body: &mut BodyOf) -> Vec<TokenStream> {
    let method = |&kind: &ProductKind| match kind {
        ProductKind::Hessian => hessian(interface, owner, &body(EntryKind::Product(kind))),
        ProductKind::Residual(place) => {
            residual(interface, owner, &interface.outputs[place], &body(EntryKind::Product(kind)))
        }
    };
    interface.products.iter().map(method).collect()
}

fn hessian(interface: &Interface, owner: Owner, body: &TokenStream) -> TokenStream {
    let (argument, pass, model) = (owner.argument(interface), owner.pass(), owner.model());
    let errors = docs::errors(interface, owner, &[]);
    let more = "The same if `along` was made for other shapes.";
    let doc = docs::doc(&format!("The Hessian of the loss times a direction.\n\n{errors} {more}"));
    let doc_into = docs::doc(&format!(
        "The Hessian of the loss times the direction `along`, written to `grad`.\n\n{errors} {more}"
    ));
    code! {
        #doc
        pub fn hvp(&self, #argument along: &Grad<T>) -> ::core::result::Result<Grad<T>, runtime::Error> {
            let mut grad = Grad::zeros(#model);
            self.hvp_into(#pass &mut ::core::default::Default::default(), along, &mut grad)?;
            ::core::result::Result::Ok(grad)
        }

        #doc_into
        pub fn hvp_into(
            &self,
            #argument
            workspace: &mut Workspace<T>,
            along: &Grad<T>,
            grad: &mut Grad<T>,
        ) -> ::core::result::Result<(), runtime::Error> {
            #body
        }
    }
}

fn residual(interface: &Interface, owner: Owner, output: &Field, body: &TokenStream) -> TokenStream {
    let (argument, pass, ty) = (owner.argument(interface), owner.pass(), output.owned_type());
    let errors = docs::errors(interface, owner, &[]);
    let what = "The derivative of `residual` along a direction of all parameters: its Jacobian times `along`";
    let more = "The same if `along` was made for other shapes.";
    let doc = docs::doc(&format!("{what}.\n\n{errors} {more}"));
    let doc_into = docs::doc(&format!("{what}, computed in the caller's buffers.\n\n{errors} {more}"));
    let is_number = output.rank == 0;
    let target = (!is_number).then(|| code!(out: &mut #ty,));
    let returned = if is_number { ty.clone() } else { Type::tuple(Vec::new()) };
    let run = if is_number {
        code!(self.residual_jvp_into(#pass &mut ::core::default::Default::default(), along))
    } else {
        code! {
            let mut out = ::core::default::Default::default();
            self.residual_jvp_into(#pass &mut ::core::default::Default::default(), along, &mut out)?;
            ::core::result::Result::Ok(out)
        }
    };
    code! {
        #doc
        pub fn residual_jvp(&self, #argument along: &Grad<T>) -> ::core::result::Result<#ty, runtime::Error> {
            #run
        }

        #doc_into
        pub fn residual_jvp_into(
            &self,
            #argument
            workspace: &mut Workspace<T>,
            along: &Grad<T>,
            #target
        ) -> ::core::result::Result<#returned, runtime::Error> {
            #body
        }
    }
}

/// What `impl Objective` has of them, and `impl Residuals`.
pub(crate) fn traits(interface: &Interface, owner: Owner, argument: &TokenStream) -> (TokenStream, TokenStream) {
    let (pass, own, ty) = (owner.pass(), owner.name(interface), owner.ty(interface));
    let mut objective = TokenStream::new();
    let mut residuals = TokenStream::new();
    for kind in &interface.products {
        match *kind {
            ProductKind::Hessian => objective.extend(code! {
                const EXACT_HVP: bool = true;

                fn hvp_into(
                    &self,
                    #argument
                    workspace: &mut Workspace<T>,
                    along: &Grad<T>,
                    product: &mut Grad<T>,
                ) -> ::core::result::Result<(), runtime::Error> {
                    #own::hvp_into(self, #pass workspace, along, product)
                }
            }),
            ProductKind::Residual(place) => {
                let output = &interface.outputs[place];
                let residual = output.owned_type();
                let (value, product) = if output.rank == 0 {
                    (
                        code!(*out = #own::residual_into(self, #pass workspace)?;),
                        code!(*out = #own::residual_jvp_into(self, #pass workspace, along)?;),
                    )
                } else {
                    (
                        code!(#own::residual_into(self, #pass workspace, out)?;),
                        code!(#own::residual_jvp_into(self, #pass workspace, along, out)?;),
                    )
                };
                residuals = code! {
                    impl<T: runtime::Float> runtime::Residuals for #ty {
                        type Residual = #residual;

                        fn residual_into(
                            &self,
                            #argument
                            workspace: &mut Workspace<T>,
                            out: &mut #residual,
                        ) -> ::core::result::Result<(), runtime::Error> {
                            #value
                            ::core::result::Result::Ok(())
                        }

                        fn residual_jvp_into(
                            &self,
                            #argument
                            workspace: &mut Workspace<T>,
                            along: &Grad<T>,
                            out: &mut #residual,
                        ) -> ::core::result::Result<(), runtime::Error> {
                            #product
                            ::core::result::Result::Ok(())
                        }
                    }
                };
                if interface.least_squares {
                    objective.extend(code! {
                        fn least_squares() -> ::core::option::Option<runtime::LeastSquares<Self>> {
                            ::core::option::Option::Some(runtime::LeastSquares::of())
                        }
                    });
                }
            }
        }
    }
    (objective, residuals)
}
