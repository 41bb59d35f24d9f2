//! Memory that is written again: temporaries in the place of what follows from them, new values in that of old ones.
//!
//! Steps write new values where the old ones lie, if every old value has been read by then.
//!
//! ```text
//! next_w[i] = w[i] - g[i]      w[i] = w[i] - g[i]
//! ```
//!
//! A new value may be written to its target's own memory if each element of the target is read before it is written:
//! by an earlier statement, or in the same turn of the same loop at the same place. Statements that write new values
//! go to the end where that helps and nothing in between needs them. What cannot be written in place (`x := flip(x)`,
//! or a swap whose halves run in different loops) is computed beside it, and handed over.

use std::collections::{BTreeMap, BTreeSet};

use crate::loops::program::{
    AxisId, BufferId, Expr, Index, LeafKind, NO_SLOT, Program, ProgramResult, Stmt, Storage, ValueId,
};
use crate::loops::visit::visit;
use crate::schedule::analysis::order::Order;
use crate::schedule::passes::tidy::remove_dead;

/// Lets a temporary live where another array of its shape is written, if each of its elements is read for the last time
/// before that element is written there: the exponentials of a softmax lie where their shares will.
pub(crate) fn reuse_memory(program: &mut Program) {
    let mut pairs = Vec::new();
    meetings(&program.body, &mut pairs);
    let mut spans = Spans::of(&program.body);
    for (temporary, later) in pairs {
        let [old, new] = [temporary, later].map(|buffer| &program.buffers[buffer.index()]);
        let may_move = matches!(old.storage, Storage::Temporary(_))
            && matches!(new.storage, Storage::Temporary(_) | Storage::Result(_))
            && (old.elem, &old.shape) == (new.elem, &new.shape);
        if may_move && temporary != later && spans.reads_come_first(&program.body, temporary, later) {
            spans.join(&mut program.body, temporary, later);
        }
    }
}

/// Which of the top-level statements is the last to read each buffer, and which is the first to write it.
struct Spans {
    last_read: BTreeMap<BufferId, usize>,
    first_write: BTreeMap<BufferId, usize>,
}

impl Spans {
    fn of(body: &[Stmt]) -> Self {
        let mut spans = Self { last_read: BTreeMap::new(), first_write: BTreeMap::new() };
        for (place, stmt) in body.iter().enumerate() {
            let effects = effects(std::slice::from_ref(stmt));
            spans.last_read.extend(effects.reads.into_iter().map(|buffer| (buffer, place)));
            for buffer in effects.writes {
                spans.first_write.entry(buffer).or_insert(place);
            }
        }
        spans
    }

    /// [`reads_come_first`], which then is a question of one statement at most.
    fn reads_come_first(&self, body: &[Stmt], from: BufferId, to: BufferId) -> bool {
        match (self.last_read.get(&from), self.first_write.get(&to)) {
            (Some(read), Some(write)) if read > write => false,
            (Some(read), Some(write)) if read == write => reads_come_first(&body[*read..=*read], from, to),
            _ => true,
        }
    }

    /// Lets one buffer live where another does, in the statements that touch it.
    fn join(&mut self, body: &mut [Stmt], from: BufferId, to: BufferId) {
        let (Some(read), Some(write)) = (self.last_read.remove(&from), self.first_write.remove(&from)) else { return };
        rename(&mut body[write..=read], from, to);
        read_instead(&mut body[write..=read], from, to);
        if let Stmt::Loop(inner) = &mut body[read] {
            remove_copies(&mut inner.body, to);
        }
        let last = self.last_read.entry(to).or_insert(read);
        *last = read.max(*last);
        let first = self.first_write.entry(to).or_insert(write);
        *first = write.min(*first);
    }
}

/// Pairs of an array that is read and one that is written at the same place of the same turn.
fn meetings(body: &[Stmt], pairs: &mut Vec<(BufferId, BufferId)>) {
    let mut read: Vec<(BufferId, &Index)> = Vec::new();
    for stmt in body {
        match stmt {
            Stmt::Let(_, Expr::Load(buffer, index)) => read.push((*buffer, index)),
            Stmt::Store { buffer, index, .. } => {
                pairs.extend(read.iter().filter(|(_, other)| *other == index).map(|(other, _)| (*other, *buffer)));
            }
            Stmt::Loop(inner) => meetings(&inner.body, pairs),
            _ => {}
        }
    }
}

fn read_instead(body: &mut [Stmt], from: BufferId, to: BufferId) {
    for stmt in body {
        match stmt {
            Stmt::Let(_, Expr::Load(buffer, _)) if *buffer == from => *buffer = to,
            Stmt::Contract(product) => {
                for side in [&mut product.left, &mut product.right] {
                    if side.buffer == from {
                        side.buffer = to;
                    }
                }
            }
            Stmt::Loop(inner) => read_instead(&mut inner.body, from, to),
            _ => {}
        }
    }
}

/// Lets the results of a step, the first of which are the new values of `targets`, live in their targets' memory.
pub(crate) fn update_in_place(program: &mut Program, targets: &[&str]) {
    if targets.is_empty() {
        return;
    }
    let mut order = Order::of(std::mem::take(&mut program.body));
    let mut leaves = BTreeMap::new();
    for (id, buffer) in (0..).map(BufferId).zip(&program.buffers) {
        if matches!(buffer.storage, Storage::Leaf(LeafKind::Param | LeafKind::State)) {
            leaves.entry(buffer.name.to_string()).or_insert(id);
        }
    }
    for (place, target) in targets.iter().enumerate() {
        let Some(ProgramResult::Buffer(new)) = program.results.get(place).cloned() else { continue };
        if program.buffers[new.index()].storage != Storage::Result(place) || order.is_read(new) {
            continue;
        }
        match leaves.get(*target) {
            None => {
                program.buffers[new.index()].name = (*target).into();
                program.buffers[new.index()].storage = Storage::Target(place);
            }
            Some(&old) if merge(&mut order, new, old) => {
                program.results[place] = ProgramResult::Buffer(old);
                program.buffers[old.index()].storage = Storage::Target(place);
                program.buffers[new.index()].storage = Storage::Temporary(NO_SLOT);
                leaves.remove(*target);
            }
            Some(_) => {}
        }
    }
    program.body = order.into_body();
    remove_dead(program);
}

/// Writes to `old` what would be written to `new`, if that is the same.
fn merge(order: &mut Order, new: BufferId, old: BufferId) -> bool {
    let writers = order.writers(new);
    if !come_first(order.touching(old, new), old, new) {
        // With the writes at the end?
        let (last, first): (Vec<_>, Vec<_>) = order.touching(old, new).partition(|(place, _)| writers.contains(place));
        let moved = first.into_iter().chain(last).enumerate().map(|(place, (_, stmt))| (place, stmt));
        if !order.may_go_last(&writers) || !come_first(moved, old, new) {
            return false;
        }
        for place in writers {
            if let Some(stmt) = order.remove(place) {
                order.push(stmt);
            }
        }
    }
    let touching: Vec<usize> = order.touching(old, new).map(|(place, _)| place).collect();
    let mut loaded = BTreeMap::new();
    for place in touching {
        let Some(stmt) = order.remove(place) else { continue };
        let mut body = vec![stmt];
        rename(&mut body, new, old);
        remove_known_copies(&mut body, old, &mut loaded);
        for stmt in body {
            order.insert(place, stmt);
        }
    }
    true
}

/// One access to a buffer.
struct Access {
    /// Its place in the text of the program.
    place: usize,
    /// The top-level statement that it is in.
    stmt: usize,
    /// The loops around it.
    loops: Vec<AxisId>,
    /// Which element; `None` for all of them.
    index: Option<Index>,
}

/// Whether every element of `from` is read for the last time before that element of `to` is written for the first time.
fn reads_come_first(body: &[Stmt], from: BufferId, to: BufferId) -> bool {
    come_first(body.iter().enumerate(), from, to)
}

/// The same for top-level statements at their places; those that touch neither buffer may be left out.
pub(crate) fn come_first<'a>(body: impl Iterator<Item = (usize, &'a Stmt)>, from: BufferId, to: BufferId) -> bool {
    let (mut reads, mut writes) = (Vec::new(), Vec::new());
    let mut place = 0;
    for (stmt, statement) in body {
        let mut walk = Walk { from, to, stmt, place: &mut place, loops: Vec::new(), loaded: BTreeMap::new() };
        walk.block(std::slice::from_ref(statement), &mut reads, &mut writes);
    }
    reads.iter().all(|read| writes.iter().all(|write| read.stmt < write.stmt || is_same_turn(read, write)))
}

/// Whether the write follows in the turn that reads, and no other turn touches the element.
fn is_same_turn(read: &Access, write: &Access) -> bool {
    let shared = read.loops.iter().zip(&write.loops).take_while(|(a, b)| a == b).map(|(axis, _)| *axis);
    read.stmt == write.stmt
        && read.place < write.place
        && read.index == write.index
        && read.index.as_ref().is_some_and(|index| shared.into_iter().all(|axis| index.stride(axis).is_some()))
}

/// Collects the accesses of one top-level statement.
struct Walk<'a> {
    from: BufferId,
    to: BufferId,
    stmt: usize,
    place: &'a mut usize,
    loops: Vec<AxisId>,
    /// The values that are elements of `from`.
    loaded: BTreeMap<ValueId, Index>,
}

impl Walk<'_> {
    fn block(&mut self, body: &[Stmt], reads: &mut Vec<Access>, writes: &mut Vec<Access>) {
        for stmt in body {
            *self.place += 1;
            match stmt {
                Stmt::Let(value, Expr::Load(buffer, index)) if *buffer == self.from => {
                    reads.push(self.access(Some(index)));
                    self.loaded.insert(*value, index.clone());
                }
                // What is written is what is there.
                Stmt::Store { buffer, index, value } if *buffer == self.to && self.loaded.get(value) == Some(index) => {
                }
                Stmt::Store { buffer, index, .. } | Stmt::Accumulate { buffer, index, .. } if *buffer == self.to => {
                    writes.push(self.access(Some(index)));
                }
                Stmt::Fill { buffer, .. } if *buffer == self.to => writes.push(self.access(None)),
                Stmt::Contract(product) => {
                    if [product.left.buffer, product.right.buffer].contains(&self.from) {
                        reads.push(self.access(None));
                    }
                    if product.out == self.to {
                        writes.push(self.access(None));
                    }
                }
                Stmt::Loop(inner) => {
                    self.loops.push(inner.axis);
                    self.block(&inner.body, reads, writes);
                    self.loops.pop();
                }
                Stmt::Let(..) | Stmt::Store { .. } | Stmt::Accumulate { .. } | Stmt::Fill { .. } => {}
            }
        }
    }

    fn access(&self, index: Option<&Index>) -> Access {
        Access { place: *self.place, stmt: self.stmt, loops: self.loops.clone(), index: index.cloned() }
    }
}

/// What statements do to memory and values.
#[derive(Default)]
pub(crate) struct Effects {
    pub(crate) reads: BTreeSet<BufferId>,
    pub(crate) writes: BTreeSet<BufferId>,
    pub(crate) defines: BTreeSet<ValueId>,
    pub(crate) uses: BTreeSet<ValueId>,
}

pub(crate) fn effects(body: &[Stmt]) -> Effects {
    let mut effects = Effects::default();
    visit(body, &mut |stmt| match stmt {
        Stmt::Let(value, expr) => {
            if let Expr::Load(buffer, _) = expr {
                effects.reads.insert(*buffer);
            }
            effects.uses.extend(expr.operands());
            effects.defines.insert(*value);
        }
        Stmt::Store { buffer, value, .. } | Stmt::Accumulate { buffer, value, .. } => {
            effects.writes.insert(*buffer);
            effects.uses.insert(*value);
        }
        Stmt::Fill { buffer, .. } => {
            effects.writes.insert(*buffer);
        }
        Stmt::Contract(product) => {
            effects.reads.extend([product.left.buffer, product.right.buffer]);
            effects.writes.insert(product.out);
            effects.uses.extend(product.scale);
        }
        Stmt::Loop(inner) => {
            effects.defines.extend(inner.reductions.iter().map(|reduction| reduction.result));
            effects.uses.extend(inner.reductions.iter().map(|reduction| reduction.value));
        }
    });
    effects
}

fn rename(body: &mut [Stmt], from: BufferId, to: BufferId) {
    for stmt in body {
        match stmt {
            Stmt::Store { buffer, .. } | Stmt::Accumulate { buffer, .. } | Stmt::Fill { buffer, .. }
                if *buffer == from =>
            {
                *buffer = to;
            }
            Stmt::Contract(product) if product.out == from => product.out = to,
            Stmt::Loop(inner) => rename(&mut inner.body, from, to),
            Stmt::Let(..) | Stmt::Store { .. } | Stmt::Accumulate { .. } | Stmt::Fill { .. } | Stmt::Contract(_) => {}
        }
    }
}

/// Removes stores of elements to where they were loaded from.
fn remove_copies(body: &mut Vec<Stmt>, target: BufferId) {
    remove_known_copies(body, target, &mut BTreeMap::new());
}

/// The same, where some elements have been loaded before.
fn remove_known_copies(body: &mut Vec<Stmt>, target: BufferId, loaded: &mut BTreeMap<ValueId, Index>) {
    body.retain_mut(|stmt| match stmt {
        Stmt::Let(value, Expr::Load(buffer, index)) if *buffer == target => {
            loaded.insert(*value, index.clone());
            true
        }
        Stmt::Store { buffer, index, value } if *buffer == target => loaded.get(value) != Some(index),
        Stmt::Loop(inner) => {
            remove_copies(&mut inner.body, target);
            true
        }
        _ => true,
    });
}
