"""Writes the reference values of the functions that probabilities are made of: `probability_f32.csv` and
`probability_f64.csv` beside those of `elementary.py`, in the same format.

Run from the repository's root, with mpmath installed:

    python3 tests/reference/probability.py [points per function] [folder]
"""

import math
import random
import sys

import mpmath
from mpmath import mp, mpf

import elementary
from elementary import ANY, LN2, POSITIVE, TYPES, bits, nearest, to_type

ROOT_HALF = 1 / mpmath.sqrt(2)


def exp_minus_abs(x):
    return mpmath.exp(-abs(x))


def sigmoid_slope(x):
    e = exp_minus_abs(x)
    return e / (1 + e) ** 2


def tanh_slope(x):
    return 4 * sigmoid_slope(2 * x)


def sech(x):
    e = exp_minus_abs(x)
    return 2 * e / (1 + e * e)


def log_cosh(x):
    if abs(x) > 1:
        return abs(x) + mpmath.log1p(exp_minus_abs(2 * x)) - mpmath.log(2)
    return mpmath.log1p(2 * mpmath.sinh(x / 2) ** 2)


def log1m_exp(x):
    return mpmath.log(-mpmath.expm1(x)) if x > -1 else mpmath.log1p(-mpmath.exp(x))


def erfcx(x):
    if x > 1e9:
        return 1 / (x * mpmath.sqrt(mp.pi)) * (1 - 1 / (2 * x * x) + 3 / (4 * x**4) - 15 / (8 * x**6) + 105 / (16 * x**8))
    with mpmath.workprec(mp.prec + (200 if abs(x) < 1e4 else 0)):
        return mpmath.exp(x * x) * mpmath.erfc(x)


def norm_pdf(x):
    return mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mp.pi)


def norm_cdf(x):
    return mpmath.erfc(-x * ROOT_HALF) / 2


def log_norm_cdf(x):
    return mpmath.log1p(-norm_cdf(-x)) if x > 0 else mpmath.log(erfcx(-x * ROOT_HALF) / 2) - x * x / 2


def inverse_mills(x):
    return norm_pdf(x) / norm_cdf(x) if x > 0 else mpmath.sqrt(2 / mp.pi) / erfcx(-x * ROOT_HALF)


def quantile(tail):
    """-x for which the probability beyond x is the small `tail`, by Newton's method on the logarithm."""
    x, goal = -mpmath.sqrt(-2 * mpmath.log(tail)) if tail < mpf("0.1") else (tail - mpf(1) / 2) * mpf("2.5"), mpmath.log(tail)
    for _ in range(60):
        step = (log_norm_cdf(x) - goal) / inverse_mills(x)
        x -= step
        if abs(step) < mpf(2) ** -200:
            break
    return x


def norm_ppf(p):
    return mpmath.erfinv(2 * p - 1) * mpmath.sqrt(2) if abs(p - mpf(1) / 2) < mpf("0.2") else (
        quantile(p) if p < mpf(1) / 2 else -quantile(1 - p))


def erfinv(x):
    return mpmath.erfinv(x) if abs(x) < mpf("0.5") else mpmath.sign(x) * -quantile((1 - abs(x)) / 2) * ROOT_HALF


def differing(function):
    """With as many more bits as a difference may lose."""

    def precise(x, n):
        with mpmath.workprec(900):
            return function(x, n)

    return precise


log_rising_factorial = differing(lambda x, n: mpmath.loggamma(x + n) - mpmath.loggamma(x))
digamma_rise = differing(lambda x, n: mpmath.digamma(x + n) - mpmath.digamma(x))
lbeta = differing(lambda x, y: mpmath.loggamma(x) + mpmath.loggamma(y) - mpmath.loggamma(x + y))


def logsubexp(x, y):
    return x + log1m_exp(y - x)


# name: (function, domain, usual range, breakpoints, greatest power of two worth trying)
UNARY = {
    "tanh_slope": (tanh_slope, ANY, (-5, 5), [9.036, 4.5, 43.5, 51.9, 354, 372.9, 20, 0.5], 10),
    "sech": (sech, ANY, (-5, 5), [88.7, 103.9, 709.8, 745.8, -745.1, 20, 0.5], 10),
    "log_cosh": (log_cosh, ANY, (-4, 4), [1.5, -1.5, 20, 0.01, 1], 1024),
    "sigmoid_slope": (sigmoid_slope, ANY, (-8, 8), [LN2, 36, -37, 87.3, 103.9, 708.4, 745.1, -745.1], 10),
    "log1m_exp": (log1m_exp, lambda x: x < 0, (-5, 0), [-LN2, -1, -36, -87.3, -708.4, -745.1], 10),
    "erfcx": (erfcx, lambda x: x > -26.6, (-4, 10), [0.75, 10, 26, 28, -9.38, -26.6, 1, -1, 3.75], 1020),
    "norm_pdf": (norm_pdf, ANY, (-5, 5), [38.56, 37.5, -14.3, 13.2, 1, 0.1], 6),
    "norm_cdf": (norm_cdf, ANY, (-8, 6), [-38.4, -37.5, -14.1, -13, 1, -1, 8.2], 6),
    "log_norm_cdf": (log_norm_cdf, lambda x: x < 38, (-8, 8), [-38.4, -14.1, 36, 37, 13, 1, -1, 0.1, -0.1], 500),
    "inverse_mills": (inverse_mills, lambda x: x < 38.4, (-8, 8), [-38.4, -14.1, 37, 13, 1, -1, 0.1, -0.1], 1020),
    "norm_ppf": (norm_ppf, lambda x: 0 < x < 1, (0, 1), [0.5, 0.0016874, 0.9983126, 1, 1.39e-11, 1e-300], 0),
    "erfinv": (erfinv, lambda x: abs(x) < 1, (-1, 1), [0.9966252, -0.9966252, 1, -1], 0),
}

# name: (function, pairs of arguments)
BINARY = {
    "logsubexp": (logsubexp, lambda rng, top: (lambda x: (x, x - 2.0 ** rng.uniform(-30, 8)))(rng.uniform(-300, 300))),
    "log_rising_factorial": (log_rising_factorial, lambda rng, top: (rising(rng, top))),
    "digamma_rise": (digamma_rise, lambda rng, top: (rising(rng, top))),
    "lbeta": (lbeta, lambda rng, top: (2.0 ** rng.uniform(-10, top), 2.0 ** rng.uniform(-10, rng.choice((3, top))))),
}


def rising(rng, top):
    x = rng.choice((rng.uniform(0, 20), 2.0 ** rng.uniform(-60, top), 2 + rng.choice((-1, 1)) * 2.0 ** rng.uniform(-50, 0)))
    n = rng.choice((float(rng.randrange(1, 50)), 2.0 ** rng.uniform(-60, top), -x * rng.random()))
    return x, n


def write(kind, count, folder):
    rng = random.Random(20240229)
    elementary.UNARY = UNARY
    lines = []
    for name, (function, *_) in UNARY.items():
        lines.append(name)
        for x in elementary.unary_arguments(name, kind, count, rng):
            value, rest = nearest(function(mpf(x)), kind)
            lines.append(f"{bits(x, kind)} {bits(value, kind)} {rest}")
    for name, (function, draw) in BINARY.items():
        lines.append(name)
        pairs = set()
        while len(pairs) < count:
            x, y = (to_type(each, kind) for each in draw(rng, 60 if kind == "f64" else 40))
            if (name != "logsubexp" or x > y) and x != 0 and y != 0:
                pairs.add((x, y))
        for x, y in sorted(pairs):
            value, rest = nearest(function(mpf(x), mpf(y)), kind)
            lines.append(f"{bits(x, kind)} {bits(y, kind)} {bits(value, kind)} {rest}")
    with open(f"{folder}/probability_{kind}.csv", "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    points = int(arguments[0]) if arguments else 200
    target = arguments[1] if len(arguments) > 1 else "autograd-core/tests/data"
    for each in TYPES:
        write(each, points, target)
