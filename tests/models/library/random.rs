//! Random numbers of a seed: the same for every precision and every size of the array's last axes, and random enough.

use ndarray::{Array1, Array2};

use super::model;

model! {
    pub Masked<D, N> {
        param x: [N, D];
        input seed in 1000000;
        u = random_uniform(seed, [N, D]);
        z = random_normal(2*seed + 1, [N, D]);
        kept = dropout(x, 0.25, seed);
        loss = sum(kept^2)/2;
    }
}

/// The definition: a sequence of `SplitMix64` that starts where the seed's own first member stands.
fn uniform(seed: u64, position: u64) -> f64 {
    const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
    fn mix(bits: u64) -> u64 {
        let bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }
    let bits = mix(mix(seed.wrapping_add(STEP)).wrapping_add(position.wrapping_mul(STEP))) >> 41;
    (2.0 * f64::from(u32::try_from(bits).expect("23 bits")) + 1.0) / 16_777_216.0
}

#[test]
fn numbers_are_those_of_the_seed_in_every_precision() {
    for seed in [0_usize, 1, 999_999] {
        let (n, d) = (7, 37);
        let long = Masked::<f64> { x: Array2::ones((n, d)) }.u(&masked::Inputs { seed });
        let short = Masked::<f32> { x: Array2::ones((n, d)) }.u(&masked::Inputs { seed });
        let (long, short) = (long.expect("it fits"), short.expect("it fits"));
        for (position, (&long, &short)) in long.iter().zip(&short).enumerate() {
            let wanted = uniform(seed as u64, position as u64);
            assert_eq!(
                (long.to_bits(), f64::from(short).to_bits()),
                (wanted.to_bits(), wanted.to_bits()),
                "{position}"
            );
        }
    }
}

/// Of n numbers with variance v the mean lies within 5·√(v/n) but for one case in two million.
#[test]
fn numbers_look_random() {
    let count = 40_000_f64;
    let model = Masked::<f64> { x: Array2::ones((200, 200)) };
    for seed in 0..5 {
        let inputs = masked::Inputs { seed };
        let near = |values: &Array1<f64>, mean: f64, variance: f64, what: &str| {
            let found = values.mean().expect("there are some");
            assert!((found - mean).abs() < 5.0 * (variance / count).sqrt(), "{what} of seed {seed}: {found}");
        };
        let flat = |x: Array2<f64>| Array1::from_iter(x);
        let (u, z) = (flat(model.u(&inputs).expect("it fits")), flat(model.z(&inputs).expect("it fits")));
        near(&u, 0.5, 1.0 / 12.0, "the mean");
        near(&(&u * &u), 1.0 / 3.0, 4.0 / 45.0, "the mean square");
        let pairs: Array1<f64> = u.iter().zip(u.iter().skip(1)).map(|(a, b)| (a - 0.5) * (b - 0.5)).collect();
        near(&pairs, 0.0, 1.0 / 144.0, "the covariance of neighbours");
        near(&z, 0.0, 1.0, "the mean of normal numbers");
        near(&(&z * &z), 1.0, 2.0, "their variance");
        let kept = flat(model.kept(&inputs).expect("it fits"));
        near(&kept.mapv(|x| f64::from(u8::from(x != 0.0))), 0.75, 0.1875, "the share that is kept");
    }
}

#[test]
fn dropout_passes_the_gradient_of_what_it_keeps() {
    let model = Masked::<f64> {
        x: Array2::from_shape_fn((5, 9), |(i, j)| 0.5 + f64::from(u32::try_from(i + 3 * j).expect("small"))),
    };
    let (_, grad) = model.loss_and_grad(&masked::Inputs { seed: 3 }).expect("it fits");
    for (position, (&x, &slope)) in model.x.iter().zip(&grad.x).enumerate() {
        let wanted = if uniform(3, position as u64) >= 0.25 { x / 0.75 / 0.75 } else { 0.0 };
        assert!((slope - wanted).abs() <= 4.0 * f64::EPSILON * wanted, "{position}: {slope} {wanted}");
    }
}
