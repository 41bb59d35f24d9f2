//! The items of a model's module: the struct, what goes in, what comes out, and the traits of the runtime.

use proc_macro2::{Literal, TokenStream};

use super::arithmetic;
use super::docs;
use super::look;
use super::rows;
use super::{DimField, Field, Interface};
use crate::emit::kernel::dims::Places;
use crate::emit::kernel::expr::array_elem;
use crate::emit::rust::names::{Names, code, ident, ours, text};
use crate::emit::rust::tree::Expr;
use crate::graph::model::{Initial, Support};
use crate::graph::{Dim, Elem};
use crate::syntax::attributes::mention;

/// All types of the module but `Workspace`, with their traits.
pub(crate) fn types(interface: &Interface) -> TokenStream {
    let (model, default) = (model(interface), default(interface));
    let dims = dims(interface);
    let (inputs, data) = (inputs(interface), rows::data(interface));
    let (outputs, look) = (outputs(interface), look::look(interface));
    let grad = if interface.is_objective() { grad(interface) } else { TokenStream::new() };
    code!(#model #default #dims #inputs #data #outputs #grad #look)
}

/// `pub struct Mlp<T = f64> { pub w1: Array2<T>, … }`
///
/// It is defined in a private module and hidden here, so that it has one page in the documentation: at the place where
/// the user wrote the model. What lies around it in this module can be linked to all the same.
fn model(interface: &Interface) -> TokenStream {
    let (name, attributes, doc) = (ours(&interface.name), &interface.attributes, docs::model(interface));
    let params = interface.params.iter().map(|param| public_field("A parameter", param));
    let states = interface.states.iter().map(|state| public_field("A state", state));
    let marker = interface.owned().next().is_none().then(|| code!(pub(crate) marker: ::core::marker::PhantomData<T>,));
    let more = [self::states(&interface.states), support(interface)].into_iter().collect();
    let (parameters, stored) = (parameters(interface, &code!(#name), &more), stored(interface));
    let cast = cast(interface);
    code! {
        mod definition {
            use super::*;

            #doc
            #[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
            #attributes
            pub struct #name<T = f64> {
                #(#params)*
                #(#states)*
                #marker
            }
        }
        #[doc(hidden)]
        pub use definition::#name;

        #parameters
        #stored
        #cast
    }
}

/// `/// … pub w: Array1<T>,`
fn public_field(kind: &str, field: &Field) -> TokenStream {
    let (doc, name, ty) = (docs::field(kind, field), ours(&field.name), field.owned_type());
    code!(#doc pub #name: #ty,)
}

/// `impl<T: Float> Parameters for Mlp<T> { … }`, for the model and for its gradient, which has less.
fn parameters(interface: &Interface, ty: &TokenStream, more: &TokenStream) -> TokenStream {
    let names: Vec<String> = interface.params.iter().map(|param| text(&param.name)).collect();
    let method = |method: &str, reference: TokenStream| choice(&interface.params, method, &reference);
    let (shape, values) = (method("shape", code!(&)), method("values", code!(&)));
    let values_mut = method("values_mut", code!(&mut));
    code! {
        impl<T: runtime::Float> runtime::Parameters for #ty<T> {
            type Scalar = T;
            const NAMES: &'static [&'static str] = &[#(#names),*];

            fn shape(&self, index: usize) -> &[usize] {
                #shape
            }

            fn values(&self, index: usize) -> runtime::Cow<'_, [T]> {
                #values
            }

            fn values_mut(&mut self, index: usize) -> &mut [T] {
                #values_mut
            }

            #more
        }
    }
}

/// The part of `Parameters` that models with states have.
fn states(states: &[Field]) -> TokenStream {
    if states.is_empty() {
        return TokenStream::new();
    }
    let names: Vec<String> = states.iter().map(|state| text(&state.name)).collect();
    let (shape, values) = (choice(states, "shape", &code!(&)), choice(states, "values", &code!(&)));
    let values_mut = choice(states, "values_mut", &code!(&mut));
    code! {
        const STATES: &'static [&'static str] = &[#(#names),*];

        fn state_shape(&self, index: usize) -> &[usize] {
            #shape
        }

        fn state(&self, index: usize) -> runtime::Cow<'_, [T]> {
            #values
        }

        fn state_mut(&mut self, index: usize) -> &mut [T] {
            #values_mut
        }
    }
}

/// `match index { 0 => Tensor::<T>::shape(&self.w1), … }`
fn choice(fields: &[Field], method: &str, reference: &TokenStream) -> TokenStream {
    let (method, count) = (ident(method), Literal::usize_unsuffixed(fields.len()));
    let arms = fields.iter().enumerate().map(|(index, field)| {
        let (index, name) = (Literal::usize_unsuffixed(index), ours(&field.name));
        code!(#index => runtime::Tensor::<T>::#method(#reference self.#name),)
    });
    code!(match index { #(#arms)* _ => runtime::no_tensor(index, #count), })
}

/// `impl FromTensors for Mlp<T>`: the model of what a file has, if it owns anything.
fn stored(interface: &Interface) -> TokenStream {
    if interface.owned().next().is_none() {
        return TokenStream::new();
    }
    let name = ours(&interface.name);
    let fields = interface.owned().map(|field| {
        let (name, called) = (ours(&field.name), text(&field.name));
        code!(#name: source.tensor(#called)?,)
    });
    code! {
        impl<T: runtime::Float> runtime::FromTensors for #name<T> {
            fn from_tensors<R: runtime::TensorSource<T>>(source: &mut R) -> ::core::result::Result<Self, R::Error> {
                ::core::result::Result::Ok(Self { #(#fields)* })
            }
        }
    }
}

/// `fn support(&self, index: usize) -> Support { … }`, where a parameter has less room than all numbers.
fn support(interface: &Interface) -> TokenStream {
    if !interface.has_supports() {
        return TokenStream::new();
    }
    let arms = interface.params.iter().enumerate().map(|(index, param)| {
        let index = Literal::usize_unsuffixed(index);
        let support = match param.support {
            Support::Real => code!(Real),
            Support::Above(low) => {
                let low = constant(low);
                code!(Above(#low))
            }
            Support::Below(high) => {
                let high = constant(high);
                code!(Below(#high))
            }
            Support::Between(low, high) => {
                let (low, high) = (constant(low), constant(high));
                code!(Between(#low, #high))
            }
            Support::Simplex => code!(Simplex),
        };
        code!(#index => runtime::Support::#support,)
    });
    let count = Literal::usize_unsuffixed(interface.params.len());
    code! {
        fn support(&self, index: usize) -> runtime::Support {
            match index { #(#arms)* _ => runtime::no_tensor(index, #count), }
        }
    }
}

/// `pub fn cast<U: Float>(&self) -> Mlp<U> { … }`
fn cast(interface: &Interface) -> TokenStream {
    let name = ours(&interface.name);
    let fields = interface.owned().map(|field| {
        let name = ours(&field.name);
        match (field.elem, field.rank) {
            (Elem::Real, 0) => code!(#name: U::from_f64(runtime::Float::to_f64(self.#name)),),
            (Elem::Real, _) => {
                code!(#name: self.#name.mapv(|number| U::from_f64(runtime::Float::to_f64(number))),)
            }
            _ => code!(#name: ::core::clone::Clone::clone(&self.#name),),
        }
    });
    let marker = interface.owned().next().is_none().then(|| code!(marker: ::core::marker::PhantomData,));
    code! {
        impl<T: runtime::Float> #name<T> {
            /// The model with each number the nearest of another type: `model.cast::<f32>()`.
            #[must_use]
            pub fn cast<U: runtime::Float>(&self) -> #name<U> {
                #name { #(#fields)* #marker }
            }
        }
    }
}

/// `pub struct Dims { pub d: usize }`
fn dims(interface: &Interface) -> TokenStream {
    if interface.fixed_dims.is_empty() {
        return TokenStream::new();
    }
    let fields = interface.fixed_dims.iter().map(|DimField { name, field }| {
        let doc = docs::doc(&format!("The dimension `{name}`."));
        code!(#doc pub #field: usize,)
    });
    let doc = docs::doc(&format!("The dimensions that are fixed when a [`{}`] is made.", interface.name));
    code! {
        #doc
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::core::cmp::Eq)]
        pub struct Dims {
            #(#fields)*
        }
    }
}

/// `pub struct Inputs<'a, T = f64> { pub x: ArrayView2<'a, T>, … }`
fn inputs(interface: &Interface) -> TokenStream {
    let generics = interface.inputs_generics(&code!('a), &code!(T = f64));
    let fields = interface.inputs.iter().map(|input| {
        let (doc, name, ty) = (docs::field("An input", input), ours(&input.name), input.view_type("a"));
        code!(#doc pub #name: #ty,)
    });
    let dims = interface.field_dims.iter().map(|DimField { name, field }| {
        let doc = docs::doc(&format!("The dimension `{name}`."));
        code!(#doc pub #field: usize,)
    });
    let copy = interface.inputs.iter().all(|input| input.rank <= 6).then(|| code!(::core::marker::Copy,));
    let doc = docs::doc(&docs::inputs(interface));
    let new = new_inputs(interface);
    code! {
        #doc
        #[derive(::core::clone::Clone, #copy ::core::fmt::Debug, ::core::cmp::PartialEq)]
        pub struct Inputs #generics {
            #(#fields)*
            #(#dims)*
        }

        #new
    }
}

/// `pub fn new(x: impl IntoView<'a, T, Ix2>, rate: T, n: usize) -> Self { … }`
fn new_inputs(interface: &Interface) -> TokenStream {
    let generics = interface.inputs_generics(&code!('a), &code!(T));
    let arguments = interface.inputs.iter().map(|input| {
        let (name, elem) = (ours(&input.name), array_elem(input.elem));
        match input.axes() {
            None => code!(#name: #elem,),
            Some(axes) => code!(#name: impl runtime::IntoView<'a, #elem, runtime::ndarray::#axes>,),
        }
    });
    let fields = interface.inputs.iter().map(|input| {
        let name = ours(&input.name);
        if input.rank == 0 { code!(#name,) } else { code!(#name: runtime::IntoView::into_view(#name),) }
    });
    let dims: Vec<_> = interface.field_dims.iter().map(|dim| &dim.field).collect();
    code! {
        impl #generics Inputs #generics {
            /// The inputs in the order in which the model declares them. An array is given by reference or as a view.
            #[must_use]
            pub fn new(#(#arguments)* #(#dims: usize,)*) -> Self {
                Self { #(#fields)* #(#dims,)* }
            }
        }
    }
}

/// `pub struct Outputs<T = f64> { pub loss: T, … }`
fn outputs(interface: &Interface) -> TokenStream {
    let generics = interface.outputs_generics(&code!(T = f64));
    let fields = interface.outputs.iter().map(|output| public_field("An output", output));
    let doc = docs::doc(&format!(
        "What a [`{}`] computes. The default is a buffer without size, which grows when it is first used.",
        interface.name
    ));
    code! {
        #doc
        #[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::default::Default, ::core::cmp::PartialEq)]
        pub struct Outputs #generics {
            #(#fields)*
        }
    }
}

/// `pub struct Grad<T = f64> { pub w: Array1<T>, … }`
fn grad(interface: &Interface) -> TokenStream {
    let name = ours(&interface.name);
    let fields = interface.params.iter().map(|param| {
        let doc = docs::derivative(interface, param);
        let (name, ty) = (ours(&param.name), param.owned_type());
        code!(#doc pub #name: #ty,)
    });
    let zeros = interface.params.iter().map(|param| {
        let name = ours(&param.name);
        code!(#name: runtime::Tensor::<T>::zeros(&model.#name),)
    });
    let doc = docs::doc(&format!("The gradient of a [`{name}`]: one tensor for each parameter, in its shape."));
    let parameters = parameters(interface, &code!(Grad), &TokenStream::new());
    let operators = arithmetic::of_gradient();
    code! {
        #doc
        #[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
        pub struct Grad<T = f64> {
            #(#fields)*
        }

        impl<T: runtime::Float> Grad<T> {
            /// Zeros in the shapes of the model's parameters.
            #[must_use]
            pub fn zeros(model: &#name<T>) -> Self {
                Self { #(#zeros)* }
            }
        }

        #parameters
        #operators
    }
}

/// `pub fn new(dims: Dims, rng: &mut impl Rng) -> Self { … }`
pub(crate) fn constructor(interface: &Interface, runs: bool) -> TokenStream {
    let has_dims = !interface.fixed_dims.is_empty();
    let argument = has_dims.then(|| code!(dims: Dims,));
    let body = if runs { initialise(interface) } else { code!(::core::unreachable!()) };
    let fixed = interface.owned().all(|field| field.initial.is_fixed());
    let other = match (fixed, has_dims) {
        (false, _) => "",
        (true, false) => " Nothing is drawn here: `default()` gives the same.",
        (true, true) => " Nothing is drawn here: `from_dims(dims)` gives the same.",
    };
    let doc = format!("A model whose parameters are drawn from `rng`, each from a stream of its own.{other}");
    let (doc, panics) = (docs::doc(&doc), has_dims.then(|| docs::doc(PANICS)));
    let from_dims = (fixed && has_dims).then(|| from_dims(panics.as_ref()));
    code! {
        #from_dims

        #doc
        #panics
        #[must_use]
        pub fn new(#argument rng: &mut impl runtime::rand::Rng) -> Self {
            #body
        }
    }
}

const PANICS: &str = "\n# Panics\nIf a shape works out to a negative size, or there is not enough memory for it.";

/// `pub fn from_dims(dims: Dims) -> Self { … }`, where nothing is drawn.
fn from_dims(panics: Option<&TokenStream>) -> TokenStream {
    code! {
        /// A model with parameters as they start.
        #panics
        #[must_use]
        pub fn from_dims(dims: Dims) -> Self {
            Self::new(dims, &mut runtime::init::stream(0, ""))
        }
    }
}

/// `impl Default for Line { … }`, where nothing is drawn and there is nothing to say: unless the user has it derived.
fn default(interface: &Interface) -> TokenStream {
    let is_fixed = interface.fixed_dims.is_empty() && interface.owned().all(|field| field.initial.is_fixed());
    if !is_fixed || mention(&interface.attributes, "Default") {
        return TokenStream::new();
    }
    let name = ours(&interface.name);
    code! {
        impl<T: runtime::Float> ::core::default::Default for #name<T> {
            /// A model with parameters as they start.
            fn default() -> Self {
                Self::new(&mut runtime::init::stream(0, ""))
            }
        }
    }
}

fn initialise(interface: &Interface) -> TokenStream {
    let (mut places, dims) = (Places::default(), Names::default().called(ident("dims")));
    for DimField { name, field } in &interface.fixed_dims {
        places.set_dim(name, dims.get().field(field));
    }
    let params = interface.params.iter().map(|field| (field, code!(Parameter)));
    let states = interface.states.iter().map(|field| (field, code!(State)));
    let fields = params.chain(states).map(|(field, kind)| {
        let (name, value) = (ours(&field.name), initial(field, &kind, &places));
        code!(#name: #value,)
    });
    let marker = interface.owned().next().is_none().then(|| code!(marker: ::core::marker::PhantomData,));
    code! {
        let seed = runtime::rand::Rng::next_u64(rng);
        Self { #(#fields)* #marker }
    }
}

/// `runtime::drawn(runtime::Origin::Parameter("w1"), runtime::init::xavier_uniform(), [dims.d, dims.h], seed)`
fn initial(field: &Field, kind: &TokenStream, places: &Places) -> TokenStream {
    let initialiser = match &field.initial {
        Initial::Constant(value) => {
            let value = constant(*value);
            code!(constant(#value))
        }
        Initial::Call { name, arguments } => {
            let name = ident(name);
            let arguments = arguments.iter().map(|&argument| constant(argument));
            code!(#name(#(#arguments),*))
        }
    };
    let name = text(&field.name);
    if field.elem != Elem::Real {
        return code!(::core::default::Default::default());
    }
    if field.rank == 0 {
        return code!(runtime::init::#initialiser.scalar(&mut runtime::init::stream(seed, #name)));
    }
    let extents = field.shape.iter().flat_map(|shape| shape.iter()).map(|dim| size(dim, places));
    let shape = if field.rank <= 6 { code!([#(#extents),*]) } else { code!(&[#(#extents),*][..]) };
    code!(runtime::drawn(runtime::Origin::#kind(#name), runtime::init::#initialiser, #shape, seed))
}

/// A number that may be none: `0.5`, `::core::f64::INFINITY`
fn constant(value: f64) -> Expr {
    if value.is_nan() {
        Expr::path("::core::f64::NAN")
    } else if value.is_infinite() {
        let infinity = Expr::path("::core::f64::INFINITY");
        if value < 0.0 { -infinity } else { infinity }
    } else {
        Expr::number(value)
    }
}

/// A dimension of a model that is being made: `dims.d`, or `(exact(dims.n) - constant(1)).size("N - 1")`.
fn size(dim: &Dim, places: &Places) -> Expr {
    if dim.as_constant().is_some() || dim.as_name().is_some() {
        places.dim(dim)
    } else {
        places.exact(dim).method("size", [Expr::text(dim.to_string())])
    }
}
