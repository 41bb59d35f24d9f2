//! Fork-join parallelism for large work: a call with enough of it runs [`in_pool`], and [`join`] runs the two halves of
//! a computation side by side there, one after the other elsewhere.
//!
//! How work is cut never depends on the number of threads, so neither do results, to the bit: a computation is halved,
//! and halved again, down to parts of a fixed size, and what the parts give is put together in the order of that tree.
//! Threads decide only whether two halves run at the same time.
//!
//! With the feature `rayon` (on by default) there are as many threads as rayon has where the call is made: in the pool that
//! the caller runs in (`rayon::ThreadPool::install`), otherwise in the global one, for which `RAYON_NUM_THREADS` or
//! `rayon::ThreadPoolBuilder::build_global` say how many there are, one for each core if they say nothing. But the threads
//! are our own (`pool`), not rayon's, and they know nothing of the tasks of the user. Without the feature there is one
//! thread, that of the caller.
//!
//! The caller works on its call itself, from the start; other threads come for what it has not come to. So to enter costs
//! nothing that counts, and two halves cost next to nothing as long as no other thread comes for the second.

#![allow(clippy::inline_always, reason = "small calls decide before anything else, of sizes that are often known")]

#[cfg(feature = "rayon")]
mod pool;

#[cfg(test)]
use crate::contract;

/// Work is measured in bytes: how many numbers are computed, times their size. One thread computes so many in a
/// microsecond, or more.
const MICROSECOND: usize = 128_000;

/// The least work that makes a part of its own.
pub(crate) const PART: usize = 50 * MICROSECOND;

/// The least work of a call that may have several threads: less than that never starts one.
const CALL: usize = 200 * MICROSECOND;

/// How much work it is to compute so many numbers, a sum of products.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn work<T>(numbers: &[&[usize]]) -> usize {
    let product =
        |factors: &&[usize]| factors.iter().fold(size_of::<T>(), |product, &factor| product.saturating_mul(factor));
    numbers.iter().map(product).fold(0, usize::saturating_add)
}

/// Whether a call is better begun again [`in_pool`]: whether there is enough that several threads may share, in loops
/// and in products.
#[cfg_attr(not(debug_assertions), inline(always))]
#[must_use]
pub fn wants_pool<const N: usize>(shared: [usize; N]) -> bool {
    shared.into_iter().fold(0, usize::saturating_add) >= CALL && is_outside()
}

/// Runs a call so that its halves may run on several threads, and gives back what it gives.
#[allow(clippy::missing_panics_doc, reason = "the call has run")]
#[cold]
#[inline(never)]
pub fn in_pool<R: Send>(call: impl FnOnce() -> R + Send) -> R {
    let (mut call, mut result) = (Some(call), None);
    enter(&mut || result = call.take().map(|call| call()));
    result.expect("it has run")
}

/// Runs both, on two threads if this call has several, and gives back what they give. It allocates nothing.
pub(crate) fn join<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    let (mut a, mut b) = (Some(a), Some(b));
    let (mut left, mut right) = (None, None);
    side_by_side(&mut || left = a.take().map(|a| a()), &mut || right = b.take().map(|b| b()));
    (left.expect("both have run"), right.expect("both have run"))
}

/// How many threads there are for what is joined here: one outside of a call that has entered.
pub(crate) fn threads() -> usize {
    #[cfg(feature = "rayon")]
    let threads = pool::threads().unwrap_or(1);
    #[cfg(not(feature = "rayon"))]
    let threads = 1;
    threads
}

/// Whether no call has entered here, and one that did would have several threads. To ask starts rayon's global pool if it
/// has not been.
#[cold]
fn is_outside() -> bool {
    #[cfg(feature = "rayon")]
    let is_outside = pool::threads().is_none() && rayon_core::current_num_threads() > 1;
    #[cfg(not(feature = "rayon"))]
    let is_outside = false;
    is_outside
}

/// Not generic, like [`side_by_side`]: it is compiled once, here, and not for every kernel of every model.
fn enter(call: &mut dyn FnMut()) {
    #[cfg(feature = "rayon")]
    pool::enter(rayon_core::current_num_threads(), call);
    #[cfg(not(feature = "rayon"))]
    call();
}

/// Runs both, on two threads if this call has several. It allocates nothing.
pub(crate) fn side_by_side(a: &mut (dyn FnMut() + Send), b: &mut (dyn FnMut() + Send)) {
    #[cfg(feature = "rayon")]
    if threads() > 1 {
        pool::both(a, b);
        return;
    }
    a();
    b();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Parts;

    /// The sum of a range, halved down to single numbers.
    fn sum(from: u64, to: u64) -> u64 {
        if to - from < 2 {
            return from * (to - from);
        }
        let middle = u64::midpoint(from, to);
        let (low, high) = join(|| sum(from, middle), || sum(middle, to));
        low + high
    }

    #[test]
    fn halves_are_joined_in_order() {
        assert_eq!(join(|| "left", || 2), ("left", 2));
        assert_eq!(sum(0, 1000), 499_500);
    }

    #[test]
    fn small_calls_stay_outside() {
        let product = |rows| contract::shared_product::<f64>([1, rows, 1000, 1000], 1);
        let loops = |numbers, loops| Parts::of::<f64>(numbers, &[&[numbers]]).shared(loops);
        let wants = |numbers, rows| wants_pool([loops(numbers, 1), product(rows)]);
        let several = cfg!(feature = "rayon") && in_pool(threads) > 1;
        assert!(!wants(1_000_000, 1));
        // Many loops, each too small to be cut, and a product of too few rows.
        assert!(!wants_pool([loops(1_000_000, 100)]));
        // Several that are large enough only together.
        assert_eq!(wants_pool([loops(1_700_000, 2)]), several);
        assert!(!wants(0, 60));
        assert_eq!(wants(4_000_000, 1), several);
        assert_eq!(wants(0, 64), several);
        // Who is in the pool need not enter it.
        assert!(!in_pool(|| wants(usize::MAX, 1000)));
    }

    #[cfg(feature = "rayon")]
    fn pool(threads: usize) -> rayon_core::ThreadPool {
        rayon_core::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be made")
    }

    #[test]
    #[cfg(feature = "rayon")]
    fn outside_of_a_call_there_is_one_thread() {
        let here = || std::thread::current().id();
        let outside = here();
        assert_eq!((threads(), join(here, here)), (1, (outside, outside)));
        assert_eq!(pool(3).install(threads), 1);
        assert_eq!(in_pool(here), outside);
    }

    #[test]
    #[cfg(feature = "rayon")]
    fn there_are_as_many_threads_as_in_the_pool_of_the_caller() {
        for threads in 1..4 {
            assert_eq!(pool(threads).install(|| in_pool(super::threads)), threads);
        }
    }
}
