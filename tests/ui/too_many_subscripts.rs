use autograd_core::model;

model! {
    pub Grid<N, D> {
        param w: [N, D];
        loss = w[0, 0, 0];
    }
}

fn main() {}
