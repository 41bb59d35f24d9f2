//! Small work never starts a thread, large work starts those of the pool: alone in its program, so that its threads can
//! be counted.

use autograd_core::model;
use ndarray::Array1;

model! {
    /// A line by least squares.
    pub Line<N> {
        param w, b;
        input x: [N], y: [N];
        loss = mean((w * x + b - y)^2);
    }
}

/// How many threads this program has, where the system says so.
fn threads() -> Option<usize> {
    Some(std::fs::read_dir("/proc/self/task").ok()?.count())
}

fn run(n: usize) {
    let (x, model) = (Array1::ones(n), Line { w: 1.0, b: 2.0 });
    let (loss, _) = model.loss_and_grad(&line::Inputs { x: x.view(), y: x.view() }).expect("the sizes agree");
    assert!((loss - 4.0_f64).abs() < 1e-12);
}

#[test]
fn small_work_starts_no_thread() {
    let before = threads();
    for n in [1, 100, 10_000, 100_000] {
        run(n);
        assert_eq!(threads(), before, "{n} points have started a thread");
    }
    run(1_000_000);
    if let (Some(before), Some(after)) = (before, threads()) {
        assert!(after > before, "a million points have started no thread");
    }
}
