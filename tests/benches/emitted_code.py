"""Models of 10 to 1 000 nodes, and the same computations by hand: what `build_cost.py --only emitted` compiles.

Three families. The forms by hand are those of `tests/benches/src`: kernels over lanes, the public matrix product, values
kept in memory where a backward kernel of its own needs them. The stages are written out one after the other, as they are
in the model. Those of chains and rows are like no other: each has a constant of its own. Layers are alike, and what they
do is one kernel, by hand as in the emitted code. `build_cost.py --check` runs both sides on a small input and compares
the loss and the whole gradient.

A family is a function from the number of nodes to the text of the model, that by hand, and that of a program which
compares the two.
"""

# One elementary function among arithmetic: the text in the model, the value by hand, and what its derivative `d` adds to
# those of its operands `a` (the value before) and `w`. `c` is a constant.
OPERATIONS = [
    ("tanh({a})", "{a}.tanh()", "{da} = {da} + {d} * (V::splat(T::ONE) - {v} * {v});"),
    ("{a} * w", "{a} * w", "{da} = {da} + {d} * w; dw = dw + {d} * {a};"),
    ("{a} + {c} * x", "V::splat(T::from_f64({c})) * x + {a}", "{da} = {da} + {d}; dx = dx + V::splat(T::from_f64({c})) * {d};"),
    ("0.5 * {a} * {a}", "half * {a} * {a}", "{da} = {da} + {d} * {a};"),
    ("{a} - w", "{a} - w", "{da} = {da} + {d}; dw = dw - {d};"),
    ("x - {a}", "x - {a}", "{da} = {da} - {d}; dx = dx + {d};"),
    ("{a} * x", "{a} * x", "{da} = {da} + {d} * x; dx = dx + {d} * {a};"),
    ("{a} + w * x", "w.mul_add(x, {a})", "{da} = {da} + {d}; dx = dx + {d} * w; dw = dw + {d} * x;"),
]

# So many operations go into one kernel by hand.
BLOCK = 100

IMPORTS = """#![allow(clippy::all, unused)]
use autograd_core::contract::{Contraction, Scratch, Strided, Update, contract};
use autograd_core::float::Float;
use autograd_core::math::Elementary;
use autograd_core::simd::{Kernel, Lanes, Max, sweep};
"""


def model(dims, items):
    return f"""#![allow(clippy::all, unused)]
autograd_core::model! {{
    /// Generated.
    pub Generated<{dims}> {{
{items}
    }}
}}
"""


class Kernels:
    """Kernels by hand: those with the same text are one."""

    def __init__(self):
        self.text, self.names = "", {}

    def add(self, kernel, wanted, *arguments):
        """The name of a kernel that is printed so."""
        text = kernel("Kernel", *arguments)
        if text not in self.names:
            self.names[text] = wanted
            self.text += kernel(wanted, *arguments)
        return self.names[text]


def kernel(name, fields, output, before, sums, body, after):
    """One loop over `self.{first field}`, in packs."""
    struct = "".join(f"    {field},\n" for field in fields)
    return f"""
struct {name}<'a, T> {{
{struct}}}

impl<T: Float> Kernel<T> for {name}<'_, T> {{
    type Output = {output};

    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> {output} {{
        {before}
        let sums = sweep::<T, V, {sums}>(
            self.x.len(),
            #[inline(always)]
            |at| {{
{body}
            }},
        );
        {after}
    }}
}}
"""


def constant(stage):
    """A number between 0.5 and 1 that no other of the first thousand stages has."""
    return f"{0.5 + stage / 2000:.4f}"


def chain(nodes):
    """Elementwise operations, each on the one before; eleven nodes for eight of them."""
    count = (nodes - 3) * 8 // 11
    lines, previous = [], "x"
    for i in range(count):
        lines.append(f"        let v{i} = {OPERATIONS[i % len(OPERATIONS)][0].format(a=previous, c=constant(i))};")
        previous = f"v{i}"
    items = "\n".join(["        param w;", "        param x: [N];", *lines, f"        loss = sum({previous});"])
    emitted = model("N", items) + """
/// Uses it.
pub fn use_it(m: &Generated<f32>, workspace: &mut generated::Workspace<f32>, grad: &mut generated::Grad<f32>) -> f32 {
    m.loss_and_grad_into(&generated::Inputs {}, workspace, grad).unwrap()
}
"""
    return emitted, chain_by_hand(count), """
fn main() {
    let x: Vec<f32> = (0..37).map(|i| 0.02 * i as f32 - 0.3).collect();
    let model = emitted::Generated { w: 0.3, x: x.clone().into() };
    let (loss, grad) = model.loss_and_grad(&emitted::generated::Inputs {}).unwrap();
    let (mut slopes, mut memory) = (vec![0.0; 37], written::Memory::default());
    let (by_hand, dw) = written::use_it(&x, 0.3, &mut slopes, &mut memory);
    compare(&[&[loss, grad.w], grad.x.as_slice().unwrap()].concat(), &[&[by_hand, dw], &slopes[..]].concat());
}
"""


def chain_by_hand(count):
    """In blocks: a block keeps its last value, and computes the others again on the way back; the last one goes forth and
    back at once."""
    blocks = [range(start, min(start + BLOCK, count)) for start in range(0, count, BLOCK)]
    kernels, calls, returns = Kernels(), [], []
    before = "let (w, half) = (V::splat(self.w), V::splat(T::from_f64(0.5)));"
    for number, block in enumerate(blocks):
        forth, back = [], []
        for i in block:
            _, value, derivative = OPERATIONS[i % len(OPERATIONS)]
            place = i - block.start
            a = f"v{place - 1}" if place else "first"
            da = f"d{place - 1}" if place else "dfirst"
            forth.append(f"                let v{place} = {value.format(a=a, c=constant(i))};")
            declared = f"let mut {da} = V::splat(T::ZERO); " if place else ""
            derivative = derivative.format(a=a, v=f"v{place}", d=f"d{place}", da=da, c=constant(i))
            back.append("                " + declared + derivative)
        last = f"v{len(block) - 1}"
        load = ["                let x = V::load(self.x, 0, at);",
                "                let first = V::load(self.first, 0, at);" if number else "                let first = x;"]
        is_last = number + 1 == len(blocks)
        start = "V::splat(T::ONE)" if is_last else "V::load(self.changes, 0, at)"
        # What is added up of the later blocks is there already, but for the last one.
        slopes = "V::splat(T::ZERO)" if is_last else "V::load(self.slopes, 0, at)"
        end = ["                (dx + dfirst).store(self.slopes, 0, at);" if number == 0 else
               "                dx.store(self.slopes, 0, at);\n                dfirst.store(self.changes, 0, at);"]
        body = "\n".join([*load, *forth, f"                let d{len(block) - 1} = {start};",
                          f"                let (mut dx, mut dw, mut dfirst) = ({slopes}, V::splat(T::ZERO), V::splat(T::ZERO));",
                          *back[::-1], *end, f"                [{last}, dw]"])
        first = ["first: &'a [T]"] if number else []
        changes = ["changes: &'a mut [T]"] if len(blocks) > 1 else []
        fields = ["x: &'a [T]", "w: T", *first, *changes, "slopes: &'a mut [T]"]
        name = kernels.add(kernel, f"Back{number}", fields, "(T, T)", before, 2, body, "(sums[0], sums[1])")
        from_before = f"first: &memory.values[{number - 1}], " if number else ""
        with_changes = "changes: &mut memory.changes, " if len(blocks) > 1 else ""
        returns.append(f"    let (_last, dw{number}) = f32::dispatch({name} {{ x, w, {from_before}{with_changes}slopes }});")
        if is_last:
            returns[-1] = returns[-1].replace("_last", "loss")
            continue
        body = "\n".join([*load, *forth, f"                {last}.store(self.after, 0, at);", "                []"])
        fields = ["x: &'a [T]", "w: T", *first, "after: &'a mut [T]"]
        name = kernels.add(kernel, f"Forth{number}", fields, "()", before, 0, body, "let [] = sums;")
        calls.append(f"    let (earlier, later) = memory.values.split_at_mut({number});")
        earlier = f"first: &earlier[{number - 1}], " if number else ""
        calls.append(f"    f32::dispatch({name} {{ x, w, {earlier}after: &mut later[0] }});")
    sum_of_dw = " + ".join(f"dw{number}" for number in range(len(blocks)))
    steps = "\n".join([*calls, *returns[::-1]])
    return IMPORTS + kernels.text + f"""
/// What is kept between blocks.
#[derive(Default)]
pub struct Memory {{
    values: Vec<Vec<f32>>,
    changes: Vec<f32>,
}}

/// The loss, and its derivatives by `w` and `x`.
pub fn use_it(x: &[f32], w: f32, slopes: &mut [f32], memory: &mut Memory) -> (f32, f32) {{
    memory.values.resize_with({len(blocks) - 1}, Vec::new);
    memory.values.iter_mut().for_each(|values| values.resize(x.len(), 0.0));
    memory.changes.resize(x.len(), 0.0);
{steps}
    (loss, {sum_of_dw})
}}
"""


def layers(nodes):
    """A perceptron: matrix product, bias and tanh, layer after layer; six nodes each."""
    count = max(1, (nodes - 6) // 6)
    items, previous = [], "x"
    for i in range(count):
        items.append(f"        param w{i}: [D, D], b{i}: [D];")
    items.append("        input x: [N, D], y: [N, D];")
    for i in range(count):
        items.append(f"        let h{i} = tanh({previous} @ w{i} + b{i});")
        previous = f"h{i}"
    items.append(f"        loss = sum(({previous} - y)^2);")
    emitted = model("N, D", "\n".join(items)) + """
/// Uses it.
pub fn use_it(m: &Generated<f32>, inputs: &generated::Inputs<f32>, workspace: &mut generated::Workspace<f32>, grad: &mut generated::Grad<f32>) -> f32 {
    m.loss_and_grad_into(inputs, workspace, grad).unwrap()
}
""".replace("Inputs<f32>", "Inputs<'_, f32>")
    kernels, forth, back = Kernels(), [], []
    for i in range(count):
        forward = kernels.add(row_kernel, f"Forth{i}", ["values: &'a mut [T]", "bias: &'a [T]"], "()", f"""
        for values in self.values.chunks_exact_mut(self.bias.len()) {{
            sweep::<T, V, 0>(self.bias.len(), #[inline(always)] |at| {{
                (V::load(values, 0, at) + V::load(self.bias, 0, at)).tanh().store(values, 0, at);
                []
            }});
        }}""")
        backward = kernels.add(row_kernel, f"Back{i}", ["values: &'a [T]", "changes: &'a mut [T]", "slopes: &'a mut [T]"], "()", """
        let d = self.slopes.len();
        for (changes, values) in self.changes.chunks_exact_mut(d).zip(self.values.chunks_exact(d)) {
            sweep::<T, V, 0>(d, #[inline(always)] |at| {
                let h = V::load(values, 0, at);
                let change = V::load(changes, 0, at) * (V::splat(T::ONE) - h * h);
                change.store(changes, 0, at);
                (V::load(self.slopes, 0, at) + change).store(self.slopes, 0, at);
                []
            });
        }""")
        before = f"&memory.values[{i - 1}]" if i else "x"
        earlier = f"&earlier[{i - 1}]" if i else "x"
        forth.append(f"""    let (earlier, later) = memory.values.split_at_mut({i});
    product(n, d, d, Strided::contiguous({earlier}, n, d), Strided::contiguous(w[{i}], d, d), &mut later[0], &mut memory.scratch);
    f32::dispatch({forward} {{ values: &mut later[0], bias: b[{i}] }});""")
        onwards = f"""
    product(n, d, d, Strided::contiguous(&memory.changes, n, d), Strided::contiguous(w[{i}], d, d).transposed(), &mut memory.earlier, &mut memory.scratch);
    core::mem::swap(&mut memory.changes, &mut memory.earlier);""" if i else ""
        back.append(f"""    db[{i}].fill(0.0);
    f32::dispatch({backward} {{ values: &memory.values[{i}], changes: &mut memory.changes, slopes: &mut db[{i}] }});
    product(d, d, n, Strided::contiguous({before}, n, d).transposed(), Strided::contiguous(&memory.changes, n, d), &mut dw[{i}], &mut memory.scratch);{onwards}""")
    kernels.add(row_kernel, "Loss", ["x: &'a [T]", "y: &'a [T]", "changes: &'a mut [T]"], "T", """
        let [loss] = sweep::<T, V, 1>(self.x.len(), #[inline(always)] |at| {
            let r = V::load(self.x, 0, at) - V::load(self.y, 0, at);
            (r + r).store(self.changes, 0, at);
            [r * r]
        });
        loss""")
    steps = "\n".join([*forth, f"    let loss = f32::dispatch(Loss {{ x: &memory.values[{count - 1}], y, changes: &mut memory.changes }});",
                       *back[::-1]])
    written = IMPORTS + kernels.text + f"""
/// What is kept between layers.
#[derive(Default)]
pub struct Memory {{
    values: Vec<Vec<f32>>,
    changes: Vec<f32>,
    earlier: Vec<f32>,
    scratch: Scratch<f32>,
}}

fn product(rows: usize, columns: usize, depth: usize, left: Strided<f32>, right: Strided<f32>, out: &mut [f32], scratch: &mut Scratch<f32>) {{
    contract(Contraction {{ batch: 1, rows, columns, depth }}, left, right, out, Update::set(), scratch);
}}

/// The loss, and its derivatives by all `w` and `b`.
pub fn use_it(n: usize, d: usize, w: &[&[f32]], b: &[&[f32]], x: &[f32], y: &[f32], dw: &mut [Vec<f32>], db: &mut [Vec<f32>], memory: &mut Memory) -> f32 {{
    memory.values.resize_with({count}, Vec::new);
    memory.values.iter_mut().for_each(|values| values.resize(n * d, 0.0));
    memory.changes.resize(n * d, 0.0);
    memory.earlier.resize(n * d, 0.0);
{steps}
    loss
}}
"""
    fields = ", ".join(f"w{i}: matrix({i}), b{i}: vector({i})" for i in range(count))
    each = lambda name: ", ".join(f"model.{name}{i}.as_slice().unwrap()" for i in range(count))
    gradient = ", ".join(f"grad.w{i}.as_slice().unwrap(), grad.b{i}.as_slice().unwrap()" for i in range(count))
    return emitted, written, f"""
const N: usize = 5;
const D: usize = 19;

fn matrix(seed: usize) -> ndarray::Array2<f32> {{
    ndarray::Array2::from_shape_fn((D, D), |(i, j)| ((i * 7 + j * 3 + seed) % 11) as f32 * 0.04 - 0.2)
}}

fn vector(seed: usize) -> ndarray::Array1<f32> {{
    ndarray::Array1::from_shape_fn(D, |i| ((i * 5 + seed) % 7) as f32 * 0.1 - 0.3)
}}

fn main() {{
    let model = emitted::Generated {{ {fields} }};
    let x = ndarray::Array2::from_shape_fn((N, D), |(i, j)| ((i + 2 * j) % 5) as f32 * 0.2 - 0.4);
    let y = ndarray::Array2::from_shape_fn((N, D), |(i, j)| ((3 * i + j) % 4) as f32 * 0.2);
    let (loss, grad) = model.loss_and_grad(&emitted::generated::Inputs {{ x: x.view(), y: y.view() }}).unwrap();
    let (mut dw, mut db) = (vec![vec![0.0; D * D]; {count}], vec![vec![0.0; D]; {count}]);
    let by_hand = written::use_it(N, D, &[{each("w")}], &[{each("b")}], x.as_slice().unwrap(), y.as_slice().unwrap(), &mut dw, &mut db, &mut Default::default());
    let gradient: Vec<&[f32]> = vec![{gradient}];
    let hand: Vec<f32> = dw.iter().zip(&db).flat_map(|(w, b)| w.iter().chain(b).copied()).collect();
    compare(&[&[loss][..], &gradient.concat()].concat(), &[&[by_hand][..], &hand].concat());
}}
"""


def rows(nodes):
    """Reductions of each row of a matrix, used in what the next stage reduces: softmax, layer normalisation, log-sum-exp;
    ten nodes each."""
    count = max(1, (nodes - 6) // 10)
    stages = [
        "let h{i} = {a} + softmax({c} * {a} * g{i}, D);",
        "let h{i} = {c} * layer_norm({a}, D) * g{i};",
        "let h{i} = {c} * {a} * g{i} - logsumexp({a}, D)[.., new];",
    ]
    items, previous = [f"        param g{i}: [D];" for i in range(count)] + ["        input x: [N, D];"], "x"
    for i in range(count):
        items.append("        " + stages[i % 3].format(i=i, a=previous, c=constant(i)))
        previous = f"h{i}"
    items.append(f"        loss = sum({previous}^2);")
    emitted = model("N, D", "\n".join(items)) + """
/// Uses it.
pub fn use_it(m: &Generated<f32>, x: ndarray::ArrayView2<'_, f32>, workspace: &mut generated::Workspace<f32>, grad: &mut generated::Grad<f32>) -> f32 {
    m.loss_and_grad_into(&generated::Inputs { x }, workspace, grad).unwrap()
}
"""
    kernels, forth, back = Kernels(), [], []
    for i in range(count):
        forward, backward = (f"\n        let c = V::splat(T::from_f64({constant(i)}));" + body for body in ROWS[i % 3])
        fields = ["x: &'a [T]", "g: &'a [T]", "after: &'a mut [T]", "kept: &'a mut [T]"]
        forward = kernels.add(row_kernel, f"Forth{i}", fields, "()", forward)
        fields = ["x: &'a [T]", "g: &'a [T]", "after: &'a [T]", "kept: &'a [T]", "changes: &'a mut [T]", "slopes: &'a mut [T]"]
        backward = kernels.add(row_kernel, f"Back{i}", fields, "()", backward)
        x = f"&memory.values[{i - 1}]" if i else "x"
        earlier = f"&earlier[{i - 1}]" if i else "x"
        forth.append(f"""    let (earlier, later) = memory.values.split_at_mut({i});
    f32::dispatch({forward} {{ x: {earlier}, g: g[{i}], after: &mut later[0], kept: &mut memory.kept[{i}] }});""")
        back.append(f"""    slopes[{i}].fill(0.0);
    f32::dispatch({backward} {{ x: {x}, g: g[{i}], after: &memory.values[{i}], kept: &memory.kept[{i}], changes: &mut memory.changes, slopes: &mut slopes[{i}] }});""")
    kernels.add(row_kernel, "Loss", ["x: &'a [T]", "changes: &'a mut [T]"], "T", """
        let [loss] = sweep::<T, V, 1>(self.x.len(), #[inline(always)] |at| {
            let x = V::load(self.x, 0, at);
            (x + x).store(self.changes, 0, at);
            [x * x]
        });
        loss""")
    steps = "\n".join([*forth, f"    let loss = f32::dispatch(Loss {{ x: &memory.values[{count - 1}], changes: &mut memory.changes }});",
                       *back[::-1]])
    written = IMPORTS + kernels.text + f"""
/// What is kept between stages: each one's matrix, and what it has kept of each row or element.
#[derive(Default)]
pub struct Memory {{
    values: Vec<Vec<f32>>,
    kept: Vec<Vec<f32>>,
    changes: Vec<f32>,
}}

/// The loss, and its derivatives by all `g`.
pub fn use_it(n: usize, d: usize, g: &[&[f32]], x: &[f32], slopes: &mut [Vec<f32>], memory: &mut Memory) -> f32 {{
    memory.values.resize_with({count}, Vec::new);
    memory.kept.resize_with({count}, Vec::new);
    memory.values.iter_mut().chain(&mut memory.kept).for_each(|values| values.resize(n * d, 0.0));
    memory.changes.resize(n * d, 0.0);
{steps}
    loss
}}
"""
    fields = ", ".join(f"g{i}: vector({i})" for i in range(count))
    each = ", ".join(f"model.g{i}.as_slice().unwrap()" for i in range(count))
    gradient = ", ".join(f"grad.g{i}.as_slice().unwrap()" for i in range(count))
    return emitted, written, f"""
const N: usize = 5;
const D: usize = 19;

fn vector(seed: usize) -> ndarray::Array1<f32> {{
    ndarray::Array1::from_shape_fn(D, |i| 0.8 + ((i * 5 + seed) % 7) as f32 * 0.05)
}}

fn main() {{
    let model = emitted::Generated {{ {fields} }};
    let x = ndarray::Array2::from_shape_fn((N, D), |(i, j)| ((i + 2 * j) % 5) as f32 * 0.2 - 0.4);
    let (loss, grad) = model.loss_and_grad(&emitted::generated::Inputs {{ x: x.view() }}).unwrap();
    let mut slopes = vec![vec![0.0; D]; {count}];
    let by_hand = written::use_it(N, D, &[{each}], x.as_slice().unwrap(), &mut slopes, &mut Default::default());
    let gradient: Vec<&[f32]> = vec![{gradient}];
    compare(&[&[loss][..], &gradient.concat()].concat(), &[&[by_hand][..], &slopes.concat()].concat());
}}
"""


FORTH = """
        let d = self.g.len();
        let rows = self.x.chunks_exact(d).zip(self.after.chunks_exact_mut(d)).zip(self.kept.chunks_exact_mut(d));
        for ((x, after), kept) in rows {"""
BACK = """
        let d = self.g.len();
        let rows = self.x.chunks_exact(d).zip(self.after.chunks_exact(d)).zip(self.kept.chunks_exact(d));
        for (((x, after), kept), changes) in rows.zip(self.changes.chunks_exact_mut(d)) {"""
# The stages by hand, forth and back.
ROWS = [
    (FORTH + """
            let mut largest = Max::<T, V>::new();
            sweep::<T, V, 0>(d, #[inline(always)] |at| {
                largest.push(c * V::load(x, 0, at) * V::load(self.g, 0, at), at);
                []
            });
            let largest = V::splat(largest.finish());
            let [sum] = sweep::<T, V, 1>(d, #[inline(always)] |at| {
                let e = (c * V::load(x, 0, at) * V::load(self.g, 0, at) - largest).exp();
                e.store(kept, 0, at);
                [e]
            });
            let share = V::splat(T::ONE / sum);
            sweep::<T, V, 0>(d, #[inline(always)] |at| {
                let e = V::load(kept, 0, at) * share;
                e.store(kept, 0, at);
                (V::load(x, 0, at) + e).store(after, 0, at);
                []
            });
        }""", BACK + """
            let [mean] = sweep::<T, V, 1>(d, #[inline(always)] |at| [V::load(changes, 0, at) * V::load(kept, 0, at)]);
            let mean = V::splat(mean);
            sweep::<T, V, 0>(d, #[inline(always)] |at| {
                let change = V::load(changes, 0, at);
                let inner = c * V::load(kept, 0, at) * (change - mean);
                inner.mul_add(V::load(x, 0, at), V::load(self.slopes, 0, at)).store(self.slopes, 0, at);
                inner.mul_add(V::load(self.g, 0, at), change).store(changes, 0, at);
                []
            });
        }"""),
    (FORTH + """
            let share = T::ONE / T::from_usize(d);
            let [sum] = sweep::<T, V, 1>(d, #[inline(always)] |at| [V::load(x, 0, at)]);
            let mean = V::splat(sum * share);
            let [squares] = sweep::<T, V, 1>(d, #[inline(always)] |at| [(V::load(x, 0, at) - mean).square()]);
            let scale = T::ONE / (squares * share + T::from_f64(1e-5)).sqrt();
            kept[0] = scale;
            let scale = V::splat(scale);
            sweep::<T, V, 0>(d, #[inline(always)] |at| {
                ((V::load(x, 0, at) - mean) * scale * c * V::load(self.g, 0, at)).store(after, 0, at);
                []
            });
        }""", BACK + """
            let share = T::ONE / T::from_usize(d);
            let [sum] = sweep::<T, V, 1>(d, #[inline(always)] |at| [V::load(x, 0, at)]);
            let (mean, scale) = (V::splat(sum * share), V::splat(kept[0]));
            let [first, second] = sweep::<T, V, 2>(d, #[inline(always)] |at| {
                let y = (V::load(x, 0, at) - mean) * scale;
                let change = c * V::load(changes, 0, at);
                change.mul_add(y, V::load(self.slopes, 0, at)).store(self.slopes, 0, at);
                let inner = change * V::load(self.g, 0, at);
                inner.store(changes, 0, at);
                [inner, inner * y]
            });
            let (first, second) = (V::splat(first * share), V::splat(second * share));
            sweep::<T, V, 0>(d, #[inline(always)] |at| {
                let y = (V::load(x, 0, at) - mean) * scale;
                (scale * (V::load(changes, 0, at) - first - y * second)).store(changes, 0, at);
                []
            });
        }"""),
    (FORTH + """
            let mut largest = Max::<T, V>::new();
            sweep::<T, V, 0>(d, #[inline(always)] |at| {
                largest.push(V::load(x, 0, at), at);
                []
            });
            let largest = largest.finish();
            let most = V::splat(largest);
            let [sum] = sweep::<T, V, 1>(d, #[inline(always)] |at| [(V::load(x, 0, at) - most).exp()]);
            let logarithm = largest + sum.log();
            kept[0] = logarithm;
            let logarithm = V::splat(logarithm);
            sweep::<T, V, 0>(d, #[inline(always)] |at| {
                (c * V::load(x, 0, at) * V::load(self.g, 0, at) - logarithm).store(after, 0, at);
                []
            });
        }""", BACK + """
            let logarithm = V::splat(kept[0]);
            let [sum] = sweep::<T, V, 1>(d, #[inline(always)] |at| [V::load(changes, 0, at)]);
            let sum = V::splat(sum);
            sweep::<T, V, 0>(d, #[inline(always)] |at| {
                let (x, change) = (V::load(x, 0, at), V::load(changes, 0, at));
                (c * change).mul_add(x, V::load(self.slopes, 0, at)).store(self.slopes, 0, at);
                (c * change * V::load(self.g, 0, at) - (x - logarithm).exp() * sum).store(changes, 0, at);
                []
            });
        }"""),
]


def row_kernel(name, fields, output, body):
    struct = "".join(f"    {field},\n" for field in fields)
    return f"""
struct {name}<'a, T> {{
{struct}}}

impl<T: Float> Kernel<T> for {name}<'_, T> {{
    type Output = {output};

    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> {output} {{{body}
    }}
}}
"""


# Checks that two lists of numbers agree.
COMPARE = """
fn compare(emitted: &[f32], written: &[f32]) {
    assert_eq!(emitted.len(), written.len());
    let size = written.iter().fold(0.0, |size: f32, x| size.max(x.abs()));
    assert!(size.is_finite() && size > 1e-3, "the gradient says nothing: {size}");
    for (emitted, written) in emitted.iter().zip(written) {
        assert!((emitted - written).abs() <= 1e-4 * size, "{emitted} by model!, {written} by hand");
    }
}
"""

# By name; the sizes of models count nodes.
FAMILIES = {"chain": chain, "rows": rows, "layers": layers}
