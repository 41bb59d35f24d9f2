//! Large loops in parts: a kernel whose loop can be cut runs its parts on several threads.
//!
//! The kernel is halved, and its halves again, down to parts that are worth a thread. Where it is cut depends on the
//! number of turns and on how much work they are, nothing else; what the parts give is joined in the order of that
//! tree. So the result has the same bits on one thread as on any number of them.
//!
//! Threads decide who shares memory. The tree is forked down to a few subtrees for each thread. Within a subtree one
//! part runs after the other: all of them compute in the same scratch, and their sums are those of a depth-first walk,
//! one set for each level.
//!
//! ```text
//!            ┌───────┴───────┐            forked: each side has sums and scratch of its own
//!        ┌───┴───┐       ┌───┴───┐        one after the other: the left half adds to the sums of the whole, the
//!      ┌─┴─┐   ┌─┴─┐   ┌─┴─┐   ┌─┴─┐      right half to those of this level, which are then added to the left ones
//! ```

use core::sync::atomic::{AtomicUsize, Ordering};

use super::{Kernel, Lanes};
use crate::binding::grow;
use crate::float::Float;
use crate::parallel::{self, join};

/// A loop over independent turns, which can be cut between any two of them. All turns add to `SUMS` arrays, and compute
/// in `SCRATCH` others.
pub trait Split<T: Float, const SUMS: usize, const SCRATCH: usize>: Sized + Send {
    /// What it gives back beside the sums.
    type Output: Send;
    /// How many turns the loop makes.
    fn turns(&self) -> usize;
    /// The first `at` turns, and the rest; `at` is not above [`turns`](Self::turns).
    fn split(self, at: usize) -> (Self, Self);
    /// Does all turns, as a [`Kernel`] does.
    fn run<V: Lanes<T>>(self, own: Own<'_, T, SUMS, SCRATCH>) -> Self::Output;
    /// What the whole gives, from what the first turns and what the rest gave.
    fn join(left: Self::Output, right: Self::Output) -> Self::Output;
}

/// The memory that parts which run at the same time cannot share.
#[derive(Debug)]
pub struct Own<'a, T, const SUMS: usize, const SCRATCH: usize> {
    /// What all turns add to. The whole loop has its results here, a part zeros that are added to them.
    pub sums: [&'a mut [T]; SUMS],
    /// What a turn, or a part, writes before it reads it. What is there at the start is not specified.
    pub scratch: [&'a mut [T]; SCRATCH],
}

/// A part, as a kernel.
struct Part<'a, T, K, const SUMS: usize, const SCRATCH: usize> {
    kernel: K,
    own: Own<'a, T, SUMS, SCRATCH>,
}

impl<T: Float, K: Split<T, SUMS, SCRATCH>, const SUMS: usize, const SCRATCH: usize> Kernel<T>
    for Part<'_, T, K, SUMS, SCRATCH>
{
    type Output = K::Output;
    #[inline(always)]
    fn run<V: Lanes<T>>(self) -> K::Output {
        self.kernel.run::<V>(self.own)
    }
}

/// Parts begin at multiples of so many turns where there are enough: whole packs of every scalar type.
const BLOCK: usize = 16;

/// How often a kernel is halved at most: 256 parts keep more cores busy than most machines have.
const DEEPEST: u32 = 8;

/// All parts together have at most so many numbers of their own, however many threads there are.
const MOST_MEMORY: usize = 1 << 16;

/// The work that a part does at least for each number of its own: to give one back takes half a nanosecond, a twentieth
/// of that.
const OWN: usize = 1280;

/// How many subtrees there are for each thread, or up to twice as many, if parts have memory of their own. More than one:
/// other programs run too, and no thread should wait long for the last one.
const SUBTREES: usize = 4;

/// The work of the smallest part; tests make it less.
static SMALLEST: AtomicUsize = AtomicUsize::new(parallel::PART);

/// Cuts loops from so many bytes of work a part on: for tests, which have little work to offer.
#[doc(hidden)]
pub fn cut_from(work: usize) {
    SMALLEST.store(work.max(1), Ordering::Relaxed);
}

/// A loop that may be cut, by its work.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    work: usize,
}

impl Parts {
    /// The parts of a loop that computes so many numbers, a sum of products.
    #[inline(always)]
    #[must_use]
    pub fn of<T: Float>(numbers: &[&[usize]]) -> Self {
        Self { work: parallel::work::<T>(numbers) }
    }

    /// The elements from `at` on: none if there are not so many.
    #[must_use]
    pub fn rest<E>(elements: &[E], at: usize) -> &[E] {
        elements.get(at..).unwrap_or_default()
    }

    /// Makes the kernel and runs it: whole if it is small.
    #[inline(always)]
    pub fn run<T: Float, K: Split<T, 0, 0>>(self, kernel: impl FnOnce() -> K) -> K::Output {
        self.run_in(Own { sums: [], scratch: [] }, &mut Vec::new(), kernel)
    }

    /// Makes the kernel and runs it in this memory: whole if it is small. What its parts need beside the memory of the
    /// whole is in `spare`, which grows to it. (Made on either path, a small kernel is never copied.)
    #[inline(always)]
    pub fn run_in<T: Float, K: Split<T, SUMS, SCRATCH>, const SUMS: usize, const SCRATCH: usize>(
        self,
        own: Own<'_, T, SUMS, SCRATCH>,
        spare: &mut Vec<T>,
        kernel: impl FnOnce() -> K,
    ) -> K::Output {
        let smallest = SMALLEST.load(Ordering::Relaxed);
        if self.work / 2 < smallest {
            T::dispatch(Part { kernel: kernel(), own })
        } else {
            let tree = Tree::of(self.work, smallest, [length(&own.sums), length(&own.scratch)]);
            let spare = grow(spare, tree.spare());
            halves(kernel(), tree, own, spare)
        }
    }
}

/// The numbers in all of these.
fn length<T>(arrays: &[&mut [T]]) -> usize {
    arrays.iter().map(|array| array.len()).sum()
}

/// How a kernel is cut, and who shares memory.
#[derive(Clone, Copy, Debug)]
struct Tree {
    /// How often it is halved.
    levels: u32,
    /// How often its halves may run at the same time.
    forks: u32,
    sums: usize,
    scratch: usize,
}

impl Tree {
    #[cold]
    fn of(work: usize, smallest: usize, [sums, scratch]: [usize; 2]) -> Self {
        let own = sums + scratch;
        let parts = work / smallest.max(own.saturating_mul(OWN).saturating_mul(smallest) / parallel::PART);
        let parts = parts.min(MOST_MEMORY / own.max(1));
        let levels = parts.max(1).ilog2().min(DEEPEST);
        let forks = match (own, parallel::threads()) {
            (0, _) => levels,
            (_, 1) => 0,
            (_, threads) => levels.min((SUBTREES * threads).next_power_of_two().ilog2()),
        };
        Self { levels, forks, sums, scratch }
    }

    fn half(self) -> Self {
        Self { levels: self.levels - 1, forks: self.forks.saturating_sub(1), ..self }
    }

    /// How many numbers its parts need beside those of the whole.
    fn spare(self) -> usize {
        let subtrees = 1 << self.forks;
        let levels = (self.levels - self.forks) as usize;
        (subtrees - 1) * (self.sums + self.scratch) + subtrees * levels * self.sums
    }
}

/// Runs the two halves of a kernel, each in parts of its own.
#[cold]
fn halves<T: Float, K: Split<T, SUMS, SCRATCH>, const SUMS: usize, const SCRATCH: usize>(
    kernel: K,
    tree: Tree,
    own: Own<'_, T, SUMS, SCRATCH>,
    spare: &mut [T],
) -> K::Output {
    let turns = kernel.turns();
    if tree.levels == 0 || turns < 2 {
        return T::dispatch(Part { kernel, own });
    }
    let at = if turns < 2 * BLOCK { turns / 2 } else { (turns / 2).next_multiple_of(BLOCK) };
    let (left, right) = kernel.split(at);
    let Own { mut sums, mut scratch } = own;
    let (mut others, spare) = as_long_as(&sums, spare);
    for others in &mut others {
        others.fill(T::ZERO);
    }
    let half = tree.half();
    let (left, right) = if tree.forks == 0 {
        let own = Own { sums: again(&mut sums), scratch: again(&mut scratch) };
        let left = halves(left, half, own, spare);
        (left, halves(right, half, Own { sums: again(&mut others), scratch }, spare))
    } else {
        let (other_scratch, spare) = as_long_as(&scratch, spare);
        let own = Own { sums: again(&mut sums), scratch };
        let other = Own { sums: again(&mut others), scratch: other_scratch };
        let (spare, other_spare) = spare.split_at_mut(half.spare());
        join(|| halves(left, half, own, spare), || halves(right, half, other, other_spare))
    };
    for (sums, others) in sums.iter_mut().zip(&others) {
        for (sum, other) in sums.iter_mut().zip(&**others) {
            *sum = *sum + *other;
        }
    }
    K::join(left, right)
}

/// The same arrays, borrowed for a while.
fn again<'a, T, const N: usize>(arrays: &'a mut [&mut [T]; N]) -> [&'a mut [T]; N] {
    arrays.each_mut().map(|array| &mut **array)
}

/// Arrays of the same lengths, and what is left.
fn as_long_as<'a, T, const N: usize>(
    arrays: &[&mut [T]; N],
    mut spare: &'a mut [T],
) -> ([&'a mut [T]; N], &'a mut [T]) {
    let taken = arrays.each_ref().map(|array| spare.split_off_mut(..array.len()).expect("the tree needs no more"));
    (taken, spare)
}
