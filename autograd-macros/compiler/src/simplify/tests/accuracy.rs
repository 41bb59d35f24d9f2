//! The proof that stabilising rows are no worse anywhere.

use super::truths::TRUTHS;
use super::{Case, all_cases, sizes};
use crate::graph::{NodeId, Region};
use crate::interpret::{Tensor, evaluate};
use crate::simplify::{Class, legalise};

/// How many ulp of the truth a value is away from it.
fn error(value: f64, truth: f64) -> f64 {
    if value.to_bits() == truth.to_bits() {
        return 0.0;
    }
    let ulp = (truth.abs().next_up() - truth.abs()).max(f64::MIN_POSITIVE * f64::EPSILON);
    let error = (value - truth).abs() / ulp;
    if error.is_nan() { f64::INFINITY } else { error }
}

/// The elementary functions themselves are this good.
const ALLOWED: f64 = 4.0;

/// These values are good as they are written; their derivatives, by the chain rule, are infinity by infinity.
const GAIN_IN_THE_DERIVATIVE: &[&str] =
    &["recip_of_one_plus_exp", "number_by_one_plus_exp", "value_by_one_plus_exp", "product_of_sigmoids"];

/// At points that hurt, with true values from 2000-digit arithmetic: never worse, and better somewhere.
#[test]
fn stabilising_rows_are_no_worse_anywhere() {
    for case in all_cases().iter().filter(|case| case.row().class == Class::Stabilises) {
        let points: Vec<_> = TRUTHS.iter().filter(|truth| truth.0 == case.row && applies(case, truth.1)).collect();
        assert!(points.len() > 3, "row `{}` has true values", case.row);
        let mut gained = false;
        for (_, inputs, truth) in points {
            let (before, after) = (errors(case.before(), inputs, truth), errors(case.after(), inputs, truth));
            for (before, after) in before.iter().zip(&after) {
                assert!(*after <= before + ALLOWED, "row `{}` at {inputs:?}: {before} ulp became {after}", case.row);
                gained |= *before > 100.0 * after.max(1.0);
            }
        }
        assert!(gained || GAIN_IN_THE_DERIVATIVE.contains(&case.row), "row `{}` gains somewhere", case.row);
    }
}

fn applies(case: &Case, inputs: &[(&str, &[f64])]) -> bool {
    let (region, _) = case.before();
    let leaves = region.iter().filter(|(_, node)| matches!(node.op, crate::ops::Op::Leaf(_))).count();
    leaves == inputs.len()
}

/// The errors of the elements, computed as they will run.
fn errors((region, y): (Region, NodeId), inputs: &[(&str, &[f64])], truth: &[f64]) -> Vec<f64> {
    let mut environment = sizes();
    for (name, values) in inputs {
        let shape = if *name == "x" { vec![values.len()] } else { Vec::new() };
        environment.values.insert((*name).to_owned(), Tensor { shape, data: values.to_vec() });
    }
    let (region, results) = legalise(&region, &[y]);
    let value = &evaluate(&region, &results, &environment)[0];
    value.data.iter().zip(truth).map(|(&value, &truth)| error(value, truth)).collect()
}
