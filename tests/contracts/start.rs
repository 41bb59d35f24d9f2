//! How models start: by seed, alike in `f32` and `f64`, each parameter on its own.

use autograd_core::Parameters;
use rand::SeedableRng;
use rand::rngs::SmallRng;

use crate::model;

model! {
    /// One parameter of each start.
    Starts<N, D, H> {
        param zero: [D];
        param fixed: [D] = 0.1;
        param even: [D, H] = uniform(-0.3, 0.7);
        param bell: [D, H] = normal(1, 0.1);
        param cut: [D, H] = truncated_normal(0, 2);
        param xavier: [D, H] = xavier_uniform();
        param kaiming: [D, H] = kaiming_normal();
        param lecun: [D, H] = lecun_uniform();
        param square: [H, H] = orthogonal();
        param one: [H, H] = eye();
        param scalar = normal(0, 1);
        state moment: [D-1, 2*H];
        input x: [N, D];
        let mixed = x @ (even + bell + cut + xavier + kaiming + lecun) @ (square + one) + scalar;
        loss = sum(mixed) + sum(x @ (zero + fixed)) + sum(moment);
    }
}

model! {
    /// The same with two more, before and between.
    More<N, D, H> as more {
        param first: [D] = normal(0, 1);
        param scalar = normal(0, 1);
        param between = normal(0, 1);
        param bell: [D, H] = normal(1, 0.1);
        input x: [N, D];
        loss = sum(x @ bell) + sum(x @ first) + scalar * between;
    }
}

const DIMS: starts::Dims = starts::Dims { d: 5, h: 4 };

fn made(seed: u64) -> Starts {
    Starts::new(DIMS, &mut SmallRng::seed_from_u64(seed))
}

#[test]
#[expect(clippy::cast_possible_truncation, reason = "the rounding is what is tested")]
fn single_precision_is_rounded_double() {
    for seed in [0, 1, 7, 65, u64::MAX] {
        let double = made(seed);
        let single = Starts::<f32>::new(DIMS, &mut SmallRng::seed_from_u64(seed));
        for (index, name) in Starts::<f64>::NAMES.iter().enumerate() {
            let rounded: Vec<f32> = double.values(index).iter().map(|&number| number as f32).collect();
            assert_eq!(single.values(index), rounded, "{name}, seed {seed}");
        }
    }
}

#[test]
fn a_seed_says_it_all() {
    assert_eq!(made(3), made(3));
    let (three, four) = (made(3), made(4));
    assert_ne!(three.even, four.even);
    assert_ne!(three.square, four.square);
    assert_ne!(three.even, three.xavier, "each has a stream of its own");
}

#[test]
fn one_generator_makes_different_models() {
    let mut rng = SmallRng::seed_from_u64(3);
    let first = Starts::<f64>::new(DIMS, &mut rng);
    assert_eq!(first, made(3));
    assert_ne!(Starts::<f64>::new(DIMS, &mut rng).even, first.even);
}

#[test]
fn another_parameter_leaves_the_others_as_they_were() {
    let starts = made(11);
    let more = More::<f64>::new(more::Dims { d: 5, h: 4 }, &mut SmallRng::seed_from_u64(11));
    assert_eq!(more.bell, starts.bell);
    assert_eq!(more.scalar.to_bits(), starts.scalar.to_bits());
    assert_ne!(more.between.to_bits(), more.scalar.to_bits());
}

#[test]
fn shapes_and_fixed_starts() {
    let starts = made(5);
    assert!(starts.zero.iter().all(|&number| number == 0.0));
    assert!(starts.fixed.iter().all(|&number| number == 0.1));
    assert!(starts.even.iter().all(|number| (-0.3..0.7).contains(number)));
    assert!(starts.cut.iter().all(|number| number.abs() <= 4.0));
    assert_eq!(starts.one, ndarray::Array2::<f64>::eye(4));
    assert_eq!(starts.moment, ndarray::Array2::<f64>::zeros((4, 8)));
    let product = starts.square.dot(&starts.square.t());
    assert!((product - ndarray::Array2::<f64>::eye(4)).iter().all(|number| number.abs() < 1e-14));
    let single = Starts::<f32>::new(DIMS, &mut SmallRng::seed_from_u64(5));
    assert!(single.fixed.iter().all(|&number| number == 0.1_f32));
}
