use autograd_core::model;

model! {
    pub Square<N> {
        param w: [N, N];
        loss = mean(sum(w, N));
    }
}

fn main() {}
