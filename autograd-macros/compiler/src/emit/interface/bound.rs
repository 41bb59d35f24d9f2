//! `bind`: a model together with its inputs, and what no parameter touches, computed once.
//!
//! ```text
//! pub struct Bound<'i, T = f64> { pub model: Kernels<T>, inputs: Inputs<'i, T>, sizes: [usize; 2], prepared: Prepared<T> }
//! ```
//!
//! The methods are the model's, without the inputs. Those that read something prepared have bodies of their own; all
//! others are the model's on the inputs that are kept. Where nothing is prepared that is all there is.

use proc_macro2::{Literal, TokenStream};
use quote::ToTokens;

use super::Interface;
use super::docs;
use super::methods::{self, BodyOf};
use crate::emit::entry::arguments::Given;
use crate::emit::entry::binding::{Binder, Known, field_of};
use crate::emit::entry::outline;
use crate::emit::entry::{self, Shared};
use crate::emit::kernel::expr::array_elem;
use crate::emit::rust::names::{Names, code, ident, ours, text};
use crate::emit::rust::tree::{Expr, Local, Pattern, Type};
use crate::entries::{Entry, EntryKind, Owner};
use crate::graph::model::{Model, Variable};
use crate::graph::{Elem, ShapeText};
use crate::ops::LeafKind;
use crate::separate::Prepared;

/// What a bound model has beside the model and its inputs, and how it is made.
pub(crate) struct Parts {
    /// `sizes: [usize; 2], prepared: Prepared<T>,`
    fields: TokenStream,
    /// The body of `bind`.
    bind: TokenStream,
    /// The types and functions.
    items: TokenStream,
    /// What is prepared, for the documentation.
    docs: Option<String>,
}

impl Parts {
    /// Where nothing is prepared.
    pub(crate) fn plain(bind: &TokenStream) -> Self {
        Self { fields: TokenStream::new(), bind: bind.clone(), items: TokenStream::new(), docs: None }
    }
}

/// `bind`, `Bound`, and what belongs to it.
pub(crate) fn items(shared: &mut Shared, prepared: &[Prepared], entries: &[Entry]) -> TokenStream {
    let parts = parts(shared, prepared, entries);
    let interface = shared.interface;
    implementations(interface, &parts, &mut |kind| {
        if let Some(body) = methods::shared(shared, Owner::Bound, kind, entries) {
            return body;
        }
        match entries.iter().find(|entry| entry.point.kind == kind) {
            Some(entry) => entry::body(shared, entry),
            None => methods::unprepared(shared, kind).to_token_stream(),
        }
    })
}

/// The traits and methods of a bound model, from the interface alone.
pub(crate) fn implementations(interface: &Interface, parts: &Parts, body: &mut BodyOf) -> TokenStream {
    let Parts { fields, bind, items, .. } = parts;
    let (name, bound, any) =
        (ours(&interface.name), Owner::Bound.bound_type(interface, "i"), Owner::Bound.ty(interface));
    let lifetime = interface.has_views().then(|| code!('i,));
    let inputs = interface.inputs_generics(&code!('i), &code!(T));
    let doc = docs::doc(&format!(
        "A [`{name}`] with inputs of its own, made by [`{name}::bind`]. It is a model like any other, whose calls are \
         given `&()` for inputs."
    ));
    let doc_bind = docs::doc(&bind_docs(interface, parts.docs.as_deref()));
    let parameters = parameters(interface, &any);
    let methods = methods::implementations(interface, Owner::Bound, &TokenStream::new(), body);
    code! {
        #doc
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        pub struct Bound<#lifetime T = f64> {
            /// The model: its parameters may be read and written as they are.
            pub model: #name<T>,
            inputs: Inputs #inputs,
            #fields
        }

        impl<T: runtime::Float> #name<T> {
            #doc_bind
            pub fn bind<#lifetime>(self, inputs: &Inputs #inputs) -> ::core::result::Result<#bound, runtime::Error> {
                #bind
            }
        }

        #parameters
        #methods
        #items
    }
}

/// The parameters of something that has a model are the model's.
pub(crate) fn parameters(interface: &Interface, ty: &Type) -> TokenStream {
    let name = ours(&interface.name);
    let support = interface.has_supports().then(|| {
        code! {
            fn support(&self, index: usize) -> runtime::Support {
                runtime::Parameters::support(&self.model, index)
            }
        }
    });
    code! {
        impl<T: runtime::Float> runtime::Parameters for #ty {
            type Scalar = T;
            const NAMES: &'static [&'static str] = <#name<T> as runtime::Parameters>::NAMES;

            fn shape(&self, index: usize) -> &[usize] {
                runtime::Parameters::shape(&self.model, index)
            }

            fn values(&self, index: usize) -> runtime::Cow<'_, [T]> {
                runtime::Parameters::values(&self.model, index)
            }

            fn values_mut(&mut self, index: usize) -> &mut [T] {
                runtime::Parameters::values_mut(&mut self.model, index)
            }

            #support
        }
    }
}

fn bind_docs(interface: &Interface, prepared: Option<&str>) -> String {
    let call = if interface.is_objective() { "bound.loss_and_grad()?" } else { "bound.outputs()?" };
    let prepared = prepared.unwrap_or(
        "Nothing costly in this model is untouched by all of its parameters, states and arguments of steps: a bound \
         model computes what the model does.",
    );
    let errors = docs::errors(interface, Owner::Model, &[]);
    format!(
        "Binds the model to inputs: what no parameter touches is computed here, once, and not at every call.\n\n\
         {prepared}\n\n```text\nlet bound = model.bind(&inputs)?;\nlet result = {call};\n```\n\n{errors}"
    )
}

/// What is prepared, and the functions around it.
fn parts(shared: &mut Shared, prepared: &[Prepared], entries: &[Entry]) -> Parts {
    let Some(preparation) = entries.iter().find(|entry| entry.point.kind == EntryKind::Prepare) else {
        return Parts::plain(&code! {
            sizes(&self, inputs)?;
            ::core::result::Result::Ok(Bound { model: self, inputs: ::core::clone::Clone::clone(inputs) })
        });
    };
    let body = entry::body(shared, preparation);
    let inputs = shared.interface.inputs_generics(&code!('_), &code!(T));
    let count = Literal::usize_unsuffixed(shared.sizes.len());
    let structure = structure(&code!(Prepared), "What no parameter touches.", prepared);
    let sizes = sizes_function(shared, Owner::Bound);
    let items = code! {
        #structure

        /// Computes what no parameter touches.
        fn prepare<T: runtime::Float>(
            inputs: &Inputs #inputs,
            sizes: [usize; #count],
            workspace: &mut Workspace<T>,
            prepared: &mut Prepared<T>,
        ) -> ::core::result::Result<(), runtime::Error> {
            #body
        }

        #sizes
    };
    Parts {
        fields: code!(sizes: [usize; #count], prepared: Prepared<T>,),
        bind: code! {
            let sizes = sizes(&self, inputs)?;
            let mut prepared = ::core::default::Default::default();
            prepare(inputs, sizes, &mut ::core::default::Default::default(), &mut prepared)?;
            let inputs = ::core::clone::Clone::clone(inputs);
            ::core::result::Result::Ok(Bound { model: self, inputs, sizes, prepared })
        },
        items,
        docs: Some(prepared_docs(prepared)),
    }
}

/// ``Computed once: `features` `[N, K]` and two numbers…``
fn prepared_docs(prepared: &[Prepared]) -> String {
    let texts = prepared.iter().map(|value| {
        let shape =
            if value.ty.rank() == 0 { "a number".to_owned() } else { format!("`{}`", ShapeText(&value.ty.shape)) };
        if value.is_named { format!("`{}`, {shape}", value.name) } else { format!("an intermediate value, {shape}") }
    });
    format!("What is computed once, and kept:\n- {}.", texts.collect::<Vec<_>>().join("\n- "))
}

/// `struct Prepared<T> { features: Vec<T>, total: T }`
pub(crate) fn structure(name: &TokenStream, doc: &str, prepared: &[Prepared]) -> TokenStream {
    let doc = docs::doc(doc);
    let fields = prepared.iter().map(|value| {
        let (name, elem) = (ident(&value.name), array_elem(value.ty.elem));
        if value.ty.rank() == 0 { code!(#name: #elem,) } else { code!(#name: runtime::Vec<#elem>,) }
    });
    let has_reals = prepared.iter().any(|value| value.ty.elem == Elem::Real);
    let marker = (!has_reals).then(|| code!(marker: ::core::marker::PhantomData<T>,));
    code! {
        #doc
        #[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::default::Default)]
        struct #name<T> {
            #(#fields)*
            #marker
        }
    }
}

/// `fn bound_sizes(bound) -> Result<[usize; 2], Error>`: the sizes that a model was bound with, after a check that its
/// parameters and states have them still.
pub(crate) fn sizes_function(shared: &mut Shared, owner: Owner) -> TokenStream {
    let stem = if owner == Owner::Bound { "bound_sizes" } else { "statistics_sizes" };
    let function = ident(stem);
    let model = shared.model;
    let mut binder = Binder { names: Names::taken(&["bound"]), ..Binder::default() };
    let local = binder.names.called(ident("bound"));
    let locals: Vec<Local> = shared
        .sizes
        .iter()
        .map(|known| binder.take(&Known { origin: origin(model, known), ..known.clone() }))
        .collect();
    let groups = [(&model.params, LeafKind::Param), (&model.states, LeafKind::State)];
    let variables: Vec<(&Variable, LeafKind)> =
        groups.into_iter().flat_map(|(group, kind)| group.iter().map(move |variable| (variable, kind))).collect();
    binder.variables(&variables, &|variable, _| field_of(local.get().field("model"), &variable.path()));
    let count = Literal::usize_unsuffixed(locals.len());
    let bound = owner.ty(shared.interface);
    let given = std::iter::once(Given::new(&local, bound.clone().by_ref()))
        .chain(locals.iter().map(|local| Given::new(local, "usize")));
    let sizes = local.get().field("sizes");
    let body = outline::of_sizes(
        Some(Pattern::array(&locals).is(sizes.clone())),
        binder.take_stmts(),
        sizes,
        given.collect(),
        (stem, shared.longest),
        &mut shared.functions,
    );
    code! {
        /// The sizes that a model was bound with, after a check that its parameters have them still.
        fn #function<T: runtime::Float>(
            bound: &#bound,
        ) -> ::core::result::Result<[usize; #count], runtime::Error> {
            #body
        }
    }
}

/// What has given a size that does not change any more: an input, or else the model as it was.
fn origin(model: &Model, known: &Known) -> Expr {
    let has_it =
        |input: &&Variable| input.ty.shape.iter().any(|dim| dim.as_name().is_some_and(|name| **name == known.name));
    match model.inputs.iter().find(has_it) {
        Some(input) => Expr::call("runtime::Origin::Input", [Expr::text(text(&input.name))]),
        None => Expr::call("runtime::Origin::Field", [Expr::text(known.name.clone())]),
    }
}
