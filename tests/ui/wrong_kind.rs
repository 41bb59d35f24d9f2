use autograd_core::model;

model! {
    pub Classes<N, K> {
        param logits: [N, K];
        input x: [N], label: [N] in K;
        let chosen = if x { 1 } else { 0 };
        let hot = one_hot(x, K);
        loss = mean(cross_entropy(logits, x)) + sum(!x);
    }
}

fn main() {}
