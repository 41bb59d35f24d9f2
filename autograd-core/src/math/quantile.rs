//! The quantiles of the normal distribution, lane by lane in `f64`: Wichura, "Algorithm AS 241: the percentage points of
//! the normal distribution" (1988), three rational functions. Its argument is the lesser tail, so that erfinv, whose
//! tail (1 − |x|)/2 is exact, is made of the same ones.
#![allow(clippy::unreadable_literal)]

use core::f64::consts::FRAC_1_SQRT_2;

use super::Elementary;

/// Numerators and denominators, from the highest coefficient to the lowest, of `0.425² − q²`, where q = p − ½.
const CENTRE: [[f64; 8]; 2] = [
    [
        2509.0809287301227,
        33430.57558358813,
        67265.7709270087,
        45921.95393154987,
        13731.69376550946,
        1971.5909503065513,
        133.14166789178438,
        3.3871328727963665,
    ],
    [
        5226.495278852545,
        28729.085735721943,
        39307.89580009271,
        21213.794301586597,
        5394.196021424751,
        687.1870074920579,
        42.31333070160091,
        1.0,
    ],
];
/// Of `√(−log p) − 1.6`, up to 5.
const MIDDLE: [[f64; 8]; 2] = [
    [
        0.0007745450142783414,
        0.022723844989269184,
        0.2417807251774506,
        1.2704582524523684,
        3.6478483247632045,
        5.769497221460691,
        4.630337846156546,
        1.4234371107496835,
    ],
    [
        1.0507500716444169e-9,
        0.0005475938084995345,
        0.015198666563616457,
        0.14810397642748008,
        0.6897673349851,
        1.6763848301838038,
        2.053191626637759,
        1.0,
    ],
];
/// Of `√(−log p) − 5`.
const FAR: [[f64; 8]; 2] = [
    [
        2.0103343992922881e-7,
        2.7115555687434876e-5,
        0.0012426609473880784,
        0.026532189526576124,
        0.2965605718285049,
        1.7848265399172913,
        5.463784911164114,
        6.657904643501103,
    ],
    [
        2.0442631033899397e-15,
        1.421511758316446e-7,
        1.8463183175100548e-5,
        0.0007868691311456133,
        0.014875361290850615,
        0.1369298809227358,
        0.599832206555888,
        1.0,
    ],
];

fn rational(x: f64, [numerator, denominator]: &[[f64; 8]; 2]) -> f64 {
    let horner = |coefficients: &[f64; 8]| coefficients.iter().fold(0.0, |sum, &c| sum * x + c);
    horner(numerator) / horner(denominator)
}

/// The quantile of ½ + `off`, whose lesser tail is `tail`.
fn quantile(off: f64, tail: f64) -> f64 {
    if off.abs() <= 0.425 {
        return off * rational(0.180625 - off * off, &CENTRE);
    }
    if tail <= 0.0 {
        let end = f64::INFINITY.copysign(off);
        return if tail == 0.0 { end } else { f64::NAN };
    }
    let root = (-Elementary::log(tail)).sqrt();
    let size = if root <= 5.0 { rational(root - 1.6, &MIDDLE) } else { rational(root - 5.0, &FAR) };
    size.copysign(off)
}

/// The number below which a normal variable is with the probability p.
pub(super) fn norm_ppf(p: f64) -> f64 {
    if p.is_nan() { p } else { quantile(p - 0.5, p.min(1.0 - p)) }
}

/// The inverse of erf.
pub(super) fn erfinv(x: f64) -> f64 {
    if x.is_nan() { x } else { FRAC_1_SQRT_2 * quantile(0.5 * x, 0.5 * (1.0 - x.abs())) }
}
