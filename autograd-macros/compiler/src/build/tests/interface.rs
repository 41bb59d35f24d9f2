//! What a model shows to the outside: its module, where its dimensions come from, how its parameters start.

use std::fmt::Write;

use expect_test::{Expect, expect};

use super::build;

fn check(source: &str, expected: &Expect) {
    let model = build(source).unwrap_or_else(|messages| panic!("{messages}"));
    let mut text = format!("mod {}\n", model.module);
    for dim in &model.dims {
        let _ = writeln!(text, "{}: {:?}", dim.name, dim.source);
    }
    for variable in model.params.iter().chain(&model.states).chain(&model.inputs) {
        let classes = variable.classes.as_ref().map(|classes| format!(" in {classes}")).unwrap_or_default();
        let _ = writeln!(text, "{}: {}{classes} = {:?}", variable.name, variable.ty, variable.initial);
    }
    expected.assert_eq(&text);
}

#[test]
fn dimensions_come_from_where_they_are_carried() {
    check(
        "M<N, D, K, P, A, B> {
            param w: [D - 1];
            input x: [2*N + D, P], label: [N] in K, t: [A, A + B];
            a = sum(w) + K;
        }",
        &expect![[r#"
            mod m
            N: Inputs
            D: Model
            K: Field
            P: Inputs
            A: Inputs
            B: Inputs
            w: [D - 1] = Constant(0.0)
            x: [D + 2*N, P] = Constant(0.0)
            label: index[N] in K = Constant(0.0)
            t: [A, A + B] = Constant(0.0)
        "#]],
    );
}

#[test]
fn initialisers_are_numbers_or_calls() {
    check(
        "MLPNet2<D> as net {
            const scale = 1 / 4;
            param a, b = 3; param c: [D] = -pi, d: [D, D] = normal(std = scale / 2, mean = 0), f: [D] = ones(), g = exp(0);
            param h: [D, D] = orthogonal(), i: [D] = constant(2);
            state m: [D] = uniform(-1, 1);
            l = sum(c);
        }",
        &expect![[r#"
            mod net
            D: Model
            a: [] = Constant(0.0)
            b: [] = Constant(3.0)
            c: [D] = Constant(-3.141592653589793)
            d: [D, D] = Call { name: "normal", arguments: [0.0, 0.125] }
            f: [D] = Constant(1.0)
            g: [] = Constant(1.0)
            h: [D, D] = Call { name: "orthogonal", arguments: [] }
            i: [D] = Constant(2.0)
            m: [D] = Call { name: "uniform", arguments: [-1.0, 1.0] }
        "#]],
    );
}

#[test]
fn modules_are_named_after_models() {
    check(
        "MLPNet2 { a = 1; }",
        &expect![[r#"
        mod mlp_net2
    "#]],
    );
    check(
        "LinearRegression { a = 1; }",
        &expect![[r#"
        mod linear_regression
    "#]],
    );
    check(
        "Loop { a = 1; }",
        &expect![[r#"
        mod loop_
    "#]],
    );
}
