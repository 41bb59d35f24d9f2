//! Cases of `legalise`.

use super::{Case, SPECIAL, row};
use crate::testing::random::Random;

pub(super) fn cases() -> Vec<Case> {
    vec![
        row(
            "expand_logsumexp",
            "reduce logsumexp [1](a)",
            "p = reduce max_number [1](a); q = broadcast [N, D] [0](p);
             p + log(reduce sum [1](exp(select(a == q, 0, a - q))))",
        ),
        row(
            "infinite_logsumexp",
            "p = reduce max_number [1](a); q = broadcast [N, D] [0](p);
             r = reduce sum [1](exp(select(a == q, 0, a - q))); p + log(r) == inf",
            "p == inf && r == r",
        ),
        row("share_of_total", "s: [N]; s * recip(select(x == 1, 1, s))", "select(x == 1, s, 1)"),
        row(
            "divide_by_total",
            "p = exp(a - broadcast [N, D] [0](reduce max_number [1](a))); q = reduce sum [1](p);
             p / broadcast [N, D] [0](q)",
            "p * broadcast [N, D] [0](recip(q))",
        ),
        row(
            "expand_norm",
            "reduce norm [1](a)",
            "p = reduce max_number [1](abs(a));
             q = select(3.3519519824856493e153 < p, 2.409919865102884e-181, select(p < 3.054936363499605e-151,
             4.149515568880993e180, select(1.2379400392853803e27 < p, 7.888609052210118e-31, select(p
             < 8.077935669463161e-28, 1.2676506002282294e30, select(1099511627776 < p, 8.881784197001252e-16,
             select(p < 9.094947017729282e-13, 1.152921504606847e18, 1))))));
             sqrt(reduce sum [1](square(broadcast [N, D] [0](q) * a))) / q",
        ),
        row(
            "expand_log_softmax",
            "p = reduce max_number [0](x); q = select(x == p, 0, x - p); r = reduce sum [0](exp(q)); x - (p + log(r))",
            "s = select(p == -inf, NaN, log1p(select(r < 1.5, reduce sum [0](select(x == p, 0, exp(q))), -1 + r)));
             q - s",
        ),
        row(
            "expand_log_loss",
            "p = reduce max_number [0](x); q = exp(select(x == p, 0, x - p)); r = reduce sum [0](q); p + log(r) - u",
            "select(u == inf, 0, p - u) + log1p(select(r < 1.5, reduce sum [0](select(x == p, 0, q)), -1 + r))",
        ),
        row(
            "expand_softmax",
            "p = reduce max_number [0](x); q = select(x == p, 0, x - p); r = reduce sum [0](exp(q));
             s = select(p == -inf, NaN, log1p(select(r < 1.5, reduce sum [0](select(x == p, 0, exp(q))), r + -1)));
             exp(q - s)",
            "exp(q) * recip(r)",
        ),
        row(
            "expand_share",
            "p = reduce max_number [0](x); q = select(x == p, 0, x - p); r = reduce sum [0](exp(q));
             s = select(p == -inf, NaN, log1p(select(r < 1.5, reduce sum [0](select(x == p, 0, exp(q))), r + -1)));
             exp(select(x == p + log(r), 0, q - s))",
            "t = recip(select(p + log(r) == inf, 1, r)); exp(q) * t",
        ),
        row(
            "skip_by_share",
            "p = reduce max_number [0](x); q = exp(select(x == p, 0, x - p)); r = reduce sum [0](q);
             s = p == -inf && r == r; g: []; t = p == inf && r == r; f = select(s, 0, g / select(t, r, 1));
             h = recip(select(t, 1, r)); mul_unless_zero(f, q * h)",
            "k = select(s, 0, mul_unless_zero(g, recip(r))); mul_unless_zero(k, q)",
        ),
        // Where the cotangent is never zero, nothing is skipped.
        row(
            "skip_by_share",
            "p = reduce max_number [0](x); q = exp(select(x == p, 0, x - p)); r = reduce sum [0](q);
             s = p == -inf && r == r; t = p == inf && r == r; f = select(s, 0, -0.5 / select(t, r, 1));
             g = recip(select(t, 1, r)); mul_unless_zero(f, q * g)",
            "h = select(s, 0, -0.5 / r); h * q",
        ),
        row(
            "expand_product",
            "reduce product [0](x)",
            "p = reduce product [0](significand(x)); q = min(2046, max(-2046, reduce sum [0](exponent(x))));
             r = floor(0.5 * q); select(0 < abs(p), select(abs(p) < inf, p * exp2(r) * exp2(q - r), p), p)",
        ),
        row("value_of_root", "root(hypot(u, v), square(u), square(u), 1, u)", "hypot(u, v)"),
    ]
}

/// The conventions of a logsumexp hold at every corner, whatever comes from above.
#[test]
fn shares_of_special_values_stay() {
    let mut random = Random::of("shares");
    for case in cases().into_iter().filter(|case| case.row == "skip_by_share") {
        let sides = [case.before(), case.after()];
        for pool in [SPECIAL, &[0.0, f64::NEG_INFINITY], &[f64::INFINITY, 0.0], &[f64::NAN, 0.0]] {
            for _ in 0..200 {
                case.compare(&sides, &mut random, pool, 1e-14);
            }
        }
    }
}
