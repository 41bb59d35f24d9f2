//! What the register types share: how their functions are written down.

/// Associated functions, each one expression of intrinsics.
macro_rules! intrinsics {
    ($($name:ident($($arg:ident: $of:ty),*) -> $out:ty = $body:expr;)*) => {$(
        #[inline(always)]
        #[allow(unused_unsafe, reason = "safe where the target has the instructions without asking")]
        fn $name($($arg: $of),*) -> $out {
            // SAFETY: the target has the instructions, or the register exists only in kernels that the dispatcher runs,
            // after it has found the instructions of this level; what touches memory does so through references or within a slice whose length the
            // function has checked.
            unsafe { $body }
        }
    )*};
}

/// Shifts of bits on `x86`, by a constant, which the compiler folds into the instruction.
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
macro_rules! shifts {
    ($($name:ident($a:ident, $by:ident) -> $out:ty = $body:expr;)*) => {$(
        #[inline(always)]
        #[allow(unused_unsafe, reason = "safe where the target has the instructions without asking")]
        fn $name<const BY: i32>($a: $out) -> $out {
            // SAFETY: as above, the dispatcher has found the instructions; no memory is touched.
            unsafe {
                let $by = _mm_cvtsi32_si128(BY);
                $body
            }
        }
    )*};
}

/// What all registers keep in the same way: the types, and arrays of the same size and bits as the register.
macro_rules! layout {
    ($t:ident x $lanes:literal, mask $mask:ty, bits $bits:ty, fused $fused:expr, of $registers:literal) => {
        type Scalar = $t;
        type Mask = $mask;
        type Bits = $bits;
        type Array = [$t; $lanes];
        type Index = [i64; $lanes];
        const LANES: usize = $lanes;
        const FUSED: bool = $fused;
        const AVAILABLE: usize = $registers;
        const ZEROS: [$t; $lanes] = [0.0; $lanes];
        const ZERO_INDEX: [i64; $lanes] = [0; $lanes];

        intrinsics! {
            from_array(array: [$t; $lanes]) -> Self = core::mem::transmute::<[$t; $lanes], Self>(array);
            to_array(a: Self) -> [$t; $lanes] = core::mem::transmute::<Self, [$t; $lanes]>(a);
        }
        #[inline(always)]
        fn from_index(index: [i64; $lanes]) -> Self {
            let mut array = [0.0; $lanes];
            for lane in 0..$lanes {
                array[lane] = index[lane] as $t;
            }
            Self::from_array(array)
        }
    };
}

/// Loads and stores of less than a register, where there are no instructions for them.
#[allow(unused_macros, reason = "only the small registers need it")]
macro_rules! short {
    ($t:ident x $lanes:literal) => {
        #[inline(always)]
        fn load_first(from: &[$t]) -> Self {
            let mut array = [0.0; $lanes];
            for lane in 0..$lanes {
                if lane < from.len() {
                    array[lane] = from[lane];
                }
            }
            Self::from_array(array)
        }
        #[inline(always)]
        fn store_first(a: Self, to: &mut [$t]) {
            let array = Self::to_array(a);
            for lane in 0..$lanes {
                if lane < to.len() {
                    to[lane] = array[lane];
                }
            }
        }
    };
}

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
pub(super) use shifts;
pub(super) use {intrinsics, layout, short};
