//! Distributions and declarations of Stan, `PyTorch` and `SciPy`.

use expect_test::expect;

use super::check;

#[test]
fn stan() {
    check(
        &[
            "target += normal_lpdf(y | b, 1);",
            "loss = -normal_lpdf(y | b, 1).sum();",
            "loss = -normal_lpdf(y, b, 1);",
            "loss = -sum(normal_log(y, b, 1));",
            "vector[N] mu; loss = b;",
            "matrix[N, D] v; loss = b;",
            "real<lower=0> sigma; loss = b;",
            "int<lower=0> c; loss = b;",
            "parameters { real c; } loss = b;",
            "model { loss = b; }",
            "y ~ bernoulli_logit(x @ w); loss = b;",
            "y ~ normal(b, 1) T[0, ]; loss = b;",
            "w ~ lkj_corr(2); loss = b;",
            "loss = sum(von_mises_lpdf(y, b, 2));",
            "loss = sum(lkj_corr_cholesky_lpdf(x @ x.T, 2));",
            "loss = sum(lkj_corr_lpdf(x, 2));",
            "loss = multi_normal_lpdf(y, y, x);",
            "loss = multi_normal_cholesky_lpdf(y, y, x);",
            "loss = wishart_lpdf(x, 3, x);",
            "loss = ordered_logistic_lpmf(y, b, w);",
            "loss = sum(categorical_lpmf(x, softmax(x, D)));",
            "loss = sum(hypergeometric_lpmf(y, 3, 4, 5));",
            "loss = wiener_lpdf(y, 1, 2, 3, 4);",
            "loss = sum(truncated_normal_lpdf(y, 0, 1, 0, 2));",
            "loss = sum(half_t_lpdf(y, 3, 1));",
            "loss = sum(normal_lcdf(y, b, 2));",
            "loss = sum(normal_lccdf(y, b, 2));",
            "loss = sum(normal_rng(b, 1));",
            "loss = sum(tfd.Normal(0, 1).log_prob(y));",
            "loss = sum(Normal(0, 1).log_prob(y));",
            "loss = sum(norm.logpdf(y, 0, 1));",
            "loss = sum(stats.norm.logpdf(y));",
            "loss = dot_product(w, w) + dot_self(w);",
            "loss = rep_vector(0, D).sum() + b;",
            "loss = to_vector(x).sum();",
            "loss = sum(columns_dot_product(x, x));",
            "loss = for (n in 1:N) y[n];",
            "loss = log_mix(0.3, b, 2*b);",
            "loss = sum(rep_matrix(b, N, D));",
            "loss = fma(b, b, b) + inv(b) + inv_square(b);",
            "loss = sd(y) + variance(y);",
            "loss = sum(y .* y);",
            "loss = quad_form(x.T @ x, w);",
        ],
        &expect![[r#"
            target += normal_lpdf(y | b, 1);
                there is no operator `+=` here
                help: each name has one value: `target = a + b;`
            loss = -normal_lpdf(y | b, 1).sum();
                there is no operator `|` here
                help: `,`: what is given follows like any argument
                => loss = -normal_lpdf(y , b, 1).sum();
            loss = -normal_lpdf(y, b, 1);
                `loss` must be a scalar to be minimised, but it is [N]
                help: `loss = mean(-normal_lpdf(y, b, 1));`
                => loss = mean(-normal_lpdf(y, b, 1));
            loss = -sum(normal_log(y, b, 1));
                unknown function `normal_log`
                help: define it: `fn normal_log(a) = …;`
            vector[N] mu; loss = b;
                expected `=`, found `mu`
                help: what is fitted is `param name: [N];`, what is given `input name: [N];`, and a number has no shape; what is positive is `exp(name)` of a parameter
            matrix[N, D] v; loss = b;
                expected `=`, found `v`
                help: what is fitted is `param name: [N];`, what is given `input name: [N];`, and a number has no shape; what is positive is `exp(name)` of a parameter
            real<lower=0> sigma; loss = b;
                expected `=`, found `<`
                help: what is fitted is `param name: [N];`, what is given `input name: [N];`, and a number has no shape; what is positive is `exp(name)` of a parameter
            int<lower=0> c; loss = b;
                expected `=`, found `<`
                help: what is fitted is `param name: [N];`, what is given `input name: [N];`, and a number has no shape; what is positive is `exp(name)` of a parameter
            parameters { real c; } loss = b;
                expected `=`, found `{`
                help: there are no blocks: `param …;` and `input …;` declare, `let …;` names a value, `loss = …;` is minimised
            model { loss = b; }
                expected `=`, found `{`
                help: there are no blocks: `param …;` and `input …;` declare, `let …;` names a value, `loss = …;` is minimised
            y ~ bernoulli_logit(x @ w); loss = b;
                there is no operator `~` here
                help: a distribution is a term of the loss, minus the sum of its logarithm: `loss = -sum(bernoulli_logit_lpmf(y, x @ w));`
            y ~ normal(b, 1) T[0, ]; loss = b;
                there is no operator `~` here
                help: a distribution is a term of the loss, minus the sum of its logarithm: `loss = -sum(normal_lpdf(y, b, 1));`
            w ~ lkj_corr(2); loss = b;
                there is no operator `~` here
                help: a distribution is a term of the loss, minus the sum of its logarithm: `loss = -sum(lkj_corr_lpdf(w, 2));`
            loss = sum(von_mises_lpdf(y, b, 2));
                `von_mises_lpdf` is not supported yet
                help: what it needs can be written out where it is elementary; Bessel functions and series are not there
            loss = sum(lkj_corr_cholesky_lpdf(x @ x.T, 2));
                unknown function `lkj_corr_cholesky_lpdf`
                help: `sum((N - iota(N) - 3 + 2*2)*log(diag(x @ x.T)))`
                => loss = sum(sum((N - iota(N) - 3 + 2*2)*log(diag(x @ x.T))));
            loss = sum(lkj_corr_lpdf(x, 2));
                `lkj_corr_lpdf` is not supported yet
                help: it needs determinants or solutions of systems; independent numbers are `multi_normal_diag_lpdf(y, mu, sigma)`
            loss = multi_normal_lpdf(y, y, x);
                `multi_normal_lpdf` is not supported yet
                help: it needs determinants or solutions of systems; independent numbers are `multi_normal_diag_lpdf(y, mu, sigma)`
            loss = multi_normal_cholesky_lpdf(y, y, x);
                `multi_normal_cholesky_lpdf` is not supported yet
                help: it needs determinants or solutions of systems; independent numbers are `multi_normal_diag_lpdf(y, mu, sigma)`
            loss = wishart_lpdf(x, 3, x);
                `wishart_lpdf` is not supported yet
                help: it needs determinants or solutions of systems; independent numbers are `multi_normal_diag_lpdf(y, mu, sigma)`
            loss = ordered_logistic_lpmf(y, b, w);
                unknown function `ordered_logistic_lpmf`
                help: with cut points `c` in order, `let z = eta[.., new] - c;`, and `categorical_logit_lpmf(label, pad(log_sigmoid(z), 1, 0, axis = -1) + pad(log_sigmoid(-z), 0, 1, axis = -1) + pad(log1m_exp(c[..-1] - c[1..]), 1, 1))`
            loss = sum(categorical_lpmf(x, softmax(x, D)));
                unknown function `categorical_lpmf`
                help: `categorical_logit_lpmf(x, log(softmax(x, D)))`
                => loss = sum(categorical_logit_lpmf(x, log(softmax(x, D))));
            loss = sum(hypergeometric_lpmf(y, 3, 4, 5));
                unknown function `hypergeometric_lpmf`
                help: `lchoose(4, y) + lchoose(5, 3 - y) - lchoose(4 + 5, 3)`
                => loss = sum((lchoose(4, y) + lchoose(5, 3 - y) - lchoose(4 + 5, 3)));
            loss = wiener_lpdf(y, 1, 2, 3, 4);
                `wiener_lpdf` is not supported yet
                help: what it needs can be written out where it is elementary; Bessel functions and series are not there
            loss = sum(truncated_normal_lpdf(y, 0, 1, 0, 2));
                unknown function `truncated_normal_lpdf`
                help: `normal_lpdf(y, 0, 1) - log(norm_cdf((2 - 0)/1) - norm_cdf((0 - 0)/1))`
                => loss = sum((normal_lpdf(y, 0, 1) - log(norm_cdf((2 - 0)/1) - norm_cdf((0 - 0)/1))));
            loss = sum(half_t_lpdf(y, 3, 1));
                unknown function `half_t_lpdf`
                help: `student_t_lpdf(y, 3, 0, 1) + log(2)`
                => loss = sum((student_t_lpdf(y, 3, 0, 1) + log(2)));
            loss = sum(normal_lcdf(y, b, 2));
                unknown function `normal_lcdf`
                help: `log_norm_cdf((y - b)/2)`
                => loss = sum(log_norm_cdf((y - b)/2));
            loss = sum(normal_lccdf(y, b, 2));
                unknown function `normal_lccdf`
                help: `log_norm_cdf((b - y)/2)`
                => loss = sum(log_norm_cdf((b - y)/2));
            loss = sum(normal_rng(b, 1));
                unknown function `normal_rng`
                help: a model is the same function at every call: random numbers are an `input`, or made of a seed that is one, `random_uniform(seed, [N])`; `param w: [D] = normal(0, 1);` starts from them
            loss = sum(tfd.Normal(0, 1).log_prob(y));
                unknown name `tfd`
                help: log-densities have the names of Stan: `normal_lpdf(y, mu, sigma)`
                unknown function `log_prob`
                help: log-densities have the names of Stan: `normal_lpdf(y, mu, sigma)`
            loss = sum(Normal(0, 1).log_prob(y));
                unknown function `Normal`
                help: log-densities have the names of Stan: `normal_lpdf(y, mu, sigma)`
                unknown function `log_prob`
                help: log-densities have the names of Stan: `normal_lpdf(y, mu, sigma)`
            loss = sum(norm.logpdf(y, 0, 1));
                unknown name `norm`
                help: `norm` is a function: write `norm(x)`
                unknown function `logpdf`
                help: log-densities have the names of Stan: `normal_lpdf(y, mu, sigma)`
            loss = sum(stats.norm.logpdf(y));
                unknown name `stats`
                help: log-densities have the names of Stan: `normal_lpdf(y, mu, sigma)`
            loss = dot_product(w, w) + dot_self(w);
                unknown function `dot_self`
                help: `sum(w^2)`
                => loss = dot_product(w, w) + sum(w^2);
            loss = rep_vector(0, D).sum() + b;
                unknown function `rep_vector`
                help: `full([D], 0)`
                => loss = full([D], 0).sum() + b;
            loss = to_vector(x).sum();
                unknown function `to_vector`
                help: `reshape(x, [N*D])`
                => loss = reshape(x, [N*D]).sum();
            loss = sum(columns_dot_product(x, x));
                unknown function `columns_dot_product`
                help: `sum(x*x, axis = 0)`
                => loss = sum(sum(x*x, axis = 0));
            loss = for (n in 1:N) y[n];
                `for` is not a word of this language
                help: index notation: `y[i in 0..N] = …;`, `sum[i in 0..N](…)`; what depends on the turn before (`scan`) is not supported yet
            loss = log_mix(0.3, b, 2*b);
                unknown function `log_mix`
                help: `logaddexp(log(0.3) + b, log1p(-0.3) + (2*b))`
                => loss = logaddexp(log(0.3) + b, log1p(-0.3) + (2*b));
            loss = sum(rep_matrix(b, N, D));
                unknown function `rep_matrix`
                help: `full([N, D], b)`
                => loss = sum(full([N, D], b));
            loss = fma(b, b, b) + inv(b) + inv_square(b);
                unknown function `fma`
                help: `b*b + b`
                `inv` is not supported yet
                help: there are no decompositions and solutions of systems yet
                unknown function `inv_square`
                help: define it: `fn inv_square(a) = …;`
                => loss = (b*b + b) + inv(b) + inv_square(b);
            loss = sd(y) + variance(y);
                unknown function `sd`
                help: `std(y, ddof = 1)`
                unknown function `variance`
                help: `var(y, ddof = 1)`
                => loss = std(y, ddof = 1) + var(y, ddof = 1);
            loss = sum(y .* y);
                there is no operator `.*` here
                help: leave the point out: operators are element by element
                => loss = sum(y * y);
            loss = quad_form(x.T @ x, w);
                unknown function `quad_form`
                help: `dot(w, (x.T @ x) @ w)`
                => loss = dot(w, (x.T @ x) @ w);
        "#]],
    );
}
