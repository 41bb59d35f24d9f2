//! Random data, many numbers at a time.

mod bits;
mod normal;

use core::ops::Range;

use ndarray::{ArrayBase, DataMut, Dimension};
use rand::Rng;

pub(crate) use bits::FromBits;

use crate::float::Float;

/// How many numbers are made at a time.
const BLOCK: usize = 128;
const HALF: usize = BLOCK / 2;

/// Even and normal numbers for arrays of data, such as the batches that steps are fed with.
///
/// They are made in blocks, a pack at a time, from the bits of any generator of `rand`. Nothing is allocated. What comes
/// follows from the generator's bits by IEEE additions, multiplications, divisions and square roots alone: the same
/// seed gives the same numbers on every machine.
///
/// ```
/// use autograd_core::Random;
/// use ndarray::Array1;
/// use rand::{SeedableRng, rngs::SmallRng};
///
/// let mut random = Random::<f32, _>::new(SmallRng::seed_from_u64(1));
/// let (mut x, mut y) = (Array1::zeros(8), Array1::zeros(8));
/// random.fill_uniform(&mut x, 0.0..20.0);
/// random.fill_normal(&mut y, 1.0, 0.01);
/// y.scaled_add(3.0, &x);
/// assert!(x.iter().zip(&y).all(|(x, y)| (0.0..20.0).contains(x) && (y - (3.0 * x + 1.0)).abs() < 0.1));
/// ```
#[derive(Clone, Debug)]
pub struct Random<T, R> {
    rng: R,
    units: Ready<T>,
    normals: Ready<T>,
}

impl<T: Float, R: Rng> Random<T, R> {
    /// Numbers from a generator's bits.
    #[must_use]
    pub fn new(rng: R) -> Self {
        Self { rng, units: Ready::new(), normals: Ready::new() }
    }

    /// Fills an array of any shape, evenly from `range`: its low end may come, its high end never does.
    ///
    /// An `f32` has 24 random bits, an `f64` 53.
    ///
    /// # Panics
    /// If the range is empty, or its length is not finite.
    #[inline]
    pub fn fill_uniform<D: Dimension>(&mut self, to: &mut ArrayBase<impl DataMut<Elem = T>, D>, range: Range<T>) {
        let Range { start, end } = range;
        let length = end - start;
        assert!(start < end && length < T::INFINITY, "cannot draw from {start}..{end}");
        let rng = &mut self.rng;
        // Rounding may reach the end.
        let place = |unit| Some(start + length * unit).filter(|drawn| *drawn < end).unwrap_or(start);
        self.units.fill(to, |units| T::units(units, rng), place);
    }

    /// A standard normal number.
    pub(crate) fn next_normal(&mut self) -> T {
        let rng = &mut self.rng;
        self.normals.next(&mut |normals| normal::fill(normals, rng))
    }

    /// Fills an array of any shape with independent normal numbers of this mean and standard deviation.
    ///
    /// By the transform of Box and Muller ("A note on the generation of random normal deviates", 1958). The tails end
    /// where its granularity does: an `f32` lies within 6.6 standard deviations of the mean (the normal distribution
    /// has 6e-11 of its mass beyond), an `f64` within 8.6 (1e-17).
    ///
    /// # Panics
    /// If the mean is not finite, or the standard deviation is negative or not finite.
    #[inline]
    pub fn fill_normal<D: Dimension>(&mut self, to: &mut ArrayBase<impl DataMut<Elem = T>, D>, mean: T, std: T) {
        assert!(mean.abs() < T::INFINITY, "the mean is {mean}");
        assert!(T::ZERO <= std && std < T::INFINITY, "the standard deviation is {std}");
        let rng = &mut self.rng;
        self.normals.fill(to, |normals| normal::fill(normals, rng), |normal| normal * std + mean);
    }
}

/// A block of numbers, of which some have been given out.
#[derive(Clone, Debug)]
struct Ready<T> {
    numbers: [T; BLOCK],
    given: usize,
}

impl<T: Float> Ready<T> {
    fn new() -> Self {
        Self { numbers: [T::ZERO; BLOCK], given: BLOCK }
    }

    /// Fills an array in its logical order with numbers of blocks, each changed by `place`.
    #[inline]
    fn fill<D: Dimension>(
        &mut self,
        to: &mut ArrayBase<impl DataMut<Elem = T>, D>,
        mut make: impl FnMut(&mut [T; BLOCK]),
        place: impl Fn(T) -> T,
    ) {
        if let Some(to) = to.as_slice_mut() {
            let mut rest = to;
            while !rest.is_empty() {
                let (now, later) = rest.split_at_mut(rest.len().min(self.left(&mut make)));
                now.iter_mut().zip(&self.numbers[self.given..]).for_each(|(to, &number)| *to = place(number));
                self.given += now.len();
                rest = later;
            }
        } else {
            to.iter_mut().for_each(|to| *to = place(self.next(&mut make)));
        }
    }

    /// One number.
    #[inline]
    fn next(&mut self, make: &mut impl FnMut(&mut [T; BLOCK])) -> T {
        self.left(make);
        self.given += 1;
        self.numbers[self.given - 1]
    }

    /// How many numbers are ready: of a new block if there were none.
    #[inline]
    fn left(&mut self, make: &mut impl FnMut(&mut [T; BLOCK])) -> usize {
        if self.given == BLOCK {
            make(&mut self.numbers);
            self.given = 0;
        }
        BLOCK - self.given
    }
}

#[cfg(test)]
mod tests;
