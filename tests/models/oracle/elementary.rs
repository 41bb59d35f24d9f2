//! JAX's answers: elementary. Written by `python3 tests/reference/oracle.py`: change `oracle_table.py` instead.

use super::{model, points};

model! {
    pub ExpOf<N> {
        param x: [N];
        param weight: [N];
        y = exp(x);
        loss = sum(weight * y);
    }
}

#[test]
fn exp_of() {
    for point in points("exp_of") {
        let model = ExpOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = exp_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Exp2Of<N> {
        param x: [N];
        param weight: [N];
        y = exp2(x);
        loss = sum(weight * y);
    }
}

#[test]
fn exp2_of() {
    for point in points("exp2_of") {
        let model = Exp2Of { x: point.array("x"), weight: point.array("weight") };
        let inputs = exp2_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Expm1Of<N> {
        param x: [N];
        param weight: [N];
        y = expm1(x);
        loss = sum(weight * y);
    }
}

#[test]
fn expm1_of() {
    for point in points("expm1_of") {
        let model = Expm1Of { x: point.array("x"), weight: point.array("weight") };
        let inputs = expm1_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LogOf<N> {
        param x: [N];
        param weight: [N];
        y = log(x);
        loss = sum(weight * y);
    }
}

#[test]
fn log_of() {
    for point in points("log_of") {
        let model = LogOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = log_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Log1pOf<N> {
        param x: [N];
        param weight: [N];
        y = log1p(x);
        loss = sum(weight * y);
    }
}

#[test]
fn log1p_of() {
    for point in points("log1p_of") {
        let model = Log1pOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = log1p_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Log2Of<N> {
        param x: [N];
        param weight: [N];
        y = log2(x);
        loss = sum(weight * y);
    }
}

#[test]
fn log2_of() {
    for point in points("log2_of") {
        let model = Log2Of { x: point.array("x"), weight: point.array("weight") };
        let inputs = log2_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Log10Of<N> {
        param x: [N];
        param weight: [N];
        y = log10(x);
        loss = sum(weight * y);
    }
}

#[test]
fn log10_of() {
    for point in points("log10_of") {
        let model = Log10Of { x: point.array("x"), weight: point.array("weight") };
        let inputs = log10_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SqrtOf<N> {
        param x: [N];
        param weight: [N];
        y = sqrt(x);
        loss = sum(weight * y);
    }
}

#[test]
fn sqrt_of() {
    for point in points("sqrt_of") {
        let model = SqrtOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = sqrt_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub RsqrtOf<N> {
        param x: [N];
        param weight: [N];
        y = rsqrt(x);
        loss = sum(weight * y);
    }
}

#[test]
fn rsqrt_of() {
    for point in points("rsqrt_of") {
        let model = RsqrtOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = rsqrt_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub CbrtOf<N> {
        param x: [N];
        param weight: [N];
        y = cbrt(x);
        loss = sum(weight * y);
    }
}

#[test]
fn cbrt_of() {
    for point in points("cbrt_of") {
        let model = CbrtOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = cbrt_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SinOf<N> {
        param x: [N];
        param weight: [N];
        y = sin(x);
        loss = sum(weight * y);
    }
}

#[test]
fn sin_of() {
    for point in points("sin_of") {
        let model = SinOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = sin_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub CosOf<N> {
        param x: [N];
        param weight: [N];
        y = cos(x);
        loss = sum(weight * y);
    }
}

#[test]
fn cos_of() {
    for point in points("cos_of") {
        let model = CosOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = cos_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub TanOf<N> {
        param x: [N];
        param weight: [N];
        y = tan(x);
        loss = sum(weight * y);
    }
}

#[test]
fn tan_of() {
    for point in points("tan_of") {
        let model = TanOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = tan_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub AsinOf<N> {
        param x: [N];
        param weight: [N];
        y = asin(x);
        loss = sum(weight * y);
    }
}

#[test]
fn asin_of() {
    for point in points("asin_of") {
        let model = AsinOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = asin_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub AcosOf<N> {
        param x: [N];
        param weight: [N];
        y = acos(x);
        loss = sum(weight * y);
    }
}

#[test]
fn acos_of() {
    for point in points("acos_of") {
        let model = AcosOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = acos_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub AtanOf<N> {
        param x: [N];
        param weight: [N];
        y = atan(x);
        loss = sum(weight * y);
    }
}

#[test]
fn atan_of() {
    for point in points("atan_of") {
        let model = AtanOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = atan_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SinhOf<N> {
        param x: [N];
        param weight: [N];
        y = sinh(x);
        loss = sum(weight * y);
    }
}

#[test]
fn sinh_of() {
    for point in points("sinh_of") {
        let model = SinhOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = sinh_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub CoshOf<N> {
        param x: [N];
        param weight: [N];
        y = cosh(x);
        loss = sum(weight * y);
    }
}

#[test]
fn cosh_of() {
    for point in points("cosh_of") {
        let model = CoshOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = cosh_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub TanhOf<N> {
        param x: [N];
        param weight: [N];
        y = tanh(x);
        loss = sum(weight * y);
    }
}

#[test]
fn tanh_of() {
    for point in points("tanh_of") {
        let model = TanhOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = tanh_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub AsinhOf<N> {
        param x: [N];
        param weight: [N];
        y = asinh(x);
        loss = sum(weight * y);
    }
}

#[test]
fn asinh_of() {
    for point in points("asinh_of") {
        let model = AsinhOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = asinh_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub AcoshOf<N> {
        param x: [N];
        param weight: [N];
        y = acosh(x);
        loss = sum(weight * y);
    }
}

#[test]
fn acosh_of() {
    for point in points("acosh_of") {
        let model = AcoshOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = acosh_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub AtanhOf<N> {
        param x: [N];
        param weight: [N];
        y = atanh(x);
        loss = sum(weight * y);
    }
}

#[test]
fn atanh_of() {
    for point in points("atanh_of") {
        let model = AtanhOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = atanh_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SigmoidOf<N> {
        param x: [N];
        param weight: [N];
        y = sigmoid(x);
        loss = sum(weight * y);
    }
}

#[test]
fn sigmoid_of() {
    for point in points("sigmoid_of") {
        let model = SigmoidOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = sigmoid_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LogSigmoidOf<N> {
        param x: [N];
        param weight: [N];
        y = log_sigmoid(x);
        loss = sum(weight * y);
    }
}

#[test]
fn log_sigmoid_of() {
    for point in points("log_sigmoid_of") {
        let model = LogSigmoidOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = log_sigmoid_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SoftplusOf<N> {
        param x: [N];
        param weight: [N];
        y = softplus(x);
        loss = sum(weight * y);
    }
}

#[test]
fn softplus_of() {
    for point in points("softplus_of") {
        let model = SoftplusOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = softplus_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ReluOf<N> {
        param x: [N];
        param weight: [N];
        y = relu(x);
        loss = sum(weight * y);
    }
}

#[test]
fn relu_of() {
    for point in points("relu_of") {
        let model = ReluOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = relu_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Relu6Of<N> {
        param x: [N];
        param weight: [N];
        y = relu6(x);
        loss = sum(weight * y);
    }
}

#[test]
fn relu6_of() {
    for point in points("relu6_of") {
        let model = Relu6Of { x: point.array("x"), weight: point.array("weight") };
        let inputs = relu6_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LeakyReluOf<N> {
        param x: [N];
        param weight: [N];
        y = leaky_relu(x);
        loss = sum(weight * y);
    }
}

#[test]
fn leaky_relu_of() {
    for point in points("leaky_relu_of") {
        let model = LeakyReluOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = leaky_relu_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub EluOf<N> {
        param x: [N];
        param weight: [N];
        y = elu(x);
        loss = sum(weight * y);
    }
}

#[test]
fn elu_of() {
    for point in points("elu_of") {
        let model = EluOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = elu_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SeluOf<N> {
        param x: [N];
        param weight: [N];
        y = selu(x);
        loss = sum(weight * y);
    }
}

#[test]
fn selu_of() {
    for point in points("selu_of") {
        let model = SeluOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = selu_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub GeluOf<N> {
        param x: [N];
        param weight: [N];
        y = gelu(x);
        loss = sum(weight * y);
    }
}

#[test]
fn gelu_of() {
    for point in points("gelu_of") {
        let model = GeluOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = gelu_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub GeluTanhOf<N> {
        param x: [N];
        param weight: [N];
        y = gelu_tanh(x);
        loss = sum(weight * y);
    }
}

#[test]
fn gelu_tanh_of() {
    for point in points("gelu_tanh_of") {
        let model = GeluTanhOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = gelu_tanh_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SiluOf<N> {
        param x: [N];
        param weight: [N];
        y = silu(x);
        loss = sum(weight * y);
    }
}

#[test]
fn silu_of() {
    for point in points("silu_of") {
        let model = SiluOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = silu_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub MishOf<N> {
        param x: [N];
        param weight: [N];
        y = mish(x);
        loss = sum(weight * y);
    }
}

#[test]
fn mish_of() {
    for point in points("mish_of") {
        let model = MishOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = mish_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SoftsignOf<N> {
        param x: [N];
        param weight: [N];
        y = softsign(x);
        loss = sum(weight * y);
    }
}

#[test]
fn softsign_of() {
    for point in points("softsign_of") {
        let model = SoftsignOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = softsign_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub HardSigmoidOf<N> {
        param x: [N];
        param weight: [N];
        y = hard_sigmoid(x);
        loss = sum(weight * y);
    }
}

#[test]
fn hard_sigmoid_of() {
    for point in points("hard_sigmoid_of") {
        let model = HardSigmoidOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = hard_sigmoid_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub HardTanhOf<N> {
        param x: [N];
        param weight: [N];
        y = hard_tanh(x);
        loss = sum(weight * y);
    }
}

#[test]
fn hard_tanh_of() {
    for point in points("hard_tanh_of") {
        let model = HardTanhOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = hard_tanh_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ErfOf<N> {
        param x: [N];
        param weight: [N];
        y = erf(x);
        loss = sum(weight * y);
    }
}

#[test]
fn erf_of() {
    for point in points("erf_of") {
        let model = ErfOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = erf_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ErfcOf<N> {
        param x: [N];
        param weight: [N];
        y = erfc(x);
        loss = sum(weight * y);
    }
}

#[test]
fn erfc_of() {
    for point in points("erfc_of") {
        let model = ErfcOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = erfc_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LgammaOf<N> {
        param x: [N];
        param weight: [N];
        y = lgamma(x);
        loss = sum(weight * y);
    }
}

#[test]
fn lgamma_of() {
    for point in points("lgamma_of") {
        let model = LgammaOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = lgamma_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub DigammaOf<N> {
        param x: [N];
        param weight: [N];
        y = digamma(x);
        loss = sum(weight * y);
    }
}

#[test]
fn digamma_of() {
    for point in points("digamma_of") {
        let model = DigammaOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = digamma_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub AbsOf<N> {
        param x: [N];
        param weight: [N];
        y = abs(x);
        loss = sum(weight * y);
    }
}

#[test]
fn abs_of() {
    for point in points("abs_of") {
        let model = AbsOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = abs_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub SincOf<N> {
        param x: [N];
        param weight: [N];
        y = sinc(x);
        loss = sum(weight * y);
    }
}

#[test]
fn sinc_of() {
    for point in points("sinc_of") {
        let model = SincOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = sinc_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub CoscOf<N> {
        param x: [N];
        param weight: [N];
        y = cosc(x);
        loss = sum(weight * y);
    }
}

#[test]
fn cosc_of() {
    for point in points("cosc_of") {
        let model = CoscOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = cosc_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ExprelOf<N> {
        param x: [N];
        param weight: [N];
        y = exprel(x);
        loss = sum(weight * y);
    }
}

#[test]
fn exprel_of() {
    for point in points("exprel_of") {
        let model = ExprelOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = exprel_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub TrigammaOf<N> {
        param x: [N];
        param weight: [N];
        y = trigamma(x);
        loss = sum(weight * y);
    }
}

#[test]
fn trigamma_of() {
    for point in points("trigamma_of") {
        let model = TrigammaOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = trigamma_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub PolygammaOf<N> {
        param x: [N];
        param weight: [N];
        y = polygamma(2, x);
        loss = sum(weight * y);
    }
}

#[test]
fn polygamma_of() {
    for point in points("polygamma_of") {
        let model = PolygammaOf { x: point.array("x"), weight: point.array("weight") };
        let inputs = polygamma_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Atan2Of<N> {
        param y0: [N], x0: [N];
        param weight: [N];
        y = atan2(y0, x0);
        loss = sum(weight * y);
    }
}

#[test]
fn atan2_of() {
    for point in points("atan2_of") {
        let model = Atan2Of { y0: point.array("y0"), x0: point.array("x0"), weight: point.array("weight") };
        let inputs = atan2_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub HypotOf<N> {
        param a: [N], b: [N];
        param weight: [N];
        y = hypot(a, b);
        loss = sum(weight * y);
    }
}

#[test]
fn hypot_of() {
    for point in points("hypot_of") {
        let model = HypotOf { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = hypot_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub LogaddexpOf<N> {
        param a: [N], b: [N];
        param weight: [N];
        y = logaddexp(a, b);
        loss = sum(weight * y);
    }
}

#[test]
fn logaddexp_of() {
    for point in points("logaddexp_of") {
        let model = LogaddexpOf { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = logaddexp_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub XlogyOf<N> {
        param a: [N], b: [N];
        param weight: [N];
        y = xlogy(a, b);
        loss = sum(weight * y);
    }
}

#[test]
fn xlogy_of() {
    for point in points("xlogy_of") {
        let model = XlogyOf { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = xlogy_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub RemOf<N> {
        param a: [N], b: [N];
        param weight: [N];
        y = rem(a, b);
        loss = sum(weight * y);
    }
}

#[test]
fn rem_of() {
    for point in points("rem_of") {
        let model = RemOf { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = rem_of::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Power<N> {
        param a: [N], b: [N];
        param weight: [N];
        y = a^b;
        loss = sum(weight * y);
    }
}

#[test]
fn power() {
    for point in points("power") {
        let model = Power { a: point.array("a"), b: point.array("b"), weight: point.array("weight") };
        let inputs = power::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub PowersWithIntegers<N> {
        param x: [N];
        param weight: [N];
        y = x^3 - 2*x^2 + x^-1 - x^7/100;
        loss = sum(weight * y);
    }
}

#[test]
fn powers_with_integers() {
    for point in points("powers_with_integers") {
        let model = PowersWithIntegers { x: point.array("x"), weight: point.array("weight") };
        let inputs = powers_with_integers::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub PowerOfANegativeBase<N> {
        param x: [N];
        param weight: [N];
        y = x^3 + x^-2;
        loss = sum(weight * y);
    }
}

#[test]
fn power_of_a_negative_base() {
    for point in points("power_of_a_negative_base") {
        let model = PowerOfANegativeBase { x: point.array("x"), weight: point.array("weight") };
        let inputs = power_of_a_negative_base::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub ConstantToAPower<N> {
        param x: [N];
        param weight: [N];
        y = 2^x + e^x;
        loss = sum(weight * y);
    }
}

#[test]
fn constant_to_a_power() {
    for point in points("constant_to_a_power") {
        let model = ConstantToAPower { x: point.array("x"), weight: point.array("weight") };
        let inputs = constant_to_a_power::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub FloorAndFraction<N> {
        param x: [N];
        param weight: [N];
        y = x * floor(x) + (x - floor(x))^2 - ceil(x) * round(x);
        loss = sum(weight * y);
    }
}

#[test]
fn floor_and_fraction() {
    for point in points("floor_and_fraction") {
        let model = FloorAndFraction { x: point.array("x"), weight: point.array("weight") };
        let inputs = floor_and_fraction::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Signs<N> {
        param x: [N];
        param weight: [N];
        y = x^2 * sign(x);
        loss = sum(weight * y);
    }
}

#[test]
fn signs() {
    for point in points("signs") {
        let model = Signs { x: point.array("x"), weight: point.array("weight") };
        let inputs = signs::Inputs {};
        point.check_objective(&model, &inputs);
    }
}

model! {
    pub Clamped<N> {
        param x: [N];
        param weight: [N];
        y = clamp(x, -0.5, 1) * x;
        loss = sum(weight * y);
    }
}

#[test]
fn clamped() {
    for point in points("clamped") {
        let model = Clamped { x: point.array("x"), weight: point.array("weight") };
        let inputs = clamped::Inputs {};
        point.check_objective(&model, &inputs);
    }
}
