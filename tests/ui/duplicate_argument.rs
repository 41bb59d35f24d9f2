use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        fn square(a, a) = a * a;
        loss = mean(square(w, x));
    }
}

fn main() {}
