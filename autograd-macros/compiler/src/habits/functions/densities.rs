//! Distributions: their functions, and what is random.

use super::Meaning::{Same, Say, Write};
use super::Row;

const RANDOM: &str = "a model is the same function at every call: random numbers are an `input`, and \
                      `param w: [D] = normal(0, 1);` starts from them";

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
    (&["logpdf", "log_prob"], Say("log-densities have the names of Stan: `normal_lpdf(y, mu, sigma)`")),
    (
        &[
            "rand",
            "randn",
            "random",
            "random_normal",
            "random_uniform",
            "randint",
            "rand_like",
            "randn_like",
            "normal",
            "uniform",
            "truncated_normal",
            "bernoulli",
            "shuffle",
            "sample",
        ],
        Say(RANDOM),
    ),
];
