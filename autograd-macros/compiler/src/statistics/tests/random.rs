//! Random polynomials at random points: what statistics are trusted with is what the model itself gives.
//!
//! Numbers are of sizes between 1e-160 and 1e160, ordinary, nearly collinear, equal, 0, or not finite; parameters often make
//! up for the size of their data. By hand, for longer: `AUTOGRAD_POINTS=100000 cargo test --release -p autograd-compiler
//! --lib statistics::tests::random`.

use autograd_core_rounding::{is_close, is_kept, rounding};

use super::model;
use crate::graph::NodeId;
use crate::graph::model::Variable;
use crate::interpret::{Environment, Tensor, evaluate};
use crate::statistics::{Reduced, reduce};
use crate::testing::random::Random;
use crate::testing::sized;

/// The tests of the runtime, as they stand in `autograd-core/src/statistics.rs` for `f64`.
mod autograd_core_rounding {
    #[expect(clippy::cast_precision_loss, reason = "a bound need not be exact")]
    pub(super) fn rounding(summed: usize, kept: usize, terms: usize) -> f64 {
        (f64::EPSILON / 2.0) * (8.0 * (summed as f64).sqrt() + kept as f64 + terms as f64 + 64.0)
    }

    pub(super) fn is_close(loss: f64, magnitude: f64, rounding: f64) -> bool {
        loss.is_finite() && magnitude.is_finite() && rounding * magnitude <= f64::EPSILON.sqrt() * loss.abs()
    }

    pub(super) fn is_kept(lost: f64, rounding: f64) -> bool {
        lost.is_finite() && rounding * lost <= 2.0_f64.powi(-20)
    }
}

/// Losses, of the parameters `v` and `w` (vectors) and `a`, `b`, `c` (numbers).
const LOSSES: &[&str] = &[
    "mean((a*x + b - y)^2)",
    "sum((a*x - y)^2) + 1000*sum((b*y - x)^2)",
    "sum((a*x - y)^2) - sum((b*x + c - y)^2)",
    "1e16 + sum((a*x + c - y)^2)",
    "sum((m @ w - y)^2)",
    "mean((m @ w + c - y)^2) + 0.01*sum(w^2)",
    "sum((m @ w - y) * (m @ v - x))",
    "sum((m @ (w*v) - y)^2)",
    "sum(t * (a*x - y)^2)",
    "sum(0.5*(a*x + b - y)^2 + 1e-3*a^2) / sum(x^2)",
    "sum((a*x + b*x - y)^3)",
    "sum((a*(x - c) - y)^2)",
    "sum(((a*b)*x - c*y)^2)",
    "sum(w) * sum(v) * sum(x)",
    "sum(log(x^2 + 1) * (a - y)^2) + sum(t*y)*c",
    "mean(if y == y { (a*x + b - 1)^2 } else { 0 })",
    "mean((if y == y { 1 } else { 0 }) * (a*x + b - 1)^2)",
    "sum((a*x - c*y)^2) + sum((b*y - x) * t)",
    "(a - b)^2*sum(x) + c*sum(t)",
    "sum(outer(w, v)*(m.T @ m))",
];

/// The model of a loss, with what it reads.
fn whole(loss: &str) -> String {
    let words: Vec<&str> = loss.split(|letter: char| !letter.is_alphanumeric()).collect();
    let read = ["param a", "param b", "param c", "param v: [D]", "param w: [D]", "input x: [N]", "input y: [N]"];
    let read = read.into_iter().chain(["input t: [N]", "input m: [N, D]"]);
    let read = read.filter(|item| words.contains(&&item[6..7]));
    let dims = if words.iter().any(|word| ["m", "v", "w"].contains(word)) { "N, D" } else { "N" };
    format!("M<{dims}> {{ {}; loss = {loss}; }}", read.collect::<Vec<_>>().join("; "))
}

/// A size: 1, or a power of 10.
fn scale(random: &mut Random) -> f64 {
    let exponent = i32::try_from(random.below(321)).expect("small") - 160;
    if random.below(2) == 0 { 1.0 } else { 10.0_f64.powi(if random.below(2) == 0 { exponent } else { exponent / 16 }) }
}

/// Between -1 and 1.
fn number(random: &mut Random) -> f64 {
    random.between(-1.0, 1.0)
}

fn drawn(variable: &Variable, environment: &Environment, random: &mut Random, scales: Option<&[f64; 2]>) -> Tensor {
    let shape = environment.shape(&variable.ty.shape);
    let (kind, own) = (random.below(12), scale(random));
    let name = variable.name.to_string();
    let (is_param, is_scaled) = ("abcvw".contains(&*name), "awxm".contains(&*name));
    let (kind, scales) = scales.map_or((kind, [own, own]), |&scales| (if kind < 6 { 9 } else { kind }, scales));
    let mut place = 0;
    Tensor::from_fn(shape, |_| {
        place += 1;
        let scale = match (is_scaled, is_param) {
            (false, _) => 1.0,
            (true, true) => 1.0 / scales[place % 2],
            (true, false) => scales[place % 2],
        };
        match kind {
            0 => number(random) * own,
            1 => 0.0,
            2 => own,
            3 => 1.0 + 1e-13 * number(random),
            4 if !is_param && random.below(4) == 0 => f64::NAN,
            5 if !is_param && random.below(4) == 0 => f64::INFINITY,
            6 => scale * (1.0 + 1e-10 * number(random)),
            7 => 0.1 * scale,
            8 => 1e8 + number(random),
            _ => scale * number(random),
        }
    })
}

/// What statistics give at a point, if they are trusted with it.
fn trusted(reduced: &Reduced, environment: &Environment) -> Option<Vec<Tensor>> {
    let mut environment = environment.clone();
    let values = evaluate(&reduced.summary.region, &reduced.summary.results, &environment);
    let kept = values.iter().map(|value| value.data.len()).max().unwrap_or(1);
    for (statistic, value) in reduced.statistics.iter().zip(values) {
        environment.values.insert(statistic.name.to_string(), value);
    }
    let summed = reduced.summed.iter().map(|extents| extents.iter().map(|dim| environment.extent(dim)).product());
    let rounding = rounding(summed.max().unwrap_or(1), kept, reduced.terms);
    let mut found = evaluate(&reduced.reduced.region, &reduced.reduced.results, &environment);
    let (magnitude, lost) = (found.remove(1).data[0], found.remove(1).data[0]);
    (is_close(found[0].data[0], magnitude, rounding) && is_kept(lost, rounding)).then_some(found)
}

#[test]
fn what_is_trusted_is_right() {
    let points = std::env::var("AUTOGRAD_POINTS").ok().map_or(40, |text| text.parse().expect("a number"));
    let (mut all, mut wrong) = (0, Vec::new());
    for (place, loss) in LOSSES.iter().enumerate() {
        let model = model(&whole(loss));
        let Ok(reduced) = reduce(&model) else { continue };
        let mut wanted = vec![model.loss().expect("there is a loss")];
        wanted.extend(&model.gradients);
        for point in 0..points {
            let mut random = Random::new((1 + point) ^ (place as u64) << 32);
            for _ in 0..8 {
                random.below(2);
            }
            let mut environment = Environment::default();
            environment.dims.insert("N".to_owned(), [5, 5, 5, 0, 1, 2, 40][random.below(7)]);
            environment.dims.insert("D".to_owned(), [2, 2, 3, 1, 0][random.below(5)]);
            let scales = [scale(&mut random), scale(&mut random)];
            let scales = (random.below(2) == 0).then_some(&scales);
            for variable in model.params.iter().chain(&model.inputs) {
                let value = drawn(variable, &environment, &mut random, scales);
                environment.values.insert(variable.name.to_string(), value);
            }
            let Some(found) = trusted(&reduced, &environment) else { continue };
            all += 1;
            let expected = evaluate(&model.region, &wanted, &environment);
            let moves = moves(&model.region, &wanted, &environment, &expected, &mut random);
            for (which, ((found, expected), moves)) in found.iter().zip(&expected).zip(&moves).enumerate() {
                let largest = expected.data.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
                for ((&found, &expected), &moves) in found.data.iter().zip(&expected.data).zip(&moves.data) {
                    let floor = if which == 0 { 0.0 } else { 0.01 * largest };
                    let is_right = found.to_bits() == expected.to_bits()
                        || (found - expected).abs() <= 1e-6 * expected.abs().max(floor) + 1e3 * moves
                        || (!expected.is_finite() && !found.is_finite())
                        || (found - expected).abs() < 1e-300;
                    if !is_right {
                        wrong.push(format!("{loss}, point {point}: result {which} is {found:e}, not {expected:e}"));
                    }
                }
            }
        }
    }
    assert!(all > points, "{all} points were trusted");
    assert!(wrong.is_empty(), "{} of {all} are wrong\n{}", wrong.len(), wrong[..wrong.len().min(30)].join("\n"));
}

/// What results move by where all numbers are changed by a rounding or two: what is not known of them in any way.
fn moves(
    region: &crate::graph::Region,
    wanted: &[NodeId],
    environment: &Environment,
    values: &[Tensor],
    random: &mut Random,
) -> Vec<Tensor> {
    let mut moves: Vec<Tensor> =
        values.iter().map(|value| Tensor { shape: value.shape.clone(), data: vec![0.0; value.data.len()] }).collect();
    for _ in 0..4 {
        let mut changed = environment.clone();
        for value in changed.values.values_mut() {
            value.data.iter_mut().for_each(|x| *x *= 1.0 + 4e-16 * number(random));
        }
        for ((moves, value), after) in moves.iter_mut().zip(values).zip(evaluate(region, wanted, &changed)) {
            for ((most, x), y) in moves.data.iter_mut().zip(&value.data).zip(after.data) {
                *most = most.max((y - x).abs());
            }
        }
    }
    moves
}

/// The text's loss at a point, if it is trusted: columns of `m` and elements of `w` of very different sizes.
fn loss_at(loss: &str, m: [f64; 2], w: [f64; 2]) -> Option<f64> {
    let reduced = reduce(&model(&whole(loss))).expect("it is a polynomial");
    let mut environment = sized(&[("N", 1), ("D", 2)]);
    let mut set = |name: &str, shape: &[usize], data: &[f64]| {
        environment.values.insert(name.to_owned(), Tensor { shape: shape.to_vec(), data: data.to_vec() });
    };
    set("m", &[1, 2], &m);
    set("w", &[2], &w);
    set("y", &[1], &[0.0]);
    trusted(&reduced, &environment).map(|found| found[0].data[0])
}

#[test]
fn what_vanishes_in_one_column_is_not_trusted() {
    let square = "sum((m @ w - y)^2)";
    assert_eq!(loss_at(square, [1.0, 1.0], [1.0, 1.0]), Some(4.0));
    assert_eq!(loss_at(square, [1.0, 1e-100], [1.0, 1e100]).map(f64::round), Some(4.0));
    assert_eq!(loss_at(square, [1.0, 1e100], [1.0, 1e-100]).map(f64::round), Some(4.0));
    assert_eq!(loss_at(square, [1.0, 0.0], [3.0, 1.0]), Some(9.0));
    for size in [1e-170, 1e-200, 1e-300, 1e170, 1e200, 1e300] {
        assert_eq!(loss_at(square, [1.0, size], [1.0, 1.0 / size]), None, "{size:e}");
    }
}

#[test]
fn literals_that_vanish_are_refused() {
    for loss in
        ["sum((1e-200*a*x - y)^2)", "sum((1e-120*a*x - y)^2)", "sum((1e-90*a*x - y)^3)", "sum((1e200*a*x - y)^2)"]
    {
        let reason = reduce(&model(&whole(loss))).err();
        assert_eq!(reason.as_deref(), Some("its literals multiply to what is hardly a number"), "{loss}");
    }
    assert!(reduce(&model(&whole("sum((1e-90*a*x - y)^2)"))).is_ok());
}

#[test]
fn data_that_jump_are_known() {
    for (data, jumps) in [
        ("x", false),
        ("exp(x)*0.1", false),
        ("floor(x)", false),
        ("floor(x/0.1)", true),
        ("(if x > 0 { 1 } else { 0 })", false),
        ("(if x > 0.5 && y == y { 1 } else { 2 })", false),
        ("(if x > 0.1 { 1 } else { 0 })", true),
        ("(if max(x, y) > iota(N) { 0.1 } else { 0 })", false),
        ("(if x*y > 1 { 1 } else { 0 })", true),
        ("abs(x*y)", false),
        ("(if x > mean(x) { 1 } else { 0 })", true),
    ] {
        let reduced = reduce(&model(&whole(&format!("sum((a*{data} - y)^2)")))).expect("it is a polynomial");
        assert_eq!(reduced.jumps, jumps, "{data}");
    }
}
