autograd_core::model! {
    M<N> {
        param w: [N];
        input x: [N];
        loss = sum(where(x == nan, 0, (w - x)^2));
    }
}

fn main() {}
