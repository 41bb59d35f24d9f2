//! Elementary functions and reductions at the edges of their ranges.

use autograd_core::{Float, model};
use ndarray::{Array, Array1, Array2, array};
use rand::SeedableRng;
use rand::rngs::SmallRng;

model! {
    /// Functions of one or two numbers each, and what becomes of parallel rows.
    pub Edges<N, M> {
        input a: [N], b: [N], u: [M, 3], v: [M, 3];
        rest = rem(a, b);
        by_divisor = jvp(rest, b, ones(N));
        angle = atan2(a, b);
        relative = exprel(a);
        relative_slope = jvp(relative, a, ones(N));
        sine = sin(a);
        gamma = lgamma(a);
        psi = digamma(a);
        normal = cross(u, v);
        area = u[.., 0] * v[.., 1] - v[.., 0] * u[.., 1];
        imaginary = u[.., 0] * v[.., 1] + (-v[.., 0]) * u[.., 1];
        let left = u[.., 0] * v[.., 1];
        let right = v[.., 0] * u[.., 1];
        kept = left - right + 0 * (left + right);
        discriminant = v[.., 0]^2 - u[.., 0] * u[.., 0] * 4;
    }
}

fn made<T: Float>() -> Edges<T> {
    Edges::new(&mut SmallRng::seed_from_u64(1))
}

fn edges<T: Float>(a: &[f64], b: &[f64]) -> edges::Outputs<T> {
    let numbers = |x: &[f64]| x.iter().map(|&x| T::from_f64(x)).collect::<Array1<T>>();
    let none = Array2::from_elem((0, 3), T::ZERO);
    let (a, b) = (numbers(a), numbers(b));
    let inputs = edges::Inputs { a: a.view(), b: b.view(), u: none.view(), v: none.view() };
    made().outputs(&inputs).expect("the sizes agree")
}

#[test]
fn remainders_are_those_of_the_exact_quotient() {
    let (a, b) = ([1.0, 1e17, -1.0, 5.0, 0.3, -1e300], [0.1, 3.0, f64::INFINITY, -3.0, 0.1, 7.0]);
    let out = edges::<f64>(&a, &b);
    let rest = [0.099_999_999_999_999_95, 1.0, f64::INFINITY, -1.0, 0.099_999_999_999_999_98];
    assert_eq!(out.rest.as_slice().map(|x| &x[..5]), Some(&rest[..]));
    assert!(out.rest[5] >= 0.0 && out.rest[5] < 7.0 && out.rest[5].fract() == 0.0);
    // The divisor's slope is what it goes into the dividend so many times.
    assert_eq!((out.by_divisor[0], out.by_divisor[3], out.by_divisor[4]), (-9.0, 2.0, -2.0));
    let narrow = edges::<f32>(&[1.0, 16_777_216.0 * 3.0], &[f64::from(0.1_f32), 7.0]);
    assert_eq!((narrow.rest[0], narrow.rest[1]), (0.099_999_99, 3.0));
    assert_eq!(narrow.by_divisor[0], -9.0);
}

#[test]
fn quotients_that_are_subnormal_have_their_digits() {
    let out = edges::<f64>(&[5e-324, 1.5e-323, 3e-310, -5e-324], &[0.7, 1e-10, 1e-10, 0.3]);
    let wanted = [5e-324 / 0.7, 1.5e-323 / 1e-10, 3e-310 / 1e-10, -5e-324 / 0.3];
    assert_eq!(out.angle, array![wanted[0], wanted[1], wanted[2], wanted[3]]);
}

#[test]
fn relative_exponentials_reach_as_far_as_their_values() {
    let out = edges::<f64>(&[709.783, 716.0, 717.0, f64::INFINITY, -1e308, 100.0], &[1.0; 6]);
    let near = |value: f64, wanted: f64| assert!((value / wanted - 1.0).abs() < 4e-16, "{value:e} is not {wanted:e}");
    near(out.relative[0], 2.533_463_521_321_457e305);
    near(out.relative[1], 1.258_739_962_544_279_3e308);
    assert_eq!(out.relative.as_slice().map(|x| &x[2..4]), Some(&[f64::INFINITY; 2][..]));
    near(out.relative[4], 1e-308);
    near(out.relative_slope[0], 2.529_894_171_926_893_5e305);
    near(out.relative_slope[5], 2.661_235_970_397_974e41);
    let narrow = edges::<f32>(&[88.9, 90.0], &[1.0; 2]);
    assert!((f64::from(narrow.relative[0]) / 4.569_601_575e36 - 1.0).abs() < 3e-7, "{}", narrow.relative[0]);
    assert!(narrow.relative[1].is_finite());
}

#[test]
fn angles_of_any_size_are_reduced() {
    // mpmath, 30 digits.
    let out = edges::<f64>(&[1e5, 1e10, 1e22, 1e100, 1e300, 31_415.926_535_897_93, 6_381_956_970_095_103.0], &[1.0; 7]);
    let wanted = [
        0.035_748_797_972_016_51,
        -0.487_506_025_087_510_7,
        -0.852_200_849_767_188_8,
        -0.380_637_731_005_028_7,
        -0.817_881_912_115_908_6,
    ];
    for (value, wanted) in out.sine.iter().zip(wanted) {
        assert!((value - wanted).abs() <= 2.3e-16 * wanted.abs(), "{value} is not {wanted}");
    }
}

#[test]
fn zeros_of_the_gamma_functions_keep_their_digits() {
    let out = edges::<f64>(
        &[
            1.0,
            2.0,
            1.000_000_1,
            1.461_632_144_968_362_2,
            1.5,
            -2.457_024_738_220_801,
            -0.504_083_008_264_455_4,
            -17.999_999_999,
        ],
        &[1.0; 8],
    );
    assert_eq!((out.gamma[0], out.gamma[1]), (0.0, 0.0));
    let wanted = [-5.772_155_829_918_507e-8, -9.241_265_521_729_428e-17];
    assert!((out.gamma[2] / wanted[0] - 1.0).abs() < 1e-15, "{:e}", out.gamma[2]);
    assert!((out.psi[3] / wanted[1] - 1.0).abs() < 1e-15, "{:e}", out.psi[3]);
    assert!(out.gamma[5].abs() < 1.2e-15 && out.psi[6].abs() < 1.2e-15, "{:e} {:e}", out.gamma[5], out.psi[6]);
}

/// Rows of `u` that are multiples of those of `v`: the products that are subtracted are equal.
fn parallel<T: Float>() -> edges::Outputs<T> {
    let rows = 37;
    let number = |i: usize| T::from_f64((0.7 * i.to_string().parse::<f64>().expect("a number") + 0.1).sin() * 1e3);
    let u = Array::from_shape_fn((rows, 3), |(i, j)| number(3 * i + j));
    let v = u.mapv(|x| x + x);
    let none = Array1::from_elem(0, T::ZERO);
    let inputs = edges::Inputs { a: none.view(), b: none.view(), u: u.view(), v: v.view() };
    made().outputs(&inputs).expect("the sizes agree")
}

fn vanishes<T: Float>() {
    let out = parallel::<T>();
    assert!(out.normal.iter().all(|x| *x == T::ZERO), "{:?}", out.normal);
    for product in [&out.area, &out.imaginary, &out.kept, &out.discriminant] {
        assert!(product.iter().all(|x| *x == T::ZERO), "{product:?}");
    }
}

#[test]
fn equal_products_leave_nothing() {
    vanishes::<f32>();
    vanishes::<f64>();
}
