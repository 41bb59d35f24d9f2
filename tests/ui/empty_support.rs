use autograd_core::model;

model! {
    pub Scale {
        param a in 1..0;
        param b in 0..0;
        loss = a*b;
    }
}

fn main() {}
