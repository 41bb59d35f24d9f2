//! What the compiler shows of itself to readers: the tables of the language reference.

pub mod reference;
