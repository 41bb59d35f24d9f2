//! logsumexp and softmax of rows with infinities, NaN and numbers that overflow, at every place of a row and of a loop, with
//! the rows along memory and across it.

use autograd_core::model;
use ndarray::{Array1, Array2};

use super::{INF, same};

model! {
    pub Along<N> {
        param x: [N, 3];
        input g: [N];
        loss = sum(g * logsumexp(x, axis = 1));
        share = softmax(x, axis = 1);
    }
}

model! {
    pub Across<N> {
        param x: [3, N];
        input g: [N];
        loss = sum(g * logsumexp(x, axis = 0));
        share = softmax(x, axis = 0);
    }
}

/// What stands in the rows.
const SPECIAL: [f64; 9] = [-INF, INF, f64::NAN, 0.0, 1.0, -700.0, 1e300, -1e300, 800.0];

/// More than any pack has lanes.
const ROWS: usize = 37;

/// The value, and the derivative by each element: shared evenly among infinities, 0 where all are −∞.
fn expected(row: [f64; 3]) -> (f64, [f64; 3]) {
    if row.iter().any(|x| x.is_nan()) {
        return (f64::NAN, [f64::NAN; 3]);
    }
    let most = row.into_iter().fold(-INF, f64::max);
    if most == -INF {
        return (-INF, [0.0; 3]);
    }
    let parts = row.map(|x| if x == most { 1.0 } else { (x - most).exp() });
    let total: f64 = parts.iter().sum();
    (most + total.ln(), parts.map(|part| part / total))
}

fn near(found: f64, expected: f64) -> bool {
    same(found, expected) || (found - expected).abs() <= 1e-14 * expected.abs()
}

#[test]
fn special_rows_keep_their_conventions() {
    let (weights, mut place) = (Array1::<f64>::ones(ROWS), 0);
    for (a, b, c) in SPECIAL.iter().flat_map(|a| SPECIAL.iter().flat_map(move |b| SPECIAL.map(|c| (*a, *b, c)))) {
        let row = [a, b, c];
        place = (place + 1) % ROWS;
        // The other rows add nothing to the loss but the logarithm of 3.
        let x = Array2::from_shape_fn((ROWS, 3), |(i, k)| if i == place { row[k] } else { 0.0 });
        let (value, shares) = expected(row);
        let total = value + (1..ROWS).map(|_| 3.0_f64.ln()).sum::<f64>();

        let along = Along { x: x.clone() };
        let inputs = along::Inputs { g: weights.view() };
        let (loss, grad) = along.loss_and_grad(&inputs).expect("the sizes agree");
        let across = Across { x: x.t().as_standard_layout().into_owned() };
        let turned = across::Inputs { g: weights.view() };
        let (loss_across, grad_across) = across.loss_and_grad(&turned).expect("the sizes agree");
        assert!(near(loss, total) && near(loss_across, total), "{row:?}: {loss} and {loss_across}, not {total}");
        let softmax = along.share(&inputs).expect("the sizes agree");
        let softmax_across = across.share(&turned).expect("the sizes agree");
        for k in 0..3 {
            let found = [grad.x[[place, k]], grad_across.x[[k, place]]];
            assert!(found.iter().all(|&slope| near(slope, shares[k])), "{row:?}: {found:?}, not {shares:?}");
            // What divides by a sum of nothing, or of infinities, has no value.
            let share = if value.is_infinite() { f64::NAN } else { shares[k] };
            let found = [softmax[[place, k]], softmax_across[[k, place]]];
            assert!(found.iter().all(|&found| near(found, share)), "{row:?}: softmax {found:?}, not {share}");
        }
        let beside = (place + 1) % ROWS;
        assert!(near(grad.x[[beside, 0]], 1.0 / 3.0) && near(grad_across.x[[0, beside]], 1.0 / 3.0), "{row:?}");
    }
}
