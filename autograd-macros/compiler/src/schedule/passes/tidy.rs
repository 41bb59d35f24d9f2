//! Clean-up of a lowered program: stores that nothing reads go, temporaries that live within one turn of a loop lose
//! that loop's axis, values that nothing uses go, numbers that wait for no loop come first.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::Dim;
use crate::loops::program::{AxisId, BufferId, Expr, Index, Loop, Program, ProgramResult, Stmt, Storage, ValueId};
use crate::loops::visit::visit;
use crate::schedule::maps::{strides, volume};

/// Removes stores, accumulations, fills and products whose buffer nothing reads, then values that nothing uses.
pub(crate) fn remove_dead(program: &mut Program) {
    loop {
        let read = buffers_read(program);
        let is_needed = |program: &Program, buffer: BufferId| {
            read.contains(&buffer)
                || matches!(program.buffers[buffer.index()].storage, Storage::Result(_) | Storage::Target(_))
        };
        let mut body = std::mem::take(&mut program.body);
        let before = count(&body);
        retain(&mut body, &|stmt| match stmt {
            Stmt::Store { buffer, .. } | Stmt::Accumulate { buffer, .. } | Stmt::Fill { buffer, .. } => {
                is_needed(program, *buffer)
            }
            Stmt::Contract(product) => is_needed(program, product.out),
            Stmt::Loop(inner) => !inner.body.is_empty() || !inner.reductions.is_empty(),
            Stmt::Let(..) => true,
        });
        let mut used = BTreeSet::new();
        for result in &program.results {
            if let ProgramResult::Scalar(value) = result {
                used.insert(*value);
            }
        }
        sweep_values(&mut body, &mut used);
        let after = count(&body);
        program.body = body;
        if after == before {
            return;
        }
    }
}

fn count(body: &[Stmt]) -> usize {
    body.iter()
        .map(|stmt| match stmt {
            Stmt::Loop(inner) => 1 + count(&inner.body) + inner.reductions.len(),
            _ => 1,
        })
        .sum()
}

fn retain(body: &mut Vec<Stmt>, keep: &dyn Fn(&Stmt) -> bool) {
    for stmt in body.iter_mut() {
        if let Stmt::Loop(inner) = stmt {
            retain(&mut inner.body, keep);
        }
    }
    body.retain(keep);
}

fn buffers_read(program: &Program) -> BTreeSet<BufferId> {
    let mut read = BTreeSet::new();
    visit(&program.body, &mut |stmt| match stmt {
        Stmt::Let(_, Expr::Load(buffer, _)) => {
            read.insert(*buffer);
        }
        Stmt::Contract(product) => read.extend([product.left.buffer, product.right.buffer]),
        _ => {}
    });
    read
}

/// Drops unused values, from the last statement to the first.
fn sweep_values(body: &mut Vec<Stmt>, used: &mut BTreeSet<ValueId>) {
    let mut kept = Vec::with_capacity(body.len());
    while let Some(mut stmt) = body.pop() {
        let keep = match &mut stmt {
            Stmt::Let(value, expr) => {
                let keep = used.contains(value);
                if keep {
                    used.extend(expr.operands());
                }
                keep
            }
            Stmt::Store { value, .. } | Stmt::Accumulate { value, .. } => {
                used.insert(*value);
                true
            }
            Stmt::Contract(product) => {
                used.extend(product.scale);
                true
            }
            Stmt::Fill { .. } => true,
            Stmt::Loop(inner) => {
                inner.reductions.retain(|reduction| used.contains(&reduction.result));
                used.extend(inner.reductions.iter().map(|reduction| reduction.value));
                used.extend(inner.carries.iter().map(|carry| carry.next));
                sweep_values(&mut inner.body, used);
                true
            }
        };
        if keep {
            kept.push(stmt);
        }
    }
    kept.reverse();
    *body = kept;
}

/// Puts first what is computed of scalar leaves and sizes alone: beside the loops it costs no time, after them it would.
pub(crate) fn numbers_first(program: &mut Program) {
    let mut early = BTreeSet::new();
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    for stmt in std::mem::take(&mut program.body) {
        match &stmt {
            Stmt::Let(value, expr) if is_early(program, expr, &early) => {
                early.insert(*value);
                first.push(stmt);
            }
            _ => rest.push(stmt),
        }
    }
    first.append(&mut rest);
    program.body = first;
}

fn is_early(program: &Program, expr: &Expr, early: &BTreeSet<ValueId>) -> bool {
    let is_leaf = |buffer: &BufferId| matches!(program.buffers[buffer.index()].storage, Storage::Leaf(_));
    match expr {
        Expr::Load(buffer, _) => is_leaf(buffer),
        expr => expr.operands().iter().all(|operand| early.contains(operand)),
    }
}

/// A temporary that is written and read within one turn of a loop, at that turn's place along its first axis, needs no
/// such axis: a whole matrix becomes one row.
pub(crate) fn shrink_temporaries(program: &mut Program) {
    let accesses = accesses(&program.body);
    let mut body = std::mem::take(&mut program.body);
    for stmt in &mut body {
        if let Stmt::Loop(outer) = stmt {
            shrink_in(program, &accesses, outer);
        }
    }
    program.body = body;
}

fn shrink_in(program: &mut Program, accesses: &BTreeMap<BufferId, Option<usize>>, outer: &mut Loop) {
    if !outer.body.iter().any(|stmt| matches!(stmt, Stmt::Loop(_))) {
        return;
    }
    let mut inside: BTreeMap<BufferId, Vec<Index>> = BTreeMap::new();
    collect(&outer.body, &mut inside);
    for (buffer, indices) in inside {
        let there = &program.buffers[buffer.index()];
        let first = there.shape.iter().position(|extent| !extent.is_one());
        let (Storage::Temporary(_), Some(first)) = (there.storage, first) else { continue };
        let lead = strides(&there.shape)[first].clone();
        let is_own = |index: &Index| index.stride(outer.axis) == Some(&lead);
        let all_inside = accesses.get(&buffer) == Some(&Some(indices.len()));
        if there.shape[first] == outer.extent && all_inside && indices.iter().all(is_own) {
            let mut shape = there.shape.to_vec();
            shape[first] = Dim::ONE;
            program.buffers[buffer.index()].shape = shape.into();
            drop_axis(&mut outer.body, buffer, outer.axis);
        }
    }
    for stmt in &mut outer.body {
        if let Stmt::Loop(inner) = stmt {
            shrink_in(program, accesses, inner);
        }
    }
}

/// How many loads and stores touch each buffer; `None` if anything else does.
fn accesses(body: &[Stmt]) -> BTreeMap<BufferId, Option<usize>> {
    let mut accesses: BTreeMap<BufferId, Option<usize>> = BTreeMap::new();
    visit(body, &mut |stmt| match stmt {
        Stmt::Let(_, Expr::Load(buffer, _)) | Stmt::Store { buffer, .. } => {
            let count = accesses.entry(*buffer).or_insert(Some(0));
            *count = count.map(|count| count + 1);
        }
        Stmt::Accumulate { buffer, .. } | Stmt::Fill { buffer, .. } => {
            accesses.insert(*buffer, None);
        }
        Stmt::Contract(product) => {
            for buffer in [product.left.buffer, product.right.buffer, product.out] {
                accesses.insert(buffer, None);
            }
        }
        Stmt::Let(..) | Stmt::Loop(_) => {}
    });
    accesses
}

fn collect(body: &[Stmt], indices: &mut BTreeMap<BufferId, Vec<Index>>) {
    visit(body, &mut |stmt| {
        if let Stmt::Let(_, Expr::Load(buffer, index)) | Stmt::Store { buffer, index, .. } = stmt {
            indices.entry(*buffer).or_default().push(index.clone());
        }
    });
}

fn drop_axis(body: &mut [Stmt], target: BufferId, axis: AxisId) {
    for stmt in body {
        match stmt {
            Stmt::Let(_, Expr::Load(buffer, index)) | Stmt::Store { buffer, index, .. } if *buffer == target => {
                index.strides.retain(|(along, _)| *along != axis);
            }
            Stmt::Loop(inner) => drop_axis(&mut inner.body, target, axis),
            _ => {}
        }
    }
}

/// The number of elements of a buffer.
pub(crate) fn length(program: &Program, buffer: BufferId) -> Dim {
    volume(&program.buffers[buffer.index()].shape)
}
