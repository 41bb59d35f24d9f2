//! PyTorch's answers: normalisation. Written by `python3 tests/reference/library.py`: change `library_table.py` instead.

use super::{model, points};

model! {
    pub BatchOfRows<C, N> {
        param x: [N, C], gain: [C], bias: [C];
        param weight: [N, C];
        let (z, m, v) = batch_norm(x, gain, bias);
        y = z + v[0]*m[0];
        loss = sum(weight * y);
    }
}

#[test]
fn batch_of_rows() {
    for point in points("batch_of_rows") {
        let model = BatchOfRows {
            x: point.array("x"),
            gain: point.array("gain"),
            bias: point.array("bias"),
            weight: point.array("weight"),
        };
        let inputs = batch_of_rows::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub BatchOfRowsAsKnown<C, N> {
        param x: [N, C], gain: [C], bias: [C], m: [C], v: [C];
        param weight: [N, C];
        y = batch_norm(x, gain, bias, m, v);
        loss = sum(weight * y);
    }
}

#[test]
fn batch_of_rows_as_known() {
    for point in points("batch_of_rows_as_known") {
        let model = BatchOfRowsAsKnown {
            x: point.array("x"),
            gain: point.array("gain"),
            bias: point.array("bias"),
            m: point.array("m"),
            v: point.array("v"),
            weight: point.array("weight"),
        };
        let inputs = batch_of_rows_as_known::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub BatchOfSignals<C, H, N> {
        param x: [N, C, H], gain: [C], bias: [C];
        param weight: [N, C, H];
        let (z, m, v) = batch_norm(x, gain, bias);
        y = z + v[0]*m[0];
        loss = sum(weight * y);
    }
}

#[test]
fn batch_of_signals() {
    for point in points("batch_of_signals") {
        let model = BatchOfSignals {
            x: point.array("x"),
            gain: point.array("gain"),
            bias: point.array("bias"),
            weight: point.array("weight"),
        };
        let inputs = batch_of_signals::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub BatchOfSignalsAsKnown<C, H, N> {
        param x: [N, C, H], gain: [C], bias: [C], m: [C], v: [C];
        param weight: [N, C, H];
        y = batch_norm(x, gain, bias, m, v);
        loss = sum(weight * y);
    }
}

#[test]
fn batch_of_signals_as_known() {
    for point in points("batch_of_signals_as_known") {
        let model = BatchOfSignalsAsKnown {
            x: point.array("x"),
            gain: point.array("gain"),
            bias: point.array("bias"),
            m: point.array("m"),
            v: point.array("v"),
            weight: point.array("weight"),
        };
        let inputs = batch_of_signals_as_known::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub BatchOfImages<C, H, N, W> {
        param x: [N, C, H, W], gain: [C], bias: [C];
        param weight: [N, C, H, W];
        let (z, m, v) = batch_norm(x, gain, bias);
        y = z + v[0]*m[0];
        loss = sum(weight * y);
    }
}

#[test]
fn batch_of_images() {
    for point in points("batch_of_images") {
        let model = BatchOfImages {
            x: point.array("x"),
            gain: point.array("gain"),
            bias: point.array("bias"),
            weight: point.array("weight"),
        };
        let inputs = batch_of_images::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub BatchOfImagesAsKnown<C, H, N, W> {
        param x: [N, C, H, W], gain: [C], bias: [C], m: [C], v: [C];
        param weight: [N, C, H, W];
        y = batch_norm(x, gain, bias, m, v);
        loss = sum(weight * y);
    }
}

#[test]
fn batch_of_images_as_known() {
    for point in points("batch_of_images_as_known") {
        let model = BatchOfImagesAsKnown {
            x: point.array("x"),
            gain: point.array("gain"),
            bias: point.array("bias"),
            m: point.array("m"),
            v: point.array("v"),
            weight: point.array("weight"),
        };
        let inputs = batch_of_images_as_known::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub GroupsOfSignals<C, H, N> {
        param x: [N, C, H], gain: [C], bias: [C];
        param weight: [N, C, H];
        y = group_norm(x, 2, gain, bias);
        loss = sum(weight * y);
    }
}

#[test]
fn groups_of_signals() {
    for point in points("groups_of_signals") {
        let model = GroupsOfSignals {
            x: point.array("x"),
            gain: point.array("gain"),
            bias: point.array("bias"),
            weight: point.array("weight"),
        };
        let inputs = groups_of_signals::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub InstancesOfSignals<C, H, N> {
        param x: [N, C, H], gain: [C], bias: [C];
        param weight: [N, C, H];
        y = instance_norm(x, gain, bias);
        loss = sum(weight * y);
    }
}

#[test]
fn instances_of_signals() {
    for point in points("instances_of_signals") {
        let model = InstancesOfSignals {
            x: point.array("x"),
            gain: point.array("gain"),
            bias: point.array("bias"),
            weight: point.array("weight"),
        };
        let inputs = instances_of_signals::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub GroupsOfImages<C, H, N, W> {
        param x: [N, C, H, W], gain: [C], bias: [C];
        param weight: [N, C, H, W];
        y = group_norm(x, 2, gain, bias);
        loss = sum(weight * y);
    }
}

#[test]
fn groups_of_images() {
    for point in points("groups_of_images") {
        let model = GroupsOfImages {
            x: point.array("x"),
            gain: point.array("gain"),
            bias: point.array("bias"),
            weight: point.array("weight"),
        };
        let inputs = groups_of_images::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub InstancesOfImages<C, H, N, W> {
        param x: [N, C, H, W], gain: [C], bias: [C];
        param weight: [N, C, H, W];
        y = instance_norm(x, gain, bias);
        loss = sum(weight * y);
    }
}

#[test]
fn instances_of_images() {
    for point in points("instances_of_images") {
        let model = InstancesOfImages {
            x: point.array("x"),
            gain: point.array("gain"),
            bias: point.array("bias"),
            weight: point.array("weight"),
        };
        let inputs = instances_of_images::Inputs {};
        point.check_objective(&model, &inputs);
    }
}
