//! Loop interchange: in sums over the rows of a small matrix the rows come inside, so that each sum stays in a
//! register.
//!
//! ```text
//! b = 0                              for j in 0..16
//! for i in 0..32                         s = for i in 0..32: sum of v
//!     for j in 0..16                     b[j] = s
//!         b[j] sum= v
//! ```
//!
//! The columns then fill packs, and no sum goes through memory from one row to the next. Not where rows are long or
//! unknown: pieces of many rows would have to stay in the caches.

use crate::graph::Elem;
use crate::loops::program::{Block, BufferId, Index, Loop, Program, Reduction, ReductionKind, Stmt};
use crate::loops::visit::{Mode, Part, accesses, loops, loops_mut, touches};
use crate::machine::{CACHED_ROWS, REGISTER_COLUMNS};
use crate::ops::ReduceKind;

/// Interchanges the loops where it pays, in every block.
pub(crate) fn interchange(program: &mut Program) {
    let mut body = std::mem::take(&mut program.body);
    in_block(program, &mut body);
    program.body = body;
}

fn in_block(program: &mut Program, block: &mut Block) {
    let mut place = 0;
    while place < block.len() {
        if let Some(outer) = block[place].as_loop()
            && let Some(sums) = sums(program, outer)
            && let Some(fills) = fills(&block[..place], &sums)
        {
            let outer = block.remove(place).into_loop().expect("it is a loop");
            block.insert(place, turned(program, outer));
            for fill in fills {
                block.remove(fill);
                place -= 1;
            }
        }
        place += 1;
    }
    loops_mut(block).for_each(|inner| in_block(program, &mut inner.body));
}

/// Whether a loop that follows these statements will be interchanged.
pub(crate) fn is_turned(program: &Program, before: &[Stmt], outer: &Loop) -> bool {
    sums(program, outer).is_some_and(|sums| fills(before, &sums).is_some())
}

/// The buffers that a nest of two small loops sums over its rows, if that is all that ties its turns together.
fn sums(program: &Program, outer: &Loop) -> Option<Vec<BufferId>> {
    let [stmt] = outer.body.as_slice() else { return None };
    let inner = stmt.as_loop()?;
    let is_within = |of: &Loop, most| of.extent.as_constant().is_some_and(|extent| extent <= most);
    let is_plain = |of: &Loop| of.carries.is_empty() && of.reductions.is_empty();
    if !(is_within(outer, CACHED_ROWS) && is_within(inner, REGISTER_COLUMNS) && is_plain(outer) && is_plain(inner)) {
        return None;
    }
    let is_row = |buffer: BufferId, inner: &Loop| {
        let extents = program.buffers[buffer.index()].shape.iter().filter(|extent| !extent.is_one());
        extents.eq(inner.extent.dim())
    };
    let (mut sums, mut stores, mut loads) = (Vec::new(), Vec::new(), Vec::new());
    let mut fits = loops(&inner.body).next().is_none();
    accesses(&inner.body, &mut |access| match (access.part, access.mode) {
        (Part::Element(index), Mode::Read) => loads.push((access.buffer, index)),
        (Part::Element(index), Mode::Write) if index.along(inner.axis).steps().is_some() => {
            stores.push((access.buffer, index));
        }
        (Part::Element(index), Mode::Add(ReduceKind::Sum))
            if *index == Index::axis(inner.axis) && is_row(access.buffer, inner) && !sums.contains(&access.buffer) =>
        {
            sums.push(access.buffer);
        }
        (Part::Element(_) | Part::Many, _) => fits = false,
    });
    // Every turn reads what was there before, or what it has written itself.
    let is_own = |(buffer, index): &(BufferId, &Index)| {
        !sums.contains(buffer) && stores.iter().all(|(stored, at)| stored != buffer || at == index)
    };
    let is_stored_once = |(buffer, _): &(BufferId, &Index)| {
        stores.iter().filter(|(stored, _)| stored == buffer).count() == 1 && !sums.contains(buffer)
    };
    (fits && !sums.is_empty() && loads.iter().all(is_own) && stores.iter().all(is_stored_once)).then_some(sums)
}

/// Where the sums are set to 0, last first; `None` if one of them is used in between.
fn fills(before: &[Stmt], sums: &[BufferId]) -> Option<Vec<usize>> {
    let mut fills = sums.iter().map(|sum| last_use(before, *sum)).collect::<Option<Vec<usize>>>()?;
    let is_fill = |place: &usize| matches!(before[*place], Stmt::Fill { value: 0.0, .. });
    fills.sort_unstable_by(|a, b| b.cmp(a));
    fills.iter().all(is_fill).then_some(fills)
}

/// The last statement that touches a buffer.
fn last_use(stmts: &[Stmt], wanted: BufferId) -> Option<usize> {
    stmts.iter().rposition(|stmt| touches(std::slice::from_ref(stmt), wanted))
}

/// The nest with its rows inside.
fn turned(program: &mut Program, mut rows: Loop) -> Stmt {
    let mut columns = rows.body.pop().and_then(Stmt::into_loop).expect("it is a nest");
    let mut after = Vec::new();
    for stmt in std::mem::take(&mut columns.body) {
        let Stmt::Accumulate { buffer, index, value, .. } = stmt else {
            rows.body.push(stmt);
            continue;
        };
        let result = program.value(Elem::Real, None);
        rows.reductions.push(Reduction { result, kind: ReductionKind::Reduce(ReduceKind::Sum), value });
        after.push(Stmt::Store { buffer, index, value: result });
    }
    columns.body.push(Stmt::Loop(rows));
    columns.body.extend(after);
    Stmt::Loop(columns)
}
