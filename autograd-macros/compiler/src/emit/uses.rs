//! Which values are used where: what may be folded into the one expression that uses it, and what a loop takes from
//! outside.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::Dim;
use crate::schedule::program::{AxisId, BufferId, Expr, Index, Loop, Program, ProgramResult, Stmt, ValueId};

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
pub(super) struct Uses {
    places: Vec<Place>,
    defined: Vec<u32>,
}

impl Uses {
    pub(super) fn of(program: &Program) -> Self {
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
    pub(super) fn may_fold(&self, value: ValueId) -> bool {
        self.places[value.index()] == Place::Once(self.defined[value.index()])
    }

    /// Whether anything uses the value.
    pub(super) fn is_used(&self, value: ValueId) -> bool {
        self.places[value.index()] != Place::Nowhere
    }

    fn note(&mut self, value: ValueId, block: u32) {
        let place = &mut self.places[value.index()];
        *place = if *place == Place::Nowhere { Place::Once(block) } else { Place::Often };
    }

    fn block(&mut self, stmts: &[Stmt], block: u32, blocks: &mut u32) {
        for stmt in stmts {
            match stmt {
                Stmt::Let(value, expr) => {
                    self.defined[value.index()] = block;
                    for operand in expr.operands() {
                        self.note(operand, block);
                    }
                }
                Stmt::Store { value, .. } | Stmt::Accumulate { value, .. } => self.note(*value, block),
                Stmt::Contract(product) => product.scale.iter().for_each(|scale| self.note(*scale, block)),
                Stmt::Fill { .. } => {}
                Stmt::Loop(inner) => {
                    *blocks += 1;
                    let own = *blocks;
                    self.block(&inner.body, own, blocks);
                    inner.reductions.iter().for_each(|reduction| self.note(reduction.value, own));
                    inner.carries.iter().for_each(|carry| self.note(carry.next, own));
                }
            }
        }
    }
}

/// What a loop takes from outside and does to memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Captures {
    /// Values that are defined outside.
    pub(super) values: BTreeSet<ValueId>,
    /// Buffers that are only read.
    pub(super) read: BTreeSet<BufferId>,
    /// Buffers that are written, and maybe read.
    pub(super) written: BTreeSet<BufferId>,
    /// The names of the dimensions that occur.
    pub(super) dims: BTreeSet<String>,
    inside: BTreeSet<ValueId>,
}

impl Captures {
    pub(super) fn of(outer: &Loop) -> Self {
        let mut captures = Self::default();
        captures.enter(outer);
        captures.finish()
    }

    /// The same of statements in a row.
    pub(super) fn of_block(stmts: &[Stmt]) -> Self {
        let mut captures = Self::default();
        captures.block(stmts);
        captures.finish()
    }

    fn finish(self) -> Self {
        let mut captures = self;
        let inside = std::mem::take(&mut captures.inside);
        captures.values.retain(|value| !inside.contains(value));
        captures.read.retain(|buffer| !captures.written.contains(buffer));
        captures
    }

    fn enter(&mut self, inner: &Loop) {
        self.dim(&inner.extent);
        for sums in &inner.sums {
            self.written.extend([sums.buffer, sums.levels]);
            self.index(&sums.first);
        }
        for carry in &inner.carries {
            self.inside.insert(carry.value);
            self.values.insert(carry.next);
        }
        self.block(&inner.body);
        for reduction in &inner.reductions {
            self.values.insert(reduction.value);
            self.inside.insert(reduction.result);
        }
    }

    fn block(&mut self, stmts: &[Stmt]) {
        for stmt in stmts {
            match stmt {
                Stmt::Let(value, expr) => {
                    self.inside.insert(*value);
                    self.values.extend(expr.operands());
                    match expr {
                        Expr::Load(buffer, index) => {
                            self.read.insert(*buffer);
                            self.index(index);
                        }
                        Expr::Extent(dim) => self.dim(dim),
                        Expr::Position(index) => self.index(index),
                        _ => {}
                    }
                }
                Stmt::Store { buffer, index, value } | Stmt::Accumulate { buffer, index, value, .. } => {
                    self.written.insert(*buffer);
                    self.values.insert(*value);
                    self.index(index);
                }
                Stmt::Fill { buffer, .. } => {
                    self.written.insert(*buffer);
                }
                Stmt::Contract(_) => {}
                Stmt::Loop(inner) => self.enter(inner),
            }
        }
    }

    fn index(&mut self, index: &Index) {
        self.dim(&index.offset);
        index.strides.iter().for_each(|(_, stride)| self.dim(stride));
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

/// The part of a buffer that one turn of a loop touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Where it starts.
    pub(super) first: Index,
    /// How long it is.
    pub(super) length: Dim,
    /// Whether it is written.
    pub(super) is_written: bool,
}

/// The rows of matrices that a loop goes along: in one turn, all that is touched of these buffers is the row that the loops
/// directly inside run over, from end to end.
pub(super) fn rows(outer: &Loop) -> BTreeMap<BufferId, Row> {
    let mut rows = BTreeMap::new();
    for stmt in &outer.body {
        match stmt {
            Stmt::Loop(inner) => note_rows(&inner.body, outer.axis, Some((inner.axis, &inner.extent)), &mut rows),
            stmt => note_rows(std::slice::from_ref(stmt), outer.axis, None, &mut rows),
        }
    }
    rows.into_iter().filter_map(|(buffer, row)| Some((buffer, row?))).collect()
}

/// Notes what statements in a loop along `along` touch; `None` is what is no row, or not always the same.
fn note_rows(stmts: &[Stmt], outer: AxisId, along: Option<(AxisId, &Dim)>, rows: &mut BTreeMap<BufferId, Option<Row>>) {
    for stmt in stmts {
        let (buffer, index, is_written) = match stmt {
            Stmt::Let(_, Expr::Load(buffer, index)) => (buffer, index, false),
            Stmt::Store { buffer, index, .. } | Stmt::Accumulate { buffer, index, .. } => (buffer, index, true),
            Stmt::Fill { buffer, .. } => {
                rows.insert(*buffer, None);
                continue;
            }
            Stmt::Loop(inner) => {
                note_rows(&inner.body, outer, None, rows);
                continue;
            }
            Stmt::Let(..) | Stmt::Contract(_) => continue,
        };
        let row = along.and_then(|(axis, extent)| {
            let is_row = index.stride(axis).is_some_and(Dim::is_one) && index.stride(outer) == Some(extent);
            let strides = index.strides.iter().filter(|(other, _)| *other != axis).cloned().collect();
            let first = Index { offset: index.offset.clone(), strides };
            is_row.then(|| Row { first, length: extent.clone(), is_written })
        });
        let noted = rows.entry(*buffer).or_insert_with(|| row.clone());
        *noted = match (noted.take(), row) {
            (Some(a), Some(b)) if (&a.first, &a.length) == (&b.first, &b.length) => {
                Some(Row { is_written: a.is_written || b.is_written, ..a })
            }
            _ => None,
        };
    }
}
