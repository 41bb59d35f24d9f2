//! The compiler behind `model!`.
