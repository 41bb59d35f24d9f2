#!/usr/bin/env python3
"""Writes iris.csv and digits.csv from the copies in scikit-learn's package.

    python3 -m pip install scikit-learn
    python3 examples/data/make.py

README.md in this folder says where the data come from. The three NIST files are not made: they are kept by hand.
"""

from pathlib import Path

from sklearn.datasets import load_digits, load_iris

HERE = Path(__file__).parent
LICENCE = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"


def write(name, head, columns, rows):
    with open(HERE / name, "w", encoding="ascii", newline="\n") as file:
        for line in head:
            file.write(f"# {line}\n")
        file.write(",".join(columns) + "\n")
        for row in rows:
            file.write(",".join(f"{value:g}" for value in row) + "\n")


def rows(data):
    return [[*x, label] for x, label in zip(data.data, data.target)]


write(
    "iris.csv",
    [
        "Iris: 150 flowers, 50 of each of three species; sizes in cm; species 0 setosa, 1 versicolor, 2 virginica.",
        "R. A. Fisher (1936), UCI Machine Learning Repository, https://doi.org/10.24432/C56C76",
        LICENCE,
    ],
    ["sepal_length", "sepal_width", "petal_length", "petal_width", "species"],
    rows(load_iris()),
)

write(
    "digits.csv",
    [
        "Handwritten digits: 1797 images of 8x8 pixels, 0 (paper) to 16 (ink), row by row; then the digit.",
        "E. Alpaydin, C. Kaynak (1998), Optical Recognition of Handwritten Digits (its test set),",
        "UCI Machine Learning Repository, https://doi.org/10.24432/C50P49",
        LICENCE,
    ],
    [f"p{row}{column}" for row in range(8) for column in range(8)] + ["digit"],
    rows(load_digits()),
)
