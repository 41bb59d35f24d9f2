use autograd_core::model;

model! {
    pub Bare<N> {
        param x: [N];
        loss = sum(exp[i](x[i]));
        p = softmax[i](2 * x[i]);
    }
}

fn main() {}
