#!/usr/bin/env python3
"""The workloads of this package in other libraries, beside `model!`: one run, one table.

    python3 -m venv venv && venv/bin/pip install -r tests/benches/requirements.txt
    venv/bin/python tests/benches/peers.py                 # every workload, with one thread and with two
    venv/bin/python tests/benches/peers.py --quick --only a,d --threads 1
    venv/bin/python tests/benches/peers.py --libraries jax,torch,tf1,candle,burn,dfdx,num-dual
    venv/bin/python tests/benches/peers.py --suite unseen --quick      # what no rule was made for, in JAX and PyTorch

JAX, PyTorch and TensorFlow 1 are measured unless `--libraries` says otherwise. Those written in Rust (`rust_peers`)
need nothing of what pip installs; they are built when they are first asked for, before anything is measured. One core
took nine minutes for burn, six for candle, two for dfdx, less for num-dual.

Each library runs in a process of its own, with as many threads as are measured, on the numbers that the Rust side has
(`src/data.rs`). What each computes is checked against the loss that `model!` gives. An evaluation ends when its results
exist; compiling and tracing are not counted. The Rust side is the program `ratios`, which runs before each library; of its
runs the one in the middle counts, for each workload.

A cell is the median of the samples (10th to 90th percentile), then the ratio to the median of `model!`. As in `ratios`,
a sample counts if the process's threads waited for a core during less than a fiftieth of it; `~` marks cells without
enough such samples. `--json FILE` keeps the numbers.
"""

import argparse
import glob
import json
import math
import os
import pathlib
import subprocess
import sys
import time
import tomllib
from importlib.metadata import version

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The package that each library is; those of `rust_peers` are named as their programs are there.
PYTHON = {"jax": "jax", "torch": "torch", "tf1": "tensorflow_cpu"}
RUST = {"candle": "candle-core", "burn": "burn", "dfdx": "dfdx", "num-dual": "num-dual"}
RUST_PEERS = "tests/benches/rust_peers"


# ---------------------------------------------------------------- numbers, as in src/data.rs

def units(stream, n):
    import numpy as np
    with np.errstate(over="ignore"):
        z = (np.uint64(stream << 40) + np.arange(1, n + 1, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return ((z ^ (z >> np.uint64(31))) >> np.uint64(11)).astype(np.float64) * (1.0 / (1 << 53))


def centred(stream, n, scale, dtype="float64"):
    return ((2.0 * units(stream, n) - 1.0) * (scale * math.sqrt(3.0))).astype(dtype)


def matrix(stream, rows, columns, scale, dtype):
    return centred(stream, rows * columns, scale, dtype).reshape(rows, columns)


def line_data(n):
    x = units(1, n) * 20.0
    return x.astype("float32"), (3.0 * x + 1.0 + centred(2, n, 0.01)).astype("float32")


def logistic_data(dtype):
    import numpy as np
    n, d = 100_000, 100
    y = np.where(units(4, n) < 0.5, 1.0, 0.0).astype(dtype)
    return matrix(3, n, d, 1.0, dtype), y, centred(5, d, 0.1, dtype), np.asarray(0.1, dtype)


def perceptron_data():
    import numpy as np
    sizes, n = [784, 256, 128, 10], 128
    x = units(14, n * 784).astype("float32").reshape(n, 784)
    label = (10.0 * units(15, n)).astype("int64")
    params = []
    for i, (rows, columns) in enumerate(zip(sizes, sizes[1:])):
        params += [matrix(16 + i, rows, columns, math.sqrt(2.0 / rows), "float32"), np.zeros(columns, "float32")]
    return x, label, params


def small_data():
    import numpy as np
    x = matrix(20, 32, 2, 1.0, "float32")
    params = [matrix(21, 2, 16, math.sqrt(0.5), "float32"), np.zeros(16, "float32"),
              matrix(22, 16, 16, 0.25, "float32"), np.zeros(16, "float32"),
              centred(23, 16, 0.25, "float32"), np.zeros((), "float32")]
    return x, x[:, 0] * x[:, 1], params


def fused_data(dtype):
    import numpy as np
    n = 1_000_000
    y = np.where(units(7, n) < 0.5, -1.0, 1.0).astype(dtype)
    return centred(6, n, 2.0, dtype), np.asarray(1.5, dtype), np.asarray(0.3, dtype), y


def chain_data():
    return centred(8, 10_000_000, 3.0, "float32")


def mixture_data():
    import numpy as np
    k = np.arange(10.0)
    return centred(9, 100_000, 3.0), -3.0 + k * 6.0 / 9.0, -0.2 + 0.05 * k, 0.1 * k


def rows_data():
    x = {"softmax": matrix(10, 4096, 1024, 2.0, "float32"), "layer-norm": matrix(11, 4096, 1024, 2.0, "float32")}
    return x, centred(12, 1024, 0.1, "float32") + 1.0, centred(13, 1024, 0.1, "float32")


# ---------------------------------------------------------------- measuring

def waited():
    """Seconds that the threads of this process have been ready to run without a core."""
    total = 0
    for path in glob.glob("/proc/self/task/*/schedstat"):
        try:
            total += int(pathlib.Path(path).read_text().split()[1])
        except (OSError, IndexError):
            pass
    return total / 1e9


def measure(run, samples, sample_time):
    """The spread of the seconds that a call of `run` takes."""
    run()
    calls = 1
    while True:
        start = time.perf_counter()
        for _ in range(calls):
            run()
        took = time.perf_counter() - start
        if took >= sample_time or calls >= 1 << 20:
            break
        calls *= 2
    clean, every = [], []
    begun = time.perf_counter()
    for turn in range(4 * samples):
        # Whole runs take seconds: fewer of them are enough.
        if turn >= 3 and time.perf_counter() - begun > 20.0 or turn >= samples and len(clean) >= samples:
            break
        before, start = waited(), time.perf_counter()
        for _ in range(calls):
            run()
        took = time.perf_counter() - start
        every.append(took / calls)
        if (waited() - before) * 50 < took:
            clean.append(took / calls)
    is_clean = 3 * len(clean) >= min(samples, len(every))
    kept = sorted(clean if is_clean else every)
    last = len(kept) - 1
    return {"low": kept[last // 10], "median": (kept[last // 2] + kept[(last + 1) // 2]) / 2,
            "high": kept[last - last // 10], "clean": is_clean, "samples": len(kept)}


class Report:
    """Collects what a library's process measures; prints it as JSON lines."""

    def __init__(self, arguments):
        self.wanted = arguments.only.split(",") if arguments.only else [""]
        self.samples = 5 if arguments.quick else 31
        self.sample_time = 0.002 if arguments.quick else 0.01
        self.steps = 2_000 if arguments.quick else 80_000
        self.compiles = not arguments.eager

    def wants(self, name):
        return any(name.startswith(start) for start in self.wanted)

    def time(self, name, way, run, value=None, scale=1.0):
        """Times `run`; a call is `scale` evaluations of the workload."""
        try:
            first = float(value()) if value else None
            spread = measure(run, self.samples, self.sample_time)
        except Exception as error:  # one way that fails leaves the others their turn
            print(json.dumps({"name": name, "way": way, "error": f"{type(error).__name__}: {error}"[:200]}), flush=True)
            return
        for key in ("low", "median", "high"):
            spread[key] /= scale
        print(json.dumps({"name": name, "way": way, "first": first, **spread}), flush=True)

    def script(self, name, way, run):
        """Times a whole run of a script, `run(steps)`, as if it had made all 80 000 steps."""
        if not self.wants(name):
            return
        samples, self.samples = self.samples, min(self.samples, 5)
        self.time(name, way, lambda: run(self.steps), scale=self.steps / 80_000)
        self.samples = samples


# ---------------------------------------------------------------- JAX

def run_jax(report):
    import jax
    import jax.numpy as jnp
    import jax.scipy.special as special
    from functools import partial
    jax.config.update("jax_enable_x64", True)
    done = jax.block_until_ready

    def evaluation(name, function, *arguments, value=True):
        """Times a jitted function; its first result is the loss."""
        arguments = done(jax.tree.map(jnp.asarray, arguments))
        compiled = jax.jit(function)
        report.time(name, "jit", lambda: done(compiled(*arguments)),
                    (lambda: compiled(*arguments)[0]) if value else None)

    def line_loss(p, x, y):
        return jnp.mean((0.5 * (p[0] * x + p[1] - y)) ** 2)

    def summed_loss(p, x, y):
        return jnp.sum(0.5 * (p[0] * x + p[1] - y) ** 2)

    def descent(loss, rate):
        def step(p, *data):
            value, slopes = jax.value_and_grad(loss)(p, *data)
            return jax.tree.map(lambda p, g: p - rate * g, p, slopes), value
        return step

    zeros = (jnp.float32(0), jnp.float32(0))
    for n in (8, 100, 10_000):
        if report.wants(f"a/{n}"):
            x, y = map(jnp.asarray, line_data(n))
            step = jax.jit(lambda p, x, y: descent(line_loss, 0.001)(p, x, y)[0])
            report.time(f"a/{n}", "jit", lambda: done(step(zeros, x, y)))

    for name, loss, truth in [("a/tensorflow", line_loss, (3.0, 1.0, 0.01)), ("a/pytorch", summed_loss, (2.0, 3.0, 3.0))]:
        def drawn(key, truth=truth):
            key, a, b = jax.random.split(key, 3)
            x = jax.random.uniform(a, (8,), jnp.float32) * 20
            return key, x, truth[0] * x + truth[1] + truth[2] * jax.random.normal(b, (8,), jnp.float32)

        def body(_, carry, loss=loss, drawn=drawn):
            key, p = carry
            key, x, y = drawn(key)
            return key, descent(loss, jnp.float32(0.001))(p, x, y)[0]

        whole = jax.jit(lambda steps, key, body=body: jax.lax.fori_loop(0, steps, body, (key, zeros)))
        report.script(name, "fori_loop", lambda steps: done(whole(steps, jax.random.key(1))))
        one = jax.jit(lambda carry, body=body: body(0, carry))

        def steps_one_by_one(steps, one=one):
            carry = (jax.random.key(1), zeros)
            for _ in range(steps):
                carry = one(carry)
            done(carry)
        report.script(name, "jit, a call a step", steps_one_by_one)

    for dtype in ("float32", "float64"):
        if report.wants(name := f"b/f{dtype[5:]}"):
            def loss(p, x, y):
                z = x @ p[0] + p[1]
                return jnp.mean(jax.nn.softplus(z) - y * z)
            x, y, w, b = logistic_data(dtype)
            evaluation(name, jax.value_and_grad(loss), (w, b), x, y)

    if report.wants("c/f32"):
        def loss(p, x, label):
            hidden = jax.nn.relu(x @ p[0] + p[1])
            last = jax.nn.relu(hidden @ p[2] + p[3])
            logits = last @ p[4] + p[5]
            picked = jnp.take_along_axis(logits, label[:, None], 1)[:, 0]
            return jnp.mean(special.logsumexp(logits, 1) - picked)
        x, label, params = perceptron_data()
        evaluation("c/f32", lambda p, *data: descent(loss, 0.01)(p, *data)[::-1], params, x, label)

    if report.wants("d/f32"):
        def loss(p, x, y):
            last = jnp.tanh(jnp.tanh(x @ p[0] + p[1]) @ p[2] + p[3])
            return jnp.mean((last @ p[4] + p[5] - y) ** 2)
        x, y, params = small_data()
        evaluation("d/f32", lambda p, *data: descent(loss, jnp.float32(0.05))(p, *data)[::-1], params, x, y)
        many = 1000
        data = done(jax.tree.map(jnp.asarray, (params, x, y)))
        loop = jax.jit(lambda p, x, y: jax.lax.fori_loop(
            0, many, lambda _, p: descent(loss, jnp.float32(0.05))(p, x, y)[0], p))
        report.time("d/f32", "fori_loop", lambda: done(loop(*data)), scale=many)

    for dtype in ("float32", "float64"):
        if report.wants(name := f"e/f{dtype[5:]}"):
            def loss(p, y):
                x, w, b = p
                return jnp.sum(jnp.log1p(jnp.exp(-y * (w * x + b))) + 0.01 * jnp.tanh(x) ** 2)
            *params, y = fused_data(dtype)
            evaluation(name, jax.value_and_grad(loss), tuple(params), y)

    if report.wants("f/f32"):
        def loss(x):
            root = jnp.sqrt(jnp.log1p(jnp.arctan(jnp.exp(jnp.sin(x)))))
            return jnp.sum(jax.nn.softplus(jax.nn.sigmoid(jnp.cos(jnp.tanh(root)))) ** 2)
        evaluation("f/f32", jax.value_and_grad(loss), chain_data())

    if report.wants("g/f64"):
        def loss(p, x):
            mu, log_sigma, logits = p
            z = (x[:, None] - mu) * jnp.exp(-log_sigma)
            terms = jax.nn.log_softmax(logits) - log_sigma - 0.5 * z ** 2 - 0.5 * math.log(2 * math.pi)
            return -jnp.mean(special.logsumexp(terms, 1))
        x, *params = mixture_data()
        evaluation("g/f64", jax.value_and_grad(loss), tuple(params), x)

    if report.wants("h"):
        x, gain, bias = rows_data()

        def normed(x, gain, bias):
            off = x - jnp.mean(x, 1, keepdims=True)
            return off * jax.lax.rsqrt(jnp.mean(off ** 2, 1, keepdims=True) + 1e-5) * gain + bias
        if report.wants("h/softmax"):
            evaluation("h/softmax", partial(jax.nn.softmax, axis=1), x["softmax"], value=False)
        if report.wants("h/layer-norm"):
            evaluation("h/layer-norm", normed, x["layer-norm"], gain, bias, value=False)


# ---------------------------------------------------------------- PyTorch

def run_torch(report):
    import torch
    import torch.nn.functional as F
    threads = int(os.environ["OMP_NUM_THREADS"])
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(1)
    t = torch.from_numpy

    def both_ways(name, function, value=True):
        """Times a function of nothing, eager and compiled; it returns the loss."""
        report.time(name, "eager", function, function if value else None)
        compiled = torch.compile(function)
        report.time(name, "compiled", compiled, compiled if value else None)

    def evaluation(name, loss, params):
        """The loss with its gradient by the parameters, the loss compiled as users compile it."""
        params = [p.requires_grad_() for p in params]

        def with_gradient(loss):
            value = loss(*params)
            torch.autograd.grad(value, params)
            return value.detach()
        report.time(name, "eager", lambda: with_gradient(loss), lambda: with_gradient(loss))
        compiled = torch.compile(loss)
        report.time(name, "compiled loss", lambda: with_gradient(compiled), lambda: with_gradient(compiled))
        params = [p.detach() for p in params]
        whole = torch.compile(torch.func.grad_and_value(lambda params: loss(*params)))
        report.time(name, "compiled", lambda: whole(params), lambda: whole(params)[1])

    def training(name, loss, params, rate):
        """A whole step; the value is that of the first one."""
        params = [p.clone().requires_grad_() for p in params]

        def step():
            value = loss(*params)
            with torch.no_grad():
                for p, g in zip(params, torch.autograd.grad(value, params)):
                    p -= rate * g
            return value.detach()
        state = [p.detach().clone() for p in params]

        @torch.compile
        def compiled(params):
            slopes, value = torch.func.grad_and_value(lambda params: loss(*params))(params)
            return [p - rate * g for p, g in zip(params, slopes)], value

        def compiled_step():
            nonlocal state
            state, value = compiled(state)
            return value
        report.time(name, "eager", step, step)
        report.time(name, "compiled", compiled_step, compiled_step)

    def line_loss(w, b, x, y):
        return torch.mean((0.5 * (w * x + b - y)) ** 2)

    for n in (8, 100, 10_000):
        if report.wants(f"a/{n}"):
            x, y = map(t, line_data(n))
            training(f"a/{n}", lambda w, b, x=x, y=y: line_loss(w, b, x, y), [torch.zeros(()), torch.zeros(())], 0.001)

    def script(steps, truth, loss_of, compiled=False):
        """The original script: loss.backward(), parameters moved by hand, gradients zeroed."""
        generator = torch.Generator().manual_seed(1)
        w, b = torch.zeros(1, requires_grad=True), torch.zeros(1, requires_grad=True)
        loss_of = torch.compile(loss_of) if compiled else loss_of
        for _ in range(steps):
            x = torch.rand(8, generator=generator) * 20
            y = truth[0] * x + truth[1] + truth[2] * torch.randn(8, generator=generator)
            loss_of(w, b, x, y).backward()
            with torch.no_grad():
                w -= 0.001 * w.grad
                b -= 0.001 * b.grad
                w.grad.zero_()
                b.grad.zero_()

    def summed(w, b, x, y):
        return torch.sum(0.5 * (w * x + b - y) ** 2)
    for way, compiled in [("eager", False), ("compiled", True)]:
        report.script("a/pytorch", way, lambda steps: script(steps, (2, 3, 3.0), summed, compiled))
        report.script("a/tensorflow", way, lambda steps: script(steps, (3, 1, 0.01), line_loss, compiled))

    for dtype in ("float32", "float64"):
        if report.wants(name := f"b/f{dtype[5:]}"):
            x, y, w, b = (torch.as_tensor(a) for a in logistic_data(dtype))
            evaluation(name, lambda w, b: F.binary_cross_entropy_with_logits(x @ w + b, y), [w, b])

    if report.wants("c/f32"):
        x, label, params = perceptron_data()
        x, label = t(x), t(label)

        def loss(w1, b1, w2, b2, w3, b3):
            last = F.relu(F.relu(x @ w1 + b1) @ w2 + b2)
            return F.cross_entropy(last @ w3 + b3, label)
        training("c/f32", loss, [t(p) for p in params], 0.01)

    if report.wants("d/f32"):
        x, y, params = small_data()
        x, y = t(x), t(y)

        def loss(w1, b1, w2, b2, w3, b3):
            last = torch.tanh(torch.tanh(x @ w1 + b1) @ w2 + b2)
            return torch.mean((last @ w3 + b3 - y) ** 2)
        training("d/f32", loss, [torch.as_tensor(p) for p in params], 0.05)

    for dtype in ("float32", "float64"):
        if report.wants(name := f"e/f{dtype[5:]}"):
            *params, y = (torch.as_tensor(a) for a in fused_data(dtype))
            evaluation(name, lambda x, w, b: torch.sum(
                torch.log1p(torch.exp(-y * (w * x + b))) + 0.01 * torch.tanh(x) ** 2), params)

    if report.wants("f/f32"):
        def loss(x):
            root = torch.sqrt(torch.log1p(torch.atan(torch.exp(torch.sin(x)))))
            return torch.sum(F.softplus(torch.sigmoid(torch.cos(torch.tanh(root)))) ** 2)
        evaluation("f/f32", loss, [t(chain_data())])

    if report.wants("g/f64"):
        x, *params = map(t, mixture_data())

        def loss(mu, log_sigma, logits):
            z = (x[:, None] - mu) * torch.exp(-log_sigma)
            terms = F.log_softmax(logits, 0) - log_sigma - 0.5 * z ** 2 - 0.5 * math.log(2 * math.pi)
            return -torch.mean(torch.logsumexp(terms, 1))
        evaluation("g/f64", loss, params)

    if report.wants("h"):
        x, gain, bias = rows_data()
        soft, normed, gain, bias = t(x["softmax"]), t(x["layer-norm"]), t(gain), t(bias)
        if report.wants("h/softmax"):
            both_ways("h/softmax", lambda: torch.softmax(soft, 1), value=False)
        if report.wants("h/layer-norm"):
            both_ways("h/layer-norm", lambda: F.layer_norm(normed, (1024,), gain, bias), value=False)


# ---------------------------------------------------------------- TensorFlow 1, graphs and sessions

def run_tf1(report):
    import numpy as np
    import tensorflow as tensorflow2
    tf = tensorflow2.compat.v1
    tf.disable_eager_execution()
    tf.logging.set_verbosity(tf.logging.ERROR)
    threads = int(os.environ["OMP_NUM_THREADS"])
    config = tf.ConfigProto(intra_op_parallelism_threads=threads, inter_op_parallelism_threads=threads)

    def graph(name, way, make):
        """Builds a graph; times running `op`, whose first element is the loss if `has_value`."""
        if not report.wants(name):
            return
        with tf.Graph().as_default(), tf.Session(config=config) as session:
            op, value = make()
            session.run(tf.global_variables_initializer())
            # Bound once: `run` need not look at what it fetches again.
            call = session.make_callable(op)
            report.time(name, way, call, (lambda: session.run(value)) if value is not None else None)

    def line_loss(w, b, x, y):
        return tf.reduce_mean((0.5 * (w * x + b - y)) ** 2)

    def scalars():
        return tf.Variable(0.0), tf.Variable(0.0)

    for n in (8, 100, 10_000):
        def make(n=n):
            x, y = map(tf.constant, line_data(n))
            w, b = scalars()
            return tf.train.GradientDescentOptimizer(0.001).minimize(line_loss(w, b, x, y)), None
        graph(f"a/{n}", "session", make)

    # The original script in its three ways: the batch is drawn in Python and fed.
    def by_gradients(loss, w, b):
        dw, db = tf.gradients(loss, [w, b])
        return [tf.assign(w, w - 0.001 * dw), tf.assign(b, b - 0.001 * db)]

    def by_apply(loss, w, b):
        optimizer = tf.train.GradientDescentOptimizer(0.001)
        return optimizer.apply_gradients(optimizer.compute_gradients(loss, [w, b]))

    def by_minimize(loss, w, b):
        return tf.train.GradientDescentOptimizer(0.001).minimize(loss)

    def script(steps, way, truth, loss_of):
        random = np.random.RandomState(1)
        with tf.Graph().as_default(), tf.Session(config=config) as session:
            x, y = tf.placeholder(tf.float32, [8]), tf.placeholder(tf.float32, [8])
            w, b = scalars()
            op = way(loss_of(w, b, x, y), w, b)
            session.run(tf.global_variables_initializer())
            for _ in range(steps):
                points = random.rand(8) * 20
                noise = random.randn(8)
                session.run(op, {x: points, y: truth[0] * points + truth[1] + truth[2] * noise})

    def summed(w, b, x, y):
        return tf.reduce_sum(0.5 * (w * x + b - y) ** 2)
    ways = [("gradients, assign", by_gradients), ("compute, apply", by_apply), ("minimize", by_minimize)]
    for way, made in ways:
        report.script("a/tensorflow", way, lambda steps: script(steps, made, (3, 1, 0.01), line_loss))
    report.script("a/pytorch", "minimize", lambda steps: script(steps, by_minimize, (2, 3, 3.0), summed))

    for dtype in ("float32", "float64"):
        def make(dtype=dtype):
            x, y, w, b = logistic_data(dtype)
            # Variables: constants of this size do not fit in a graph.
            x, y = tf.Variable(x, trainable=False), tf.Variable(y, trainable=False)
            w, b = tf.Variable(w), tf.Variable(b)
            z = tf.squeeze(tf.matmul(x, w[:, None]), 1) + b
            loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=z))
            return [loss, *(g.op for g in tf.gradients(loss, [w, b]))], loss
        graph(f"b/f{dtype[5:]}", "session", make)

    def make():
        x, label, params = perceptron_data()
        w1, b1, w2, b2, w3, b3 = map(tf.Variable, params)
        last = tf.nn.relu(tf.nn.relu(x @ w1 + b1) @ w2 + b2)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=label, logits=last @ w3 + b3))
        return [loss, tf.train.GradientDescentOptimizer(0.01).minimize(loss)], loss
    graph("c/f32", "session", make)

    def make():
        x, y, params = small_data()
        w1, b1, w2, b2, w3, b3 = map(tf.Variable, params)
        last = tf.tanh(tf.tanh(x @ w1 + b1) @ w2 + b2)
        loss = tf.reduce_mean((tf.squeeze(last @ w3[:, None], 1) + b3 - y) ** 2)
        return [loss, tf.train.GradientDescentOptimizer(0.05).minimize(loss)], loss
    graph("d/f32", "session", make)

    for dtype in ("float32", "float64"):
        def make(dtype=dtype):
            x, w, b, y = (tf.Variable(a) for a in fused_data(dtype))
            loss = tf.reduce_sum(tf.log1p(tf.exp(-y * (w * x + b))) + 0.01 * tf.tanh(x) ** 2)
            return [loss, *(g.op for g in tf.gradients(loss, [x, w, b]))], loss
        graph(f"e/f{dtype[5:]}", "session", make)

    def make():
        x = tf.Variable(chain_data())
        root = tf.sqrt(tf.log1p(tf.atan(tf.exp(tf.sin(x)))))
        loss = tf.reduce_sum(tf.nn.softplus(tf.sigmoid(tf.cos(tf.tanh(root)))) ** 2)
        return [loss, *(g.op for g in tf.gradients(loss, [x]))], loss
    graph("f/f32", "session", make)

    def make():
        x, *params = mixture_data()
        x = tf.Variable(x, trainable=False)
        mu, log_sigma, logits = map(tf.Variable, params)
        z = (x[:, None] - mu) * tf.exp(-log_sigma)
        terms = tf.nn.log_softmax(logits) - log_sigma - 0.5 * z ** 2 - 0.5 * math.log(2 * math.pi)
        loss = -tf.reduce_mean(tf.reduce_logsumexp(terms, 1))
        return [loss, *(g.op for g in tf.gradients(loss, [mu, log_sigma, logits]))], loss
    graph("g/f64", "session", make)

    def make():
        x, _, _ = rows_data()
        return tf.nn.softmax(tf.Variable(x["softmax"])).op, None
    graph("h/softmax", "session", make)

    def make():
        x, gain, bias = rows_data()
        x = tf.Variable(x["layer-norm"])
        mean, variance = tf.nn.moments(x, [1], keepdims=True)
        return tf.nn.batch_normalization(x, mean, variance, bias, gain, 1e-5).op, None
    graph("h/layer-norm", "session", make)


# ---------------------------------------------------------------- all together

def built(*options):
    """Builds a program, on all cores; the command that runs it."""
    subprocess.run(["cargo", "build", "--release", "--quiet", *options], cwd=ROOT, check=True)
    return ["cargo", "run", "--release", "--quiet", *options, "--"]


def command_of(library):
    if library in PYTHON:
        return [sys.executable, __file__, "--library", library]
    return built("--manifest-path", f"{RUST_PEERS}/Cargo.toml", "--target-dir", "target/rust-peers",
                 "--features", library, "--bin", library)


def package_and_version(name):
    if name in PYTHON:
        return f"{PYTHON[name]} {version(PYTHON[name])}"
    locked = tomllib.loads((ROOT / RUST_PEERS / "Cargo.lock").read_text())["package"]
    return next(f"{package['name']} {package['version']}" for package in locked if package["name"] == RUST[name])


def rows(name, command, arguments, threads):
    """Runs a program on as many cores as threads: what it starts beyond that shares them."""
    cores = sorted(os.sched_getaffinity(0))[-threads:]
    passed_on = [*(["--suite", arguments.suite] if arguments.suite else []), *(["--only", arguments.only] if arguments.only else []), *(["--quick"] if arguments.quick else [])]
    passed_on += ["--eager"] if arguments.eager and name != "ratios" else []
    pinned = ["taskset", "-c", ",".join(map(str, cores)), *command, *passed_on]
    environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="1", CUDA_VISIBLE_DEVICES="",
                       JAX_PLATFORMS="cpu", NPROC=str(threads))
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"):
        environment[variable] = str(threads)
    process = subprocess.run(pinned, env=environment, cwd=ROOT, capture_output=True, text=True)
    if process.returncode != 0:
        print(f"{name}: exit status {process.returncode}\n{process.stderr[-2000:]}", file=sys.stderr)
    return [json.loads(line) for line in process.stdout.splitlines() if line.startswith("{")]


def middle(runs):
    """Of several runs of the same workloads, for each of them the times of the one in the middle: a machine that is slow
    for some seconds hits one run and not the others."""
    def between(rows, form):
        return sorted((row[form] for row in rows), key=lambda spread: spread["median"])[(len(rows) - 1) // 2]
    return [dict(rows[0], model=between(rows, "model"), hand=between(rows, "hand")) for rows in zip(*runs)]


def text(spread):
    unit, scale = next(((u, s) for u, s, least in [("s", 1, 1), ("ms", 1e3, 1e-3), ("µs", 1e6, 1e-6)]
                        if spread["median"] >= least), ("ns", 1e9))
    low, median, high = (f"{spread[key] * scale:.3g}" for key in ("low", "median", "high"))
    return f"{'' if spread['clean'] else '~'}{median} {unit} ({low} to {high})"


def print_table(threads, ours, peers, libraries):
    print(f"\n{threads} thread{'s' if threads > 1 else ''}")
    print(f"{'workload':<14}{'':<24}{'time of an evaluation':<34}{'times model!':>14}   same value")
    for mine in ours:
        name = mine["name"]
        base = mine["model"]["median"]
        print(f"{name:<14} {'model!':<23}{text(mine['model']):<34}{'1.00':>14}")
        if mine["has_hand"]:
            print(f"{'':<14}{'by hand, Rust':<24}{text(mine['hand']):<34}{mine['hand']['median'] / base:>14.2f}"
                  f"   {mine['difference']:.0e}")
        theirs = [peer for peer in peers if peer["name"] == name]
        for peer in theirs:
            label = f"{peer['library']}, {peer['way']}"
            if "error" in peer:
                print(f"{'':<14}{label:<24} {peer['error']}")
                continue
            same = ""
            if peer["first"] is not None and mine["first"] and not name.startswith("a/"):
                same = f"{abs(peer['first'] - mine['first']) / abs(mine['first']):.0e}"
            print(f"{'':<14}{label:<24}{text(peer):<34}{peer['median'] / base:>14.2f}   {same}")
        for silent in libraries if theirs else []:
            if all(peer["library"] != silent for peer in theirs):
                print(f"{'':<14}{silent:<24}—")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", help="workloads whose name starts so: a,d or e/f32")
    parser.add_argument("--quick", action="store_true", help="few samples, short runs")
    parser.add_argument("--suite", choices=["unseen"], help="other rows than the workloads")
    parser.add_argument("--eager", action="store_true", help="PyTorch does not compile, which takes most of the time")
    parser.add_argument("--page", action="store_true", help="the table in Markdown")
    parser.add_argument("--binary", help="a program `ratios` that is built already")
    parser.add_argument("--threads", default="1,2", help="numbers of threads to measure with")
    parser.add_argument("--libraries", help="of " + ", ".join([*PYTHON, *RUST]))
    parser.add_argument("--json", help="a file to write all numbers to")
    parser.add_argument("--library", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.suite:
        import peers_unseen
    if arguments.library:
        of = {"jax": run_jax, "torch": run_torch, "tf1": run_tf1}
        if arguments.suite:
            of = {"jax": peers_unseen.run_jax, "torch": peers_unseen.run_torch}
        of[arguments.library](Report(arguments))
        return

    libraries = (arguments.libraries or ("jax,torch" if arguments.suite else ",".join(PYTHON))).split(",")
    print("# python tests/benches/peers.py " + " ".join(sys.argv[1:]))
    for name in libraries:
        print(f"# {package_and_version(name)}")
    features = ["--features", "unseen"] if arguments.suite else []
    program = [arguments.binary] if arguments.binary else built("-p", "autograd-benches", *features, "--bin", "ratios")
    ratios = [*program, "--json"]
    commands = {name: command_of(name) for name in libraries}
    kept = {}
    for threads in map(int, arguments.threads.split(",")):
        runs, peers = [], []
        for name, command in commands.items():
            runs.append(rows("ratios", ratios, arguments, threads))
            peers += [dict(row, library=name) for row in rows(name, command, arguments, threads)]
        ours = middle(runs)
        if not arguments.page:
            print_table(threads, ours, peers, libraries)
        kept[threads] = {"ours": ours, "peers": peers}
    if arguments.page:
        peers_unseen.page(kept)
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(kept, indent=1))


if __name__ == "__main__":
    main()
