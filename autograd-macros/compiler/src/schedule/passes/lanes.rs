//! Vectorisation: which loops run in packs of lanes.
//!
//! An innermost loop does, if it hands nothing along, and no integer is computed in it that stands in an index. Better still is
//! an outer loop along which memory is contiguous: then the loops inside take one turn at a time for a whole pack of rows, short inner axes waste no lanes, and what is
//! accumulated over them needs no sum across lanes. (A mixture of ten densities over a vector of points is such a nest; a
//! softmax over the rows of a matrix is not, its rows are contiguous the other way.)

use std::collections::BTreeSet;

use crate::graph::Elem;
use crate::loops::program::{
    Along, BufferId, Expr, Guard, Index, Loop, Program, ReductionKind, Run, Storage, ValueId, Width,
};
use crate::loops::visit::{Mode, Part, accesses, effects, fits_lanes, is_affine, loops, loops_mut, visit};
use crate::machine::{COSTLY, GATHERED, SHORT_ROW};
use crate::ops::ReduceKind;

/// Marks the loops, and the temporaries that hold a value for each lane.
pub(crate) fn assign_lanes(program: &mut Program) {
    let mut body = std::mem::take(&mut program.body);
    loops_mut(&mut body).for_each(|outer| assign(program, outer));
    program.body = body;
}

fn assign(program: &mut Program, outer: &mut Loop) {
    let innermost = loops(&outer.body).next().is_none();
    if innermost {
        if outer.carries.is_empty() && fits_lanes(outer) && loads_numbers(program, outer) {
            outer.run = Run::Lanes;
        }
    } else if let Some(temporaries) = runs_across(program, outer) {
        outer.run = Run::Lanes;
        for buffer in temporaries {
            program.buffers[buffer.index()].cell.width = Width::Pack;
        }
    } else if pays_in_blocks(program, outer) {
        outer.run = Run::Lanes;
        loops_mut(&mut outer.body).for_each(|inner| inner.run = Run::Rows);
    } else {
        loops_mut(&mut outer.body).for_each(|inner| assign(program, inner));
    }
}

/// Whether a loop over rows pays in blocks of rows: the loops inside go along the rows, one row after the other; what is
/// between them is done for all rows of the block at once (the log-loss of a logistic regression is), and so are the last
/// steps of sums over short rows. Not if one loop along a row writes what another reads: that would have to be kept for all
/// rows.
fn pays_in_blocks(program: &Program, outer: &Loop) -> bool {
    let is_number = |value: ValueId| program.values[value.index()].elem == Elem::Real;
    let mut between = BTreeSet::new();
    let mut cost = 0;
    let mut fits = outer.carries.is_empty() && is_affine(&outer.body);
    for stmt in &outer.body {
        stmt.defines(&mut |value| {
            between.insert(value);
        });
        if let Some(inner) = stmt.as_loop() {
            fits &= goes_along_rows(inner, outer);
            fits &= inner.reductions.iter().all(|reduction| is_number(reduction.result));
            fits &= effects(std::slice::from_ref(stmt)).uses.intersection(&between).all(|&value| is_number(value));
            continue;
        }
        if let Some(Expr::Map(function, _)) = stmt.expr() {
            cost += function.cost();
        }
        stmt.accesses(&mut |access| {
            fits &= match (access.part, access.mode) {
                (Part::Element(_), Mode::Read) => true,
                (Part::Element(index), Mode::Write) => index.along(outer.axis) != Along::Fixed,
                (Part::Element(_), Mode::Add(_)) | (Part::Many, _) => false,
            };
        });
    }
    let inside: Vec<&Loop> = loops(&outer.body).collect();
    let is_costly = COSTLY.get(inside.len() - 1).is_some_and(|&least| cost >= least);
    fits && (is_costly || inside.iter().all(|inner| sums_short_rows(inner)))
}

/// Whether a loop can go along one row after the other of a block of rows: it writes rows, and adds to what all rows share.
fn goes_along_rows(inner: &Loop, outer: &Loop) -> bool {
    let mut fits = inner.carries.is_empty() && inner.extent.dim().is_some() && loops(&inner.body).next().is_none();
    accesses(&inner.body, &mut |access| {
        fits &= match (access.part, access.mode) {
            (Part::Element(_), Mode::Read) => true,
            (Part::Element(index), Mode::Write) => index.along(outer.axis) != Along::Fixed,
            (Part::Element(index), Mode::Add(ReduceKind::Sum)) => {
                index.along(outer.axis) == Along::Fixed && index.along(inner.axis) != Along::Fixed
            }
            (Part::Element(_), Mode::Add(_)) | (Part::Many, _) => false,
        };
    });
    fits
}

/// Whether what a loop reads under a guard along it are numbers: only of these a part of a pack is read.
fn loads_numbers(program: &Program, outer: &Loop) -> bool {
    let mut fits = true;
    visit(&outer.body, &mut |stmt| {
        let is_along = |guard: &Guard| guard.indices().any(|index| index.coefficient(outer.axis).is_some());
        match stmt.expr() {
            Some(Expr::Load(buffer, _, guard)) if is_along(guard) => {
                let buffer = &program.buffers[buffer.index()];
                fits &= buffer.elem == Elem::Real && buffer.cell.is_plain();
            }
            Some(Expr::Keep(value, guard)) if is_along(guard) => {
                fits &= program.values[value.index()].elem == Elem::Real;
            }
            _ => {}
        }
    });
    fits
}

/// Whether a loop sums along rows that are short.
fn sums_short_rows(inner: &Loop) -> bool {
    let is_sum = |kind| kind == ReductionKind::Reduce(ReduceKind::Sum);
    inner.extent.as_constant().is_some_and(|extent| extent <= SHORT_ROW)
        && !inner.reductions.is_empty()
        && inner.reductions.iter().all(|reduction| is_sum(reduction.kind))
}

/// Whether a loop with loops inside can run in packs, and pays; then the temporaries that become packs.
fn runs_across(program: &Program, outer: &Loop) -> Option<BTreeSet<BufferId>> {
    let mut fits = outer.carries.is_empty() && fits_lanes(outer) && loads_numbers(program, outer);
    let mut all_short = true;
    let mut temporaries = BTreeSet::new();
    let mut strides: Vec<&Index> = Vec::new();
    visit(&outer.body, &mut |stmt| {
        stmt.accesses(&mut |access| match (access.part, access.mode) {
            (Part::Element(index), Mode::Read) => strides.push(index),
            (Part::Element(index), Mode::Write) if index.coefficient(outer.axis).is_some() => strides.push(index),
            (Part::Element(_), Mode::Write) => {
                fits &= matches!(program.buffers[access.buffer.index()].storage, Storage::Temporary(_));
                temporaries.insert(access.buffer);
            }
            (Part::Element(index), Mode::Add(kind)) => {
                fits &= kind == ReduceKind::Sum && index.along(outer.axis) == Along::Fixed;
            }
            (Part::Many, _) => fits = false,
        });
        if let Some(inner) = stmt.as_loop() {
            all_short &= inner.extent.as_constant().is_some_and(|extent| extent <= GATHERED);
            // A number of turns that is computed may be another one in each lane.
            fits &= inner.extent.dim().is_some();
            fits &= inner.reductions.iter().all(|reduction| matches!(reduction.kind, ReductionKind::Reduce(_)));
        }
    });
    let is_near = |index: &&Index| match index.coefficient(outer.axis) {
        None => true,
        Some(stride) => {
            stride.is_one() || all_short && stride.as_constant().is_some_and(|by| (1..=GATHERED).contains(&by))
        }
    };
    (fits && strides.iter().all(is_near)).then_some(temporaries)
}
