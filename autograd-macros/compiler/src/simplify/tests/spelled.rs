//! Cases of `rows::exponentials`, `rows::bells` and `rows::moments`.

use super::{Case, row};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = exponentials();
    cases.extend(bells());
    cases.push(row(
        "mean_of_product_less_product_of_means",
        "p = cast real(extent N()); q = reduce sum [0](x) / p; reduce sum [0](square(x)) / p - square(q)",
        "reduce sum [0]((x - q) * (x - q)) / p",
    ));
    cases
}

fn exponentials() -> Vec<Case> {
    vec![
        row("log_of_exponentials", "log(pow(cosh(u), 0.5))", "0.5 * log_cosh(u)"),
        row("log_of_difference_of_exponentials", "log(exp(u + v) - exp(u))", "logsubexp(u + v, u)"),
        row("log_of_scaled_exponentials", "log(u * exp(v))", "log(u) + v"),
        row("log1p_of_exponentials", "log1p(exp(u) * exp(v))", "softplus(u + v)"),
        row(
            "log_of_weighted_exponentials",
            "w: [N]; log(reduce sum [0](w * exp(x)))",
            "p = stop_gradient(reduce max_number [0](select(w == 0, -inf, x))); q = select(p == -inf, 0, p);
             q + log(reduce sum [0](mul_unless_zero(w, exp(x - q))))",
        ),
        row(
            "log1p_of_weighted_exponential",
            "log1p(u * exp(v))",
            "p = stop_gradient(max(select(u == 0, -inf, v), 0));
             p + log1p(expm1(-p) + mul_unless_zero(u, exp(v - p)))",
        ),
        row(
            "log_of_weighted_exponentials",
            "x: [N, K]; w: [K, D]; log(contract [1]x[0](exp(x), w))",
            "p = stop_gradient(reduce max_number [1](x)); q = select(p == -inf, 0, p);
             broadcast [N, D] [0](q) + log(contract [1]x[0](exp(x - broadcast [N, K] [0](q)), w))",
        ),
    ]
}

fn bells() -> Vec<Case> {
    vec![
        row("one_minus_square_of_tanh", "1 - square(tanh(u))", "tanh_slope(u)"),
        row("one_minus_tanh", "1 - tanh(u)", "2 * sigmoid(-2 * u)"),
        row("one_plus_tanh", "tanh(u) + 1", "2 * sigmoid(2 * u)"),
        row("inverse_square_of_cosh", "recip(square(cosh(u)))", "tanh_slope(u)"),
        row("product_of_sigmoids", "sigmoid(u) * sigmoid(-u)", "sigmoid_slope(u)"),
        row("sigmoid_less_its_square", "sigmoid(u) - square(sigmoid(u))", "sigmoid_slope(u)"),
        row("exp_by_square_of_one_plus_exp", "exp(u) / square(exp(u) + 1)", "sigmoid_slope(u)"),
        row("exp_times_square_of_sigmoid", "exp(-u) * square(sigmoid(u))", "sigmoid_slope(u)"),
        row("share_of_two_exponentials", "exp(u) / (exp(u) + exp(v))", "sigmoid(u - v)"),
        row("one_minus_erf", "1 - erf(u)", "erfc(u)"),
        row("one_plus_erf", "erf(u) + 1", "erfc(-u)"),
        row("norm_cdf_of_erfc", "0.5 * erfc(-0.7071067811865476 * u)", "norm_cdf(u)"),
        row("one_minus_norm_cdf", "1 - norm_cdf(u)", "norm_cdf(-u)"),
    ]
}
