use autograd_core::model;

model! {
    pub Grid<N> {
        param w: [N, 3];
        loss = mean(w[.., 3]) + w[N, 0] + mean(w[..N+1, 0]);
    }
}

fn main() {}
