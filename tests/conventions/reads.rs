//! Traps of index notation: what stands beside an array is not read, whatever would come of it, and ranges may have nothing in
//! them.

use autograd_core::{Error, model};
use ndarray::{Array1, array};

use super::{INF, same};

vector_traps! {
    nothing_divides_outside = outside_division: (sum[i in 0..N](if i > 0 { 1/x[i - 1] } else { 0 })), [
        ([2.0, 4.0, 0.0], 0.75, [-0.25, -0.0625, 0.0]),
        ([0.0], 0.0, [0.0]),
        ([0.0; 0], 0.0, [0.0; 0]),
    ];
    no_logarithm_is_taken_outside = outside_logarithm: (sum[i in 0..N](if i + 1 < N { log(x[i + 1]) } else { 0 })), [
        ([0.0, 1.0, 4.0], 4.0_f64.ln(), [0.0, 1.0, 0.25]),
        ([f64::NAN], 0.0, [0.0]),
    ];
    windows_end_with_the_axis = long_window: (sum[i in 0..N](sum[k in 0..5](if i + k < N { 1/x[i + k] } else { 0 }))), [
        ([0.5, 2.0], 3.0, [-4.0, -0.5]),
        ([4.0], 0.25, [-0.0625]),
        ([0.0; 0], 0.0, [0.0; 0]),
    ];
    no_infinity_meets_a_zero_outside = outside_infinity: (sum[i in 0..N](if i > 0 { x[i]*x[i - 1] } else { 0 })), [
        ([INF, 1.0], INF, [1.0, INF]),
        ([INF], 0.0, [0.0]),
    ];
    nan_outside_of_a_range_is_not_read = outside_range: (sum[i in 1..N](x[i]^2)), [
        ([f64::NAN, 2.0], 4.0, [0.0, 4.0]),
        ([f64::NAN], 0.0, [0.0]),
    ];
    roots_outside_have_no_slope = outside_root: (sum[i in 0..N](if i > 1 { sqrt(x[i - 2]) } else { 0 })), [
        ([4.0, 0.0, 0.0], 2.0, [0.25, 0.0, 0.0]),
        ([0.0, 0.0], 0.0, [0.0, 0.0]),
    ];
    strides_end_inside = strides: (sum[i in 0..floor_div(N + 1, 2)](x[2*i]^2)), [
        ([1.0, 2.0, 3.0], 10.0, [2.0, 0.0, 6.0]),
        ([1.0, f64::NAN], 1.0, [2.0, 0.0]),
        ([0.0; 0], 0.0, [0.0; 0]),
    ];
    sums_of_empty_ranges_are_zero = empty_sums: (sum[i in 0..N](x[i]*sum[j in 0..i](x[j]))), [
        ([2.0, 3.0], 6.0, [3.0, 2.0]),
        ([5.0], 0.0, [0.0]),
        ([0.0; 0], 0.0, [0.0; 0]),
    ];
    products_of_empty_ranges_are_one = empty_products: (sum[i in 0..N](prod[j in 0..i](x[j]))), [
        ([2.0, 5.0], 3.0, [1.0, 0.0]),
        ([0.0, 3.0, 1.0], 1.0, [4.0, 0.0, 0.0]),
        ([0.0], 1.0, [0.0]),
    ];
    maxima_of_empty_ranges_are_lowest = empty_maxima: (max[i in 0..N](max[j in 0..i](x[j]))), [
        ([3.0, 1.0], 3.0, [1.0, 0.0]),
        ([3.0], -INF, [0.0]),
        ([0.0; 0], -INF, [0.0; 0]),
    ];
    log_sums_of_empty_ranges_are_flat = empty_logs: (logsumexp[i in 0..N](logsumexp[j in 0..i](x[j]))), [
        ([1000.0, 1.0], 1000.0, [1.0, 0.0]),
        ([3.0], -INF, [0.0]),
    ];
    norms_of_empty_ranges_are_flat = empty_norms: (sum[i in 0..N](norm[j in 0..i](x[j]))), [
        ([-3.0, 4.0], 3.0, [-1.0, 0.0]),
        ([0.0], 0.0, [0.0]),
    ];
    means_of_empty_ranges_are_left_out = empty_means: (sum[i in 0..N](if i > 0 { sum[j in 0..i](x[j])/i } else { 0 })), [
        ([4.0, 7.0], 4.0, [1.0, 0.0]),
        ([4.0], 0.0, [0.0]),
    ];
}

model! {
    /// Ranges and places that data decide.
    pub Ragged<N, K, M> {
        param x: [K];
        input start: [N] in K, count: [N] in M;
        each[n in 0..N] = sum[j in 0..count[n]](1/x[start[n] + j]);
        chosen[n in 0..N] = if start[n] + 1 < K { log(x[start[n] + 1]) } else { 0 };
        loss = sum(each) + sum(chosen);
    }
}

#[test]
fn ranges_that_are_empty_by_data_read_nothing() {
    let model = Ragged { x: array![2.0, 1.0, 0.0] };
    let (start, count) = (array![0, 2], array![2, 0]);
    let inputs = ragged::Inputs { start: start.view(), count: count.view(), m: 4 };
    let outputs = model.outputs(&inputs).expect("all places are inside");
    assert_eq!((outputs.each, outputs.chosen), (array![1.5, 0.0], array![0.0, 0.0]));
    assert_eq!(model.grad(&inputs).expect("the same").x, array![-0.25, 0.0, 0.0]);
    // The second row would read beyond the end if its range were longer.
    let count = array![2, 3];
    let error = model.outputs(&ragged::Inputs { count: count.view(), ..inputs }).expect_err("it reads outside");
    let Error::SubscriptOutOfRange { array, axis, size, .. } = error else { panic!("{error}") };
    assert_eq!((array, axis, size), ("x", 0, 3));
}

model! {
    /// The differences of neighbours.
    pub Steps<N> { param x: [N]; loss = sum[i in 0..N - 1]((x[i + 1] - x[i])^2); }
}

#[test]
fn ranges_of_small_sizes() {
    let loss = |x: Vec<f64>| Steps { x: Array1::from(x) }.loss_and_grad(&steps::Inputs {});
    assert_eq!(loss(vec![1.0]).map(|(loss, grad)| (loss, grad.x)), Ok((0.0, array![0.0])));
    assert_eq!(loss(vec![1.0, 3.0]).map(|(loss, grad)| (loss, grad.x)), Ok((4.0, array![-4.0, 4.0])));
    let error = loss(Vec::new()).expect_err("a range of -1 values").to_string();
    assert_eq!(error, "dimension `N - 1` is negative: -1");
}
