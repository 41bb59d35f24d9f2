//! Each kind of mistake in headers, items and statements, and what is said about it.

#![allow(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

use expect_test::expect;

use super::testing::{check, check_errors};

#[test]
fn headers() {
    check(
        "",
        &expect![[r#"
            no model
             | the model has no name
                help: `pub Name<N> { … }` around the items
        "#]],
    );
    check(
        "{ param w; }",
        &expect![[r#"
            no model
            { | the model has no name
                help: `pub Name<N> { … }` around the items
        "#]],
    );
    check(
        "param w; loss = w;",
        &expect![[r#"
            no model
            param | the model has no name
                help: `pub Name<N> { … }` around the items
        "#]],
    );
    check(
        "pub struct M<N { }",
        &expect![[r#"
            pub M<N> {
            }
            struct | expected the model's name, found `struct`
                help: leave this word out
            { | expected `,` or `>`, found `{`
                help: `<N, D>`
            { } | the body of `M` is empty
                help: `param w; input x: [N]; loss = mean((w*x)^2);`
        "#]],
    );
    check(
        "M<const N: usize> { y = 1; }",
        &expect![[r#"
            M {
                y = 1;
            }
            const | expected the name of a dimension, found `const`
                help: `<N, D>`
        "#]],
    );
    check(
        "M<N,> { y = 1; } K { }",
        &expect![[r#"
        M<N> {
            y = 1;
        }
        K | expected the end, found `K`
            help: each model has a `model!` of its own
    "#]],
    );
    check(
        "M<N> as { y = 1; }",
        &expect![[r#"
            M<N> {
                y = 1;
            }
            { | expected the name of a module, found `{`
        "#]],
    );
    check(
        "M<N> as mod",
        &expect![[r#"
        M<N> as mod {
        }
        mod | `mod` is a word of Rust, and cannot be a name
            help: `mod_`
         | expected `{`, found the end
            help: `pub Name<N> { … }`
    "#]],
    );
    check(
        "M (y = 1) { y = 2; }",
        &expect![[r#"
            M {
                y = 2;
            }
            ( | expected `{`, found `(`
                help: `pub Name<N> { … }`
        "#]],
    );
}

#[test]
fn declarations() {
    check_errors(
        "param; param : [N]; input x: N; input y: f64; param z: n;",
        &expect![[r#"
            ; | expected a name, found `;`
            : | expected a name, found `:`
            N | expected a shape, found `N`
                help: `: [N]`
            f64 | expected a shape, found `f64`
                help: a number has no shape: leave this out
            n | expected a shape, found `n`
                help: `: [N, D]`, in dimensions of the header"#]],
    );
    check_errors(
        "input x: [N] = 3; input y unused; param p in K; state s unused;",
        &expect![[r#"
            = 3 | `=` does not belong to `input`
                help: an input is given at every call; a fixed number is a `const`
            unused | `unused` does not belong to `input`
                help: only a `param` can be `unused`
            K | expected an interval, found `K`
                help: an interval, `in 0..`, `in -1..1`, `in ..0`, or `in simplex`; class indices, `in K`, are an `input`
            unused | `unused` does not belong to `state`
                help: only a `param` can be `unused`"#]],
    );
    check_errors(
        "param w:= 3; param a b; param c: [N,, 2];",
        &expect![[r#"
            := | expected `:` or `=`, found `:=`
                help: `w: [N] = …;` or `w = …;`
            b | expected `,` or `;`, found `b`
            , | expected an expression, found `,`
                help: a value stands here: a number, a name, a call, `(…)`, `[…]` or `if`"#]],
    );
    check_errors(
        "#[cfg(test)] param w; /// nothing\n",
        &expect![[r#"
        [cfg(test)] | an item takes no attributes
            help: only doc comments stand here; attributes go before the model's name
        } | expected an item, found `}`"#]],
    );
}

#[test]
fn outputs_and_lets() {
    check_errors(
        "loss == 3; w := 3; y: [N]; mean(x); z + 1; a += 1; 3; ; q;",
        &expect![[r#"
            == | expected `=`, found `==`
                help: `loss = …;`
            := | `:=` assigns to `w` outside of a `step`
                help: `w = …;` is an output; `step train { w := …; }` assigns
            : | expected `=`, found `:`
                help: `param y: …;` or `input y: …;`
            ( | expected `=`, found `(`
                help: `let value = mean(…);` or `value = mean(…);`
            + | expected `=`, found `+`
                help: `let z = …;` or `z = …;`
            += | there is no operator `+=` here
                help: each name has one value: `a = a + b;`
            3 | expected an item, found `3`
            ; | expected an item, found `;`
                help: remove this `;`
            ; | expected `=`, found `;`
                help: `let q = …;` or `q = …;`"#]],
    );
    check_errors(
        "let = 3; let a; let b =; let c == 3; let d: [N] = 3; let fn = 3; const _ = 3; let mut x = 3;",
        &expect![[r#"
            = | expected a name, found `=`
            a | `a` is given no value
                help: `a = …;`
            b | `b` is given no value
                help: `b = …;`
            == | expected `=`, found `==`
                help: `c = …;`
            : | expected `=`, found `:`
                help: leave this out: the compiler finds the shape of a value by itself
            fn | `fn` is a word of Rust, and cannot be a name
                help: `fn_`
            _ | `_` is a word of Rust, and cannot be a name
                help: choose another name
            mut | expected a name, found `mut`
                help: leave this word out"#]],
    );
    check_errors(
        "c[i, j in 0..N] = a[i, j] + 2x; v[] = 3; w[k] = +k; u = ;",
        &expect![[r#"
            2x | `2x` is a single number with the suffix `x`
                help: `2*x`
            [] | there is nothing between these brackets
                help: `v[i in 0..N] = …;`
            + | `+` stands between two values, not before one
                help: leave out this `+`
            u | `u` is given no value
                help: `u = …;`"#]],
    );
    check_errors(
        "new = 3; loss_into = 4; step loss { w := 1; } crate = 3; self = 4; true = 3;",
        &expect![[r#"
            new | `new` already means something in every model
                help: `new_value`
            loss_into | `loss_into` already means something in every model
                help: `loss_value`
            loss | `loss` already means something in every model
                help: `loss_step`
            crate | `crate` is a word of Rust, and cannot be a name
                help: choose another name
            self | `self` is a word of Rust, and cannot be a name
                help: choose another name
            true | `true` is a word of Rust, and cannot be a name
                help: `true_`"#]],
    );
    check_errors(
        "var x = 3; def f(a) = a; outputs y = 3; pub param w; banana split;",
        &expect![[r#"
            var | no item begins with `var`
                help: `let`
            def | no item begins with `def`
                help: `fn`
            outputs | no item begins with `outputs`
                help: leave this word out
            pub | no item begins with `pub`
                help: leave this word out
            banana | no item begins with `banana`
                help: an item begins with `param`, `input`, `state`, `const`, `let`, `fn`, `step`, `derive` or `name =`"#]],
    );
}

#[test]
fn functions_and_blocks() {
    check_errors(
        "fn f(a b) = a; step s(a: [N] b) { w := sum[i j](x); let q[i] = 2; } y = sum(x axis = 3);",
        &expect![[r#"
            b | expected `,`, found `b`
            b | expected `,`, found `b`
            j | expected `,`, found `j`
            axis | expected `,`, found `axis`"#]],
    );
    check_errors(
        "fn f = 3; fn (a) = a; fn g(a: [N]) = a; fn h(a) a; fn k(a) -> N { a }",
        &expect![[r#"
            = | expected `(`, found `=`
            ( | expected the name of a function, found `(`
            a | expected `=` or `{`, found `a`
                help: `fn h(a) = …;`
            -> | expected `=` or `{`, found `->`
                help: the compiler finds the shape of the value: leave this out"#]],
    );
    check_errors(
        "fn f(a) {} fn g(a) { let b = a; } fn h(a) { a; } fn k(a) { b = a; b }",
        &expect![[r#"
            {} | the body of `f` is empty
                help: `{ let a = …; value }`
            { let b = a; } | the body of `g` is empty
                help: `{ let a = …; value }`
            ; | expected `}`, found `;`
                help: a block ends with its value: remove this `;`, or write `let name = …;`
            = | `=` cannot stand inside an expression
                help: `let b = …;`"#]],
    );
    check_errors(
        "y = if c { 1 }; z = if c { let a = 1; a; } else { }; u = if c 1 else 2;",
        &expect![[r#"
            if c { 1 } | this `if` has no `else`, and so no value where the condition is false
                help: add `else { … }`: `0` where nothing is to count
            ; | expected `}`, found `;`
                help: a block ends with its value: remove this `;`, or write `let name = …;`
            { } | the body of `else` is empty
                help: `{ let a = …; value }`
            1 | expected `{`, found `1`
                help: `if c { a } else { b }`: each value stands between braces"#]],
    );
}

#[test]
fn steps() {
    check_errors(
        "step (a) { w := 1; } step a; step b { } step c -> { w := 1; } step d() w { w := 2; }",
        &expect![[r#"
            ( | expected the name of a step, found `(`
            ; | expected `{`, found `;`
                help: `step train(lr) -> loss { w := …; }`
            { | expected the name of a value, found `{`
            w | expected `{`, found `w`
                help: `step train(lr) -> loss { w := …; }`"#]],
    );
    check_errors(
        "step a { w[1] := 2; 3; w; w :=; w == 1; w -= 2x; let g; w := 1 }",
        &expect![[r#"
            [ | expected `:=`, found `[`
                help: a step assigns whole tensors: `let next[i] = …; w := next;`
            3 | expected `let` or `name := …;`, found `3`
            ; | expected `:=`, found `;`
                help: `w := …;`
            w | `w` is given no value
                help: `w := …;`
            == | `=` does not assign to `w` in a step
                help: `w := …;` assigns, `let w = …;` names a value
            2x | `2x` is a single number with the suffix `x`
                help: `2*x`
            -= | there is no operator `-=` here
                help: `w := w - …;`
            g | `g` is given no value
                help: `g = …;`
            1 | there is no `;` at the end of this item
                help: add `;`"#]],
    );
}
