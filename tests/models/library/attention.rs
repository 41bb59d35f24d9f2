//! PyTorch's answers: attention. Written by `python3 tests/reference/library.py`: change `library_table.py` instead.

use super::{model, points};

model! {
    pub AttentionOfOne<D, E, T, U> {
        param q: [T, D], k: [U, D], v: [U, E];
        param weight: [T, E];
        y = attention(q, k, v);
        loss = sum(weight * y);
    }
}

#[test]
fn attention_of_one() {
    for point in points("attention_of_one") {
        let model = AttentionOfOne {
            q: point.array("q"),
            k: point.array("k"),
            v: point.array("v"),
            weight: point.array("weight"),
        };
        let inputs = attention_of_one::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub AttentionOfOneWithAMask<D, E, T, U> {
        param q: [T, D], k: [U, D], v: [U, E], mask: [T, U];
        param weight: [T, E];
        y = attention(q, k, v, mask);
        loss = sum(weight * y);
    }
}

#[test]
fn attention_of_one_with_a_mask() {
    for point in points("attention_of_one_with_a_mask") {
        let model = AttentionOfOneWithAMask {
            q: point.array("q"),
            k: point.array("k"),
            v: point.array("v"),
            mask: point.array("mask"),
            weight: point.array("weight"),
        };
        let inputs = attention_of_one_with_a_mask::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub AttentionOfBatch<D, E, N, T, U> {
        param q: [N, T, D], k: [N, U, D], v: [N, U, E];
        param weight: [N, T, E];
        y = attention(q, k, v);
        loss = sum(weight * y);
    }
}

#[test]
fn attention_of_batch() {
    for point in points("attention_of_batch") {
        let model = AttentionOfBatch {
            q: point.array("q"),
            k: point.array("k"),
            v: point.array("v"),
            weight: point.array("weight"),
        };
        let inputs = attention_of_batch::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub AttentionOfBatchWithAMask<D, E, N, T, U> {
        param q: [N, T, D], k: [N, U, D], v: [N, U, E], mask: [T, U];
        param weight: [N, T, E];
        y = attention(q, k, v, mask);
        loss = sum(weight * y);
    }
}

#[test]
fn attention_of_batch_with_a_mask() {
    for point in points("attention_of_batch_with_a_mask") {
        let model = AttentionOfBatchWithAMask {
            q: point.array("q"),
            k: point.array("k"),
            v: point.array("v"),
            mask: point.array("mask"),
            weight: point.array("weight"),
        };
        let inputs = attention_of_batch_with_a_mask::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub AttentionOfHeads<C, D, E, N, T, U> {
        param q: [N, C, T, D], k: [N, C, U, D], v: [N, C, U, E];
        param weight: [N, C, T, E];
        y = attention(q, k, v);
        loss = sum(weight * y);
    }
}

#[test]
fn attention_of_heads() {
    for point in points("attention_of_heads") {
        let model = AttentionOfHeads {
            q: point.array("q"),
            k: point.array("k"),
            v: point.array("v"),
            weight: point.array("weight"),
        };
        let inputs = attention_of_heads::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub AttentionOfHeadsWithAMask<C, D, E, N, T, U> {
        param q: [N, C, T, D], k: [N, C, U, D], v: [N, C, U, E], mask: [T, U];
        param weight: [N, C, T, E];
        y = attention(q, k, v, mask);
        loss = sum(weight * y);
    }
}

#[test]
fn attention_of_heads_with_a_mask() {
    for point in points("attention_of_heads_with_a_mask") {
        let model = AttentionOfHeadsWithAMask {
            q: point.array("q"),
            k: point.array("k"),
            v: point.array("v"),
            mask: point.array("mask"),
            weight: point.array("weight"),
        };
        let inputs = attention_of_heads_with_a_mask::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub CausalAttention<D, E, N, T> {
        param q: [N, T, D], k: [N, T, D], v: [N, T, E];
        param weight: [N, T, E];
        y = attention(q, k, v, causal_mask(T));
        loss = sum(weight * y);
    }
}

#[test]
fn causal_attention() {
    for point in points("causal_attention") {
        let model = CausalAttention {
            q: point.array("q"),
            k: point.array("k"),
            v: point.array("v"),
            weight: point.array("weight"),
        };
        let inputs = causal_attention::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub AttentionOfTwoHeads<D, E, N, T, U> {
        param q: [N, T, D], k: [N, U, D], v: [N, U, E];
        param weight: [N, T, E];
        y = multi_head_attention(q, k, v, 2);
        loss = sum(weight * y);
    }
}

#[test]
fn attention_of_two_heads() {
    for point in points("attention_of_two_heads") {
        let model = AttentionOfTwoHeads {
            q: point.array("q"),
            k: point.array("k"),
            v: point.array("v"),
            weight: point.array("weight"),
        };
        let inputs = attention_of_two_heads::Inputs {};
        point.check_objective(&model, &inputs);
    }
}
