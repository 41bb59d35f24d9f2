//! What people write in Stan, in mathematics, and by mistake.

use expect_test::expect;

use super::check;

#[test]
fn others() {
    check(
        &[
            "y ~ normal(b, 1); loss = b;",
            "y ~ poisson(b); loss = b;",
            "loss = b; # the loss",
            "let loss = b;",
            "let a = b;",
            "param c, d: [D]; loss = sum(c) + sum(d);",
            "input c, d: [D], f, g: [N, D]; loss = sum(c) + sum(d) + sum(f) + sum(g) + b;",
            "param pred: [D, 1]; loss = mse(x @ pred + b, y);",
            "loss = mean((z - y)^2);",
            "loss = sum(sigmod(w));",
            "loss = sum(softmax(x));",
            "loss = sum(y[i]);",
            "loss = sum(x[i, 0]*y[i]);",
            "loss = sum(v^2 for v in y);",
            "loss = b; loss.backward();",
            "if b > 0 { loss = b; }",
            "loss = sum(x, i);",
            "loss = 2w.sum();",
            "loss = 2 b;",
            "loss = sum(w)(3);",
            "loss = y^2;",
            "loss = sum(x @ x);",
            "loss = sum(x + y);",
        ],
        &expect![[r#"
            y ~ normal(b, 1); loss = b;
                there is no operator `~` here
                help: a distribution is a term of the loss, minus the sum of its logarithm: `loss = -sum(normal_lpdf(y, b, 1));`
            y ~ poisson(b); loss = b;
                there is no operator `~` here
                help: a distribution is a term of the loss, minus the sum of its logarithm: `loss = -sum(poisson_lpmf(y, b));`
            loss = b; # the loss
                expected an item, found `#`
                help: a comment begins with `//`
            let loss = b;
                `let loss` is a value inside of the model, and no output: nothing could minimise it
                help: `loss = …;` without `let` is the output that is minimised
                =>  loss = b;
            let a = b;
                `M` computes nothing: it has no output and no step
                help: `a = …;` without `let` is an output; `loss = …;` is what optimisers make small
            param c, d: [D]; loss = sum(c) + sum(d);
                `c` has no shape here: only `d` is [D]
                help: `c: [D], d: [D]`, or `c: [], d: [D]` for numbers
                => param c: [D], d: [D]; loss = sum(c) + sum(d);
            input c, d: [D], f, g: [N, D]; loss = sum(c) + sum(d) + sum(f) + sum(g) + b;
                `c` has no shape here: only `d` is [D]
                help: `c: [D], d: [D]`, or `c: [], d: [D]` for numbers
                `f` has no shape here: only `g` is [N, D]
                help: `f: [N, D], g: [N, D]`, or `f: [], g: [N, D]` for numbers
                => input c: [D], d: [D], f: [N, D], g: [N, D]; loss = sum(c) + sum(d) + sum(f) + sum(g) + b;
            param pred: [D, 1]; loss = mse(x @ pred + b, y);
                `mse` compares values of one shape, but is given [N, 1] and [N]
                help: `y[.., new]` makes both [N, 1], `(x @ pred + b)[.., 0]` makes both [N]
                => param pred: [D, 1]; loss = mse(x @ pred + b, y[.., new]);
            loss = mean((z - y)^2);
                `-` would stretch both [N, 1] and [N] to [N, N]
                help: `y[.., new]` makes both [N, 1], `z[.., 0]` makes both [N], `z[.., 0][.., new]` asks for [N, N]
                => loss = mean((z - y[.., new])^2);
            loss = sum(sigmod(w));
                unknown function `sigmod`
                help: did you mean `sigmoid`?
                => loss = sum(sigmoid(w));
            loss = sum(softmax(x));
                `softmax` of [N, D] needs to know the axis
                help: `axis = D`
                => loss = sum(softmax(x, axis = D));
            loss = sum(y[i]);
                unknown name `i`
                help: a reduction binds it: `sum[i](…)`
                => loss = sum[i](y[i]);
            loss = sum(x[i, 0]*y[i]);
                unknown name `i`
                help: a reduction binds it: `sum[i](…)`
                => loss = sum[i](x[i, 0]*y[i]);
            loss = sum(v^2 for v in y);
                `for` is not a word of this language
                help: index notation: `y[i in 0..N] = …;`, `sum[i in 0..N](…)`; what depends on the turn before (`scan`) is not supported yet
            loss = b; loss.backward();
                expected `=`, found `.`
                help: a model has values, and no statements: `value = loss…;`, `grad(loss, w)`
            if b > 0 { loss = b; }
                `if` is not a word of this language
                help: a choice is a value: `name = if c { a } else { b };`
            loss = sum(x, i);
                there is no axis `i` in [N, D]
                help: its axes are `N`, `D`
            loss = 2w.sum();
                `2w` is a single number with the suffix `w`
                help: `2*w`
                => loss = (2*w).sum();
            loss = 2 b;
                there is no operator before `b`
                help: `*` multiplies, `@` is the product of matrices
                => loss = 2 * b;
            loss = sum(w)(3);
                there is no operator before `(`
                help: a call has one list of arguments: `mse(a, b)`, `relu(x)`, `x @ w + b`, `grad(y, x)`; `*` multiplies
            loss = y^2;
                `loss` must be a scalar to be minimised, but it is [N]
                help: `loss = mean(y^2);`
                => loss = mean(y^2);
            loss = sum(x @ x);
                `x @ x` multiplies [N, D] by [N, D]: the inner dimensions D and N differ
                help: `x @ x.T`
                => loss = sum((x @ x.T));
            loss = sum(x + y);
                cannot add [N, D] and [N]: the last axis is D on the left and N on the right
                help: `y[.., new]` makes the right side [N, 1]
                => loss = sum(x + y[.., new]);
        "#]],
    );
}
