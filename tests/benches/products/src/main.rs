//! `cargo run --release --manifest-path tests/benches/products/Cargo.toml`: our matrix product beside those of
//! matrixmultiply, gemm and faer, on one thread, in GFLOP/s (medians of samples taken in turns). `--quick` takes fewer.
//!
//! The shapes are those of perceptrons: forward, back through the transposed weights, and the gradient of the weights
//! from the transposed activations; small ones, and squares.

use std::time::Duration;

use autograd_core::contract::{Contraction, Scratch, Strided, Update, contract};
use autograd_core::float::Float;
use faer::{Accum, MatMut, MatRef, Par};
use measure::{Effort, in_turns};

#[path = "../../src/measure.rs"]
#[allow(dead_code)]
mod measure;

/// Rows, columns and depth; whether the left and the right operand lie transposed.
const SHAPES: [([usize; 3], [bool; 2]); 11] = [
    ([32, 16, 2], [false, false]),
    ([32, 16, 16], [false, true]),
    ([16, 16, 32], [true, false]),
    ([128, 10, 128], [false, false]),
    ([128, 256, 784], [false, false]),
    ([128, 256, 128], [false, true]),
    ([784, 256, 128], [true, false]),
    ([128, 128, 256], [false, false]),
    ([256, 128, 128], [true, false]),
    ([256, 256, 256], [false, false]),
    ([1024, 1024, 1024], [false, false]),
];

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let effort =
        Effort { samples: if quick { 7 } else { 31 }, sample_time: Duration::from_millis(if quick { 2 } else { 10 }) };
    println!("# {:?}, one thread, GFLOP/s", autograd_core::simd::level());
    println!("{:<28}{:>12}{:>16}{:>10}{:>10}", "rows x columns x depth", "autograd", "matrixmultiply", "gemm", "faer");
    for (extents, transposed) in SHAPES {
        row::<f32>("f32", effort, extents, transposed);
        row::<f64>("f64", effort, extents, transposed);
    }
}

fn row<T: Number>(name: &str, effort: Effort, extents: [usize; 3], transposed: [bool; 2]) {
    let mut subject = Subject::<T>::new(extents, transposed);
    check(&mut subject);
    let runs = [Subject::ours, Subject::matrixmultiply, Subject::gemm, Subject::faer];
    let times = in_turns(effort, &mut subject, |_| {}, runs);
    let [rows, columns, depth] = extents;
    let flops = 2.0 * (rows * columns * depth) as f64;
    let [ours, matrixmultiply, gemm, faer] = times.map(|time| flops / time.median * 1e-9);
    let mark = |is: bool| if is { "T" } else { "" };
    let text = format!("{rows}{} x {columns}{} x {depth} {name}", mark(transposed[0]), mark(transposed[1]));
    println!("{text:<28}{ours:>12.1}{matrixmultiply:>16.1}{gemm:>10.1}{faer:>10.1}");
}

/// All four give the same, but for rounding.
fn check<T: Number>(subject: &mut Subject<T>) {
    let run = |subject: &mut Subject<T>, run: fn(&mut Subject<T>)| {
        run(subject);
        subject.out.iter().map(|x| x.to_f64()).collect::<Vec<f64>>()
    };
    let ours = run(subject, Subject::ours);
    for other in [Subject::matrixmultiply, Subject::gemm, Subject::faer] {
        let other = run(subject, other);
        // The operands lie in -1..1, so a sum is off by at most depth² / 2 roundings of numbers up to 1.
        let bound = subject.extents[2].pow(2) as f64 * T::EPSILON.to_f64();
        assert!(ours.iter().zip(&other).all(|(a, b)| (a - b).abs() <= bound));
    }
}

/// The operands and the result of a product.
struct Subject<T> {
    extents: [usize; 3],
    left: Vec<T>,
    right: Vec<T>,
    /// From row to row and from column to column of each operand.
    strides: [[isize; 2]; 2],
    out: Vec<T>,
    scratch: Scratch<T>,
}

impl<T: Number> Subject<T> {
    fn new([rows, columns, depth]: [usize; 3], transposed: [bool; 2]) -> Self {
        let numbers = |count: usize, seed: f64| (0..count).map(|i| T::from_f64((i as f64 * seed).sin())).collect();
        let strides = |rows: usize, columns: usize, is_transposed: bool| {
            if is_transposed { [1, rows as isize] } else { [columns as isize, 1] }
        };
        Self {
            extents: [rows, columns, depth],
            left: numbers(rows * depth, 0.37),
            right: numbers(depth * columns, 0.73),
            strides: [strides(rows, depth, transposed[0]), strides(depth, columns, transposed[1])],
            out: vec![T::ZERO; rows * columns],
            scratch: Scratch::new(),
        }
    }

    fn ours(&mut self) {
        let [rows, columns, depth] = self.extents;
        let operand = |data, [row, column]: [isize; 2]| Strided { data, offset: 0, batch: 0, row, column };
        let (left, right) = (operand(self.left.as_slice(), self.strides[0]), operand(&self.right, self.strides[1]));
        let shape = Contraction { batch: 1, rows, columns, depth };
        contract(shape, left, right, &mut self.out, Update::set(), &mut self.scratch);
    }

    fn matrixmultiply(&mut self) {
        T::matrixmultiply(self);
    }

    fn gemm(&mut self) {
        let [rows, columns, depth] = self.extents;
        let [[left_row, left_column], [right_row, right_column]] = self.strides;
        // SAFETY: the strides are those of the arrays.
        unsafe {
            gemm::gemm(
                rows,
                columns,
                depth,
                self.out.as_mut_ptr(),
                1,
                columns as isize,
                false,
                self.left.as_ptr(),
                left_column,
                left_row,
                self.right.as_ptr(),
                right_column,
                right_row,
                T::ZERO,
                T::ONE,
                false,
                false,
                false,
                gemm::Parallelism::None,
            );
        }
    }

    fn faer(&mut self) {
        let [rows, columns, depth] = self.extents;
        let operand = |data, rows, columns, [row, column]: [isize; 2]| {
            if column == 1 {
                MatRef::from_row_major_slice(data, rows, columns)
            } else {
                debug_assert_eq!(row, 1);
                MatRef::from_column_major_slice(data, rows, columns)
            }
        };
        let left = operand(self.left.as_slice(), rows, depth, self.strides[0]);
        let right = operand(self.right.as_slice(), depth, columns, self.strides[1]);
        let out = MatMut::from_row_major_slice_mut(&mut self.out, rows, columns);
        faer::linalg::matmul::matmul(out, Accum::Replace, left, right, T::ONE, Par::Seq);
    }
}

/// A type of numbers that all of the crates know.
trait Number: Float + faer::traits::ComplexField {
    fn matrixmultiply(subject: &mut Subject<Self>);
}

macro_rules! number {
    ($t:ident, $product:path) => {
        impl Number for $t {
            fn matrixmultiply(subject: &mut Subject<Self>) {
                let [rows, columns, depth] = subject.extents;
                let [[left_row, left_column], [right_row, right_column]] = subject.strides;
                let (left, right, out) = (subject.left.as_ptr(), subject.right.as_ptr(), subject.out.as_mut_ptr());
                // SAFETY: the strides are those of the arrays.
                unsafe {
                    $product(
                        rows,
                        depth,
                        columns,
                        1.0,
                        left,
                        left_row,
                        left_column,
                        right,
                        right_row,
                        right_column,
                        0.0,
                        out,
                        columns as isize,
                        1,
                    );
                }
            }
        }
    };
}

number!(f32, matrixmultiply::sgemm);
number!(f64, matrixmultiply::dgemm);
