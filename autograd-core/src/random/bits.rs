//! Uniform numbers of each scalar type from random bits.
//!
//! All bits first, then all numbers: loops of known length, which the compiler turns into instructions on packs.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    reason = "bits are taken out and made exact numbers, as signed integers, which processors convert in packs"
)]

use rand::Rng;

use super::{BLOCK, HALF};

/// Numbers from random bits.
#[doc(hidden)]
pub trait FromBits: Sized {
    /// Fills with numbers from 0 (which may come) to 1 (which does not), in steps of half the distance of 1 to the
    /// next number.
    fn units(to: &mut [Self; BLOCK], rng: &mut impl Rng);
    /// Fills the one with numbers from 0 (which does not come) to 1 (which may), finely near 0; the other with angles
    /// in quarter turns, from −2 to 2.
    fn units_and_angles(units: &mut [Self; HALF], angles: &mut [Self; HALF], rng: &mut impl Rng);
}

/// 2^-n
macro_rules! half_to {
    ($n:literal, $t:ident) => {
        1.0 / (1_u64 << $n) as $t
    };
}

impl FromBits for f32 {
    #[inline]
    fn units(to: &mut [Self; BLOCK], rng: &mut impl Rng) {
        let mut words = [0; HALF];
        for word in &mut words {
            *word = rng.next_u64();
        }
        for (two, word) in to.as_chunks_mut().0.iter_mut().zip(&words) {
            *two = [*word as u32, (word >> 32) as u32].map(|bits| (bits >> 8) as i32 as f32 * half_to!(24, f32));
        }
    }

    #[inline]
    fn units_and_angles(units: &mut [Self; HALF], angles: &mut [Self; HALF], rng: &mut impl Rng) {
        let mut words = [0; HALF];
        for word in &mut words {
            *word = rng.next_u64();
        }
        for ((unit, angle), word) in units.iter_mut().zip(angles).zip(&words) {
            *unit = ((word >> 33) as i32 as f32 + 1.0) * half_to!(31, f32);
            *angle = *word as i32 as f32 * half_to!(30, f32);
        }
    }
}

impl FromBits for f64 {
    #[inline]
    fn units(to: &mut [Self; BLOCK], rng: &mut impl Rng) {
        for to in to {
            *to = (rng.next_u64() >> 11) as f64 * half_to!(53, f64);
        }
    }

    #[inline]
    fn units_and_angles(units: &mut [Self; HALF], angles: &mut [Self; HALF], rng: &mut impl Rng) {
        for (unit, angle) in units.iter_mut().zip(angles) {
            *unit = ((rng.next_u64() >> 11) as f64 + 1.0) * half_to!(53, f64);
            *angle = (rng.next_u64().cast_signed() >> 11) as f64 * half_to!(51, f64);
        }
    }
}
