"""Fits the polynomials of the gamma functions and writes `autograd-core/src/math/gamma/coefficients.rs`.

Run from the repository's root, with mpmath installed:

    python3 tests/reference/coefficients_gamma.py
"""

from mpmath import digamma, findroot, log, loggamma, mpf, pi, psi, sqrt

from minimax import fit, module, parts, series, tables

ROOT = findroot(digamma, mpf("1.46"))
MIDDLE = mpf("0.75")


def lgamma_between(t):
    """`log Γ(1 + s) / (s (s - 1))` of s - 3/4."""
    s = t + MIDDLE
    if abs(s) < mpf(10) ** -25:
        return -digamma(1)
    return digamma(2) if abs(s - 1) < mpf(10) ** -25 else loggamma(1 + s) / (s * (s - 1))


def digamma_between(t):
    return digamma(t + 1.5) / (t + 1.5 - ROOT)


def binet(w):
    x = 1 / sqrt(w)
    return (loggamma(x) - (x - mpf(1) / 2) * log(x) + x - log(2 * pi) / 2) * x


def digamma_tail(w):
    x = 1 / sqrt(w)
    return (log(x) - 1 / (2 * x) - digamma(x)) / w


def trigamma_tail(w):
    x = 1 / sqrt(w)
    return (psi(1, x) - 1 / x - w / 2) / w * x


def from_series(function, *terms):
    """A function of x⁻² by its asymptotic series where that is better."""
    return lambda w: function(w) if w > mpf(10) ** -8 else sum(c * w**k for k, c in enumerate(terms))


QUARTER, HALF = mpf(1) / 4, mpf(1) / 2
POLYNOMIALS = [
    ("LGAMMA", "`log Γ(1 + s) / (s (s − 1))` of s − ¾, for s from 0 to 1.5.",
     lgamma_between, -MIDDLE, MIDDLE, lambda t: 1 / lgamma_between(t), 11, 24),
    ("BINET", "`(log Γ(x) − (x − ½) log x + x − ½ log 2π) · x` of x⁻², for x ≥ 2.",
     from_series(binet, mpf(1) / 12, mpf(-1) / 360, mpf(1) / 1260, mpf(-1) / 1680), 0, QUARTER, sqrt, 4, 16),
    ("DIGAMMA", "`ψ(1 + s) / (1 + s − x₀)` of s − ½, for s from 0 to 1; x₀ is where ψ is 0.",
     digamma_between, -HALF, HALF, lambda t: 1 / digamma_between(t), 10, 21),
    ("DIGAMMA_TAIL", "`(log x − 1/(2x) − ψ(x)) · x²` of x⁻², for x ≥ 2.",
     # A little further, for its divided differences are taken, and the errors of a fit are steepest at its ends.
     from_series(digamma_tail, mpf(1) / 12, mpf(-1) / 120, mpf(1) / 252, mpf(-1) / 240), 0, 1 / mpf("1.85") ** 2, lambda w: w, 4, 18),
    ("TRIGAMMA", "`ψ'(1 + s)` of s − ½, for s from 0 to 1.",
     lambda t: psi(1, t + 1.5), -HALF, HALF, lambda t: 1 / psi(1, t + 1.5), 11, 23),
    ("TRIGAMMA_TAIL", "`(ψ'(x) − 1/x − 1/(2x²)) · x³` of x⁻², for x ≥ 2.",
     from_series(trigamma_tail, mpf(1) / 6, mpf(-1) / 30, mpf(1) / 42, mpf(-1) / 30), 0, QUARTER, lambda w: w, 4, 17),
]
CONSTANTS = [
    ("ROOT", "Where digamma is 0, less 1, in two parts.", parts(ROOT - 1, (24, 24)), parts(ROOT - 1, (53, 53))),
    ("HALF_LOG_TWO_PI", "log(2π)/2", [log(2 * pi) / 2], [log(2 * pi) / 2]),
    ("STIRLING", "log(2π)/2 − ½", [log(2 * pi) / 2 - HALF], [log(2 * pi) / 2 - HALF]),
]


def main():
    text = module("Polynomials of the gamma functions, as minimax fits: lowest coefficient first.", "coefficients_gamma.py", "Gamma",
                  "What the gamma functions of one scalar type are made of.", tables(POLYNOMIALS, fit(POLYNOMIALS)), CONSTANTS)
    with open("autograd-core/src/math/gamma/coefficients.rs", "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
