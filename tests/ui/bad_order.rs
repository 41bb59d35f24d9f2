use autograd_core::model;

model! {
    pub Grid<N, D> {
        param w: [N, D];
        loss = mean(permute(w, (1)));
    }
}

fn main() {}
