//! Initialisers: what parameters start from, as in `param w: [D, H] = kaiming_uniform();`.
//!
//! Everything is drawn in `f64` and then rounded, each parameter from a [`stream`] of its own that follows from one
//! number drawn from the user's generator and from the parameter's name. So `f32` and `f64` models agree, and a
//! parameter that is added to a model leaves the others as they were. The generator is a named one, and nothing but
//! IEEE arithmetic and square roots shapes what it gives: the same seed gives the same bits on every machine.
//!
//! **Fans.** A weight of shape `[in, out]` is used as `x @ w`: its fan-in is `in`, its fan-out `out`. With more axes,
//! those before the last two are the receptive field and count for both (TensorFlow's layout of kernels); a vector has
//! its length for both, a scalar 1.

mod draw;
mod orthogonal;

use ndarray::{Array, Dimension, IntoDimension};
use rand::Rng;

pub(crate) use draw::below;
pub use draw::stream;

use crate::Random;
use crate::binding::has_room_for;
use crate::error::{Error, Origin};
use crate::float::Float;
use draw::unit;

/// How the numbers of a parameter are made up.
///
/// ```
/// use autograd_core::init::{kaiming_uniform, stream};
/// use ndarray::Array2;
/// let w: Array2<f32> = kaiming_uniform().array([784, 256], &mut stream(42, "w1"));
/// assert!(w.iter().all(|w| w.abs() < (6.0_f32 / 784.0).sqrt()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Initializer {
    /// The same number everywhere.
    Constant(f64),
    /// Evenly from `low..high`.
    Uniform {
        /// The least value.
        low: f64,
        /// What all values are below, up to rounding.
        high: f64,
    },
    /// From the normal distribution.
    Normal {
        /// The mean.
        mean: f64,
        /// The standard deviation.
        std: f64,
    },
    /// From the normal distribution, drawing again what is more than two standard deviations from the mean.
    TruncatedNormal {
        /// The mean.
        mean: f64,
        /// The standard deviation before the tails are cut; what is drawn has 0.88 of it.
        std: f64,
    },
    /// With mean 0 and variance `variance / fan`.
    Scaled {
        /// The variance for a fan of 1.
        variance: f64,
        /// Which fan.
        fan: Fan,
        /// Which distribution.
        law: Law,
    },
    /// A random matrix with orthonormal rows or columns (whichever are fewer) times a factor, evenly distributed over
    /// these (Saxe, `McClelland` and Ganguli 2014). All axes but the last make up the rows.
    Orthogonal {
        /// The factor.
        gain: f64,
    },
    /// 1 where all subscripts are equal, 0 elsewhere.
    Identity,
    /// The same positive number everywhere, with the sum 1 along the last axis.
    Simplex,
}

/// Which fan the variance of [`Initializer::Scaled`] is divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fan {
    /// The fan-in: signals keep their variance going forward.
    In,
    /// The fan-out: gradients keep theirs going backward.
    Out,
    /// The mean of both.
    Mean,
}

/// The distribution of [`Initializer::Scaled`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// Even, from an interval around 0.
    Uniform,
    /// Normal, not truncated.
    Normal,
}

impl Fan {
    /// The fan of a shape.
    #[expect(clippy::cast_precision_loss, reason = "no one has 2^53 of anything")]
    fn of(self, shape: &[usize]) -> f64 {
        let (fan_in, fan_out) = match *shape {
            [] => (1.0, 1.0),
            [n] => (n as f64, n as f64),
            [ref field @ .., n, m] => {
                let field = field.iter().product::<usize>() as f64;
                (field * n as f64, field * m as f64)
            }
        };
        match self {
            Self::In => fan_in,
            Self::Out => fan_out,
            Self::Mean => f64::midpoint(fan_in, fan_out),
        }
    }
}

impl Initializer {
    /// An array of a shape, drawn from `rng`; see [`stream`].
    ///
    /// # Panics
    /// If there is not enough memory for the shape.
    #[track_caller]
    pub fn array<T: Float, D: Dimension>(self, shape: impl IntoDimension<Dim = D>, rng: &mut impl Rng) -> Array<T, D> {
        let shape = shape.into_dimension();
        assert!(
            has_room_for::<f64>(shape.slice()),
            "there is not enough memory for an array of shape {:?}",
            shape.slice()
        );
        let values = self.draw(shape.slice(), rng).into_iter().map(T::from_f64).collect();
        Array::from_shape_vec(shape, values).expect("as many values are drawn as the shape has")
    }

    /// A number, drawn from `rng`; see [`stream`].
    pub fn scalar<T: Float>(self, rng: &mut impl Rng) -> T {
        T::from_f64(self.draw(&[], rng)[0])
    }

    /// Multiplies what is drawn with `gain`: `xavier_uniform().gain(5.0 / 3.0)` before a `tanh`.
    ///
    /// The identity and the simplex have no gain of their own and stay as they are.
    #[must_use]
    pub fn gain(self, gain: f64) -> Self {
        match self {
            Self::Constant(value) => Self::Constant(gain * value),
            Self::Uniform { low, high } => Self::Uniform { low: gain * low, high: gain * high },
            Self::Normal { mean, std } => Self::Normal { mean: gain * mean, std: gain * std },
            Self::TruncatedNormal { mean, std } => Self::TruncatedNormal { mean: gain * mean, std: gain * std },
            Self::Scaled { variance, fan, law } => Self::Scaled { variance: gain * gain * variance, fan, law },
            Self::Orthogonal { gain: own } => Self::Orthogonal { gain: gain * own },
            Self::Identity | Self::Simplex => self,
        }
    }

    /// The values of a shape in row-major order.
    fn draw(self, shape: &[usize], rng: &mut impl Rng) -> Vec<f64> {
        let len = shape.iter().product();
        match self {
            Self::Constant(value) => vec![value; len],
            Self::Uniform { low, high } => (0..len).map(|_| low + (high - low) * unit(rng)).collect(),
            Self::Normal { mean, std } => {
                let mut random = Random::<f64, _>::new(rng);
                (0..len).map(|_| mean + std * random.next_normal()).collect()
            }
            Self::TruncatedNormal { mean, std } => {
                let mut random = Random::<f64, _>::new(rng);
                let mut inside = || loop {
                    let x = random.next_normal();
                    if x.abs() <= 2.0 {
                        return x;
                    }
                };
                (0..len).map(|_| mean + std * inside()).collect()
            }
            Self::Scaled { variance, fan, law } => {
                let variance = variance / fan.of(shape);
                let bound = (3.0 * variance).sqrt();
                match law {
                    Law::Uniform => Self::Uniform { low: -bound, high: bound },
                    Law::Normal => Self::Normal { mean: 0.0, std: variance.sqrt() },
                }
                .draw(shape, rng)
            }
            Self::Orthogonal { gain } => orthogonal::draw(shape, gain, rng),
            Self::Identity => diagonal(shape),
            Self::Simplex => {
                #[expect(clippy::cast_precision_loss, reason = "no one has 2^53 of anything")]
                let share = shape.last().map_or(1.0, |&count| 1.0 / count as f64);
                vec![share; len]
            }
        }
    }
}

/// The first value of a parameter or a state, from a stream of its own.
///
/// # Panics
/// With [`Error::TooLarge`] if there is not enough memory for the shape.
#[doc(hidden)]
#[track_caller]
pub fn drawn<T: Float, D: Dimension>(
    origin: Origin,
    initializer: Initializer,
    shape: impl IntoDimension<Dim = D>,
    seed: u64,
) -> Array<T, D> {
    let shape = shape.into_dimension();
    assert!(has_room_for::<f64>(shape.slice()), "{}", Error::TooLarge { origin, shape: shape.slice().to_vec() });
    initializer.array(shape, &mut stream(seed, origin.name()))
}

/// Ones on the diagonal.
fn diagonal(shape: &[usize]) -> Vec<f64> {
    let mut values = vec![0.0; shape.iter().product()];
    let stride: usize = shape.iter().rev().scan(1, |size, n| Some(std::mem::replace(size, *size * n))).sum();
    for i in 0..shape.iter().copied().min().unwrap_or(1) {
        values[i * stride] = 1.0;
    }
    values
}

/// Zeros.
#[must_use]
pub const fn zeros() -> Initializer {
    Initializer::Constant(0.0)
}

/// Ones.
#[must_use]
pub const fn ones() -> Initializer {
    Initializer::Constant(1.0)
}

/// The same number everywhere.
#[must_use]
pub const fn constant(value: f64) -> Initializer {
    Initializer::Constant(value)
}

/// Evenly from `low..high`.
#[must_use]
pub const fn uniform(low: f64, high: f64) -> Initializer {
    Initializer::Uniform { low, high }
}

/// From the normal distribution.
#[must_use]
pub const fn normal(mean: f64, std: f64) -> Initializer {
    Initializer::Normal { mean, std }
}

/// From the normal distribution, drawing again what is more than two standard deviations from the mean, as
/// TensorFlow's `truncated_normal` does. (`PyTorch`'s `trunc_normal_` cuts at -2 and 2, whatever the deviation.)
#[must_use]
pub const fn truncated_normal(mean: f64, std: f64) -> Initializer {
    Initializer::TruncatedNormal { mean, std }
}

/// Initialisers that scale with a fan: the function, its other name, and what it is.
macro_rules! scaled {
    ($($name:ident $(, $alias:ident)?: $variance:literal, $fan:ident, $law:ident, $doc:literal;)*) => {$(
        #[doc = $doc]
        #[must_use]
        pub const fn $name() -> Initializer {
            Initializer::Scaled { variance: $variance, fan: Fan::$fan, law: Law::$law }
        }

        $(
            #[doc = concat!("Another name of [`", stringify!($name), "`].")]
            #[must_use]
            pub const fn $alias() -> Initializer {
                $name()
            }
        )?
    )*};
}

scaled! {
    xavier_uniform, glorot_uniform: 1.0, Mean, Uniform,
        "Evenly from ±sqrt(6 / (fan-in + fan-out)) (Glorot and Bengio 2010, equation 16): before `tanh` and the like.";
    xavier_normal, glorot_normal: 1.0, Mean, Normal,
        "Normal with variance 2 / (fan-in + fan-out) (Glorot and Bengio 2010, equation 12); Keras cuts the tails.";
    kaiming_uniform, he_uniform: 2.0, In, Uniform,
        "Evenly from ±sqrt(6 / fan-in) (He et al. 2015): before `relu`.";
    kaiming_normal, he_normal: 2.0, In, Normal,
        "Normal with variance 2 / fan-in (He et al. 2015, equation 10): before `relu`; Keras cuts the tails.";
    lecun_uniform: 1.0, In, Uniform,
        "Evenly from ±sqrt(3 / fan-in) (`LeCun` et al. 1998, section 4.6): before `selu` and the like.";
    lecun_normal: 1.0, In, Normal,
        "Normal with variance 1 / fan-in (`LeCun` et al. 1998, section 4.6): before `selu`; Keras cuts the tails.";
}

/// A random matrix with orthonormal rows or columns, whichever are fewer.
#[must_use]
pub const fn orthogonal() -> Initializer {
    Initializer::Orthogonal { gain: 1.0 }
}

/// 1 where all subscripts are equal, 0 elsewhere.
#[must_use]
pub const fn identity() -> Initializer {
    Initializer::Identity
}

/// The same positive number everywhere, with the sum 1 along the last axis: 1/K.
#[must_use]
pub const fn simplex() -> Initializer {
    Initializer::Simplex
}

/// Another name of [`identity`].
#[must_use]
pub const fn eye() -> Initializer {
    identity()
}
