"""Compares the functions that are written in the language with PyTorch.

Run from the repository's root, with torch, numpy and rustfmt installed (pip install torch numpy):

    python3 tests/reference/library.py [name ...]

With names, only these rows are computed again. It writes, for every row of library_table.py, a model and its test to tests/models/library/<family>.rs, and to
tests/data/library.csv what PyTorch says at two points with sizes of their own: as `oracle.py`, which says what a floor
is, does it with JAX. Only the last digits depend on PyTorch's version.
"""

import inspect
import sys

import numpy as np
import torch

from library_table import ROWS
from rows import declared, extents, split, write_data, write_models

torch.set_default_dtype(torch.float64)

# The sizes of the dimensions at each point.
POINTS = [
    {"N": 2, "C": 2, "O": 4, "H": 7, "W": 6, "L": 4, "R": 3, "S": 2, "T": 4, "U": 3, "D": 4, "E": 6, "K": 5, "V": 5},
    {"N": 3, "C": 4, "O": 2, "H": 4, "W": 5, "L": 3, "R": 2, "S": 3, "T": 3, "U": 5, "D": 2, "E": 4, "K": 3, "V": 7},
]


def results(row, arrays, sizes):
    """Value, loss and gradients with their floors, by name."""
    names = list(inspect.signature(row.function).parameters)
    assert sorted(names) == sorted(name for name, *_ in declared(row)), row.name
    params = [name for name, is_param, *_ in declared(row) if is_param]
    integers = {name: torch.from_numpy(array) for name, array in arrays.items() if array.dtype == np.int64}
    reals = {name: torch.from_numpy(array) for name, array in arrays.items() if name not in integers}
    reals = {name: real.clone().requires_grad_() for name, real in reals.items()}
    given = {**reals, **integers}
    y = row.function(**{name: given[name] for name in names})
    loss = (reals["weight"] * y).sum() if row.shape else y
    gradient = torch.autograd.grad(loss, [reals[name] for name in params], create_graph=True)
    found = {"loss": loss, **{f"grad.{name}": by for name, by in zip(params, gradient)}}
    if row.shape:
        expected = extents(split(row.shape), sizes)
        assert tuple(y.shape) == expected, f"{row.name}: {tuple(y.shape)} is not {expected}"
        found["grad.weight"] = y
    floors = {name: [floor(number, reals) for number in result.flatten()] for name, result in found.items()}
    for name, result in found.items():
        assert bool(torch.isfinite(result).all()), f"{row.name}: {name} = {result}"
    return {name: result.detach().numpy() for name, result in found.items()}, floors


def floor(number, reals):
    """What a number moves by under relative changes of all that it is computed from."""
    if not number.requires_grad:
        return 0.0
    by = torch.autograd.grad(number, list(reals.values()), retain_graph=True, allow_unused=True)
    return float(sum((slope * real).detach().abs().sum() for slope, real in zip(by, reals.values()) if slope is not None))


if __name__ == "__main__":
    write_models("library", ROWS, "PyTorch's answers", "library", "library_table.py")
    write_data("library", f"torch {torch.__version__}", ROWS, POINTS, results, sys.argv[1:])
    print(f"{len(ROWS)} functions at {len(POINTS)} points")
