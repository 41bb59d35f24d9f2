//! The text form of a loop program.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Write};

use super::program::{
    BufferId, Depth, Direction, Expr, Extent, Guard, Index, Loop, Operand, Program, ProgramResult, ReductionKind, Run,
    Stmt, Storage, Width, Within,
};
use super::visit::accesses;
use crate::graph::{Dim, Elem, ShapeText};

/// Prints a program: the buffers that it touches, its statements, its results.
#[must_use]
pub fn print(program: &Program) -> String {
    let mut text = String::new();
    let touched = touched(program);
    let buffers = program.buffers.iter().enumerate();
    for (place, buffer) in buffers.filter(|(place, _)| touched.iter().any(|buffer| buffer.index() == *place)) {
        let storage = match buffer.storage {
            Storage::Leaf(kind) => format!("{kind:?}").to_lowercase(),
            Storage::Result(place) => format!("result {place}"),
            Storage::Target(place) => format!("target of result {place}"),
            Storage::Temporary(None) => "temporary".to_owned(),
            Storage::Temporary(Some(slot)) => format!("temporary {slot}"),
        };
        let width = match buffer.cell.width {
            Width::Number => "",
            Width::Pack => " of packs",
        };
        let depth = match buffer.cell.depth {
            Depth::Single => "",
            Depth::Levels => " in levels",
        };
        let of = match buffer.elem {
            Elem::Real => "",
            Elem::Bool => " of truths",
            Elem::Index => " of indices",
        };
        let shape = ShapeText(&buffer.shape);
        let _ = writeln!(text, "b{place} {} {shape}{of}: {storage}{width}{depth}", buffer.name);
    }
    block(&mut text, &program.body, 0);
    for result in &program.results {
        let _ = match result {
            ProgramResult::Scalar(value) => writeln!(text, "-> {value}"),
            ProgramResult::Buffer(buffer) => writeln!(text, "-> {buffer}"),
        };
    }
    text
}

/// The buffers that statements and results name.
fn touched(program: &Program) -> BTreeSet<BufferId> {
    let mut touched = BTreeSet::new();
    touched.extend(program.results.iter().filter_map(|result| match result {
        ProgramResult::Buffer(buffer) => Some(*buffer),
        ProgramResult::Scalar(_) => None,
    }));
    accesses(&program.body, &mut |access| {
        touched.insert(access.buffer);
    });
    touched
}

fn block(text: &mut String, body: &[Stmt], depth: usize) {
    for stmt in body {
        let _ = write!(text, "{:1$}", "", 4 * depth);
        let _ = match stmt {
            Stmt::Let(value, expr) => writeln!(text, "{value} = {expr}"),
            Stmt::Store { buffer, index, value } => writeln!(text, "{buffer}[{index}] = {value}"),
            Stmt::Accumulate { buffer, index, kind, value, guard } => {
                writeln!(text, "{buffer}[{index}] {}= {value}{guard}", kind.name())
            }
            Stmt::Fill { buffer, value } => writeln!(text, "{buffer}[..] = {value}"),
            Stmt::Call(call) => writeln!(text, "{}", call.routine.text(call)),
            Stmt::Loop(inner) => {
                print_loop(text, inner, depth);
                Ok(())
            }
        };
    }
}

/// `v3 = sum v2 for i0 in 0..N in lanes`, then the body.
fn print_loop(text: &mut String, inner: &Loop, depth: usize) {
    for reduction in &inner.reductions {
        let kind = match reduction.kind {
            ReductionKind::Reduce(kind) => kind.name(),
            ReductionKind::Position(extreme) => extreme.name(),
        };
        let _ = write!(text, "{} = {kind} {}, ", reduction.result, reduction.value);
    }
    for carry in &inner.carries {
        let _ = write!(text, "{} from {} becomes {}, ", carry.value, carry.initial, carry.next);
    }
    for sums in &inner.sums {
        let _ = write!(text, "sums {} of {}[{}], ", sums.levels, sums.buffer, sums.first);
    }
    for (buffer, index) in &inner.ahead {
        let _ = write!(text, "asks for {buffer}[{index}], ");
    }
    if let Some(value) = inner.unless_zero {
        let _ = write!(text, "unless {value} is 0, ");
    }
    let direction = match inner.direction {
        Direction::Forwards => "",
        Direction::Backwards => " backwards",
    };
    let run = match inner.run {
        Run::Single => "",
        Run::Lanes => " in lanes",
        Run::Rows => " in lanes, by rows",
    };
    let _ = writeln!(text, "for {} in 0..{}{direction}{run}", inner.axis, inner.extent);
    block(text, &inner.body, depth + 1);
    if let Some(short) = &inner.short {
        let _ = writeln!(text, "{:1$}or, where {2} is at most {3}:", "", 4 * depth, short.size, short.at_most);
        block(text, &short.form, depth + 1);
    }
}

impl Display for Extent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dim(dim) => write!(f, "{dim}"),
            Self::Value(value) => write!(f, "{value}"),
        }
    }
}

impl Display for Operand {
    /// `b4[0 + (0, 1, D)]`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let strides: Vec<String> = self.layout.strides.iter().map(ToString::to_string).collect();
        write!(f, "{}[{} + ({})]", self.buffer, self.layout.first, strides.join(", "))
    }
}

impl Display for Index {
    /// `D*i0 + i1`, `N - 1 - i0`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_alone = self.strides.is_empty() && self.picks.is_empty();
        let offset = (self.offset != Dim::ZERO || is_alone).then(|| self.offset.to_string());
        let axes = self.strides.iter().map(|(axis, stride)| (axis.to_string(), stride));
        let picks = self.picks.iter().map(|(value, stride)| (value.to_string(), stride));
        let terms = axes.chain(picks).map(|(name, stride)| match stride.terms()[..] {
            _ if stride.as_constant() == Some(1) => name,
            _ if stride.as_constant() == Some(-1) => format!("-{name}"),
            [_] => format!("{stride}*{name}"),
            _ => format!("({stride})*{name}"),
        });
        for (place, term) in offset.into_iter().chain(terms).enumerate() {
            match (place, term.strip_prefix('-')) {
                (0, _) => f.write_str(&term)?,
                (_, Some(magnitude)) => write!(f, " - {magnitude}")?,
                (_, None) => write!(f, " + {term}")?,
            }
        }
        Ok(())
    }
}

impl Display for Guard {
    /// ` where 0 <= i0 - 1 < N and 0 <= i1 + 1 < D`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, Within { index, extent }) in self.0.iter().enumerate() {
            let word = if place == 0 { "where" } else { "and" };
            write!(f, " {word} 0 <= {index} < {extent}")?;
        }
        Ok(())
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, values: &[super::program::ValueId]| {
            values.iter().try_for_each(|value| write!(f, " {value}"))
        };
        match self {
            Self::Literal(literal) => match literal.elem {
                Elem::Real => write!(f, "{}", literal.value()),
                Elem::Bool => write!(f, "{}", literal.value() != 0.0),
                Elem::Index => write!(f, "index {}", literal.value()),
            },
            Self::Extent(dim) => write!(f, "extent {dim}"),
            Self::Position(index) => write!(f, "position {index}"),
            Self::Load(buffer, index, guard) => write!(f, "{buffer}[{index}]{guard}"),
            Self::Map(function, operands) => {
                write!(f, "{}", function.name())?;
                list(f, operands)
            }
            Self::Integer(op, a, b) => write!(f, "{} {a} {b}", op.name()),
            Self::Compare(compare, a, b) => write!(f, "{} {a} {b}", format!("{compare:?}").to_lowercase()),
            Self::Logic(logic, operands) => {
                write!(f, "{}", format!("{logic:?}").to_lowercase())?;
                list(f, operands)
            }
            Self::Select(condition, yes, no) => write!(f, "select {condition} {yes} {no}"),
            Self::Keep(operand, guard) => write!(f, "keep {operand}{guard}"),
            Self::Cast(to, operand) => write!(f, "{} {operand}", format!("{to:?}").to_lowercase()),
        }
    }
}
