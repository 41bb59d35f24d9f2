"""The expressions that models are compared with JAX on: a row for each.

A row is the name of the model, its declarations, the expression (with the `let`s before it), the same in JAX, and the
shape of the value where it is not a scalar. The function in JAX takes what is declared, by name. `ranges` says where
the numbers of an array are drawn from; -2 to 2 if nothing is said. Points lie off kinks, poles and the edges of
domains, where the conventions of the two differ (tests/models/conventions.rs is about those).
"""

import math
from dataclasses import dataclass, field

import jax
import jax.numpy as jnp
import jax.scipy.special as special


@dataclass
class Row:
    family: str
    name: str
    declarations: str
    expression: str
    function: object
    shape: str = ""
    ranges: dict = field(default_factory=dict)


ROWS = []

# Rows where JAX itself subtracts nearly equal intermediate numbers: 1 - tanh(x)^2 where tanh is nearly 1, and what is
# left of a column after its mean and its projection are taken out (nothing, of two rows). See oracle.py on floors.
CANCELLING = {"jvp_of_product", "layer_normalised", "standardised"}


def family(name):
    """A function that adds rows to a family."""

    def add(row, declarations, expression, function, shape="", **ranges):
        ROWS.append(Row(name, row, declarations, expression, function, shape, ranges))

    return add


def of_x(function):
    return lambda x: function(x)


POSITIVE = (0.2, 3.0)
UNIT = (-0.9, 0.9)

# Elementary functions, element by element.
row = family("elementary")
for name, function, span in [
    ("exp", jnp.exp, (-2, 2)),
    ("exp2", jnp.exp2, (-2, 2)),
    ("expm1", jnp.expm1, (-2, 2)),
    ("log", jnp.log, POSITIVE),
    ("log1p", jnp.log1p, (-0.8, 2)),
    ("log2", jnp.log2, POSITIVE),
    ("log10", jnp.log10, POSITIVE),
    ("sqrt", jnp.sqrt, POSITIVE),
    ("rsqrt", jax.lax.rsqrt, POSITIVE),
    ("cbrt", jnp.cbrt, POSITIVE),
    ("sin", jnp.sin, (-6, 6)),
    ("cos", jnp.cos, (-6, 6)),
    ("tan", jnp.tan, (-1.2, 1.2)),
    ("asin", jnp.arcsin, UNIT),
    ("acos", jnp.arccos, UNIT),
    ("atan", jnp.arctan, (-3, 3)),
    ("sinh", jnp.sinh, (-2, 2)),
    ("cosh", jnp.cosh, (-2, 2)),
    ("tanh", jnp.tanh, (-3, 3)),
    ("asinh", jnp.arcsinh, (-3, 3)),
    ("acosh", jnp.arccosh, (1.2, 4)),
    ("atanh", jnp.arctanh, UNIT),
    ("sigmoid", jax.nn.sigmoid, (-4, 4)),
    ("log_sigmoid", jax.nn.log_sigmoid, (-4, 4)),
    ("softplus", jax.nn.softplus, (-4, 4)),
    ("relu", jax.nn.relu, (-2, 2)),
    ("relu6", jax.nn.relu6, (-2, 9)),
    ("leaky_relu", jax.nn.leaky_relu, (-2, 2)),
    ("elu", jax.nn.elu, (-2, 2)),
    ("selu", jax.nn.selu, (-2, 2)),
    ("gelu", lambda x: jax.nn.gelu(x, approximate=False), (-2, 3)),
    ("gelu_tanh", lambda x: jax.nn.gelu(x, approximate=True), (-2, 3)),
    ("silu", jax.nn.silu, (-4, 4)),
    ("mish", jax.nn.mish, (-3, 3)),
    ("softsign", jax.nn.soft_sign, (-3, 3)),
    ("hard_sigmoid", jax.nn.hard_sigmoid, (-4, 4)),
    ("hard_tanh", jax.nn.hard_tanh, (-2, 2)),
    ("erf", special.erf, (-2.5, 2.5)),
    ("erfc", special.erfc, (-2.5, 2.5)),
    ("lgamma", special.gammaln, (0.3, 6)),
    ("digamma", special.digamma, (0.3, 6)),
    ("abs", jnp.abs, (-2, 2)),
    ("sinc", lambda x: jnp.sinc(x / math.pi), (0.1, 6)),
    ("cosc", lambda x: 2 * (jnp.sin(x / 2) / x) ** 2, (0.1, 6)),
    ("exprel", lambda x: jnp.expm1(x) / x, (0.1, 3)),
]:
    row(f"{name}_of", "param x: [N];", f"{name}(x)", of_x(function), "[N]", x=span)

row("trigamma_of", "param x: [N];", "trigamma(x)", lambda x: special.polygamma(1, x), "[N]", x=(0.3, 6))
row("polygamma_of", "param x: [N];", "polygamma(2, x)", lambda x: special.polygamma(2, x), "[N]", x=(0.3, 6))
row("atan2_of", "param y0: [N], x0: [N];", "atan2(y0, x0)", lambda y0, x0: jnp.arctan2(y0, x0), "[N]")
row("hypot_of", "param a: [N], b: [N];", "hypot(a, b)", lambda a, b: jnp.hypot(a, b), "[N]")
row("logaddexp_of", "param a: [N], b: [N];", "logaddexp(a, b)", lambda a, b: jnp.logaddexp(a, b), "[N]")
row("xlogy_of", "param a: [N], b: [N];", "xlogy(a, b)", lambda a, b: special.xlogy(a, b), "[N]", a=POSITIVE, b=POSITIVE)
row("rem_of", "param a: [N], b: [N];", "rem(a, b)", lambda a, b: jnp.remainder(a, b), "[N]", a=(-5, 5), b=(0.5, 2))
row("power", "param a: [N], b: [N];", "a^b", lambda a, b: a**b, "[N]", a=POSITIVE)
row(
    "powers_with_integers",
    "param x: [N];",
    "x^3 - 2*x^2 + x^-1 - x^7/100",
    lambda x: x**3 - 2 * x**2 + 1 / x - x**7 / 100,
    "[N]",
    x=POSITIVE,
)
row("power_of_a_negative_base", "param x: [N];", "x^3 + x^-2", lambda x: x**3 + 1 / x**2, "[N]", x=(-2, -0.3))
row("constant_to_a_power", "param x: [N];", "2^x + e^x", lambda x: 2.0**x + jnp.exp(x), "[N]")
row(
    "floor_and_fraction",
    "param x: [N];",
    "x * floor(x) + (x - floor(x))^2 - ceil(x) * round(x)",
    lambda x: x * jnp.floor(x) + (x - jnp.floor(x)) ** 2 - jnp.ceil(x) * jnp.round(x),
    "[N]",
    x=(-3, 3),
)
row("signs", "param x: [N];", "x^2 * sign(x)", lambda x: x**2 * jnp.sign(x), "[N]")
row("clamped", "param x: [N];", "clamp(x, -0.5, 1) * x", lambda x: jnp.clip(x, -0.5, 1) * x, "[N]")

# Operators, broadcasting, choices.
row = family("operators")
row(
    "precedence",
    "param x: [N], y0: [N];",
    "-x^2 + 2 * x / y0 - x * -y0 ^ 2",
    lambda x, y0: -(x**2) + 2 * x / y0 - x * -(y0**2),
    "[N]",
    y0=POSITIVE,
)
row("broadcast_rows", "param x: [N, D], b: [D];", "x * b + b", lambda x, b: x * b + b, "[N, D]")
row(
    "broadcast_columns",
    "param x: [N, D], a: [N];",
    "x / a[.., new] - a[.., new]",
    lambda x, a: x / a[:, None] - a[:, None],
    "[N, D]",
    a=POSITIVE,
)
row(
    "broadcast_both",
    "param a: [N], b: [D];",
    "a[.., new] * b + sin(a)[.., new]",
    lambda a, b: a[:, None] * b + jnp.sin(a)[:, None],
    "[N, D]",
)
row(
    "broadcast_scalars",
    "param s; param x: [B, N, D];",
    "s * x + x / (1 + s^2)",
    lambda s, x: s * x + x / (1 + s**2),
    "[B, N, D]",
)
row(
    "broadcast_matrix_over_batch",
    "param x: [B, N, D], m: [N, D], v: [D];",
    "(x - m) * v",
    lambda x, m, v: (x - m) * v,
    "[B, N, D]",
)
row(
    "linear_regression",
    "param w, b; input x: [N], t: [N];",
    "mean((0.5 * (w*x + b - t))^2)",
    lambda w, b, x, t: jnp.mean((0.5 * (w * x + b - t)) ** 2),
)
row(
    "conditional",
    "param x: [N], z: [N];",
    "if x > z { x^2 } else { sin(z) * x }",
    lambda x, z: jnp.where(x > z, x**2, jnp.sin(z) * x),
    "[N]",
)
row(
    "conditional_on_inputs",
    "param x: [N]; input t: [N];",
    "where(t > 0 && t < 1 || t < -1, exp(x), x^3)",
    lambda x, t: jnp.where(((t > 0) & (t < 1)) | (t < -1), jnp.exp(x), x**3),
    "[N]",
)
row(
    "guarded_logarithm",
    "param x: [N];",
    "if x > 0 { log(x) } else { -1 }",
    lambda x: jnp.where(x > 0, jnp.log(jnp.where(x > 0, x, 1.0)), -1.0),
    "[N]",
)
row(
    "nested_conditionals",
    "param x: [N];",
    "if x < -1 { 0 } else { if x < 1 { let q = x^2; q * (1 - q/2) } else { x / 2 } }",
    lambda x: jnp.where(x < -1, 0.0, jnp.where(x < 1, x**2 * (1 - x**2 / 2), x / 2)),
    "[N]",
)
row(
    "truth_in_arithmetic",
    "param x: [N];",
    "(x > 0) * x^2 + !(x > 0) * exp(x)",
    lambda x: (x > 0) * x**2 + ~(x > 0) * jnp.exp(x),
    "[N]",
)
row(
    "elementwise_extremes",
    "param a: [N], b: [N];",
    "max(a, b) * min(a, b, 0.5)",
    lambda a, b: jnp.maximum(a, b) * jnp.minimum(jnp.minimum(a, b), 0.5),
    "[N]",
)
row(
    "functions_of_the_model",
    "param x: [N], z: [N]; fn square(a) = a^2; fn bowl(a, b) { let d = a - b; square(d) + square(a) * 0.1 }",
    "bowl(x, z) * square(z)",
    lambda x, z: ((x - z) ** 2 + 0.1 * x**2) * z**2,
    "[N]",
)
row(
    "constants",
    "param x: [N]; const c = 3 / 2; const d = c^2 - 1;",
    "c * x^2 + d * sin(pi * x) + e",
    lambda x: 1.5 * x**2 + 1.25 * jnp.sin(jnp.pi * x) + jnp.e,
    "[N]",
)
row(
    "extents_as_numbers",
    "param x: [N, D];",
    "sum(x^2) / (N * D) + N - sqrt(D)",
    lambda x: jnp.sum(x**2) / x.size + x.shape[0] - math.sqrt(x.shape[1]),
)

# Whole axes.
row = family("reductions")
row("sum_all", "param x: [N, D];", "sum(x * sin(x))", lambda x: jnp.sum(x * jnp.sin(x)))
row("sum_named_axis", "param x: [N, D];", "sum(x^2, N)", lambda x: jnp.sum(x**2, 0), "[D]")
row("sum_numbered_axis", "param x: [B, N, D];", "sum(exp(x), axis = 1)", lambda x: jnp.sum(jnp.exp(x), 1), "[B, D]")
row("sum_two_axes", "param x: [B, N, D];", "sum(x^3, axis = (B, D))", lambda x: jnp.sum(x**3, (0, 2)), "[N]")
row(
    "sum_keeping_the_axis",
    "param x: [N, D];",
    "x / sum(exp(x), axis = 1, keep = true)",
    lambda x: x / jnp.sum(jnp.exp(x), 1, keepdims=True),
    "[N, D]",
)
row("mean_of_rows", "param x: [N, D];", "mean(x, D)^2", lambda x: jnp.mean(x, 1) ** 2, "[N]")
row("mean_everywhere", "param x: [B, N, D];", "exp(mean(x))", lambda x: jnp.exp(jnp.mean(x)))
row("product", "param x: [N];", "prod(x)", lambda x: jnp.prod(x), x=(0.5, 1.5))
row("product_of_rows", "param x: [N, D];", "prod(x, D)", lambda x: jnp.prod(x, 1), "[N]")
row("maximum", "param x: [N, D];", "max(x, axis = D)", lambda x: jnp.max(x, 1), "[N]")
row("minimum", "param x: [N, D];", "min(x, axis = 0) * max(x)", lambda x: jnp.min(x, 0) * jnp.max(x), "[D]")
row(
    "argmax_as_a_mask",
    "param x: [N, D];",
    "x^2 * (argmax(x, D)[.., new] == iota(D))",
    lambda x: x**2 * (jnp.argmax(x, 1)[:, None] == jnp.arange(x.shape[1])),
    "[N, D]",
)
row("argmin_as_a_number", "param x: [N, D];", "x[0] * argmin(x, axis = 0)", lambda x: x[0] * jnp.argmin(x, 0), "[D]")
row("variance", "param x: [N];", "var(x)", lambda x: jnp.var(x))
row("variance_of_columns", "param x: [N, D];", "var(x, N, ddof = 1)", lambda x: jnp.var(x, 0, ddof=1), "[D]")
row("deviation", "param x: [N, D];", "std(x, axis = 0)", lambda x: jnp.std(x, 0), "[D]")
row(
    "standardised",
    "param x: [N, D];",
    "(x - mean(x, N)) / std(x, N)",
    lambda x: (x - jnp.mean(x, 0)) / jnp.std(x, 0),
    "[N, D]",
)
row("norm_of_vector", "param x: [N];", "norm(x)", lambda x: jnp.linalg.norm(x))
row(
    "norm_of_rows",
    "param x: [N, D];",
    "x / norm(x, axis = D, keep = true)",
    lambda x: x / jnp.linalg.norm(x, axis=1, keepdims=True),
    "[N, D]",
)
row("root_of_squares", "param x: [N];", "sqrt(sum(x^2))", lambda x: jnp.sqrt(jnp.sum(x**2)))
row(
    "truths_reduced",
    "param x: [N, D];",
    "x * any(x > 1, D)[.., new] + all(x > -1.5, N)",
    lambda x: x * jnp.any(x > 1, 1)[:, None] + jnp.all(x > -1.5, 0),
    "[N, D]",
)
row("running_sum", "param x: [N];", "cumsum(x^2)", lambda x: jnp.cumsum(x**2), "[N]")
row("running_sum_of_columns", "param x: [N, D];", "sin(cumsum(x, N))", lambda x: jnp.sin(jnp.cumsum(x, 0)), "[N, D]")
row("running_product", "param x: [N];", "cumprod(x)", lambda x: jnp.cumprod(x), "[N]", x=(0.5, 1.5))
row(
    "running_product_of_rows", "param x: [N, D];", "cumprod(x, axis = 1) * x", lambda x: jnp.cumprod(x, 1) * x, "[N, D]"
)
row(
    "layer_normalised",
    "param x: [N, D], gain: [D], bias: [D];",
    "layer_norm(x) * gain + bias",
    lambda x, gain, bias: (x - x.mean(1, keepdims=True)) / jnp.sqrt(x.var(1, keepdims=True) + 1e-5) * gain + bias,
    "[N, D]",
)
row("mean_squared_error", "param x: [N, D]; input t: [N, D];", "mse(x, t)", lambda x, t: jnp.mean((x - t) ** 2))
row("mean_absolute_error", "param x: [N, D]; input t: [N, D];", "mae(x, t)", lambda x, t: jnp.mean(jnp.abs(x - t)))
row(
    "huber_loss",
    "param x: [N]; input t: [N];",
    "huber(x, t, delta = 0.7)",
    lambda x, t: jnp.where(jnp.abs(x - t) <= 0.7, 0.5 * (x - t) ** 2, 0.7 * (jnp.abs(x - t) - 0.35)),
    "[N]",
)

# Softmax and what belongs to it.
row = family("probabilities")
row("softmax_of_vector", "param z: [K];", "softmax(z)", lambda z: jax.nn.softmax(z), "[K]")
row("softmax_of_rows", "param z: [N, K];", "softmax(z, K)", lambda z: jax.nn.softmax(z, 1), "[N, K]", z=(-5, 5))
row("softmax_of_columns", "param z: [N, K];", "softmax(z, axis = 0)", lambda z: jax.nn.softmax(z, 0), "[N, K]")
row(
    "softmax_written_out",
    "param z: [N, K];",
    "exp(z) / sum(exp(z), K)[.., new]",
    lambda z: jnp.exp(z) / jnp.sum(jnp.exp(z), 1, keepdims=True),
    "[N, K]",
)
row(
    "log_softmax_of_rows",
    "param z: [N, K];",
    "log_softmax(z, K)",
    lambda z: jax.nn.log_softmax(z, 1),
    "[N, K]",
    z=(-5, 5),
)
row("logarithm_of_softmax", "param z: [N, K];", "log(softmax(z, K))", lambda z: jax.nn.log_softmax(z, 1), "[N, K]")
row("logsumexp_of_rows", "param z: [N, K];", "logsumexp(z, K)", lambda z: special.logsumexp(z, 1), "[N]", z=(-30, 30))
row("logsumexp_of_all", "param z: [N, K];", "logsumexp(z)", lambda z: special.logsumexp(z))
row("logsumexp_written_out", "param z: [N, K];", "log(sum(exp(z), N))", lambda z: special.logsumexp(z, 0), "[K]")
row(
    "cross_entropy_of_classes",
    "param z: [N, K]; input label: [N] in K;",
    "cross_entropy(z, label)",
    lambda z, label: special.logsumexp(z, 1) - z[jnp.arange(z.shape[0]), label],
    "[N]",
)
row(
    "cross_entropy_of_probabilities",
    "param z: [N, K]; input p: [N, K];",
    "cross_entropy(z, p)",
    lambda z, p: -jnp.sum(p * jax.nn.log_softmax(z, 1), 1),
    "[N]",
    p=(0.1, 1),
)
row(
    "cross_entropy_of_one_row",
    "param z: [K]; input label in K;",
    "cross_entropy(z, label)",
    lambda z, label: special.logsumexp(z) - z[label],
)
row(
    "binary_cross_entropy",
    "param z: [N]; input t: [N];",
    "mean(bce_with_logits(z, t))",
    lambda z, t: jnp.mean(jax.nn.softplus(z) - z * t),
    t=(0, 1),
)
row(
    "entropy",
    "param z: [N, K];",
    "let p = softmax(z, K); -sum(xlogy(p, p), K)",
    lambda z: -jnp.sum(jax.nn.softmax(z, 1) * jax.nn.log_softmax(z, 1), 1),
    "[N]",
)
row(
    "divergence",
    "param z: [N, K], w: [N, K];",
    "let p = log_softmax(z, K); sum(exp(p) * (p - log_softmax(w, K)))",
    lambda z, w: jnp.sum(jax.nn.softmax(z, 1) * (jax.nn.log_softmax(z, 1) - jax.nn.log_softmax(w, 1))),
)
row(
    "one_hot_rows",
    "param w: [K, D]; input label: [N] in K;",
    "one_hot(label, K) @ w",
    lambda w, label: w[label],
    "[N, D]",
)
row(
    "gaussian_likelihood",
    "param mu, log_sigma; input t: [N];",
    "mean(0.5 * ((t - mu) / exp(log_sigma))^2 + log_sigma + 0.5 * log(2*pi))",
    lambda mu, log_sigma, t: jnp.mean(
        0.5 * ((t - mu) / jnp.exp(log_sigma)) ** 2 + log_sigma + 0.5 * math.log(2 * math.pi)
    ),
)
row(
    "beta_likelihood",
    "param a, b; input t: [N];",
    "mean((a - 1) * log(t) + (b - 1) * log1p(-t) - lgamma(a) - lgamma(b) + lgamma(a + b))",
    lambda a, b, t: jnp.mean((a - 1) * jnp.log(t) + (b - 1) * jnp.log1p(-t))
    - special.gammaln(a)
    - special.gammaln(b)
    + special.gammaln(a + b),
    a=POSITIVE,
    b=POSITIVE,
    t=(0.1, 0.9),
)
row(
    "mixture_likelihood",
    "param mu: [K], log_weight: [K]; input t: [N];",
    "mean(logsumexp(log_softmax(log_weight) - 0.5 * (t[.., new] - mu)^2, K))",
    lambda mu, log_weight, t: jnp.mean(
        special.logsumexp(jax.nn.log_softmax(log_weight) - 0.5 * (t[:, None] - mu) ** 2, 1)
    ),
)
row(
    "focal_loss",
    "param z: [N, K]; input label: [N] in K;",
    "let c = cross_entropy(z, label); mean((1 - exp(-c))^2 * c)",
    lambda z, label: (lambda c: jnp.mean((1 - jnp.exp(-c)) ** 2 * c))(
        special.logsumexp(z, 1) - z[jnp.arange(z.shape[0]), label]
    ),
)

# Products of matrices and vectors.
row = family("products")
row("matrix_matrix", "param a: [N, D], b: [D, K];", "a @ b", lambda a, b: a @ b, "[N, K]")
row("matrix_vector", "param a: [N, D], v: [D];", "a @ v", lambda a, v: a @ v, "[N]")
row("vector_matrix", "param v: [N], a: [N, D];", "v @ a", lambda v, a: v @ a, "[D]")
row("vector_vector", "param v: [N], w: [N];", "v @ w * (v @ v)", lambda v, w: (v @ w) * (v @ v))
row("transposed_left", "param a: [N, D], b: [N, K];", "a.T @ b", lambda a, b: a.T @ b, "[D, K]")
row("transposed_right", "param a: [N, D], b: [K, D];", "a @ b.T", lambda a, b: a @ b.T, "[N, K]")
row("transposed_both", "param a: [D, N], b: [K, D];", "a.T @ b.T", lambda a, b: a.T @ b.T, "[N, K]")
row("gram_matrix", "param a: [N, D];", "tanh(a.T @ a)", lambda a: jnp.tanh(a.T @ a), "[D, D]")
row("quadratic_form", "param v: [D], a: [D, D];", "v @ a @ v", lambda v, a: v @ a @ v)
row("batched_by_batched", "param a: [B, N, D], b: [B, D, K];", "a @ b", lambda a, b: a @ b, "[B, N, K]")
row("batched_by_one", "param a: [B, N, D], b: [D, K];", "a @ b", lambda a, b: a @ b, "[B, N, K]")
row("one_by_batched", "param a: [N, D], b: [B, D, K];", "a @ b", lambda a, b: a @ b, "[B, N, K]")
row("batched_by_vector", "param a: [B, N, D], v: [D];", "a @ v", lambda a, v: a @ v, "[B, N]")
row("batch_of_two_axes", "param a: [B, H, N, D], b: [H, D, K];", "a @ b", lambda a, b: a @ b, "[B, H, N, K]")
row(
    "three_matrices",
    "param a: [N, D], b: [D, K], c: [K, N];",
    "sigmoid(a @ b) @ c @ a",
    lambda a, b, c: jax.nn.sigmoid(a @ b) @ c @ a,
    "[N, D]",
)
row("inner_product", "param v: [N], w: [N];", "dot(sin(v), w)^2", lambda v, w: jnp.dot(jnp.sin(v), w) ** 2)
row("outer_product", "param v: [N], w: [D];", "outer(v, exp(w))", lambda v, w: jnp.outer(v, jnp.exp(w)), "[N, D]")
row("vector_product", "param v: [3], w: [3];", "cross(v, w)", lambda v, w: jnp.cross(v, w), "[3]")
row("vector_product_of_rows", "param v: [N, 3], w: [3];", "cross(v, w) * v", lambda v, w: jnp.cross(v, w) * v, "[N, 3]")
row(
    "angle_between",
    "param v: [3], w: [3];",
    "angle(v, w)",
    lambda v, w: jnp.arctan2(jnp.linalg.norm(jnp.cross(v, w)), jnp.dot(v, w)),
)
row("trace_of_square", "param a: [D, D];", "trace(a @ a)", lambda a: jnp.trace(a @ a))
row(
    "perceptron",
    "param w1: [D, H], b1: [H], w2: [H, K], b2: [K]; input x: [N, D], label: [N] in K;",
    "let hidden = tanh(x @ w1 + b1); mean(cross_entropy(hidden @ w2 + b2, label))",
    lambda w1, b1, w2, b2, x, label: (lambda z: jnp.mean(special.logsumexp(z, 1) - z[jnp.arange(z.shape[0]), label]))(
        jnp.tanh(x @ w1 + b1) @ w2 + b2
    ),
)
row(
    "attention_by_hand",
    "param q: [N, D], k: [N, D], v: [N, D];",
    "softmax(q @ k.T / sqrt(D), axis = 1) @ v",
    lambda q, k, v: jax.nn.softmax(q @ k.T / math.sqrt(q.shape[1]), 1) @ v,
    "[N, D]",
)
row(
    "masked_attention",
    "param q: [N, D], v: [N, D];",
    "let mask = iota(N)[.., new] >= iota(N); softmax(where(mask, q @ q.T, -inf), axis = 1) @ v",
    lambda q, v: jax.nn.softmax(jnp.where(jnp.tri(q.shape[0], dtype=bool), q @ q.T, -jnp.inf), 1) @ v,
    "[N, D]",
)
row(
    "distances",
    "param x: [N, D], c: [K, D];",
    "sum((x[.., new, ..] - c)^2, axis = 2)",
    lambda x, c: jnp.sum((x[:, None, :] - c) ** 2, 2),
    "[N, K]",
)

# Axes and shapes.
row = family("shapes")
row("transposed", "param x: [N, D]; input t: [D, N];", "x.T * t", lambda x, t: x.T * t, "[D, N]")
row(
    "permuted",
    "param x: [B, N, D];",
    "sin(transpose(x, (2, 0, 1)))",
    lambda x: jnp.sin(jnp.transpose(x, (2, 0, 1))),
    "[D, B, N]",
)
row(
    "reshaped",
    "param x: [N, H];",
    "reshape(x, [N, 2, H/2])^2",
    lambda x: x.reshape(x.shape[0], 2, -1) ** 2,
    "[N, 2, H/2]",
)
row(
    "reshaped_with_a_hole", "param x: [N, D];", "cumsum(reshape(x, [-1]))", lambda x: jnp.cumsum(x.reshape(-1)), "[N*D]"
)
row("sliced", "param x: [N];", "(x[1..] - x[..-1])^2", lambda x: (x[1:] - x[:-1]) ** 2, "[N-1]")
row("sliced_matrix", "param x: [N, D];", "x[1.., ..-1] * x[..-1, 1..]", lambda x: x[1:, :-1] * x[:-1, 1:], "[N-1, D-1]")
row("indexed", "param x: [N, D];", "x[0, 1] * x[-1] + x[.., 0][0]", lambda x: x[0, 1] * x[-1] + x[0, 0], "[D]")
row("column_taken", "param x: [N, D];", "x[.., 0] * exp(x[.., -1])", lambda x: x[:, 0] * jnp.exp(x[:, -1]), "[N]")
row(
    "sliced_by_dimension",
    "param x: [2*H];",
    "x[..H] * x[H..]",
    lambda x: x[: x.shape[0] // 2] * x[x.shape[0] // 2 :],
    "[H]",
)
row("new_axes", "param x: [N], z: [D];", "x[.., new] - z[new, ..]", lambda x, z: x[:, None] - z[None], "[N, D]")
row(
    "concatenated",
    "param a: [N], b: [D];",
    "cumsum(concat([a, b^2, a]))",
    lambda a, b: jnp.cumsum(jnp.concatenate([a, b**2, a])),
    "[2*N + D]",
)
row(
    "concatenated_columns",
    "param a: [N, D], b: [N, K];",
    "tanh(concat([a, b], axis = 1))",
    lambda a, b: jnp.tanh(jnp.concatenate([a, b], 1)),
    "[N, D+K]",
)
row(
    "stacked",
    "param a: [N], b: [N];",
    "stack([a * b, a, sin(b)])",
    lambda a, b: jnp.stack([a * b, a, jnp.sin(b)]),
    "[3, N]",
)
row(
    "stacked_last",
    "param a: [N], b: [N];",
    "stack([a, b], axis = 1)^3",
    lambda a, b: jnp.stack([a, b], 1) ** 3,
    "[N, 2]",
)
row(
    "list_of_numbers",
    "param s, t;",
    "[s * t, s^2, 1, sin(t)]",
    lambda s, t: jnp.array([s * t, s**2, 1.0, jnp.sin(t)]),
    "[4]",
)
row(
    "rotation",
    "param angle0; input p: [N, 2];",
    "p @ [[cos(angle0), -sin(angle0)], [sin(angle0), cos(angle0)]]",
    lambda angle0, p: p @ jnp.array([[jnp.cos(angle0), -jnp.sin(angle0)], [jnp.sin(angle0), jnp.cos(angle0)]]),
    "[N, 2]",
)
row("flipped", "param x: [N, D];", "x * flip(x, N) + flip(x)", lambda x: x * jnp.flip(x, 0) + jnp.flip(x), "[N, D]")
row(
    "padded",
    "param x: [N, D];",
    "exp(pad(x, 1, 2, axis = N))",
    lambda x: jnp.exp(jnp.pad(x, ((1, 2), (0, 0)))),
    "[N+3, D]",
)
row(
    "padded_with_a_value",
    "param x: [N];",
    "cumsum(pad(x, 1, 0, value = 0.5))",
    lambda x: jnp.cumsum(jnp.pad(x, (1, 0), constant_values=0.5)),
    "[N+1]",
)
row(
    "stretched",
    "param b: [D]; input t: [N, D];",
    "broadcast(b, [N, D]) * t",
    lambda b, t: jnp.broadcast_to(b, t.shape) * t,
    "[N, D]",
)
row("diagonal_made", "param v: [D], a: [D, D];", "diag(v^2) @ a", lambda v, a: jnp.diag(v**2) @ a, "[D, D]")
row("diagonal_taken", "param a: [D, D];", "diag(a) * diag(a @ a)", lambda a: jnp.diag(a) * jnp.diag(a @ a), "[D]")
row(
    "identity_added",
    "param a: [D, D];",
    "(a + 0.5 * eye(D)) @ a + ones([D, D]) - zeros([D])",
    lambda a: (a + 0.5 * jnp.eye(a.shape[0])) @ a + 1,
    "[D, D]",
)
row(
    "positions",
    "param x: [N];",
    "x^2 * iota(N) + sin(x * (iota(N) + 1))",
    lambda x: x**2 * jnp.arange(x.shape[0]) + jnp.sin(x * (jnp.arange(x.shape[0]) + 1)),
    "[N]",
)
row("filled", "param s; input t: [N, D];", "full([N, D], s^2) * t", lambda s, t: s**2 * t, "[N, D]")
row(
    "moving_average",
    "param x: [N];",
    "(x[..-1] + x[1..]) / 2 - cumsum(x)[1..]",
    lambda x: (x[:-1] + x[1:]) / 2 - jnp.cumsum(x)[1:],
    "[N-1]",
)
row(
    "rosenbrock",
    "param x: [N];",
    "sum(100 * (x[1..] - x[..-1]^2)^2 + (1 - x[..-1])^2)",
    lambda x: jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2),
)
row(
    "total_variation",
    "param x: [N, D];",
    "sum((x[1.., ..] - x[..-1, ..])^2) + sum((x[.., 1..] - x[.., ..-1])^2)",
    lambda x: jnp.sum((x[1:] - x[:-1]) ** 2) + jnp.sum((x[:, 1:] - x[:, :-1]) ** 2),
)

# Derivatives as expressions; the test takes the gradient of these once more.
row = family("derivatives")


def grad(function, *arguments, by=0):
    return jax.grad(function, argnums=by)(*arguments)


row(
    "gradient_of_sum",
    "param x: [N];",
    "let f = sum(sin(x) * x^2); grad(f, x)",
    lambda x: grad(lambda x: jnp.sum(jnp.sin(x) * x**2), x),
    "[N]",
)
row(
    "second_derivative",
    "param s;",
    "grad(grad(exp(s) * sin(s), s), s)",
    lambda s: grad(lambda s: grad(lambda s: jnp.exp(s) * jnp.sin(s), s), s),
)
row(
    "third_derivative",
    "param s;",
    "grad(grad(grad(s^5 + tanh(s), s), s), s)",
    lambda s: grad(lambda s: grad(lambda s: grad(lambda s: s**5 + jnp.tanh(s), s), s), s),
)
row(
    "mixed_derivative",
    "param s, t;",
    "grad(grad(sin(s * t) + s^2 * t^3, s), t)",
    lambda s, t: jax.grad(jax.grad(lambda s, t: jnp.sin(s * t) + s**2 * t**3, 0), 1)(s, t),
)
row(
    "hessian_times_vector",
    "param x: [N]; input v: [N];",
    "let f = sum(x[1..] * sin(x[..-1])) + sum(x^4); jvp(grad(f, x), x, v)",
    lambda x, v: jax.jvp(jax.grad(lambda x: jnp.sum(x[1:] * jnp.sin(x[:-1])) + jnp.sum(x**4)), (x,), (v,))[1],
    "[N]",
)
row(
    "hessian_by_two_gradients",
    "param x: [N]; input v: [N];",
    "let f = prod(1 + x^2 / 4); grad(sum(grad(f, x) * v), x)",
    lambda x, v: grad(lambda x: jnp.sum(grad(lambda x: jnp.prod(1 + x**2 / 4), x) * v), x),
    "[N]",
    x=(-1, 1),
)
row(
    "jvp_of_softmax",
    "param z: [N, K]; input v: [N, K];",
    "jvp(softmax(z, K), z, v)",
    lambda z, v: jax.jvp(lambda z: jax.nn.softmax(z, 1), (z,), (v,))[1],
    "[N, K]",
)
row(
    "jvp_of_product",
    "param a: [N, D], b: [D, K]; input v: [N, D];",
    "jvp(tanh(a @ b), a, v)",
    lambda a, b, v: jax.jvp(lambda a: jnp.tanh(a @ b), (a,), (v,))[1],
    "[N, K]",
)
row(
    "jvp_of_running_sum",
    "param x: [N]; input v: [N];",
    "jvp(cumsum(x^3), x, v)",
    lambda x, v: jax.jvp(lambda x: jnp.cumsum(x**3), (x,), (v,))[1],
    "[N]",
)
row(
    "vjp_of_product",
    "param w: [D, K]; input x: [N, D], c: [N, K];",
    "vjp(sigmoid(x @ w), w, c)",
    lambda w, x, c: jax.vjp(lambda w: jax.nn.sigmoid(x @ w), w)[1](c)[0],
    "[D, K]",
)
row(
    "vjp_of_norms",
    "param x: [N, D]; input c: [N];",
    "vjp(norm(x, D), x, c)",
    lambda x, c: jax.vjp(lambda x: jnp.linalg.norm(x, axis=1), x)[1](c)[0],
    "[N, D]",
)
row(
    "forward_over_forward",
    "param x: [N]; input v: [N];",
    "jvp(jvp(sin(x)^3, x, v), x, v)",
    lambda x, v: jax.jvp(lambda x: jax.jvp(lambda x: jnp.sin(x) ** 3, (x,), (v,))[1], (x,), (v,))[1],
    "[N]",
)
row(
    "reverse_over_forward",
    "param x: [N]; input v: [N];",
    "let d = jvp(logsumexp(x * x), x, v); grad(d, x)",
    lambda x, v: grad(lambda x: jax.jvp(lambda x: special.logsumexp(x * x), (x,), (v,))[1], x),
    "[N]",
)
row(
    "gradient_penalty",
    "param w: [D, H]; input x: [D];",
    "let y0 = sum(tanh(x @ w)); y0^2 + norm(grad(y0, x))",
    lambda w, x: (lambda f: f(x) ** 2 + jnp.linalg.norm(jax.grad(f)(x)))(lambda x: jnp.sum(jnp.tanh(x @ w))),
)
row(
    "by_an_intermediate",
    "param x: [N];",
    "let a = 2 * x; let f = sum(x^2 * a + a^3); grad(f, a)",
    lambda x: x**2 + 3 * (2 * x) ** 2,
    "[N]",
)
row(
    "stopped",
    "param x: [N];",
    "x * stop_gradient(sin(x)) + stop_gradient(x)^2 * x",
    lambda x: x * jax.lax.stop_gradient(jnp.sin(x)) + jax.lax.stop_gradient(x) ** 2 * x,
    "[N]",
)
row(
    "straight_through_rounding",
    "param x: [N];",
    "x * straight_through(round(x), x)",
    lambda x: x * (jax.lax.stop_gradient(jnp.round(x)) + x - jax.lax.stop_gradient(x)),
    "[N]",
    x=(-3, 3),
)
row(
    "newton_step",
    "param s;",
    "let f = s^3 + 2*s - exp(-s); s - f / grad(f, s)",
    lambda s: (lambda f: s - f(s) / jax.grad(f)(s))(lambda s: s**3 + 2 * s - jnp.exp(-s)),
)
row(
    "learning_to_learn",
    "param w: [D]; input x: [N, D], t: [N];",
    "fn cost(v, a, b) = mean((a @ v - b)^2); let w1 = w - 0.1 * grad(cost(w, x, t), w); mean(log(1 + (x @ w1 - t)^2))",
    lambda w, x, t: (lambda w1: jnp.mean(jnp.log(1 + (x @ w1 - t) ** 2)))(
        w - 0.1 * jax.grad(lambda w: jnp.mean((x @ w - t) ** 2))(w)
    ),
)
row(
    "wave_equation",
    "param a: [H], b: [H]; input t;",
    "let y0 = dot(a, sin(b * t)); let y1 = grad(y0, t); (grad(y1, t) + y0)^2 + y1",
    lambda a, b, t: (lambda f: (jax.grad(jax.grad(f))(t) + f(t)) ** 2 + jax.grad(f)(t))(
        lambda t: jnp.dot(a, jnp.sin(b * t))
    ),
)
row(
    "laplacian",
    "param w: [H], c: [H, 2]; input p: [2], e1: [2], e2: [2];",
    "let y0 = dot(w, tanh(c @ p)); let g = grad(y0, p); dot(jvp(g, p, e1), e1) + dot(jvp(g, p, e2), e2)",
    lambda w, c, p, e1, e2: (lambda h: e1 @ h @ e1 + e2 @ h @ e2)(
        jax.hessian(lambda p: jnp.dot(w, jnp.tanh(c @ p)))(p)
    ),
)
row(
    "second_derivative_of_special",
    "param x: [N];",
    "let f = sum(lgamma(x) + erf(x) * digamma(x)); grad(f, x)",
    lambda x: grad(lambda x: jnp.sum(special.gammaln(x) + special.erf(x) * special.digamma(x)), x),
    "[N]",
    x=(0.5, 4),
)
row(
    "second_derivative_of_extremes",
    "param x: [N, D];",
    "let f = sum(max(x, axis = D)^3) + norm(x); grad(f, x)",
    lambda x: grad(lambda x: jnp.sum(jnp.max(x, 1) ** 3) + jnp.sqrt(jnp.sum(x**2)), x),
    "[N, D]",
)
row(
    "second_derivative_of_deviation",
    "param x: [N, D];",
    "let f = sum(std(x, N) * sqrt(var(x, N) + 1)); grad(f, x)",
    lambda x: grad(lambda x: jnp.sum(jnp.std(x, 0) * jnp.sqrt(jnp.var(x, 0) + 1)), x),
    "[N, D]",
)
row(
    "second_derivative_of_running_product",
    "param x: [N];",
    "let f = sum(cumprod(x)^2); grad(f, x)",
    lambda x: grad(lambda x: jnp.sum(jnp.cumprod(x) ** 2), x),
    "[N]",
    x=(0.6, 1.3),
)
row(
    "second_derivative_of_cross_entropy",
    "param z: [N, K]; input label: [N] in K;",
    "let f = sum(cross_entropy(z, label)^2); grad(f, z)",
    lambda z, label: grad(lambda z: jnp.sum((special.logsumexp(z, 1) - z[jnp.arange(z.shape[0]), label]) ** 2), z),
    "[N, K]",
)
