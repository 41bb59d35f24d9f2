//! Cases of `rows::exponentials`, `rows::bells` and `rows::moments`.

use expect_test::expect;

use super::{Case, case, count, leaf, scalar, vector};
use crate::graph::{NodeId, Region};
use crate::ops::Contract;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = exponentials();
    cases.extend(bells());
    cases.push(case(
        "mean_of_product_less_product_of_means",
        |r| {
            let (x, n) = (vector(r, "x"), count(r, "N"));
            let (square, sum) = (r.square(x), r.sum(x, &[0]));
            let squares = r.sum(square, &[0]);
            let (whole, mean) = (r.over(squares, n), r.over(sum, n));
            let square = r.square(mean);
            r.minus(whole, square)
        },
        expect![[r#"
            %0 [N] = input x
            %1 index[] = extent N
            %2 [] = cast real %1
            %3 [N] = square %0
            %4 [] = reduce sum [0] %0
            %5 [] = reduce sum [0] %3
            %6 [] = div %5 %2
            %7 [] = div %4 %2
            %8 [] = square %7
            %9 [] = sub %6 %8
            y: %9
            →
            %0 [N] = input x
            %1 index[] = extent N
            %2 [] = cast real %1
            %3 [] = reduce sum [0] %0
            %4 [] = div %3 %2
            %5 [N] = broadcast [N] [] %4
            %6 [N] = sub %0 %5
            %7 [N] = mul %6 %6
            %8 [] = reduce sum [0] %7
            %9 [] = div %8 %2
            y: %9
        "#]],
    ));
    cases
}

fn exponentials() -> Vec<Case> {
    vec![
        case(
            "log_of_exponentials",
            |r| {
                let u = scalar(r, "u");
                let (cosh, root) = (r.cosh(u), r.literal(0.5));
                let power = r.power(cosh, root);
                r.log(power)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = cosh %0
                %2 [] = 0.5
                %3 [] = pow %1 %2
                %4 [] = log %3
                y: %4
                →
                %0 [] = input u
                %1 [] = 0.5
                %2 [] = log_cosh %0
                %3 [] = mul %1 %2
                y: %3
            "#]],
        ),
        case(
            "log_of_difference_of_exponentials",
            |r| {
                let (u, v) = (scalar(r, "u"), scalar(r, "v"));
                let sum = r.plus(u, v);
                let (a, b) = (r.exp(sum), r.exp(u));
                let difference = r.minus(a, b);
                r.log(difference)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = input v
                %2 [] = add %0 %1
                %3 [] = exp %2
                %4 [] = exp %0
                %5 [] = sub %3 %4
                %6 [] = log %5
                y: %6
                →
                %0 [] = input u
                %1 [] = input v
                %2 [] = add %0 %1
                %3 [] = logsubexp %2 %0
                y: %3
            "#]],
        ),
        case(
            "log_of_scaled_exponentials",
            |r| {
                let (u, v) = (scalar(r, "u"), scalar(r, "v"));
                let e = r.exp(v);
                let product = r.times(u, e);
                r.log(product)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = input v
                %2 [] = exp %1
                %3 [] = mul %0 %2
                %4 [] = log %3
                y: %4
                →
                %0 [] = input u
                %1 [] = input v
                %2 [] = log %0
                %3 [] = add %2 %1
                y: %3
            "#]],
        ),
        case(
            "log1p_of_exponentials",
            |r| {
                let (u, v) = (scalar(r, "u"), scalar(r, "v"));
                let (a, b) = (r.exp(u), r.exp(v));
                let product = r.times(a, b);
                r.log1p(product)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = input v
                %2 [] = exp %0
                %3 [] = exp %1
                %4 [] = mul %2 %3
                %5 [] = log1p %4
                y: %5
                →
                %0 [] = input u
                %1 [] = input v
                %2 [] = add %0 %1
                %3 [] = softplus %2
                y: %3
            "#]],
        ),
        case(
            "log_of_weighted_exponentials",
            |r| {
                let (x, w) = (vector(r, "x"), vector(r, "w"));
                let e = r.exp(x);
                let terms = r.times(w, e);
                let sum = r.sum(terms, &[0]);
                r.log(sum)
            },
            expect![[r#"
                %0 [N] = input x
                %1 [N] = input w
                %2 [N] = exp %0
                %3 [N] = mul %1 %2
                %4 [] = reduce sum [0] %3
                %5 [] = log %4
                y: %5
                →
                %0 [N] = input x
                %1 [N] = input w
                %2 [] = 0
                %3 [N] = broadcast [N] [] %2
                %4 [] = -inf
                %5 [N] = broadcast [N] [] %4
                %6 bool[N] = equal %1 %3
                %7 [N] = select %6 %5 %0
                %8 [] = reduce max_number [0] %7
                %9 [] = stop_gradient %8
                %10 bool[] = equal %9 %4
                %11 [] = select %10 %2 %9
                %12 [N] = broadcast [N] [] %11
                %13 [N] = sub %0 %12
                %14 [N] = exp %13
                %15 [N] = mul_unless_zero %1 %14
                %16 [] = reduce sum [0] %15
                %17 [] = log %16
                %18 [] = add %11 %17
                y: %18
            "#]],
        ),
        case(
            "log1p_of_weighted_exponential",
            |r| {
                let (u, v) = (scalar(r, "u"), scalar(r, "v"));
                let e = r.exp(v);
                let product = r.times(u, e);
                r.log1p(product)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = input v
                %2 [] = exp %1
                %3 [] = mul %0 %2
                %4 [] = log1p %3
                y: %4
                →
                %0 [] = input u
                %1 [] = input v
                %2 [] = 0
                %3 [] = -inf
                %4 bool[] = equal %0 %2
                %5 [] = select %4 %3 %1
                %6 [] = max %5 %2
                %7 [] = stop_gradient %6
                %8 [] = sub %1 %7
                %9 [] = exp %8
                %10 [] = mul_unless_zero %0 %9
                %11 [] = neg %7
                %12 [] = expm1 %11
                %13 [] = add %12 %10
                %14 [] = log1p %13
                %15 [] = add %7 %14
                y: %15
            "#]],
        ),
        case(
            "log_of_weighted_exponentials",
            |r| {
                let (x, w) = (leaf(r, "x", "N K"), leaf(r, "w", "K D"));
                let e = r.exp(x);
                let rows = Contract {
                    left_batch: vec![],
                    right_batch: vec![],
                    left_contract: vec![1],
                    right_contract: vec![0],
                };
                let product = r.contract(rows, e, w);
                r.log(product)
            },
            expect![[r#"
                %0 [N, K] = input x
                %1 [K, D] = input w
                %2 [N, K] = exp %0
                %3 [N, D] = contract [1]x[0] %2 %1
                %4 [N, D] = log %3
                y: %4
                →
                %0 [N, K] = input x
                %1 [K, D] = input w
                %2 [N] = reduce max_number [1] %0
                %3 [N] = stop_gradient %2
                %4 [] = 0
                %5 [N] = broadcast [N] [] %4
                %6 [] = -inf
                %7 [N] = broadcast [N] [] %6
                %8 bool[N] = equal %3 %7
                %9 [N] = select %8 %5 %3
                %10 [N, K] = broadcast [N, K] [0] %9
                %11 [N, K] = sub %0 %10
                %12 [N, K] = exp %11
                %13 [N, D] = broadcast [N, D] [0] %9
                %14 [N, D] = contract [1]x[0] %12 %1
                %15 [N, D] = log %14
                %16 [N, D] = add %13 %15
                y: %16
            "#]],
        ),
    ]
}

fn bells() -> Vec<Case> {
    vec![
        case(
            "one_minus_square_of_tanh",
            |r| {
                let u = scalar(r, "u");
                let y = r.tanh(u);
                let square = r.square(y);
                r.minus_from(1.0, square)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = tanh %0
                %2 [] = square %1
                %3 [] = 1
                %4 [] = sub %3 %2
                y: %4
                →
                %0 [] = input u
                %1 [] = tanh_slope %0
                y: %1
            "#]],
        ),
        case(
            "one_minus_tanh",
            |r| {
                let u = scalar(r, "u");
                let y = r.tanh(u);
                r.minus_from(1.0, y)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = tanh %0
                %2 [] = 1
                %3 [] = sub %2 %1
                y: %3
                →
                %0 [] = input u
                %1 [] = -2
                %2 [] = mul %1 %0
                %3 [] = sigmoid %2
                %4 [] = 2
                %5 [] = mul %4 %3
                y: %5
            "#]],
        ),
        case(
            "one_plus_tanh",
            |r| {
                let u = scalar(r, "u");
                let y = r.tanh(u);
                r.offset(y, 1.0)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = tanh %0
                %2 [] = 1
                %3 [] = add %1 %2
                y: %3
                →
                %0 [] = input u
                %1 [] = 2
                %2 [] = mul %1 %0
                %3 [] = sigmoid %2
                %4 [] = mul %1 %3
                y: %4
            "#]],
        ),
        case(
            "inverse_square_of_cosh",
            |r| {
                let u = scalar(r, "u");
                let y = r.cosh(u);
                let square = r.square(y);
                r.recip(square)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = cosh %0
                %2 [] = square %1
                %3 [] = recip %2
                y: %3
                →
                %0 [] = input u
                %1 [] = tanh_slope %0
                y: %1
            "#]],
        ),
        case(
            "product_of_sigmoids",
            |r| {
                let u = scalar(r, "u");
                let v = r.neg(u);
                let (a, b) = (r.sigmoid(u), r.sigmoid(v));
                r.times(a, b)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = neg %0
                %2 [] = sigmoid %0
                %3 [] = sigmoid %1
                %4 [] = mul %2 %3
                y: %4
                →
                %0 [] = input u
                %1 [] = sigmoid_slope %0
                y: %1
            "#]],
        ),
        case(
            "sigmoid_less_its_square",
            |r| {
                let u = scalar(r, "u");
                let s = r.sigmoid(u);
                let square = r.square(s);
                r.minus(s, square)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = sigmoid %0
                %2 [] = square %1
                %3 [] = sub %1 %2
                y: %3
                →
                %0 [] = input u
                %1 [] = sigmoid_slope %0
                y: %1
            "#]],
        ),
        case(
            "exp_by_square_of_one_plus_exp",
            |r| {
                let (e, sum) = exp_and_one_more(r);
                let square = r.square(sum);
                r.over(e, square)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = exp %0
                %2 [] = 1
                %3 [] = add %1 %2
                %4 [] = square %3
                %5 [] = div %1 %4
                y: %5
                →
                %0 [] = input u
                %1 [] = sigmoid_slope %0
                y: %1
            "#]],
        ),
        case(
            "exp_times_square_of_sigmoid",
            |r| {
                let u = scalar(r, "u");
                let v = r.neg(u);
                let (e, s) = (r.exp(v), r.sigmoid(u));
                let square = r.square(s);
                r.times(e, square)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = neg %0
                %2 [] = exp %1
                %3 [] = sigmoid %0
                %4 [] = square %3
                %5 [] = mul %2 %4
                y: %5
                →
                %0 [] = input u
                %1 [] = sigmoid_slope %0
                y: %1
            "#]],
        ),
        case(
            "share_of_two_exponentials",
            |r| {
                let (u, v) = (scalar(r, "u"), scalar(r, "v"));
                let (a, b) = (r.exp(u), r.exp(v));
                let sum = r.plus(a, b);
                r.over(a, sum)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = input v
                %2 [] = exp %0
                %3 [] = exp %1
                %4 [] = add %2 %3
                %5 [] = div %2 %4
                y: %5
                →
                %0 [] = input u
                %1 [] = input v
                %2 [] = sub %0 %1
                %3 [] = sigmoid %2
                y: %3
            "#]],
        ),
        case(
            "one_minus_erf",
            |r| {
                let u = scalar(r, "u");
                let y = r.erf(u);
                r.minus_from(1.0, y)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = erf %0
                %2 [] = 1
                %3 [] = sub %2 %1
                y: %3
                →
                %0 [] = input u
                %1 [] = erfc %0
                y: %1
            "#]],
        ),
        case(
            "one_plus_erf",
            |r| {
                let u = scalar(r, "u");
                let y = r.erf(u);
                r.offset(y, 1.0)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = erf %0
                %2 [] = 1
                %3 [] = add %1 %2
                y: %3
                →
                %0 [] = input u
                %1 [] = neg %0
                %2 [] = erfc %1
                y: %2
            "#]],
        ),
        case(
            "norm_cdf_of_erfc",
            |r| {
                let u = scalar(r, "u");
                let scaled = r.scale(u, -std::f64::consts::FRAC_1_SQRT_2);
                let tail = r.erfc(scaled);
                r.scale(tail, 0.5)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = -0.7071067811865476
                %2 [] = mul %1 %0
                %3 [] = erfc %2
                %4 [] = 0.5
                %5 [] = mul %4 %3
                y: %5
                →
                %0 [] = input u
                %1 [] = norm_cdf %0
                y: %1
            "#]],
        ),
        case(
            "one_minus_norm_cdf",
            |r| {
                let u = scalar(r, "u");
                let p = r.norm_cdf(u);
                r.minus_from(1.0, p)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = norm_cdf %0
                %2 [] = 1
                %3 [] = sub %2 %1
                y: %3
                →
                %0 [] = input u
                %1 [] = neg %0
                %2 [] = norm_cdf %1
                y: %2
            "#]],
        ),
    ]
}

/// `exp(u)`, and 1 more.
fn exp_and_one_more(r: &mut Region) -> (NodeId, NodeId) {
    let u = scalar(r, "u");
    let e = r.exp(u);
    (e, r.offset(e, 1.0))
}
