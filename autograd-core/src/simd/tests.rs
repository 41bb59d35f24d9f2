//! What all levels must agree on: every operation of [`Lanes`] against the same operation on plain numbers.

#![allow(
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    clippy::many_single_char_names,
    reason = "small numbers are cast, bits are compared"
)]

use super::{
    Bits, Block, ColumnSums, IndexLanes, Kernel, LEVELS, Lanes, Level, Mask, add_lanes, add_products, dispatch_at,
    pack::Pack, row_sums,
};
use crate::float::Float;

/// The extents that the loops are tried at.
pub(crate) const EXTENTS: [usize; 13] = [0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 65, 1000];

/// Pseudo-random numbers in `-1 .. 1`, the same in each run.
pub(crate) fn random<T: Float>(count: usize, seed: u64) -> Vec<T> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        #[allow(clippy::cast_precision_loss)]
        let unit = (state >> 11) as f64 / (1_u64 << 53) as f64;
        T::from_f64(2.0 * unit - 1.0)
    };
    (0..count).map(|_| next()).collect()
}

/// Numbers at which operations go wrong, in all pairs with each other, then random ones of all sizes.
fn inputs<T: Float>(tiny: f64) -> [Vec<T>; 3] {
    let special: Vec<T> = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        1.5,
        2.5,
        -2.5,
        0.499_999_97,
        8_388_607.5,
        8_388_609.0,
        4_503_599_627_370_495.5,
        -1e30,
        3.0,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
        tiny,
        -tiny,
        2e38,
    ]
    .map(T::from_f64)
    .to_vec();
    let mut pairs = [vec![], vec![], vec![]];
    for (i, &a) in special.iter().enumerate() {
        for &b in &special {
            pairs[0].push(a);
            pairs[1].push(b);
            pairs[2].push(special[(7 * i + 3) % special.len()]);
        }
    }
    for (seed, list) in pairs.iter_mut().enumerate() {
        for scale in [1e-3, 1.0, 1e3, 1e20] {
            list.extend(random::<T>(100, seed as u64 + 1).into_iter().map(|x| x * T::from_f64(scale)));
        }
    }
    pairs
}

const OPERATIONS: [&str; 37] = [
    "add",
    "sub",
    "mul",
    "div",
    "neg",
    "sqrt",
    "abs",
    "floor",
    "ceil",
    "round",
    "copysign",
    "min",
    "max",
    "at most",
    "at least",
    "lt",
    "le",
    "eq",
    "ne",
    "and",
    "or",
    "xor",
    "not",
    "shl",
    "shr",
    "sar",
    "bits add",
    "bits sub",
    "bits and",
    "bits or",
    "bits xor",
    "iota",
    "index arithmetic",
    "index eq",
    "index lt",
    "index select",
    "map",
];

/// All operations on all inputs: result `o * extent + i` is that of operation `o` at input `i`.
struct All<'a, T>([&'a [T]; 3], &'a mut [T]);

impl<T: Float> Kernel<T> for All<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<V: Lanes<T>>(self) {
        let Self([x, y, z], out) = self;
        super::sweep::<T, V, 0>(
            x.len(),
            #[inline(always)]
            |at| {
                let [a, b, c] = [V::load(x, 0, at), V::load(y, 0, at), V::load(z, 0, at)];
                for (operation, value) in operations(a, b, c, at).into_iter().enumerate() {
                    value.store(out, operation * x.len(), at);
                }
                []
            },
        );
    }
}

fn operations<T: Float, V: Lanes<T>>(a: V, b: V, c: V, at: Block) -> [V; 37] {
    let truth = |mask| V::select(mask, V::splat(T::ONE), V::splat(T::ZERO));
    let (lt, eq) = (V::lt(a, b), V::eq(b, c));
    let bits = |bits: V::Bits| V::from_bits(bits);
    let (p, q) = (a.to_bits(), b.to_bits());
    let index = V::Index::iota(at);
    let (five, forty) = (V::Index::splat(5), V::Index::splat(40));
    [
        a + b,
        a - b,
        a * b,
        a / b,
        -a,
        a.sqrt(),
        a.abs(),
        a.floor(),
        a.ceil(),
        a.round(),
        a.copysign(b),
        V::min(a, b),
        V::max(a, b),
        a.at_most(b),
        a.at_least(b),
        truth(lt),
        truth(V::le(a, b)),
        truth(V::eq(a, b)),
        truth(V::ne(a, b)),
        truth(lt & eq),
        truth(lt | eq),
        truth(lt ^ eq),
        truth(!lt),
        bits(p.shl::<3>()),
        bits(p.shr::<3>()),
        bits(p.sar::<3>()),
        bits(p + q),
        bits(p - q),
        bits(p & q),
        bits(p | q),
        bits(p ^ V::Bits::splat(-2)),
        V::from_index(index),
        V::from_index(index * five - forty + five),
        truth(index.eq(forty)),
        truth(index.lt(forty)),
        V::from_index(V::Index::select(lt, index, five)),
        a.map(|lane| lane + lane),
    ]
}

/// The bits, all NaN alike.
fn bits<T: Float>(value: T) -> u64 {
    let value = value.to_f64();
    if value.is_nan() { u64::MAX } else { value.to_bits() }
}

/// A kernel in packs of two registers.
struct Wide<K>(K);

impl<T: Float, K: Kernel<T>> Kernel<T> for Wide<K> {
    type Output = K::Output;
    const WIDE: bool = true;
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run<V: Lanes<T>>(self) -> K::Output {
        self.0.run::<V>()
    }
}

fn agrees<T: Float, Numbers: Lanes<T>>(tiny: f64) {
    let [x, y, z] = inputs::<T>(tiny);
    let n = x.len();
    let mut expected = vec![T::ZERO; n * OPERATIONS.len()];
    All([&x, &y, &z], &mut expected).run::<T>();
    let levels = Level::available().flat_map(|level| [Some((level, false)), Some((level, true))]);
    for level in levels.chain([None]) {
        let mut out = vec![T::ZERO; n * OPERATIONS.len()];
        let all = All([&x, &y, &z], &mut out);
        match level {
            Some((level, false)) => dispatch_at(level, all),
            Some((level, true)) => dispatch_at(level, Wide(all)),
            None => all.run::<Numbers>(),
        }
        for (i, (&out, &expected)) in out.iter().zip(&expected).enumerate() {
            let (name, i) = (OPERATIONS[i / n], i % n);
            assert!(
                bits(out) == bits(expected),
                "{level:?} {name} of {}, {}, {}: {out} in place of {expected}",
                x[i],
                y[i],
                z[i]
            );
        }
    }
}

#[test]
fn operations_agree_with_plain_numbers() {
    agrees::<f32, Pack<f32, 16>>(1e-40);
    agrees::<f64, Pack<f64, 8>>(5e-324);
}

#[test]
fn plain_numbers_round_as_the_library_does() {
    for x in inputs::<f32>(1e-40)[0].iter().copied() {
        assert_eq!(bits(Lanes::floor(x)), bits(x.floor()), "{x}");
        assert_eq!(bits(Lanes::ceil(x)), bits(x.ceil()), "{x}");
        assert_eq!(bits(Lanes::round(x)), bits(x.round_ties_even()), "{x}");
    }
    for x in inputs::<f64>(5e-324)[0].iter().copied() {
        assert_eq!(bits(Lanes::floor(x)), bits(x.floor()), "{x}");
        assert_eq!(bits(Lanes::ceil(x)), bits(x.ceil()), "{x}");
        assert_eq!(bits(Lanes::round(x)), bits(x.round_ties_even()), "{x}");
    }
}

/// `a * b + c`, with one rounding or two as the lanes say.
struct MulAdd;

impl Kernel<f64> for MulAdd {
    type Output = ();
    fn run<V: Lanes<f64>>(self) {
        let e = f64::EPSILON;
        let result = V::splat(1.0 + e).mul_add(V::splat(1.0 - e), V::splat(-1.0)).lane(V::COUNT - 1);
        assert_eq!(result, if V::FUSED { -e * e } else { 0.0 });
        assert!(!(V::FUSED && cfg!(feature = "reproducible")), "fused in spite of the feature");
    }
}

/// Folds of lanes, and truth values.
struct Folds;

impl<T: Float> Kernel<T> for Folds {
    type Output = ();
    fn run<V: Lanes<T>>(self) {
        let lanes = random::<T>(V::COUNT, 3);
        let pack = V::from_fn(|lane| lanes[lane]);
        assert_eq!(pack.sum(), fold(&lanes, |a, b| a + b));
        assert_eq!(pack.product(), fold(&lanes, |a, b| a * b));
        assert_eq!(pack.maximum(), fold(&lanes, |a, b| if a > b { a } else { b }));
        assert_eq!(pack.minimum(), fold(&lanes, |a, b| if a < b { a } else { b }));
        let rows = random::<T>(V::COUNT * V::COUNT, 4);
        let row = |row: usize| V::load(&rows, row * V::COUNT, Block::pack::<T, V>());
        let sums = V::row_sums(&mut (0..V::COUNT).map(row).collect::<Vec<_>>());
        assert!((0..V::COUNT).all(|i| sums.lane(i) == row(i).sum()), "the sums of rows");
        let mut columns: Vec<V> = (0..V::COUNT).map(row).collect();
        V::transpose(&mut columns);
        let is_moved = |i: usize| (0..V::COUNT).all(|j| columns[i].lane(j) == row(j).lane(i));
        assert!((0..V::COUNT).all(is_moved), "a square transposed");
        for live in 1..=V::COUNT {
            let [sums, first] = row_sums(Block { start: 0, live }, |i| [row(i), V::splat(rows[i])]);
            let is_right = |i: usize| {
                let count = if i < live { T::ONE } else { T::ZERO };
                let sum = if i < live { row(i).sum() } else { T::ZERO };
                sums.lane(i) == sum && first.lane(i) == V::splat(rows[i] * count).sum()
            };
            assert!((0..V::COUNT).all(is_right), "{live} rows");
        }
        for hole in 0..V::COUNT {
            let pack = V::from_fn(|lane| if lane == hole { T::NAN } else { lanes[lane] });
            assert!(pack.maximum().to_f64().is_nan() && pack.minimum().to_f64().is_nan(), "{hole}");
            assert!(pack.lane(hole).to_f64().is_nan());
        }
        for live in 0..=V::COUNT {
            let mask = V::Mask::first(live);
            assert_eq!((mask.any(), mask.all()), (live > 0, live == V::COUNT), "{live}");
            assert!((0..V::COUNT).all(|lane| mask.lane(lane) == (lane < live) && (!mask).lane(lane) == (lane >= live)));
        }
        assert!(V::Mask::splat(true).all() && !V::Mask::splat(false).any());
    }
}

/// The upper half onto the lower, until one is left.
fn fold<T: Float>(lanes: &[T], f: impl Fn(T, T) -> T) -> T {
    let mut lanes = lanes.to_vec();
    while lanes.len() > 1 {
        let upper = lanes.split_off(lanes.len() / 2);
        lanes.iter_mut().zip(upper).for_each(|(a, b)| *a = f(*a, b));
    }
    lanes[0]
}

/// Loads and stores of every length, step and direction.
struct Memory;

impl<T: Float> Kernel<T> for Memory {
    type Output = ();
    fn run<V: Lanes<T>>(self) {
        let data = random::<T>(200, 5);
        let flags: Vec<bool> = data.iter().map(|x| *x > T::ZERO).collect();
        let places: Vec<usize> = (0..200).map(|i| i * i % 101).collect();
        for live in 1..=V::COUNT {
            let at = Block { start: 1, live };
            let pack = V::load(&data, 3, at);
            let mut out = vec![T::ONE; 200];
            pack.store(&mut out, 20, at);
            for lane in 0..V::COUNT {
                assert_eq!(pack.lane(lane), if lane < live { data[4 + lane] } else { T::ZERO });
                assert_eq!(out[21 + lane], if lane < live { data[4 + lane] } else { T::ONE });
            }
            // A block that ends with the data.
            assert_eq!(V::load(&data[..4 + live], 3, at).lane(live - 1), data[3 + live]);
            for stride in [-3, -1, 0, 1, 2, 5] {
                let from = |lane: usize| usize::try_from(100 + stride * (1 + lane as isize)).expect("not negative");
                let pack = V::load_strided(&data, 100, stride, at);
                let mask = V::Mask::load_strided(&flags, 100, stride, at);
                let index = V::Index::load_strided(&places, 100, stride, at);
                let (mut out, mut out_flags, mut out_places) = (vec![T::ONE; 200], vec![true; 200], vec![7; 200]);
                pack.store_strided(&mut out, 100, stride, at);
                mask.store_strided(&mut out_flags, 100, stride, at);
                index.store_strided(&mut out_places, 100, stride, at);
                for lane in 0..V::COUNT {
                    let dead = lane >= live;
                    assert_eq!(pack.lane(lane), if dead { T::ZERO } else { data[from(lane)] });
                    assert!(dead || mask.lane(lane) == flags[from(lane)]);
                    assert!(dead || index.lane(lane) as usize == places[from(lane)]);
                    assert!(stride == 0 || out[from(lane)] == if dead { T::ONE } else { data[from(lane)] });
                    assert!(stride == 0 || out_flags[from(lane)] == (dead || flags[from(lane)]));
                    assert!(stride == 0 || out_places[from(lane)] == if dead { 7 } else { places[from(lane)] });
                }
            }
            let (mut out_flags, mut out_places) = (vec![true; 200], vec![7; 200]);
            V::Mask::load(&flags, 3, at).store(&mut out_flags, 3, at);
            V::Index::load(&places, 3, at).store(&mut out_places, 3, at);
            assert_eq!(
                (&out_flags[4..4 + live], &out_places[4..4 + live]),
                (&flags[4..4 + live], &places[4..4 + live])
            );
            assert!(out_flags[4 + live..].iter().all(|&flag| flag) && out_places[4 + live..].iter().all(|&i| i == 7));
        }
    }
}

/// Sums of packs in one register each, and tables in registers.
struct Sums;

impl<T: Float> Kernel<T> for Sums {
    type Output = ();
    fn run<V: Lanes<T>>(self) {
        // Small integers, so that sums are exact.
        let numbers = |seed| random::<T>(V::COUNT, seed).into_iter().map(|x| Lanes::round(x * T::from_f64(50.0)));
        let (a, b): (Vec<T>, Vec<T>) = (numbers(3).collect(), numbers(4).collect());
        let (pack, factor) = (V::from_fn(|lane| a[lane]), V::from_fn(|lane| b[lane]));
        assert_eq!(pack.fold().sum(), pack.sum());
        assert_eq!(pack.fold_products(factor, factor.fold()).sum(), (pack * factor).sum() + factor.sum());
        for live in 0..=V::COUNT {
            let at = Block { start: 0, live };
            let mask = V::Mask::first(live);
            // What stands in the other lanes does not count.
            let [x, y] = [pack, factor].map(|pack| V::select(mask, pack, V::splat(T::INFINITY)));
            let [zero, nan] = [V::splat(T::ZERO), V::splat(T::NAN)];
            let mut levels = vec![T::ONE; 3 * LEVELS * V::Folded::COUNT];
            let mut out = [T::ONE; 3];
            let mut sums = ColumnSums::of_packs::<V>(&mut levels, &mut out, 3);
            add_lanes(sums.row(), 0, x, at);
            add_products(sums.row(), 2, x, y, at);
            add_products(sums.row(), 2, V::select(mask, zero, nan), y, at);
            sums.end_turn_of_packs::<V>();
            sums.finish_lanes::<V>();
            let [x, xy] = [x, x * y].map(|pack| V::select(mask, pack, zero).sum());
            assert_eq!(out, [T::ONE + x, T::ONE, T::ONE + xy], "{live}");
        }
        let table = random::<T>(16, 5);
        for first in 0..16 {
            let index = V::Index::iota(Block { start: first, live: V::COUNT });
            // The lowest bits of a number with as many units as 2^(width of the fraction) has.
            let places = (V::from_index(index) + V::splat(T::ROUND)).to_bits();
            if let Some(found) = V::lookup(&table, places) {
                assert!((0..V::COUNT).all(|lane| found.lane(lane) == table[(first + lane) % 16]), "{first}");
            }
        }
    }
}

#[test]
fn memory_and_folds_hold_at_every_level() {
    for level in Level::available() {
        dispatch_at::<f32, _>(level, Sums);
        dispatch_at::<f64, _>(level, Sums);
        dispatch_at::<f32, _>(level, Wide(Sums));
        dispatch_at::<f64, _>(level, Wide(Sums));
        dispatch_at::<f32, _>(level, Wide(Folds));
        dispatch_at::<f64, _>(level, Wide(Memory));
        dispatch_at(level, MulAdd);
        dispatch_at::<f32, _>(level, Folds);
        dispatch_at::<f64, _>(level, Folds);
        dispatch_at::<f32, _>(level, Memory);
        dispatch_at::<f64, _>(level, Memory);
    }
    Kernel::<f32>::run::<Pack<f32, 16>>(Folds);
    Kernel::<f64>::run::<Pack<f64, 8>>(Memory);
    Kernel::<f32>::run::<f32>(Folds);
    Kernel::<f64>::run::<f64>(Memory);
}

/// One of the accesses below, which reaches outside a slice of 40 elements.
struct Reaching(usize);

impl Kernel<f32> for Reaching {
    type Output = ();
    fn run<V: Lanes<f32>>(self) {
        let mut data = vec![0.0; 40];
        let full = Block { start: 0, live: V::COUNT };
        let zero = V::splat(0.0);
        match self.0 {
            0 => drop(V::load(&data, 41 - V::COUNT, full).sum()),
            1 => drop(V::load(&data, 39, Block { start: 1, live: 1 }).sum()),
            2 => drop(V::load_strided(&data, 1, -1, Block { start: 2, live: 1 }).sum()),
            3 => zero.store(&mut data, 41 - V::COUNT, full),
            4 => zero.store(&mut data, 30, Block { start: 10, live: 1 }),
            5 => zero.store_strided(&mut data, 39, 2, Block { start: 1, live: 1 }),
            6 => drop(V::load(&data, usize::MAX, full).sum()),
            _ => drop(V::load_strided(&data, 40, 0, full).sum()),
        }
    }
}

#[test]
fn no_access_outside_a_slice() {
    for level in Level::available() {
        for access in 0..8 {
            let reached = std::panic::catch_unwind(|| dispatch_at(level, Reaching(access)));
            assert!(reached.is_err(), "{level:?} {access}");
        }
    }
}
