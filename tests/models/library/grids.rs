//! PyTorch's answers: grids. Written by `python3 tests/reference/library.py`: change `library_table.py` instead.

use super::{model, points};

model! {
    pub Interpolated<K, N, T> {
        param x: [N, T], step: [K], f: [K];
        param weight: [N, T];
        y = interp(x, cumsum(step), f);
        loss = sum(weight * y);
    }
}

#[test]
fn interpolated() {
    for point in points("interpolated") {
        let model = Interpolated {
            x: point.array("x"),
            step: point.array("step"),
            f: point.array("f"),
            weight: point.array("weight"),
        };
        let inputs = interpolated::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub InterpolatedTwice<H, T, W> {
        param table: [H, W], i: [T], j: [T];
        param weight: [T];
        y = bilinear(table, i, j);
        loss = sum(weight * y);
    }
}

#[test]
fn interpolated_twice() {
    for point in points("interpolated_twice") {
        let model = InterpolatedTwice {
            table: point.array("table"),
            i: point.array("i"),
            j: point.array("j"),
            weight: point.array("weight"),
        };
        let inputs = interpolated_twice::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Counted<H> {
        param s;
        input x: [H];
        param weight: [5];
        y = s*histogram(x, 5, -1, 1);
        loss = sum(weight * y);
    }
}

#[test]
fn counted() {
    for point in points("counted") {
        let x = point.array("x");
        let model = Counted { s: point.number("s"), weight: point.array("weight") };
        let inputs = counted::Inputs { x: x.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LaplacianOfLines<H> {
        param x: [H];
        param weight: [H];
        y = laplacian(x);
        loss = sum(weight * y);
    }
}

#[test]
fn laplacian_of_lines() {
    for point in points("laplacian_of_lines") {
        let model = LaplacianOfLines { x: point.array("x"), weight: point.array("weight") };
        let inputs = laplacian_of_lines::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LaplacianEdgeOfLines<H> {
        param x: [H];
        param weight: [H];
        y = laplacian_edge(x);
        loss = sum(weight * y);
    }
}

#[test]
fn laplacian_edge_of_lines() {
    for point in points("laplacian_edge_of_lines") {
        let model = LaplacianEdgeOfLines { x: point.array("x"), weight: point.array("weight") };
        let inputs = laplacian_edge_of_lines::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LaplacianPeriodicOfLines<H> {
        param x: [H];
        param weight: [H];
        y = laplacian_periodic(x);
        loss = sum(weight * y);
    }
}

#[test]
fn laplacian_periodic_of_lines() {
    for point in points("laplacian_periodic_of_lines") {
        let model = LaplacianPeriodicOfLines { x: point.array("x"), weight: point.array("weight") };
        let inputs = laplacian_periodic_of_lines::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub CentralDiffOfLines<H> {
        param x: [H];
        param weight: [H];
        y = 2*central_diff(x);
        loss = sum(weight * y);
    }
}

#[test]
fn central_diff_of_lines() {
    for point in points("central_diff_of_lines") {
        let model = CentralDiffOfLines { x: point.array("x"), weight: point.array("weight") };
        let inputs = central_diff_of_lines::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub CentralDiffPeriodicOfLines<H> {
        param x: [H];
        param weight: [H];
        y = 2*central_diff_periodic(x);
        loss = sum(weight * y);
    }
}

#[test]
fn central_diff_periodic_of_lines() {
    for point in points("central_diff_periodic_of_lines") {
        let model = CentralDiffPeriodicOfLines { x: point.array("x"), weight: point.array("weight") };
        let inputs = central_diff_periodic_of_lines::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LaplacianOfPlanes<H, W> {
        param x: [H, W];
        param weight: [H, W];
        y = laplacian(x);
        loss = sum(weight * y);
    }
}

#[test]
fn laplacian_of_planes() {
    for point in points("laplacian_of_planes") {
        let model = LaplacianOfPlanes { x: point.array("x"), weight: point.array("weight") };
        let inputs = laplacian_of_planes::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LaplacianEdgeOfPlanes<H, W> {
        param x: [H, W];
        param weight: [H, W];
        y = laplacian_edge(x);
        loss = sum(weight * y);
    }
}

#[test]
fn laplacian_edge_of_planes() {
    for point in points("laplacian_edge_of_planes") {
        let model = LaplacianEdgeOfPlanes { x: point.array("x"), weight: point.array("weight") };
        let inputs = laplacian_edge_of_planes::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LaplacianPeriodicOfPlanes<H, W> {
        param x: [H, W];
        param weight: [H, W];
        y = laplacian_periodic(x);
        loss = sum(weight * y);
    }
}

#[test]
fn laplacian_periodic_of_planes() {
    for point in points("laplacian_periodic_of_planes") {
        let model = LaplacianPeriodicOfPlanes { x: point.array("x"), weight: point.array("weight") };
        let inputs = laplacian_periodic_of_planes::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub CentralDiffOfPlanes<H, W> {
        param x: [H, W];
        param weight: [H, W];
        let (a, b) = central_diff(x);
        y = 2*a + 3*b;
        loss = sum(weight * y);
    }
}

#[test]
fn central_diff_of_planes() {
    for point in points("central_diff_of_planes") {
        let model = CentralDiffOfPlanes { x: point.array("x"), weight: point.array("weight") };
        let inputs = central_diff_of_planes::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub CentralDiffPeriodicOfPlanes<H, W> {
        param x: [H, W];
        param weight: [H, W];
        let (a, b) = central_diff_periodic(x);
        y = 2*a + 3*b;
        loss = sum(weight * y);
    }
}

#[test]
fn central_diff_periodic_of_planes() {
    for point in points("central_diff_periodic_of_planes") {
        let model = CentralDiffPeriodicOfPlanes { x: point.array("x"), weight: point.array("weight") };
        let inputs = central_diff_periodic_of_planes::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LaplacianOfVolumes<H, L, W> {
        param x: [H, W, L];
        param weight: [H, W, L];
        y = laplacian(x);
        loss = sum(weight * y);
    }
}

#[test]
fn laplacian_of_volumes() {
    for point in points("laplacian_of_volumes") {
        let model = LaplacianOfVolumes { x: point.array("x"), weight: point.array("weight") };
        let inputs = laplacian_of_volumes::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LaplacianEdgeOfVolumes<H, L, W> {
        param x: [H, W, L];
        param weight: [H, W, L];
        y = laplacian_edge(x);
        loss = sum(weight * y);
    }
}

#[test]
fn laplacian_edge_of_volumes() {
    for point in points("laplacian_edge_of_volumes") {
        let model = LaplacianEdgeOfVolumes { x: point.array("x"), weight: point.array("weight") };
        let inputs = laplacian_edge_of_volumes::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LaplacianPeriodicOfVolumes<H, L, W> {
        param x: [H, W, L];
        param weight: [H, W, L];
        y = laplacian_periodic(x);
        loss = sum(weight * y);
    }
}

#[test]
fn laplacian_periodic_of_volumes() {
    for point in points("laplacian_periodic_of_volumes") {
        let model = LaplacianPeriodicOfVolumes { x: point.array("x"), weight: point.array("weight") };
        let inputs = laplacian_periodic_of_volumes::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub CentralDiffOfVolumes<H, L, W> {
        param x: [H, W, L];
        param weight: [H, W, L];
        let (a, b, c) = central_diff(x);
        y = 2*a + 3*b + 5*c;
        loss = sum(weight * y);
    }
}

#[test]
fn central_diff_of_volumes() {
    for point in points("central_diff_of_volumes") {
        let model = CentralDiffOfVolumes { x: point.array("x"), weight: point.array("weight") };
        let inputs = central_diff_of_volumes::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub CentralDiffPeriodicOfVolumes<H, L, W> {
        param x: [H, W, L];
        param weight: [H, W, L];
        let (a, b, c) = central_diff_periodic(x);
        y = 2*a + 3*b + 5*c;
        loss = sum(weight * y);
    }
}

#[test]
fn central_diff_periodic_of_volumes() {
    for point in points("central_diff_periodic_of_volumes") {
        let model = CentralDiffPeriodicOfVolumes { x: point.array("x"), weight: point.array("weight") };
        let inputs = central_diff_periodic_of_volumes::Inputs {};
        point.check_objective(&model, &inputs);
    }
}
