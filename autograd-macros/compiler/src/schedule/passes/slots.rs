//! Memory allocation by liveness: temporaries whose lives do not overlap share a slot of the workspace.

use crate::graph::Elem;
use crate::loops::program::{BufferId, Length, Program, Slot, SlotId, Storage};
use crate::schedule::analysis::lives::lives;
use crate::schedule::maps::volume;

/// Gives every temporary a slot. A life is from the first to the last top-level statement that touches the buffer.
pub(crate) fn assign_slots(program: &mut Program) {
    let is_temporary = |buffer: BufferId| matches!(program.buffers[buffer.index()].storage, Storage::Temporary(_));
    let lives = lives(&program.body, is_temporary);
    let mut order: Vec<(BufferId, usize, usize)> =
        lives.into_iter().map(|(buffer, (from, to))| (buffer, from, to)).collect();
    order.sort_by_key(|&(buffer, from, _)| (from, buffer));
    let mut slots: Vec<(Slot, usize)> = Vec::new();
    for (buffer, from, to) in order {
        let there = &program.buffers[buffer.index()];
        let elem = there.elem;
        let needed = Length { count: volume(&there.shape), cell: there.cell };
        let place = free_slot(&slots, elem, &needed, from).unwrap_or(slots.len());
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

/// A slot whose last tenant is gone, best one that had a tenant of this size.
fn free_slot(slots: &[(Slot, usize)], elem: Elem, needed: &Length, from: usize) -> Option<usize> {
    let is_free = |place: &usize| slots[*place].0.elem == elem && slots[*place].1 < from;
    let fits = |place: &usize| slots[*place].0.lengths.contains(needed);
    (0..slots.len()).filter(is_free).max_by_key(|place| (fits(place), std::cmp::Reverse(*place)))
}
