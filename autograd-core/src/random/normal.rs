//! Normal numbers by Box and Muller's transform, a pack at a time.

#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]

use rand::Rng;

use super::{BLOCK, HALF};
use crate::float::Float;
use crate::math::unfused;
use crate::simd::{Block, Kernel, Lanes};

/// Fills a block with standard normal numbers.
#[inline]
pub(super) fn fill<T: Float>(to: &mut [T; BLOCK], rng: &mut impl Rng) {
    if let [xs, ys] = to.as_chunks_mut::<HALF>().0 {
        T::units_and_angles(xs, ys, rng);
        T::dispatch(Transform { xs, ys });
    }
}

/// Even numbers and angles become the coordinates of points: they lie in all directions, and as far from the origin as
/// two normal numbers.
pub(super) struct Transform<'a, T> {
    pub(super) xs: &'a mut [T; HALF],
    pub(super) ys: &'a mut [T; HALF],
}

impl<T: Float> Kernel<T> for Transform<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<V: Lanes<T>>(self) {
        for start in (0..HALF).step_by(V::COUNT) {
            let pack = Block { start, live: V::COUNT };
            let log = unfused::log(V::load(self.xs, 0, pack));
            let radius = (V::splat(T::from_f64(-2.0)) * log).sqrt();
            let (x, y) = unfused::on_circle(V::load(self.ys, 0, pack));
            (x * radius).store(self.xs, 0, pack);
            (y * radius).store(self.ys, 0, pack);
        }
    }
}
