//! Rows of the table: what the normal and the beta distribution are made of.

/// Hands its rows and those before it to the next family.
macro_rules! probability {
    ($next:ident $($later:ident)*; $($rows:tt)*) => { $next! { $($later)*; $($rows)*

/// `e^(x²) erfc(x)`
Erfcx "erfcx" 1 {
    eval: |x| distribution::erfcx(x[0]),
    // Not 2x·y - 2/√π, which cancels where x is large.
    derivatives: [Steep(|r, x, _| {
        let first = r.ones_like(x[0]);
        let integral = r.erfcx_integral(first, x[0]);
        r.scale(integral, -2.0)
    })],
    total: never,
    domain: "all x; overflows below -26",
    samples: [(-2.0, 3.0)],
    special: [[0.0] => 1.0, [1.0] => 0.427_583_576_155_807, [-1.0] => 5.008_980_080_762_283, [1e200] => 5.641_895_835_477_563e-201,
        [INF] => 0.0, [-INF] => INF],
    kinks: [],
    latex: "\\operatorname{erfcx} {0}",
    cost: 20,
}

/// `e^(x²)` times the n-th repeated integral of erfc from x to infinity, n an integer from 0 to 100.
ErfcxIntegral "erfcx_integral" 2 {
    arguments: "n, x",
    eval: |x| distribution::erfcx_integral(x[0], x[1]),
    derivatives: [
        Refused("`erfcx_integral` has no derivative in its order"),
        Steep(|r, x, _| {
            let next = r.offset(x[0], 1.0);
            let integral = r.erfcx_integral(next, x[1]);
            let factor = r.scale(next, -2.0);
            r.times(factor, integral)
        }),
    ],
    total: never,
    domain: "n = 0, 1, … 100; all x; overflows below -26",
    notes: "2/√π for n = -1",
    samples: [(1.0, 1.0), (-2.0, 3.0)],
    special: [[0.0, 1.0] => 0.427_583_576_155_807, [1.0, 0.0] => 0.564_189_583_547_756_3, [2.0, 3.0] => 0.003_971_092_789_967_834,
        [1.0, -2.0] => 218.445_998_363_503_7, [0.5, 1.0] => NAN],
    kinks: [],
    latex: "e^{{1}^2} \\operatorname{i}^{{0}}\\operatorname{erfc}\\left({1}\\right)",
    cost: 250,
}

/// The inverse of erf.
Erfinv "erfinv" 1 {
    eval: |x| distribution::erfinv(x[0]),
    derivatives: [Steep(|r, _, y| {
        let square = r.square(y);
        let steep = r.exp(square);
        r.scale(steep, 1.0 / FRAC_2_SQRT_PI)
    })],
    total: never,
    domain: "-1 <= x <= 1",
    notes: "slope +inf at -1 and 1",
    samples: [(-0.8, 0.8)],
    special: [[0.0] => 0.0, [0.5] => 0.476_936_276_204_469_9, [1.0] => INF, [-1.0] => -INF, [1.5] => NAN],
    kinks: [[1.0] => [INF], [-1.0] => [INF]],
    latex: "\\operatorname{erf}^{-1}\\left({0}\\right)",
    cost: 60,
}

/// The density of the normal distribution, `e^(-x²/2) / √(2π)`.
NormPdf "norm_pdf" 1 {
    eval: |x| distribution::norm_pdf(x[0]),
    // At infinity it is as flat as it is low.
    derivatives: [Bounded(|r, x, y| {
        let slope = r.mul_unless_zero(y, x[0]);
        r.neg(slope)
    })],
    total: always,
    domain: "all x",
    samples: [(-3.0, 3.0)],
    special: [[0.0] => 0.398_942_280_401_432_7, [1.0] => 0.241_970_724_519_143_35, [INF] => 0.0],
    kinks: [],
    latex: "\\varphi\\left({0}\\right)",
    cost: 15,
}

/// The distribution function of the normal distribution, accurate where it is small.
NormCdf "norm_cdf" 1 {
    eval: |x| distribution::norm_cdf(x[0]),
    derivatives: [Bounded(|r, x, _| r.norm_pdf(x[0]))],
    total: always,
    domain: "all x",
    samples: [(-3.0, 3.0)],
    special: [[0.0] => 0.5, [1.0] => 0.841_344_746_068_542_9, [-10.0] => 7.619_853_024_160_527e-24, [INF] => 1.0, [-INF] => 0.0],
    kinks: [],
    latex: "\\Phi\\left({0}\\right)",
    cost: 20,
}

/// `log(norm_cdf(x))`
LogNormCdf "log_norm_cdf" 1 {
    eval: |x| distribution::log_norm_cdf(x[0]),
    derivatives: [Bounded(|r, x, _| r.inverse_mills(x[0]))],
    total: never,
    domain: "all x",
    samples: [(-4.0, 3.0)],
    special: [[0.0] => -LN_2, [-40.0] => -804.608_442_013_754, [10.0] => -7.619_853_024_160_527e-24, [-1e100] => -5e199,
        [-INF] => -INF],
    kinks: [],
    latex: "\\log \\Phi\\left({0}\\right)",
    cost: 20,
}

/// `norm_pdf(x) / norm_cdf(x)`, the slope of `log_norm_cdf`.
InverseMills "inverse_mills" 1 {
    eval: |x| distribution::inverse_mills(x[0]),
    derivatives: [Bounded(slope_of_inverse_mills)],
    total: always,
    domain: "all x",
    samples: [(-4.0, -0.1), (0.1, 3.0)],
    special: [[0.0] => 0.797_884_560_802_865_4, [-40.0] => 40.024_968_847_207_28, [40.0] => 0.0, [-1e100] => 1e100],
    kinks: [],
    latex: "\\frac{\\varphi\\left({0}\\right)}{\\Phi\\left({0}\\right)}",
    cost: 20,
}

/// The number below which a normal variable is with probability p, the inverse of `norm_cdf`.
NormPpf "norm_ppf" 1 {
    arguments: "p",
    eval: |x| distribution::norm_ppf(x[0]),
    derivatives: [Steep(|r, _, y| {
        let density = r.norm_pdf(y);
        r.recip(density)
    })],
    total: never,
    domain: "0 <= p <= 1",
    notes: "slope +inf at 0 and 1",
    samples: [(0.1, 0.9)],
    special: [[0.5] => 0.0, [0.975] => 1.959_963_984_540_054, [1e-300] => -37.047_096_299_361_2, [0.0] => -INF, [1.0] => INF,
        [1.5] => NAN],
    kinks: [[0.0] => [INF], [1.0] => [INF]],
    latex: "\\Phi^{-1}\\left({0}\\right)",
    cost: 60,
}

/// `lgamma(x + n) - lgamma(x)` without cancellation: the logarithm of `x·(x + 1)·…·(x + n - 1)`.
LogRisingFactorial "log_rising_factorial" 2 {
    arguments: "x, n",
    eval: |x| distribution::log_rising_factorial(x[0], x[1]),
    derivatives: [
        Steep(|r, x, _| r.digamma_rise(x[0], x[1])),
        Steep(|r, x, _| {
            let sum = r.plus(x[0], x[1]);
            r.digamma(sum)
        }),
    ],
    total: never,
    fades: by_first,
    domain: "x > 0 and x + n > 0; else the logarithm of the size",
    samples: [(0.5, 5.0), (0.5, 4.0)],
    special: [[3.0, 0.0] => 0.0, [1.0, 1.0] => 0.0, [2.0, 3.0] => 3.178_053_830_347_945_8, [1e20, 1.0] => 46.051_701_859_880_914,
        [0.0, 2.0] => -INF, [0.0, 0.0] => 0.0],
    kinks: [],
    latex: "\\log {0}^{({1})}",
    cost: 120,
}

/// `digamma(x + n) - digamma(x)` without cancellation.
DigammaRise "digamma_rise" 2 {
    arguments: "x, n",
    eval: |x| distribution::digamma_rise(x[0], x[1]),
    derivatives: [
        Steep(|r, x, _| trigamma_rise(r, x[0], x[1])),
        Steep(|r, x, _| {
            let sum = r.plus(x[0], x[1]);
            r.trigamma(sum)
        }),
    ],
    total: never,
    fades: by_second,
    domain: "x > 0 and x + n > 0; else a difference that may cancel",
    samples: [(0.7, 5.0), (0.5, 4.0)],
    special: [[1.0, 1.0] => 1.0, [3.0, 0.0] => 0.0, [1e20, 1.0] => 1e-20, [0.0, 2.0] => INF],
    kinks: [],
    latex: "\\left(\\psi\\left({0} + {1}\\right) - \\psi\\left({0}\\right)\\right)",
    cost: 100,
}

/// `lgamma(a) + lgamma(b) - lgamma(a + b)` without cancellation: the logarithm of the beta function.
Lbeta "lbeta" 2 {
    arguments: "a, b",
    eval: |x| distribution::lbeta(x[0], x[1]),
    derivatives: [
        Steep(|r, x, _| {
            let rise = r.digamma_rise(x[0], x[1]);
            r.neg(rise)
        }),
        Steep(|r, x, _| {
            let rise = r.digamma_rise(x[1], x[0]);
            r.neg(rise)
        }),
    ],
    total: never,
    fades: by_each,
    domain: "a, b > 0; else the logarithm of the size",
    samples: [(0.6, 5.0), (0.5, 4.0)],
    special: [[1.0, 1.0] => 0.0, [2.0, 3.0] => -2.484_906_649_788_000_4, [1e10, 0.5] => -10.940_560_522_033_028,
        [1e15, 1e15] => -1_386_294_361_119_906.6, [0.0, 2.0] => INF],
    kinks: [],
    latex: "\\log \\mathrm{B}\\left({0}, {1}\\right)",
    cost: 250,
}

    } };
}
