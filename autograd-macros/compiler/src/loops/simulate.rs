//! The simulator: runs a loop program element by element. The tests compare it with the graph's own meaning.

use std::collections::BTreeMap;

use super::program::{
    AxisId, BufferId, Call, Direction, Expr, Extent, Guard, Index, Loop, Operand, Program, ProgramResult,
    ReductionKind, Stmt, Storage, ValueId, Within,
};
use super::routine::{Failure, Memory};
use crate::graph::Dim;
use crate::interpret::{Environment, Tensor};
use crate::ops::{Cast, Compare, Extreme, Logic, ReduceKind};

/// The results of a program that does not fail.
pub(crate) fn simulate(program: &Program, environment: &Environment) -> Vec<Tensor> {
    try_simulate(program, environment).expect("the program does not fail")
}

/// The results of a program. Temporaries that share a slot really share memory here.
pub(crate) fn try_simulate(program: &Program, environment: &Environment) -> Result<Vec<Tensor>, Failure> {
    let mut machine =
        Machine { program, environment, memory: BTreeMap::new(), values: BTreeMap::new(), axes: BTreeMap::new() };
    for (place, slot) in program.slots.iter().enumerate() {
        let length = slot.lengths.iter().map(|length| environment.extent(&length.count)).max().unwrap_or(0);
        machine.memory.insert(Place::Slot(place), vec![f64::NAN; length]);
    }
    for (place, buffer) in program.buffers.iter().enumerate() {
        let memory = match buffer.storage {
            Storage::Leaf(_) | Storage::Target(_) => environment.value(&buffer.name).data.clone(),
            // Before slots are given out, every temporary has memory of its own.
            Storage::Result(_) | Storage::Temporary(None) => {
                vec![f64::NAN; environment.shape(&buffer.shape).iter().product()]
            }
            Storage::Temporary(_) => continue,
        };
        machine.memory.insert(Place::Buffer(place), memory);
    }
    machine.block(&program.body)?;
    let tensor = |result: &ProgramResult| match result {
        ProgramResult::Scalar(value) => Tensor::scalar(machine.values[value]),
        ProgramResult::Buffer(buffer) => Tensor {
            shape: environment.shape(&program.buffers[buffer.index()].shape),
            data: machine.memory[&machine.place(*buffer)].clone(),
        },
    };
    Ok(program.results.iter().map(tensor).collect())
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Buffer(usize),
    Slot(usize),
}

struct Machine<'a> {
    program: &'a Program,
    environment: &'a Environment,
    memory: BTreeMap<Place, Vec<f64>>,
    values: BTreeMap<ValueId, f64>,
    axes: BTreeMap<AxisId, i64>,
}

impl Machine<'_> {
    fn place(&self, buffer: BufferId) -> Place {
        match self.program.buffers[buffer.index()].storage {
            Storage::Temporary(Some(slot)) => Place::Slot(slot.index()),
            _ => Place::Buffer(buffer.index()),
        }
    }

    fn dim(&self, dim: &Dim) -> i64 {
        self.environment.dim(dim)
    }

    fn position(&self, index: &Index) -> i64 {
        let along = |(axis, stride): &(AxisId, Dim)| self.axes[axis] * self.dim(stride);
        #[allow(clippy::cast_possible_truncation, reason = "an integer")]
        let picked = |(value, stride): &(ValueId, Dim)| self.values[value] as i64 * self.dim(stride);
        let picked: i64 = index.picks.iter().map(picked).sum();
        self.dim(&index.offset) + index.strides.iter().map(along).sum::<i64>() + picked
    }

    fn at(&self, index: &Index) -> usize {
        usize::try_from(self.position(index)).expect("inside the buffer")
    }

    fn holds(&self, guard: &Guard) -> bool {
        let is_within = |within: &Within| (0..self.dim(&within.extent)).contains(&self.position(&within.index));
        guard.0.iter().all(is_within)
    }

    fn load(&self, buffer: BufferId, at: usize) -> f64 {
        self.memory[&self.place(buffer)][at]
    }

    fn store(&mut self, buffer: BufferId, at: usize, value: f64) {
        let place = self.place(buffer);
        self.memory.get_mut(&place).expect("allocated")[at] = value;
    }

    fn block(&mut self, body: &[Stmt]) -> Result<(), Failure> {
        for stmt in body {
            match stmt {
                Stmt::Let(value, expr) => {
                    let result = self.expr(expr);
                    self.values.insert(*value, result);
                }
                Stmt::Store { buffer, index, value } => self.store(*buffer, self.at(index), self.values[value]),
                Stmt::Accumulate { guard, .. } if !self.holds(guard) => {}
                Stmt::Accumulate { buffer, index, kind, value, .. } => {
                    let (at, value) = (self.at(index), self.values[value]);
                    let there = self.load(*buffer, at);
                    self.store(*buffer, at, combine(*kind, there, value));
                }
                Stmt::Fill { buffer, value } => {
                    let length: i64 =
                        self.program.buffers[buffer.index()].shape.iter().map(|dim| self.dim(dim)).product();
                    (0..usize::try_from(length).expect("not negative"))
                        .for_each(|at: usize| self.store(*buffer, at, *value));
                }
                Stmt::Call(call) => call.routine.run(call, &mut Frame { machine: self, call })?,
                Stmt::Loop(inner) => self.turns(inner)?,
            }
        }
        Ok(())
    }

    fn turns(&mut self, inner: &Loop) -> Result<(), Failure> {
        if let Some(short) = inner.short.as_ref().filter(|short| self.dim(&short.size) <= short.at_most) {
            return self.block(&short.form);
        }
        let extent = match &inner.extent {
            Extent::Dim(dim) => self.dim(dim),
            #[allow(clippy::cast_possible_truncation, reason = "an integer")]
            Extent::Value(turns) => self.values[turns] as i64,
        };
        let mut totals: Vec<f64> = (inner.reductions.iter())
            .map(|reduction| match reduction.kind {
                ReductionKind::Reduce(kind) => kind.identity(),
                ReductionKind::Position(_) => f64::NAN,
            })
            .collect();
        let mut best = totals.clone();
        for carry in &inner.carries {
            self.values.insert(carry.value, self.values[&carry.initial]);
        }
        let is_idle = inner.unless_zero.is_some_and(|value| self.values[&value] == 0.0);
        for turn in 0..if is_idle { 0 } else { extent } {
            let at = match inner.direction {
                Direction::Forwards => turn,
                Direction::Backwards => extent - 1 - turn,
            };
            self.axes.insert(inner.axis, at);
            self.block(&inner.body)?;
            for (place, reduction) in inner.reductions.iter().enumerate() {
                let value = self.values[&reduction.value];
                match reduction.kind {
                    ReductionKind::Reduce(kind) => totals[place] = combine(kind, totals[place], value),
                    ReductionKind::Position(extreme) => {
                        let better = match extreme {
                            Extreme::Max => value > best[place],
                            Extreme::Min => value < best[place],
                        };
                        if turn == 0 || better || (value.is_nan() && !best[place].is_nan()) {
                            best[place] = value;
                            totals[place] = at as f64;
                        }
                    }
                }
            }
            for carry in &inner.carries {
                let next = self.values[&carry.next];
                self.values.insert(carry.value, next);
            }
        }
        self.axes.remove(&inner.axis);
        for (reduction, total) in inner.reductions.iter().zip(totals) {
            self.values.insert(reduction.result, total);
        }
        Ok(())
    }

    fn expr(&self, expr: &Expr) -> f64 {
        let value = |id: &ValueId| self.values[id];
        let truth = |holds: bool| f64::from(u8::from(holds));
        match expr {
            Expr::Literal(literal) => literal.value(),
            Expr::Extent(dim) => self.dim(dim) as f64,
            Expr::Position(index) => self.position(index) as f64,
            // The simulation has one lane.
            Expr::Load(buffer, index, guard) if self.holds(guard) => self.load(*buffer, self.at(index)),
            Expr::Load(..) => 0.0,
            Expr::Map(function, operands) => function.eval(&operands.iter().map(value).collect::<Vec<_>>()),
            Expr::Integer(op, a, b) => op.eval_f64(value(a), value(b)),
            Expr::Compare(compare, a, b) => {
                let (a, b) = (value(a), value(b));
                truth(match compare {
                    Compare::Lt => a < b,
                    Compare::Le => a <= b,
                    Compare::Eq => a == b,
                    Compare::Ne => a != b,
                })
            }
            Expr::Logic(Logic::And, operands) => truth(operands.iter().all(|x| value(x) != 0.0)),
            Expr::Logic(Logic::Or, operands) => truth(operands.iter().any(|x| value(x) != 0.0)),
            Expr::Logic(Logic::Not, operands) => truth(value(&operands[0]) == 0.0),
            Expr::Select(condition, yes, no) => value(if value(condition) == 0.0 { no } else { yes }),
            Expr::Keep(operand, guard) => {
                if self.holds(guard) {
                    value(operand)
                } else {
                    0.0
                }
            }
            Expr::Cast(to, operand) => Cast { to: *to }.eval(value(operand)),
        }
    }
}

/// What a call sees of the machine.
struct Frame<'m, 'a> {
    machine: &'m mut Machine<'a>,
    call: &'m Call,
}

impl Frame<'_, '_> {
    fn place(&self, operand: usize, at: &[i64]) -> (BufferId, usize) {
        let Operand { buffer, layout, .. } = &self.call.operands[operand];
        let steps = layout.strides.iter().zip(at).map(|(stride, at)| self.machine.dim(stride) * at);
        let at = self.machine.position(&layout.first) + steps.sum::<i64>();
        (*buffer, usize::try_from(at).expect("inside the buffer"))
    }
}

impl Memory for Frame<'_, '_> {
    fn extent(&self, place: usize) -> i64 {
        self.machine.dim(&self.call.extents[place])
    }

    fn scalar(&self, place: usize) -> Option<f64> {
        self.call.scalars.get(place).map(|scalar| self.machine.values[scalar])
    }

    fn load(&self, operand: usize, at: &[i64]) -> f64 {
        let (buffer, at) = self.place(operand, at);
        self.machine.load(buffer, at)
    }

    fn store(&mut self, operand: usize, at: &[i64], value: f64) {
        let (buffer, at) = self.place(operand, at);
        self.machine.store(buffer, at, value);
    }
}

fn combine(kind: ReduceKind, a: f64, b: f64) -> f64 {
    match kind {
        ReduceKind::Sum => a + b,
        ReduceKind::Product => a * b,
        ReduceKind::Max | ReduceKind::Min if a.is_nan() || b.is_nan() => f64::NAN,
        ReduceKind::Max | ReduceKind::MaxNumber | ReduceKind::Any => a.max(b),
        ReduceKind::Min | ReduceKind::All => a.min(b),
        ReduceKind::LogSumExp | ReduceKind::Norm => unreachable!("legalised away"),
    }
}
