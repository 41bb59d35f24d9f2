//! Cases of `rows::roots`.

use expect_test::expect;

use super::{Case, case, count, scalar, vector};
use crate::ops::{Op, ReduceKind, Root};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "sqrt_of_square",
            |r| {
                let u = scalar(r, "u");
                let s = r.square(u);
                r.sqrt(s)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = square %0
            %2 [] = sqrt %1
            y: %2
            →
            %0 [] = input u
            %1 [] = abs %0
            y: %1
        "#]],
        ),
        case(
            "sqrt_of_sum_of_squares",
            |r| {
                let x = vector(r, "x");
                let s = r.square(x);
                let sum = r.sum(s, &[0]);
                r.sqrt(sum)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = square %0
            %2 [] = reduce sum [0] %1
            %3 [] = sqrt %2
            y: %3
            →
            %0 [N] = input x
            %1 [] = reduce norm [0] %0
            y: %1
        "#]],
        ),
        case(
            "sqrt_of_mean_of_squares",
            |r| {
                let (x, n) = (vector(r, "x"), count(r, "N"));
                let s = r.square(x);
                let sum = r.sum(s, &[0]);
                let mean = r.over(sum, n);
                r.sqrt(mean)
            },
            expect![[r#"
            %0 [N] = input x
            %1 index[] = extent N
            %2 [] = cast real %1
            %3 [N] = square %0
            %4 [] = reduce sum [0] %3
            %5 [] = div %4 %2
            %6 [] = sqrt %5
            y: %6
            →
            %0 [N] = input x
            %1 index[] = extent N
            %2 [] = cast real %1
            %3 [] = reduce norm [0] %0
            %4 [] = sqrt %2
            %5 [] = div %3 %4
            y: %5
        "#]],
        ),
        case(
            "sqrt_of_squares",
            |r| {
                let (u, v) = (scalar(r, "u"), scalar(r, "v"));
                let (a, b) = (r.square(u), r.square(v));
                let sum = r.plus(a, b);
                r.sqrt(sum)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = input v
            %2 [] = square %0
            %3 [] = square %1
            %4 [] = add %2 %3
            %5 [] = sqrt %4
            y: %5
            →
            %0 [] = input u
            %1 [] = input v
            %2 [] = hypot %0 %1
            y: %2
        "#]],
        ),
        case(
            "sqrt_of_form",
            |r| {
                let (u, v, w) = (scalar(r, "u"), scalar(r, "v"), scalar(r, "w"));
                let (a, b, c) = (r.square(u), r.square(v), r.square(w));
                let sum = r.plus(a, b);
                let sum = r.plus(sum, c);
                r.sqrt(sum)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = input v
                %2 [] = input w
                %3 [] = square %0
                %4 [] = square %1
                %5 [] = square %2
                %6 [] = add %3 %4
                %7 [] = add %6 %5
                %8 [] = sqrt %7
                y: %8
                →
                %0 [] = input u
                %1 [] = input v
                %2 [] = input w
                %3 [] = square %0
                %4 [] = square %1
                %5 [] = square %2
                %6 [] = add %3 %4
                %7 [] = add %6 %5
                %8 [] = abs %0
                %9 [] = abs %1
                %10 [] = abs %2
                %11 [] = max %8 %9
                %12 [] = max %11 %10
                %13 [] = 1
                %14 [] = 1099511627776
                %15 [] = 0.0000000000000008881784197001252
                %16 [] = 0.0000000000009094947017729282
                %17 [] = 1152921504606847000
                %18 bool[] = less %12 %16
                %19 [] = select %18 %17 %13
                %20 bool[] = less %14 %12
                %21 [] = select %20 %15 %19
                %22 [] = 1237940039285380300000000000
                %23 [] = 0.0000000000000000000000000000007888609052210118
                %24 [] = 0.0000000000000000000000000008077935669463161
                %25 [] = 1267650600228229400000000000000
                %26 bool[] = less %12 %24
                %27 [] = select %26 %25 %21
                %28 bool[] = less %22 %12
                %29 [] = select %28 %23 %27
                %30 [] = 3351951982485649300000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
                %31 [] = 0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000002409919865102884
                %32 [] = 0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000003054936363499605
                %33 [] = 4149515568880993000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
                %34 bool[] = less %12 %32
                %35 [] = select %34 %33 %29
                %36 bool[] = less %30 %12
                %37 [] = select %36 %31 %35
                %38 [] = mul %37 %0
                %39 [] = square %38
                %40 [] = mul %37 %1
                %41 [] = square %40
                %42 [] = mul %37 %2
                %43 [] = square %42
                %44 [] = add %39 %41
                %45 [] = add %44 %43
                %46 [] = sqrt %45
                %47 [] = div %46 %37
                %48 [] = root %47 %7 %45 %37 %12
                y: %48
            "#]],
        ),
        case(
            "rsqrt_of_form",
            |r| {
                let x = vector(r, "x");
                let s = r.square(x);
                let sum = r.sum(s, &[0]);
                r.rsqrt(sum)
            },
            expect![[r#"
                %0 [N] = input x
                %1 [N] = square %0
                %2 [] = reduce sum [0] %1
                %3 [] = rsqrt %2
                y: %3
                →
                %0 [N] = input x
                %1 [] = reduce norm [0] %0
                %2 [] = recip %1
                y: %2
            "#]],
        ),
        case(
            "cbrt_of_form",
            |r| {
                let x = vector(r, "x");
                let (size, square) = (r.abs(x), r.square(x));
                let cube = r.times(size, square);
                let sum = r.sum(cube, &[0]);
                r.cbrt(sum)
            },
            expect![[r#"
                %0 [N] = input x
                %1 [N] = abs %0
                %2 [N] = square %0
                %3 [N] = mul %1 %2
                %4 [] = reduce sum [0] %3
                %5 [] = cbrt %4
                y: %5
                →
                %0 [N] = input x
                %1 [N] = abs %0
                %2 [N] = square %0
                %3 [N] = mul %1 %2
                %4 [] = reduce sum [0] %3
                %5 [N] = abs %1
                %6 [] = reduce max_number [0] %5
                %7 [] = 0
                %8 bool[] = equal %6 %7
                %9 [] = stop_gradient %4
                %10 [] = select %8 %9 %4
                %11 [] = cbrt %10
                y: %11
            "#]],
        ),
        case(
            "pow_of_form",
            |r| {
                let (x, n) = (vector(r, "x"), r.literal(0.75));
                let s = r.square(x);
                let sum = r.sum(s, &[0]);
                r.power(sum, n)
            },
            expect![[r#"
                %0 [N] = input x
                %1 [] = 0.75
                %2 [N] = square %0
                %3 [] = reduce sum [0] %2
                %4 [] = pow %3 %1
                y: %4
                →
                %0 [N] = input x
                %1 [] = reduce norm [0] %0
                %2 [] = 1.5
                %3 [] = pow %1 %2
                y: %3
            "#]],
        ),
        case(
            "hypot_of_norms",
            |r| {
                let (u, x) = (scalar(r, "u"), vector(r, "x"));
                let norm = r.reduce(ReduceKind::Norm, x, &[0]);
                r.hypot(u, norm)
            },
            expect![[r#"
                %0 [] = input u
                %1 [N] = input x
                %2 [] = reduce norm [0] %1
                %3 [] = hypot %0 %2
                y: %3
                →
                %0 [] = input u
                %1 [N] = input x
                %2 [] = abs %0
                %3 [N] = abs %1
                %4 [] = reduce max_number [0] %3
                %5 [] = max %2 %4
                %6 [] = 1
                %7 [] = 1099511627776
                %8 [] = 0.0000000000000008881784197001252
                %9 [] = 0.0000000000009094947017729282
                %10 [] = 1152921504606847000
                %11 bool[] = less %5 %9
                %12 [] = select %11 %10 %6
                %13 bool[] = less %7 %5
                %14 [] = select %13 %8 %12
                %15 [] = 1237940039285380300000000000
                %16 [] = 0.0000000000000000000000000000007888609052210118
                %17 [] = 0.0000000000000000000000000008077935669463161
                %18 [] = 1267650600228229400000000000000
                %19 bool[] = less %5 %17
                %20 [] = select %19 %18 %14
                %21 bool[] = less %15 %5
                %22 [] = select %21 %16 %20
                %23 [] = 3351951982485649300000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
                %24 [] = 0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000002409919865102884
                %25 [] = 0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000003054936363499605
                %26 [] = 4149515568880993000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
                %27 bool[] = less %5 %25
                %28 [] = select %27 %26 %22
                %29 bool[] = less %23 %5
                %30 [] = select %29 %24 %28
                %31 [] = mul %30 %0
                %32 [] = square %31
                %33 [N] = broadcast [N] [] %30
                %34 [N] = mul %33 %1
                %35 [N] = square %34
                %36 [] = reduce sum [0] %35
                %37 [] = add %32 %36
                %38 [] = sqrt %37
                %39 [] = div %38 %30
                %40 [] = square %0
                %41 [N] = square %1
                %42 [] = reduce sum [0] %41
                %43 [] = add %40 %42
                %44 [] = root %39 %43 %37 %30 %5
                y: %44
            "#]],
        ),
        case(
            "hypot_of_norms",
            |r| {
                let (u, v) = (scalar(r, "u"), scalar(r, "v"));
                let size = r.abs(u);
                r.hypot(size, v)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = input v
                %2 [] = abs %0
                %3 [] = hypot %2 %1
                y: %3
                →
                %0 [] = input u
                %1 [] = input v
                %2 [] = hypot %0 %1
                y: %2
            "#]],
        ),
        case(
            "norm_of_norms",
            |r| {
                let x = vector(r, "x");
                let size = r.abs(x);
                r.reduce(ReduceKind::Norm, size, &[0])
            },
            expect![[r#"
                %0 [N] = input x
                %1 [N] = abs %0
                %2 [] = reduce norm [0] %1
                y: %2
                →
                %0 [N] = input x
                %1 [] = reduce norm [0] %0
                y: %1
            "#]],
        ),
        case(
            "norm_of_norms",
            |r| {
                let (x, y) = (vector(r, "x"), vector(r, "y"));
                let sizes = r.hypot(x, y);
                r.reduce(ReduceKind::Norm, sizes, &[0])
            },
            expect![[r#"
                %0 [N] = input x
                %1 [N] = input y
                %2 [N] = hypot %0 %1
                %3 [] = reduce norm [0] %2
                y: %3
                →
                %0 [N] = input x
                %1 [N] = input y
                %2 [N] = abs %0
                %3 [N] = abs %1
                %4 [N] = max %2 %3
                %5 [] = reduce max_number [0] %4
                %6 [] = 1
                %7 [] = 1099511627776
                %8 [] = 0.0000000000000008881784197001252
                %9 [] = 0.0000000000009094947017729282
                %10 [] = 1152921504606847000
                %11 bool[] = less %5 %9
                %12 [] = select %11 %10 %6
                %13 bool[] = less %7 %5
                %14 [] = select %13 %8 %12
                %15 [] = 1237940039285380300000000000
                %16 [] = 0.0000000000000000000000000000007888609052210118
                %17 [] = 0.0000000000000000000000000008077935669463161
                %18 [] = 1267650600228229400000000000000
                %19 bool[] = less %5 %17
                %20 [] = select %19 %18 %14
                %21 bool[] = less %15 %5
                %22 [] = select %21 %16 %20
                %23 [] = 3351951982485649300000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
                %24 [] = 0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000002409919865102884
                %25 [] = 0.0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000003054936363499605
                %26 [] = 4149515568880993000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
                %27 bool[] = less %5 %25
                %28 [] = select %27 %26 %22
                %29 bool[] = less %23 %5
                %30 [] = select %29 %24 %28
                %31 [N] = broadcast [N] [] %30
                %32 [N] = mul %31 %0
                %33 [N] = square %32
                %34 [N] = mul %31 %1
                %35 [N] = square %34
                %36 [N] = add %33 %35
                %37 [] = reduce sum [0] %36
                %38 [] = sqrt %37
                %39 [] = div %38 %30
                %40 [N] = square %0
                %41 [N] = square %1
                %42 [N] = add %40 %41
                %43 [] = reduce sum [0] %42
                %44 [] = root %39 %43 %37 %30 %5
                y: %44
            "#]],
        ),
        case(
            "even_of_abs",
            |r| {
                let u = scalar(r, "u");
                let size = r.abs(u);
                r.cos(size)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = abs %0
                %2 [] = cos %1
                y: %2
                →
                %0 [] = input u
                %1 [] = cos %0
                y: %1
            "#]],
        ),
        case(
            "square_of_hypot",
            |r| {
                let (u, v) = (scalar(r, "u"), scalar(r, "v"));
                let size = r.hypot(u, v);
                r.square(size)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = input v
                %2 [] = hypot %0 %1
                %3 [] = square %2
                y: %3
                →
                %0 [] = input u
                %1 [] = input v
                %2 [] = square %0
                %3 [] = square %1
                %4 [] = add %2 %3
                y: %4
            "#]],
        ),
        case(
            "square_of_root",
            |r| {
                let (u, v) = (scalar(r, "u"), scalar(r, "v"));
                let (a, b) = (r.square(u), r.square(v));
                let sum = r.plus(a, b);
                let root = r.sqrt(sum);
                let one = r.literal(1.0);
                let root = r.add(Op::from(Root), &[root, sum, sum, one, u]);
                r.square(root)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = input v
                %2 [] = square %0
                %3 [] = square %1
                %4 [] = add %2 %3
                %5 [] = sqrt %4
                %6 [] = 1
                %7 [] = root %5 %4 %4 %6 %0
                %8 [] = square %7
                y: %8
                →
                %0 [] = input u
                %1 [] = input v
                %2 [] = square %0
                %3 [] = square %1
                %4 [] = add %2 %3
                y: %4
            "#]],
        ),
        case(
            "square_of_scaled_norm",
            |r| {
                let (u, x) = (scalar(r, "u"), vector(r, "x"));
                let norm = r.reduce(ReduceKind::Norm, x, &[0]);
                let scaled = r.over(norm, u);
                r.square(scaled)
            },
            expect![[r#"
                %0 [] = input u
                %1 [N] = input x
                %2 [] = reduce norm [0] %1
                %3 [] = div %2 %0
                %4 [] = square %3
                y: %4
                →
                %0 [] = input u
                %1 [N] = input x
                %2 [N] = broadcast [N] [] %0
                %3 [N] = div %1 %2
                %4 [N] = square %3
                %5 [] = reduce sum [0] %4
                y: %5
            "#]],
        ),
        case(
            "square_of_scaled_norm",
            |r| {
                let (u, v, w) = (scalar(r, "u"), scalar(r, "v"), scalar(r, "w"));
                let size = r.hypot(v, w);
                let scaled = r.times(u, size);
                r.square(scaled)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = input v
                %2 [] = input w
                %3 [] = hypot %1 %2
                %4 [] = mul %0 %3
                %5 [] = square %4
                y: %5
                →
                %0 [] = input u
                %1 [] = input v
                %2 [] = input w
                %3 [] = mul %1 %0
                %4 [] = square %3
                %5 [] = mul %2 %0
                %6 [] = square %5
                %7 [] = add %4 %6
                y: %7
            "#]],
        ),
        case(
            "product_of_same_norms",
            |r| {
                let (u, x) = (scalar(r, "u"), vector(r, "x"));
                let norm = r.reduce(ReduceKind::Norm, x, &[0]);
                let scaled = r.times(u, norm);
                r.times(norm, scaled)
            },
            expect![[r#"
                %0 [] = input u
                %1 [N] = input x
                %2 [] = reduce norm [0] %1
                %3 [] = mul %0 %2
                %4 [] = mul %2 %3
                y: %4
                →
                %0 [] = input u
                %1 [N] = input x
                %2 [] = reduce norm [0] %1
                %3 [] = square %2
                %4 [] = mul %3 %0
                y: %4
            "#]],
        ),
        case(
            "xlogy_of_square",
            |r| {
                let (u, v) = (scalar(r, "u"), scalar(r, "v"));
                let square = r.square(u);
                r.xlogy(square, v)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = input v
                %2 [] = square %0
                %3 [] = xlogy %2 %1
                y: %3
                →
                %0 [] = input u
                %1 [] = input v
                %2 [] = xlogy %0 %1
                %3 [] = mul_unless_zero %0 %2
                y: %3
            "#]],
        ),
        case(
            "pow_of_power",
            |r| {
                let (u, n) = (scalar(r, "u"), r.literal(0.75));
                let square = r.square(u);
                r.power(square, n)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = 0.75
                %2 [] = square %0
                %3 [] = pow %2 %1
                y: %3
                →
                %0 [] = input u
                %1 [] = abs %0
                %2 [] = 1.5
                %3 [] = pow %1 %2
                y: %3
            "#]],
        ),
        case(
            "pow_of_power",
            |r| {
                let (u, n) = (scalar(r, "u"), r.literal(0.7));
                let square = r.square(u);
                let cube = r.times(u, square);
                r.power(cube, n)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = 0.7
                %2 [] = square %0
                %3 [] = mul %0 %2
                %4 [] = pow %3 %1
                y: %4
                →
                %0 [] = input u
                %1 [] = 0.7
                %2 [] = pow %0 %1
                %3 [] = square %2
                %4 [] = mul %2 %3
                y: %4
            "#]],
        ),
        case(
            "sqrt_of_power",
            |r| {
                let u = scalar(r, "u");
                let square = r.square(u);
                let cube = r.times(u, square);
                r.sqrt(cube)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = square %0
                %2 [] = mul %0 %1
                %3 [] = sqrt %2
                y: %3
                →
                %0 [] = input u
                %1 [] = 1.5
                %2 [] = pow %0 %1
                y: %2
            "#]],
        ),
        case(
            "cbrt_of_power",
            |r| {
                let u = scalar(r, "u");
                let square = r.square(u);
                let fourth = r.square(square);
                r.cbrt(fourth)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = square %0
                %2 [] = square %1
                %3 [] = cbrt %2
                y: %3
                →
                %0 [] = input u
                %1 [] = cbrt %0
                %2 [] = mul_unless_zero %0 %1
                y: %2
            "#]],
        ),
        case(
            "product_of_powers",
            |r| {
                let u = scalar(r, "u");
                let root = r.sqrt(u);
                r.times(u, root)
            },
            expect![[r#"
                %0 [] = input u
                %1 [] = sqrt %0
                %2 [] = mul %0 %1
                y: %2
                →
                %0 [] = input u
                %1 [] = 1.5
                %2 [] = pow %0 %1
                y: %2
            "#]],
        ),
    ]
}
