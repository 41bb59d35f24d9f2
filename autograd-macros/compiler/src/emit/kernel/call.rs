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

#[cfg(test)]
#[allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]
mod tests {
    use expect_test::expect;
    use quote::quote;

    use crate::diagnostics::Diagnostics;
    use crate::emit::emit;
    use crate::emit::testing::{formatted, parsed, part};
    use crate::loops::parse::parse;
    use crate::pipeline;
    use crate::schedule::optimise;

    /// The code of a model with one output, whose program is another one.
    fn expand(model: &str, program: &str) -> String {
        let mut diagnostics = Diagnostics::default();
        let translated = pipeline::translate(&parsed(model), &mut diagnostics);
        let (model, mut programs) = translated.expect("a model without mistakes is translated");
        let mut program = parse(program).expect("it is a program");
        optimise(&mut program, &mut |_, _| {});
        programs.entries[0].program = program;
        formatted(emit(&model, &programs, &quote!(::autograd_core)).expect("what is emitted is right"))
    }

    #[test]
    fn a_call_is_printed_where_it_stands() {
        let text = expand(
            "Rows<N, K> { input x: [N, K]; y = flip(x)^2; }",
            "
            b0 x [N, K]: input
            b1 y [N, K]: result 0
            b2 t [N, K]: temporary
            b3 t [N, K]: temporary
            reverse_rows over [N, K]: reads b0[0 + (K, 1)], writes b3[0 + (K, 1)]
            for i0 in 0..N
                reverse_rows over [K, 1]: reads b3[K*i0 + (1, 1)], writes b2[K*i0 + (1, 1)]
                for i1 in 0..K
                    v0 = b2[K*i0 + i1]
                    v1 = square v0
                    b1[K*i0 + i1] = v1
            -> b1
            ",
        );
        expect![[r#"
            fn run<V: Lanes<T>>(self) {
                for i in 0..self.n {
                    runtime::reverse_rows(
                        [self.k, 1],
                        [(self.k * i) as isize, (self.k * i) as isize],
                        &self.t,
                        &mut self.y,
                    );
                    sweep::<
                        T,
                        V,
                        0,
                    >(
                        self.k,
                        #[inline(always)]
                        |at| {
                            let t1 = V::load(self.y, self.k * i, at);
                            t1.square().store(self.y, self.k * i, at);
                            []
                        },
                    );
                }
            }
            pub fn y_into(
                &self,
                inputs: &Inputs<'_, T>,
                workspace: &mut Workspace<T>,
                out: &mut runtime::ndarray::Array2<T>,
            ) -> ::core::result::Result<(), runtime::Error> {
                let [n, k] = sizes(self, inputs)?;
                runtime::check_room::<T>(&[("y", &[n, k])])?;
                let mut copies = workspace.copies.free();
                let x = runtime::in_order(&inputs.x, &mut copies);
                let y = runtime::shaped(out, [n, k]);
                let [numbers_1] = runtime::slots(&mut workspace.numbers, [k * n]);
                runtime::reverse_rows([n, k], [0, 0], x, &mut *numbers_1);
                T::dispatch(kernels::OutputY1 {
                    t: &*numbers_1,
                    y: &mut *y,
                    k,
                    n,
                });
                ::core::result::Result::Ok(())
            }
        "#]]
        .assert_eq(&(part(&text, "fn run<V") + &part(&text, "fn y_into")));
    }

    /// What may fail hands its failure on, and what the entry point is cut into does too.
    #[test]
    fn a_call_that_may_fail_returns() {
        let text = expand(
            "Logs<N> { input x: [N], c; y = log(x) * c; }",
            "
            b0 x [N]: input
            b1 y [N]: result 0
            b2 c []: input
            v0 = b2[0]
            logarithms over [N]: reads b0[0 + (1)], writes b1[0 + (1)], with v0
            -> b1
            ",
        );
        expect![[r#"
            pub fn y_into(
                &self,
                inputs: &Inputs<'_, T>,
                workspace: &mut Workspace<T>,
                out: &mut runtime::ndarray::Array1<T>,
            ) -> ::core::result::Result<(), runtime::Error> {
                let [n] = sizes(self, inputs)?;
                runtime::check_room::<T>(&[("y", &[n])])?;
                let mut copies = workspace.copies.free();
                let x = runtime::in_order(&inputs.x, &mut copies);
                let y = runtime::shaped(out, [n]);
                runtime::logarithms(n, x, &mut *y, inputs.c)?;
                ::core::result::Result::Ok(())
            }
        "#]]
        .assert_eq(&part(&text, "fn y_into"));
    }
}
