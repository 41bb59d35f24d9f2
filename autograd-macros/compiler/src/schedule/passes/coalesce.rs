//! Memory coalescing: temporaries live in the place of what follows from them.

use std::collections::BTreeMap;

use crate::loops::dependence::reads_come_first;
use crate::loops::program::{BufferId, Index, Program, Stmt, Storage};
use crate::loops::visit::{Mode, Part, accesses, map_buffers};
use crate::schedule::passes::dead_code::remove_copies;

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
            accesses(std::slice::from_ref(stmt), &mut |access| {
                if access.mode.changes() {
                    spans.first_write.entry(access.buffer).or_insert(place);
                } else {
                    spans.last_read.insert(access.buffer, place);
                }
            });
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
