//! Cascade summation: which sums in memory are kept in levels, so that rounding errors grow with the logarithm of the
//! number of turns.
//!
//! ```text
//! for i in 0..N                      sums s of b, for i in 0..N
//!     for j in 0..D in lanes             for j in 0..D in lanes
//!         b[j] sum= v                        b[j] sum= v
//! ```
//!
//! The outermost loop that an accumulation does not run along owns the levels: inside, it adds to the lowest one, and
//! after the last turn all levels are added to the buffer. Where lanes run across turns, every sum is a register of lanes.

use crate::graph::{Dim, Elem};
use crate::loops::program::{
    Along, AxisId, Buffer, BufferId, Cell, Depth, Extent, Index, Loop, Program, Run, Storage, Sums, Width,
};
use crate::loops::visit::{Mode, Part, loops_mut, walk};
use crate::machine::WITHOUT_LEVELS;
use crate::ops::ReduceKind;
use crate::schedule::maps::sure;

/// Finds the loops and makes room for the levels.
pub(crate) fn keep_sums_in_levels(program: &mut Program) {
    let mut body = std::mem::take(&mut program.body);
    for nest in loops_mut(&mut body) {
        own(program, nest, &mut Vec::new());
        if let Some(short) = &mut nest.short {
            loops_mut(&mut short.form).for_each(|form| own(program, form, &mut Vec::new()));
        }
    }
    program.body = body;
}

/// Gives a loop the sums that it owns, then the loops inside theirs.
fn own(program: &mut Program, outer: &mut Loop, owned: &mut Vec<BufferId>) {
    let is_long = outer.extent.as_constant().is_none_or(|extent| extent > WITHOUT_LEVELS);
    let before = owned.len();
    for Found { buffer, index, inside, across } in accumulations(outer) {
        let is_real = program.buffers[buffer.index()].elem == Elem::Real;
        let runs_along = index.along(outer.axis) != Along::Fixed;
        if !is_real || runs_along || owned.contains(&buffer) || !(is_long || across) {
            continue;
        }
        let Some((first, length)) = region(&index, &inside) else { continue };
        owned.push(buffer);
        let levels = BufferId(u32::try_from(program.buffers.len()).expect("fewer than 2^32 buffers"));
        program.buffers.push(Buffer {
            name: "levels".into(),
            elem: Elem::Real,
            shape: vec![length].into(),
            storage: Storage::Temporary(None),
            cell: Cell { width: if across { Width::Pack } else { Width::Number }, depth: Depth::Levels },
        });
        outer.sums.push(Sums { buffer, levels, first });
    }
    loops_mut(&mut outer.body).for_each(|inner| own(program, inner, owned));
    owned.truncate(before);
}

/// A sum in memory.
struct Found {
    buffer: BufferId,
    index: Index,
    /// The loops from the owner in.
    inside: Vec<(AxisId, Extent)>,
    /// Whether lanes run across turns.
    across: bool,
}

/// All sums in memory inside of a loop.
fn accumulations(outer: &Loop) -> Vec<Found> {
    let mut found = Vec::new();
    walk(&outer.body, &mut |site, stmt| {
        let in_lanes = site.loops.iter().rev().find(|open| open.run != Run::Single).map(|open| open.axis);
        let in_lanes = in_lanes.or(outer.is_vector().then_some(outer.axis));
        stmt.accesses(&mut |access| {
            let (Part::Element(index), Mode::Add(ReduceKind::Sum)) = (access.part, access.mode) else { return };
            found.push(Found {
                buffer: access.buffer,
                index: index.clone(),
                inside: site.loops.iter().map(|open| (open.axis, open.extent.clone())).collect(),
                across: in_lanes.is_some_and(|axis| index.along(axis) == Along::Fixed),
            });
        });
    });
    found
}

/// Where the elements that the loops inside reach start, and how many there are; `None` if others lie between them.
fn region(index: &Index, inside: &[(AxisId, Extent)]) -> Option<(Index, Dim)> {
    if !index.is_affine() {
        return None;
    }
    let extent = |axis: AxisId| inside.iter().find(|(inner, _)| *inner == axis).map(|(_, extent)| extent);
    let mut length = Dim::ONE;
    let inner = index.strides.iter().filter_map(|(axis, stride)| Some((stride, extent(*axis)?)));
    let mut inner: Vec<(&Dim, &Dim)> =
        inner.map(|(stride, extent)| Some((stride, extent.dim()?))).collect::<Option<_>>()?;
    while !inner.is_empty() {
        let next = inner.iter().position(|(stride, _)| **stride == length)?;
        let (stride, extent) = inner.remove(next);
        length = sure(stride.mul(extent));
    }
    let outer: Vec<(AxisId, Dim)> = index.strides.iter().filter(|(axis, _)| extent(*axis).is_none()).cloned().collect();
    let runs_on = outer.is_empty() || outer.iter().any(|(_, stride)| *stride == length);
    runs_on.then(|| (Index::affine(index.offset.clone(), outer), length))
}
