//! Arguments that functions have elsewhere and not here: none is left out in what is proposed.

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
                unknown name `np`
                help: functions stand without a module: `var(x, [axis], keep = false, ddof = 0)`
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
