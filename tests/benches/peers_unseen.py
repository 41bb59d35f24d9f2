"""The suite `unseen` in JAX and PyTorch, for `peers.py --suite unseen`: each row as an expert of the library would write it.

A problem is written once, in terms of `m`, which has the same names for both libraries. Its data are those of the Rust side
(`src/unseen`), in the same order: parameters, inputs.
"""

import json
import math

import numpy as np

import peers
from peers import centred, matrix, units


class Jax:
    """Names of JAX."""

    def __init__(self):
        import jax
        import jax.numpy as jnp
        import jax.scipy.special as special
        jax.config.update("jax_enable_x64", True)
        self.jax, self.np = jax, jnp
        self.exp, self.log, self.log1p, self.sqrt, self.tanh = jnp.exp, jnp.log, jnp.log1p, jnp.sqrt, jnp.tanh
        self.sin, self.cos, self.where, self.concat = jnp.sin, jnp.cos, jnp.where, jnp.concatenate
        self.lgamma, self.sigmoid, self.softplus = special.gammaln, jax.nn.sigmoid, jax.nn.softplus
        self.logaddexp, self.stack, self.cumsum = jnp.logaddexp, jnp.stack, jnp.cumsum
        self.eye, self.zeros_like = jnp.eye, jnp.zeros_like

    def logcumsumexp(self, z):
        return self.jax.lax.cumlogsumexp(z)

    def softmax(self, z):
        return self.jax.nn.softmax(z, -1)

    def least(self, x, axis):
        return self.np.min(x, axis)

    def cross_entropy(self, logits, label):
        picked = self.np.take_along_axis(logits, label[:, None], 1)[:, 0]
        return self.np.mean(self.jax.scipy.special.logsumexp(logits, 1) - picked)

    def huber(self, r):
        size = self.np.abs(r)
        return self.np.where(size < 1, 0.5 * r * r, size - 0.5)

    def attention(self, q, k, v, causal):
        # [B, T, H, D] is the order that it wants.
        q, k, v = (a.swapaxes(1, 2) for a in (q, k, v))
        return self.jax.nn.dot_product_attention(q, k, v, is_causal=causal).swapaxes(1, 2)


class Torch:
    """Names of PyTorch."""

    def __init__(self):
        import torch
        import torch.nn.functional as F
        self.torch, self.np, self.F = torch, torch, F
        self.exp, self.log, self.log1p, self.sqrt, self.tanh = torch.exp, torch.log, torch.log1p, torch.sqrt, torch.tanh
        self.sin, self.cos, self.where, self.concat = torch.sin, torch.cos, torch.where, torch.cat
        self.lgamma, self.sigmoid, self.softplus = torch.lgamma, torch.sigmoid, F.softplus
        self.logaddexp, self.stack, self.zeros_like = torch.logaddexp, torch.stack, torch.zeros_like

    def eye(self, n, dtype):
        return self.torch.eye(n, dtype={"float32": self.torch.float32, "float64": self.torch.float64}[dtype])

    def cumsum(self, x):
        return self.torch.cumsum(x, 0)

    def logcumsumexp(self, z):
        return self.torch.logcumsumexp(z, 0)

    def softmax(self, z):
        return self.torch.softmax(z, -1)

    def least(self, x, axis):
        return self.torch.amin(x, axis)

    def cross_entropy(self, logits, label):
        return self.F.cross_entropy(logits, label)

    def huber(self, r):
        return self.F.huber_loss(r, self.torch.zeros_like(r), reduction="none")

    def attention(self, q, k, v, causal):
        return self.F.scaled_dot_product_attention(q, k, v, is_causal=causal)


VALUE, GRADIENT, PRODUCT = "value", "gradient", "product"
BOTH = (VALUE, GRADIENT)
ALL = (VALUE, GRADIENT, PRODUCT)
# Name: (what is asked; the data; how many of them are parameters; the loss, of `m` and the data). Without parameters it is
# an output.
PROBLEMS = {}


def problem(name, asked, data, params):
    def add(loss):
        PROBLEMS[name] = (asked, data, params, loss)
        return loss
    return add


def classes(stream, n, count):
    return (units(stream, n) * count).astype("int64")


def number(value, t):
    return np.asarray(value, t)


def numbers(stream, rows, columns, t):
    return (2.0 * units(stream, rows * columns) - 0.5).astype(t).reshape(rows, columns)


# ---------------------------------------------------------------- short axes

for rows, columns in [(1_000_000, 1), (1_000_000, 2), (1_000_000, 3), (400_000, 5), (250_000, 8), (200_000, 13),
                      (100_000, 17), (50_000, 33), (20_000, 100), (3, 1_000_000)]:
    at = "3x1000000" if rows == 3 else columns
    problem(f"sums/{at}", (VALUE,), lambda t, n=rows, k=columns: [numbers(30, n, k, t)], 0)(lambda m, x: x.sum(0))
    problem(f"regression/{at}", ALL, lambda t, n=rows, k=columns: [
        centred(32, k, 1 / math.sqrt(k), t), numbers(31, n, k, t), (units(33, n) + 1).astype(t)], 1)(
            lambda m, w, x, y: ((x @ w - y) ** 2).mean())


# ---------------------------------------------------------------- pairs and small matrices

def positions(t):
    shifts = matrix(34, 1000, 3, 0.05, "float64")
    n = np.arange(1000)
    return ((np.stack([n % 10, n // 10 % 10, n // 100], 1) * 1.2) + shifts).astype(t)


def energy(m, square):
    """Each pair counts twice; a particle is not its own neighbour."""
    n = square.shape[0]
    square = square + m.eye(n, dtype=str(square.dtype).removeprefix("torch."))
    s = 1 / (square * square * square)
    return 2 * (s * s - s).sum()


@problem("lennard-jones/rows", ALL, lambda t: [positions(t)], 1)
def _(m, x):
    d = x[:, None] - x[None]
    return energy(m, (d * d).sum(-1))


@problem("lennard-jones/columns", ALL, lambda t: list(positions(t).T.copy()), 3)
def _(m, x, y, z):
    return energy(m, sum((a[:, None] - a[None]) ** 2 for a in (x, y, z)))


def places(points, centres, d, t):
    c = matrix(38, centres, d, 1.0, t)
    return [c, c[np.arange(points) * 7 % centres] + matrix(39, points, d, 0.1, t)]


def by_products(p, c):
    return (p * p).sum(1)[:, None] + (c * c).sum(1) - 2 * (p @ c.T)


@problem("k-means/100", ALL, lambda t: places(100_000, 100, 8, t), 1)
def _(m, c, p):
    return m.least(by_products(p, c), 1).sum()


@problem("k-means/1000", BOTH, lambda t: places(10_000, 1000, 64, t), 1)
def _(m, c, p):
    return m.least(by_products(p, c), 1).sum()


def network(t):
    return [matrix(40, 200, 10, 1.0, t), centred(41, 200, 1.0, t), number(0.5, t), matrix(42, 2000, 10, 1.0, t),
            centred(43, 2000, 1.0, t)]


@problem("rbf/differences", BOTH, network, 3)
def _(m, c, w, log_scale, x, y):
    square = ((x[:, None] - c) ** 2).sum(-1)
    return ((m.exp(-0.5 * m.exp(-2 * log_scale) * square) @ w - y) ** 2).mean()


@problem("rbf/product", BOTH, network, 3)
def _(m, c, w, log_scale, x, y):
    return ((m.exp(-0.5 * m.exp(-2 * log_scale) * by_products(x, c)) @ w - y) ** 2).mean()


@problem("rodrigues", BOTH, lambda t: [matrix(s, 100_000, 3, 1.0, t) for s in (35, 36, 37)], 1)
def _(m, r, p, q):
    angle = m.sqrt((r * r).sum(1))
    axis = r / angle[:, None]
    a, b, c = axis[:, 0], axis[:, 1], axis[:, 2]
    o = m.zeros_like(a)
    skew = m.stack([o, -c, b, c, o, -a, -b, a, o], 1).reshape(-1, 3, 3)
    sine, rest = m.sin(angle)[:, None, None], (1 - m.cos(angle))[:, None, None]
    turn = m.eye(3, dtype=str(r.dtype).removeprefix("torch.")) + sine * skew + rest * (skew @ skew)
    return ((turn @ p[:, :, None] - q[:, :, None]) ** 2).mean()


# ---------------------------------------------------------------- slices

@problem("slices/rosenbrock", BOTH, lambda t: [centred(12, 1_000_000, 1.0, t)], 1)
def _(m, x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


@problem("slices/heat", BOTH, lambda t: [matrix(11, 1000, 1000, 1.0, t)], 1)
def _(m, u):
    return ((u[1:] - u[:-1]) ** 2).sum() + ((u[:, 1:] - u[:, :-1]) ** 2).sum()


@problem("slices/laplacian", BOTH, lambda t: [matrix(11, 1000, 1000, 1.0, t)], 1)
def _(m, u):
    around = u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:]
    return ((around - 4 * u[1:-1, 1:-1]) ** 2).sum()


# ---------------------------------------------------------------- attention

for length in (128, 512):
    for kind in ("plain", "causal"):
        problem(f"attention/{length}/{kind}", BOTH, lambda t, n=length: [
            centred(s, 32 * n * 64, 1.0, t).reshape(4, 8, n, 64) for s in (44, 45, 46, 47)], 3)(
                lambda m, q, k, v, y, causal=kind == "causal": ((m.attention(q, k, v, causal) - y) ** 2).mean())


# ---------------------------------------------------------------- regressions

def rows(target):
    return lambda t: [centred(5, 100, 0.1, t), matrix(3, 100_000, 100, 1.0, t), target(units(4, 100_000)).astype(t)]


@problem("linear", ALL, rows(lambda u: 2 * u), 1)
def _(m, w, x, y):
    return ((x @ w - y) ** 2).mean()


@problem("poisson", ALL, rows(lambda u: np.floor(5 * u)), 1)
def _(m, w, x, y):
    z = x @ w
    return (m.exp(z) - y * z).mean()


@problem("huber", BOTH, rows(lambda u: 6 * u - 3), 1)
def _(m, w, x, y):
    return m.huber(x @ w - y).mean()


@problem("logistic", ALL, rows(lambda u: u < 0.5), 1)
def _(m, w, x, y):
    z = x @ w
    return (m.softplus(z) - y * z).mean()


# ---------------------------------------------------------------- likelihoods with the gamma function

def counts(target):
    return lambda t: [centred(50, 4, 0.3, t), number(0.7, t), matrix(51, 100_000, 4, 1.0, t),
                      target(units(52, 100_000)).astype(t)]


@problem("negative-binomial", BOTH, counts(lambda u: np.floor(12 * u * u)), 2)
def _(m, w, shape, x, y):
    form, phi = x @ w, m.exp(shape)
    log_terms = m.lgamma(y + phi) - m.lgamma(phi) - m.lgamma(y + 1)
    return -(log_terms + y * form + phi * shape - (y + phi) * m.logaddexp(form, shape)).mean()


@problem("beta", BOTH, counts(lambda u: 0.05 + 0.9 * u * u), 2)
def _(m, w, shape, x, y):
    kappa, mean = m.exp(shape), m.sigmoid(x @ w)
    a, b = mean * kappa, (1 - mean) * kappa
    return -(m.lgamma(kappa) - m.lgamma(a) - m.lgamma(b) + (a - 1) * m.log(y) + (b - 1) * m.log1p(-y)).mean()


@problem("zero-inflated", BOTH, counts(lambda u: np.floor(6 * u * u)), 2)
def _(m, w, shape, x, y):
    rate = x @ w
    log_none, log_some = -m.softplus(-shape), -m.softplus(shape)
    none = m.logaddexp(log_none, log_some - m.exp(rate))
    some = log_some + y * rate - m.exp(rate) - m.lgamma(y + 1)
    return -m.where(y == 0, none, some).mean()


# ---------------------------------------------------------------- inputs that do not lie in order

LAYOUTS = {"rows": lambda t: matrix(53, 1000, 1000, 2.0, t), "transposed": lambda t: matrix(53, 1000, 1000, 2.0, t),
           "second": lambda t: matrix(53, 1000, 2000, 2.0, t)}
VIEWS = {"rows": lambda x: x, "transposed": lambda x: x.T, "second": lambda x: x[:, ::2]}
for layout in LAYOUTS:
    problem(f"each/{layout}", (VALUE,), lambda t, at=layout: [LAYOUTS[at](t)], 0)(
        lambda m, x, view=VIEWS[layout]: view(x) * m.sigmoid(view(x)))
    problem(f"mean/{layout}", BOTH, lambda t, at=layout: [number(0.7, t), LAYOUTS[at](t)], 1)(
        lambda m, a, x, view=VIEWS[layout]: (a * view(x) * m.sigmoid(a * view(x))).mean())


# ---------------------------------------------------------------- series and fields

@problem("autoregression", BOTH, lambda t: [*(number(v, t) for v in (0.5, -0.2, 0.1, 0.1)),
                                            centred(60, 1_000_000, 1.0, t)], 4)
def _(m, a, b, c, log_sigma, y):
    noise = (y[3:] - a * y[2:-1] - b * y[1:-2] - c * y[:-3]) * m.exp(-log_sigma)
    return (0.5 * noise ** 2).mean() + log_sigma + 0.5 * math.log(2 * math.pi)


@problem("cox", BOTH, lambda t: [centred(61, 10, 0.3, t), matrix(62, 100_000, 10, 1.0, t),
                                 (units(63, 100_000) < 0.7).astype(t)], 1)
def _(m, w, x, event):
    z = x @ w
    return -(event * (z - m.logcumsumexp(z))).mean()


@problem("wave", BOTH, lambda t: [matrix(64, 1000, 1000, 1.0, t), units(65, 999).astype(t)], 1)
def _(m, u, stiffness):
    return ((u[1:] - u[:-1]) ** 2).sum() + (stiffness * (u[:, 1:] - u[:, :-1]) ** 2).sum()


@problem("variation", BOTH, lambda t: [matrix(66, 1000, 1000, 1.0, t), matrix(67, 1000, 1000, 1.0, t)], 1)
def _(m, u, f):
    down, right = u[1:, :-1] - u[:-1, :-1], u[:-1, 1:] - u[:-1, :-1]
    return 0.5 * ((u - f) ** 2).sum() + m.sqrt(down ** 2 + right ** 2 + 0.01).sum()


# ---------------------------------------------------------------- choices

@problem("ordinal", BOTH, lambda t: [centred(70, 10, 0.3, t), number(-1, t), centred(71, 3, 0.2, t),
                                     matrix(72, 100_000, 10, 1.0, t), classes(73, 100_000, 5)], 3)
def _(m, w, first, gap, x, label):
    edge = m.zeros_like(gap[:1])
    bounds = m.concat([edge - 30, first + m.concat([edge, m.cumsum(m.exp(gap))]), edge + 30])
    z = x @ w
    high, low = -m.softplus(z - bounds[label + 1]), -m.softplus(z - bounds[label])
    return -(high + m.log(-m.np.expm1(low - high))).mean()


def dirichlet(t):
    shares = units(75, 500_000).reshape(-1, 5) + 0.1
    return [centred(74, 5, 0.5, t), (shares / shares.sum(1, keepdims=True)).astype(t)]


@problem("dirichlet", BOTH, dirichlet, 1)
def _(m, log_alpha, shares):
    alpha = m.exp(log_alpha)
    return -(m.lgamma(alpha.sum()) - m.lgamma(alpha).sum() + ((alpha - 1) * m.log(shares)).sum(1)).mean()


@problem("classes", BOTH, lambda t: [matrix(76, 20, 5, 0.3, t), matrix(77, 100_000, 20, 1.0, t),
                                     classes(78, 100_000, 5)], 1)
def _(m, w, x, label):
    return m.cross_entropy(x @ w, label)


@problem("experts", BOTH, lambda t: [matrix(79, 16, 8, 0.3, t), matrix(80, 16, 8, 0.3, t),
                                     matrix(81, 100_000, 16, 1.0, t), centred(82, 100_000, 1.0, t)], 2)
def _(m, gate, expert, x, y):
    return (((m.softmax(x @ gate) * (x @ expert)).sum(1) - y) ** 2).mean()


# ---------------------------------------------------------------- learning

@problem("machine", BOTH, lambda t: [number(0.1, t), centred(100, 100, 0.1, t), matrix(101, 100, 8, 0.1, t),
                                     matrix(102, 20_000, 100, 1.0, t), (units(103, 20_000) < 0.5).astype(t)], 3)
def _(m, b, w, v, x, y):
    z = b + x @ w + 0.5 * ((x @ v) ** 2 - x ** 2 @ v ** 2).sum(1)
    return (m.softplus(z) - y * z).mean()


@problem("recurrent", BOTH, lambda t: [matrix(104, 64, 64, 0.125, t), matrix(105, 64, 64, 0.125, t),
                                       centred(106, 64, 0.1, t), centred(107, 64, 0.125, t),
                                       *(matrix(s, 256, 64, 1.0, t) for s in (108, 109, 110)),
                                       centred(111, 256, 1.0, t)], 4)
def _(m, win, wh, b, out, x0, x1, x2, y):
    h = m.tanh(x0 @ win + b)
    h = m.tanh(x1 @ win + h @ wh + b)
    h = m.tanh(x2 @ win + h @ wh + b)
    return ((h @ out - y) ** 2).mean()


@problem("cosine", BOTH, lambda t: [matrix(112, 100_000, 32, 1.0, t), matrix(113, 100_000, 32, 1.0, t)], 1)
def _(m, a, b):
    return (1 - (a * b).sum(1) / m.sqrt((a * a).sum(1) * (b * b).sum(1))).mean()


@problem("factors", BOTH, lambda t: [matrix(114, 2000, 16, 0.5, t), matrix(115, 16, 500, 0.5, t),
                                     (20 * units(116, 1_000_000)).astype(t).reshape(2000, 500)], 2)
def _(m, log_w, log_h, x):
    return ((m.exp(log_w) @ m.exp(log_h) - x) ** 2).mean()


# ---------------------------------------------------------------- quadratic forms

@problem("rational", BOTH, lambda t: [centred(120, 4, 0.3, t), number(0.2, t), matrix(121, 1000, 4, 1.0, t),
                                      centred(122, 1000, 1.0, t)], 2)
def _(m, log_scale, log_mix, x, a):
    mix = m.exp(log_mix)
    square = ((x[:, None] - x) ** 2 * m.exp(-2 * log_scale)).sum(-1)
    return a @ (m.exp(-mix * m.log1p(square / (2 * mix))) @ a) / a.shape[0]


@problem("chains", BOTH, lambda t: [
    *(centred(s, 800_000, 0.5, t).reshape(-1, 4, 4) for s in (123, 124, 125)),
    *(centred(s, 200_000, 0.5, t).reshape(-1, 4, 1) for s in (126, 127))], 3)
def _(m, a, b, c, v, y):
    return ((a @ (b @ c) @ v - y) ** 2).mean()


# ---------------------------------------------------------------- measuring

def asked(report):
    """What is wanted: the name of a row, what is asked, parameters, other data, the loss."""
    for name, (questions, data, count, loss) in PROBLEMS.items():
        for t in ("float32", "float64"):
            rows = {question: f"{name}/f{t[5:]}/{question}" for question in questions}
            rows = {question: row for question, row in rows.items() if report.wants(row)}
            if not rows:
                continue
            arrays = [np.asarray(a) for a in data(t)]
            for question, row in rows.items():
                yield row, question, arrays[:count], arrays[count:], loss


def directions(params):
    """What the Hessian is multiplied with: one stream for all parameters."""
    flat = centred(90, sum(p.size for p in params), 1.0, params[0].dtype)
    ends = np.cumsum([p.size for p in params])[:-1]
    return [part.reshape(p.shape) for part, p in zip(np.split(flat, ends), params)]


def first_of(result):
    return lambda: np.asarray(result()).ravel()[0]


def run_jax(report):
    m = Jax()
    jax, done = m.jax, m.jax.block_until_ready
    for row, question, params, data, loss in asked(report):
        params, data = done(jax.tree.map(m.np.asarray, (params, data)))

        def value(params, data, loss=loss):
            return loss(m, *params, *data)
        if question == PRODUCT:
            along = [m.np.asarray(a) for a in directions([np.asarray(p) for p in params])]
            run = jax.jit(lambda p, along, d: jax.jvp(lambda p: jax.grad(value)(p, d), (p,), (along,))[1])
            report.time(row, "jit", lambda: done(run(params, along, data)))
        elif question == GRADIENT:
            run = jax.jit(jax.value_and_grad(value))
            report.time(row, "jit", lambda: done(run(params, data)), lambda: run(params, data)[0])
        else:
            run = jax.jit(value)
            report.time(row, "jit", lambda: done(run(params, data)), first_of(lambda: run(params, data)))
        jax.clear_caches()


def run_torch(report):
    import os
    m = Torch()
    torch = m.torch
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    torch.set_num_interop_threads(1)
    torch._dynamo.config.cache_size_limit = 64
    for row, question, params, data, loss in asked(report):
        torch._dynamo.reset()
        data = [torch.as_tensor(a) for a in data]
        params = [torch.as_tensor(a) for a in params]

        def value(*params, data=data, loss=loss):
            return loss(m, *params, *data)
        if question == VALUE:
            with torch.no_grad():
                report.time(row, "eager", lambda: value(*params), first_of(lambda: value(*params)))
                if report.compiles:
                    compiled = torch.compile(value)
                    report.time(row, "compiled", lambda: compiled(*params), first_of(lambda: compiled(*params)))
            continue
        if question == PRODUCT:
            along = tuple(torch.as_tensor(a) for a in directions([p.numpy() for p in params]))
            slopes = torch.func.grad(value, argnums=tuple(range(len(params))))
            run = lambda: torch.func.jvp(slopes, tuple(params), along)[1]
            report.time(row, "eager", run)
            if report.compiles:
                report.time(row, "compiled", torch.compile(run))
            continue
        leaves = [p.clone().requires_grad_() for p in params]

        def with_gradient(value):
            result = value(*leaves)
            torch.autograd.grad(result, leaves)
            return result.detach()
        report.time(row, "eager", lambda: with_gradient(value), lambda: with_gradient(value))
        if report.compiles:
            compiled = torch.compile(value)
            report.time(row, "compiled", lambda: with_gradient(compiled), lambda: with_gradient(compiled))


def page(kept):
    """The table of a run in Markdown: a line for each row, times in ms, the numbers of threads side by side. Forms by hand
    run on one thread. PyTorch's is the faster of its ways; `~` marks medians of samples that waited for a core."""
    def ms(spread):
        return f"{'' if spread['clean'] else '~'}{1e3 * spread['median']:.3g}" if spread else "—"

    counts = sorted(kept)
    names = [f"ours, {n} thread{'s' if int(n) > 1 else ''} | hand | JAX | PyTorch | ours / best peer" for n in counts]
    print("| row | " + " | ".join(names) + " |\n|---|" + "---:|" * (5 * len(counts)))
    for rows in zip(*(kept[n]["ours"] for n in counts)):
        cells = []
        for n, mine in zip(counts, rows):
            theirs = [peer for peer in kept[n]["peers"] if peer["name"] == mine["name"] and "error" not in peer]
            best = [min((peer for peer in theirs if peer["library"] == library), key=lambda peer: peer["median"], default=None)
                    for library in ("jax", "torch")]
            fastest = min((peer["median"] for peer in best if peer), default=math.nan)
            hand = mine["hand"] if mine["has_hand"] and int(n) == 1 else None
            cells += [ms(mine["model"]), ms(hand), *map(ms, best), f"{mine['model']['median'] / fastest:.2f}"]
        print(f"| {rows[0]['name']} | " + " | ".join(cells) + " |")
