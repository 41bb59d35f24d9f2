use autograd_core::model;

model! {
    pub Peaks<N, K> {
        param w: [N, K];
        input x: [N];
        loss = sum(max(w, K)) + sum(min(x, K, 3)) + max(K, 2);
    }
}

fn main() {}
