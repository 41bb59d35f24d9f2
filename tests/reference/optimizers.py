"""Trajectories of the optimisers and schedules of PyTorch, Keras and TensorFlow 1, as data for the tests.

    pip install torch==2.15.0 tensorflow==2.21.0 keras==3.15.1
    python tests/reference/optimizers.py autograd-core/tests/data

writes optimizers.csv (case, step, parameters after the step) and schedules.csv (case, step, factor). All in float64.
The cases are rebuilt under the same names in autograd-core/tests/optimizers.rs.
"""

import importlib.metadata
import os
import subprocess
import sys

import numpy as np

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

# PyTorch and TensorFlow bring an LLVM each and do not bear each other, so each has a process of its own.
LIBRARY = sys.argv[2] if len(sys.argv) > 2 else None
if LIBRARY == "torch":
    import torch

    T, L = torch.optim, torch.optim.lr_scheduler
elif LIBRARY == "tensorflow":
    import keras
    import tensorflow as tf

    keras.backend.set_floatx("float64")
    double = lambda x: tf.constant(x, tf.float64)  # of the numbers of schedules Keras makes float32 otherwise
    K, S, V1 = keras.optimizers, keras.optimizers.schedules, tf.compat.v1.train
VERSIONS = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("torch", "tensorflow", "keras"))
STEPS = 40
STORED = {1, 2, 3, 5, 10, 20, 40}


def gradient(a, b):
    """Of 1.5 (a0-1)^2 + 0.25 (a1+0.5)^2 + 5 a2^2 + 0.1 a1^4 + 0.5 (a0 b - 2)^2, with a: [3] and a scalar b."""
    e = a[0] * b - 2.0
    ga = np.array([3.0 * (a[0] - 1.0) + e * b, 0.5 * (a[1] + 0.5) + 0.4 * a[1] ** 3, 10.0 * a[2]])
    return ga, e * a[0]


A, B = np.array([1.5, -2.0, 0.5]), 0.8


def pytorch(make, clip=lambda parameters: None, schedule=None):
    a, b = torch.tensor(A, requires_grad=True), torch.tensor(B, dtype=torch.float64, requires_grad=True)
    optimizer = make([a, b])
    scheduler = schedule and schedule(optimizer)
    for _ in range(STEPS):
        ga, gb = gradient(a.detach().numpy(), b.item())
        a.grad, b.grad = torch.tensor(ga), torch.tensor(gb)
        clip([a, b])
        optimizer.step()
        if scheduler:
            scheduler.step()
        yield *a.tolist(), b.item()


def tensorflow(optimizer, clip=lambda grads: grads):
    a, b = tf.Variable(A, dtype=tf.float64), tf.Variable(B, dtype=tf.float64)
    for _ in range(STEPS):
        grads = [tf.constant(g, tf.float64) for g in gradient(a.numpy(), b.numpy())]
        optimizer.apply_gradients(zip(clip(grads), [a, b]))
        yield *a.numpy().tolist(), float(b.numpy())


# Most hyperparameters pass through float32 in TensorFlow 1 and Keras: theirs are powers of two, or sums of a few.
RATE, EPSILON, BETAS = 0.0625, 2.0**-10, {"beta_1": 0.875, "beta_2": 0.984375}

CASES = {
    "torch sgd": lambda: pytorch(lambda p: T.SGD(p, lr=0.05)),
    "torch sgd weight_decay": lambda: pytorch(lambda p: T.SGD(p, lr=0.05, weight_decay=0.1)),
    "torch momentum": lambda: pytorch(lambda p: T.SGD(p, lr=0.02, momentum=0.9)),
    "torch momentum dampening weight_decay": lambda: pytorch(
        lambda p: T.SGD(p, lr=0.05, momentum=0.8, dampening=0.3, weight_decay=0.1)
    ),
    "torch nesterov": lambda: pytorch(lambda p: T.SGD(p, lr=0.02, momentum=0.9, nesterov=True)),
    "torch nesterov weight_decay": lambda: pytorch(
        lambda p: T.SGD(p, lr=0.02, momentum=0.9, nesterov=True, weight_decay=0.1)
    ),
    "torch adagrad": lambda: pytorch(lambda p: T.Adagrad(p, lr=0.3)),
    "torch adagrad lr_decay initial weight_decay": lambda: pytorch(
        lambda p: T.Adagrad(p, lr=0.3, lr_decay=0.1, initial_accumulator_value=0.5, weight_decay=0.1, eps=1e-3)
    ),
    "torch rmsprop": lambda: pytorch(lambda p: T.RMSprop(p, lr=0.01)),
    "torch rmsprop momentum": lambda: pytorch(lambda p: T.RMSprop(p, lr=0.01, alpha=0.9, momentum=0.7, eps=1e-3)),
    "torch rmsprop centered": lambda: pytorch(lambda p: T.RMSprop(p, lr=0.01, alpha=0.9, centered=True)),
    "torch rmsprop centered momentum weight_decay": lambda: pytorch(
        lambda p: T.RMSprop(p, lr=0.01, alpha=0.9, centered=True, momentum=0.5, weight_decay=0.1, eps=1e-3)
    ),
    "torch adam": lambda: pytorch(lambda p: T.Adam(p, lr=0.1)),
    "torch adam options": lambda: pytorch(
        lambda p: T.Adam(p, lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1)
    ),
    "torch adam amsgrad": lambda: pytorch(lambda p: T.Adam(p, lr=0.1, betas=(0.9, 0.9), amsgrad=True)),
    "torch adamw": lambda: pytorch(lambda p: T.AdamW(p, lr=0.1)),
    "torch adamw options": lambda: pytorch(
        lambda p: T.AdamW(p, lr=0.1, betas=(0.8, 0.95), weight_decay=0.3, amsgrad=True)
    ),
    "torch clip value": lambda: pytorch(
        lambda p: T.SGD(p, lr=0.05), lambda p: torch.nn.utils.clip_grad_value_(p, 0.7)
    ),
    "torch adam step_decay": lambda: pytorch(
        lambda p: T.Adam(p, lr=0.1), schedule=lambda o: L.StepLR(o, step_size=7, gamma=0.5)
    ),
    "torch momentum exponential": lambda: pytorch(
        lambda p: T.SGD(p, lr=0.02, momentum=0.9), schedule=lambda o: L.ExponentialLR(o, gamma=0.95)
    ),
    "torch adamw cosine": lambda: pytorch(
        lambda p: T.AdamW(p, lr=0.1), schedule=lambda o: L.CosineAnnealingLR(o, T_max=40, eta_min=0.01)
    ),
    "keras sgd": lambda: tensorflow(K.SGD(0.05)),
    "keras momentum": lambda: tensorflow(K.SGD(0.02, momentum=0.875)),
    "keras nesterov": lambda: tensorflow(K.SGD(0.02, momentum=0.875, nesterov=True)),
    "keras adagrad": lambda: tensorflow(K.Adagrad(0.3, initial_accumulator_value=0.125, epsilon=EPSILON)),
    "keras rmsprop": lambda: tensorflow(K.RMSprop(0.01, rho=0.875, epsilon=EPSILON)),
    "keras rmsprop centered momentum": lambda: tensorflow(
        K.RMSprop(0.01, rho=0.875, momentum=0.5, centered=True, epsilon=EPSILON)
    ),
    "keras adam": lambda: tensorflow(K.Adam(0.1, **BETAS, epsilon=EPSILON)),
    "keras adam amsgrad": lambda: tensorflow(
        K.Adam(0.1, beta_1=0.875, beta_2=0.875, epsilon=EPSILON, amsgrad=True)
    ),
    "keras adamw": lambda: tensorflow(K.AdamW(0.1, weight_decay=0.25, **BETAS, epsilon=EPSILON)),
    "keras clipvalue": lambda: tensorflow(K.SGD(0.02, momentum=0.875, clipvalue=0.75)),
    "keras clipnorm": lambda: tensorflow(K.SGD(0.05, clipnorm=0.75)),
    "keras global_clipnorm": lambda: tensorflow(K.SGD(0.05, global_clipnorm=0.75)),
    "keras sgd exponential": lambda: tensorflow(K.SGD(S.ExponentialDecay(double(0.05), 10, 0.5))),
    "keras adam cosine warmup": lambda: tensorflow(
        K.Adam(
            S.CosineDecay(double(0.0), 25, alpha=0.25, warmup_target=0.125, warmup_steps=5),
            **BETAS,
            epsilon=EPSILON,
        )
    ),
    "tf1 sgd": lambda: tensorflow(V1.GradientDescentOptimizer(RATE)),
    "tf1 momentum": lambda: tensorflow(V1.MomentumOptimizer(RATE / 4, 0.875)),
    "tf1 nesterov": lambda: tensorflow(V1.MomentumOptimizer(RATE / 4, 0.875, use_nesterov=True)),
    "tf1 adagrad": lambda: tensorflow(V1.AdagradOptimizer(0.25, initial_accumulator_value=0.125)),
    "tf1 rmsprop": lambda: tensorflow(V1.RMSPropOptimizer(RATE / 4, decay=0.875, epsilon=EPSILON)),
    "tf1 rmsprop centered momentum": lambda: tensorflow(
        V1.RMSPropOptimizer(RATE / 4, decay=0.875, momentum=0.5, epsilon=EPSILON, centered=True)
    ),
    "tf1 adam": lambda: tensorflow(V1.AdamOptimizer(RATE, beta1=0.5, beta2=0.25, epsilon=EPSILON)),
    "tf clip_by_global_norm": lambda: tensorflow(
        V1.GradientDescentOptimizer(RATE), lambda grads: tf.clip_by_global_norm(grads, 0.75)[0]
    ),
}


def torch_factors(schedule):
    optimizer = T.SGD([torch.zeros(1, dtype=torch.float64, requires_grad=True)], lr=1.0)
    scheduler = schedule(optimizer)
    for _ in range(STEPS):
        yield optimizer.param_groups[0]["lr"]
        optimizer.step()
        scheduler.step()


def keras_factors(schedule):
    for step in range(STEPS):
        yield float(schedule(tf.constant(step, tf.float64)))


SCHEDULES = {
    "torch StepLR": lambda: torch_factors(lambda o: L.StepLR(o, step_size=7, gamma=0.5)),
    "torch ExponentialLR": lambda: torch_factors(lambda o: L.ExponentialLR(o, gamma=0.9)),
    "torch CosineAnnealingLR": lambda: torch_factors(lambda o: L.CosineAnnealingLR(o, T_max=39, eta_min=0.1)),
    "torch MultiStepLR": lambda: torch_factors(lambda o: L.MultiStepLR(o, milestones=[5, 20], gamma=0.25)),
    "keras ExponentialDecay": lambda: keras_factors(S.ExponentialDecay(double(1.0), 8, 0.75)),
    "keras ExponentialDecay staircase": lambda: keras_factors(S.ExponentialDecay(double(1.0), 8, 0.75, staircase=True)),
    "keras InverseTimeDecay": lambda: keras_factors(S.InverseTimeDecay(double(1.0), 4, 0.5)),
    "keras CosineDecay": lambda: keras_factors(S.CosineDecay(double(1.0), 30, alpha=0.2)),
    "keras CosineDecay warmup": lambda: keras_factors(
        S.CosineDecay(double(0.0), 20, alpha=0.2, warmup_target=1.0, warmup_steps=6)
    ),
    "keras PiecewiseConstantDecay": lambda: keras_factors(S.PiecewiseConstantDecay([5, 20], [1.0, 0.5, 0.125])),
}


def is_mine(name):
    return name.startswith("torch") == (LIBRARY == "torch")


def print_rows():
    for name, run in CASES.items():
        for step, values in enumerate(run() if is_mine(name) else (), start=1):
            if step in STORED:
                print("optimizers", name, step, *map(repr, values), sep=",")
    for name, run in SCHEDULES.items():
        for step, factor in enumerate(run() if is_mine(name) else ()):
            print("schedules", name, step, repr(factor), sep=",")


def write(folder):
    rows = []
    for library in ("torch", "tensorflow"):
        command = [sys.executable, __file__, folder, library]
        rows += subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    for table, columns in (("optimizers", "case,step,a0,a1,a2,b"), ("schedules", "case,step,factor")):
        with open(f"{folder}/{table}.csv", "w") as file:
            print(f"# {VERSIONS}", file=file)
            print(columns, file=file)
            for row in rows:
                if row.startswith(table + ","):
                    print(row.removeprefix(table + ","), file=file)


if LIBRARY:
    print_rows()
else:
    write(sys.argv[1])
