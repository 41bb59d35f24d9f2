use autograd_core::model;

model! {
    pub Grid<N, D> {
        param w: [N, D];
        loss = mean(reshape(w, [N, N])) + mean(reshape(w, [N, 2]));
    }
}

fn main() {}
