//! A function gives as many values as its body has.

use autograd_core::model;

model! {
    Net<N> {
        param w: [N];
        fn both(x) { (sum(x), sum(x^2)) }
        let (a, b, c) = both(w);
        loss = a + b + c;
    }
}

model! {
    Whole<N> {
        param w: [N];
        fn both(x) { (sum(x), sum(x^2)) }
        loss = both(w);
    }
}

fn main() {}
