use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        fn factorial(n) = if n > 1 { n * factorial(n - 1) } else { 1 };
        loss = mean(w * factorial(x));
    }
}

fn main() {}
