//! The kernels of the dispatcher really use wide registers: one function that is not inlined would fall back to what
//! every processor has, and show in nothing but speed.
//!
//! Looks at the instructions of this very program, so it needs an optimised build and `objdump`.

#![allow(clippy::inline_always, reason = "kernels are compiled for the processor through inlining alone")]

use std::collections::BTreeMap;
use std::process::Command;

use autograd_core::float::Float;
use autograd_core::simd::{ArgMax, Block, ColumnSums, IndexLanes, Kernel, LEVELS, Lanes, Max, sweep};

/// What emitted code is made of: loads and stores, closures, sums, reductions, indices.
struct Everything<'a, T> {
    x: &'a [T],
    out: &'a mut [T],
    levels: &'a mut [T],
}

impl<T: Float> Kernel<T> for Everything<'_, T> {
    type Output = (T, T, i64);
    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> (T, T, i64) {
        let Self { x, out, levels } = self;
        let (mut max, mut most) = (Max::<T, V>::new(), ArgMax::<T, V>::new());
        let mut squares = vec![T::ZERO; x.len()];
        let mut columns = ColumnSums::new(levels, &mut squares, x.len(), usize::MAX);
        let [sum] = sweep::<T, V, 1>(
            x.len(),
            #[inline(always)]
            |at: Block| {
                let value = V::load(x, 0, at);
                let y = value * value.sqrt().floor() + V::load_strided(x, 0, 0, at);
                max.push(y, at);
                most.push(y, V::Index::iota(at), at);
                (V::load(columns.row(), 0, at) + y).store(columns.row(), 0, at);
                V::select(V::lt(y, value), y, V::max(value, y.mul_add(y, value))).store(out, 0, at);
                [y]
            },
        );
        columns.end_turn_of_packs::<V>();
        columns.finish();
        out.iter_mut().zip(squares).for_each(|(out, square)| *out = *out + square);
        (sum, max.finish(), most.finish())
    }
}

#[inline(never)]
fn run<T: Float>() -> (T, T, i64) {
    let x = vec![T::ONE; 100];
    let (mut out, mut levels) = (vec![T::ZERO; 100], vec![T::ZERO; 100 * LEVELS]);
    T::dispatch(Everything { x: &x, out: &mut out, levels: &mut levels })
}

#[test]
fn kernels_are_inlined_and_wide() {
    assert_eq!((run::<f32>(), run::<f64>()), ((200.0, 2.0, 0), (200.0, 2.0, 0)));
    if cfg!(debug_assertions) || !cfg!(target_arch = "x86_64") {
        println!("not checked: needs an optimised build for x86_64");
        return;
    }
    let Some(functions) = disassemble() else {
        println!("not checked: there is no objdump");
        return;
    };
    for (name, registers) in [("avx2_f32", "ymm"), ("avx2_f64", "ymm"), ("avx512_f32", "zmm"), ("avx512_f64", "zmm")] {
        let kernels: Vec<_> = functions.iter().filter(|(symbol, _)| symbol.contains(name)).collect();
        assert!(!kernels.is_empty(), "no function is named after {name}");
        for (symbol, code) in kernels {
            let wide = code.lines().any(|line| line.contains("vmulp") && line.contains(registers));
            assert!(wide, "{symbol} multiplies nothing in {registers}");
        }
    }
    // Intrinsics that could not be inlined are functions of their own.
    for symbol in functions.keys() {
        assert!(!symbol.contains("_mm256_") && !symbol.contains("_mm512_"), "{symbol} is called, not inlined");
    }
}

/// The instructions of each function of this program.
fn disassemble() -> Option<BTreeMap<String, String>> {
    let program = std::env::current_exe().expect("a test is a program");
    let output = Command::new("objdump").args(["-d", "--no-show-raw-insn"]).arg(program).output().ok()?;
    assert!(output.status.success(), "objdump failed: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    let mut functions = BTreeMap::new();
    for function in text.split("\n\n") {
        if let Some((head, code)) = function.trim_start().split_once(":\n") {
            functions.insert(head.to_owned(), code.to_owned());
        }
    }
    Some(functions)
}
