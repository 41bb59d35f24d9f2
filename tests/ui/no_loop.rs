autograd_core::model! {
    M<N, D> {
        param w: [D];
        input y: [N];
        let total = sum(y);
        for i in 0..N { total += y[i]; }
        loss = total * sum(w);
    }
}

fn main() {}
