//! Pseudo-random numbers whose bits are the same on every machine.

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

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the same bits are meant")]
mod tests {
    use super::*;
    use crate::Random;

    #[test]
    fn streams_are_pinned() {
        // What a model is initialised with must never change between releases.
        let mut rng = stream(42, "w1");
        assert_eq!([rng.next_u64(), rng.next_u64()], [7_724_038_377_016_556_022, 7_549_333_816_127_897_362]);
        let mut random = Random::<f64, _>::new(rng);
        assert_eq!([random.next_normal(), random.next_normal()], [1.365_067_877_213_039_8, -1.769_420_032_942_217_8]);
    }
}
