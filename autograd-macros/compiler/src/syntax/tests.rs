//! The parser as a whole: models, recovery, and what it must survive.

#![allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

use expect_test::expect;

use super::print;
use super::testing::{check, check_errors};

#[test]
fn the_models_of_the_guide() {
    check(
        r"
        /// y = w·x + b
        /// by least squares.
        #[derive(Debug)]
        pub(crate) LinearRegression<N> as lines {
            param w, b;
            /// The data.
            input x: [N], y: [N];
            loss = mean((0.5 * (w*x + b - y))^2);
        }",
        &expect![[r#"
            /// y = w·x + b
            /// by least squares.
            pub(crate) LinearRegression<N> as lines {
                param w;
                param b;
                /// The data.
                input x: [N];
                /// The data.
                input y: [N];
                loss = mean(((0.5 * (((w * x) + b) - y)) ^ 2));
            }
        "#]],
    );
    check(
        r"
        pub Mlp<N, D, H, K> {
            param w1: [D, H] = kaiming_uniform();
            param b: [K] unused;
            param b1: [H] = zeros() unused;
            input label: [N] in K;
            state m: [2*H - 1] = normal(0, std = 0.1);
            const C = 3;
            let hidden = relu(x @ w1 + b1);
            logits = hidden @ w2 + b2;
            loss = cross_entropy(logits, label).mean();
        }",
        &expect![[r#"
            pub Mlp<N, D, H, K> {
                param w1: [D, H] = kaiming_uniform();
                param b: [K] unused;
                param b1: [H] = zeros() unused;
                input label: [N] in K;
                state m: [((2 * H) - 1)] = normal(0, std = 0.1);
                const C = 3;
                let hidden = relu(((x @ w1) + b1));
                logits = ((hidden @ w2) + b2);
                loss = mean(cross_entropy(logits, label));
            }
        "#]],
    );
    check(
        r"
        Rosenbrock<N> {
            param x: [N];
            /// A valley.
            fn square(a) = a^2;
            fn bowl(a, b) { let c = a - b; square(c) + 1 }
            loss = sum[i in 0..N-1](100*square(x[i+1] - x[i]^2) + (1 - x[i])^2);
            step train(lr, g: [N] in 3) -> loss, x { let d = grad(loss, x); x := x - lr*d; }
            step go { x := -x; }
        }",
        &expect![[r#"
            Rosenbrock<N> {
                param x: [N];
                /// A valley.
                fn square(a) { (a ^ 2) }
                fn bowl(a, b) { let c = (a - b); (square(c) + 1) }
                loss = sum[i in 0..(N - 1)](((100 * square((x[(i + 1)] - (x[i] ^ 2)))) + ((1 - x[i]) ^ 2)));
                step train(lr, g: [N] in 3) -> loss, x {
                    let d = grad(loss, x);
                    x := (x - (lr * d));
                }
                step go() {
                    x := (-x);
                }
            }
        "#]],
    );
}

#[test]
fn item_words_are_words_only_where_an_item_starts() {
    check(
        "M { param = 3; input = param + step; state = input; step = 1; param param; param input, state; let step = 2; }",
        &expect![[r#"
            M {
                step = 1;
                param param;
                param input;
                param state;
                let step = 2;
            }
            param | there is already a parameter `param`
                help: `step set_param { param := 3; }`: a new value is given in a step
            input | there is already a parameter `input`
                help: `step set_input { input := param + step; }`: a new value is given in a step
            state | there is already a parameter `state`
                help: `step set_state { state := input; }`: a new value is given in a step
        "#]],
    );
}

#[test]
fn what_macros_captured_is_one_operand() {
    use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

    let captured = |text: &str| -> TokenStream {
        TokenTree::Group(Group::new(Delimiter::None, text.parse().expect("tokens"))).into()
    };
    let (sum, negative, path, name, visibility) =
        (captured("a + b"), captured("-1"), captured("krate::f"), captured("w"), captured("pub(crate)"));
    let nothing = captured("");
    let tokens =
        quote::quote!(#nothing #visibility M { param #name; y = 2 * #sum ^ 2 * #negative ^ 2 + #path(#name).T; });
    let mut diagnostics = crate::diagnostics::Diagnostics::default();
    let model = super::parse(tokens, &mut diagnostics).expect("a model");
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    expect![[r#"
        pub(crate) M {
            param w;
            y = (((2 * ((a + b) ^ 2)) * ((-1) ^ 2)) + krate::f(w).T);
        }
    "#]]
    .assert_eq(&print::model(&model));
}

#[test]
fn all_mistakes_are_reported_and_the_rest_is_kept() {
    check(
        r"
        pub M<N, N> {
            param type: [N] = zeros(;
            param w: [N] = 2x, b = 0 <= x < 1;
            inputs x: [N];
            let h = w * (a ** b, 1f32 + 'c');
            let k;
            fn f(a, a) { let u = ; u; }
            loss = mean(x y) + $;
            out = 1 +;
            fine = 3;
            step go(lr, ) -> fine { w = w + 1 b := ; let q = 3 + + 4; w += 1; }
        }"
        .replace("zeros(;", "zeros();")
        .replace('$', "?")
        .as_str(),
        &expect![[r#"
            pub M<N, N> {
                param type: [N] = zeros();
                param w: [N] = NaN;
                param b = (0 <= x);
                let h = (w * ((a ^ b), (NaN + NaN)));
                let k = NaN;
                fn f(a, a) { let u = NaN; NaN }
                loss = NaN;
                out = NaN;
                fine = 3;
                step go(lr) -> fine {
                    w := (w + 1);
                    let q = (3 + 4);
                    w := (w + 1);
                }
            }
            N | the dimension `N` is declared twice
                help: remove it, or rename it
            type | `type` is a word of Rust, and cannot be a name
                help: `type_`
            2x | `2x` is a single number with the suffix `x`
                help: `2*x`
            < | comparisons do not chain
                help: `0 <= x && x < 1`
            inputs | no item begins with `inputs`
                help: `input`
            ** | there is no operator `**` here
                help: `a^b`
            1f32 | `1f32` is a single number with the suffix `f32`
                help: `1`
            'c' | `'c'` is not a number: models compute with numbers and truth values
                help: words stand in comments, after `//`
            k | `k` is given no value
                help: `k = …;`
            a | the argument `a` is declared twice
                help: remove it, or rename it
            u | `u` is given no value
                help: `u = …;`
            ; | expected `}`, found `;`
                help: a block ends with its value: remove this `;`, or write `let name = …;`
            y | there is no operator before `y`
                help: `*` multiplies, `@` is the product of matrices
            ? | expected an expression, found `?`
                help: a value stands here: a number, a name, a call, `(…)`, `[…]` or `if`
            ; | expected an expression, found `;`
                help: a value stands here: a number, a name, a call, `(…)`, `[…]` or `if`
            = | `=` does not assign to `w` in a step
                help: `w := …;` assigns, `let w = …;` names a value
            1 | there is no `;` at the end of this item
                help: add `;`
            b | `b` is given no value
                help: `b := …;`
            + | `+` stands between two values, not before one
                help: leave out this `+`
            += | there is no operator `+=` here
                help: `w := w + 1;`
        "#]],
    );
}

#[test]
fn a_missing_semicolon_spoils_nothing() {
    check_errors(
        "param w let a = w b = a",
        &expect![[r#"
        w | there is no `;` at the end of this item
            help: add `;`
        w | there is no `;` at the end of this item
            help: add `;`
        a | there is no `;` at the end of this item
            help: add `;`"#]],
    );
    check_errors(
        "let a = 1 fn f(x) = x param p; state s input q; c = 3 d[i] = 3;",
        &expect![[r#"
            1 | there is no `;` at the end of this item
                help: add `;`
            x | there is no `;` at the end of this item
                help: add `;`
            s | there is no `;` at the end of this item
                help: add `;`
            3 | there is no `;` at the end of this item
                help: add `;`"#]],
    );
}
