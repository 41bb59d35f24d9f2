//! A model where `autograd-core` has another name, is the only dependency, and nothing is in scope: not even the
//! prelude.

#![no_implicit_prelude]
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

::calculus::model! {
    /// Two layers, softmax cross-entropy.
    pub Network<N, D, H, K> {
        /// The first layer.
        param w1: [D, H] = xavier_uniform();
        /// Its bias.
        param b1: [H];
        /// The second layer.
        param w2: [H, K] = xavier_uniform();
        /// How many steps there have been.
        state count;
        /// Rows.
        input x: [N, D];
        /// Their classes.
        input label: [N] in K;
        /// Unnormalised log-probabilities.
        logits = tanh(x @ w1 + b1) @ w2;
        /// The likeliest classes.
        class = argmax(logits, K);
        loss = mean(cross_entropy(logits, label));
        /// One step of gradient descent.
        step train(rate) -> loss {
            w1 := w1 - rate * grad(loss, w1);
            b1 := b1 - rate * grad(loss, b1);
            w2 := w2 - rate * grad(loss, w2);
            count := count + 1;
        }
    }
}

::calculus::model! {
    /// Neither inputs nor arrays.
    pub Bowl { param w = 3; loss = w^2; }
}

#[cfg(test)]
mod tests;
