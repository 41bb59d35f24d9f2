//! The runtime of `model!`.

pub mod contract;
pub mod float;
pub mod math;
pub mod simd;

mod clip;
mod error;
pub mod gradcheck;
pub mod init;
mod model;
pub mod optimizer;
pub mod schedule;
mod session;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use clip::{Clip, global_norm};
pub use error::{Error, Origin};
pub use float::Float;
pub use gradcheck::gradcheck;
pub use model::{Model, Objective, Parameters, Workspace};
pub use optimizer::{Adagrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RmsProp, Sgd};
pub use session::Session;
