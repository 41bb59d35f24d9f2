//! Log-densities and special functions under their own names, in both precisions.

#![allow(
    clippy::unreadable_literal,
    clippy::excessive_precision,
    clippy::float_cmp,
    reason = "numbers as another program prints them"
)]

use autograd_core::{Float, model};
use ndarray::{Array1, array};

model! {
    /// Functions of the tails, by their names and by their spellings.
    pub Tails<N> {
        param x: [N];
        input p: [N];
        cosh = log(cosh(x));
        phi = log(0.5 * erfc(-x / sqrt(2)));
        upper = norm_cdf(x);
        scaled = erfcx(max(x, -2));
        quantile = norm_ppf(p);
        inverse = erfinv(p);
        beta = lbeta(abs(x) + 1, 0.5);
        running = logcumsumexp(x);
        risk = log(cumsum(exp(x)));
        loss = sum(tanh(x) + sigmoid(x));
        slope = grad(sum(softplus(x)), x);
        root = grad(sum(asinh(x)), x);
    }
}

model! {
    /// Counts, classes and truth values.
    pub Counts<N, K> {
        param eta: [N], logits: [N, K], size: [];
        input n: [N], label: [N] in K;
        rates = poisson_log_lpmf(n, eta);
        classes = categorical_logit_lpmf(label, logits);
        signs = bce_with_logits(eta, min(n, 1));
        loss = -sum(neg_binomial_2_log_lpmf(n, eta, size)) - sum(classes);
    }
}

fn numbers<T: Float>(x: &[f64]) -> Array1<T> {
    x.iter().map(|&x| T::from_f64(x)).collect()
}

fn check<T: Float>(what: &str, found: &Array1<T>, wanted: &[f64], tolerance: f64) {
    let found: Vec<f64> = found.iter().map(|x| x.to_f64()).collect();
    let close = |(a, b): (&f64, &f64)| a == b || (a - b).abs() <= tolerance * b.abs();
    assert!(found.len() == wanted.len() && found.iter().zip(wanted).all(close), "{what}: {found:?}, not {wanted:?}");
}

fn check_tails<T: Float>(tolerance: f64) {
    let model = Tails::<T> { x: numbers(&[-9.0, 0.5, 8.0]) };
    let p = numbers([1e-9, 0.3, 0.975].as_slice());
    let inputs = tails::Inputs { p: p.view() };
    let out = model.outputs(&inputs).expect("the sizes agree");
    check("cosh", &out.cosh, &[8.306852834670034, 0.12011450695827752, 7.306852931975223], tolerance);
    check("phi", &out.phi, &[-43.628149113332114, -0.3689464152886564, -6.220960574271786e-16], tolerance);
    check("upper", &out.upper, &[1.1285884059538405e-19, 0.6914624612740131, 0.9999999999999993], tolerance);
    check("scaled", &out.scaled, &[108.94090438997798, 0.6156903441929259, 0.06998516620088092], tolerance);
    check("quantile", &out.quantile, &[-5.9978070150076865, -0.5244005127080408, 1.9599639845400538], tolerance);
    check("inverse", &out.inverse, &[8.86226925452758e-10, 0.2724627147267543, 1.5849110680594807], tolerance);
    check("beta", &out.beta, &[-0.5664327963975939, 0.4515827052894549, -0.5123655751273182], tolerance);
    check("running", &out.running, &[-9.0, 0.5000748490286293, 8.000552972851853], tolerance);
    check("risk", &out.risk, &[-9.0, 0.5000748490286293, 8.000552972851853], tolerance);
    check("slope", &out.slope, &[0.00012339457598623172, 0.6224593312018546, 0.9996646498695335], tolerance);
    let (_, grad) = model.loss_and_grad(&inputs).expect("the sizes agree");
    check("grad", &grad.x, &[0.00012344026968197214, 1.0214514451675218, 0.0003356878113540379], 100.0 * tolerance);
}

#[test]
fn functions_of_the_tails_keep_their_digits() {
    check_tails::<f64>(4e-15);
    check_tails::<f32>(2e-6);
}

#[test]
fn nothing_overflows_on_the_way() {
    let model = Tails::<f64> { x: array![-1e200, 1e200, 1e200] };
    let p = array![0.5, 0.5, 0.5];
    let inputs = tails::Inputs { p: p.view() };
    let out = model.outputs(&inputs).expect("the sizes agree");
    assert_eq!(out.cosh, array![1e200, 1e200, 1e200]);
    assert_eq!(out.risk, array![-1e200, 1e200, 1e200]);
    assert_eq!(out.root, array![1e-200, 1e-200, 1e-200]);
    let narrow = Tails::<f32> { x: array![-1e30, 1e30, 1e30] };
    let p = array![0.5, 0.5, 0.5];
    let out = narrow.outputs(&tails::Inputs { p: p.view() }).expect("the sizes agree");
    assert_eq!(out.root, array![1e-30, 1e-30, 1e-30]);
    assert_eq!(out.risk, array![-1e30, 1e30, 1e30]);
}

fn check_counts<T: Float>(tolerance: f64) {
    let logits = Array1::from_elem(6, T::ZERO).into_shape_with_order((2, 3)).expect("two rows");
    let model = Counts::<T> { eta: numbers(&[40.0, -40.0]), logits, size: T::from_f64(2.0) };
    let (n, label) = (numbers([3.0, 0.0].as_slice()), array![0, 2]);
    let inputs = counts::Inputs { n: n.view(), label: label.view() };
    let out = model.outputs(&inputs).expect("the sizes agree");
    check("signs", &out.signs, &[4.248354255291589e-18, 4.248354255291589e-18], tolerance);
    check("classes", &out.classes, &[-1.0986122886681098, -1.0986122886681098], tolerance);
    let (_, grad) = model.loss_and_grad(&inputs).expect("the sizes agree");
    // 5·sigmoid(40 - log 2) - 3, and 2·sigmoid(-40 - log 2)
    check("grad", &grad.eta, &[2.0, 4.248354255291589e-18], tolerance);
}

#[test]
fn counts_and_classes_are_certain_where_they_are() {
    check_counts::<f64>(1e-14);
    check_counts::<f32>(2e-6);
}
