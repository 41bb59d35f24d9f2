//! A report as text: an aligned table of the estimates, and what else is known.

use core::fmt;

use super::report::{Estimate, Report, Status};
use crate::math::Elementary;

/// A standard error that is so many times the estimate, or 1 where that is less, says that there is none.
const OPEN: f64 = 100.0;

/// The most estimates that are listed.
const LISTED: usize = 40;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.converged() { "converged" } else { "has not converged" };
        let Self { method, stop, iterations, .. } = self;
        writeln!(f, "{method} {verdict} after {iterations} iterations: {stop}")?;
        writeln!(f)?;
        self.write_estimates(f)?;
        if let Err(unknown) = self.covariance() {
            writeln!(f, "no standard errors: {unknown}")?;
        }
        self.write_undetermined(f)?;
        writeln!(f)?;
        self.write_quality(f)?;
        self.write_evaluations(f)
    }
}

impl Report {
    fn write_estimates(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heading = ["parameter", "estimate", "std. error", "t value"].map(String::from);
        let rows = self.estimates.iter().take(LISTED).map(row);
        let rows: Vec<[String; 4]> = std::iter::once(heading).chain(rows).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths = [width(0), width(1), width(2), width(3)];
        for [name, value, error, t] in &rows {
            let line =
                format!("{name:<0$}  {value:>1$}  {error:>2$}  {t:>3$}", widths[0], widths[1], widths[2], widths[3]);
            writeln!(f, "{}", line.trim_end())?;
        }
        match self.estimates.len().saturating_sub(LISTED) {
            0 => Ok(()),
            more => writeln!(f, "… and {more} more"),
        }
    }

    /// What the data leave open: where a likelihood is largest at infinity, as that of classes that a line separates, estimates
    /// run away and their errors faster; so does what a curve no longer depends on.
    fn write_undetermined(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_open = |estimate: &&Estimate| {
            let error = estimate.standard_error.filter(|_| estimate.status == Status::Fitted);
            error.is_some_and(|error| error > OPEN * estimate.value.abs().max(1.0))
        };
        let open = || self.estimates.iter().filter(is_open);
        let names: Vec<&str> = open().take(3).map(|estimate| estimate.name.as_str()).collect();
        let more = match open().count() {
            0 => return Ok(()),
            count if count > names.len() => " and others",
            _ => "",
        };
        writeln!(
            f,
            "warning: the data hardly determine {}{more}: the standard errors are far larger",
            names.join(", ")
        )?;
        writeln!(
            f,
            "(a plateau; a likelihood that is largest at infinity, where a line separates the classes: a prior or bounds help)"
        )
    }

    fn write_quality(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.residual_sum, self.degrees_of_freedom) {
            (Some(sum), Some(freedom)) => {
                write!(f, "residual sum of squares {}, {freedom} degrees of freedom", general(sum, 10))?;
                match self.r_squared {
                    Some(r_squared) => writeln!(f, ", R² {}", general(r_squared, 8))?,
                    None => writeln!(f)?,
                }
            }
            _ => writeln!(f, "loss {}", general(self.loss, 10))?,
        }
        if let Some(log_likelihood) = self.log_likelihood {
            write!(f, "log-likelihood {}", general(log_likelihood, 8))?;
            for (name, criterion) in [("AIC", self.aic), ("BIC", self.bic)] {
                if let Some(criterion) = criterion {
                    write!(f, ", {name} {}", general(criterion, 8))?;
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }

    fn write_evaluations(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.evaluations;
        let kinds = [
            (counts.loss, "loss"),
            (counts.gradient, "gradient"),
            (counts.product, "Hessian product"),
            (counts.residual, "residuals"),
            (counts.derivative, "derivative of residuals"),
        ];
        let kinds = kinds.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{what} {count}"));
        write!(f, "evaluations: {}", kinds.collect::<Vec<_>>().join(", "))
    }
}

fn row(estimate: &Estimate) -> [String; 4] {
    let Estimate { name, value, standard_error, status } = estimate;
    let (error, t) = match (status, standard_error) {
        (Status::Fixed, _) => ("fixed".into(), String::new()),
        (Status::AtBound, _) => ("at bound".into(), String::new()),
        (Status::Flat, _) => ("flat".into(), String::new()),
        (Status::Fitted, Some(error)) => (general(*error, 5), general(value / error, 4)),
        (Status::Fitted, None) => ("–".into(), String::new()),
    };
    [name.clone(), general(*value, 8), error, t]
}

/// A number with so many digits, with an exponent where it is very large or small.
fn general(number: f64, digits: usize) -> String {
    if number == 0.0 || !number.is_finite() {
        return number.to_string();
    }
    let rounded = format!("{:.*e}", digits - 1, number);
    let exponent: i32 = rounded.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    if !(-4..9).contains(&exponent) {
        return rounded;
    }
    let decimals = i32::try_from(digits).unwrap_or(i32::MAX) - 1 - exponent;
    format!("{:.*}", usize::try_from(decimals).unwrap_or(0), number)
}

/// log 2π, for densities of the normal distribution.
pub(super) fn log_two_pi() -> f64 {
    Elementary::log(core::f64::consts::TAU)
}

#[cfg(test)]
mod tests {
    use super::general;

    #[test]
    fn numbers_have_their_digits() {
        let cases = [
            (238.942_129_18, "238.94213"),
            (5.501_564e-4, "0.00055015640"),
            (5.501_564e-5, "5.5015640e-5"),
            (-1_234_567_890.0, "-1.2345679e9"),
            (123_456_789.0, "123456789"),
            (0.0, "0"),
            (f64::NAN, "NaN"),
            (9.999_999_99, "10.000000"),
        ];
        for (number, text) in cases {
            assert_eq!(general(number, 8), text);
        }
    }
}
