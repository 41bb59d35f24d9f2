//! Cases of `rows::roots`.

use expect_test::expect;

use super::{Case, case, count, scalar, vector};

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
            "sqrt_of_squares",
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
            %3 [] = hypot %0 %1
            %4 [] = hypot %3 %2
            y: %4
        "#]],
        ),
    ]
}
