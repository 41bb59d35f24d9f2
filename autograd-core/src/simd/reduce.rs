//! Reductions other than sums, for the body of a [`sweep`](super::sweep): make one before, push in the body, finish
//! after.
//!
//! Each keeps one value a lane and folds the lanes at the end. Dead lanes of the last block do not count.

use core::marker::PhantomData;

use super::{Block, IndexLanes, Lanes, Mask};
use crate::float::Float;

/// Replaces the dead lanes; costs nothing where the block is known to be full.
#[cfg_attr(not(debug_assertions), inline(always))]
fn masked<T: Float, V: Lanes<T>>(value: V, at: Block, neutral: T) -> V {
    if at.live == V::COUNT { value } else { V::select(V::Mask::first(at.live), value, V::splat(neutral)) }
}

/// A reduction of numbers: its neutral element, what becomes of an old and a new pack, what joins the lanes.
macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident($old:ident, $new:ident): $neutral:ident, $join:expr, $fold:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name<T, V>([V; 4], PhantomData<T>);

        impl<T: Float, V: Lanes<T>> $name<T, V> {
            /// Nothing pushed yet.
            #[must_use]
            #[cfg_attr(not(debug_assertions), inline(always))]
            #[allow(clippy::new_without_default, reason = "spelled out in emitted code")]
            pub fn new() -> Self {
                Self([V::splat(T::$neutral); 4], PhantomData)
            }

            /// Takes in the live lanes.
            #[cfg_attr(not(debug_assertions), inline(always))]
            pub fn push(&mut self, value: V, at: Block) {
                let [$old, b, c, d] = self.0;
                let $new = masked(value, at, T::$neutral);
                let joined = $join;
                self.0 = if four_chains::<T, V>() { [b, c, d, joined] } else { [b, joined, c, d] };
            }

            /// The result over all lanes.
            #[must_use]
            #[cfg_attr(not(debug_assertions), inline(always))]
            pub fn finish(self) -> T {
                let [$old, $new, c, d] = self.0;
                let mut joined = $join;
                if four_chains::<T, V>() {
                    let ($old, $new) = (c, d);
                    let $new = $join;
                    let $old = joined;
                    joined = $join;
                }
                joined.$fold()
            }
        }
    )*};
}

/// Several chains of operations, so that one need not wait for another: four where there are registers for them, else
/// two. A pack of several registers is as many chains itself.
#[cfg_attr(not(debug_assertions), inline(always))]
fn four_chains<T: Float, V: Lanes<T>>() -> bool {
    V::IN_REGISTERS >= 32 && !cfg!(feature = "reproducible")
}

numbers! {
    /// The largest value: NaN if there is one, −∞ if there are no values.
    // What comes is the first operand: that it may be NaN is looked at beside the chain.
    Max(old, new): NEG_INFINITY, new.max(old), maximum;
    /// The largest value that is not NaN, −∞ if there are none: cheaper, for use where NaN comes of something else too.
    MaxNumber(old, new): NEG_INFINITY, old.at_least(new), maximum;
    /// The smallest value: NaN if there is one, +∞ if there are no values.
    Min(old, new): INFINITY, new.min(old), minimum;
    /// The product, 1 of no values.
    Product(old, new): ONE, new * old, product;
}

/// A reduction of truth values.
macro_rules! truths {
    ($($(#[$doc:meta])* $name:ident: $neutral:literal, $op:tt, $fold:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name<M>(M);

        impl<M: Mask> $name<M> {
            /// Nothing pushed yet.
            #[must_use]
            #[cfg_attr(not(debug_assertions), inline(always))]
            #[allow(clippy::new_without_default, reason = "spelled out in emitted code")]
            pub fn new() -> Self {
                Self(M::splat($neutral))
            }

            /// Takes in the live lanes.
            #[cfg_attr(not(debug_assertions), inline(always))]
            pub fn push(&mut self, value: M, at: Block) {
                let live = M::first(at.live);
                self.0 = self.0 $op (if $neutral { value | !live } else { value & live });
            }

            /// The result over all lanes.
            #[must_use]
            #[cfg_attr(not(debug_assertions), inline(always))]
            pub fn finish(self) -> bool {
                self.0.$fold()
            }
        }
    )*};
}

truths! {
    /// Whether any value is true: `Any<V::Mask>`.
    Any: false, |, any;
    /// Whether all values are true: `All<V::Mask>`.
    All: true, &, all;
}

/// Where the extreme value is.
macro_rules! positions {
    ($($(#[$doc:meta])* $name:ident($value:ident, $best:ident): $packs:expr, $lanes:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// The first one of several; the first NaN if there is one. Indices must grow from push to push.
        #[derive(Clone, Copy, Debug)]
        pub struct $name<T: Float, V: Lanes<T>> {
            best: V,
            index: V::Index,
            of: PhantomData<T>,
        }

        impl<T: Float, V: Lanes<T>> $name<T, V> {
            /// Nothing pushed yet.
            #[must_use]
            #[cfg_attr(not(debug_assertions), inline(always))]
            #[allow(clippy::new_without_default, reason = "spelled out in emitted code")]
            pub fn new() -> Self {
                Self { best: V::splat(T::ZERO), index: V::Index::splat(-1), of: PhantomData }
            }

            /// Takes in the live lanes, the index of each beside it.
            #[cfg_attr(not(debug_assertions), inline(always))]
            pub fn push(&mut self, $value: V, index: V::Index, at: Block) {
                let $best = self.best;
                let none_yet = self.index.lt(V::Index::splat(0));
                let first_nan = !$value.eq($value) & $best.eq($best);
                let better = (none_yet | first_nan | $packs) & V::Mask::first(at.live);
                self.best = V::select(better, $value, $best);
                self.index = V::Index::select(better, index, self.index);
            }

            /// The index of the result; −1 if nothing was pushed.
            #[must_use]
            #[cfg_attr(not(debug_assertions), inline(always))]
            pub fn finish(self) -> i64 {
                let (mut $best, mut index) = (T::ZERO, -1);
                for lane in 0..V::COUNT {
                    let ($value, at) = (self.best.lane(lane), self.index.lane(lane));
                    let (nan, best_nan) = ($value != $value, $best != $best);
                    let better = if nan | best_nan { nan & !best_nan } else { $lanes };
                    let tied = $value == $best || nan & best_nan;
                    if at >= 0 && (index < 0 || better || tied && at < index) {
                        ($best, index) = ($value, at);
                    }
                }
                index
            }
        }
    )*};
}

positions! {
    /// The index of the largest value.
    ArgMax(value, best): best.lt(value), value > best;
    /// The index of the smallest value.
    ArgMin(value, best): value.lt(best), value < best;
}

#[cfg(test)]
#[allow(clippy::cast_precision_loss, clippy::float_cmp, reason = "small numbers are cast, exact ones compared")]
mod tests {
    use super::*;
    use crate::simd::{
        Kernel, Level, dispatch_at, sweep,
        tests::{EXTENTS, random},
    };

    #[derive(Debug, PartialEq)]
    struct Found<T> {
        numbers: [T; 4],
        truths: [bool; 2],
        places: [i64; 2],
    }

    struct Reduce<'a, T>(&'a [T]);

    impl<T: Float> Kernel<T> for Reduce<'_, T> {
        type Output = Found<T>;
        #[cfg_attr(not(debug_assertions), inline(always))]
        fn run<V: Lanes<T>>(self) -> Found<T> {
            let (mut max, mut min, mut product) = (Max::<T, V>::new(), Min::<T, V>::new(), Product::<T, V>::new());
            let mut max_number = MaxNumber::<T, V>::new();
            let (mut any, mut all) = (Any::new(), All::new());
            let (mut most, mut least) = (ArgMax::<T, V>::new(), ArgMin::<T, V>::new());
            sweep::<T, V, 0>(
                self.0.len(),
                #[cfg_attr(not(debug_assertions), inline(always))]
                |at| {
                    let x = V::load(self.0, 0, at);
                    let index = V::Index::iota(at);
                    max.push(x, at);
                    max_number.push(x, at);
                    min.push(x, at);
                    product.push(
                        V::select(V::lt(x, V::splat(T::ZERO)), V::splat(T::from_f64(-1.0)), V::splat(T::ONE)),
                        at,
                    );
                    // A dead lane is 0, so it would count as positive and as not above.
                    any.push(V::lt(V::splat(T::from_f64(0.99)), x) | V::eq(x, V::splat(T::ZERO)), at);
                    all.push(!V::eq(x, V::splat(T::ZERO)), at);
                    most.push(x, index, at);
                    least.push(x, index, at);
                    []
                },
            );
            Found {
                numbers: [max.finish(), min.finish(), product.finish(), max_number.finish()],
                truths: [any.finish(), all.finish()],
                places: [most.finish(), least.finish()],
            }
        }
    }

    fn check(x: &[f64]) {
        let expected = Found {
            numbers: [
                x.iter().fold(f64::NEG_INFINITY, |a, &b| if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }),
                x.iter().fold(f64::INFINITY, |a, &b| if a.is_nan() || b.is_nan() { f64::NAN } else { a.min(b) }),
                x.iter().map(|&x| if x < 0.0 { -1.0 } else { 1.0 }).product(),
                x.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            ],
            truths: [x.iter().any(|&x| x > 0.99 || x == 0.0), x.iter().all(|&x| x != 0.0)],
            places: [first(x, |a, b| a > b), first(x, |a, b| a < b)],
        };
        for level in Level::available().map(Some).chain([None]) {
            let found = level.map_or_else(|| Reduce(x).run::<f64>(), |level| dispatch_at(level, Reduce(x)));
            // Debug text, so that NaN is like NaN.
            assert_eq!(format!("{found:?}"), format!("{expected:?}"), "{level:?} {}", x.len());
        }
    }

    #[allow(clippy::cast_possible_wrap)]
    fn first(x: &[f64], beats: fn(f64, f64) -> bool) -> i64 {
        let mut best: Option<usize> = None;
        for (i, &value) in x.iter().enumerate() {
            if best.is_none_or(|best| !x[best].is_nan() && (value.is_nan() || beats(value, x[best]))) {
                best = Some(i);
            }
        }
        best.map_or(-1, |i| i as i64)
    }

    #[test]
    fn reductions_agree_with_a_loop() {
        for n in EXTENTS {
            let x = random::<f64>(n, 7);
            check(&x);
            // Ties, all the same, one NaN at each of some places.
            check(&x.iter().map(|x| (x * 2.0).round()).collect::<Vec<_>>());
            check(&vec![f64::NEG_INFINITY; n]);
            check(&vec![f64::INFINITY; n]);
            for hole in (0..n).step_by(5) {
                let mut x = x.clone();
                x[hole] = f64::NAN;
                x[n - 1 - hole / 2] = f64::NAN;
                check(&x);
            }
        }
    }
}
