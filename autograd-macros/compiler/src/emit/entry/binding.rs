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

use proc_macro2::Ident;

use crate::emit::interface::{DimField, Interface};
use crate::emit::kernel::dims::Places;
use crate::emit::rust::names::{Names, ident, ours, snake_case, text};
use crate::emit::rust::tree::{Expr, Local, Stmt};
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
    pub(crate) bound: BTreeMap<String, (Local, Expr)>,
    pub(crate) stmts: Vec<Stmt>,
    /// Sizes that are known to be in range.
    pub(crate) checked: BTreeSet<Dim>,
}

/// A dimension whose size is known.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// `N`
    pub(crate) name: String,
    /// `n`
    pub(crate) local: Local,
    /// `runtime::Origin::Input("x")`: what its size was read from.
    pub(crate) origin: Expr,
}

/// One axis of an array whose size is to be looked at.
struct Axis<'a> {
    origin: Expr,
    array: Expr,
    place: usize,
    dim: &'a Dim,
}

impl Binder {
    /// Binds what the model, its inputs and their integer fields bind. Gives the arguments `model` and `inputs` too.
    pub(crate) fn of_model(model: &Model, interface: &Interface) -> (Self, [Local; 2]) {
        let mut binder = Self { names: Names::taken(&["model", "inputs"]), ..Self::default() };
        let [owned, inputs] = ["model", "inputs"].map(|name| binder.names.called(ident(name)));
        for DimField { name, field } in &interface.field_dims {
            let origin = Expr::call("runtime::Origin::Field", [Expr::text(name.clone())]);
            binder.bind(name, inputs.get().field(field), origin);
        }
        let groups =
            [(&model.params, LeafKind::Param), (&model.states, LeafKind::State), (&model.inputs, LeafKind::Input)];
        let variables: Vec<(&Variable, LeafKind)> =
            groups.into_iter().flat_map(|(group, kind)| group.iter().map(move |variable| (variable, kind))).collect();
        let owner = |variable: &Variable, kind| {
            let owner = if kind == LeafKind::Input { &inputs } else { &owned };
            field_of(owner.get(), &variable.path())
        };
        binder.variables(&variables, &owner);
        (binder, [owned, inputs])
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
    pub(crate) fn take(&mut self, known: &Known) -> Local {
        let local = self.names.fresh(&snake_case(&known.name));
        self.places.set_dim(&known.name, local.get());
        self.bound.insert(known.name.clone(), (local.clone(), known.origin.clone()));
        local
    }

    /// The statements so far.
    pub(crate) fn take_stmts(&mut self) -> Vec<Stmt> {
        std::mem::take(&mut self.stmts)
    }

    /// Binds the dimensions of all variables, checks every other occurrence, then the ranges of indices.
    pub(crate) fn variables(
        &mut self,
        variables: &[(&Variable, LeafKind)],
        place: &dyn Fn(&Variable, LeafKind) -> Expr,
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
                self.bind(name, axis.found(), axis.origin.clone());
            }
        }
        for (name, axes) in others {
            let (local, first) = &self.bound[name];
            let (sizes, origins) = axes.iter().map(|axis| (axis.found(), axis.origin.clone())).unzip();
            let first = Expr::Tuple(vec![first.clone(), local.get()]);
            let arguments = [Expr::text(name), first, Expr::Array(sizes), Expr::Array(origins).by_ref()];
            self.stmts.push(check("runtime::check_dimension", arguments));
        }
        while let Some(at) = open.iter().position(|axis| self.can_do(axis.dim)) {
            let axis = open.remove(at);
            self.check_or_solve(&axis);
        }
        for &(variable, kind) in variables {
            // Of views alone: an array that owns its elements has memory for them.
            if matches!(kind, LeafKind::Input | LeafKind::StepInput) && variable.ty.rank() > 0 {
                let arguments = [origin(variable, kind), place(variable, kind).by_ref()];
                self.stmts.push(check("runtime::check_copy", arguments));
            }
            if let Some(classes) = &variable.classes {
                self.classes(variable, classes, origin(variable, kind), place(variable, kind));
            }
        }
    }

    fn bind(&mut self, name: &str, size: Expr, origin: Expr) {
        let local = self.names.fresh(&snake_case(name));
        self.stmts.push(local.is(size));
        self.places.set_dim(name, local.get());
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
        let (found, origin) = (axis.found(), axis.origin.clone());
        let (text, place) = (Expr::text(axis.dim.to_string()), Expr::size(axis.place));
        if let Some(unknown) = self.unknowns(axis.dim).first() {
            let solution = self.solve(axis.dim, unknown, Expr::call("runtime::exact", [found.clone()]));
            let arguments = [origin.clone(), place, text, Expr::text(unknown.clone()), found];
            self.bind(unknown, solution.method("solution", arguments).or_fail(), origin);
        } else {
            let exact = self.places.exact(axis.dim);
            self.stmts.push(check("runtime::check_extent", [origin, place, text, exact, found]));
        }
        self.checked.insert(axis.dim.clone());
    }

    /// The calculation that finds the unknown, which stands alone: `(found - rest) / coefficient`.
    fn solve(&self, dim: &Dim, unknown: &str, found: Expr) -> Expr {
        let (with, without): (Vec<Term>, Vec<Term>) = dim
            .terms()
            .into_iter()
            .partition(|term| matches!(&term.atoms[..], [Atom::Name(name)] if &**name == unknown));
        let rest = without.iter().map(|rest| self.exact_product(rest.coefficient, &rest.atoms));
        let value = rest.fold(found, |value, rest| value - rest);
        match with.first() {
            Some(Term { coefficient: 1, .. }) => value,
            Some(Term { coefficient, .. }) => value / self.exact_product(*coefficient, &[]),
            None => Expr::Missing(format!("the solution of `{dim}` for `{unknown}`")),
        }
    }

    fn exact_product(&self, coefficient: i64, atoms: &[Atom]) -> Expr {
        let factor = |atom: &Atom| match atom {
            Atom::Name(name) => Some(Dim::name(name)),
            Atom::Quotient(pair) => pair.0.div(&pair.1),
            Atom::Floor(pair) => pair.0.floor_div(&pair.1),
        };
        let mut atoms = atoms.iter();
        let product = atoms.try_fold(Dim::constant(coefficient), |product, atom| product.mul(&factor(atom)?));
        product.map_or_else(|| Expr::Missing("a product of sizes".to_owned()), |product| self.places.exact(&product))
    }

    /// `check_classes(Origin::Input("label"), &inputs.label, "K", k)?;`
    fn classes(&mut self, variable: &Variable, classes: &Dim, origin: Expr, array: Expr) {
        if !self.unknowns(classes).is_empty() {
            return;
        }
        let (text, size) = (Expr::text(classes.to_string()), self.places.dim(classes));
        self.stmts.push(if variable.ty.rank() == 0 {
            check("runtime::check_class", [origin, array, text, size])
        } else {
            check("runtime::check_classes", [origin, array.by_ref(), text, size])
        });
    }

    /// Checks a size that the computation needs and no array has: `(exact(n) - constant(1)).extent("N - 1")?;`
    pub(crate) fn check_size(&mut self, dim: &Dim) {
        let may_fail = dim.terms().iter().any(|term| {
            term.coefficient < 0 || term.atoms.iter().any(|atom| matches!(atom, Atom::Quotient(_) | Atom::Floor(_)))
        });
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
            let extent = self.places.exact(dim).method("extent", [Expr::text(dim.to_string())]);
            self.stmts.push(Stmt::Run(extent.or_fail()));
        }
    }
}

impl Axis<'_> {
    /// `inputs.x.shape()[0]`
    fn found(&self) -> Expr {
        self.array.clone().method("shape", []).index(Expr::size(self.place))
    }
}

/// `runtime::check_extent(…)?;`
fn check<const N: usize>(function: &'static str, arguments: [Expr; N]) -> Stmt {
    Stmt::Run(Expr::call(function, arguments).or_fail())
}

/// `model.l1.w`: a field of what owns it, by the names from the outside in.
pub(crate) fn field_of(owner: Expr, path: &[Ident]) -> Expr {
    path.iter().fold(owner, |of, name| of.field(ours(name)))
}

/// `runtime::Origin::Input("x")`
fn origin(variable: &Variable, kind: LeafKind) -> Expr {
    let kind = match kind {
        LeafKind::Param | LeafKind::Direction => "runtime::Origin::Parameter",
        LeafKind::State => "runtime::Origin::State",
        LeafKind::Input | LeafKind::StepInput => "runtime::Origin::Input",
        LeafKind::Prepared => "runtime::Origin::Value",
    };
    Expr::call(kind, [Expr::text(text(&variable.name))])
}
