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

use super::dims::Places;
use super::expr::{self, Level, Value};
use super::uses::Uses;
use crate::emit::rust::names::Names;
use crate::emit::rust::tree::{self, Local, Path};
use crate::graph::{Dim, Elem};
use crate::loops::program::{AxisId, BufferId, Call, Expr, Guard, Index, Program, Stmt, Sums, ValueId, Within};
use crate::machine::EXPRESSION_LENGTH;
use crate::ops::lowering::sure;
use crate::ops::{Function, Literal, Logic, ReduceKind};

/// What writes the statements of one function.
pub(crate) struct Body<'a> {
    pub(crate) program: &'a Program,
    pub(crate) uses: &'a Uses,
    pub(crate) places: Places,
    pub(crate) names: Names,
    /// How each buffer is reached here.
    pub(crate) buffers: BTreeMap<BufferId, tree::Expr>,
    /// How each value is written here.
    pub(crate) values: BTreeMap<ValueId, Value>,
    /// How each value is written as a pack, in the vector loop that is open.
    pub(crate) packs: BTreeMap<ValueId, Value>,
    /// The axis of the vector loop that is open.
    pub(crate) vector: Option<AxisId>,
    /// Where the turn at hand of the innermost sweep is, and of the vector loop that one by rows stands in.
    pub(crate) at: Option<Local>,
    pub(crate) rows_at: Option<Local>,
    pub(crate) numbered: usize,
    /// The values that are extents, as `usize`.
    extents: BTreeMap<ValueId, tree::Expr>,
    /// Which values are constants.
    pub(crate) literals: BTreeSet<ValueId>,
    /// Which values are scalar leaves.
    pub(crate) numbers: BTreeSet<ValueId>,
    /// The buffers whose sums are kept in levels here.
    pub(crate) sums: BTreeMap<BufferId, Sums>,
    /// What keeps the levels, by the buffer that they are in.
    pub(crate) levels: BTreeMap<BufferId, Local>,
    /// The guards that hold here, as has been asked before.
    pub(crate) assumed: Vec<Within>,
    /// The buffers that are reached through one row here, and where that starts.
    pub(crate) rows: BTreeMap<BufferId, Index>,
    /// What threads may share of all that has been written.
    pub(crate) work: Work,
    /// Whether what is written is run instead of what has been, so that its work is not more.
    pub(crate) is_instead: bool,
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
    pub(crate) parts: Local,
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
            at: None,
            rows_at: None,
            numbered: 0,
            extents: BTreeMap::new(),
            literals: BTreeSet::new(),
            numbers: BTreeSet::new(),
            sums: BTreeMap::new(),
            levels: BTreeMap::new(),
            assumed: Vec::new(),
            rows: BTreeMap::new(),
            work: Work::default(),
            is_instead: false,
        }
    }

    /// The local of the `Parts` of a loop that can be cut.
    pub(crate) fn parts(&mut self, turns: &Dim, numbers: &Dim) -> Local {
        let loops = &mut self.work.loops;
        if let Some((known, count)) =
            loops.iter_mut().find(|(known, _)| known.turns == *turns && known.numbers == *numbers)
        {
            *count += usize::from(!self.is_instead);
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

    pub(crate) fn buffer(&self, buffer: BufferId) -> tree::Expr {
        let missing = || tree::Expr::Missing(format!("the place of `{}`", self.program.buffers[buffer.index()].name));
        self.buffers.get(&buffer).cloned().unwrap_or_else(missing)
    }

    /// Where the turn at hand of the innermost sweep is: `at`.
    pub(crate) fn turn_at(&self) -> tree::Expr {
        self.at.as_ref().map_or_else(|| tree::Expr::Missing("the turn of a sweep".to_owned()), Local::get)
    }

    /// Whether a buffer is a scalar leaf, which is no array but a number.
    pub(crate) fn is_number(&self, buffer: BufferId) -> bool {
        super::parts::is_number(&self.program.buffers[buffer.index()])
    }

    /// A value, as it is written here.
    pub(crate) fn value(&self, value: ValueId) -> Value {
        let found = match self.vector {
            Some(_) => self.packs.get(&value),
            None => self.values.get(&value),
        };
        let missing = || Value::leaf(tree::Expr::Missing(format!("the value {value}")));
        found.cloned().unwrap_or_else(missing)
    }

    /// The expression of a value.
    pub(crate) fn get(&self, value: ValueId) -> tree::Expr {
        self.value(value).expr
    }

    pub(crate) fn set(&mut self, value: ValueId, written: Value) {
        match self.vector {
            Some(_) => self.packs.insert(value, written),
            None => self.values.insert(value, written),
        };
    }

    /// From here on the value is in this local.
    pub(crate) fn set_local(&mut self, value: ValueId, local: &Local) {
        self.set(value, Value::leaf(local.get()));
    }

    /// A new local for a value: the user's name, or a number.
    pub(crate) fn local(&mut self, value: ValueId) -> Local {
        match &self.program.values[value.index()].name {
            Some(name) => self.names.fresh(name),
            None => self.names.numbered("t", &mut self.numbered),
        }
    }

    pub(crate) fn block(&mut self, stmts: &[Stmt], out: &mut Vec<tree::Stmt>) {
        for stmt in stmts {
            self.stmt(stmt, out);
        }
    }

    pub(crate) fn stmt(&mut self, stmt: &Stmt, out: &mut Vec<tree::Stmt>) {
        match stmt {
            Stmt::Let(value, expr) => self.define(*value, expr, out),
            Stmt::Loop(inner) => self.enter(inner, out),
            Stmt::Store { buffer, index, value } => out.push(self.store(*buffer, index, self.get(*value))),
            Stmt::Accumulate { buffer, index, kind, value, guard } => {
                let stmt = self.accumulate(*buffer, index, *kind, *value);
                out.push(match self.holds(guard.0.iter()) {
                    Some(holds) => tree::Stmt::When(holds, tree::Block::run(vec![stmt])),
                    None => stmt,
                });
            }
            Stmt::Fill { buffer, value } => {
                let value = element(self.program.buffers[buffer.index()].elem, *value);
                out.push(tree::Stmt::Run(self.buffer(*buffer).method("fill", [value])));
            }
            Stmt::Call(call) => {
                out.push(tree::Stmt::Run(self.call(call, None)));
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
    fn accumulate(&self, buffer: BufferId, index: &Index, kind: ReduceKind, value: ValueId) -> tree::Stmt {
        let value = self.value(value);
        let (buffer, index) = self.place(buffer, index);
        if self.vector.is_none() || self.steps(&index).is_some() {
            let old = self.load(buffer, &index);
            return self.store(buffer, &index, join(kind, old, value, self.level()).expr);
        }
        let (to, index, turn) = (self.buffer(buffer), self.places.index(&index, None), self.turn_at());
        let on_lanes = |name: &'static str| Path::of(name, ["T".into(), "V".into()]);
        match (self.program.buffers[buffer.index()].cell.is_pack(), value.factors()) {
            (true, Some((a, b))) => {
                let call = tree::Expr::call(on_lanes("add_products"), [to, index, a.clone(), b.clone(), turn]);
                tree::Stmt::Run(call)
            }
            (true, None) => tree::Stmt::Run(tree::Expr::call(on_lanes("add_lanes"), [to, index, value.expr, turn])),
            (false, _) => {
                let (element, sum) = (to.index(index), tree::Expr::call(on_lanes("live_sum"), [value.expr, turn]));
                tree::Stmt::Assign(element.clone(), element + sum)
            }
        }
    }

    /// `let residual = w * x + b - y;`, or nothing yet: what is used once is written where it is used.
    fn define(&mut self, value: ValueId, expr: &Expr, out: &mut Vec<tree::Stmt>) {
        if !self.uses.is_used(value) {
            return;
        }
        match expr {
            Expr::Literal(_) => {
                self.literals.insert(value);
            }
            Expr::Load(buffer, ..) if self.is_number(*buffer) => {
                self.numbers.insert(value);
            }
            Expr::Extent(dim) if dim.is_never_negative() => {
                self.extents.insert(value, self.places.dim(dim));
            }
            _ => {}
        }
        let (written, keep) = self.expr(expr);
        let is_named = self.program.values[value.index()].name.is_some();
        let folds = keep == Keep::Never
            || keep == Keep::IfLong && !is_named && written.weight < EXPRESSION_LENGTH && self.uses.may_fold(value);
        if folds {
            self.set(value, written);
            return;
        }
        let local = self.local(value);
        self.set(value, written.kept(local.get()));
        out.push(local.is(written.expr));
    }

    fn expr(&self, expr: &Expr) -> (Value, Keep) {
        let level = self.level();
        let all = |operands: &[ValueId]| operands.iter().map(|&operand| self.value(operand)).collect::<Vec<_>>();
        let written = match expr {
            Expr::Literal(literal) => return (self.at_level(literal.elem, expr::literal(literal)), Keep::Never),
            Expr::Extent(dim) => {
                let extent = if dim.is_never_negative() { self.places.dim(dim) } else { self.places.signed(dim) };
                return (self.at_level(Elem::Index, Value::step(extent.cast("i64"))), Keep::Never);
            }
            Expr::Position(index) => self.position(index),
            Expr::Load(buffer, index, guard) => {
                let keep = if self.is_number(*buffer) { Keep::Never } else { Keep::Always };
                return (self.guarded(*buffer, index, guard), keep);
            }
            Expr::Map(function, operands) => expr::map(*function, &all(operands), level),
            Expr::Integer(op, a, b) => expr::integer(*op, &self.value(*a), &self.value(*b), level),
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
                        expr::select(self.elem(*a), &opposite, &no, &yes, level)
                    }
                    _ => expr::select(self.elem(*a), &c, &yes, &no, level),
                }
            }
            Expr::Keep(x, guard) => self.kept(*x, guard),
            Expr::Cast(Elem::Real, x) if self.extents.contains_key(x) && level == Level::Scalar => {
                Value::leaf(tree::Expr::call("T::from_usize", [self.extents[x].clone()]))
            }
            Expr::Cast(to, x) => expr::cast(*to, self.elem(*x), &self.value(*x), level),
        };
        (written, Keep::IfLong)
    }

    /// A scalar, splatted in a vector loop.
    fn at_level(&self, elem: Elem, scalar: Value) -> Value {
        match self.level() {
            Level::Scalar => scalar,
            Level::Vector => Value::leaf(expr::splat(elem, scalar.expr)),
        }
    }

    /// `(d * i + j) as i64`, `V::Index::splat(n) + V::Index::iota(at)`
    fn position(&self, index: &Index) -> Value {
        let start = self.places.position(index, self.vector).cast("i64");
        let Some(stride) = self.steps(index) else {
            let picks =
                index.picks.iter().map(|(value, stride)| self.picked(*value) * self.places.signed(stride).cast("i64"));
            return self.at_level(Elem::Index, Value::step(picks.fold(start, |sum, pick| sum + pick)));
        };
        let splat = |scalar: tree::Expr| expr::splat(Elem::Index, scalar);
        let iota = tree::Expr::call("V::Index::iota", [self.turn_at()]);
        let rises_by_one = stride.is_one();
        let own = if rises_by_one { iota } else { splat(self.places.signed(stride).cast("i64")) * iota };
        let from_zero =
            index.strides.len() == 1 && index.offset == Dim::ZERO && self.places.first_turn(index).is_none();
        match (from_zero, rises_by_one) {
            (true, true) => Value::leaf(own),
            (true, false) => Value::step(own),
            (false, _) => Value::step(splat(start) + own),
        }
    }

    /// How an index goes along the vector loop that is open: the values in it are those of the scope around that.
    pub(super) fn steps<'i>(&self, index: &'i Index) -> Option<&'i Dim> {
        index.coefficient(self.vector?)
    }

    /// Where a pack of a buffer of packs is: `V::COUNT * i, Block::pack::<T, V>()`
    fn pack_place(&self, index: &Index) -> [tree::Expr; 2] {
        let pack = Path::of("Block::pack", ["T".into(), "V".into()]);
        [tree::Expr::path("V::COUNT") * self.places.index(index, None), tree::Expr::call(pack, [])]
    }

    /// An index as a `usize`: `d * i + j`, `((d * i) as isize + t1 as isize) as usize` where some of it is computed.
    fn at(&self, index: &Index) -> tree::Expr {
        if index.is_affine() {
            return self.places.index(index, None);
        }
        let is_computed = index.offset == Dim::ZERO && index.strides.is_empty();
        self.computed((!is_computed).then(|| self.places.signed_index(index, None)), index)
    }

    /// An index of which some is computed: `start` is what is not.
    fn computed(&self, start: Option<tree::Expr>, index: &Index) -> tree::Expr {
        let picks = index.picks.iter().map(|(value, stride)| match self.picked(*value).cast("isize") {
            value if stride.is_one() => value,
            value => value * self.places.signed(stride),
        });
        let sum = start.into_iter().chain(picks).reduce(|sum, term| sum + term);
        sum.expect("there are computed terms").cast("usize")
    }

    /// The value of a computed part of an index: one integer, in a vector loop too.
    fn picked(&self, value: ValueId) -> tree::Expr {
        let missing = || tree::Expr::Missing(format!("the integer {value}"));
        self.values.get(&value).map_or_else(missing, |written| written.expr.clone())
    }

    /// `if ((i as isize - 1) as usize) < n { x } else { T::ZERO }`: what lies before the first position is beyond the last
    /// one as a `usize`. Along the vector loop it is a part of the lanes that is read.
    fn guarded(&self, buffer: BufferId, index: &Index, guard: &Guard) -> Value {
        let [along, around] = self.asked(guard);
        let load = if along.is_empty() {
            self.load_assuming(buffer, index, guard)
        } else {
            self.load_between(buffer, index, &along)
        };
        let Some(holds) = self.holds(around.into_iter()) else { return load };
        let elem = self.program.buffers[buffer.index()].elem;
        let zero = self.at_level(elem, Value::leaf(element(elem, 0.0)));
        Value::step(tree::Expr::choose(holds, load.expr, zero.expr))
    }

    /// What of a guard has to be asked here: along the vector loop that is open, and the rest.
    fn asked<'g>(&self, guard: &'g Guard) -> [Vec<&'g Within>; 2] {
        let open = guard.0.iter().filter(|within| !self.assumed.contains(within));
        let (along, around) = open.partition(|within| self.steps(&within.index).is_some());
        [along, around]
    }

    /// `if i < n { x } else { T::ZERO }`, `x.keep_between(at, low, high)`
    fn kept(&self, x: ValueId, guard: &Guard) -> Value {
        let [along, around] = self.asked(guard);
        let mut value = self.value(x);
        if !along.is_empty() {
            let [low, high] = self.lanes_within(&along);
            value = Value::step(value.expr.method("keep_between", [self.turn_at(), low, high]));
        }
        let Some(holds) = self.holds(around.into_iter()) else { return value };
        let zero = self.at_level(self.elem(x), Value::leaf(element(self.elem(x), 0.0)));
        Value::step(tree::Expr::choose(holds, value.expr, zero.expr))
    }

    /// The first turn of the vector loop, and the one after the last, in which all of these hold.
    fn lanes_within(&self, along: &[&Within]) -> [tree::Expr; 2] {
        // 0 <= position + turn < extent, each of them.
        let first = |within: &Within| -self.places.position(&within.index, self.vector);
        let bound = |function, bounds: &mut dyn Iterator<Item = tree::Expr>| {
            let join = |a, b| tree::Expr::call(function, [a, b]);
            bounds.reduce(join).unwrap_or_else(|| tree::Expr::Missing("a guard".to_owned()))
        };
        let mut highs = along.iter().map(|within| first(within) + self.places.signed(&within.extent));
        let low = bound("::core::cmp::Ord::max", &mut along.iter().map(|within| first(within)));
        [low, bound("::core::cmp::Ord::min", &mut highs)]
    }

    /// Whether all of these hold; none holds always.
    pub(super) fn holds<'w>(&self, all: impl Iterator<Item = &'w Within>) -> Option<tree::Expr> {
        let holds = |within: &Within| {
            self.at_or_beyond(&within.index).infix(tree::Infix::Less, self.places.dim(&within.extent))
        };
        all.map(holds).reduce(|a, b| a.infix(tree::Infix::And, b))
    }

    /// `V::load_between(self.x, base, 1, at, lo, hi)`: the lanes from `lo` up to `hi`, as the guards say, and 0 in the others.
    fn load_between(&self, buffer: BufferId, index: &Index, along: &[&Within]) -> Value {
        let (from, index) = (self.buffer(buffer), &self.index_here(buffer, index));
        let [low, high] = self.lanes_within(along);
        let base = self.base(index);
        let stride = self.steps(index).map_or(tree::Expr::Integer(0), |stride| self.places.signed(stride));
        let arguments = [from, base, stride, self.turn_at(), low, high];
        let elem = self.program.buffers[buffer.index()].elem;
        Value::step(tree::Expr::call(Path::from(lanes_type(elem)).then("load_between"), arguments))
    }

    /// Where the first lane of the first turn is, as a `usize`: if there are guards, that turn may be none that is made.
    fn first_place(&self, index: &Index, guard: &Guard) -> tree::Expr {
        let is_there = index.is_affine() && !guard.0.iter().any(|within| self.steps(&within.index).is_some());
        if is_there { self.places.index(index, self.vector) } else { self.base(index).cast("usize") }
    }

    /// Where the first lane of the first turn is, as an `isize`.
    fn base(&self, index: &Index) -> tree::Expr {
        let start = self.places.signed_index(index, self.vector);
        if index.is_affine() {
            return start;
        }
        let picks =
            index.picks.iter().map(|(value, stride)| self.picked(*value).cast("isize") * self.places.signed(stride));
        picks.fold(start, |sum, pick| sum + pick)
    }

    /// The position that a guard asks about, as a `usize`, though it may be negative.
    fn at_or_beyond(&self, index: &Index) -> tree::Expr {
        if index.is_affine() {
            return self.places.position(index, None).cast("usize");
        }
        let is_computed = index.offset == Dim::ZERO && index.strides.is_empty();
        self.computed((!is_computed).then(|| self.places.position(index, None)), index)
    }

    /// `self.x[i]`, `V::load(self.x, d * i, at)`
    pub(crate) fn load(&self, buffer: BufferId, index: &Index) -> Value {
        self.load_assuming(buffer, index, &Guard::default())
    }

    /// [`load`](Self::load), where the guard is known to hold.
    fn load_assuming(&self, buffer: BufferId, index: &Index, guard: &Guard) -> Value {
        let (from, index) = (self.buffer(buffer), &self.index_here(buffer, index));
        let elem = self.program.buffers[buffer.index()].elem;
        let load = |method: &'static str, arguments: Vec<tree::Expr>| {
            Value::leaf(tree::Expr::call(Path::from(lanes_type(elem)).then(method), arguments))
        };
        if self.program.buffers[buffer.index()].cell.is_pack() {
            let [at, pack] = self.pack_place(index);
            return load("load", vec![from, at, pack]);
        }
        let Some(stride) = self.steps(index) else {
            let at = self.at(index);
            let element = if self.is_number(buffer) { from } else { from.index(at) };
            let scalar = match elem {
                Elem::Index => Value::step(element.cast("i64")),
                Elem::Real | Elem::Bool => Value::leaf(element),
            };
            return self.at_level(elem, scalar);
        };
        if stride.is_one() {
            load("load", vec![from, self.first_place(index, guard), self.turn_at()])
        } else {
            let (base, stride) = (self.base(index), self.places.signed(stride));
            load("load_strided", vec![from, base, stride, self.turn_at()])
        }
    }

    /// `self.out[i] = x;`, `x.store(self.out, d * i, at);`
    pub(crate) fn store(&self, buffer: BufferId, index: &Index, value: tree::Expr) -> tree::Stmt {
        let (to, index) = (self.buffer(buffer), &self.index_here(buffer, index));
        if self.program.buffers[buffer.index()].cell.is_pack() {
            let [at, pack] = self.pack_place(index);
            return tree::Stmt::Run(value.method("store", [to, at, pack]));
        }
        let Some(stride) = self.steps(index) else {
            let value = match self.program.buffers[buffer.index()].elem {
                Elem::Index => value.cast("usize"),
                Elem::Real | Elem::Bool => value,
            };
            return tree::Stmt::Assign(to.index(self.at(index)), value);
        };
        if stride.is_one() {
            let base = self.first_place(index, &Guard::default());
            return tree::Stmt::Run(value.method("store", [to, base, self.turn_at()]));
        }
        let (base, stride) = (self.base(index), self.places.signed(stride));
        tree::Stmt::Run(value.method("store_strided", [to, base, stride, self.turn_at()]))
    }

    /// `prefetch(out, 0, at);`
    pub(crate) fn ask(&self, buffer: BufferId, index: &Index) -> tree::Stmt {
        let (to, index) = (self.buffer(buffer), &self.index_here(buffer, index));
        let base = self.places.index(index, self.vector);
        tree::Stmt::Run(tree::Expr::call("prefetch", [to, base, self.turn_at()]))
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

/// The type that loads from arrays of these elements.
fn lanes_type(elem: Elem) -> &'static str {
    match elem {
        Elem::Real => "V",
        Elem::Bool => "V::Mask",
        Elem::Index => "V::Index",
    }
}

/// An index in terms of the part of a buffer that starts at `first`.
fn within(index: &Index, first: &Index) -> Index {
    let strides = index.strides.iter().filter(|(axis, _)| first.coefficient(*axis).is_none());
    Index::affine(Dim::ZERO, strides.cloned().collect())
}

/// What an accumulation makes of the old and the new value.
///
/// A new maximum is the first operand: that it may be NaN is looked at beside the chain of operations.
pub(crate) fn join(kind: ReduceKind, old: Value, new: Value, level: Level) -> Value {
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
pub(crate) fn element(elem: Elem, value: f64) -> tree::Expr {
    expr::literal(&Literal { bits: value.to_bits(), elem }).expr
}
