//! A call runs nothing but itself: no other task of the caller's begins on its stack, whatever the pool it is made in.

use std::cell::{Cell, RefCell};
use std::sync::Mutex;

use autograd_core::__private::in_pool;
use autograd_core::model;
use autograd_core::simd::cut_from;
use ndarray::Array1;
use rayon_core::ThreadPoolBuilder;

use super::numbers;

model! {
    /// A sum that is cut into parts.
    pub Heavy<N> {
        param w, b;
        input x: [N], y: [N];
        loss = mean((tanh(w * x + b) - sin(y))^2);
    }
}

/// A call on several threads, as large ones are, and its result on one.
struct Case {
    model: Heavy,
    x: Array1<f64>,
    loss: f64,
}

impl Case {
    fn new() -> Self {
        cut_from(16_000);
        let (model, x) = (Heavy { w: 0.7, b: 0.1 }, numbers(5_000));
        let inputs = heavy::Inputs { x: x.view(), y: x.view() };
        let loss = model.loss(&inputs).expect("the sizes agree");
        Self { model, x, loss }
    }

    fn run(&self, workspace: &mut heavy::Workspace) {
        let inputs = heavy::Inputs { x: self.x.view(), y: self.x.view() };
        let loss = in_pool(|| self.model.loss_into(&inputs, workspace)).expect("the sizes agree");
        assert_eq!(loss.to_bits(), self.loss.to_bits());
    }
}

/// Runs so many tasks in a pool of eight threads.
fn tasks(count: usize, task: impl Fn() + Sync) {
    let pool = ThreadPoolBuilder::new().num_threads(8).build().expect("threads can be started");
    pool.scope(|scope| (0..count).for_each(|_| scope.spawn(|_| task())));
}

#[test]
fn a_workspace_for_each_thread_is_borrowed_once() {
    thread_local! {
        static WORKSPACE: RefCell<heavy::Workspace> = RefCell::default();
    }
    let case = Case::new();
    tasks(32, || WORKSPACE.with_borrow_mut(|workspace| case.run(workspace)));
}

#[test]
fn a_workspace_behind_a_mutex_waits_for_no_task_of_its_own() {
    let (case, workspace) = (Case::new(), Mutex::new(heavy::Workspace::default()));
    tasks(32, || case.run(&mut workspace.lock().expect("no call has panicked")));
}

#[test]
fn no_task_begins_in_the_middle_of_a_call() {
    thread_local! {
        static INSIDE: Cell<bool> = const { Cell::new(false) };
    }
    let case = Case::new();
    tasks(32, || {
        assert!(!INSIDE.replace(true), "a task has begun within another one's call");
        case.run(&mut heavy::Workspace::default());
        INSIDE.set(false);
    });
}
