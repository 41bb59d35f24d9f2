use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        let error;
        loss = ;
    }
}

fn main() {}
