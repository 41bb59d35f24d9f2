//! Cases of `rows::roots`.

use super::{Case, row};

pub(super) fn cases() -> Vec<Case> {
    vec![
        row("nothing_at_origin", "select(hypot(u, v) == 0, v, 0)", "0"),
        row("nothing_at_origin", "select(broadcast [N] [](reduce norm [0](x) == 0), x, 0)", "broadcast [N] [](0)"),
        row("sqrt_of_square", "sqrt(square(u))", "abs(u)"),
        row("sqrt_of_sum_of_squares", "sqrt(reduce sum [0](square(x)))", "reduce norm [0](x)"),
        row(
            "sqrt_of_mean_of_squares",
            "p = cast real(extent N()); sqrt(reduce sum [0](square(x)) / p)",
            "reduce norm [0](x) / sqrt(p)",
        ),
        row("sqrt_of_squares", "sqrt(square(u) + square(v))", "hypot(u, v)"),
        row(
            "sqrt_of_form",
            "p = square(u) + square(v) + square(w); sqrt(p)",
            "q = max(max(abs(u), abs(v)), abs(w));
             r = select(3.3519519824856493e153 < q, 2.409919865102884e-181, select(q < 3.054936363499605e-151,
             4.149515568880993e180, select(1.2379400392853803e27 < q, 7.888609052210118e-31, select(q
             < 8.077935669463161e-28, 1.2676506002282294e30, select(1099511627776 < q, 8.881784197001252e-16,
             select(q < 9.094947017729282e-13, 1.152921504606847e18, 1))))));
             s = square(r * u) + square(r * v) + square(r * w); root(sqrt(s) / r, p, s, r, q)",
        ),
        row("rsqrt_of_form", "rsqrt(reduce sum [0](square(x)))", "recip(reduce norm [0](x))"),
        row(
            "cbrt_of_form",
            "p = reduce sum [0](abs(x) * square(x)); cbrt(p)",
            "cbrt(select(reduce max_number [0](abs(abs(x))) == 0, stop_gradient(p), p))",
        ),
        row("pow_of_form", "pow(reduce sum [0](square(x)), 0.75)", "pow(reduce norm [0](x), 1.5)"),
        row(
            "hypot_of_norms",
            "hypot(u, reduce norm [0](x))",
            "p = max(abs(u), reduce max_number [0](abs(x)));
             q = select(3.3519519824856493e153 < p, 2.409919865102884e-181, select(p < 3.054936363499605e-151,
             4.149515568880993e180, select(1.2379400392853803e27 < p, 7.888609052210118e-31, select(p
             < 8.077935669463161e-28, 1.2676506002282294e30, select(1099511627776 < p, 8.881784197001252e-16,
             select(p < 9.094947017729282e-13, 1.152921504606847e18, 1))))));
             r = square(q * u) + reduce sum [0](square(q * x));
             root(sqrt(r) / q, square(u) + reduce sum [0](square(x)), r, q, p)",
        ),
        row("hypot_of_norms", "hypot(abs(u), v)", "hypot(u, v)"),
        row("norm_of_norms", "reduce norm [0](abs(x))", "reduce norm [0](x)"),
        row(
            "norm_of_norms",
            "reduce norm [0](hypot(x, y))",
            "p = reduce max_number [0](max(abs(x), abs(y)));
             q = select(3.3519519824856493e153 < p, 2.409919865102884e-181, select(p < 3.054936363499605e-151,
             4.149515568880993e180, select(1.2379400392853803e27 < p, 7.888609052210118e-31, select(p
             < 8.077935669463161e-28, 1.2676506002282294e30, select(1099511627776 < p, 8.881784197001252e-16,
             select(p < 9.094947017729282e-13, 1.152921504606847e18, 1))))));
             r = reduce sum [0](square(q * x) + square(q * y));
             root(sqrt(r) / q, reduce sum [0](square(x) + square(y)), r, q, p)",
        ),
        row("even_of_abs", "cos(abs(u))", "cos(u)"),
        row("square_of_hypot", "square(hypot(u, v))", "square(u) + square(v)"),
        row("square_of_root", "p = square(u) + square(v); square(root(sqrt(p), p, p, 1, u))", "p"),
        row("square_of_scaled_norm", "square(reduce norm [0](x) / u)", "reduce sum [0](square(x / u))"),
        row("square_of_scaled_norm", "square(u * hypot(v, w))", "square(v * u) + square(w * u)"),
        row("product_of_same_norms", "p = reduce norm [0](x); p * (u * p)", "square(p) * u"),
        row("xlogy_of_square", "xlogy(square(u), v)", "mul_unless_zero(u, xlogy(u, v))"),
        row("pow_of_power", "pow(square(u), 0.75)", "pow(abs(u), 1.5)"),
        row("pow_of_power", "pow(u * square(u), 0.7)", "pow(u, 0.7) * square(pow(u, 0.7))"),
        row("sqrt_of_power", "sqrt(u * square(u))", "pow(u, 1.5)"),
        row("cbrt_of_power", "cbrt(square(square(u)))", "mul_unless_zero(u, cbrt(u))"),
        row("product_of_powers", "u * sqrt(u)", "pow(u, 1.5)"),
    ]
}
