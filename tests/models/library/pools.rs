//! PyTorch's answers: pools. Written by `python3 tests/reference/library.py`: change `library_table.py` instead.

use super::{model, points};

model! {
    pub Largest<C, H, N> {
        param x: [N, C, H];
        param weight: [N, C, floor_div(H, 2)];
        y = max_pool1d(x, 2);
        loss = sum(weight * y);
    }
}

#[test]
fn largest() {
    for point in points("largest") {
        let model = Largest { x: point.array("x"), weight: point.array("weight") };
        let inputs = largest::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LargestOverlapping<C, H, N, W> {
        param x: [N, C, H, W];
        param weight: [N, C, floor_div(H - 1, 2) + 1, floor_div(W - 1, 2) + 1];
        y = max_pool2d(x, 3, stride = 2, pad = 1);
        loss = sum(weight * y);
    }
}

#[test]
fn largest_overlapping() {
    for point in points("largest_overlapping") {
        let model = LargestOverlapping { x: point.array("x"), weight: point.array("weight") };
        let inputs = largest_overlapping::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LargestTwice<C, H, N, W> {
        param x: [N, C, H, W];
        param weight: [N, C, floor_div(H, 2), floor_div(W, 2)];
        y = max_pool2d(x, 2);
        loss = sum(weight * y);
    }
}

#[test]
fn largest_twice() {
    for point in points("largest_twice") {
        let model = LargestTwice { x: point.array("x"), weight: point.array("weight") };
        let inputs = largest_twice::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Averaged<C, H, N> {
        param x: [N, C, H];
        param weight: [N, C, H];
        y = avg_pool1d(x, 3, stride = 1, pad = 1);
        loss = sum(weight * y);
    }
}

#[test]
fn averaged() {
    for point in points("averaged") {
        let model = Averaged { x: point.array("x"), weight: point.array("weight") };
        let inputs = averaged::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub AveragedTwice<C, H, N, W> {
        param x: [N, C, H, W];
        param weight: [N, C, floor_div(H, 2), floor_div(W, 2)];
        y = avg_pool2d(x, 2);
        loss = sum(weight * y);
    }
}

#[test]
fn averaged_twice() {
    for point in points("averaged_twice") {
        let model = AveragedTwice { x: point.array("x"), weight: point.array("weight") };
        let inputs = averaged_twice::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub AveragedToSize<C, H, N> {
        param x: [N, C, H];
        param weight: [N, C, 3];
        y = adaptive_avg_pool1d(x, 3);
        loss = sum(weight * y);
    }
}

#[test]
fn averaged_to_size() {
    for point in points("averaged_to_size") {
        let model = AveragedToSize { x: point.array("x"), weight: point.array("weight") };
        let inputs = averaged_to_size::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub AveragedToSizes<C, H, N, W> {
        param x: [N, C, H, W];
        param weight: [N, C, 3, 3];
        y = adaptive_avg_pool2d(x, 3);
        loss = sum(weight * y);
    }
}

#[test]
fn averaged_to_sizes() {
    for point in points("averaged_to_sizes") {
        let model = AveragedToSizes { x: point.array("x"), weight: point.array("weight") };
        let inputs = averaged_to_sizes::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LargestToSize<C, H, N> {
        param x: [N, C, H];
        param weight: [N, C, 3];
        y = adaptive_max_pool1d(x, 3);
        loss = sum(weight * y);
    }
}

#[test]
fn largest_to_size() {
    for point in points("largest_to_size") {
        let model = LargestToSize { x: point.array("x"), weight: point.array("weight") };
        let inputs = largest_to_size::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LargestToSizes<C, H, N, W> {
        param x: [N, C, H, W];
        param weight: [N, C, 3, 3];
        y = adaptive_max_pool2d(x, 3);
        loss = sum(weight * y);
    }
}

#[test]
fn largest_to_sizes() {
    for point in points("largest_to_sizes") {
        let model = LargestToSizes { x: point.array("x"), weight: point.array("weight") };
        let inputs = largest_to_sizes::Inputs {};
        point.check_objective(&model, &inputs);
    }
}
