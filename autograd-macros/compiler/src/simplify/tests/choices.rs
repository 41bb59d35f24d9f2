//! Cases of `rows::select`.

use expect_test::expect;

use super::{Case, case, leaf, scalar, shape, vector};
use crate::ops::Logic;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "strip_choice",
            |r| {
                let (x, y) = (vector(r, "x"), vector(r, "y"));
                let c = r.less(x, y);
                r.choose(c, x, y)
            },
            expect![[r#"
                %0 [N] = input x
                %1 [N] = input y
                %2 bool[N] = less %0 %1
                %3 [N] = choose %2 %0 %1
                y: %3
                →
                %0 [N] = input x
                %1 [N] = input y
                %2 bool[N] = less %0 %1
                %3 [N] = select %2 %0 %1
                y: %3
            "#]],
        ),
        case(
            "select_of_literal",
            |r| {
                let (c, x, y) = (r.boolean(false), vector(r, "x"), vector(r, "y"));
                let c = r.fill(c, &shape("N"));
                r.select(c, x, y)
            },
            expect![[r#"
            %0 bool[] = false
            %1 [N] = input x
            %2 [N] = input y
            %3 bool[N] = broadcast [N] [] %0
            %4 [N] = select %3 %1 %2
            y: %4
            →
            %0 [N] = input y
            y: %0
        "#]],
        ),
        case(
            "select_equal_arms",
            |r| {
                let (x, y) = (vector(r, "x"), vector(r, "y"));
                let c = r.less(x, y);
                r.select(c, x, x)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 bool[N] = less %0 %1
            %3 [N] = select %2 %0 %0
            y: %3
            →
            %0 [N] = input x
            y: %0
        "#]],
        ),
        case(
            "select_of_not",
            |r| {
                let (x, y) = (vector(r, "x"), vector(r, "y"));
                let c = r.less(x, y);
                let c = r.not(c);
                r.select(c, x, y)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 bool[N] = less %0 %1
            %3 bool[N] = not %2
            %4 [N] = select %3 %0 %1
            y: %4
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 bool[N] = less %0 %1
            %3 [N] = select %2 %1 %0
            y: %3
        "#]],
        ),
        case(
            "select_same_condition",
            |r| {
                let (x, y, z) = (vector(r, "x"), vector(r, "y"), vector(r, "z"));
                let c = r.less(x, y);
                let inner = r.select(c, x, z);
                r.select(c, inner, y)
            },
            expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = input z
            %3 bool[N] = less %0 %1
            %4 [N] = select %3 %0 %2
            %5 [N] = select %3 %4 %1
            y: %5
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 bool[N] = less %0 %1
            %3 [N] = select %2 %0 %1
            y: %3
        "#]],
        ),
        case(
            "select_within_arm",
            |r| {
                let (x, y, z) = (vector(r, "x"), vector(r, "y"), vector(r, "z"));
                let (c, d) = (r.less(x, y), r.less(y, z));
                let zero = r.zeros_like(x);
                let g = r.select(c, x, zero);
                let product = r.times(g, z);
                let both = r.and(d, c);
                r.select(both, product, zero)
            },
            expect![[r#"
                %0 [N] = input x
                %1 [N] = input y
                %2 [N] = input z
                %3 bool[N] = less %0 %1
                %4 bool[N] = less %1 %2
                %5 [] = 0
                %6 [N] = broadcast [N] [] %5
                %7 [N] = select %3 %0 %6
                %8 [N] = mul %7 %2
                %9 bool[N] = and %4 %3
                %10 [N] = select %9 %8 %6
                y: %10
                →
                %0 [N] = input x
                %1 [N] = input y
                %2 [N] = input z
                %3 bool[N] = less %0 %1
                %4 bool[N] = less %1 %2
                %5 [] = 0
                %6 [N] = broadcast [N] [] %5
                %7 bool[N] = and %4 %3
                %8 [N] = mul %0 %2
                %9 [N] = select %7 %8 %6
                y: %9
            "#]],
        ),
        case(
            "select_within_arm",
            |r| {
                let (x, y, m) = (vector(r, "x"), vector(r, "y"), leaf(r, "m", "N D"));
                let (c, zero) = (r.less(x, y), r.zeros_like(x));
                let g = r.select(c, x, zero);
                let (g, c) = (r.broadcast(g, &shape("N D"), &[0]), r.broadcast(c, &shape("N D"), &[0]));
                let (product, zero) = (r.mul_unless_zero(g, m), r.zeros_like(m));
                r.select(c, product, zero)
            },
            expect![[r#"
                %0 [N] = input x
                %1 [N] = input y
                %2 [N, D] = input m
                %3 bool[N] = less %0 %1
                %4 [] = 0
                %5 [N] = broadcast [N] [] %4
                %6 [N] = select %3 %0 %5
                %7 [N, D] = broadcast [N, D] [0] %6
                %8 bool[N, D] = broadcast [N, D] [0] %3
                %9 [N, D] = mul_unless_zero %7 %2
                %10 [N, D] = broadcast [N, D] [] %4
                %11 [N, D] = select %8 %9 %10
                y: %11
                →
                %0 [N] = input x
                %1 [N] = input y
                %2 [N, D] = input m
                %3 bool[N] = less %0 %1
                %4 [] = 0
                %5 bool[N, D] = broadcast [N, D] [0] %3
                %6 [N, D] = broadcast [N, D] [] %4
                %7 [N, D] = broadcast [N, D] [0] %0
                %8 [N, D] = mul_unless_zero %7 %2
                %9 [N, D] = select %5 %8 %6
                y: %9
            "#]],
        ),
        case(
            "map_of_choices",
            |r| {
                let (x, y, z) = (vector(r, "x"), vector(r, "y"), vector(r, "z"));
                let c = r.less(x, y);
                let zero = r.zeros_like(x);
                let (a, b) = (r.select(c, x, zero), r.select(c, z, zero));
                r.plus(a, b)
            },
            expect![[r#"
                %0 [N] = input x
                %1 [N] = input y
                %2 [N] = input z
                %3 bool[N] = less %0 %1
                %4 [] = 0
                %5 [N] = broadcast [N] [] %4
                %6 [N] = select %3 %0 %5
                %7 [N] = select %3 %2 %5
                %8 [N] = add %6 %7
                y: %8
                →
                %0 [N] = input x
                %1 [N] = input y
                %2 [N] = input z
                %3 bool[N] = less %0 %1
                %4 [] = 0
                %5 [N] = broadcast [N] [] %4
                %6 [N] = add %0 %2
                %7 [N] = add %5 %5
                %8 [N] = select %3 %6 %7
                y: %8
            "#]],
        ),
        case(
            "logic_of_literal",
            |r| {
                let (u, v, no) = (scalar(r, "u"), scalar(r, "v"), r.boolean(false));
                let c = r.less(u, v);
                r.or(c, no)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = input v
            %2 bool[] = false
            %3 bool[] = less %0 %1
            %4 bool[] = or %3 %2
            y: %4
            →
            %0 [] = input u
            %1 [] = input v
            %2 bool[] = less %0 %1
            y: %2
        "#]],
        ),
        case(
            "logic_of_literal",
            |r| {
                let (u, v, no) = (scalar(r, "u"), scalar(r, "v"), r.boolean(false));
                let c = r.less(u, v);
                r.and(no, c)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = input v
            %2 bool[] = false
            %3 bool[] = less %0 %1
            %4 bool[] = and %2 %3
            y: %4
            →
            %0 bool[] = false
            y: %0
        "#]],
        ),
        case(
            "logic_of_literal",
            |r| {
                let no = r.boolean(false);
                r.not(no)
            },
            expect![[r#"
            %0 bool[] = false
            %1 bool[] = not %0
            y: %1
            →
            %0 bool[] = true
            y: %0
        "#]],
        ),
        case(
            "logic_of_same",
            |r| {
                let (u, v) = (scalar(r, "u"), scalar(r, "v"));
                let c = r.less(u, v);
                r.add(Logic::And.into(), &[c, c])
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = input v
            %2 bool[] = less %0 %1
            %3 bool[] = and %2 %2
            y: %3
            →
            %0 [] = input u
            %1 [] = input v
            %2 bool[] = less %0 %1
            y: %2
        "#]],
        ),
        case(
            "not_not",
            |r| {
                let (u, v) = (scalar(r, "u"), scalar(r, "v"));
                let c = r.less(u, v);
                let c = r.not(c);
                r.not(c)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = input v
            %2 bool[] = less %0 %1
            %3 bool[] = not %2
            %4 bool[] = not %3
            y: %4
            →
            %0 [] = input u
            %1 [] = input v
            %2 bool[] = less %0 %1
            y: %2
        "#]],
        ),
        case(
            "not_of_equality",
            |r| {
                let (u, v) = (scalar(r, "u"), scalar(r, "v"));
                let c = r.equal(u, v);
                r.not(c)
            },
            expect![[r#"
            %0 [] = input u
            %1 [] = input v
            %2 bool[] = equal %0 %1
            %3 bool[] = not %2
            y: %3
            →
            %0 [] = input u
            %1 [] = input v
            %2 bool[] = not_equal %0 %1
            y: %2
        "#]],
        ),
    ]
}
