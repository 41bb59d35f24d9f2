//! Every primitive below a choice.

use super::{Leaf, SIZES, check, check_kept, shape};
use crate::graph::{Dim, NodeId, Region};
use crate::ops::{Contract, ReduceKind};

fn contract(left: &[usize], right: &[usize], left_batch: &[usize], right_batch: &[usize]) -> Contract {
    Contract {
        left_batch: left_batch.to_vec(),
        right_batch: right_batch.to_vec(),
        left_contract: left.to_vec(),
        right_contract: right.to_vec(),
    }
}

/// Something between the leaf and the primitive, and after it.
fn bend(r: &mut Region, x: NodeId) -> NodeId {
    let sine = r.sin(x);
    r.plus(sine, x)
}

#[test]
fn reductions() {
    let kinds = [
        ReduceKind::Sum,
        ReduceKind::Product,
        ReduceKind::Max,
        ReduceKind::MaxNumber,
        ReduceKind::Min,
        ReduceKind::LogSumExp,
        ReduceKind::Norm,
    ];
    for kind in kinds {
        for axes in [&[1][..], &[2], &[1, 2]] {
            check(&format!("{} over {axes:?}", kind.name()), &[Leaf::rows(&["N", "D", "K"], 0.3, 1.2)], |r, x| {
                let x = bend(r, x[0]);
                let y = r.reduce(kind, x, axes);
                bend(r, y)
            });
        }
    }
}

#[test]
fn products_of_matrices() {
    let matrix = || [Leaf::rows(&["N", "D"], -1.0, 1.0), Leaf::shared(&["D", "K"], -1.0, 1.0)];
    check("x @ w", &matrix(), |r, x| {
        let left = bend(r, x[0]);
        let y = r.contract(contract(&[1], &[0], &[], &[]), left, x[1]);
        bend(r, y)
    });
    check("x @ w, twice", &[Leaf::rows(&["N", "D"], -1.0, 1.0), Leaf::shared(&["D", "D"], -1.0, 1.0)], |r, x| {
        let hidden = r.contract(contract(&[1], &[0], &[], &[]), x[0], x[1]);
        let hidden = r.tanh(hidden);
        let weight = r.exp(x[1]);
        let y = r.contract(contract(&[1], &[0], &[], &[]), hidden, weight);
        r.softplus(y)
    });
    check("(w.T @ x.T).T", &matrix(), |r, x| {
        let right = r.permute(x[0], &[1, 0]);
        let y = r.contract(contract(&[0], &[0], &[], &[]), x[1], right);
        let y = r.permute(y, &[1, 0]);
        bend(r, y)
    });
    check("x @ v", &[Leaf::rows(&["N", "D"], -1.0, 1.0), Leaf::shared(&["D"], -1.0, 1.0)], |r, x| {
        let y = r.contract(contract(&[1], &[0], &[], &[]), x[0], x[1]);
        bend(r, y)
    });
    check("batches", &[Leaf::rows(&["N", "D", "K"], -1.0, 1.0), Leaf::rows(&["N", "K", "D"], -1.0, 1.0)], |r, x| {
        let left = bend(r, x[0]);
        let y = r.contract(contract(&[2], &[1], &[0], &[0]), left, x[1]);
        bend(r, y)
    });
    check("outer", &[Leaf::rows(&["N", "D"], -1.0, 1.0), Leaf::shared(&["K"], -1.0, 1.0)], |r, x| {
        let y = r.contract(contract(&[], &[], &[], &[]), x[0], x[1]);
        bend(r, y)
    });
    check(
        "planted on the right",
        &[Leaf::shared(&["D", "K"], -1.0, 1.0), Leaf::rows(&["N", "D"], -1.0, 1.0)],
        |r, x| {
            let y = r.contract(contract(&[0], &[1], &[], &[]), x[0], x[1]);
            r.permute(y, &[1, 0])
        },
    );
}

#[test]
fn recurrences() {
    for reverse in [false, true] {
        let leaves = [Leaf::rows(&["N", "D"], -1.0, 1.0), Leaf::rows(&["N", "D"], -1.0, 1.0)];
        check("along the other axis", &leaves, |r, x| {
            let (a, b) = (bend(r, x[0]), bend(r, x[1]));
            let y = r.recurrence(a, b, 1, reverse);
            bend(r, y)
        });
        // What comes after a planted element depends on it: here this is not taken either.
        for row in 0..4 {
            let kept = |at: usize| f64::from(u8::from(if reverse { at > row } else { at < row }));
            let keep: Vec<f64> = (0..4).map(kept).collect();
            check_kept("along the rows", &leaves, &keep, row, &|r, x| {
                let (a, b) = (bend(r, x[0]), bend(r, x[1]));
                let y = r.recurrence(a, b, 0, reverse);
                bend(r, y)
            });
            check_kept("running sums", &leaves[..1], &keep, row, &|r, x| {
                let (one, b) = (r.ones_like(x[0]), bend(r, x[0]));
                let y = r.recurrence(one, b, 0, reverse);
                bend(r, y)
            });
        }
    }
}

#[test]
fn moved_axes() {
    let rows = || [Leaf::rows(&["N", "D", "K"], 0.3, 1.2)];
    check("permute", &rows(), |r, x| {
        let x = bend(r, x[0]);
        let y = r.permute(x, &[1, 2, 0]);
        let y = bend(r, y);
        r.permute(y, &[2, 0, 1])
    });
    check("reshape", &rows(), |r, x| {
        let x = bend(r, x[0]);
        let count = Dim::name("D").mul(&Dim::name("K")).expect("small");
        let y = r.reshape(x, &[Dim::name("N"), count].into());
        bend(r, y)
    });
    check("reverse", &rows(), |r, x| {
        let x = bend(r, x[0]);
        let y = r.reverse(x, &[1, 2]);
        bend(r, y)
    });
    check("broadcast", &[Leaf::rows(&["N"], 0.3, 1.2), Leaf::shared(&["D"], 0.3, 1.2)], |r, x| {
        let (a, b) = (bend(r, x[0]), bend(r, x[1]));
        let (a, b) = (r.broadcast(a, &shape(&["N", "D"]), &[0]), r.broadcast(b, &shape(&["N", "D"]), &[1]));
        r.times(a, b)
    });
    // The row that is read is another one than the one that is planted.
    for reversed in [false, true] {
        let place = |row: usize| if reversed { 3 - row } else { row };
        for row in 0..4 {
            let keep: Vec<f64> = (0..4).map(|at| f64::from(u8::from(at != place(row)))).collect();
            check_kept("reversed rows", &rows(), &keep, row, &|r, x| {
                let x = bend(r, x[0]);
                let y = if reversed { r.reverse(x, &[0]) } else { x };
                bend(r, y)
            });
        }
    }
}

#[test]
fn boxes() {
    let rows = || [Leaf::rows(&["N", "D"], 0.3, 1.2)];
    check("slice", &rows(), |r, x| {
        let x = bend(r, x[0]);
        let y = r.slice(x, &[Dim::ZERO, Dim::ONE], &shape(&["N", "1"]), &[1, 1]);
        bend(r, y)
    });
    check("pad", &rows(), |r, x| {
        let x = bend(r, x[0]);
        let y = r.pad(x, &shape(&["N", "7"]), &[Dim::ZERO, Dim::ONE], &[1, 2]);
        bend(r, y)
    });
    check("concat", &rows(), |r, x| {
        let (y, z) = (bend(r, x[0]), r.exp(x[0]));
        let y = r.concat(&[y, x[0], z], 1);
        bend(r, y)
    });
    // Rows move: element `i` is read at `i + 1`, and nothing behind the last.
    let (name, size) = SIZES[0];
    let rest = Dim::name(name).sub(&Dim::ONE).expect("small");
    for row in 1..usize::try_from(size).expect("small") {
        let keep: Vec<f64> = (0..4).map(|at| f64::from(u8::from(at + 1 != row))).collect();
        check_kept("moved up", &rows(), &keep, row, &|r, x| {
            let x = bend(r, x[0]);
            let y = r.slice(x, &[Dim::ONE, Dim::ZERO], &[rest.clone(), Dim::name("D")].into(), &[1, 1]);
            let y = r.exp(y);
            let y = r.pad(y, &shape(&["N", "D"]), &[Dim::ZERO, Dim::ZERO], &[1, 1]);
            bend(r, y)
        });
    }
}

#[test]
fn choices_below_choices() {
    let rows = || [Leaf::rows(&["N", "D"], 0.3, 1.2), Leaf::rows(&["N", "D"], 0.3, 1.2)];
    check("a choice by the planted values", &rows(), |r, x| {
        let larger = r.less(x[0], x[1]);
        let (a, b) = (r.exp(x[0]), r.times(x[0], x[1]));
        let y = r.choose(larger, a, b);
        bend(r, y)
    });
    check("through a sum over the other axis", &rows(), |r, x| {
        let larger = r.less(x[0], x[1]);
        let (a, b) = (r.exp(x[0]), r.times(x[0], x[1]));
        let y = r.choose(larger, a, b);
        let y = r.sum(y, &[1]);
        bend(r, y)
    });
}
