"""Compares models with JAX: writes the models, the points, and what JAX says there.

Run from the repository's root, with jax and rustfmt installed (pip install jax==0.10.2):

    python3 tests/reference/oracle.py [name ...]

With names, only these rows are computed again, and what is stored of the others is kept. It
writes, for every row of oracle_table.py,

- to tests/models/oracle/<family>.rs a model and its test. A value y that is no scalar becomes the loss sum(weight * y),
  where weight is a parameter, so that one sweep gives y (the gradient by weight), the loss and all gradients;
- to tests/data/oracle.csv, at three points with sizes of their own, the arrays, the loss and its gradient, each
  number as the shortest decimal that reads back as the same bits.

Beside every number that is expected stands its floor: what it moves by, relative to a change of the same relative size
in every number it is computed from, sum_i |x_i * dr/dx_i|. Rounding the arguments alone moves a result by that much
times 1e-16, so no way of computing it can be held to less; the tests allow 1e-12 of the larger of the two. In the few
rows that are CANCELLING the intermediate numbers are far larger than what is left of them: there the floor of an array
is at least what JAX loses when it computes in 32 bits, in units of the precision of these, 2^-24.
"""

import inspect
import sys

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import numpy as np

from oracle_table import CANCELLING, ROWS
from rows import declared, extents, split, write_data, write_models

# The sizes of the dimensions at each point.
POINTS = [
    {"N": 5, "D": 3, "K": 4, "H": 6, "B": 2},
    {"N": 2, "D": 4, "K": 9, "H": 2, "B": 3},
    {"N": 17, "D": 2, "K": 3, "H": 4, "B": 1},
]


def results(row, arrays, sizes):
    """Value, loss and gradients with their floors, by name."""
    names = list(inspect.signature(row.function).parameters)
    assert sorted(names) == sorted(name for name, *_ in declared(row)), row.name
    params = [name for name, is_param, *_ in declared(row) if is_param]
    integers = {name: jnp.asarray(array) for name, array in arrays.items() if array.dtype == np.int64}
    reals = {name: jnp.asarray(array) for name, array in arrays.items() if name not in integers}

    def value(reals):
        given = {**reals, **integers}
        return jnp.asarray(row.function(**{name: given[name] for name in names}))

    def loss(params, rest):
        reals = {**rest, **params}
        y = value(reals)
        return jnp.sum(reals["weight"] * y) if row.shape else y

    def everything(reals):
        by, rest = {name: reals[name] for name in params}, {k: v for k, v in reals.items() if k not in params}
        total, gradient = jax.value_and_grad(loss)(by, rest)
        found = {"loss": total, **{f"grad.{name}": gradient[name] for name in params}}
        return {"grad.weight": value(reals), **found} if row.shape else found

    found, moves = jax.jit(lambda reals: (everything(reals), jax.jacfwd(everything)(reals)))(reals)
    floors = {}
    for name, result in found.items():
        floors[name] = sum(
            jnp.abs(jnp.reshape(moves[name][by], (result.size, -1)) * jnp.ravel(x)).sum(1) for by, x in reals.items()
        )
    if row.name in CANCELLING:
        short = {name: x.astype(jnp.float32) for name, x in reals.items()}
        exact = everything({name: x.astype(jnp.float64) for name, x in short.items()})
        for name, result in everything(short).items():
            lost = jnp.max(jnp.abs(result - exact[name]))
            floors[name] = jnp.maximum(floors[name], jnp.ravel(lost * 2.0**24))
    if row.shape:
        expected = extents(split(row.shape), sizes)
        assert found["grad.weight"].shape == expected, f"{row.name}: {found['grad.weight'].shape} is not {expected}"
    else:
        assert found["loss"].shape == (), row.name
    for name, result in found.items():
        assert bool(jnp.all(jnp.isfinite(result))), f"{row.name}: {name} = {result}"
    return found, floors


if __name__ == "__main__":
    write_models("oracle", ROWS, "JAX's answers", "oracle", "oracle_table.py")
    write_data("oracle", f"jax {jax.__version__}", ROWS, POINTS, results, sys.argv[1:])
    print(f"{len(ROWS)} expressions at {len(POINTS)} points")
