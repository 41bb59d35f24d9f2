//! Snapshots of what is emitted.
#![allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

use expect_test::{Expect, expect};
use quote::quote;

use super::emit;
use super::testing::{expand, formatted, part};
use crate::testing::models::{compiled, parsed};

fn check(text: &str, first: &str, expected: &Expect) {
    expected.assert_eq(&part(text, first));
}

const LINEAR_REGRESSION: &str = "/// y = w·x + b by least squares.
    pub LinearRegression<N> {
        param w, b;
        input x: [N], y: [N];
        loss = mean((0.5 * (w*x + b - y))^2);
    }";

#[test]
fn the_gradient_alone_has_a_program_where_that_is_less() {
    let shares = "self.loss_and_grad_into(inputs, workspace, grad).map(|_| ())";
    let line = expand(LINEAR_REGRESSION);
    assert!(line.contains(shares) && !line.contains("kernels::Grad1"), "{line}");
    // Of a loss that is linear in the parameter, the gradient needs none of the rest.
    let linear = expand("Linear<N> { param w: [N]; input x: [N]; loss = sum(w * x + exp(sin(x)) * tanh(x)); }");
    assert!(!linear.contains(shares) && linear.contains("kernels::Grad1"), "{linear}");
}

#[test]
fn what_entry_points_compute_alike_is_one_kernel() {
    let text = expand("Mlp<N, D> { param w: [D, D], v: [D, D]; input x: [N, D]; loss = sum((exp(x @ w) @ v)^2); }");
    // The hidden layer, of the loss and of the loss with its gradient.
    assert_eq!(text.matches("kernels::Loss1 {").count(), 2, "{text}");
    assert!(!text.contains("LossAndGrad1") && text.contains("LossAndGrad2"), "{text}");
}

#[test]
fn one_pass_gives_loss_and_gradient() {
    let text = expand(LINEAR_REGRESSION);
    check(
        &text,
        "for LossAndGrad1<'_, T>",
        &expect![[r#"
            impl<T: Float> Split<T, 0, 0> for LossAndGrad1<'_, T> {
                type Output = (T, T, T);
                #[inline(always)]
                fn run<V: Lanes<T>>(self, _: Own<'_, T, 0, 0>) -> (T, T, T) {
                    let w = V::splat(*self.w);
                    let b = V::splat(*self.b);
                    let t1 = V::splat(self.t2);
                    let [t4, grad_b, grad_w] = sweep::<
                        T,
                        V,
                        3,
                    >(
                        self.turns,
                        #[inline(always)]
                        |at| {
                            let y = V::load(self.y, 0, at);
                            let x = V::load(self.x, 0, at);
                            let t2 = w.mul_add(x, b) - y;
                            let t3 = t1 * t2;
                            [t2.square(), t3, x * t3]
                        },
                    );
                    (t4, grad_b, grad_w)
                }
                fn split_off(&mut self, at: Turn) -> Self {
                    let rest = Self {
                        y: at.rest(self.y, 1),
                        x: at.rest(self.x, 1),
                        turns: self.turns - at.0,
                        ..*self
                    };
                    self.turns = at.0;
                    rest
                }
                fn join(
                    (left_1, left_2, left_3): (T, T, T),
                    (right_1, right_2, right_3): (T, T, T),
                ) -> (T, T, T) {
                    (left_1 + right_1, left_2 + right_2, left_3 + right_3)
                }
            }
        "#]],
    );
    check(
        &text,
        "pub fn loss_and_grad_into",
        &expect![[r#"
            pub fn loss_and_grad_into(
                &self,
                inputs: &Inputs<'_, T>,
                workspace: &mut Workspace<T>,
                grad: &mut Grad<T>,
            ) -> ::core::result::Result<T, runtime::Error> {
                let [n] = sizes(self, inputs)?;
                let parts = runtime::Parts::of::<T>(n, &[&[12, n]]);
                if runtime::wants_pool([parts.shared(1)]) {
                    return runtime::in_pool(|| {
                        self.loss_and_grad_into(inputs, workspace, grad)
                    });
                }
                let mut copies = workspace.copies.free();
                let y = runtime::in_order(&inputs.y, &mut copies);
                let x = runtime::in_order(&inputs.x, &mut copies);
                let t1 = T::from_usize(n);
                let t2 = T::from_f64(0.5) / t1;
                let (t3, grad_b, grad_w) = parts
                    .run(kernels::LossAndGrad1 {
                        y,
                        x,
                        w: &self.w,
                        b: &self.b,
                        t2,
                        turns: n,
                    });
                let loss = t3 / (T::from_f64(4.0) * t1);
                grad.w = grad_w;
                grad.b = grad_b;
                ::core::result::Result::Ok(loss)
            }
        "#]],
    );
}

#[test]
fn a_bound_model_reads_what_was_computed_once() {
    let text = expand(
        "Logs<N> {
            param w;
            input x: [N];
            let logs = log(x);
            loss = sum(tanh(w * logs));
        }",
    );
    check(
        &text,
        "fn prepare<",
        &expect![[r#"
            fn prepare<T: runtime::Float>(
                inputs: &Inputs<'_, T>,
                sizes: [usize; 1],
                workspace: &mut Workspace<T>,
                prepared: &mut Prepared<T>,
            ) -> ::core::result::Result<(), runtime::Error> {
                let [n] = sizes;
                runtime::check_room::<T>(&[("prepared_1", &[n])])?;
                let parts = runtime::Parts::of::<T>(n, &[&[21, n]]);
                if runtime::wants_pool([parts.shared(1)]) {
                    return runtime::in_pool(|| prepare(inputs, sizes, workspace, prepared));
                }
                let mut copies = workspace.copies.free();
                let x = runtime::in_order(&inputs.x, &mut copies);
                let prepared_1 = runtime::grow(&mut prepared.prepared_1, n);
                parts
                    .run(kernels::Prepare1 {
                        x,
                        prepared_1: &mut *prepared_1,
                        turns: n,
                    });
                ::core::result::Result::Ok(())
            }
        "#]],
    );
    check(
        &text,
        "fn bound_sizes<",
        &expect![[r#"
        fn bound_sizes<T: runtime::Float>(
            bound: &Bound<'_, T>,
        ) -> ::core::result::Result<[usize; 1], runtime::Error> {
            let [n] = bound.sizes;
            ::core::result::Result::Ok(bound.sizes)
        }
    "#]],
    );
    let bound = &text[text.find("for Bound").expect("there is a bound model")..];
    check(
        bound,
        "pub fn loss_into",
        &expect![[r#"
            pub fn loss_into(
                &self,
                workspace: &mut Workspace<T>,
            ) -> ::core::result::Result<T, runtime::Error> {
                let [n] = bound_sizes(self)?;
                let parts = runtime::Parts::of::<T>(n, &[&[26, n]]);
                if runtime::wants_pool([parts.shared(1)]) {
                    return runtime::in_pool(|| self.loss_into(workspace));
                }
                let prepared_1 = self.prepared.prepared_1.as_slice();
                let mut copies = workspace.copies.free();
                let x = runtime::in_order(&self.inputs.x, &mut copies);
                let loss = parts
                    .run(kernels::BoundLoss1 {
                        prepared_1,
                        x,
                        w: &self.model.w,
                        turns: n,
                    });
                ::core::result::Result::Ok(loss)
            }
        "#]],
    );
}

#[test]
fn sizes_are_bound_and_checked() {
    let text = expand(
        "Sizes<N, K> {
            param a: [N-1];
            input x: [N], y: [2*K], label: [N] in K;
            loss = sum(a^2) + sum(x) + sum(y) + sum(one_hot(label, K));
        }",
    );
    check(
        &text,
        "fn sizes",
        &expect![[r#"
            fn sizes<T: runtime::Float>(
                model: &Sizes<T>,
                inputs: &Inputs<'_, T>,
            ) -> ::core::result::Result<[usize; 2], runtime::Error> {
                let n = inputs.x.shape()[0];
                runtime::check_dimension(
                    "N",
                    (runtime::Origin::Input("x"), n),
                    [inputs.label.shape()[0]],
                    &[runtime::Origin::Input("label")],
                )?;
                runtime::check_extent(
                    runtime::Origin::Parameter("a"),
                    0,
                    "N - 1",
                    runtime::constant(-1) + runtime::exact(n),
                    model.a.shape()[0],
                )?;
                let k = (runtime::exact(inputs.y.shape()[0]) / runtime::constant(2))
                    .solution(runtime::Origin::Input("y"), 0, "2*K", "K", inputs.y.shape()[0])?;
                runtime::check_copy(runtime::Origin::Input("x"), &inputs.x)?;
                runtime::check_copy(runtime::Origin::Input("y"), &inputs.y)?;
                runtime::check_copy(runtime::Origin::Input("label"), &inputs.label)?;
                runtime::check_classes(runtime::Origin::Input("label"), &inputs.label, "K", k)?;
                ::core::result::Result::Ok([n, k])
            }
        "#]],
    );
}

#[test]
fn steps_change_nothing_before_the_end() {
    let text = expand(
        "Momentum<N> {
            param w: [N];
            state m: [N];
            input x: [N];
            loss = sum((w - x)^2);
            step train(rate) -> loss {
                m := 0.9 * m + grad(loss, w);
                w := w - rate * m;
            }
        }",
    );
    check(
        &text,
        "pub fn train_into",
        &expect![[r#"
            pub fn train_into(
                &mut self,
                inputs: &Inputs<'_, T>,
                rate: T,
                workspace: &mut Workspace<T>,
            ) -> ::core::result::Result<T, runtime::Error> {
                let [n] = sizes(self, inputs)?;
                let parts = runtime::Parts::of::<T>(n, &[&[22, n]]);
                if runtime::wants_pool([parts.shared(1)]) {
                    return runtime::in_pool(|| self.train_into(inputs, rate, workspace));
                }
                let mut copies = workspace.copies.free();
                let x = runtime::in_order(&inputs.x, &mut copies);
                let m = runtime::Tensor::<T>::values_mut(&mut self.m);
                let w = runtime::Tensor::<T>::values_mut(&mut self.w);
                let loss = parts
                    .run(kernels::StepTrain1 {
                        x,
                        w: &mut *w,
                        m: &mut *m,
                        rate: &rate,
                        turns: n,
                    });
                ::core::result::Result::Ok(loss)
            }
        "#]],
    );
}

#[test]
fn a_softmax_goes_row_by_row() {
    let text = expand("Rows<N, K> { input x: [N, K]; p = softmax(x, K); }");
    check(
        &text,
        "for OutputP1<'_, T>",
        &expect![[r#"
            impl<T: Float> Split<T, 0, 0> for OutputP1<'_, T> {
                type Output = ();
                #[inline(always)]
                fn run<V: Lanes<T>>(self, _: Own<'_, T, 0, 0>) {
                    for i in 0..self.turns {
                        let x_row = Parts::row(self.x, i, self.k);
                        let p_row = Parts::row_mut(self.p, i, self.k);
                        let mut largest = MaxNumber::<T, V>::new();
                        sweep::<
                            T,
                            V,
                            0,
                        >(
                            self.k,
                            #[inline(always)]
                            |at| {
                                let x = V::load(x_row, 0, at);
                                largest.push(x, at);
                                []
                            },
                        );
                        let largest = largest.finish();
                        let t1 = if largest == T::NEG_INFINITY { T::ZERO } else { largest };
                        let [t3] = {
                            let t1 = V::splat(t1);
                            sweep::<
                                T,
                                V,
                                1,
                            >(
                                self.k,
                                #[inline(always)]
                                |at| {
                                    let x = V::load(x_row, 0, at);
                                    let t2 = (x - t1).exp();
                                    t2.store(p_row, 0, at);
                                    [t2]
                                },
                            )
                        };
                        let t4 = t3.recip();
                        {
                            let t4 = V::splat(t4);
                            sweep::<
                                T,
                                V,
                                0,
                            >(
                                self.k,
                                #[inline(always)]
                                |at| {
                                    let t = V::load(p_row, 0, at);
                                    let p = t * t4;
                                    p.store(p_row, 0, at);
                                    []
                                },
                            )
                        };
                    }
                }
                fn split_off(&mut self, at: Turn) -> Self {
                    let rest = Self {
                        x: at.rest(self.x, self.k),
                        p: at.split(&mut self.p, self.k),
                        turns: self.turns - at.0,
                        ..*self
                    };
                    self.turns = at.0;
                    rest
                }
            }
        "#]],
    );
}

/// Two rows of `x` in a turn: only that of the result is one slice.
#[test]
fn a_row_is_a_slice_if_a_turn_keeps_to_it() {
    let text = expand("Steps<N, K> { input x: [N + 1, K]; p = softmax(x[1.., ..] - x[..N, ..], K); }");
    let kernel = part(&text, "for OutputP1<'_, T>");
    assert!(kernel.contains("let p_row = Parts::row_mut(self.p, i, self.k);"), "{kernel}");
    assert!(kernel.contains("V::load(self.x, self.k * i, at)"), "{kernel}");
    assert!(!kernel.contains("x_row"), "{kernel}");
    let short = expand("Short<N> { input x: [N, 16]; p = softmax(x, axis = 1); }");
    assert!(!short.contains("_row"), "{short}");
}

#[test]
fn nothing_is_copied_or_allocated_in_the_loop() {
    for model in [
        LINEAR_REGRESSION,
        "Mlp<N, D, H> {
        param w: [D, H], b: [H];
        input x: [N, D];
        hidden = tanh(x @ w + b);
        loss = mean(hidden^2);
    }",
    ] {
        let text = expand(model);
        for word in ["unsafe", ".clone()", ".to_vec()", ".to_owned()", "collect", "Box", "unwrap"] {
            assert!(!text.contains(word), "{word} in\n{text}");
        }
        // The module may stand in a function, where nothing can be said to be around it.
        assert_eq!(
            text.matches("super::").count(),
            1,
            "more than what the definition takes from the module in\n{text}"
        );
        let kernels = &text[text.find("mod kernels").expect("there are loops")..];
        assert!(!kernels.contains("Vec"), "{kernels}");
    }
}

#[test]
fn what_users_read() {
    let text = expand(
        "#[cfg(test)]
        #[cfg_attr(test, derive(Eq))]
        /// A classifier.
        Classes<N, D, K> {
            /// The weights.
            param w: [D, K] = kaiming_uniform();
            param b: [K];
            input x: [N, D], label: [N] in K;
            loss = mean(cross_entropy(x @ w + b, label));
            /// One turn.
            step train(
                /// How far.
                rate,
                hint: [N] in 3,
            ) -> loss {
                w := w - rate * grad(loss, w) * sum(one_hot(hint, 3));
            }
        }",
    );
    let private =
        text.find("/// Finds the size").expect("there are sizes")..text.rfind("#[cfg").expect("there is a re-export");
    let lines = text[..private.start].lines().chain(text[private.end..].lines()).map(str::trim);
    let read: Vec<&str> =
        lines.filter(|line| ["//", "#[cfg", "pub "].iter().any(|start| line.starts_with(start))).collect();
    expect![[r#"
        /// What belongs to the model [`Classes`]: its inputs, outputs and buffers.
        #[cfg(test)]
        /// A classifier.
        ///
        /// In its module: [`classes::Inputs`](Inputs), [`classes::Outputs`](Outputs), [`classes::Grad`](Grad), [`classes::Dims`](Dims) and [`classes::Workspace`](Workspace).
        ///
        /// # Formulas
        /// ```text
        /// loss = mean(cross_entropy(x @ w + b, label))
        /// t1 = (softmax(x @ w + b, K) - one_hot(label, K)) / N
        /// ∂loss/∂w = x.T @ t1
        /// ∂loss/∂b = sum(t1, N)
        /// ```
        #[cfg(test)]
        #[cfg_attr(test, derive(Eq))]
        pub struct Classes<T = f64> {
        /// The weights.
        ///
        /// A parameter: `[D, K]`; starts from `kaiming_uniform()`.
        pub w: runtime::ndarray::Array2<T>,
        /// A parameter: `[K]`; starts from `0`.
        pub b: runtime::ndarray::Array1<T>,
        pub use definition::Classes;
        /// The model with each number the nearest of another type: `model.cast::<f32>()`.
        pub fn cast<U: runtime::Float>(&self) -> Classes<U> {
        /// The dimensions that are fixed when a [`Classes`] is made.
        pub struct Dims {
        /// The dimension `D`.
        pub d: usize,
        /// The dimension `K`.
        pub k: usize,
        /// What a call of [`Classes`] is given. `classes::Inputs::new(&x, &label)` takes arrays by reference; between braces a field is a view: `x: x.view()`.
        pub struct Inputs<'a, T = f64> {
        /// An input: `[N, D]`.
        pub x: runtime::ndarray::ArrayView2<'a, T>,
        /// An input: class indices `[N]` in `0..K`.
        pub label: runtime::ndarray::ArrayView1<'a, usize>,
        /// The inputs in the order in which the model declares them. An array is given by reference or as a view.
        pub fn new(
        /// The observations are the rows along `N`; what has no such axis is given whole.
        /// What a [`Classes`] computes. The default is a buffer without size, which grows when it is first used.
        pub struct Outputs<T = f64> {
        /// An output: a number.
        pub loss: T,
        /// The gradient of a [`Classes`]: one tensor for each parameter, in its shape.
        pub struct Grad<T = f64> {
        /// ∂loss/∂w: `[D, K]`.
        pub w: runtime::ndarray::Array2<T>,
        /// ∂loss/∂b: `[K]`.
        pub b: runtime::ndarray::Array1<T>,
        /// Zeros in the shapes of the model's parameters.
        pub fn zeros(model: &Classes<T>) -> Self {
        /// The buffers that a [`Classes`] computes in. They grow to what a call needs and stay for the next.
        pub struct Workspace<T = f64> {
        /// The memory that the buffers hold, in bytes: what the largest calls so far have needed, beside the
        /// caller's arrays. Large loops and products need more of it on more threads.
        pub fn bytes(&self) -> usize {
        /// A model whose parameters are drawn from `rng`, each from a stream of its own.
        ///
        /// # Panics
        /// If a shape works out to a negative size, or there is not enough memory for it.
        pub fn new(dims: Dims, rng: &mut impl runtime::rand::Rng) -> Self {
        /// All outputs.
        ///
        /// # Errors
        /// If the sizes of inputs and parameters do not fit together, or a class index is out of range.
        pub fn outputs(
        /// All outputs, written to `outputs`, whose arrays are made anew where they have not the right shape.
        ///
        /// # Errors
        /// If the sizes of inputs and parameters do not fit together, or a class index is out of range. What `outputs` holds is then not specified.
        pub fn outputs_into(
        /// The output `loss`, a number.
        ///
        /// # Errors
        /// If the sizes of inputs and parameters do not fit together, or a class index is out of range.
        pub fn loss(
        /// The output `loss`, computed in the caller's buffers.
        ///
        /// # Errors
        /// If the sizes of inputs and parameters do not fit together, or a class index is out of range.
        pub fn loss_into(
        /// The gradient of the loss with respect to each parameter.
        ///
        /// # Errors
        /// If the sizes of inputs and parameters do not fit together, or a class index is out of range.
        pub fn grad(
        /// The gradient of the loss, written to `grad`.
        ///
        /// # Errors
        /// If the sizes of inputs and parameters do not fit together, or a class index is out of range. The same if `grad` was made for other shapes.
        pub fn grad_into(
        /// The loss, and its gradient with respect to each parameter.
        ///
        /// # Errors
        /// If the sizes of inputs and parameters do not fit together, or a class index is out of range.
        pub fn loss_and_grad(
        /// The loss; its gradient is written to `grad`.
        ///
        /// # Errors
        /// If the sizes of inputs and parameters do not fit together, or a class index is out of range. The same if `grad` was made for other shapes.
        pub fn loss_and_grad_into(
        /// One turn.
        ///
        /// The step `train`: assigns to `w`.
        ///
        /// - `rate`: a number.
        ///   How far.
        /// - `hint`: class indices `[N]` in `0..3`.
        ///
        /// # Errors
        /// If the sizes of inputs and parameters do not fit together, or a class index is out of range. Nothing has changed then.
        pub fn train(
        /// The step `train`: assigns to `w`. It computes in the caller's buffers.
        ///
        /// - `rate`: a number.
        ///   How far.
        /// - `hint`: class indices `[N]` in `0..3`.
        ///
        /// # Errors
        /// If the sizes of inputs and parameters do not fit together, or a class index is out of range. Nothing has changed then.
        pub fn train_into(
        /// A [`Classes`] with inputs of its own, made by [`Classes::bind`]. It is a model like any other, whose calls are given `&()` for inputs.
        pub struct Bound<'i, T = f64> {
        /// The model: its parameters may be read and written as they are.
        pub model: Classes<T>,
        /// Binds the model to inputs: what no parameter touches is computed here, once, and not at every call.
        ///
        /// Nothing costly in this model is untouched by all of its parameters, states and arguments of steps: a bound model computes what the model does.
        ///
        /// ```text
        /// let bound = model.bind(&inputs)?;
        /// let result = bound.loss_and_grad()?;
        /// ```
        ///
        /// # Errors
        /// If the sizes of inputs and parameters do not fit together, or a class index is out of range.
        pub fn bind<'i>(
        /// All outputs.
        ///
        /// # Errors
        /// If the sizes of inputs and parameters do not fit together any more.
        pub fn outputs(&self) -> ::core::result::Result<Outputs<T>, runtime::Error> {
        /// All outputs, written to `outputs`, whose arrays are made anew where they have not the right shape.
        ///
        /// # Errors
        /// If the sizes of inputs and parameters do not fit together any more. What `outputs` holds is then not specified.
        pub fn outputs_into(
        /// The output `loss`, a number.
        ///
        /// # Errors
        /// If the sizes of inputs and parameters do not fit together any more.
        pub fn loss(&self) -> ::core::result::Result<T, runtime::Error> {
        /// The output `loss`, computed in the caller's buffers.
        ///
        /// # Errors
        /// If the sizes of inputs and parameters do not fit together any more.
        pub fn loss_into(
        /// The gradient of the loss with respect to each parameter.
        ///
        /// # Errors
        /// If the sizes of inputs and parameters do not fit together any more.
        pub fn grad(&self) -> ::core::result::Result<Grad<T>, runtime::Error> {
        /// The gradient of the loss, written to `grad`.
        ///
        /// # Errors
        /// If the sizes of inputs and parameters do not fit together any more. The same if `grad` was made for other shapes.
        pub fn grad_into(
        /// The loss, and its gradient with respect to each parameter.
        ///
        /// # Errors
        /// If the sizes of inputs and parameters do not fit together any more.
        pub fn loss_and_grad(
        /// The loss; its gradient is written to `grad`.
        ///
        /// # Errors
        /// If the sizes of inputs and parameters do not fit together any more. The same if `grad` was made for other shapes.
        pub fn loss_and_grad_into(
        /// One turn.
        ///
        /// The step `train`: assigns to `w`.
        ///
        /// - `rate`: a number.
        ///   How far.
        /// - `hint`: class indices `[N]` in `0..3`.
        ///
        /// # Errors
        /// If the sizes of inputs and parameters do not fit together any more, or a class index is out of range. Nothing has changed then.
        pub fn train(
        /// The step `train`: assigns to `w`. It computes in the caller's buffers.
        ///
        /// - `rate`: a number.
        ///   How far.
        /// - `hint`: class indices `[N]` in `0..3`.
        ///
        /// # Errors
        /// If the sizes of inputs and parameters do not fit together any more, or a class index is out of range. Nothing has changed then.
        pub fn train_into(
        /// This model has no sufficient statistics: `select` of an expression in `w` is not a polynomial.
        pub fn bind_statistics<'i>(
        #[cfg(test)]
    "#]].assert_eq(&(read.join("\n") + "\n"));
}

#[test]
fn short_derivatives_stand_in_the_gradient() {
    check(
        &expand("Plain<N> { param w, b; input x: [N]; loss = w * sum(x) + b; }"),
        "pub struct Grad<",
        &expect![[r#"
        pub struct Grad<T = f64> {
            /// ∂loss/∂w: a number, `sum(x)`.
            pub w: T,
            /// ∂loss/∂b: a number, `1`.
            pub b: T,
        }
    "#]],
    );
}

#[test]
fn a_stub_has_the_same_methods() {
    let methods = |text: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.trim().strip_prefix("pub fn "));
        lines.map(|line| line.split('(').next().unwrap_or_default().to_owned()).collect()
    };
    let tree = parsed(LINEAR_REGRESSION);
    let stub = formatted(super::stubs(
        &super::Interface::of_tree(&tree, &crate::build::types(&tree)),
        &quote!(::autograd_core),
        &quote!(),
    ));
    assert_eq!(methods(&stub), methods(&expand(LINEAR_REGRESSION)));
}

/// As the model says it, and as the text of a model with mistakes does.
#[test]
fn observations_lie_along_a_first_axis_that_stands_nowhere_else() {
    let check = |text: &str, expected: Option<&str>| {
        let tree = parsed(text);
        let stub = super::Interface::of_tree(&tree, &crate::build::types(&tree));
        let whole = super::Interface::of_model(&compiled(text).0);
        assert_eq!((whole.rows.as_deref(), stub.rows.as_deref()), (expected, expected), "{text}");
    };
    check("A<N, D> { param w: [D]; input x: [N, D]; loss = sum(x @ w); }", Some("N"));
    // The first of the header, not of the inputs.
    check("B<N, M> { param w; input x: [M], y: [N]; loss = w * (sum(x) + sum(y)); }", Some("N"));
    // A parameter, a state, a later axis, an extent and a number of classes.
    check("C<N> { param w: [N]; input x: [N]; loss = sum(x * w); }", None);
    check("D<N> { param w; state s: [N]; input x: [N]; loss = sum(x * w * s); }", None);
    check("E<N> { param w; input x: [N, N]; loss = w * sum(x); }", None);
    check("F<N> { param w; input x: [N], y: [2*N]; loss = w * (sum(x) + sum(y)); }", None);
    check("G<N, M> { param w; input x: [N], k: [M] in N; loss = w * (sum(x) + sum(k)); }", Some("M"));
    check("H { param w; input x: [3], y; loss = w * (sum(x) + y); }", None);
}

#[test]
fn the_same_model_gives_the_same_tokens() {
    assert_eq!(expand(LINEAR_REGRESSION), expand(LINEAR_REGRESSION));
}

/// Nothing is printed that uses what is not there.
#[test]
fn what_is_missing_is_a_mistake_of_ours() {
    let (model, mut programs) = compiled(LINEAR_REGRESSION);
    programs.entries[0].program.body.remove(0);
    let broken =
        emit(&model, &programs, super::Shown::default(), &quote!(::autograd_core)).expect_err("a value is missing");
    assert_eq!((broken.pass, broken.message.as_str()), ("emit", "the value v2 is not known where it is printed"));
}
