//! JAX's answers: shapes. Written by `python3 tests/reference/oracle.py`: change `oracle_table.py` instead.

use super::{model, points};

model! {
    pub Transposed<D, N> {
        param x: [N, D];
        input t: [D, N];
        param weight: [D, N];
        y = x.T * t;
        loss = sum(weight * y);
    }
}

#[test]
fn transposed() {
    for point in points("transposed") {
        let t = point.array("t");
        let model = Transposed { x: point.array("x"), weight: point.array("weight") };
        let inputs = transposed::Inputs { t: t.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Permuted<B, D, N> {
        param x: [B, N, D];
        param weight: [D, B, N];
        y = sin(transpose(x, (2, 0, 1)));
        loss = sum(weight * y);
    }
}

#[test]
fn permuted() {
    for point in points("permuted") {
        let model = Permuted { x: point.array("x"), weight: point.array("weight") };
        let inputs = permuted::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Reshaped<H, N> {
        param x: [N, H];
        param weight: [N, 2, H/2];
        y = reshape(x, [N, 2, H/2])^2;
        loss = sum(weight * y);
    }
}

#[test]
fn reshaped() {
    for point in points("reshaped") {
        let model = Reshaped { x: point.array("x"), weight: point.array("weight") };
        let inputs = reshaped::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ReshapedWithAHole<D, N> {
        param x: [N, D];
        param weight: [N*D];
        y = cumsum(reshape(x, [-1]));
        loss = sum(weight * y);
    }
}

#[test]
fn reshaped_with_a_hole() {
    for point in points("reshaped_with_a_hole") {
        let model = ReshapedWithAHole { x: point.array("x"), weight: point.array("weight") };
        let inputs = reshaped_with_a_hole::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Sliced<N> {
        param x: [N];
        param weight: [N-1];
        y = (x[1..] - x[..-1])^2;
        loss = sum(weight * y);
    }
}

#[test]
fn sliced() {
    for point in points("sliced") {
        let model = Sliced { x: point.array("x"), weight: point.array("weight") };
        let inputs = sliced::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SlicedMatrix<D, N> {
        param x: [N, D];
        param weight: [N-1, D-1];
        y = x[1.., ..-1] * x[..-1, 1..];
        loss = sum(weight * y);
    }
}

#[test]
fn sliced_matrix() {
    for point in points("sliced_matrix") {
        let model = SlicedMatrix { x: point.array("x"), weight: point.array("weight") };
        let inputs = sliced_matrix::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Indexed<D, N> {
        param x: [N, D];
        param weight: [D];
        y = x[0, 1] * x[-1] + x[.., 0][0];
        loss = sum(weight * y);
    }
}

#[test]
fn indexed() {
    for point in points("indexed") {
        let model = Indexed { x: point.array("x"), weight: point.array("weight") };
        let inputs = indexed::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ColumnTaken<D, N> {
        param x: [N, D];
        param weight: [N];
        y = x[.., 0] * exp(x[.., -1]);
        loss = sum(weight * y);
    }
}

#[test]
fn column_taken() {
    for point in points("column_taken") {
        let model = ColumnTaken { x: point.array("x"), weight: point.array("weight") };
        let inputs = column_taken::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SlicedByDimension<H> {
        param x: [2*H];
        param weight: [H];
        y = x[..H] * x[H..];
        loss = sum(weight * y);
    }
}

#[test]
fn sliced_by_dimension() {
    for point in points("sliced_by_dimension") {
        let model = SlicedByDimension { x: point.array("x"), weight: point.array("weight") };
        let inputs = sliced_by_dimension::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub NewAxes<D, N> {
        param x: [N], z: [D];
        param weight: [N, D];
        y = x[.., new] - z[new, ..];
        loss = sum(weight * y);
    }
}

#[test]
fn new_axes() {
    for point in points("new_axes") {
        let model = NewAxes { x: point.array("x"), z: point.array("z"), weight: point.array("weight") };
        let inputs = new_axes::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Concatenated<D, N> {
        param a: [N], b: [D];
        param weight: [2*N + D];
        y = cumsum(concat([a, b^2, a]));
        loss = sum(weight * y);
    }
}

#[test]
fn concatenated() {
    for point in points("concatenated") {
        let model = Concatenated { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = concatenated::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ConcatenatedColumns<D, K, N> {
        param a: [N, D], b: [N, K];
        param weight: [N, D+K];
        y = tanh(concat([a, b], axis = 1));
        loss = sum(weight * y);
    }
}

#[test]
fn concatenated_columns() {
    for point in points("concatenated_columns") {
        let model = ConcatenatedColumns { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = concatenated_columns::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Stacked<N> {
        param a: [N], b: [N];
        param weight: [3, N];
        y = stack([a * b, a, sin(b)]);
        loss = sum(weight * y);
    }
}

#[test]
fn stacked() {
    for point in points("stacked") {
        let model = Stacked { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = stacked::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub StackedLast<N> {
        param a: [N], b: [N];
        param weight: [N, 2];
        y = stack([a, b], axis = 1)^3;
        loss = sum(weight * y);
    }
}

#[test]
fn stacked_last() {
    for point in points("stacked_last") {
        let model = StackedLast { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = stacked_last::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ListOfNumbers {
        param s, t;
        param weight: [4];
        y = [s * t, s^2, 1, sin(t)];
        loss = sum(weight * y);
    }
}

#[test]
fn list_of_numbers() {
    for point in points("list_of_numbers") {
        let model = ListOfNumbers { s: point.number("s"), t: point.number("t"), weight: point.array("weight") };
        let inputs = list_of_numbers::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Rotation<N> {
        param angle0;
        input p: [N, 2];
        param weight: [N, 2];
        y = p @ [[cos(angle0), -sin(angle0)], [sin(angle0), cos(angle0)]];
        loss = sum(weight * y);
    }
}

#[test]
fn rotation() {
    for point in points("rotation") {
        let p = point.array("p");
        let model = Rotation { angle0: point.number("angle0"), weight: point.array("weight") };
        let inputs = rotation::Inputs { p: p.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Flipped<D, N> {
        param x: [N, D];
        param weight: [N, D];
        y = x * flip(x, N) + flip(x);
        loss = sum(weight * y);
    }
}

#[test]
fn flipped() {
    for point in points("flipped") {
        let model = Flipped { x: point.array("x"), weight: point.array("weight") };
        let inputs = flipped::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Padded<D, N> {
        param x: [N, D];
        param weight: [N+3, D];
        y = exp(pad(x, 1, 2, axis = N));
        loss = sum(weight * y);
    }
}

#[test]
fn padded() {
    for point in points("padded") {
        let model = Padded { x: point.array("x"), weight: point.array("weight") };
        let inputs = padded::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub PaddedWithAValue<N> {
        param x: [N];
        param weight: [N+1];
        y = cumsum(pad(x, 1, 0, value = 0.5));
        loss = sum(weight * y);
    }
}

#[test]
fn padded_with_a_value() {
    for point in points("padded_with_a_value") {
        let model = PaddedWithAValue { x: point.array("x"), weight: point.array("weight") };
        let inputs = padded_with_a_value::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Stretched<D, N> {
        param b: [D];
        input t: [N, D];
        param weight: [N, D];
        y = broadcast(b, [N, D]) * t;
        loss = sum(weight * y);
    }
}

#[test]
fn stretched() {
    for point in points("stretched") {
        let t = point.array("t");
        let model = Stretched { b: point.array("b"), weight: point.array("weight") };
        let inputs = stretched::Inputs { t: t.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub DiagonalMade<D> {
        param v: [D], a: [D, D];
        param weight: [D, D];
        y = diag(v^2) @ a;
        loss = sum(weight * y);
    }
}

#[test]
fn diagonal_made() {
    for point in points("diagonal_made") {
        let model = DiagonalMade { v: point.array("v"), a: point.array("a"), weight: point.array("weight") };
        let inputs = diagonal_made::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub DiagonalTaken<D> {
        param a: [D, D];
        param weight: [D];
        y = diag(a) * diag(a @ a);
        loss = sum(weight * y);
    }
}

#[test]
fn diagonal_taken() {
    for point in points("diagonal_taken") {
        let model = DiagonalTaken { a: point.array("a"), weight: point.array("weight") };
        let inputs = diagonal_taken::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub IdentityAdded<D> {
        param a: [D, D];
        param weight: [D, D];
        y = (a + 0.5 * eye(D)) @ a + ones([D, D]) - zeros([D]);
        loss = sum(weight * y);
    }
}

#[test]
fn identity_added() {
    for point in points("identity_added") {
        let model = IdentityAdded { a: point.array("a"), weight: point.array("weight") };
        let inputs = identity_added::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Positions<N> {
        param x: [N];
        param weight: [N];
        y = x^2 * iota(N) + sin(x * (iota(N) + 1));
        loss = sum(weight * y);
    }
}

#[test]
fn positions() {
    for point in points("positions") {
        let model = Positions { x: point.array("x"), weight: point.array("weight") };
        let inputs = positions::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Filled<D, N> {
        param s;
        input t: [N, D];
        param weight: [N, D];
        y = full([N, D], s^2) * t;
        loss = sum(weight * y);
    }
}

#[test]
fn filled() {
    for point in points("filled") {
        let t = point.array("t");
        let model = Filled { s: point.number("s"), weight: point.array("weight") };
        let inputs = filled::Inputs { t: t.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub MovingAverage<N> {
        param x: [N];
        param weight: [N-1];
        y = (x[..-1] + x[1..]) / 2 - cumsum(x)[1..];
        loss = sum(weight * y);
    }
}

#[test]
fn moving_average() {
    for point in points("moving_average") {
        let model = MovingAverage { x: point.array("x"), weight: point.array("weight") };
        let inputs = moving_average::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Rosenbrock<N> {
        param x: [N];
        loss = sum(100 * (x[1..] - x[..-1]^2)^2 + (1 - x[..-1])^2);
    }
}

#[test]
fn rosenbrock() {
    for point in points("rosenbrock") {
        let model = Rosenbrock { x: point.array("x") };
        let inputs = rosenbrock::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub TotalVariation<D, N> {
        param x: [N, D];
        loss = sum((x[1.., ..] - x[..-1, ..])^2) + sum((x[.., 1..] - x[.., ..-1])^2);
    }
}

#[test]
fn total_variation() {
    for point in points("total_variation") {
        let model = TotalVariation { x: point.array("x") };
        let inputs = total_variation::Inputs {};
        point.check_objective(&model, &inputs);
    }
}
