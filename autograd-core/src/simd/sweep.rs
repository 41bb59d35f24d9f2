//! [`sweep`]: the loop of emitted code, with sums that stay accurate.
//!
//! The body runs over blocks of `V::COUNT` elements, then once over what is left. Blocks are added in runs of
//! [`RUN`], and the runs are added like the digits of a binary counter, so every element goes through at most
//! `RUN + log2(n)` additions instead of `n`: rounding errors grow like those of pairwise summation. The order
//! depends on the extent and the width of the registers, with the feature `reproducible` on the extent alone.

use core::mem::MaybeUninit;

use super::{
    Block, Lanes, Mask,
    square::{MOST_LANES, Square},
};
use crate::float::Float;

/// How many blocks are added one after the other.
const RUN: usize = 16;

/// Runs that have been added pairwise stand at one of so many levels; what comes after 2¹⁶ runs is added one by
/// one. More levels would make the stack frame of a small sweep span pages.
const LEVELS: usize = 16;

/// Runs `body` over `0 .. extent` and adds up, over all elements, each of the values that it gives back.
///
/// The body sees full blocks, then at most one with `live < V::COUNT`; the values of dead lanes do not count. Write
/// the closure with `#[inline(always)]`, it is called in two places.
///
/// ```
/// use autograd_core::{float::Float, simd::{Kernel, Lanes, sweep}};
///
/// struct SquareSum<'a>(&'a [f32]);
///
/// impl Kernel<f32> for SquareSum<'_> {
///     type Output = f32;
///     #[inline(always)]
///     fn run<V: Lanes<f32>>(self) -> f32 {
///         let [sum] = sweep::<f32, V, 1>(self.0.len(), #[inline(always)] |at| {
///             let x = V::load(self.0, 0, at);
///             [x * x]
///         });
///         sum
///     }
/// }
///
/// assert_eq!(f32::dispatch(SquareSum(&[1.0, 2.0, 3.0])), 14.0);
/// ```
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn sweep<T: Float, V: Lanes<T>, const SUMS: usize>(
    extent: usize,
    mut body: impl FnMut(Block) -> [V; SUMS],
) -> [T; SUMS] {
    let body = called(&mut body);
    if const { SUMS == 0 } {
        visit::<T, V, SUMS>(extent, body);
        [T::ZERO; SUMS]
    } else {
        total(extent, body)
    }
}

/// A [`sweep`] that leaves each sum in the lanes of a pack, for [`row_sums`] to add them up.
///
/// ```
/// use autograd_core::simd::{Block, lane_sums};
///
/// let sums = lane_sums::<f64, f64, 1>(3, #[inline(always)] |at: Block| [at.start as f64]);
/// assert_eq!(sums, [3.0]);
/// ```
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn lane_sums<T: Float, V: Lanes<T>, const SUMS: usize>(
    extent: usize,
    mut body: impl FnMut(Block) -> [V; SUMS],
) -> [V; SUMS] {
    add_up(extent, called(&mut body))
}

/// The body of a loop.
trait Body<A, B> {
    fn turn(&mut self, at: A) -> B;
}

impl<A, B, F: FnMut(A) -> B> Body<A, B> for F {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn turn(&mut self, at: A) -> B {
        self(at)
    }
}

/// How a loop calls its body: as it is, to be inlined; in a build with debug assertions through a pointer, so that the loop
/// is compiled once and not again for every body.
#[cfg(not(debug_assertions))]
#[inline(always)]
fn called<A, B>(body: &mut impl Body<A, B>) -> &mut impl Body<A, B> {
    body
}

#[cfg(debug_assertions)]
fn called<'a, A, B>(body: &'a mut (impl Body<A, B> + 'a)) -> &'a mut (dyn Body<A, B> + 'a) {
    body
}

/// A [`sweep`] without sums.
#[cfg_attr(not(debug_assertions), inline(always))]
fn visit<T: Float, V: Lanes<T>, const SUMS: usize>(extent: usize, body: &mut (impl Body<Block, [V; SUMS]> + ?Sized)) {
    let mut start = 0;
    // In these words, which are those of the checks within: so there are none in loops over rows as long as the extent.
    while extent - start >= V::COUNT {
        body.turn(Block { start, live: V::COUNT });
        start += V::COUNT;
    }
    let tail = extent - start;
    // Known before anything is inlined: a loop over numbers is written out once.
    if const { V::COUNT > 1 } && tail > 0 {
        body.turn(Block { start, live: tail });
    }
}

/// The sums of a [`sweep`].
#[cfg_attr(not(debug_assertions), inline(always))]
fn total<T: Float, V: Lanes<T>, const SUMS: usize>(
    extent: usize,
    body: &mut (impl Body<Block, [V; SUMS]> + ?Sized),
) -> [T; SUMS] {
    let sums = add_up(extent, body);
    let mut totals = [T::ZERO; SUMS];
    for i in 0..SUMS {
        totals[i] = if extent <= V::COUNT / 2 { sums[i].sum_of_lower() } else { sums[i].sum() };
    }
    totals
}

/// The sums of a [`sweep`], lane by lane.
#[cfg_attr(not(debug_assertions), inline(always))]
fn add_up<T: Float, V: Lanes<T>, const SUMS: usize>(
    extent: usize,
    body: &mut (impl Body<Block, [V; SUMS]> + ?Sized),
) -> [V; SUMS] {
    let zero = V::splat(T::ZERO);
    let tail = extent % V::COUNT;
    let full = extent - tail;
    let mut start = 0;
    let mut cascade = Cascade::new();
    // Two chains of additions, so that one need not wait for the other, where there are registers for both.
    let two_chains = cfg!(feature = "reproducible") || 4 * SUMS <= V::IN_REGISTERS;
    let (mut even, mut odd) = ([zero; SUMS], [zero; SUMS]);
    loop {
        let mut turns = 0;
        while turns < RUN && extent - start >= V::COUNT {
            let values = body.turn(Block { start, live: V::COUNT });
            if two_chains {
                (even, odd) = (odd, plus(even, values));
            } else {
                even = plus(even, values);
            }
            start += V::COUNT;
            turns += 1;
        }
        if extent - start < V::COUNT {
            break;
        }
        cascade.push(plus(even, odd));
        (even, odd) = ([zero; SUMS], [zero; SUMS]);
    }
    if full > 0 {
        even = plus(even, odd);
    }
    if const { V::COUNT > 1 } && tail > 0 {
        let live = V::Mask::first(tail);
        let values = body.turn(Block { start, live: tail });
        for i in 0..SUMS {
            let value = V::select(live, values[i], zero);
            // What stands alone need not wait for an addition.
            even[i] = if full > 0 { even[i] + value } else { value };
        }
    }
    cascade.finish(even)
}

/// A [`sweep`] whose body is written out in one place instead of two, so that a long one takes half the time to compile.
///
/// Full blocks are told from the last one within the body, at each load and store: next to nothing beside a hundred
/// other operations.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn long_sweep<T: Float, V: Lanes<T>, const SUMS: usize>(
    extent: usize,
    mut body: impl FnMut(Block) -> [V; SUMS],
) -> [T; SUMS] {
    add_up_in_one_place(extent, called(&mut body))
}

/// The loop of a [`long_sweep`].
#[cfg_attr(not(debug_assertions), inline(always))]
#[allow(clippy::needless_range_loop, reason = "iterators would be calls that might not be inlined")]
fn add_up_in_one_place<T: Float, V: Lanes<T>, const SUMS: usize>(
    extent: usize,
    body: &mut (impl Body<Block, [V; SUMS]> + ?Sized),
) -> [T; SUMS] {
    let zero = V::splat(T::ZERO);
    let mut cascade = Cascade::new();
    let mut start = 0;
    loop {
        let end = extent.min(start + RUN * V::COUNT);
        let mut sums = [zero; SUMS];
        while start < end {
            let at = Block { start, live: (end - start).min(V::COUNT) };
            let mut values = body.turn(at);
            for i in 0..SUMS {
                values[i] = live(values[i], at);
            }
            sums = plus(sums, values);
            start += V::COUNT;
        }
        if start >= extent {
            return cascade.finish(sums).map(V::sum);
        }
        cascade.push(sums);
    }
}

/// Runs `body` for every index of `0 .. extent` and adds up, lane by lane, each of the packs that it gives back.
///
/// It is the loop inside of a [`sweep`] whose lanes run along another axis. Rounding errors grow as in a sweep.
///
/// ```
/// use autograd_core::simd::turns;
///
/// let rows = [[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]];
/// assert_eq!(turns::<f64, f64, 2>(3, #[inline(always)] |row| rows[row]), [6.0, 60.0]);
/// ```
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn turns<T: Float, V: Lanes<T>, const SUMS: usize>(
    extent: usize,
    mut body: impl FnMut(usize) -> [V; SUMS],
) -> [V; SUMS] {
    add_turns(extent, called(&mut body))
}

/// The loop of [`turns`].
#[cfg_attr(not(debug_assertions), inline(always))]
fn add_turns<T: Float, V: Lanes<T>, const SUMS: usize>(
    extent: usize,
    body: &mut (impl Body<usize, [V; SUMS]> + ?Sized),
) -> [V; SUMS] {
    let zero = V::splat(T::ZERO);
    if const { SUMS == 0 } {
        for turn in 0..extent {
            body.turn(turn);
        }
        return [zero; SUMS];
    }
    let mut cascade = Cascade::new();
    let mut start = 0;
    loop {
        let end = extent.min(start + RUN);
        let mut sums = [zero; SUMS];
        while start < end {
            sums = plus(sums, body.turn(start));
            start += 1;
        }
        if start == extent {
            return cascade.finish(sums);
        }
        cascade.push(sums);
    }
}

/// Runs `body` for each row of a block, numbered from 0, and gives packs of what it gives back: a row is a lane. The
/// lanes that are not in use are 0.
///
/// It is what a [`sweep`] over rows does along each of them, before all rows go on together.
///
/// ```
/// use autograd_core::simd::{Block, rows};
///
/// let block = Block { start: 1, live: 1 };
/// let squares = rows::<f64, f64, 2>(block, #[inline(always)] |row| [3.0 + row as f64, 5.0]);
/// assert_eq!(squares, [3.0, 5.0]);
/// ```
#[cfg_attr(not(debug_assertions), inline(always))]
#[allow(clippy::needless_range_loop, reason = "iterators would be calls that might not be inlined")]
pub fn rows<T: Float, V: Lanes<T>, const RESULTS: usize>(
    block: Block,
    mut body: impl FnMut(usize) -> [T; RESULTS],
) -> [V; RESULTS] {
    let mut lanes = [[T::ZERO; MOST_LANES]; RESULTS];
    for row in 0..block.live.min(V::COUNT) {
        let values = body(row);
        for i in 0..RESULTS {
            lanes[i][row] = values[i];
        }
    }
    let mut packs = [V::splat(T::ZERO); RESULTS];
    for i in 0..RESULTS {
        packs[i] = V::load(&lanes[i], 0, Block::pack::<T, V>());
    }
    packs
}

/// [`rows`], where what is asked for of a row is the sums of packs over their lanes: those of all rows of the block are
/// added up at once, which takes a third of the operations.
///
/// ```
/// use autograd_core::simd::{Block, row_sums};
///
/// let block = Block { start: 1, live: 1 };
/// assert_eq!(row_sums::<f64, f64, 1>(block, #[inline(always)] |row| [3.0 + row as f64]), [3.0]);
/// ```
#[cfg_attr(not(debug_assertions), inline(always))]
#[allow(clippy::needless_range_loop, reason = "iterators would be calls that might not be inlined")]
pub fn row_sums<T: Float, V: Lanes<T>, const RESULTS: usize>(
    block: Block,
    mut body: impl FnMut(usize) -> [V; RESULTS],
) -> [V; RESULTS] {
    let mut squares = [const { Square::new() }; RESULTS];
    let live = block.live.min(V::COUNT);
    for row in 0..live {
        let values = body(row);
        for i in 0..RESULTS {
            squares[i].set(row, values[i]);
        }
    }
    let mut sums = [V::splat(T::ZERO); RESULTS];
    for i in 0..RESULTS {
        // SAFETY: they have been set.
        sums[i] = V::row_sums(unsafe { squares[i].rows(live) });
    }
    sums
}

/// The sum of the lanes in use.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn live_sum<T: Float, V: Lanes<T>>(values: V, at: Block) -> T {
    live(values, at).sum()
}

/// Adds the lanes in use to the sum number `place` of a row of [sums of packs](super::ColumnSums::of_packs).
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn add_lanes<T: Float, V: Lanes<T>>(sums: &mut [T], place: usize, values: V, at: Block) {
    let (base, pack) = (V::Folded::COUNT * place, Block::pack::<T, V::Folded>());
    (V::Folded::load(sums, base, pack) + live(values, at).fold()).store(sums, base, pack);
}

/// Adds `a · b` of the lanes in use to such a sum, rounded once where the processor can.
#[cfg_attr(not(debug_assertions), inline(always))]
pub fn add_products<T: Float, V: Lanes<T>>(sums: &mut [T], place: usize, a: V, b: V, at: Block) {
    // Neither factor may be what it is in a lane that is not in use: it could be infinite.
    let (a, b) = (live(a, at), live(b, at));
    let (base, pack) = (V::Folded::COUNT * place, Block::pack::<T, V::Folded>());
    a.fold_products(b, V::Folded::load(sums, base, pack)).store(sums, base, pack);
}

/// The values, with 0 in the lanes that are not in use.
#[cfg_attr(not(debug_assertions), inline(always))]
fn live<T: Float, V: Lanes<T>>(values: V, at: Block) -> V {
    if at.live == V::COUNT { values } else { V::select(V::Mask::first(at.live), values, V::splat(T::ZERO)) }
}

/// The sum of each pair.
#[cfg_attr(not(debug_assertions), inline(always))]
fn plus<T: Float, V: Lanes<T>, const SUMS: usize>(mut a: [V; SUMS], b: [V; SUMS]) -> [V; SUMS] {
    for i in 0..SUMS {
        a[i] = a[i] + b[i];
    }
    a
}

/// A binary counter of partial sums: level `k` holds the sum of `2^k` runs, or nothing.
struct Cascade<V, const SUMS: usize> {
    levels: [MaybeUninit<[V; SUMS]>; LEVELS],
    /// Bit `k` says whether level `k` is in use.
    used: usize,
}

impl<V, const SUMS: usize> Cascade<V, SUMS> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn new() -> Self {
        Self { levels: [const { MaybeUninit::uninit() }; LEVELS], used: 0 }
    }

    /// Adds the sum of one run: as long as its level is taken, the two go to the next one together.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn push<T: Float>(&mut self, mut sums: [V; SUMS])
    where
        V: Lanes<T>,
    {
        if const { SUMS == 0 } {
            return;
        }
        let taken = self.used.trailing_ones() as usize;
        for level in 0..taken.min(LEVELS) {
            // SAFETY: the bit says that the level was written.
            sums = plus(unsafe { self.levels[level].assume_init() }, sums);
        }
        // The levels below are empty now; the last one takes in all that comes.
        let level = taken.min(LEVELS - 1);
        self.levels[level] = MaybeUninit::new(sums);
        self.used = (self.used >> level | 1) << level;
    }

    /// The sum of all levels, the smaller ones first.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn finish<T: Float>(&self, mut sums: [V; SUMS]) -> [V; SUMS]
    where
        V: Lanes<T>,
    {
        let mut used = self.used;
        while used != 0 {
            // SAFETY: the bit says that the level was written.
            sums = plus(sums, unsafe { self.levels[used.trailing_zeros() as usize].assume_init() });
            used &= used - 1;
        }
        sums
    }
}

#[cfg(test)]
#[allow(clippy::cast_precision_loss, clippy::float_cmp, reason = "small numbers are cast, exact ones compared")]
mod tests {
    use super::*;
    use crate::simd::{
        Kernel, Level, dispatch_at,
        tests::{EXTENTS, random},
    };

    /// Sums of `x`, `x²` and 1, of a long sweep or another; a dead lane or a wrong block would show in the last.
    struct Moments<'a, T>(&'a [T], bool);

    impl<T: Float> Kernel<T> for Moments<'_, T> {
        type Output = [T; 3];
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn run<V: Lanes<T>>(self) -> [T; 3] {
            let moments = |at| {
                let x = V::load(self.0, 0, at);
                [x, x * x, V::splat(T::ONE)]
            };
            if self.1 { long_sweep(self.0.len(), moments) } else { sweep(self.0.len(), moments) }
        }
    }

    /// The sum of the numbers and of their magnitudes, rounded as if all at once.
    fn exact<T: Float>(x: &[T]) -> (f64, f64) {
        let (mut sum, mut lost) = (0.0, 0.0);
        for x in x {
            let x = x.to_f64();
            let total = sum + x;
            lost += if f64::abs(sum) >= f64::abs(x) { (sum - total) + x } else { (x - total) + sum };
            sum = total;
        }
        (sum + lost, x.iter().map(|x| f64::abs(x.to_f64())).sum())
    }

    fn check<T: Float>(x: &[T], epsilon: f64) {
        let run = |level: Option<Level>, is_long| match level {
            Some(level) => dispatch_at(level, Moments(x, is_long)),
            None => Moments(x, is_long).run::<T>(),
        };
        let (sum, size) = exact(x);
        for level in Level::available().map(Some).chain([None]) {
            for is_long in [false, true] {
                let [first, _, count] = run(level, is_long);
                // Each element goes through the run, the levels above, the fold of lanes: half an epsilon each.
                let additions = 16.0 + (x.len() as f64).max(1.0).log2() + 5.0;
                let error = (first.to_f64() - sum).abs();
                assert!(error <= 0.5 * epsilon * additions * size, "{level:?} {}: off by {error}", x.len());
                assert_eq!(count.to_f64(), x.len() as f64, "{level:?}");
            }
        }
    }

    #[test]
    fn sums_are_as_accurate_as_pairwise_ones() {
        for n in EXTENTS.into_iter().chain([4095, 100_003]) {
            check::<f32>(&random(n, 1), f32::EPSILON.into());
            check::<f64>(&random(n, 2), f64::EPSILON);
        }
        // Large numbers that cancel, small ones that stay.
        let mut x = random::<f64>(50_001, 3);
        for i in 0..20_000 {
            x[2 * i] = if i % 2 == 0 { 1e9 } else { -1e9 };
        }
        check::<f64>(&x, f64::EPSILON);
        // A running sum of so many f32 would be off by 0.1 %, and so out of bounds.
        check::<f32>(&vec![0.1; 1_000_000], f32::EPSILON.into());
    }

    #[test]
    fn levels_of_one_width_and_order_agree() {
        if cfg!(feature = "reproducible") {
            let x = random::<f32>(10_007, 4);
            let expected = dispatch_at(Level::Portable, Moments(&x, false));
            for level in Level::available() {
                assert_eq!(dispatch_at(level, Moments(&x, false)), expected, "{level:?}");
            }
        }
    }

    #[test]
    fn a_sweep_without_sums_visits_each_element_once() {
        struct Visit<'a>(&'a mut [f64], bool);
        impl Kernel<f64> for Visit<'_> {
            type Output = ();
            fn run<V: Lanes<f64>>(self) {
                let n = self.0.len();
                let visit = |at| -> [V; 0] {
                    (V::load(self.0, 0, at) + V::splat(1.0)).store(self.0, 0, at);
                    []
                };
                let [] = if self.1 { long_sweep(n, visit) } else { sweep(n, visit) };
            }
        }
        for n in EXTENTS {
            for level in Level::available() {
                for is_long in [false, true] {
                    let mut seen = vec![0.0; n];
                    dispatch_at(level, Visit(&mut seen, is_long));
                    assert!(seen.iter().all(|&count| count == 1.0), "{level:?} {n}");
                }
            }
        }
    }
}
