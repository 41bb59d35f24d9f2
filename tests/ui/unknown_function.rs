use autograd_core::model;

model! {
    pub Line<N> {
        param w;
        input x: [N];
        loss = mean(sigmod(w * x)) + ln(w) + powf(w, 2) + w(3) + frobnicate(x);
    }
}

fn main() {}
