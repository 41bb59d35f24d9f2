//! Declarations, statements, layers and casts of other languages.

use expect_test::expect;

use super::check;

#[test]
fn words() {
    check(
        &[
            "loss = nn.MSELoss()(y, y);",
            "loss = nn.ReLU()(b);",
            "loss = nn.Linear(D, 1)(x).sum();",
            "loss = F.relu(b, inplace=True);",
            "loss = F.softmax(x, dim=-1).sum();",
            "loss = F.dropout(y, 0.5).sum();",
            "loss = torch.clamp(b, min=0);",
            "loss = b.clamp(min=0, max=1);",
            "loss = b.exp_();",
            "loss = jax.lax.stop_gradient(b);",
            "loss = jax.grad(loss)(w);",
            "let c = b^2; loss = grad(c)(b);",
            "let c = b^2; loss = grad(c);",
            "with torch.no_grad(): loss = b;",
            "loss = sum([v**2 for v in w]);",
            "loss = sum(y) / len(y);",
            "loss = sum(y) / y.size(0);",
            "loss = sum(y)/float(N);",
            "loss = float(b) + int(b);",
            "loss = b.float();",
            "loss = b++;",
            "loss = ++b;",
            "loss = b?;",
            r#"loss = "text";"#,
            "loss = 'a';",
            "let _ = b; loss = b;",
            "loss == b;",
            "loss: b;",
            "loss <- b;",
            "loss = b,;",
            "loss = b; loss = 2*b;",
            "param v = nn.Parameter(torch.zeros(D)); loss = sum(v);",
            "param v: [D] = torch.zeros(D); loss = sum(v);",
            "param v: [D] = 0.1*randn(D); loss = sum(v);",
            "param v: [D] = glorot(); loss = sum(v);",
            "param v: [D] = normal(0.1); loss = sum(v);",
            "param v: Tensor; loss = v;",
            "param v[D]; loss = sum(v);",
            "param v: [N, ?]; loss = sum(v);",
            "param v: [3, -1]; loss = sum(v);",
            "param v: [-1]; loss = sum(v);",
            "param v: [B]; loss = sum(v);",
            "param w; loss = w;",
            "var v = 1; loss = v*b;",
            "v = 1 loss = v*b;",
            "struct P; loss = b;",
            "type V = f64; loss = b;",
            "impl M { fn f() {} } loss = b;",
            "#[derive(Debug)] param q; loss = q;",
            "fn f<T>(a: T) -> T { a } loss = f(b);",
            "fn f(a) = a*f(a - 1); loss = f(b);",
            "let f = fn(a) = a; loss = b;",
            "loss = if let Some(q) = b { q } else { 0 };",
            "loss = if b > 0 { b } elif b < 1 { 0 } else { 1 };",
            "loss = if (b > 0) b else 0;",
            "loss = if b > 0 then b else 0;",
            "loss = b as usize;",
            "loss = usize::MAX;",
            "loss = f64::EPSILON*b;",
            "loss = (0..N).map(|i| y[i]).sum();",
            "loss = y.mapv(f64::tanh).sum();",
            "loss = y.mapv(sigmoid).sum();",
            "let r = &y - &(x.dot(&w)); loss = r.dot(&r);",
            "loss = y.iter().sum::<f64>();",
            "step go { w -= 0.1*grad(loss, w) } loss = b;",
            "loss = b; step go() { w := w - 0.1*grad(loss); }",
            "loss = b; step go(w) { w := w; }",
            "loss = b; step go() { x := x; }",
            "loss = b; step go() { return b; }",
            "loss = b; optimizer.step();",
            "loss = b; return loss;",
            "output loss = b;",
            "minimize loss = b;",
        ],
        &expect![[r#"
            loss = nn.MSELoss()(y, y);
                there is no operator before `(`
                help: a call has one list of arguments: `mse(a, b)`, `relu(x)`, `x @ w + b`, `grad(y, x)`; `*` multiplies
            loss = nn.ReLU()(b);
                there is no operator before `(`
                help: a call has one list of arguments: `mse(a, b)`, `relu(x)`, `x @ w + b`, `grad(y, x)`; `*` multiplies
            loss = nn.Linear(D, 1)(x).sum();
                there is no operator before `(`
                help: a call has one list of arguments: `mse(a, b)`, `relu(x)`, `x @ w + b`, `grad(y, x)`; `*` multiplies
            loss = F.relu(b, inplace=True);
                unknown name `True`
                help: `true`
                unknown name `F`
                help: `relu(b)`
                => loss = relu(b);
            loss = F.softmax(x, dim=-1).sum();
                unknown name `F`
                help: `softmax(x, axis = -1)`
                => loss = softmax(x, axis = -1).sum();
            loss = F.dropout(y, 0.5).sum();
                unknown name `F`
                help: functions stand without a module: `dropout(x, rate, seed)`
            loss = torch.clamp(b, min=0);
                unknown name `torch`
                help: `max(b, 0)`
                => loss = max(b, 0);
            loss = b.clamp(min=0, max=1);
                `clamp` has no argument `min`
                help: did you mean `low`?
                `clamp` has no argument `max`
                help: did you mean `high`?
                => loss = b.clamp(low=0, high=1);
            loss = b.exp_();
                unknown function `exp_`
                help: `exp(b)`
                => loss = exp(b);
            loss = jax.lax.stop_gradient(b);
                unknown name `jax`
                help: `stop_gradient(b)`
                => loss = stop_gradient(b);
            loss = jax.grad(loss)(w);
                there is no operator before `(`
                help: a call has one list of arguments: `mse(a, b)`, `relu(x)`, `x @ w + b`, `grad(y, x)`; `*` multiplies
            let c = b^2; loss = grad(c)(b);
                there is no operator before `(`
                help: a call has one list of arguments: `mse(a, b)`, `relu(x)`, `x @ w + b`, `grad(y, x)`; `*` multiplies
            let c = b^2; loss = grad(c);
                `grad` takes 2 arguments, but is given 1
                help: `grad(y, x)`
            with torch.no_grad(): loss = b;
                no item begins with `with`
                help: this stands outside of the model
            loss = sum([v**2 for v in w]);
                `for` is not a word of this language
                help: index notation: `y[i in 0..N] = …;`, `sum[i in 0..N](…)`; what depends on the turn before (`scan`) is not supported yet
            loss = sum(y) / len(y);
                unknown function `len`
                help: `N`
                => loss = sum(y) / N;
            loss = sum(y) / y.size(0);
                unknown function `size`
                help: `N`
                => loss = sum(y) / N;
            loss = sum(y)/float(N);
                unknown function `float`
                help: `N`: leave `float` out
                => loss = sum(y)/N;
            loss = float(b) + int(b);
                unknown function `float`
                help: `b`: leave `float` out
                unknown function `int`
                help: `sign(b)*floor(abs(b))`
                => loss = b + (sign(b)*floor(abs(b)));
            loss = b.float();
                unknown function `float`
                help: `b`: leave `float` out
                => loss = b;
            loss = b++;
                `+` stands between two values, not before one
                help: leave out this `+`
                expected an expression, found `;`
                help: a value stands here: a number, a name, a call, `(…)`, `[…]` or `if`
                => loss = b+;
            loss = ++b;
                `+` stands between two values, not before one
                help: leave out this `+`
                `+` stands between two values, not before one
                help: leave out this `+`
                => loss = b;
            loss = b?;
                expected an expression, found `;`
                help: a value stands here: a number, a name, a call, `(…)`, `[…]` or `if`
            loss = "text";
                `"text"` is not a number: models compute with numbers and truth values
                help: words stand in comments, after `//`
            loss = 'a';
                `'a'` is not a number: models compute with numbers and truth values
                help: words stand in comments, after `//`
            let _ = b; loss = b;
                `_` is a word of Rust, and cannot be a name
                help: choose another name
            loss == b;
                expected `=`, found `==`
                help: `loss = …;`
                => loss = b;
            loss: b;
                expected `=`, found `:`
                help: `loss = …;`
                => loss = b;
            loss <- b;
                expected `=`, found `<`
                help: `loss = …;`
                => loss = b;
            loss = b,;
                expected `;`, found `,`
                help: leave out this `,`
                => loss = b;
            loss = b; loss = 2*b;
                there is already an output `loss`
                help: remove it, or rename it
            param v = nn.Parameter(torch.zeros(D)); loss = sum(v);
                unknown initialiser `Parameter`
                help: a number, or `normal(0, 0.1)`; LANGUAGE.md lists all initialisers
            param v: [D] = torch.zeros(D); loss = sum(v);
                unknown name `torch`
                help: `zeros()`
                => param v: [D] = zeros(); loss = sum(v);
            param v: [D] = 0.1*randn(D); loss = sum(v);
                a multiple of an initialiser is not supported yet
                help: `normal(0, 0.1)`
                => param v: [D] = normal(0, 0.1); loss = sum(v);
            param v: [D] = glorot(); loss = sum(v);
                unknown initialiser `glorot`
                help: `glorot_uniform()`
                => param v: [D] = glorot_uniform(); loss = sum(v);
            param v: [D] = normal(0.1); loss = sum(v);
                `normal` takes 2 arguments, but is given 1
                help: `normal(0, 0.1)`: the shape is that of the declaration
                => param v: [D] = normal(0, 0.1); loss = sum(v);
            param v: Tensor; loss = v;
                expected a shape, found `Tensor`
                help: a shape is a list of extents, `[N, D]`; a number has none
            param v[D]; loss = sum(v);
                expected `,` or `;`, found `[`
                help: a shape follows a colon: `name: [D]`
                => param v: [D]; loss = sum(v);
            param v: [N, ?]; loss = sum(v);
                expected an expression, found `?`
                help: a value stands here: a number, a name, a call, `(…)`, `[…]` or `if`
            param v: [3, -1]; loss = sum(v);
                an extent cannot be negative, but this is -1
                help: an extent that follows from the data has a name, declared before the braces: `M<N>`, `[N]`
            param v: [-1]; loss = sum(v);
                an extent cannot be negative, but this is -1
                help: an extent that follows from the data has a name, declared before the braces: `M<N>`, `[N]`
            param v: [B]; loss = sum(v);
                unknown dimension `B`
                help: declare it: `M<N, D, B>`
                => M<N, D, B> { param w: [D] unused, b unused; input x: [N, D], y: [N], z: [N, 1]; const k = 2; state m: [D]; param v: [B]; loss = sum(v);
            param w; loss = w;
                there is already a parameter `w`
                help: remove it, or rename it
                `loss` must be a scalar to be minimised, but it is [D]
                help: `loss = mean(w);`
                => param w; loss = mean(w);
            var v = 1; loss = v*b;
                no item begins with `var`
                help: `let`
                => let v = 1; loss = v*b;
            v = 1 loss = v*b;
                there is no `;` at the end of this item
                help: add `;`
                => v = 1; loss = v*b;
            struct P; loss = b;
                no item begins with `struct`
                help: this stands outside of the model
            type V = f64; loss = b;
                no item begins with `type`
                help: this stands outside of the model
            impl M { fn f() {} } loss = b;
                no item begins with `impl`
                help: this stands outside of the model
            #[derive(Debug)] param q; loss = q;
                an item takes no attributes
                help: only doc comments stand here; attributes go before the model's name
                =>  param q; loss = q;
            fn f<T>(a: T) -> T { a } loss = f(b);
                expected `(`, found `<`
                help: a function takes any shape: leave this out
                expected `,`, found `:`
                help: a function takes any shape: leave this out
                expected `=` or `{`, found `->`
                help: the compiler finds the shape of the value: leave this out
                => fn f(a)  { a } loss = f(b);
            fn f(a) = a*f(a - 1); loss = f(b);
                `f` calls itself
                help: functions are inlined, so none can call itself
            let f = fn(a) = a; loss = b;
                there are no closures here
                help: a function is an item, `fn f(a) = …;`, and no value
            loss = if let Some(q) = b { q } else { 0 };
                expected an expression, found `let`
                help: there are no patterns: every value is a number or a truth value, and `if c { a } else { b }` chooses
            loss = if b > 0 { b } elif b < 1 { 0 } else { 1 };
                expected `else`, found `elif`
                help: `else if`
                => loss = if b > 0 { b } else if b < 1 { 0 } else { 1 };
            loss = if (b > 0) b else 0;
                expected `{`, found `b`
                help: `if b > 0 { a } else { b }`: each value stands between braces
            loss = if b > 0 then b else 0;
                expected `{`, found `then`
                help: `if b > 0 { a } else { b }`: each value stands between braces
            loss = b as usize;
                there is no cast `as usize`: every number is real, and every dimension a number
                help: leave this out
                => loss = b ;
            loss = usize::MAX;
                expected `(`, found `;`
                help: a path is a function, and is called: `usize::MAX(x)`
            loss = f64::EPSILON*b;
                unknown name `f64::EPSILON`
                help: `2^-52`
                => loss = (2^-52)*b;
            loss = (0..N).map(|i| y[i]).sum();
                expected `,`, found `..`
                help: a range stands in a subscript, `x[1..]`; the numbers from 0 on are `iota(N)`
                there are no closures here
                help: operations take whole tensors: `x^2` squares each element, `sum(x)` adds them
            loss = y.mapv(f64::tanh).sum();
                unknown function `mapv`
                help: `tanh(y)`
                => loss = tanh(y).sum();
            loss = y.mapv(sigmoid).sum();
                unknown function `mapv`
                help: `sigmoid(y)`
                => loss = sigmoid(y).sum();
            let r = &y - &(x.dot(&w)); loss = r.dot(&r);
                there is no operator `&` here
                help: leave this out: there are values only, no references
                there is no operator `&` here
                help: leave this out: there are values only, no references
                there is no operator `&` here
                help: leave this out: there are values only, no references
                there is no operator `&` here
                help: leave this out: there are values only, no references
                `dot` takes two vectors, but is given [N, D]
                help: this product is written `x @ w`
                => let r = y - (x @ w); loss = r.dot(r);
            loss = y.iter().sum::<f64>();
                expected `(`, found `::`
                help: leave this out: there is one type of numbers
                unknown function `iter`
                help: `y`: leave `iter` out
                => loss = y.sum();
            step go { w -= 0.1*grad(loss, w) } loss = b;
                there is no `;` at the end of this item
                help: add `;`
                there is no operator `-=` here
                help: `w := w - …;`
                `loss` is used before it is defined
                help: values are defined in order, from top to bottom
                => step go { w -= 0.1*grad(loss, w); } loss = b;
            loss = b; step go() { w := w - 0.1*grad(loss); }
                `grad` takes 2 arguments, but is given 1
                help: `grad(y, x)`
            loss = b; step go(w) { w := w; }
                there is already a parameter `w`
                help: remove it, or rename it
            loss = b; step go() { x := x; }
                cannot assign to the input `x`
                help: to keep a value between calls, declare `state x`
            loss = b; step go() { return b; }
                expected `let` or `name := …;`, found `b`
                help: what a step gives is named before its braces, and what it assigns stands between them; a value alone is an output
            loss = b; optimizer.step();
                expected `=`, found `.`
                help: a model has values, and no statements: `value = optimizer…;`, `grad(optimizer, w)`
            loss = b; return loss;
                no item begins with `return`
                help: an output needs no `return`: its name is enough
                => loss = b;  
            output loss = b;
                no item begins with `output`
                help: leave this word out
                =>  loss = b;
            minimize loss = b;
                no item begins with `minimize`
                help: leave this word out
                =>  loss = b;
        "#]],
    );
}
