use autograd_core::model;

model! {
    pub Scale<K> {
        param a in 0.. = 0;
        param b: [K] in -1..1 = normal(0, 1);
        param c: [K] in simplex = 0.5;
        loss = sum(a*b*c);
    }
}

fn main() {}
