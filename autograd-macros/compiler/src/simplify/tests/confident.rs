//! Cross-entropies that are very small, and of infinite logits, however they are spelled.

use crate::testing::{Example, assert_close};

/// Of the logits z [K] and the target p [K], whose mass is at 0.
const SPELLED: &[&str] = &[
    "cross_entropy(z, label)",
    "cross_entropy(z, p)",
    "logsumexp(z) - z[0]",
    "log(sum(exp(z))) - z[0]",
    "-log_softmax(z)[0]",
    "-log(softmax(z))[0]",
    "-log(softmax(z)[0])",
    "-sum(p*log(softmax(z)))",
    "-sum(p*log_softmax(z))",
    "-sum(p*(z - logsumexp(z)))",
    "-sum(one_hot(label, K)*log(softmax(z)))",
];

fn loss(spelled: &str, z: &[f64]) -> Example {
    let text = format!("M<K> {{ param z: [K]; input p: [K], label: [] in K; loss = {spelled}; }}");
    let mut p = vec![0.0; z.len()];
    p[0] = 1.0;
    let size = i64::try_from(z.len()).expect("a few");
    Example::of(&text).dim("K", size).set("z", &[z.len()], z).set("p", &[z.len()], &p).set("label", &[], &[0.0])
}

/// `log(1 + e^-40 + e^-39)` by its series.
#[test]
fn a_confident_loss_keeps_its_digits() {
    let rest = (-40_f64).exp() + (-39_f64).exp();
    for spelled in SPELLED {
        for shift in [0.0, 1000.0] {
            let example = loss(spelled, &[40.0 + shift, shift, 1.0 + shift]);
            assert_close(&example.computed("loss"), &[rest], 1e-13);
            assert_close(&example.grad("z")[1..], &[(-40_f64).exp(), (-39_f64).exp()], 1e-13);
        }
        assert_close(&loss(spelled, &[0.0, 40.0, 1.0]).computed("loss"), &[40.0], 1e-15);
        assert_close(&loss(spelled, &[3.0, 3.0]).computed("loss"), &[std::f64::consts::LN_2], 1e-15);
        assert_eq!(loss(spelled, &[3.0]).computed("loss"), [0.0], "{spelled}");
    }
}

#[test]
fn infinite_logits_are_certain() {
    let infinity = f64::INFINITY;
    for spelled in SPELLED {
        let of = |z: &[f64]| loss(spelled, z);
        let right = of(&[infinity, 0.0, 1.0]);
        assert_eq!(right.computed("loss"), [0.0], "{spelled}");
        assert_eq!(right.grad("z"), [0.0; 3], "{spelled}");
        let wrong = of(&[0.0, infinity, 1.0]);
        assert_eq!(wrong.computed("loss"), [infinity], "{spelled}");
        let shared = of(&[infinity, infinity, 1.0]);
        assert_close(&shared.computed("loss"), &[std::f64::consts::LN_2], 1e-15);
        assert_eq!(shared.grad("z"), [-0.5, 0.5, 0.0], "{spelled}");
        let impossible = of(&[1.0, -infinity, 1.0]);
        assert_close(&impossible.computed("loss"), &[std::f64::consts::LN_2], 1e-15);
        assert_close(&impossible.grad("z"), &[-0.5, 0.0, 0.5], 1e-15);
    }
}

/// A loss of a and t, these, its value, and the slopes by a.
type LossCase = (&'static str, [f64; 3], [f64; 3], f64, [f64; 3]);

/// Of logits a at the ends, targets t, and of distributions with zeros.
#[test]
fn losses_of_what_is_certain_are_numbers() {
    let (inf, ln2) = (f64::INFINITY, std::f64::consts::LN_2);
    let cases: &[LossCase] = &[
        ("bce_with_logits(a, t)", [inf, -inf, 0.0], [1.0, 0.0, 0.5], ln2, [0.0; 3]),
        ("-(t*log(sigmoid(a)) + (1 - t)*log(1 - sigmoid(a)))", [inf, -inf, 0.0], [1.0, 0.0, 0.5], ln2, [0.0; 3]),
        ("t*log(t/a)", [0.5, 0.25, 0.25], [1.0, 0.0, 0.0], ln2, [-2.0, 0.0, 0.0]),
        ("t*(log(t) - log(a))", [0.5, 0.5, 0.0], [1.0, 0.0, 0.0], ln2, [-2.0, 0.0, 0.0]),
        ("t*(log(t) - log_softmax(a))", [0.0, 0.0, -inf], [1.0, 0.0, 0.0], ln2, [-0.5, 0.5, 0.0]),
        ("huber(a, t)", [inf, 0.0, 3.0], [0.0, 0.0, 2.0], inf, [1.0, 0.0, 1.0]),
        ("relu(1 - t*a)^2", [inf, 1.0, -2.0], [1.0; 3], 9.0, [0.0, 0.0, -6.0]),
        ("-poisson_log_lpmf(t, a)", [0.0, -inf, 0.0], [1.0, 0.0, 1.0], 2.0, [0.0; 3]),
    ];
    for (loss, a, t, value, slopes) in cases {
        let text = format!("M<N> {{ param a: [N]; input t: [N]; loss = sum({loss}); }}");
        let example = Example::of(&text).dim("N", 3).set("a", &[3], a).set("t", &[3], t);
        assert_close(&example.computed("loss"), &[*value], 1e-15);
        assert_close(&example.grad("a"), slopes, 1e-15);
    }
}
