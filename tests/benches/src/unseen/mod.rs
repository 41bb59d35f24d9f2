//! The suite `unseen`: computations that no rule of the compiler was made for, each beside the best that we can write by hand
//! or the same model in a better layout.
//!
//! A row is a problem, a type of numbers and what is asked: `regression/17/f32/gradient`. One file a family, and a feature
//! of this package for each, so that one can be built alone.

#![cfg_attr(
    not(feature = "unseen"),
    allow(dead_code, unused_imports, unused_macros, unused_mut, reason = "families share what each may leave")
)]

mod frame;
#[cfg(feature = "counts")]
mod gamma;
#[cfg(any(feature = "regressions", feature = "short"))]
mod linear;

use crate::Case;

/// Declares each family under its feature, and the list of all their rows.
macro_rules! families {
    ($($family:ident $feature:literal,)*) => {
        $(#[cfg(feature = $feature)]
        mod $family;)*

        /// Every row of the suite, family by family.
        #[must_use]
        pub fn cases() -> Vec<Case> {
            let mut cases = Vec::new();
            $(#[cfg(feature = $feature)]
            $family::add(&mut cases);)*
            cases
        }
    };
}

families! {
    short "short",
    particles "particles",
    centres "centres",
    kernels "kernels",
    rotations "rotations",
    slices "slices",
    attention "attention",
    regressions "regressions",
    counts "counts",
    strided "strided",
    series "series",
    choices "choices",
    learning "learning",
    quadratic "quadratic",
}
