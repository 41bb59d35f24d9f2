//! Models written by hand in the way that `model!` writes them, for the tests of the runtime.

#![allow(dead_code, unused_imports, clippy::many_single_char_names, reason = "each test uses some of it")]

pub mod linear;
pub mod mlp;
pub mod valley;

pub use linear::LinearRegression;
pub use mlp::Mlp;
pub use valley::Valley;

/// `Parameters` for a struct whose fields are tensors, as emitted code has it.
macro_rules! parameters {
    ($model:ident: $($index:literal $field:ident),*) => {
        impl<T: autograd_core::Float> autograd_core::Parameters for $model<T> {
            type Scalar = T;
            const NAMES: &'static [&'static str] = &[$(stringify!($field)),*];
            fn shape(&self, index: usize) -> &[usize] {
                match index {
                    $($index => autograd_core::__private::Tensor::<T>::shape(&self.$field),)*
                    _ => panic!("no parameter {index}"),
                }
            }
            fn values(&self, index: usize) -> std::borrow::Cow<'_, [T]> {
                match index {
                    $($index => autograd_core::__private::Tensor::<T>::values(&self.$field),)*
                    _ => panic!("no parameter {index}"),
                }
            }
            fn values_mut(&mut self, index: usize) -> &mut [T] {
                match index {
                    $($index => autograd_core::__private::Tensor::<T>::values_mut(&mut self.$field),)*
                    _ => panic!("no parameter {index}"),
                }
            }
        }
    };
}
pub(crate) use parameters;
