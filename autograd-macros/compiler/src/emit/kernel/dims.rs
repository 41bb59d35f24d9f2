//! Dimensions and flat indices as Rust expressions.
//!
//! `H*(H - 1)/2` becomes `(h * h - h) / 2`, and an index `offset + Σ stride · axis` becomes `d * i + j`. Everything is
//! `usize`: the positive terms come first, so no sum in between is ever below the result, which is not negative.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream, TokenTree};

use crate::emit::rust::names::code;
use crate::graph::Dim;
use crate::graph::dim::{Atom, Term};
use crate::loops::program::{AxisId, Index};

/// What the names of dimensions and the axes of loops are called in the function at hand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    dims: BTreeMap<String, TokenStream>,
    axes: BTreeMap<AxisId, TokenStream>,
}

impl Places {
    pub(crate) fn set_dim(&mut self, name: &str, place: TokenStream) {
        self.dims.insert(name.to_owned(), place);
    }

    pub(crate) fn set_axis(&mut self, axis: AxisId, place: TokenStream) {
        self.axes.insert(axis, place);
    }

    fn dim_name(&self, name: &str) -> TokenStream {
        self.dims.get(name).cloned().unwrap_or_default()
    }

    fn axis(&self, axis: AxisId) -> TokenStream {
        self.axes.get(&axis).cloned().unwrap_or_default()
    }

    /// A dimension as a `usize`.
    pub(crate) fn dim(&self, dim: &Dim) -> TokenStream {
        let mut sum = Sum::default();
        self.add(&mut sum, dim, None);
        sum.into_unsigned()
    }

    /// The number of elements of a shape.
    pub(crate) fn volume(&self, shape: &[Dim]) -> TokenStream {
        let volume = shape.iter().try_fold(Dim::ONE, |volume, extent| volume.mul(extent));
        self.dim(&volume.unwrap_or(Dim::ZERO))
    }

    /// A dimension as an operand of a product or a method call.
    pub(crate) fn dim_atom(&self, dim: &Dim) -> TokenStream {
        let tokens = self.dim(dim);
        if dim.as_constant().is_some_and(|value| value >= 0) || dim.as_name().is_some() {
            tokens
        } else {
            code!((#tokens))
        }
    }

    /// A dimension as a calculation that is checked: `runtime::exact(n) - runtime::constant(1)`.
    pub(crate) fn exact(&self, dim: &Dim) -> TokenStream {
        let terms = dim.terms().into_iter().map(|term| {
            let coefficient = i64_literal(term.coefficient);
            let mut factors = Vec::new();
            if term.coefficient != 1 || term.atoms.is_empty() {
                factors.push(code!(runtime::constant(#coefficient)));
            }
            factors.extend(term.atoms.iter().map(|atom| self.exact_atom(atom)));
            joined(&factors, &code!(*))
        });
        let terms: Vec<_> = terms.collect();
        if terms.is_empty() { code!(runtime::constant(0)) } else { joined(&terms, &code!(+)) }
    }

    fn exact_atom(&self, atom: &Atom) -> TokenStream {
        match atom {
            Atom::Name(name) => {
                let size = self.dim_name(name);
                code!(runtime::exact(#size))
            }
            Atom::Quotient(pair) => {
                let (dividend, divisor) = (self.exact(&pair.0), self.exact(&pair.1));
                code!(((#dividend) / (#divisor)))
            }
        }
    }

    /// The positive terms of a dimension, each as the list of its factors: `&[13, n, d]`.
    pub(crate) fn products(&self, dim: &Dim) -> Vec<TokenStream> {
        let terms = dim.terms().into_iter().filter(|term| term.coefficient > 0);
        let factors = terms.map(|term| {
            let atoms = term.atoms.iter().map(|atom| self.atom(atom));
            let factors: Vec<_> = std::iter::once(number(term.coefficient.unsigned_abs())).chain(atoms).collect();
            code!(&[#(#factors),*])
        });
        factors.collect()
    }

    /// A dimension that may be negative, as an `isize`.
    pub(crate) fn signed(&self, dim: &Dim) -> TokenStream {
        let mut sum = Sum::default();
        self.add(&mut sum, dim, None);
        sum.into_signed()
    }

    /// An index as a `usize`, without the term of one axis.
    pub(crate) fn index(&self, index: &Index, without: Option<AxisId>) -> TokenStream {
        self.index_sum(index, without).into_unsigned()
    }

    /// An index as an `isize`, without the term of one axis.
    pub(crate) fn signed_index(&self, index: &Index, without: Option<AxisId>) -> TokenStream {
        self.index_sum(index, without).into_signed()
    }

    fn index_sum(&self, index: &Index, without: Option<AxisId>) -> Sum {
        let mut sum = Sum::default();
        for (axis, stride) in &index.strides {
            if Some(*axis) != without {
                let axis = self.axis(*axis);
                self.add(&mut sum, stride, Some(&axis));
            }
        }
        self.add(&mut sum, &index.offset, None);
        sum
    }

    /// Adds `dim * factor`. A dimension without negative terms stays whole, the others are multiplied out.
    fn add(&self, sum: &mut Sum, dim: &Dim, factor: Option<&TokenStream>) {
        let mut terms = dim.terms();
        terms.sort_by_key(|term| term.atoms.is_empty());
        let whole = terms.len() > 1 && terms.iter().all(|term| term.coefficient > 0);
        match factor {
            Some(factor) if whole => {
                let mut inner = Sum::default();
                self.add(&mut inner, dim, None);
                let inner = inner.into_unsigned();
                sum.plus.push(code!((#inner) * #factor));
            }
            _ => {
                for term in &terms {
                    self.add_term(sum, term, factor);
                }
            }
        }
    }

    fn add_term(&self, sum: &mut Sum, term: &Term, factor: Option<&TokenStream>) {
        let size = term.coefficient.unsigned_abs();
        let mut factors: Vec<TokenStream> = Vec::new();
        if size != 1 || (term.atoms.is_empty() && factor.is_none()) {
            factors.push(number(size));
        }
        factors.extend(term.atoms.iter().map(|atom| self.atom(atom)));
        factors.extend(factor.cloned());
        let product = joined(&factors, &code!(*));
        if term.coefficient < 0 { sum.minus.push(product) } else { sum.plus.push(product) }
    }

    fn atom(&self, atom: &Atom) -> TokenStream {
        match atom {
            Atom::Name(name) => self.dim_name(name),
            Atom::Quotient(pair) => {
                let (dividend, divisor) = (self.dim_atom(&pair.0), self.dim_atom(&pair.1));
                code!((#dividend / #divisor))
            }
        }
    }
}

/// A number without a suffix, with its sign.
pub(crate) fn i64_literal(value: i64) -> TokenStream {
    let size = number(value.unsigned_abs());
    let sign = (value < 0).then(|| code!(-));
    code!(#sign #size)
}

/// A number without a suffix.
fn number(value: u64) -> TokenStream {
    let mut literal = Literal::u64_unsuffixed(value);
    literal.set_span(proc_macro2::Span::mixed_site());
    code!(#literal)
}

/// The parts with a sign between them. (A `*` cannot stand as the separator of a repetition in `quote!`.)
pub(crate) fn joined(parts: &[TokenStream], sign: &TokenStream) -> TokenStream {
    let mut tokens = TokenStream::new();
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            tokens.extend(sign.clone());
        }
        tokens.extend(part.clone());
    }
    tokens
}

/// Whether it is a number.
fn is_literal(tokens: &TokenStream) -> bool {
    let mut tokens = tokens.clone().into_iter();
    matches!((tokens.next(), tokens.next()), (Some(TokenTree::Literal(_)), None))
}

/// Whether it is a number, a name, or a path of fields.
fn is_place(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().all(|token| match token {
        TokenTree::Punct(punct) => punct.as_char() == '.',
        TokenTree::Ident(_) | TokenTree::Literal(_) => true,
        TokenTree::Group(_) => false,
    })
}

/// Terms to be added and terms to be subtracted.
#[derive(Default)]
struct Sum {
    plus: Vec<TokenStream>,
    minus: Vec<TokenStream>,
}

impl Sum {
    fn into_unsigned(self) -> TokenStream {
        let Self { plus, minus } = self;
        match plus.is_empty() {
            true if minus.is_empty() => code!(0),
            true => code!(0 #(- #minus)*),
            false => {
                let plus = joined(&plus, &code!(+));
                code!(#plus #(- #minus)*)
            }
        }
    }

    fn into_signed(self) -> TokenStream {
        let Self { plus, minus } = self;
        if let ([], [constant]) | ([constant], []) = (plus.as_slice(), minus.as_slice())
            && is_literal(constant)
        {
            let sign = plus.is_empty().then(|| code!(-));
            return code!(#sign #constant);
        }
        if plus.is_empty() && minus.is_empty() {
            return code!(0);
        }
        let plus = Self { plus, minus: Vec::new() }.into_unsigned();
        let plus = if is_place(&plus) { plus } else { code!((#plus)) };
        if minus.is_empty() {
            code!(#plus as isize)
        } else {
            let minus = Self { plus: minus, minus: Vec::new() }.into_unsigned();
            code!(#plus as isize - (#minus) as isize)
        }
    }
}
