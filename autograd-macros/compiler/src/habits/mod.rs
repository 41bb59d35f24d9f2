//! What people know from Rust, Python and the libraries of both, and what it is called here: tables, and nothing else.
//!
//! A name that means the same is accepted as a synonym (`expit` is `sigmoid`), one that can be said otherwise is
//! translated with the user's own arguments (`clip(x, 0, 1)` into `clamp(x, 0, 1)`), and one that cannot is refused by
//! name, with a reason. Spelling distance comes after all of these.

pub mod arguments;
pub mod functions;
pub mod names;
pub mod signs;
