//! Data layout transformation: an operand that a nest goes over again and again, lanes far apart, is copied once so that they lie
//! side by side.
//!
//! ```text
//! for i in 0..N                          for k in 0..3
//!     for j in 0..N in lanes                 for j in 0..N in lanes
//!         for k in 0..3                          t[N*k + j] = x[3*j + k]
//!             … x[3*j + k] …             for i in 0..N
//!             g[3*j + k] sum= v              for j in 0..N in lanes
//!                                                for k in 0..3
//!                                                    … t[N*k + j] …
//!                                                    u[N*k + j] sum= v
//!                                        for k in 0..3
//!                                            for j in 0..N in lanes
//!                                                g[3*j + k] sum= u[N*k + j]
//! ```
//!
//! The copy is smaller than the work of the nest by the turns of the loops that it does not go along.

use std::collections::BTreeMap;

use crate::graph::Dim;
use crate::loops::program::{
    AxisId, Buffer, BufferId, Cell, Expr, Extent, Guard, Index, Loop, Program, Run, Stmt, Storage,
};
use crate::loops::visit::{Mode, Part, accesses, map_buffers, visit, visit_mut};
use crate::ops::ReduceKind;
use crate::ops::nest::Direction;
use crate::schedule::maps::strides;

/// The copies that a nest goes over instead of what it is given, in the order of the buffers that are to be made for them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Copies(Vec<Copy>);

/// A copy: of what is read, or of what is added to.
#[derive(Clone, Debug)]
struct Copy {
    /// What it is of.
    of: Place,
    /// The buffer that it will be.
    buffer: BufferId,
    is_sum: bool,
}

/// The elements of a buffer that a vector loop touches, whatever its axes are called.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    buffer: BufferId,
    offset: Dim,
    /// The turns of each loop that it goes along and the step from one to the next, the lanes last.
    along: Vec<(Dim, Dim)>,
}

impl Copies {
    /// Makes a vector loop, which stands inside of other loops of a nest, go over copies where its lanes are not side by side
    /// and that can be. `next` is the first buffer that is not there yet.
    pub(crate) fn make(nest: &Loop, of: &mut Loop, next: usize) -> Self {
        let mut extents: BTreeMap<AxisId, Dim> = BTreeMap::new();
        let all = std::iter::once(&*of);
        extents.extend(all.filter_map(|of| Some((of.axis, of.extent.dim()?.clone()))));
        visit(&of.body, &mut |stmt| {
            let inner = stmt.as_loop().and_then(|inner| Some((inner.axis, inner.extent.dim()?.clone())));
            extents.extend(inner);
        });
        let mut uses: BTreeMap<BufferId, [bool; 3]> = BTreeMap::new();
        accesses(&nest.body, &mut |access| {
            let [reads, writes, sums] = uses.entry(access.buffer).or_default();
            *match access.mode {
                Mode::Read => reads,
                Mode::Add(ReduceKind::Sum) => sums,
                Mode::Write | Mode::Add(_) => writes,
            } = true;
        });
        let mut copies = Self::default();
        let lanes = of.axis;
        visit_mut(&mut of.body, &mut |stmt| {
            let mut found = None;
            stmt.accesses(&mut |access| {
                let Part::Element(index) = access.part else { return };
                let is_alone = match (access.mode, uses[&access.buffer]) {
                    (Mode::Read, [_, writes, sums]) => !writes && !sums && !access.is_guarded,
                    (Mode::Add(ReduceKind::Sum), [reads, writes, _]) => !reads && !writes,
                    _ => false,
                };
                if is_alone && index.coefficient(lanes).is_some_and(|step| !step.is_one()) {
                    let is_sum = access.mode.changes();
                    found = place(access.buffer, index, lanes, &extents).map(|(place, axes)| (place, axes, is_sum));
                }
            });
            let Some((place, axes, is_sum)) = found else { return };
            let shape: Vec<Dim> = place.along.iter().map(|(extent, _)| extent.clone()).collect();
            let copy = copies.buffer(place, is_sum, next);
            stmt.buffers_mut(&mut |buffer, _| *buffer = copy);
            if let Some((_, index)) = stmt.element_mut() {
                *index = Index::affine(Dim::ZERO, axes.into_iter().zip(strides(&shape)).collect());
            }
        });
        copies
    }

    /// Takes in those of another loop of the nest.
    pub(crate) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// How many copies there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    fn buffer(&mut self, of: Place, is_sum: bool, next: usize) -> BufferId {
        if let Some(copy) = self.0.iter().find(|copy| copy.of == of && copy.is_sum == is_sum) {
            return copy.buffer;
        }
        let buffer = BufferId(u32::try_from(next + self.count()).expect("fewer than 2^32 buffers"));
        self.0.push(Copy { of, buffer, is_sum });
        buffer
    }

    /// Makes the buffers, and gives what comes before the nest and after it.
    pub(crate) fn surround(self, program: &mut Program, nest: &mut Loop) -> [Vec<Stmt>; 2] {
        let [mut before, mut after] = [Vec::new(), Vec::new()];
        let mut made: Vec<(Place, bool, BufferId)> = Vec::new();
        for Copy { of, buffer, is_sum } in self.0 {
            let known = made.iter().find(|(place, is_too, _)| *place == of && *is_too == is_sum);
            let next = BufferId(u32::try_from(program.buffers.len()).expect("fewer than 2^32 buffers"));
            let new = known.map_or(next, |(.., new)| *new);
            map_buffers(&mut nest.body, &mut |touched, _| {
                if *touched == buffer {
                    *touched = new;
                }
            });
            if new != next {
                continue;
            }
            made.push((of.clone(), is_sum, new));
            let there = &program.buffers[of.buffer.index()];
            let elem = there.elem;
            program.buffers.push(Buffer {
                name: there.name.clone(),
                elem,
                shape: of.along.iter().map(|(extent, _)| extent.clone()).collect(),
                storage: Storage::Temporary(None),
                cell: Cell::default(),
            });
            if is_sum {
                before.push(Stmt::Fill { buffer: new, value: 0.0 });
                after.push(of.copied(program, new, true));
            } else {
                before.push(of.copied(program, new, false));
            }
        }
        [before, after]
    }
}

impl Place {
    /// The loops that fill the copy, or add what is in it.
    fn copied(&self, program: &mut Program, copy: BufferId, is_sum: bool) -> Stmt {
        let axes: Vec<AxisId> = (program.axes..).map(AxisId).take(self.along.len()).collect();
        program.axes += u32::try_from(axes.len()).expect("ranks are small");
        let shape: Vec<Dim> = self.along.iter().map(|(extent, _)| extent.clone()).collect();
        let steps = self.along.iter().map(|(_, step)| step.clone());
        let there = Index::affine(self.offset.clone(), axes.iter().copied().zip(steps).collect());
        let here = Index::affine(Dim::ZERO, axes.iter().copied().zip(strides(&shape)).collect());
        let value = program.value(program.buffers[copy.index()].elem, None);
        let mut body = if is_sum {
            let (buffer, index, kind, guard) = (self.buffer, there, ReduceKind::Sum, Guard::default());
            vec![Stmt::Let(value, Expr::load(copy, here)), Stmt::Accumulate { buffer, index, kind, value, guard }]
        } else {
            let load = Expr::load(self.buffer, there);
            vec![Stmt::Let(value, load), Stmt::Store { buffer: copy, index: here, value }]
        };
        for (place, (&axis, extent)) in axes.iter().zip(shape).enumerate().rev() {
            let run = if place + 1 == axes.len() { Run::Lanes } else { Run::Single };
            body = vec![Stmt::Loop(Loop {
                axis,
                extent: Extent::Dim(extent),
                run,
                direction: Direction::Forwards,
                carries: Vec::new(),
                body: body.into(),
                reductions: Vec::new(),
                sums: Vec::new(),
                ahead: Vec::new(),
                unless_zero: None,
                short: None,
            })];
        }
        body.pop().expect("there are lanes")
    }
}

/// What an index goes over, and its axes in the same order; `None` if it goes along a loop around the vector loop.
fn place(
    buffer: BufferId,
    index: &Index,
    lanes: AxisId,
    extents: &BTreeMap<AxisId, Dim>,
) -> Option<(Place, Vec<AxisId>)> {
    if !index.is_affine() {
        return None;
    }
    let mut along = Vec::new();
    for (axis, step) in &index.strides {
        along.push((*axis == lanes, (extents.get(axis)?.clone(), step.clone()), *axis));
    }
    along.sort_by(|(is_last, one, _), (is_too, other, _)| is_last.cmp(is_too).then_with(|| one.cmp(other)));
    let axes = along.iter().map(|(.., axis)| *axis).collect();
    let along = along.into_iter().map(|(_, along, _)| along).collect();
    Some((Place { buffer, offset: index.offset.clone(), along }, axes))
}
