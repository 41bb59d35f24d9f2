//! JAX's answers: derivatives. Written by `python3 tests/reference/oracle.py`: change `oracle_table.py` instead.

use super::{model, points};

model! {
    pub GradientOfSum<N> {
        param x: [N];
        param weight: [N];
        let f = sum(sin(x) * x^2);
        y = grad(f, x);
        loss = sum(weight * y);
    }
}

#[test]
fn gradient_of_sum() {
    for point in points("gradient_of_sum") {
        let model = GradientOfSum { x: point.array("x"), weight: point.array("weight") };
        let inputs = gradient_of_sum::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SecondDerivative {
        param s;
        loss = grad(grad(exp(s) * sin(s), s), s);
    }
}

#[test]
fn second_derivative() {
    for point in points("second_derivative") {
        let model = SecondDerivative { s: point.number("s") };
        let inputs = second_derivative::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ThirdDerivative {
        param s;
        loss = grad(grad(grad(s^5 + tanh(s), s), s), s);
    }
}

#[test]
fn third_derivative() {
    for point in points("third_derivative") {
        let model = ThirdDerivative { s: point.number("s") };
        let inputs = third_derivative::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub MixedDerivative {
        param s, t;
        loss = grad(grad(sin(s * t) + s^2 * t^3, s), t);
    }
}

#[test]
fn mixed_derivative() {
    for point in points("mixed_derivative") {
        let model = MixedDerivative { s: point.number("s"), t: point.number("t") };
        let inputs = mixed_derivative::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub HessianTimesVector<N> {
        param x: [N];
        input v: [N];
        param weight: [N];
        let f = sum(x[1..] * sin(x[..-1])) + sum(x^4);
        y = jvp(grad(f, x), x, v);
        loss = sum(weight * y);
    }
}

#[test]
fn hessian_times_vector() {
    for point in points("hessian_times_vector") {
        let v = point.array("v");
        let model = HessianTimesVector { x: point.array("x"), weight: point.array("weight") };
        let inputs = hessian_times_vector::Inputs { v: v.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub HessianByTwoGradients<N> {
        param x: [N];
        input v: [N];
        param weight: [N];
        let f = prod(1 + x^2 / 4);
        y = grad(sum(grad(f, x) * v), x);
        loss = sum(weight * y);
    }
}

#[test]
fn hessian_by_two_gradients() {
    for point in points("hessian_by_two_gradients") {
        let v = point.array("v");
        let model = HessianByTwoGradients { x: point.array("x"), weight: point.array("weight") };
        let inputs = hessian_by_two_gradients::Inputs { v: v.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub JvpOfSoftmax<K, N> {
        param z: [N, K];
        input v: [N, K];
        param weight: [N, K];
        y = jvp(softmax(z, K), z, v);
        loss = sum(weight * y);
    }
}

#[test]
fn jvp_of_softmax() {
    for point in points("jvp_of_softmax") {
        let v = point.array("v");
        let model = JvpOfSoftmax { z: point.array("z"), weight: point.array("weight") };
        let inputs = jvp_of_softmax::Inputs { v: v.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub JvpOfProduct<D, K, N> {
        param a: [N, D], b: [D, K];
        input v: [N, D];
        param weight: [N, K];
        y = jvp(tanh(a @ b), a, v);
        loss = sum(weight * y);
    }
}

#[test]
fn jvp_of_product() {
    for point in points("jvp_of_product") {
        let v = point.array("v");
        let model = JvpOfProduct { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = jvp_of_product::Inputs { v: v.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub JvpOfRunningSum<N> {
        param x: [N];
        input v: [N];
        param weight: [N];
        y = jvp(cumsum(x^3), x, v);
        loss = sum(weight * y);
    }
}

#[test]
fn jvp_of_running_sum() {
    for point in points("jvp_of_running_sum") {
        let v = point.array("v");
        let model = JvpOfRunningSum { x: point.array("x"), weight: point.array("weight") };
        let inputs = jvp_of_running_sum::Inputs { v: v.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub VjpOfProduct<D, K, N> {
        param w: [D, K];
        input x: [N, D], c: [N, K];
        param weight: [D, K];
        y = vjp(sigmoid(x @ w), w, c);
        loss = sum(weight * y);
    }
}

#[test]
fn vjp_of_product() {
    for point in points("vjp_of_product") {
        let x = point.array("x");
        let c = point.array("c");
        let model = VjpOfProduct { w: point.array("w"), weight: point.array("weight") };
        let inputs = vjp_of_product::Inputs { x: x.view(), c: c.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub VjpOfNorms<D, N> {
        param x: [N, D];
        input c: [N];
        param weight: [N, D];
        y = vjp(norm(x, D), x, c);
        loss = sum(weight * y);
    }
}

#[test]
fn vjp_of_norms() {
    for point in points("vjp_of_norms") {
        let c = point.array("c");
        let model = VjpOfNorms { x: point.array("x"), weight: point.array("weight") };
        let inputs = vjp_of_norms::Inputs { c: c.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ForwardOverForward<N> {
        param x: [N];
        input v: [N];
        param weight: [N];
        y = jvp(jvp(sin(x)^3, x, v), x, v);
        loss = sum(weight * y);
    }
}

#[test]
fn forward_over_forward() {
    for point in points("forward_over_forward") {
        let v = point.array("v");
        let model = ForwardOverForward { x: point.array("x"), weight: point.array("weight") };
        let inputs = forward_over_forward::Inputs { v: v.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ReverseOverForward<N> {
        param x: [N];
        input v: [N];
        param weight: [N];
        let d = jvp(logsumexp(x * x), x, v);
        y = grad(d, x);
        loss = sum(weight * y);
    }
}

#[test]
fn reverse_over_forward() {
    for point in points("reverse_over_forward") {
        let v = point.array("v");
        let model = ReverseOverForward { x: point.array("x"), weight: point.array("weight") };
        let inputs = reverse_over_forward::Inputs { v: v.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub GradientPenalty<D, H> {
        param w: [D, H];
        input x: [D];
        let y0 = sum(tanh(x @ w));
        loss = y0^2 + norm(grad(y0, x));
    }
}

#[test]
fn gradient_penalty() {
    for point in points("gradient_penalty") {
        let x = point.array("x");
        let model = GradientPenalty { w: point.array("w") };
        let inputs = gradient_penalty::Inputs { x: x.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ByAnIntermediate<N> {
        param x: [N];
        param weight: [N];
        let a = 2 * x;
        let f = sum(x^2 * a + a^3);
        y = grad(f, a);
        loss = sum(weight * y);
    }
}

#[test]
fn by_an_intermediate() {
    for point in points("by_an_intermediate") {
        let model = ByAnIntermediate { x: point.array("x"), weight: point.array("weight") };
        let inputs = by_an_intermediate::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Stopped<N> {
        param x: [N];
        param weight: [N];
        y = x * stop_gradient(sin(x)) + stop_gradient(x)^2 * x;
        loss = sum(weight * y);
    }
}

#[test]
fn stopped() {
    for point in points("stopped") {
        let model = Stopped { x: point.array("x"), weight: point.array("weight") };
        let inputs = stopped::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub StraightThroughRounding<N> {
        param x: [N];
        param weight: [N];
        y = x * straight_through(round(x), x);
        loss = sum(weight * y);
    }
}

#[test]
fn straight_through_rounding() {
    for point in points("straight_through_rounding") {
        let model = StraightThroughRounding { x: point.array("x"), weight: point.array("weight") };
        let inputs = straight_through_rounding::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub NewtonStep {
        param s;
        let f = s^3 + 2*s - exp(-s);
        loss = s - f / grad(f, s);
    }
}

#[test]
fn newton_step() {
    for point in points("newton_step") {
        let model = NewtonStep { s: point.number("s") };
        let inputs = newton_step::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LearningToLearn<D, N> {
        param w: [D];
        input x: [N, D], t: [N];
        fn cost(v, a, b) = mean((a @ v - b)^2);
        let w1 = w - 0.1 * grad(cost(w, x, t), w);
        loss = mean(log(1 + (x @ w1 - t)^2));
    }
}

#[test]
fn learning_to_learn() {
    for point in points("learning_to_learn") {
        let x = point.array("x");
        let t = point.array("t");
        let model = LearningToLearn { w: point.array("w") };
        let inputs = learning_to_learn::Inputs { x: x.view(), t: t.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub WaveEquation<H> {
        param a: [H], b: [H];
        input t;
        let y0 = dot(a, sin(b * t));
        let y1 = grad(y0, t);
        loss = (grad(y1, t) + y0)^2 + y1;
    }
}

#[test]
fn wave_equation() {
    for point in points("wave_equation") {
        let model = WaveEquation { a: point.array("a"), b: point.array("b") };
        let inputs = wave_equation::Inputs { t: point.number("t") };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Laplacian<H> {
        param w: [H], c: [H, 2];
        input p: [2], e1: [2], e2: [2];
        let y0 = dot(w, tanh(c @ p));
        let g = grad(y0, p);
        loss = dot(jvp(g, p, e1), e1) + dot(jvp(g, p, e2), e2);
    }
}

#[test]
fn laplacian() {
    for point in points("laplacian") {
        let p = point.array("p");
        let e1 = point.array("e1");
        let e2 = point.array("e2");
        let model = Laplacian { w: point.array("w"), c: point.array("c") };
        let inputs = laplacian::Inputs { p: p.view(), e1: e1.view(), e2: e2.view() };
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SecondDerivativeOfSpecial<N> {
        param x: [N];
        param weight: [N];
        let f = sum(lgamma(x) + erf(x) * digamma(x));
        y = grad(f, x);
        loss = sum(weight * y);
    }
}

#[test]
fn second_derivative_of_special() {
    for point in points("second_derivative_of_special") {
        let model = SecondDerivativeOfSpecial { x: point.array("x"), weight: point.array("weight") };
        let inputs = second_derivative_of_special::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SecondDerivativeOfExtremes<D, N> {
        param x: [N, D];
        param weight: [N, D];
        let f = sum(max(x, axis = D)^3) + norm(x);
        y = grad(f, x);
        loss = sum(weight * y);
    }
}

#[test]
fn second_derivative_of_extremes() {
    for point in points("second_derivative_of_extremes") {
        let model = SecondDerivativeOfExtremes { x: point.array("x"), weight: point.array("weight") };
        let inputs = second_derivative_of_extremes::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SecondDerivativeOfDeviation<D, N> {
        param x: [N, D];
        param weight: [N, D];
        let f = sum(std(x, N) * sqrt(var(x, N) + 1));
        y = grad(f, x);
        loss = sum(weight * y);
    }
}

#[test]
fn second_derivative_of_deviation() {
    for point in points("second_derivative_of_deviation") {
        let model = SecondDerivativeOfDeviation { x: point.array("x"), weight: point.array("weight") };
        let inputs = second_derivative_of_deviation::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SecondDerivativeOfRunningProduct<N> {
        param x: [N];
        param weight: [N];
        let f = sum(cumprod(x)^2);
        y = grad(f, x);
        loss = sum(weight * y);
    }
}

#[test]
fn second_derivative_of_running_product() {
    for point in points("second_derivative_of_running_product") {
        let model = SecondDerivativeOfRunningProduct { x: point.array("x"), weight: point.array("weight") };
        let inputs = second_derivative_of_running_product::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SecondDerivativeOfCrossEntropy<K, N> {
        param z: [N, K];
        input label: [N] in K;
        param weight: [N, K];
        let f = sum(cross_entropy(z, label)^2);
        y = grad(f, z);
        loss = sum(weight * y);
    }
}

#[test]
fn second_derivative_of_cross_entropy() {
    for point in points("second_derivative_of_cross_entropy") {
        let label = point.classes("label");
        let model = SecondDerivativeOfCrossEntropy { z: point.array("z"), weight: point.array("weight") };
        let inputs = second_derivative_of_cross_entropy::Inputs { label: label.view() };
        point.check_objective(&model, &inputs);
    }
}
