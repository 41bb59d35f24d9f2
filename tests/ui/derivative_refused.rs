use autograd_core::model;

model! {
    pub Gamma<N> {
        param w;
        input x: [N];
        loss = mean(polygamma(w, x));
    }
}

fn main() {}
