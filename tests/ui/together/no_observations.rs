// Inputs without observations are no data set: said with what to write instead.

use autograd_core::{Sgd, model, train::Trainer};

model! {
    pub Bowl {
        param a = 1;
        loss = a^2;
    }
}

fn main() {
    let mut trainer = Trainer::new(Sgd::new(0.1));
    let _ = trainer.fit(&mut Bowl::default(), &bowl::Inputs {});
}
