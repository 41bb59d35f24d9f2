//! Distributions: their functions, and what is random.

use super::Meaning::{Make, Missing, Same, Say, Write};
use super::{Given, Row};

const RANDOM: &str = "a model is the same function at every call: random numbers are an `input`, or made of a seed that is \
                      one, `random_uniform(seed, [N])`; `param w: [D] = normal(0, 1);` starts from them";

const MATRICES: &str =
    "it needs determinants or solutions of systems; independent numbers are `multi_normal_diag_lpdf(y, mu, sigma)`";

/// The classes' log-probabilities, from the cut points below and above each.
const ORDERED: &str = "with cut points `c` in order, `let z = eta[.., new] - c;`, and \
                       `categorical_logit_lpmf(label, pad(log_sigmoid(z), 1, 0, axis = -1) + pad(log_sigmoid(-z), 0, 1, axis = -1) \
                       + pad(log1m_exp(c[..-1] - c[1..]), 1, 1))`";

pub(super) const ROWS: &[Row] = &[
    (&["ndtr", "normal_cdf", "Phi", "std_normal_cdf"], Same("norm_cdf")),
    (&["log_ndtr", "normal_logcdf"], Same("log_norm_cdf")),
    (&["normal_pdf", "std_normal_pdf"], Same("norm_pdf")),
    (&["ndtri", "inv_Phi", "normal_ppf", "normal_quantile"], Same("norm_ppf")),
    (&["cumlogsumexp"], Same("logcumsumexp")),
    (&["binomial_coefficient_log"], Same("lchoose")),
    (&["comb", "choose", "binom"], Write("n, k", "exp(lchoose({n}, {k}))")),
    (&["poisson_logpmf"], Same("poisson_lpmf")),
    (&["betaln", "log_beta"], Same("lbeta")),
    (&["logcosh"], Same("log_cosh")),
    (&["normal_logpdf", "norm_logpdf"], Same("normal_lpdf")),
    (&["categorical_lpmf"], Write("label, theta", "categorical_logit_lpmf({label}, log({theta}))")),
    (
        &["hypergeometric_lpmf"],
        Write("n, N, a, b", "lchoose({a}, {n}) + lchoose({b}, {N!} - {n!}) - lchoose({a!} + {b!}, {N})"),
    ),
    (&["multi_student_t_lpdf", "gaussian_dlm_obs_lpdf"], Missing(MATRICES)),
    (
        &["multi_normal_lpdf", "multi_normal_prec_lpdf", "multi_normal_cholesky_lpdf", "multi_gp_lpdf"],
        Missing(MATRICES),
    ),
    (
        &["wishart_lpdf", "inv_wishart_lpdf", "wishart_cholesky_lpdf", "lkj_corr_lpdf", "lkj_cov_lpdf"],
        Missing(MATRICES),
    ),
    (
        &["lkj_corr_cholesky_lpdf"],
        Make(lkj_cholesky, "`sum((K - iota(K) - 3 + 2*eta)*log(diag(L)))`, without its constant"),
    ),
    (
        &[
            "Normal",
            "LogNormal",
            "HalfNormal",
            "StudentT",
            "Cauchy",
            "Laplace",
            "Gamma",
            "InverseGamma",
            "Beta",
            "Exponential",
            "Uniform",
            "Bernoulli",
            "Binomial",
            "Categorical",
            "Poisson",
            "NegativeBinomial",
            "Dirichlet",
            "Multinomial",
            "MultivariateNormal",
            "VonMises",
            "Gumbel",
            "Weibull",
            "Pareto",
        ],
        Say("log-densities have the names of Stan: `normal_lpdf(y, mu, sigma)`"),
    ),
    (&["ordered_logistic_lpmf", "ordered_logistic_glm_lpmf"], Say(ORDERED)),
    (
        &["ordered_probit_lpmf"],
        Say("a class is the difference of two `norm_cdf(c - eta)`, for cut points `c` below one another"),
    ),
    (
        &[
            "von_mises_lpdf",
            "wiener_lpdf",
            "skew_double_exponential_lpdf",
            "discrete_range_lpmf",
            "stable_lpdf",
            "tweedie_lpdf",
        ],
        Missing("what it needs can be written out where it is elementary; Bessel functions and series are not there"),
    ),
    (
        &["truncated_normal_lpdf", "truncnorm_logpdf"],
        Write(
            "y, mu, sigma, low, high",
            "normal_lpdf({y}, {mu}, {sigma}) - log(norm_cdf(({high!} - {mu!})/{sigma!}) - norm_cdf(({low!} - {mu!})/{sigma!}))",
        ),
    ),
    (&["half_t_lpdf", "half_student_t_lpdf"], Write("y, nu, sigma", "student_t_lpdf({y}, {nu}, 0, {sigma}) + log(2)")),
    (&["normal_lcdf"], Write("y, mu, sigma", "log_norm_cdf(({y!} - {mu!})/{sigma!})")),
    (&["normal_lccdf"], Write("y, mu, sigma", "log_norm_cdf(({mu!} - {y!})/{sigma!})")),
    (&["logpdf", "log_prob"], Say("log-densities have the names of Stan: `normal_lpdf(y, mu, sigma)`")),
    (
        &[
            "rand",
            "randn",
            "random",
            "randint",
            "rand_like",
            "randn_like",
            "normal",
            "normal_rng",
            "uniform",
            "uniform_rng",
            "truncated_normal",
            "bernoulli",
            "shuffle",
            "sample",
        ],
        Say(RANDOM),
    ),
];

/// The density of a Cholesky factor of a correlation matrix, without its constant.
fn lkj_cholesky(given: &Given) -> Option<String> {
    let ([rows, _], eta) = (given.shape(0)?, given.operand(1)?) else { return None };
    Some(format!("sum(({rows} - iota({rows}) - 3 + 2*{eta})*log(diag({})))", given.text(0)?))
}
