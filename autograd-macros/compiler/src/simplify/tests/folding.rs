//! Cases of `rows::fold`.

use expect_test::expect;

use super::{Case, case, scalar, shape, vector};
use crate::graph::Dim;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "strip_named",
            |r| {
                let x = vector(r, "x");
                r.named(x, &"a".into(), 0)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = named a %0
            y: %1
            →
            %0 [N] = input x
            y: %0
        "#]],
        ),
        case(
            "strip_stop_gradient",
            |r| {
                let x = vector(r, "x");
                r.stop_gradient(x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = stop_gradient %0
            y: %1
            →
            %0 [N] = input x
            y: %0
        "#]],
        ),
        case(
            "elementwise_of_broadcasts",
            |r| {
                let (u, x) = (scalar(r, "u"), vector(r, "x"));
                let u = r.fill(u, &shape("K N D"));
                let x = r.broadcast(x, &shape("K N D"), &[1]);
                r.plus(u, x)
            },
            expect![[r#"
            %0 [] = input u
            %1 [N] = input x
            %2 [K, N, D] = broadcast [K, N, D] [] %0
            %3 [K, N, D] = broadcast [K, N, D] [1] %1
            %4 [K, N, D] = add %2 %3
            y: %4
            →
            %0 [] = input u
            %1 [N] = input x
            %2 [N] = broadcast [N] [] %0
            %3 [N] = add %2 %1
            %4 [K, N, D] = broadcast [K, N, D] [1] %3
            y: %4
        "#]],
        ),
        case(
            "fold_map",
            |r| {
                let (a, b) = (r.literal(2.0), r.literal(3.0));
                r.times(a, b)
            },
            expect![[r#"
            %0 [] = 2
            %1 [] = 3
            %2 [] = mul %0 %1
            y: %2
            →
            %0 [] = 6
            y: %0
        "#]],
        ),
        case(
            "fold_compare",
            |r| {
                let (a, b) = (r.literal(2.0), r.literal(3.0));
                r.less(a, b)
            },
            expect![[r#"
            %0 [] = 2
            %1 [] = 3
            %2 bool[] = less %0 %1
            y: %2
            →
            %0 bool[] = true
            y: %0
        "#]],
        ),
        case(
            "fold_cast",
            |r| {
                let a = r.boolean(true);
                r.cast(a, crate::graph::Elem::Real)
            },
            expect![[r#"
            %0 bool[] = true
            %1 [] = cast real %0
            y: %1
            →
            %0 [] = 1
            y: %0
        "#]],
        ),
        case(
            "fold_extent",
            |r| r.extent(&Dim::constant(7)),
            expect![[r#"
            %0 index[] = extent 7
            y: %0
            →
            %0 index[] = 7
            y: %0
        "#]],
        ),
        case(
            "iota_of_one",
            |r| r.iota(&Dim::ONE),
            expect![[r#"
            %0 index[1] = iota 1
            y: %0
            →
            %0 index[] = 0
            %1 index[1] = broadcast [1] [] %0
            y: %1
        "#]],
        ),
    ]
}
