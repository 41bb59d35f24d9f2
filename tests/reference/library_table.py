"""The functions that models are compared with PyTorch on: a row for each, as in oracle_table.py."""

from dataclasses import dataclass, field

import torch
import torch.nn.functional as F


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


def family(name):
    """A function that adds rows to a family."""

    def add(row, declarations, expression, function, shape="", **ranges):
        ROWS.append(Row(name, row, f"{declarations};", expression, function, shape, ranges))

    return add


row = family("convolutions")
ONE = "param x: [N, C, H], w: [O, C, R]"
TWO = "param x: [N, C, H, W], w: [O, C, R, S]"
row("convolved", ONE, "conv1d(x, w)", lambda x, w: F.conv1d(x, w), "[N, O, H + 1 - R]")
row(
    "convolved_apart",
    ONE,
    "conv1d(x, w, stride = 2, pad = 1, dilation = 2)",
    lambda x, w: F.conv1d(x, w, stride=2, padding=1, dilation=2),
    "[N, O, floor_div(H + 3 - 2*R, 2) + 1]",
)
row(
    "convolved_in_groups",
    "param x: [N, C, H], w: [O, C/2, R]",
    "conv1d(x, w, pad = 1, groups = 2)",
    lambda x, w: F.conv1d(x, w, padding=1, groups=2),
    "[N, O, H + 3 - R]",
)
row(
    "convolved_by_channel",
    "param x: [N, C, H], w: [C, 1, R]",
    "conv1d(x, w, groups = C)",
    lambda x, w: F.conv1d(x, w, groups=x.shape[1]),
    "[N, C, H + 1 - R]",
)
row("convolved_twice", TWO, "conv2d(x, w)", lambda x, w: F.conv2d(x, w), "[N, O, H + 1 - R, W + 1 - S]")
row(
    "convolved_twice_apart",
    TWO,
    "conv2d(x, w, stride = 2, pad = 1)",
    lambda x, w: F.conv2d(x, w, stride=2, padding=1),
    "[N, O, floor_div(H + 2 - R, 2) + 1, floor_div(W + 2 - S, 2) + 1]",
)
row(
    "convolved_twice_in_groups",
    "param x: [N, C, H, W], w: [O, C/2, R, S]",
    "conv2d(x, w, pad = 2, dilation = 2, groups = 2)",
    lambda x, w: F.conv2d(x, w, padding=2, dilation=2, groups=2),
    "[N, O, H + 6 - 2*R, W + 6 - 2*S]",
)
row(
    "convolved_thrice",
    "param x: [N, C, H, W, L], w: [O, C, R, S, 2]",
    "conv3d(x, w, pad = 1)",
    lambda x, w: F.conv3d(x, w, padding=1),
    "[N, O, H + 3 - R, W + 3 - S, L + 1]",
)
row(
    "transposed_convolution",
    "param x: [N, C, H], w: [C, O, R]",
    "conv_transpose1d(x, w)",
    lambda x, w: F.conv_transpose1d(x, w),
    "[N, O, H - 1 + R]",
)
row(
    "transposed_convolution_apart",
    "param x: [N, C, H], w: [C, O, 3]",
    "conv_transpose1d(x, w, stride = 2, pad = 1)",
    lambda x, w: F.conv_transpose1d(x, w, stride=2, padding=1),
    "[N, O, 2*H - 1]",
)
row(
    "transposed_convolution_twice",
    "param x: [N, C, H, W], w: [C, O, R, S]",
    "conv_transpose2d(x, w, stride = 2)",
    lambda x, w: F.conv_transpose2d(x, w, stride=2),
    "[N, O, 2*H - 2 + R, 2*W - 2 + S]",
)

row = family("pools")
SIGNAL, IMAGE = "param x: [N, C, H]", "param x: [N, C, H, W]"
row("largest", SIGNAL, "max_pool1d(x, 2)", lambda x: F.max_pool1d(x, 2), "[N, C, floor_div(H, 2)]")
row(
    "largest_overlapping",
    IMAGE,
    "max_pool2d(x, 3, stride = 2, pad = 1)",
    lambda x: F.max_pool2d(x, 3, stride=2, padding=1),
    "[N, C, floor_div(H - 1, 2) + 1, floor_div(W - 1, 2) + 1]",
)
row("largest_twice", IMAGE, "max_pool2d(x, 2)", lambda x: F.max_pool2d(x, 2), "[N, C, floor_div(H, 2), floor_div(W, 2)]")
row(
    "averaged",
    SIGNAL,
    "avg_pool1d(x, 3, stride = 1, pad = 1)",
    lambda x: F.avg_pool1d(x, 3, stride=1, padding=1),
    "[N, C, H]",
)
row("averaged_twice", IMAGE, "avg_pool2d(x, 2)", lambda x: F.avg_pool2d(x, 2), "[N, C, floor_div(H, 2), floor_div(W, 2)]")
row("averaged_to_size", SIGNAL, "adaptive_avg_pool1d(x, 3)", lambda x: F.adaptive_avg_pool1d(x, 3), "[N, C, 3]")
row("averaged_to_sizes", IMAGE, "adaptive_avg_pool2d(x, 3)", lambda x: F.adaptive_avg_pool2d(x, 3), "[N, C, 3, 3]")
row("largest_to_size", SIGNAL, "adaptive_max_pool1d(x, 3)", lambda x: F.adaptive_max_pool1d(x, 3), "[N, C, 3]")
row("largest_to_sizes", IMAGE, "adaptive_max_pool2d(x, 3)", lambda x: F.adaptive_max_pool2d(x, 3), "[N, C, 3, 3]")

row = family("normalisation")
AFFINE = "gain: [C], bias: [C]"


def normalised(x, gain, bias, m, v):
    """`F.batch_norm` in evaluation, which has no derivative by mean and variance."""
    gain, bias, m, v = (per.reshape(-1, *[1] * (x.ndim - 2)) for per in (gain, bias, m, v))
    return (x - m) / torch.sqrt(v + 1e-5) * gain + bias


for name, x in [("rows", "[N, C]"), ("signals", "[N, C, H]"), ("images", "[N, C, H, W]")]:
    row(
        f"batch_of_{name}",
        f"param x: {x}, {AFFINE}",
        "let (z, m, v) = batch_norm(x, gain, bias); z + v[0]*m[0]",
        lambda x, gain, bias: F.batch_norm(x, None, None, gain, bias, training=True)
        + x.transpose(0, 1)[0].var(correction=0) * x.transpose(0, 1)[0].mean(),
        x,
    )
    row(
        f"batch_of_{name}_as_known",
        f"param x: {x}, {AFFINE}, m: [C], v: [C]",
        "batch_norm(x, gain, bias, m, v)",
        normalised,
        x,
        v=(0.5, 2.0),
    )
for name, x in [("signals", "[N, C, H]"), ("images", "[N, C, H, W]")]:
    row(
        f"groups_of_{name}",
        f"param x: {x}, {AFFINE}",
        "group_norm(x, 2, gain, bias)",
        lambda x, gain, bias: F.group_norm(x, 2, gain, bias),
        x,
    )
    row(
        f"instances_of_{name}",
        f"param x: {x}, {AFFINE}",
        "instance_norm(x, gain, bias)",
        lambda x, gain, bias: F.instance_norm(x, weight=gain, bias=bias),
        x,
    )

row = family("attention")
for name, batch in [("one", ""), ("batch", "N, "), ("heads", "N, C, ")]:
    row(
        f"attention_of_{name}",
        f"param q: [{batch}T, D], k: [{batch}U, D], v: [{batch}U, E]",
        "attention(q, k, v)",
        lambda q, k, v: F.scaled_dot_product_attention(q, k, v),
        f"[{batch}T, E]",
    )
    row(
        f"attention_of_{name}_with_a_mask",
        f"param q: [{batch}T, D], k: [{batch}U, D], v: [{batch}U, E], mask: [T, U]",
        "attention(q, k, v, mask)",
        lambda q, k, v, mask: F.scaled_dot_product_attention(q, k, v, attn_mask=mask),
        f"[{batch}T, E]",
    )
row(
    "causal_attention",
    "param q: [N, T, D], k: [N, T, D], v: [N, T, E]",
    "attention(q, k, v, causal_mask(T))",
    lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True),
    "[N, T, E]",
)


def heads(q, k, v, count):
    def part(x):
        return x.reshape(*x.shape[:2], count, -1).transpose(1, 2)

    return F.scaled_dot_product_attention(part(q), part(k), part(v)).transpose(1, 2).flatten(2)


row(
    "attention_of_two_heads",
    "param q: [N, T, D], k: [N, U, D], v: [N, U, E]",
    "multi_head_attention(q, k, v, 2)",
    lambda q, k, v: heads(q, k, v, 2),
    "[N, T, E]",
)

row = family("places")
row(
    "embedded",
    "param table: [V, D]; input token: [N, T] in V",
    "embedding(table, token)",
    lambda table, token: F.embedding(token, table),
    "[N, T, D]",
)
row(
    "taken",
    "param x: [N, V, H]; input place: [T, U] in V",
    "take(x, place, axis = 1)",
    lambda x, place: x[:, place],
    "[N, T, U, H]",
)
row(
    "taken_computed",
    "param x: [N, V]; input place: [T] in V",
    "take(x, rem(3*place + iota(T), V), axis = 1)",
    lambda x, place: x[:, (3 * place + torch.arange(place.shape[0])) % x.shape[1]],
    "[N, T]",
)
row(
    "added_at",
    "param x: [V, D], u: [N, T, D]; input place: [N, T] in V",
    "scatter_add(x, place, u)",
    lambda x, u, place: x.index_add(0, place.flatten(), u.flatten(0, 1)),
    "[V, D]",
)
row(
    "segments",
    "param x: [T, D]; input place: [T] in V",
    "segment_sum(x, place, V)",
    lambda x, place: torch.zeros(SEGMENTS[len(x)], x.shape[1]).index_add(0, place, x),
    "[V, D]",
)
# How many there are where there are so many rows.
SEGMENTS = {4: 5, 3: 7}
row("rolled", "param x: [N, H]", "roll(x, 2, axis = 1)", lambda x: torch.roll(x, 2, 1), "[N, H]")
row("rolled_back", "param x: [H, D]", "roll(x, -9, axis = 0)", lambda x: torch.roll(x, -9, 0), "[H, D]")
row("lower", "param x: [N, H, W]", "tril(x, -1)", lambda x: torch.tril(x, -1), "[N, H, W]")
row("upper", "param x: [H, W]", "triu(x)", lambda x: torch.triu(x), "[H, W]")
row("differences", "param x: [N, H]", "diff(x)^2", lambda x: torch.diff(x) ** 2, "[N, H - 1]")
row("tiled", "param x: [N, H]", "tile(x, 3, axis = 1)", lambda x: torch.tile(x, (1, 3)), "[N, 3*H]")
row("repeated", "param x: [N, H]", "repeat(x, 3, axis = 0)", lambda x: x.repeat_interleave(3, 0), "[3*N, H]")
row("of_kronecker", "param a: [N, D], b: [T, U]", "kron(a, b)", lambda a, b: torch.kron(a, b), "[N*T, D*U]")
row("of_kroneckers_vectors", "param a: [N], b: [T]", "kron(a, b)", lambda a, b: torch.kron(a, b), "[N*T]")
row(
    "distances",
    "param a, b",
    "linspace(a, b, 7)",
    lambda a, b: a + (b - a) * torch.linspace(0, 1, 7),
    "[7]",
)
row(
    "contracted",
    "param a: [N, D], b: [D, E]",
    'einsum("nd,de", a, b)',
    lambda a, b: torch.einsum("nd,de", a, b),
    "[E, N]",
)
row(
    "contracted_in_front",
    "param a: [N, T, D], b: [D, E]",
    'einsum("...d,de->...e", a, b)',
    lambda a, b: torch.einsum("...d,de->...e", a, b),
    "[N, T, E]",
)
row(
    "contracted_by_heads",
    "param a: [N, C, T, D], b: [N, C, U, D]",
    'einsum("nhtd,nhud->nhtu", a, b)',
    lambda a, b: torch.einsum("nhtd,nhud->nhtu", a, b),
    "[N, C, T, U]",
)
row(
    "contracted_whole",
    "param a: [N], b: [N, D], c: [D]",
    'einsum("n,nd,d->", a, b, c)',
    lambda a, b, c: torch.einsum("n,nd,d->", a, b, c),
)
row(
    "contracted_with_itself",
    "param a: [D, D, E]",
    'einsum("iij->ij", a)',
    lambda a: torch.einsum("iij->ij", a),
    "[D, E]",
)

row = family("grids")


def interpolated(x, xp, fp):
    """Straight lines between points, as numpy.interp."""
    j = (torch.searchsorted(xp.detach(), x.detach(), right=True) - 1).clamp(0, len(xp) - 2)
    t = ((x - xp[j]) / (xp[j + 1] - xp[j])).clamp(0, 1)
    return fp[j] * (1 - t) + fp[j + 1] * t


row(
    "interpolated",
    "param x: [N, T], step: [K], f: [K]",
    "interp(x, cumsum(step), f)",
    lambda x, step, f: interpolated(x, torch.cumsum(step, 0), f),
    "[N, T]",
    step=(0.2, 1.0),
    x=(-0.5, 4.0),
)
row(
    "interpolated_twice",
    "param table: [H, W], i: [T], j: [T]",
    "bilinear(table, i, j)",
    lambda table, i, j: F.grid_sample(
        table[None, None],
        torch.stack([2 * j / (table.shape[1] - 1) - 1, 2 * i / (table.shape[0] - 1) - 1], -1)[None, None],
        padding_mode="border",
        align_corners=True,
    )[0, 0, 0],
    "[T]",
    i=(0.2, 2.9),
    j=(0.1, 3.9),
)
row(
    "counted",
    "param s; input x: [H]",
    "s*histogram(x, 5, -1, 1)",
    lambda s, x: s * torch.histc(x, 5, -1, 1),
    "[5]",
)


def neighbours(x, mode):
    """The sum over the axes of both neighbours less twice the element; what stands outside follows from the mode."""
    total = 0
    for axis in range(x.ndim):
        before, after = x.narrow(axis, 0, 1), x.narrow(axis, x.shape[axis] - 1, 1)
        ends = {"zero": [0 * before, 0 * after], "edge": [before, after], "periodic": [after, before]}[mode]
        wide = torch.cat([ends[0], x, ends[1]], axis)
        total = total + wide.narrow(axis, 0, x.shape[axis]) + wide.narrow(axis, 2, x.shape[axis]) - 2 * x
    return total


def with_neighbours(mode):
    return lambda x: neighbours(x, mode)


def slopes(slope, axes):
    return lambda x: sum([2, 3, 5][axis] * slope(x, axis) for axis in range(axes))


def periodic(x, axis):
    return (torch.roll(x, -1, axis) - torch.roll(x, 1, axis)) / 2


GRIDS = {1: "lines", 2: "planes", 3: "volumes"}
for axes, shape in [(1, "[H]"), (2, "[H, W]"), (3, "[H, W, L]")]:
    for mode, name in [("zero", "laplacian"), ("edge", "laplacian_edge"), ("periodic", "laplacian_periodic")]:
        row(
            f"{name}_of_{GRIDS[axes]}",
            f"param x: {shape}",
            f"{name}(x)",
            with_neighbours(mode),
            shape,
        )
    for name, slope in [
        ("central_diff", lambda x, axis: torch.gradient(x, dim=axis)[0]),
        ("central_diff_periodic", periodic),
    ]:
        names = ["a", "b", "c"][:axes]
        value = " + ".join(f"{factor}*{name}" for factor, name in zip([2, 3, 5], names))
        expression = f"2*{name}(x)" if axes == 1 else f"let ({', '.join(names)}) = {name}(x); {value}"
        row(
            f"{name}_of_{GRIDS[axes]}",
            f"param x: {shape}",
            expression,
            slopes(slope, axes),
            shape,
        )
