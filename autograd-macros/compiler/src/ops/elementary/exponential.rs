//! Rows of the table: exponentials, logarithms, and what is made of them.

/// Hands its rows and those before it to the next family.
macro_rules! exponential {
    ($next:ident $($later:ident)*; $($rows:tt)*) => { $next! { $($later)*; $($rows)*

/// `eˣ`
Exp "exp" 1 {
    eval: |x| x[0].exp(),
    derivatives: [Steep(|_, _, y| y)],
    total: never,
    domain: "all x; overflows beyond 709",
    samples: [(-3.0, 3.0)],
    special: [[0.0] => 1.0, [-INF] => 0.0, [INF] => INF],
    kinks: [],
    latex: "e^{{0}}",
    cost: 12,
}

/// `2ˣ`
Exp2 "exp2" 1 {
    eval: |x| x[0].exp2(),
    derivatives: [Steep(|r, _, y| r.scale(y, LN_2))],
    total: never,
    domain: "all x; overflows from 1024",
    samples: [(-3.0, 3.0)],
    special: [[10.0] => 1024.0, [-INF] => 0.0],
    kinks: [],
    latex: "2^{{0}}",
    cost: 12,
}

/// `eˣ - 1`, accurate near 0.
Expm1 "expm1" 1 {
    eval: |x| x[0].exp_m1(),
    // Not y + 1, which loses all digits where eˣ is small.
    derivatives: [Steep(|r, x, _| r.exp(x[0]))],
    total: never,
    domain: "all x; overflows beyond 709",
    samples: [(-3.0, 3.0)],
    special: [[0.0] => 0.0, [1e-20] => 1e-20, [-INF] => -1.0],
    kinks: [],
    latex: "\\left(e^{{0}} - 1\\right)",
    cost: 15,
}

/// The natural logarithm.
Log "log" 1 {
    eval: |x| x[0].ln(),
    derivatives: [Steep(|r, x, _| r.recip(x[0]))],
    total: never,
    fades: by_first,
    domain: "x > 0",
    notes: "slope +inf at 0",
    samples: [(0.3, 4.0)],
    special: [[1.0] => 0.0, [0.0] => -INF, [-1.0] => NAN, [INF] => INF],
    kinks: [[0.0] => [INF]],
    latex: "\\log {0}",
    cost: 15,
}

/// `log(1 + x)`, accurate near 0.
Log1p "log1p" 1 {
    eval: |x| x[0].ln_1p(),
    derivatives: [Steep(|r, x, _| {
        let inner = r.offset(x[0], 1.0);
        r.recip(inner)
    })],
    total: never,
    fades: by_first,
    domain: "x > -1",
    notes: "slope +inf at -1",
    samples: [(-0.6, 3.0)],
    special: [[0.0] => 0.0, [1e-20] => 1e-20, [-1.0] => -INF],
    kinks: [[-1.0] => [INF]],
    latex: "\\log\\left(1 + {0}\\right)",
    cost: 15,
}

/// The logarithm to base 2.
Log2 "log2" 1 {
    eval: |x| x[0].log2(),
    derivatives: [Steep(|r, x, _| {
        let inverse = r.recip(x[0]);
        r.scale(inverse, LOG2_E)
    })],
    total: never,
    fades: by_first,
    domain: "x > 0",
    notes: "slope +inf at 0",
    samples: [(0.3, 4.0)],
    special: [[8.0] => 3.0, [0.0] => -INF],
    kinks: [[0.0] => [INF]],
    latex: "\\log_{2} {0}",
    cost: 15,
}

/// The logarithm to base 10.
Log10 "log10" 1 {
    eval: |x| x[0].log10(),
    derivatives: [Steep(|r, x, _| {
        let inverse = r.recip(x[0]);
        r.scale(inverse, LOG10_E)
    })],
    total: never,
    fades: by_first,
    domain: "x > 0",
    notes: "slope +inf at 0",
    samples: [(0.3, 4.0)],
    special: [[1000.0] => 3.0, [0.0] => -INF],
    kinks: [[0.0] => [INF]],
    latex: "\\log_{10} {0}",
    cost: 15,
}

/// `1 / (1 + e⁻ˣ)`
Sigmoid "sigmoid" 1 {
    eval: |x| sigmoid(x[0]),
    // Not y·(1 - y), which loses all digits where y is nearly 1.
    derivatives: [Bounded(|r, x, y| r.slope_of_sigmoid(x[0], y))],
    total: always,
    domain: "all x",
    samples: [(-4.0, 4.0)],
    special: [[0.0] => 0.5, [-1000.0] => 0.0, [1000.0] => 1.0],
    kinks: [],
    latex: "\\sigma\\left({0}\\right)",
    cost: 15,
}

/// `sigmoid(x)·sigmoid(-x)`, the slope of sigmoid.
SigmoidSlope "sigmoid_slope" 1 {
    eval: |x| distribution::sigmoid_slope(x[0]),
    derivatives: [Bounded(|r, x, y| {
        let half = r.scale(x[0], 0.5);
        let tanh = r.tanh(half);
        let slope = r.times(y, tanh);
        r.neg(slope)
    })],
    total: always,
    domain: "all x",
    samples: [(-4.0, 4.0)],
    special: [[0.0] => 0.25, [40.0] => 4.248_354_255_291_589e-18, [-40.0] => 4.248_354_255_291_589e-18, [INF] => 0.0],
    kinks: [],
    latex: "\\sigma'\\left({0}\\right)",
    cost: 15,
}

/// `sigmoid_slope(x)` where y = sigmoid(x) is known: cheaper where that keeps its digits.
SlopeOfSigmoid "slope_of_sigmoid" 2 {
    eval: |x| distribution::sigmoid_slope(x[0]) + 0.0 * x[1],
    derivatives: [
        Bounded(|r, x, s| {
            let half = r.scale(x[0], 0.5);
            let tanh = r.tanh(half);
            let slope = r.times(s, tanh);
            r.neg(slope)
        }),
        // What y is follows from x.
        Zero,
    ],
    total: always,
    domain: "all x",
    samples: [(-4.0, 4.0), (0.1, 0.9)],
    special: [[0.0, 0.5] => 0.25, [40.0, 1.0] => 4.248_354_255_291_589e-18, [INF, 1.0] => 0.0],
    kinks: [],
    latex: "\\sigma'\\left({0}\\right)",
    cost: 4,
}

/// `log(sigmoid(x))`
LogSigmoid "log_sigmoid" 1 {
    eval: |x| x[0].min(0.0) - (-x[0].abs()).exp().ln_1p(),
    derivatives: [Bounded(|r, x, _| {
        let minus = r.neg(x[0]);
        r.sigmoid(minus)
    })],
    total: always,
    domain: "all x",
    samples: [(-4.0, 4.0)],
    special: [[-1000.0] => -1000.0, [1000.0] => 0.0],
    kinks: [],
    latex: "\\log \\sigma\\left({0}\\right)",
    cost: 20,
}

/// `log(1 + eˣ)`
Softplus "softplus" 1 {
    eval: |x| x[0].max(0.0) + (-x[0].abs()).exp().ln_1p(),
    derivatives: [Bounded(|r, x, _| r.sigmoid(x[0]))],
    total: always,
    domain: "all x",
    samples: [(-4.0, 4.0)],
    special: [[0.0] => LN_2, [-1000.0] => 0.0, [1000.0] => 1000.0],
    kinks: [],
    latex: "\\operatorname{softplus}\\left({0}\\right)",
    cost: 20,
}

/// `log(eᵃ + eᵇ)`
Logaddexp "logaddexp" 2 {
    arguments: "a, b",
    eval: |x| logaddexp(x[0], x[1]),
    derivatives: [
        Bounded(|r, x, y| share_of_exponential(r, x[0], x[1], y)),
        Bounded(|r, x, y| share_of_exponential(r, x[1], x[0], y)),
    ],
    total: always,
    domain: "all a, b",
    notes: "derivatives 1/2 each where both are +inf, 0 where both are -inf",
    samples: [(-2.0, 2.0), (-2.0, 2.0)],
    special: [[0.0, 0.0] => LN_2, [1000.0, 0.0] => 1000.0, [-INF, -INF] => -INF, [-INF, 1.0] => 1.0, [INF, 1.0] => INF,
        [NAN, 1.0] => NAN],
    kinks: [[INF, INF] => [0.5, 0.5], [-INF, -INF] => [0.0, 0.0], [-INF, 1.0] => [0.0, 1.0]],
    latex: "\\log\\left(e^{{0}} + e^{{1}}\\right)",
    cost: 20,
}

/// `log(1 - eˣ)` of an x below 0.
Log1mExp "log1m_exp" 1 {
    eval: |x| distribution::log1m_exp(x[0]),
    derivatives: [Steep(|r, x, _| slope_of_log1m_exp(r, x[0]))],
    total: never,
    domain: "x < 0",
    notes: "-inf with slope -inf at 0",
    samples: [(-3.0, -0.1)],
    special: [[-1e-20] => -46.051_701_859_880_914, [-40.0] => -4.248_354_255_291_589e-18, [0.0] => -INF, [1.0] => NAN,
        [-INF] => 0.0],
    kinks: [[0.0] => [-INF]],
    latex: "\\log\\left(1 - e^{{0}}\\right)",
    cost: 20,
}

/// `log(eᵃ - eᵇ)`
Logsubexp "logsubexp" 2 {
    arguments: "a, b",
    eval: |x| distribution::logsubexp(x[0], x[1]),
    derivatives: [
        Steep(|r, x, _| {
            let gap = gap(r, x[1], x[0]);
            let rest = r.expm1(gap);
            let rest = r.abs(rest);
            r.recip(rest)
        }),
        Steep(|r, x, _| {
            let gap = gap(r, x[1], x[0]);
            slope_of_log1m_exp(r, gap)
        }),
    ],
    total: never,
    domain: "a >= b",
    notes: "-inf with slopes ±inf where a = b",
    samples: [(0.5, 2.0), (-2.0, 0.0)],
    special: [[1000.0, 999.0] => 999.541_324_854_612_9, [2.0, -INF] => 2.0, [1.0, 1.0] => -INF, [0.0, 1.0] => NAN],
    kinks: [[1.0, 1.0] => [INF, -INF], [2.0, -INF] => [1.0, 0.0]],
    latex: "\\log\\left(e^{{0}} - e^{{1}}\\right)",
    cost: 20,
}

/// `x · log(y)`, 0 where x = 0.
Xlogy "xlogy" 2 {
    eval: |x| if x[0] == 0.0 && !x[1].is_nan() { 0.0 } else { x[0] * x[1].ln() },
    derivatives: [
        Root(|r, x, _| r.log(x[1])),
        Steep(|r, x, _| {
            let inverse = r.recip(x[1]);
            r.mul_unless_zero(x[0], inverse)
        }),
    ],
    total: never,
    fades: by_second,
    domain: "y > 0; y = 0 too where x >= 0",
    notes: "by x the derivative is log(y), -inf at y = 0; by y it is x/y, 0 where x = 0",
    samples: [(-2.0, 2.0), (0.4, 3.0)],
    special: [[0.0, 0.0] => 0.0, [2.0, 1.0] => 0.0, [0.0, -1.0] => 0.0, [1.0, 0.0] => -INF],
    kinks: [[0.0, 0.0] => [-INF, 0.0], [0.0, 1.0] => [0.0, 0.0], [2.0, 0.0] => [-INF, INF]],
    latex: "{0} \\log {1}",
    cost: 16,
}

/// `x · log(1 + y)`, 0 where x = 0.
Xlog1py "xlog1py" 2 {
    eval: |x| if x[0] == 0.0 && !x[1].is_nan() { 0.0 } else { x[0] * x[1].ln_1p() },
    derivatives: [
        Steep(|r, x, _| r.log1p(x[1])),
        Steep(|r, x, _| {
            let inner = r.offset(x[1], 1.0);
            let inverse = r.recip(inner);
            r.mul_unless_zero(x[0], inverse)
        }),
    ],
    total: never,
    fades: by_second,
    domain: "y > -1; y = -1 too where x >= 0",
    notes: "by x the derivative is log1p(y), -inf at y = -1; by y it is x/(1 + y), 0 where x = 0",
    samples: [(-2.0, 2.0), (-0.6, 2.0)],
    special: [[0.0, -1.0] => 0.0, [2.0, 0.0] => 0.0, [0.0, -2.0] => 0.0, [1.0, -1.0] => -INF, [1.0, 1e-20] => 1e-20],
    kinks: [[0.0, -1.0] => [-INF, 0.0], [0.0, 0.0] => [0.0, 0.0], [2.0, -1.0] => [-INF, INF]],
    latex: "{0} \\log\\left(1 + {1}\\right)",
    cost: 16,
}

    } };
}
