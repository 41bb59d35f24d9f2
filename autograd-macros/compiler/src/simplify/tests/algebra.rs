//! Cases of the rows on numbers: folding, choices, signs, sums, products, powers, factoring.

use expect_test::expect;

use super::{Case, case, count, leaf, scalar, shape, vector};
use crate::graph::Dim;
use crate::ops::Logic;

pub(super) fn cases() -> Vec<Case> {
    [folding(), choices(), signs_and_sums(), products(), powers(), factoring()].into_iter().flatten().collect()
}

fn folding() -> Vec<Case> {
    vec![
        case("strip_named", |r| { let x = vector(r, "x"); r.named(x, &"a".into(), 0) }, expect![[r#"
            %0 [N] = input x
            %1 [N] = named a %0
            y: %1
            →
            %0 [N] = input x
            y: %0
        "#]]),
        case("strip_stop_gradient", |r| { let x = vector(r, "x"); r.stop_gradient(x) }, expect![[r#"
            %0 [N] = input x
            %1 [N] = stop_gradient %0
            y: %1
            →
            %0 [N] = input x
            y: %0
        "#]]),
        case("elementwise_of_broadcasts", |r| {
            let (u, x) = (scalar(r, "u"), vector(r, "x"));
            let u = r.fill(u, &shape("K N D"));
            let x = r.broadcast(x, &shape("K N D"), &[1]);
            r.plus(u, x)
        }, expect![[r#"
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
        "#]]),
        case("fold_map", |r| { let (a, b) = (r.literal(2.0), r.literal(3.0)); r.times(a, b) }, expect![[r#"
            %0 [] = 2
            %1 [] = 3
            %2 [] = mul %0 %1
            y: %2
            →
            %0 [] = 6
            y: %0
        "#]]),
        case("fold_compare", |r| { let (a, b) = (r.literal(2.0), r.literal(3.0)); r.less(a, b) }, expect![[r#"
            %0 [] = 2
            %1 [] = 3
            %2 bool[] = less %0 %1
            y: %2
            →
            %0 bool[] = true
            y: %0
        "#]]),
        case("fold_cast", |r| { let a = r.boolean(true); r.cast(a, crate::graph::Elem::Real) }, expect![[r#"
            %0 bool[] = true
            %1 [] = cast real %0
            y: %1
            →
            %0 [] = 1
            y: %0
        "#]]),
        case("fold_extent", |r| r.extent(&Dim::constant(7)), expect![[r#"
            %0 index[] = extent 7
            y: %0
            →
            %0 index[] = 7
            y: %0
        "#]]),
        case("iota_of_one", |r| r.iota(&Dim::ONE), expect![[r#"
            %0 index[1] = iota 1
            y: %0
            →
            %0 index[] = 0
            %1 index[1] = broadcast [1] [] %0
            y: %1
        "#]]),
    ]
}

fn choices() -> Vec<Case> {
    vec![
        case("select_of_literal", |r| {
            let (c, x, y) = (r.boolean(false), vector(r, "x"), vector(r, "y"));
            let c = r.fill(c, &shape("N"));
            r.select(c, x, y)
        }, expect![[r#"
            %0 bool[] = false
            %1 [N] = input x
            %2 [N] = input y
            %3 bool[N] = broadcast [N] [] %0
            %4 [N] = select %3 %1 %2
            y: %4
            →
            %0 [N] = input y
            y: %0
        "#]]),
        case("select_equal_arms", |r| {
            let (x, y) = (vector(r, "x"), vector(r, "y"));
            let c = r.less(x, y);
            r.select(c, x, x)
        }, expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 bool[N] = less %0 %1
            %3 [N] = select %2 %0 %0
            y: %3
            →
            %0 [N] = input x
            y: %0
        "#]]),
        case("select_of_not", |r| {
            let (x, y) = (vector(r, "x"), vector(r, "y"));
            let c = r.less(x, y);
            let c = r.not(c);
            r.select(c, x, y)
        }, expect![[r#"
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
        "#]]),
        case("select_same_condition", |r| {
            let (x, y, z) = (vector(r, "x"), vector(r, "y"), vector(r, "z"));
            let c = r.less(x, y);
            let inner = r.select(c, x, z);
            r.select(c, inner, y)
        }, expect![[r#"
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
        "#]]),
        case("logic_of_literal", |r| {
            let (u, v, no) = (scalar(r, "u"), scalar(r, "v"), r.boolean(false));
            let c = r.less(u, v);
            r.or(c, no)
        }, expect![[r#"
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
        "#]]),
        case("logic_of_literal", |r| {
            let (u, v, no) = (scalar(r, "u"), scalar(r, "v"), r.boolean(false));
            let c = r.less(u, v);
            r.and(no, c)
        }, expect![[r#"
            %0 [] = input u
            %1 [] = input v
            %2 bool[] = false
            %3 bool[] = less %0 %1
            %4 bool[] = and %2 %3
            y: %4
            →
            %0 bool[] = false
            y: %0
        "#]]),
        case("logic_of_literal", |r| { let no = r.boolean(false); r.not(no) }, expect![[r#"
            %0 bool[] = false
            %1 bool[] = not %0
            y: %1
            →
            %0 bool[] = true
            y: %0
        "#]]),
        case("logic_of_same", |r| {
            let (u, v) = (scalar(r, "u"), scalar(r, "v"));
            let c = r.less(u, v);
            r.add(Logic::And.into(), &[c, c])
        }, expect![[r#"
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
        "#]]),
        case("not_not", |r| {
            let (u, v) = (scalar(r, "u"), scalar(r, "v"));
            let c = r.less(u, v);
            let c = r.not(c);
            r.not(c)
        }, expect![[r#"
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
        "#]]),
        case("not_of_equality", |r| {
            let (u, v) = (scalar(r, "u"), scalar(r, "v"));
            let c = r.equal(u, v);
            r.not(c)
        }, expect![[r#"
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
        "#]]),
    ]
}

fn signs_and_sums() -> Vec<Case> {
    vec![
        case("neg_neg", |r| { let x = vector(r, "x"); let x = r.neg(x); r.neg(x) }, expect![[r#"
            %0 [N] = input x
            %1 [N] = neg %0
            %2 [N] = neg %1
            y: %2
            →
            %0 [N] = input x
            y: %0
        "#]]),
        case("neg_of_scaled", |r| { let x = vector(r, "x"); let x = r.scale(x, 3.0); r.neg(x) }, expect![[r#"
            %0 [N] = input x
            %1 [] = 3
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            %4 [N] = neg %3
            y: %4
            →
            %0 [N] = input x
            %1 [] = -3
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            y: %3
        "#]]),
        case("neg_of_sub", |r| {
            let (x, y) = (vector(r, "x"), vector(r, "y"));
            let x = r.minus(x, y);
            r.neg(x)
        }, expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = sub %0 %1
            %3 [N] = neg %2
            y: %3
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = sub %1 %0
            y: %2
        "#]]),
        case("even_of_neg", |r| { let x = vector(r, "x"); let x = r.neg(x); r.cos(x) }, expect![[r#"
            %0 [N] = input x
            %1 [N] = neg %0
            %2 [N] = cos %1
            y: %2
            →
            %0 [N] = input x
            %1 [N] = cos %0
            y: %1
        "#]]),
        case("abs_of_positive", |r| { let x = vector(r, "x"); let x = r.square(x); r.abs(x) }, expect![[r#"
            %0 [N] = input x
            %1 [N] = square %0
            %2 [N] = abs %1
            y: %2
            →
            %0 [N] = input x
            %1 [N] = square %0
            y: %1
        "#]]),
        case("square_of_abs", |r| { let x = vector(r, "x"); let x = r.abs(x); r.square(x) }, expect![[r#"
            %0 [N] = input x
            %1 [N] = abs %0
            %2 [N] = square %1
            y: %2
            →
            %0 [N] = input x
            %1 [N] = square %0
            y: %1
        "#]]),
        case("add_minus_zero", |r| { let x = vector(r, "x"); r.offset(x, -0.0) }, expect![[r#"
            %0 [N] = input x
            %1 [] = -0
            %2 [N] = broadcast [N] [] %1
            %3 [N] = add %0 %2
            y: %3
            →
            %0 [N] = input x
            y: %0
        "#]]),
        case("add_zero", |r| { let x = vector(r, "x"); r.offset(x, 0.0) }, expect![[r#"
            %0 [N] = input x
            %1 [] = 0
            %2 [N] = broadcast [N] [] %1
            %3 [N] = add %0 %2
            y: %3
            →
            %0 [N] = input x
            y: %0
        "#]]),
        case("add_of_neg", |r| {
            let (x, y) = (vector(r, "x"), vector(r, "y"));
            let x = r.neg(x);
            r.plus(x, y)
        }, expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = neg %0
            %3 [N] = add %2 %1
            y: %3
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = sub %1 %0
            y: %2
        "#]]),
        case("add_same", |r| { let x = vector(r, "x"); r.plus(x, x) }, expect![[r#"
            %0 [N] = input x
            %1 [N] = add %0 %0
            y: %1
            →
            %0 [N] = input x
            %1 [] = 2
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            y: %3
        "#]]),
        case("order_terms", |r| { let (x, y) = (vector(r, "x"), vector(r, "y")); r.plus(y, x) }, expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = add %1 %0
            y: %2
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = add %0 %1
            y: %2
        "#]]),
        case("sub_zero", |r| { let x = vector(r, "x"); let o = r.zeros_like(x); r.minus(x, o) }, expect![[r#"
            %0 [N] = input x
            %1 [] = 0
            %2 [N] = broadcast [N] [] %1
            %3 [N] = sub %0 %2
            y: %3
            →
            %0 [N] = input x
            y: %0
        "#]]),
        case("sub_zero", |r| { let x = vector(r, "x"); r.minus_from(-0.0, x) }, expect![[r#"
            %0 [N] = input x
            %1 [] = -0
            %2 [N] = broadcast [N] [] %1
            %3 [N] = sub %2 %0
            y: %3
            →
            %0 [N] = input x
            %1 [N] = neg %0
            y: %1
        "#]]),
        case("zero_sub", |r| { let x = vector(r, "x"); r.minus_from(0.0, x) }, expect![[r#"
            %0 [N] = input x
            %1 [] = 0
            %2 [N] = broadcast [N] [] %1
            %3 [N] = sub %2 %0
            y: %3
            →
            %0 [N] = input x
            %1 [N] = neg %0
            y: %1
        "#]]),
        case("sub_of_neg", |r| {
            let (x, y) = (vector(r, "x"), vector(r, "y"));
            let y = r.neg(y);
            r.minus(x, y)
        }, expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = neg %1
            %3 [N] = sub %0 %2
            y: %3
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = add %0 %1
            y: %2
        "#]]),
        case("neg_sub", |r| {
            let (x, y) = (vector(r, "x"), vector(r, "y"));
            let x = r.neg(x);
            r.minus(x, y)
        }, expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = neg %0
            %3 [N] = sub %2 %1
            y: %3
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = add %0 %1
            %3 [N] = neg %2
            y: %3
        "#]]),
        case("add_literals", |r| {
            let x = vector(r, "x");
            let x = r.minus_from(3.0, x);
            r.offset(x, 5.0)
        }, expect![[r#"
            %0 [N] = input x
            %1 [] = 3
            %2 [N] = broadcast [N] [] %1
            %3 [N] = sub %2 %0
            %4 [] = 5
            %5 [N] = broadcast [N] [] %4
            %6 [N] = add %3 %5
            y: %6
            →
            %0 [N] = input x
            %1 [] = 8
            %2 [N] = broadcast [N] [] %1
            %3 [N] = sub %2 %0
            y: %3
        "#]]),
        case("sub_literals", |r| {
            let x = vector(r, "x");
            let x = r.minus_from(3.0, x);
            r.minus_from(5.0, x)
        }, expect![[r#"
            %0 [N] = input x
            %1 [] = 3
            %2 [N] = broadcast [N] [] %1
            %3 [N] = sub %2 %0
            %4 [] = 5
            %5 [N] = broadcast [N] [] %4
            %6 [N] = sub %5 %3
            y: %6
            →
            %0 [N] = input x
            %1 [] = 2
            %2 [N] = broadcast [N] [] %1
            %3 [N] = add %2 %0
            y: %3
        "#]]),
    ]
}

fn products() -> Vec<Case> {
    vec![
        case("mul_one", |r| { let x = vector(r, "x"); r.scale(x, 1.0) }, expect![[r#"
            %0 [N] = input x
            %1 [] = 1
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            y: %3
            →
            %0 [N] = input x
            y: %0
        "#]]),
        case("mul_minus_one", |r| { let x = vector(r, "x"); r.scale(x, -1.0) }, expect![[r#"
            %0 [N] = input x
            %1 [] = -1
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            y: %3
            →
            %0 [N] = input x
            %1 [N] = neg %0
            y: %1
        "#]]),
        case("mul_of_neg", |r| {
            let (x, y) = (vector(r, "x"), vector(r, "y"));
            let y = r.neg(y);
            r.times(x, y)
        }, expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = neg %1
            %3 [N] = mul %0 %2
            y: %3
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = mul %1 %0
            %3 [N] = neg %2
            y: %3
        "#]]),
        case("order_factors", |r| {
            let (x, two) = (vector(r, "x"), r.literal(2.0));
            let two = r.fill(two, &shape("N"));
            r.times(x, two)
        }, expect![[r#"
            %0 [N] = input x
            %1 [] = 2
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %0 %2
            y: %3
            →
            %0 [N] = input x
            %1 [] = 2
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            y: %3
        "#]]),
        case("group_factors", |r| {
            let (x, y) = (vector(r, "x"), vector(r, "y"));
            let y = r.scale(y, 2.0);
            r.times(x, y)
        }, expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [] = 2
            %3 [N] = broadcast [N] [] %2
            %4 [N] = mul %3 %1
            %5 [N] = mul %0 %4
            y: %5
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [] = 2
            %3 [N] = broadcast [N] [] %2
            %4 [N] = mul %0 %1
            %5 [N] = mul %3 %4
            y: %5
        "#]]),
        case("group_factors", |r| { let x = vector(r, "x"); let x = r.scale(x, 2.0); r.scale(x, 3.0) }, expect![[r#"
            %0 [N] = input x
            %1 [] = 2
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            %4 [] = 3
            %5 [N] = broadcast [N] [] %4
            %6 [N] = mul %5 %3
            y: %6
            →
            %0 [N] = input x
            %1 [] = 2
            %2 [N] = broadcast [N] [] %1
            %3 [] = 3
            %4 [N] = broadcast [N] [] %3
            %5 [N] = mul %4 %2
            %6 [N] = mul %5 %0
            y: %6
        "#]]),
        case("group_repeated", |r| {
            let (a, x, y) = (leaf(r, "a", "N D"), vector(r, "x"), vector(r, "y"));
            let (x, y) = (r.broadcast(x, &shape("N D"), &[0]), r.broadcast(y, &shape("N D"), &[0]));
            let ax = r.times(a, x);
            r.times(ax, y)
        }, expect![[r#"
            %0 [N, D] = input a
            %1 [N] = input x
            %2 [N] = input y
            %3 [N, D] = broadcast [N, D] [0] %1
            %4 [N, D] = broadcast [N, D] [0] %2
            %5 [N, D] = mul %0 %3
            %6 [N, D] = mul %5 %4
            y: %6
            →
            %0 [N, D] = input a
            %1 [N] = input x
            %2 [N] = input y
            %3 [N, D] = broadcast [N, D] [0] %1
            %4 [N, D] = broadcast [N, D] [0] %2
            %5 [N, D] = mul %3 %4
            %6 [N, D] = mul %5 %0
            y: %6
        "#]]),
        case("mul_of_recip", |r| {
            let (x, y) = (vector(r, "x"), vector(r, "y"));
            let y = r.recip(y);
            r.times(x, y)
        }, expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = recip %1
            %3 [N] = mul %0 %2
            y: %3
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = div %0 %1
            y: %2
        "#]]),
        case("mul_of_quotient", |r| {
            let (x, y) = (vector(r, "x"), vector(r, "y"));
            let two = r.full_like(2.0, y);
            let y = r.over(two, y);
            r.times(x, y)
        }, expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [] = 2
            %3 [N] = broadcast [N] [] %2
            %4 [N] = div %3 %1
            %5 [N] = mul %0 %4
            y: %5
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [] = 2
            %3 [N] = broadcast [N] [] %2
            %4 [N] = div %0 %1
            %5 [N] = mul %3 %4
            y: %5
        "#]]),
        case("div_one", |r| { let x = vector(r, "x"); let one = r.ones_like(x); r.over(x, one) }, expect![[r#"
            %0 [N] = input x
            %1 [] = 1
            %2 [N] = broadcast [N] [] %1
            %3 [N] = div %0 %2
            y: %3
            →
            %0 [N] = input x
            y: %0
        "#]]),
        case("one_div", |r| { let x = vector(r, "x"); let one = r.ones_like(x); r.over(one, x) }, expect![[r#"
            %0 [N] = input x
            %1 [] = 1
            %2 [N] = broadcast [N] [] %1
            %3 [N] = div %2 %0
            y: %3
            →
            %0 [N] = input x
            %1 [N] = recip %0
            y: %1
        "#]]),
        case("div_of_neg", |r| {
            let (x, y) = (vector(r, "x"), vector(r, "y"));
            let y = r.neg(y);
            r.over(x, y)
        }, expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = neg %1
            %3 [N] = div %0 %2
            y: %3
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = div %0 %1
            %3 [N] = neg %2
            y: %3
        "#]]),
        case("div_by_literal", |r| { let x = vector(r, "x"); let c = r.full_like(3.0, x); r.over(x, c) }, expect![[r#"
            %0 [N] = input x
            %1 [] = 3
            %2 [N] = broadcast [N] [] %1
            %3 [N] = div %0 %2
            y: %3
            →
            %0 [N] = input x
            %1 [] = 0.3333333333333333
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            y: %3
        "#]]),
        case("div_by_extent", |r| {
            let (x, k) = (vector(r, "x"), count(r, "K"));
            let k = r.fill(k, &shape("N"));
            r.over(x, k)
        }, expect![[r#"
            %0 [N] = input x
            %1 index[] = extent K
            %2 [] = cast real %1
            %3 [N] = broadcast [N] [] %2
            %4 [N] = div %0 %3
            y: %4
            →
            %0 [N] = input x
            %1 index[] = extent K
            %2 [] = cast real %1
            %3 [N] = broadcast [N] [] %2
            %4 [N] = recip %3
            %5 [N] = mul %4 %0
            y: %5
        "#]]),
        case("div_of_scaled", |r| {
            let (x, y) = (vector(r, "x"), vector(r, "y"));
            let x = r.scale(x, 3.0);
            r.over(x, y)
        }, expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [] = 3
            %3 [N] = broadcast [N] [] %2
            %4 [N] = mul %3 %0
            %5 [N] = div %4 %1
            y: %5
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [] = 3
            %3 [N] = broadcast [N] [] %2
            %4 [N] = div %0 %1
            %5 [N] = mul %3 %4
            y: %5
        "#]]),
        case("div_by_scaled", |r| {
            let (x, y) = (vector(r, "x"), vector(r, "y"));
            let y = r.scale(y, 4.0);
            r.over(x, y)
        }, expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [] = 4
            %3 [N] = broadcast [N] [] %2
            %4 [N] = mul %3 %1
            %5 [N] = div %0 %4
            y: %5
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = div %0 %1
            %3 [] = 0.25
            %4 [N] = broadcast [N] [] %3
            %5 [N] = mul %4 %2
            y: %5
        "#]]),
        case("recip_of_neg", |r| { let x = vector(r, "x"); let x = r.neg(x); r.recip(x) }, expect![[r#"
            %0 [N] = input x
            %1 [N] = neg %0
            %2 [N] = recip %1
            y: %2
            →
            %0 [N] = input x
            %1 [N] = recip %0
            %2 [N] = neg %1
            y: %2
        "#]]),
        case("recip_of_quotient", |r| {
            let (x, y) = (vector(r, "x"), vector(r, "y"));
            let x = r.over(x, y);
            r.recip(x)
        }, expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = div %0 %1
            %3 [N] = recip %2
            y: %3
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = div %1 %0
            y: %2
        "#]]),
        case("skip_of_nonzero", |r| {
            let (x, n) = (vector(r, "x"), count(r, "N"));
            let g = r.recip(n);
            let g = r.fill(g, &shape("N"));
            r.mul_unless_zero(g, x)
        }, expect![[r#"
            %0 [N] = input x
            %1 index[] = extent N
            %2 [] = cast real %1
            %3 [] = recip %2
            %4 [N] = broadcast [N] [] %3
            %5 [N] = mul_unless_zero %4 %0
            y: %5
            →
            %0 [N] = input x
            %1 index[] = extent N
            %2 [] = cast real %1
            %3 [] = recip %2
            %4 [N] = broadcast [N] [] %3
            %5 [N] = mul %4 %0
            y: %5
        "#]]),
        case("skip_by_finite", |r| {
            let x = vector(r, "x");
            let c = r.full_like(2.0, x);
            r.mul_unless_zero(x, c)
        }, expect![[r#"
            %0 [N] = input x
            %1 [] = 2
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul_unless_zero %0 %2
            y: %3
            →
            %0 [N] = input x
            %1 [] = 2
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %0 %2
            y: %3
        "#]]),
    ]
}

fn powers() -> Vec<Case> {
    vec![
        case("mul_same", |r| { let x = vector(r, "x"); r.times(x, x) }, expect![[r#"
            %0 [N] = input x
            %1 [N] = mul %0 %0
            y: %1
            →
            %0 [N] = input x
            %1 [N] = square %0
            y: %1
        "#]]),
        case("pow_zero", |r| { let x = vector(r, "x"); let n = r.zeros_like(x); r.power(x, n) }, expect![[r#"
            %0 [N] = input x
            %1 [] = 0
            %2 [N] = broadcast [N] [] %1
            %3 [N] = pow %0 %2
            y: %3
            →
            %0 [] = 1
            %1 [N] = broadcast [N] [] %0
            y: %1
        "#]]),
        case("pow_one", |r| { let x = vector(r, "x"); let n = r.ones_like(x); r.power(x, n) }, expect![[r#"
            %0 [N] = input x
            %1 [] = 1
            %2 [N] = broadcast [N] [] %1
            %3 [N] = pow %0 %2
            y: %3
            →
            %0 [N] = input x
            y: %0
        "#]]),
        case("pow_small", |r| { let x = vector(r, "x"); let n = r.full_like(7.0, x); r.power(x, n) }, expect![[r#"
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
        "#]]),
        case("pow_small", |r| { let x = vector(r, "x"); let n = r.full_like(-2.0, x); r.power(x, n) }, expect![[r#"
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
        "#]]),
        case("pow_half", |r| { let x = vector(r, "x"); let n = r.full_like(0.5, x); r.power(x, n) }, expect![[r#"
            %0 [N] = input x
            %1 [] = 0.5
            %2 [N] = broadcast [N] [] %1
            %3 [N] = pow %0 %2
            y: %3
            →
            %0 [N] = input x
            %1 [N] = sqrt %0
            y: %1
        "#]]),
        case("pow_half", |r| { let x = vector(r, "x"); let n = r.full_like(-0.5, x); r.power(x, n) }, expect![[r#"
            %0 [N] = input x
            %1 [] = -0.5
            %2 [N] = broadcast [N] [] %1
            %3 [N] = pow %0 %2
            y: %3
            →
            %0 [N] = input x
            %1 [N] = rsqrt %0
            y: %1
        "#]]),
        case("pow_of_e", |r| {
            let x = vector(r, "x");
            let e = r.full_like(std::f64::consts::E, x);
            r.power(e, x)
        }, expect![[r#"
            %0 [N] = input x
            %1 [] = 2.718281828459045
            %2 [N] = broadcast [N] [] %1
            %3 [N] = pow %2 %0
            y: %3
            →
            %0 [N] = input x
            %1 [N] = exp %0
            y: %1
        "#]]),
        case("square_of_scaled", |r| { let x = vector(r, "x"); let x = r.scale(x, 3.0); r.square(x) }, expect![[r#"
            %0 [N] = input x
            %1 [] = 3
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            %4 [N] = square %3
            y: %4
            →
            %0 [N] = input x
            %1 [] = 3
            %2 [N] = broadcast [N] [] %1
            %3 [N] = square %2
            %4 [N] = square %0
            %5 [N] = mul %3 %4
            y: %5
        "#]]),
        case("sqrt_of_scaled", |r| { let x = vector(r, "x"); let x = r.scale(x, 4.0); r.sqrt(x) }, expect![[r#"
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
        "#]]),
        case("recip_of_sqrt", |r| { let x = vector(r, "x"); let x = r.sqrt(x); r.recip(x) }, expect![[r#"
            %0 [N] = input x
            %1 [N] = sqrt %0
            %2 [N] = recip %1
            y: %2
            →
            %0 [N] = input x
            %1 [N] = rsqrt %0
            y: %1
        "#]]),
    ]
}

fn factoring() -> Vec<Case> {
    vec![
        case("sum_of_neg", |r| { let x = vector(r, "x"); let x = r.neg(x); r.sum(x, &[0]) }, expect![[r#"
            %0 [N] = input x
            %1 [N] = neg %0
            %2 [] = reduce sum [0] %1
            y: %2
            →
            %0 [N] = input x
            %1 [] = reduce sum [0] %0
            %2 [] = neg %1
            y: %2
        "#]]),
        case("sum_of_product", |r| {
            let (u, x) = (scalar(r, "u"), vector(r, "x"));
            let (a, b) = (leaf(r, "a", "N D"), leaf(r, "b", "N D"));
            let u = r.fill(u, &shape("N D"));
            let x = r.broadcast(x, &shape("N D"), &[0]);
            let xb = r.times(x, b);
            let axb = r.times(a, xb);
            let product = r.times(u, axb);
            r.sum(product, &[1])
        }, expect![[r#"
            %0 [] = input u
            %1 [N] = input x
            %2 [N, D] = input a
            %3 [N, D] = input b
            %4 [N, D] = broadcast [N, D] [] %0
            %5 [N, D] = broadcast [N, D] [0] %1
            %6 [N, D] = mul %5 %3
            %7 [N, D] = mul %2 %6
            %8 [N, D] = mul %4 %7
            %9 [N] = reduce sum [1] %8
            y: %9
            →
            %0 [] = input u
            %1 [N] = input x
            %2 [N, D] = input a
            %3 [N, D] = input b
            %4 [N] = broadcast [N] [] %0
            %5 [N, D] = mul %2 %3
            %6 [N] = reduce sum [1] %5
            %7 [N] = mul %1 %6
            %8 [N] = mul %4 %7
            y: %8
        "#]]),
        case("sum_of_quotient", |r| {
            let (a, x) = (leaf(r, "a", "N D"), vector(r, "x"));
            let x = r.broadcast(x, &shape("N D"), &[0]);
            let quotient = r.over(a, x);
            r.sum(quotient, &[1])
        }, expect![[r#"
            %0 [N, D] = input a
            %1 [N] = input x
            %2 [N, D] = broadcast [N, D] [0] %1
            %3 [N, D] = div %0 %2
            %4 [N] = reduce sum [1] %3
            y: %4
            →
            %0 [N, D] = input a
            %1 [N] = input x
            %2 [N] = reduce sum [1] %0
            %3 [N] = div %2 %1
            y: %3
        "#]]),
        case("sum_of_quotient", |r| {
            let (a, x) = (leaf(r, "a", "N D"), vector(r, "x"));
            let x = r.broadcast(x, &shape("N D"), &[0]);
            let quotient = r.over(x, a);
            r.sum(quotient, &[1])
        }, expect![[r#"
            %0 [N, D] = input a
            %1 [N] = input x
            %2 [N, D] = broadcast [N, D] [0] %1
            %3 [N, D] = div %2 %0
            %4 [N] = reduce sum [1] %3
            y: %4
            →
            %0 [N, D] = input a
            %1 [N] = input x
            %2 [N, D] = recip %0
            %3 [N] = reduce sum [1] %2
            %4 [N] = mul %1 %3
            y: %4
        "#]]),
        case("add_common_factor", |r| {
            let (x, y, z) = (vector(r, "x"), vector(r, "y"), vector(r, "z"));
            let (p, q) = (r.times(x, y), r.times(x, z));
            r.plus(p, q)
        }, expect![[r#"
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = input z
            %3 [N] = mul %0 %1
            %4 [N] = mul %0 %2
            %5 [N] = add %3 %4
            y: %5
            →
            %0 [N] = input x
            %1 [N] = input y
            %2 [N] = input z
            %3 [N] = add %1 %2
            %4 [N] = mul %3 %0
            y: %4
        "#]]),
        case("add_common_factor", |r| { let x = vector(r, "x"); let p = r.scale(x, 2.0); r.plus(p, x) }, expect![[r#"
            %0 [N] = input x
            %1 [] = 2
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            %4 [N] = add %3 %0
            y: %4
            →
            %0 [N] = input x
            %1 [] = 3
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            y: %3
        "#]]),
        case("sub_common_factor", |r| { let x = vector(r, "x"); let p = r.scale(x, 3.0); r.minus(x, p) }, expect![[r#"
            %0 [N] = input x
            %1 [] = 3
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            %4 [N] = sub %0 %3
            y: %4
            →
            %0 [N] = input x
            %1 [] = -2
            %2 [N] = broadcast [N] [] %1
            %3 [N] = mul %2 %0
            y: %3
        "#]]),
    ]
}

