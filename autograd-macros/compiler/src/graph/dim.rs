//! Dimensions: integer expressions over the model's dimension names, kept in a normal form in which equality of
//! dimensions is equality of values. `[N+1-1]` is `[N]`, `(N+1)*(N-1)` is `N*N-1`.
//!
//! A dimension is a polynomial with integer coefficients over *atoms*: names, and exact quotients that did not divide
//! away (`H*(H-1)/2`).

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use crate::machine::DIMENSION_TERMS;

/// A dimension in normal form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dim(Repr);

/// The most factors of a term.
const MOST_FACTORS: usize = 64;

/// Constants and plain names, by far the most frequent, need no allocation to copy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Repr {
    Constant(i64),
    Name(Rc<str>),
    /// Never a constant, never a plain name; terms sorted, no zero coefficients.
    Sum(Rc<[Term]>),
}

/// `coefficient · atom · atom …`
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term {
    /// The factors, sorted; a square stands twice; empty for the constant term.
    pub atoms: Vec<Atom>,
    /// Never 0.
    pub coefficient: i64,
}

/// What a polynomial is over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Atom {
    /// A dimension's name.
    Name(Rc<str>),
    /// An exact quotient, checked at run time.
    Quotient(Rc<(Dim, Dim)>),
    /// A quotient rounded down, of what is never negative where a call begins.
    Floor(Rc<(Dim, Dim)>),
}

impl Atom {
    fn is_never_negative(&self) -> bool {
        match self {
            Self::Name(_) => true,
            Self::Quotient(parts) | Self::Floor(parts) => parts.0.is_never_negative() && parts.1.is_never_negative(),
        }
    }
}

impl Dim {
    /// 1
    pub const ONE: Self = Self(Repr::Constant(1));
    /// 0
    pub const ZERO: Self = Self(Repr::Constant(0));

    /// A number.
    #[must_use]
    pub fn constant(value: i64) -> Self {
        Self(Repr::Constant(value))
    }

    /// A name of the model's header.
    #[must_use]
    pub fn name(name: &str) -> Self {
        Self(Repr::Name(name.into()))
    }

    /// The number, if it is one.
    #[must_use]
    pub fn as_constant(&self) -> Option<i64> {
        match self.0 {
            Repr::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// The name, if it is a plain one.
    #[must_use]
    pub fn as_name(&self) -> Option<&Rc<str>> {
        match &self.0 {
            Repr::Name(name) => Some(name),
            _ => None,
        }
    }

    /// Whether it is the literal 1, which alone broadcasts.
    #[must_use]
    pub fn is_one(&self) -> bool {
        *self == Self::ONE
    }

    /// The number of elements of a shape; `None` on overflow.
    #[must_use]
    pub fn volume(shape: &[Self]) -> Option<Self> {
        shape.iter().try_fold(Self::ONE, |volume, extent| volume.mul(extent))
    }

    /// Whether it is 0 or more whatever sizes its names stand for, as far as the form tells: no term is taken off.
    #[must_use]
    pub fn is_never_negative(&self) -> bool {
        self.terms().iter().all(|term| term.coefficient >= 0 && term.atoms.iter().all(Atom::is_never_negative))
    }

    /// Its terms, sorted.
    #[must_use]
    pub fn terms(&self) -> Vec<Term> {
        match &self.0 {
            Repr::Constant(0) => Vec::new(),
            Repr::Constant(value) => vec![Term { atoms: Vec::new(), coefficient: *value }],
            Repr::Name(name) => vec![Term { atoms: vec![Atom::Name(name.clone())], coefficient: 1 }],
            Repr::Sum(terms) => terms.to_vec(),
        }
    }

    /// From terms in any order. `None` where a coefficient leaves the range of `i64`.
    fn from_terms(terms: impl IntoIterator<Item = Term>) -> Option<Self> {
        let mut sum: BTreeMap<Vec<Atom>, i64> = BTreeMap::new();
        for Term { mut atoms, coefficient } in terms {
            atoms.sort();
            let slot = sum.entry(atoms).or_insert(0);
            *slot = slot.checked_add(coefficient)?;
        }
        let terms: Vec<Term> = sum
            .into_iter()
            .filter(|(_, coefficient)| *coefficient != 0)
            .map(|(atoms, coefficient)| Term { atoms, coefficient })
            .collect();
        Some(Self(match terms.as_slice() {
            [] => Repr::Constant(0),
            [Term { atoms, coefficient }] if atoms.is_empty() => Repr::Constant(*coefficient),
            [Term { atoms, coefficient: 1 }] if matches!(atoms.as_slice(), [Atom::Name(_)]) => match &atoms[0] {
                Atom::Name(name) => Repr::Name(name.clone()),
                Atom::Quotient(_) | Atom::Floor(_) => return None,
            },
            _ => Repr::Sum(terms.into()),
        }))
    }

    /// `self + other`; `None` on overflow.
    #[must_use]
    pub fn add(&self, other: &Self) -> Option<Self> {
        if let (Repr::Constant(a), Repr::Constant(b)) = (&self.0, &other.0) {
            return a.checked_add(*b).map(Self::constant);
        }
        Self::from_terms(self.terms().into_iter().chain(other.terms()))
    }

    /// `-self`; `None` on overflow.
    #[must_use]
    pub fn neg(&self) -> Option<Self> {
        self.mul(&Self::constant(-1))
    }

    /// `self - other`; `None` on overflow.
    #[must_use]
    pub fn sub(&self, other: &Self) -> Option<Self> {
        if self == other {
            return Some(Self::ZERO);
        }
        self.add(&other.neg()?)
    }

    /// `self * other`; `None` on overflow.
    #[must_use]
    pub fn mul(&self, other: &Self) -> Option<Self> {
        match (&self.0, &other.0) {
            (Repr::Constant(a), Repr::Constant(b)) => return a.checked_mul(*b).map(Self::constant),
            (Repr::Constant(1), _) => return Some(other.clone()),
            (_, Repr::Constant(1)) => return Some(self.clone()),
            _ => {}
        }
        let (lefts, rights) = (self.terms(), other.terms());
        let degree = |terms: &[Term]| terms.iter().map(|term| term.atoms.len()).max().unwrap_or(0);
        if lefts.len() * rights.len() > DIMENSION_TERMS || degree(&lefts) + degree(&rights) > MOST_FACTORS {
            return None;
        }
        let mut terms = Vec::new();
        for a in &lefts {
            for b in &rights {
                let atoms = a.atoms.iter().chain(&b.atoms).cloned().collect();
                terms.push(Term { atoms, coefficient: a.coefficient.checked_mul(b.coefficient)? });
            }
        }
        Self::from_terms(terms)
    }

    /// Whether every product of these dimensions and of parts of them exists, whatever the order.
    #[must_use]
    pub fn can_multiply(dims: &[Self]) -> bool {
        let (mut size, mut count, mut degree) = (1_i64, 1_usize, 0);
        dims.iter().all(|dim| {
            let (largest, terms, factors) = match &dim.0 {
                Repr::Constant(value) => (value.checked_abs(), 1, 0),
                Repr::Name(_) => (Some(1), 1, 1),
                Repr::Sum(terms) => (
                    terms.iter().try_fold(0_i64, |sum, term| sum.checked_add(term.coefficient.checked_abs()?)),
                    terms.len(),
                    terms.iter().map(|term| term.atoms.len()).max().unwrap_or(0),
                ),
            };
            // Of an axis of no elements the others still have strides.
            let product = largest.and_then(|largest| size.checked_mul(largest.max(1)));
            count = count.saturating_mul(terms);
            degree += factors;
            size = product.unwrap_or(i64::MAX);
            product.is_some() && count <= DIMENSION_TERMS && degree <= MOST_FACTORS
        })
    }

    /// `self / other`, exact: divided out where every term divides by a single term, else a quotient that is checked at
    /// run time. `None` for a division that can never be exact, by zero, or on overflow.
    #[must_use]
    pub fn div(&self, other: &Self) -> Option<Self> {
        if *other == Self::ZERO {
            return None;
        }
        if let Some(quotient) = self.divide_out(other) {
            return Some(quotient);
        }
        if self.as_constant().is_some() && other.as_constant().is_some() {
            return None;
        }
        let quotient = Atom::Quotient(Rc::new((self.clone(), other.clone())));
        Self::from_terms([Term { atoms: vec![quotient], coefficient: 1 }])
    }

    /// `⌊self / other⌋`, of which whatever divides is taken out. `None` for a division by what is not above 0, or on overflow.
    #[must_use]
    pub fn floor_div(&self, other: &Self) -> Option<Self> {
        if let Some(quotient) = self.divide_out(other) {
            return Some(quotient);
        }
        let Some(divisor) = other.as_constant() else {
            if other.terms().is_empty() {
                return None;
            }
            let floor = Atom::Floor(Rc::new((self.clone(), other.clone())));
            return Self::from_terms([Term { atoms: vec![floor], coefficient: 1 }]);
        };
        if divisor < 1 {
            return None;
        }
        // a·N + b with a = q·divisor + r is q·N and the floor of r·N + the rest of b.
        let part = |of: fn(i64, i64) -> i64| {
            Self::from_terms(self.terms().into_iter().map(|Term { atoms, coefficient }| {
                let coefficient = of(coefficient, divisor);
                Term { atoms, coefficient }
            }))
        };
        let (whole, rest) = (part(i64::div_euclid)?, part(i64::rem_euclid)?);
        if rest.as_constant().is_some() {
            return Some(whole);
        }
        let floor = Atom::Floor(Rc::new((rest, other.clone())));
        whole.add(&Self::from_terms([Term { atoms: vec![floor], coefficient: 1 }])?)
    }

    /// Calls `visit` with every dividend of a quotient that is rounded down.
    pub fn for_each_floor(&self, visit: &mut dyn FnMut(&Self)) {
        let Repr::Sum(terms) = &self.0 else { return };
        for atom in terms.iter().flat_map(|term| &term.atoms) {
            match atom {
                Atom::Name(_) => {}
                Atom::Quotient(pair) => {
                    pair.0.for_each_floor(visit);
                    pair.1.for_each_floor(visit);
                }
                Atom::Floor(pair) => {
                    visit(&pair.0);
                    {
                        pair.0.for_each_floor(visit);
                        pair.1.for_each_floor(visit);
                    };
                }
            }
        }
    }

    fn divide_out(&self, other: &Self) -> Option<Self> {
        if self == other {
            return Some(Self::ONE);
        }
        let [divisor] = other.terms().try_into().ok().map(|term: [Term; 1]| term)?;
        let mut terms = Vec::new();
        for mut term in self.terms() {
            for atom in &divisor.atoms {
                let place = term.atoms.iter().position(|candidate| candidate == atom)?;
                term.atoms.remove(place);
            }
            if term.coefficient.checked_rem(divisor.coefficient)? != 0 {
                return None;
            }
            term.coefficient /= divisor.coefficient;
            terms.push(term);
        }
        Self::from_terms(terms)
    }

    /// Its value, where every name has one. `None` on overflow, a missing name, or an inexact quotient.
    #[must_use]
    pub fn evaluate(&self, value_of: &dyn Fn(&str) -> Option<i64>) -> Option<i64> {
        match &self.0 {
            Repr::Constant(value) => Some(*value),
            Repr::Name(name) => value_of(name),
            Repr::Sum(terms) => terms.iter().try_fold(0_i64, |sum, term| {
                let product = term.atoms.iter().try_fold(term.coefficient, |product, atom| {
                    let value = match atom {
                        Atom::Name(name) => value_of(name)?,
                        Atom::Quotient(pair) => {
                            let (a, b) = (pair.0.evaluate(value_of)?, pair.1.evaluate(value_of)?);
                            if a.checked_rem(b)? != 0 {
                                return None;
                            }
                            a / b
                        }
                        Atom::Floor(pair) => {
                            let (a, b) = (pair.0.evaluate(value_of)?, pair.1.evaluate(value_of)?);
                            if b < 1 {
                                return None;
                            }
                            a.div_euclid(b)
                        }
                    };
                    product.checked_mul(value)
                })?;
                sum.checked_add(product)
            }),
        }
    }

    /// The one name in it that is not known, if it can be solved for that: it stands alone, times a number at most, as N
    /// does in `2*N + D`. (`N*D` cannot be solved for N: D may be 0.)
    #[must_use]
    pub fn open_name(&self, is_known: &dyn Fn(&str) -> bool) -> Option<Rc<str>> {
        let mut open: Vec<Rc<str>> = Vec::new();
        self.for_each_name(&mut |name| {
            if !is_known(name) && !open.contains(name) {
                open.push(name.clone());
            }
        });
        let [name] = open.as_slice() else { return None };
        let with: Vec<Term> = self.terms().into_iter().filter(|term| term.mentions(name)).collect();
        let is_alone = matches!(with.as_slice(), [Term { atoms, .. }] if matches!(atoms.as_slice(), [Atom::Name(_)]));
        is_alone.then(|| name.clone())
    }

    /// Calls `visit` with every name in it.
    pub fn for_each_name(&self, visit: &mut dyn FnMut(&Rc<str>)) {
        match &self.0 {
            Repr::Constant(_) => {}
            Repr::Name(name) => visit(name),
            Repr::Sum(terms) => {
                for atom in terms.iter().flat_map(|term| &term.atoms) {
                    match atom {
                        Atom::Name(name) => visit(name),
                        Atom::Quotient(pair) | Atom::Floor(pair) => {
                            pair.0.for_each_name(visit);
                            pair.1.for_each_name(visit);
                        }
                    }
                }
            }
        }
    }
}

impl Term {
    /// Whether one of its factors has a name in it.
    fn mentions(&self, name: &str) -> bool {
        self.atoms.iter().any(|atom| match atom {
            Atom::Name(found) => &**found == name,
            Atom::Quotient(pair) | Atom::Floor(pair) => {
                let mut found = false;
                pair.0.for_each_name(&mut |inner| found |= &**inner == name);
                pair.1.for_each_name(&mut |inner| found |= &**inner == name);
                found
            }
        })
    }
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Constant(value) => write!(f, "{value}"),
            Repr::Name(name) => write!(f, "{name}"),
            Repr::Sum(terms) => write_sum(f, terms),
        }
    }
}

/// Positive terms first, names before the constant: `N - 1`, `2*H`, `H*(H - 1)/2`.
fn write_sum(f: &mut fmt::Formatter<'_>, terms: &[Term]) -> fmt::Result {
    let mut terms: Vec<&Term> = terms.iter().collect();
    terms.sort_by_key(|term| (term.coefficient < 0, term.atoms.is_empty()));
    for (place, term) in terms.into_iter().enumerate() {
        let magnitude = term.coefficient.unsigned_abs();
        match (place, term.coefficient < 0) {
            (0, false) => {}
            (0, true) => write!(f, "-")?,
            (_, false) => write!(f, " + ")?,
            (_, true) => write!(f, " - ")?,
        }
        if term.atoms.is_empty() || magnitude != 1 {
            write!(f, "{magnitude}")?;
        }
        for (i, atom) in term.atoms.iter().enumerate() {
            if i > 0 || magnitude != 1 {
                write!(f, "*")?;
            }
            match atom {
                Atom::Name(name) => write!(f, "{name}")?,
                Atom::Quotient(pair) => write!(f, "({})/({})", pair.0, pair.1)?,
                Atom::Floor(pair) => write!(f, "floor_div({}, {})", pair.0, pair.1)?,
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Dim;

    fn n() -> Dim {
        Dim::name("N")
    }

    #[test]
    fn equal_values_are_equal_dimensions() {
        let one = Dim::ONE;
        assert_eq!(n().add(&one).and_then(|d| d.sub(&one)), Some(n()));
        let product = n().add(&one).and_then(|a| a.mul(&n().sub(&one)?));
        assert_eq!(product.map(|d| d.to_string()).as_deref(), Some("N*N - 1"));
    }

    #[test]
    fn quotients_divide_out_or_stay() {
        let twice = n().mul(&Dim::constant(2)).and_then(|d| d.div(&Dim::constant(2)));
        assert_eq!(twice, Some(n()));
        assert_eq!(Dim::constant(3).div(&Dim::constant(2)), None);
        let triangle = n().mul(&n().sub(&Dim::ONE).expect("small")).and_then(|d| d.div(&Dim::constant(2)));
        let triangle = triangle.expect("a quotient");
        assert_eq!(triangle.to_string(), "(N*N - N)/(2)");
        assert_eq!(triangle.evaluate(&|_| Some(5)), Some(10));
    }

    #[test]
    fn floors_take_out_what_divides() {
        let twice_and = |more: i64| n().mul(&Dim::constant(2)).and_then(|d| d.add(&Dim::constant(more)));
        let half = |dim: Option<Dim>| dim.and_then(|d| d.floor_div(&Dim::constant(2)));
        assert_eq!(half(twice_and(3)), n().add(&Dim::ONE));
        let floor = half(n().sub(&Dim::constant(3))).expect("small");
        assert_eq!(floor.to_string(), "floor_div(N + 1, 2) - 2");
        for size in 0..9 {
            assert_eq!(floor.evaluate(&|_| Some(size)), Some((size - 3).div_euclid(2)), "{size}");
        }
    }
}
