//! Arrays that do not fit together are an error that names both, with both sizes.

use autograd_core::Error;
use ndarray::{Array1, Array2, array};
use rand::SeedableRng;

use crate::{Linear, linear, model};

model! {
    /// Classes of rows.
    Classes<N, K> {
        param w: [K];
        input label: [N] in K;
        loss = mean(cross_entropy(broadcast(w, [N, K]), label));
    }
}

model! {
    /// One class.
    Class<K> {
        param w: [K];
        input label in K;
        loss = cross_entropy(w, label);
    }
}

model! {
    /// The differences of neighbours against their change.
    Differences<N> {
        param scale;
        input change: [N-1], x: [N];
        loss = sum((scale * (x[1..] - x[..-1]) - change)^2);
    }
}

model! {
    /// One shape finds the dimension alone.
    Solved<N> {
        param scale;
        input change: [N-1];
        loss = scale * sum(change) + N;
    }
}

model! {
    /// Two halves side by side.
    Halves<N, H> {
        param w: [2*H];
        input x: [N, 2*H];
        loss = sum(x @ w);
        left = x[.., ..H] @ w[..H];
    }
}

model! {
    /// Solved from twice the size.
    Even<H> {
        param scale;
        input x: [2*H];
        loss = scale * (sum(x[..H]) - sum(x[H..]));
    }
}

model! {
    /// Three numbers, exactly.
    Three {
        param scale;
        input x: [3];
        loss = scale * sum(x);
    }
}

model! {
    /// Elements at fixed places.
    Places<N> {
        param scale;
        input x: [N];
        loss = scale * x[2] + x[-1];
    }
}

model! {
    /// What is left after three.
    Tail<N> {
        input x: [N];
        tail = x[3..];
    }
}

model! {
    /// The largest.
    Largest<N> {
        input x: [N];
        place = argmax(x);
    }
}

model! {
    /// A number of times.
    Power<N, R> {
        param w;
        input x: [N];
        loss = sum((w * x)^2) * R;
        ramp = iota(R);
    }
}

#[track_caller]
fn check<V: std::fmt::Debug>(result: Result<V, Error>, text: &str) {
    assert_eq!(result.unwrap_err().to_string(), text);
}

#[test]
fn two_inputs_that_disagree() {
    let model = Linear { w: array![1.0, 2.0], b: 0.0 };
    let (x, y) = (Array2::ones((8, 2)), Array1::ones(7));
    let inputs = linear::Inputs { x: x.view(), y: y.view() };
    let text = "dimension `N` is 8 in input `x` but 7 in input `y`";
    check(model.loss(&inputs), text);
    check(model.grad(&inputs), text);
    check(model.loss_and_grad(&inputs), text);
    check(model.outputs(&inputs), text);
    check(model.prediction(&inputs), text);
}

#[test]
fn a_parameter_and_an_input_that_disagree() {
    let model = Linear { w: array![1.0, 2.0, 3.0], b: 0.0 };
    let (x, y) = (Array2::ones((8, 2)), Array1::ones(8));
    let inputs = linear::Inputs { x: x.view(), y: y.view() };
    check(model.loss(&inputs), "dimension `D` is 3 in parameter `w` but 2 in input `x`");
}

#[test]
fn sizes_of_one_do_not_stretch() {
    let model = Linear { w: array![1.0], b: 0.0 };
    let (x, y) = (Array2::ones((8, 1)), Array1::ones(1));
    check(
        model.loss(&linear::Inputs { x: x.view(), y: y.view() }),
        "dimension `N` is 8 in input `x` but 1 in input `y`",
    );
}

#[test]
fn class_indices_out_of_range() {
    let model = Classes { w: array![0.0, 1.0, 2.0] };
    let label = array![0, 2, 3, 1];
    let inputs = classes::Inputs { label: label.view() };
    check(model.loss(&inputs), "input `label` is 3 at [2], outside 0..3 (`K`)");
    check(model.grad(&inputs), "input `label` is 3 at [2], outside 0..3 (`K`)");
    let label = array![usize::MAX];
    assert!(model.loss(&classes::Inputs { label: label.view() }).is_err());
    let label = array![0, 2];
    assert!(model.loss(&classes::Inputs { label: label.view() }).is_ok());

    let none = Class { w: Array1::<f64>::zeros(0) };
    check(none.loss(&class::Inputs { label: 0 }), "input `label` is 0, outside 0..0 (`K`)");
    let one = Class { w: array![1.5] };
    assert_eq!(one.loss(&class::Inputs { label: 0 }).unwrap(), 0.0);
}

#[test]
fn shapes_that_are_checked() {
    let model = Differences { scale: 1.0 };
    let (x, change) = (array![1.0, 2.0, 4.0], array![1.0, 2.0]);
    assert_eq!(model.loss(&differences::Inputs { change: change.view(), x: x.view() }).unwrap(), 0.0);
    let text = model.loss(&differences::Inputs { change: x.view(), x: x.view() }).unwrap_err().to_string();
    assert_eq!(text, "axis 0 of input `change` is 3 but its size is `N - 1` = 2");
    let nothing = Array1::zeros(0);
    let text = model.loss(&differences::Inputs { change: nothing.view(), x: nothing.view() }).unwrap_err().to_string();
    assert_eq!(text, "dimension `N - 1` is negative: -1");

    check(
        Three { scale: 1.0 }.loss(&three::Inputs { x: change.view() }),
        "axis 0 of input `x` is 2 but its size is `3`",
    );
}

#[test]
fn shapes_that_are_solved() {
    let (none, two) = (Array1::zeros(0), array![1.0, 2.0]);
    let model = Solved { scale: 1.0 };
    assert_eq!(model.loss(&solved::Inputs { change: two.view() }).unwrap(), 6.0);
    assert_eq!(model.loss(&solved::Inputs { change: none.view() }).unwrap(), 1.0);

    let model = Even { scale: 2.0 };
    assert_eq!(model.loss(&even::Inputs { x: two.view() }).unwrap(), -2.0);
    let three = array![1.0, 2.0, 3.0];
    check(model.loss(&even::Inputs { x: three.view() }), "axis 0 of input `x` is 3, but no `H` makes `2*H` that");
}

#[test]
fn twice_a_dimension() {
    let model = Halves { w: array![1.0, 2.0, 3.0, 4.0] };
    let (x, narrow) = (Array2::ones((2, 4)), Array2::ones((2, 3)));
    assert_eq!(model.loss(&halves::Inputs { x: x.view() }).unwrap(), 20.0);
    assert_eq!(model.left(&halves::Inputs { x: x.view() }).unwrap(), array![3.0, 3.0]);
    check(model.loss(&halves::Inputs { x: narrow.view() }), "axis 1 of input `x` is 3 but its size is `2*H` = 4");
    let odd = Halves { w: array![1.0, 2.0, 3.0] };
    check(odd.loss(&halves::Inputs { x: narrow.view() }), "axis 0 of parameter `w` is 3, but no `H` makes `2*H` that");
}

#[test]
fn subscripts_out_of_range() {
    let model = Places { scale: 2.0 };
    let (enough, short) = (array![1.0, 2.0, 3.0], array![1.0, 2.0]);
    assert_eq!(model.loss(&places::Inputs { x: enough.view() }).unwrap(), 9.0);
    assert!(model.loss(&places::Inputs { x: short.view() }).is_err());
    assert!(model.grad(&places::Inputs { x: short.view() }).is_err());

    let tail = Tail::<f64>::new(&mut rand::rngs::SmallRng::seed_from_u64(0));
    assert_eq!(tail.tail(&tail::Inputs { x: enough.view() }).unwrap().len(), 0);
    check(tail.tail(&tail::Inputs { x: short.view() }), "dimension `N - 3` is negative: -1");
}

#[test]
fn the_largest_of_nothing() {
    let model: Largest = Largest::new(&mut rand::rngs::SmallRng::seed_from_u64(0));
    let (none, three) = (Array1::<f64>::zeros(0), array![1.0, 3.0, 2.0]);
    assert_eq!(model.place(&largest::Inputs { x: three.view() }).unwrap(), 1);
    check(model.place(&largest::Inputs { x: none.view() }), "`argmax` over `N`, which is empty");
}

#[test]
fn dimensions_that_no_array_carries() {
    let (model, x) = (Power { w: 2.0 }, array![1.0, 2.0]);
    for r in [0_u32, 1, 5] {
        let inputs = power::Inputs { x: x.view(), r: r as usize };
        assert_eq!(model.loss(&inputs).unwrap(), 20.0 * f64::from(r));
        assert_eq!(model.grad(&inputs).unwrap().w, 20.0 * f64::from(r));
        assert_eq!(model.ramp(&inputs).unwrap().len(), r as usize);
    }
}
