//! Kernels and entry points of programs that no model has yet: calls in loops, calls that may fail, turns that are counted.

use expect_test::expect;

use crate::emit::testing::{expand_program, part};
use crate::testing::HORNER;

#[test]
fn a_call_is_printed_where_it_stands() {
    let text = expand_program(
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
    let text = expand_program(
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

/// How often, and from where, is said by values: in a loop on its own, and in one that is the same for all lanes.
#[test]
fn turns_are_counted_by_values() {
    let text = expand_program("Horner<N, D> { input a: [N, D], c: [N], e; y = sum(a, D) * c * e; }", HORNER);
    expect![[r#"
        fn run<V: Lanes<T>>(self) {
            let cs = &self.c[..self.n];
            for i in 0..self.n {
                let t1 = cs[i];
                let mut t2 = *self.scalar;
                let mut t3 = T::ZERO;
                for j in 0..::core::cmp::Ord::max(self.scalar_2, 0) as usize {
                    let t4 = self.a[self.d * i + j];
                    t3 = t3 + t4;
                    t2 = t2 * t1 + t4;
                }
                self.y[i] = t3 * *self.scalar;
            }
        }
    "#]]
    .assert_eq(&part(&text, "fn run<V"));
}

/// `y[i] = x[idx[i]] + (x[i - 1], or 0)`
#[test]
fn places_may_be_computed_and_guarded() {
    let text = expand_program(
        "Neighbours<N, K> { input x: [K]; input idx: [N] in K; y = one_hot(idx, K) @ x; }",
        "
        b0 x [K]: input
        b1 y [N]: result 0
        b2 idx [N] of indices: input
        for i0 in 0..N
            v0 = b2[i0]
            v1 = b0[v0]
            v2 = b0[-1 + i0] where 0 <= i0 - 1 < K
            v3 = add v1 v2
            b1[i0] = v3
        -> b1
        ",
    );
    expect![[r#"
        fn run<V: Lanes<T>>(self) {
            let xs = &self.x[..self.k];
            let idxs = &self.idx[..self.n];
            for i in 0..self.n {
                let t1 = idxs[i] as i64;
                let t2 = xs[t1 as isize as usize];
                let t3 = if ((i as isize - 1 as isize) as usize) < self.k {
                    xs[i - 1]
                } else {
                    T::ZERO
                };
                self.y[i] = t2 + t3;
            }
        }
    "#]]
    .assert_eq(&part(&text, "fn run<V"));
}
