//! Rows of the table: functions with kinks and jumps, extremes, remainders, and the skip.

/// Hands its rows and those before it to the next family.
macro_rules! piecewise {
    ($next:ident $($later:ident)*; $($rows:tt)*) => { $next! { $($later)*; $($rows)*

/// `max(x, 0)`; the derivative at 0 is 0.
Relu "relu" 1 {
    eval: |x| if x[0] < 0.0 { 0.0 } else { x[0] },
    // Where the value is positive the argument is, which then need not be kept.
    derivatives: [Linear(|r, _, y, t, _| {
        let zero = r.zeros_like(y);
        let on = r.less(zero, y);
        Some(r.select(on, t, zero))
    })],
    total: always,
    domain: "all x",
    notes: "kink at 0: the subgradient of least norm, 0",
    samples: [(-3.0, -0.5), (0.5, 3.0)],
    special: [[-2.0] => 0.0, [2.0] => 2.0, [NAN] => NAN],
    kinks: [[0.0] => [0.0]],
    latex: "\\operatorname{relu}\\left({0}\\right)",
    cost: 1,
}

/// The larger; NaN if one is. A tie is split between two variables; against a constant it is 0.
Max "max" 2 {
    eval: |x| x[0].max(x[1]) + nan_of(x),
    derivatives: [
        Linear(|r, x, _, t, facts| Some(share_of_extreme(r, [x[1], x[0]], t, facts.is_constant(x[1])))),
        Linear(|r, x, _, t, facts| Some(share_of_extreme(r, [x[0], x[1]], t, facts.is_constant(x[0])))),
    ],
    total: always,
    domain: "all a, b",
    notes: "at a tie 1/2 each, but 0 against a constant",
    samples: [(-3.0, -0.2), (0.2, 3.0)],
    special: [[1.0, 2.0] => 2.0, [NAN, 1.0] => NAN, [1.0, NAN] => NAN],
    kinks: [[1.0, 1.0] => [0.5, 0.5], [2.0, 1.0] => [1.0, 0.0], [1.0, 2.0] => [0.0, 1.0]],
    latex: "\\max\\left({0}, {1}\\right)",
    cost: 1,
}

/// The smaller; NaN if one is. A tie is split between two variables; against a constant it is 0.
Min "min" 2 {
    eval: |x| x[0].min(x[1]) + nan_of(x),
    derivatives: [
        Linear(|r, x, _, t, facts| Some(share_of_extreme(r, [x[0], x[1]], t, facts.is_constant(x[1])))),
        Linear(|r, x, _, t, facts| Some(share_of_extreme(r, [x[1], x[0]], t, facts.is_constant(x[0])))),
    ],
    total: always,
    domain: "all a, b",
    notes: "at a tie 1/2 each, but 0 against a constant",
    samples: [(-3.0, -0.2), (0.2, 3.0)],
    special: [[1.0, 2.0] => 1.0, [NAN, 1.0] => NAN, [1.0, NAN] => NAN],
    kinks: [[1.0, 1.0] => [0.5, 0.5], [2.0, 1.0] => [0.0, 1.0], [1.0, 2.0] => [1.0, 0.0]],
    latex: "\\min\\left({0}, {1}\\right)",
    cost: 1,
}

/// `√(a² + b²)` without overflow in between; both derivatives are 0 at the origin.
Hypot "hypot" 2 {
    arguments: "a, b",
    eval: |x| x[0].hypot(x[1]),
    derivatives: [Bounded(|r, x, y| share_of_radius(r, [x[0], x[1]], y)), Bounded(|r, x, y| share_of_radius(r, [x[1], x[0]], y))],
    total: always,
    // Also by one number where the other is infinite.
    fades: |_, _, _| true,
    domain: "all a, b",
    notes: "kink at the origin: the subgradient of least norm, 0",
    samples: [(-2.0, 2.0), (0.5, 2.0)],
    special: [[3.0, 4.0] => 5.0, [0.0, 0.0] => 0.0, [3e200, 4e200] => 5e200],
    kinks: [[0.0, 0.0] => [0.0, 0.0], [0.0, 2.0] => [0.0, 1.0], [3e-320, 0.0] => [1.0, 0.0]],
    latex: "\\sqrt{{0}^{2} + {1}^{2}}",
    cost: 8,
}

/// The largest integer that is not larger.
Floor "floor" 1 {
    eval: |x| x[0].floor(),
    derivatives: [Zero],
    total: always,
    domain: "all x",
    notes: "derivative 0, also at the jumps",
    samples: [(0.2, 0.8)],
    special: [[-0.5] => -1.0, [2.0] => 2.0],
    kinks: [[1.0] => [0.0]],
    latex: "\\left\\lfloor {0} \\right\\rfloor",
    cost: 1,
}

/// The smallest integer that is not smaller.
Ceil "ceil" 1 {
    eval: |x| x[0].ceil(),
    derivatives: [Zero],
    total: always,
    domain: "all x",
    notes: "derivative 0, also at the jumps",
    samples: [(0.2, 0.8)],
    special: [[0.5] => 1.0, [2.0] => 2.0],
    kinks: [[1.0] => [0.0]],
    latex: "\\left\\lceil {0} \\right\\rceil",
    cost: 1,
}

/// The nearest integer; halves to even.
Round "round" 1 {
    eval: |x| x[0].round_ties_even(),
    derivatives: [Zero],
    total: always,
    domain: "all x",
    notes: "halves to even; derivative 0, also at the jumps",
    samples: [(0.1, 0.4)],
    special: [[0.5] => 0.0, [1.5] => 2.0, [2.5] => 2.0],
    kinks: [[0.5] => [0.0]],
    latex: "\\operatorname{round}\\left({0}\\right)",
    cost: 1,
}

/// The floored remainder `a - b·floor(a/b)`: it has the sign of b.
Rem "rem" 2 {
    arguments: "a, b",
    eval: |x| floored_remainder(x[0], x[1]),
    derivatives: [
        Linear(|_, _, _, t, _| Some(t)),
        // −floor(a/b) of the exact quotient, which the rounded one need not have.
        Steep(|r, x, y| {
            let less = r.minus(y, x[0]);
            let quotient = r.over(less, x[1]);
            r.round(quotient)
        }),
    ],
    total: |r, x| is_divisor(r, x[1]),
    domain: "b != 0",
    notes: "exact but for one rounding; jumps where a/b is an integer; there, the derivatives to the right",
    samples: [(3.2, 3.8), (0.9, 1.05)],
    special: [[5.0, 3.0] => 2.0, [-1.0, 3.0] => 2.0, [1.0, -3.0] => -2.0, [1.0, 0.0] => NAN,
        [1.0, 0.1] => 0.099_999_999_999_999_95, [1e17, 3.0] => 1.0, [-1.0, INF] => INF, [INF, 3.0] => NAN],
    kinks: [[7.0, 2.0] => [1.0, -3.0], [6.0, 2.0] => [1.0, -3.0]],
    latex: "{0} \\bmod {1}",
    cost: 8,
}

/// `g · d`, but 0 where g = 0, whatever d is: how a zero from above skips an infinite slope.
MulUnlessZero "mul_unless_zero" 2 {
    eval: |x| mul_unless_zero(x[0], x[1]),
    derivatives: [
        Root(|_, x, _| x[1]),
        // Where g = 0 the value does not depend on d; where t = 0 an infinite g is skipped.
        Linear(|r, x, _, t, _| Some(skip_of_either(r, x[0], t))),
    ],
    total: always,
    domain: "all g, d",
    notes: "by g the derivative is d, where that is finite",
    samples: [(-2.0, 2.0), (-2.0, 2.0)],
    special: [[0.0, INF] => 0.0, [0.0, NAN] => 0.0, [-0.0, NAN] => 0.0, [2.0, 3.0] => 6.0, [1.0, INF] => INF],
    kinks: [[0.0, 3.0] => [3.0, 0.0]],
    latex: "{0} \\cdot {1}",
    cost: 2,
}

/// `x · a` of an x that is always 0.
AtZero "at_zero" 2 {
    arguments: "x, a",
    eval: |x| mul_unless_zero(x[0], x[1]),
    derivatives: [Root(|_, x, _| x[1]), Linear(|r, x, _, t, _| Some(r.at_zero(x[0], t)))],
    total: always,
    domain: "x = 0",
    samples: [(0.0, 0.0), (-2.0, 2.0)],
    special: [[0.0, 3.0] => 0.0, [0.0, INF] => 0.0, [0.0, NAN] => 0.0],
    kinks: [[0.0, 3.0] => [3.0, 0.0]],
    latex: "{0} \\cdot {1}", operator: "*",
    cost: 1,
}

/// y, but NaN where x is infinite: how a slope that vanishes says that it is not known.
WhereFinite "where_finite" 2 {
    arguments: "y, x",
    eval: |x| x[0] + 0.0 * x[1],
    derivatives: [Linear(|_, _, _, t, _| Some(t)), Zero],
    total: always,
    domain: "all y, x",
    samples: [(-2.0, 2.0), (-2.0, 2.0)],
    special: [[2.0, 3.0] => 2.0, [0.0, INF] => NAN, [1.0, -INF] => NAN, [-0.0, -0.0] => -0.0],
    kinks: [],
    latex: "{0}",
    cost: 1,
}

/// x without its power of two: between √½ and √2 in size, with the sign of x; 0, infinities and NaN stay.
Significand "significand" 1 {
    eval: |x| take_apart(x[0]).0,
    derivatives: [Steep(|r, x, y| r.over(y, x[0]))],
    total: always,
    domain: "all x",
    samples: [(0.75, 1.35)],
    special: [[1.0] => 1.0, [-12.0] => -0.75, [0.0] => 0.0, [-0.0] => -0.0, [INF] => INF, [NAN] => NAN, [5e-324] => 1.0],
    kinks: [],
    latex: "\\operatorname{significand}\\left({0}\\right)",
    cost: 3,
}

/// The power of two in x: `x = significand(x) · 2^exponent(x)`.
Exponent "exponent" 1 {
    eval: |x| take_apart(x[0]).1,
    derivatives: [Zero],
    total: always,
    domain: "all x",
    samples: [(0.75, 1.35)],
    special: [[1.0] => 0.0, [-12.0] => 4.0, [1.5] => 1.0, [0.0] => 0.0, [INF] => 0.0, [NAN] => 0.0, [5e-324] => -1074.0],
    kinks: [],
    latex: "\\operatorname{exponent}\\left({0}\\right)",
    cost: 3,
}

    } };
}
