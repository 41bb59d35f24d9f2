//! What becomes of mistakes: their messages, all of one model at once, at the smallest wrong expression.

use expect_test::{Expect, expect};

fn check(source: &str, expected: &Expect) {
    expected.assert_eq(&super::text(source));
}

#[test]
fn shapes_that_differ() {
    check(
        "M<N, D, H, K> {
            param w: [H, K];
            input x: [N, D], y: [N], z: [D];
            a = x @ w;
            b = x + y;
            c = y - x;
            d = x + z * y;
            f = min(x, y);
            g = if y > 0 { x } else { z };
            h = [x, y];
            i = x @ x;
            j = 2 @ x;
            k = x == y;
            l = x^y;
        }",
        &expect![[r#"
            4:16-21: `x @ w` multiplies [N, D] by [H, K]: the inner dimensions D and H differ
            5:16-21: cannot add [N, D] and [N]: the last axis is D on the left and N on the right
                help: `y[.., new]` makes the right side [N, 1]
            6:16-21: cannot take the difference of [N] and [N, D]: the last axis is N on the left and D on the right
                help: `y[.., new]` makes the left side [N, 1]
            7:20-25: cannot multiply [D] and [N]: the last axis is D on the left and N on the right
            8:16-25: `min` cannot combine [N, D] and [N]: the last axis is D on the left and N on the right
                help: `y[.., new]` makes the right side [N, 1]
            9:16-41: `if` cannot combine [N] and [N, D]: the last axis is N on the left and D on the right
                help: `(y > 0)[.., new]` makes the left side [N, 1]
            10:16-22: `[…]` cannot combine [N, D] and [N]: the last axis is D on the left and N on the right
                help: `y[.., new]` makes the right side [N, 1]
            11:16-21: `x @ x` multiplies [N, D] by [N, D]: the inner dimensions D and N differ
                help: `x @ x.T`
            12:16-21: `@` takes vectors or matrices on both sides, but is given `2`, a scalar
                help: a product with a scalar is written `2*x`
            13:16-22: cannot compare [N, D] and [N]: the last axis is D on the left and N on the right
                help: `y[.., new]` makes the right side [N, 1]
            14:16-19: cannot raise [N, D] to [N]: the last axis is D on the left and N on the right
                help: `y[.., new]` makes the right side [N, 1]
        "#]],
    );
}

#[test]
fn names() {
    check(
        "M<N, D> {
            param w: [D], bias;
            param w: [N];
            input x: [N, D], N: [D];
            const k = 3;
            let hidden = x @ w;
            let early = later + 1;
            let later = hiden + 1;
            let own = own + 1;
            a = sigmiod(x) + powf(x, 2) + ln(x) + w(3);
            b = sigmoid + frobnicate(x);
            c = y;
            d = zeros([M, Dd, 2.5, -1, w]);
            fn f(x) = x;
            fn f(y) = y;
            e2 = later + own;
        }",
        &expect![[r#"
            3:18-19: there is already a parameter `w`
                help: remove it, or rename it
            4:29-30: there is already a dimension `N`
                help: remove it, or rename it
            15:15-16: there is already a function `f`
                help: remove it, or rename it
            7:24-29: `later` is used before it is defined
                help: values are defined in order, from top to bottom
            8:24-29: unknown name `hiden`
                help: did you mean `hidden`?
            9:22-25: `own` is used in its own definition
                help: values are defined in order, from top to bottom
            10:16-23: unknown function `sigmiod`
                help: did you mean `sigmoid`?
            10:29-33: unknown function `powf`
                help: `x^2`
            10:50-51: unknown function `w`
                help: `w` is a value: a product is written `w * (…)`
            11:16-23: unknown name `sigmoid`
                help: `sigmoid` is a function: write `sigmoid(x)`
            11:26-36: unknown function `frobnicate`
                help: define it: `fn frobnicate(a) = …;`
            12:16-17: unknown name `y`
                help: declare it: `param y;`, `input y;` or `let y = …;`
            13:23-24: unknown dimension `M`
                help: declare it: `M<N, D, M>`
            13:26-28: unknown dimension `Dd`
                help: declare it: `M<N, D, Dd>`
            13:30-33: `2.5` is not a dimension
                help: a dimension is made of names of the header, integers, and `+ - * /`
            13:35-37: an extent cannot be negative, but this is -1
                help: an extent that follows from the data has a name, declared before the braces: `M<N>`, `[N]`
            13:39-40: `w` is not a dimension
                help: `w` is a value; a dimension is declared in the header: `M<N, D, w>`
        "#]],
    );
}

#[test]
fn arguments() {
    check(
        "M<N> {
            param x: [N];
            fn f(a, b) = a + b;
            fn r(a) = s(a);
            fn s(a) = r(a);
            a = sum(x, N, 2);
            b = sum();
            c = sum(x, kep = true);
            d = sum(x, axis = N, axis = N);
            g = exp(x, x);
            h = f(x);
            i = f(x, c = x);
            j = f(x, a = x);
            k = r(x);
            l = sum(x, keep = 1);
            m = jacobian(x, x);
            n = clamp(x);
            o = max(x, 0, axis = N);
        }",
        &expect![[r#"
            6:16-28: `sum` takes 1 or 2 arguments, but is given 3
                help: it is `sum(x, [axis], keep = false)`, and nothing more
            7:16-21: `sum` takes 1 or 2 arguments, but is given 0
                help: `sum(x, [axis], keep = false)`
            8:23-26: `sum` has no argument `kep`
                help: did you mean `keep`?
            9:33-37: the argument `axis` of `sum` is given twice
            10:16-25: `exp` takes 1 argument, but is given 2
                help: it is `exp(x)`, and nothing more
            11:16-20: `f` takes 2 arguments, but is given 1
                help: `f(a, b)`
            12:21-22: `f` has no argument `c`
                help: `f(a, b)`
            13:25-26: the argument `a` of `f` is given twice
            5:22-26: `r` calls itself
                help: functions are inlined, so none can call itself
            15:30-31: `keep` takes `true` or `false`, but is given `1`
                help: `true`
            16:16-24: `jacobian` is not supported yet
                help: `jvp(y, x, v)` and `vjp(y, x, u)` are products with it, `jvp(grad(loss, w), w, v)` with a Hessian
            17:16-24: `clamp` takes 3 arguments, but is given 1
                help: `clamp(x, low, high)`
            18:33-34: `max` of 2 values has no axis
                help: `max(…)` of several arguments is element by element; along an axis it takes one
        "#]],
    );
}

#[test]
fn axes() {
    check(
        "M<N, K> {
            param x: [N, N], y: [N, K], z: [N], s;
            a = sum(x, N);
            b = sum(y, M);
            c = sum(y, 2);
            d = sum(z, 1);
            f = sum(s, 0);
            g = sum(y, axis = (N, 0));
            h = softmax(y);
            i = softmax(s);
            j = permute(y, (0));
            k = z.T;
            l = sum(z, K);
            m = y[0, 1, 2];
            n = y[-1, 3..1];
            o = reshape(y, [N, N]);
            p = reshape(y, [N, -1, 3]);
            q = z[N];
            r = z[..N+1];
            t = mean(zeros([0]));
            u = broadcast(y, [K, N]);
            v = cross(y, y);
            w = trace(y);
            aa = concat([y, z]);
            ab = stack(y);
            ac = dot(y, y);
        }",
        &expect![[r#"
            3:23-24: N occurs more than once in [N, N]: the axis needs a number
                help: `axis = 0` or `axis = 1`
            4:23-24: there is no axis `M` in [N, K]
                help: its axes are `N`, `K`
            5:23-24: there is no axis 2 in [N, K]
                help: its axes are 0 and 1, or -2 and -1
            6:23-24: there is no axis 1 in [N]
                help: its only axis is 0
            7:23-24: there is no axis 0 in []
                help: a scalar has no axes
            8:34-35: the axis `0` is named twice
            9:16-26: `softmax` of [N, K] needs to know the axis
                help: `axis = K`
            10:16-26: `softmax` takes at least one axis, but is given []
            11:27-30: an order of the axes of [N, K] names each of them, but this names 1
                help: `(1, 0)` reverses them
            12:16-19: `.T` takes at least two axes, but is given [N]
                help: `x[new, ..]` is a row, `x[.., new]` a column
            13:23-24: there is no axis K in [N]
                help: its only axis is `N`
            14:16-26: there are 3 subscripts, but the shape is [N, K]
            15:22-26: the range from 3 to 1 ends before it starts
                help: `flip(x)` reads backwards
            16:16-34: cannot reshape [N, K] to [N, N]: they have K*N and N*N elements
            18:18-19: the subscript `N` lies outside of an axis of extent N
            19:20-23: the subscript `N + 1` lies outside of an axis of extent N
            20:16-32: `mean` over an axis of extent 0 has no value
            21:16-36: cannot broadcast [N, K] to [K, N]: axis 0 is N before and K after
            22:22-23: `cross` takes a last axis of extent 3, but is given [N, K]
            23:22-23: `trace` takes a square matrix, but is given [N, K]
            24:17-31: cannot concatenate [N, K] and [N]: they differ in how many axes they have
            25:23-24: `stack` takes a list of tensors, but is given `y`
                help: `stack([a, b])`
            26:21-22: `dot` takes two vectors, but is given [N, K]
                help: this product is written `y @ y.T`
        "#]],
    );
}

#[test]
fn kinds() {
    check(
        "M<N, K> {
            param x: [N];
            input label: [N] in K, other: [N] in N;
            a = x && x > 0;
            b = !x;
            c = if x { 1 } else { 0 };
            d = any(x);
            f = one_hot(x, K);
            g = where(x, x, x);
            h = grad(sum(x), label);
            i = grad(sum(x > 0), x);
            j = cross_entropy(x, label);
            k = cross_entropy(zeros([N, K]), other);
            l = cross_entropy(zeros([N, K]), x);
            m = (N, K);
            n = [];
        }",
        &expect![[r#"
            4:16-17: `&&` takes a truth value, but is given numbers [N]
                help: `x != 0`
            5:16-18: `!` takes a truth value, but is given numbers [N]
                help: `x == 0` is true of zeros; `-x` changes the sign
            6:19-20: the condition of `if` takes a truth value, but is given numbers [N]
                help: `x != 0`
            7:20-21: `any` takes a truth value, but is given numbers [N]
                help: `x != 0`
            8:24-25: the label of `one_hot` takes class indices, but is given numbers [N]
                help: `input x: [N] in K;` declares class indices
            9:22-23: the condition of `where` takes a truth value, but is given numbers [N]
                help: `x != 0`
            10:29-34: only numbers have derivatives, but `label` is class indices [N]
            12:33-38: `label` counts K classes, but the logits have N
                help: declare the classes as `in N`
            13:45-50: `other` counts N classes, but the logits have K
                help: declare the classes as `in K`
            14:45-46: the label of `cross_entropy` takes class indices or rows of probabilities, but is given numbers [N]
                help: declare the classes: `input x: [N] in K;`
            15:16-22: `(N, K)` is not a value
                help: parentheses with a comma stand for axes: `axis = (N, K)`
            16:16-18: `[]` is not a value
                help: an empty vector is `zeros([0])`
        "#]],
    );
}

#[test]
fn derivatives() {
    check(
        "M<N> {
            param x: [N], y: [N], k;
            a = grad(x, y);
            b = grad(sum(x), y);
            c = grad(sum(x), 2*x);
            d = grad(sum(floor(x)), x);
            f = jvp(x, x, k);
            g = jvp(x, x, zeros([N, N]));
            h = vjp(x^2, x, zeros([N, N]));
            i = grad(sum(x), pi);
            j = grad(sum(if x > y { 1 } else { 2 }), x);
        }",
        &expect![[r#"
            3:21-22: `grad` is of a scalar, but `x` is [N]
                help: `grad(sum(x), y)`, or `vjp(x, y, u)`
            5:29-32: `grad` is by a named value, but `2*x` is not one
                help: give it a name: `let v = …;`, and use `v`
            8:26-39: the direction of `jvp` has to be [N], but is [N, N]
            9:28-41: the weight of `vjp` has to be [N], but is [N, N]
            10:29-31: `grad` is by a named value, but `pi` is not one
                help: it is a constant
        "#]],
    );
}

#[test]
fn losses() {
    check(
        "M<N> { param x: [N]; loss = x^2; }",
        &expect![[r#"
            1:21-25: `loss` must be a scalar to be minimised, but it is [N]
                help: `loss = mean(x^2);`
        "#]],
    );
    check(
        "M<N> { param x: [N]; loss = any(x > 0); }",
        &expect![[r#"
        1:21-25: `loss` must be a scalar to be minimised, but it is a truth value
    "#]],
    );
    check(
        "M<N> { param a; param b: [N]; param c; param d: [N] unused; input x; loss = a * x + floor(c); }",
        &expect![[r#"
            1:22-23: no gradient reaches parameter `b`
                help: use it, remove it, or declare it `param b: [N] unused;`
            1:36-37: no gradient reaches parameter `c`: its only use is inside `floor(…)`, whose derivative is zero
                help: use it, remove it, or declare it `param c unused;`
        "#]],
    );
}

#[test]
fn steps() {
    check(
        "M<N> {
            param w: [N];
            input x: [N];
            state m;
            let v = x;
            out = sum(w);
            step go(lr, x) -> out, q, m, m {
                let h = lr;
                w := w;
                w := x;
                x := 1;
                v := 1;
                h := 1;
                mm := 2;
                m := w;
            }
            step go() { m := 0; }
            step out() { m := 0; }
        }",
        &expect![[r#"
            7:24-25: there is already an input `x`
                help: remove it, or rename it
            10:16-17: `w` is assigned twice in one step
                help: all assignments of a step happen at once: keep one
            11:16-17: cannot assign to the input `x`
                help: to keep a value between calls, declare `state x`
            12:16-17: cannot assign to the value `v`
                help: inside a step a new value is named by `let v = …;`
            13:16-17: cannot assign to the local value `h`
                help: only parameters and states can be assigned to
            14:16-18: unknown name `mm`
                help: declare it: `state mm;`
            15:21-22: what is assigned to `m` has to be [], but is [N]
            7:35-36: unknown name `q`
                help: declare it: `param q;`, `input q;` or `let q = …;`
            7:41-42: there is already a result `m`
                help: remove it, or rename it
            17:17-19: there is already a step `go`
                help: remove it, or rename it
            18:17-20: there is already an output `out`
                help: remove it, or rename it
        "#]],
    );
}

#[test]
fn declarations() {
    check(
        "M<A, B, C, N> {
            param w: [N] = kaiming(), v: [N] = normal(0), u: [N] = eye(), l: [N] = 2 * pi, k = A;
            param d: [N] = zero();
            input x: [A + B], y: [A * B], z: [C^2], g: [2*N - 1], q: [7/2];
            const big = w;
            const five = 5.5;
            input i: [five];
            a = w[l] + w[k..];
        }",
        &expect![[r#"
            5:24-25: a `const` has to be known when the model is compiled, but `w` is not
                help: `let` names a value that depends on others
            2:27-34: unknown initialiser `kaiming`
                help: `kaiming_uniform()`
            2:47-56: `normal` takes 2 arguments, but is given 1
                help: `normal(mean, std)`
            2:67-70: `eye` takes a matrix, but is given [N]
            2:95-96: an initialiser has to be known when the model is compiled, but `A` is not
                help: a number, or the name of a `const`
            3:27-31: unknown initialiser `zero`
                help: `zeros()`
            4:70-73: 7 is not divisible by 2
                help: in dimensions `/` is exact integer division
            7:22-26: `five` is not a dimension
                help: `five` is not a whole number
            4:21-28: nothing says what `A` and `B` are: [A + B] cannot be solved for them
                help: a parameter or an input of shape [A] would give `A`
            4:45-50: nothing says what `C` is: [C*C] cannot be solved for it
                help: a parameter or an input of shape [C] would give `C`
        "#]],
    );
}

#[test]
fn what_is_missing() {
    check(
        "M<N> {
            param x: [N];
            a = sum[i](x[i]);
            b = crate::f(x);
            c = det(x) + conv2d(x);
            d = dropout(x, 0.5);
        }",
        &expect![[r#"
            4:16-27: a call of a Rust path is not supported yet
                help: a function of the model is `fn f(a) = …;`
            5:16-19: `det` is not supported yet
                help: there are no decompositions and solutions of systems yet
            5:25-34: `conv2d` takes 2 to 6 arguments, but is given 1
                help: `conv2d(x, w, stride = 1, pad = 0, dilation = 1, groups = 1)`
            6:16-31: `dropout` takes 3 arguments, but is given 2
                help: `dropout(x, rate, seed)`
        "#]],
    );
}

#[test]
fn mistakes_in_the_languages_own_functions_stand_at_the_call() {
    check(
        "M<N, D> { param x: [N], y: [D]; a = huber(x, y); b = angle(x, y); }",
        &expect![[r#"
            1:36-47: `huber` compares values of one shape, but is given [N] and [D]
            1:53-64: `cross` takes a last axis of extent 3, but is given [N]
            1:53-64: `dot` cannot multiply [N] by [D]: their extents N and D differ
        "#]],
    );
}

#[test]
fn functions_show_their_mistakes_once_and_uncalled_ones_too() {
    check(
        "M<N> {
            param x: [N], y: [3];
            fn f(a) { let b = a + frob; b @ nix(a) + frob }
            fn never(a, b) = a + gone + b @ (1 @ 2);
            a = f(x) + f(2*x);
            b = f(y);
        }",
        &expect![[r#"
            3:34-38: unknown name `frob`
                help: declare it: `param frob;`, `input frob;` or `let frob = …;`
            3:44-47: unknown function `nix`
                help: define it: `fn nix(a) = …;`
            3:53-57: unknown name `frob`
                help: declare it: `param frob;`, `input frob;` or `let frob = …;`
            4:33-37: unknown name `gone`
                help: declare it: `param gone;`, `input gone;` or `let gone = …;`
            4:44-51: `@` takes vectors or matrices on both sides, but is given `1`, a scalar
                help: a product with a scalar is written `1*2`
        "#]],
    );
}
