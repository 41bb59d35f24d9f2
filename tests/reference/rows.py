"""What the references of models have in common: rows of models, the numbers they are given, the code and the data that are
written.

A row has a `family`, a `name`, its `declarations` and its `expression` in the language, the `shape` of its value where
that is no scalar, the `ranges` that its numbers are drawn from, and the same as a `function` of a library.
"""

import re
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np

TESTS = Path("tests")
DECLARED = re.compile(r"(\w+)\s*(?::\s*\[([^\]]*)\])?\s*(?:in\s+(\w+))?")


def split(text):
    """What stands between the commas that no bracket encloses: `[N, floor_div(H, 2)]` has two."""
    parts, depth = [""], 0
    for sign in text[1:-1] if text.startswith("[") and text.endswith("]") else text:
        depth += (sign in "[(") - (sign in "])")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


def declared(row):
    """The arrays of a row: name, whether it is a parameter, its dimensions, its number of classes."""
    arrays = []
    for kind, names in re.findall(r"\b(param|input)\s+([^;]*);", row.declarations):
        for text in split(names):
            name, dims, classes = DECLARED.fullmatch(text.strip()).groups()
            dims = split(dims) if dims else []
            arrays.append((name, kind == "param", dims, classes))
    return arrays


def extents(dims, sizes):
    return tuple(eval(dim.replace("/", "//"), {"floor_div": lambda a, b: a // b}, sizes) for dim in dims)


def draw(row, sizes, rng):
    """Numbers for the arrays of a row, and weights for its value."""
    arrays = {}
    for name, _, dims, classes in declared(row):
        shape = extents(dims, sizes)
        if classes:
            arrays[name] = rng.integers(0, sizes[classes], shape)
        else:
            arrays[name] = rng.uniform(*row.ranges.get(name, (-2.0, 2.0)), shape)
    if row.shape:
        shape = extents(split(row.shape), sizes)
        arrays["weight"] = rng.uniform(-1.0, 1.0, shape)
    return arrays


def numbers(array):
    return " ".join(repr(x) for x in np.ravel(np.asarray(array)).tolist())


def camel(name):
    return "".join(word.capitalize() for word in name.split("_"))


def dims_of(row):
    """The dimensions that a row mentions, in alphabetical order."""
    words = re.findall(r"(?<!\.)\b[A-Z]\b", f"{row.declarations} {row.expression} {row.shape}")
    return sorted(set(words))


def model_code(row):
    *lets, y = re.split(r";\s*(?![^{]*\})", row.expression)
    # Several items of one kind, `fn` bodies included, keep their own line.
    items = re.split(r"(?<=;)\s+(?=param|input|fn|const|let)", row.declarations.strip())
    items = [item if item.endswith((";", "}")) else item + ";" for item in items]
    if row.shape:
        items.append(f"param weight: {row.shape};")
    items += [f"{let};" for let in lets]
    items += [f"y = {y};", "loss = sum(weight * y);"] if row.shape else [f"loss = {y};"]
    dims = dims_of(row)
    header = camel(row.name) + (f"<{', '.join(dims)}>" if dims else "")
    body = "\n".join(f"        {item}" for item in items)
    return f"model! {{\n    pub {header} {{\n{body}\n    }}\n}}\n"


def test_code(row):
    arrays = declared(row) + ([("weight", True, split(row.shape), None)] if row.shape else [])
    lines = ["#[test]", f"fn {row.name}() {{", f'    for point in points("{row.name}") {{']
    fields = {True: [], False: []}
    for name, is_param, dims, classes in arrays:
        read = {(True, True): "classes", (True, False): "class", (False, True): "array", (False, False): "number"}
        call = f'point.{read[bool(classes), bool(dims)]}("{name}")'
        if not dims or is_param:
            fields[is_param].append(f"{name}: {call}")
        else:
            lines.append(f"        let {name} = {call};")
            fields[is_param].append(f"{name}: {name}.view()")
    lines.append(f"        let model = {camel(row.name)} {{ {', '.join(fields[True])} }};")
    lines.append(f"        let inputs = {row.name}::Inputs {{ {', '.join(fields[False])} }};".replace("{  }", "{}"))
    lines.append("        point.check_objective(&model, &inputs);")
    return "\n".join(lines + ["    }", "}", ""])


def write_models(folder, rows, answers, script, table):
    assert len({row.name for row in rows}) == len(rows), "names are unique"
    for family in dict.fromkeys(row.family for row in rows):
        written = f"Written by `python3 tests/reference/{script}.py`: change `{table}` instead."
        comment = f"//! {answers}: {family}. {written}\n"
        texts = [f"{model_code(row)}\n{test_code(row)}" for row in rows if row.family == family]
        path = TESTS / "models" / folder / f"{family}.rs"
        path.write_text("\n".join([comment, "use super::{model, points};\n", *texts]))
        subprocess.run(["rustfmt", "--edition", "2024", "--config-path", ".", path], check=True)


def lines_of(row, points, results):
    """The lines of a row: at each of the points what it is given, then what `results` says of that, with its floors."""
    lines = []
    for point, sizes in enumerate(points):
        arrays = draw(row, sizes, np.random.default_rng([zlib.crc32(row.name.encode()), point]))
        start = f"{row.name},{point}"
        for name, array in arrays.items():
            role = "classes" if array.dtype == np.int64 else "given"
            lines.append(f"{start},{role},{name},{'x'.join(map(str, array.shape))},{numbers(array)}")
        found, floors = results(row, arrays, sizes)
        for name, result in found.items():
            shape = "x".join(map(str, result.shape))
            lines.append(f"{start},expected,{name},{shape},{numbers(result)}")
            lines.append(f"{start},floor,{name},{shape},{' '.join(f'{x:.2g}' for x in np.ravel(floors[name]))}")
    return lines


def write_data(script, library, rows, points, results, only):
    """Writes `tests/data/<script>.csv`. Of rows that are not `only`, if that names any, what is stored is kept."""
    path = TESTS / f"data/{script}.csv"
    stored = path.read_text().splitlines() if path.exists() else []
    versions = f"{library}, numpy {np.__version__}, Python {sys.version.split()[0]}"
    lines = [f"# Written by `python3 tests/reference/{script}.py` with {versions}, in 64 bits."]
    lines.append("# model,point,role,name,shape,numbers")
    for place, row in enumerate(rows):
        kept = [line for line in stored if line.startswith(f"{row.name},")]
        if not kept or not only or row.name in only:
            print(f"{place + 1}/{len(rows)} {row.name}", flush=True)
            kept = lines_of(row, points, results)
        lines += kept
    path.write_text("\n".join(lines) + "\n")
