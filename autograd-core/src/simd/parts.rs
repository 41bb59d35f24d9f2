//! Data parallelism over large loops: a kernel whose loop can be cut runs its parts on several threads.
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
use crate::binding::{aligned, whole_lines};
use crate::float::Float;
use crate::parallel;

/// A loop over independent turns, which can be cut between any two of them. All turns add to `SUMS` arrays, and compute
/// in `SCRATCH` others.
pub trait Split<T: Float, const SUMS: usize, const SCRATCH: usize>: Sized + Send {
    /// What it gives back beside the sums.
    type Output: Copy + Send;
    /// As that of a [`Kernel`].
    const WIDE: bool = false;
    /// Keeps the turns before `at`, and gives back a loop over the others.
    #[must_use]
    fn split_off(&mut self, at: Turn) -> Self;
    /// Does all turns, as a [`Kernel`] does.
    fn run<V: Lanes<T>>(self, own: Own<'_, T, SUMS, SCRATCH>) -> Self::Output;
    /// What the whole gives, from what the first turns and what the rest gave. As it stands, for those that give nothing.
    #[must_use]
    fn join(left: Self::Output, right: Self::Output) -> Self::Output {
        let _ = right;
        left
    }
}

/// The memory that parts which run at the same time cannot share.
#[derive(Debug)]
pub struct Own<'a, T, const SUMS: usize, const SCRATCH: usize> {
    /// What all turns add to. The whole loop has its results here, a part zeros that are added to them.
    pub sums: [&'a mut [T]; SUMS],
    /// What a turn, or a part, writes before it reads it. What is there at the start is not specified.
    pub scratch: [&'a mut [T]; SCRATCH],
}

/// The turn that a loop is cut before.
#[derive(Clone, Copy, Debug)]
pub struct Turn(pub usize);

impl Turn {
    /// The elements from this turn on, `step` to a turn: none if there are not so many.
    #[must_use]
    pub fn rest<E>(self, elements: &[E], step: usize) -> &[E] {
        elements.get(step * self.0..).unwrap_or_default()
    }

    /// The elements from this turn on, to be written to: they are split off those before.
    #[must_use]
    #[allow(clippy::mut_mut, reason = "the slice gets shorter")]
    pub fn split<'a, E>(self, elements: &mut &'a mut [E], step: usize) -> &'a mut [E] {
        elements.split_off_mut(step * self.0..).unwrap_or_default()
    }
}

/// A part, as a kernel.
struct Part<'a, T, K, const SUMS: usize, const SCRATCH: usize> {
    kernel: K,
    own: Own<'a, T, SUMS, SCRATCH>,
    is_long: bool,
}

impl<T: Float, K: Split<T, SUMS, SCRATCH>, const SUMS: usize, const SCRATCH: usize> Kernel<T>
    for Part<'_, T, K, SUMS, SCRATCH>
{
    type Output = K::Output;
    const WIDE: bool = K::WIDE;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn is_long(&self) -> bool {
        self.is_long
    }
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<V: Lanes<T>>(self) -> K::Output {
        self.kernel.run::<V>(self.own)
    }
}

/// Parts begin at multiples of so many turns where there are enough: whole packs of every scalar type.
const BLOCK: usize = 32;

/// Turns from which on packs of two registers pay.
const LONG: usize = 256;

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

/// A loop that may be cut: how many turns it makes, and how much work they are.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    turns: usize,
    work: usize,
}

impl Parts {
    /// The parts of a loop of so many turns that computes so many numbers, a sum of products.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub fn of<T: Float>(turns: usize, numbers: &[&[usize]]) -> Self {
        Self { turns, work: parallel::work::<T>(numbers) }
    }

    /// A row of a matrix whose rows have so many elements.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub fn row<E>(matrix: &[E], row: usize, length: usize) -> &[E] {
        &matrix[length * row..][..length]
    }

    /// A row of a matrix, to be written to.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub fn row_mut<E>(matrix: &mut [E], row: usize, length: usize) -> &mut [E] {
        &mut matrix[length * row..][..length]
    }

    /// The work of so many such loops, if several threads may share it: none otherwise.
    #[cfg_attr(not(debug_assertions), inline(always))]
    #[must_use]
    pub fn shared(self, loops: usize) -> usize {
        if self.work >= 2 * parallel::PART { self.work.saturating_mul(loops) } else { 0 }
    }

    /// Runs the kernel: whole if it is small.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn run<T: Float, K: Split<T, 0, 0>>(self, kernel: K) -> K::Output {
        self.run_in(Own { sums: [], scratch: [] }, &mut Vec::new(), kernel)
    }

    /// Runs the kernel in this memory: whole if it is small. What its parts need beside the memory of the whole is in
    /// `spare`, which grows to it.
    #[allow(clippy::missing_panics_doc, reason = "all of it has run")]
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub fn run_in<T: Float, K: Split<T, SUMS, SCRATCH>, const SUMS: usize, const SCRATCH: usize>(
        self,
        own: Own<'_, T, SUMS, SCRATCH>,
        spare: &mut Vec<T>,
        kernel: K,
    ) -> K::Output {
        // Without optimisation, the kernel runs in one place, and is compiled for that alone.
        if cfg!(not(debug_assertions)) && self.is_small() {
            return T::dispatch(Part { kernel, own, is_long: self.turns >= LONG });
        }
        // Moved into the task, so that a small kernel is made where it is run, never copied.
        let mut task = Task { kernel, output: None };
        walk(&mut task, self, own, spare);
        task.output.expect("all of it has run")
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn is_small(self) -> bool {
        self.work / 2 < SMALLEST.load(Ordering::Relaxed)
    }
}

/// The numbers in all of these, each in whole cache lines.
fn length<T>(arrays: &[&mut [T]]) -> usize {
    arrays.iter().map(|array| whole_lines::<T>(array.len())).sum()
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

/// A kernel of whatever type: the walk through the tree is compiled once, not for every kernel of every model.
trait Halve<T, const SUMS: usize, const SCRATCH: usize>: Send {
    /// Runs all of it.
    fn run(&mut self, own: Own<'_, T, SUMS, SCRATCH>);
    /// Cuts it, has both halves run, and joins what they give.
    fn halve(&mut self, at: usize, both: &mut Both<'_, T, SUMS, SCRATCH>);
}

/// What runs both halves.
type Both<'a, T, const SUMS: usize, const SCRATCH: usize> = dyn FnMut([&mut dyn Halve<T, SUMS, SCRATCH>; 2]) + 'a;

/// A kernel, and what it gave once it has run.
struct Task<K, O> {
    kernel: K,
    output: Option<O>,
}

impl<T: Float, K: Split<T, SUMS, SCRATCH>, const SUMS: usize, const SCRATCH: usize> Halve<T, SUMS, SCRATCH>
    for Task<K, K::Output>
{
    fn run(&mut self, own: Own<'_, T, SUMS, SCRATCH>) {
        let kernel = self.kernel.split_off(Turn(0));
        self.output = Some(T::dispatch(Part { kernel, own, is_long: true }));
    }

    fn halve(&mut self, at: usize, both: &mut Both<'_, T, SUMS, SCRATCH>) {
        let mut rest = Self { kernel: self.kernel.split_off(Turn(at)), output: None };
        both([self, &mut rest]);
        if let (Some(left), Some(right)) = (self.output, rest.output) {
            self.output = Some(K::join(left, right));
        }
    }
}

/// Runs a kernel in the parts of its tree.
#[cold]
fn walk<T: Float, const SUMS: usize, const SCRATCH: usize>(
    task: &mut dyn Halve<T, SUMS, SCRATCH>,
    parts: Parts,
    own: Own<'_, T, SUMS, SCRATCH>,
    spare: &mut Vec<T>,
) {
    if parts.is_small() {
        return task.run(own);
    }
    let smallest = SMALLEST.load(Ordering::Relaxed);
    let tree = Tree::of(parts.work, smallest, [length(&own.sums), length(&own.scratch)]);
    halves(task, parts.turns, tree, own, aligned(spare, tree.spare()));
}

/// Runs a kernel, or its two halves, each in parts of its own.
fn halves<T: Float, const SUMS: usize, const SCRATCH: usize>(
    task: &mut dyn Halve<T, SUMS, SCRATCH>,
    turns: usize,
    tree: Tree,
    mut own: Own<'_, T, SUMS, SCRATCH>,
    spare: &mut [T],
) {
    if tree.levels == 0 || turns < 2 {
        return task.run(own);
    }
    let at = if turns < 2 * BLOCK { turns / 2 } else { (turns / 2).next_multiple_of(BLOCK) };
    let half = tree.half();
    let mut others: [_; SUMS] = none();
    let spare = as_long_as(&own.sums, &mut others, spare);
    clear(&mut others);
    task.halve(at, &mut |[left, right]| {
        let mut other = Own { sums: none(), scratch: none() };
        again(&mut others, &mut other.sums);
        if tree.forks == 0 {
            halves(left, at, half, own.again(), spare);
            again(&mut own.scratch, &mut other.scratch);
            return halves(right, turns - at, half, other, spare);
        }
        let spare = as_long_as(&own.scratch, &mut other.scratch, &mut *spare);
        let (spare, other_spare) = spare.split_at_mut(half.spare());
        parallel::side_by_side(&mut || halves(left, at, half, own.again(), spare), &mut || {
            halves(right, turns - at, half, other.again(), other_spare);
        });
    });
    add(&mut own.sums, &others);
}

impl<T, const SUMS: usize, const SCRATCH: usize> Own<'_, T, SUMS, SCRATCH> {
    /// The same arrays, borrowed for a while.
    fn again(&mut self) -> Own<'_, T, SUMS, SCRATCH> {
        let mut own = Own { sums: none(), scratch: none() };
        again(&mut self.sums, &mut own.sums);
        again(&mut self.scratch, &mut own.scratch);
        own
    }
}

/// Names the walk with so many arrays.
#[cfg(debug_assertions)]
pub(crate) fn instances<T: Float, const SUMS: usize, const SCRATCH: usize>() {
    type Walk<T, const SUMS: usize, const SCRATCH: usize> =
        fn(&mut dyn Halve<T, SUMS, SCRATCH>, Parts, Own<'_, T, SUMS, SCRATCH>, &mut Vec<T>);
    core::hint::black_box::<Walk<T, SUMS, SCRATCH>>(walk);
}

/// Arrays without elements.
fn none<'a, T, const N: usize>() -> [&'a mut [T]; N] {
    core::array::from_fn(|_| &mut [][..])
}

/// The same arrays, borrowed for a while.
fn again<'a, T>(arrays: &'a mut [&mut [T]], to: &mut [&'a mut [T]]) {
    for (array, to) in arrays.iter_mut().zip(to) {
        *to = array;
    }
}

/// Takes arrays of the same lengths, and gives back what is left.
fn as_long_as<'a, T>(arrays: &[&mut [T]], to: &mut [&'a mut [T]], mut spare: &'a mut [T]) -> &'a mut [T] {
    for (array, to) in arrays.iter().zip(to) {
        let taken = spare.split_off_mut(..whole_lines::<T>(array.len())).expect("the tree needs no more");
        *to = &mut taken[..array.len()];
    }
    spare
}

/// Sets sums to 0.
fn clear<T: Float>(sums: &mut [&mut [T]]) {
    for sums in sums {
        sums.fill(T::ZERO);
    }
}

/// Adds other sums.
fn add<T: Float>(sums: &mut [&mut [T]], others: &[&mut [T]]) {
    for (sums, others) in sums.iter_mut().zip(others) {
        for (sum, other) in sums.iter_mut().zip(&**others) {
            *sum = *sum + *other;
        }
    }
}
