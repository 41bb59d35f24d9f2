"""Writes the reference values that `autograd-core/tests/accuracy.rs` compares the elementary functions with.

Run from the repository's root, with mpmath installed:

    python3 tests/reference/elementary.py [points per function] [folder]

The files `elementary_f32.csv` and `elementary_f64.csv` hold, for every function, arguments of that type that cover
its domain by order of magnitude, its usual range, and the neighbourhood of its zeros, poles and breakpoints. A line is

    argument[ argument] nearest rest

where the arguments and the value nearest to the true one are the bits of the numbers in hexadecimal, and `rest` is
what is missing to the true value, in hundredths of the unit in the last place of the true value. A line with a name
alone begins a function. All values are computed with at least 200 bits.
"""

import math
import random
import struct
import sys

import mpmath
from mpmath import mp, mpf

mp.prec = 220

TYPES = {
    # name: (fraction bits, least exponent, greatest exponent, struct code of the float, of its bits)
    "f32": (24, -149, 128, "f", "I"),
    "f64": (53, -1074, 1024, "d", "Q"),
}


def to_type(x, kind):
    """The nearest number of the type, as a Python float, or None where there is none."""
    _, _, _, code, _ = TYPES[kind]
    try:
        return struct.unpack(code, struct.pack(code, x))[0]
    except OverflowError:
        return None


def bits(x, kind):
    _, _, _, code, integer = TYPES[kind]
    width = 8 if kind == "f32" else 16
    return f"{struct.unpack(integer, struct.pack(code, x))[0]:0{width}x}"


def nearest(y, kind):
    """The nearest number of the type and what is missing, in hundredths of an ulp."""
    width, least, greatest, _, _ = TYPES[kind]
    if y == 0:
        return 0.0, 0
    exponent = max(mp.frexp(y)[1] - width, least)
    if mp.frexp(y)[1] < least - 3:
        return math.copysign(0.0, y), 0
    unit = mp.ldexp(mpf(1), exponent)
    count = mp.nint(y / unit)
    rest = int(mp.nint((y / unit - count) * 100))
    value = count * unit
    if abs(value) >= mp.ldexp(mpf(1), greatest):
        return math.copysign(math.inf, y), 0
    return float(value), rest


def powers(y):
    return lambda x: mpmath.power(x, y)


def log1p_exp(x):
    if x > 0:
        return x + mpmath.log1p(mpmath.exp(-x))
    return mpmath.log1p(mpmath.exp(x))


def erfc(x):
    return mpmath.erfc(x)


def logaddexp(x, y):
    return max(x, y) + mpmath.log1p(mpmath.exp(-abs(x - y)))


def floored(x, y):
    """x - y floor(x/y), of numbers so far apart that no precision would do, by integers."""
    unit = min(mp.frexp(x)[1], mp.frexp(y)[1]) - 53
    whole = lambda z: int(mp.ldexp(z, -unit))
    return mp.ldexp(mpf(whole(x) % whole(y)), unit)


def lgamma(x):
    return mpmath.re(mpmath.loggamma(x)) if x > 0 else mpmath.log(abs(mpmath.gamma(x)))


LN2 = math.log(2)
ANY = lambda x: True
POSITIVE = lambda x: x > 0
SMALL = lambda bound: lambda x: abs(x) <= bound
NO_POLE = lambda x: x > 0 or (x != math.floor(x) and x > -300)

# name: (function, domain, usual range, breakpoints, greatest power of two worth trying)
UNARY = {
    "exp": (mpmath.exp, ANY, (-20, 20), [LN2 / 2, -LN2 / 2, 709.78, -708.4, -745.1, 88.72, -87.3, -103.9], 11),
    "exp2": (lambda x: mpf(2) ** x, ANY, (-20, 20), [0.5, -0.5, 1023.9, -1022, -1074.5, 127.9, -126, -149.5], 12),
    "expm1": (mpmath.expm1, ANY, (-5, 5), [LN2 / 2, -LN2 / 2, LN2, 709.78, -37, 88.72, -17, 1.04], 11),
    "log": (mpmath.log, POSITIVE, (0, 4), [1, 2**0.5, 0.5**0.5, 2, 0.5], 1024),
    "log1p": (mpmath.log1p, lambda x: x > -1, (-1, 4), [-1, 2**0.5 - 1, 0.5**0.5 - 1, 1], 1024),
    "log2": (lambda x: mpmath.log(x) / mpmath.log(2), POSITIVE, (0, 4), [1, 2**0.5, 0.5**0.5, 2, 8], 1024),
    "log10": (mpmath.log10, POSITIVE, (0, 4), [1, 2**0.5, 0.5**0.5, 10, 1000], 1024),
    "rsqrt": (lambda x: 1 / mpmath.sqrt(x), POSITIVE, (0, 4), [1, 4], 1024),
    "sqrt": (mpmath.sqrt, POSITIVE, (0, 4), [1, 4], 1024),
    "cbrt": (lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), ANY, (-10, 10), [1, 8, -1], 1024),
    "sin": (mpmath.sin, ANY, (-10, 10), [math.pi * k / 4 for k in range(-9, 10)] + [math.pi * 1000, math.pi * 30000,
            math.pi * 500.5, 3000, 100000], 1024),
    "cos": (mpmath.cos, ANY, (-10, 10), [math.pi * k / 4 for k in range(-9, 10)] + [math.pi * 1000.5,
            math.pi * 30000.5, math.pi * 500.5, 3000, 100000], 1024),
    "tan": (mpmath.tan, ANY, (-10, 10), [math.pi * k / 4 for k in range(-9, 10)] + [math.pi * 1000.5, 3000, 100000],
            1024),
    "asin": (mpmath.asin, SMALL(1), (-1, 1), [1, -1, 0.5, -0.5], 0),
    "acos": (mpmath.acos, SMALL(1), (-1, 1), [1, -1, 0.5, -0.5], 0),
    "atan": (mpmath.atan, ANY, (-5, 5), [1, -1, 0.4375, 0.6875, 1.1875, 2.4375, 2**0.5 - 1, 2**0.5 + 1], 1024),
    "sinh": (mpmath.sinh, ANY, (-5, 5), [0.3, 1, 710.4, 89.4, -0.5, 22], 11),
    "cosh": (mpmath.cosh, ANY, (-5, 5), [0.3, 1, 710.4, 89.4, -0.5, 22], 11),
    "tanh": (mpmath.tanh, ANY, (-3, 3), [LN2 / 4, -LN2 / 4, LN2 / 2, 0.5, 0.55, 1, 9.01, 19.06], 11),
    "asinh": (mpmath.asinh, ANY, (-5, 5), [1, -1, 0.5, 2], 1024),
    "acosh": (mpmath.acosh, lambda x: x >= 1, (1, 5), [1, 2], 1024),
    "atanh": (mpmath.atanh, lambda x: abs(x) < 1, (-1, 1), [1, -1, 0.5, 0.3], 0),
    "sigmoid": (lambda x: 1 / (1 + mpmath.exp(-x)), ANY, (-8, 8), [LN2, -LN2, LN2 / 2, -708.4, -745.1, 37, -87.3], 11),
    "log_sigmoid": (lambda x: -log1p_exp(-x), ANY, (-8, 8), [0.3466, -0.3466, 708.4, 745.1, 37, 87.3], 11),
    "softplus": (log1p_exp, ANY, (-8, 8), [0.3466, -0.3466, -708.4, -745.1, -37, -87.3], 11),
    "erf": (mpmath.erf, ANY, (-4, 4), [1, -1, 0.5, 2, 5.9, 3.9], 10),
    "erfc": (erfc, lambda x: x < 27.2, (-3, 8), [1, -1, 0.5, 2, 5.9, 3.9, 9, 26.5], 10),
    "lgamma": (lgamma, NO_POLE, (-6, 20), [1, 2, 0.5, 2.5, -0.5, -1.5], 1010),
    "digamma": (mpmath.digamma, NO_POLE, (-6, 20), [1.4616321449683622, 1, 2, -1], 1010),
    "trigamma": (lambda x: mpmath.polygamma(1, x), NO_POLE, (-6, 20), [1, 2, 0.5, 10], 60),
}

# name: (function, domain, pairs of arguments)
BINARY = {
    "pow": (mpmath.power, lambda x, y: x > 0 or y == math.floor(y)),
    "rem": (floored, lambda x, y: True),
    "atan2": (lambda y, x: mpmath.atan2(y, x), lambda y, x: True),
    "hypot": (mpmath.hypot, lambda x, y: True),
    "logaddexp": (logaddexp, lambda x, y: True),
}


def near_quarter_turns(kind):
    """Of every third power of two, the number of that size that is nearest to a multiple of π/2."""
    width, _, greatest, _, _ = TYPES[kind]
    found = []
    with mp.workprec(1400):
        for exponent in range(-4, greatest - width + 1, 3 if kind == "f64" else 1):
            # Numbers m·2^exponent with m of `width` bits: the denominators of the convergents of 2^exponent·2/π.
            rest = mp.ldexp(2 / mp.pi, exponent)
            best, last, now = None, 0, 1
            rest -= mp.floor(rest)
            while now < 1 << width:
                best = now
                rest = 1 / rest
                last, now = now, int(mp.floor(rest)) * now + last
                rest -= mp.floor(rest)
            found.append(mp.ldexp(mpf(best), exponent))
            scaled = best << (width - best.bit_length())
            found.append(mp.ldexp(mpf(scaled), exponent))
    return found


def beside(points, kind):
    """Points, and what is next to them by one, two and a few units."""
    width = TYPES[kind][0]
    return [mpf(x) * (1 + k * mpf(2) ** (1 - width)) for x in points for k in (-9, -2, -1, 0, 1, 2, 9)]


def zeros_of(function, kind):
    """Where a function of gamma's kin is 0 between the poles at 0, -1, …, -19."""
    found = []
    for pole in range(-19, 1):
        ends = [mpf(pole) - 1 + mpf(10) ** -25, mpf(pole) - mpf(10) ** -25]
        middle = mpmath.findroot(mpmath.digamma, ends, solver="bisect", verify=False)
        if function == "digamma":
            found.append(middle)
            continue
        for end in ends:
            if lgamma(end) * lgamma(middle) < 0:
                found.append(mpmath.findroot(lgamma, (end, middle), solver="bisect", verify=False))
    return found


# What every file has beside what chance gives.
EXTREMES = {
    **dict.fromkeys(("sin", "cos", "tan"), lambda kind: near_quarter_turns(kind)
                    + [1e5, 100000.00000000001, 123456.7, 1e10, 1e15, 1e22, 1e100, 1e200, 1e300, 1.7976931348623157e308, 3e38]),
    "lgamma": lambda kind: beside([1, 2] + zeros_of("lgamma", kind), kind) + [-0.5, -7.0000001, -100.3, -1e10 - 0.37, 1e-310],
    "digamma": lambda kind: beside([mpf("1.4616321449683623412626595423")] + zeros_of("digamma", kind), kind)
               + [-1e10 - 0.37, -12345.2, -8.999, -6.9999, 1e-307],
    "trigamma": lambda kind: [-0.5, -10.25, 1e-150, 1e-10, 30.5],
    "exp": lambda kind: [709.782712893384, -708.3964185322641, -745.1332191019411, 88.722839, -87.336544, -103.97208],
    "expm1": lambda kind: [709.782712893384, 88.722839],
}


def unary_arguments(name, kind, count, rng):
    _, domain, (low, high), breakpoints, top = UNARY[name]
    width, least, greatest, _, _ = TYPES[kind]
    wanted = set()

    def add(x):
        x = to_type(x, kind)
        if x is not None and x != 0 and math.isfinite(x) and domain(x):
            wanted.add(x)

    while len(wanted) < count // 3:
        exponent = rng.uniform(least, min(top, greatest))
        add(rng.choice((-1, 1)) * mp.ldexp(mpf(2) ** (exponent - math.floor(exponent)), math.floor(exponent)))
    while len(wanted) < 2 * count // 3:
        add(rng.uniform(low, high))
    tries = 0
    while len(wanted) < count and tries < 20 * count:
        tries += 1
        point = rng.choice(breakpoints)
        add(point * (1 + rng.choice((-1, 1)) * 2.0 ** -rng.uniform(2, width)))
    for x in EXTREMES.get(name, lambda kind: [])(kind):
        add(x)
        add(-x)
    return sorted(wanted)


def extreme_pairs(name, kind):
    """Where one of two arguments, or the value, is at the edge of the type."""
    width, least, greatest, _, _ = TYPES[kind]
    tiny, small, one, large = (2.0 ** e for e in (least, least + width - 1, 0, greatest - 1))
    if name == "pow":
        edges = [greatest - 0.001, least + width - 1 + 0.3, least + 0.7, least + 3.3]
        bases = [1.5, 3.0, 0.3, 1 + 2.0 ** -20, large, small, tiny, 5 * tiny]
        return [(x, e / math.log2(x)) for x in bases for e in edges] + [(tiny, 0.5), (3 * tiny, -0.25), (large, -1.02)]
    if name == "logaddexp":
        return [(large, large), (-large, -large / 2), (tiny, -tiny), (0.5 * large, large), (-math.log(2), -math.log(2)),
                (-0.7, -0.68), (-40.0, 1e-10)]
    sizes = [k * tiny for k in (1, 3, 1000)] + [small, 3 * small, 1.3 * small ** 0.1, 0.1, 0.7, one, 1 - 2.0 ** -width, 3.0, 2.0 ** (greatest / 2), 0.3 * large, large]
    return [(s * x, t * y) for x in sizes for y in sizes for s in (1, -1) for t in (1, -1)]


def binary_arguments(name, kind, count, rng):
    function, domain = BINARY[name]
    width, least, greatest, _, _ = TYPES[kind]
    pairs = set()
    limit = math.log(2) * (greatest + 25)
    tries = 0
    while len(pairs) < count and tries < 100 * count:
        tries += 1
        scale = rng.choice((2, 30, greatest - 1))
        x = 2.0 ** rng.uniform(-scale, scale) if scale > 2 else rng.uniform(0, 4)
        if name == "pow":
            near_one = rng.random() < 0.3
            if near_one:
                x = 1 + rng.choice((-1, 1)) * 2.0 ** -rng.uniform(1, width - 1)
            log = math.log(x) if x > 0 else 0
            y = rng.uniform(-limit, limit) / log if log and rng.random() < 0.7 else rng.uniform(-10, 10)
            if abs(y) < 1e6 and rng.random() < 0.2:
                x, y = -x, round(y)
        elif name == "logaddexp":
            x, y = rng.uniform(-50, 50), rng.uniform(-50, 50)
            if rng.random() < 0.5:
                y = x + rng.uniform(-2, 2)
        else:
            y = x * 2.0 ** rng.uniform(-3, 3) if rng.random() < 0.7 else 2.0 ** rng.uniform(-scale, scale)
            x, y = x * rng.choice((-1, 1)), y * rng.choice((-1, 1))
        x, y = to_type(x, kind), to_type(float(y), kind)
        if x is None or y is None or x == 0 or y == 0 or math.isinf(x) or math.isinf(y) or not domain(x, y):
            continue
        pairs.add((x, y))
    for x, y in extreme_pairs(name, kind):
        x, y = to_type(x, kind), to_type(y, kind)
        if x and y and math.isfinite(x) and math.isfinite(y) and domain(x, y):
            pairs.add((x, y))
    return sorted(pairs)


def write(kind, count, folder):
    rng = random.Random(20240229)
    lines = []
    for name, (function, *_) in UNARY.items():
        lines.append(name)
        for x in unary_arguments(name, kind, count, rng):
            value, rest = nearest(function(mpf(x)), kind)
            lines.append(f"{bits(x, kind)} {bits(value, kind)} {rest}")
    for name, (function, _) in BINARY.items():
        lines.append(name)
        for x, y in binary_arguments(name, kind, count, rng):
            value, rest = nearest(mpmath.re(function(mpf(x), mpf(y))), kind)
            lines.append(f"{bits(x, kind)} {bits(y, kind)} {bits(value, kind)} {rest}")
    with open(f"{folder}/elementary_{kind}.csv", "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    points = int(arguments[0]) if arguments else 300
    target = arguments[1] if len(arguments) > 1 else "autograd-core/tests/data"
    for each in TYPES:
        write(each, points, target)
