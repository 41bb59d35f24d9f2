//! Large work on several threads: [`join`] runs the two halves of a computation side by side where there are threads
//! for them, one after the other where there are none.
//!
//! How work is cut never depends on the number of threads, so neither do results, to the bit: a computation is halved,
//! and halved again, down to parts of a fixed size, and what the parts give is put together in the order of that tree.
//! Threads decide only whether two halves run at the same time.
//!
//! With the feature `rayon` (on by default) the threads are those of rayon's pool: the pool that the caller runs in
//! (`rayon::ThreadPool::install`), otherwise the global one, which is started by the first work that is worth it and
//! has as many threads as `RAYON_NUM_THREADS` or `rayon::ThreadPoolBuilder::build_global` say, one for each core if
//! they say nothing. Without the feature there is one thread, that of the caller.

/// The least work that makes a part of its own, in nanoseconds of one thread. To hand a part to a thread that sleeps
/// takes 10 to 60 µs, so work of two parts gains, and no smaller work ever starts a thread.
pub(crate) const PART: usize = 100_000;

/// Whether work of so many nanoseconds is worth two threads.
#[inline]
pub(crate) fn is_worth(nanoseconds: usize) -> bool {
    nanoseconds >= 2 * PART
}

/// Runs both, on two threads if there are two, and gives back what they give.
///
/// It allocates nothing itself; rayon does about once in 24 calls from outside its pool, never inside.
pub(crate) fn join<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    let (mut a, mut b) = (Some(a), Some(b));
    let (mut left, mut right) = (None, None);
    side_by_side(&mut || left = a.take().map(|a| a()), &mut || right = b.take().map(|b| b()));
    (left.expect("both have run"), right.expect("both have run"))
}

/// How many threads there are. To ask starts the global pool if it has not been.
pub(crate) fn threads() -> usize {
    #[cfg(feature = "rayon")]
    let threads = rayon_core::current_num_threads();
    #[cfg(not(feature = "rayon"))]
    let threads = 1;
    threads
}

/// Not generic: what rayon adds is compiled once, here, and not for every kernel of every model.
#[cfg(feature = "rayon")]
fn side_by_side(a: &mut (dyn FnMut() + Send), b: &mut (dyn FnMut() + Send)) {
    if rayon_core::current_num_threads() > 1 {
        rayon_core::join(a, b);
    } else {
        a();
        b();
    }
}

#[cfg(not(feature = "rayon"))]
fn side_by_side(a: &mut (dyn FnMut() + Send), b: &mut (dyn FnMut() + Send)) {
    a();
    b();
}

#[cfg(test)]
mod tests {
    use super::*;

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
    #[cfg(feature = "rayon")]
    fn the_pool_of_the_caller_is_used() {
        for threads in 1..4 {
            let pool = rayon_core::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be made");
            let (left, right) = pool.install(|| {
                let here = || rayon_core::current_thread_index().expect("in the pool");
                assert_eq!(rayon_core::current_num_threads(), threads);
                join(here, here)
            });
            assert!(left < threads && right < threads);
        }
    }
}
