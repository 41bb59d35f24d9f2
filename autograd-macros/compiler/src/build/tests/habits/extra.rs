//! Arguments that functions have elsewhere and not here (none is left out in what is proposed), and items and statements
//! that begin otherwise.

use expect_test::expect;

use super::check;

#[test]
fn extra_arguments() {
    check(
        &[
            "loss = sum(np.where(y > 0, y, 0));",
            "loss = sum(torch.where(y > 0, y, 0));",
            "loss = sum(np.mod(y, 2) + mod(y, 2));",
            "loss = sum(y.mod(2));",
            "loss = sum(torch::where(y > 0, y, 0));",
            "loss = sum(y.type(b));",
            "loss = sum(y, where = y > 0);",
            "loss = mean(y, where = y > 0);",
            "loss = sum(log(y, 10));",
            "loss = sum(log(y, 2) + y.log(3) + log(y, base = 10));",
            "loss = math.log(b, 10);",
            "loss = sum(round(y, 2));",
            "loss = sum(np.round(y, decimals=2));",
            "loss = sum(torch.round(y, decimals=k));",
            "loss = norm(w, 1);",
            "loss = norm(w, 2);",
            "loss = np.linalg.norm(w, 1);",
            "loss = np.linalg.norm(w, ord=1);",
            "loss = sum(np.linalg.norm(x, 2, 1));",
            "loss = sum(np.linalg.norm(x, ord=1, axis=1));",
            "loss = norm(w, p=3);",
            "loss = norm(x, \"fro\");",
            "loss = sum(torch.norm(x, p=2, dim=1));",
            "loss = sum(torch.norm(x, dim=1));",
            "loss = sum(np.max(x, 0));",
            "loss = sum(torch.max(x, 1, True));",
            "loss = sum(max(x, 0, True));",
            "loss = sum(np.max(x, axis=1));",
            "loss = sum(torch.std(x, 0, True));",
            "loss = sum(std(x, 0, True));",
            "loss = sum(var(x, 0, 1));",
            "loss = sum(np.var(x, 0, None, None, 1));",
            "loss = sum(sum(x, 0, True));",
            "loss = sum(x, y);",
            "loss = mean(y, y);",
            "loss = np.average(y, weights=y);",
            "loss = sum(clamp(y, 0));",
            "loss = sum(softmax(y, dim=-1));",
            "loss = sum(F.softmax(x, 1));",
            "loss = sum(exp(2, y));",
            "loss = sum(sqrt(y, 3));",
            "loss = sum(atan(y, y));",
            "loss = sum(softplus(y, 2));",
            "loss = sum(gelu(y, approximate=\"tanh\"));",
            "loss = sum(relu(y, 6));",
            "loss = sum(sigmoid(y, 2));",
            "loss = mse(y, y, reduction=\"sum\");",
            "loss = sum(F.mse_loss(y, y, reduction=\"none\"));",
            "loss = mse_loss(y, y, reduction=\"mean\");",
            "loss = mse(y, y, y);",
            "loss = F.l1_loss(y, y, reduction='s');",
            "loss = sum(F.smooth_l1_loss(y, y, beta=2));",
            "loss = sum(F.huber_loss(y, y, delta=2));",
            "loss = sum(np.dot(z, b));",
            "loss = sum(np.dot(x, w));",
            "loss = sum(dot(x, w));",
            "loss = sum(x.dot(w));",
            "loss = np.inner(w, w) + np.vdot(w, w) + np.matmul(x, w).sum();",
            "loss = np.dot(b, b);",
            "loss = sum(x.dot(b));",
            "loss = sum(cumsum(y, 0, b));",
            "loss = sum(prod(x, 0, True));",
            "loss = sum(abs(y, y));",
            "loss = sum(sign(y, y));",
            "loss = sum(floor(y, 2));",
            "loss = sum(where(y > 0));",
            "loss = sum(where(y > 0, y));",
            "loss = sum(pow(y, 2, 3));",
            "loss = sum(flip(x, 0, 1));",
            "loss = sum(roll(y, 1, 0));",
            "loss = sum(np.expand_dims(y, 1));",
            "loss = sum(argmax(x, 1, True));",
            "loss = sum(trace(x @ x.T, 1));",
            "loss = sum(diag(y, 1));",
            "loss = sum(np.sum(x, (0, 1), b));",
            "loss = sum(np.sum(x, 0, keepdims=True));",
            "loss = sum(np.sum(x, 0, dtype=b));",
            "loss = sum(F.leaky_relu(y, 0.2, True));",
            "loss = sum(logsumexp(x, 1, True));",
            "loss = sum(logsumexp(x, 1, b=x));",
            "loss = sum(repeat(y, 2, 0));",
            "loss = sum(max(y, initial=0));",
            "loss = sum(where(y == nan, 0, y));",
            "loss = sum(where(y != nan, y, 0));",
            "loss = sum(where(y > nan, y, 0));",
            "loss = sum(if nan == b { 0 } else { b });",
            "loss = sum(where(y == NaN, 0, y));",
            "loss = sum(where(y == np.nan, 0, y));",
            "const q = nan; loss = sum(where(y == q, 0, y));",
        ],
        &expect![[r#"
            loss = sum(np.where(y > 0, y, 0));
                unknown name `np`
                help: `where(y > 0, y, 0)`
                => loss = sum(where(y > 0, y, 0));
            loss = sum(torch.where(y > 0, y, 0));
                unknown name `torch`
                help: `where(y > 0, y, 0)`
                => loss = sum(where(y > 0, y, 0));
            loss = sum(np.mod(y, 2) + mod(y, 2));
                unknown name `np`
                help: `rem(y, 2)`
                unknown function `mod`
                help: `rem(y, 2)`
                => loss = sum(rem(y, 2) + rem(y, 2));
            loss = sum(y.mod(2));
                unknown function `mod`
                help: `rem(y, 2)`
                => loss = sum(rem(y, 2));
            loss = sum(torch::where(y > 0, y, 0));
                unknown function `torch::where`
                help: `where(y > 0, y, 0)`
                => loss = sum(where(y > 0, y, 0));
            loss = sum(y.type(b));
                unknown function `type`
                help: `y`: leave `type` out
                => loss = sum(y);
            loss = sum(y, where = y > 0);
                `sum` has no argument `where`
                help: `sum(where(y > 0, y, 0))`
                => loss = sum(where(y > 0, y, 0));
            loss = mean(y, where = y > 0);
                `mean` has no argument `where`
                help: `mean(x, [axis], keep = false)`
            loss = sum(log(y, 10));
                `log` takes 1 argument, but is given 2
                help: `log10(y)`
                => loss = sum(log10(y));
            loss = sum(log(y, 2) + y.log(3) + log(y, base = 10));
                `log` takes 1 argument, but is given 2
                help: `log2(y)`
                `log` takes 1 argument, but is given 2
                help: `log(y)/log(3)`
                `log` has no argument `base`
                help: `log10(y)`
                => loss = sum(log2(y) + (log(y)/log(3)) + log10(y));
            loss = math.log(b, 10);
                unknown name `math`
                help: `log10(b)`
                => loss = log10(b);
            loss = sum(round(y, 2));
                `round` takes 1 argument, but is given 2
                help: `round(y*10^2)/10^2`
                => loss = sum((round(y*10^2)/10^2));
            loss = sum(np.round(y, decimals=2));
                unknown name `np`
                help: `round(y*10^2)/10^2`
                => loss = sum((round(y*10^2)/10^2));
            loss = sum(torch.round(y, decimals=k));
                unknown name `torch`
                help: `round(y*10^k)/10^k`
                => loss = sum((round(y*10^k)/10^k));
            loss = norm(w, 1);
                there is no axis 1 in [D]
                help: `sum(abs(w))`
                => loss = sum(abs(w));
            loss = norm(w, 2);
                there is no axis 2 in [D]
                help: `norm(w)`
                => loss = norm(w);
            loss = np.linalg.norm(w, 1);
                unknown name `np`
                help: `sum(abs(w))`
                => loss = sum(abs(w));
            loss = np.linalg.norm(w, ord=1);
                unknown name `np`
                help: `sum(abs(w))`
                => loss = sum(abs(w));
            loss = sum(np.linalg.norm(x, 2, 1));
                unknown name `np`
                help: `norm(x, axis = 1)`
                => loss = sum(norm(x, axis = 1));
            loss = sum(np.linalg.norm(x, ord=1, axis=1));
                unknown name `np`
                help: `sum(abs(x), axis = 1)`
                => loss = sum(sum(abs(x), axis = 1));
            loss = norm(w, p=3);
                `norm` has no argument `p`
                help: `sum(abs(w)^3)^(1/3)`
                => loss = (sum(abs(w)^3)^(1/3));
            loss = norm(x, "fro");
                `"fro"` is not a number: models compute with numbers and truth values
                help: `norm(x)`
                => loss = norm(x);
            loss = sum(torch.norm(x, p=2, dim=1));
                unknown name `torch`
                help: `norm(x, axis = 1)`
                => loss = sum(norm(x, axis = 1));
            loss = sum(torch.norm(x, dim=1));
                unknown name `torch`
                help: `norm(x, axis = 1)`
                => loss = sum(norm(x, axis = 1));
            loss = sum(np.max(x, 0));
                unknown name `np`
                help: `max(x, axis = 0)`
                => loss = sum(max(x, axis = 0));
            loss = sum(torch.max(x, 1, True));
                unknown name `torch`
                help: `max(x, axis = 1, keep = true)`
                => loss = sum(max(x, axis = 1, keep = true));
            loss = sum(max(x, 0, True));
                `max` of several values takes numbers, but is given `True`
                help: `max(x, axis = 0, keep = true)`
                => loss = sum(max(x, axis = 0, keep = true));
            loss = sum(np.max(x, axis=1));
                unknown name `np`
                help: `max(x, axis = 1)`
                => loss = sum(max(x, axis = 1));
            loss = sum(torch.std(x, 0, True));
                unknown name `True`
                help: `true`
                unknown name `torch`
                help: functions stand without a module: `std(x, [axis], keep = false, ddof = 0)`
                => loss = sum(torch.std(x, 0, true));
            loss = sum(std(x, 0, True));
                unknown name `True`
                help: `true`
                `std` takes 1 or 2 arguments, but is given 3
                help: it is `std(x, [axis], keep = false, ddof = 0)`, and nothing more
                => loss = sum(std(x, 0, true));
            loss = sum(var(x, 0, 1));
                `var` takes 1 or 2 arguments, but is given 3
                help: it is `var(x, [axis], keep = false, ddof = 0)`, and nothing more
            loss = sum(np.var(x, 0, None, None, 1));
                unknown name `None`
                help: what is optional is left out: without an axis, all of them are meant
                unknown name `None`
                help: what is optional is left out: without an axis, all of them are meant
            loss = sum(sum(x, 0, True));
                unknown name `True`
                help: `true`
                `sum` takes 1 or 2 arguments, but is given 3
                help: `sum(x, axis = 0, keep = true)`
                => loss = sum(sum(x, axis = 0, keep = true));
            loss = sum(x, y);
                `y` is not a dimension
                help: `y` is a value; a dimension is declared in the header: `M<N, D, y>`
            loss = mean(y, y);
                `y` is not a dimension
                help: `y` is a value; a dimension is declared in the header: `M<N, D, y>`
            loss = np.average(y, weights=y);
                unknown name `np`
                help: `sum(y*y)/sum(y)`
                => loss = (sum(y*y)/sum(y));
            loss = sum(clamp(y, 0));
                `clamp` takes 3 arguments, but is given 2
                help: `max(y, 0)`
                => loss = sum(max(y, 0));
            loss = sum(softmax(y, dim=-1));
                `softmax` has no argument `dim`
                help: did you mean `axis`?
                => loss = sum(softmax(y, axis=-1));
            loss = sum(F.softmax(x, 1));
                unknown name `F`
                help: `softmax(x, 1)`
                => loss = sum(softmax(x, 1));
            loss = sum(exp(2, y));
                `exp` takes 1 argument, but is given 2
                help: it is `exp(x)`, and nothing more
            loss = sum(sqrt(y, 3));
                `sqrt` takes 1 argument, but is given 2
                help: it is `sqrt(x)`, and nothing more
            loss = sum(atan(y, y));
                `atan` takes 1 argument, but is given 2
                help: `atan2(y, y)`
                => loss = sum(atan2(y, y));
            loss = sum(softplus(y, 2));
                `softplus` takes 1 argument, but is given 2
                help: `softplus(2*y)/2`
                => loss = sum((softplus(2*y)/2));
            loss = sum(gelu(y, approximate="tanh"));
                `"tanh"` is not a number: models compute with numbers and truth values
                help: `gelu_tanh(y)`
                => loss = sum(gelu_tanh(y));
            loss = sum(relu(y, 6));
                `relu` takes 1 argument, but is given 2
                help: it is `relu(x)`, and nothing more
            loss = sum(sigmoid(y, 2));
                `sigmoid` takes 1 argument, but is given 2
                help: it is `sigmoid(x)`, and nothing more
            loss = mse(y, y, reduction="sum");
                `"sum"` is not a number: models compute with numbers and truth values
                help: `sum((y - y)^2)`
                => loss = sum((y - y)^2);
            loss = sum(F.mse_loss(y, y, reduction="none"));
                unknown name `F`
                help: `(y - y)^2`
                => loss = sum(((y - y)^2));
            loss = mse_loss(y, y, reduction="mean");
                `"mean"` is not a number: models compute with numbers and truth values
                help: `mean((y - y)^2)`
                => loss = mean((y - y)^2);
            loss = mse(y, y, y);
                `mse` takes 2 arguments, but is given 3
                help: it is `mse(prediction, target)`, and nothing more
            loss = F.l1_loss(y, y, reduction='s');
                `'s'` is not a number: models compute with numbers and truth values
                help: words stand in comments, after `//`
            loss = sum(F.smooth_l1_loss(y, y, beta=2));
                unknown name `F`
                help: `mean(huber(y, y, delta = 2))/2`
                => loss = sum((mean(huber(y, y, delta = 2))/2));
            loss = sum(F.huber_loss(y, y, delta=2));
                unknown name `F`
                help: `mean(huber(y, y, delta = 2))`
                => loss = sum(mean(huber(y, y, delta = 2)));
            loss = sum(np.dot(z, b));
                unknown name `np`
                help: `z*b`
                => loss = sum((z*b));
            loss = sum(np.dot(x, w));
                unknown name `np`
                help: `x @ w`
                => loss = sum((x @ w));
            loss = sum(dot(x, w));
                `dot` takes two vectors, but is given [N, D]
                help: this product is written `x @ w`
                => loss = sum((x @ w));
            loss = sum(x.dot(w));
                `dot` takes two vectors, but is given [N, D]
                help: this product is written `x @ w`
                => loss = sum((x @ w));
            loss = np.inner(w, w) + np.vdot(w, w) + np.matmul(x, w).sum();
                unknown name `np`
                help: `dot(w, w)`
                unknown name `np`
                help: `dot(w, w)`
                unknown name `np`
                help: `x @ w`
                => loss = dot(w, w) + dot(w, w) + (x @ w).sum();
            loss = np.dot(b, b);
                unknown name `np`
                help: `b*b`
                => loss = (b*b);
            loss = sum(x.dot(b));
                `dot` takes two vectors, but is given [N, D]
                help: this product is written `x*b`
                => loss = sum((x*b));
            loss = sum(cumsum(y, 0, b));
                `cumsum` takes 1 or 2 arguments, but is given 3
                help: it is `cumsum(x, [axis])`, and nothing more
            loss = sum(prod(x, 0, True));
                unknown name `True`
                help: `true`
                `prod` takes 1 or 2 arguments, but is given 3
                help: `prod(x, axis = 0, keep = true)`
                => loss = sum(prod(x, axis = 0, keep = true));
            loss = sum(abs(y, y));
                `abs` takes 1 argument, but is given 2
                help: it is `abs(x)`, and nothing more
            loss = sum(sign(y, y));
                `sign` takes 1 argument, but is given 2
                help: it is `sign(x)`, and nothing more
            loss = sum(floor(y, 2));
                `floor` takes 1 argument, but is given 2
                help: it is `floor(x)`, and nothing more
            loss = sum(where(y > 0));
                `where` takes 3 arguments, but is given 1
                help: `where(condition, yes, no)`
            loss = sum(where(y > 0, y));
                `where` takes 3 arguments, but is given 2
                help: `where(condition, yes, no)`
            loss = sum(pow(y, 2, 3));
                `pow` takes 2 arguments, but is given 3
                help: it is `pow(x, p)`, and nothing more
            loss = sum(flip(x, 0, 1));
                `flip` takes 1 or 2 arguments, but is given 3
                help: it is `flip(x, [axis])`, and nothing more
            loss = sum(roll(y, 1, 0));
                unknown function `roll`
                help: `concat([y[-1..], y[..-1]])`
                => loss = sum(concat([y[-1..], y[..-1]]));
            loss = sum(np.expand_dims(y, 1));
                unknown name `np`
                help: `y[.., new]`
                => loss = sum(y[.., new]);
            loss = sum(argmax(x, 1, True));
                unknown name `True`
                help: `true`
                `argmax` takes 1 or 2 arguments, but is given 3
                help: `argmax(x, axis = 1, keep = true)`
                => loss = sum(argmax(x, axis = 1, keep = true));
            loss = sum(trace(x @ x.T, 1));
                `trace` takes 1 argument, but is given 2
                help: it is `trace(x)`, and nothing more
            loss = sum(diag(y, 1));
                `diag` takes 1 argument, but is given 2
                help: it is `diag(x)`, and nothing more
            loss = sum(np.sum(x, (0, 1), b));
                unknown name `np`
                help: functions stand without a module: `sum(x, [axis], keep = false)`
            loss = sum(np.sum(x, 0, keepdims=True));
                unknown name `True`
                help: `true`
                unknown name `np`
                help: `sum(x, 0, keep = true)`
                => loss = sum(sum(x, 0, keep = true));
            loss = sum(np.sum(x, 0, dtype=b));
                unknown name `np`
                help: `sum(x, 0)`
                => loss = sum(sum(x, 0));
            loss = sum(F.leaky_relu(y, 0.2, True));
                unknown name `True`
                help: `true`
                unknown name `F`
                help: functions stand without a module: `leaky_relu(x, slope = 0.01)`
                => loss = sum(F.leaky_relu(y, 0.2, true));
            loss = sum(logsumexp(x, 1, True));
                unknown name `True`
                help: `true`
                `logsumexp` takes 1 or 2 arguments, but is given 3
                help: `logsumexp(x, axis = 1, keep = true)`
                => loss = sum(logsumexp(x, axis = 1, keep = true));
            loss = sum(logsumexp(x, 1, b=x));
                `logsumexp` has no argument `b`
                help: `logsumexp(x + log(x), axis = 1)`
                => loss = sum(logsumexp(x + log(x), axis = 1));
            loss = sum(repeat(y, 2, 0));
                unknown function `repeat`
                help: `reshape(broadcast(y[.., new], [N, 2]), [N*2])`
                => loss = sum(reshape(broadcast(y[.., new], [N, 2]), [N*2]));
            loss = sum(max(y, initial=0));
                `max` has no argument `initial`
                help: `max(max(y), 0)`
                => loss = sum(max(max(y), 0));
            loss = sum(where(y == nan, 0, y));
                `==` with `nan` is false of every value, also of NaN
                help: `is_nan(y)`
                => loss = sum(where(is_nan(y), 0, y));
            loss = sum(where(y != nan, y, 0));
                `!=` with `nan` is true of every value, also of NaN
                help: `!is_nan(y)`
                => loss = sum(where(!is_nan(y), y, 0));
            loss = sum(where(y > nan, y, 0));
                `>` with `nan` is false of every value, also of NaN
                help: NaN is neither smaller nor larger than any number; `is_nan(x)` asks for it
            loss = sum(if nan == b { 0 } else { b });
                `==` with `nan` is false of every value, also of NaN
                help: `is_nan(b)`
                => loss = sum(if is_nan(b) { 0 } else { b });
            loss = sum(where(y == NaN, 0, y));
                `==` with `nan` is false of every value, also of NaN
                help: `is_nan(y)`
                => loss = sum(where(is_nan(y), 0, y));
            loss = sum(where(y == np.nan, 0, y));
                `==` with `nan` is false of every value, also of NaN
                help: `is_nan(y)`
                => loss = sum(where(is_nan(y), 0, y));
            const q = nan; loss = sum(where(y == q, 0, y));
                `==` with `nan` is false of every value, also of NaN
                help: `is_nan(y)`
                => const q = nan; loss = sum(where(is_nan(y), 0, y));
        "#]],
    );
}

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
                help: operations take whole tensors: `sum(x, N)`, `cumsum(x)`, `x[1..] - x[..-1]`; what depends on the turn before (`scan`) is not supported yet
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
                a bound of a parameter is not supported yet
                help: parameters are free numbers: `param free_s; let s = exp(free_s);`
                => param free_s; let s = exp(free_s); loss = s;
            param<lower=0, upper=1> s: [N]; loss = sum(s);
                a bound of a parameter is not supported yet
                help: parameters are free numbers: `param free_s; let s = sigmoid(free_s);`
                => param free_s: [N]; let s = sigmoid(free_s); loss = sum(s);
            param<upper=1> s; loss = s;
                a bound of a parameter is not supported yet
                help: parameters are free numbers: `param free_s; let s = 1 - exp(free_s);`
                => param free_s; let s = 1 - exp(free_s); loss = s;
            real<lower=0> s; loss = s;
                expected `=`, found `<`
                help: what is fitted is `param name: [N];`, what is given `input name: [N];`, and a number has no shape; what is positive is `exp(name)` of a parameter
            param s<lower=0>; loss = s;
                a bound of a parameter is not supported yet
                help: parameters are free numbers: `param free_s; let s = exp(free_s);`
                => param free_s; let s = exp(free_s); loss = s;
            param s > 0; loss = s;
                a bound of a parameter is not supported yet
                help: parameters are free numbers: `param free_s; let s = exp(free_s);`
                => param free_s ; let s = exp(free_s); loss = s;
            param s: [N] > 0; loss = sum(s);
                a bound of a parameter is not supported yet
                help: parameters are free numbers: `param free_s; let s = exp(free_s);`
                => param free_s: [N] ; let s = exp(free_s); loss = sum(s);
            param s >= 0; loss = s;
                a bound of a parameter is not supported yet
                help: parameters are free numbers: `param free_s; let s = exp(free_s);`
                => param free_s ; let s = exp(free_s); loss = s;
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
