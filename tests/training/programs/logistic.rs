//! A logistic regression on a CSV file, with standard errors.

use autograd_core::data::Csv;
use autograd_core::{fit, model};

model! { pub Logit<N, D> { param w: [D], b; input x: [N, D], y: [N] in 2; loss = sum(bce_with_logits(x @ w + b, y)); } }

pub fn main() -> Result<fit::Report, Box<dyn std::error::Error>> {
    let table = Csv::new().comment('#').read("../../examples/data/iris.csv")?;
    let (x, (kind, _)) = (table.numbers_except::<f64>(["species"])?, table.classes("species")?);
    let mut model = Logit::from_dims(logit::Dims { d: 4 });
    let report = fit(&mut model, &logit::Inputs::new(&x, &kind.mapv(|kind| kind / 2))).likelihood().run()?;
    println!("{report}");
    Ok(report)
}
