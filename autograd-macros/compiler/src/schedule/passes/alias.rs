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

use std::collections::BTreeMap;

use crate::loops::dependence::reads_come_first;
use crate::loops::program::{Block, BufferId, Index, LeafKind, Program, ProgramResult, Stmt, Storage, ValueId};
use crate::loops::visit::{Mode, Part, effects, map_buffers};
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
            (Some(read), Some(write)) if read == write => reads_come_first(body[*read..=*read].iter(), from, to),
            _ => true,
        }
    }

    /// Lets one buffer live where another does, in the statements that touch it.
    fn join(&mut self, body: &mut [Stmt], from: BufferId, to: BufferId) {
        let (Some(read), Some(write)) = (self.last_read.remove(&from), self.first_write.remove(&from)) else { return };
        map_buffers(&mut body[write..=read], &mut |buffer, _| {
            if *buffer == from {
                *buffer = to;
            }
        });
        if let Some(inner) = body[read].as_loop_mut() {
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
        stmt.accesses(&mut |access| match (access.part, access.mode) {
            (Part::Element(index), Mode::Read) => read.push((access.buffer, index)),
            (Part::Element(index), Mode::Write) => {
                let same = read.iter().filter(|(_, other)| *other == index);
                pairs.extend(same.map(|(other, _)| (*other, access.buffer)));
            }
            (Part::Element(_), Mode::Add(_)) | (Part::Many, _) => {}
        });
        if let Some(inner) = stmt.as_loop() {
            meetings(&inner.body, pairs);
        }
    }
}

/// Lets the results of a step, the first of which are the new values of its targets, live in their targets' memory.
pub(crate) fn update_in_place(program: &mut Program) {
    let targets = program.targets.clone();
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
        match leaves.get(&**target) {
            None if !commits_early(&order, new) => {
                program.buffers[new.index()].name = target.clone();
                program.buffers[new.index()].storage = Storage::Target(place);
            }
            Some(&old) if merge(&mut order, new, old) => {
                program.results[place] = ProgramResult::Buffer(old);
                program.buffers[old.index()].storage = Storage::Target(place);
                program.buffers[new.index()].storage = Storage::Temporary(None);
                leaves.remove(&**target);
            }
            None | Some(_) => {}
        }
    }
    program.body = order.into_body();
    remove_dead(program);
}

/// Whether a new value is written before the last statement that may fail. Written in place, it would be there although the
/// step failed.
fn commits_early(order: &Order, new: BufferId) -> bool {
    order.writers(new).first().zip(order.may_fail().last()).is_some_and(|(first, last)| first <= last)
}

/// Writes to `old` what would be written to `new`, if that is the same.
fn merge(order: &mut Order, new: BufferId, old: BufferId) -> bool {
    let writers = order.writers(new);
    if commits_early(order, new) || !reads_come_first(order.touching(old, new).map(|(_, stmt)| stmt), old, new) {
        // With the writes at the end?
        let (last, first): (Vec<_>, Vec<_>) = order.touching(old, new).partition(|(place, _)| writers.contains(place));
        let moved = first.into_iter().chain(last).map(|(_, stmt)| stmt);
        if !writers.is_disjoint(order.may_fail()) || !order.may_go_last(&writers) || !reads_come_first(moved, old, new)
        {
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
        let mut body = Block::from(vec![stmt]);
        write_instead(&mut body, new, old);
        remove_known_copies(&mut body, old, &mut loaded);
        for stmt in body {
            order.insert(place, stmt);
        }
    }
    true
}

/// Lets what is written to one buffer be written to another.
fn write_instead(body: &mut [Stmt], from: BufferId, to: BufferId) {
    map_buffers(body, &mut |buffer, mode| {
        if mode.changes() && *buffer == from {
            *buffer = to;
        }
    });
}

/// Removes stores of elements to where they were loaded from.
fn remove_copies(body: &mut Block, target: BufferId) {
    remove_known_copies(body, target, &mut BTreeMap::new());
}

/// The same, where some elements have been loaded before.
fn remove_known_copies(body: &mut Block, target: BufferId, loaded: &mut BTreeMap<ValueId, Index>) {
    body.retain_mut(|stmt| {
        let mut is_copy = false;
        stmt.accesses(&mut |access| {
            // Two computed indices may be the same element, though they are not the same index.
            let (Part::Element(index), Some(value)) = (access.part, access.value) else { return };
            if !index.is_affine() {
                return;
            }
            match access.mode {
                Mode::Read if access.buffer == target => {
                    loaded.insert(value, index.clone());
                }
                Mode::Write if access.buffer == target => is_copy = loaded.get(&value) == Some(index),
                Mode::Read | Mode::Write | Mode::Add(_) => {}
            }
        });
        if let Some(inner) = stmt.as_loop_mut() {
            remove_copies(&mut inner.body, target);
        }
        !is_copy
    });
}
