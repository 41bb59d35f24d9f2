//! Library calls as Rust: what a routine says in data, with the names of the function at hand.

use super::body::Body;
use super::by_reference;
use crate::emit::rust::tree::{Expr, Path};
use crate::loops::program::{Call, Storage};
use crate::loops::routine::Argument;

impl Body<'_> {
    /// `runtime::multiply([n, h, d], x, w, out, &mut workspace.scratch)`, with a `?` if it may fail.
    pub(crate) fn call(&self, call: &Call, scratch: Option<&Expr>) -> Expr {
        let written = self.argument(call, &call.routine.invocation(call), scratch);
        if call.routine.can_fail() { written.or_fail() } else { written }
    }

    fn argument(&self, call: &Call, argument: &Argument, scratch: Option<&Expr>) -> Expr {
        let all = |arguments: &[Argument]| -> Vec<Expr> {
            arguments.iter().map(|argument| self.argument(call, argument, scratch)).collect()
        };
        let in_runtime = |name: &'static str| Path::from("runtime").then(name);
        match argument {
            Argument::Size(dim) => self.places.dim(dim),
            Argument::Distance(dim) => self.places.signed(dim),
            Argument::Position(index) => self.places.signed_index(index, None),
            Argument::Value(value) => self.get(*value),
            Argument::Array(operand) => self.operand(call, *operand),
            Argument::Scratch => {
                let missing = || Expr::Missing(format!("the memory of `{}` in a loop", call.routine.name()));
                scratch.cloned().unwrap_or_else(missing)
            }
            Argument::List(arguments) => Expr::Array(all(arguments)),
            Argument::Record(name, fields) => {
                let fields = fields.iter().map(|(name, value)| ((*name).into(), self.argument(call, value, scratch)));
                Expr::structure(in_runtime(name), fields)
            }
            Argument::Call(name, arguments) => Expr::call(in_runtime(name), all(arguments)),
            Argument::Method(receiver, name, arguments) => {
                self.argument(call, receiver, scratch).method(*name, all(arguments))
            }
        }
    }

    /// The array of an operand: leaves are found as slices, everything else is borrowed.
    fn operand(&self, call: &Call, operand: usize) -> Expr {
        let operand = &call.operands[operand];
        let is_leaf = matches!(self.program.buffers[operand.buffer.index()].storage, Storage::Leaf(_));
        let place = self.buffer(operand.buffer);
        if is_leaf && !operand.mode.changes() { place } else { by_reference(place, operand.mode.changes()) }
    }
}
