//! PyTorch's answers: convolutions. Written by `python3 tests/reference/library.py`: change `library_table.py` instead.

use super::{model, points};

model! {
    pub Convolved<C, H, N, O, R> {
        param x: [N, C, H], w: [O, C, R];
        param weight: [N, O, H + 1 - R];
        y = conv1d(x, w);
        loss = sum(weight * y);
    }
}

#[test]
fn convolved() {
    for point in points("convolved") {
        let model = Convolved { x: point.array("x"), w: point.array("w"), weight: point.array("weight") };
        let inputs = convolved::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ConvolvedApart<C, H, N, O, R> {
        param x: [N, C, H], w: [O, C, R];
        param weight: [N, O, floor_div(H + 3 - 2*R, 2) + 1];
        y = conv1d(x, w, stride = 2, pad = 1, dilation = 2);
        loss = sum(weight * y);
    }
}

#[test]
fn convolved_apart() {
    for point in points("convolved_apart") {
        let model = ConvolvedApart { x: point.array("x"), w: point.array("w"), weight: point.array("weight") };
        let inputs = convolved_apart::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ConvolvedInGroups<C, H, N, O, R> {
        param x: [N, C, H], w: [O, C/2, R];
        param weight: [N, O, H + 3 - R];
        y = conv1d(x, w, pad = 1, groups = 2);
        loss = sum(weight * y);
    }
}

#[test]
fn convolved_in_groups() {
    for point in points("convolved_in_groups") {
        let model = ConvolvedInGroups { x: point.array("x"), w: point.array("w"), weight: point.array("weight") };
        let inputs = convolved_in_groups::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ConvolvedByChannel<C, H, N, R> {
        param x: [N, C, H], w: [C, 1, R];
        param weight: [N, C, H + 1 - R];
        y = conv1d(x, w, groups = C);
        loss = sum(weight * y);
    }
}

#[test]
fn convolved_by_channel() {
    for point in points("convolved_by_channel") {
        let model = ConvolvedByChannel { x: point.array("x"), w: point.array("w"), weight: point.array("weight") };
        let inputs = convolved_by_channel::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ConvolvedTwice<C, H, N, O, R, S, W> {
        param x: [N, C, H, W], w: [O, C, R, S];
        param weight: [N, O, H + 1 - R, W + 1 - S];
        y = conv2d(x, w);
        loss = sum(weight * y);
    }
}

#[test]
fn convolved_twice() {
    for point in points("convolved_twice") {
        let model = ConvolvedTwice { x: point.array("x"), w: point.array("w"), weight: point.array("weight") };
        let inputs = convolved_twice::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ConvolvedTwiceApart<C, H, N, O, R, S, W> {
        param x: [N, C, H, W], w: [O, C, R, S];
        param weight: [N, O, floor_div(H + 2 - R, 2) + 1, floor_div(W + 2 - S, 2) + 1];
        y = conv2d(x, w, stride = 2, pad = 1);
        loss = sum(weight * y);
    }
}

#[test]
fn convolved_twice_apart() {
    for point in points("convolved_twice_apart") {
        let model = ConvolvedTwiceApart { x: point.array("x"), w: point.array("w"), weight: point.array("weight") };
        let inputs = convolved_twice_apart::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ConvolvedTwiceInGroups<C, H, N, O, R, S, W> {
        param x: [N, C, H, W], w: [O, C/2, R, S];
        param weight: [N, O, H + 6 - 2*R, W + 6 - 2*S];
        y = conv2d(x, w, pad = 2, dilation = 2, groups = 2);
        loss = sum(weight * y);
    }
}

#[test]
fn convolved_twice_in_groups() {
    for point in points("convolved_twice_in_groups") {
        let model = ConvolvedTwiceInGroups { x: point.array("x"), w: point.array("w"), weight: point.array("weight") };
        let inputs = convolved_twice_in_groups::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ConvolvedThrice<C, H, L, N, O, R, S, W> {
        param x: [N, C, H, W, L], w: [O, C, R, S, 2];
        param weight: [N, O, H + 3 - R, W + 3 - S, L + 1];
        y = conv3d(x, w, pad = 1);
        loss = sum(weight * y);
    }
}

#[test]
fn convolved_thrice() {
    for point in points("convolved_thrice") {
        let model = ConvolvedThrice { x: point.array("x"), w: point.array("w"), weight: point.array("weight") };
        let inputs = convolved_thrice::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub TransposedConvolution<C, H, N, O, R> {
        param x: [N, C, H], w: [C, O, R];
        param weight: [N, O, H - 1 + R];
        y = conv_transpose1d(x, w);
        loss = sum(weight * y);
    }
}

#[test]
fn transposed_convolution() {
    for point in points("transposed_convolution") {
        let model = TransposedConvolution { x: point.array("x"), w: point.array("w"), weight: point.array("weight") };
        let inputs = transposed_convolution::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub TransposedConvolutionApart<C, H, N, O> {
        param x: [N, C, H], w: [C, O, 3];
        param weight: [N, O, 2*H - 1];
        y = conv_transpose1d(x, w, stride = 2, pad = 1);
        loss = sum(weight * y);
    }
}

#[test]
fn transposed_convolution_apart() {
    for point in points("transposed_convolution_apart") {
        let model =
            TransposedConvolutionApart { x: point.array("x"), w: point.array("w"), weight: point.array("weight") };
        let inputs = transposed_convolution_apart::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub TransposedConvolutionTwice<C, H, N, O, R, S, W> {
        param x: [N, C, H, W], w: [C, O, R, S];
        param weight: [N, O, 2*H - 2 + R, 2*W - 2 + S];
        y = conv_transpose2d(x, w, stride = 2);
        loss = sum(weight * y);
    }
}

#[test]
fn transposed_convolution_twice() {
    for point in points("transposed_convolution_twice") {
        let model =
            TransposedConvolutionTwice { x: point.array("x"), w: point.array("w"), weight: point.array("weight") };
        let inputs = transposed_convolution_twice::Inputs {};
        point.check_objective(&model, &inputs);
    }
}
