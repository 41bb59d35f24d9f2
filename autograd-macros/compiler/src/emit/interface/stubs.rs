//! The items of a model that has mistakes: same types, same signatures, bodies that never run. So the rest of the
//! user's crate is checked as if the model were right, and the mistake is the only error.

use proc_macro2::{Ident, TokenStream};

use super::bound;
use super::items;
use super::methods;
use super::rows;
use super::statistics;
use super::{Field, Interface, StepInterface, dim_fields};
use crate::build::Types;
use crate::emit::entry::workspace;
use crate::emit::rust::names::{code, ident, text};
use crate::entries::Owner;
use crate::graph::model::{Initial, ProductKind, Support};
use crate::graph::{Elem, Type};
use crate::syntax::attributes::without_docs;
use crate::syntax::module_name;
use crate::syntax::print::source;
use crate::syntax::tree::{Declaration, Expr, ExprKind, Item, Model, StepStatement};

/// Prints the items of a model that did not compile, and its errors.
///
/// Where the type of an output or of what is declared is not known, the errors stand in the length of an array: a type that rustc takes for
/// wrong already fits wherever the user has it, and is not spoken of again.
#[must_use]
pub fn stubs(interface: &Interface, runtime: &TokenStream, errors: &TokenStream) -> TokenStream {
    let unknown = ident(Field::UNKNOWN_TYPE);
    let (outside, inside) = if interface.has_unknown() {
        (TokenStream::new(), code!(type #unknown = [u8; { #errors 0 }];))
    } else {
        (errors.clone(), TokenStream::new())
    };
    let mut body = |_| code!(::core::unreachable!());
    let constructor = items::constructor(interface, false);
    let methods = methods::implementations(interface, Owner::Model, &constructor, &mut body);
    let bound = bound::implementations(interface, &bound::Parts::plain(&code!(::core::unreachable!())), &mut body);
    let statistics = statistics::stub(interface);
    let types = items::types(interface);
    let workspace = workspace::Fields::default().items(&interface.name);
    let items = crate::emit::module(interface, runtime, &code!(#inside #types #workspace #methods #bound #statistics));
    code!(#outside #items)
}

impl Interface {
    /// As much of the interface as can be told: what is declared, what is computed without a mistake, and that the loss
    /// is a number.
    #[must_use]
    pub fn of_tree(model: &Model, types: &Types) -> Self {
        let mut interface = Self {
            attributes: without_docs(&model.attributes),
            docs: model.docs.clone(),
            notes: String::new(),
            formulas: String::new(),
            source: None,
            visibility: super::visibility(&model.attributes, &model.visibility),
            name: model.name.clone(),
            module: model.module.clone().unwrap_or_else(|| module_name(&model.name)),
            fixed_dims: Vec::new(),
            field_dims: Vec::new(),
            params: Vec::new(),
            states: Vec::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            products: Vec::new(),
            least_squares: model.least_squares,
            steps: Vec::new(),
            rows: None,
        };
        let mut carried = Vec::new();
        for item in &model.items {
            match item {
                Item::Param(declaration) => interface.params.push(owned(declaration)),
                Item::State(declaration) => interface.states.push(owned(declaration)),
                Item::Input(declaration) => interface.inputs.push(declared(declaration)),
                Item::Output(binding) => {
                    let ty = types.outputs.get(&binding.name.to_string());
                    interface.outputs.push(computed(&binding.name, &binding.docs, ty));
                }
                Item::Step(_) | Item::Const(_) | Item::Let(_) | Item::Function(_) | Item::Derive(_) => {}
            }
            let (is_fixed, declarations) = match item {
                Item::Param(declaration) | Item::State(declaration) => (true, std::slice::from_ref(declaration)),
                Item::Input(declaration) => (false, std::slice::from_ref(declaration)),
                Item::Step(_)
                | Item::Output(_)
                | Item::Const(_)
                | Item::Let(_)
                | Item::Function(_)
                | Item::Derive(_) => (false, [].as_slice()),
            };
            let extents = declarations.iter().flat_map(|declaration| &declaration.shape);
            carried.extend(extents.map(|extent| (is_fixed, names_in(extent))));
        }
        interface.sort_dims(&model.dims, &carried);
        let header: Vec<String> = model.dims.iter().map(text).collect();
        interface.rows = rows::dimension(&interface, &header);
        for item in &model.items {
            if let Item::Step(step) = item {
                let targets = step.body.iter().filter_map(|stmt| match stmt {
                    StepStatement::Assign { target, .. } => Some(text(target)),
                    StepStatement::Let(_) => None,
                });
                let result = |name: &Ident| {
                    let ty = types.results.get(&(step.name.to_string(), name.to_string()));
                    interface.named(name).unwrap_or_else(|| computed(name, "", ty))
                };
                let step = StepInterface {
                    name: step.name.clone(),
                    docs: step.docs.clone(),
                    inputs: step.inputs.iter().map(declared).collect(),
                    targets: targets.collect(),
                    places: Vec::new(),
                    results: step.results.iter().map(result).collect(),
                };
                interface.steps.push(step);
            }
        }
        interface.products = interface.products_of(model);
        interface
    }

    /// The products with a direction that a model with mistakes would have.
    fn products_of(&self, model: &Model) -> Vec<ProductKind> {
        let is_asked = model.items.iter().any(|item| matches!(item, Item::Derive(name) if name == "hvp"));
        let is_residual = |output: &Field| output.name == "residual" && output.rank != Field::UNKNOWN;
        let residual = self.outputs.iter().position(is_residual);
        let kinds = is_asked.then_some(ProductKind::Hessian).into_iter().chain(residual.map(ProductKind::Residual));
        kinds.filter(|_| self.is_objective()).collect()
    }

    /// What the model has declared under a name.
    fn named(&self, name: &Ident) -> Option<Field> {
        let all = self.outputs.iter().chain(self.owned()).chain(&self.inputs);
        all.into_iter().find(|field| field.name == *name).cloned()
    }

    /// Which dimensions are fields of `Dims`, which of `Inputs`, by the text of the shapes that hold them.
    fn sort_dims(&mut self, dims: &[Ident], carried: &[(bool, Vec<String>)]) {
        let (mut fixed_dims, mut field_dims) = (Vec::new(), Vec::new());
        for dim in dims.iter().map(text) {
            let holders = carried.iter().filter(|(_, names)| names.contains(&dim));
            let mut holders = holders.map(|(is_fixed, _)| *is_fixed).peekable();
            if holders.peek().is_none() {
                field_dims.push(dim);
            } else if holders.any(|is_fixed| is_fixed) {
                fixed_dims.push(dim);
            }
        }
        self.fixed_dims = dim_fields(fixed_dims, &[]);
        self.field_dims = dim_fields(field_dims, &self.inputs);
    }
}

fn declared(declaration: &Declaration) -> Field {
    Field {
        name: declaration.name.clone(),
        docs: declaration.docs.clone(),
        elem: if declaration.classes.is_some() { Elem::Index } else { Elem::Real },
        rank: if declaration.half_shaped { Field::UNKNOWN } else { declaration.shape.len() },
        text: format!("[{}]", declaration.shape.iter().map(source).collect::<Vec<_>>().join(", ")),
        shape: None,
        support: Support::Real,
        initial: Initial::Constant(0.0),
        start: None,
        classes: declaration.classes.as_ref().map(source),
    }
}

/// What the model owns.
fn owned(declaration: &Declaration) -> Field {
    let start = declaration.initial.as_ref().map_or_else(|| "0".to_owned(), source);
    Field { start: Some(start), ..declared(declaration) }
}

/// The names in a dimension.
fn names_in(expr: &Expr) -> Vec<String> {
    match &expr.kind {
        ExprKind::Name(name) => vec![text(name)],
        ExprKind::Unary(_, a) => names_in(a),
        ExprKind::Binary(_, a, b) => [names_in(a), names_in(b)].concat(),
        _ => Vec::new(),
    }
}

/// Something computed. The loss is a number, whatever is wrong with it.
fn computed(name: &Ident, docs: &str, ty: Option<&Type>) -> Field {
    if let Some(ty) = ty.filter(|ty| name != "loss" || ty.shape.is_empty()) {
        return Field::new(name, docs, ty);
    }
    let rank = if name == "loss" { 0 } else { Field::UNKNOWN };
    Field {
        name: name.clone(),
        docs: docs.to_owned(),
        elem: Elem::Real,
        rank,
        text: "[…]".into(),
        shape: None,
        support: Support::Real,
        initial: Initial::Constant(0.0),
        start: None,
        classes: None,
    }
}
