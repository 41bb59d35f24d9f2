//! Functions with a removable singularity at 0: a Taylor polynomial near it, the formula elsewhere. Near means |x| < 1/2,
//! where the first term left out is below 1e-19, also after three derivatives have made it larger.

use super::Family::Elementary;
use super::{Row, model};

pub(super) const ROWS: &[Row] = &[
    model(
        ["sinc", "x", "`sin(x)/x`, and 1 at 0 (not normalised: no pi in it)", "sinc(pi*x)"],
        Elementary,
        "let near = abs(x) < 0.5; let q = (if near { x } else { 0 })^2; let d = if near { 1 } else { x };
         if near {
            1 - q/6 * (1 - q/20 * (1 - q/42 * (1 - q/72 * (1 - q/110 * (1 - q/156 * (1 - q/210 * (1 - q/272)))))))
         } else { sin(x) / d }",
    ),
    model(["cosc", "x", "`(1 - cos(x))/x^2`, and 1/2 at 0", "cosc(x)"], Elementary, "0.5 * sinc(x / 2)^2"),
    model(
        ["exprel", "x", "`expm1(x)/x`, and 1 at 0", "exprel(x)"],
        Elementary,
        // Beyond 80 it is e^(x/2) · (e^(x/2)/x), which overflows where the value does.
        "let near = abs(x) < 0.5; let q = if near { x } else { 0 }; let d = if near { 1 } else { x };
         let far = x > 80; let e = expm1(if far { x/2 } else { x });
         if near {
            1 + q/2 * (1 + q/3 * (1 + q/4 * (1 + q/5 * (1 + q/6 * (1 + q/7 * (1 + q/8 * (1 + q/9 * (1 + q/10 *
            (1 + q/11 * (1 + q/12 * (1 + q/13 * (1 + q/14 * (1 + q/15 * (1 + q/16 * (1 + q/17))))))))))))))) 
         } else { if far { if x < inf { e * (e / d) } else { x * x } } else { e / d } }",
    ),
];
