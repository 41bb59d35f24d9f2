//! Models whose names and shapes come close to what cannot be emitted.
