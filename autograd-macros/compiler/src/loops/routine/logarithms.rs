//! A toy of the tests that can fail: the logarithms of a row, times a number, if none is negative.

use super::{Argument, Failure, Memory, Routine, Signature, Uses};
use crate::graph::Dim;
use crate::loops::program::Call;

/// `out[i] = scale · ln(x[i])`
#[derive(Clone, Copy, Debug)]
pub struct Logarithms;

impl Routine for Logarithms {
    fn name(&self) -> &'static str {
        "logarithms"
    }

    fn signature(&self) -> Signature {
        Signature { extents: 1, operands: vec![(vec![0], Uses::Reads), (vec![0], Uses::Writes)], scalars: 1 }
    }

    fn work(&self, call: &Call) -> Dim {
        call.extents[0].clone()
    }

    fn run(&self, _: &Call, memory: &mut dyn Memory) -> Result<(), Failure> {
        for i in 0..memory.extent(0) {
            let x = memory.load(0, &[i]);
            if x < 0.0 {
                return Err(Failure(format!("element {i} is negative")));
            }
            memory.store(1, &[i], memory.scalar(0).unwrap_or(1.0) * x.ln());
        }
        Ok(())
    }

    fn invocation(&self, call: &Call) -> Argument {
        let scale = call.scalars.iter().copied().map(Argument::Value);
        let arguments = [Argument::Size(call.extents[0].clone()), Argument::Array(0), Argument::Array(1)];
        Argument::Call("logarithms", arguments.into_iter().chain(scale).collect())
    }

    fn can_fail(&self) -> bool {
        true
    }
}
