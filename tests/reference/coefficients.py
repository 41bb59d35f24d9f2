"""Fits the polynomials of most functions of `autograd-core/src/math` and writes `autograd-core/src/math/coefficients.rs`.

Run from the repository's root, with mpmath installed:

    python3 tests/reference/coefficients.py

`minimax.py` says how; `coefficients_gamma.py` and `coefficients_quantile.py` do the same for the gamma functions and the
quantiles.
"""

from mpmath import (asin, atan, atanh, bernoulli, erf, erfc, exp, expm1, factorial, floor, log, log1p, mp, mpf, pi, sin, cos, sinh,
                    sqrt, tanh)

from minimax import fit, module, one, parts, series, tables

def scaled_erfc(t):
    x = mpf(15) / 4 * (1 + t) / (1 - t)
    return (1 + 2 * x) * exp(x * x) * erfc(x)


def log_norm_cdf(x):
    return log(erfc(-x / sqrt(mpf(2))) / 2)


def log_cosh_over_square(z):
    return log1p(2 * sinh(sqrt(z) / 2) ** 2) / z if z > mpf(10) ** -30 else mpf(1) / 2


def rest(value, width):
    """What rounding a value between 1 and 2 to so many bits leaves, relative to what it gives."""
    near = mp.nint(value * mpf(2) ** (width - 1)) / mpf(2) ** (width - 1)
    return value / near - 1


def rounded(value, width):
    _, exponent = mp.frexp(value)
    unit = mpf(2) ** (exponent - width)
    return mp.nint(value / unit) * unit, unit


def nearly_exact(function, inverse, place, width):
    """Near a place, a number of that many bits whose function is all but a number of so many bits (Gal's method)."""
    value, _ = rounded(function(place), width)
    near, unit = rounded(inverse(value), width)
    return min((near + k * unit for k in range(-500, 501)), key=lambda x: abs(rounded(function(x), width)[0] - function(x)))


EXP_RANGE = log(2) / 2
TANH_END = mpf("9.04")
TANH_STEP = TANH_END / (mpf(31) / 2)
LOG_RANGE = ((sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1)) ** 2
QUARTER = pi / 4
# name, doc, function, low, high, weight, degree for f32, degree for f64; a low or high may be a pair (f32, f64)
POLYNOMIALS = [
    ("EXP", "`(eˣ − 1 − x) / x²` for |x| ≤ log(2)/2.",
     series(lambda x: (expm1(x) - x) / x**2, mpf(1) / 2), -EXP_RANGE, EXP_RANGE, abs, 5, 10),
    ("EXP_NEAR", "`(eˣ − 1 − x) / x²` for |x| ≤ log(2)/32.",
     series(lambda x: (expm1(x) - x) / x**2, mpf(1) / 2), -EXP_RANGE / 16, EXP_RANGE / 16, abs, 1, 4),
    ("EXPM1", "`(eˣ − 1 − x) / x²` for −0.01 ≤ x ≤ 0.69.",
     series(lambda x: (expm1(x) - x) / x**2, mpf(1) / 2), mpf("-0.01"), mpf("0.69"), abs, 5, 10),
    ("EXP2", "`(2ˣ − 1) / x` for |x| ≤ 1/2.",
     series(lambda x: expm1(x * log(2)) / x, log(2)), -0.5, 0.5, one, 5, 10),
    ("LOG", "`(log((1 + s)/(1 − s)) − 2s) / s³` of s², for arguments between √½ and √2.",
     series(lambda z: (log((1 + sqrt(z)) / (1 - sqrt(z))) / sqrt(z) - 2) / z, mpf(2) / 3), 0, LOG_RANGE,
     lambda z: z, 2, 6),
    ("LOG_TAIL", "`(log((1 + s)/(1 − s)) − 2s − ⅔s³) / s⁵` of s², for arguments between √½ and √2.",
     series(lambda z: ((log((1 + sqrt(z)) / (1 - sqrt(z))) / sqrt(z) - 2) / z - mpf(2) / 3) / z, mpf(2) / 5), 0,
     LOG_RANGE, lambda z: z * z, 2, 7),
    ("SIN", "`(sin x − x) / x³` of x², for |x| ≤ π/4.",
     series(lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z, mpf(-1) / 6), 0, QUARTER**2, lambda z: z, 2, 5),
    ("COS", "`(cos x − 1 + x²/2) / x⁴` of x², for |x| ≤ π/4.",
     series(lambda z: (cos(sqrt(z)) - 1 + z / 2) / z**2, mpf(1) / 24), 0, QUARTER**2, lambda z: z * z, 2, 5),
    ("ERF", "`erf(x) / x − 1` of x², for |x| ≤ 1.",
     series(lambda z: erf(sqrt(z)) / sqrt(z) - 1, 2 / sqrt(pi) - 1), 0, 1, one, 6, 11),
    ("ERF_TAIL", "`log(1 − erf(x))` of x − 2, for x from 1 to where erf rounds to 1.",
     lambda y: log(erfc(y + 2)), -1, (2, 4), lambda y: erfc(y + 2), 6, 17),
    ("ERFC", "`(1 + 2x) exp(x²) erfc(x)` of (x − 3.75) / (x + 3.75), for x from 0 to where erfc rounds to 0.",
     scaled_erfc, -1, (mpf("0.46"), mpf("0.77")), one, 11, 22),
    ("LOG_CDF", "`(log Φ(x) + log 2) / x` for −½ ≤ x ≤ ¾, where Φ is the distribution function of the normal distribution.",
     series(lambda x: (log_norm_cdf(x) + log(2)) / x, sqrt(2 / pi)), mpf("-0.5"), mpf("0.75"),
     lambda x: abs(x / log_norm_cdf(x)), 6, 16),
    ("LOG_COSH", "`log cosh(x) / x²` of x², for |x| ≤ 1.",
     log_cosh_over_square, 0, 1, lambda z: 1 / log_cosh_over_square(z), 7, 15),
    ("TANH_NEAR", "`(tanh x − x) / x³` of x², for |x| ≤ 0.292, half a step of the table; for `f32` alone.",
     series(lambda z: (tanh(sqrt(z)) / sqrt(z) - 1) / z, mpf(-1) / 3), 0, (TANH_STEP / 2) ** 2, lambda z: z, 2, None),
    ("ATAN", "`(atan x − x) / x³` of x², for |x| ≤ tan(π/8).",
     series(lambda z: (atan(sqrt(z)) / sqrt(z) - 1) / z, mpf(-1) / 3), 0, (sqrt(mpf(2)) - 1) ** 2, lambda z: z, 4, 10),
    ("ASIN", "`(asin x − x) / x³` of x², for |x| ≤ 1/2.",
     series(lambda z: (asin(sqrt(z)) / sqrt(z) - 1) / z, mpf(1) / 6), 0, 0.25, lambda z: z, 4, 11),
    ("CBRT", "`1 / ∛x` for x between √½ and √2.",
     lambda x: 1 / x ** (mpf(1) / 3), sqrt(mpf(1) / 2), sqrt(mpf(2)), lambda x: x ** (mpf(1) / 3), 3, 5),
]

LN_2 = log(2)
SIXTEENTHS = [mpf(2) ** (mpf(k) / 16) for k in range(16)]
TANH_PLACES = [mpf(0)] + [nearly_exact(tanh, atanh, k * TANH_STEP, 24) for k in range(1, 16)]
# name, doc, value for f32, value for f64
CONSTANTS = [
    ("LN_2_PARTS", "log 2 in two parts, the first short enough that its product with any exponent is exact.",
     parts(LN_2, (15, 24)), parts(LN_2, (42, 53))),
    ("FRAC_1_LN_2_PARTS", "1/log 2 in two parts.", parts(1 / LN_2, (12, 24)), parts(1 / LN_2, (26, 53))),
    ("FRAC_1_LN_10_PARTS", "1/log 10 in two parts.", parts(1 / log(10), (12, 24)), parts(1 / log(10), (26, 53))),
    ("LOG10_2_PARTS", "log₁₀ 2 in two parts, the first short enough that its product with any exponent is exact.",
     parts(log(2) / log(10), (15, 24)), parts(log(2) / log(10), (42, 53))),
    ("FRAC_PI_2_PARTS", "π/2 in parts whose products with the number of quarter turns are exact.",
     parts(pi / 2, (13, 13, 13, 24)), parts(pi / 2, (37, 37, 53))),
    ("FRAC_PI_4_PARTS", "π/4 in two parts, the first with an exact product with 1 to 4.",
     parts(pi / 4, (22, 24)), parts(pi / 4, (51, 53))),
    ("POWERS", "2 to the power of 0, 1/16, 2/16, …, 15/16.", SIXTEENTHS, SIXTEENTHS),
    ("POWERS_REST", "What their roundings leave, relative to them; for `f32` alone.",
     [rest(x, 24) for x in SIXTEENTHS], []),
    ("TANH_PLACES", "Places about a step apart, from 0 on, where tanh is all but a number of 24 bits; for `f32` alone.",
     TANH_PLACES, []),
    ("TANH_THERE", "tanh at these places.", [tanh(x) for x in TANH_PLACES], []),
    ("TANH_SLOPES", "1 − tanh² at these places.", [1 - tanh(x) ** 2 for x in TANH_PLACES], []),
    ("TANH_STEPS", "The steps between the places to a unit.", [1 / TANH_STEP], [1 / TANH_STEP]),
    ("TWO_THIRDS", "⅔ as a value and the rest.", parts(mpf(2) / 3, (24, 24)), parts(mpf(2) / 3, (53, 53))),
    ("FRAC_1_LN_2", "1/log 2", [1 / LN_2], [1 / LN_2]),
    ("FRAC_2_PI", "2/π", [2 / pi], [2 / pi]),
]

# name, doc, values: for scalar code
SERIES = [
    ("HALF_PI", "π/2 in two parts.", parts(pi / 2, (53, 53))),
    ("EULER_MACLAURIN", "`B₂ₖ / (2k)!` for k = 1, 2, …",
     [bernoulli(2 * k) / factorial(2 * k) for k in range(1, 13)]),
]


def words_of_frac_2_pi(count):
    """2/π in words of 64 bits, the first of which is 0: the bits before the point."""
    with mp.workprec(64 * count + 64):
        whole = int(floor(2 / pi * mpf(2) ** (64 * (count - 1))))
    return [whole >> 64 * (count - 1 - k) & (1 << 64) - 1 for k in range(count)]


def main():
    arrays = tables(POLYNOMIALS, fit(POLYNOMIALS))
    text = module("Polynomials and constants of the elementary functions, as minimax fits: lowest coefficient first.", "coefficients.py",
                  "Coefficients", "What the functions of one scalar type are made of.", arrays, CONSTANTS, SERIES)
    words = words_of_frac_2_pi(20)
    text += ("\n/// The bits of 2/π, 64 to a word; the first word is what stands before the point.\n"
             f"pub const FRAC_2_PI_WORDS: [u64; {len(words)}] = [\n" + "".join(f"    {w:#018x},\n" for w in words) + "];\n")
    with open("autograd-core/src/math/coefficients.rs", "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
