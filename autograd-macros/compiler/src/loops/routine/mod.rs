//! Library calls: what a routine of the runtime has to say, so that every stage can deal with it.
//!
//! A routine is one file here and one line in `routines!`. The file says what a call means (for the simulator), how its
//! text looks, how much work it is, whether it can fail, and which function of the runtime does it. Passes know a call by what
//! it does to its operands alone, see [`Stmt::accesses`](super::program::Stmt::accesses).

use std::fmt::{self, Debug};

use super::program::{Call, Index, Layout, Mode, Operand, ValueId};
use crate::graph::Dim;
use crate::ops::ReduceKind;

/// A routine of the runtime.
pub trait Routine: Debug + Sync {
    /// What it is called in text.
    fn name(&self) -> &'static str;

    /// The operands and scalars that it takes, and how many extents: what is checked of every call.
    fn signature(&self) -> Signature;

    /// How many numbers a call computes.
    fn work(&self, call: &Call) -> Dim;

    /// A call in the text form of a program. The default is the same for all routines:
    /// `solve over [N, K]: reads b0[0 + (N, 1)], writes b1[0 + (K, 1)], with v3`.
    fn text(&self, call: &Call) -> String {
        plain_text(call)
    }

    /// The call of a text of its own form.
    #[cfg(test)]
    fn parse(&self, _: &str) -> Option<Call> {
        None
    }

    /// What is wrong with a call, beside what its signature says.
    fn objection(&self, _: &Call) -> Option<String> {
        None
    }

    /// What a call means.
    ///
    /// # Errors
    /// What it says where its operands are none that it has a result for.
    fn run(&self, call: &Call, memory: &mut dyn Memory) -> Result<(), Failure>;

    /// The function of the runtime that does it.
    fn invocation(&self, call: &Call) -> Argument;

    /// Whether a call may fail. What may fail stands at the top level, and a step changes nothing of the model before it.
    fn can_fail(&self) -> bool {
        false
    }

    /// Whether a call needs memory of its own from the workspace. One that does stands at the top level.
    fn needs_scratch(&self) -> bool {
        false
    }

    /// The function of the runtime that says how much of a call's work threads can share; it is given the extents.
    fn shared(&self) -> Option<&'static str> {
        None
    }
}

/// What a routine takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// How many extents.
    pub extents: usize,
    /// For each operand, the extents that its axes have, by their places, and what may be done to it.
    pub operands: Vec<(Vec<usize>, Uses)>,
    /// How many scalars at most.
    pub scalars: usize,
}

/// What a routine may be asked to do with an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uses {
    /// It reads it.
    Reads,
    /// It writes it.
    Writes,
    /// It writes it, or adds to it.
    WritesOrAdds,
}

/// Why a call has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(pub String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a call finds when it runs: its operands by their places, read and written through their layouts.
pub trait Memory {
    /// An extent of the call.
    fn extent(&self, place: usize) -> i64;
    /// A scalar of the call.
    fn scalar(&self, place: usize) -> Option<f64>;
    /// An element of an operand.
    fn load(&self, operand: usize, at: &[i64]) -> f64;
    /// Writes an element of an operand.
    fn store(&mut self, operand: usize, at: &[i64], value: f64);
}

/// An expression that calls the runtime, as data; names are those of the runtime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A size, as a `usize`.
    Size(Dim),
    /// A distance, as an `isize`.
    Distance(Dim),
    /// The place of an element in an array, as an `isize`.
    Position(Index),
    /// A number.
    Value(ValueId),
    /// The array that an operand of this place lies in, to be read or to be changed.
    Array(usize),
    /// The scratch memory of the workspace.
    Scratch,
    /// `[a, b]`
    List(Vec<Argument>),
    /// `runtime::Name { field: a }`
    Record(&'static str, Vec<(&'static str, Argument)>),
    /// `runtime::name(a, b)`, or `runtime::Type::name(a, b)`
    Call(&'static str, Vec<Argument>),
    /// `a.name(b)`
    Method(Box<Argument>, &'static str, Vec<Argument>),
}

impl Argument {
    /// `self.name(arguments)`
    #[must_use]
    pub fn method(self, name: &'static str, arguments: Vec<Argument>) -> Self {
        Self::Method(Box::new(self), name, arguments)
    }
}

macro_rules! routines {
    ($($(#[$meta:meta])* $file:ident :: $name:ident,)*) => {
        $($(#[$meta])* pub(crate) mod $file;)*

        /// All routines.
        pub static ROUTINES: &[&dyn Routine] = &[$($(#[$meta])* &$file::$name,)*];
    };
}

#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
mod tests;

routines! {
    gemm::Gemm,
    #[cfg(test)]
    logarithms::Logarithms,
    #[cfg(test)]
    reverse_rows::ReverseRows,
}

/// The call that a text means.
#[cfg(test)]
pub(crate) fn parse(text: &str) -> Option<Call> {
    let mut routines = ROUTINES.iter().copied();
    routines.find_map(|routine| routine.parse(text).or_else(|| super::parse::plain_call(routine, text)))
}

impl Call {
    /// Checks a call against what its routine takes.
    ///
    /// # Errors
    /// What does not fit.
    pub fn check(&self) -> Result<(), String> {
        let name = self.routine.name();
        let Signature { extents, operands, scalars } = self.routine.signature();
        if self.extents.len() != extents || self.operands.len() != operands.len() || self.scalars.len() > scalars {
            return Err(format!("{name} takes {extents} extents, {} operands, {scalars} scalars", operands.len()));
        }
        for (place, (Operand { layout, mode, .. }, (axes, uses))) in self.operands.iter().zip(&operands).enumerate() {
            let fits = match mode {
                Mode::Read => *uses == Uses::Reads,
                Mode::Write => *uses != Uses::Reads,
                Mode::Add(kind) => *uses == Uses::WritesOrAdds && *kind == ReduceKind::Sum,
            };
            if !fits || layout.strides.len() != axes.len() {
                return Err(format!("operand {place} of {name} has other axes, or is read where it is written"));
            }
        }
        self.routine.objection(self).map_or(Ok(()), Err)
    }
}

/// The text of a call of any routine.
fn plain_text(call: &Call) -> String {
    let list = |parts: Vec<String>| parts.join(", ");
    let extents = list(call.extents.iter().map(ToString::to_string).collect());
    let operands = call.operands.iter().map(|operand| {
        let verb = match operand.mode {
            Mode::Read => "reads",
            Mode::Write => "writes",
            Mode::Add(_) => "adds to",
        };
        format!("{verb} {operand}")
    });
    let scalars = call.scalars.iter().map(|scalar| format!("with {scalar}"));
    format!("{} over [{extents}]: {}", call.routine.name(), list(operands.chain(scalars).collect()))
}

impl Layout {
    /// All of a contiguous array of these extents.
    #[must_use]
    pub fn contiguous(extents: &[Dim]) -> Self {
        let mut strides = vec![Dim::ONE; extents.len()];
        for axis in (1..extents.len()).rev() {
            strides[axis - 1] = crate::ops::lowering::sure(strides[axis].mul(&extents[axis]));
        }
        Self { first: Index::constant(Dim::ZERO), strides }
    }
}
