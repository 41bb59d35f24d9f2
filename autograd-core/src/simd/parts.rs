//! Large loops in parts: a kernel whose loop can be cut runs its parts on several threads.
//!
//! The kernel is halved, and its halves again, down to parts that are worth a thread. Where it is cut depends on the
//! number of turns and on how much work they are, nothing else; what the parts give is joined in the order of that
//! tree. So the result has the same bits on one thread as on any number of them.

use core::sync::atomic::{AtomicUsize, Ordering};

use super::Kernel;
use crate::float::Float;
use crate::parallel::{self, join};

/// A kernel that is one loop over independent turns, and can be cut between any two of them.
pub trait Split<T: Float>: Kernel<T, Output: Send> + Sized + Send {
    /// How many turns the loop makes.
    fn turns(&self) -> usize;
    /// The first `at` turns, and the rest; `at` is not above [`turns`](Self::turns).
    fn split(self, at: usize) -> (Self, Self);
    /// What the whole gives, from what the first turns and what the rest gave.
    fn join(left: Self::Output, right: Self::Output) -> Self::Output;
}

/// Parts begin at multiples of so many turns where there are enough: whole packs of every scalar type.
const BLOCK: usize = 16;

/// How often a kernel is halved at most: 256 parts keep more cores busy than most machines have.
const DEEPEST: u32 = 8;

/// All parts together have at most so many numbers of their own.
const MOST_MEMORY: usize = 1 << 16;

/// The work that a part does at least for each number of its own: to give one back takes half a nanosecond, a twentieth
/// of that.
const OWN: usize = 1280;

/// The work of the smallest part; tests make it less.
static SMALLEST: AtomicUsize = AtomicUsize::new(parallel::PART);

/// Cuts loops from so many bytes of work a part on: for tests, which have little work to offer.
#[doc(hidden)]
pub fn cut_from(work: usize) {
    SMALLEST.store(work.max(1), Ordering::Relaxed);
}

/// How a kernel is cut.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    /// How often it is halved.
    levels: u32,
    /// How many numbers each part needs for itself.
    own: usize,
}

impl Parts {
    /// The parts of a loop that computes so many numbers, a sum of products. Each part needs `own` numbers of its own.
    #[inline(always)]
    #[must_use]
    pub fn of<T: Float>(numbers: &[&[usize]], own: usize) -> Self {
        let work = parallel::work::<T>(numbers);
        let smallest = SMALLEST.load(Ordering::Relaxed);
        if work / 2 < smallest { Self { levels: 0, own } } else { Self::of_large(work, smallest, own) }
    }

    #[cold]
    fn of_large(work: usize, smallest: usize, own: usize) -> Self {
        let parts = work / smallest.max(own.saturating_mul(OWN).saturating_mul(smallest) / parallel::PART);
        let parts = parts.min(MOST_MEMORY / own.max(1));
        Self { levels: parts.max(1).ilog2().min(DEEPEST), own }
    }

    /// How many numbers all parts but the first need of their own: the length of the [`Spare`] of the kernel.
    #[inline(always)]
    #[must_use]
    pub fn spare(self) -> usize {
        self.own * ((1 << self.levels) - 1)
    }

    /// The elements from `at` on: none if there are not so many.
    #[must_use]
    pub fn rest<E>(elements: &[E], at: usize) -> &[E] {
        elements.get(at..).unwrap_or_default()
    }

    /// Makes the kernel and runs it: whole if it is small. (Made on either path, a small one is never copied.)
    #[inline(always)]
    pub fn run<T: Float, K: Split<T>>(self, kernel: impl FnOnce() -> K) -> K::Output {
        if self.levels == 0 { T::dispatch(kernel()) } else { halves(kernel(), self.levels) }
    }
}

/// Runs the two halves of a kernel, each in parts of its own.
#[cold]
fn halves<T: Float, K: Split<T>>(kernel: K, levels: u32) -> K::Output {
    let turns = kernel.turns();
    if levels == 0 || turns < 2 {
        return T::dispatch(kernel);
    }
    let at = if turns < 2 * BLOCK { turns / 2 } else { (turns / 2).next_multiple_of(BLOCK) };
    let (left, right) = kernel.split(at);
    let (left, right) = join(|| halves(left, levels - 1), || halves(right, levels - 1));
    K::join(left, right)
}

/// Memory for the parts that a kernel is yet to be cut into.
#[derive(Debug)]
pub struct Spare<'a, T>(pub &'a mut [T]);

impl<'a, T: Float> Spare<'a, T> {
    /// So many zeros.
    ///
    /// # Panics
    /// If there are fewer left.
    pub fn take(&mut self, length: usize) -> &'a mut [T] {
        let (taken, left) = core::mem::take(&mut self.0).split_at_mut(length);
        self.0 = left;
        taken.fill(T::ZERO);
        taken
    }

    /// What either half of the kernel may use.
    #[must_use]
    pub fn halves(self) -> (Self, Self) {
        let (left, right) = self.0.split_at_mut(self.0.len() / 2);
        (Self(left), Self(right))
    }
}

/// Adds the numbers of the right to those of the left, one by one, and gives them back.
pub fn added<'a, T: Float>(left: &'a mut [T], right: &mut [T]) -> &'a mut [T] {
    for (left, right) in left.iter_mut().zip(right) {
        *left = *left + *right;
    }
    left
}
