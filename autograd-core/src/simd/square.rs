//! [`Square`]: as many packs as a pack has lanes.

use core::mem::MaybeUninit;

use super::Lanes;
use crate::float::Float;

/// No pack has more lanes.
pub(crate) const MOST_LANES: usize = 32;

/// As many packs as a pack has lanes, one after the other.
pub(crate) struct Square<V>([MaybeUninit<V>; MOST_LANES]);

impl<V> Square<V> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) const fn new() -> Self {
        Self([const { MaybeUninit::uninit() }; MOST_LANES])
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn set(&mut self, row: usize, pack: V) {
        self.0[row] = MaybeUninit::new(pack);
    }

    /// All rows, those from `live` on as 0.
    ///
    /// # Safety
    /// The first `live` rows have been set.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) unsafe fn rows<T: Float>(&mut self, live: usize) -> &mut [V]
    where
        V: Lanes<T>,
    {
        for row in live..V::COUNT {
            self.set(row, V::splat(T::ZERO));
        }
        let rows = core::ptr::from_mut(&mut self.0[..V::COUNT]);
        // SAFETY: the first ones have been set by the caller, the others here.
        unsafe { &mut *(rows as *mut [V]) }
    }
}

/// Transposes a square of packs: takes each row, then hands over each column.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn transpose<T: Float, V: Lanes<T>>(mut row: impl FnMut(usize) -> V, mut column: impl FnMut(usize, V)) {
    let mut square = Square::new();
    for i in 0..V::COUNT {
        square.set(i, row(i));
    }
    // SAFETY: all rows have been set.
    let rows = unsafe { square.rows(V::COUNT) };
    V::transpose(rows);
    for (i, pack) in rows.iter().enumerate() {
        column(i, *pack);
    }
}
