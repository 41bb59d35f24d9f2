//! Cases of `rows::powers`.

use expect_test::expect;

use super::{Case, case, vector};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "mul_same",
            |r| {
                let x = vector(r, "x");
                r.times(x, x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = mul %0 %0
            y: %1
            →
            %0 [N] = input x
            %1 [N] = square %0
            y: %1
        "#]],
        ),
        case(
            "pow_zero",
            |r| {
                let x = vector(r, "x");
                let n = r.zeros_like(x);
                r.power(x, n)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = 0
            %2 [N] = broadcast [N] [] %1
            %3 [N] = pow %0 %2
            y: %3
            →
            %0 [] = 1
            %1 [N] = broadcast [N] [] %0
            y: %1
        "#]],
        ),
        case(
            "pow_one",
            |r| {
                let x = vector(r, "x");
                let n = r.ones_like(x);
                r.power(x, n)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = 1
            %2 [N] = broadcast [N] [] %1
            %3 [N] = pow %0 %2
            y: %3
            →
            %0 [N] = input x
            y: %0
        "#]],
        ),
        case(
            "pow_small",
            |r| {
                let x = vector(r, "x");
                let n = r.full_like(7.0, x);
                r.power(x, n)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = 7
            %2 [N] = broadcast [N] [] %1
            %3 [N] = pow %0 %2
            y: %3
            →
            %0 [N] = input x
            %1 [N] = square %0
            %2 [N] = mul %0 %1
            %3 [N] = square %2
            %4 [N] = mul %0 %3
            y: %4
        "#]],
        ),
        case(
            "pow_small_below_one",
            |r| {
                let x = vector(r, "x");
                let n = r.full_like(-2.0, x);
                r.power(x, n)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = -2
            %2 [N] = broadcast [N] [] %1
            %3 [N] = pow %0 %2
            y: %3
            →
            %0 [N] = input x
            %1 [N] = square %0
            %2 [N] = recip %1
            y: %2
        "#]],
        ),
        case(
            "pow_half",
            |r| {
                let x = vector(r, "x");
                let n = r.full_like(0.5, x);
                r.power(x, n)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = 0.5
            %2 [N] = broadcast [N] [] %1
            %3 [N] = pow %0 %2
            y: %3
            →
            %0 [N] = input x
            %1 [N] = sqrt %0
            y: %1
        "#]],
        ),
        case(
            "pow_half",
            |r| {
                let x = vector(r, "x");
                let n = r.full_like(-0.5, x);
                r.power(x, n)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = -0.5
            %2 [N] = broadcast [N] [] %1
            %3 [N] = pow %0 %2
            y: %3
            →
            %0 [N] = input x
            %1 [N] = rsqrt %0
            y: %1
        "#]],
        ),
        case(
            "pow_whole_and_half",
            |r| {
                let x = vector(r, "x");
                let n = r.full_like(2.5, x);
                r.power(x, n)
            },
            expect![[r#"
                %0 [N] = input x
                %1 [] = 2.5
                %2 [N] = broadcast [N] [] %1
                %3 [N] = pow %0 %2
                y: %3
                →
                %0 [N] = input x
                %1 [N] = square %0
                %2 [N] = sqrt %0
                %3 [N] = mul %1 %2
                y: %3
            "#]],
        ),
        case(
            "pow_of_e",
            |r| {
                let x = vector(r, "x");
                let e = r.full_like(std::f64::consts::E, x);
                r.power(e, x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = 2.718281828459045
            %2 [N] = broadcast [N] [] %1
            %3 [N] = pow %2 %0
            y: %3
            →
            %0 [N] = input x
            %1 [N] = exp %0
            y: %1
        "#]],
        ),
        case(
            "square_of_scaled",
            |r| {
                let x = vector(r, "x");
                let x = r.scale(x, 3.0);
                r.square(x)
            },
            expect![[r#"
                %0 [N] = input x
                %1 [] = 3
                %2 [N] = broadcast [N] [] %1
                %3 [N] = mul %2 %0
                %4 [N] = square %3
                y: %4
                →
                %0 [N] = input x
                %1 [] = 9
                %2 [N] = broadcast [N] [] %1
                %3 [N] = square %0
                %4 [N] = mul %2 %3
                y: %4
            "#]],
        ),
        case(
            "sqrt_of_scaled",
            |r| {
                let x = vector(r, "x");
                let x = r.scale(x, 4.0);
                r.sqrt(x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [] = 4
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            %4 [N] = sqrt %3
            y: %4
            →
            %0 [N] = input x
            %1 [] = 2
            %2 [N] = broadcast [N] [] %1
            %3 [N] = sqrt %0
            %4 [N] = mul %2 %3
            y: %4
        "#]],
        ),
        case(
            "recip_of_sqrt",
            |r| {
                let x = vector(r, "x");
                let x = r.sqrt(x);
                r.recip(x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = sqrt %0
            %2 [N] = recip %1
            y: %2
            →
            %0 [N] = input x
            %1 [N] = rsqrt %0
            y: %1
        "#]],
        ),
    ]
}
