//! The elementary functions, written once over [`Lanes`]: exp, log, sin, erf, lgamma and the rest.
//!
//! [`Elementary`] gives every pack, and every plain scalar, the functions as methods. The same code runs at every
//! width, so the bits of a value do not depend on where in an array it stands; with and without fused multiply-add
//! ([`Lanes::FUSED`], which a plain scalar need not have where packs do) they may differ in the last places. The
//! functions are free of branches but for a predictable one for rare arguments (huge ones of sin, cos and tan, negative
//! ones of the gamma functions, improbable quantiles), so that they run at the speed of the lanes. Repeated integrals of
//! erfc, and polygammas of high or of several orders, go lane by lane, in `f64`. All of them are computed here, none by the
//! system's library.
//!
//! Subnormal numbers, zeros of either sign, infinities and NaN are treated as IEEE 754 and C99's Annex F say.
//!
//! # Accuracy
//!
//! The greatest error in units in the last place of the true value, over all arguments, with and without fused
//! multiply-add. The tests (`tests/accuracy`) read this table and hold the functions to it, on stored multi-precision
//! values and on a sweep of all `f32`, closely beside zeros, poles and seams. Where a function is a sum that may cancel, the
//! unit is that of a value of at least 1. The zeros of lgamma at 1 and 2 and that of digamma at 1.46 are no such place: there
//! the values have all their digits.
//!
//! | function | f64 | f32 | unit in the last place |
//! |---|---|---|---|
//! | exp | 1.2 | 1.0 | |
//! | exp2 | 1.5 | 1.5 | |
//! | expm1 | 1.5 | 1.5 | |
//! | log | 1.0 | 1.0 | |
//! | log1p | 1.0 | 1.0 | |
//! | log2 | 1.0 | 1.0 | |
//! | log10 | 1.0 | 1.0 | |
//! | sqrt | 0.5 | 0.5 | |
//! | rsqrt | 1.5 | 1.5 | |
//! | cbrt | 1.0 | 1.0 | |
//! | sin | 1.0 | 1.0 | |
//! | cos | 1.0 | 1.0 | |
//! | tan | 2.5 | 2.5 | |
//! | asin | 1.0 | 1.0 | |
//! | acos | 1.0 | 1.0 | |
//! | atan | 1.0 | 1.0 | |
//! | sinh | 2.0 | 2.0 | |
//! | cosh | 1.5 | 1.5 | |
//! | tanh | 2.0 | 2.0 | |
//! | asinh | 2.0 | 2.0 | |
//! | acosh | 2.2 | 2.2 | |
//! | atanh | 2.0 | 2.0 | |
//! | sech | 4.0 | 4.0 | |
//! | tanh_slope | 5.0 | 5.0 | |
//! | slope_of_tanh | 6.0 | 6.0 | |
//! | log_cosh | 3.0 | 3.0 | |
//! | sigmoid | 2.0 | 2.0 | |
//! | sigmoid_slope | 5.0 | 5.0 | |
//! | slope_of_sigmoid | 5.0 | 5.0 | |
//! | log_sigmoid | 2.0 | 2.0 | |
//! | softplus | 2.0 | 2.0 | |
//! | erf | 2.0 | 2.0 | |
//! | log1m_exp | 2.0 | 2.0 | |
//! | erfc | 4.0 | 4.0 | |
//! | erfcx | 6.0 | 6.0 | |
//! | norm_pdf | 2.0 | 2.0 | |
//! | norm_cdf | 4.5 | 4.5 | |
//! | log_norm_cdf | 6.0 | 6.0 | |
//! | inverse_mills | 5.0 | 5.0 | |
//! | norm_ppf | 3.0 | 3.0 | |
//! | erfinv | 3.0 | 3.0 | |
//! | lgamma | 2.5 | 2.5 | of at least 1, for x < 0 |
//! | digamma | 3.0 | 2.0 | of at least 1, for x < 0 |
//! | trigamma | 3.0 | 2.5 | |
//! | pow | 1.0 | 1.0 | |
//! | rem | 0.5 | 0.5 | |
//! | atan2 | 1.0 | 1.0 | |
//! | hypot | 1.5 | 1.5 | |
//! | logaddexp | 1.0 | 1.0 | of at least 1 |
//! | logsubexp | 5.0 | 5.0 | of at least 1 |
//! | log_rising_factorial | 8.0 | 8.0 | of at least 1; below x or x + n = 2 of their lgamma |
//! | digamma_rise | 3.0 | 3.0 | |
//! | lbeta | 3.0 | 3.0 | of at least 1 |
#![allow(clippy::inline_always, reason = "a pack must never leave the function that has its instructions")]
#![allow(clippy::return_self_not_must_use, reason = "these are the names of mathematics")]

mod beta;
mod coefficients;
mod erf;
mod exp;
mod gamma;
mod hyperbolic;
mod inverse;
mod layout;
mod log;
mod logistic;
mod normal;
mod pair;
mod parts;
mod polygamma;
mod pow;
mod quantile;
mod remainder;
mod roots;
mod trig;
pub(crate) mod unfused;

use crate::float::Float;
use crate::simd::Lanes;

/// What the functions of a scalar type are made of: tables and layout.
#[doc(hidden)]
pub trait Math: coefficients::Coefficients + gamma::Gamma + quantile::Quantile + layout::Layout {}

impl Math for f32 {}
impl Math for f64 {}

/// Applies a function of two `f64` lane by lane.
#[cfg_attr(not(debug_assertions), inline(always))]
fn lanewise2<T: Float, V: Lanes<T>>(x: V, y: V, f: impl Fn(f64, f64) -> f64) -> V {
    V::from_fn(
        #[cfg_attr(not(debug_assertions), inline(always))]
        |lane| T::from_f64(f(x.lane(lane).to_f64(), y.lane(lane).to_f64())),
    )
}

/// The elementary functions as methods of packs and of scalars.
pub trait Elementary<T: Float>: Lanes<T> {
    /// eˣ
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn exp(self) -> Self {
        exp::exp(self)
    }

    /// 2ˣ
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn exp2(self) -> Self {
        exp::exp2(self)
    }

    /// eˣ − 1, accurate near 0.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn expm1(self) -> Self {
        exp::expm1(self)
    }

    /// The natural logarithm.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log(self) -> Self {
        log::log(self)
    }

    /// log(1 + x), accurate near 0.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log1p(self) -> Self {
        log::log1p(self)
    }

    /// The logarithm to base 2.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log2(self) -> Self {
        log::log2(self)
    }

    /// The logarithm to base 10.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log10(self) -> Self {
        log::log10(self)
    }

    /// 1 / √x
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn rsqrt(self) -> Self {
        Self::splat(T::ONE) / self.sqrt()
    }

    /// The cube root.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn cbrt(self) -> Self {
        roots::cbrt(self)
    }

    /// 1 / x
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn recip(self) -> Self {
        Self::splat(T::ONE) / self
    }

    /// x without its power of two: between √½ and √2 in size; 0, infinities and NaN stay.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn significand(self) -> Self {
        parts::significand(self)
    }

    /// The power of two in x, 0 for 0, infinities and NaN.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn exponent(self) -> Self {
        parts::exponent(self)
    }

    /// x²
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn square(self) -> Self {
        self * self
    }

    /// x to the power `exponent`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn pow(self, exponent: Self) -> Self {
        pow::pow(self, exponent)
    }

    /// x to an integer power, by repeated products.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn powi(self, n: i32) -> Self {
        pow::powi(self, n)
    }

    /// The sine.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sin(self) -> Self {
        trig::sin(self)
    }

    /// The cosine.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn cos(self) -> Self {
        trig::cos(self)
    }

    /// The tangent.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn tan(self) -> Self {
        trig::tan(self)
    }

    /// The inverse sine.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn asin(self) -> Self {
        inverse::asin(self)
    }

    /// The inverse cosine.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn acos(self) -> Self {
        inverse::acos(self)
    }

    /// The inverse tangent.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn atan(self) -> Self {
        inverse::atan(self)
    }

    /// The angle of the point (`other`, `self`): `self` is y, `other` is x.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn atan2(self, other: Self) -> Self {
        inverse::atan2(self, other)
    }

    /// The hyperbolic sine.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sinh(self) -> Self {
        hyperbolic::sinh(self)
    }

    /// The hyperbolic cosine.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn cosh(self) -> Self {
        hyperbolic::cosh(self)
    }

    /// The hyperbolic tangent.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn tanh(self) -> Self {
        hyperbolic::tanh(self)
    }

    /// The inverse hyperbolic sine.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn asinh(self) -> Self {
        hyperbolic::asinh(self)
    }

    /// The inverse hyperbolic cosine.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn acosh(self) -> Self {
        hyperbolic::acosh(self)
    }

    /// The inverse hyperbolic tangent.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn atanh(self) -> Self {
        hyperbolic::atanh(self)
    }

    /// 1 / (1 + e⁻ˣ)
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sigmoid(self) -> Self {
        logistic::sigmoid(self)
    }

    /// log(sigmoid(x)) = −softplus(−x)
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_sigmoid(self) -> Self {
        -(-self).softplus()
    }

    /// log(1 + eˣ)
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn softplus(self) -> Self {
        logistic::softplus(self)
    }

    /// 1 / cosh x
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sech(self) -> Self {
        hyperbolic::sech(self)
    }

    /// 1 / cosh² x, the slope of tanh
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn tanh_slope(self) -> Self {
        hyperbolic::tanh_slope(self)
    }

    /// 1 / cosh² x, where `y` is tanh x.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn slope_of_tanh(self, y: Self) -> Self {
        hyperbolic::slope_of_tanh(self, y)
    }

    /// sigmoid(x) · sigmoid(−x), where `y` is sigmoid(x).
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn slope_of_sigmoid(self, y: Self) -> Self {
        logistic::slope_of_sigmoid(self, y)
    }

    /// log cosh x
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_cosh(self) -> Self {
        hyperbolic::log_cosh(self)
    }

    /// sigmoid(x) · sigmoid(−x), the slope of sigmoid
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sigmoid_slope(self) -> Self {
        logistic::sigmoid_slope(self)
    }

    /// log(1 − eˣ) for x ≤ 0
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log1m_exp(self) -> Self {
        logistic::log1m_exp(self)
    }

    /// log(eˣ − eʸ) for x ≥ y
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn logsubexp(self, other: Self) -> Self {
        logistic::logsubexp(self, other)
    }

    /// The error function.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn erf(self) -> Self {
        erf::erf(self)
    }

    /// 1 − erf(x), accurate for large x.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn erfc(self) -> Self {
        erf::erfc(self)
    }

    /// e^(x²) erfc(x)
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn erfcx(self) -> Self {
        normal::erfcx(self)
    }

    /// e^(x²) times the repeated integral of erfc of order `self` (−1 to 100) at `x`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn erfcx_integral(self, x: Self) -> Self {
        lanewise2(self, x, normal::erfcx_integral)
    }

    /// The density of the normal distribution.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn norm_pdf(self) -> Self {
        normal::pdf(self)
    }

    /// The distribution function of the normal distribution.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn norm_cdf(self) -> Self {
        normal::cdf(self)
    }

    /// The logarithm of the distribution function of the normal distribution.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_norm_cdf(self) -> Self {
        normal::log_cdf(self)
    }

    /// Density over distribution function of the normal distribution.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn inverse_mills(self) -> Self {
        normal::inverse_mills(self)
    }

    /// The quantiles of the normal distribution.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn norm_ppf(self) -> Self {
        quantile::norm_ppf(self)
    }

    /// The inverse of erf.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn erfinv(self) -> Self {
        quantile::erfinv(self)
    }

    /// log|Γ(x)|
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lgamma(self) -> Self {
        gamma::lgamma(self)
    }

    /// The derivative of lgamma.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn digamma(self) -> Self {
        gamma::digamma(self)
    }

    /// The second derivative of lgamma.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn trigamma(self) -> Self {
        gamma::trigamma(self)
    }

    /// The derivative of digamma of order `self` (0 to 170) at `x`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn polygamma(self, x: Self) -> Self {
        polygamma::polygamma(self, x)
    }

    /// log(Γ(x + n)/Γ(x))
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn log_rising_factorial(self, n: Self) -> Self {
        beta::log_rising_factorial(self, n)
    }

    /// ψ(x + n) − ψ(x)
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn digamma_rise(self, n: Self) -> Self {
        beta::digamma_rise(self, n)
    }

    /// log|B(x, y)|
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lbeta(self, other: Self) -> Self {
        beta::lbeta(self, other)
    }

    /// √(x² + y²), without overflow in between.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn hypot(self, other: Self) -> Self {
        roots::hypot(self, other)
    }

    /// log(eˣ + eʸ)
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn logaddexp(self, other: Self) -> Self {
        logistic::logaddexp(self, other)
    }

    /// −1, 0 or 1: the sign; `sign(0)` is 0 and `sign(NaN)` is NaN.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn sign(self) -> Self {
        let unit = Self::splat(T::ONE).copysign(self);
        let moved = self.lt(Self::splat(T::ZERO)) | Self::splat(T::ZERO).lt(self);
        Self::select(moved, unit, self)
    }

    /// max(x, 0); NaN stays NaN.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn relu(self) -> Self {
        self.max(Self::splat(T::ZERO))
    }

    /// The floored remainder `a − b·floor(a/b)`, of the exact quotient, rounded once: it has the sign of `other`.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn rem(self, other: Self) -> Self {
        remainder::rem(self, other)
    }

    /// `self * factor`, but 0 where `self` is 0, whatever the factor is.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn mul_unless_zero(self, factor: Self) -> Self {
        let zero = Self::splat(T::ZERO);
        Self::select(self.ne(zero), self * factor, zero)
    }

    /// `self`, but NaN where x is infinite.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn where_finite(self, x: Self) -> Self {
        x.mul_add(Self::splat(T::ZERO), self)
    }

    /// `self · log(y)`, but 0 where `self` is 0, unless y is NaN.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn xlogy(self, y: Self) -> Self {
        let zero = Self::splat(T::ZERO);
        let skip = self.eq(zero) & y.eq(y);
        Self::select(skip, zero, self * y.log())
    }

    /// `self · log(1 + y)`, but 0 where `self` is 0, unless y is NaN.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn xlog1py(self, y: Self) -> Self {
        let zero = Self::splat(T::ZERO);
        let skip = self.eq(zero) & y.eq(y);
        Self::select(skip, zero, self * y.log1p())
    }
}

impl<T: Float, V: Lanes<T>> Elementary<T> for V {}
