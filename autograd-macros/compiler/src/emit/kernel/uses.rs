//! Use counts and captures: what may be folded into the one expression that uses it, and what a loop takes from
//! outside.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::Dim;
use crate::loops::program::{Along, AxisId, BufferId, Index, Loop, Program, ProgramResult, Stmt, ValueId};
use crate::loops::visit::{Access, Part, visit};

/// Where the one use of a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Nowhere,
    /// In the block of this number.
    Once(u32),
    Often,
}

/// How often each value is used, and whether in the block that defines it.
#[derive(Clone, Debug)]
pub(crate) struct Uses {
    places: Vec<Place>,
    defined: Vec<u32>,
}

impl Uses {
    pub(crate) fn of(program: &Program) -> Self {
        let count = program.values.len();
        let mut uses = Self { places: vec![Place::Nowhere; count], defined: vec![u32::MAX; count] };
        uses.block(&program.body, 0, &mut 0);
        for result in &program.results {
            if let ProgramResult::Scalar(value) = result {
                uses.note(*value, 0);
            }
        }
        uses
    }

    /// Whether the value may be written where it is used: once, and in the block that defines it.
    pub(crate) fn may_fold(&self, value: ValueId) -> bool {
        self.places[value.index()] == Place::Once(self.defined[value.index()])
    }

    /// Whether anything uses the value.
    pub(crate) fn is_used(&self, value: ValueId) -> bool {
        self.places[value.index()] != Place::Nowhere
    }

    fn note(&mut self, value: ValueId, block: u32) {
        let place = &mut self.places[value.index()];
        *place = if *place == Place::Nowhere { Place::Once(block) } else { Place::Often };
    }

    fn block(&mut self, stmts: &[Stmt], block: u32, blocks: &mut u32) {
        for stmt in stmts {
            if let Stmt::Let(value, _) = stmt {
                self.defined[value.index()] = block;
            }
            stmt.uses(&mut |value| self.note(value, block));
            if let Some(inner) = stmt.as_loop() {
                *blocks += 1;
                let own = *blocks;
                self.block(&inner.body, own, blocks);
                inner.hands_on(&mut |value| self.note(value, own));
            }
        }
    }
}

/// What statements take from outside and do to memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Captures {
    /// Values that are defined outside.
    pub(crate) values: BTreeSet<ValueId>,
    /// Buffers that are only read.
    pub(crate) read: BTreeSet<BufferId>,
    /// Buffers that are written, and maybe read.
    pub(crate) written: BTreeSet<BufferId>,
    /// The names of the dimensions that occur.
    pub(crate) dims: BTreeSet<String>,
}

impl Captures {
    /// `part` is the axis of a loop of which each part is told how many turns it makes.
    pub(crate) fn of_block(stmts: &[Stmt], part: Option<AxisId>) -> Self {
        let mut captures = Self { values: outer_values(stmts), ..Self::default() };
        visit(stmts, &mut |stmt| captures.stmt(stmt, part));
        let Self { read, written, .. } = &mut captures;
        read.retain(|buffer| !written.contains(buffer));
        captures
    }

    fn stmt(&mut self, stmt: &Stmt, part: Option<AxisId>) {
        stmt.accesses(&mut |access| {
            if access.mode.changes() {
                self.written.insert(access.buffer)
            } else {
                self.read.insert(access.buffer)
            };
        });
        let is_part = part.is_some() && stmt.as_loop().map(|inner| inner.axis) == part;
        if is_part {
            stmt.indices(&mut |index| index.dims(&mut |dim| self.dim(dim)));
        } else {
            stmt.dims(&mut |dim| self.dim(dim));
        }
    }

    fn dim(&mut self, dim: &Dim) {
        let dims = &mut self.dims;
        dim.for_each_name(&mut |name| {
            if !dims.contains(&**name) {
                dims.insert(name.to_string());
            }
        });
    }
}

/// The values that statements take from outside.
fn outer_values(stmts: &[Stmt]) -> BTreeSet<ValueId> {
    let mut values = Values::default();
    values.block(stmts);
    values.outer()
}

/// The values that a loop takes from outside.
pub(crate) fn outer_values_of(inner: &Loop) -> BTreeSet<ValueId> {
    let mut values = Values::default();
    values.enter(inner);
    values.outer()
}

/// The integers in the indices of a loop, and those of them that are also used otherwise.
pub(crate) fn picked_in(inner: &Loop) -> [BTreeSet<ValueId>; 2] {
    let (mut picked, mut besides) = (BTreeSet::new(), BTreeSet::new());
    visit(&inner.body, &mut |stmt| {
        let (mut used, mut in_indices) = (Vec::new(), Vec::new());
        stmt.uses(&mut |value| used.push(value));
        stmt.indices(&mut |index| in_indices.extend(index.picked()));
        for value in &in_indices {
            if let Some(place) = used.iter().position(|used| used == value) {
                used.swap_remove(place);
            }
        }
        picked.extend(in_indices);
        besides.extend(used);
    });
    inner.hands_on(&mut |value| {
        besides.insert(value);
    });
    let both = picked.intersection(&besides).copied().collect();
    [picked, both]
}

/// The values that statements use, and those that they define.
#[derive(Default)]
struct Values {
    used: BTreeSet<ValueId>,
    defined: Vec<ValueId>,
}

impl Values {
    fn enter(&mut self, inner: &Loop) {
        inner.binds(&mut |value| self.defined.push(value));
        self.block(&inner.body);
        inner.hands_on(&mut |value| {
            self.used.insert(value);
        });
    }

    fn block(&mut self, stmts: &[Stmt]) {
        for stmt in stmts {
            stmt.uses(&mut |value| {
                self.used.insert(value);
            });
            stmt.as_loop().into_iter().for_each(|inner| self.enter(inner));
            stmt.defines(&mut |value| self.defined.push(value));
        }
    }

    fn outer(self) -> BTreeSet<ValueId> {
        let Self { mut used, defined } = self;
        for value in &defined {
            used.remove(value);
        }
        used
    }
}

/// The part of a buffer that one turn of a loop touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Where it starts.
    pub(crate) first: Index,
    /// How long it is.
    pub(crate) length: Dim,
    /// Whether it is written.
    pub(crate) is_written: bool,
}

/// The rows of matrices that a loop goes along: in one turn, all that is touched of these buffers is the row that the loops
/// directly inside run over, from end to end.
pub(crate) fn rows(outer: &Loop) -> BTreeMap<BufferId, Row> {
    let mut rows = BTreeMap::new();
    for stmt in &outer.body {
        match stmt.as_loop() {
            Some(inner) => {
                note_rows(&inner.body, outer.axis, inner.extent.dim().map(|extent| (inner.axis, extent)), &mut rows);
            }
            None => note_rows(std::slice::from_ref(stmt), outer.axis, None, &mut rows),
        }
    }
    rows.into_iter().filter_map(|(buffer, row)| Some((buffer, row?))).collect()
}

/// Notes what statements in a loop along `along` touch; `None` is what is no row, or not always the same.
fn note_rows(stmts: &[Stmt], outer: AxisId, along: Option<(AxisId, &Dim)>, rows: &mut BTreeMap<BufferId, Option<Row>>) {
    for stmt in stmts {
        if let Some(inner) = stmt.as_loop() {
            note_rows(&inner.body, outer, None, rows);
            continue;
        }
        stmt.accesses(&mut |access| note_row(access, outer, along, rows));
    }
}

fn note_row(access: Access, outer: AxisId, along: Option<(AxisId, &Dim)>, rows: &mut BTreeMap<BufferId, Option<Row>>) {
    let (Part::Element(index), false) = (access.part, access.is_guarded) else {
        rows.insert(access.buffer, None);
        return;
    };
    let is_written = access.mode.changes();
    let row = along.and_then(|(axis, extent)| {
        let is_row = index.along(axis).steps().is_some_and(Dim::is_one) && index.along(outer) == Along::Steps(extent);
        let strides = index.strides.iter().filter(|(other, _)| *other != axis).cloned().collect();
        let first = Index::affine(index.offset.clone(), strides);
        is_row.then(|| Row { first, length: extent.clone(), is_written })
    });
    let noted = rows.entry(access.buffer).or_insert_with(|| row.clone());
    *noted = match (noted.take(), row) {
        (Some(a), Some(b)) if (&a.first, &a.length) == (&b.first, &b.length) => {
            Some(Row { is_written: a.is_written || b.is_written, ..a })
        }
        _ => None,
    };
}
