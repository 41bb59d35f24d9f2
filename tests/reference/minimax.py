"""What the scripts that fit the polynomials of `autograd-core/src/math` share: minimax fits in 60 digits, and Rust's text of
tables.

Each polynomial is a weighted minimax fit (Remez' exchange on a fine grid). The printed number beside each name is the
largest weighted error, as a power of two.
"""

import struct

import mpmath
from mpmath import cos, log, lu_solve, matrix, mp, mpf, nstr, pi

mp.dps = 60


def minimax(function, low, high, degree, weight):
    """The polynomial of that degree with the least maximum of |weight * (polynomial - function)|."""
    low, high, count = mpf(low), mpf(high), degree + 2
    middle, half = (low + high) / 2, (high - low) / 2
    grid = [middle - half * cos(pi * k / (24 * count)) for k in range(24 * count + 1)]
    values = [function(x) for x in grid]
    weights = [weight(x) for x in grid]
    chosen = [round(24 * count * k / (count - 1)) for k in range(count)]
    # Zero weights would make the system singular.
    chosen = [i if weights[i] != 0 else i + 1 for i in chosen]
    for _ in range(12):
        system, right = matrix(count, count), matrix(count, 1)
        for row, i in enumerate(chosen):
            y = (grid[i] - middle) / half
            for column in range(degree + 1):
                system[row, column] = y**column
            system[row, degree + 1] = (-1) ** row / weights[i]
            right[row] = values[i]
        solution = lu_solve(system, right)
        errors = []
        for x, value, w in zip(grid, values, weights):
            y, total = (x - middle) / half, mpf(0)
            for k in reversed(range(degree + 1)):
                total = total * y + solution[k]
            errors.append(w * (total - value))
        # One extremum for each run of one sign; the best `count` neighbours of these.
        runs = []
        for i, error in enumerate(errors):
            if error == 0:
                continue
            if runs and (errors[runs[-1]] > 0) == (error > 0):
                if abs(error) > abs(errors[runs[-1]]):
                    runs[-1] = i
            else:
                runs.append(i)
        while len(runs) > count:
            runs.pop(0 if abs(errors[runs[0]]) < abs(errors[runs[-1]]) else -1)
        worst = max(abs(error) for error in errors)
        if len(runs) < count or runs == chosen:
            break
        chosen = runs
    # From the scaled variable y = (x - middle) / half back to x.
    result = [mpf(0)] * (degree + 1)
    for k in reversed(range(degree + 1)):
        shifted = [mpf(0)] * (degree + 1)
        for j in range(degree):
            shifted[j + 1] += result[j] / half
        for j in range(degree + 1):
            shifted[j] -= result[j] * middle / half
        shifted[0] += solution[k]
        result = shifted
    return result, worst


def series(tail, first):
    """A function given by `tail(x)` away from 0 and by its limit `first` at 0."""
    return lambda x: first if abs(x) < mpf(10) ** -30 else tail(x)


def rational(function, low, high, top, bottom, weight):
    """The same of a quotient of polynomials of these degrees, in `x - middle`; the exchange is linearised about the last error."""
    low, high, count = mpf(low), mpf(high), top + bottom + 2
    middle, half = (low + high) / 2, (high - low) / 2
    grid = [middle - half * cos(pi * k / (24 * count)) for k in range(24 * count + 1)]
    values, weights, scaled = [function(x) for x in grid], [weight(x) for x in grid], [(x - middle) / half for x in grid]
    chosen, level, best = [round(24 * count * k / (count - 1)) for k in range(count)], mpf(0), None
    for _ in range(40):
        for _ in range(8):
            system, right = matrix(count, count), matrix(count, 1)
            for row, i in enumerate(chosen):
                sign = (-1) ** row / weights[i]
                for k in range(top + 1):
                    system[row, k] = scaled[i] ** k
                for k in range(1, bottom + 1):
                    system[row, top + k] = -(values[i] + sign * level) * scaled[i] ** k
                system[row, count - 1] = -sign
                right[row] = values[i]
            solution = lu_solve(system, right)
            last, level = level, solution[count - 1]
            if abs(level - last) <= abs(level) * mpf(10) ** -6:
                break
        numerator, denominator = list(solution[: top + 1]), [mpf(1)] + list(solution[top + 1 : count - 1])
        quotient = lambda y: mpmath.polyval(numerator[::-1], y) / mpmath.polyval(denominator[::-1], y)
        errors = [w * (quotient(y) - value) for y, value, w in zip(scaled, values, weights)]
        worst = max(abs(error) for error in errors)
        if best is None or worst < best[0]:
            best = (worst, numerator, denominator)
        runs = []
        for i, error in enumerate(errors):
            if runs and (errors[runs[-1]] > 0) == (error > 0):
                if abs(error) > abs(errors[runs[-1]]):
                    runs[-1] = i
            else:
                runs.append(i)
        while len(runs) > count:
            runs.pop(0 if abs(errors[runs[0]]) < abs(errors[runs[-1]]) else -1)
        if len(runs) < count or runs == chosen:
            break
        chosen = runs
    worst, numerator, denominator = best
    return [c / half**k for k, c in enumerate(numerator)], [c / half**k for k, c in enumerate(denominator)], worst


def one(_):
    return mpf(1)


def parts(value, widths):
    """`value` as a sum of numbers of the given widths in bits; the last one is rounded, the others are cut."""
    result = []
    for width in widths:
        _, exponent = mp.frexp(value)
        scale = mpf(2) ** (width - exponent)
        part = (mp.floor(value * scale) if width != widths[-1] or len(result) + 1 < len(widths)
                else mp.nint(value * scale)) / scale
        result.append(part)
        value -= part
    return result


def literal(value, single):
    value = float(value)
    if single:
        value = struct.unpack("f", struct.pack("f", value))[0]
        for digits in range(6, 12):
            text = f"{value:.{digits}e}"
            if struct.unpack("f", struct.pack("f", float(text)))[0] == value:
                break
        value = float(text)
    text = repr(value)
    if "e" in text and "." not in text:
        text = text.replace("e", ".0e")
    return text


def rust_array(values, single, indent):
    return "".join(f"{indent}    {literal(v, single)},\n" for v in values)


def fit(polynomials):
    """The coefficients of `(name, doc, function, low, high, weight, degree for f32, degree for f64)` by name and type; ends and
    functions may be pairs, one for each type; without a degree there are none."""
    fitted = {}
    for name, doc, function, low, high, weight, *degrees in polynomials:
        for single, degree in zip((True, False), degrees):
            if degree is None:
                fitted[name, single] = []
                continue
            ends = [end[0 if single else 1] if isinstance(end, tuple) else end for end in (low, high)]
            values, worst = minimax(function, *ends, degree, weight)
            print(f"{name:14} {'f32' if single else 'f64'} degree {degree:2}: 2^{nstr(log(worst, 2), 4)}")
            fitted[name, single] = values
    return fitted


def module(doc, script, trait, trait_doc, arrays, constants, series=()):
    """A Rust module with a trait of tables: `(name, doc, values for f32, values for f64)`, in which constants of one value are
    no arrays; and with constants of their own, `(name, doc, values)`."""
    out = [f"""//! {doc}
//!
//! Written by `tests/reference/{script}`; change that and run it again.
#![allow(clippy::unreadable_literal, clippy::excessive_precision, clippy::approx_constant)]
// One number to a line keeps the changes readable.
#![cfg_attr(rustfmt, rustfmt::skip)]

/// {trait_doc}
pub trait {trait}: Sized + 'static {{
"""]
    is_one = lambda name, short: len(short) == 1 and name not in {name for name, *_ in arrays}
    for name, doc, short, _ in [*arrays, *constants]:
        kind = "Self" if is_one(name, short) else "&'static [Self]"
        out.append(f"    /// {doc}\n    const {name}: {kind};\n")
    out.append("}\n")
    for single in (True, False):
        out.append(f"\nimpl {trait} for {'f32' if single else 'f64'} {{\n")
        for name, _, short, long in [*arrays, *constants]:
            values = short if single else long
            if is_one(name, short):
                out.append(f"    const {name}: Self = {literal(values[0], single)};\n")
            else:
                out.append(f"    const {name}: &'static [Self] = &[\n{rust_array(values, single, '    ')}    ];\n")
        out.append("}\n")
    for name, doc, values in series:
        out.append(f"\n/// {doc}\npub const {name}: [f64; {len(values)}] = [\n{rust_array(values, False, '')}];\n")
    return "".join(out)


def tables(polynomials, fitted):
    """Fitted polynomials as tables of a module."""
    return [(name, doc, fitted[name, True], fitted[name, False]) for name, doc, *_ in polynomials]
