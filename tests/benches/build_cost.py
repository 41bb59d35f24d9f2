#!/usr/bin/env python3
"""What `model!` costs at compile time, for the crate that uses it.

    python3 tests/benches/build_cost.py            # both measurements
    python3 tests/benches/build_cost.py --quick    # once each, up to 100 operations
    python3 tests/benches/build_cost.py --quick --only emitted --sizes 10,1000

1. A cold build of a crate whose only dependency is `autograd-core` and that has one small model: the time, and the
   number of packages. Aim: 20 s and 35 packages on two cores.
2. rustc's time over the emitted code: check and code generation of a crate with one model of 10 to 1 000 operations, in
   dev and release, against the same computation, value and gradient, written by hand in the same manner (a kernel over
   lanes, one loop). The crate's own compilation alone: dependencies are built before. The time within the macro itself
   is in it; `cargo bench -p autograd-compiler --bench compile --profile dev` measures that on its own. Aim: twice.

Every time is the median of the runs, then the fastest and the slowest. Nothing here needs a network once Cargo has the
packages.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]

SMALL = """
use autograd_core::model;

model! {
    /// y = w·x + b by least squares.
    pub Line<N> {
        param w, b;
        input x: [N], y: [N];
        loss = mean((0.5 * (w*x + b - y))^2);
    }
}

fn main() {
    let (x, y) = ([1.0, 2.0, 3.0], [3.0, 5.0, 7.0]);
    let mut model = Line { w: 0.0, b: 0.0 };
    for _ in 0..1000 {
        let inputs = line::Inputs { x: (&x).into(), y: (&y).into() };
        let (_, grad) = model.loss_and_grad(&inputs).unwrap();
        model.w -= 0.1 * grad.w;
        model.b -= 0.1 * grad.b;
    }
    println!("{} {}", model.w, model.b);
}
"""

# What the models are made of, one elementary function among arithmetic: the text in the model, the value by hand, and what its derivative `d` adds to those of
# its operands `a` (the value before) and `w`.
OPERATIONS = [
    ("tanh({a})", "{a}.tanh()", "{da} = {da} + {d} * (V::splat(T::ONE) - {v} * {v});"),
    ("{a} * w", "{a} * w", "{da} = {da} + {d} * w; dw = dw + {d} * {a};"),
    ("{a} + 0.5 * x", "V::splat(half) * x + {a}", "{da} = {da} + {d}; dx = dx + V::splat(half) * {d};"),
    ("0.5 * {a} * {a}", "V::splat(half) * {a} * {a}", "{da} = {da} + {d} * {a};"),
    ("{a} - w", "{a} - w", "{da} = {da} + {d}; dw = dw - {d};"),
    ("x - {a}", "x - {a}", "{da} = {da} - {d}; dx = dx + {d};"),
    ("{a} * x", "{a} * x", "{da} = {da} + {d} * x; dx = dx + {d} * {a};"),
    ("{a} + w * x", "w.mul_add(x, {a})", "{da} = {da} + {d}; dx = dx + {d} * w; dw = dw + {d} * x;"),
]


def model_text(operations):
    lines, previous = [], "x"
    for i in range(operations):
        lines.append(f"        let v{i} = {OPERATIONS[i % len(OPERATIONS)][0].format(a=previous)};")
        previous = f"v{i}"
    body = "\n".join(lines)
    return f"""//! A model of {operations} operations.
autograd_core::model! {{
    /// Generated.
    pub Generated<N> {{
        param w;
        param x: [N];
{body}
        loss = sum({previous});
    }}
}}
""" + user("Generated<T>", "model.loss_and_grad_into(&generated::Inputs {}, workspace, grad).unwrap()",
           "model: &Generated<T>, workspace: &mut generated::Workspace<T>, grad: &mut generated::Grad<T>")


def hand_text(operations):
    """The loss and its gradient by x and w, in pieces of 100 operations as one would for readability."""
    forward, backward, previous = [], [], "x"
    for i in range(operations):
        _, value, back = OPERATIONS[i % len(OPERATIONS)]
        forward.append(f"                let v{i} = {value.format(a=previous)};")
        da = f"d{i - 1}" if i else "dx"
        declared = f"let mut d{i - 1} = V::splat(T::ZERO); " if i else ""
        backward.append("                " + declared + back.format(a=previous, v=f"v{i}", d=f"d{i}", da=da))
        previous = f"v{i}"
    body = "\n".join(forward + [f"                let d{operations - 1} = V::splat(T::ONE);"] + backward[::-1])
    return f"""//! The same {operations} operations by hand.
use autograd_core::float::Float;
use autograd_core::math::Elementary;
use autograd_core::simd::{{Kernel, Lanes, sweep}};

struct LossAndGradient<'a, T> {{
    x: &'a [T],
    w: T,
    slopes: &'a mut [T],
}}

impl<T: Float> Kernel<T> for LossAndGradient<'_, T> {{
    type Output = (T, T);

    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> (T, T) {{
        let w = V::splat(self.w);
        let half = T::from_f64(0.5);
        let [loss, dw] = sweep::<T, V, 2>(
            self.x.len(),
            #[inline(always)]
            |at| {{
                let x = V::load(self.x, 0, at);
                let (mut dx, mut dw) = (V::splat(T::ZERO), V::splat(T::ZERO));
{body}
                let _ = (half, &mut dw);
                dx.store(self.slopes, 0, at);
                [{previous}, dw]
            }},
        );
        (loss, dw)
    }}
}}

/// The loss alone, and with its gradient.
pub fn loss_and_gradient<T: Float>(x: &[T], w: T, slopes: &mut [T]) -> (T, T) {{
    T::dispatch(LossAndGradient {{ x, w, slopes }})
}}
""" + user("T", "loss_and_gradient(x, w, slopes)", "x: &[T], w: T, slopes: &mut [T]", "(T, T)")


def user(_, call, arguments, result="T"):
    """Functions that make rustc generate the code for a type."""
    one = lambda t: f"""
/// Uses it.
pub fn use_{t}({arguments.replace("T", t)}) -> {result.replace("T", t)} {{
    {call}
}}
"""
    return one("f32")


def write_crate(folder, name, main, library):
    (folder / "src").mkdir(parents=True, exist_ok=True)
    (folder / "Cargo.toml").write_text(f"""[package]
name = "{name}"
version = "0.0.0"
edition = "2024"

[dependencies]
autograd-core = {{ path = "{ROOT / 'autograd-core'}" }}

[workspace]
""")
    lock = ROOT / "Cargo.lock"
    if lock.exists():
        shutil.copy(lock, folder / "Cargo.lock")
    (folder / "src" / ("main.rs" if main else "lib.rs")).write_text(library)


def cargo(folder, target, *arguments):
    """Runs Cargo; the seconds it took."""
    environment = dict(os.environ, CARGO_TARGET_DIR=str(target), CARGO_INCREMENTAL="0")
    start = time.perf_counter()
    process = subprocess.run(["cargo", *arguments], cwd=folder, env=environment, capture_output=True, text=True)
    took = time.perf_counter() - start
    if process.returncode != 0:
        sys.exit(f"cargo {' '.join(arguments)} in {folder}:\n{process.stderr[-3000:]}")
    return took


def median(times):
    return f"{statistics.median(times):.2f} s ({min(times):.2f} to {max(times):.2f})"


def cold_build(folder, runs):
    user_crate = folder / "user"
    write_crate(user_crate, "user", True, SMALL)
    cargo(user_crate, folder / "fetch", "fetch")
    tree = subprocess.run(["cargo", "tree", "--prefix", "none", "--edges", "normal,build"], cwd=user_crate,
                          capture_output=True, text=True, check=True).stdout
    packages = {" ".join(line.split()[:2]) for line in tree.splitlines() if line.strip()}
    print(f"\na cold build of a crate with one small model: {len(packages)} packages, the crate itself included")
    for profile, flags in [("dev", []), ("release", ["--release"])]:
        times = []
        for run in range(runs):
            target = folder / f"cold-{profile}-{run}"
            times.append(cargo(user_crate, target, "build", *flags))
            shutil.rmtree(target)
        print(f"  cargo build {' '.join(flags):<10} {median(times)}", flush=True)


def emitted_code(folder, runs, sizes):
    print("\nrustc over one model, macro included, and over the same by hand")
    print(f"{'operations':>11}  {'profile':<8} {'model!':<28} {'by hand':<28} {'ratio':>6}")
    for size in sizes:
        for profile, flags in [("dev", []), ("release", ["--release"])]:
            times = {}
            for name, text in [("emitted", model_text(size)), ("written", hand_text(size))]:
                crate = folder / f"{name}-{size}"
                write_crate(crate, f"{name}-{size}", False, text)
                target = folder / "target"
                cargo(crate, target, "build", *flags)
                times[name] = []
            # In turns, so that what disturbs the machine disturbs both.
            for _ in range(runs):
                for name in times:
                    crate = folder / f"{name}-{size}"
                    (crate / "src" / "lib.rs").touch()
                    times[name].append(cargo(crate, folder / "target", "build", *flags))
            ratio = statistics.median(times["emitted"]) / statistics.median(times["written"])
            print(f"{size:>11}  {profile:<8} {median(times['emitted']):<28} {median(times['written']):<28} {ratio:>6.2f}",
                  flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one run each, models of up to 100 operations")
    parser.add_argument("--only", choices=["cold", "emitted"], help="one of the two measurements")
    parser.add_argument("--keep", help="a folder for what is built, kept afterwards")
    parser.add_argument("--sizes", help="the numbers of operations: 10,100")
    arguments = parser.parse_args()
    print("# python3 tests/benches/build_cost.py " + " ".join(sys.argv[1:]))
    print("# " + subprocess.run(["rustc", "--version"], capture_output=True, text=True).stdout.strip()
          + f", {len(os.sched_getaffinity(0))} cores")
    runs = 1 if arguments.quick else 5
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(arguments.keep or temporary)
        if arguments.only != "emitted":
            cold_build(folder, min(runs, 3))
        if arguments.only != "cold":
            sizes = arguments.sizes or ("10,100" if arguments.quick else "10,30,100,300,1000")
            emitted_code(folder, runs, [int(size) for size in sizes.split(",")])


if __name__ == "__main__":
    main()
