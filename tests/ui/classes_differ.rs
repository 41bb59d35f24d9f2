use autograd_core::model;

model! {
    pub Classes<N, K, C> {
        param logits: [N, K];
        input label: [N] in C;
        loss = mean(cross_entropy(logits, label));
    }
}

fn main() {}
