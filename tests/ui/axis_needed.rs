use autograd_core::model;

model! {
    pub Classes<N, K> {
        param logits: [N, K];
        loss = sum(softmax(logits));
    }
}

fn main() {}
