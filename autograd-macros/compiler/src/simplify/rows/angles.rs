//! The angle of a quotient, from its parts: where the quotient overflows, the angle still has a slope.
//!
//! ```text
//! atan(a/b)   →   atan2(b < 0 ? -a : a, |b|)
//! ```

use super::super::matching::{binary, constant, extent, operands, unary};
use super::super::{On, Rewriter, Row};
use super::domain;
use crate::graph::NodeId;
use crate::ops::Function::{Atan, Atan2, Div, Neg, Recip};
use crate::ops::{Compare, Select};

pub(super) static ROWS: &[Row] =
    &[domain("atan_of_quotient", On::Map(Atan), "the angle of 0/0 is 0, where it was NaN; -0 divides as 0 does", atan)];

fn atan(r: &mut Rewriter<'_>, y: NodeId) -> Option<NodeId> {
    let [quotient] = operands(r.region(), y);
    let [a, b] = match unary(r.region(), Recip, quotient) {
        Some(b) => [r.number(1.0, b), b],
        None => binary(r.region(), Div, quotient)?,
    };
    if constant(r.region(), b).is_some() || extent(r.region(), b).is_some() {
        return None;
    }
    let zero = r.number(0.0, b);
    let is_below = r.add(Compare::Lt, &[b, zero]);
    let [a, b] = [a, b].map(|part| {
        let minus = r.map(Neg, &[part]);
        r.add(Select::RULE, &[is_below, minus, part])
    });
    Some(r.map(Atan2, &[a, b]))
}
