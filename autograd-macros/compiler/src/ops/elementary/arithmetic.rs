//! Rows of the table: arithmetic, powers and roots.

/// Hands its rows and those before it to the next family.
macro_rules! arithmetic {
    ($next:ident $($later:ident)*; $($rows:tt)*) => { $next! { $($later)*; $($rows)*

/// `-x`
Neg "neg" 1 {
    eval: |x| -x[0],
    derivatives: [Linear(|r, _, _, t, _| Some(r.neg(t)))],
    total: always,
    domain: "all x",
    samples: [(-3.0, 3.0)],
    special: [[0.0] => -0.0, [INF] => -INF],
    kinks: [],
    latex: "-{0}", text: "-{0}", operator: "-",
    cost: 1,
}

/// `a + b`
Add "add" 2 {
    eval: |x| x[0] + x[1],
    derivatives: [Linear(|_, _, _, t, _| Some(t)), Linear(|_, _, _, t, _| Some(t))],
    total: always,
    domain: "all a, b",
    samples: [(-3.0, 3.0), (-3.0, 3.0)],
    special: [[1.0, 2.0] => 3.0, [INF, -INF] => NAN],
    kinks: [],
    latex: "{0} + {1}", text: "{0} + {1}", operator: "+",
    cost: 1,
}

/// `a - b`
Sub "sub" 2 {
    eval: |x| x[0] - x[1],
    derivatives: [Linear(|_, _, _, t, _| Some(t)), Linear(|r, _, _, t, _| Some(r.neg(t)))],
    total: always,
    domain: "all a, b",
    samples: [(-3.0, 3.0), (-3.0, 3.0)],
    special: [[1.0, 2.0] => -1.0, [INF, INF] => NAN],
    kinks: [],
    latex: "{0} - {1}", text: "{0} - {1}", operator: "-",
    cost: 1,
}

/// `a · b`
Mul "mul" 2 {
    eval: |x| x[0] * x[1],
    derivatives: [Bounded(|_, x, _| x[1]), Bounded(|_, x, _| x[0])],
    total: always,
    domain: "all a, b",
    samples: [(-3.0, 3.0), (-3.0, 3.0)],
    special: [[2.0, 3.0] => 6.0, [0.0, INF] => NAN],
    kinks: [],
    latex: "{0} \\, {1}", text: "{0} * {1}", operator: "*",
    cost: 1,
}

/// `a / b`
Div "div" 2 {
    eval: |x| x[0] / x[1],
    derivatives: [
        Linear(|r, x, y, t, _| Some(if is_divisor(r, x[1]) { r.over(t, x[1]) } else {
            let inverse = r.recip(x[1]);
            let may_be_lost = may_lose_slopes(r, [x[0], x[1]]);
            let inverse = if may_be_lost { unless_lost(r, inverse, y) } else { inverse };
            r.mul_unless_zero(t, inverse)
        })),
        // `b²` would overflow where the slope does not.
        Steep(|r, x, y| {
            let slope = r.over(y, x[1]);
            r.neg(slope)
        }),
    ],
    total: |r, x| is_divisor(r, x[1]),
    domain: "all a, b; IEEE at b = 0",
    samples: [(-3.0, 3.0), (0.5, 3.0)],
    special: [[1.0, 0.0] => INF, [-1.0, 0.0] => -INF, [0.0, 0.0] => NAN],
    kinks: [],
    latex: "\\frac{{0}}{{1}}", text: "{0} / {1}", operator: "/",
    cost: 4,
}

/// `1/x`
Recip "recip" 1 {
    eval: |x| 1.0 / x[0],
    derivatives: [Linear(|r, _, y, t, _| {
        let slope = times_powers(r, t, y, 2);
        Some(r.neg(slope))
    })],
    total: |r, x| is_divisor(r, x[0]),
    domain: "all x; IEEE at 0",
    samples: [(0.4, 3.0)],
    special: [[0.0] => INF, [-0.0] => -INF, [INF] => 0.0],
    kinks: [],
    latex: "\\frac{1}{{0}}",
    cost: 4,
}

/// `x²`
Square "square" 1 {
    eval: |x| x[0] * x[0],
    derivatives: [Bounded(|r, x, _| r.scale(x[0], 2.0))],
    total: always,
    domain: "all x",
    samples: [(-3.0, 3.0)],
    special: [[-3.0] => 9.0],
    kinks: [],
    latex: "{0}^{2}",
    cost: 1,
}

/// `|x|`; the derivative at 0 is 0.
Abs "abs" 1 {
    eval: |x| x[0].abs(),
    derivatives: [Linear(|r, x, _, t, _| {
        // The zero at the kink wins over whatever comes from above.
        let sign = r.sign(x[0]);
        Some(r.mul_unless_zero(sign, t))
    })],
    total: always,
    domain: "all x",
    notes: "kink at 0: the subgradient of least norm, 0",
    samples: [(-3.0, -0.5), (0.5, 3.0)],
    special: [[-2.0] => 2.0, [-INF] => INF],
    kinks: [[0.0] => [0.0]],
    latex: "\\left|{0}\\right|",
    cost: 1,
}

/// -1, 0 or 1; `sign(0)` is 0.
Sign "sign" 1 {
    eval: |x| if x[0] > 0.0 { 1.0 } else if x[0] < 0.0 { -1.0 } else { x[0] },
    derivatives: [Zero],
    total: always,
    domain: "all x",
    notes: "derivative 0, also at the jump",
    samples: [(0.5, 3.0)],
    special: [[0.0] => 0.0, [-5.0] => -1.0, [INF] => 1.0, [NAN] => NAN],
    kinks: [[0.0] => [0.0]],
    latex: "\\operatorname{sgn} {0}",
    cost: 2,
}

/// The square root; infinite slope at 0, skipped by a zero from above.
Sqrt "sqrt" 1 {
    eval: |x| x[0].sqrt(),
    derivatives: [Root(|r, _, y| {
        let half = r.full_like(0.5, y);
        r.over(half, y)
    })],
    total: never,
    fades: by_first,
    domain: "x >= 0",
    notes: "slope +inf at 0",
    samples: [(0.3, 4.0)],
    special: [[0.0] => 0.0, [4.0] => 2.0, [-1.0] => NAN, [INF] => INF],
    kinks: [[0.0] => [INF]],
    latex: "\\sqrt{{0}}",
    cost: 5,
}

/// `1/√x`
Rsqrt "rsqrt" 1 {
    eval: |x| 1.0 / x[0].sqrt(),
    derivatives: [Linear(|r, _, y, t, _| {
        let slope = times_powers(r, t, y, 3);
        Some(r.scale(slope, -0.5))
    })],
    total: never,
    domain: "x > 0",
    samples: [(0.4, 4.0)],
    special: [[0.0] => INF, [4.0] => 0.5, [INF] => 0.0, [-1.0] => NAN],
    kinks: [],
    latex: "\\frac{1}{\\sqrt{{0}}}",
    cost: 8,
}

/// The cube root, of negative numbers too; infinite slope at 0.
Cbrt "cbrt" 1 {
    eval: |x| x[0].cbrt(),
    derivatives: [Steep(|r, _, y| {
        let square = r.square(y);
        let three = r.scale(square, 3.0);
        r.recip(three)
    })],
    total: always,
    fades: by_first,
    domain: "all x",
    notes: "slope +inf at 0",
    samples: [(-4.0, -0.4), (0.4, 4.0)],
    special: [[-8.0] => -2.0, [0.0] => 0.0],
    kinks: [[0.0] => [INF]],
    latex: "\\sqrt[3]{{0}}",
    cost: 15,
}

/// `x^p`
Pow "pow" 2 {
    arguments: "x, p",
    eval: |x| x[0].powf(x[1]),
    derivatives: [Linear(power_by_base), Steep(power_by_exponent)],
    total: |r, x| r.literal_value(x[1]).is_some_and(|p| p >= 0.0 && p.fract() == 0.0),
    // Of an exponent that is not known the rule sees to it.
    fades: |r, x, places| places == [0, 0] && r.literal_value(x[1]).is_some_and(|p| p > 0.0 && p < 1.0),
    domain: "x > 0, or an integer p",
    notes: "0^0 is 1 with derivatives 0; by p the derivative is NaN where x < 0 and 0 where x = 0 <= p; \
        by x it is +inf at 0 for 0 < p < 1",
    samples: [(0.4, 3.0), (-2.0, 3.0)],
    special: [[0.0, 0.0] => 1.0, [-2.0, 3.0] => -8.0, [-2.0, 0.5] => NAN, [0.0, -1.0] => INF, [4.0, 0.5] => 2.0],
    kinks: [[0.0, 0.0] => [0.0, 0.0], [0.0, 0.5] => [INF, 0.0], [0.0, 2.0] => [0.0, 0.0], [0.0, 1.0] => [1.0, 0.0],
        [-2.0, 2.0] => [-4.0, NAN]],
    latex: "{0}^{{1}}", text: "{0} ^ {1}",
    cost: 20,
}

    } };
}
