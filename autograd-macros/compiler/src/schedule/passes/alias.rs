//! Alias assignment: new values are written where the old ones lie.
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
use crate::loops::program::{Block, BufferId, LeafKind, Program, ProgramResult, Stmt, Storage};
use crate::loops::visit::map_buffers;
use crate::schedule::analysis::order::Order;
use crate::schedule::passes::dead_code::{remove_dead, remove_known_copies};

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
