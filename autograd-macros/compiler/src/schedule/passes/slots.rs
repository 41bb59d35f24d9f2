//! Memory allocation by liveness: temporaries whose lives do not overlap share a slot of the workspace.

use std::collections::BTreeMap;

use crate::graph::{Dim, Elem};
use crate::loops::program::{BufferId, Length, Program, Slot, SlotId, Stmt, Storage};
use crate::loops::visit::visit;
use crate::schedule::analysis::lives::lives;
use crate::schedule::maps::volume;

/// Gives every temporary a slot. A life is from the first to the last top-level statement that touches the buffer.
pub(crate) fn assign_slots(program: &mut Program) {
    let is_temporary = |buffer: BufferId| matches!(program.buffers[buffer.index()].storage, Storage::Temporary(_));
    let lives = lives(&program.body, is_temporary);
    let mut order: Vec<(BufferId, usize, usize)> =
        lives.into_iter().map(|(buffer, (from, to))| (buffer, from, to)).collect();
    order.sort_by_key(|&(buffer, from, _)| (from, buffer));
    let in_short = in_short(&program.body);
    let mut slots: Vec<(Slot, usize)> = Vec::new();
    for (buffer, from, to) in order {
        let there = &program.buffers[buffer.index()];
        let elem = there.elem;
        let other = in_short.get(&buffer);
        let up_to = other.map(|(size, at_most, _)| (size.clone(), *at_most));
        let needed = Length { count: volume(&there.shape), cell: there.cell, up_to };
        // Of two forms of a nest one is run: the levels of both lie in one place.
        let instead = other.and_then(|(.., instead)| match program.buffers[(*instead)?.index()].storage {
            Storage::Temporary(slot) => slot.map(SlotId::index),
            _ => None,
        });
        let place = instead.or_else(|| free_slot(&slots, elem, &needed, from)).unwrap_or(slots.len());
        if place == slots.len() {
            slots.push((Slot { elem, lengths: Vec::new() }, to));
        }
        let (slot, until) = &mut slots[place];
        *until = to;
        if !slot.lengths.contains(&needed) {
            slot.lengths.push(needed);
        }
        let id = SlotId(u32::try_from(place).expect("fewer than 2^32 slots"));
        program.buffers[buffer.index()].storage = Storage::Temporary(Some(id));
    }
    program.slots = slots.into_iter().map(|(slot, _)| slot).collect();
}

/// The levels of the short forms of nests, where these are run, and the levels that they are there instead of.
fn in_short(body: &[Stmt]) -> BTreeMap<BufferId, (Dim, i64, Option<BufferId>)> {
    let mut found = BTreeMap::new();
    for stmt in body {
        let Some(short) = stmt.as_loop().and_then(|nest| nest.short.as_ref()) else { continue };
        let mut others = levels(std::slice::from_ref(stmt)).into_iter();
        for own in levels(&short.form) {
            found.insert(own, (short.size.clone(), short.at_most, others.next()));
        }
    }
    found
}

/// The levels that loops keep sums in.
fn levels(stmts: &[Stmt]) -> Vec<BufferId> {
    let mut levels = Vec::new();
    visit(stmts, &mut |stmt| {
        levels.extend(stmt.as_loop().into_iter().flat_map(|inner| &inner.sums).map(|sums| sums.levels));
    });
    levels
}

/// A slot whose last tenant is gone, best one that had a tenant of this size.
fn free_slot(slots: &[(Slot, usize)], elem: Elem, needed: &Length, from: usize) -> Option<usize> {
    let is_free = |place: &usize| slots[*place].0.elem == elem && slots[*place].1 < from;
    let fits = |place: &usize| slots[*place].0.lengths.contains(needed);
    (0..slots.len()).filter(is_free).max_by_key(|place| (fits(place), std::cmp::Reverse(*place)))
}
