//! The machine model: packs, caches, what a call or a thread costs; every threshold of the compiler that goes by speed or
//! by the length of code is derived here, or says what it was measured with.
//!
//! The compiler does not know on which processor its code will run. So a threshold follows from what all of them share
//! (packs of 64 bytes, lines of 64 bytes, 32 KiB next to the core), or holds on each that was measured.

/// Bytes of a pack of lanes, and of a line of a cache.
const PACK: i64 = 64;

/// Bytes of the cache next to the core.
const INNERMOST_CACHE: i64 = 32 << 10;

/// Lanes of the smallest pack, one of `f64`.
pub(crate) const LEAST_LANES: i64 = PACK / 8;

/// Lanes of the largest pack, one of `f32`.
pub(crate) const MOST_LANES: i64 = PACK / 4;

/// Turns that the runtime adds to a sum in memory one after the other, before it goes to levels; as in `simd/columns.rs`.
pub(crate) const RUN: i64 = 32;

/// Bytes of numbers that a thread computes in a microsecond, or more; as in the runtime's `parallel.rs`.
pub(crate) const MICROSECOND: i64 = 128_000;

/// Microseconds of work that the runtime makes a part of its own; as there.
pub(crate) const PART: i64 = 50;

/// Microseconds of work for which the runtime may start threads; as there.
pub(crate) const CALL: i64 = 200;

/// The most terms of a dimension: products of many sums of names grow as powers of two.
pub(crate) const DIMENSION_TERMS: usize = 256;

macro_rules! thresholds {
    ($($(#[doc = $why:literal])* $name:ident: $kind:ty = $value:expr, $what:literal;)*) => {
        $($(#[doc = $why])* pub(crate) const $name: $kind = $value;)*

        /// Each threshold: its name, its value, and what it says.
        #[cfg(test)]
        pub(crate) fn thresholds() -> Vec<(&'static str, String, &'static str)> {
            vec![$((stringify!($name), format!("{:?}", $name), $what)),*]
        }
    };
}

thresholds! {
    /// Costs are counted in additions (see `cost`). Two loads and a store cost as much.
    WORTH_STORING: u32 = 8, "what several nests use is kept from this cost on";
    /// It would be computed again in every turn of a loop around it: more than an addition is too much.
    WORTH_HOISTING: u32 = 2, "what is spread along an outer axis is kept from this cost on";
    /// Registers are few, and LLVM's time grows faster than the length of a function.
    LARGEST_LOOP: usize = 250, "what a loop weighs at most";
    /// It is written twice, with a last pack that is not full, and LLVM looks at all of the function for each loop.
    INNER_LOOP: usize = 25, "what a loop inside of another weighs";
    /// Formulas hardly have more between a sum and its products; it bounds the search.
    SUM_DEPTH: u32 = 8, "operations down to which a sum is searched for matrix products";
    /// Half of the smallest pack: to hand the work over to the product's kernel would cost more than the work.
    SHORT_PRODUCT: i64 = LEAST_LANES / 2, "known steps, or rows, up to which a product is a loop where it is used";
    /// 4 × 4 by 4 × 4: to read both operands lane by lane takes as long as to call the product's kernel.
    SMALL_MATRIX: i64 = 64, "known products of two numbers up to which the matrices of a batch are multiplied in lanes across it";
    /// A pack of the smallest size is full.
    FILLING: i64 = LEAST_LANES, "known columns from which it may be";
    /// Beyond it, the packs along a row are full enough.
    SHORT_AXIS: i64 = LEAST_LANES, "size up to which an axis is short when the program runs: the nest has a form for that";
    /// Lanes of a pack of `f32`: further apart, each lane is in a line of memory of its own.
    GATHERED: i64 = MOST_LANES, "known strides up to which packs are gathered";
    /// Rows of a hundred features, a hundred classes: what is longer hardly changes which form is best.
    TYPICAL: i64 = 128, "a size that the text leaves open, where forms of a nest are compared";
    /// To add up the lanes of a sum takes as long as eight packs, and eight lines wait in the queue for memory.
    SHORT_ROW: i64 = 8 * LEAST_LANES, "known length up to which rows are short: no memory is asked for ahead, no slice is made of them";
    /// A row fits into one pack of the smallest numbers.
    REGISTER_COLUMNS: i64 = MOST_LANES, "known columns up to which rows are summed in registers";
    /// So many rows of packs of `f64` stay in the cache next to the core.
    CACHED_ROWS: i64 = INNERMOST_CACHE / (8 * REGISTER_COLUMNS), "known rows up to which they are";
    /// Two runs of turns are added one after the other anyway.
    WITHOUT_LEVELS: i64 = 2 * RUN, "known turns up to which a sum in memory has no levels";
    /// A run of turns.
    SHORT_SUM: i64 = RUN, "known elements up to which a running sum is not compensated";
    /// As much as the runtime makes a part of, in `f64`.
    WORTH_CUTTING: i64 = PART * MICROSECOND / 8, "numbers that a loop is known to compute from which it can be cut";
    /// As much as the runtime starts a thread for, in `f64`.
    WORTH_THREADS: i64 = CALL * MICROSECOND / 8, "numbers that a call is known to compute from which it asks for threads";
    /// To find the widest lanes, and to call what uses them, takes longer than they would gain.
    TINY: i64 = 256, "known work up to which arithmetic is done without a call";
    /// In short loops wide packs are never full.
    MANY_TURNS: i64 = 256, "known turns from which packs may be wide";
    /// Chains of operations have to be so long that two of them side by side hide each other's wait.
    WIDE_COST: u32 = 25, "cost of the elementary functions of a loop from which packs may be wide";
    /// What is compiled twice must not be long.
    LONG_BODY: usize = 100, "statements up to which a loop over packs is written out again for its last pack, and may have wide ones";
    /// The programs share what both need: two that differ by less are not worth compiling twice.
    GRADIENT_SHARE: [usize; 2] = [3, 4], "values that the gradient alone needs, of so many with the loss, from which it has no program";
    /// LLVM's time grows faster than the length of a function.
    ENTRY_LENGTH: usize = 400, "statements that an entry point has in one piece, and each of the functions that it is cut into";
    /// As above; scalar statements are many where everything is written out.
    SCALAR_LENGTH: usize = 300, "scalar statements that stay in one function";
    /// Longer ones are hard to read.
    EXPRESSION_LENGTH: usize = 8, "operations in one printed expression";
}
