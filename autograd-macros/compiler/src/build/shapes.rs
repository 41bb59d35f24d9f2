//! Broadcasting: `NumPy`'s, but a symbolic dimension stretches only from a literal 1 or a missing axis.
//!
//! `[N, D]` with `[D]` is `[N, D]`; `[N, D]` with `[N]` is an error even if N happens to equal D.

use std::rc::Rc;

use crate::graph::{Dim, Shape};

/// Two axes that do not fit.
pub(super) struct Clash {
    /// 0 is the last axis.
    pub(super) from_end: usize,
    left: Dim,
    right: Dim,
}

/// The common shape.
pub(super) fn broadcast(left: &Shape, right: &Shape) -> Result<Shape, Clash> {
    if left == right || right.is_empty() {
        return Ok(left.clone());
    }
    if left.is_empty() {
        return Ok(right.clone());
    }
    let rank = left.len().max(right.len());
    let mut shape = Vec::with_capacity(rank);
    for from_end in (0..rank).rev() {
        let (a, b) = (axis_from_end(left, from_end), axis_from_end(right, from_end));
        shape.push(match (a, b) {
            (Some(a), Some(b)) if a == b || b.is_one() => a.clone(),
            (Some(a), Some(b)) if a.is_one() => b.clone(),
            (Some(a), Some(b)) => return Err(Clash { from_end, left: a.clone(), right: b.clone() }),
            (Some(a), None) => a.clone(),
            (None, b) => b.cloned().unwrap_or(Dim::ONE),
        });
    }
    Ok(Rc::from(shape))
}

fn axis_from_end(shape: &[Dim], from_end: usize) -> Option<&Dim> {
    shape.len().checked_sub(from_end + 1).map(|axis| &shape[axis])
}

impl Clash {
    /// `the last axis is D on the left and N on the right`
    pub(super) fn reason(&self, left: &Shape, right: &Shape) -> String {
        let axis = if self.from_end == 0 {
            "the last axis".to_owned()
        } else if left.len() == right.len() {
            format!("axis {}", left.len() - 1 - self.from_end)
        } else {
            format!("axis -{}", self.from_end + 1)
        };
        format!("{axis} is {} on the left and {} on the right", self.left, self.right)
    }
}

/// How many elements there are; `None` on overflow.
pub(super) fn count(shape: &[Dim]) -> Option<Dim> {
    Dim::volume(shape)
}

#[cfg(test)]
mod tests {
    use super::{Shape, broadcast};
    use crate::graph::{Dim, ShapeText};

    fn shape(text: &str) -> Shape {
        text.split_whitespace().map(|dim| dim.parse().map_or_else(|_| Dim::name(dim), Dim::constant)).collect()
    }

    fn check(left: &str, right: &str, expected: &str) {
        let (left, right) = (shape(left), shape(right));
        let found = match broadcast(&left, &right) {
            Ok(shape) => ShapeText(&shape).to_string(),
            Err(clash) => clash.reason(&left, &right),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn follows_numpy_for_equal_dimensions_only() {
        check("N D", "D", "[N, D]");
        check("", "N", "[N]");
        check("N 1", "1 D", "[N, D]");
        check("N D", "N", "the last axis is D on the left and N on the right");
        check("N D", "M D", "axis 0 is N on the left and M on the right");
        check("B N D", "M D", "axis -2 is N on the left and M on the right");
    }
}
