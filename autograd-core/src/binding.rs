//! Size binding: finds the sizes of dimensions and checks them before emitted code computes, and keeps its buffers.
//!
//! Invariant: whatever does not fit is an [`Error`] before anything is written to the model.

use core::ops::{Add, Div, Mul, Sub};
use core::sync::atomic::{AtomicUsize, Ordering};

use ndarray::{Array, ArrayBase, Data, Dimension, IntoDimension};

use crate::error::{Error, Origin};
use crate::float::Float;

/// A dimension being worked out in `i64`: the first thing that goes wrong is kept.
#[derive(Clone, Copy, Debug)]
pub struct Exact(Result<i64, Failure>);

#[derive(Clone, Copy, Debug)]
enum Failure {
    Overflow,
    Division { dividend: i64, divisor: i64 },
}

/// The size of an axis, to calculate with.
#[cfg_attr(not(debug_assertions), inline)]
#[must_use]
pub fn exact(size: usize) -> Exact {
    Exact(i64::try_from(size).map_err(|_| Failure::Overflow))
}

/// A constant, to calculate with.
#[cfg_attr(not(debug_assertions), inline)]
#[must_use]
pub const fn constant(value: i64) -> Exact {
    Exact(Ok(value))
}

impl Exact {
    #[cfg_attr(not(debug_assertions), inline)]
    fn with(self, other: Self, f: impl FnOnce(i64, i64) -> Option<i64>) -> Self {
        Self(match (self.0, other.0) {
            (Ok(a), Ok(b)) => f(a, b).ok_or(Failure::Overflow),
            (Err(failure), _) | (_, Err(failure)) => Err(failure),
        })
    }

    /// The result as a size.
    ///
    /// # Errors
    /// If it is negative, out of range, or no whole number.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn extent(self, extent: &'static str) -> Result<usize, Error> {
        let value = self.value(extent)?;
        usize::try_from(value).map_err(|_| Error::NegativeExtent { extent, value })
    }

    fn value(self, extent: &'static str) -> Result<i64, Error> {
        self.0.map_err(|failure| match failure {
            Failure::Overflow => Error::ExtentOverflow { extent },
            Failure::Division { dividend, divisor } => Error::InexactDivision { extent, dividend, divisor },
        })
    }

    /// The quotient rounded down; a divisor below 1 is a failure.
    #[must_use]
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn floor(self, other: Self) -> Self {
        match (self.0, other.0) {
            (Ok(dividend), Ok(divisor)) if divisor < 1 => Self(Err(Failure::Division { dividend, divisor })),
            _ => self.with(other, i64::checked_div_euclid),
        }
    }

    /// The result as a size, for a model that is being made.
    ///
    /// # Panics
    /// If it is negative, out of range, or no whole number.
    #[must_use]
    #[track_caller]
    pub fn size(self, extent: &'static str) -> usize {
        self.extent(extent).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The size of a dimension that was solved for.
    ///
    /// # Errors
    /// [`Error::Unsolvable`] if it is none.
    pub fn solution(
        self,
        origin: Origin,
        axis: usize,
        extent: &'static str,
        dimension: &'static str,
        found: usize,
    ) -> Result<usize, Error> {
        let size = self.0.ok().and_then(|value| usize::try_from(value).ok());
        size.ok_or(Error::Unsolvable { origin, axis, extent, dimension, found })
    }
}

impl Add for Exact {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline)]
    fn add(self, other: Self) -> Self {
        self.with(other, i64::checked_add)
    }
}

impl Sub for Exact {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline)]
    fn sub(self, other: Self) -> Self {
        self.with(other, i64::checked_sub)
    }
}

impl Mul for Exact {
    type Output = Self;
    #[cfg_attr(not(debug_assertions), inline)]
    fn mul(self, other: Self) -> Self {
        self.with(other, i64::checked_mul)
    }
}

impl Div for Exact {
    type Output = Self;
    /// Exact: a remainder, or a divisor of 0, is a failure.
    #[cfg_attr(not(debug_assertions), inline)]
    fn div(self, other: Self) -> Self {
        match (self.0, other.0) {
            (Ok(dividend), Ok(divisor)) if dividend.checked_rem(divisor) != Some(0) => {
                Self(Err(Failure::Division { dividend, divisor }))
            }
            _ => self.with(other, i64::checked_div),
        }
    }
}

/// Checks that other axes have the size that the first one gave a dimension.
///
/// # Errors
/// [`Error::Dimension`] for the first that has not.
#[cfg_attr(not(debug_assertions), inline)]
pub fn check_dimension<const N: usize>(
    dimension: &'static str,
    first: (Origin, usize),
    sizes: [usize; N],
    origins: &'static [Origin; N],
) -> Result<(), Error> {
    match sizes.iter().position(|&size| size != first.1) {
        None => Ok(()),
        Some(place) => Err(Error::Dimension { dimension, first, second: (origins[place], sizes[place]) }),
    }
}

/// Checks that an axis has the size that its shape works out to.
///
/// # Errors
/// [`Error::Extent`] if it has not; the errors of [`Exact::extent`].
#[cfg_attr(not(debug_assertions), inline)]
pub fn check_extent(
    origin: Origin,
    axis: usize,
    extent: &'static str,
    expected: Exact,
    found: usize,
) -> Result<(), Error> {
    let size = expected.extent(extent)?;
    if size == found {
        return Ok(());
    }
    Err(Error::Extent { origin, axis, extent, expected: expected.value(extent)?, found })
}

/// Checks that all class indices are below `size`.
///
/// # Errors
/// [`Error::IndexOutOfRange`] for the first one that is not.
#[cfg_attr(not(debug_assertions), inline)]
pub fn check_classes<S: Data<Elem = usize>, D: Dimension>(
    origin: Origin,
    classes: &ArrayBase<S, D>,
    dimension: &'static str,
    size: usize,
) -> Result<(), Error> {
    let fits = match classes.as_slice_memory_order() {
        // Without an early end, so that it runs in lanes.
        Some(classes) => classes.iter().copied().max().is_none_or(|largest| largest < size),
        None => classes.iter().all(|&class| class < size),
    };
    if fits { Ok(()) } else { Err(first_out_of_range(origin, classes, dimension, size)) }
}

/// Checks what was found of a subscript: `first` is the place, in row-major order of the `shape` of the indices that it
/// depends on, of the first that lies outside, and `value` that subscript; there is none if `first` is the number of places.
///
/// # Errors
/// [`Error::SubscriptOutOfRange`] if there is one.
#[cfg_attr(not(debug_assertions), inline)]
pub fn check_subscript(
    array: &'static str,
    axis: usize,
    shape: &[usize],
    first: i64,
    value: i64,
    size: usize,
) -> Result<(), Error> {
    #[allow(clippy::cast_sign_loss, clippy::cast_possible_truncation, reason = "a position, or -1 if there is none")]
    let place = first as usize;
    if place >= shape.iter().product() {
        return Ok(());
    }
    Err(Error::SubscriptOutOfRange { array, axis, position: position_of(place, shape), value, size })
}

/// Checks what was found of an array whose numbers are made integers: `first` is the place, in row-major order of its `shape`,
/// of the first that none is, and `value` that number; there is none if `first` is the number of places.
///
/// # Errors
/// [`Error::NoInteger`] if there is one.
#[cfg_attr(not(debug_assertions), inline)]
pub fn check_integer<T: Float>(array: &'static str, shape: &[usize], first: i64, value: T) -> Result<(), Error> {
    #[allow(clippy::cast_sign_loss, clippy::cast_possible_truncation, reason = "a position, or -1 if there is none")]
    let place = first as usize;
    if place >= shape.iter().product() {
        return Ok(());
    }
    Err(Error::NoInteger { array, position: position_of(place, shape), value: format!("{value:?}") })
}

/// The position along each axis of a place in row-major order.
#[cold]
fn position_of(place: usize, shape: &[usize]) -> Vec<usize> {
    let mut rest = place;
    let mut position: Vec<usize> = (shape.iter().rev())
        .map(|&extent| {
            let subscript = rest % extent;
            rest /= extent;
            subscript
        })
        .collect();
    position.reverse();
    position
}

#[cold]
fn first_out_of_range<S: Data<Elem = usize>, D: Dimension>(
    origin: Origin,
    classes: &ArrayBase<S, D>,
    dimension: &'static str,
    size: usize,
) -> Error {
    let (place, class) = classes.iter().copied().enumerate().find(|&(_, class)| class >= size).unwrap_or((0, size));
    let position = position_of(place, classes.shape());
    Error::IndexOutOfRange { origin, position, value: signed(class), dimension, size }
}

/// Checks that a class index is below `size`.
///
/// # Errors
/// [`Error::IndexOutOfRange`] if it is not.
#[cfg_attr(not(debug_assertions), inline)]
pub fn check_class(origin: Origin, class: usize, dimension: &'static str, size: usize) -> Result<(), Error> {
    if class < size {
        return Ok(());
    }
    let value = signed(class);
    Err(Error::IndexOutOfRange { origin, position: Vec::new(), value, dimension, size })
}

/// A class index as it was before somebody made a `usize` of it: -1 is the largest one.
fn signed(class: usize) -> i64 {
    i64::try_from(class.cast_signed()).expect("an isize has at most 64 bits")
}

/// Checks that an axis that an extreme is looked for along is not empty.
///
/// # Errors
/// [`Error::EmptyAxis`] if it is.
#[cfg_attr(not(debug_assertions), inline)]
pub fn check_nonempty(operation: &'static str, dimension: &'static str, size: usize) -> Result<(), Error> {
    if size > 0 { Ok(()) } else { Err(Error::EmptyAxis { operation, dimension }) }
}

/// The most numbers of an array: no machine has more memory, and what is calculated with them, levels and packs of them
/// included, stays in the range of `usize`.
const MOST: usize = 1 << 44;

/// Memory of so many bytes has been there: nobody need look again.
static SEEN: AtomicUsize = AtomicUsize::new(1 << 26);

/// Whether there is memory for so many of these, `None` for more than can be said.
#[cfg_attr(not(debug_assertions), inline)]
fn has_room<A>(count: Option<usize>) -> bool {
    match count {
        Some(count) if count <= MOST => {
            let bytes = count * size_of::<A>();
            bytes <= SEEN.load(Ordering::Relaxed) || can_be_had(bytes)
        }
        Some(_) | None => false,
    }
}

/// Whether there is memory for an array of such a shape.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn has_room_for<A>(shape: &[usize]) -> bool {
    // Extents of 0 count 1: also what is calculated with some of the extents stays in range.
    has_room::<A>(shape.iter().try_fold(1_usize, |count, &extent| count.checked_mul(extent.max(1))))
}

/// Whether memory can be had: by asking for it, and giving it back.
#[cold]
fn can_be_had(bytes: usize) -> bool {
    let is_there = Vec::<u8>::new().try_reserve_exact(bytes).is_ok();
    if is_there {
        SEEN.fetch_max(bytes, Ordering::Relaxed);
    }
    is_there
}

/// Checks that there is memory for arrays of `A`s that a call will need.
///
/// # Errors
/// [`Error::TooLarge`] for the first for which there is not.
#[cfg_attr(not(debug_assertions), inline)]
pub fn check_room<A>(arrays: &[(&'static str, &[usize])]) -> Result<(), Error> {
    for &(name, shape) in arrays {
        if !has_room_for::<A>(shape) {
            return Err(Error::TooLarge { origin: Origin::Value(name), shape: shape.to_vec() });
        }
    }
    Ok(())
}

/// Checks that there is memory for a copy of an array that needs one: of a view that shows the same elements again and
/// again, it is larger than what is there.
///
/// # Errors
/// [`Error::TooLarge`] if there is not.
#[cfg_attr(not(debug_assertions), inline)]
pub fn check_copy<S: Data, D: Dimension>(origin: Origin, array: &ArrayBase<S, D>) -> Result<(), Error> {
    // Small ones need not be looked at.
    if array.len() <= 1 << 20 || array.is_standard_layout() || has_room::<S::Elem>(Some(array.len())) {
        return Ok(());
    }
    Err(Error::TooLarge { origin, shape: array.shape().to_vec() })
}

/// The first `len` elements of a buffer, which is replaced by one of this length if it is shorter. What they are is not
/// specified.
#[cfg_attr(not(debug_assertions), inline)]
pub fn grow<A: Copy + Default>(buffer: &mut Vec<A>, len: usize) -> &mut [A] {
    if buffer.len() < len {
        replace(buffer, len);
    }
    &mut buffer[..len]
}

/// The old buffer is gone before the new one is there.
#[cold]
fn replace<A: Copy + Default>(buffer: &mut Vec<A>, len: usize) {
    *buffer = Vec::new();
    *buffer = vec![A::default(); len];
}

/// A cache line, in bytes: a pack that begins one is read at once, any other in two pieces.
const LINE: usize = 64;

/// So many elements fill whole cache lines that `len` of them have room.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn whole_lines<A>(len: usize) -> usize {
    len.next_multiple_of(LINE / size_of::<A>())
}

/// The first `len` elements of a buffer that begin a cache line. It is replaced if it is too short; what they are is not
/// specified.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn aligned<A: Copy + Default>(buffer: &mut Vec<A>, len: usize) -> &mut [A] {
    if len == 0 {
        return &mut [];
    }
    let spare = LINE / size_of::<A>();
    let memory = grow(buffer, len + spare);
    let skip = memory.as_ptr().align_offset(LINE).min(spare);
    &mut memory[skip..][..len]
}

/// Buffers of these lengths in one that is replaced if it is shorter, each at the begin of a cache line. What they hold is
/// not specified.
///
/// # Panics
/// Never: they fill it.
#[cfg_attr(not(debug_assertions), inline)]
pub fn slots<A: Copy + Default, const N: usize>(memory: &mut Vec<A>, lengths: [usize; N]) -> [&mut [A]; N] {
    let mut rest = aligned(memory, lengths.iter().map(|&length| whole_lines::<A>(length)).sum());
    lengths.map(|length| {
        let slot = rest.split_off_mut(..whole_lines::<A>(length)).expect("there is as much as all of them need");
        &mut slot[..length]
    })
}

/// Where `N` buffers lie in the one that holds them, for functions that touch a few of them each.
#[derive(Clone, Debug)]
pub struct Slots<const N: usize> {
    /// Where each begins, and how long it is.
    places: [(usize, usize); N],
    len: usize,
}

impl<const N: usize> Slots<N> {
    /// Slots of these lengths, each length with the number of slots that have it.
    #[must_use]
    pub fn of<A>(lengths: &[(usize, usize)]) -> Self {
        let mut slots = Self { places: [(0, 0); N], len: 0 };
        let lengths = lengths.iter().flat_map(|&(length, count)| core::iter::repeat_n(length, count));
        for (place, length) in slots.places.iter_mut().zip(lengths) {
            *place = (slots.len, length);
            slots.len += whole_lines::<A>(length);
        }
        slots
    }

    /// The slots with these numbers, which rise. What they hold is what the last call with as much memory has left there.
    ///
    /// # Panics
    /// If the numbers do not rise, or there is no such slot.
    pub fn take<'m, A: Copy + Default, const M: usize>(
        &self,
        memory: &'m mut Vec<A>,
        numbers: [usize; M],
    ) -> [&'m mut [A]; M] {
        let (mut rest, mut at) = (aligned(memory, self.len), 0);
        numbers.map(|number| {
            let (start, length) = self.places[number];
            let taken = rest.split_off_mut(..start + length - at).expect("there is as much as all of them need");
            let skip = start - at;
            at = start + length;
            &mut taken[skip..]
        })
    }
}

/// The elements of an array that is made anew if it has not the shape or is not in row-major order.
///
/// # Panics
/// Never: the array is in row-major order by then.
#[cfg_attr(not(debug_assertions), inline)]
pub fn shaped<A: Copy + Default, D: Dimension>(
    array: &mut Array<A, D>,
    shape: impl IntoDimension<Dim = D>,
) -> &mut [A] {
    let shape = shape.into_dimension();
    if array.raw_dim() != shape || !array.is_standard_layout() {
        *array = Array::from_elem(shape, A::default());
    }
    array.as_slice_mut().expect("it is in row-major order")
}

/// What a model says to an index that none of its tensors has.
///
/// # Panics
/// Always.
#[cold]
#[track_caller]
pub fn no_tensor(index: usize, count: usize) -> ! {
    panic!("there is no tensor {index}: the model has {count}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, array};

    #[test]
    fn dimensions_are_exact() {
        let half = |n: usize| (exact(n) / constant(2)).extent("N/2");
        assert_eq!(half(6), Ok(3));
        assert_eq!(half(7), Err(Error::InexactDivision { extent: "N/2", dividend: 7, divisor: 2 }));
        let less = (exact(1) - constant(3)).extent("N - 3");
        assert_eq!(less, Err(Error::NegativeExtent { extent: "N - 3", value: -2 }));
        let much = (exact(usize::MAX / 2) * constant(4)).extent("4*N");
        assert_eq!(much, Err(Error::ExtentOverflow { extent: "4*N" }));
    }

    #[test]
    fn arrays_beyond_memory_are_named() {
        let refused =
            |name, shape: &[usize]| Err(Error::TooLarge { origin: Origin::Value(name), shape: shape.to_vec() });
        assert_eq!(check_room::<f64>(&[("a", &[3, 0]), ("b", &[])]), Ok(()));
        for shape in [&[1 << 32, 1 << 32][..], &[1 << 32, 0, 1 << 33], &[usize::MAX], &[1 << 45]] {
            assert_eq!(check_room::<f64>(&[("a", &[3]), ("b", shape)]), refused("b", shape));
        }
        let one = array![1.0_f32];
        let many = one.broadcast(1 << 45).expect("one element, many times");
        let error = check_copy(Origin::Input("x"), &many).expect_err("128 TiB");
        assert_eq!(error, Error::TooLarge { origin: Origin::Input("x"), shape: vec![1 << 45] });
        assert_eq!(check_copy(Origin::Input("x"), &one.broadcast(1 << 22).expect("16 MiB")), Ok(()));
    }

    #[test]
    fn a_class_out_of_range_is_named() {
        let classes = array![[0_usize, 1], [2, 5]];
        let origin = Origin::Input("label");
        assert_eq!(check_classes(origin, &classes, "K", 6), Ok(()));
        let error = check_classes(origin, &classes.t(), "K", 5).expect_err("5 is not below 5");
        let expected = Error::IndexOutOfRange { origin, position: vec![1, 1], value: 5, dimension: "K", size: 5 };
        assert_eq!(error, expected);
    }

    #[test]
    fn slots_begin_cache_lines() {
        let mut memory = Vec::new();
        for lengths in [[3, 0, 100], [16, 17, 5], [0, 0, 0]] {
            let slots = slots::<f32, 3>(&mut memory, lengths);
            assert_eq!(slots.each_ref().map(|slot| slot.len()), lengths);
            assert!(slots.iter().all(|slot| slot.is_empty() || slot.as_ptr().align_offset(LINE) == 0));
        }
        let mut flags = Vec::new();
        let flags = slots::<bool, 2>(&mut flags, [1, 65]);
        assert_eq!(flags[1].as_ptr().addr() - flags[0].as_ptr().addr(), LINE);
    }

    #[test]
    fn some_slots_are_where_all_are() {
        let (mut memory, mut same) = (Vec::new(), Vec::new());
        let slots = slots::<f32, 4>(&mut memory, [3, 3, 0, 100]);
        let starts = slots.each_ref().map(|slot| slot.as_ptr().addr() - slots[0].as_ptr().addr());
        let few = Slots::<4>::of::<f32>(&[(3, 2), (0, 1), (100, 1)]);
        few.take(&mut same, [1])[0].fill(5.0);
        let taken = few.take(&mut same, [0, 1, 3]);
        assert_eq!(taken.each_ref().map(|slot| slot.len()), [3, 3, 100]);
        assert_eq!(taken[1], [5.0; 3]);
        let first = taken[0].as_ptr().addr();
        assert_eq!(first % LINE, 0);
        assert_eq!(taken.map(|slot| slot.as_ptr().addr() - first), [starts[0], starts[1], starts[3]]);
        assert!(few.take::<f32, 0>(&mut same, []).is_empty());
    }

    #[test]
    fn results_keep_their_memory() {
        let mut out = Array2::<f64>::default((0, 0));
        assert_eq!(shaped(&mut out, [2, 3]).len(), 6);
        let place = out.as_ptr();
        let _ = shaped(&mut out, [2, 3]);
        assert_eq!(out.as_ptr(), place);
    }
}
