//! Every so many-th `f32` there is, against the same function in `f64`, which the stored values anchor; and that a
//! value's bits do not depend on where in an array it stands.

use super::functions::{Bound, bounds, levels, values};
use super::reference::{Tested, error, read};

/// A number prime to the width of a vector; in a debug build a larger one, since nothing is inlined there.
const STEP: usize = if cfg!(debug_assertions) { 2_000_003 } else { 1009 };

/// The second argument, which the first one is paired with.
const SECOND: [f32; 5] = [0.75, -3.0, 12.5, -0.001, 1e5];

/// Where a function is 0, has a pole, or passes from one of its forms to another one: the gamma functions, the quantiles.
const SEAMS: [f32; 17] = [
    0.0,
    1.0,
    2.0,
    2.5,
    1.461_632_1,
    -0.5,
    -1.0,
    -1.5,
    -0.504_083,
    -2.457_024_8,
    -2.747_682_7,
    0.996_625_2,
    -0.996_625_2,
    0.001_687_4,
    0.998_312_6,
    0.5,
    8.0,
];

/// How many numbers on either side of a seam.
const BESIDE: u32 = if cfg!(debug_assertions) { 40 } else { 10_000 };

#[test]
fn f32_functions_are_within_their_bounds_everywhere() {
    check(&(0..=u32::MAX).step_by(STEP).map(f32::from_bits).filter(|x| x.is_finite()).collect::<Vec<_>>());
}

#[test]
fn f32_functions_are_within_their_bounds_beside_seams() {
    let beside = |seam: f32| {
        let bits = seam.to_bits();
        (bits.saturating_sub(BESIDE)..=bits + BESIDE).map(f32::from_bits)
    };
    check(&SEAMS.into_iter().flat_map(beside).collect::<Vec<_>>());
}

/// Compares all functions with those of `f64`, on columns of first arguments.
fn check(x: &[f32]) {
    let y: Vec<f32> = (0..x.len()).map(|i| SECOND[i % SECOND.len()]).collect();
    let wide = |narrow: &[f32]| -> Vec<f64> { narrow.iter().map(|&x| f64::from(x)).collect() };
    let (wide_x, wide_y) = (wide(x), wide(&y));
    let mut failures = Vec::new();
    for Bound { name, single, unit, .. } in bounds() {
        let exact = values(name, None, &wide_x, &wide_y);
        for level in levels() {
            let out = values(name, level, x, &y);
            for i in 0..x.len() {
                #[allow(clippy::cast_possible_truncation, reason = "rounds to the nearest")]
                let nearest = exact[i] as f32;
                let rest = if nearest.is_finite() { (exact[i] - f64::from(nearest)) / nearest.ulp() } else { 0.0 };
                let off = if exact[i].is_nan() && out[i].is_nan() {
                    0.0
                } else {
                    error(out[i], nearest, rest, unit.at(x[i], y[i]))
                };
                if off > single {
                    let (x, y, out) = (x[i], y[i], out[i]);
                    failures.push(format!("{name}({x:e}, {y:e}) at {level:?}: {out:e}, not {nearest:e}: {off} ulp"));
                    break;
                }
            }
        }
    }
    assert!(failures.is_empty(), "beyond the bound:\n{}", failures.join("\n"));
}

#[test]
fn values_do_not_depend_on_their_place() {
    check_places::<f64>();
    check_places::<f32>();
}

/// Compares the values of all columns but their first three numbers with the values of all.
fn check_places<T: Tested>() {
    for (name, points) in read::<T>() {
        for level in levels() {
            let all = values(&name, level, &points.x, &points.y);
            let later = values(&name, level, &points.x[3..], &points.y[3..]);
            let differs = (0..later.len()).find(|&i| later[i] != all[i + 3] && !later[i].to_f64().is_nan());
            assert_eq!(differs, None, "{} {name} at {level:?}", T::NAME);
        }
    }
}
