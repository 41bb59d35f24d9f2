//! Statements of a loop program as Rust statements: `let`s, loads and stores (loops are in `loops.rs`).
//!
//! ```text
//! let x = V::load(self.x, 0, at);
//! let residual = w * x + b - y;
//! residual.store(self.residuals, 0, at);
//! ```
//!
//! Every value is bound once; one without a name that is used once is written into the expression that uses it.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};

use super::dims::Places;
use super::expr::{self, Level, Printed};
use super::uses::Uses;
use crate::emit::rust::names::{Names, code};
use crate::graph::{Dim, Elem};
use crate::loops::program::{AxisId, BufferId, Call, Expr, Index, Program, Stmt, Sums, ValueId};
use crate::ops::lowering::sure;
use crate::ops::{Function, Literal, Logic, ReduceKind};

/// An expression with more operations than this gets a `let` of its own.
const LONGEST: usize = 8;

/// What prints the statements of one function.
pub(crate) struct Body<'a> {
    pub(crate) program: &'a Program,
    pub(crate) uses: &'a Uses,
    pub(crate) places: Places,
    pub(crate) names: Names,
    /// How each buffer is reached here.
    pub(crate) buffers: BTreeMap<BufferId, TokenStream>,
    /// How each value is written here.
    pub(crate) values: BTreeMap<ValueId, Printed>,
    /// The same, as packs, in the vector loop that is open.
    pub(crate) packs: BTreeMap<ValueId, Printed>,
    /// The axis of the vector loop that is open.
    pub(crate) vector: Option<AxisId>,
    pub(crate) numbered: usize,
    /// The values that are extents, as `usize`.
    extents: BTreeMap<ValueId, TokenStream>,
    /// Which values are constants.
    pub(crate) literals: BTreeSet<ValueId>,
    /// Which values are scalar leaves.
    pub(crate) numbers: BTreeSet<ValueId>,
    /// The buffers whose sums are kept in levels here.
    pub(crate) sums: BTreeMap<BufferId, Sums>,
    /// What keeps the levels, by the buffer that they are in.
    pub(crate) levels: BTreeMap<BufferId, Ident>,
    /// The buffers that are reached through one row here, and where that starts.
    pub(crate) rows: BTreeMap<BufferId, Index>,
    /// What threads may share of all that has been printed.
    pub(crate) work: Work,
}

/// What there is for several threads to do: each kind of loop and product, and how often it comes.
#[derive(Default)]
pub(crate) struct Work {
    /// The loops that can be cut.
    pub(crate) loops: Vec<(Cuttable, usize)>,
    /// The calls of library routines.
    pub(crate) calls: Vec<(Call, usize)>,
}

/// A loop that can be cut, as far as its parts know it.
pub(crate) struct Cuttable {
    /// The local of its `Parts`.
    pub(crate) parts: Ident,
    /// How many turns it makes.
    pub(crate) turns: Dim,
    /// How many numbers it computes.
    pub(crate) numbers: Dim,
}

impl Work {
    /// Takes in a call, if threads can share it.
    pub(crate) fn call(&mut self, call: &Call) {
        if call.routine.shared().is_none() {
            return;
        }
        let is_same = |known: &Call| (known.routine.name(), &known.extents) == (call.routine.name(), &call.extents);
        match self.calls.iter_mut().find(|(known, _)| is_same(known)) {
            Some((_, count)) => *count += 1,
            None => self.calls.push((call.clone(), 1)),
        }
    }

    /// How many numbers are computed in all.
    pub(crate) fn total(&self) -> Dim {
        let calls = self.calls.iter().map(|(call, count)| (call.routine.work(call), *count));
        let loops = self.loops.iter().map(|(cuttable, count)| (cuttable.numbers.clone(), *count));
        loops.chain(calls).fold(Dim::ZERO, |total, (work, count)| {
            sure(work.mul(&Dim::constant(count.try_into().unwrap_or(i64::MAX))).and_then(|work| total.add(&work)))
        })
    }
}

impl<'a> Body<'a> {
    pub(crate) fn new(program: &'a Program, uses: &'a Uses, names: Names) -> Self {
        Self {
            program,
            uses,
            places: Places::default(),
            names,
            buffers: BTreeMap::new(),
            values: BTreeMap::new(),
            packs: BTreeMap::new(),
            vector: None,
            numbered: 0,
            extents: BTreeMap::new(),
            literals: BTreeSet::new(),
            numbers: BTreeSet::new(),
            sums: BTreeMap::new(),
            levels: BTreeMap::new(),
            rows: BTreeMap::new(),
            work: Work::default(),
        }
    }

    /// The local of the `Parts` of a loop that can be cut.
    pub(crate) fn parts(&mut self, turns: &Dim, numbers: &Dim) -> Ident {
        let loops = &mut self.work.loops;
        if let Some((known, count)) =
            loops.iter_mut().find(|(known, _)| known.turns == *turns && known.numbers == *numbers)
        {
            *count += 1;
            return known.parts.clone();
        }
        let parts = self.names.fresh("parts");
        loops.push((Cuttable { parts: parts.clone(), turns: turns.clone(), numbers: numbers.clone() }, 1));
        parts
    }

    pub(crate) fn level(&self) -> Level {
        if self.vector.is_some() { Level::Vector } else { Level::Scalar }
    }

    pub(crate) fn elem(&self, value: ValueId) -> Elem {
        self.program.values[value.index()].elem
    }

    pub(crate) fn buffer(&self, buffer: BufferId) -> TokenStream {
        self.buffers.get(&buffer).cloned().unwrap_or_default()
    }

    /// Whether a buffer is a scalar leaf, which is no array but a number.
    pub(crate) fn is_number(&self, buffer: BufferId) -> bool {
        super::parts::is_number(&self.program.buffers[buffer.index()])
    }

    /// A value, as it is written here.
    pub(crate) fn value(&self, value: ValueId) -> Printed {
        let found = match self.vector {
            Some(_) => self.packs.get(&value),
            None => self.values.get(&value),
        };
        found.cloned().unwrap_or_else(|| Printed::atom(TokenStream::new()))
    }

    pub(crate) fn set(&mut self, value: ValueId, printed: Printed) {
        match self.vector {
            Some(_) => self.packs.insert(value, printed),
            None => self.values.insert(value, printed),
        };
    }

    /// A new local for a value: the user's name, or a number.
    pub(crate) fn local(&mut self, value: ValueId) -> Ident {
        match &self.program.values[value.index()].name {
            Some(name) => self.names.fresh(name),
            None => self.names.numbered("t", &mut self.numbered),
        }
    }

    pub(crate) fn block(&mut self, stmts: &[Stmt], out: &mut Vec<TokenStream>) {
        for stmt in stmts {
            self.stmt(stmt, out);
        }
    }

    pub(crate) fn stmt(&mut self, stmt: &Stmt, out: &mut Vec<TokenStream>) {
        match stmt {
            Stmt::Let(value, expr) => self.define(*value, expr, out),
            Stmt::Loop(inner) => self.enter(inner, out),
            Stmt::Store { buffer, index, value } => out.push(self.store(*buffer, index, &self.value(*value))),
            Stmt::Accumulate { buffer, index, kind, value } => out.push(self.accumulate(*buffer, index, *kind, *value)),
            Stmt::Fill { buffer, value } => {
                let to = self.buffer(*buffer);
                let value = element(self.program.buffers[buffer.index()].elem, *value);
                out.push(code!(#to.fill(#value);));
            }
            Stmt::Call(call) => {
                let call = self.call(call, &TokenStream::new());
                out.push(code!(#call;));
            }
        }
    }

    /// Where an accumulation goes: to the lowest level, if the sums are kept in levels.
    pub(crate) fn place(&self, buffer: BufferId, index: &Index) -> (BufferId, Index) {
        match self.sums.get(&buffer) {
            Some(sums) => (sums.levels, within(index, &sums.first)),
            None => (buffer, index.clone()),
        }
    }

    /// An index in terms of what the buffer is reached through.
    fn index_here(&self, buffer: BufferId, index: &Index) -> Index {
        self.rows.get(&buffer).map_or_else(|| index.clone(), |first| within(index, first))
    }

    /// `(V::load(sums.row(), 0, at) + x).store(sums.row(), 0, at);`
    fn accumulate(&self, buffer: BufferId, index: &Index, kind: ReduceKind, value: ValueId) -> TokenStream {
        let value = self.value(value);
        let (buffer, index) = self.place(buffer, index);
        if self.vector.is_none_or(|axis| index.stride(axis).is_some()) {
            let old = self.load(buffer, &index);
            return self.store(buffer, &index, &join(kind, old, value, self.level()));
        }
        let (to, at, product, value) =
            (self.buffer(buffer), self.places.index(&index, None), value.factors(), value.tokens.clone());
        match (self.program.buffers[buffer.index()].lanes, product) {
            (true, Some([a, b])) => {
                let (a, b) = (&a.tokens, &b.tokens);
                code!(add_products::<T, V>(#to, #at, #a, #b, at);)
            }
            (true, None) => code!(add_lanes::<T, V>(#to, #at, #value, at);),
            (false, _) => code!(#to[#at] = #to[#at] + live_sum::<T, V>(#value, at);),
        }
    }

    /// `let residual = w * x + b - y;`, or nothing yet: what is used once is written where it is used.
    fn define(&mut self, value: ValueId, expr: &Expr, out: &mut Vec<TokenStream>) {
        if !self.uses.is_used(value) {
            return;
        }
        match expr {
            Expr::Literal(_) => {
                self.literals.insert(value);
            }
            Expr::Load(buffer, _) if self.is_number(*buffer) => {
                self.numbers.insert(value);
            }
            Expr::Extent(dim) if !may_be_negative(dim) => {
                self.extents.insert(value, self.places.dim(dim));
            }
            _ => {}
        }
        let (printed, keep) = self.expr(expr);
        let is_named = self.program.values[value.index()].name.is_some();
        let folds = keep == Keep::Never
            || keep == Keep::IfLong && !is_named && printed.weight < LONGEST && self.uses.may_fold(value);
        if folds {
            self.set(value, printed);
            return;
        }
        let name = self.local(value);
        self.set(value, printed.kept(code!(#name)));
        let tokens = printed.tokens;
        out.push(code!(let #name = #tokens;));
    }

    fn expr(&self, expr: &Expr) -> (Printed, Keep) {
        let level = self.level();
        let all = |operands: &[ValueId]| operands.iter().map(|&operand| self.value(operand)).collect::<Vec<_>>();
        let printed = match expr {
            Expr::Literal(literal) => {
                let scalar = expr::literal(literal);
                return (self.at_level(literal.elem, scalar), Keep::Never);
            }
            Expr::Extent(dim) => {
                let extent = if may_be_negative(dim) {
                    let extent = self.places.signed(dim);
                    code!((#extent))
                } else {
                    self.places.dim_atom(dim)
                };
                let scalar = Printed::loose(code!(#extent as i64));
                return (self.at_level(Elem::Index, scalar), Keep::Never);
            }
            Expr::Position(index) => self.position(index),
            Expr::Load(buffer, index) => {
                let keep = if self.is_number(*buffer) { Keep::Never } else { Keep::Always };
                return (self.load(*buffer, index), keep);
            }
            Expr::Map(function, operands) => expr::map(*function, &all(operands), level),
            Expr::Compare(kind, a, b) if self.elem(*a) == Elem::Index => {
                expr::compare_indices(*kind, &self.value(*a), &self.value(*b), level)
            }
            Expr::Compare(kind, a, b) => expr::compare(*kind, &self.value(*a), &self.value(*b), level),
            Expr::Logic(logic, operands) => expr::logic(*logic, &all(operands)),
            Expr::Select(c, a, b) => {
                // What is not constant comes first: zeros are then a mask of the instruction that makes the other.
                let (c, yes, no) = (self.value(*c), self.value(*a), self.value(*b));
                match c.opposite() {
                    Some(opposite) if level == Level::Vector && self.literals.contains(a) => {
                        expr::select(self.elem(*a), opposite, &no, &yes, level)
                    }
                    _ => expr::select(self.elem(*a), &c, &yes, &no, level),
                }
            }
            Expr::Cast(Elem::Real, x) if self.extents.contains_key(x) && level == Level::Scalar => {
                let extent = &self.extents[x];
                Printed::atom(code!(T::from_usize(#extent)))
            }
            Expr::Cast(to, x) => expr::cast(*to, self.elem(*x), &self.value(*x), level),
        };
        (printed, Keep::IfLong)
    }

    /// A scalar, splatted in a vector loop.
    fn at_level(&self, elem: Elem, scalar: Printed) -> Printed {
        match self.level() {
            Level::Scalar => scalar,
            Level::Vector => Printed::atom(expr::splat(elem, &scalar.tokens)),
        }
    }

    /// `(d * i + j) as i64`, `V::Index::splat(n) + V::Index::iota(at)`
    fn position(&self, index: &Index) -> Printed {
        let start = self.places.signed_index(index, self.vector);
        let Some(stride) = self.vector.and_then(|axis| index.stride(axis)) else {
            let scalar = Printed::loose(code!((#start) as i64));
            return self.at_level(Elem::Index, scalar);
        };
        let rises_by_one = stride.is_one();
        let stride = self.places.signed(stride);
        let own = if rises_by_one {
            code!(V::Index::iota(at))
        } else {
            code!(V::Index::splat((#stride) as i64) * V::Index::iota(at))
        };
        let from_zero = index.strides.len() == 1 && index.offset == Dim::ZERO;
        match (from_zero, rises_by_one) {
            (true, true) => Printed::atom(own),
            (true, false) => Printed::loose(own),
            (false, _) => Printed::loose(code!(V::Index::splat((#start) as i64) + #own)),
        }
    }

    /// `self.x[i]`, `V::load(self.x, d * i, at)`
    pub(crate) fn load(&self, buffer: BufferId, index: &Index) -> Printed {
        let (from, index) = (self.buffer(buffer), &self.index_here(buffer, index));
        let elem = &self.program.buffers[buffer.index()].elem;
        if self.program.buffers[buffer.index()].lanes {
            let (lanes, at) = (lanes_type(*elem), self.places.index(index, None));
            return Printed::atom(code!(#lanes::load(#from, V::COUNT * (#at), Block::pack::<T, V>())));
        }
        let Some(stride) = self.vector.and_then(|axis| index.stride(axis)) else {
            let at = self.places.index(index, None);
            let element = if self.is_number(buffer) { from } else { code!(#from[#at]) };
            let scalar = match elem {
                Elem::Index => Printed::loose(code!(#element as i64)),
                Elem::Real | Elem::Bool => Printed::atom(element),
            };
            return self.at_level(*elem, scalar);
        };
        let lanes = lanes_type(*elem);
        Printed::atom(if stride.is_one() {
            let base = self.places.index(index, self.vector);
            code!(#lanes::load(#from, #base, at))
        } else {
            let (base, stride) = (self.places.signed_index(index, self.vector), self.places.signed(stride));
            code!(#lanes::load_strided(#from, #base, #stride, at))
        })
    }

    /// `self.out[i] = x;`, `x.store(self.out, d * i, at);`
    pub(crate) fn store(&self, buffer: BufferId, index: &Index, value: &Printed) -> TokenStream {
        let (to, index) = (self.buffer(buffer), &self.index_here(buffer, index));
        let elem = self.program.buffers[buffer.index()].elem;
        if self.program.buffers[buffer.index()].lanes {
            let (value, at) = (value.operand(), self.places.index(index, None));
            return code!(#value.store(#to, V::COUNT * (#at), Block::pack::<T, V>()););
        }
        let Some(stride) = self.vector.and_then(|axis| index.stride(axis)) else {
            let at = self.places.index(index, None);
            let value = match elem {
                Elem::Index => {
                    let value = value.operand();
                    code!(#value as usize)
                }
                Elem::Real | Elem::Bool => value.tokens.clone(),
            };
            return code!(#to[#at] = #value;);
        };
        let value = value.operand();
        if stride.is_one() {
            let base = self.places.index(index, self.vector);
            return code!(#value.store(#to, #base, at););
        }
        let (base, stride) = (self.places.signed_index(index, self.vector), self.places.signed(stride));
        code!(#value.store_strided(#to, #base, #stride, at);)
    }

    /// `prefetch(out, 0, at);`
    pub(crate) fn ask(&self, buffer: BufferId, index: &Index) -> TokenStream {
        let (to, index) = (self.buffer(buffer), &self.index_here(buffer, index));
        let base = self.places.index(index, self.vector);
        code!(prefetch(#to, #base, at);)
    }
}

/// What becomes of a defined value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    /// It is written wherever it is used.
    Never,
    /// It gets a `let` if it is long, has a name, or is used more than once.
    IfLong,
    /// It gets a `let`: it reads memory.
    Always,
}

/// Whether the dimension, as a number and not as a size, may lie below 0: `N - 1` where `N` is 0.
fn may_be_negative(dim: &Dim) -> bool {
    dim.terms().iter().any(|term| term.coefficient < 0)
}

/// The type that loads from arrays of these elements.
fn lanes_type(elem: Elem) -> TokenStream {
    match elem {
        Elem::Real => code!(V),
        Elem::Bool => code!(V::Mask),
        Elem::Index => code!(V::Index),
    }
}

/// An index in terms of the part of a buffer that starts at `first`.
fn within(index: &Index, first: &Index) -> Index {
    let strides = index.strides.iter().filter(|(axis, _)| first.stride(*axis).is_none());
    Index { offset: Dim::ZERO, strides: strides.cloned().collect() }
}

/// What an accumulation makes of the old and the new value.
///
/// A new maximum is the first operand: that it may be NaN is looked at beside the chain of operations.
pub(crate) fn join(kind: ReduceKind, old: Printed, new: Printed, level: Level) -> Printed {
    let (function, operands) = match kind {
        ReduceKind::Sum => (Function::Add, [old, new]),
        ReduceKind::Product => (Function::Mul, [old, new]),
        ReduceKind::Max => (Function::Max, [new, old]),
        ReduceKind::Min => (Function::Min, [new, old]),
        ReduceKind::LogSumExp => (Function::Logaddexp, [old, new]),
        ReduceKind::Norm => (Function::Hypot, [old, new]),
        ReduceKind::MaxNumber => return expr::method("at_least", &old, &new),
        ReduceKind::Any => return expr::logic(Logic::Or, &[old, new]),
        ReduceKind::All => return expr::logic(Logic::And, &[old, new]),
    };
    expr::map(function, &operands, level)
}

/// A number as an element of an array; 0 and 1 for truth values.
pub(crate) fn element(elem: Elem, value: f64) -> TokenStream {
    expr::literal(&Literal { bits: value.to_bits(), elem }).tokens
}
