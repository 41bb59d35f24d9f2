//! Dimensions and flat indices as Rust expressions.
//!
//! `H*(H - 1)/2` becomes `(h * h - h) / 2`, and an index `offset + Σ stride · axis` becomes `d * i + j`. Everything is
//! `usize`: the positive terms come first, so no sum in between is ever below the result, which is not negative.

use std::collections::BTreeMap;

use crate::emit::rust::tree::Expr;
use crate::graph::Dim;
use crate::graph::dim::{Atom, Term};
use crate::loops::program::{AxisId, Index};

/// What the names of dimensions and the axes of loops are in the function at hand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    dims: BTreeMap<String, Expr>,
    axes: BTreeMap<AxisId, Expr>,
    /// The loop of which a part runs here.
    part: Option<PartOf>,
}

/// A part of a loop, which makes some of its turns.
#[derive(Clone, Debug)]
pub(crate) struct PartOf {
    /// The loop's axis.
    pub(crate) axis: AxisId,
    /// How many turns the part makes.
    pub(crate) turns: Expr,
    /// Which turn of the whole loop is its first, where positions are counted.
    pub(crate) first: Option<Expr>,
}

impl Places {
    pub(crate) fn set_dim(&mut self, name: &str, place: Expr) {
        self.dims.insert(name.to_owned(), place);
    }

    pub(crate) fn set_axis(&mut self, axis: AxisId, place: Expr) {
        self.axes.insert(axis, place);
    }

    pub(crate) fn set_part(&mut self, part: PartOf) {
        self.part = Some(part);
    }

    /// How many turns of a loop are made here, if they are only some.
    pub(crate) fn turns_of_part(&self, axis: AxisId) -> Option<Expr> {
        self.part.as_ref().filter(|part| part.axis == axis).map(|part| part.turns.clone())
    }

    /// The axis is not known any more.
    pub(crate) fn forget_axis(&mut self, axis: AxisId) {
        self.axes.remove(&axis);
    }

    fn dim_name(&self, name: &str) -> Expr {
        self.dims.get(name).cloned().unwrap_or_else(|| Expr::Missing(format!("the dimension `{name}`")))
    }

    fn axis(&self, axis: AxisId) -> Expr {
        self.axes.get(&axis).cloned().unwrap_or_else(|| Expr::Missing(format!("the axis `{axis}`")))
    }

    /// A dimension as a `usize`.
    pub(crate) fn dim(&self, dim: &Dim) -> Expr {
        let mut sum = Sum::default();
        self.add(&mut sum, dim, None);
        sum.into_unsigned()
    }

    /// The number of elements of a shape.
    pub(crate) fn volume(&self, shape: &[Dim]) -> Expr {
        let volume = Dim::volume(shape);
        volume
            .map_or_else(|| Expr::Missing("the number of elements of an array".to_owned()), |volume| self.dim(&volume))
    }

    /// A dimension as a calculation that is checked: `runtime::exact(n) - runtime::constant(1)`.
    pub(crate) fn exact(&self, dim: &Dim) -> Expr {
        let constant = |value: i64| Expr::call("runtime::constant", [Expr::signed(value)]);
        let terms = dim.terms().into_iter().map(|term| {
            let is_written = term.coefficient != 1 || term.atoms.is_empty();
            let atoms = term.atoms.iter().map(|atom| self.exact_atom(atom));
            product(is_written.then(|| constant(term.coefficient)).into_iter().chain(atoms))
        });
        total(terms).unwrap_or_else(|| constant(0))
    }

    fn exact_atom(&self, atom: &Atom) -> Expr {
        match atom {
            Atom::Name(name) => Expr::call("runtime::exact", [self.dim_name(name)]),
            Atom::Quotient(pair) => self.exact(&pair.0) / self.exact(&pair.1),
            Atom::Floor(pair) => self.exact(&pair.0).method("floor", [self.exact(&pair.1)]),
        }
    }

    /// The positive terms of a dimension, each as the list of its factors: `&[13, n, d]`.
    pub(crate) fn products(&self, dim: &Dim) -> Vec<Expr> {
        let terms = dim.terms().into_iter().filter(|term| term.coefficient > 0);
        let factors = terms.map(|term| {
            let atoms = term.atoms.iter().map(|atom| self.atom(atom));
            let factors = std::iter::once(Expr::Integer(term.coefficient.unsigned_abs())).chain(atoms);
            Expr::Array(factors.collect()).by_ref()
        });
        factors.collect()
    }

    /// A dimension that may be negative, as an `isize`.
    pub(crate) fn signed(&self, dim: &Dim) -> Expr {
        let mut sum = Sum::default();
        self.add(&mut sum, dim, None);
        sum.into_signed()
    }

    /// An index as a `usize`, without the term of one axis.
    pub(crate) fn index(&self, index: &Index, without: Option<AxisId>) -> Expr {
        self.index_sum(index, without, None).into_unsigned()
    }

    /// An index as an `isize`, without the term of one axis.
    pub(crate) fn signed_index(&self, index: &Index, without: Option<AxisId>) -> Expr {
        self.index_sum(index, without, None).into_signed()
    }

    /// A position as an `isize`, without the term of one axis: in a part of a loop it is counted from the first turn of the
    /// whole loop.
    pub(crate) fn position(&self, index: &Index, without: Option<AxisId>) -> Expr {
        self.index_sum(index, without, self.first_turn(index)).into_signed()
    }

    /// What the first turn of a part adds to a position: its number, and what that is multiplied by.
    pub(crate) fn first_turn<'a>(&'a self, index: &'a Index) -> Option<(&'a Expr, &'a Dim)> {
        let part = self.part.as_ref()?;
        part.first.as_ref().zip(index.coefficient(part.axis))
    }

    fn index_sum(&self, index: &Index, without: Option<AxisId>, first: Option<(&Expr, &Dim)>) -> Sum {
        let mut sum = Sum::default();
        for (axis, stride) in &index.strides {
            if Some(*axis) != without {
                self.add(&mut sum, stride, Some(&self.axis(*axis)));
            }
        }
        if let Some((first, stride)) = first {
            self.add(&mut sum, stride, Some(first));
        }
        self.add(&mut sum, &index.offset, None);
        sum
    }

    /// Adds `dim * factor`. A dimension without negative terms stays whole, the others are multiplied out.
    fn add(&self, sum: &mut Sum, dim: &Dim, factor: Option<&Expr>) {
        let mut terms = dim.terms();
        terms.sort_by_key(|term| term.atoms.is_empty());
        let whole = terms.len() > 1 && terms.iter().all(|term| term.coefficient > 0);
        match factor {
            Some(factor) if whole => {
                let mut inner = Sum::default();
                self.add(&mut inner, dim, None);
                sum.plus.push(inner.into_unsigned() * factor.clone());
            }
            _ => {
                for term in &terms {
                    self.add_term(sum, term, factor);
                }
            }
        }
    }

    fn add_term(&self, sum: &mut Sum, term: &Term, factor: Option<&Expr>) {
        let size = term.coefficient.unsigned_abs();
        let is_written = size != 1 || (term.atoms.is_empty() && factor.is_none());
        let atoms = term.atoms.iter().map(|atom| self.atom(atom));
        let factors = is_written.then_some(Expr::Integer(size)).into_iter().chain(atoms).chain(factor.cloned());
        let product = product(factors);
        if term.coefficient < 0 { sum.minus.push(product) } else { sum.plus.push(product) }
    }

    fn atom(&self, atom: &Atom) -> Expr {
        match atom {
            Atom::Name(name) => self.dim_name(name),
            Atom::Quotient(pair) | Atom::Floor(pair) => self.dim(&pair.0) / self.dim(&pair.1),
        }
    }
}

/// `a * b * c`, or 1.
fn product(factors: impl IntoIterator<Item = Expr>) -> Expr {
    factors.into_iter().reduce(|product, factor| product * factor).unwrap_or(Expr::Integer(1))
}

/// `a + b + c`, if there is any.
pub(crate) fn total(terms: impl IntoIterator<Item = Expr>) -> Option<Expr> {
    terms.into_iter().reduce(|sum, term| sum + term)
}

/// Terms to be added and terms to be subtracted.
#[derive(Default)]
struct Sum {
    plus: Vec<Expr>,
    minus: Vec<Expr>,
}

impl Sum {
    fn into_unsigned(self) -> Expr {
        let plus = total(self.plus).unwrap_or(Expr::Integer(0));
        self.minus.into_iter().fold(plus, |sum, term| sum - term)
    }

    fn into_signed(self) -> Expr {
        match (self.plus.as_slice(), self.minus.as_slice()) {
            ([], []) => return Expr::Integer(0),
            ([Expr::Integer(size)], []) => return Expr::Integer(*size),
            ([], [Expr::Integer(size)]) => return -Expr::Integer(*size),
            _ => {}
        }
        let plus = total(self.plus).unwrap_or(Expr::Integer(0)).cast("isize");
        match total(self.minus) {
            Some(minus) => plus - minus.cast("isize"),
            None => plus,
        }
    }
}
