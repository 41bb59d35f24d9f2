//! Models of `model!` that are looked at: their text comes through the macro, their inputs by name.

use autograd_core::look::{self, BlameKind, Look};
use autograd_core::model;
use ndarray::{Array1, Array2, array};

model! {
    /// A network with a state, and with what is `<odd>` & "quoted".
    pub Net<N, D, K> {
        param w: [D, K] = 0.1, b: [K];
        state seen = 0;
        input x: [N, D];
        input label: [N] in K;
        input temperature;
        let scores = exp(x @ w + b);
        logits = scores / temperature;
        loss = mean(cross_entropy(logits, label)) + seen;
        step count(by) { seen := seen + by; }
    }
}

model! { Alone<N> { param a = 1; total = sum(iota(N) * a); } }

#[test]
fn the_text_of_a_model_is_read_again() {
    assert!(look::formulas::<Net>().contains("scores = exp(x @ w + b)"));
    assert!(look::latex::<Net>().contains(r"\mathrm{scores} &= \exp("));
    assert!(look::dot::<Net<f32>>().contains("scores"));
    assert!(look::svg::<Net>().contains("</svg>"));
    let page = look::page::<Net>();
    assert!(page.contains("&lt;odd&gt;") && page.contains("loss_and_grad") && page.contains("count"));
}

#[test]
#[allow(clippy::cast_possible_truncation, reason = "the numbers are small")]
fn values_are_traced_in_the_scalar_type() {
    let x = Array2::from_shape_fn((3, 2), |(row, column)| if (row, column) == (2, 1) { 900.0 } else { 1.0 });
    let label: Array1<usize> = array![0, 1, 0];
    let model = Net { w: Array2::from_elem((2, 2), 0.1), b: array![0.0, 0.5], seen: 0.0 };
    let trace = model.trace(&net::Inputs::new(&x, &label, 2.0)).expect("it fits");
    assert!(trace.first().is_none(), "{trace}");
    assert_eq!(trace.get("scores").expect("a value").shape, [3, 2]);
    let (single, x) = (model.cast::<f32>(), x.mapv(|number: f64| number as f32));
    let trace = single.trace(&net::Inputs::new(&x, &label, 2.0)).expect("it fits");
    let first = trace.first().expect("single numbers overflow");
    assert_eq!((&*first.name, first.kind, &*first.position), ("scores", BlameKind::Named, &[2, 0][..]));
    assert_eq!(trace.to_string(), "`scores` is inf at [2, 0]: exp(90.1), written `exp(x @ w + b)`");
}

#[test]
fn sizes_that_no_array_has_are_given() {
    let trace = Alone { a: 2.0 }.trace(&alone::Inputs { n: 4 }).expect("it fits");
    assert_eq!(trace.get("total").expect("an output").values, [12.0]);
    assert_eq!(trace.to_string(), "all outputs and derivatives are finite");
}

#[test]
fn what_does_not_fit_is_said() {
    let (x, label) = (Array2::zeros((3, 2)), array![0, 1]);
    let model = Net { w: Array2::zeros((2, 2)), b: array![0.0, 0.5], seen: 0.0 };
    let failure = model.trace(&net::Inputs::new(&x, &label, 1.0)).expect_err("there are too few labels");
    assert_eq!(failure.to_string(), "`label` is [N], but has the shape [2]: N differs");
}

#[cfg(feature = "train")]
model! { pub Roots<N> { param w = 1; input x: [N], y: [N]; let size = log(w * x); loss = mean((size - y)^2); } }

/// A trainer that traces names a `let`, and what it was given; one that does not sees only that the loss is NaN.
#[cfg(feature = "train")]
#[test]
fn training_that_is_traced_names_what_is_no_output() {
    use autograd_core::Sgd;
    use autograd_core::train::Trainer;
    let (x, y) = (array![1.0, 2.0, 3.0, -4.0], array![0.0, 0.0, 0.0, 0.0]);
    let inputs = roots::Inputs::new(&x, &y);
    let error = |trainer: Trainer<Roots, Sgd<Roots>>| {
        trainer.in_order().batch(3).fit(&mut Roots { w: 1.0 }, &inputs).expect_err("a logarithm of -4").to_string()
    };
    let plain = error(Trainer::new(Sgd::new(0.0)));
    assert_eq!(plain, "the loss is not finite in epoch 1, batch 2: value `loss` is NaN");
    let traced = error(Trainer::new(Sgd::new(0.0)).traced());
    let blame = "the loss is not finite in epoch 1, batch 2: `size` is NaN at [0]: log(-4), written `log(w * x)`";
    assert_eq!(traced, blame);
    // What was given is named by its place in the data.
    let x = array![1.0, 2.0, 3.0, f64::NAN];
    let given = Trainer::new(Sgd::new(0.0)).traced().in_order().batch(3);
    let given = { given }.fit(&mut Roots { w: 1.0 }, &roots::Inputs::new(&x, &y)).expect_err("NaN").to_string();
    assert!(given.ends_with("batch 2: input `x` at [3] is NaN"), "{given}");
}
