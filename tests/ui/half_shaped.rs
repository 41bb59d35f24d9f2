autograd_core::model! {
    M<N, D> {
        param a, b, c: [D];
        input x: [N, D];
        loss = mean(x @ c) + sum(a + b);
    }
}

fn main() {}
