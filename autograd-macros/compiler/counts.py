"""Counts that show how far knowledge is spread over the compiler's source.

    python3 autograd-macros/compiler/counts.py [-v, to list what is counted] [the compiler's folder, of another checkout too]

Tests (modules under `#[cfg(test)]`) are left out.
"""

import pathlib
import re
import sys

# The stages, as the test that holds imports to them lists them.
LAYERS = (pathlib.Path(__file__).parent / "tests/layers.rs").read_text()
STAGES = [re.findall(r'"(\w+)"', line) for line in re.search(r"STAGES.*?= &\[(.*?)\n\];", LAYERS, flags=re.S)[1].splitlines() if "&[" in line]
STAGE = {name: place for place, stage in enumerate(STAGES) for name in stage}


TEST_MODULE = r"^#\[cfg\(test\)\]\n(?:#\[[^\]]*\]\n)*(?:pub(?:\(\w+\))? )?mod (\w+) ?"


def sources(root):
    """The text of every file that is no test, by its path below `src`."""
    texts = {path.relative_to(root / "src").as_posix(): path.read_text() for path in sorted((root / "src").rglob("*.rs"))}
    tests = []
    for name, text in texts.items():
        folder = re.sub(r"(^|/)(mod|lib)\.rs$", r"\1", name)
        folder = re.sub(r"\.rs$", "/", folder)
        tests += [folder + module for module in re.findall(TEST_MODULE + ";", text, flags=re.M)]
    is_test = lambda name: any(re.match(re.escape(test) + r"(/|\.rs$)", name) for test in tests)
    texts = {name: re.split(TEST_MODULE + r"\{", text, flags=re.M)[0] for name, text in texts.items() if not is_test(name)}
    return {name: re.sub(r"^\s*//.*$", "", text, flags=re.M) for name, text in texts.items()}


def naming(texts, pattern):
    """The files in which the pattern stands."""
    return [name for name, text in texts.items() if re.search(pattern, text)]


def inside(text, start):
    """What stands between the brace at `start` and the one that closes it."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return text[start + 1 : place]
    return text[start + 1 :]


def arms(body):
    """The patterns of a match, one string each."""
    patterns, depth, start, in_pattern = [], 0, 0, True
    place = 0
    while place < len(body):
        letter = body[place]
        if in_pattern and depth == 0 and body.startswith("=>", place):
            patterns.append(body[start:place].strip())
            in_pattern, place = False, place + 2
            continue
        depth += {"{": 1, "(": 1, "[": 1, "}": -1, ")": -1, "]": -1}.get(letter, 0)
        closes = letter == "," or letter == "}" and not body[place + 1 :].lstrip().startswith((".", "?", ",", ")", "=="))
        if not in_pattern and depth == 0 and closes:
            in_pattern, start = True, place + 1
        place += 1
    return patterns


def matches_with_a_wildcard(texts):
    """Matches on primitives in which an arm takes all that are not named."""
    found = []
    for name, text in texts.items():
        for match in re.finditer(r"\bmatch [^;{}]*\{", text):
            patterns = arms(inside(text, match.end() - 1))
            on_primitives = any(re.match(r"(\|\s*)?(Some\()?&?Op::", pattern) for pattern in patterns)
            if on_primitives and any(re.match(r"(_|other|op)$|_ if", pattern) for pattern in patterns):
                found.append(name)
    return found


def upward(texts):
    """Imports of a stage that comes later."""
    found = []
    for name, text in texts.items():
        stage = STAGE.get(name.split("/")[0].removesuffix(".rs"))
        uses = [use for group in re.findall(r"\buse crate::\{(.*?)\};", text, flags=re.S) for use in re.findall(r"\b(\w+)", group)]
        uses += re.findall(r"\bcrate::(\w+)", text)
        if stage is not None:
            found += [f"{name} imports {use}" for use in sorted(set(uses)) if STAGE.get(use, -1) > stage]
    return found


def lines(texts, pattern, under=""):
    """The lines on which the pattern stands."""
    return [f"{name}: {line.strip()}" for name, text in texts.items() if name.startswith(under) for line in text.splitlines() if re.search(pattern, line)]


def main():
    flags = ("-v", "--verbose")
    folders = [argument for argument in sys.argv[1:] if argument not in flags]
    root = pathlib.Path(folders[0]) if folders else pathlib.Path(__file__).parent
    texts = sources(root)
    later = {name: text for name, text in texts.items() if STAGE.get(name.split("/")[0].removesuffix(".rs"), 0) >= STAGE["build"]}
    thresholds = lines(
        {name: text for name, text in texts.items() if name != "machine.rs" and not name.startswith("ops/elementary")},
        r"^\s*(pub(\([a-z]+\))? )?const [A-Z_0-9]+: (\[?(u8|u16|u32|u64|usize|i32|i64|f64)\b)",
    )
    rows = [
        ("files, and lines of code", [f"{sum(text.count(chr(10)) for text in texts.values())} lines"] * len(texts)),
        ("files after the graph that name the matrix product", naming(later, r"\bContract(ion)?\b|\b[Gg]emm\b")),
        ("patterns on loops outside of the loop program's own folder", lines({n: t for n, t in texts.items() if not re.match(r"loops/", n)}, r"Stmt::Loop\b")),
        ("matches on primitives with a wildcard", matches_with_a_wildcard(texts)),
        ("lines that take printed tokens apart", lines(texts, r"TokenTree|parse2|\.to_string\(\)\s*[!=]=|to_string\(\)\.(contains|starts_with|ends_with)|\.clone\(\)\.into_iter\(\)", "emit")),
        ("constants that are numbers, outside of the machine", thresholds),
        ("… different names among them", sorted({re.search(r"const ([A-Z_0-9]+)", line)[1] for line in thresholds})),
        ("imports of a later stage", upward(texts)),
        ("files that name one function (softplus)", naming(texts, r"(?i)softplus")),
        ("files that name one primitive (the recurrence)", naming(texts, r"\bRecurrence\b")),
        ("files that name one pass (interchange)", naming(texts, r"\binterchange\b")),
    ]
    for title, found in rows:
        print(f"{len(found):5}  {title}")
        if any(flag in sys.argv for flag in flags):
            for line in sorted(set(found)):
                print(f"         {line}")


main()
