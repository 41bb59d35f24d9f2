use autograd_core::model;

model! {
    pub Classes<N, K> {
        param logits: [N, K];
        input label: [N] in K;
        slope = grad(mean(cross_entropy(logits, label)), label);
    }
}

fn main() {}
