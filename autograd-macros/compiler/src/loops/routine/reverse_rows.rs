//! A toy of the tests: the rows of a matrix, the last one first.

use super::{Argument, Failure, Memory, Routine, Signature, Uses};
use crate::graph::Dim;
use crate::loops::program::Call;
use crate::ops::lowering::sure;

/// `out[i, j] = x[rows - 1 - i, j]`
#[derive(Clone, Copy, Debug)]
pub struct ReverseRows;

impl Routine for ReverseRows {
    fn name(&self) -> &'static str {
        "reverse_rows"
    }

    fn signature(&self) -> Signature {
        Signature { extents: 2, operands: vec![(vec![0, 1], Uses::Reads), (vec![0, 1], Uses::Writes)], scalars: 0 }
    }

    fn work(&self, call: &Call) -> Dim {
        sure(call.extents[0].mul(&call.extents[1]))
    }

    fn run(&self, _: &Call, memory: &mut dyn Memory) -> Result<(), Failure> {
        let [rows, columns] = [0, 1].map(|place| memory.extent(place));
        for i in 0..rows {
            for j in 0..columns {
                memory.store(1, &[i, j], memory.load(0, &[rows - 1 - i, j]));
            }
        }
        Ok(())
    }

    fn invocation(&self, call: &Call) -> Argument {
        let sizes = call.extents.iter().cloned().map(Argument::Size).collect();
        let places = call.operands.iter().map(|operand| Argument::Position(operand.layout.first.clone())).collect();
        let arguments = vec![Argument::List(sizes), Argument::List(places), Argument::Array(0), Argument::Array(1)];
        Argument::Call("reverse_rows", arguments)
    }
}
