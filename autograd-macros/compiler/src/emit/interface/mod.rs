//! What a model offers to the outside, whether it came through the whole compiler or not: the one description that the
//! emitted items and the stubs after an error are both made from.

pub(crate) mod arithmetic;
pub(crate) mod bound;
pub(crate) mod docs;
pub(crate) mod items;
mod look;
pub(crate) mod methods;
pub(crate) mod products;
mod rows;
pub(crate) mod statistics;
pub(crate) mod stubs;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};

use crate::emit::kernel::expr::array_elem;
use crate::emit::rust::names::{code, ident, ours, snake_case};
use crate::emit::rust::tree;
use crate::graph::model::{DimSource, Initial, Model, ProductKind, Step, Support, Variable};
use crate::graph::{Elem, Shape, ShapeText, Type};
use crate::syntax::attributes::{conditions, without_docs};

/// The outside of a model.
#[derive(Clone, Debug)]
pub struct Interface {
    /// Attributes other than doc comments.
    pub attributes: TokenStream,
    /// The text of the doc comments.
    pub docs: String,
    /// What the compiler has to say about the model.
    pub notes: String,
    /// What the model computes, as formulas in Markdown; may be empty.
    pub formulas: String,
    /// The tokens of the model, if those who look at it want them.
    pub source: Option<String>,
    /// What says whether and to whom the model is there: `pub`, `pub(crate)`, or nothing, after `#[cfg(…)]`.
    pub visibility: TokenStream,
    /// `LinearRegression`
    pub name: Ident,
    /// `linear_regression`
    pub module: Ident,
    /// The dimensions that are fields of `Dims`.
    pub fixed_dims: Vec<DimField>,
    /// The dimensions that are fields of `Inputs`.
    pub field_dims: Vec<DimField>,
    /// The parameters.
    pub params: Vec<Field>,
    /// The states.
    pub states: Vec<Field>,
    /// The inputs of every call.
    pub inputs: Vec<Field>,
    /// The named outputs, `loss` among them.
    pub outputs: Vec<Field>,
    /// The products of derivatives with a direction.
    pub products: Vec<ProductKind>,
    /// Whether `loss` is a multiple of the sum of the squares of `residual`.
    pub least_squares: bool,
    /// The steps.
    pub steps: Vec<StepInterface>,
    /// The dimension that counts the observations, if one does.
    pub rows: Option<String>,
}

/// A dimension that is a field.
#[derive(Clone, Debug)]
pub struct DimField {
    /// `N`
    pub name: String,
    /// `n`; the name itself where something else is called so.
    pub field: Ident,
}

/// A tensor with a name.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: Ident,
    /// The text of its doc comments.
    pub docs: String,
    /// What its elements are.
    pub elem: Elem,
    /// How many axes it has.
    pub rank: usize,
    /// Its shape as the user reads it: `[N, D]`; empty for a scalar.
    pub text: String,
    /// Its shape, if it is known.
    pub shape: Option<Shape>,
    /// Where it lies, if it is a parameter.
    pub support: Support,
    /// How it starts.
    pub initial: Initial,
    /// How it starts, as the user reads it; parameters and states have it.
    pub start: Option<String>,
    /// How many classes it has an index of, as the user reads it.
    pub classes: Option<String>,
}

/// The outside of a step.
#[derive(Clone, Debug)]
pub struct StepInterface {
    /// Its name.
    pub name: Ident,
    /// The text of its doc comments.
    pub docs: String,
    /// Its own inputs.
    pub inputs: Vec<Field>,
    /// The names of what it assigns to.
    pub targets: Vec<String>,
    /// Where these stand among what the model owns; not known of a model with mistakes.
    pub places: Vec<usize>,
    /// What it returns.
    pub results: Vec<Field>,
}

impl Interface {
    /// The interface of a checked model.
    #[must_use]
    pub fn of_model(model: &Model) -> Self {
        let dims = |source: DimSource, taken: &[Field]| {
            let mine = model.dims.iter().filter(move |dim| dim.source == source);
            dim_fields(mine.map(|dim| crate::emit::rust::names::text(&dim.name)).collect(), taken)
        };
        let owned: BTreeMap<String, usize> =
            model.params.iter().chain(&model.states).map(|variable| variable.name.to_string()).zip(0..).collect();
        let places = |step: &Step| {
            step.assignments.iter().filter_map(|(name, _)| owned.get(&**name).copied()).collect::<Vec<usize>>()
        };
        let inputs: Vec<Field> = model.inputs.iter().map(Field::of_variable).collect();
        let value = |name: &Ident, docs: &str, node| Field::new(name, docs, model.region.ty(node));
        let interface = Self {
            attributes: without_docs(&model.attributes),
            docs: model.docs.clone(),
            notes: model.notes.join("\n\n"),
            formulas: String::new(),
            source: None,
            visibility: visibility(&model.attributes, &model.visibility),
            name: model.name.clone(),
            module: model.module.clone(),
            fixed_dims: dims(DimSource::Model, &[]),
            field_dims: dims(DimSource::Field, &inputs),
            params: model.params.iter().map(Field::of_owned).collect(),
            states: model.states.iter().map(Field::of_owned).collect(),
            inputs,
            outputs: model.outputs.iter().map(|output| value(&output.name, &output.docs, output.node)).collect(),
            products: model.products.iter().map(|product| product.kind).collect(),
            least_squares: model.least_squares,
            steps: (model.steps.iter())
                .map(|step| StepInterface {
                    name: step.name.clone(),
                    docs: step.docs.clone(),
                    inputs: step.inputs.iter().map(Field::of_variable).collect(),
                    targets: step.assignments.iter().map(|(name, _)| name.to_string()).collect(),
                    places: places(step),
                    results: step.results.iter().map(|(name, node)| value(name, "", *node)).collect(),
                })
                .collect(),
            rows: None,
        };
        let header: Vec<String> = model.dims.iter().map(|dim| crate::emit::rust::names::text(&dim.name)).collect();
        Self { rows: rows::dimension(&interface, &header), ..interface }
    }

    /// Whether it is an objective: it has a scalar `loss`, and parameters to make it small with.
    #[must_use]
    pub fn is_objective(&self) -> bool {
        self.loss().is_some_and(|loss| loss.rank == 0) && !self.params.is_empty()
    }

    /// The output `loss`.
    #[must_use]
    pub fn loss(&self) -> Option<&Field> {
        self.outputs.iter().find(|output| output.name == "loss")
    }

    /// Whether a parameter has less room than all numbers.
    pub(crate) fn has_supports(&self) -> bool {
        self.params.iter().any(|param| param.support != Support::Real)
    }

    /// Whether the type of something is not known.
    pub(crate) fn has_unknown(&self) -> bool {
        let results = self.steps.iter().flat_map(|step| &step.results);
        let declared = self.owned().chain(&self.inputs);
        self.outputs.iter().chain(results).chain(declared).any(|field| field.rank == Field::UNKNOWN)
    }

    /// What the model owns.
    pub fn owned(&self) -> impl Iterator<Item = &Field> {
        self.params.iter().chain(&self.states)
    }

    /// One of these, by its place.
    pub(crate) fn owned_at(&self, place: usize) -> &Field {
        self.params.get(place).unwrap_or_else(|| &self.states[place - self.params.len()])
    }

    /// Whether an input is an array, so that `Inputs` borrows.
    pub(crate) fn has_views(&self) -> bool {
        self.inputs.iter().any(|field| field.rank > 0)
    }

    /// The generics of `Inputs`, for its definition (`'a, T = f64`) or its use (`'_, T`).
    pub(crate) fn inputs_generics(&self, lifetime: &TokenStream, scalar: &TokenStream) -> TokenStream {
        let has_views = self.has_views();
        let has_reals = self.inputs.iter().any(|field| field.elem == Elem::Real);
        match (has_views, has_reals) {
            (true, true) => code!(<#lifetime, #scalar>),
            (true, false) => code!(<#lifetime>),
            (false, true) => code!(<#scalar>),
            (false, false) => TokenStream::new(),
        }
    }

    /// The type of `Inputs` in an argument: `Inputs<'_, T>`.
    pub(crate) fn inputs_type(&self, lifetime: &'static str) -> tree::Type {
        let has_reals = self.inputs.iter().any(|field| field.elem == Elem::Real);
        let lifetime = self.has_views().then_some(tree::Type::Lifetime(lifetime));
        let generics = lifetime.into_iter().chain(has_reals.then(tree::Type::scalar));
        tree::Path::of("Inputs", generics.collect::<Vec<_>>()).into()
    }

    /// The type of `Outputs` in an argument.
    pub(crate) fn outputs_type(&self) -> tree::Type {
        let generics = self.outputs_have_reals().then(tree::Type::scalar);
        tree::Path::of("Outputs", generics.into_iter().collect::<Vec<_>>()).into()
    }

    fn outputs_have_reals(&self) -> bool {
        self.outputs.iter().any(|field| field.elem == Elem::Real && field.rank != Field::UNKNOWN)
    }

    /// The type of `Outputs` as it is used: `Outputs<T>`.
    pub(crate) fn outputs_generics(&self, scalar: &TokenStream) -> TokenStream {
        if self.outputs_have_reals() { code!(<#scalar>) } else { TokenStream::new() }
    }
}

impl StepInterface {
    /// `&mut`, or `&` for a step without assignments.
    pub(crate) fn receiver(&self) -> TokenStream {
        if self.targets.is_empty() { code!(&) } else { code!(&mut) }
    }
}

impl Field {
    /// A value of a type.
    #[must_use]
    pub fn new(name: &Ident, docs: &str, ty: &Type) -> Self {
        Self {
            name: name.clone(),
            docs: docs.to_owned(),
            elem: ty.elem,
            rank: ty.rank(),
            text: if ty.rank() == 0 { String::new() } else { ShapeText(&ty.shape).to_string() },
            shape: Some(ty.shape.clone()),
            support: Support::Real,
            initial: Initial::Constant(0.0),
            start: None,
            classes: None,
        }
    }

    fn of_variable(variable: &Variable) -> Self {
        let field = Self::new(&variable.name, &variable.docs, &variable.ty);
        let classes = variable.classes.as_ref().map(ToString::to_string);
        Self { support: variable.support, initial: variable.initial.clone(), classes, ..field }
    }

    /// What the model owns.
    fn of_owned(variable: &Variable) -> Self {
        Self { start: Some(start(&variable.initial)), ..Self::of_variable(variable) }
    }

    /// The rank of what could not be checked.
    pub const UNKNOWN: usize = usize::MAX;
    /// The type of it, in the model's module.
    pub(crate) const UNKNOWN_TYPE: &str = "__Unknown";

    /// The field of something that has it: `grad.w`
    pub(crate) fn of(&self, owner: tree::Expr) -> tree::Expr {
        owner.field(ours(&self.name))
    }

    /// `T`, `runtime::ndarray::Array2<T>`
    pub(crate) fn owned_type(&self) -> tree::Type {
        let elem = array_elem(self.elem);
        match self.rank {
            Self::UNKNOWN => Self::UNKNOWN_TYPE.into(),
            0 => elem,
            1..=6 => tree::Path::of(ARRAYS[self.rank - 1], [elem]).into(),
            _ => tree::Path::of("runtime::ndarray::ArrayD", [elem]).into(),
        }
    }

    /// `Ix2`, if it is an array.
    pub(crate) fn axes(&self) -> Option<Ident> {
        match self.rank {
            0 | Self::UNKNOWN => None,
            1..=6 => Some(ident(&format!("Ix{}", self.rank))),
            _ => Some(ident("IxDyn")),
        }
    }

    /// `T`, `runtime::ndarray::ArrayView2<'a, T>`
    pub(crate) fn view_type(&self, lifetime: &'static str) -> tree::Type {
        let elem = array_elem(self.elem);
        let generics = |elem: tree::Type| [tree::Type::Lifetime(lifetime), elem];
        match self.rank {
            Self::UNKNOWN => Self::UNKNOWN_TYPE.into(),
            0 => elem,
            1..=6 => tree::Path::of(VIEWS[self.rank - 1], generics(elem)).into(),
            _ => tree::Path::of("runtime::ndarray::ArrayViewD", generics(elem)).into(),
        }
    }
}

/// The types of arrays with 1 to 6 axes.
const ARRAYS: [&str; 6] = [
    "runtime::ndarray::Array1",
    "runtime::ndarray::Array2",
    "runtime::ndarray::Array3",
    "runtime::ndarray::Array4",
    "runtime::ndarray::Array5",
    "runtime::ndarray::Array6",
];
/// The types of views of them.
const VIEWS: [&str; 6] = [
    "runtime::ndarray::ArrayView1",
    "runtime::ndarray::ArrayView2",
    "runtime::ndarray::ArrayView3",
    "runtime::ndarray::ArrayView4",
    "runtime::ndarray::ArrayView5",
    "runtime::ndarray::ArrayView6",
];

/// The fields of dimensions beside others: `N` is `n`, unless something else is called so; then it is `N`. (Of a model with
/// mistakes that may be taken too.)
pub(crate) fn dim_fields(names: Vec<String>, others: &[Field]) -> Vec<DimField> {
    let mut taken: BTreeSet<String> = others.iter().map(|field| field.name.to_string()).collect();
    taken.extend(names.iter().filter(|name| snake_case(name) == **name).cloned());
    let is_input = |name: &str| others.iter().any(|field| field.name == name);
    let field = |name: &String| {
        let small = ident(&snake_case(name));
        let is_free = if snake_case(name) == *name { !is_input(name) } else { taken.insert(small.to_string()) };
        match (is_free, is_input(name)) {
            (true, _) => small,
            (false, false) => ident(name),
            (false, true) => ident(&format!("{name}_")),
        }
    };
    let fields: Vec<Ident> = names.iter().map(field).collect();
    names.into_iter().zip(fields).map(|(name, field)| DimField { name, field }).collect()
}

/// `0.5`, `normal(0, 0.1)`
fn start(initial: &Initial) -> String {
    match initial {
        Initial::Constant(value) => value.to_string(),
        Initial::Call { name, arguments } => {
            let arguments: Vec<String> = arguments.iter().map(f64::to_string).collect();
            format!("{name}({})", arguments.join(", "))
        }
    }
}

/// A visibility behind those of a model's attributes that can take it away, for the items that the model is made of.
pub(crate) fn visibility(attributes: &TokenStream, visibility: &TokenStream) -> TokenStream {
    let conditions = conditions(attributes);
    code!(#(# #conditions)* #visibility)
}
