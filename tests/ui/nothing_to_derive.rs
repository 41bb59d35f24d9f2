use autograd_core::model;

model! {
    pub Line<N> {
        input x: [N];
        y = 2*x;
        derive hvp;
    }
}

fn main() {}
