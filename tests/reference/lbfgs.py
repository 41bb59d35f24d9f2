"""Counts of evaluations that SciPy's L-BFGS-B needs on standard problems, for the tests of `fit`.

    pip install scipy==1.17.1
    python tests/reference/lbfgs.py > autograd-core/tests/data/lbfgs.csv

The problems and their starts are those of J. J. More, B. S. Garbow, K. E. Hillstrom, "Testing unconstrained optimization
software", ACM TOMS 7 (1981), numbers as there, and for bounds the driver of L-BFGS-B 3.0 and bounded Rosenbrock. All end where
no number of the (projected) gradient is above 1e-5; the loss ends nothing.
"""

import numpy as np
from scipy.optimize import minimize


def squares(residual):
    """The sum of squares of residuals, and its gradient by complex steps, exact to rounding."""

    def value(x):
        r = residual(x)
        slope = np.empty_like(x)
        for k in range(len(x)):
            z = x.astype(complex)
            z[k] += 1e-30j
            slope[k] = 2 * np.dot(r, residual(z).imag / 1e-30)
        return np.dot(r, r), slope

    return value


def rosenbrock(x):
    a, b = x[0::2], x[1::2]
    return np.concatenate([10 * (b - a * a), 1 - a])


def powell(x):
    a, b, c, d = x
    return np.array([a + 10 * b, np.sqrt(5) * (c - d), (b - 2 * c) ** 2, np.sqrt(10) * (a - d) ** 2])


def helix(x):
    a, b, c = x
    turn = np.arctan(b / a) / (2 * np.pi) + (0.5 if a.real < 0 else 0.0)
    return np.array([10 * (c - 10 * turn), 10 * (np.sqrt(a * a + b * b) - 1), c])


def beale(x):
    a, b = x
    return np.array([1.5 - a * (1 - b), 2.25 - a * (1 - b * b), 2.625 - a * (1 - b * b * b)])


def wood(x):
    a, b, c, d = x
    return np.array(
        [
            10 * (b - a * a),
            1 - a,
            np.sqrt(90) * (d - c * c),
            1 - c,
            np.sqrt(10) * (b + d - 2),
            (b - d) / np.sqrt(10),
        ]
    )


def broyden(x):
    before, after = np.concatenate([[0], x[:-1]]), np.concatenate([x[1:], [0]])
    return (3 - 2 * x) * x - before - 2 * after + 1


def dimensioned(x):
    s = np.dot(np.arange(1, len(x) + 1), x - 1)
    return np.concatenate([x - 1, [s, s * s]])


def penalty(x):
    return np.concatenate([np.sqrt(1e-5) * (x - 1), [np.dot(x, x) - 0.25]])


def trigonometric(x):
    n = len(x)
    return n - np.sum(np.cos(x)) + np.arange(1, n + 1) * (1 - np.cos(x)) - np.sin(x)


def boundary(x):
    """The discrete boundary value problem, whose gradient is small from the start."""
    n = len(x)
    h = 1 / (n + 1)
    t = np.arange(1, n + 1) * h
    before, after = np.concatenate([[0], x[:-1]]), np.concatenate([x[1:], [0]])
    return 2 * x - before - after + h * h * (x + t + 1) ** 3 / 2


def chain(x):
    """The loss of L-BFGS-B's driver is a sum of squares: (x0 - 1)^2 / 4 + sum (x[k] - x[k-1]^2)^2, times 4."""
    return 2 * np.concatenate([[(x[0] - 1) / 2], x[1:] - x[:-1] ** 2])


odd = np.arange(25) % 2 == 0
problems = [
    ("rosenbrock", rosenbrock, np.array([-1.2, 1.0]), None),
    ("powell", powell, np.array([3.0, -1.0, 0.0, 1.0]), None),
    ("helix", helix, np.array([-1.0, 0.0, 0.0]), None),
    ("beale", beale, np.array([1.0, 1.0]), None),
    ("wood", wood, np.array([-3.0, -1.0, -3.0, -1.0]), None),
    ("extended_rosenbrock", rosenbrock, np.tile([-1.2, 1.0], 50), None),
    ("broyden", broyden, np.full(100, -1.0), None),
    ("dimensioned", dimensioned, 1 - np.arange(1, 11) / 10, None),
    ("penalty", penalty, np.arange(1.0, 11.0), None),
    ("trigonometric", trigonometric, np.full(20, 1 / 20), None),
    ("boundary", boundary, np.arange(1, 21) / 21 * (np.arange(1, 21) / 21 - 1), None),
    ("bounded_rosenbrock", rosenbrock, np.array([-1.2, 1.0]), [(None, 0.5), (None, None)]),
    ("bounded_extended", rosenbrock, np.tile([-1.2, 1.0], 50), [(-2.0, 0.8), (0.1, 3.0)] * 50),
    ("chain", chain, np.full(25, 3.0), [(1.0, 100.0) if k else (-100.0, 100.0) for k in odd]),
    ("bounded_wood", wood, np.array([-3.0, -1.0, -3.0, -1.0]), [(-4.0, 0.5)] * 4),
]
print("problem,evaluations,loss")
for name, residual, start, bounds in problems:
    found = minimize(
        squares(residual), start, jac=True, bounds=bounds, method="L-BFGS-B",
        options={"ftol": 0.0, "gtol": 1e-5, "maxcor": 10, "maxiter": 10000, "maxfun": 100000},
    )
    assert "PGTOL" in found.message or "GRADIENT" in found.message.upper(), (name, found.message)
    print(f"{name},{found.nfev},{float(found.fun)!r}")
