//! Items and statements that begin otherwise elsewhere.

use expect_test::expect;

use super::check;

#[test]
fn items_and_statements() {
    check(
        &[
            "loss = b; step s() { if b > 0 { b := 0; } }",
            "loss = b; step s() { if b > 0 { b := 0; } else { b := 1; } }",
            "loss = b; step s() { if b > 0 { b := 0; w := 2*w; } else { b := 1; } }",
            "loss = b; step s() { if b > 0 { b -= 1; } else if b < -1 { b += 1; } }",
            "loss = b; step s() { if b > 0 { b = 0 } }",
            "loss = b; step s() { if (b > 0) b := 0; }",
            "loss = b; step s() { if b > 0 { let g = grad(loss, b); b := b - g; } }",
            "loss = b; step s(lr) { w := w - lr*grad(loss, w); return loss; }",
            "loss = b; step s(lr) { w := w - lr*grad(loss, w); loss }",
            "loss = b; step s() { for i in 0..3 { b := 2*b; } }",
            "if k > 1 { loss = b; } else { loss = 2*b; }",
            "predict(a) = 2*a; loss = predict(b);",
            "predict(a, c) = { a*c }; loss = predict(b, b);",
            "predict() = b; loss = b;",
            "fn predict(a) = return 2*a; loss = predict(b);",
            "fn predict(a) { return 2*a; } loss = predict(b);",
            "fn predict(a) { let c = 2*a; c; } loss = predict(b);",
            "param v: [N] = xavier; loss = sum(v);",
            "param v: [N] = zeros; loss = sum(v);",
            "param v: [N] = normal; loss = sum(v);",
            "param v: [N, D] = he; loss = sum(v);",
            "param v: [N] = uniform; loss = sum(v);",
            "param v: [N] = random; loss = sum(v);",
            "param v: [N] = nn.init.xavier_uniform; loss = sum(v);",
            "param v: [N] = nn.init.xavier_uniform(); loss = sum(v);",
            "param v: [N] = np.zeros(N); loss = sum(v);",
            "param v: [N] = zeros(N); loss = sum(v);",
            "param v: [N] = zeros([N]); loss = sum(v);",
            "param v: [N] = normal(); loss = sum(v);",
            "param v: [N] = normal(0.1); loss = sum(v);",
            "param v: [N] = 0.1*normal(0, 1); loss = sum(v);",
            "param v: [3] = [1, 2, 3]; loss = sum(v);",
            "state s: [3] = [1, 2, 3]; loss = sum(s) + b;",
            "param v: [N] = y; loss = sum(v);",
            "param v = w; loss = v;",
            "minimize sum(y*b);",
            "minimise b^2;",
            "minimize(b^2);",
            "minimize loss = b;",
            "maximize b;",
            "maximise -sum(y*b);",
            "maximize(sum(y*b));",
            "min b^2;",
            "output b^2;",
            "return sum(y*b);",
            "loss: sum(y*b);",
            "loss := b;",
            "loss b;",
            "m = 2*m; loss = b;",
            "m = w; loss = b;",
            "loss = b; w = w - 0.1*grad(loss, w);",
            "b = 2; loss = b;",
            "y = 2*y; loss = b;",
            "m += 1; loss = b;",
            "w -= 0.1; loss = b;",
            "param<lower=0> s; loss = s;",
            "param<lower=0, upper=1> s: [N]; loss = sum(s);",
            "param<upper=1> s; loss = s;",
            "real<lower=0> s; loss = s;",
            "param s<lower=0>; loss = s;",
            "param s > 0; loss = s;",
            "param s: [N] > 0; loss = sum(s);",
            "param s >= 0; loss = s;",
            "param v: [N] ~ normal(0, 1); loss = sum(v);",
            "param v ~ normal(0, 1); loss = sum(v);",
            "y ~ normal(b, 1);",
            "input label: [N] in 0..K; loss = b;",
            "input label: [N] in 0..3; loss = b;",
            "input label: [N] in [0, 3]; loss = b;",
            "input label: [N] in 0..=D; loss = b;",
            "input label: [N] in {0, 1}; loss = b;",
            "input v: [N] in (0, 1); loss = b;",
            "loss = b; return loss;",
            "let q = b; return q;",
            "loss = b return loss;",
            "loss = b; fn train(lr) { w := w - lr*grad(loss, w); }",
            "loss = b; fn train(lr) { w -= lr*grad(loss, w); }",
            "loss = b; fn train(lr) { w = w - lr*grad(loss, w); }",
            "loss = b; fn train(lr) -> loss { w := w - lr*grad(loss, w); }",
            "loss = b; def train(lr) { w := w - lr*grad(loss, w); }",
            "loss = b; train(lr) { w := w - lr*grad(loss, w); }",
            "param v, input u; loss = v*u;",
            "param v: [N], input u: [N]; loss = sum(v*u);",
            "input u, param v: [N]; loss = sum(v*u);",
            "param v, let c = 2; loss = v*c;",
            "param v and q; loss = v*q;",
            "param v param q; loss = v*q;",
            "params v, q; loss = v*q;",
            "param [N] v; loss = sum(v);",
            "param v[N]; loss = sum(v);",
            "param v(N); loss = sum(v);",
            "param v: N; loss = sum(v);",
            "param v: [f64; N]; loss = sum(v);",
            "param v: Array1<f64>; loss = sum(v);",
            "param v: [3] ;; loss = sum(v);",
            "let v: [N] = y; loss = sum(v*b);",
        ],
        &expect![[r#"
            loss = b; step s() { if b > 0 { b := 0; } }
                expected `let` or `name := …;`, found `if`
                help: `b := if b > 0 { 0 } else { b };`
                => loss = b; step s() { b := if b > 0 { 0 } else { b };
            loss = b; step s() { if b > 0 { b := 0; } else { b := 1; } }
                expected `let` or `name := …;`, found `if`
                help: `b := if b > 0 { 0 } else { 1 };`
                => loss = b; step s() { b := if b > 0 { 0 } else { 1 };
            loss = b; step s() { if b > 0 { b := 0; w := 2*w; } else { b := 1; } }
                expected `let` or `name := …;`, found `if`
                help: `b := if b > 0 { 0 } else { 1 }; w := if b > 0 { 2*w } else { w };`
                => loss = b; step s() { b := if b > 0 { 0 } else { 1 }; w := if b > 0 { 2*w } else { w };
            loss = b; step s() { if b > 0 { b -= 1; } else if b < -1 { b += 1; } }
                expected `let` or `name := …;`, found `if`
                help: `b := if b > 0 { b - 1 } else { if b < -1 { b + 1 } else { b } };`
                => loss = b; step s() { b := if b > 0 { b - 1 } else { if b < -1 { b + 1 } else { b } };
            loss = b; step s() { if b > 0 { b = 0 } }
                expected `let` or `name := …;`, found `if`
                help: `b := if b > 0 { 0 } else { b };`
                => loss = b; step s() { b := if b > 0 { 0 } else { b };
            loss = b; step s() { if (b > 0) b := 0; }
                expected `{`, found `b`
                help: a choice is a value: `w := if c { a } else { w };`
            loss = b; step s() { if b > 0 { let g = grad(loss, b); b := b - g; } }
                expected `let` or `name := …;`, found `if`
                help: `b := if b > 0 { let g = grad(loss, b); b - g } else { b };`
                => loss = b; step s() { b := if b > 0 { let g = grad(loss, b); b - g } else { b };
            loss = b; step s(lr) { w := w - lr*grad(loss, w); return loss; }
                expected `let` or `name := …;`, found `loss`
                help: what a step gives is named before its braces: `-> loss`
                => loss = b; step s(lr) -> loss { w := w - lr*grad(loss, w); 
            loss = b; step s(lr) { w := w - lr*grad(loss, w); loss }
                expected `let` or `name := …;`, found `loss`
                help: what a step gives is named before its braces: `-> loss`
                => loss = b; step s(lr) -> loss { w := w - lr*grad(loss, w); 
            loss = b; step s() { for i in 0..3 { b := 2*b; } }
                `for` is not a word of this language
                help: index notation: `y[i in 0..N] = …;`, `sum[i in 0..N](…)`; what depends on the turn before (`scan`) is not supported yet
            if k > 1 { loss = b; } else { loss = 2*b; }
                expected an item, found `if`
                help: `loss = if k > 1 { b } else { 2*b };`
                => loss = if k > 1 { b } else { 2*b };
            predict(a) = 2*a; loss = predict(b);
                expected `=`, found `(`
                help: `fn predict(…) = …;`
                => fn predict(a) = 2*a; loss = predict(b);
            predict(a, c) = { a*c }; loss = predict(b, b);
                expected `=`, found `(`
                help: `fn predict(…) = …;`
                expected an expression, found `{`
                help: a body between braces follows without `=` and `;`
                => fn predict(a, c)  { a*c } loss = predict(b, b);
            predict() = b; loss = b;
                expected `=`, found `(`
                help: `fn predict(…) = …;`
                => fn predict() = b; loss = b;
            fn predict(a) = return 2*a; loss = predict(b);
                expected an expression, found `return`
                help: leave this word out
                => fn predict(a) =  2*a; loss = predict(b);
            fn predict(a) { return 2*a; } loss = predict(b);
                expected an expression, found `return`
                help: leave this word out
                expected `}`, found `;`
                help: a block ends with its value: remove this `;`, or write `let name = …;`
                => fn predict(a) {  2*a } loss = predict(b);
            fn predict(a) { let c = 2*a; c; } loss = predict(b);
                expected `}`, found `;`
                help: a block ends with its value: remove this `;`, or write `let name = …;`
                => fn predict(a) { let c = 2*a; c } loss = predict(b);
            param v: [N] = xavier; loss = sum(v);
                `xavier` is not a value
                help: an initialiser is called: `xavier_uniform()`
                => param v: [N] = xavier_uniform(); loss = sum(v);
            param v: [N] = zeros; loss = sum(v);
                `zeros` is not a value
                help: an initialiser is called: `zeros()`
                => param v: [N] = zeros(); loss = sum(v);
            param v: [N] = normal; loss = sum(v);
                `normal` is not a value
                help: an initialiser is called: `normal(0, 1)`
                => param v: [N] = normal(0, 1); loss = sum(v);
            param v: [N, D] = he; loss = sum(v);
                `he` is not a value
                help: an initialiser is called: `he_normal()`
                => param v: [N, D] = he_normal(); loss = sum(v);
            param v: [N] = uniform; loss = sum(v);
                `uniform` is not a value
                help: an initialiser is called: `uniform(0, 1)`
                => param v: [N] = uniform(0, 1); loss = sum(v);
            param v: [N] = random; loss = sum(v);
                `random` is not a value
                help: an initialiser is called: `uniform(0, 1)`
                => param v: [N] = uniform(0, 1); loss = sum(v);
            param v: [N] = nn.init.xavier_uniform; loss = sum(v);
                unknown name `nn`
                help: `xavier_uniform()`
                => param v: [N] = xavier_uniform(); loss = sum(v);
            param v: [N] = nn.init.xavier_uniform(); loss = sum(v);
                unknown name `nn`
                help: `xavier_uniform()`
                => param v: [N] = xavier_uniform(); loss = sum(v);
            param v: [N] = np.zeros(N); loss = sum(v);
                unknown name `np`
                help: `zeros()`
                => param v: [N] = zeros(); loss = sum(v);
            param v: [N] = zeros(N); loss = sum(v);
                `zeros` takes no arguments, but is given 1
                help: `zeros()`: the shape is that of the declaration
                => param v: [N] = zeros(); loss = sum(v);
            param v: [N] = zeros([N]); loss = sum(v);
                `zeros` takes no arguments, but is given 1
                help: `zeros()`: the shape is that of the declaration
                => param v: [N] = zeros(); loss = sum(v);
            param v: [N] = normal(); loss = sum(v);
                `normal` takes 2 arguments, but is given 0
                help: `normal(0, 1)`: the shape is that of the declaration
                => param v: [N] = normal(0, 1); loss = sum(v);
            param v: [N] = normal(0.1); loss = sum(v);
                `normal` takes 2 arguments, but is given 1
                help: `normal(0, 0.1)`: the shape is that of the declaration
                => param v: [N] = normal(0, 0.1); loss = sum(v);
            param v: [N] = 0.1*normal(0, 1); loss = sum(v);
                a multiple of an initialiser is not supported yet
                help: `normal(0, 0.1)`
                => param v: [N] = normal(0, 0.1); loss = sum(v);
            param v: [3] = [1, 2, 3]; loss = sum(v);
                an initialiser is one number, but this is a list of 3
                help: values are set after the model is made: `model.name = array![…];`; what never changes is a `let` or an `input`
            state s: [3] = [1, 2, 3]; loss = sum(s) + b;
                an initialiser is one number, but this is a list of 3
                help: values are set after the model is made: `model.name = array![…];`; what never changes is a `let` or an `input`
            param v: [N] = y; loss = sum(v);
                an initialiser has to be known when the model is compiled, but `y` is not
                help: a number, or the name of a `const`
            param v = w; loss = v;
                an initialiser has to be known when the model is compiled, but `w` is not
                help: a number, or the name of a `const`
            minimize sum(y*b);
                no item begins with `minimize`
                help: `loss = sum(y*b);`: the output `loss` is what is minimised
                => loss = sum(y*b);
            minimise b^2;
                no item begins with `minimise`
                help: `loss = b^2;`: the output `loss` is what is minimised
                => loss = b^2;
            minimize(b^2);
                no item begins with `minimize`
                help: `loss = b^2;`: the output `loss` is what is minimised
                => loss = b^2;
            minimize loss = b;
                no item begins with `minimize`
                help: leave this word out
                =>  loss = b;
            maximize b;
                no item begins with `maximize`
                help: `loss = -b;`: the output `loss` is what is minimised
                => loss = -b;
            maximise -sum(y*b);
                no item begins with `maximise`
                help: `loss = sum(y*b);`: the output `loss` is what is minimised
                => loss = sum(y*b);
            maximize(sum(y*b));
                no item begins with `maximize`
                help: `loss = -sum(y*b);`: the output `loss` is what is minimised
                => loss = -sum(y*b);
            min b^2;
                no item begins with `min`
                help: `loss = b^2;`: the output `loss` is what is minimised
                => loss = b^2;
            output b^2;
                no item begins with `output`
                help: an output has a name: `value = …;`
                => value = b^2;
            return sum(y*b);
                no item begins with `return`
                help: an output has a name: `loss = …;`
                => loss = sum(y*b);
            loss: sum(y*b);
                expected `=`, found `:`
                help: `loss = …;`
                => loss = sum(y*b);
            loss := b;
                `:=` assigns to `loss` outside of a `step`
                help: `loss = …;`
                => loss = b;
            loss b;
                no item begins with `loss`
                help: `loss = b;`: the output `loss` is what is minimised
                => loss = b;
            m = 2*m; loss = b;
                there is already a state `m`
                help: `step set_m { m := 2*m; }`: a new value is given in a step
                => step set_m { m := 2*m; } loss = b;
            m = w; loss = b;
                there is already a state `m`
                help: `step set_m { m := w; }`: a new value is given in a step
                => step set_m { m := w; } loss = b;
            loss = b; w = w - 0.1*grad(loss, w);
                there is already a parameter `w`
                help: `step set_w { w := w - 0.1*grad(loss, w); }`: a new value is given in a step
                => loss = b; step set_w { w := w - 0.1*grad(loss, w);
            b = 2; loss = b;
                there is already a parameter `b`
                help: `step set_b { b := 2; }`: a new value is given in a step
                => step set_b { b := 2; } loss = b;
            y = 2*y; loss = b;
                there is already an input `y`
                help: remove it, or rename it
            m += 1; loss = b;
                there is no operator `+=` here
                help: `step set_m { m := m + 1; }`: a new value is given in a step
                => step set_m { m := m + 1; } loss = b;
            w -= 0.1; loss = b;
                there is no operator `-=` here
                help: `step set_w { w := w - 0.1; }`: a new value is given in a step
                => step set_w { w := w - 0.1; } loss = b;
            param<lower=0> s; loss = s;
                expected a name, found a bound
                help: `param s in 0..;`
                => param s in 0..; loss = s;
            param<lower=0, upper=1> s: [N]; loss = sum(s);
                expected a name, found a bound
                help: `param s in 0..1;`
                => param s: [N] in 0..1; loss = sum(s);
            param<upper=1> s; loss = s;
                expected a name, found a bound
                help: `param s in ..1;`
                => param s in ..1; loss = s;
            real<lower=0> s; loss = s;
                expected `=`, found `<`
                help: what is fitted is `param name: [N];`, what is given `input name: [N];`, and a number has no shape; what is positive is `exp(name)` of a parameter
            param s<lower=0>; loss = s;
                expected a name, found a bound
                help: `param s in 0..;`
                => param s in 0..; loss = s;
            param s > 0; loss = s;
                expected a name, found a bound
                help: `param s in 0..;`
                => param s in 0.. ; loss = s;
            param s: [N] > 0; loss = sum(s);
                expected a name, found a bound
                help: `param s in 0..;`
                => param s: [N] in 0.. ; loss = sum(s);
            param s >= 0; loss = s;
                expected a name, found a bound
                help: `param s in 0..;`
                => param s in 0.. ; loss = s;
            param v: [N] ~ normal(0, 1); loss = sum(v);
                there is no operator `~` here
                help: `= normal(0, 1)` is where it starts; a prior is a term of the loss: `- sum(normal_lpdf(w, 0, 1))`
            param v ~ normal(0, 1); loss = sum(v);
                there is no operator `~` here
                help: `= normal(0, 1)` is where it starts; a prior is a term of the loss: `- sum(normal_lpdf(w, 0, 1))`
            y ~ normal(b, 1);
                there is no operator `~` here
                help: a distribution is a term of the loss, minus the sum of its logarithm: `loss = -sum(normal_lpdf(y, b, 1));`
            input label: [N] in 0..K; loss = b;
                expected a number of classes, found a range
                help: `in K`: the indices are 0, 1, …, one less than that
                unknown dimension `K`
                help: declare it: `M<N, D, K>`
                => M<N, D, K> { param w: [D] unused, b unused; input x: [N, D], y: [N], z: [N, 1]; const k = 2; state m: [D]; input label: [N] in K; loss = b;
            input label: [N] in 0..3; loss = b;
                expected a number of classes, found a range
                help: `in 3`: the indices are 0, 1, …, one less than that
                => input label: [N] in 3; loss = b;
            input label: [N] in [0, 3]; loss = b;
                expected a number of classes, found `[`
                help: `in K` says how many classes there are: the indices are 0, 1, …, K − 1
            input label: [N] in 0..=D; loss = b;
                expected a number of classes, found a range
                help: `in D + 1`: the indices are 0, 1, …, one less than that
                => input label: [N] in D + 1; loss = b;
            input label: [N] in {0, 1}; loss = b;
                expected a number of classes, found `{`
                help: `in K` says how many classes there are: the indices are 0, 1, …, K − 1
            input v: [N] in (0, 1); loss = b;
                expected a number of classes, found `(`
                help: `in K` says how many classes there are: the indices are 0, 1, …, K − 1
            loss = b; return loss;
                no item begins with `return`
                help: an output needs no `return`: its name is enough
                => loss = b;  
            let q = b; return q;
                no item begins with `return`
                help: an output has a name: `loss = …;`
                => let q = b; loss = q;
            loss = b return loss;
                there is no `;` at the end of this item
                help: add `;`
                no item begins with `return`
                help: an output needs no `return`: its name is enough
                => loss = b;  
            loss = b; fn train(lr) { w := w - lr*grad(loss, w); }
                expected `step`, found `fn`
                help: what assigns is a `step`; a function only gives a value
                => loss = b; step train(lr) { w := w - lr*grad(loss, w);
            loss = b; fn train(lr) { w -= lr*grad(loss, w); }
                expected `step`, found `fn`
                help: what assigns is a `step`; a function only gives a value
                there is no operator `-=` here
                help: `w := w - lr*grad(loss, w);`
                => loss = b; step train(lr) { w := w - lr*grad(loss, w);
            loss = b; fn train(lr) { w = w - lr*grad(loss, w); }
                expected `step`, found `fn`
                help: what assigns is a `step`; a function only gives a value
                `=` does not assign to `w` in a step
                help: `w := …;` assigns, `let w = …;` names a value
                => loss = b; step train(lr) { w := w - lr*grad(loss, w);
            loss = b; fn train(lr) -> loss { w := w - lr*grad(loss, w); }
                expected `step`, found `fn`
                help: what assigns is a `step`; a function only gives a value
                => loss = b; step train(lr) -> loss { w := w - lr*grad(loss, w);
            loss = b; def train(lr) { w := w - lr*grad(loss, w); }
                expected `step`, found `def`
                help: what assigns is a `step`; a function only gives a value
                => loss = b; step train(lr) { w := w - lr*grad(loss, w);
            loss = b; train(lr) { w := w - lr*grad(loss, w); }
                expected `=`, found `(`
                help: `step train(…) { … }` assigns
                => loss = b; step train(lr) { w := w - lr*grad(loss, w);
            param v, input u; loss = v*u;
                expected a name, found `input`
                help: an item ends with `;`
                => param v; input u; loss = v*u;
            param v: [N], input u: [N]; loss = sum(v*u);
                expected a name, found `input`
                help: an item ends with `;`
                => param v: [N]; input u: [N]; loss = sum(v*u);
            input u, param v: [N]; loss = sum(v*u);
                expected a name, found `param`
                help: an item ends with `;`
                => input u; param v: [N]; loss = sum(v*u);
            param v, let c = 2; loss = v*c;
                expected a name, found `let`
                help: an item ends with `;`
                => param v; let c = 2; loss = v*c;
            param v and q; loss = v*q;
                expected `,` or `;`, found `and`
                help: `,`
                => param v , q; loss = v*q;
            param v param q; loss = v*q;
                there is no `;` at the end of this item
                help: add `;`
                => param v; param q; loss = v*q;
            params v, q; loss = v*q;
                no item begins with `params`
                help: `param`
                => param v, q; loss = v*q;
            param [N] v; loss = sum(v);
                expected a name, found `[`
                help: a shape follows the name: `v: [N]`
                => param  v: [N]; loss = sum(v);
            param v[N]; loss = sum(v);
                expected `,` or `;`, found `[`
                help: a shape follows a colon: `name: [D]`
                => param v: [N]; loss = sum(v);
            param v(N); loss = sum(v);
                expected `,` or `;`, found `(`
                help: a shape follows a colon: `name: [N]`
                => param v: [N]; loss = sum(v);
            param v: N; loss = sum(v);
                expected a shape, found `N`
                help: `: [N]`
                => param v: [N]; loss = sum(v);
            param v: [f64; N]; loss = sum(v);
                expected a shape, found `[`
                help: `[N]`
                => param v: [N]; loss = sum(v);
            param v: Array1<f64>; loss = sum(v);
                expected a shape, found `Array1`
                help: `: [N, D]`, in dimensions of the header
            param v: [3] ;; loss = sum(v);
                expected an item, found `;`
                help: remove this `;`
                => param v: [3] ; loss = sum(v);
            let v: [N] = y; loss = sum(v*b);
                expected `=`, found `:`
                help: leave this out: the compiler finds the shape of a value by itself
                => let v = y; loss = sum(v*b);
        "#]],
    );
}
