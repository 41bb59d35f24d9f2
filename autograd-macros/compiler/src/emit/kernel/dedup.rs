//! Kernels that differ in nothing but the names of their fields and locals are one: the layers of a perceptron, what two
//! entry points compute alike.
//!
//! They are told apart before they are printed, by a key: the statements, with numbers for names in the order in which they
//! come, and all that the printing of them depends on. What comes from outside has the numbers of the fields, so the fields
//! of kernels with the same key correspond, one by one.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use proc_macro2::{Ident, TokenStream};

use super::Fields;
use super::body::Body;
use super::uses::Captures;
use crate::emit::rust::names::{Names, code};
use crate::graph::Dim;
use crate::loops::program::{
    AxisId, BufferId, Call, Expr, Index, Layout, Loop, Operand, Program, ReductionKind, Stmt, ValueId,
};
use crate::schedule::analysis::split::{Share, Split};

/// The printed kernels.
#[derive(Default)]
pub(crate) struct Kernels {
    pub(crate) items: Vec<TokenStream>,
    known: BTreeMap<Key, Known>,
    /// What they are called: outputs `x1` and `x_1` would both have a first kernel `OutputX11`.
    names: Names,
}

/// A kernel, and its fields in order.
struct Known {
    name: Ident,
    fields: Vec<Ident>,
}

impl Kernels {
    /// `kernels::LossAndGrad1 { x, w: self.w, n }`: the kernel of this key, with these places for its fields. If there is none,
    /// it is added.
    pub(crate) fn instance(
        &mut self,
        key: Key,
        fields: &Fields,
        wanted: &str,
        add: impl FnOnce(&Ident) -> TokenStream,
    ) -> TokenStream {
        let (items, names) = (&mut self.items, &mut self.names);
        let Known { name, fields: known } = self.known.entry(key).or_insert_with(|| {
            let name = names.fresh(wanted);
            let item = add(&name);
            items.push(item);
            Known { name, fields: fields.names.clone() }
        });
        // The place itself, not the field: an argument of a step has the hygiene of the user.
        let initialisers = known
            .iter()
            .zip(&fields.places)
            .map(|(field, place)| if *field == place.to_string() { place.clone() } else { code!(#field: #place) });
        code!(kernels::#name { #(#initialisers),* })
    }
}

/// What a kernel is, but for names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(Vec<u8>);

impl Key {
    /// The key of statements that stand at the top level and hand over `results`; `body` is what stands around them.
    pub(crate) fn of(
        body: &Body,
        stmts: &[Stmt],
        split: Option<&Split>,
        is_wide: bool,
        captures: &Captures,
        results: &[ValueId],
    ) -> Self {
        let mut writer = Writer {
            body,
            bytes: Bytes::default(),
            dims: captures.dims.iter().map(String::as_str).zip(0..).collect(),
            written_dims: BTreeMap::new(),
            buffers: BTreeMap::new(),
            values: BTreeMap::new(),
            axes: BTreeMap::new(),
        };
        writer.note(&(
            captures.read.len(),
            captures.written.len(),
            captures.values.len(),
            captures.dims.len(),
            is_wide,
        ));
        for dim in captures.dims.iter().filter(|dim| dim.starts_with('#')) {
            writer.note(dim);
        }
        for &buffer in captures.read.iter().chain(&captures.written) {
            writer.captured_buffer(buffer, split);
        }
        for &value in &captures.values {
            writer.captured_value(value);
        }
        writer.block(stmts);
        writer.values(results);
        Self(writer.bytes.0)
    }
}

/// Whatever is hashed, byte by byte.
#[derive(Default)]
struct Bytes(Vec<u8>);

impl Hasher for Bytes {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

struct Writer<'a, 'b> {
    body: &'a Body<'b>,
    bytes: Bytes,
    /// The numbers of names.
    dims: BTreeMap<&'a str, u32>,
    written_dims: BTreeMap<Dim, u32>,
    buffers: BTreeMap<BufferId, u32>,
    values: BTreeMap<ValueId, u32>,
    axes: BTreeMap<AxisId, u32>,
}

impl Writer<'_, '_> {
    fn program(&self) -> &Program {
        self.body.program
    }

    fn note(&mut self, what: &impl Hash) {
        what.hash(&mut self.bytes);
    }

    fn captured_buffer(&mut self, buffer: BufferId, split: Option<&Split>) {
        self.buffer(buffer);
        let described = &self.body.program.buffers[buffer.index()];
        let is_number = self.body.is_number(buffer);
        self.note(&(described.elem, described.lanes, described.levels, is_number, described.shape.len()));
        for extent in described.shape.iter() {
            // What is not known inside makes no difference there.
            let mut is_known = true;
            extent.for_each_name(&mut |name| is_known &= self.dims.contains_key(&**name));
            self.note(&is_known);
            if is_known {
                self.dim(extent);
            }
        }
        match split.and_then(|split| split.shares.get(&buffer)) {
            None => self.note(&0_u8),
            Some(Share::Whole) => self.note(&1_u8),
            Some(Share::Piece(step)) => {
                self.note(&2_u8);
                self.dim(step);
            }
            Some(Share::Sums) => self.note(&3_u8),
            Some(Share::Scratch) => self.note(&4_u8),
        }
    }

    fn captured_value(&mut self, value: ValueId) {
        self.value(value);
        let is_number = self.body.numbers.contains(&value);
        let literal = self.body.literals.contains(&value).then(|| self.body.value(value).tokens.to_string());
        self.note(&(is_number, literal));
    }

    /// A value: its number, and at its first place what is known of it.
    fn value(&mut self, value: ValueId) {
        let next = number(&self.values);
        let known = *self.values.entry(value).or_insert(next);
        self.note(&known);
        if known == next {
            let described = &self.program().values[value.index()];
            let (elem, is_named) = (described.elem, described.name.is_some());
            let uses = self.body.uses;
            self.note(&(elem, is_named, uses.is_used(value), uses.may_fold(value)));
        }
    }

    fn values(&mut self, values: &[ValueId]) {
        self.note(&values.len());
        for &value in values {
            self.value(value);
        }
    }

    fn buffer(&mut self, buffer: BufferId) {
        let next = number(&self.buffers);
        let known = *self.buffers.entry(buffer).or_insert(next);
        self.note(&known);
    }

    fn axis(&mut self, axis: AxisId) {
        let next = number(&self.axes);
        let known = *self.axes.entry(axis).or_insert(next);
        self.note(&known);
    }

    /// A dimension: its number, and at its first place its text, with numbers for names.
    fn dim(&mut self, dim: &Dim) {
        if let Some(known) = self.written_dims.get(dim) {
            return known.hash(&mut self.bytes);
        }
        let next = number(&self.written_dims);
        self.written_dims.insert(dim.clone(), next);
        self.note(&next);
        for term in dim.to_string().split_inclusive(|c: char| !c.is_alphanumeric() && c != '_' && c != '#') {
            let end = term.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '#').unwrap_or(term.len());
            match self.dims.get(&term[..end]) {
                Some(name) => (name, &term[end..]).hash(&mut self.bytes),
                None => self.note(&term),
            }
        }
    }

    fn index(&mut self, index: &Index) {
        self.dim(&index.offset);
        self.note(&index.strides.len());
        for (axis, stride) in &index.strides {
            self.axis(*axis);
            self.dim(stride);
        }
    }

    fn block(&mut self, stmts: &[Stmt]) {
        self.note(&stmts.len());
        for stmt in stmts {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        std::mem::discriminant(stmt).hash(&mut self.bytes);
        match stmt {
            Stmt::Let(value, expr) => {
                self.value(*value);
                self.expr(expr);
            }
            Stmt::Loop(inner) => self.inner(inner),
            Stmt::Store { buffer, index, value } => {
                self.buffer(*buffer);
                self.index(index);
                self.value(*value);
            }
            Stmt::Accumulate { buffer, index, kind, value } => {
                self.buffer(*buffer);
                self.index(index);
                self.note(kind);
                self.value(*value);
            }
            Stmt::Fill { buffer, value } => {
                self.buffer(*buffer);
                self.note(&value.to_bits());
            }
            Stmt::Call(call) => self.call(call),
        }
    }

    fn call(&mut self, Call { routine, operands, scalars, extents }: &Call) {
        self.note(&(routine.name(), operands.len(), extents.len()));
        for Operand { buffer, layout: Layout { first, strides }, mode } in operands {
            self.buffer(*buffer);
            self.index(first);
            self.note(&(strides.len(), mode));
            for stride in strides {
                self.dim(stride);
            }
        }
        self.values(scalars);
        for extent in extents {
            self.dim(extent);
        }
    }

    fn inner(&mut self, inner: &Loop) {
        self.axis(inner.axis);
        self.dim(&inner.extent);
        self.note(&(inner.vector, inner.by_rows, inner.reverse));
        self.note(&(inner.carries.len(), inner.reductions.len(), inner.sums.len()));
        for sums in &inner.sums {
            self.buffer(sums.buffer);
            self.buffer(sums.levels);
            self.index(&sums.first);
        }
        self.note(&inner.ahead.len());
        for (buffer, index) in &inner.ahead {
            self.buffer(*buffer);
            self.index(index);
        }
        for carry in &inner.carries {
            self.note(&carry.initial.to_bits());
            self.values(&[carry.value, carry.next]);
        }
        self.block(&inner.body);
        for reduction in &inner.reductions {
            match reduction.kind {
                ReductionKind::Reduce(kind) => self.note(&(0_u8, kind)),
                ReductionKind::Position(extreme) => self.note(&(1_u8, extreme)),
            }
            self.values(&[reduction.result, reduction.value]);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        std::mem::discriminant(expr).hash(&mut self.bytes);
        match expr {
            Expr::Literal(literal) => self.note(literal),
            Expr::Extent(dim) => self.dim(dim),
            Expr::Position(index) => self.index(index),
            Expr::Load(buffer, index) => {
                self.buffer(*buffer);
                self.index(index);
            }
            Expr::Map(function, operands) => {
                self.note(function);
                self.values(operands);
            }
            Expr::Compare(compare, a, b) => {
                self.note(compare);
                self.values(&[*a, *b]);
            }
            Expr::Logic(logic, operands) => {
                self.note(logic);
                self.values(operands);
            }
            Expr::Select(condition, yes, no) => self.values(&[*condition, *yes, *no]),
            Expr::Cast(elem, operand) => {
                self.note(elem);
                self.value(*operand);
            }
        }
    }
}

/// The number of the next one.
fn number<K, V>(known: &BTreeMap<K, V>) -> u32 {
    u32::try_from(known.len()).expect("fewer than 2^32 of them")
}

#[cfg(test)]
mod tests {
    use crate::emit::testing::expand;

    /// How many kernels two outputs have; no two axes are the same, so they share no loop.
    fn kernels(first: &str, second: &str) -> usize {
        let items = "input a: [N, D], b: [D], x: [M, K], y: [K], c, d;";
        let text = expand(&format!("Two<N, D, M, K> {{ {items} left = {first}; right = {second}; }}"));
        text.matches("pub struct Output").count() - 1
    }

    #[test]
    fn only_names_may_differ() {
        let one = "tanh(a + b) * c";
        assert_eq!(kernels(one, "tanh(x + y) * d"), 1);
        assert_eq!(kernels(one, "tanh(x + y) * c"), 1);
        for other in ["tanh(x - y) * d", "tanh(y - x) * d", "exp(x + y) * d", "tanh(x + y) * 3", "tanh(x + x) * d"] {
            assert_eq!(kernels(one, other), 2, "{other}");
        }
        assert_eq!(kernels("2 * exp(a)", "3 * exp(x)"), 2);
        assert_eq!(kernels("sum(exp(a), D)", "sum(exp(x), K)"), 1);
        assert_eq!(kernels("sum(exp(a), D)", "max(exp(x), axis = K)"), 2);
    }

    #[test]
    fn so_may_the_places_that_are_read() {
        // Along rows and across them, the first or the last column.
        assert_eq!(kernels("exp(a) + a", "exp(x.T) + x.T"), 2);
        assert_eq!(kernels("exp(a[.., 0])", "exp(x[.., 1])"), 2);
        assert_eq!(kernels("exp(a[1..])", "exp(x[1..])"), 1);
    }

    /// A local may have the name of a function.
    #[test]
    fn functions_keep_their_names() {
        let text = expand(
            "Named<N, M> { input x: [N], y: [M]; let exp = exp(x); let log = log(y); a = exp^2 + exp; b = log^2 + log; }",
        );
        assert_eq!(text.matches("pub struct Output").count(), 3, "{text}");
    }
}
