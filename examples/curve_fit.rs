//! Nonlinear least squares to the certified digits, with standard errors.
//!
//! The National Institute of Standards and Technology publishes regression problems with answers that are known to
//! eleven digits (<https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml>). Three of them are fitted here, each from
//! both of NIST's starts: Misra1a is easy, Thurber and MGH09 have led good programs astray.
//!
//!     cargo run --release --example curve_fit
//!
//! `-- --short` changes nothing: it takes no time as it is.

#![expect(clippy::unreadable_literal, reason = "the numbers look as NIST prints them")]

use autograd_core::data::Csv;
use autograd_core::plot::Figure;
use autograd_core::{Parameters, fit, model};
use autograd_examples::{Outcome, data, ensure, save};
use ndarray::Array1;

model! {
    /// Adsorption of a single layer of molecules.
    pub Misra1a<N> {
        param b1, b2;
        input x: [N], y: [N];
        curve = b1 * (1 - exp(-b2*x));
        residual = curve - y;
    }
}

model! {
    /// Electron mobility in a semiconductor.
    pub Thurber<N> {
        param b1, b2, b3, b4, b5, b6, b7;
        input x: [N], y: [N];
        curve = (b1 + b2*x + b3*x^2 + b4*x^3) / (1 + b5*x + b6*x^2 + b7*x^3);
        residual = curve - y;
    }
}

model! {
    /// Kowalik and Osborne's problem.
    pub Mgh09<N> {
        param b1, b2, b3, b4;
        input x: [N], y: [N];
        curve = b1 * (x^2 + b2*x) / (x^2 + b3*x + b4);
        residual = curve - y;
    }
}

/// Fits a model to a file from some starts, and compares with what NIST certifies.
macro_rules! solve {
    ($model:ident, $module:ident, $file:literal, $starts:expr, $certified:expr) => {
        let table = Csv::new().comment('#').read(data($file))?;
        let (x, y): (Array1<f64>, _) = (table.column("x")?, table.column("y")?);
        let at = Array1::linspace(x[0].min(x[x.len() - 1]), x[0].max(x[x.len() - 1]), 200);
        for start in $starts {
            let mut model = $model::<f64>::default();
            model.unflatten(&start)?;
            let report = fit(&mut model, &$module::Inputs::new(&x, &y)).observed(&y).run()?;
            println!("{}\n{report}\n", stringify!($model));
            for (estimate, certified) in report.estimates.iter().zip($certified) {
                let digits = -((estimate.value - certified) / certified).abs().max(1e-11).log10();
                ensure(digits >= 8.0, format!("{} has {digits:.1} digits only", estimate.name))?;
            }
            // The curve knows nothing of observations.
            let curve = report.predict(&model, &$module::Inputs::new(&at, &at), "curve")?;
            let figure = Figure::fit(stringify!($model), &x, &y).prediction("fit", &at, &curve);
            save(&figure, stringify!($module))?;
        }
    };
}

fn main() -> Outcome {
    solve!(Misra1a, misra1a, "misra1a.csv", [[500.0, 0.0001], [250.0, 0.0005]], [2.3894212918E+02, 5.5015643181E-04]);
    solve!(
        Thurber,
        thurber,
        "thurber.csv",
        [[1000.0, 1000.0, 400.0, 40.0, 0.7, 0.3, 0.03], [1300.0, 1500.0, 500.0, 75.0, 1.0, 0.4, 0.05]],
        [
            1.2881396800E+03,
            1.4910792535E+03,
            5.8323836877E+02,
            7.5416644291E+01,
            9.6629502864E-01,
            3.9797285797E-01,
            4.9727297349E-02
        ]
    );
    solve!(
        Mgh09,
        mgh09,
        "mgh09.csv",
        [[25.0, 39.0, 41.5, 39.0], [0.25, 0.39, 0.415, 0.39]],
        [1.9280693458E-01, 1.9128232873E-01, 1.2305650693E-01, 1.3606233068E-01]
    );
    Ok(())
}
