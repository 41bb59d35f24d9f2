"""Fits the functions of the quantiles and writes `autograd-core/src/math/quantile/coefficients.rs`.

Run from the repository's root, with mpmath installed:

    python3 tests/reference/coefficients_quantile.py
"""

from mpmath import erfc, erfinv, exp, expm1, log, mpf, nstr, pi, sqrt

from minimax import fit, module, rational, tables


def erfc_inverse(tail):
    """The y with erfc(y) = tail, by Newton's method on the logarithm."""
    goal = log(tail)
    y = sqrt(-goal) if goal > -1 else sqrt(max((-goal - log(-goal * pi) / 2), -goal / 2))
    for _ in range(100):
        value = erfc(y)
        step = (goal - log(value)) * value * sqrt(pi) / 2 * exp(y * y)
        y -= step
        if abs(step) < mpf(2) ** -120 * abs(y):
            break
    return y


def over_argument(w):
    """erfinv(x)/x where w is -log(1 - x²)."""
    if w < mpf(10) ** -25:
        return sqrt(pi) / 2
    x = sqrt(-expm1(-w))
    return (erfinv(x) if w < 1 else erfc_inverse(exp(-w) / (1 + x))) / x


def of_root(r):
    """The y beyond which a normal variable of deviation √½ is with the probability exp(-r²)."""
    return erfc_inverse(2 * exp(-r * r))


CENTRE = mpf(1)
POLYNOMIALS = [
    ("ERFINV", "`erfinv(x) / x` of −log(1 − x²) − 1, for −log(1 − x²) from 0 to 5.",
     lambda t: over_argument(t + CENTRE), -CENTRE, 5 - CENTRE, lambda t: 1 / over_argument(t + CENTRE), 9, 21),
]
# name, where √(−log t) lies, degrees, for f32 and f64. The tail of 1 - x² = exp(-5) is exp(-2.528²).
TAILS = [
    ("TAIL", {True: ("2.5", "10.2", 3, 4), False: ("2.5", "5", 6, 7)}),
    ("FAR_TAIL", {False: ("5", "12", 6, 7)}),
    ("FARTHEST_TAIL", {False: ("12", "27.4", 6, 7)}),
]


def moved(coefficients, by):
    """The same polynomial, of x - by."""
    result = [mpf(0)]
    for c in reversed(coefficients):
        result = [a + by * b for a, b in zip([mpf(0)] + result, result + [mpf(0)])]
        result[0] += c
    return result[: len(coefficients)]


def below_root(low, high, top, bottom):
    """Numerator and denominator of √(−log t) less of_root, about the lower end: there all coefficients are positive."""
    low, high = mpf(low), mpf(high)
    *quotient, worst = rational(lambda r: r - of_root(r), low, high, top, bottom, lambda r: 1 / of_root(r))
    quotient = [moved(each, (low - high) / 2) for each in quotient]
    print(f"r from {nstr(low, 3)} to {nstr(high, 3)}, degrees {top}, {bottom}: 2^{nstr(log(worst, 2), 4)}")
    return [[c / quotient[1][0] for c in each] for each in quotient]


def main():
    arrays = tables(POLYNOMIALS, fit(POLYNOMIALS))
    for name, ranges in TAILS:
        found = {single: below_root(*ranges[single]) if single in ranges else [[], []] for single in (True, False)}
        spans = [f"from {low} to {high} (`{kind}`)" for single, kind in ((True, "f32"), (False, "f64")) if single in ranges
                 for low, high, *_ in [ranges[single]]]
        least = ranges[False][0]
        doc = f"`r − erfinv(1 − 2t)` for r = √(−log t) {' or '.join(spans)}, of r − {least}: the "
        for place, part in enumerate(("numerator", "denominator")):
            arrays.append((f"{name}_{part.upper()}", doc + part + ".", found[True][place], found[False][place]))
    text = module("Polynomials of the quantiles, as minimax fits: lowest coefficient first.", "coefficients_quantile.py", "Quantile",
                  "What the quantiles of one scalar type are made of.", arrays, [])
    with open("autograd-core/src/math/quantile/coefficients.rs", "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
