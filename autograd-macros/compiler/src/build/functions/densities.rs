//! Logarithms of densities and of probabilities under Stan's names, element by element, in the model language.
//!
//! Outside of the support they are minus infinity, with derivative 0. Nothing in them overflows or cancels where the
//! density itself is an ordinary number: powers are logarithms, differences of lgamma are `log_rising_factorial` and
//! `lbeta`, probabilities near 1 are `log1p`.

use super::super::{Builder, Built};
use super::Family::Density;
use super::arguments::Call;
use super::{Row, losses, model, rule};

pub(super) const ROWS: &[Row] = &[
    model(
        ["bernoulli_logit_lpmf", "y, alpha", "of a truth value whose log-odds are alpha", "sum(bernoulli_logit_lpmf(y, x @ w))"],
        Density,
        "-bce_with_logits(alpha, y)",
    ),
    model(
        ["bernoulli_lpmf", "y, theta", "of a truth value that has the probability theta", "sum(bernoulli_lpmf(y, 0.3))"],
        Density,
        "if y < 0 || y > 1 { -inf } else { xlogy(y, theta) + xlog1py(1 - y, -theta) }",
    ),
    model(
        [
            "beta_binomial_lpmf",
            "n, trials, alpha, beta",
            "of a number of successes whose probability has a beta distribution",
            "sum(beta_binomial_lpmf(y, 10, 2, 3))",
        ],
        Density,
        "let outside = n < 0 || n > trials; let k = if outside { 0 } else { n };
         if outside { -inf } else {
            lchoose(trials, k) + log_rising_factorial(alpha, k) + log_rising_factorial(beta, trials - k)
                - log_rising_factorial(alpha + beta, trials)
         }",
    ),
    model(
        ["beta_lpdf", "y, alpha, beta", "of the beta distribution, for y from 0 to 1", "sum(beta_lpdf(sigmoid(y), 2, 3))"],
        Density,
        "if y < 0 || y > 1 { -inf } else { xlogy(alpha - 1, y) + xlog1py(beta - 1, -y) - lbeta(alpha, beta) }",
    ),
    model(
        [
            "beta_proportion_lpdf",
            "y, mu, kappa",
            "of the beta distribution of mean mu and precision kappa",
            "sum(beta_proportion_lpdf(sigmoid(y), 0.4, 5))",
        ],
        Density,
        "beta_lpdf(y, mu * kappa, (1 - mu) * kappa)",
    ),
    model(
        [
            "binomial_logit_lpmf",
            "n, trials, alpha",
            "of a number of successes whose log-odds are alpha",
            "sum(binomial_logit_lpmf(y, 10, x @ w))",
        ],
        Density,
        "let outside = n < 0 || n > trials; let k = if outside { 0 } else { n };
         let failed = trials - k;
         let yes = if k == 0 { 0 } else { k * log_sigmoid(alpha) };
         let no = if failed == 0 { 0 } else { failed * log_sigmoid(-alpha) };
         if outside { -inf } else { lchoose(trials, k) + yes + no }",
    ),
    model(
        [
            "binomial_lpmf",
            "n, trials, theta",
            "of a number of successes of probability theta",
            "sum(binomial_lpmf(y, 10, 0.3))",
        ],
        Density,
        "let outside = n < 0 || n > trials; let k = if outside { 0 } else { n };
         if outside { -inf } else { lchoose(trials, k) + xlogy(k, theta) + xlog1py(trials - k, -theta) }",
    ),
    rule(
        [
            "categorical_logit_lpmf",
            "label, logits",
            "of a class, a value per row: `log_softmax(logits)[label]`",
            "sum(categorical_logit_lpmf(label, logits))",
        ],
        Density,
        categorical_logit,
    ),
    model(
        ["cauchy_lpdf", "y, mu, sigma", "of the Cauchy distribution", "sum(cauchy_lpdf(y, x @ w, 2))"],
        Density,
        "let z = (y - mu) / sigma; let far = abs(z) > 1; let near = if far { 1 / z } else { z };
         let spread = if far { 2 * log(abs(z)) } else { 0 };
         -log1p(near^2) - spread - log(sigma) - 1.1447298858494002",
    ),
    model(
        ["chi_square_lpdf", "y, nu", "of the chi-squared distribution with nu degrees of freedom", "sum(chi_square_lpdf(y^2, 3))"],
        Density,
        "gamma_lpdf(y, 0.5 * nu, 0.5)",
    ),
    model(
        [
            "dirichlet_lpdf",
            "theta, alpha",
            "of probabilities along the last axis, a value per row",
            "sum(dirichlet_lpdf(softmax(z, K), 2))",
        ],
        Density,
        "let concentration = if theta < 0 { alpha } else { alpha };
         sum(xlogy(alpha - 1, theta), axis = -1) + lgamma(sum(concentration, axis = -1))
            - sum(lgamma(concentration), axis = -1)",
    ),
    model(
        [
            "double_exponential_lpdf",
            "y, mu, sigma",
            "of the Laplace distribution of scale sigma",
            "sum(double_exponential_lpdf(y, x @ w, 2))",
        ],
        Density,
        "-abs(y - mu) / sigma - log(sigma) - 0.6931471805599453",
    ),
    model(
        [
            "exp_mod_normal_lpdf",
            "y, mu, sigma, lambda",
            "of the sum of a normal number and an exponential one of rate lambda",
            "sum(exp_mod_normal_lpdf(y, x @ w, 2, 3))",
        ],
        Density,
        "let z = (y - mu) / sigma; let u = z - lambda * sigma; let low = u < 0;
         let tail = if low { log(erfcx(-u * 0.7071067811865476)) - 0.6931471805599453 - 0.5 * z^2 } else { 0 };
         let rest = if low { 0 } else { log_norm_cdf(u) - lambda * sigma * (z - 0.5 * lambda * sigma) };
         log(lambda) + tail + rest",
    ),
    model(
        ["exponential_lpdf", "y, beta", "of the exponential distribution of rate beta", "sum(exponential_lpdf(y^2, 2))"],
        Density,
        "if y < 0 { -inf } else { log(beta) - beta * y }",
    ),
    model(
        [
            "frechet_lpdf",
            "y, alpha, sigma",
            "of the Fréchet distribution of shape alpha and scale sigma",
            "sum(frechet_lpdf(y^2, 2, 3))",
        ],
        Density,
        "let z = log(y / sigma);
         if y <= 0 { -inf } else { log(alpha) - log(sigma) - (alpha + 1) * z - exp(-alpha * z) }",
    ),
    model(
        ["gamma_lpdf", "y, alpha, beta", "of the gamma distribution of shape alpha and rate beta", "sum(gamma_lpdf(y^2, 2, 3))"],
        Density,
        "if y < 0 { -inf } else { xlogy(alpha, beta) - lgamma(alpha) + xlogy(alpha - 1, y) - beta * y }",
    ),
    model(
        ["gumbel_lpdf", "y, mu, beta", "of the Gumbel distribution of scale beta", "sum(gumbel_lpdf(y, x @ w, 2))"],
        Density,
        "let z = (y - mu) / beta; -z - exp(-z) - log(beta)",
    ),
    model(
        [
            "half_cauchy_lpdf",
            "y, sigma",
            "of the magnitude of a Cauchy number of scale sigma",
            "sum(half_cauchy_lpdf(y^2, 2))",
        ],
        Density,
        "if y < 0 { -inf } else { cauchy_lpdf(y, 0, sigma) + 0.6931471805599453 }",
    ),
    model(
        [
            "half_normal_lpdf",
            "y, sigma",
            "of the magnitude of a normal number of standard deviation sigma",
            "sum(half_normal_lpdf(y^2, 2))",
        ],
        Density,
        "if y < 0 { -inf } else { normal_lpdf(y, 0, sigma) + 0.6931471805599453 }",
    ),
    model(
        [
            "inv_chi_square_lpdf",
            "y, nu",
            "of the inverse of a chi-squared number with nu degrees of freedom",
            "sum(inv_chi_square_lpdf(y^2, 3))",
        ],
        Density,
        "inv_gamma_lpdf(y, 0.5 * nu, 0.5)",
    ),
    model(
        [
            "inv_gamma_lpdf",
            "y, alpha, beta",
            "of the inverse gamma distribution of shape alpha and scale beta",
            "sum(inv_gamma_lpdf(y^2, 2, 3))",
        ],
        Density,
        "if y <= 0 { -inf } else { alpha * log(beta) - lgamma(alpha) - (alpha + 1) * log(y) - beta / y }",
    ),
    model(
        ["logistic_lpdf", "y, mu, sigma", "of the logistic distribution of scale sigma", "sum(logistic_lpdf(y, x @ w, 2))"],
        Density,
        "let z = (y - mu) / sigma; log_sigmoid(z) + log_sigmoid(-z) - log(sigma)",
    ),
    model(
        [
            "loglogistic_lpdf",
            "y, alpha, beta",
            "of the log-logistic distribution of scale alpha and shape beta",
            "sum(loglogistic_lpdf(y^2, 2, 3))",
        ],
        Density,
        "let v = log(y); let z = beta * (v - log(alpha));
         if y <= 0 { -inf } else { log(beta) - v + log_sigmoid(z) + log_sigmoid(-z) }",
    ),
    model(
        [
            "lognormal_lpdf",
            "y, mu, sigma",
            "of a number whose logarithm is normal",
            "sum(lognormal_lpdf(y^2, x @ w, 2))",
        ],
        Density,
        "let z = log(y); if y <= 0 { -inf } else { normal_lpdf(z, mu, sigma) - z }",
    ),
    model(
        [
            "multi_normal_diag_lpdf",
            "y, mu, sigma",
            "of independent normal numbers along the last axis, of standard deviations sigma, a value per row",
            "sum(multi_normal_diag_lpdf(x, w, exp(b)))",
        ],
        Density,
        "sum(normal_lpdf(y, mu, sigma), axis = -1)",
    ),
    model(
        [
            "multinomial_lpmf",
            "n, theta",
            "of counts along the last axis whose probabilities are theta, a value per row",
            "sum(multinomial_lpmf(z^2, softmax(z, K)))",
        ],
        Density,
        "lgamma(sum(n, axis = -1) + 1) + sum(xlogy(n, theta) - lgamma(n + 1), axis = -1)",
    ),
    model(
        [
            "neg_binomial_2_log_lpmf",
            "n, eta, phi",
            "of a count of mean `exp(eta)` and variance `mean + mean^2/phi`",
            "sum(neg_binomial_2_log_lpmf(y^2, x @ w, 3))",
        ],
        Density,
        "let odds = eta - log(phi); let k = if n < 0 { 0 } else { n };
         let seen = if k == 0 { 0 } else { k * log_sigmoid(odds) };
         if n < 0 { -inf } else { log_rising_factorial(phi, k) - lgamma(k + 1) + seen - phi * softplus(odds) }",
    ),
    model(
        [
            "neg_binomial_2_lpmf",
            "n, mu, phi",
            "of a count of mean mu and variance `mu + mu^2/phi`",
            "sum(neg_binomial_2_lpmf(y^2, 4, 3))",
        ],
        Density,
        "let k = if n < 0 { 0 } else { n };
         let seen = if k == 0 { 0 } else { k * log1p(phi / mu) };
         if n < 0 { -inf } else { log_rising_factorial(phi, k) - lgamma(k + 1) - seen - phi * log1p(mu / phi) }",
    ),
    model(
        [
            "neg_binomial_lpmf",
            "n, alpha, beta",
            "of a Poisson count whose mean has the gamma distribution of shape alpha and rate beta",
            "sum(neg_binomial_lpmf(y^2, 4, 3))",
        ],
        Density,
        "let k = if n < 0 { 0 } else { n };
         if n < 0 { -inf } else { log_rising_factorial(alpha, k) - lgamma(k + 1) - alpha * log1p(1 / beta) - k * log1p(beta) }",
    ),
    model(
        [
            "normal_lpdf",
            "y, mu, sigma",
            "of the normal distribution of standard deviation sigma",
            "sum(normal_lpdf(y, x @ w, 2))",
        ],
        Density,
        "let z = (y - mu) / sigma; -0.5 * z^2 - log(sigma) - 0.9189385332046728",
    ),
    model(
        [
            "pareto_lpdf",
            "y, y_min, alpha",
            "of the Pareto distribution, for y from `y_min` on",
            "sum(pareto_lpdf(y^2 + 1, 1, 2))",
        ],
        Density,
        "let z = log(y / y_min); if y < y_min { -inf } else { log(alpha) - alpha * z - log(y) }",
    ),
    model(
        [
            "pareto_type_2_lpdf",
            "y, mu, lambda, alpha",
            "of the Pareto distribution that begins at mu, of scale lambda",
            "sum(pareto_type_2_lpdf(y^2, 0, 2, 3))",
        ],
        Density,
        "let z = if y < mu { 0 } else { (y - mu) / lambda }; if y < mu { -inf } else { log(alpha) - log(lambda) - (alpha + 1) * log1p(z) }",
    ),
    model(
        ["poisson_log_lpmf", "n, alpha", "of a count of mean `exp(alpha)`", "sum(poisson_log_lpmf(y^2, x @ w))"],
        Density,
        "let k = if n < 0 { 0 } else { n };
         let seen = if k == 0 { 0 } else { k * alpha };
         if n < 0 { -inf } else { seen - exp(alpha) - lgamma(k + 1) }",
    ),
    model(
        ["poisson_lpmf", "n, lambda", "of a count of mean lambda", "sum(poisson_lpmf(y^2, 3))"],
        Density,
        "let k = if n < 0 { 0 } else { n };
         if n < 0 { -inf } else { xlogy(k, lambda) - lambda - lgamma(k + 1) }",
    ),
    model(
        ["rayleigh_lpdf", "y, sigma", "of the Rayleigh distribution", "sum(rayleigh_lpdf(y^2, 2))"],
        Density,
        "let z = y / sigma; if y < 0 { -inf } else { log(y) - 2 * log(sigma) - 0.5 * z^2 }",
    ),
    model(
        [
            "scaled_inv_chi_square_lpdf",
            "y, nu, sigma",
            "of the inverse of a chi-squared number, times `nu*sigma^2`",
            "sum(scaled_inv_chi_square_lpdf(y^2, 3, 2))",
        ],
        Density,
        "inv_gamma_lpdf(y, 0.5 * nu, 0.5 * nu * sigma^2)",
    ),
    model(
        [
            "skew_normal_lpdf",
            "y, xi, omega, alpha",
            "of the skew normal distribution of location xi, scale omega and shape alpha",
            "sum(skew_normal_lpdf(y, x @ w, 2, 3))",
        ],
        Density,
        "let z = (y - xi) / omega; log_norm_cdf(alpha * z) - 0.5 * z^2 - log(omega) - 0.2257913526447274",
    ),
    model(
        ["std_normal_lpdf", "y", "of the normal distribution of mean 0 and standard deviation 1", "sum(std_normal_lpdf(y))"],
        Density,
        "-0.5 * y^2 - 0.9189385332046728",
    ),
    model(
        [
            "student_t_lpdf",
            "y, nu, mu, sigma",
            "of Student's t distribution with nu degrees of freedom, of scale sigma",
            "sum(student_t_lpdf(y, 4, x @ w, 2))",
        ],
        Density,
        "let u = (y - mu) / (sigma * sqrt(nu)); let far = abs(u) > 1; let near = if far { 1 / u } else { u };
         let half = 0.5 * log1p(near^2) + if far { log(abs(u)) } else { 0 };
         log_rising_factorial(0.5 * nu, 0.5) - 0.5 * log(0.5 * nu) - 0.9189385332046728 - log(sigma) - (nu + 1) * half",
    ),
    model(
        ["uniform_lpdf", "y, alpha, beta", "evenly from alpha to beta", "sum(uniform_lpdf(y, -5, 5))"],
        Density,
        "if y < alpha || y > beta { -inf } else { -log(beta - alpha) }",
    ),
    model(
        [
            "weibull_lpdf",
            "y, alpha, sigma",
            "of the Weibull distribution of shape alpha and scale sigma",
            "sum(weibull_lpdf(y^2, 2, 3))",
        ],
        Density,
        "let z = if y < 0 { 0 } else { y / sigma };
         if y < 0 { -inf } else { log(alpha) - log(sigma) + xlogy(alpha - 1, z) - z^alpha }",
    ),
];

fn categorical_logit(builder: &mut Builder, call: &Call) -> Built {
    let loss = losses::cross_entropy(builder, call)?;
    Ok(builder.region.neg(loss))
}
