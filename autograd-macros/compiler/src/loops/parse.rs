//! The parser of the text form: tests write programs as they are printed, and what is printed says all of a program.
//!
//! What the text does not hold is made up: values have no names, arrays that no statement touches are empty, and nothing is
//! said of extents that must not be 0.

use std::collections::BTreeMap;

use super::program::{
    AxisId, Block, Buffer, BufferId, Call, Carry, Cell, Depth, Direction, Expr, Extent, Guard, Index, Layout, Length,
    Loop, Mode, Operand, Program, ProgramResult, Reduction, ReductionKind, Run, Short, Slot, SlotId, Stmt, Storage,
    Sums, Value, ValueId, Width, Within,
};
use super::routine;
use super::visit::visit;
use crate::graph::words::{Read, Words};
use crate::graph::{Dim, Elem};
use crate::ops::lowering::sure;
use crate::ops::{Compare, Extreme, Function, Integer, LeafKind, Literal, Logic, ReduceKind};

/// The program that a text means.
///
/// # Errors
/// The line that is none, with what was expected there.
pub(crate) fn parse(text: &str) -> Result<Program, String> {
    let mut program = Program::default();
    let mut lines = Lines { lines: text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect(), at: 0 };
    let margin = lines.depth();
    while let Some(line) = lines.take(margin, |line| line.starts_with('b') && line.contains(": ")) {
        let mut words = Words::of(line);
        buffer(&mut words, &mut program).map_err(|wanted| words.error(lines.at, &wanted))?;
    }
    program.body = block(&mut lines, margin)?;
    while let Some(line) = lines.take(margin, |line| line.starts_with("-> ")) {
        let mut words = Words::of(&line[3..]);
        let result = match words.id('v') {
            Some(value) => ProgramResult::Scalar(ValueId(value)),
            None => {
                ProgramResult::Buffer(BufferId(words.need_id('b').map_err(|wanted| words.error(lines.at, &wanted))?))
            }
        };
        program.results.push(result);
    }
    if let Some(line) = lines.lines.get(lines.at) {
        return Err(format!("`{line}` stands too deep, or after the results"));
    }
    complete(&mut program);
    Ok(program)
}

/// The lines that are left.
struct Lines<'a> {
    lines: Vec<&'a str>,
    at: usize,
}

impl<'a> Lines<'a> {
    /// How far the next line is indented.
    fn depth(&self) -> usize {
        self.lines.get(self.at).map_or(0, |line| line.len() - line.trim_start().len())
    }

    /// The next line, if it is indented so far and is one of these.
    fn take(&mut self, depth: usize, is_wanted: impl Fn(&str) -> bool) -> Option<&'a str> {
        let line = self.lines.get(self.at).filter(|_| self.depth() == depth)?.trim_start();
        is_wanted(line).then(|| {
            self.at += 1;
            line
        })
    }
}

fn block(lines: &mut Lines, depth: usize) -> Result<Block, String> {
    let mut stmts = Block::default();
    while let Some(line) = lines.take(depth, |line| !line.starts_with("-> ")) {
        let mut words = Words::of(line);
        let is_loop = line.starts_with("for ") || line.contains(", for ");
        let stmt = if is_loop { header(&mut words).map(Stmt::Loop) } else { plain(&mut words) };
        let mut stmt =
            stmt.and_then(|stmt| words.end().map(|()| stmt)).map_err(|wanted| words.error(lines.at, &wanted))?;
        if let Some(inner) = stmt.as_loop_mut() {
            inner.body = block(lines, depth + 4)?;
            if let Some(line) = lines.take(depth, |line| line.starts_with("or, where ")) {
                let mut words = Words::of(line);
                let limit = limit(&mut words).map_err(|wanted| words.error(lines.at, &wanted));
                let (size, at_most) = limit?;
                inner.short = Some(Box::new(Short { size, at_most, form: block(lines, depth + 4)? }));
            }
        }
        stmts.push(stmt);
    }
    Ok(stmts)
}

/// `or, where D is at most 8:`
fn limit(words: &mut Words) -> Read<(Dim, i64)> {
    words.need("or, where ")?;
    let size = words.size()?;
    words.need(" is at most ")?;
    let at_most = words.size()?.as_constant().ok_or("a number")?;
    words.need(":")?;
    Ok((size, at_most))
}

/// What stands in programs and not in graphs.
impl Words<'_> {
    /// `v3`, with the sigil `v`.
    fn id(&mut self, sigil: char) -> Option<u32> {
        let id = self.peek().strip_prefix(sigil)?.parse().ok()?;
        self.word();
        Some(id)
    }

    fn need_id(&mut self, sigil: char) -> Read<u32> {
        self.id(sigil).ok_or(format!("`{sigil}` and a number"))
    }

    pub(crate) fn value(&mut self) -> Read<ValueId> {
        self.need_id('v').map(ValueId)
    }

    pub(crate) fn buffer(&mut self) -> Read<BufferId> {
        self.need_id('b').map(BufferId)
    }

    /// A real number as it is printed.
    fn real(&mut self) -> Option<f64> {
        let rest = self.rest();
        let end = rest.find([',', ' ']).unwrap_or(rest.len());
        let number = rest[..end].parse().ok()?;
        self.go_on(&rest[end..]);
        Some(number)
    }

    /// A size, in which no axis stands.
    pub(crate) fn size(&mut self) -> Read<Dim> {
        let sum = self.affine()?;
        if sum.is_size() { Ok(sum.offset) } else { Err("a size without axes".into()) }
    }

    pub(crate) fn index(&mut self) -> Read<Index> {
        let Sum { offset, axes, picks } = self.affine()?;
        Ok(Index { offset, strides: axes.into_iter().collect(), picks: picks.into_iter().collect() })
    }

    /// `b4[0 + (0, 1, D)]`
    pub(crate) fn operand(&mut self, mode: Mode) -> Read<Operand> {
        let buffer = self.buffer()?;
        self.need("[")?;
        // The strides are the last term, in parentheses: `N - 1 + (D, 1)`.
        let rest = self.rest();
        let end = rest.find(")]").ok_or("`)]`")?;
        let start = rest[..end].rfind(" + (").ok_or("` + (`")?;
        let first = Words::of(&rest[..start]).index()?;
        self.go_on(&rest[start + 4..]);
        let strides = self.list(")", Self::size)?;
        self.need("]")?;
        Ok(Operand { buffer, layout: Layout { first, strides }, mode })
    }

    fn affine(&mut self) -> Read<Sum> {
        let sign = if self.eat("-") { -1 } else { 1 };
        let mut sum = self.affine_product()?.times(&Sum::of(Dim::constant(sign)))?;
        loop {
            let sign = match () {
                () if self.rest().starts_with(" + (") && self.rest().ends_with(")]") => return Ok(sum),
                () if self.eat(" + ") => 1,
                () if self.eat(" - ") => -1,
                () => return Ok(sum),
            };
            let term = self.affine_product()?.times(&Sum::of(Dim::constant(sign)))?;
            sum.add(term);
        }
    }

    fn affine_product(&mut self) -> Read<Sum> {
        let mut product = self.affine_factor()?;
        while self.eat("*") {
            product = product.times(&self.affine_factor()?)?;
        }
        Ok(product)
    }

    fn affine_factor(&mut self) -> Read<Sum> {
        if self.eat("(") {
            let inner = self.affine()?;
            self.need(")")?;
            if !self.eat("/(") {
                return Ok(inner);
            }
            let divisor = self.size()?;
            self.need(")")?;
            return inner.offset.div(&divisor).map(Sum::of).ok_or("a quotient that may be exact".into());
        }
        if let Some(axis) = self.id('i') {
            return Ok(Sum { axes: [(AxisId(axis), Dim::ONE)].into(), ..Sum::of(Dim::ZERO) });
        }
        if let Some(value) = self.id('v') {
            return Ok(Sum { picks: [(ValueId(value), Dim::ONE)].into(), ..Sum::of(Dim::ZERO) });
        }
        match self.word() {
            "" => Err("a size or an axis".into()),
            word => Ok(Sum::of(word.parse().map_or_else(|_| Dim::name(word), Dim::constant))),
        }
    }
}

/// A sum of sizes, axes and values.
struct Sum {
    offset: Dim,
    axes: BTreeMap<AxisId, Dim>,
    picks: BTreeMap<ValueId, Dim>,
}

impl Sum {
    fn of(offset: Dim) -> Self {
        Self { offset, axes: BTreeMap::new(), picks: BTreeMap::new() }
    }

    fn is_size(&self) -> bool {
        self.axes.is_empty() && self.picks.is_empty()
    }

    fn add(&mut self, other: Self) {
        fn add<K: Ord>(terms: &mut BTreeMap<K, Dim>, more: BTreeMap<K, Dim>) {
            for (key, stride) in more {
                let before = terms.remove(&key).unwrap_or(Dim::ZERO);
                terms.insert(key, sure(before.add(&stride)));
            }
        }
        self.offset = sure(self.offset.add(&other.offset));
        add(&mut self.axes, other.axes);
        add(&mut self.picks, other.picks);
    }

    fn times(self, other: &Self) -> Read<Self> {
        fn times<K: Ord + Copy>(terms: &BTreeMap<K, Dim>, factor: &Dim) -> BTreeMap<K, Dim> {
            terms.iter().map(|(key, stride)| (*key, sure(stride.mul(factor)))).collect()
        }
        let (sum, factor) = match (self.is_size(), other.is_size()) {
            (_, true) => (&self, &other.offset),
            (true, false) => (other, &self.offset),
            (false, false) => return Err("a product with one axis or value".into()),
        };
        let offset = sure(sum.offset.mul(factor));
        Ok(Self { offset, axes: times(&sum.axes, factor), picks: times(&sum.picks, factor) })
    }
}

/// `b1 best [N] of indices: result 1`
fn buffer(words: &mut Words, program: &mut Program) -> Read<()> {
    let id = words.need_id('b')? as usize;
    words.need(" ")?;
    let name = words.word().into();
    words.need(" [")?;
    let shape = words.list("]", Words::size)?.into();
    let elem = match () {
        () if words.eat(" of truths") => Elem::Bool,
        () if words.eat(" of indices") => Elem::Index,
        () => Elem::Real,
    };
    words.need(": ")?;
    let number = |words: &mut Words| words.word().parse().map_err(|_| "a number".to_owned());
    let storage = match () {
        () if words.eat("target of result ") => Storage::Target(number(words)?),
        () if words.eat("result ") => Storage::Result(number(words)?),
        () if words.eat("temporary s") => {
            Storage::Temporary(Some(SlotId(u32::try_from(number(words)?).map_err(|_| "a slot")?)))
        }
        () if words.eat("temporary") => Storage::Temporary(None),
        () => {
            let word = words.word();
            let kind = LeafKind::ALL.into_iter().find(|kind| format!("{kind:?}").to_lowercase() == word);
            Storage::Leaf(kind.ok_or("where the buffer lives")?)
        }
    };
    let width = if words.eat(" of packs") { Width::Pack } else { Width::Number };
    let depth = if words.eat(" in levels") { Depth::Levels } else { Depth::Single };
    reserve(program, id);
    program.buffers[id] = Buffer { name, elem, shape, storage, cell: Cell { width, depth } };
    Ok(())
}

/// Makes room for a buffer, with empty ones before it.
fn reserve(program: &mut Program, id: usize) {
    while program.buffers.len() <= id {
        let storage = Storage::Temporary(None);
        let (name, shape) = ("t".into(), Vec::new().into());
        program.buffers.push(Buffer { name, elem: Elem::Real, shape, storage, cell: Cell::default() });
    }
}

/// `v3 = sum v2, for i0 in 0..N in lanes`
fn header(words: &mut Words) -> Read<Loop> {
    let mut inner = Loop {
        axis: AxisId(0),
        extent: Extent::Dim(Dim::ZERO),
        run: Run::default(),
        direction: Direction::default(),
        carries: Vec::new(),
        body: Block::default(),
        reductions: Vec::new(),
        sums: Vec::new(),
        ahead: Vec::new(),
        unless_zero: None,
        short: None,
    };
    while !words.eat("for ") {
        part_of_header(words, &mut inner)?;
        words.need(", ")?;
    }
    inner.axis = AxisId(words.need_id('i')?);
    words.need(" in 0..")?;
    inner.extent = match words.id('v') {
        Some(turns) => Extent::Value(ValueId(turns)),
        None => Extent::Dim(words.size()?),
    };
    if words.eat(" backwards") {
        inner.direction = Direction::Backwards;
    }
    inner.run = match () {
        () if words.eat(" in lanes, by rows") => Run::Rows,
        () if words.eat(" in lanes") => Run::Lanes,
        () => Run::Single,
    };
    Ok(inner)
}

fn part_of_header(words: &mut Words, inner: &mut Loop) -> Read<()> {
    if words.eat("sums ") {
        let levels = words.buffer()?;
        words.need(" of ")?;
        let (buffer, first) = element(words)?;
        inner.sums.push(Sums { buffer, levels, first });
        return Ok(());
    }
    if words.eat("asks for ") {
        inner.ahead.push(element(words)?);
        return Ok(());
    }
    if words.eat("unless ") {
        inner.unless_zero = Some(words.value()?);
        return words.need(" is 0");
    }
    let value = words.value()?;
    if words.eat(" from ") {
        let initial = words.value()?;
        words.need(" becomes ")?;
        inner.carries.push(Carry { value, initial, next: words.value()? });
        return Ok(());
    }
    words.need(" = ")?;
    let name = words.word();
    let position = [Extreme::Max, Extreme::Min].into_iter().find(|extreme| extreme.name() == name);
    let kind = position.map(ReductionKind::Position).or_else(|| reduce_kind(name).map(ReductionKind::Reduce));
    words.need(" ")?;
    inner.reductions.push(Reduction { result: value, kind: kind.ok_or("a reduction")?, value: words.value()? });
    Ok(())
}

/// `b4[D*i0 + i1]`
fn element(words: &mut Words) -> Read<(BufferId, Index)> {
    let buffer = words.buffer()?;
    words.need("[")?;
    let index = words.index()?;
    words.need("]")?;
    Ok((buffer, index))
}

/// A statement that is no loop.
fn plain(words: &mut Words) -> Read<Stmt> {
    if let Some(call) = routine::parse(words.rest()) {
        words.go_on("");
        return Ok(Stmt::Call(call));
    }
    if let Some(value) = words.id('v') {
        words.need(" = ")?;
        return expr(words).map(|expr| Stmt::Let(ValueId(value), expr));
    }
    if let Some((buffer, rest)) = words.rest().split_once("[..] = ") {
        words.go_on(rest);
        let buffer = Words::of(buffer).buffer()?;
        return Ok(Stmt::Fill { buffer, value: words.real().ok_or("a number")? });
    }
    let (buffer, index) = element(words)?;
    words.need(" ")?;
    if words.eat("= ") {
        return Ok(Stmt::Store { buffer, index, value: words.value()? });
    }
    let kind = reduce_kind(words.word()).ok_or("a way to combine numbers")?;
    words.need("= ")?;
    Ok(Stmt::Accumulate { buffer, index, kind, value: words.value()?, guard: guard(words)? })
}

/// ` where 0 <= i0 - 1 < N and 0 <= i1 < D`, or nothing.
fn guard(words: &mut Words) -> Read<Guard> {
    let mut within = Vec::new();
    while words.eat(if within.is_empty() { " where 0 <= " } else { " and 0 <= " }) {
        let index = words.index()?;
        words.need(" < ")?;
        within.push(Within { index, extent: words.size()? });
    }
    Ok(Guard(within))
}

fn expr(words: &mut Words) -> Read<Expr> {
    if words.rest().starts_with('b') && words.rest().contains('[') {
        let (buffer, index) = element(words)?;
        return Ok(Expr::Load(buffer, index, guard(words)?));
    }
    if words.eat("keep ") {
        return Ok(Expr::Keep(words.value()?, guard(words)?));
    }
    if words.eat("extent ") {
        return words.size().map(Expr::Extent);
    }
    if words.eat("position ") {
        return words.index().map(Expr::Position);
    }
    for (text, value) in [("true", 1.0), ("false", 0.0)] {
        if words.rest() == text {
            words.go_on("");
            return Ok(Expr::Literal(Literal { bits: f64::to_bits(value), elem: Elem::Bool }));
        }
    }
    if let Some(number) = words.rest().strip_prefix("index ").and_then(|number| number.parse::<f64>().ok()) {
        words.go_on("");
        return Ok(Expr::Literal(Literal { bits: number.to_bits(), elem: Elem::Index }));
    }
    if let Some(number) = words.real() {
        return Ok(Expr::Literal(Literal::real(number)));
    }
    let name = words.word();
    let mut operands = Vec::new();
    while words.eat(" ") {
        operands.push(words.value()?);
    }
    let lower = |what: &dyn std::fmt::Debug| format!("{what:?}").to_lowercase();
    let compare = [Compare::Lt, Compare::Le, Compare::Eq, Compare::Ne].into_iter().find(|kind| lower(kind) == name);
    let logic = [Logic::And, Logic::Or, Logic::Not].into_iter().find(|kind| lower(kind) == name);
    let cast = [Elem::Real, Elem::Bool, Elem::Index].into_iter().find(|elem| lower(elem) == name);
    let integer = Integer::ALL.into_iter().find(|op| op.name() == name);
    let function = Function::ALL.iter().copied().find(|function| function.name() == name);
    match (operands.as_slice(), compare, logic, cast, function) {
        ([condition, yes, no], ..) if name == "select" => Ok(Expr::Select(*condition, *yes, *no)),
        ([a, b], ..) if integer.is_some() => Ok(Expr::Integer(integer.expect("checked"), *a, *b)),
        ([a, b], Some(kind), ..) => Ok(Expr::Compare(kind, *a, *b)),
        (_, _, Some(logic), ..) => Ok(Expr::Logic(logic, operands)),
        ([operand], _, _, Some(elem), _) => Ok(Expr::Cast(elem, *operand)),
        (_, _, _, _, Some(function)) => Ok(Expr::Map(function, operands)),
        _ => Err("an operation".into()),
    }
}

fn reduce_kind(name: &str) -> Option<ReduceKind> {
    ReduceKind::ALL.into_iter().find(|kind| kind.name() == name)
}

/// A call as [`plain_text`](routine::plain_text) prints it.
pub(crate) fn plain_call(routine: &'static dyn routine::Routine, text: &str) -> Option<Call> {
    let mut words = Words::of(text.strip_prefix(routine.name())?.strip_prefix(" over [")?);
    let extents = words.list("]", Words::size).ok()?;
    words.need(": ").ok()?;
    let (mut operands, mut scalars) = (Vec::new(), Vec::new());
    loop {
        let modes = [("reads ", Mode::Read), ("writes ", Mode::Write), ("adds to ", Mode::Add(ReduceKind::Sum))];
        if let Some((_, mode)) = modes.into_iter().find(|(verb, _)| words.eat(verb)) {
            operands.push(words.operand(mode).ok()?);
        } else {
            words.need("with ").ok()?;
            scalars.push(words.value().ok()?);
        }
        if words.rest().is_empty() {
            return Some(Call { routine, operands, scalars, extents });
        }
        words.need(", ").ok()?;
    }
}

/// Fills in what follows from the statements: the buffers that are in no list, what values are, how many axes there are,
/// the slots.
fn complete(program: &mut Program) {
    let (mut values, mut axes, mut buffers) = (0, 0, 0);
    visit(&program.body, &mut |stmt| {
        stmt.accesses(&mut |access| buffers = buffers.max(access.buffer.index() + 1));
        stmt.defines(&mut |value| values = values.max(value.index() + 1));
        if let Some(inner) = stmt.as_loop() {
            inner.binds(&mut |value| values = values.max(value.index() + 1));
            axes = axes.max(inner.axis.0 + 1);
        }
    });
    if buffers > 0 {
        reserve(program, buffers - 1);
    }
    program.axes = axes;
    program.values = vec![Value { elem: Elem::Real, name: None }; values];
    let body = std::mem::take(&mut program.body);
    elems(&body, program);
    program.body = body;
    for buffer in &program.buffers {
        let Storage::Temporary(Some(slot)) = buffer.storage else { continue };
        while program.slots.len() <= slot.index() {
            program.slots.push(Slot { elem: buffer.elem, lengths: Vec::new() });
        }
        let count = sure(Dim::volume(&buffer.shape));
        program.slots[slot.index()].lengths.push(Length { count, cell: buffer.cell, up_to: None });
    }
}

/// Finds what values are, from those that they are made of.
fn elems(stmts: &[Stmt], program: &mut Program) {
    for stmt in stmts {
        let of = |value: &ValueId| program.values[value.index()].elem;
        if let Stmt::Let(value, expr) = stmt {
            program.values[value.index()].elem = match expr {
                Expr::Literal(literal) => literal.elem,
                Expr::Extent(_) | Expr::Position(_) | Expr::Integer(..) => Elem::Index,
                Expr::Load(buffer, ..) => program.buffers[buffer.index()].elem,
                Expr::Map(..) => Elem::Real,
                Expr::Compare(..) | Expr::Logic(..) => Elem::Bool,
                Expr::Select(_, yes, _) | Expr::Keep(yes, _) => of(yes),
                Expr::Cast(elem, _) => *elem,
            };
        }
        if let Some(inner) = stmt.as_loop() {
            for carry in &inner.carries {
                program.values[carry.value.index()].elem = program.values[carry.initial.index()].elem;
            }
            elems(&inner.body, program);
            for Reduction { result, kind, value } in &inner.reductions {
                program.values[result.index()].elem = match kind {
                    ReductionKind::Reduce(_) => program.values[value.index()].elem,
                    ReductionKind::Position(_) => Elem::Index,
                };
            }
        }
    }
}
