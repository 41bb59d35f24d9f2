//! Where entry points are cut, and what the pieces hand on.

use expect_test::expect;

use super::*;
use crate::emit::testing::{expand, expand_cut, part};

const MLP: &str = "Mlp<N, D, H> {
    param w1: [D, H], w2: [H], b;
    input x: [N, D], y: [N];
    loss = mean((tanh(x @ w1) @ w2 + b - y)^2);
    step train(rate) -> loss { w1 := w1 - rate * grad(loss, w1); b := b - rate * grad(loss, b); }
}";

#[test]
#[allow(clippy::too_many_lines, reason = "a whole function is printed")]
fn a_chunk_binds_what_it_touches() {
    let text = expand_cut(MLP, 8);
    expect![[r#"
        pub fn loss_and_grad_into(
            &self,
            inputs: &Inputs<'_, T>,
            workspace: &mut Workspace<T>,
            grad: &mut Grad<T>,
        ) -> ::core::result::Result<T, runtime::Error> {
            let [n, d, h] = sizes(self, inputs)?;
            runtime::check_room::<
                T,
            >(&[("intermediate", &[n, h]), ("intermediate", &[n])])?;
            if runtime::wants_pool([
                runtime::Parts::of::<T>(n, &[&[50, h, n], &[184, n]]).shared(1),
                runtime::shared_product::<T>([1, n, h, d], 1),
                runtime::shared_product::<T>([1, d, h, n], 1),
            ]) {
                return runtime::in_pool(|| {
                    self.loss_and_grad_into(inputs, workspace, grad)
                });
            }
            runtime::check_gradient(self, grad)?;
            let slots: runtime::Slots<3> = runtime::Slots::of::<
                T,
            >(
                &[
                    (h * n, 2),
                    (
                        ::core::cmp::Ord::max(
                            runtime::levels::<T>(h, false),
                            if h <= 5 { runtime::levels::<T>(h, true) } else { 0 },
                        ),
                        1,
                    ),
                ],
            );
            let (t1, t2) = self::loss_and_grad_1(
                self,
                inputs,
                workspace,
                n,
                d,
                h,
                &slots,
            );
            self::loss_and_grad_2(workspace, grad);
            let (t3, grad_b) = self::loss_and_grad_3(
                self,
                inputs,
                workspace,
                grad,
                n,
                h,
                &slots,
                t2,
            );
            let loss = self::loss_and_grad_4(
                inputs,
                workspace,
                grad,
                n,
                d,
                h,
                &slots,
                t1,
                t3,
                grad_b,
            );
            ::core::result::Result::Ok(loss)
        }
    "#]]
    .assert_eq(&part(&text, "pub fn loss_and_grad_into"));
    expect![[r#"
        fn loss_and_grad_1<T: runtime::Float>(
            model: &Mlp<T>,
            inputs: &Inputs<'_, T>,
            workspace: &mut Workspace<T>,
            n: usize,
            d: usize,
            h: usize,
            slots: &runtime::Slots<3>,
        ) -> (T, T) {
            let mut copies = workspace.copies.free();
            let x = runtime::in_order(&inputs.x, &mut copies);
            let w1 = runtime::in_order(&model.w1, &mut copies);
            let [numbers_1] = slots.take(&mut workspace.numbers, [0]);
            let t1 = T::from_usize(n);
            let t2 = T::from_f64(2.0) / t1;
            runtime::multiply([n, h, d], x, w1, &mut *numbers_1, &mut workspace.scratch);
            (t1, t2)
        }
    "#]]
    .assert_eq(&part(&text, "fn loss_and_grad_1"));
    expect![[r#"
        fn loss_and_grad_2<T: runtime::Float>(
            workspace: &mut Workspace<T>,
            grad: &mut Grad<T>,
        ) {
            let grad_w2 = runtime::Tensor::<T>::values_mut(&mut grad.w2);
            grad_w2.fill(T::ZERO);
        }
    "#]]
    .assert_eq(&part(&text, "fn loss_and_grad_2"));
}

#[test]
fn steps_write_to_the_model_in_the_end() {
    let text = expand_cut(MLP, 8);
    expect![[r#"
        pub fn train_into(
            &mut self,
            inputs: &Inputs<'_, T>,
            rate: T,
            workspace: &mut Workspace<T>,
        ) -> ::core::result::Result<T, runtime::Error> {
            let [n, d, h] = sizes(self, inputs)?;
            runtime::check_room::<
                T,
            >(&[("intermediate", &[n, h]), ("intermediate", &[n])])?;
            if runtime::wants_pool([
                runtime::Parts::of::<T>(n, &[&[43, h, n], &[184, n]]).shared(1),
                runtime::shared_product::<T>([1, n, h, d], 1),
                runtime::shared_product::<T>([1, d, h, n], 1),
            ]) {
                return runtime::in_pool(|| self.train_into(inputs, rate, workspace));
            }
            let slots: runtime::Slots<2> = runtime::Slots::of::<T>(&[(h * n, 2)]);
            let (t1, t2) = self::step_train_1(self, inputs, workspace, n, d, h, &slots);
            let (t3, t4) = self::step_train_2(self, inputs, workspace, n, h, &slots, t2);
            let loss = self::step_train_3(
                self,
                inputs,
                rate,
                workspace,
                n,
                d,
                h,
                &slots,
                t1,
                t3,
                t4,
            );
            ::core::result::Result::Ok(loss)
        }
    "#]]
    .assert_eq(&part(&text, "pub fn train_into"));
}

#[test]
fn so_is_what_finds_the_sizes() {
    let text = expand_cut("Sizes<N, D> { param w: [D]; input x: [N, D], y: [2 * N]; loss = sum(x @ w) + sum(y); }", 2);
    let mut shown = String::new();
    for first in ["fn sizes<", "fn sizes_1", "fn sizes_2"] {
        shown.push_str(&part(&text, first));
    }
    expect![[r#"
        fn sizes<T: runtime::Float>(
            model: &Sizes<T>,
            inputs: &Inputs<'_, T>,
        ) -> ::core::result::Result<[usize; 2], runtime::Error> {
            let (d, n) = self::sizes_1(model, inputs)?;
            self::sizes_2(model, inputs, d, n)?;
            self::sizes_3(model, inputs)?;
            ::core::result::Result::Ok([n, d])
        }
        fn sizes_1<T: runtime::Float>(
            model: &Sizes<T>,
            inputs: &Inputs<'_, T>,
        ) -> ::core::result::Result<(usize, usize), runtime::Error> {
            let d = model.w.shape()[0];
            let n = inputs.x.shape()[0];
            ::core::result::Result::Ok((d, n))
        }
        fn sizes_2<T: runtime::Float>(
            model: &Sizes<T>,
            inputs: &Inputs<'_, T>,
            d: usize,
            n: usize,
        ) -> ::core::result::Result<(), runtime::Error> {
            runtime::check_dimension(
                "D",
                (runtime::Origin::Parameter("w"), d),
                [inputs.x.shape()[1]],
                &[runtime::Origin::Input("x")],
            )?;
            runtime::check_extent(
                runtime::Origin::Input("y"),
                0,
                "2*N",
                runtime::constant(2) * runtime::exact(n),
                inputs.y.shape()[0],
            )?;
            ::core::result::Result::Ok(())
        }
    "#]]
    .assert_eq(&shown);
}

#[test]
fn nothing_is_cut_that_is_short() {
    assert_eq!(expand(MLP), expand_cut(MLP, usize::MAX));
    assert!(!expand(MLP).contains("part 1 of"));
}

#[test]
fn slots_of_one_length_lie_side_by_side() {
    let mut names = Names::default();
    let slots = [("a", 0), ("b", 1), ("c", 0)];
    let slots = slots.map(|(name, like)| SlotOf { local: names.fresh(name), length: Expr::size(like), like });
    let groups = side_by_side(slots.into());
    let names = |locals: &[Local]| locals.iter().map(|local| local.name.to_string()).collect::<Vec<_>>().join(" ");
    assert_eq!(groups.iter().map(|(_, locals)| names(locals)).collect::<Vec<_>>(), ["a c", "b"]);
}
