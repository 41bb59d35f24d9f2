//! Where a model may stand, who sees it, and what it may do without.

use autograd_core::{Model, Objective, Parameters, Session, model};
use ndarray::array;
use rand::SeedableRng;
use rand::rngs::SmallRng;

model! { /// One of two in a scope.
pub(crate) First<N> { param w; input x: [N]; loss = w * sum(x); } }
model! { /// The other, with the same names.
pub(crate) Second<N> { param w; input x: [N]; loss = w * prod(x); } }

mod outer {
    pub(crate) mod inner {
        autograd_core::model! {
            /// Seen in the whole crate.
            pub(crate) Nested<N> { param w: [N]; input x: [N]; loss = sum(w * x); }
        }

        autograd_core::model! {
            /// Seen above.
            pub(in crate::places) Above { param w; loss = w^2; }
        }

        autograd_core::model! {
            /// Seen here.
            Private { param w; loss = w^2; }
        }

        pub(crate) fn nine() -> f64 {
            Private { w: 3.0 }.loss(&private::Inputs {}).unwrap()
        }
    }
    pub(crate) use inner::Nested;
}

model! { /// With a module of another name.
pub(crate) Renamed<N> as other { param w; input x: [N]; loss = w * sum(x); } }

model! { /// Nothing goes in.
pub(crate) Bowl<D> { param w: [D] = 1; loss = sum((w - 3)^2); doubled = 2 * w; } }

model! { /// Nothing is owned.
pub(crate) Means<N> { input x: [N]; arithmetic = mean(x); geometric = exp(mean(log(x))); } }

model! { /// Nothing is owned, and still there is a state of nothing to minimise.
pub(crate) Counter { state count; input by; next = count + by; step add { count := count + by; } } }

model! { /// Nothing is made small.
pub(crate) Affine<N> { param w, b; input x: [N]; y = w * x + b; } }

#[test]
fn two_in_one_scope() {
    let x = array![2.0, 5.0];
    let (first, second) = (First { w: 3.0 }, Second { w: 3.0 });
    assert_eq!(first.loss(&first::Inputs { x: x.view() }).unwrap(), 21.0);
    assert_eq!(second.loss(&second::Inputs { x: x.view() }).unwrap(), 30.0);
}

#[test]
fn in_a_function_body() {
    model! {
        /// Seen in this function.
        Local<N> { param w; input x: [N]; loss = mean((w * x - 1)^2); }
    }
    model! { Other { param w; loss = w^4; } }
    let x = array![1.0, 2.0];
    let mut session = Session::new(Local { w: 0.0 });
    assert_eq!(session.forward(&local::Inputs { x: x.view() }).unwrap(), 1.0);
    session.backward().unwrap();
    assert_eq!(session.grad.w, -3.0);
    assert_eq!(Other { w: 2.0 }.grad(&other::Inputs {}).unwrap().w, 32.0);
    {
        model! { Local { param w; loss = w^5; } }
        assert_eq!(Local { w: 2.0 }.loss(&local::Inputs {}).unwrap(), 32.0);
    }
    let in_closure = |w: f64| {
        model! { Closed { param w; loss = w^3; } }
        Closed { w }.loss(&closed::Inputs {}).unwrap()
    };
    assert_eq!(in_closure(2.0), 8.0);
}

#[test]
fn in_a_nested_module() {
    let x = array![2.0, 5.0];
    let nested = outer::Nested { w: array![1.0, -1.0] };
    assert_eq!(nested.loss(&outer::inner::nested::Inputs { x: x.view() }).unwrap(), -3.0);
    assert_eq!(outer::inner::Above { w: 2.0 }.loss(&outer::inner::above::Inputs {}).unwrap(), 4.0);
    assert_eq!(outer::inner::nine(), 9.0);
}

#[test]
fn with_another_module() {
    let x = array![2.0, 5.0];
    assert_eq!(Renamed { w: 2.0 }.loss(&other::Inputs { x: x.view() }).unwrap(), 14.0);
    assert_eq!(other::Renamed { w: 2.0 }.grad(&other::Inputs { x: x.view() }).unwrap(), other::Grad { w: 7.0 });
}

#[test]
fn without_inputs() {
    let model: Bowl = Bowl::new(bowl::Dims { d: 3 }, &mut SmallRng::seed_from_u64(0));
    let (loss, grad) = model.loss_and_grad(&bowl::Inputs {}).unwrap();
    assert_eq!((loss, grad.w), (12.0, array![-4.0, -4.0, -4.0]));
    assert_eq!(model.doubled(&bowl::Inputs {}).unwrap(), array![2.0, 2.0, 2.0]);
}

#[test]
fn without_parameters() {
    let x = array![1.0, 4.0];
    let means = Means::<f64>::new(&mut SmallRng::seed_from_u64(0));
    let outputs = means.outputs(&means::Inputs { x: x.view() }).unwrap();
    assert_eq!((outputs.arithmetic, outputs.geometric), (2.5, 2.0));
    assert!(Means::<f64>::NAMES.is_empty());

    let mut counter = Counter { count: 1.0 };
    counter.add(&counter::Inputs { by: 2.0 }).unwrap();
    assert_eq!(counter.next(&counter::Inputs { by: 2.0 }).unwrap(), 5.0);
}

#[test]
fn without_a_loss() {
    let (model, x) = (Affine { w: 2.0, b: 1.0 }, array![1.0, 2.0]);
    let inputs = affine::Inputs { x: x.view() };
    assert_eq!(model.y(&inputs).unwrap(), array![3.0, 5.0]);
    assert_eq!(Model::outputs(&model, &inputs).unwrap().y, array![3.0, 5.0]);
    assert_eq!(Affine::<f32>::NAMES, ["w", "b"]);
}

#[test]
fn through_the_traits() {
    fn descend<M: Objective<Scalar = f64>>(model: &M, inputs: &M::Inputs<'_>) -> f64 {
        model.loss_and_grad(inputs).unwrap().1.values(0)[0]
    }
    let x = array![2.0, 5.0];
    assert_eq!(descend(&First { w: 1.0 }, &first::Inputs { x: x.view() }), 7.0);
    assert_eq!(descend(&Second { w: 1.0 }, &second::Inputs { x: x.view() }), 10.0);
}
