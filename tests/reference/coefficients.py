"""Fits the polynomials of `autograd-core/src/math` and writes `autograd-core/src/math/coefficients.rs`.

Run from the repository's root, with mpmath installed:

    python3 tests/reference/coefficients.py

Each polynomial is a weighted minimax fit (Remez' exchange on a fine grid, in 50 digits). The printed number beside
each name is the largest weighted error, as a power of two.
"""

import struct

from mpmath import (asin, atan, atanh, bernoulli, cos, digamma, erf, erfc, exp, expm1, factorial, findroot, floor, log, log1p,
                    loggamma, lu_solve, matrix, mp, mpf, nstr, pi, sin, sinh, sqrt, tanh)

mp.dps = 60


def minimax(function, low, high, degree, weight):
    """The polynomial of that degree with the least maximum of |weight * (polynomial - function)|."""
    low, high, count = mpf(low), mpf(high), degree + 2
    middle, half = (low + high) / 2, (high - low) / 2
    grid = [middle - half * cos(pi * k / (24 * count)) for k in range(24 * count + 1)]
    values = [function(x) for x in grid]
    weights = [weight(x) for x in grid]
    chosen = [round(24 * count * k / (count - 1)) for k in range(count)]
    # Zero weights would make the system singular.
    chosen = [i if weights[i] != 0 else i + 1 for i in chosen]
    for _ in range(12):
        system, right = matrix(count, count), matrix(count, 1)
        for row, i in enumerate(chosen):
            y = (grid[i] - middle) / half
            for column in range(degree + 1):
                system[row, column] = y**column
            system[row, degree + 1] = (-1) ** row / weights[i]
            right[row] = values[i]
        solution = lu_solve(system, right)
        errors = []
        for x, value, w in zip(grid, values, weights):
            y, total = (x - middle) / half, mpf(0)
            for k in reversed(range(degree + 1)):
                total = total * y + solution[k]
            errors.append(w * (total - value))
        # One extremum for each run of one sign; the best `count` neighbours of these.
        runs = []
        for i, error in enumerate(errors):
            if error == 0:
                continue
            if runs and (errors[runs[-1]] > 0) == (error > 0):
                if abs(error) > abs(errors[runs[-1]]):
                    runs[-1] = i
            else:
                runs.append(i)
        while len(runs) > count:
            runs.pop(0 if abs(errors[runs[0]]) < abs(errors[runs[-1]]) else -1)
        worst = max(abs(error) for error in errors)
        if len(runs) < count or runs == chosen:
            break
        chosen = runs
    # From the scaled variable y = (x - middle) / half back to x.
    result = [mpf(0)] * (degree + 1)
    for k in reversed(range(degree + 1)):
        shifted = [mpf(0)] * (degree + 1)
        for j in range(degree):
            shifted[j + 1] += result[j] / half
        for j in range(degree + 1):
            shifted[j] -= result[j] * middle / half
        shifted[0] += solution[k]
        result = shifted
    return result, worst


def series(tail, first):
    """A function given by `tail(x)` away from 0 and by its limit `first` at 0."""
    return lambda x: first if abs(x) < mpf(10) ** -30 else tail(x)


def scaled_erfc(t):
    x = mpf(15) / 4 * (1 + t) / (1 - t)
    return (1 + 2 * x) * exp(x * x) * erfc(x)


def log_norm_cdf(x):
    return log(erfc(-x / sqrt(mpf(2))) / 2)


def log_cosh_over_square(z):
    return log1p(2 * sinh(sqrt(z) / 2) ** 2) / z if z > mpf(10) ** -30 else mpf(1) / 2


def one(_):
    return mpf(1)


def parts(value, widths):
    """`value` as a sum of numbers of the given widths in bits; the last one is rounded, the others are cut."""
    result = []
    for width in widths:
        _, exponent = mp.frexp(value)
        scale = mpf(2) ** (width - exponent)
        part = (mp.floor(value * scale) if width != widths[-1] or len(result) + 1 < len(widths)
                else mp.nint(value * scale)) / scale
        result.append(part)
        value -= part
    return result


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


def literal(value, single):
    value = float(value)
    if single:
        value = struct.unpack("f", struct.pack("f", value))[0]
        for digits in range(6, 12):
            text = f"{value:.{digits}e}"
            if struct.unpack("f", struct.pack("f", float(text)))[0] == value:
                break
        value = float(text)
    text = repr(value)
    if "e" in text and "." not in text:
        text = text.replace("e", ".0e")
    return text


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

# name, doc, function, low, high, weight, degree: for the gamma functions, which are computed in `f64` alone
GAMMA_ROOT = findroot(digamma, mpf("1.46"))
GAMMA = [
    ("LGAMMA", "`log Γ(2 + t) / t` for |t| ≤ 1/2.",
     series(lambda t: loggamma(2 + t) / t, digamma(2)), mpf(-1) / 2, mpf(1) / 2, one, 18),
    ("STIRLING", "`(log Γ(x) − (x − ½) log x + x − ½ log 2π) · x` of x⁻², for x ≥ 8.",
     series(lambda z: (loggamma(1 / sqrt(z)) - (1 / sqrt(z) - mpf(1) / 2) * log(1 / sqrt(z)) + 1 / sqrt(z) - log(2 * pi) / 2)
            / sqrt(z), mpf(1) / 12), 0, mpf(1) / 64, lambda z: sqrt(z), 5),
    ("DIGAMMA", "`ψ(x) / (x − x₀)` of x − 1.5, for x from 1 to 2; x₀ is where ψ is 0.",
     lambda y: digamma(y + 1.5) / (y + 1.5 - GAMMA_ROOT), mpf(-1) / 2, mpf(1) / 2, one, 21),
    ("DIGAMMA_TAIL", "`(log x − 1/(2x) − ψ(x)) · x²` of x⁻², for x ≥ 8.",
     series(lambda z: (log(1 / sqrt(z)) - sqrt(z) / 2 - digamma(1 / sqrt(z))) / z, mpf(1) / 12), 0, mpf(1) / 64,
     lambda z: z, 5),
]

# name, doc, values: for the scalar code of gamma.rs
SERIES = [
    ("DIGAMMA_ROOT", "Where digamma is 0, in three parts.", parts(GAMMA_ROOT, (26, 53, 53))),
    ("HALF_LOG_TWO_PI", "log(2π)/2 in two parts.", parts(log(2 * pi) / 2, (53, 53))),
    ("HALF_PI", "π/2 in two parts.", parts(pi / 2, (53, 53))),
    ("EULER_MACLAURIN", "`B₂ₖ / (2k)!` for k = 1, 2, …",
     [bernoulli(2 * k) / factorial(2 * k) for k in range(1, 13)]),
]


def words_of_frac_2_pi(count):
    """2/π in words of 64 bits, the first of which is 0: the bits before the point."""
    with mp.workprec(64 * count + 64):
        whole = int(floor(2 / pi * mpf(2) ** (64 * (count - 1))))
    return [whole >> 64 * (count - 1 - k) & (1 << 64) - 1 for k in range(count)]


def rust_array(values, single, indent):
    return "".join(f"{indent}    {literal(v, single)},\n" for v in values)


def main():
    fitted = {}
    for name, doc, function, low, high, weight, *degrees in POLYNOMIALS:
        for single, degree in zip((True, False), degrees):
            if degree is None:
                fitted[name, single] = []
                continue
            ends = [end[0 if single else 1] if isinstance(end, tuple) else end for end in (low, high)]
            values, worst = minimax(function, *ends, degree, weight)
            print(f"{name:12} {'f32' if single else 'f64'} degree {degree:2}: 2^{nstr(log(worst, 2), 4)}")
            fitted[name, single] = values
    for name, doc, function, low, high, weight, degree in GAMMA:
        values, worst = minimax(function, low, high, degree, weight)
        print(f"{name:12} f64 degree {degree:2}: 2^{nstr(log(worst, 2), 4)}")
        SERIES.append((name, doc, values))
    out = []
    out.append("""//! Polynomials and constants of the elementary functions, as minimax fits: lowest coefficient first.
//!
//! Written by `tests/reference/coefficients.py`; change that and run it again.
#![allow(clippy::unreadable_literal, clippy::excessive_precision, clippy::approx_constant)]
// One number to a line keeps the changes readable.
#![cfg_attr(rustfmt, rustfmt::skip)]

/// What the functions of one scalar type are made of.
pub trait Coefficients: Sized + 'static {
""")
    for name, doc, *_ in POLYNOMIALS:
        out.append(f"    /// {doc}\n    const {name}: &'static [Self];\n")
    for name, doc, short, long in CONSTANTS:
        kind = "Self" if len(short) == 1 else "&'static [Self]"
        out.append(f"    /// {doc}\n    const {name}: {kind};\n")
    out.append("}\n")
    for single in (True, False):
        out.append(f"\nimpl Coefficients for {'f32' if single else 'f64'} {{\n")
        for name, *_ in POLYNOMIALS:
            out.append(f"    const {name}: &'static [Self] = &[\n{rust_array(fitted[name, single], single, '    ')}    ];\n")
        for name, doc, short, long in CONSTANTS:
            values = short if single else long
            if len(values) == 1:
                out.append(f"    const {name}: Self = {literal(values[0], single)};\n")
            else:
                out.append(f"    const {name}: &'static [Self] = &[\n{rust_array(values, single, '    ')}    ];\n")
        out.append("}\n")
    for name, doc, values in SERIES:
        out.append(f"\n/// {doc}\npub const {name}: [f64; {len(values)}] = [\n{rust_array(values, False, '')}];\n")
    words = words_of_frac_2_pi(20)
    out.append("\n/// The bits of 2/π, 64 to a word; the first word is what stands before the point.\n"
               f"pub const FRAC_2_PI_WORDS: [u64; {len(words)}] = [\n" + "".join(f"    {w:#018x},\n" for w in words) + "];\n")
    with open("autograd-core/src/math/coefficients.rs", "w", encoding="utf-8") as file:
        file.write("".join(out))


if __name__ == "__main__":
    main()
