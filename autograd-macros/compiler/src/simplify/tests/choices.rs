//! Cases of `rows::select`.

use expect_test::expect;

use super::{Case, case, scalar, shape, vector};
use crate::ops::Logic;

pub(super) fn cases() -> Vec<Case> {
    vec![
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
