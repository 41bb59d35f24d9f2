use autograd_core::model;

model! {
    pub Embedding<N, V, D> {
        param table: [V, D];
        input token: [N] in V;
        vectors = table[token];
        loss = sum(table[token, 0]);
        both[i] = table[token, i];
    }
}

fn main() {}
