//! Calls of models: errors as they print, inputs as they are given, threads.

use std::fmt::Debug;
use std::panic::{RefUnwindSafe, UnwindSafe, catch_unwind};

use autograd_core::gradcheck::{Options, Report};
use autograd_core::{
    Adagrad, Adam, AdamW, Batches, Clip, Error, Model, Momentum, Nesterov, Objective, Optimizer, Origin, RmsProp,
    Scaled, Session, Sgd, model, optimizer, schedule,
};
use ndarray::{Array1, Array2, array};
use rand::rngs::SmallRng;

model! {
    /// Classes, and a direction that only a question needs.
    pub(crate) Net<N, D, K> {
        param w: [D, K];
        state seen;
        input x: [N, D], label: [N] in K;
        logits = x @ w;
        loss = mean(cross_entropy(logits, label));
        /// The curvature of the loss along a direction.
        step curvature(v: [D, K]) -> along, loss {
            let along = sum(v * jvp(grad(loss, w), w, v));
        }
        step count() -> seen { seen := seen + N; }
    }
}

model! {
    /// A costly product of inputs, to which a parameter is added.
    Shifted<N> {
        param w;
        input x: [N];
        e = exp(x);
        let f = x * exp(x);
        y = f + w;
        loss = sum(y);
    }
}

fn data() -> (Array2<f64>, Array1<usize>) {
    (array![[1.0, 2.0], [3.0, -1.0], [0.5, 0.25]], array![0, 1, 1])
}

fn net() -> Net {
    Net { w: array![[0.5, -0.5], [0.25, 1.0]], seen: 0.0 }
}

#[test]
fn errors_print_their_sentence() {
    let (x, label) = (Array2::<f64>::zeros((10, 2)), Array1::zeros(9));
    let error = net().loss(&net::Inputs::new(&x, &label)).unwrap_err();
    let sentence = "dimension `N` is 10 in input `x` but 9 in input `label`";
    assert_eq!((error.to_string(), format!("{error:?}")), (sentence.to_owned(), sentence.to_owned()));
    // What a `main` ends with that returns a boxed error.
    let boxed: Box<dyn std::error::Error> = error.into();
    assert_eq!(format!("Error: {boxed:?}"), format!("Error: {sentence}"));
    let payload = catch_unwind(|| net().loss(&net::Inputs::new(&x, &label)).unwrap()).expect_err("it is an error");
    let text = payload.downcast_ref::<String>().expect("the panic has a text");
    assert_eq!(*text, format!("called `Result::unwrap()` on an `Err` value: {sentence}"));
    // The parts are there for who wants them.
    let origin = Origin::Input("label");
    let error = net().loss(&net::Inputs::new(&array![[1.0, 1.0]], &array![7])).unwrap_err();
    assert!(matches!(error, Error::IndexOutOfRange { origin: found, value: 7, size: 2, .. } if found == origin));
}

/// A direction for a Hessian-vector product is an argument of the question, not an input of every call.
#[test]
fn a_question_with_inputs_of_its_own() {
    let (x, label) = data();
    let (model, inputs) = (net(), net::Inputs::new(&x, &label));
    let v = array![[1.0, 0.0], [0.5, -1.0]];
    let (along, loss) = model.curvature(&inputs, v.view()).unwrap();
    assert_eq!(loss, model.loss(&inputs).unwrap());
    let (h, mut moved) = (1e-4, [net(), net()]);
    moved[0].w.scaled_add(h, &v);
    moved[1].w.scaled_add(-h, &v);
    let slopes = moved.map(|moved| (&moved.grad(&inputs).unwrap().w * &v).sum());
    // The error of the central difference: h^2 times a third derivative of order 1, and rounding over h.
    assert!((along - (slopes[0] - slopes[1]) / (2.0 * h)).abs() < 1e-7, "{along}");
    let bound = net().bind(&inputs).unwrap();
    assert_eq!(bound.curvature(v.view()).unwrap(), (along, loss));
    let error = model.curvature(&inputs, array![[1.0, 2.0]].view()).unwrap_err();
    assert_eq!(error.to_string(), "dimension `D` is 2 in parameter `w` but 1 in input `v`");
    let mut counting = net();
    assert_eq!((counting.count(&inputs).unwrap(), counting.seen), (0.0, 3.0));
}

/// Inputs are copied wherever they are used: in closures that move, and on threads.
#[test]
fn inputs_are_copied() {
    let (x, label) = data();
    let inputs = net::Inputs::new(&x, &label);
    let (first, second) = (net(), net());
    let loss = move |scale: f64| Net { w: &first.w * scale, seen: 0.0 }.loss(&inputs);
    let grad = move || second.grad(&inputs);
    let threads = std::thread::scope(|scope| {
        let threads = [1.0, 2.0].map(|scale| {
            scope.spawn(move || Net { w: net().w * scale, seen: 0.0 }.loss(&inputs).expect("the sizes agree"))
        });
        threads.map(|thread| thread.join().expect("no thread panics"))
    });
    assert_eq!(threads, [loss(1.0).unwrap(), loss(2.0).unwrap()]);
    assert!(grad().is_ok() && inputs == net::Inputs::new(&x, &label));
}

/// Labels of every integer type are a conversion away, and one that is negative is an error that says so.
#[test]
fn labels_of_other_integers() {
    let (x, label) = data();
    let expected = net().loss(&net::Inputs::new(&x, &label)).unwrap();
    let bytes = label.mapv(|label| u8::try_from(label).expect("classes are small"));
    assert_eq!(net().loss(&net::Inputs::new(&x, &bytes.mapv(usize::from))).unwrap(), expected);
    let mut long = label.mapv(|label| i64::try_from(label).expect("classes are small"));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as the message says it")]
    let converted = |long: &Array1<i64>| long.mapv(|label| label as usize);
    assert_eq!(net().loss(&net::Inputs::new(&x, &converted(&long))).unwrap(), expected);
    long[1] = -1;
    let error = net().loss(&net::Inputs::new(&x, &converted(&long))).unwrap_err();
    assert_eq!(error.to_string(), "input `label` is -1 at [1], outside 0..2 (`K`)");
}

/// ndarray and rand are there by path.
#[test]
fn what_is_handed_on() {
    use autograd_core::rand::SeedableRng;
    let x = autograd_core::ndarray::array![[1.0, 2.0]];
    let mut rng = autograd_core::rand::rngs::SmallRng::seed_from_u64(1);
    let model = Net::<f64>::new(net::Dims { d: 2, k: 2 }, &mut rng);
    assert!(model.loss(&net::Inputs::new(&x, &[1])).is_ok());
}

fn is_thing<T: Send + Sync + UnwindSafe + RefUnwindSafe + Debug + Clone>() {}
fn is_value<T: Send + Sync + Debug + Clone + PartialEq>() {}
fn is_exact<T: Send + Sync + Debug + Clone + Eq>() {}
fn is_error<T: std::error::Error + Send + Sync + Clone + 'static>() {}
fn is_optimizer<T: Optimizer<Net> + Send + Sync + Debug + Clone>() {}
fn is_model<T: Objective + Send + Sync + Debug + Clone>()
where
    T::Inputs<'static>: Send + Sync + Debug + Copy,
    T::Grad: Send + Sync + Debug + PartialEq,
    T::Outputs: Send + Sync + Debug + PartialEq,
    T::Workspace: Send + Sync + Debug + Clone,
{
}

#[test]
fn everything_has_the_traits_that_users_expect() {
    is_model::<Net>();
    is_model::<Net<f32>>();
    is_model::<net::Bound<'static>>();
    is_model::<crate::arrays::plane::Statistics<'static>>();
    is_value::<Net>();
    is_exact::<net::Dims>();
    is_thing::<net::Workspace>();
    is_value::<Scaled<f64, net::Grad>>();
    is_thing::<Session<Net>>();
    is_exact::<Error>();
    is_error::<Error>();
    is_exact::<Origin>();
    is_value::<Clip>();
    is_value::<(Options, Report)>();
    is_thing::<Batches<SmallRng>>();
    is_value::<optimizer::Epsilon>();
    is_value::<(schedule::Cosine, schedule::Exponential, schedule::InverseTime, schedule::Piecewise)>();
    is_exact::<schedule::Constant>();
    is_optimizer::<Sgd<Net>>();
    is_optimizer::<Momentum<Net>>();
    is_optimizer::<Nesterov<Net>>();
    is_optimizer::<Adagrad<Net>>();
    is_optimizer::<RmsProp<Net>>();
    is_optimizer::<Adam<Net>>();
    is_optimizer::<AdamW<Net>>();
    assert_eq!(<Net as Model>::Outputs::default(), net::Outputs::default());
}

/// A session and an optimiser say what they are at, not what they compute in.
#[test]
fn what_has_buffers_prints_without_them() {
    let optimizer: Adam<Net> = Adam::new(0.5).clip(Clip::Norm(1.0));
    let text = format!("{optimizer:?}");
    let expected = "Descent { rule: AdamRule { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, hat: false, amsgrad: false, \
                    weight_decay: 0.0 }, rate: 0.5, clip: Some(Norm(1.0)), updates: 0, .. }";
    assert_eq!(text, expected);
    let session = format!("{:?}", Session::new(Net { w: array![[1.0]], seen: 0.0 }));
    assert!(session.starts_with("Session { model: Net {") && session.ends_with("pending: None, .. }"), "{session}");
}

/// Of a bound model a product is kept, and so rounded, before it is added to; otherwise both are rounded once, where the
/// processor can.
#[test]
fn what_is_kept_is_rounded() {
    let x: Array1<f64> = (1..=64).map(|i| f64::from(i) / 7.0).collect();
    let model = Shifted { w: -3.3 };
    let inputs = shifted::Inputs::new(&x);
    let bound = model.clone().bind(&inputs).unwrap();
    let (e, plain, kept) = (model.e(&inputs).unwrap(), model.y(&inputs).unwrap(), bound.y().unwrap());
    for (place, (&x, &e)) in x.iter().zip(&e).enumerate() {
        let (twice, once) = (x * e + model.w, x.mul_add(e, model.w));
        assert_eq!(kept[place].to_bits(), twice.to_bits(), "number {place}");
        assert!([once, twice].map(f64::to_bits).contains(&plain[place].to_bits()), "number {place}");
    }
}
