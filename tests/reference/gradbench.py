"""Inputs of GradBench's evals and what mpmath says there, with 40 digits.

Run from the repository's root, with mpmath installed (pip install mpmath==1.3.0):

    python3 tests/reference/gradbench.py > tests/data/gradbench.jsonl

Each line is a message of the protocol, and under `expected` the output that its answer must have. Derivatives are
quotients of differences of functions that are written down as formulas, in so many digits that nothing is lost; no code
is shared with anything that is tested. Inputs are drawn by a generator of numbers that is written out here.
"""

import json

import mpmath as mp

mp.mp.dps = 40
STEP = mp.mpf(10) ** -20


class Random:
    """A linear congruential generator (Knuth's MMIX)."""

    def __init__(self, seed):
        self.state = seed

    def between(self, low, high):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return low + (high - low) * ((self.state >> 11) / 2**53)

    def vector(self, n, low=-1.0, high=1.0):
        return [self.between(low, high) for _ in range(n)]

    def matrix(self, n, m, low=-1.0, high=1.0):
        return [self.vector(m, low, high) for _ in range(n)]


def exact(value):
    return [exact(x) for x in value] if isinstance(value, list) else mp.mpf(value)


def rounded(value):
    return [rounded(x) for x in value] if isinstance(value, list) else float(value)


def gradient(f, x):
    """The gradient of f by a nested list, by central differences with an error of about 1e-20."""

    def along(part, path):
        if isinstance(part, list):
            return [along(inner, path + [place]) for place, inner in enumerate(part)]
        return (f(moved(x, path, STEP)) - f(moved(x, path, -STEP))) / (2 * STEP)

    return along(x, [])


def moved(x, path, by):
    if not path:
        return x + by
    return [moved(part, path[1:], by) if place == path[0] else part for place, part in enumerate(x)]


def lse(x):
    return mp.log(mp.fsum(mp.exp(x) for x in x))


def llsq(x, n):
    total = mp.mpf(0)
    for i in range(n):
        t = -1 + 2 * mp.mpf(i) / (n - 1)
        total += (mp.sign(t) - mp.fsum(x * t**j for j, x in enumerate(x))) ** 2
    return total / 2


def kmeans(c, points):
    return mp.fsum(min(mp.fsum((a - b) ** 2 for a, b in zip(row, point)) for row in c) for point in points)


def kmeans_direction(c, points):
    """A centroid less the mean of its points."""
    own = [[] for _ in c]
    for point in points:
        distances = [mp.fsum((a - b) ** 2 for a, b in zip(row, point)) for row in c]
        own[distances.index(min(distances))].append(point)
    return [[x - mp.fsum(p[j] for p in near) / len(near) for j, x in enumerate(row)] for row, near in zip(c, own)]


def gmm(alpha, mu, q, l, x, gamma, m):
    d, total = len(q[0]), mp.mpf(0)
    factors = []
    for q_k, l_k in zip(q, l):
        factor, values = mp.zeros(d), iter(l_k)
        for j in range(d):
            factor[j, j] = mp.exp(q_k[j])
            for i in range(j + 1, d):
                factor[i, j] = next(values)
        factors.append(factor)
    for point in x:
        beta = []
        for a, mean, q_k, factor in zip(alpha, mu, q, factors):
            y = factor * mp.matrix([u - v for u, v in zip(point, mean)])
            beta.append(a - mp.fsum(v**2 for v in y) / 2 + mp.fsum(q_k))
        total += lse(beta)
    nu = d + m + 1
    total -= len(x) * (mp.mpf(d) / 2 * mp.log(2 * mp.pi) + lse(alpha))
    multivariate = mp.mpf(d) * (d - 1) / 4 * mp.log(mp.pi)
    multivariate += mp.fsum(mp.loggamma((nu + 1 - j) / mp.mpf(2)) for j in range(1, d + 1))
    total += len(alpha) * (nu * d * mp.log(gamma / mp.sqrt(2)) - multivariate)
    squares = mp.fsum(v**2 for factor in factors for v in factor)
    return total - gamma**2 / 2 * squares + m * mp.fsum(v for q_k in q for v in q_k)


def line(module, function, data, expected):
    print(json.dumps({"module": module, "function": function, "input": data, "expected": expected}))


def main():
    random = Random(17)
    for x in [1.0, -3.5, 1e10]:
        line("hello", "square", x, x * x)
        line("hello", "double", x, 2 * x)
    for n, low, high in [(1, 0.0, 1.0), (7, 0.0, 1.0), (100, -30.0, 700.0)]:
        x = random.vector(n, low, high)
        line("lse", "primal", {"x": x}, rounded(lse(exact(x))))
        line("lse", "gradient", {"x": x}, rounded([mp.exp(v - lse(exact(x))) for v in exact(x)]))
    # An odd number of points has one where the sign is 0.
    for m, n in [(1, 2), (8, 16), (5, 9), (128, 128)]:
        x = random.vector(m)
        data = {"x": x, "n": n}
        line("llsq", "primal", data, rounded(llsq(exact(x), n)))
        line("llsq", "gradient", data, rounded(gradient(lambda x: llsq(x, n), exact(x)) if m < 100 else slopes(x, n)))
    for k, n, d in [(1, 5, 2), (3, 40, 4), (10, 200, 8)]:
        points = random.matrix(n, d)
        # Each of them is the nearest to a point, itself.
        c = [[v + random.between(-0.01, 0.01) for v in point] for point in points[:k]]
        data = {"points": points, "centroids": c}
        line("kmeans", "cost", data, rounded(kmeans(exact(c), exact(points))))
        line("kmeans", "dir", data, rounded(kmeans_direction(exact(c), exact(points))))
    for d, k, n, gamma, m in [(1, 1, 3, 1.0, 0), (2, 5, 10, 1.0, 0), (3, 2, 6, 0.8, 2), (5, 3, 8, 1.0, 0)]:
        parts = {
            "alpha": random.vector(k),
            "mu": random.matrix(k, d),
            "q": random.matrix(k, d),
            "l": random.matrix(k, d * (d - 1) // 2),
        }
        x = random.matrix(n, d)
        data = {"d": d, "k": k, "n": n, "gamma": gamma, "m": m, "x": x, **parts}
        values = {name: exact(part) for name, part in parts.items()}
        f = lambda **changed: gmm(**{**values, **changed}, x=exact(x), gamma=mp.mpf(gamma), m=m)
        line("gmm", "objective", data, rounded(f()))
        slopes_of = {name: rounded(gradient(lambda v, name=name: f(**{name: v}), values[name])) for name in parts}
        line("gmm", "jacobian", data, slopes_of)


def slopes(x, n):
    """The gradient of llsq, which is linear in its residuals."""
    x, result = exact(x), [mp.mpf(0)] * len(x)
    for i in range(n):
        t = -1 + 2 * mp.mpf(i) / (n - 1)
        off = mp.fsum(x * t**j for j, x in enumerate(x)) - mp.sign(t)
        result = [slope + off * t**j for j, slope in enumerate(result)]
    return result


if __name__ == "__main__":
    main()
