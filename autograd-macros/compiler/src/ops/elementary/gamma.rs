//! Rows of the table: the error function and the gamma function with its derivatives.

/// Hands its rows and those before it to the next family.
macro_rules! gamma {
    ($next:ident $($later:ident)*; $($rows:tt)*) => { $next! { $($later)*; $($rows)*

/// The error function.
Erf "erf" 1 {
    eval: |x| special::erf(x[0]),
    derivatives: [Bounded(gauss)],
    total: always,
    domain: "all x",
    samples: [(-2.0, 2.0)],
    special: [[0.0] => 0.0, [1.0] => 0.842_700_792_949_714_9, [INF] => 1.0],
    kinks: [],
    latex: "\\operatorname{erf} {0}",
    cost: 20,
}

/// One minus the error function, accurate where that is small.
Erfc "erfc" 1 {
    eval: |x| special::erfc(x[0]),
    derivatives: [Bounded(|r, x, y| {
        let slope = gauss(r, x, y);
        r.neg(slope)
    })],
    total: always,
    domain: "all x",
    samples: [(-2.0, 2.0)],
    special: [[0.0] => 1.0, [10.0] => 2.088_487_583_762_545e-45, [INF] => 0.0, [-INF] => 2.0],
    kinks: [],
    latex: "\\operatorname{erfc} {0}",
    cost: 20,
}

/// `log|Γ(x)|`
Lgamma "lgamma" 1 {
    eval: |x| special::lgamma(x[0]),
    derivatives: [Steep(|r, x, _| r.digamma(x[0]))],
    total: never,
    domain: "all x but 0, -1, -2, …",
    samples: [(0.5, 5.0)],
    special: [[1.0] => 0.0, [2.0] => 0.0, [0.5] => 0.572_364_942_924_700_1, [100.0] => 359.134_205_369_575_4,
        [0.0] => INF, [-1.0] => INF, [-0.5] => 1.265_512_123_484_645_4],
    kinks: [[-1.0] => [NAN]],
    latex: "\\log\\left|\\Gamma\\left({0}\\right)\\right|",
    cost: 70,
}

/// The derivative of lgamma.
Digamma "digamma" 1 {
    eval: |x| special::digamma(x[0]),
    derivatives: [Steep(|r, x, _| r.trigamma(x[0]))],
    total: never,
    fades: by_first,
    domain: "all x but 0, -1, -2, …",
    notes: "NaN at the poles",
    samples: [(0.6, 5.0)],
    special: [[1.0] => -0.577_215_664_901_532_9, [10.0] => 2.251_752_589_066_721, [-0.5] => 0.036_489_973_978_576_52,
        [-1.0] => NAN, [0.0] => -INF, [-0.0] => INF],
    kinks: [],
    latex: "\\psi\\left({0}\\right)",
    cost: 60,
}

/// The derivative of digamma.
Trigamma "trigamma" 1 {
    eval: |x| special::polygamma(1.0, x[0]),
    derivatives: [Steep(|r, x, _| {
        let two = r.full_like(2.0, x[0]);
        r.polygamma(two, x[0])
    })],
    total: never,
    domain: "all x but 0, -1, -2, …",
    samples: [(0.7, 5.0)],
    special: [[1.0] => 1.644_934_066_848_226_4, [0.5] => 4.934_802_200_544_679, [-0.5] => 8.934_802_200_544_679,
        [0.0] => INF],
    kinks: [],
    latex: "\\psi'\\left({0}\\right)",
    cost: 40,
}

/// The derivative of digamma of order n, an integer from 0 to 170.
Polygamma "polygamma" 2 {
    arguments: "n, x",
    eval: |x| special::polygamma(x[0], x[1]),
    derivatives: [
        Refused("`polygamma` has no derivative in its order"),
        Steep(|r, x, _| {
            let next = r.offset(x[0], 1.0);
            r.polygamma(next, x[1])
        }),
    ],
    total: never,
    fades: |r, x, places| places == [1, 1] && r.literal_value(x[0]).is_none_or(|n| n == 0.0),
    domain: "n = 0, 1, … 170; all x but 0, -1, -2, …",
    samples: [(2.0, 2.0), (0.8, 5.0)],
    special: [[0.0, 1.0] => -0.577_215_664_901_532_9, [2.0, 1.0] => -2.404_113_806_319_188_6,
        [3.0, 0.5] => 97.409_091_034_002_44, [2.0, -0.5] => -0.828_796_644_234_319_6, [0.5, 1.0] => NAN,
        [3.0, -1.0] => INF],
    kinks: [],
    latex: "\\psi^{({0})}\\left({1}\\right)",
    cost: 150,
}

    } };
}
