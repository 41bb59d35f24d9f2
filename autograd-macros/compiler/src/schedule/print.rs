//! The text form of a loop program.

use std::fmt::{self, Display, Write};

use super::program::{Contraction, Expr, Index, Loop, Program, ProgramResult, ReductionKind, Stmt, Storage, Strided};
use crate::graph::ShapeText;

/// Prints a program: buffers, statements, results.
#[must_use]
pub fn print(program: &Program) -> String {
    let mut text = String::new();
    for (place, buffer) in program.buffers.iter().enumerate() {
        let storage = match buffer.storage {
            Storage::Leaf(kind) => format!("{kind:?}").to_lowercase(),
            Storage::Result(place) => format!("result {place}"),
            Storage::Target(place) => format!("target of result {place}"),
            Storage::Temporary(slot) => format!("temporary {slot}"),
        };
        let lanes = if buffer.lanes { " of packs" } else { "" };
        let levels = if buffer.levels { " in levels" } else { "" };
        let _ = writeln!(text, "b{place} {} {}: {storage}{lanes}{levels}", buffer.name, ShapeText(&buffer.shape));
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

fn block(text: &mut String, body: &[Stmt], depth: usize) {
    for stmt in body {
        let _ = write!(text, "{:1$}", "", 4 * depth);
        let _ = match stmt {
            Stmt::Let(value, expr) => writeln!(text, "{value} = {expr}"),
            Stmt::Store { buffer, index, value } => writeln!(text, "{buffer}[{index}] = {value}"),
            Stmt::Accumulate { buffer, index, kind, value } => {
                writeln!(text, "{buffer}[{index}] {}= {value}", kind.name())
            }
            Stmt::Fill { buffer, value } => writeln!(text, "{buffer}[..] = {value}"),
            Stmt::Contract(product) => writeln!(text, "{product}"),
            Stmt::Loop(inner) => {
                print_loop(text, inner, depth);
                Ok(())
            }
        };
    }
}

/// `v3 = sum v2 for i0 in 0..N vector`, then the body.
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
    let direction = if inner.reverse { " backwards" } else { "" };
    let vector = match (inner.vector, inner.by_rows) {
        (true, _) => " in lanes",
        (false, true) => " in lanes, by rows",
        (false, false) => "",
    };
    let _ = writeln!(text, "for {} in 0..{}{direction}{vector}", inner.axis, inner.extent);
    block(text, &inner.body, depth + 1);
}

impl Display for Contraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { batch, rows, columns, depth, left, right, out, scale, add } = self;
        let sign = if *add { "+=" } else { "=" };
        write!(f, "{out}[{batch}, {rows}, {columns}] {sign} ")?;
        if let Some(scale) = scale {
            write!(f, "{scale} * ")?;
        }
        write!(f, "{left} @ {right} over {depth}")
    }
}

impl Display for Strided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { buffer, offset, batch, row, column } = self;
        write!(f, "{buffer}[{offset} + ({batch}, {row}, {column})]")
    }
}

impl Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.offset)?;
        for (axis, stride) in &self.strides {
            match stride.as_constant() {
                Some(1) => write!(f, " + {axis}")?,
                Some(value) => write!(f, " + {value}*{axis}")?,
                None => write!(f, " + ({stride})*{axis}")?,
            }
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
            Self::Literal(literal) => write!(f, "{}", literal.value()),
            Self::Extent(dim) => write!(f, "extent {dim}"),
            Self::Position(index) => write!(f, "position {index}"),
            Self::Load(buffer, index) => write!(f, "{buffer}[{index}]"),
            Self::Map(function, operands) => {
                write!(f, "{}", function.name())?;
                list(f, operands)
            }
            Self::Compare(compare, a, b) => write!(f, "{} {a} {b}", format!("{compare:?}").to_lowercase()),
            Self::Logic(logic, operands) => {
                write!(f, "{}", format!("{logic:?}").to_lowercase())?;
                list(f, operands)
            }
            Self::Select(condition, yes, no) => write!(f, "select {condition} {yes} {no}"),
            Self::Cast(to, operand) => write!(f, "{} {operand}", format!("{to:?}").to_lowercase()),
        }
    }
}
