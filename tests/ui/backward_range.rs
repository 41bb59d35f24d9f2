use autograd_core::model;

model! {
    pub Grid<N> {
        param w: [N, 5];
        loss = mean(w[.., 3..1]);
    }
}

fn main() {}
