//! Software prefetch: memory is asked for before it is written.

use super::Block;

/// Asks the processor for the memory that a pack will be stored to some time later: `to[base + at.start ..]`. Nothing but time
/// depends on it, and on processors other than `x86_64` not even that.
///
/// ```
/// use autograd_core::simd::{Block, prefetch};
///
/// let out = [0.0_f32; 32];
/// prefetch(&out, 16, Block { start: 0, live: 16 });
/// ```
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn prefetch<T>(to: &[T], base: usize, at: Block) {
    #[cfg(all(target_arch = "x86_64", not(debug_assertions)))]
    {
        use core::arch::x86_64::{_MM_HINT_ET0, _mm_prefetch};
        let place = to.as_ptr().wrapping_add(base.wrapping_add(at.start));
        // SAFETY: any address may be asked for: nothing is read, and nothing faults.
        unsafe { _mm_prefetch::<_MM_HINT_ET0>(place.cast()) };
    }
    let _ = (to, base, at);
}
