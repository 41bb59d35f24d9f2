use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        fn square(a) = a * a;
        loss = mean(clamp(w * x, 0)) + mean(square(w, x));
    }
}

fn main() {}
