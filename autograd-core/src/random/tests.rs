//! Random data: moments, bounds, and bits that never change.

#![expect(clippy::float_cmp, reason = "the same bits are meant")]
#![expect(clippy::cast_precision_loss, reason = "small numbers")]

use ndarray::{Array1, Array2, s};
use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;

use super::normal::Transform;
use super::*;
use crate::simd::Level;

fn random<T: Float>(seed: u64) -> Random<T, Xoshiro256PlusPlus> {
    Random::new(Xoshiro256PlusPlus::seed_from_u64(seed))
}

/// How many numbers the laws are tested on.
const MANY: usize = 100_000;

/// Of all thresholds in steps of a twentieth, the greatest distance of the part below from what it should be.
///
/// It is more than 1.63 / √MANY with a probability of less than 1 in 100 (Kolmogorov's law), and more than twice that
/// with one of 1 in 10⁸.
fn distance<T: Float>(numbers: &Array1<T>, law: impl Fn(f64) -> f64) -> f64 {
    let mut sorted: Vec<f64> = numbers.iter().map(|number| number.to_f64()).collect();
    sorted.sort_by(f64::total_cmp);
    let below = |threshold: f64| sorted.partition_point(|number| *number < threshold) as f64;
    (-100..=100).map(|k| f64::from(k) / 20.0).map(|at| (below(at) / MANY as f64 - law(at)).abs()).fold(0.0, f64::max)
}

fn laws_are_met<T: Float>() {
    let (mut random, mut numbers) = (random::<T>(1), Array1::from_elem(MANY, T::ZERO));
    let most = 2.0 * 1.63 / (MANY as f64).sqrt();
    random.fill_uniform(&mut numbers, T::from_f64(-2.0)..T::from_f64(4.0));
    assert!(distance(&numbers, |at| ((at + 2.0) / 6.0).clamp(0.0, 1.0)) < most);
    random.fill_normal(&mut numbers, T::from_f64(0.5), T::from_f64(1.5));
    let normal = |at: f64| {
        use crate::math::Elementary;
        0.5 * Elementary::erfc((0.5 - at) / 1.5 * core::f64::consts::FRAC_1_SQRT_2)
    };
    assert!(distance(&numbers, normal) < most);
    // Neighbours, and the two that come of one point, know nothing of each other: neither do their squares.
    for apart in [1, HALF] {
        for power in [1, 2] {
            let centred: Vec<f64> = numbers.iter().map(|x| ((x.to_f64() - 0.5) / 1.5).powi(power)).collect();
            let mean = centred.iter().sum::<f64>() / MANY as f64;
            let product = |(a, b): (&f64, &f64)| (a - mean) * (b - mean);
            let together = centred.iter().zip(&centred[apart..]).map(product).sum::<f64>() / MANY as f64;
            // The variance of a product is 1, of squares 2²: five standard deviations.
            assert!(together.abs() < 5.0 * f64::from(power * power) / (MANY as f64).sqrt(), "{together}");
        }
    }
}

#[test]
fn laws_of_f32() {
    laws_are_met::<f32>();
}

#[test]
fn laws_of_f64() {
    laws_are_met::<f64>();
}

/// With and without fused multiply-add.
fn levels_agree<T: Float>() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
    for _ in 0..1000 {
        let (mut units, mut angles) = ([T::ZERO; HALF], [T::ZERO; HALF]);
        T::units_and_angles(&mut units, &mut angles, &mut rng);
        let results: Vec<_> = Level::available()
            .map(|level| {
                let (mut xs, mut ys) = (units, angles);
                T::dispatch_at(level, Transform { xs: &mut xs, ys: &mut ys });
                (xs, ys)
            })
            .collect();
        assert!(results.iter().all(|result| *result == results[0]));
    }
}

#[test]
fn all_processors_draw_the_same() {
    levels_agree::<f32>();
    levels_agree::<f64>();
}

#[test]
fn the_ends_are_drawn_right() {
    // Of 0 and of the largest number of steps, whose logarithm is 0 or the largest; of the ends of the angles.
    for (unit, angle) in [(2.0_f32.powi(-31), -2.0), (1.0, 2.0), (0.5, 0.5), (0.25, -0.5)] {
        let (mut xs, mut ys) = ([unit; HALF], [angle; HALF]);
        f32::dispatch(Transform { xs: &mut xs, ys: &mut ys });
        let radius = f64::from(xs[0]).hypot(ys[0].into());
        assert!((radius - (-2.0 * f64::from(unit).ln()).sqrt()).abs() < 1e-6, "{} {}", xs[0], ys[0]);
    }
    // Between a number and the next one there is nothing else.
    let (mut random, mut x) = (random::<f32>(2), Array1::zeros(1000));
    random.fill_uniform(&mut x, 1.0..1.0_f32.next_up());
    assert!(x.iter().all(|&x| x == 1.0));
}

#[test]
fn any_layout_is_filled() {
    // The same numbers in logical order, whatever the array looks like and however many are asked for at a time.
    let mut expected = Array1::<f64>::zeros(300);
    random(5).fill_normal(&mut expected, 0.0, 1.0);
    let mut whole = Array2::zeros((40, 30));
    random(5).fill_normal(&mut whole.slice_mut(s![..;4, ..]).reversed_axes(), 0.0, 1.0);
    let found: Vec<f64> = whole.slice(s![..;4, ..]).t().iter().copied().collect();
    assert_eq!(found, expected.to_vec());
    let (mut random, mut found) = (random(5), Vec::new());
    for len in [1, 7, 0, 130, 162] {
        let mut some = Array1::zeros(len);
        random.fill_normal(&mut some, 0.0, 1.0);
        found.extend(some);
    }
    assert_eq!(found, expected.to_vec());
}

#[test]
#[should_panic(expected = "cannot draw from 1..1")]
fn an_empty_range_is_refused() {
    random::<f64>(1).fill_uniform(&mut Array1::zeros(3), 1.0..1.0);
}

#[test]
#[should_panic(expected = "the standard deviation is -1")]
fn a_negative_deviation_is_refused() {
    random::<f64>(1).fill_normal(&mut Array1::zeros(3), 0.0, -1.0);
}
