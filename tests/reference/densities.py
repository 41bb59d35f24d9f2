"""Writes `tests/data/densities.csv`: log-densities and their derivatives by every argument, with 400 digits.

Run from the repository's root, with mpmath installed:

    python3 tests/reference/densities.py

A line is the name of a function of the language, its arguments, the value, and the derivatives by each argument (`-` by
counts, which have none), all as numbers that read back exactly. The formulas are those of Stan's reference, written out
without regard to rounding.
"""

from mpmath import diff, erfc, exp, inf, log, loggamma, mp, mpf, pi, sqrt

mp.dps = 400


def normal(y, mu, sigma):
    return -((y - mu) / sigma) ** 2 / 2 - log(sigma) - log(2 * pi) / 2


def gamma(y, a, b):
    return a * log(b) - loggamma(a) + (a - 1) * log(y) - b * y


def beta(y, a, b):
    return (a - 1) * log(y) + (b - 1) * log(1 - y) + loggamma(a + b) - loggamma(a) - loggamma(b)


def choose(n, k):
    return loggamma(n + 1) - loggamma(k + 1) - loggamma(n - k + 1)


def lbeta(a, b):
    return loggamma(a) + loggamma(b) - loggamma(a + b)


def neg_binomial_2(n, mu, phi):
    return choose(n + phi - 1, n) + n * log(mu / (mu + phi)) + phi * log(phi / (mu + phi))


def sigmoid(x):
    return 1 / (1 + exp(-x))


# name: (function, which arguments are counts, points)
DENSITIES = {
    "normal_lpdf": (normal, "", [(1, 2, 3), (0.5, -1, 0.1), (1e10, 0, 1), (3, 1e-5, 1e-8)]),
    "std_normal_lpdf": (lambda y: normal(y, 0, 1), "", [(0.5,), (40,), (-1e5,)]),
    "student_t_lpdf": (
        lambda y, nu, mu, s: loggamma((nu + 1) / 2) - loggamma(nu / 2) - log(nu * pi) / 2 - log(s)
        - (nu + 1) / 2 * log(1 + ((y - mu) / s) ** 2 / nu),
        "", [(1, 4, 0.5, 2), (30, 4, 0, 1), (0.3, 1e4, 0.1, 1.5), (1e5, 2.5, 0, 0.1), (1e-5, 3, 0, 1)]),
    "cauchy_lpdf": (lambda y, mu, s: -log(pi * s) - log(1 + ((y - mu) / s) ** 2), "", [(1, 0.5, 2), (1e8, 0, 1), (1.5, 0.5, 3)]),
    "double_exponential_lpdf": (lambda y, mu, s: -abs(y - mu) / s - log(2 * s), "", [(1, 3, 2), (5, -1, 0.3)]),
    "logistic_lpdf": (lambda y, mu, s: -(y - mu) / s - log(s) - 2 * log(1 + exp(-(y - mu) / s)), "", [(1, 3, 2), (900, 0, 1), (-900, 0, 1)]),
    "gumbel_lpdf": (lambda y, mu, b: -(y - mu) / b - exp(-(y - mu) / b) - log(b), "", [(1, 3, 2), (90, 0, 1)]),
    "lognormal_lpdf": (lambda y, mu, s: normal(log(y), mu, s) - log(y), "", [(1.5, 0.3, 2), (1e-200, 0, 1)]),
    "exponential_lpdf": (lambda y, b: log(b) - b * y, "", [(1.5, 3), (0.25, 2)]),
    "gamma_lpdf": (gamma, "", [(1.5, 2, 3), (1e-5, 0.01, 1), (1e4, 1e4, 1), (0.7, 1, 2)]),
    "inv_gamma_lpdf": (lambda y, a, b: a * log(b) - loggamma(a) - (a + 1) * log(y) - b / y, "", [(1.5, 2, 3), (1e-3, 0.5, 1e-2)]),
    "chi_square_lpdf": (lambda y, nu: gamma(y, nu / 2, mpf(1) / 2), "", [(1.5, 3), (40, 31)]),
    "weibull_lpdf": (lambda y, a, s: log(a / s) + (a - 1) * log(y / s) - (y / s) ** a, "", [(1.5, 2, 3), (1e-3, 0.7, 2)]),
    "rayleigh_lpdf": (lambda y, s: log(y) - 2 * log(s) - (y / s) ** 2 / 2, "", [(1.5, 3)]),
    "pareto_lpdf": (lambda y, m, a: log(a) + a * log(m) - (a + 1) * log(y), "", [(2.5, 1.5, 3)]),
    "beta_lpdf": (beta, "", [(0.3, 2, 3), (1e-9, 0.5, 1e9), (0.999, 300, 2), (0.25, 1, 1)]),
    "beta_proportion_lpdf": (lambda y, m, k: beta(y, m * k, (1 - m) * k), "", [(0.3, 0.4, 5)]),
    "uniform_lpdf": (lambda y, a, b: -log(b - a) + 0 * y, "y", [(1, -2, 5)]),
    "skew_normal_lpdf": (
        lambda y, xi, w, a: log(2) + normal(y, xi, w) + log(erfc(-a * (y - xi) / w / sqrt(2)) / 2),
        "", [(1, 0.5, 2, 3), (-8, 0, 1, 5)]),
    "exp_mod_normal_lpdf": (
        lambda y, m, s, l: log(l / 2) + l / 2 * (2 * m + l * s**2 - 2 * y) + log(erfc((m + l * s**2 - y) / (sqrt(2) * s))),
        "", [(1, 0.5, 2, 3), (1, 0.5, 0.1, 0.7), (-3, 0, 1, 1e4), (40, 0, 1, 0.5), (5, 0, 1, 1e-3)]),
    "frechet_lpdf": (lambda y, a, s: log(a / s) - (1 + a) * log(y / s) - (y / s) ** -a, "", [(1.5, 2, 3), (1e3, 0.7, 2)]),
    "half_cauchy_lpdf": (lambda y, s: log(2) - log(pi * s) - log(1 + (y / s) ** 2), "", [(1.5, 2), (1e8, 3)]),
    "half_normal_lpdf": (lambda y, s: log(2) + normal(y, 0, s), "", [(1.5, 2), (1e-5, 3)]),
    "inv_chi_square_lpdf": (
        lambda y, nu: -nu / 2 * log(2) - (nu / 2 + 1) * log(y) - 1 / (2 * y) - loggamma(nu / 2), "", [(1.5, 3), (0.01, 31)]),
    "scaled_inv_chi_square_lpdf": (
        lambda y, nu, s: nu / 2 * log(nu / 2) - loggamma(nu / 2) + nu * log(s) - (nu / 2 + 1) * log(y) - nu * s**2 / (2 * y),
        "", [(1.5, 3, 2), (0.1, 7, 0.3)]),
    "loglogistic_lpdf": (
        lambda y, a, b: log(b / a) + (b - 1) * log(y / a) - 2 * log(1 + (y / a) ** b), "", [(1.5, 2, 3), (1e5, 0.5, 4)]),
    "pareto_type_2_lpdf": (
        lambda y, m, l, a: log(a / l) - (a + 1) * log(1 + (y - m) / l), "", [(2.5, 1.5, 3, 2), (1e-8, 0, 1, 3)]),
    "poisson_lpmf": (lambda n, m: n * log(m) - m - loggamma(n + 1), "n", [(3, 2.5), (0, 1e-3), (100, 90)]),
    "poisson_log_lpmf": (lambda n, a: n * a - exp(a) - loggamma(n + 1), "n", [(3, 1.5), (0, -800), (7, 2)]),
    "neg_binomial_lpmf": (
        lambda n, a, b: choose(n + a - 1, n) + a * log(b / (b + 1)) - n * log(b + 1), "n", [(3, 2.5, 0.7), (0, 2, 1)]),
    "neg_binomial_2_lpmf": (neg_binomial_2, "n", [(3, 2.5, 0.7), (0, 2.5, 0.7), (30, 25, 1e3), (5, 4, 100)]),
    "neg_binomial_2_log_lpmf": (
        lambda n, eta, phi: neg_binomial_2(n, exp(eta), phi), "n", [(3, 0.9, 0.7), (0, -5, 2), (30, 3, 1e3), (2, 40, 2)]),
    "binomial_lpmf": (lambda n, N, t: choose(N, n) + n * log(t) + (N - n) * log(1 - t), "nN", [(3, 10, 0.25), (0, 10, 1e-12)]),
    "binomial_logit_lpmf": (
        lambda n, N, a: choose(N, n) + n * log(sigmoid(a)) + (N - n) * log(sigmoid(-a)), "nN", [(3, 10, 0.5), (10, 10, 50), (0, 4, -300)]),
    "bernoulli_lpmf": (lambda y, t: y * log(t) + (1 - y) * log(1 - t), "y", [(1, 0.25), (0, 1e-12)]),
    "bernoulli_logit_lpmf": (
        lambda y, a: y * log(sigmoid(a)) + (1 - y) * log(sigmoid(-a)), "y", [(1, 0.5), (1, 40), (0, -40), (1, -900), (0, 900), (0.3, 2)]),
    "beta_binomial_lpmf": (
        lambda n, N, a, b: choose(N, n) + lbeta(n + a, N - n + b) - lbeta(a, b), "nN", [(3, 10, 2, 3), (3, 10, 2e7, 6e7)]),
    "lchoose": (choose, "nk", [(10, 3), (1e10, 2), (5, 0), (5, 5)]),
    "log_norm_pdf": (lambda x: normal(x, 0, 1), "", [(1.5,), (1e8,)]),
    "log1mexp": (lambda x: log(1 - exp(-abs(x))), "", [(1.5,), (-1.5,), (1e-20,), (60,)]),
    "softplus_inverse": (lambda y: log(exp(y) - 1), "", [(1.5,), (1e-10,), (800,)]),
    "logit": (lambda p: log(p / (1 - p)), "", [(0.3,), (1e-30,)]),
}


def number(x):
    x = mpf(x.real)
    x = x if abs(x) > mpf("1e-230") or x == 0 else mpf(0)
    return repr(float(x)) if abs(x) != inf else ("inf" if x > 0 else "-inf")


def main():
    lines = []
    for name, (function, counts, points) in DENSITIES.items():
        for point in points:
            at = [mpf(x) for x in point]
            slopes = []
            for place in range(len(at)):
                if place < len(counts):
                    slopes.append("-")
                    continue
                along = lambda x: function(*at[:place], x, *at[place + 1:])
                scale = abs(at[place]) or mpf(1)
                slopes.append(number(diff(along, at[place], h=scale * mpf(10) ** -120)))
            arguments = " ".join(number(x) for x in at)
            lines.append(f"{name};{arguments};{number(function(*at))};{' '.join(slopes)}")
    with open("tests/data/densities.csv", "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
