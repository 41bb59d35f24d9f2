//! PyTorch's answers: places. Written by `python3 tests/reference/library.py`: change `library_table.py` instead.

use super::{model, points};

model! {
    pub Embedded<D, N, T, V> {
        param table: [V, D];
        input token: [N, T] in V;
        param weight: [N, T, D];
        y = embedding(table, token);
        loss = sum(weight * y);
    }
}

#[test]
fn embedded() {
    for point in points("embedded") {
        let token = point.classes("token");
        let model = Embedded { table: point.array("table"), weight: point.array("weight") };
        let inputs = embedded::Inputs { token: token.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Taken<H, N, T, U, V> {
        param x: [N, V, H];
        input place: [T, U] in V;
        param weight: [N, T, U, H];
        y = take(x, place, axis = 1);
        loss = sum(weight * y);
    }
}

#[test]
fn taken() {
    for point in points("taken") {
        let place = point.classes("place");
        let model = Taken { x: point.array("x"), weight: point.array("weight") };
        let inputs = taken::Inputs { place: place.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub TakenComputed<N, T, V> {
        param x: [N, V];
        input place: [T] in V;
        param weight: [N, T];
        y = take(x, rem(3*place + iota(T), V), axis = 1);
        loss = sum(weight * y);
    }
}

#[test]
fn taken_computed() {
    for point in points("taken_computed") {
        let place = point.classes("place");
        let model = TakenComputed { x: point.array("x"), weight: point.array("weight") };
        let inputs = taken_computed::Inputs { place: place.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub AddedAt<D, N, T, V> {
        param x: [V, D], u: [N, T, D];
        input place: [N, T] in V;
        param weight: [V, D];
        y = scatter_add(x, place, u);
        loss = sum(weight * y);
    }
}

#[test]
fn added_at() {
    for point in points("added_at") {
        let place = point.classes("place");
        let model = AddedAt { x: point.array("x"), u: point.array("u"), weight: point.array("weight") };
        let inputs = added_at::Inputs { place: place.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Segments<D, T, V> {
        param x: [T, D];
        input place: [T] in V;
        param weight: [V, D];
        y = segment_sum(x, place, V);
        loss = sum(weight * y);
    }
}

#[test]
fn segments() {
    for point in points("segments") {
        let place = point.classes("place");
        let model = Segments { x: point.array("x"), weight: point.array("weight") };
        let inputs = segments::Inputs { place: place.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Rolled<H, N> {
        param x: [N, H];
        param weight: [N, H];
        y = roll(x, 2, axis = 1);
        loss = sum(weight * y);
    }
}

#[test]
fn rolled() {
    for point in points("rolled") {
        let model = Rolled { x: point.array("x"), weight: point.array("weight") };
        let inputs = rolled::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub RolledBack<D, H> {
        param x: [H, D];
        param weight: [H, D];
        y = roll(x, -9, axis = 0);
        loss = sum(weight * y);
    }
}

#[test]
fn rolled_back() {
    for point in points("rolled_back") {
        let model = RolledBack { x: point.array("x"), weight: point.array("weight") };
        let inputs = rolled_back::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Lower<H, N, W> {
        param x: [N, H, W];
        param weight: [N, H, W];
        y = tril(x, -1);
        loss = sum(weight * y);
    }
}

#[test]
fn lower() {
    for point in points("lower") {
        let model = Lower { x: point.array("x"), weight: point.array("weight") };
        let inputs = lower::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Upper<H, W> {
        param x: [H, W];
        param weight: [H, W];
        y = triu(x);
        loss = sum(weight * y);
    }
}

#[test]
fn upper() {
    for point in points("upper") {
        let model = Upper { x: point.array("x"), weight: point.array("weight") };
        let inputs = upper::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Differences<H, N> {
        param x: [N, H];
        param weight: [N, H - 1];
        y = diff(x)^2;
        loss = sum(weight * y);
    }
}

#[test]
fn differences() {
    for point in points("differences") {
        let model = Differences { x: point.array("x"), weight: point.array("weight") };
        let inputs = differences::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Tiled<H, N> {
        param x: [N, H];
        param weight: [N, 3*H];
        y = tile(x, 3, axis = 1);
        loss = sum(weight * y);
    }
}

#[test]
fn tiled() {
    for point in points("tiled") {
        let model = Tiled { x: point.array("x"), weight: point.array("weight") };
        let inputs = tiled::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Repeated<H, N> {
        param x: [N, H];
        param weight: [3*N, H];
        y = repeat(x, 3, axis = 0);
        loss = sum(weight * y);
    }
}

#[test]
fn repeated() {
    for point in points("repeated") {
        let model = Repeated { x: point.array("x"), weight: point.array("weight") };
        let inputs = repeated::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub OfKronecker<D, N, T, U> {
        param a: [N, D], b: [T, U];
        param weight: [N*T, D*U];
        y = kron(a, b);
        loss = sum(weight * y);
    }
}

#[test]
fn of_kronecker() {
    for point in points("of_kronecker") {
        let model = OfKronecker { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = of_kronecker::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub OfKroneckersVectors<N, T> {
        param a: [N], b: [T];
        param weight: [N*T];
        y = kron(a, b);
        loss = sum(weight * y);
    }
}

#[test]
fn of_kroneckers_vectors() {
    for point in points("of_kroneckers_vectors") {
        let model = OfKroneckersVectors { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = of_kroneckers_vectors::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Distances {
        param a, b;
        param weight: [7];
        y = linspace(a, b, 7);
        loss = sum(weight * y);
    }
}

#[test]
fn distances() {
    for point in points("distances") {
        let model = Distances { a: point.number("a"), b: point.number("b"), weight: point.array("weight") };
        let inputs = distances::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Contracted<D, E, N> {
        param a: [N, D], b: [D, E];
        param weight: [E, N];
        y = einsum("nd,de", a, b);
        loss = sum(weight * y);
    }
}

#[test]
fn contracted() {
    for point in points("contracted") {
        let model = Contracted { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = contracted::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ContractedInFront<D, E, N, T> {
        param a: [N, T, D], b: [D, E];
        param weight: [N, T, E];
        y = einsum("...d,de->...e", a, b);
        loss = sum(weight * y);
    }
}

#[test]
fn contracted_in_front() {
    for point in points("contracted_in_front") {
        let model = ContractedInFront { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = contracted_in_front::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ContractedByHeads<C, D, N, T, U> {
        param a: [N, C, T, D], b: [N, C, U, D];
        param weight: [N, C, T, U];
        y = einsum("nhtd,nhud->nhtu", a, b);
        loss = sum(weight * y);
    }
}

#[test]
fn contracted_by_heads() {
    for point in points("contracted_by_heads") {
        let model = ContractedByHeads { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = contracted_by_heads::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ContractedWhole<D, N> {
        param a: [N], b: [N, D], c: [D];
        loss = einsum("n,nd,d->", a, b, c);
    }
}

#[test]
fn contracted_whole() {
    for point in points("contracted_whole") {
        let model = ContractedWhole { a: point.array("a"), b: point.array("b"), c: point.array("c") };
        let inputs = contracted_whole::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ContractedWithItself<D, E> {
        param a: [D, D, E];
        param weight: [D, E];
        y = einsum("iij->ij", a);
        loss = sum(weight * y);
    }
}

#[test]
fn contracted_with_itself() {
    for point in points("contracted_with_itself") {
        let model = ContractedWithItself { a: point.array("a"), weight: point.array("weight") };
        let inputs = contracted_with_itself::Inputs {};
        point.check_objective(&model, &inputs);
    }
}
