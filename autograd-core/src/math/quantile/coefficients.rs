//! Polynomials of the quantiles, as minimax fits: lowest coefficient first.
//!
//! Written by `tests/reference/coefficients_quantile.py`; change that and run it again.
#![allow(clippy::unreadable_literal, clippy::excessive_precision, clippy::approx_constant)]
// One number to a line keeps the changes readable.
#![cfg_attr(rustfmt, rustfmt::skip)]

/// What the quantiles of one scalar type are made of.
pub trait Quantile: Sized + 'static {
    /// `erfinv(x) / x` of −log(1 − x²) − 1, for −log(1 − x²) from 0 to 5.
    const ERFINV: &'static [Self];
    /// `r − erfinv(1 − 2t)` for r = √(−log t) from 2.5 to 10.2 (`f32`) or from 2.5 to 5 (`f64`), of r − 2.5: the numerator.
    const TAIL_NUMERATOR: &'static [Self];
    /// `r − erfinv(1 − 2t)` for r = √(−log t) from 2.5 to 10.2 (`f32`) or from 2.5 to 5 (`f64`), of r − 2.5: the denominator.
    const TAIL_DENOMINATOR: &'static [Self];
    /// `r − erfinv(1 − 2t)` for r = √(−log t) from 5 to 12 (`f64`), of r − 5: the numerator.
    const FAR_TAIL_NUMERATOR: &'static [Self];
    /// `r − erfinv(1 − 2t)` for r = √(−log t) from 5 to 12 (`f64`), of r − 5: the denominator.
    const FAR_TAIL_DENOMINATOR: &'static [Self];
    /// `r − erfinv(1 − 2t)` for r = √(−log t) from 12 to 27.4 (`f64`), of r − 12: the numerator.
    const FARTHEST_TAIL_NUMERATOR: &'static [Self];
    /// `r − erfinv(1 − 2t)` for r = √(−log t) from 12 to 27.4 (`f64`), of r − 12: the denominator.
    const FARTHEST_TAIL_DENOMINATOR: &'static [Self];
}

impl Quantile for f32 {
    const ERFINV: &'static [Self] = &[
        1.1273744,
        0.2478329,
        0.004250643,
        -0.0023764428,
        0.00010028131,
        3.822899e-05,
        -4.4015724e-06,
        -5.2469744e-07,
        1.4191194e-07,
        -8.7910506e-09,
    ];
    const TAIL_NUMERATOR: &'static [Self] = &[
        0.4569508,
        0.21005425,
        0.023354534,
        0.00047389537,
    ];
    const TAIL_DENOMINATOR: &'static [Self] = &[
        1.0,
        0.7040423,
        0.15301614,
        0.010542481,
        0.0001373497,
    ];
    const FAR_TAIL_NUMERATOR: &'static [Self] = &[
    ];
    const FAR_TAIL_DENOMINATOR: &'static [Self] = &[
    ];
    const FARTHEST_TAIL_NUMERATOR: &'static [Self] = &[
    ];
    const FARTHEST_TAIL_DENOMINATOR: &'static [Self] = &[
    ];
}

impl Quantile for f64 {
    const ERFINV: &'static [Self] = &[
        1.1273743936892278,
        0.24783287028621076,
        0.004250709244825083,
        -0.0023763699555757914,
        0.00010012177622625191,
        3.8201872470610924e-05,
        -4.275585688080782e-06,
        -5.6522519664987e-07,
        1.223170766377714e-07,
        6.0401299765831214e-09,
        -3.0240896902298848e-09,
        1.6531935514433516e-11,
        6.75559457641359e-11,
        -3.674564496356364e-12,
        -1.3815261909572277e-12,
        1.43561124749168e-13,
        3.508423661916448e-14,
        -9.61300371858819e-15,
        8.478817555319153e-16,
        -5.4401072791083326e-18,
        -4.063056734987822e-18,
        2.0993975837559203e-19,
    ];
    const TAIL_NUMERATOR: &'static [Self] = &[
        0.45695079130632993,
        0.5079464321379974,
        0.17241836942537042,
        0.015849237929754536,
        -0.0010186056307367542,
        -0.00014142196133718707,
        -2.1656337098371932e-06,
    ];
    const TAIL_DENOMINATOR: &'static [Self] = &[
        1.0,
        1.3559551940859187,
        0.6385283927975939,
        0.11711111840750048,
        0.003906939840606824,
        -0.0008847935237566372,
        -6.036703698345656e-05,
        -6.034024913246041e-07,
    ];
    const FAR_TAIL_NUMERATOR: &'static [Self] = &[
        0.2921504780869664,
        0.13113203079824837,
        0.020520197563590113,
        0.0013409715741969101,
        3.423472515111822e-05,
        2.3862577155185205e-07,
        -1.0030082028915847e-10,
    ];
    const FAR_TAIL_DENOMINATOR: &'static [Self] = &[
        1.0,
        0.5842592717378676,
        0.1283229363235705,
        0.013127847451847544,
        0.0006283124757770228,
        1.227248908358338e-05,
        6.252860842293279e-08,
        -4.86060429433676e-11,
    ];
    const FARTHEST_TAIL_NUMERATOR: &'static [Self] = &[
        0.15689195462538422,
        0.03540508012714567,
        0.0029691205262245774,
        0.00011403396762322373,
        1.9922838343757912e-06,
        1.3497095271962062e-08,
        2.184977676116772e-11,
    ];
    const FARTHEST_TAIL_DENOMINATOR: &'static [Self] = &[
        1.0,
        0.28732203665319905,
        0.0323813162137242,
        0.0018071639281521483,
        5.1812465692321644e-05,
        7.144544233379482e-07,
        3.881987817523707e-09,
        4.765344238163349e-12,
    ];
}
