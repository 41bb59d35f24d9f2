//! A small generator of numbers (xorshift): the same on every machine.

/// The state of the generator.
pub struct Random(u64);

impl Random {
    /// A generator of its own for each model.
    pub fn new(seed: u64, number: u64) -> Self {
        let mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mut random = Self(mixed | 1);
        (0..8).for_each(|_| random.skip());
        random
    }

    fn skip(&mut self) {
        let _ = self.next();
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// An index below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() >> 33).expect("31 bits") % count
    }

    /// True once in `count` times.
    pub fn once_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    /// One of several.
    pub fn pick<'a, A: ?Sized>(&mut self, choices: &[&'a A]) -> &'a A {
        choices[self.below(choices.len())]
    }

    /// A number between two.
    #[expect(clippy::cast_precision_loss, reason = "32 bits")]
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() >> 32) as f64 / 4_294_967_296.0
    }
}
