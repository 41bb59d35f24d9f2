use autograd_core::model;

model! {
    pub Line<N> {
        param fn, self;
        input in: [N];
        loss = 1;
        move = 1;
    }
}

fn main() {}
