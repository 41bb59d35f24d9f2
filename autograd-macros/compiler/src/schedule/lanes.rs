//! Which loops run in packs of lanes.
//!
//! An innermost loop does, if it hands nothing along. Better still is an outer loop along which memory is contiguous: then
//! the loops inside take one turn at a time for a whole pack of rows, short inner axes waste no lanes, and what is
//! accumulated over them needs no sum across lanes. (A mixture of ten densities over a vector of points is such a nest; a
//! softmax over the rows of a matrix is not, its rows are contiguous the other way.)

use std::collections::BTreeSet;

use super::program::{
    AxisId, Buffer, BufferId, Expr, Index, Loop, Program, ReductionKind, SlotId, Stmt, Storage, Value, ValueId,
};
use super::tidy::{length, visit};
use crate::graph::{Dim, Elem};
use crate::ops::ReduceKind;

/// Strides along which a pack is gathered element by element and still pays, if all loops inside are this short: shorter
/// than the smallest pack.
const SHORT: i64 = 7;

/// Marks the loops, and the temporaries that hold a value for each lane.
pub(super) fn assign_lanes(program: &mut Program) {
    for mut stmt in std::mem::take(&mut program.body) {
        let Stmt::Loop(outer) = &mut stmt else {
            program.body.push(stmt);
            continue;
        };
        assign(program, outer);
        let is_nest = outer.body.iter().any(|stmt| matches!(stmt, Stmt::Loop(_)));
        let sums = if outer.vector && is_nest { sums_by_lane(program, outer) } else { Vec::new() };
        program.body.extend(sums.iter().map(|&(packs, _)| Stmt::Fill { buffer: packs, value: 0.0 }));
        program.body.push(stmt);
        for (packs, sums) in sums {
            let sum = sum_of_lanes(program, packs, sums);
            program.body.push(sum);
        }
    }
}

/// Accumulates into buffers of packs instead: each with the buffer that its sums over lanes belong to.
fn sums_by_lane(program: &mut Program, outer: &mut Loop) -> Vec<(BufferId, BufferId)> {
    let mut replaced = Vec::new();
    replace_accumulations(&mut outer.body, &mut |buffer| {
        let packs = BufferId(u32::try_from(program.buffers.len()).expect("fewer than 2^32 buffers"));
        let storage = Storage::Temporary(SlotId(u32::MAX));
        let there = Buffer { storage, lanes: true, ..program.buffers[buffer.index()].clone() };
        program.buffers.push(there);
        replaced.push((packs, buffer));
        packs
    });
    replaced
}

fn replace_accumulations(body: &mut [Stmt], replace: &mut dyn FnMut(BufferId) -> BufferId) {
    for stmt in body {
        match stmt {
            Stmt::Accumulate { buffer, .. } => *buffer = replace(*buffer),
            Stmt::Loop(inner) => replace_accumulations(&mut inner.body, replace),
            Stmt::Let(..) | Stmt::Store { .. } | Stmt::Fill { .. } | Stmt::Contract(_) => {}
        }
    }
}

/// `for i in 0..K { sums[i] = sum of lanes packs[i] }`
fn sum_of_lanes(program: &mut Program, packs: BufferId, sums: BufferId) -> Stmt {
    let axis = AxisId(program.axes);
    program.axes += 1;
    let value = ValueId(u32::try_from(program.values.len()).expect("fewer than 2^32 values"));
    program.values.push(Value { elem: Elem::Real, name: None });
    let index = Index { offset: Dim::ZERO, strides: vec![(axis, Dim::ONE)] };
    let body = vec![Stmt::Let(value, Expr::LaneSum(packs, index.clone())), Stmt::Store { buffer: sums, index, value }];
    Stmt::Loop(Loop {
        axis,
        extent: length(program, sums),
        vector: false,
        reverse: false,
        carries: Vec::new(),
        body,
        reductions: Vec::new(),
    })
}

fn assign(program: &mut Program, outer: &mut Loop) {
    let innermost = !outer.body.iter().any(|stmt| matches!(stmt, Stmt::Loop(_)));
    if innermost {
        outer.vector = outer.carries.is_empty();
    } else if let Some(temporaries) = runs_across(program, outer) {
        outer.vector = true;
        for buffer in temporaries {
            program.buffers[buffer.index()].lanes = true;
        }
    } else {
        for stmt in &mut outer.body {
            if let Stmt::Loop(inner) = stmt {
                assign(program, inner);
            }
        }
    }
}

/// Whether a loop with loops inside can run in packs, and pays; then the temporaries that become packs.
fn runs_across(program: &Program, outer: &Loop) -> Option<BTreeSet<BufferId>> {
    let mut fits = outer.carries.is_empty();
    let mut all_short = true;
    let mut temporaries = BTreeSet::new();
    let mut strides: Vec<&Index> = Vec::new();
    visit(&outer.body, &mut |stmt| match stmt {
        Stmt::Let(_, Expr::Load(_, index)) => strides.push(index),
        Stmt::Let(..) => {}
        Stmt::Store { index, .. } if index.stride(outer.axis).is_some() => strides.push(index),
        Stmt::Store { buffer, .. } => {
            fits &= matches!(program.buffers[buffer.index()].storage, Storage::Temporary(_));
            temporaries.insert(*buffer);
        }
        Stmt::Accumulate { index, kind, .. } => {
            fits &= *kind == ReduceKind::Sum && index.stride(outer.axis).is_none();
        }
        Stmt::Fill { .. } | Stmt::Contract(_) => fits = false,
        Stmt::Loop(inner) => {
            all_short &= inner.extent.as_constant().is_some_and(|extent| extent <= SHORT);
            fits &= inner.reductions.iter().all(|reduction| matches!(reduction.kind, ReductionKind::Reduce(_)));
        }
    });
    let is_near = |index: &&Index| match index.stride(outer.axis) {
        None => true,
        Some(stride) => {
            stride.is_one() || all_short && stride.as_constant().is_some_and(|by| (1..=SHORT).contains(&by))
        }
    };
    (fits && strides.iter().all(is_near)).then_some(temporaries)
}
