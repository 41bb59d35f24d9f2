//! The known traps of derivatives, through the real macro: value and gradient at the point where others answer NaN, a
//! wrong number, or the right one by luck. Each derivative is taken in reverse (`loss_and_grad`) and, where the model
//! says so, forward (`jvp`).

#![allow(clippy::float_cmp, reason = "conventions are exact")]

mod special_rows;

use autograd_core::model;
use ndarray::{Array1, array};

const INF: f64 = f64::INFINITY;

/// Equal as numbers, or both NaN.
fn same(found: f64, expected: f64) -> bool {
    found == expected || found.is_nan() && expected.is_nan()
}

/// A model of one number: the name, the expression in x, and (point, value, derivative) rows.
macro_rules! scalar_traps {
    ($($(#[$doc:meta])* $name:ident = $module:ident: $loss:expr, [$(($x:expr, $value:expr, $slope:expr)),+ $(,)?];)*) => {$(
        mod $module {
            use super::{INF, same};
            use autograd_core::model;

            model! {
                pub Trap {
                    param x;
                    loss = $loss;
                    forward_slope = jvp(loss, x, 1);
                }
            }

            #[test]
            fn $name() {
                let _ = INF;
                for (x, value, slope) in [$(($x, $value, $slope)),+] {
                    let model = Trap { x };
                    let inputs = trap::Inputs {};
                    let (loss, grad) = model.loss_and_grad(&inputs).expect("no sizes to disagree");
                    let forward = model.forward_slope(&inputs).expect("no sizes to disagree");
                    let near = |found: f64, expected: f64| {
                        same(found, expected) || (found - expected).abs() <= 4e-15 * expected.abs()
                    };
                    assert!(near(loss, value), "the value at {x} is {loss}, not {value}");
                    assert!(near(grad.x, slope), "in reverse, the slope at {x} is {}, not {slope}", grad.x);
                    assert!(near(forward, slope), "forward, the slope at {x} is {forward}, not {slope}");
                }
            }
        }
    )*};
}

scalar_traps! {
    literal_powers_are_exact = literal_power: x^3, [(-2.0, -8.0, 12.0), (0.0, 0.0, 0.0)];
    the_power_zero_is_one = power_zero: x^0 + 0*x, [(0.0, 1.0, 0.0), (-3.0, 1.0, 0.0)];
    roots_rise_without_bound = root: sqrt(x), [(0.0, 0.0, INF), (4.0, 2.0, 0.25)];
    fractional_powers_rise_without_bound = fractional: x^0.3, [(0.0, 0.0, INF)];
    a_masked_root_has_no_slope = masked_root: if x > 0 { sqrt(x) } else { 0 }, [(0.0, 0.0, 0.0), (4.0, 2.0, 0.25)];
    a_masked_logarithm_has_no_slope = masked_log: if x > 0 { log(x) } else { 0 }, [(0.0, 0.0, 0.0), (-1.0, 0.0, 0.0)];
    a_masked_exponential_has_no_slope = masked_exp: if x < 10 { exp(x) } else { 0 }, [(1000.0, 0.0, 0.0)];
    the_root_of_a_square_is_a_magnitude = norm_of_one: sqrt(x^2), [(0.0, 0.0, 0.0), (-2.0, 2.0, -1.0)];
    magnitudes_are_flat_at_zero = magnitude: abs(x), [(0.0, 0.0, 0.0), (-2.0, 2.0, -1.0)];
    relu_is_flat_at_zero = rectified: relu(x), [(0.0, 0.0, 0.0), (1.0, 1.0, 1.0)];
    a_maximum_with_a_constant_is_flat_at_the_tie = max_constant: max(x, 1), [(1.0, 1.0, 0.0), (2.0, 2.0, 1.0)];
    clamps_are_flat_at_their_bounds = clamped: clamp(x, -1, 1), [(1.0, 1.0, 0.0), (-1.0, -1.0, 0.0), (0.5, 0.5, 1.0)];
    hypotenuses_are_flat_at_zero = hypotenuse: hypot(x, 0), [(0.0, 0.0, 0.0)];
    angles_are_flat_at_the_origin = angle: atan2(x, 0*x), [(0.0, 0.0, 0.0)];
    steps_are_flat = steps: floor(x) + x, [(1.0, 2.0, 1.0), (1.5, 2.5, 1.0)];
    remainders_rise = remainder: rem(x, 3), [(7.0, 1.0, 1.0)];
    logarithms_follow_ieee = logarithm: log(x), [(0.0, -INF, INF), (-1.0, f64::NAN, -1.0)];
    entropies_fall_without_bound = entropy: xlogy(x, x), [(0.0, 0.0, -INF)];
    arcs_rise_without_bound = arc: asin(x), [(1.0, std::f64::consts::FRAC_PI_2, INF)];
    naive_sigmoids_are_stable = naive_sigmoid: 1/(1 + exp(-x)), [(-1000.0, 0.0, 0.0), (1000.0, 1.0, 0.0), (0.0, 0.5, 0.25)];
    naive_softplus_is_stable = naive_softplus: log(1 + exp(x)), [(1000.0, 1000.0, 1.0), (-1000.0, 0.0, 0.0)];
    small_logarithms_keep_their_digits = small_log: log(1 + x), [(1e-20, 1e-20, 1.0)];
    small_exponentials_keep_their_digits = small_exp: exp(x) - 1, [(1e-20, 1e-20, 1.0)];
    removable_singularities_are_removed = sine_share: sinc(x), [(0.0, 1.0, 0.0)];
    guarded_divisions_are_flat = guarded: safe_div(1, x, 0), [(0.0, 0.0, 0.0), (2.0, 0.5, -0.25)];
    infinity_times_zero_stays_undefined = times_zero: 0*x, [(INF, f64::NAN, 0.0), (2.0, 0.0, 0.0)];
    a_value_less_itself_is_not_folded = less_itself: x - x, [(INF, f64::NAN, 0.0), (2.0, 0.0, 0.0)];
    second_derivatives_have_no_spikes = bend: grad(x*abs(x), x), [(0.0, 0.0, 0.0), (2.0, 4.0, 2.0), (-1.0, 2.0, -2.0)];
    literals_are_real = one_half: (1/2) * x, [(3.0, 1.5, 0.5)];
}

model! {
    /// 0^y.
    pub PowerOfZero { param x, y; loss = x^y; }
}

#[test]
fn powers_of_zero_are_flat_in_the_exponent() {
    let grad = |x: f64, y: f64| PowerOfZero { x, y }.loss_and_grad(&power_of_zero::Inputs {}).expect("scalars");
    assert_eq!(grad(0.0, 2.0), (0.0, power_of_zero::Grad { x: 0.0, y: 0.0 }));
    assert_eq!(grad(0.0, 0.0).0, 1.0);
    assert_eq!(grad(0.0, 0.0).1.y, 0.0);
    assert!(grad(-2.0, 3.0).1.y.is_nan(), "a negative base has no derivative in its exponent");
    assert_eq!(grad(-2.0, 3.0).1.x, 12.0);
}

model! {
    /// The larger of two parameters.
    pub Larger { param a, b; loss = max(a, b); }
}

#[test]
fn two_variables_share_a_tie() {
    let (_, grad) = Larger { a: 1.0, b: 1.0 }.loss_and_grad(&larger::Inputs {}).expect("scalars");
    assert_eq!((grad.a, grad.b), (0.5, 0.5));
}

/// A model of a vector: the gradient of a reduction at a point.
macro_rules! vector_traps {
    ($($name:ident = $module:ident: ($($loss:tt)+), [$(($x:expr, $value:expr, $grad:expr)),+ $(,)?];)*) => {$(
        mod $module {
            use super::{Array1, INF, same};
            use autograd_core::model;

            model! { pub Trap<N> { param x: [N]; loss = $($loss)+; } }

            #[test]
            fn $name() {
                let _ = INF;
                $(
                    let (x, value, expected): (Vec<f64>, f64, Vec<f64>) = ($x.to_vec(), $value, $grad.to_vec());
                    let model = Trap { x: Array1::from(x.clone()) };
                    let (loss, grad) = model.loss_and_grad(&trap::Inputs {}).expect("no sizes to disagree");
                    assert!(same(loss, value) || (loss - value).abs() < 1e-15 * value.abs(), "{x:?}: {loss}");
                    let agrees = |(&found, &expected): (&f64, &f64)| {
                        same(found, expected) || (found - expected).abs() <= 1e-15
                    };
                    assert!(grad.x.iter().zip(&expected).all(agrees), "{x:?}: {:?}, not {expected:?}", grad.x);
                )+
            }
        }
    )*};
}

// Here, for it uses the macro.
mod reads;

vector_traps! {
    norms_are_flat_at_zero = norm_at_zero: (norm(x)), [([0.0, 0.0], 0.0, [0.0, 0.0]), ([3.0, 4.0], 5.0, [0.6, 0.8])];
    written_norms_are_norms = written_norm: (sqrt(sum(x^2))), [([0.0, 0.0], 0.0, [0.0, 0.0])];
    maxima_split_ties = tied_max: (max(x)), [([1.0, 3.0, 3.0], 3.0, [0.0, 0.5, 0.5])];
    minima_split_ties = tied_min: (min(x)), [([1.0, 1.0, 3.0], 1.0, [0.5, 0.5, 0.0])];
    maxima_pass_nan_on = nan_max: (max(x)), [([1.0, f64::NAN], f64::NAN, [f64::NAN, f64::NAN])];
    products_with_zeros_are_right = product: (prod(x)), [
        ([2.0, 0.0, 5.0], 0.0, [0.0, 10.0, 0.0]),
        ([0.0, 0.0, 5.0], 0.0, [0.0, 0.0, 0.0]),
    ];
    running_products_with_zeros_are_right = running: (sum(cumprod(x))), [([2.0, 0.0, 5.0], 2.0, [1.0, 12.0, 0.0])];
    deviations_of_constants_are_flat = deviation: (std(x)), [([2.0, 2.0, 2.0], 0.0, [0.0, 0.0, 0.0])];
    log_sum_exp_does_not_overflow = large: (logsumexp(x)), [([1000.0, 0.0], 1000.0, [1.0, 0.0])];
    log_sum_exp_of_nothing_is_flat = nothing: (logsumexp(x)), [([-INF, -INF], -INF, [0.0, 0.0])];
    infinite_log_sum_exp_splits_ties = infinite: (logsumexp(x)), [([INF, INF, 0.0], INF, [0.5, 0.5, 0.0])];
    written_log_sum_exp_is_one = written: (log(sum(exp(x)))), [([1000.0, 0.0], 1000.0, [1.0, 0.0])];
    means_of_nothing_are_nan = empty_mean: (mean(x)), [([0.0; 0], f64::NAN, [0.0; 0])];
    sums_of_nothing_are_zero = empty_sum: (sum(x)), [([0.0; 0], 0.0, [0.0; 0])];
}

model! {
    /// Softmax cross-entropy of scores that would overflow.
    pub Scores<N, K> {
        param z: [N, K];
        input label: [N] in K;
        loss = sum(cross_entropy(z, label));
        naive = -sum(log(softmax(z, K))[.., 0]);
    }
}

#[test]
fn cross_entropy_is_stable() {
    let model = Scores { z: array![[1000.0, 0.0], [0.0, 1000.0]] };
    let label = array![0, 0];
    let (loss, grad) = model.loss_and_grad(&scores::Inputs { label: label.view() }).expect("sizes agree");
    assert_eq!(loss, 1000.0);
    assert_eq!(grad.z, array![[0.0, 0.0], [-1.0, 1.0]]);
    assert_eq!(model.naive(&scores::Inputs { label: label.view() }), Ok(1000.0));
}
