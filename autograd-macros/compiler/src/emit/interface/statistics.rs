//! `bind_statistics`: a model whose loss is computed from statistics of its inputs.
//!
//! ```text
//! pub struct Statistics<'i, T = f64> { pub model: Line<T>, inputs: Inputs<'i, T>, summary: Summary<f64>, … }
//! ```
//!
//! Everything is computed in `f64`, on a copy of the parameters in the workspace: `summarise` and `reduced` are compiled
//! for that alone. Where the terms of the loss cancel, the model computes it from its inputs. A loss that cannot be
//! reduced has a method that cannot be called, and whose error says why.

use proc_macro2::{Literal, TokenStream};
use quote::ToTokens;

use super::bound;
use super::docs;
use super::methods::{self, BodyOf};
use super::{DimField, Field, Interface};
use crate::emit::entry::{self, Shared};
use crate::emit::kernel::dims::Places;
use crate::emit::rust::names::{Names, code, ident, ours, text};
use crate::emit::rust::tree::Local;
use crate::entries::{EntryKind, Owner, Reduction};
use crate::graph::{Elem, ShapeText};

/// `bind_statistics`, `Statistics`, and what belongs to it.
pub(crate) fn items(shared: &mut Shared, reduction: Option<&Result<Reduction, String>>) -> TokenStream {
    match reduction {
        None => TokenStream::new(),
        Some(Err(reason)) => refusal(shared.interface, reason),
        Some(Ok(reduction)) => reduced(shared, reduction),
    }
}

/// The items of a model that has a mistake.
pub(crate) fn stub(interface: &Interface) -> TokenStream {
    if !interface.is_objective() {
        return TokenStream::new();
    }
    let body = code!(::core::unreachable!());
    let doc = docs::doc("Binds the model to statistics of its inputs.");
    let structure = structure(interface, &TokenStream::new(), &doc, &body);
    let methods = implementations(interface, &body, &mut |_| body.clone());
    code!(#structure #methods)
}

/// A method that no call of compiles. (An attribute of its own could say why in the error, but crates without an
/// implicit prelude have no `diagnostic`.)
fn refusal(interface: &Interface, reason: &str) -> TokenStream {
    let doc_method = docs::doc(&format!("This model has no sufficient statistics: {reason}."));
    let (name, bound) = (ours(&interface.name), Owner::Bound.bound_type(interface, "i"));
    let lifetime = interface.has_views().then(|| code!('i,));
    let inputs = interface.inputs_generics(&code!('i), &code!(T));
    code! {
        impl<T: runtime::Float> #name<T> {
            #doc_method
            pub fn bind_statistics<#lifetime>(
                self,
                inputs: &Inputs #inputs,
            ) -> ::core::result::Result<#bound, runtime::Error>
            where
                Self: runtime::PolynomialLoss,
            {
                ::core::unreachable!()
            }
        }
    }
}

fn reduced(shared: &mut Shared, reduction: &Reduction) -> TokenStream {
    shared.workspace.wide();
    let summarise = entry::body(shared, &reduction.summary);
    let reduce = entry::body(shared, &reduction.reduced);
    let sizes = bound::sizes_function(shared, Owner::Statistics);
    let summary = bound::structure(&code!(Summary), "What the loss is computed from.", &reduction.statistics);
    let interface = shared.interface;
    let name = ours(&interface.name);
    let any = Owner::Statistics.ty(interface);
    let inputs = interface.inputs_generics(&code!('_), &code!(T));
    let count = Literal::usize_unsuffixed(shared.sizes.len());
    let fields = code!(sizes: [usize; #count], summary: Summary<f64>, rounding: f64, fallbacks: runtime::Counter,);
    let doc = docs::doc(&bind_docs(interface, reduction));
    let structure = structure(interface, &fields, &doc, &bind_body(shared, reduction));
    let methods = implementations(interface, &code!(self.fallbacks.count()), &mut |kind| {
        methods::only_output(interface, Owner::Statistics, kind).unwrap_or_else(|| method_body(shared, kind))
    });
    let wide = wide(interface);
    code! {
        #structure
        #methods
        #summary
        #wide

        /// Computes the statistics of inputs.
        fn summarise<T: runtime::Float>(
            inputs: &Inputs #inputs,
            sizes: [usize; #count],
            workspace: &mut Workspace<T>,
            prepared: &mut Summary<T>,
        ) -> ::core::result::Result<(), runtime::Error> {
            #summarise
        }

        /// The loss from statistics, the sum of the magnitudes of its terms, and how many times the gradient those of its terms
        /// are that may cancel; the gradient is written to `grad`.
        fn reduced<T: runtime::Float>(
            model: &#name<T>,
            prepared: &Summary<T>,
            sizes: [usize; #count],
            workspace: &mut Workspace<T>,
            grad: &mut Grad<T>,
        ) -> ::core::result::Result<(T, T, T), runtime::Error> {
            #reduce
        }

        /// The loss from statistics, unless its terms cancel, or those of its gradient if that is needed; the gradient is then
        /// in the workspace.
        fn from_statistics<T: runtime::Float>(
            statistics: &#any,
            needs_gradient: bool,
            workspace: &mut Workspace<T>,
        ) -> ::core::result::Result<::core::option::Option<T>, runtime::Error> {
            let sizes = statistics_sizes(statistics)?;
            let wide = workspace.wide.get_or_make(|| Wide::of(&statistics.model));
            wide.update(&statistics.model);
            let (loss, magnitude, lost) =
                reduced(&wide.model, &statistics.summary, sizes, &mut wide.workspace, &mut wide.grad)?;
            let is_close = runtime::is_close::<T>(loss, magnitude, statistics.rounding)
                && (!needs_gradient || runtime::is_kept(lost, statistics.rounding));
            if !is_close {
                statistics.fallbacks.add();
            }
            ::core::result::Result::Ok(is_close.then(|| T::from_f64(loss)))
        }

        #sizes
    }
}

/// What a model has that is bound to statistics.
fn implementations(interface: &Interface, fell_back: &TokenStream, body: &mut BodyOf) -> TokenStream {
    let parameters = bound::parameters(interface, &Owner::Statistics.ty(interface));
    let fell_back = code! {
        /// How many losses and gradients were computed from the inputs, because the terms of the statistics cancelled.
        #[must_use]
        pub fn fell_back(&self) -> usize {
            #fell_back
        }
    };
    let methods = methods::implementations(interface, Owner::Statistics, &fell_back, body);
    code!(#parameters #methods)
}

/// `struct Statistics` and `bind_statistics`.
fn structure(interface: &Interface, fields: &TokenStream, doc_bind: &TokenStream, bind: &TokenStream) -> TokenStream {
    let (name, statistics) = (ours(&interface.name), Owner::Statistics.bound_type(interface, "i"));
    let lifetime = interface.has_views().then(|| code!('i,));
    let inputs = interface.inputs_generics(&code!('i), &code!(T));
    let doc = docs::doc(&format!(
        "A [`{name}`] with statistics of its inputs, made by [`{name}::bind_statistics`]. It is a model like any other, \
         whose calls are given `&()` for inputs."
    ));
    code! {
        #doc
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        pub struct Statistics<#lifetime T = f64> {
            /// The model: its parameters may be read and written as they are.
            pub model: #name<T>,
            inputs: Inputs #inputs,
            #fields
        }

        impl<T: runtime::Float> #name<T> {
            #doc_bind
            pub fn bind_statistics<#lifetime>(
                self,
                inputs: &Inputs #inputs,
            ) -> ::core::result::Result<#statistics, runtime::Error> {
                #bind
            }
        }
    }
}

/// The body of `bind_statistics`.
fn bind_body(shared: &Shared, reduction: &Reduction) -> TokenStream {
    let mut places = Places::default();
    let mut names = Names::default();
    let locals = shared.sizes.iter().map(|known| names.called(ident(&format!("size_{}", known.local.name))));
    let locals: Vec<Local> = locals.collect();
    for (known, local) in shared.sizes.iter().zip(&locals) {
        places.set_dim(&known.name, local.get());
    }
    let summed = reduction.summed.iter().map(|extents| places.volume(extents));
    let kept = reduction.statistics.iter().map(|statistic| places.volume(&statistic.ty.shape));
    let terms = Literal::usize_unsuffixed(reduction.terms);
    let (lets, fields) = wide_inputs(shared.interface);
    let of_data = reduction.jumps.then(|| code!(let rounding = runtime::unless_single::<T>(rounding);));
    code! {
        let sizes = sizes(&self, inputs)?;
        let [#(#locals),*] = sizes;
        let rounding = runtime::rounding(&[#(#summed),*], &[#(#kept),*], #terms);
        #of_data
        #(#lets)*
        let wide = Inputs { #(#fields),* };
        let mut summary = ::core::default::Default::default();
        summarise::<f64>(&wide, sizes, &mut ::core::default::Default::default(), &mut summary)?;
        let inputs = ::core::clone::Clone::clone(inputs);
        let fallbacks = ::core::default::Default::default();
        ::core::result::Result::Ok(Statistics { model: self, inputs, sizes, summary, rounding, fallbacks })
    }
}

fn bind_docs(interface: &Interface, reduction: &Reduction) -> String {
    let shapes = reduction.statistics.iter().filter(|statistic| statistic.ty.rank() > 0);
    let mut shapes: Vec<String> = shapes.map(|statistic| format!("`{}`", ShapeText(&statistic.ty.shape))).collect();
    shapes.sort_unstable();
    shapes.dedup();
    let shapes =
        if shapes.is_empty() { "numbers".to_owned() } else { format!("numbers, and arrays {}", shapes.join(", ")) };
    let errors = docs::errors(interface, Owner::Model, &[]);
    let jumps = if reduction.jumps {
        " In `f32` every call falls back: the data jump by what `f32` rounds otherwise than `f64`."
    } else {
        ""
    };
    format!(
        "Binds the model to statistics of its inputs: a loss or gradient then costs the same for 10 or 10 million rows.\n\n\
         The loss is a polynomial in the parameters. Its data are summed here, once, in `f64`: {shapes}. Other outputs \
         and steps are computed from the inputs, as by `bind`.\n\n\
         # Accuracy\n\
         The terms of the polynomial may cancel, as they do where a fit is close. So each call computes the sum *m* of \
         the magnitudes of all products of the loss beside it. With *u* = 2⁻⁵³, the sums of *n* products have an error \
         of at most 8√n · u times the sum of their magnitudes, if roundings are independent, but for a probability of \
         2n · exp(-32) (Higham and Mary, 2019); the loss adds to that at most one *u* for each element of a statistic, \
         for each term, and 64 for the products. Where this bound times *m* is more than 2⁻²⁶ of the loss (for `f32`: \
         2⁻²³), or anything is infinite or NaN, the call falls back to the inputs and `fell_back` counts it. Else that \
         is the accuracy of the loss.\n\n\
         The error of a gradient is at most as many times the sum of the magnitudes of its own terms. A sum of squares \
         of r, linear in the parameters, whose terms are at most 2²⁰ times the sum, leaves at most 2¹⁰ times the bound \
         of the largest gradient that these residuals could have, 2·√(Σ r²)·√(Σ (∂r)²). Where a loss has several parts, \
         the terms of those of which this is not so are compared with the gradient: where the bound times their sum is \
         more than 2⁻²⁰ of an element of the gradient, and of a hundredth of the largest element of its tensor, calls \
         that ask for gradients fall back too. Underflow is bounded by 2⁻⁹⁶⁰ times the largest products that numbers of \
         the data and of the parameters could have, which is added to *m*.{jumps}\n\n\
         ```text\nlet mut statistics = model.bind_statistics(&inputs)?;\n\
         let loss = optimizer.minimize(&mut statistics, &())?;\nlet model = statistics.model;\n```\n\n{errors}"
    )
}

/// `let wide_x = runtime::Float::widen(inputs.x.view());` and `x: wide_x.view()`
fn wide_inputs(interface: &Interface) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let (mut lets, mut fields) = (Vec::new(), Vec::new());
    for input in &interface.inputs {
        let (name, local) = (ours(&input.name), ident(&format!("wide_{}", text(&input.name))));
        match (input.elem, input.rank) {
            (Elem::Real, 0) => fields.push(code!(#name: runtime::Float::to_f64(inputs.#name))),
            (Elem::Real, _) => {
                lets.push(code!(let #local = <T as runtime::Float>::widen(inputs.#name.view());));
                fields.push(code!(#name: #local.view()));
            }
            (Elem::Bool | Elem::Index, _) => {
                fields.push(code!(#name: ::core::clone::Clone::clone(&inputs.#name)));
            }
        }
    }
    fields.extend(interface.field_dims.iter().map(|DimField { field, .. }| code!(#field: inputs.#field)));
    (lets, fields)
}

/// The body of a method: loss and gradient come from the statistics, if they can.
fn method_body(shared: &mut Shared, kind: EntryKind) -> TokenStream {
    let plain = methods::unprepared(shared, kind).to_token_stream();
    match kind {
        EntryKind::Loss => code! {
            match from_statistics(self, false, workspace)? {
                ::core::option::Option::Some(loss) => ::core::result::Result::Ok(loss),
                ::core::option::Option::None => #plain,
            }
        },
        EntryKind::Gradient | EntryKind::LossAndGradient => {
            let loss = if kind == EntryKind::Gradient { code!(()) } else { code!(loss) };
            code! {
                runtime::check_gradient(&self.model, grad)?;
                let ::core::option::Option::Some(loss) = from_statistics(self, true, workspace)? else {
                    return #plain;
                };
                if let ::core::option::Option::Some(wide) = workspace.wide.get() {
                    wide.narrow(grad);
                }
                ::core::result::Result::Ok(#loss)
            }
        }
        EntryKind::Outputs
        | EntryKind::Output(_)
        | EntryKind::Product(_)
        | EntryKind::Step(_)
        | EntryKind::Prepare
        | EntryKind::Summary
        | EntryKind::Reduced => plain,
    }
}

/// `struct Wide { model: Line<f64>, grad: Grad<f64>, workspace: Workspace<f64> }`
fn wide(interface: &Interface) -> TokenStream {
    let name = ours(&interface.name);
    let each = |fields: &mut dyn Iterator<Item = &Field>, print: &dyn Fn(&Field) -> TokenStream| {
        fields.map(print).collect::<Vec<_>>()
    };
    let own = |field: &Field| ours(&field.name);
    let made = each(&mut interface.owned(), &|field| {
        let own = own(field);
        code!(#own: runtime::Tensor::<T>::wide(&model.#own))
    });
    let updated = each(&mut interface.owned(), &|field| {
        let own = own(field);
        code!(runtime::Tensor::<T>::widen_into(&model.#own, &mut self.model.#own);)
    });
    let narrowed = each(&mut interface.params.iter(), &|field| {
        let own = own(field);
        code!(runtime::Tensor::<T>::narrow_from(&mut grad.#own, &self.grad.#own);)
    });
    let arrays = |of: TokenStream, fields: &mut dyn Iterator<Item = &Field>| {
        each(&mut fields.filter(|field| field.rank > 0), &|field| {
            let own = own(field);
            code!(self.#of.#own.len())
        })
    };
    let mut numbers = arrays(code!(model), &mut interface.owned());
    numbers.extend(arrays(code!(grad), &mut interface.params.iter()));
    code! {
        /// Parameters and gradient in `f64`, and the buffers of a loss from statistics.
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        struct Wide {
            model: #name<f64>,
            grad: Grad<f64>,
            workspace: Workspace<f64>,
        }

        impl Wide {
            fn bytes(&self) -> usize {
                let numbers: &[usize] = &[#(#numbers),*];
                ::core::mem::size_of::<f64>() * ::core::iter::Iterator::sum::<usize>(numbers.iter())
                    + ::core::mem::size_of::<Self>()
                    + self.workspace.bytes()
            }

            fn of<T: runtime::Float>(model: &#name<T>) -> Self {
                let model = #name { #(#made),* };
                let grad = Grad::zeros(&model);
                Self { model, grad, workspace: ::core::default::Default::default() }
            }

            fn update<T: runtime::Float>(&mut self, model: &#name<T>) {
                #(#updated)*
                if !runtime::have_same_shapes(&self.model, &self.grad) {
                    self.grad = Grad::zeros(&self.model);
                }
            }

            fn narrow<T: runtime::Float>(&self, grad: &mut Grad<T>) {
                #(#narrowed)*
            }
        }
    }
}
