//! Which instructions this processor has, and running a [`Kernel`] with them.
//!
//! The function that the kernel is inlined into is compiled for the level, so everything the kernel does, itself
//! inlined, is too. Asking costs one load of a byte.

use core::sync::atomic::{AtomicU8, Ordering};

use super::{Lanes, pack::Pack};
use crate::float::Float;

/// A computation written once for lanes of any width.
pub trait Kernel<T: Float> {
    /// What it gives back.
    type Output;
    /// Does it. Implementations are `#[inline(always)]`, and so is everything they call with `V`.
    fn run<V: Lanes<T>>(self) -> Self::Output;
}

/// A set of instructions that kernels are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    /// What every processor of the target has.
    Portable = 1,
}

impl Level {
    /// All levels, narrowest first.
    pub const ALL: [Level; 1] = [Level::Portable];
}

/// The widest level of this processor.
#[must_use]
#[inline]
pub fn level() -> Level {
    static KNOWN: AtomicU8 = AtomicU8::new(0);
    match KNOWN.load(Ordering::Relaxed) {
        1 => Level::Portable,
        _ => Level::Portable,
    }
}

/// Runs a kernel at a level that is not above [`level`].
///
/// # Panics
/// If the level is above [`level`].
#[doc(hidden)]
#[inline]
pub fn dispatch_at<T: Float, K: Kernel<T>>(level: Level, kernel: K) -> K::Output {
    T::dispatch_at(level, kernel)
}

/// The dispatcher of one scalar type.
macro_rules! dispatcher {
    ($name:ident, $t:ident, $portable:ty) => {
        /// Runs a kernel at a level that is known to be there.
        #[inline]
        pub(crate) fn $name<K: Kernel<$t>>(level: Level, kernel: K) -> K::Output {
            match level {
                Level::Portable => kernel.run::<$portable>(),
            }
        }
    };
}

dispatcher!(dispatch_f32, f32, Pack<f32, 16>);
dispatcher!(dispatch_f64, f64, Pack<f64, 8>);
