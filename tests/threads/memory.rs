//! What large loops compute in does not grow with the data, and with the threads no more than they do.

use autograd_core::__private::in_pool;
use autograd_core::simd::{LEVELS, cut_from};
use autograd_core::{Objective, Workspace};
use rayon_core::ThreadPoolBuilder;

use super::{Logistic, Mixture, logistic, matrix, mixture, numbers};

/// How often a loop is halved at most.
const DEEPEST: usize = 8;

/// How many numbers a cache line has: each array begins one, the first perhaps not where memory does.
const LINE: usize = 8;

/// What an array takes.
fn room(len: usize) -> usize {
    len.next_multiple_of(LINE)
}

/// How many numbers a workspace holds after calls on so many threads, one after the other. All must give the same.
#[track_caller]
fn held<W: Workspace + Send>(threads: &[usize], call: impl Fn(&mut W) -> f64 + Sync) -> usize {
    let mut workspace = W::default();
    let mut losses = threads.iter().map(|&threads| {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
        pool.install(|| in_pool(|| call(&mut workspace))).to_bits()
    });
    let first = losses.next();
    assert!(losses.all(|loss| Some(loss) == first), "threads make a difference");
    drop(losses);
    workspace.bytes() / size_of::<f64>()
}

/// Whether a call needs at most so many numbers on one thread, and on more threads that for each of eight subtrees.
#[track_caller]
fn check<W: Workspace + Send>(most: usize, call: impl Fn(&mut W) -> f64 + Sync) {
    cut_from(16_000);
    let alone = held(&[1], &call);
    assert!(alone <= most, "{alone} numbers instead of {most} on one thread");
    for threads in [2, 3, 7] {
        let (held, most) = (held(&[threads], &call), 8 * threads * most);
        assert!(held > alone && held <= most, "{held} numbers instead of {most} on {threads} threads");
    }
    // A workspace grows when more threads come, and is of use when they go.
    assert_eq!(held(&[1, 3, 1, 2], &call), held(&[3], &call));
}

#[test]
fn sums_of_rows() {
    let model = Logistic { w: numbers(17), b: 0.1 };
    for rows in [1000, 10_000, 50_000] {
        let (x, y) = (matrix(rows, 17), numbers(rows).map(|y| f64::from(*y > 0.0)));
        let inputs = logistic::Inputs { x: x.view(), y: y.view() };
        // The levels of the gradient, and the gradient of the right half of each level of the tree.
        check(room(LEVELS * 17) + LINE + DEEPEST * room(17) + LINE, |workspace| {
            model.loss_and_grad_into(&inputs, workspace, &mut model.zero_grad()).expect("the sizes agree")
        });
    }
}

#[test]
fn packs_of_sums() {
    let model = Mixture { mean: numbers(5), scale: numbers(5).map(|s| 1.0 + s * s) };
    for points in [1000, 10_000, 100_000] {
        let x = numbers(points);
        let inputs = mixture::Inputs { x: x.view() };
        // Three sums, in packs of 8 and one for each level of the tree; two packs of a turn, of 16; what no point changes.
        let slots = 3 * room(LEVELS * 8 * 5) + 2 * room(16 * 5) + 3 * room(5);
        check(slots + LINE + 3 * DEEPEST * room(5) + LINE, |workspace| {
            model.loss_and_grad_into(&inputs, workspace, &mut model.zero_grad()).expect("the sizes agree")
        });
    }
}

#[test]
fn entry_points_share_memory() {
    cut_from(16_000);
    let model = Mixture { mean: numbers(5), scale: numbers(5).map(|s| 1.0 + s * s) };
    let x = numbers(1000);
    let inputs = mixture::Inputs { x: x.view() };
    let (mut one, mut both) = (mixture::Workspace::default(), mixture::Workspace::default());
    let with_gradient = |workspace: &mut _| {
        model.loss_and_grad_into(&inputs, workspace, &mut model.zero_grad()).expect("the sizes agree");
    };
    with_gradient(&mut one);
    model.loss_into(&inputs, &mut both).expect("the sizes agree");
    assert!(both.bytes() > 0 && both.bytes() < one.bytes());
    with_gradient(&mut both);
    assert_eq!(both.bytes(), one.bytes());
}
