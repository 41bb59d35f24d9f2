//! The verifier of loop programs: values are defined once and before use, in an open scope; indices run over open
//! loops; temporaries are written before they are read, the targets of a step read before they are written; a vector
//! loop has no carries, and no vector loop inside; a step changes nothing of the model before all that may fail.

use super::dependence::{reads_come_first, touching};
use super::program::{
    AxisId, BufferId, Call, Expr, Extent, Index, Loop, Mode, Operand, Program, ProgramResult, Stmt, Storage, ValueId,
};
use super::visit::{effects, guards_fit, may_fail};
use crate::diagnostics::SpanRange;
use crate::graph::Elem;
use crate::pass::Verify;

impl Verify for Program {
    fn verify(&self) -> Result<(), (Option<SpanRange>, String)> {
        verify(self).map_err(|message| (None, message))
    }
}

/// Checks a program.
///
/// # Errors
/// The first rule that is broken.
pub fn verify(program: &Program) -> Result<(), String> {
    let mut state = State {
        program,
        is_defined: vec![false; program.values.len()],
        defined: Vec::new(),
        axes: Vec::new(),
        is_written: vec![false; program.buffers.len()],
        in_lanes: false,
        lanes: None,
    };
    state.block(&program.body)?;
    let is_target = |buffer: BufferId| matches!(program.buffers[buffer.index()].storage, Storage::Target(_));
    // Most programs are no steps, and this runs after every pass.
    if program.buffers.iter().any(|buffer| matches!(buffer.storage, Storage::Target(_))) {
        for (buffer, stmts) in touching(&program.body, is_target) {
            if !reads_come_first(stmts.into_iter(), buffer, buffer) {
                return Err(format!("the target {buffer} is read after it is written"));
            }
        }
        commits_last(program, is_target)?;
    }
    for result in &program.results {
        match result {
            ProgramResult::Scalar(value) => state.uses(*value)?,
            ProgramResult::Buffer(buffer) => state.reads(*buffer)?,
        }
    }
    Ok(())
}

/// A step that fails leaves the model as it was.
fn commits_last(program: &Program, is_target: impl Fn(BufferId) -> bool) -> Result<(), String> {
    let fails = |stmt: &Stmt| may_fail(std::slice::from_ref(stmt));
    let Some(last) = program.body.iter().rposition(fails) else { return Ok(()) };
    match effects(&program.body[..=last]).writes.into_iter().find(|&buffer| is_target(buffer)) {
        Some(buffer) => Err(format!("the target {buffer} is written before all that may fail")),
        None => Ok(()),
    }
}

#[derive(Clone)]
struct State<'a> {
    program: &'a Program,
    is_defined: Vec<bool>,
    /// The values that are, in order: those of a scope are the last ones.
    defined: Vec<ValueId>,
    axes: Vec<AxisId>,
    is_written: Vec<bool>,
    in_lanes: bool,
    /// The axis of the vector loop that is open, and how many values are defined outside of it.
    lanes: Option<(AxisId, usize)>,
}

impl State<'_> {
    fn block(&mut self, body: &[Stmt]) -> Result<(), String> {
        body.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result<(), String> {
        match stmt {
            Stmt::Let(value, expr) => {
                let mut used = Ok(());
                expr.operands(&mut |operand| {
                    if used.is_ok() {
                        used = self.uses(operand);
                    }
                });
                used?;
                if let Expr::Load(buffer, ..) = expr {
                    self.reads(*buffer)?;
                }
                self.indices(stmt)?;
                self.defines(*value)
            }
            Stmt::Store { buffer, value, .. } => {
                self.uses(*value)?;
                self.indices(stmt)?;
                self.writes(*buffer)
            }
            Stmt::Accumulate { buffer, value, .. } => {
                self.uses(*value)?;
                self.indices(stmt)?;
                self.reads(*buffer)?;
                self.writes(*buffer)
            }
            Stmt::Fill { buffer, .. } => self.writes(*buffer),
            Stmt::Call(call) => self.call(call),
            Stmt::Loop(inner) => self.inner(inner),
        }
    }

    fn inner(&mut self, inner: &Loop) -> Result<(), String> {
        if let Some(short) = &inner.short {
            // The one form or the other is run.
            let mut other = self.clone();
            other.block(&short.form)?;
        }
        inner.unless_zero.map_or(Ok(()), |value| self.uses(value))?;
        if inner.is_vector() && (self.in_lanes || !inner.carries.is_empty()) {
            return Err(format!("the vector loop {} has carries, or is inside of one", inner.axis));
        }
        if inner.is_by_rows() && (!self.in_lanes || inner.body.iter().any(|stmt| matches!(stmt, Stmt::Loop(_)))) {
            return Err(format!("the loop {} by rows is in no vector loop, or has loops inside", inner.axis));
        }
        if let Extent::Value(turns) = inner.extent {
            self.uses(turns)?;
            if self.program.values[turns.index()].elem != Elem::Index || self.in_lanes {
                return Err(format!("{turns} is no number of turns, or stands in a vector loop"));
            }
        }
        inner.carries.iter().try_for_each(|carry| self.uses(carry.initial))?;
        if self.axes.contains(&inner.axis) {
            return Err(format!("the axis {} is open twice", inner.axis));
        }
        let (outside, in_lanes, lanes) = (self.defined.len(), self.in_lanes, self.lanes);
        self.in_lanes |= inner.is_vector();
        if inner.is_vector() {
            self.lanes = Some((inner.axis, outside));
        }
        self.axes.push(inner.axis);
        inner.carries.iter().try_for_each(|carry| self.defines(carry.value))?;
        self.block(&inner.body)?;
        inner.carries.iter().try_for_each(|carry| self.uses(carry.next))?;
        inner.reductions.iter().try_for_each(|reduction| self.uses(reduction.value))?;
        inner.ahead.iter().try_for_each(|(_, index)| self.index(index))?;
        self.axes.pop();
        for value in self.defined.drain(outside..) {
            self.is_defined[value.index()] = false;
        }
        (self.in_lanes, self.lanes) = (in_lanes, lanes);
        inner.reductions.iter().try_for_each(|reduction| self.defines(reduction.result))
    }

    fn call(&mut self, call: &Call) -> Result<(), String> {
        call.check()?;
        let (name, routine) = (call.routine.name(), call.routine);
        if !self.axes.is_empty() && (self.in_lanes || routine.needs_scratch() || routine.can_fail()) {
            return Err(format!("{name} is called in a loop, where it may not fail, nor have packs or scratch memory"));
        }
        call.scalars.iter().try_for_each(|scalar| self.uses(*scalar))?;
        call.operands.iter().try_for_each(|operand| self.index(&operand.layout.first))?;
        for Operand { buffer, mode, .. } in &call.operands {
            if *mode != Mode::Write {
                self.reads(*buffer)?;
            }
        }
        let changed = call.operands.iter().filter(|operand| operand.mode.changes());
        changed.map(|operand| operand.buffer).try_for_each(|buffer| self.writes(buffer))
    }

    fn uses(&self, value: ValueId) -> Result<(), String> {
        if self.is_defined[value.index()] { Ok(()) } else { Err(format!("{value} is used where it is not defined")) }
    }

    fn defines(&mut self, value: ValueId) -> Result<(), String> {
        self.defined.push(value);
        if std::mem::replace(&mut self.is_defined[value.index()], true) {
            return Err(format!("{value} is defined twice"));
        }
        Ok(())
    }

    fn reads(&self, buffer: BufferId) -> Result<(), String> {
        let there = &self.program.buffers[buffer.index()];
        if matches!(there.storage, Storage::Leaf(_) | Storage::Target(_)) || self.is_written[buffer.index()] {
            Ok(())
        } else {
            Err(format!("{buffer} is read before it is written"))
        }
    }

    fn writes(&mut self, buffer: BufferId) -> Result<(), String> {
        if let Storage::Leaf(_) = self.program.buffers[buffer.index()].storage {
            return Err(format!("the leaf {buffer} is written to"));
        }
        self.is_written[buffer.index()] = true;
        Ok(())
    }

    /// The indices of a statement: they run over open loops, what is computed in them is an integer, which in lanes is the same
    /// for all of them.
    fn indices(&self, stmt: &Stmt) -> Result<(), String> {
        let mut result = Ok(());
        stmt.indices(&mut |index| {
            if result.is_ok() {
                result = self.index(index);
            }
        });
        result?;
        let Some((axis, outside)) = self.lanes else { return Ok(()) };
        let mut is_inside = false;
        stmt.indices(&mut |index| {
            is_inside |= index.picked().any(|value| self.defined[outside..].contains(&value));
        });
        if is_inside || !guards_fit(stmt, axis) {
            return Err("an integer that is computed in lanes stands in an index, or a guard goes across lanes".into());
        }
        Ok(())
    }

    fn index(&self, index: &Index) -> Result<(), String> {
        for value in index.picked() {
            self.uses(value)?;
            if self.program.values[value.index()].elem != Elem::Index {
                return Err(format!("{value} in an index is no integer"));
            }
        }
        match index.strides.iter().find(|(axis, _)| !self.axes.contains(axis)) {
            Some((axis, _)) => Err(format!("an index runs over {axis}, which is not open")),
            None => Ok(()),
        }
    }
}
