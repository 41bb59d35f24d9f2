//! The table behind hash-consing: from the hash of a node to its place. Deterministic (a fixed hash function, never
//! iterated over), and cheap in an unoptimised build, which is how macros usually run.

use std::hash::{Hash, Hasher};

use super::{NodeId, Type};
use crate::ops::Op;

/// Open addressing with linear probing; the capacity is a power of two.
#[derive(Clone, Debug, Default)]
pub(super) struct Interner {
    slots: Vec<Option<(u64, u32)>>,
    used: usize,
}

impl Interner {
    /// The place with this hash that `is_equal` accepts.
    pub(super) fn find(&self, hash: u64, is_equal: impl Fn(u32) -> bool) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let mask = self.slots.len() - 1;
        let mut at = start(hash, mask);
        while let Some((candidate, place)) = self.slots[at] {
            if candidate == hash && is_equal(place) {
                return Some(place);
            }
            at = (at + 1) & mask;
        }
        None
    }

    /// Adds a place under its hash.
    pub(super) fn insert(&mut self, hash: u64, place: u32) {
        if 2 * (self.used + 1) > self.slots.len() {
            self.grow();
        }
        self.used += 1;
        put(&mut self.slots, hash, place);
    }

    fn grow(&mut self) {
        let mut larger = vec![None; (2 * self.slots.len()).max(64)];
        for (hash, place) in self.slots.drain(..).flatten() {
            put(&mut larger, hash, place);
        }
        self.slots = larger;
    }
}

fn put(slots: &mut [Option<(u64, u32)>], hash: u64, place: u32) {
    let mask = slots.len() - 1;
    let mut at = start(hash, mask);
    while slots[at].is_some() {
        at = (at + 1) & mask;
    }
    slots[at] = Some((hash, place));
}

fn start(hash: u64, mask: usize) -> usize {
    usize::try_from(hash >> 32).unwrap_or(0) & mask
}

/// The hash of a node's content.
pub(super) fn hash_of(op: &Op, operands: &[NodeId], ty: &Type) -> u64 {
    let mut hasher = Multiplicative(0);
    op.hash(&mut hasher);
    operands.hash(&mut hasher);
    ty.elem.hash(&mut hasher);
    hasher.finish()
}

/// Multiply, rotate and add: one word at a time.
struct Multiplicative(u64);

impl Hasher for Multiplicative {
    fn finish(&self) -> u64 {
        let mixed = (self.0 ^ (self.0 >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed ^ (mixed >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(23) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }
}
