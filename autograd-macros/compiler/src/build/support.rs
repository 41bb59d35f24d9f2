//! The support of a parameter: where its numbers lie, and a start inside of it.

use super::{Builder, Built};
use crate::diagnostics::{Help, Place, Problem};
use crate::graph::Dim;
use crate::graph::model::{Initial, Support};
use crate::syntax::tree::{self, Declaration};

impl Builder<'_> {
    /// Where a declaration says that a parameter lies; its shape, if that is known.
    pub(super) fn support(&mut self, declaration: &Declaration, shape: Option<&[Dim]>) -> Built<Support> {
        match &declaration.support {
            None => Ok(Support::Real),
            Some(tree::Support::Simplex(span)) => {
                if shape.is_some_and(<[Dim]>::is_empty) {
                    let problem = Problem::WrongRank {
                        what: "a simplex".into(),
                        expected: "a vector".into(),
                        found: "a number".into(),
                    };
                    let help = Help::from(format!("`{}: [K] in simplex`", declaration.name));
                    return Err(self.error_with_help(
                        *span,
                        problem,
                        help.and(declaration.name.span(), Place::After, ": [K]"),
                    ));
                }
                Ok(Support::Simplex)
            }
            Some(tree::Support::Interval { low, high, span }) => {
                let mut number = |bound: &Option<tree::Expr>, open: f64| {
                    bound.as_ref().map_or(Ok(open), |bound| self.number(bound, "a bound of a parameter"))
                };
                let (low, high) = (number(low, f64::NEG_INFINITY), number(high, f64::INFINITY));
                let (low, high) = (low?, high?);
                // Also if one of them is no number.
                let is_interval = low < high && high - low > 0.0;
                if !is_interval {
                    let help = if high < low {
                        let code = text(high, low);
                        Help::write(format!("the smaller bound comes first: `in {code}`"), *span, code)
                    } else {
                        "bounds are two different numbers: `in -1..1`".into()
                    };
                    let (low, high) = (low.to_string(), high.to_string());
                    let problem = Problem::EmptySupport { name: declaration.name.to_string(), low, high };
                    return Err(self.error_with_help(*span, problem, help));
                }
                Ok(match (low.is_finite(), high.is_finite()) {
                    (false, false) => Support::Real,
                    (true, false) => Support::Above(low),
                    (false, true) => Support::Below(high),
                    (true, true) => Support::Between(low, high),
                })
            }
        }
    }

    /// How a parameter starts: as the declaration says, if that lies inside of its support; in the middle, if it says nothing.
    pub(super) fn start_within(
        &mut self,
        declaration: &Declaration,
        support: &Support,
        initial: Initial,
    ) -> Built<Initial> {
        let Some(written) = declaration.initial.as_ref() else { return Ok(middle(support, initial)) };
        let (low, high) = match *support {
            Support::Real => return Ok(initial),
            Support::Above(low) => (low, f64::INFINITY),
            Support::Below(high) => (f64::NEG_INFINITY, high),
            Support::Between(low, high) => (low, high),
            Support::Simplex => {
                let problem = Problem::OutsideSupport { name: declaration.name.to_string(), support: "simplex".into() };
                let help =
                    "it starts in the middle, each number 1/K: leave the start out, or set it after the model is made";
                return Err(self.error_with_help(written.span, problem, Help::from(help)));
            }
        };
        let is_inside = match &initial {
            Initial::Constant(value) => low < *value && *value < high,
            Initial::Call { name, arguments } => match (name.as_str(), arguments.as_slice()) {
                // The end itself is not drawn, and the beginning once in 2^53.
                ("uniform", [first, last]) => low <= *first && *last <= high,
                // Two standard deviations.
                ("truncated_normal", [mean, std]) => low < mean - 2.0 * std && mean + 2.0 * std < high,
                ("eye" | "identity", _) => low < 0.0 && 1.0 < high,
                _ => false,
            },
        };
        if is_inside {
            return Ok(initial);
        }
        let (first, last) = match (low.is_finite(), high.is_finite()) {
            (true, true) => (low + (high - low) / 4.0, low + (high - low) / 4.0 * 3.0),
            (true, false) => (low + 0.5, low + 1.5),
            (false, _) => (high - 1.5, high - 0.5),
        };
        let code = match (&initial, middle(support, Initial::Constant(0.0))) {
            (Initial::Constant(_), Initial::Constant(middle)) => middle.to_string(),
            _ => format!("uniform({first}, {last})"),
        };
        let help = Help::write(format!("a start inside of it, such as `{code}`"), written.span, code);
        let support = text(low, high);
        let problem = Problem::OutsideSupport { name: declaration.name.to_string(), support };
        Err(self.error_with_help(written.span, problem, help))
    }
}

/// Where the free form of a parameter is 0.
fn middle(support: &Support, otherwise: Initial) -> Initial {
    match *support {
        Support::Real => otherwise,
        Support::Above(low) => Initial::Constant(low + 1.0),
        Support::Below(high) => Initial::Constant(high - 1.0),
        Support::Between(low, high) => Initial::Constant(low + (high - low) / 2.0),
        Support::Simplex => Initial::Call { name: "simplex".to_owned(), arguments: Vec::new() },
    }
}

/// `0..`, `-1..1`
fn text(low: f64, high: f64) -> String {
    let bound = |bound: f64| if bound.is_finite() { bound.to_string() } else { String::new() };
    format!("{}..{}", bound(low), bound(high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::models::{attempted, built};

    /// Where the first parameter lies and how it starts.
    fn first(declaration: &str) -> (Support, Initial) {
        let model = built(&format!("M<K> {{ param {declaration}; loss = sum(p^2); }}"));
        (model.params[0].support, model.params[0].initial.clone())
    }

    #[test]
    fn a_parameter_lies_where_it_is_declared_and_starts_inside() {
        let number = Initial::Constant;
        assert_eq!(first("p in 0.."), (Support::Above(0.0), number(1.0)));
        assert_eq!(first("p: [K] in 0.. = 0.5"), (Support::Above(0.0), number(0.5)));
        assert_eq!(first("p in ..-1"), (Support::Below(-1.0), number(-2.0)));
        assert_eq!(first("p in -1..1"), (Support::Between(-1.0, 1.0), number(0.0)));
        assert_eq!(first("p in -1..1 = 0.5, q unused"), (Support::Between(-1.0, 1.0), number(0.5)));
        assert_eq!(
            first("p in 0..2*pi"),
            (Support::Between(0.0, 2.0 * core::f64::consts::PI), number(core::f64::consts::PI))
        );
        assert_eq!(first("p in 0..inf"), (Support::Above(0.0), number(1.0)));
        assert_eq!(first("p: [K] in simplex").0, Support::Simplex);
        assert!(first("p: [K] in simplex").1.is_fixed());
        assert!(matches!(first("p: [K] in 0..1 = uniform(0, 1)"), (Support::Between(..), Initial::Call { .. })));
    }

    #[test]
    fn a_start_outside_and_bounds_without_room_are_mistakes() {
        let message = |declaration: &str| {
            let (_, diagnostics) = attempted(&format!("M<K> {{ param {declaration}; loss = sum(p^2); }}"));
            let messages = diagnostics.errors().iter().map(|error| error.problem.message()).collect::<Vec<_>>();
            assert_eq!(messages.len(), 1, "{declaration}: {messages:?}");
            messages.concat()
        };
        assert_eq!(message("p in 0.. = 0"), "`p` would not start inside of `0..`");
        assert_eq!(message("p: [K] in 0.. = normal(0, 1)"), "`p` would not start inside of `0..`");
        assert_eq!(message("p: [K] in 0.. = uniform(-1, 1)"), "`p` would not start inside of `0..`");
        assert_eq!(message("p in 1..-1"), "no number lies between the bounds of `p`, 1 and -1");
        assert_eq!(message("p in 0..0"), "no number lies between the bounds of `p`, 0 and 0");
        assert_eq!(message("p: [K] in simplex = 0.5"), "`p` would not start inside of `simplex`");
        message("p in simplex");
        message("p in 0..=1");
        message("p in K");
        message("p in ..");
        message("p in 0..K");
    }
}
