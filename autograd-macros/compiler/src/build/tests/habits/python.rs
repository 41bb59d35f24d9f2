//! What people write in Python and its libraries.

use expect_test::expect;

use super::check;

#[test]
fn python() {
    check(
        &[
            "loss = sum(x[1:]);",
            "loss = sum(x[:, 0]);",
            "loss = sum(x[:-1, 1:2]);",
            "loss = sum(x[..., 0]);",
            "loss = sum(y[:, None]*z);",
            "loss = sum(y[::2]);",
            "loss = sum(y[::-1]);",
            "loss = np.mean(x);",
            "loss = np.linalg.norm(w);",
            "loss = torch.sum(torch.expit(w), dim=0);",
            "loss = nn.functional.relu(b);",
            "loss = F.mse_loss(y, y);",
            "loss = tf.reduce_mean(tf.square(y));",
            "loss = jnp.clip(b, 0, 1);",
            "loss = math.pi*b;",
            "loss = PI*b;",
            "loss = sum(mean(x, axis=0, keepdims=True));",
            "loss = sum(mean(x, dim=1));",
            "loss = sum(std(x, axes=1, correction=1));",
            "loss = b**2 + 3**b;",
            "loss = sum(x^T);",
            "loss = sum(x.t) + sum(x.mT);",
            "loss = x.shape[0]*b + x.shape[-1];",
            "loss = y.shape*b;",
            "loss = len(x)*b;",
            "loss = x.size*b;",
            "loss = b if b > 0 else 2*b;",
            "loss = b > 0 ? b : 0;",
            "loss = sum(where(y > 0 and y < 1, y, 0));",
            "loss = sum(where(not (y > 0) or y > 3, 1, 0));",
            "loss = sum(where(0 < y < 1, y, 0));",
            "loss = b; step go() { w := w - 0.1*w.grad; }",
            "let c = b*2; loss = sum(grad(c, [w, b]));",
            "let f = lambda r: r*r; loss = b;",
            "return b;",
            "def f(a) = a*a; loss = f(b);",
            "loss = sum(randn(N));",
            "param v: [N] = randn(); loss = sum(v);",
            "loss = dot(x, w).sum();",
            "loss = x.mean(0).sum() + x.max(dim=1).sum();",
            "loss = b; print(b);",
            "import numpy as np; loss = b;",
            "loss = True*b;",
            "loss = sum(x[:, :, None]);",
            "loss = b.item() + y.numpy().sum();",
            "loss = sum(y, axis=None);",
        ],
        &expect![[r#"
            loss = sum(x[1:]);
                there is no operator `:` here
                help: `1..`
                => loss = sum(x[1..]);
            loss = sum(x[:, 0]);
                there is no operator `:` here
                help: `..`
                => loss = sum(x[.., 0]);
            loss = sum(x[:-1, 1:2]);
                there is no operator `:` here
                help: `..-1`
                there is no operator `:` here
                help: `1..2`
                => loss = sum(x[..-1, 1..2]);
            loss = sum(x[..., 0]);
                there is no operator `...` here
                help: `..` is one whole axis; whole axes at the end need not be said
                => loss = sum(x[.., 0]);
            loss = sum(y[:, None]*z);
                there is no operator `:` here
                help: `..`
                unknown name `None`
                help: `new`
                => loss = sum(y[.., new]*z);
            loss = sum(y[::2]);
                there is no operator `:` here
                help: index notation takes steps: `y[i in 0..K] = x[2*i];`
            loss = sum(y[::-1]);
                there is no operator `:` here
                help: `flip(x)` reads backwards
            loss = np.mean(x);
                unknown name `np`
                help: `mean(x)`
                => loss = mean(x);
            loss = np.linalg.norm(w);
                unknown name `np`
                help: `norm(w)`
                => loss = norm(w);
            loss = torch.sum(torch.expit(w), dim=0);
                unknown name `torch`
                help: `sigmoid(w)`
                unknown name `torch`
                help: `sum(sigmoid(w), axis = 0)`
                => loss = sum(sigmoid(w), axis = 0);
            loss = nn.functional.relu(b);
                unknown name `nn`
                help: `relu(b)`
                => loss = relu(b);
            loss = F.mse_loss(y, y);
                unknown name `F`
                help: `mse(y, y)`
                => loss = mse(y, y);
            loss = tf.reduce_mean(tf.square(y));
                unknown name `tf`
                help: `square(y)`
                unknown name `tf`
                help: `mean(square(y))`
                => loss = mean(square(y));
            loss = jnp.clip(b, 0, 1);
                unknown name `jnp`
                help: `clamp(b, 0, 1)`
                => loss = clamp(b, 0, 1);
            loss = math.pi*b;
                unknown name `math`
                help: `pi`
                => loss = pi*b;
            loss = PI*b;
                unknown name `PI`
                help: `pi`
                => loss = pi*b;
            loss = sum(mean(x, axis=0, keepdims=True));
                `mean` has no argument `keepdims`
                help: `mean(x, axis = 0, keep = true)`
                => loss = sum(mean(x, axis = 0, keep = true));
            loss = sum(mean(x, dim=1));
                `mean` has no argument `dim`
                help: did you mean `axis`?
                => loss = sum(mean(x, axis=1));
            loss = sum(std(x, axes=1, correction=1));
                `std` has no argument `axes`
                help: did you mean `axis`?
                `std` has no argument `correction`
                help: did you mean `ddof`?
                => loss = sum(std(x, axis=1, ddof=1));
            loss = b**2 + 3**b;
                there is no operator `**` here
                help: `b^2`
                there is no operator `**` here
                help: `3^b`
                => loss = b^2 + 3^b;
            loss = sum(x^T);
                unknown name `T`
                help: `x.T`
                => loss = sum(x.T);
            loss = sum(x.t) + sum(x.mT);
                a value has no field `.t`
                help: `.T` is the transpose
                a value has no field `.mT`
                help: `.T` is the transpose
                => loss = sum(x.T) + sum(x.T);
            loss = x.shape[0]*b + x.shape[-1];
                unknown function `shape`
                help: `N`
                unknown function `shape`
                help: `D`
                => loss = N*b + D;
            loss = y.shape*b;
                unknown function `shape`
                help: `N`
                => loss = N*b;
            loss = len(x)*b;
                unknown function `len`
                help: `N`
                => loss = N*b;
            loss = x.size*b;
                unknown function `size`
                help: `N*D`
                => loss = (N*D)*b;
            loss = b if b > 0 else 2*b;
                there is no operator before `if`
                help: `if b > 0 { b } else { 2*b }`
                => loss = (if b > 0 { b } else { 2*b });
            loss = b > 0 ? b : 0;
                there is no operator `?` here
                help: `if b > 0 { b } else { 0 }`
                => loss = (if b > 0 { b } else { 0 });
            loss = sum(where(y > 0 and y < 1, y, 0));
                there is no operator `and` here
                help: `y > 0 && y < 1`
                => loss = sum(where(y > 0 && y < 1, y, 0));
            loss = sum(where(not (y > 0) or y > 3, 1, 0));
                there is no operator `not` here
                help: `!c` is the negation of a truth value
                there is no operator `or` here
                help: `!(y > 0) || y > 3`
                => loss = sum(where(! (y > 0) || y > 3, 1, 0));
            loss = sum(where(0 < y < 1, y, 0));
                comparisons do not chain
                help: `0 < y && y < 1`
                => loss = sum(where((0 < y && y < 1), y, 0));
            loss = b; step go() { w := w - 0.1*w.grad; }
                a value has no field `.grad`
                help: `grad(loss, w)`
                => loss = b; step go() { w := w - 0.1*grad(loss, w);
            let c = b*2; loss = sum(grad(c, [w, b]));
                `grad` is by a named value, but `[w, b]` is not one
                help: one for each: `grad(c, w)`, `grad(c, b)`
            let f = lambda r: r*r; loss = b;
                there are no closures here
                help: a function is `fn f(a) = …;`, and takes whole tensors
            return b;
                no item begins with `return`
                help: an output has a name: `loss = …;`
                => loss = b;
            def f(a) = a*a; loss = f(b);
                no item begins with `def`
                help: `fn`
                => fn f(a) = a*a; loss = f(b);
            loss = sum(randn(N));
                unknown function `randn`
                help: a model is the same function at every call: random numbers are an `input`, or made of a seed that is one, `random_uniform(seed, [N])`; `param w: [D] = normal(0, 1);` starts from them
            param v: [N] = randn(); loss = sum(v);
                unknown initialiser `randn`
                help: `normal(0, 1)`
                => param v: [N] = normal(0, 1); loss = sum(v);
            loss = dot(x, w).sum();
                `dot` takes two vectors, but is given [N, D]
                help: this product is written `x @ w`
                => loss = (x @ w).sum();
            loss = x.mean(0).sum() + x.max(dim=1).sum();
                `max` has no argument `dim`
                help: did you mean `axis`?
                => loss = x.mean(0).sum() + x.max(axis=1).sum();
            loss = b; print(b);
                expected `=`, found `(`
                help: a model prints nothing: make the value an output, `name = …;`
            import numpy as np; loss = b;
                no item begins with `import`
                help: this stands outside of the model
            loss = True*b;
                unknown name `True`
                help: `true`
                => loss = true*b;
            loss = sum(x[:, :, None]);
                there is no operator `:` here
                help: `..`
                there is no operator `:` here
                help: `..`
                unknown name `None`
                help: `new`
                => loss = sum(x[.., .., new]);
            loss = b.item() + y.numpy().sum();
                unknown function `item`
                help: `b`: leave `item` out
                unknown function `numpy`
                help: `y`: leave `numpy` out
                => loss = b + y.sum();
            loss = sum(y, axis=None);
                unknown name `None`
                help: `sum(y)`
                => loss = sum(y);
        "#]],
    );
}

#[test]
fn arguments_in_another_order_and_none() {
    check(
        &[
            "loss = sum(y.where(y > 0, 0));",
            "loss = sum(y.where(y, 0));",
            "loss = sum(y.where(y + b, 0));",
            "loss = sum(y.masked_fill(y > 0, 0));",
            "loss = sum(np.clip(y, 0, None));",
            "loss = sum(y.clip(None, 1));",
            "loss = sum(clip(y, 0));",
            "loss = sum(y.clip(max = 1));",
            "loss = sum(np.clip(y, a_min = 0, a_max = None));",
            "loss = np.clip(np.exp(y), None, 1).sum();",
            "loss = y.sum(axis = None) + np.mean(y, axis = None);",
            "loss = sum(ones(N, b)*y) + sum(zeros(N, D)*x);",
            "loss = sum(full(N, D, 0)*x) + sum(np.full(N, 3)*y);",
        ],
        &expect![[r#"
            loss = sum(y.where(y > 0, 0));
                the condition of `where` takes a truth value, but is given numbers [N]
                help: `where(y > 0, y, 0)`
                => loss = sum(where(y > 0, y, 0));
            loss = sum(y.where(y, 0));
                the condition of `where` takes a truth value, but is given numbers [N]
                help: `where(y != 0, y, 0)`
                => loss = sum(where(y != 0, y, 0));
            loss = sum(y.where(y + b, 0));
                the condition of `where` takes a truth value, but is given numbers [N]
                help: `where(y + b != 0, y, 0)`
                => loss = sum(where(y + b != 0, y, 0));
            loss = sum(y.masked_fill(y > 0, 0));
                unknown function `masked_fill`
                help: `where(y > 0, 0, y)`
                => loss = sum(where(y > 0, 0, y));
            loss = sum(np.clip(y, 0, None));
                unknown name `np`
                help: `max(y, 0)`
                => loss = sum(max(y, 0));
            loss = sum(y.clip(None, 1));
                unknown function `clip`
                help: `min(y, 1)`
                => loss = sum(min(y, 1));
            loss = sum(clip(y, 0));
                unknown function `clip`
                help: `max(y, 0)`
                => loss = sum(max(y, 0));
            loss = sum(y.clip(max = 1));
                unknown function `clip`
                help: `min(y, 1)`
                => loss = sum(min(y, 1));
            loss = sum(np.clip(y, a_min = 0, a_max = None));
                unknown name `np`
                help: `max(y, 0)`
                => loss = sum(max(y, 0));
            loss = np.clip(np.exp(y), None, 1).sum();
                unknown name `np`
                help: `exp(y)`
                unknown name `np`
                help: `min(exp(y), 1)`
                => loss = min(exp(y), 1).sum();
            loss = y.sum(axis = None) + np.mean(y, axis = None);
                unknown name `None`
                help: `sum(y)`
                unknown name `np`
                help: `mean(y)`
                => loss = sum(y) + mean(y);
            loss = sum(ones(N, b)*y) + sum(zeros(N, D)*x);
                `ones` takes 1 argument, but is given 2
                help: it is `ones(shape)`, and nothing more
                `zeros` takes 1 argument, but is given 2
                help: `zeros([N, D])`
                => loss = sum(ones(N, b)*y) + sum(zeros([N, D])*x);
            loss = sum(full(N, D, 0)*x) + sum(np.full(N, 3)*y);
                `full` takes 2 arguments, but is given 3
                help: `full([N, D], 0)`
                unknown name `np`
                help: `full([N], 3)`
                => loss = sum(full([N, D], 0)*x) + sum(full([N], 3)*y);
        "#]],
    );
}

#[test]
fn losses_of_modules_are_means() {
    check(
        &[
            "input q: [N] in D; loss = F.cross_entropy(x, q);",
            "input q: [N] in D; loss = F.cross_entropy(x, q).mean();",
            "input q: [N] in D; loss = sum(F.cross_entropy(x, q));",
            "input q: [N] in D; loss = torch.sum(F.cross_entropy(x, q, weight = None));",
            "input q: [N] in D; loss = F.cross_entropy(x, q, reduction = \"sum\");",
            "loss = torch.mean(torch.std(x, 0));",
            "input q: [N] in D; loss = optax.softmax_cross_entropy_with_integer_labels(x, q).mean();",
            "loss = optax.sigmoid_binary_cross_entropy(x, x).mean();",
        ],
        &expect![[r#"
            input q: [N] in D; loss = F.cross_entropy(x, q);
                unknown name `F`
                help: `mean(cross_entropy(x, q))`
                => input q: [N] in D; loss = mean(cross_entropy(x, q));
            input q: [N] in D; loss = F.cross_entropy(x, q).mean();
                unknown name `F`
                help: `mean(cross_entropy(x, q))`
                => input q: [N] in D; loss = mean(cross_entropy(x, q)).mean();
            input q: [N] in D; loss = sum(F.cross_entropy(x, q));
                unknown name `F`
                help: `mean(cross_entropy(x, q))`
                => input q: [N] in D; loss = sum(mean(cross_entropy(x, q)));
            input q: [N] in D; loss = torch.sum(F.cross_entropy(x, q, weight = None));
                unknown name `F`
                help: `mean(cross_entropy(x, q))`
                unknown name `torch`
                help: `sum(mean(cross_entropy(x, q)))`
                => input q: [N] in D; loss = sum(mean(cross_entropy(x, q)));
            input q: [N] in D; loss = F.cross_entropy(x, q, reduction = "sum");
                unknown name `F`
                help: `sum(cross_entropy(x, q))`
                => input q: [N] in D; loss = sum(cross_entropy(x, q));
            loss = torch.mean(torch.std(x, 0));
                unknown name `torch`
                help: `std(x, axis = 0, ddof = 1)`
                unknown name `torch`
                help: `mean(std(x, axis = 0, ddof = 1))`
                => loss = mean(std(x, axis = 0, ddof = 1));
            input q: [N] in D; loss = optax.softmax_cross_entropy_with_integer_labels(x, q).mean();
                unknown name `optax`
                help: `cross_entropy(x, q)`
                => input q: [N] in D; loss = cross_entropy(x, q).mean();
            loss = optax.sigmoid_binary_cross_entropy(x, x).mean();
                unknown name `optax`
                help: `bce_with_logits(x, x)`
                => loss = bce_with_logits(x, x).mean();
        "#]],
    );
}

#[test]
fn functions() {
    check(
        &[
            "def f(a): return a^2; loss = f(b);",
            "def f(a: float) -> float: a**2; loss = f(b);",
            "fn f(a): a^2; loss = f(b);",
            "func f(a) { a^2 } loss = f(b);",
            "function f(a) = a^2; loss = f(b);",
            "def f(a): c = a^2; loss = b;",
        ],
        &expect![[r#"
            def f(a): return a^2; loss = f(b);
                no item begins with `def`
                help: `fn`
                expected `=` or `{`, found `:`
                help: a value follows `=`
                expected an expression, found `return`
                help: leave this word out
                => fn f(a) =  a^2; loss = f(b);
            def f(a: float) -> float: a**2; loss = f(b);
                no item begins with `def`
                help: `fn`
                expected `,`, found `:`
                help: a function takes any shape: leave this out
                expected `=` or `{`, found `->`
                help: the compiler finds the shape of the value: leave this out
                expected `=` or `{`, found `:`
                help: a value follows `=`
                there is no operator `**` here
                help: `a^2`
                => fn f(a)  = a^2; loss = f(b);
            fn f(a): a^2; loss = f(b);
                expected `=` or `{`, found `:`
                help: a value follows `=`
                => fn f(a) = a^2; loss = f(b);
            func f(a) { a^2 } loss = f(b);
                no item begins with `func`
                help: `fn`
                => fn f(a) { a^2 } loss = f(b);
            function f(a) = a^2; loss = f(b);
                no item begins with `function`
                help: `fn`
                => fn f(a) = a^2; loss = f(b);
            def f(a): c = a^2; loss = b;
                no item begins with `def`
                help: `fn`
                expected `=` or `{`, found `:`
                help: `fn f(a) = …;`
                => fn f(a): c = a^2; loss = b;
        "#]],
    );
}
