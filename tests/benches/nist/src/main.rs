//! All 27 problems of NIST's nonlinear regression, each from both of its starts: certified digits of parameters, standard errors
//! and residual sum.
//!
//!     pip download lmfit==1.3.4 --no-deps --no-binary :all: && tar xzf lmfit-1.3.4.tar.gz
//!     cargo run --release --manifest-path tests/benches/nist/Cargo.toml -- lmfit-1.3.4/NIST_STRD [METHOD]
//!
//! The folder has the files as NIST publishes them (`Misra1a.dat`, …); the source package of lmfit does. `METHOD` is one of
//! `lm` (if nothing is said), `lbfgs`, `cg` and `newton`. Ends with an error if a run of `lm` has fewer than 6 digits anywhere,
//! other than those of the errors and the sum of Lanczos1: that sum, 1.4e-25, is made of the rounding of eleven printed digits.

mod models;
mod problem;

use std::path::Path;
use std::process::ExitCode;

use autograd_core::fit::Method;
use autograd_core::{Model, Objective, fit};
use ndarray::Array1;

use models::*;
use problem::Problem;

/// A model's inputs of the columns of the data.
type InputsOf<M> = for<'a> fn(&'a [Array1<f64>]) -> <M as Model>::Inputs<'a>;

/// To how many digits a number agrees with a certified one, which has eleven.
fn digits(found: f64, certified: f64) -> f64 {
    let off = ((found - certified) / certified).abs();
    if off.is_nan() { f64::NEG_INFINITY } else { -off.max(1e-11).log10() }
}

/// Fits from both starts; says whether all digits are there that are asked for.
fn solve<M: Objective<Scalar = f64> + Default>(problem: &Problem, method: Method, inputs: InputsOf<M>) -> bool {
    let mut right = true;
    for (place, start) in problem.starts.iter().enumerate() {
        let mut model = M::default();
        model.unflatten(start).expect("the file has as many parameters as the function");
        let name = format!("{:9} {}", problem.name, place + 1);
        let report = match fit(&mut model, &inputs(&problem.columns)).method(method).run() {
            Ok(report) => report,
            Err(error) => {
                println!("{name}  {error}");
                right = false;
                continue;
            }
        };
        let least = |found: &dyn Fn(&fit::Estimate) -> f64, certified: &[f64]| {
            report.estimates.iter().zip(certified).map(|(e, &c)| digits(found(e), c)).fold(f64::INFINITY, f64::min)
        };
        let values = least(&|estimate| estimate.value, &problem.certified);
        let errors = least(&|estimate| estimate.standard_error.unwrap_or(f64::NAN), &problem.deviations);
        let sum = digits(report.residual_sum.unwrap_or(f64::NAN), problem.sum);
        let stop = if report.converged() { "converged" } else { "stopped" };
        println!("{name}  {values:5.1} {errors:5.1} {sum:5.1}  {stop} after {}: {}", report.iterations, report.stop);
        right &= values >= 6.0 && (problem.name == "Lanczos1" || errors.min(sum) >= 6.0);
    }
    right
}

/// Fits the function of a file.
fn run(problem: &Problem, method: Method) -> Option<bool> {
    macro_rules! solve {
        ($model:ident, $module:ident) => {
            solve::<$model>(problem, method, |columns| models::$module::Inputs::new(&columns[0], &columns[1]))
        };
    }
    Some(match &*problem.name {
        "Misra1a" | "BoxBOD" => solve!(Rise, rise),
        "Misra1b" => solve!(Misra1b, misra1b),
        "Misra1c" => solve!(Misra1c, misra1c),
        "Misra1d" => solve!(Misra1d, misra1d),
        "Chwirut1" | "Chwirut2" => solve!(Chwirut, chwirut),
        "DanWood" => solve!(DanWood, dan_wood),
        "Bennett5" => solve!(Bennett5, bennett5),
        "Eckerle4" => solve!(Eckerle4, eckerle4),
        "MGH10" => solve!(Mgh10, mgh10),
        "Rat42" => solve!(Rat42, rat42),
        "Rat43" => solve!(Rat43, rat43),
        "ENSO" => solve!(Enso, enso),
        "Gauss1" | "Gauss2" | "Gauss3" => solve!(Gauss, gauss),
        "Hahn1" | "Thurber" => solve!(Cubic, cubic),
        "Kirby2" => solve!(Kirby2, kirby2),
        "Lanczos1" | "Lanczos2" | "Lanczos3" => solve!(Lanczos, lanczos),
        "MGH09" => solve!(Mgh09, mgh09),
        "MGH17" => solve!(Mgh17, mgh17),
        "Roszman1" => solve!(Roszman1, roszman1),
        "Nelson" => solve::<Nelson>(problem, method, |data| models::nelson::Inputs::new(&data[0], &data[1], &data[2])),
        _ => return None,
    })
}

fn all(folder: &Path, method: Method) -> Result<(usize, usize), String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "dat"));
    files.sort();
    println!("problem, start; digits of parameters, errors, sum");
    let (mut count, mut wrong) = (0, 0);
    for path in files {
        if let Some(right) = run(&Problem::read(&path)?, method) {
            (count, wrong) = (count + 1, wrong + usize::from(!right));
        }
    }
    Ok((count, wrong))
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let method = |name: &str| match name {
        "lm" => Some(Method::LevenbergMarquardt),
        "lbfgs" => Some(Method::Lbfgs),
        "cg" => Some(Method::ConjugateGradient),
        "newton" => Some(Method::TruncatedNewton),
        _ => None,
    };
    let (folder, method) = (arguments.next(), method(arguments.next().as_deref().unwrap_or("lm")));
    let (Some(folder), Some(method)) = (folder, method) else {
        eprintln!("nist FOLDER [lm | lbfgs | cg | newton]");
        return ExitCode::FAILURE;
    };
    match all(Path::new(&folder), method) {
        Ok((count, wrong)) => {
            println!("{count} problems, {wrong} of them with fewer than 6 digits somewhere");
            ExitCode::from(u8::from(count == 0 || (wrong > 0 && method == Method::LevenbergMarquardt)))
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
