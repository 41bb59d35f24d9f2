//! Cases of `legalise`.

use expect_test::expect;

use super::{Case, Draw, SPECIAL, case, leaf, scalar, shape, vector};
use crate::graph::{NodeId, Region};
use crate::ops::{Compare, Function, Op, ReduceKind, Root, Select};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "expand_logsumexp",
            |r| {
                let a = leaf(r, "a", "N D");
                r.reduce(ReduceKind::LogSumExp, a, &[1])
            },
            expect![[r#"
                %0 [N, D] = input a
                %1 [N] = reduce logsumexp [1] %0
                y: %1
                →
                %0 [N, D] = input a
                %1 [N] = reduce max_number [1] %0
                %2 [N, D] = broadcast [N, D] [0] %1
                %3 bool[N, D] = equal %0 %2
                %4 [] = 0
                %5 [N, D] = broadcast [N, D] [] %4
                %6 [N, D] = sub %0 %2
                %7 [N, D] = select %3 %5 %6
                %8 [N, D] = exp %7
                %9 [N] = reduce sum [1] %8
                %10 [N] = log %9
                %11 [N] = add %1 %10
                y: %11
            "#]],
        ),
        case(
            "infinite_logsumexp",
            |r| {
                let a = leaf(r, "a", "N D");
                let max = r.reduce(ReduceKind::MaxNumber, a, &[1]);
                let top = r.broadcast(max, &shape("N D"), &[0]);
                let tied = r.add(Compare::Eq.into(), &[a, top]);
                let zero = r.literal(0.0);
                let zero = r.fill(zero, &shape("N D"));
                let below = r.minus(a, top);
                let below = r.add(Select::RULE.into(), &[tied, zero, below]);
                let exp = r.map(Function::Exp, &[below]);
                let sum = r.sum(exp, &[1]);
                let log = r.map(Function::Log, &[sum]);
                let value = r.plus(max, log);
                let infinity = r.literal(f64::INFINITY);
                let infinity = r.fill(infinity, &shape("N"));
                r.add(Compare::Eq.into(), &[value, infinity])
            },
            expect![[r#"
                %0 [N, D] = input a
                %1 [N] = reduce max_number [1] %0
                %2 [N, D] = broadcast [N, D] [0] %1
                %3 bool[N, D] = equal %0 %2
                %4 [] = 0
                %5 [N, D] = broadcast [N, D] [] %4
                %6 [N, D] = sub %0 %2
                %7 [N, D] = select %3 %5 %6
                %8 [N, D] = exp %7
                %9 [N] = reduce sum [1] %8
                %10 [N] = log %9
                %11 [N] = add %1 %10
                %12 [] = inf
                %13 [N] = broadcast [N] [] %12
                %14 bool[N] = equal %11 %13
                y: %14
                →
                %0 [N, D] = input a
                %1 [N] = reduce max_number [1] %0
                %2 [N, D] = broadcast [N, D] [0] %1
                %3 bool[N, D] = equal %0 %2
                %4 [] = 0
                %5 [N, D] = broadcast [N, D] [] %4
                %6 [N, D] = sub %0 %2
                %7 [N, D] = select %3 %5 %6
                %8 [N, D] = exp %7
                %9 [N] = reduce sum [1] %8
                %10 [] = inf
                %11 [N] = broadcast [N] [] %10
                %12 bool[N] = equal %1 %11
                %13 bool[N] = equal %9 %9
                %14 bool[N] = and %12 %13
                y: %14
            "#]],
        ),
        case(
            "share_of_total",
            |r| {
                let (s, x) = (vector(r, "s"), vector(r, "x"));
                let one = r.literal(1.0);
                let one = r.fill(one, &shape("N"));
                let condition = r.add(Compare::Eq.into(), &[x, one]);
                let either = r.add(Select::RULE.into(), &[condition, one, s]);
                let inverse = r.map(Function::Recip, &[either]);
                r.times(s, inverse)
            },
            expect![[r#"
                %0 [N] = input s
                %1 [N] = input x
                %2 [] = 1
                %3 [N] = broadcast [N] [] %2
                %4 bool[N] = equal %1 %3
                %5 [N] = select %4 %3 %0
                %6 [N] = recip %5
                %7 [N] = mul %0 %6
                y: %7
                →
                %0 [N] = input s
                %1 [N] = input x
                %2 [] = 1
                %3 [N] = broadcast [N] [] %2
                %4 bool[N] = equal %1 %3
                %5 [N] = select %4 %0 %3
                y: %5
            "#]],
        ),
        case(
            "divide_by_total",
            |r| {
                let a = leaf(r, "a", "N D");
                let max = r.reduce(ReduceKind::MaxNumber, a, &[1]);
                let top = r.broadcast(max, &shape("N D"), &[0]);
                let below = r.minus(a, top);
                let exp = r.map(Function::Exp, &[below]);
                let sum = r.sum(exp, &[1]);
                let total = r.broadcast(sum, &shape("N D"), &[0]);
                r.over(exp, total)
            },
            expect![[r#"
                %0 [N, D] = input a
                %1 [N] = reduce max_number [1] %0
                %2 [N, D] = broadcast [N, D] [0] %1
                %3 [N, D] = sub %0 %2
                %4 [N, D] = exp %3
                %5 [N] = reduce sum [1] %4
                %6 [N, D] = broadcast [N, D] [0] %5
                %7 [N, D] = div %4 %6
                y: %7
                →
                %0 [N, D] = input a
                %1 [N] = reduce max_number [1] %0
                %2 [N, D] = broadcast [N, D] [0] %1
                %3 [N, D] = sub %0 %2
                %4 [N, D] = exp %3
                %5 [N] = reduce sum [1] %4
                %6 [N] = recip %5
                %7 [N, D] = broadcast [N, D] [0] %6
                %8 [N, D] = mul %4 %7
                y: %8
            "#]],
        ),
        case(
            "expand_norm",
            |r| {
                let a = leaf(r, "a", "N D");
                r.reduce(ReduceKind::Norm, a, &[1])
            },
            expect![[r#"
                %0 [N, D] = input a
                %1 [N] = reduce norm [1] %0
                y: %1
                →
                %0 [N, D] = input a
                %1 [N, D] = abs %0
                %2 [N] = reduce max_number [1] %1
                %3 [] = 1
                %4 [N] = broadcast [N] [] %3
                %5 [] = 1099511627776
                %6 [N] = broadcast [N] [] %5
                %7 [] = 0.0000000000000008881784197001252
                %8 [N] = broadcast [N] [] %7
                %9 [] = 0.0000000000009094947017729282
                %10 [N] = broadcast [N] [] %9
                %11 [] = 1152921504606847000
                %12 [N] = broadcast [N] [] %11
                %13 bool[N] = less %2 %10
                %14 [N] = select %13 %12 %4
                %15 bool[N] = less %6 %2
                %16 [N] = select %15 %8 %14
                %17 [] = 1237940039285380300000000000
                %18 [N] = broadcast [N] [] %17
                %19 [] = 0.0000000000000000000000000000007888609052210118
                %20 [N] = broadcast [N] [] %19
                %21 [] = 0.0000000000000000000000000008077935669463161
                %22 [N] = broadcast [N] [] %21
                %23 [] = 1267650600228229400000000000000
                %24 [N] = broadcast [N] [] %23
                %25 bool[N] = less %2 %22
                %26 [N] = select %25 %24 %16
                %27 bool[N] = less %18 %2
                %28 [N] = select %27 %20 %26
                %29 [] = 3351951982485649300000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
                %30 [N] = broadcast [N] [] %29
                %31 [] = 0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000002409919865102884
                %32 [N] = broadcast [N] [] %31
                %33 [] = 0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000003054936363499605
                %34 [N] = broadcast [N] [] %33
                %35 [] = 4149515568880993000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
                %36 [N] = broadcast [N] [] %35
                %37 bool[N] = less %2 %34
                %38 [N] = select %37 %36 %28
                %39 bool[N] = less %30 %2
                %40 [N] = select %39 %32 %38
                %41 [N, D] = broadcast [N, D] [0] %40
                %42 [N, D] = mul %41 %0
                %43 [N, D] = square %42
                %44 [N] = reduce sum [1] %43
                %45 [N] = sqrt %44
                %46 [N] = div %45 %40
                y: %46
            "#]],
        ),
        case(
            "expand_log_softmax",
            |r| {
                let x = vector(r, "x");
                let lse = spelled(r, x);
                let lse = r.fill(lse.0, &shape("N"));
                r.minus(x, lse)
            },
            expect![[r#"
                %0 [N] = input x
                %1 [] = reduce max_number [0] %0
                %2 [N] = broadcast [N] [] %1
                %3 bool[N] = equal %0 %2
                %4 [] = 0
                %5 [N] = broadcast [N] [] %4
                %6 [N] = sub %0 %2
                %7 [N] = select %3 %5 %6
                %8 [N] = exp %7
                %9 [] = reduce sum [0] %8
                %10 [] = log %9
                %11 [] = add %1 %10
                %12 [N] = broadcast [N] [] %11
                %13 [N] = sub %0 %12
                y: %13
                →
                %0 [N] = input x
                %1 [] = reduce max_number [0] %0
                %2 [N] = broadcast [N] [] %1
                %3 bool[N] = equal %0 %2
                %4 [] = 0
                %5 [N] = broadcast [N] [] %4
                %6 [N] = sub %0 %2
                %7 [N] = select %3 %5 %6
                %8 [N] = exp %7
                %9 [] = reduce sum [0] %8
                %10 [N] = select %3 %5 %8
                %11 [] = reduce sum [0] %10
                %12 [] = -1
                %13 [] = 1.5
                %14 [] = add %12 %9
                %15 bool[] = less %9 %13
                %16 [] = select %15 %11 %14
                %17 [] = log1p %16
                %18 [] = -inf
                %19 [] = NaN
                %20 bool[] = equal %1 %18
                %21 [] = select %20 %19 %17
                %22 [N] = broadcast [N] [] %21
                %23 [N] = sub %7 %22
                y: %23
            "#]],
        ),
        case(
            "expand_log_loss",
            |r| {
                let (x, u) = (vector(r, "x"), scalar(r, "u"));
                let lse = spelled(r, x);
                r.minus(lse.0, u)
            },
            expect![[r#"
                %0 [N] = input x
                %1 [] = input u
                %2 [] = reduce max_number [0] %0
                %3 [N] = broadcast [N] [] %2
                %4 bool[N] = equal %0 %3
                %5 [] = 0
                %6 [N] = broadcast [N] [] %5
                %7 [N] = sub %0 %3
                %8 [N] = select %4 %6 %7
                %9 [N] = exp %8
                %10 [] = reduce sum [0] %9
                %11 [] = log %10
                %12 [] = add %2 %11
                %13 [] = sub %12 %1
                y: %13
                →
                %0 [N] = input x
                %1 [] = input u
                %2 [] = reduce max_number [0] %0
                %3 [N] = broadcast [N] [] %2
                %4 bool[N] = equal %0 %3
                %5 [] = 0
                %6 [N] = broadcast [N] [] %5
                %7 [N] = sub %0 %3
                %8 [N] = select %4 %6 %7
                %9 [N] = exp %8
                %10 [] = reduce sum [0] %9
                %11 [] = inf
                %12 bool[] = equal %1 %11
                %13 [] = sub %2 %1
                %14 [] = select %12 %5 %13
                %15 [N] = select %4 %6 %9
                %16 [] = reduce sum [0] %15
                %17 [] = -1
                %18 [] = 1.5
                %19 [] = add %17 %10
                %20 bool[] = less %10 %18
                %21 [] = select %20 %16 %19
                %22 [] = log1p %21
                %23 [] = add %14 %22
                y: %23
            "#]],
        ),
        case(
            "expand_softmax",
            |r| {
                let x = vector(r, "x");
                let log = spelled_log_softmax(r, x);
                r.exp(log)
            },
            expect![[r#"
                %0 [N] = input x
                %1 [] = reduce max_number [0] %0
                %2 [N] = broadcast [N] [] %1
                %3 bool[N] = equal %0 %2
                %4 [] = 0
                %5 [N] = broadcast [N] [] %4
                %6 [N] = sub %0 %2
                %7 [N] = select %3 %5 %6
                %8 [N] = exp %7
                %9 [] = reduce sum [0] %8
                %12 [N] = select %3 %5 %8
                %13 [] = reduce sum [0] %12
                %14 [] = 1.5
                %15 bool[] = less %9 %14
                %16 [] = -1
                %17 [] = add %9 %16
                %18 [] = select %15 %13 %17
                %19 [] = log1p %18
                %20 [] = -inf
                %21 [] = NaN
                %22 bool[] = equal %1 %20
                %23 [] = select %22 %21 %19
                %24 [N] = broadcast [N] [] %23
                %25 [N] = sub %7 %24
                %26 [N] = exp %25
                y: %26
                →
                %0 [N] = input x
                %1 [] = reduce max_number [0] %0
                %2 [N] = broadcast [N] [] %1
                %3 bool[N] = equal %0 %2
                %4 [] = 0
                %5 [N] = broadcast [N] [] %4
                %6 [N] = sub %0 %2
                %7 [N] = select %3 %5 %6
                %8 [N] = exp %7
                %9 [] = reduce sum [0] %8
                %10 [] = recip %9
                %11 [N] = broadcast [N] [] %10
                %12 [N] = mul %8 %11
                y: %12
            "#]],
        ),
        case(
            "expand_share",
            |r| {
                let x = vector(r, "x");
                let (lse, _) = spelled(r, x);
                let log = spelled_log_softmax(r, x);
                let spread = r.fill(lse, &shape("N"));
                let (tied, zeros) = (r.equal(x, spread), r.zeros_like(x));
                let below = r.select(tied, zeros, log);
                r.exp(below)
            },
            expect![[r#"
                %0 [N] = input x
                %1 [] = reduce max_number [0] %0
                %2 [N] = broadcast [N] [] %1
                %3 bool[N] = equal %0 %2
                %4 [] = 0
                %5 [N] = broadcast [N] [] %4
                %6 [N] = sub %0 %2
                %7 [N] = select %3 %5 %6
                %8 [N] = exp %7
                %9 [] = reduce sum [0] %8
                %10 [] = log %9
                %11 [] = add %1 %10
                %12 [N] = select %3 %5 %8
                %13 [] = reduce sum [0] %12
                %14 [] = 1.5
                %15 bool[] = less %9 %14
                %16 [] = -1
                %17 [] = add %9 %16
                %18 [] = select %15 %13 %17
                %19 [] = log1p %18
                %20 [] = -inf
                %21 [] = NaN
                %22 bool[] = equal %1 %20
                %23 [] = select %22 %21 %19
                %24 [N] = broadcast [N] [] %23
                %25 [N] = sub %7 %24
                %26 [N] = broadcast [N] [] %11
                %27 bool[N] = equal %0 %26
                %28 [N] = select %27 %5 %25
                %29 [N] = exp %28
                y: %29
                →
                %0 [N] = input x
                %1 [] = reduce max_number [0] %0
                %2 [N] = broadcast [N] [] %1
                %3 bool[N] = equal %0 %2
                %4 [] = 0
                %5 [N] = broadcast [N] [] %4
                %6 [N] = sub %0 %2
                %7 [N] = select %3 %5 %6
                %8 [N] = exp %7
                %9 [] = reduce sum [0] %8
                %10 [] = log %9
                %11 [] = add %1 %10
                %12 [] = inf
                %13 [] = 1
                %14 bool[] = equal %11 %12
                %15 [] = select %14 %13 %9
                %16 [] = recip %15
                %17 [N] = broadcast [N] [] %16
                %18 [N] = mul %8 %17
                y: %18
            "#]],
        ),
        case(
            "skip_by_share",
            |r| {
                let (x, g) = (vector(r, "x"), scalar(r, "g"));
                spelled_cotangent(r, x, g)
            },
            expect![[r#"
                %0 [N] = input x
                %1 [] = input g
                %2 [] = reduce max_number [0] %0
                %3 [N] = broadcast [N] [] %2
                %4 bool[N] = equal %0 %3
                %5 [] = 0
                %6 [N] = broadcast [N] [] %5
                %7 [N] = sub %0 %3
                %8 [N] = select %4 %6 %7
                %9 [N] = exp %8
                %10 [] = reduce sum [0] %9
                %13 bool[] = equal %10 %10
                %14 [] = 1
                %15 [] = inf
                %16 [] = -inf
                %17 bool[] = equal %2 %15
                %18 bool[] = equal %2 %16
                %19 bool[] = and %17 %13
                %20 bool[] = and %18 %13
                %21 [] = select %19 %10 %14
                %22 [] = select %19 %14 %10
                %23 [] = div %1 %21
                %24 [] = select %20 %5 %23
                %25 [] = recip %22
                %26 [N] = broadcast [N] [] %24
                %27 [N] = broadcast [N] [] %25
                %28 [N] = mul %9 %27
                %29 [N] = mul_unless_zero %26 %28
                y: %29
                →
                %0 [N] = input x
                %1 [] = input g
                %2 [] = reduce max_number [0] %0
                %3 [N] = broadcast [N] [] %2
                %4 bool[N] = equal %0 %3
                %5 [] = 0
                %6 [N] = broadcast [N] [] %5
                %7 [N] = sub %0 %3
                %8 [N] = select %4 %6 %7
                %9 [N] = exp %8
                %10 [] = reduce sum [0] %9
                %11 bool[] = equal %10 %10
                %12 [] = -inf
                %13 bool[] = equal %2 %12
                %14 bool[] = and %13 %11
                %15 [] = recip %10
                %16 [] = mul_unless_zero %1 %15
                %17 [] = select %14 %5 %16
                %18 [N] = broadcast [N] [] %17
                %19 [N] = mul_unless_zero %18 %9
                y: %19
            "#]],
        ),
        // Where the cotangent is never zero, nothing is skipped.
        case(
            "skip_by_share",
            |r| {
                let (x, g) = (vector(r, "x"), r.literal(-0.5));
                spelled_cotangent(r, x, g)
            },
            expect![[r#"
                %0 [N] = input x
                %1 [] = -0.5
                %2 [] = reduce max_number [0] %0
                %3 [N] = broadcast [N] [] %2
                %4 bool[N] = equal %0 %3
                %5 [] = 0
                %6 [N] = broadcast [N] [] %5
                %7 [N] = sub %0 %3
                %8 [N] = select %4 %6 %7
                %9 [N] = exp %8
                %10 [] = reduce sum [0] %9
                %13 bool[] = equal %10 %10
                %14 [] = 1
                %15 [] = inf
                %16 [] = -inf
                %17 bool[] = equal %2 %15
                %18 bool[] = equal %2 %16
                %19 bool[] = and %17 %13
                %20 bool[] = and %18 %13
                %21 [] = select %19 %10 %14
                %22 [] = select %19 %14 %10
                %23 [] = div %1 %21
                %24 [] = select %20 %5 %23
                %25 [] = recip %22
                %26 [N] = broadcast [N] [] %24
                %27 [N] = broadcast [N] [] %25
                %28 [N] = mul %9 %27
                %29 [N] = mul_unless_zero %26 %28
                y: %29
                →
                %0 [N] = input x
                %1 [] = -0.5
                %2 [] = reduce max_number [0] %0
                %3 [N] = broadcast [N] [] %2
                %4 bool[N] = equal %0 %3
                %5 [] = 0
                %6 [N] = broadcast [N] [] %5
                %7 [N] = sub %0 %3
                %8 [N] = select %4 %6 %7
                %9 [N] = exp %8
                %10 [] = reduce sum [0] %9
                %11 bool[] = equal %10 %10
                %12 [] = -inf
                %13 bool[] = equal %2 %12
                %14 bool[] = and %13 %11
                %15 [] = div %1 %10
                %16 [] = select %14 %5 %15
                %17 [N] = broadcast [N] [] %16
                %18 [N] = mul %17 %9
                y: %18
            "#]],
        ),
        case(
            "expand_product",
            |r| {
                let x = vector(r, "x");
                r.reduce(ReduceKind::Product, x, &[0])
            },
            expect![[r#"
                %0 [N] = input x
                %1 [] = reduce product [0] %0
                y: %1
                →
                %0 [N] = input x
                %1 [N] = significand %0
                %2 [N] = exponent %0
                %3 [] = reduce product [0] %1
                %4 [] = reduce sum [0] %2
                %5 [] = -2046
                %6 [] = 2046
                %7 [] = max %5 %4
                %8 [] = min %6 %7
                %9 [] = 0.5
                %10 [] = mul %9 %8
                %11 [] = floor %10
                %12 [] = sub %8 %11
                %13 [] = exp2 %11
                %14 [] = exp2 %12
                %15 [] = mul %3 %13
                %16 [] = mul %15 %14
                %17 [] = abs %3
                %18 [] = 0
                %19 [] = inf
                %20 bool[] = less %17 %19
                %21 [] = select %20 %16 %3
                %22 bool[] = less %18 %17
                %23 [] = select %22 %21 %3
                y: %23
            "#]],
        ),
        case(
            "value_of_root",
            |r| {
                let (u, v) = (scalar(r, "u"), scalar(r, "v"));
                let (size, square, one) = (r.hypot(u, v), r.square(u), r.literal(1.0));
                r.add(Op::from(Root), &[size, square, square, one, u])
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = input v
                %2 [] = hypot %0 %1
                %3 [] = square %0
                %4 [] = 1
                %5 [] = root %2 %3 %3 %4 %0
                y: %5
                →
                %0 [] = input u
                %1 [] = input v
                %2 [] = hypot %0 %1
                y: %2
            "#]],
        ),
    ]
}

/// The conventions of a logsumexp hold at every corner, whatever comes from above.
#[test]
fn shares_of_special_values_stay() {
    let mut draw = Draw::new("shares");
    for case in cases().into_iter().filter(|case| case.row == "skip_by_share") {
        for pool in [SPECIAL, &[0.0, f64::NEG_INFINITY], &[f64::INFINITY, 0.0], &[f64::NAN, 0.0]] {
            for _ in 0..200 {
                case.compare(&mut draw, pool, 1e-14);
            }
        }
    }
}

/// The derivative of `logsumexp(x)`, for the cotangent `g`, as `legalise` spells it.
fn spelled_cotangent(r: &mut Region, x: NodeId, g: NodeId) -> NodeId {
    let (_, sum) = spelled(r, x);
    let (exp, max) = (r.operand(sum, 0), r.reduce(ReduceKind::MaxNumber, x, &[0]));
    let number = r.equal(sum, sum);
    let (zero, one) = (r.literal(0.0), r.literal(1.0));
    let (infinity, bottom) = (r.literal(f64::INFINITY), r.literal(f64::NEG_INFINITY));
    let (tied, at_bottom) = (r.equal(max, infinity), r.equal(max, bottom));
    let (tied, at_bottom) = (r.and(tied, number), r.and(at_bottom, number));
    let (count, total) = (r.select(tied, sum, one), r.select(tied, one, sum));
    let part = r.over(g, count);
    let part = r.select(at_bottom, zero, part);
    let inverse = r.recip(total);
    let (part, inverse) = (r.fill(part, &shape("N")), r.fill(inverse, &shape("N")));
    let share = r.times(exp, inverse);
    r.mul_unless_zero(part, share)
}

/// `logsumexp(x)` as `legalise` spells it, and its sum.
fn spelled(r: &mut Region, x: NodeId) -> (NodeId, NodeId) {
    let max = r.reduce(ReduceKind::MaxNumber, x, &[0]);
    let spread = r.fill(max, &shape("N"));
    let (tied, zeros, below) = (r.equal(x, spread), r.zeros_like(x), r.minus(x, spread));
    let below = r.select(tied, zeros, below);
    let e = r.exp(below);
    let sum = r.sum(e, &[0]);
    let log = r.log(sum);
    (r.plus(max, log), sum)
}

/// `x - logsumexp(x)` as `legalise` spells it.
fn spelled_log_softmax(r: &mut Region, x: NodeId) -> NodeId {
    let (_, sum) = spelled(r, x);
    let max = r.reduce(ReduceKind::MaxNumber, x, &[0]);
    let spread = r.fill(max, &shape("N"));
    let (tied, zeros, exp) = (r.equal(x, spread), r.zeros_like(x), r.operand(sum, 0));
    let others = r.select(tied, zeros, exp);
    let (others, most) = (r.sum(others, &[0]), r.literal(1.5));
    let (is_single, rest) = (r.less(sum, most), r.offset(sum, -1.0));
    let rest = r.select(is_single, others, rest);
    let log = r.log1p(rest);
    let (bottom, nan) = (r.literal(f64::NEG_INFINITY), r.literal(f64::NAN));
    let nothing = r.equal(max, bottom);
    let log = r.select(nothing, nan, log);
    let (below, log) = (r.operand(exp, 0), r.fill(log, &shape("N")));
    r.minus(below, log)
}
