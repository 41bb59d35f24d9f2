//! Which instructions this processor has, and running a [`Kernel`] with them.
//!
//! A build with debug assertions runs all kernels at the portable level, and so compiles each once instead of three
//! times: without optimisation, wide registers would gain nothing.
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
    /// Whether a pack may be two registers where otherwise it is one (AVX-512): two chains of operations side by side, for
    /// elementary functions, whose every operation waits for the one before. What is memory and arithmetic gains nothing.
    /// Not with the feature `reproducible`, which has packs of one length everywhere.
    const WIDE: bool = false;
    /// Whether it works on so much that wide packs pay: in short loops they are never full.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn is_long(&self) -> bool {
        true
    }
    /// Does it. Implementations are `#[inline(always)]`, and so is everything they call with `V`.
    fn run<V: Lanes<T>>(self) -> Self::Output;
}

/// A set of instructions that kernels are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    /// What every processor of the target has.
    Portable = 1,
    /// AVX2 and FMA, on `x86` and `x86_64`.
    Avx2 = 2,
    /// AVX-512 (F, BW, DQ, VL), on `x86` and `x86_64`.
    Avx512 = 3,
}

impl Level {
    /// The levels of this processor, narrowest first.
    pub fn available() -> impl Iterator<Item = Level> {
        [Level::Portable, Level::Avx2, Level::Avx512].into_iter().filter(|&at| at <= level())
    }
}

/// The widest level of this processor. It is found out once.
#[must_use]
#[cfg_attr(not(debug_assertions), inline)]
pub fn level() -> Level {
    match KNOWN.load(Ordering::Relaxed) {
        1 => Level::Portable,
        2 => Level::Avx2,
        3 => Level::Avx512,
        _ => detect(),
    }
}

/// From now on [`level`] is no wider than this: for benchmarks that show what another processor would do. It has to be called
/// before anything is computed.
#[doc(hidden)]
pub fn limit_level(most: Level) {
    KNOWN.store(level().min(most) as u8, Ordering::Relaxed);
}

/// The level as a number, 0 until it was asked for.
static KNOWN: AtomicU8 = AtomicU8::new(0);

#[cold]
fn detect() -> Level {
    let level = ask_processor();
    KNOWN.store(level as u8, Ordering::Relaxed);
    level
}

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
fn ask_processor() -> Level {
    use std::arch::is_x86_feature_detected as has;
    if !(has!("avx2") && has!("fma")) {
        Level::Portable
    } else if has!("avx512f") && has!("avx512bw") && has!("avx512dq") && has!("avx512vl") {
        Level::Avx512
    } else {
        Level::Avx2
    }
}

#[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
fn ask_processor() -> Level {
    Level::Portable
}

/// Runs a kernel at one level, for tests and benchmarks.
///
/// # Panics
/// If the processor does not have the level.
#[doc(hidden)]
#[cfg_attr(not(debug_assertions), inline)]
pub fn dispatch_at<T: Float, K: Kernel<T>>(level: Level, kernel: K) -> K::Output {
    T::dispatch_at(level, kernel)
}

/// The dispatchers of one scalar type: `portable`, `avx2` and `avx512` are the functions that kernels are inlined into.
macro_rules! dispatcher {
    (
        $t:ident, $widest:ident, $dispatch:ident, $here:ident,
        $portable:ident $packs:ty, $avx2:ident $half:ident, $avx512:ident $full:ident
    ) => {
        /// Runs a kernel with the widest lanes.
        #[cfg_attr(not(debug_assertions), inline)]
        pub(crate) fn $widest<K: Kernel<$t>>(kernel: K) -> K::Output {
            #[cfg(all(not(debug_assertions), any(target_arch = "x86", target_arch = "x86_64")))]
            match level() {
                Level::Portable => {}
                // SAFETY: it is the level of this processor.
                Level::Avx2 => return unsafe { $avx2(kernel) },
                // SAFETY: as above.
                Level::Avx512 => return unsafe { $avx512(kernel) },
            }
            $portable(kernel)
        }

        /// Runs a kernel at a level.
        pub(crate) fn $dispatch<K: Kernel<$t>>(level: Level, kernel: K) -> K::Output {
            assert!(level <= self::level(), "this processor has no {level:?}");
            #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
            match level {
                Level::Portable => {}
                // SAFETY: the level is not above that of the processor.
                Level::Avx2 => return unsafe { $avx2(kernel) },
                // SAFETY: as above.
                Level::Avx512 => return unsafe { $avx512(kernel) },
            }
            $portable(kernel)
        }

        /// Runs a kernel at the portable level, inlined.
        #[cfg_attr(not(debug_assertions), inline(always))]
        pub(crate) fn $here<K: Kernel<$t>>(kernel: K) -> K::Output {
            kernel.run::<$packs>()
        }

        /// On its own, so that callers stay as small as what they do.
        #[cfg_attr(any(target_arch = "x86", target_arch = "x86_64"), inline(never))]
        fn $portable<K: Kernel<$t>>(kernel: K) -> K::Output {
            kernel.run::<$packs>()
        }

        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        #[target_feature(enable = "avx2,fma")]
        fn $avx2<K: Kernel<$t>>(kernel: K) -> K::Output {
            kernel.run::<Pack<arch::$half, 2>>()
        }

        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        #[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl")]
        fn $avx512<K: Kernel<$t>>(kernel: K) -> K::Output {
            if const { K::WIDE && !cfg!(feature = "reproducible") } {
                if kernel.is_long() {
                    return kernel.run::<Pack<arch::$full, 2>>();
                }
            }
            kernel.run::<Pack<arch::$full, 1>>()
        }
    };
}

/// The packs of the portable level: of the first registers whose condition holds, otherwise of plain numbers.
macro_rules! portable {
    ($($condition:meta => $single:ident $double:ident;)*) => {
        $(#[cfg($condition)]
        type Portable32 = Pack<arch::$single, 4>;
        #[cfg($condition)]
        type Portable64 = Pack<arch::$double, 4>;)*
        #[cfg(not(any($($condition),*)))]
        type Portable32 = Pack<f32, 16>;
        #[cfg(not(any($($condition),*)))]
        type Portable64 = Pack<f64, 8>;
    };
}

#[cfg(target_arch = "aarch64")]
use core::arch::aarch64 as arch;
#[cfg(target_arch = "x86")]
use core::arch::x86 as arch;
#[cfg(target_arch = "x86_64")]
use core::arch::x86_64 as arch;

portable! {
    all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2") => __m128 __m128d;
    all(target_arch = "aarch64", target_endian = "little", target_feature = "neon") => float32x4_t float64x2_t;
}

dispatcher!(f32, widest_f32, dispatch_f32, here_f32, portable_f32 Portable32, avx2_f32 __m256, avx512_f32 __m512);
dispatcher!(f64, widest_f64, dispatch_f64, here_f64, portable_f64 Portable64, avx2_f64 __m256d, avx512_f64 __m512d);
