//! The sizes of a call: which array binds which dimension, and the checks of all others.
//!
//! ```text
//! fn sizes<T: Float>(model: &Mlp<T>, inputs: &Inputs<'_, T>) -> Result<[usize; 2], Error> {
//!     let d = model.w1.shape()[0];
//!     let n = inputs.x.shape()[0];
//!     check_dimension("D", (Origin::Parameter("w1"), d), [inputs.x.shape()[1]], &[Origin::Input("x")])?;
//!     check_copy(Origin::Input("x"), &inputs.x)?;
//!     Ok([n, d])
//! }
//! ```

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Literal, TokenStream};

use crate::emit::interface::{DimField, Interface};
use crate::emit::kernel::dims::Places;
use crate::emit::rust::names::{Names, code, ours, text};
use crate::graph::Dim;
use crate::graph::dim::{Atom, Term};
use crate::graph::model::{Model, Variable};
use crate::ops::LeafKind;

/// The statements that bind dimensions, and what is known after them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Binder {
    pub(crate) places: Places,
    pub(crate) names: Names,
    /// What bound each dimension: its local, and the `Origin` of its size.
    pub(crate) bound: BTreeMap<String, (Ident, TokenStream)>,
    pub(crate) stmts: Vec<TokenStream>,
    /// Sizes that are known to be in range.
    pub(crate) checked: BTreeSet<Dim>,
}

/// A dimension whose size is known.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// `N`
    pub(crate) name: String,
    /// `n`
    pub(crate) local: Ident,
    /// `runtime::Origin::Input("x")`: what its size was read from.
    pub(crate) origin: TokenStream,
}

/// One axis of an array whose size is to be looked at.
struct Axis<'a> {
    origin: TokenStream,
    array: TokenStream,
    place: usize,
    dim: &'a Dim,
}

impl Binder {
    /// Binds what the model, its inputs and their integer fields bind.
    pub(crate) fn of_model(model: &Model, interface: &Interface) -> Self {
        let mut binder = Self { names: Names::taken(&["model", "inputs"]), ..Self::default() };
        for DimField { name, field } in &interface.field_dims {
            binder.bind(name, &code!(inputs.#field), code!(runtime::Origin::Field(#name)));
        }
        let groups =
            [(&model.params, LeafKind::Param), (&model.states, LeafKind::State), (&model.inputs, LeafKind::Input)];
        let variables: Vec<(&Variable, LeafKind)> =
            groups.into_iter().flat_map(|(group, kind)| group.iter().map(move |variable| (variable, kind))).collect();
        let owner = |variable: &Variable, kind| {
            let name = ours(&variable.name);
            if kind == LeafKind::Input { code!(inputs.#name) } else { code!(model.#name) }
        };
        binder.variables(&variables, &owner);
        binder
    }

    /// The dimensions that are known, in the order of the header.
    pub(crate) fn known(&self, model: &Model) -> Vec<Known> {
        let names = model.dims.iter().map(|dim| text(&dim.name));
        let known = names.filter_map(|name| {
            let (local, origin) = self.bound.get(&name)?;
            Some(Known { name: name.clone(), local: local.clone(), origin: origin.clone() })
        });
        known.collect()
    }

    /// Takes a dimension as known; its new local.
    pub(crate) fn take(&mut self, known: &Known) -> Ident {
        let local = self.names.fresh(&crate::emit::rust::names::snake_case(&known.name));
        self.places.set_dim(&known.name, code!(#local));
        self.bound.insert(known.name.clone(), (local.clone(), known.origin.clone()));
        local
    }

    /// The statements so far.
    pub(crate) fn take_stmts(&mut self) -> Vec<TokenStream> {
        std::mem::take(&mut self.stmts)
    }

    /// Binds the dimensions of all variables, checks every other occurrence, then the ranges of indices.
    pub(crate) fn variables(
        &mut self,
        variables: &[(&Variable, LeafKind)],
        place: &dyn Fn(&Variable, LeafKind) -> TokenStream,
    ) {
        let mut open: Vec<Axis> = Vec::new();
        for &(variable, kind) in variables {
            for (axis, dim) in variable.ty.shape.iter().enumerate() {
                open.push(Axis { origin: origin(variable, kind), array: place(variable, kind), place: axis, dim });
            }
        }
        // Plain names first, then what can be solved, until nothing changes.
        let mut others: BTreeMap<&str, Vec<&Axis>> = BTreeMap::new();
        let (plain, mut open): (Vec<Axis>, Vec<Axis>) = open.into_iter().partition(|axis| axis.dim.as_name().is_some());
        for axis in &plain {
            let Some(name) = axis.dim.as_name() else { continue };
            if self.bound.contains_key(&**name) {
                others.entry(name).or_default().push(axis);
            } else {
                self.bind(name, &axis.found(), axis.origin.clone());
            }
        }
        for (name, axes) in others {
            let (local, first) = &self.bound[name];
            let (sizes, origins) = (axes.iter().map(|axis| axis.found()), axes.iter().map(|axis| &axis.origin));
            let check = code!(runtime::check_dimension(#name, (#first, #local), [#(#sizes),*], &[#(#origins),*])?;);
            self.stmts.push(check);
        }
        while let Some(at) = open.iter().position(|axis| self.can_do(axis.dim)) {
            let axis = open.remove(at);
            self.check_or_solve(&axis);
        }
        for &(variable, kind) in variables {
            // Of views alone: an array that owns its elements has memory for them.
            if matches!(kind, LeafKind::Input | LeafKind::StepInput) && variable.ty.rank() > 0 {
                let (origin, array) = (origin(variable, kind), place(variable, kind));
                self.stmts.push(code!(runtime::check_copy(#origin, &#array)?;));
            }
            if let Some(classes) = &variable.classes {
                self.classes(variable, classes, &origin(variable, kind), &place(variable, kind));
            }
        }
    }

    fn bind(&mut self, name: &str, size: &TokenStream, origin: TokenStream) {
        let local = self.names.fresh(&crate::emit::rust::names::snake_case(name));
        self.stmts.push(code!(let #local = #size;));
        self.places.set_dim(name, code!(#local));
        self.bound.insert(name.to_owned(), (local, origin));
    }

    /// Whether no name is open, or the dimension can be solved for the one that is.
    fn can_do(&self, dim: &Dim) -> bool {
        let is_known = |name: &str| self.bound.contains_key(name);
        self.unknowns(dim).is_empty() || dim.open_name(&is_known).is_some()
    }

    fn unknowns(&self, dim: &Dim) -> Vec<String> {
        let mut unknowns = Vec::new();
        dim.for_each_name(&mut |name| {
            if !self.bound.contains_key(&**name) && !unknowns.iter().any(|known| *known == **name) {
                unknowns.push(name.to_string());
            }
        });
        unknowns
    }

    /// `check_extent(origin, 0, "N - 1", exact(n) - constant(1), x.shape()[0])?;`, or the same solved for N.
    fn check_or_solve(&mut self, axis: &Axis) {
        let (found, origin, text) = (axis.found(), &axis.origin, axis.dim.to_string());
        let place = Literal::usize_unsuffixed(axis.place);
        if let Some(unknown) = self.unknowns(axis.dim).first() {
            let solution = self.solve(axis.dim, unknown, code!(runtime::exact(#found)));
            let size = code!(#solution.solution(#origin, #place, #text, #unknown, #found)?);
            self.bind(unknown, &size, origin.clone());
        } else {
            let exact = self.places.exact(axis.dim);
            self.stmts.push(code!(runtime::check_extent(#origin, #place, #text, #exact, #found)?;));
        }
        self.checked.insert(axis.dim.clone());
    }

    /// The calculation that finds the unknown, which stands alone: `(found - rest) / coefficient`.
    fn solve(&self, dim: &Dim, unknown: &str, found: TokenStream) -> TokenStream {
        let (with, without): (Vec<Term>, Vec<Term>) = dim
            .terms()
            .into_iter()
            .partition(|term| matches!(&term.atoms[..], [Atom::Name(name)] if &**name == unknown));
        let rest = without.iter().map(|rest| self.exact_product(rest.coefficient, &rest.atoms));
        let value = rest.fold(found, |value, rest| code!((#value - #rest)));
        match with.first().map_or(1, |term| term.coefficient) {
            1 => value,
            coefficient => {
                let factor = self.exact_product(coefficient, &[]);
                code!((#value / #factor))
            }
        }
    }

    fn exact_product(&self, coefficient: i64, atoms: &[Atom]) -> TokenStream {
        let mut product = Dim::constant(coefficient);
        for atom in atoms {
            let factor = match atom {
                Atom::Name(name) => Some(Dim::name(name)),
                Atom::Quotient(pair) => pair.0.div(&pair.1),
            };
            product = factor.and_then(|factor| product.mul(&factor)).unwrap_or(Dim::ZERO);
        }
        self.places.exact(&product)
    }

    /// `check_classes(Origin::Input("label"), &inputs.label, "K", k)?;`
    fn classes(&mut self, variable: &Variable, classes: &Dim, origin: &TokenStream, array: &TokenStream) {
        if !self.unknowns(classes).is_empty() {
            return;
        }
        let (text, size) = (classes.to_string(), self.places.dim(classes));
        self.stmts.push(if variable.ty.rank() == 0 {
            code!(runtime::check_class(#origin, #array, #text, #size)?;)
        } else {
            code!(runtime::check_classes(#origin, &#array, #text, #size)?;)
        });
    }

    /// Checks a size that the computation needs and no array has: `(exact(n) - constant(1)).extent("N - 1")?;`
    pub(crate) fn check_size(&mut self, dim: &Dim) {
        let may_fail = dim
            .terms()
            .iter()
            .any(|term| term.coefficient < 0 || term.atoms.iter().any(|atom| matches!(atom, Atom::Quotient(_))));
        if may_fail {
            self.check(dim);
        }
    }

    /// Checks a size that is calculated of others, whose product or sum may be out of range.
    pub(crate) fn check_product(&mut self, dim: &Dim) {
        if dim.as_name().is_none() && dim.as_constant().is_none() {
            self.check(dim);
        }
    }

    fn check(&mut self, dim: &Dim) {
        if self.unknowns(dim).is_empty() && self.checked.insert(dim.clone()) {
            let (exact, text) = (self.places.exact(dim), dim.to_string());
            self.stmts.push(code!((#exact).extent(#text)?;));
        }
    }
}

impl Axis<'_> {
    /// `inputs.x.shape()[0]`
    fn found(&self) -> TokenStream {
        let (array, axis) = (&self.array, Literal::usize_unsuffixed(self.place));
        code!(#array.shape()[#axis])
    }
}

/// `runtime::Origin::Input("x")`
fn origin(variable: &Variable, kind: LeafKind) -> TokenStream {
    let name = text(&variable.name);
    match kind {
        LeafKind::Param => code!(runtime::Origin::Parameter(#name)),
        LeafKind::State => code!(runtime::Origin::State(#name)),
        LeafKind::Input | LeafKind::StepInput => code!(runtime::Origin::Input(#name)),
        LeafKind::Prepared => code!(runtime::Origin::Value(#name)),
    }
}
