//! The procedural macro behind `autograd_core::model!`.
