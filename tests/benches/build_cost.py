#!/usr/bin/env python3
"""What `model!` costs at compile time, for the crate that uses it.

    python3 tests/benches/build_cost.py            # both measurements
    python3 tests/benches/build_cost.py --quick    # once each
    python3 tests/benches/build_cost.py --quick --only emitted --families chain --sizes 10,1000 --profiles dev
    python3 tests/benches/build_cost.py --check --sizes 10,300     # that both sides compute the same

1. A cold build of a crate whose only dependency is `autograd-core` and that has one small model: the time, and the
   number of packages. Aim: 20 s and 35 packages on two cores.
2. rustc's time over the emitted code: check and code generation of a crate with one model of 10 to 1 000 nodes, in dev
   and release, against the same computation, value and gradient, written by hand (`emitted_code.py`). The crate's own
   compilation alone: dependencies are built before. The time within the macro itself is in it; `cargo bench -p
   autograd-compiler --bench compile --profile dev` measures that on its own. Aim: twice.

Every time is the median of the runs, then the fastest and the slowest. Nothing here needs a network once Cargo has the
packages.
"""

import argparse
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from emitted_code import COMPARE, FAMILIES

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

def write_crate(folder, name, main, library):
    (folder / "src").mkdir(parents=True, exist_ok=True)
    (folder / "Cargo.toml").write_text(f"""[package]
name = "{name}"
version = "0.0.0"
edition = "2024"

[dependencies]
autograd-core = {{ path = "{ROOT / 'autograd-core'}" }}
ndarray = "0.17"

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


def processor_time():
    """The seconds of processors that all commands so far have taken: what others do on the machine changes them less."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def median(times):
    return f"{statistics.median(times):.2f} s ({min(times):.2f} to {max(times):.2f})"


# How Cargo is told to build in each.
PROFILES = {"dev": [], "release": ["--release"]}


def cold_build(folder, runs):
    user_crate = folder / "user"
    write_crate(user_crate, "user", True, SMALL)
    cargo(user_crate, folder / "fetch", "fetch")
    tree = subprocess.run(["cargo", "tree", "--prefix", "none", "--edges", "normal,build"], cwd=user_crate,
                          capture_output=True, text=True, check=True).stdout
    packages = {" ".join(line.split()[:2]) for line in tree.splitlines() if line.strip()}
    print(f"\na cold build of a crate with one small model: {len(packages)} packages, the crate itself included")
    for profile, flags in PROFILES.items():
        times, processor = [], []
        for run in range(runs):
            target = folder / f"cold-{profile}-{run}"
            before = processor_time()
            times.append(cargo(user_crate, target, "build", *flags))
            processor.append(processor_time() - before)
            shutil.rmtree(target)
        print(f"  cargo build {' '.join(flags):<10} {median(times)}, of processors {median(processor)}", flush=True)


def emitted_code(folder, runs, families, sizes, profiles):
    print("\nrustc over one model, macro included, and over the same by hand")
    print(f"{'family':<8} {'nodes':>6}  {'profile':<8} {'model!':<28} {'by hand':<28} {'ratio':>6}")
    for family in families:
        for size in sizes:
            emitted, written, _ = FAMILIES[family](size)
            for profile in profiles:
                flags, times = PROFILES[profile], {}
                for name, text in [("emitted", emitted), ("written", written)]:
                    crate = folder / f"{name}-{family}-{size}"
                    write_crate(crate, crate.name, False, text)
                    times[crate] = []
                    # What it depends on is built before.
                    if size == sizes[0]:
                        cargo(crate, folder / "target", "build", *flags)
                # In turns, so that what disturbs the machine disturbs both.
                for _ in range(runs):
                    for crate in times:
                        (crate / "src" / "lib.rs").touch()
                        times[crate].append(cargo(crate, folder / "target", "build", *flags))
                emitted_times, written_times = times.values()
                ratio = statistics.median(emitted_times) / statistics.median(written_times)
                print(f"{family:<8} {size:>6}  {profile:<8} {median(emitted_times):<28} {median(written_times):<28} "
                      f"{ratio:>6.2f}", flush=True)


def check(folder, families, sizes):
    """Runs both sides on a small input: they must give the same loss and gradient."""
    for family in families:
        for size in sizes:
            crate = folder / f"check-{family}-{size}"
            emitted, written, program = FAMILIES[family](size)
            write_crate(crate, crate.name, True, "mod emitted;\nmod written;\n" + COMPARE + program)
            (crate / "src" / "emitted.rs").write_text(emitted)
            (crate / "src" / "written.rs").write_text(written)
            cargo(crate, folder / "target", "run")
            print(f"{family} of {size} nodes: the same loss and gradient", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one run each")
    parser.add_argument("--only", choices=["cold", "emitted"], help="one of the two measurements")
    parser.add_argument("--keep", help="a folder for what is built, kept afterwards")
    parser.add_argument("--sizes", default="10,30,100,300,1000", help="the numbers of nodes: 10,100")
    parser.add_argument("--families", default=",".join(FAMILIES), help="what the models are made of: chain,rows")
    parser.add_argument("--profiles", default=",".join(PROFILES), help="what is built of them: dev")
    parser.add_argument("--check", action="store_true", help="compare results instead of times")
    arguments = parser.parse_args()
    print("# python3 tests/benches/build_cost.py " + " ".join(sys.argv[1:]))
    print("# " + subprocess.run(["rustc", "--version"], capture_output=True, text=True).stdout.strip()
          + f", {len(os.sched_getaffinity(0))} cores")
    runs = 1 if arguments.quick else 5
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(arguments.keep or temporary)
        sizes = [int(size) for size in arguments.sizes.split(",")]
        families = arguments.families.split(",")
        if arguments.check:
            check(folder, families, sizes)
            return
        if arguments.only != "emitted":
            cold_build(folder, min(runs, 3))
        if arguments.only != "cold":
            emitted_code(folder, runs, families, sizes, arguments.profiles.split(","))


if __name__ == "__main__":
    main()
