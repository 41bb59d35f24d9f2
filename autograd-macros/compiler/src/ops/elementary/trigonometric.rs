//! Rows of the table: circular and hyperbolic functions.

/// Hands its rows and those before it to the next family.
macro_rules! trigonometric {
    ($next:ident $($later:ident)*; $($rows:tt)*) => { $next! { $($later)*; $($rows)*

/// The sine.
Sin "sin" 1 {
    eval: |x| x[0].sin(),
    derivatives: [Bounded(|r, x, _| r.cos(x[0]))],
    total: always,
    domain: "all x",
    samples: [(-3.0, 3.0)],
    special: [[0.0] => 0.0, [INF] => NAN],
    kinks: [],
    latex: "\\sin {0}",
    cost: 15,
}

/// The cosine.
Cos "cos" 1 {
    eval: |x| x[0].cos(),
    derivatives: [Bounded(|r, x, _| {
        let sine = r.sin(x[0]);
        r.neg(sine)
    })],
    total: always,
    domain: "all x",
    samples: [(-3.0, 3.0)],
    special: [[0.0] => 1.0, [INF] => NAN],
    kinks: [],
    latex: "\\cos {0}",
    cost: 15,
}

/// The tangent.
Tan "tan" 1 {
    eval: |x| x[0].tan(),
    derivatives: [Bounded(|r, _, y| {
        let square = r.square(y);
        r.offset(square, 1.0)
    })],
    total: always,
    domain: "all x that are no odd multiple of pi/2",
    samples: [(-1.2, 1.2)],
    special: [[0.0] => 0.0],
    kinks: [],
    latex: "\\tan {0}",
    cost: 18,
}

/// The inverse sine; infinite slopes at -1 and 1.
Asin "asin" 1 {
    eval: |x| x[0].asin(),
    derivatives: [Root(inverse_circle)],
    total: never,
    domain: "-1 <= x <= 1",
    notes: "slope +inf at -1 and 1",
    samples: [(-0.8, 0.8)],
    special: [[0.0] => 0.0, [1.0] => FRAC_PI_2, [2.0] => NAN],
    kinks: [[1.0] => [INF], [-1.0] => [INF]],
    latex: "\\arcsin {0}",
    cost: 18,
}

/// The inverse cosine; infinite slopes at -1 and 1.
Acos "acos" 1 {
    eval: |x| x[0].acos(),
    derivatives: [Root(|r, x, y| {
        let slope = inverse_circle(r, x, y);
        r.neg(slope)
    })],
    total: never,
    domain: "-1 <= x <= 1",
    notes: "slope -inf at -1 and 1",
    samples: [(-0.8, 0.8)],
    special: [[1.0] => 0.0, [0.0] => FRAC_PI_2, [2.0] => NAN],
    kinks: [[1.0] => [-INF], [-1.0] => [-INF]],
    latex: "\\arccos {0}",
    cost: 18,
}

/// The inverse tangent.
Atan "atan" 1 {
    eval: |x| x[0].atan(),
    derivatives: [Bounded(|r, x, _| {
        let square = r.square(x[0]);
        let sum = r.offset(square, 1.0);
        r.recip(sum)
    })],
    total: always,
    // Of a quotient with a pole the slope by the divisor does not vanish there: that of the pole is as large.
    fades: |r, x, _| has_pole(r, x[0], 4),
    domain: "all x",
    samples: [(-3.0, 3.0)],
    special: [[0.0] => 0.0, [INF] => FRAC_PI_2],
    kinks: [],
    latex: "\\arctan {0}",
    cost: 15,
}

/// The angle of the point (x, y), from y and x; both derivatives are 0 at the origin.
Atan2 "atan2" 2 {
    arguments: "y, x",
    eval: |x| x[0].atan2(x[1]),
    derivatives: [
        Steep(|r, x, _| over_square_of_radius(r, x[1], x)),
        Steep(|r, x, _| {
            let minus = r.neg(x[0]);
            over_square_of_radius(r, minus, x)
        }),
    ],
    total: always,
    domain: "all y, x",
    notes: "derivatives 0 at the origin; a jump by 2 pi across x < 0 = y",
    samples: [(-2.0, 2.0), (0.5, 2.0)],
    special: [[0.0, 1.0] => 0.0, [1.0, 0.0] => FRAC_PI_2, [0.0, 0.0] => 0.0],
    kinks: [[0.0, 0.0] => [0.0, 0.0], [0.0, 2.0] => [0.5, 0.0], [1e-200, 0.0] => [0.0, -1e200]],
    latex: "\\operatorname{atan2}\\left({0}, {1}\\right)",
    cost: 18,
}

/// The hyperbolic sine.
Sinh "sinh" 1 {
    eval: |x| x[0].sinh(),
    derivatives: [Steep(|r, x, _| r.cosh(x[0]))],
    total: never,
    domain: "all x; overflows beyond 710",
    samples: [(-2.0, 2.0)],
    special: [[0.0] => 0.0, [1e-20] => 1e-20],
    kinks: [],
    latex: "\\sinh {0}",
    cost: 18,
}

/// The hyperbolic cosine.
Cosh "cosh" 1 {
    eval: |x| x[0].cosh(),
    derivatives: [Steep(|r, x, _| r.sinh(x[0]))],
    total: never,
    domain: "all x; overflows beyond 710",
    samples: [(-2.0, 2.0)],
    special: [[0.0] => 1.0],
    kinks: [],
    latex: "\\cosh {0}",
    cost: 18,
}

/// The hyperbolic tangent.
Tanh "tanh" 1 {
    eval: |x| x[0].tanh(),
    // Not 1 - y², which loses all digits where y is nearly 1.
    derivatives: [Bounded(|r, x, y| r.slope_of_tanh(x[0], y))],
    total: always,
    domain: "all x",
    samples: [(-2.5, 2.5)],
    special: [[0.0] => 0.0, [-1000.0] => -1.0, [1000.0] => 1.0],
    kinks: [],
    latex: "\\tanh {0}",
    cost: 15,
}

/// `1 / cosh(x)`.
Sech "sech" 1 {
    eval: |x| distribution::sech(x[0]),
    // Not by that of the quotient: the square of the cosine overflows.
    derivatives: [Bounded(|r, x, y| {
        let tanh = r.tanh(x[0]);
        let slope = r.times(y, tanh);
        r.neg(slope)
    })],
    total: always,
    domain: "all x",
    samples: [(-2.5, 2.5)],
    special: [[0.0] => 1.0, [500.0] => 1.424_915_281_348_257e-217, [-500.0] => 1.424_915_281_348_257e-217, [INF] => 0.0],
    kinks: [],
    latex: "\\operatorname{sech} {0}",
    cost: 15,
}

/// `1 / cosh(x)^2`, the slope of tanh.
TanhSlope "tanh_slope" 1 {
    eval: |x| distribution::tanh_slope(x[0]),
    derivatives: [Bounded(|r, x, y| {
        let tanh = r.tanh(x[0]);
        let slope = r.times(y, tanh);
        r.scale(slope, -2.0)
    })],
    total: always,
    domain: "all x",
    samples: [(-2.5, 2.5)],
    special: [[0.0] => 1.0, [20.0] => 1.699_341_702_116_635_7e-17, [-20.0] => 1.699_341_702_116_635_7e-17, [INF] => 0.0],
    kinks: [],
    latex: "\\operatorname{sech}^{2}\\left({0}\\right)",
    cost: 15,
}

/// `tanh_slope(x)` where y = tanh(x) is known: cheaper where that keeps its digits.
SlopeOfTanh "slope_of_tanh" 2 {
    eval: |x| distribution::tanh_slope(x[0]) + 0.0 * x[1],
    derivatives: [
        Bounded(|r, x, s| {
            let tanh = r.tanh(x[0]);
            let slope = r.times(s, tanh);
            r.scale(slope, -2.0)
        }),
        // What y is follows from x.
        Zero,
    ],
    total: always,
    domain: "all x",
    samples: [(-2.5, 2.5), (-0.9, 0.9)],
    special: [[0.0, 0.0] => 1.0, [20.0, 1.0] => 1.699_341_702_116_635_7e-17, [INF, 1.0] => 0.0],
    kinks: [],
    latex: "\\operatorname{sech}^{2}\\left({0}\\right)",
    cost: 4,
}

/// `log(cosh(x))` without overflow.
LogCosh "log_cosh" 1 {
    eval: |x| distribution::log_cosh(x[0]),
    derivatives: [Bounded(|r, x, _| r.tanh(x[0]))],
    total: always,
    domain: "all x",
    samples: [(-2.5, 2.5)],
    special: [[0.0] => 0.0, [1e-10] => 5e-21, [1000.0] => 999.306_852_819_440_1, [-1000.0] => 999.306_852_819_440_1,
        [INF] => INF],
    kinks: [],
    latex: "\\log \\cosh {0}",
    cost: 20,
}

/// The inverse hyperbolic sine.
Asinh "asinh" 1 {
    eval: |x| x[0].asinh(),
    // The square may overflow where its root does not.
    derivatives: [Bounded(|r, x, _| {
        let one = r.ones_like(x[0]);
        let root = r.hypot(x[0], one);
        r.recip(root)
    })],
    total: always,
    fades: by_first,
    domain: "all x",
    samples: [(-3.0, 3.0)],
    special: [[0.0] => 0.0, [1e-20] => 1e-20],
    kinks: [],
    latex: "\\operatorname{arsinh} {0}",
    cost: 20,
}

/// The inverse hyperbolic cosine; infinite slope at 1.
Acosh "acosh" 1 {
    eval: |x| acosh(x[0]),
    derivatives: [Root(|r, x, _| {
        let below = r.offset(x[0], -1.0);
        let above = r.offset(x[0], 1.0);
        // The product may overflow where its root does not.
        let (below, above) = (r.rsqrt(below), r.rsqrt(above));
        r.times(below, above)
    })],
    total: never,
    fades: by_first,
    domain: "x >= 1",
    notes: "slope +inf at 1",
    samples: [(1.3, 4.0)],
    special: [[1.0] => 0.0, [0.5] => NAN],
    kinks: [[1.0] => [INF]],
    latex: "\\operatorname{arcosh} {0}",
    cost: 20,
}

/// The inverse hyperbolic tangent; infinite slopes at -1 and 1.
Atanh "atanh" 1 {
    // The library's loses digits near -1.
    eval: |x| x[0].abs().atanh().copysign(x[0]),
    derivatives: [Steep(|r, x, _| {
        let product = difference_to_one(r, x[0]);
        r.recip(product)
    })],
    total: never,
    domain: "-1 < x < 1",
    notes: "slope +inf at -1 and 1",
    samples: [(-0.8, 0.8)],
    special: [[0.0] => 0.0, [1.0] => INF, [2.0] => NAN],
    kinks: [[1.0] => [INF]],
    latex: "\\operatorname{artanh} {0}",
    cost: 20,
}

    } };
}
