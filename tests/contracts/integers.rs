//! Integers that data decide: subscripts outside and numbers that are no integers are errors, before anything changes.

use ndarray::{Array1, Array2, array};

use crate::model;

model! {
    /// Rows counted and added up where numbers say.
    Bins<N, K, D> {
        param w: [K], seen: [K, D] unused;
        input x: [N], t: [N, D];
        let at = to_index(x);
        total = scatter_add(seen, at, t);
        counts = segment_sum(x*0 + 1, at, K);
        read[n] = w[to_index(2*x[n])];
        loss = sum(total^2)/2 + sum(w[to_index(x[0])]*t);
        step count(rate) -> counts { seen := total; w := w + rate*counts; }
    }
}

fn bins() -> Bins {
    Bins { w: array![1.0, 2.0, 4.0], seen: Array2::zeros((3, 1)) }
}

#[test]
fn integers_of_numbers_round_down() {
    let (mut model, x, t) = (bins(), array![0.0, 1.0, 1.25, 0.5], array![[1.0], [2.0], [4.0], [8.0]]);
    let inputs = bins::Inputs::new(&x, &t);
    let outputs = model.outputs(&inputs).expect("all is inside");
    assert_eq!(outputs.total, array![[9.0], [6.0], [0.0]]);
    assert_eq!(outputs.counts, array![2.0, 2.0, 0.0]);
    assert_eq!(outputs.read, array![1.0, 4.0, 4.0, 2.0]);
    // The integers are constant between their jumps.
    assert_eq!(model.grad(&inputs).expect("all is inside").w, array![15.0, 0.0, 0.0]);
    assert_eq!(model.count(&inputs, 0.5).expect("all is inside"), array![2.0, 2.0, 0.0]);
    assert_eq!((model.w, model.seen), (array![2.0, 3.0, 4.0], array![[9.0], [6.0], [0.0]]));
}

#[test]
fn integers_outside_are_refused_by_name() {
    let t = Array2::<f64>::ones((2, 1));
    for (x, message) in [
        (array![0.0, -0.5], "subscript -1 on axis 0 of `seen` is outside 0..3, at position [1]"),
        (array![3.0, 0.0], "subscript 3 on axis 0 of `seen` is outside 0..3, at position [0]"),
        (array![1.0, 1e300], "`x` is 1e300 at [1], which `to_index` makes no integer"),
        (array![f64::NAN, 0.0], "`x` is NaN at [0], which `to_index` makes no integer"),
        (array![1.0, f64::NEG_INFINITY], "`x` is -inf at [1], which `to_index` makes no integer"),
    ] {
        let x: Array1<f64> = x;
        let (mut model, inputs) = (bins(), bins::Inputs::new(&x, &t));
        let found = |error: autograd_core::Error| error.to_string();
        assert_eq!(model.total(&inputs).map_err(found), Err(message.to_owned()));
        assert_eq!(model.count(&inputs, 1.0).map_err(found), Err(message.to_owned()));
        assert_eq!(model, bins(), "a step that is refused changes nothing");
    }
    let (model, x) = (bins(), array![0.0, 1.5]);
    let error = model.read(&bins::Inputs::new(&x, &t)).expect_err("2*1.5 is 3").to_string();
    assert_eq!(error, "subscript 3 on axis 0 of `w` is outside 0..3, at position [1]");
}

model! {
    /// What is not taken is not checked.
    Chosen<N, K> {
        param w: [K];
        input x: [N], has;
        y[n in 0..N] = if x[n] >= 0 && x[n] < K { w[to_index(x[n])] } else { 0 };
        bins = if has > 0 { scatter_add(zeros([K]), to_index(x), x) } else { w };
        loss = sum(y^2);
    }
}

#[test]
fn integers_that_are_not_taken_are_not_checked() {
    let (model, x) = (Chosen { w: array![1.0, 2.0] }, array![f64::NAN, 1.5, -1e300, 7.0]);
    let outputs = model.outputs(&chosen::Inputs::new(&x, 0.0)).expect("none of them is taken");
    assert_eq!((outputs.y, outputs.bins), (array![0.0, 2.0, 0.0, 0.0], array![1.0, 2.0]));
    assert_eq!(model.grad(&chosen::Inputs::new(&x, 0.0)).expect("the same").w, array![0.0, 4.0]);
    assert!(model.bins(&chosen::Inputs::new(&x, 1.0)).is_err());
}

model! {
    /// The slope of what is read does not need what is read.
    Next<N, K> {
        param w: [K];
        input label: [N] in K;
        loss = sum[n](if label[n] > 0 { w[label[n] + 1] } else { 0 });
    }
}

#[test]
fn a_gradient_alone_is_checked_too() {
    let (model, label) = (Next { w: array![1.0, 2.0, 3.0] }, array![0_usize, 1, 1]);
    assert_eq!(model.grad(&next::Inputs::new(&label)).expect("2 is inside").w, array![0.0, 0.0, 2.0]);
    let label = array![0_usize, 1, 2];
    let message = "subscript 3 on axis 0 of `w` is outside 0..3, at position [2]";
    assert_eq!(model.grad(&next::Inputs::new(&label)).expect_err("3 is outside").to_string(), message);
}
