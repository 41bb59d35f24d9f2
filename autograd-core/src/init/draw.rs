//! Random numbers whose bits are the same on every machine.
//!
//! `ln` of the standard library is the platform's and may differ in the last bit; the one here is made of additions,
//! multiplications and divisions alone.

use core::f64::consts::{LN_2, SQRT_2};

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};

/// A stream of random bits for the parameter `name`, from the number that all parameters of a model share.
///
/// Xoshiro256++ (Blackman and Vigna 2021), seeded by what it gives first for `seed`, xor the FNV-1a hash of the name.
#[must_use]
pub fn stream(seed: u64, name: &str) -> Xoshiro256PlusPlus {
    let hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let shared = Xoshiro256PlusPlus::seed_from_u64(seed).next_u64();
    Xoshiro256PlusPlus::seed_from_u64(shared ^ hash)
}

/// Evenly from `0..1`, in steps of 2^-53.
#[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
pub(crate) fn unit(rng: &mut impl Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// Evenly from `0..len`, up to one part in 2^64.
pub(crate) fn below(len: usize, rng: &mut impl Rng) -> usize {
    let wide = u128::from(rng.next_u64()) * len as u128;
    usize::try_from(wide >> 64).expect("it is below `len`")
}

/// Standard normal numbers, by Marsaglia's polar method: two at a time.
#[derive(Debug, Default)]
pub(crate) struct Normals {
    spare: Option<f64>,
}

impl Normals {
    /// The next number.
    pub(crate) fn draw(&mut self, rng: &mut impl Rng) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        loop {
            let (x, y) = (2.0 * unit(rng) - 1.0, 2.0 * unit(rng) - 1.0);
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                let scale = (-2.0 * ln(square) / square).sqrt();
                self.spare = Some(scale * y);
                return scale * x;
            }
        }
    }

    /// The next number in `-bound..=bound`.
    pub(crate) fn draw_within(&mut self, bound: f64, rng: &mut impl Rng) -> f64 {
        loop {
            let x = self.draw(rng);
            if x.abs() <= bound {
                return x;
            }
        }
    }
}

/// The natural logarithm of a positive normal number, within a few ulp.
///
/// `x = m * 2^e` with m near 1, and `ln m = 2 artanh s` with `s = (m - 1) / (m + 1)`, at most 0.172 in size, so that
/// eleven terms of the series do.
#[expect(clippy::cast_possible_wrap, clippy::cast_precision_loss, reason = "exponents are small")]
fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let mut exponent = (bits >> 52) as i64 - 1023;
    let mut m = f64::from_bits(bits & ((1 << 52) - 1) | 1.0_f64.to_bits());
    if m > SQRT_2 {
        m *= 0.5;
        exponent += 1;
    }
    let s = (m - 1.0) / (m + 1.0);
    let series = (0..11).rev().fold(0.0, |sum, k| sum * s * s + 1.0 / f64::from(2 * k + 1));
    exponent as f64 * LN_2 + 2.0 * s * series
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the same bits are meant")]
mod tests {
    use super::*;

    #[test]
    fn ln_is_the_logarithm() {
        let mut rng = stream(1, "x");
        for _ in 0..10_000 {
            let x = unit(&mut rng) * 2.0_f64.powi((rng.next_u64() % 200) as i32 - 100);
            if x > 0.0 {
                let error = (ln(x) - x.ln()).abs();
                assert!(error <= 1e-15 * x.ln().abs().max(1e-1), "ln({x}) = {}, not {}", ln(x), x.ln());
            }
        }
        assert_eq!(ln(1.0), 0.0);
    }

    #[test]
    fn streams_are_pinned() {
        // What a model is initialised with must never change between releases.
        let mut rng = stream(42, "w1");
        assert_eq!([rng.next_u64(), rng.next_u64()], [7_724_038_377_016_556_022, 7_549_333_816_127_897_362]);
        let mut normals = Normals::default();
        assert_eq!(
            [normals.draw(&mut rng), normals.draw(&mut rng)],
            [-0.613_204_048_247_932_8, 0.569_999_680_829_203_6]
        );
    }
}
