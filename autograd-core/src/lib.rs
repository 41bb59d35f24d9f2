//! The runtime of `model!`.
