//! Nothing is allocated in the loop: a counting allocator around sessions and optimisers.

#![allow(clippy::cast_precision_loss, reason = "small numbers")]

mod common;
#[path = "../../tests/allocations/counting.rs"]
mod counting;

use autograd_core::schedule::Cosine;
use autograd_core::{Adam, AdamW, Clip, Nesterov, Objective, Optimizer, Parameters, RmsProp, Session, Sgd};
use common::{Mlp, mlp};
use counting::allocations;
use ndarray::Array2;

#[test]
fn loops_allocate_nothing() {
    let x = Array2::from_shape_fn((9, 3), |(i, j)| (i as f64 - 4.0) * 0.3 + j as f64);
    let inputs = mlp::Inputs { x: x.view(), y: x.view() };
    let mut model = Mlp::<f64>::new(3, 4, 3, 1);
    assert_eq!(allocations(|| drop(vec![1])), 10, "the counter counts");

    let mut session = Session::new(model.clone());
    let mut outputs = Array2::default((0, 0));
    let count = allocations(|| {
        session.zero_grad();
        session.forward(&inputs).expect("it fits");
        session.backward().expect("it waits");
        session.outputs_into(&inputs, &mut outputs).expect("it fits");
        session.loss(&inputs).expect("it fits");
    });
    assert_eq!(count, 0, "a session");

    macro_rules! check {
        ($($optimizer:expr),* $(,)?) => {$(
            let mut optimizer = $optimizer;
            let count = allocations(|| {
                optimizer.minimize(&mut model, &inputs).expect("it fits");
            });
            assert_eq!(count, 0, "minimize: {}", stringify!($optimizer));
            let grads = model.grad(&inputs).expect("it fits");
            let mut optimizer = $optimizer;
            let count = allocations(|| optimizer.apply_gradients(&mut model, &grads).expect("it fits"));
            assert_eq!(count, 0, "apply_gradients: {}", stringify!($optimizer));
        )*};
    }
    check![
        Sgd::new(1e-3),
        Nesterov::new(1e-3, 0.9).clip(Clip::Norm(1e-3)),
        RmsProp::new(1e-3).centered().momentum(0.9).clip(Clip::Value(1e-3)),
        Adam::new(1e-3).amsgrad().clip(Clip::GlobalNorm(1e-3)),
        AdamW::new(1e-3).schedule(Cosine { steps: 10, warmup: 2, floor: 0.1 }),
    ];

    let grads = model.grad(&inputs).expect("it fits");
    let (mut flat, mut free) = (vec![0.0; model.size()], vec![0.0; model.free_size()]);
    let mut slopes = free.clone();
    let count = allocations(|| {
        model.flatten_into(&mut flat);
        model.unflatten(&flat).expect("it has the length");
        model.free_into(&mut free);
        model.set_free(&free).expect("it has the length");
        model.free_gradient_into(&free, &grads, &mut slopes);
        model.add_log_jacobian_gradient(&free, &mut slopes);
        assert!(model.log_jacobian(&free).abs() < 1e-9);
    });
    assert_eq!(count, 0, "the flat view");

    // Forms that return owned arrays allocate those alone.
    let mut optimizer = Adam::new(1e-3);
    let count = allocations(|| drop(optimizer.compute_gradients(&model, &inputs)));
    assert_eq!(count, 4 * 10, "compute_gradients");
}
