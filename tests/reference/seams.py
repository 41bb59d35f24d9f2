"""True derivatives at and near the seams of rewrites and of derivative rules: tests/data/seams.csv.

    python3 tests/reference/seams.py > tests/data/seams.csv        (mpmath 1.3)

A case is a model's expression of a vector p, and points with directions. It is evaluated here in 160 digits as it is
spelled; the derivatives along the direction, up to the third, come from differences of it. Where a derivative does not
exist, the row says by hand what the conventions answer (the subgradient of least norm, limits from one side), or `-`
where they say nothing. The last column is how far a derivative may be off besides a relative 1e-12: rounding of the
point itself moves it that much.
"""

import re
import sys

from mpmath import mp, mpf

mp.dps = 160


class Vec(list):
    def _with(self, other, f):
        other = other if isinstance(other, Vec) else [other] * len(self)
        return Vec(f(a, b) for a, b in zip(self, other, strict=True))

    def __add__(self, other):
        return self._with(other, lambda a, b: a + b)

    def __sub__(self, other):
        return self._with(other, lambda a, b: a - b)

    def __mul__(self, other):
        return self._with(other, lambda a, b: a * b)

    def __truediv__(self, other):
        return self._with(other, lambda a, b: a / b)

    def __pow__(self, other):
        return self._with(other, power)

    def __neg__(self):
        return Vec(-a for a in self)

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return -self + other

    def at(self, place):
        return self[int(place)]

    def cut(self, start, end):
        return Vec(self[int(start or 0) : int(end) if end else None])


def power(a, b):
    if b == 0:
        return mpf(1)
    if a == 0:
        return mpf(0) if b > 0 else mp.inf
    if a < 0 and b != int(b):
        raise ValueError("a root of a negative number")
    return a ** int(b) if b == int(b) else a**b


def each(f):
    return lambda x, *rest: Vec(f(a, *rest) for a in x) if isinstance(x, Vec) else f(x, *rest)


def pair(f):
    def both(a, b):
        if isinstance(a, Vec):
            return a._with(b, f)
        return b._with(a, lambda b, a: f(a, b)) if isinstance(b, Vec) else f(a, b)

    return both


def total(x):
    result = mpf(0)
    for a in x:
        result += a
    return result


def mean(x):
    return total(x) / len(x)


def var(x, ddof=0):
    return total(Vec((a - mean(x)) ** 2 for a in x)) / (len(x) - int(ddof))


def product(x):
    result = mpf(1)
    for a in x:
        result *= a
    return result


def running(x, f):
    result = Vec()
    for a in x:
        result.append(f(result[-1], a) if result else a)
    return result


def logsumexp(x):
    return mp.log(total(Vec(mp.exp(a) for a in x)))


def softmax(x):
    return Vec(mp.exp(a) / total(Vec(mp.exp(b) for b in x)) for a in x)


def cross(a, b):
    return Vec([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def norm(x):
    return mp.sqrt(total(Vec(a * a for a in x)))


def dot(a, b):
    return total(a * b)


def sinc(x):
    return mpf(1) if x == 0 else mp.sin(x) / x


def exprel(x):
    return mpf(1) if x == 0 else mp.expm1(x) / x


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def softplus(x):
    return mp.log(1 + mp.exp(x))


def erfc(x):
    return mp.erfc(x)


def cbrt(x):
    return mp.cbrt(x) if x >= 0 else -mp.cbrt(-x)


def xlogy(x, y):
    return mpf(0) if x == 0 else x * mp.log(y)


def clog(x):
    """The logarithm; minus infinity at 0, where a product with 0 is 0."""
    return Bottom() if x == 0 else mp.log(x)


class Bottom:
    def __mul__(self, other):
        assert other == 0
        return mpf(0)

    __rmul__ = __mul__


def extreme(f):
    return lambda *x: f(x[0]) if len(x) == 1 else x[0]._with(x[1], f2(f)) if isinstance(x[0], Vec) else f(x)


def f2(f):
    return lambda a, b: f((a, b))


def huber(a, b, delta=1):
    r = abs(a - b)
    return r * r / 2 if r <= delta else delta * (r - mpf(delta) / 2)


def elu(x, alpha=1):
    return x if x > 0 else alpha * mp.expm1(x)


def choose(condition, yes, no):
    return yes if condition else no


NAMES = {
    "exp": each(mp.exp), "expm1": each(mp.expm1), "log": each(clog), "log1p": each(mp.log1p), "sqrt": each(mp.sqrt),
    "rsqrt": each(lambda x: 1 / mp.sqrt(x)), "cbrt": each(cbrt), "recip": each(lambda x: 1 / x),
    "square": each(lambda x: x * x), "abs": each(abs), "sin": each(mp.sin), "cos": each(mp.cos), "cosh": each(mp.cosh),
    "sinh": each(mp.sinh), "tanh": each(mp.tanh), "asin": each(mp.asin), "acos": each(mp.acos), "atan": each(mp.atan),
    "asinh": each(mp.asinh), "sigmoid": each(sigmoid), "softplus": each(softplus),
    "log_sigmoid": each(lambda x: -softplus(-x)), "relu": each(lambda x: x if x > 0 else mpf(0)),
    "erf": each(mp.erf), "erfc": each(mp.erfc), "sinc": each(sinc), "cosc": each(lambda x: sinc(x / 2) ** 2 / 2),
    "exprel": each(exprel), "elu": each(elu), "selu": each(lambda x: mpf(1.0507009873554805) * (
        x if x >= 0 else mpf(1.6732632423543772) * mp.expm1(x))),
    "softsign": each(lambda x: x / (1 + abs(x))), "silu": each(lambda x: x * sigmoid(x)),
    "gelu": each(lambda x: x / 2 * mp.erfc(-x * mpf(0.7071067811865476))),
    "mish": each(lambda x: x * mp.tanh(softplus(x))),
    "leaky_relu": each(lambda x: x if x > 0 else mpf(0.01) * x),
    "hypot": pair(lambda a, b: mp.sqrt(a * a + b * b)), "atan2": pair(mp.atan2),
    "logaddexp": pair(lambda a, b: mp.log(mp.exp(a) + mp.exp(b))), "xlogy": pair(xlogy), "pow": pair(power),
    "rem": pair(lambda a, b: a - b * mp.floor(a / b)), "clamp": lambda x, a, b: min(max(x, a), b),
    "huber": huber, "choose": choose, "stop": lambda x: x,
    "sum": total, "mean": mean, "var": var, "std": lambda x, ddof=0: mp.sqrt(var(x, ddof)), "norm": norm,
    "prod": product, "cumsum": lambda x: running(x, lambda a, b: a + b),
    "cumprod": lambda x: running(x, lambda a, b: a * b), "logsumexp": logsumexp, "softmax": softmax,
    "log_softmax": lambda x: x - logsumexp(x), "dot": dot, "cross": cross,
    "angle": lambda u, v: mp.atan2(norm(cross(u, v)), dot(u, v)),
    "layer_norm": lambda x: (x - mean(x)) / mp.sqrt(var(x) + mpf(0.00001)),
    "max": extreme(max), "min": extreme(min),
    "bce_with_logits": lambda z, t: softplus(z) - z * t,
    "safe_div": lambda a, b: mpf(0) if b == 0 else a / b,
    "logsubexp": pair(lambda a, b: mp.log(mp.exp(a) - mp.exp(b))), "log1m_exp": each(lambda x: mp.log(1 - mp.exp(x))),
    "digamma_rise": lambda x, n: mp.digamma(x + n) - mp.digamma(x),
    "log_norm_cdf": each(lambda x: mp.log(mp.erfc(-x / mp.sqrt(2)) / 2)),
    "inverse_mills": each(lambda x: mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi) / (mp.erfc(-x / mp.sqrt(2)) / 2)),
    "log_cosh": each(lambda x: mp.log(mp.cosh(x))), "sech": each(mp.sech),
    "pi": mpf(float(mp.pi)),
}


def translate(text):
    """The language as Python: powers by name, numbers in full precision, `if` as a call."""
    text = re.sub(r"\[(\d*)\.\.(\d*)\]", r".cut('\1', '\2')", text)
    text = re.sub(r"\[(\d+)\]", r".at('\1')", text)
    text = text.replace("ddof = 1", "ddof='1'")
    text = re.sub(r"(?<![\w.'])(\d+\.?\d*(?:e[-+]?\d+)?)(?![\w.'])", r"N('\1')", text)
    text = re.sub(r"if (.*?) \{ (.*?) \} else \{ (.*?) \}", r"(\2 if \1 else \3)", text)
    return text.replace("^", "**").replace("&&", " and ")


def function(text, size):
    *lets, result = [part.strip() for part in text.split(";")]
    lets = [re.sub(r"^let ", "", part) for part in lets]

    def evaluate(p):
        scope = dict(NAMES)
        scope["N"] = lambda digits: mpf(float(digits)) if not digits.isdigit() else mpf(int(digits))
        scope["p"] = Vec(p)
        scope.update({name: p[i] for i, name in enumerate("abcd"[:size])})
        scope["K"] = mpf(size)
        for part in lets:
            name, value = part.split("=", 1)
            scope[name.strip()] = eval(translate(value.strip()), scope)
        return eval(translate(result), scope)

    return evaluate


CASES = []


def case(text, *points):
    """Points: (p, direction) or (p, direction, [answers by convention]); `None` among the answers is a true derivative."""
    CASES.append((text, points))


exec(open(sys.path[0] + "/seams_table.py").read())


def moved(x, k):
    """Numbers, each half a unit in the last place away to one side or the other."""
    return [mpf(float(x)) * (1 + mpf(2) ** -53 * (1 if k >> i & 1 else -1)) for i, x in enumerate(x)]


def floors(f, p, d, truth):
    """How far derivatives may be off: as far as roundings of the point and the direction move them, and as a rounding of
    the lower derivatives does over a distance like that from the origin."""
    nearby = [derivatives(f, moved(p, k), moved(d, k * 5 + 3)) for k in (2, 5)]
    found = [max(abs(n[order] - truth[order]) for n in nearby) for order in range(4)]
    length = max([abs(mpf(float(x))) for x in p if x] or [1]) / max(abs(mpf(float(y))) for y in d)
    further = f([mpf(float(x)) + length * mpf(float(y)) / 3 for x, y in zip(p, d)])
    for order in range(1, 4):
        if abs(truth[order]) < mpf(10) ** -60 * abs(further) / length**order:
            truth[order] = mpf(0)
    for order in range(4):
        lower = [abs(truth[below]) / length ** (order - below) for below in range(order)]
        found[order] = max([found[order]] + [mpf(2) ** -53 * size for size in lower])
    return found


def derivatives(f, p, d):
    """The value and three derivatives along a direction: differences of the sixth and fourth order."""
    p, d = [mpf(x) if isinstance(x, mpf) else mpf(float(x)) for x in p], [mpf(float(x)) for x in d]
    step = mpf(10) ** -30 * min([abs(x) for x in p if x] or [mpf(1)]) / max(abs(y) for y in d)
    values = [f([x + k * step * y for x, y in zip(p, d)]) for k in range(-3, 4)]
    first = stencil(values, [mpf(-1) / 60, mpf(3) / 20, mpf(-3) / 4, 0, mpf(3) / 4, mpf(-3) / 20, mpf(1) / 60], step)
    second = [mpf(1) / 90, mpf(-3) / 20, mpf(3) / 2, mpf(-49) / 18, mpf(3) / 2, mpf(-3) / 20, mpf(1) / 90]
    third = [mpf(1) / 8, -1, mpf(13) / 8, 0, mpf(-13) / 8, 1, mpf(-1) / 8]
    return [values[3], first, stencil(values, second, step**2), stencil(values, third, step**3)]


def stencil(values, weights, divisor):
    return sum(w * v for w, v in zip(weights, values)) / divisor


def shown(x, allowed):
    # What is nothing but the error of the differences is 0.
    return x if isinstance(x, str) else repr(float(x) if abs(x) > allowed * mpf(10) ** -20 else 0.0)


def main():
    print("# Written by `python3 tests/reference/seams.py`: 160 digits, differences of them.")
    print("# expression;point;direction;value;first;second;third;floors")
    for text, points in CASES:
        for p, d, *answers in points:
            answers = ((answers[0] if answers else []) + [None] * 4)[:4]
            f = function(text, len(p))
            found, allowed = answers, [0] * 4
            if None in answers:
                truth = derivatives(f, p, d)
                allowed = floors(f, p, d, truth)
                found = [a if a is not None else b for a, b in zip(answers, truth)]
            cells = [text, " ".join(repr(float(x)) for x in p), " ".join(repr(float(x)) for x in d)]
            cells += [shown(x, y) for x, y in zip(found, allowed)] + [" ".join(f"{float(x):.1e}" for x in allowed)]
            print("|".join(cells))


main()
