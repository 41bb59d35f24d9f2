"""The cases of seams.py: `case(expression, (point, direction), (point, direction, [value, first, second, third]), …)`."""

# ruff: noqa: F821

FLAT = [None, 0, 0, 0]
T, S = 1e-8, 1e-3


def norms(text, size=3, far=200):
    """A norm of all numbers: at the origin flat by convention, smooth elsewhere, also on its axes."""
    z = [0.0] * size
    axis = z[:-1] + [2.0]
    d = [0.7, -0.4, 0.3, 0.6][:size]
    points = [(z, d, [0, 0, 0, 0])]
    points += [(axis, d), (axis, [1.0] + z[1:]), ([2.0] + z[1:], d), ([T] + axis[1:], d), ([S] * size, d)]
    # There the elements of the second and third derivatives are beyond what numbers hold.
    unit, far_away = [3, -4, 1, 2][:size], float(f"1e{far}")
    for scale in far_away, 1 / far_away:
        points += [([scale * x for x in unit], [scale * x for x in d], [None, None, "-", "-"])]
    for scale in 1e50, 1e-50:
        points += [([scale * x for x in unit], [scale * x for x in d])]
    case(text, *points)


# What is read as a norm.
norms("norm(p)")
norms("norm(abs(p))")
norms("sqrt(sum(p^2))")
norms("sqrt(sum(p*p))")
norms("sqrt(dot(p, p))")
norms("sum(p^2)^0.5")
norms("sum(p^2)^(1/2)")
norms("hypot(a, b)", 2)
norms("hypot(abs(a), b)", 2)
norms("hypot(hypot(a, b), c)")
norms("hypot(a, hypot(b, c))")
norms("hypot(norm(p[..2]), c)")
norms("norm(hypot(p, p))")
norms("sqrt(a^2 + b^2)", 2)
norms("sqrt(a^2 + b^2 + c^2)")
norms("sqrt(c*c + b^2 + a*a)")
norms("sqrt(a^2 + (b^2 + (c^2 + d^2)))", 4)
norms("sqrt(a^2 + b^2 + c^2 + d^2)", 4)
norms("sqrt(4*a^2 + b^2/9)", 2)
norms("sqrt(a^2 + 3*b^2 + 0.1*(a - c)^2)")
norms("sqrt(3*(a^2 + b^2) + 5*c^2)")
norms("sqrt((a^2 + b^2 + c^2)/7)")
norms("sqrt(sum(p[..2]^2) + c^2)")
norms("sqrt(c^2 + sum(p[..2]^2)/2)")
norms("sqrt(mean(p^2))")
norms("sqrt(sum(p^2/K))")
norms("sqrt(sum(p^2)/(K - 1))")
norms("sqrt((2*a)^2)", 1)
norms("sqrt(sum((2e50*p)^2))", far=50)
norms("sqrt(sum((1e-50*p)^2))", far=50)
norms("(a^2 + b^2 + c^2)^0.5")
case("sqrt(var(p))", ([1, 2, 4], [1, -1, 3]), ([2, 2, 2], [1, -1, 0], FLAT), ([1e180, 3e180, 2e180], [1e180, 0, 1e179], [None, None, '-', '-']))
case("sqrt(var(p, ddof = 1))", ([1, 2, 4], [1, -1, 3]), ([2, 2, 2], [1, -1, 0], FLAT),
     ([1e180, 3e180, 2e180], [1e180, 0, 1e179], [None, None, '-', '-']), ([1e-180, 3e-180, 2e-180], [1e-180, 0, 1e-180], [None, None, '-', '-']))
case("sqrt(sum((p - mean(p))^2)/(K - 1))", ([1, 2, 4], [1, -1, 3]), ([2, 2, 2], [1, -1, 0], FLAT),
     ([1e180, 3e180, 2e180], [1e180, 0, 1e179], [None, None, '-', '-']))
case("std(p)", ([1, 2, 4], [1, -1, 3]), ([2, 2, 2], [1, -1, 0], FLAT))
case("std(p, ddof = 1)", ([1, 2, 4], [1, -1, 3]), ([2, 2, 2], [1, -1, 0], FLAT))

# With weights that are numbers of either sign.
WEIGHTED = [([0, 0, 3, 5], [1, 2, 0, 0], [0, 0, 0, 0]), ([0, 0, 3, 5], [1, 2, 1, -1], [0, 0, "-", "-"]),
            ([1, 2, 3, 5], [1, -1, 2, 1]), ([0, 2, 3, 5], [1, -1, 2, 1]), ([3, 1, 2, -1], [1, 1, -1, 2]),
            ([1e200, 2e200, 3, 0.5], [1e200, 0, 1, 1], [None, None, '-', '-']), ([1e-200, 2e-200, 3, 0.5], [1e-200, 0, 1, 1], [None, None, '-', '-']),
            ([T, 0, 3, 5], [1e-8, 1e-8, 1, 1])]
case("sqrt(c*a^2 + d*b^2)", *WEIGHTED)
case("sqrt((c*a^2 + b^2)/d)", ([0, 0, 3, 5], [1, 2, 1, 1], [0, 0, "-", "-"]), ([1, 2, 3, 5], [1, -1, 2, 1]), ([0, 2, 3, 5], [1, -1, 2, 1]))
case("sqrt(c*a^2)", ([0, 0, 3], [1, 0, 1], [0, 0, "-", "-"]), ([2, 0, 3], [1, 0, 2]), ([-2, 0, 3], [1, 0, 2]), ([2e200, 0, 3], [1e200, 0, 2], [None, None, '-', '-']))
case("sqrt((c*a)^2)", ([0, 0, 3], [1, 0, 1], [0, 0, "-", "-"]), ([2, 0, 3], [1, 0, 2]), ([2e200, 0, 3], [1e200, 0, 2], [None, None, '-', '-']), ([2e-200, 0, 3], [1e-200, 0, 2]), ([2, 0, -3e-200], [1, 0, 1e-200]))
case("sqrt(sum((c*p)^2))", ([0, 0, 3], [1, -1, 1]), ([1e-150, 2e-150, 3e100], [1e-150, 0, 1e100], [None, None, None, "-"]))
case("sqrt(a^2 - b^2)", ([2, 1], [1, 1]), ([2, 0], [1, 1]), ([2e200, 1e200], [1e200, 1e199], [None, None, '-', '-']))

# The squares of norms are smooth at the origin.
SMOOTH = [([0, 0, 0], [1, -2, 0.5]), ([0, 0, 2], [1, -2, 0.5]), ([T, 0, 2], [1, 1, 1]), ([1, 2, 3], [1, -1, 2])]
for text in ["norm(p)^2", "norm(p)*norm(p)", "3*norm(p)*norm(p)", "norm(p)*3*norm(p)", "norm(p)^4", "(norm(p)/3)^2",
             "(2*norm(p))^2", "hypot(a, b)^2 + c^2", "hypot(a, b)*hypot(a, b)", "(0.3*hypot(a, b))^2", "abs(a)^2",
             "abs(a)*abs(a)", "(5*abs(a))^2", "sqrt(a^2 + b^2 + c^2)^2", "(2*sqrt(a^2 + b^2 + c^2))^2",
             "sqrt(a^2 + b^2 + c^2)*sqrt(a^2 + b^2 + c^2)", "std(p)^2", "exp(-norm(p)^2/2)", "cos(abs(a))", "cosh(abs(a))",
             "(norm(p)*std(p[..2]))^2", "norm(p[..2])^2*c", "hypot(a, b)^2/2"]:
    case(text, *SMOOTH)
case("(c*norm(p[..2]))^2", ([0, 0, 3], [1, 1, 1]), ([1, 2, 3], [1, -1, 1]), ([0, 0, 0], [1, 1, 1]))
case("(norm(p[..2])/c)^2", ([0, 0, 3], [1, 1, 1]), ([1, 2, 3], [1, -1, 1]))
case("(abs(a)/c)^2", ([0, 0, 3], [1, 1, 1]), ([1, 2, 3], [1, -1, 1]))
case("(hypot(a, b)/c)^2", ([0, 0, 3], [1, 1, 1]), ([1, 2, 3], [1, -1, 1]))
case("c*hypot(a, b)*hypot(a, b)", ([0, 0, 3], [1, 1, 1]), ([1, 2, 3], [1, -1, 1]))

# Functions of distances: smooth at the origin, or with a kink there, whose second derivative is the one beside it.
DISTANCE = [([0, 0, 0], [1, -2, 0.5]), ([1, 2, 3], [1, -1, 2]), ([0, 0, 2], [1, 1, 1])]
for text in ["let r = norm(p); (1 + r + r^2/3)*exp(-r)", "let r = sqrt(sum(p^2)); (1 + r + r*r/3)*exp(-r)", "cos(norm(p))",
             "let r = sqrt(a^2 + b^2 + c^2); (1 + r + r^2/3)*exp(-r)", "cosh(hypot(a, b))", "cos(2*abs(a)/3)", "sum(cos(abs(p)))",
             "prod(cos(abs(p)))", "logsumexp(cos(abs(p)))", "let r = sqrt(5)*norm(p)/0.7; (1 + r + r^2/3)*exp(-r)",
             "cos(norm(abs(p)))", "cos(sqrt(a^2 + 3*b^2 + 0.1*(a - c)^2))", "norm(cos(abs(p)))", "norm(p)*sin(norm(p))",
             "norm(p)*tanh(norm(p))*c", "sinc(norm(p))", "log_cosh(norm(p))"]:
    case(text, *DISTANCE)
for text in ["let r = norm(p); (1 + r)*exp(-r)", "let r = sqrt(3)*norm(p)/0.3; (1 + r)*exp(-r)", "let r = hypot(a, b); r^2*exp(-r)",
             "let r = sqrt(a^2 + b^2 + c^2); (1 + r)*exp(-r)", "abs(a)^3*b", "sum((1 + abs(p))*exp(-abs(p)))"]:
    case(text, ([0, 0, 0], [1, -2, 0.5], [None, None, None, "-"]), ([1, 2, 3], [1, -1, 2]))
case("cos(c*norm(p[..2]))", ([0, 0, 3], [1, 1, 1]), ([1, 2, 3], [1, -1, 1]))
case("cos(sqrt(c*a^2 + d*b^2))", ([0, 0, 3, 5], [1, 2, 1, -1]), ([1, 2, 3, 5], [1, -1, 2, 1]))
case("2*sigmoid(a) - 1", ([T], [1]), ([2], [1]), ([-30], [1]))
case("softplus(a) - b*a", ([0, 1], [1, 2]), ([3, 0.5], [1, 1]), ([-3, 0.5], [1, 1]))
case("log(softplus(a))", ([0], [1]), ([-41], [1]), ([3], [1]))
case("exp(-abs(a))", ([0], [2], [1, 0, 4, "-"]), ([-2], [1]))
case("exp(-sqrt(a^2 + b^2 + c^2))", ([0, 0, 0], [2, 1, 1], [1, 0, 6, "-"]), ([1, -2, 1], [1, 1, 1]))
case("abs(a)^1.5", ([0], [1], [0, 0, "inf", "-"]), ([-2], [1]))
case("norm(p)^1.5", ([0, 0], [1, 1], [0, 0, "inf", "-"]), ([1, -2], [1, 1]))
case("abs(a)^b", ([0, 3], [1, 0], [0, 0, 0, "-"]), ([0, 2], [1, 0], [0, 0, 2, "-"]), ([0, 1.5], [1, 0], [0, 0, "inf", "-"]), ([2, 3], [1, 1]))

# Powers of powers, and powers times logarithms.
case("sqrt(a^3)", ([0], [1], [0, 0, "inf", "-"]), ([T], [1]), ([2], [1]), ([1e-50], [1e-50]), ([1e50], [1e50]), ([1e-200], [1e-200], [None, None, "-", "-"]), ([1e200], [1e200], [None, None, "-", "-"]))
case("sqrt(a^5)", ([0], [1], [0, 0, 0, "inf"]), ([2], [1]))
case("sqrt(a^4)", ([0], [1]), ([-2], [1]), ([1e100], [1e100]))
case("sqrt(a^6)", ([0], [1], [0, 0, 0, 0]), ([-2], [1]))
case("sqrt(a*a*a)", ([0], [1], [0, 0, "inf", "-"]), ([2], [1]))
case("sqrt(a^2*a)", ([0], [1], [0, 0, "inf", "-"]), ([2], [1]))
case("sqrt(b*a^3)", ([0, 2], [1, 1], [0, 0, "-", "-"]), ([2, 3], [1, -1]))
case("cbrt(a^3)", ([0], [1]), ([-2], [1]))
case("cbrt(a^4)", ([0], [1], [0, 0, "-", "-"]), ([-2], [1]))
case("cbrt(a^5)", ([0], [1], [0, 0, "-", "-"]), ([-2], [1]), ([1e-30], [1e-30]))
case("(a^2)^0.75", ([0], [1], [0, 0, "-", "-"]), ([-2], [1]), ([T], [1]), ([1e200], [1e200], [None, None, None, "-"]))
case("(a^2)^1.5", ([0], [1], [0, 0, 0, "-"]), ([-2], [1]))
case("(a^3)^0.75", ([0], [1], [0, 0, 2 * 0, "-"][:2] + ["-", "-"]), ([2], [1]))
case("(a^3)^0.7", ([0], [1], [0, 0, "-", "-"]), ([2], [1]))
case("(a^6)^0.7", ([0], [1], [0, 0, 0, 0]), ([-2], [1]))
case("(a^4)^0.8", ([0], [1], [0, 0, 0, 0]))
case("norm(p)^3.5", ([0, 0], [1, 1], [0, 0, 0, 0]))
case("c*hypot(a, b)^3.2", ([0, 0, 2], [1, -1, 1], [0, 0, 0, 0]))
case("abs(a)^b", ([0, 3.5], [1, 1], [0, 0, 0, 0]))
case("(a^4 + b^4)^0.8", ([0, 0], [1, 2], [0, 0, 0, 0]))
case("sum(p^2)^0.75", ([0, 0], [1, 1], [0, 0, "-", "-"]), ([1, -2], [1, 1]), ([1e200, 1e200], [1e200, 0], [None, None, None, "-"]))
case("sum(p^2)^1.5", ([0, 0], [1, 1], [0, 0, 0, "-"]), ([1, -2], [1, 1]))
case("sum(p^2)^0.7", ([0, 0], [1, 1], [0, 0, "-", "-"]), ([1, -2], [1, 1]))
case("sum(abs(p)^3)^(1/3)", ([0, 0], [1, 1], [0, 0, 0, 0]), ([1, -2], [1, 1]), ([1, 0], [1, 1], [None, None, None, "-"]))
case("(abs(a)^3 + abs(b)^3)^(1/3)", ([0, 0], [1, 1], [0, 0, 0, 0]), ([1, -2], [1, 1]))
case("cbrt(sum(abs(p)^3))", ([0, 0], [1, 1], [0, 0, 0, 0]), ([1, -2], [1, 1]))
case("sum(p^4)^0.25", ([0, 0], [1, 1], [0, 0, 0, 0]), ([1, -2], [1, 1]), ([1, 0], [1, 1]))
case("sqrt(sum(p^4))", ([0, 0], [1, 1], [0, 0, "-", "-"]), ([1, -2], [1, 1]), ([1, 0], [1, 1]))
case("sqrt(sum(abs(p)^3))", ([0, 0], [1, 1], [0, 0, "-", "-"]), ([1, -2], [1, 1]))
case("sum(abs(p)^1.5)^(2/3)", ([0, 0], [1, 1], [0, 0, "-", "-"]), ([1, -2], [1, 1]))
case("abs(a)^3", ([0], [1], [0, 0, 0, 0]), ([-2], [1]))
case("abs(a)^2.5", ([0], [1], [0, 0, 0, "-"]), ([-2], [1]))
case("a^2*log(a)", ([0], [1], [0, 0, "-inf", "-"]), ([T], [1]), ([2], [1]), ([1], [1]))
case("a^3*log(a)", ([0], [1], [0, 0, 0, "-"]), ([2], [1]))
case("a^1.5*log(a)", ([0], [1], [0, 0, "-", "-"]), ([2], [1]))
case("a^2*log(a^2)", ([0], [1], [0, 0, "-", "-"]), ([-2], [1]))
case("let r = norm(p); r^2*log(r)", ([0, 0], [1, 1], [0, 0, "-", "-"]), ([1, -2], [1, 1]), ([T, 0], [1, 1]))
case("let r = hypot(a, b); r^2*log(r)", ([0, 0], [1, 1], [0, 0, "-", "-"]), ([1, -2], [1, 1]))
case("let r = sqrt(a^2 + b^2 + c^2); r^2*log(r)", ([0, 0, 0], [1, 1, 1], [0, 0, "-", "-"]), ([1, -2, 3], [1, 1, 1]))
case("let q = sum(p^2); q*log(q)", ([0, 0], [1, 1], [0, 0, "-", "-"]), ([1, -2], [1, 1]))
case("let q = sum(p^2); 0.5*q*log(sqrt(q)/3)", ([0, 0], [1, 1], [0, 0, "-", "-"]), ([1, -2], [1, 1]))
case("let r = norm(p); r^4*log(r)", ([0, 0], [1, 1], [0, 0, 0, "-"]), ([1, -2], [1, 1]))
case("let r = norm(p); r^3*log(r)", ([0, 0], [1, 1], [0, 0, "-", "-"]), ([1, -2], [1, 1]))
case("let r = norm(p[..2]); r^2*log(r/c)", ([0, 0, 2], [1, 1, 1], [0, 0, "-", "-"]), ([1, -2, 2], [1, 1, 1]))
case("b*a^2*log(a)", ([0, 2], [1, 1], [0, 0, "-inf", "-"]), ([2, 3], [1, 1]), ([0, 0], [1, 1], [0, 0, 0, "-"]))
case("xlogy(a, b)", ([0, 2], [1, 1]), ([2, 3], [1, -1]))
case("a*log(b)", ([0, 2], [1, 1]), ([2, 3], [1, -1]))
case("a*log(a)", ([2], [1]), ([T], [1]), ([1], [1]))
case("pow(a, b)", ([0, 3], [1, 0], [0, 0, 0, 6]), ([2, 3], [1, 1]), ([2, 0], [1, 1]), ([1, 2], [1, 1]), ([0, 2], [0, 1], [0, 0, 0, 0]))
case("a*sqrt(a)", ([0], [1], [0, 0, "inf", "-"]), ([2], [1]))
case("a^2*sqrt(a)", ([0], [1], [0, 0, 0, "inf"]), ([2], [1]))
case("a^2.5", ([0], [1], [0, 0, 0, "inf"]), ([2], [1]))
case("a^9", ([0], [1]), ([-2], [1]))
case("a^-3", ([2], [1]), ([-2], [1]))
case("a^0.3", ([2], [1]), ([T], [1]))
case("1/sqrt(a^2 + b^2 + c^2)", ([1, 2, 3], [1, -1, 1]), ([0, 0, 2], [1, -1, 1]), ([1e100, 2e100, 0], [1e100, 0, 1e100]))
case("(a^2 + b^2 + c^2)^-0.5", ([1, 2, 3], [1, -1, 1]), ([0, 0, 2], [1, -1, 1]), ([1e100, 2e100, 0], [1e100, 0, 1e100]))
case("rsqrt(sum(p^2))", ([1, 2, 3], [1, -1, 1]), ([0, 0, 2], [1, -1, 1]))
case("sqrt(a)", ([0], [1], [0, "inf", "-", "-"]), ([2], [1]), ([T], [1]))

# Sums of exponentials and their kin, at ties.
PAIR = [([0, 0], [1, 0]), ([0, 0], [1, 1]), ([2, 2], [1, -2]), ([1, 1 + T], [1, -1]), ([1, 1 + S], [2, 1]), ([3, 1], [1, -1]),
        ([700, 700], [1, -1]), ([800, 800], [1, -1]), ([-800, -800], [1, -0.5]), ([1e3, 0], [1, 1])]
for text in ["logaddexp(a, b)", "log(exp(a) + exp(b))", "logsumexp(p)", "log(sum(exp(p)))"]:
    case(text, *PAIR)
case("logaddexp(logaddexp(a, b), c)", ([1, 1, 1], [1, -1, 0.5]), ([1, 2, 3], [1, 0, 0]), ([0, 0, 0.6931471805599453], [1, 0, -1]))
case("logsumexp(p)", ([1, 1, 1], [1, -1, 0.5]), ([1, 2, 3], [1, 0, 0]), ([5], [1]), ([0, -40], [1, 0], ["-"]), ([0, -40], [0, 1], ["-"]), ([0, -40], [1, 1], ["-"]), ([0, -800], [1, 2]))
case("log(mean(exp(p)))", ([1, 1, 1], [1, -1, 0.5]), ([1, 2, 3], [1, 0, 0]))
case("dot(softmax(p), p)", ([1, 1, 1], [1, -1, 0.5]), ([1, 2, 3], [1, 0, 0]))
case("let e = exp(p); dot(e/sum(e), p)", ([1, 1, 1], [1, -1, 0.5]), ([1, 2, 3], [1, 0, 0]))
case("log_softmax(p)[1]", ([1, 1, 1], [1, -1, 0.5]), ([1, 2, 3], [1, 0, 0]))
case("let e = exp(p); sum(p*log(e/sum(e)))", ([1, 1, 1], [1, -1, 0.5]), ([1, 2, 3], [1, 0, 0]))

# Logistic functions.
LINE = [([0], [1]), ([2], [1]), ([-3], [1]), ([T], [1]), ([-S], [1]), ([20], [1]), ([-40], [1])]
for text in ["sigmoid(a)", "1/(1 + exp(-a))", "exp(a)/(1 + exp(a))", "2/(1 + exp(a))", "recip(1 + exp(a))", "softplus(a)", "log(1 + exp(a))", "log_sigmoid(a)", "log(sigmoid(a))",
             "1 - sigmoid(a)", "silu(a)", "mish(a)", "expm1(a)", "exp(a) - 1", "1 - exp(a)", "-1 + exp(a)", "erf(a)", "erfc(a)", "gelu(a)"]:
    case(text, *LINE[:5])
for text in ["sinh(a)", "cosh(a)", "tanh(a)", "atan(a)", "asinh(a)", "(exp(a) - exp(-a))/2", "(exp(a) + exp(-a))/2",
             "(exp(a) - exp(-a))/(exp(a) + exp(-a))", "(exp(a) - 1)/(exp(a) + 1)", "log(exp(a))", "sin(a)", "cos(a)"]:
    case(text, *LINE[:5])
for text in ["log1p(a)", "log(1 + a)", "log(1 - a)"]:
    case(text, ([0], [1]), ([T], [1]), ([-0.5], [1]), ([0.5], [1]))

# Functions with removable singularities, at 0 and where their branches meet.
for text in ["sinc(a)", "cosc(a)", "exprel(a)"]:
    case(text, ([0], [1]), ([T], [1]), ([-S], [1]), ([0.5], [1]), ([-0.5], [1]), ([0.4999999], [1]), ([0.5000001], [1]), ([1], [1]), ([-1.0000001], [1]), ([3], [1]))

# Kinks.
KINK = [([2], [1]), ([-2], [1]), ([T], [1]), ([-T], [1])]
case("abs(a)", ([0], [1], [0, 0, 0, 0]), *KINK)
case("relu(a)", ([0], [1], [0, 0, 0, 0]), *KINK)
case("leaky_relu(a)", *KINK)
case("abs(a)*a", ([0], [1], [0, 0, 0, 0]), *KINK)
case("a*abs(a)^2", ([0], [1]), *KINK)
case("relu(a)^2", ([0], [1], [0, 0, 0, 0]), *KINK)
case("softsign(a)", ([0], [1], [0, 1, 0, "-"]), *KINK)
case("elu(a)", ([0], [1], [0, 1, 1, 1]), *KINK)
case("selu(a)", *KINK)
case("huber(a, b)", ([0, 0], [1, 0.5]), ([0.2, 0], [1, 0.5]), ([3, 0], [1, 0.5]), ([1, 0], [1, 0], [0.5, 1, 1, 0]))
case("clamp(a, 0, 1)", ([0], [1], [0, 0, 0, 0]), ([1], [1], [1, 0, 0, 0]), ([0.5], [1]), ([2], [1]))
case("max(a, b)", ([1, 1], [1, 0], [1, 0.5, 0, 0]), ([1, 2], [1, 3]), ([1, 1 + T], [1, 3]))
case("min(a, b)", ([1, 1], [1, 0], [1, 0.5, 0, 0]), ([1, 2], [1, 3]))
case("max(a^2, b^2)", ([1, 1], [1, 1]), ([1, 2], [1, 3]), ([1, -1], [1, -1]))
case("max(p^2)", ([1, 1], [1, 1]), ([1, 2], [1, 3]), ([1, 2, 2], [1, 1, 1]), ([1, 2, -2], [1, 1, -1]))
case("min(p^3)", ([1, 1], [1, 1]), ([1, 2], [1, 3]), ([1, 1, 2], [1, 1, 1]))
case("max(p)*a", ([1, 1], [1, 1]), ([1, 2], [1, 3]))
case("if a > 0 { a^3 } else { a^2 }", ([0], [1], [0, 0, 2, 0]), *KINK)
case("if a > b { a^3 } else { b^2 }", ([2, 1], [1, 2]), ([1, 2], [1, 2]))
case("safe_div(a, b)", ([1, 0], [1, 1], [0, 0, 0, 0]), ([1, 2], [1, 3]))
case("rem(a, b)", ([7.5, 2], [1, 1]), ([-1, 3], [1, 1]))
case("sin(rem(a, 2))", ([7.5], [1]), ([1], [1]))

# Products with zeros.
case("prod(p)", ([0, 2, 3], [1, 1, 1]), ([0, 0, 3], [1, 1, 1]), ([0, 0, 0], [1, 1, 1]), ([1, 2, 3, 4], [1, -1, 1, 2]), ([0], [1]))
case("prod(p)^2", ([0, 2, 3], [1, 1, 1]), ([0, 0, 3], [1, 1, 1]))
case("sum(cumprod(p))", ([0, 2, 3], [1, 1, 1]), ([2, 0, 3], [1, 1, 1]), ([0, 0, 3], [1, 1, 1]), ([1, 2, 3], [1, -1, 1]))
case("sum(cumsum(p)^3)", ([0, 2, 3], [1, 1, 1]), ([1, -1, 3], [1, 1, 1]))
case("prod(cumsum(p))", ([1, -1, 3], [1, 1, 1]), ([0, 0, 3], [1, 1, 1]))

# Angles.
case("atan2(a, b)", ([0, 0], [1, 1], [0, 0, 0, 0]), ([0, 2], [1, 1]), ([2, 0], [1, 1]), ([1, -2], [1, 3]), ([1e-100, 0], [1e-100, 1e-100]), ([3e100, 4e100], [1e100, -1e100]))
case("angle(p[..3], p[3..6])", ([1, 0, 0, 0, 1, 0], [1, 2, 3, 1, 1, 1]), ([1, 2, 3, 1, 2, 3.5], [1, 0, 0, 0, 0, 1]), ([1, 2, 3, 2, 4, 6], [1, 0, 0, 0, 0, 1], [None, 0, 0, 0]))
case("sum(layer_norm(p)^3)", ([1, 2, 4], [1, -1, 0.5]), ([2, 2, 2], [1, -1, 0.5]))

# Functions of norms, off the origin.
case("exp(-norm(p))", ([1, 2], [1, 1]), ([0, 2], [1, 1]), ([0, 0], [1, 1], [1, 0, 2, "-"]))
case("norm(p)^3", ([1, 2], [1, 1]), ([0, 0], [1, 1], [0, 0, 0, "-"]))
case("norm(p)*a", ([1, 2], [1, 1]), ([0, 2], [1, 1]), ([0, 0], [1, 1], [0, 0, "-", "-"]))
case("log(norm(p))", ([1, 2], [1, 1]), ([0, 2], [1, 1]))
case("sum(p/norm(p))", ([1, 2], [1, 1]), ([0, 2], [1, 1]))

# Roots of what has a zero of second order: a kink, whose slope is 0, though infinity meets 0 on the way.
for text in ["sqrt(1 - cos(a))", "acos(cos(a))", "sqrt(sin(a)^2*exp(a))", "sqrt(cosh(a) - 1)", "(1 - cos(a))^0.5", "acos(1 - a^2)"]:
    case(text, ([0], [1], [0, 0, "-", "-"]), ([0.5], [1], [None, None, None, "-"]))
case("(1 - cos(a))^0.8", ([0], [1], [0, 0, "-", "-"]), ([0.5], [1]))
case("sqrt(a*b)", ([0, 0], [1, 1], [0, 0, "-", "-"]), ([2, 3], [1, -1]))
case("sqrt(a*b*c)", ([0, 0, 2], [1, 1, 1], [0, 0, "-", "-"]), ([2, 3, 1], [1, -1, 1]))
case("sqrt(prod(p))", ([0, 0, 0], [1, 1, 1], [0, 0, "-", "-"]), ([2, 3, 1], [1, -1, 1]))
case("sin(a)*sqrt(a)", ([0], [1], [0, 0, "-", "-"]), ([2], [1]))
case("a*acos(1 - a)", ([0], [1], [0, 0, "-", "-"]), ([0.5], [1]))
case("exp(a)*a^2*log(a)", ([0], [1], [0, 0, "-", "-"]), ([2], [1]))
case("sum(sqrt(p^2 + sum(p^2)))", ([1, 2], [1, 1]), ([0, 2], [1, 1]), ([1e200, 2e-200], [1e200, 0], [None, None, "-", "-"]))
case("let q = p[..2]; sum(sqrt(p[2..4]^2 + sum(q^2)))", ([0, 0, 1, 2], [1, -1, 1, 1]), ([1, 0, 1, 0], [1, -1, 1, 1]))

# Logarithms of differences and of the normal distribution.
for text in ["logsubexp(a, b)", "log(exp(a) - exp(b))"]:
    case(text, ([2, 1], [1, -1]), ([1, 0.999], [1, 1]), ([0, -30], [1, 1]))
for text in ["log1m_exp(a)", "log(1 - exp(a))"]:
    case(text, ([-1], [1]), ([-0.6931471805599453], [1]), ([-0.001], [1]), ([-30], [1]))
for text in ["log_norm_cdf(a)", "inverse_mills(a)"]:
    case(text, ([0], [1]), ([T], [1]), ([1], [1]), ([-1], [1]), ([-3], [1]), ([2.5], [1]))
case("log_cosh(a)", ([0], [1]), ([T], [1]), ([2], [1]), ([-3], [1]))

# Roots and inverses of exponentials, shares times their logarithms.
for text in ["sqrt(exp(a))", "1/sqrt(exp(a))", "exp(a)^(-0.5)", "1/exp(a)"]:
    case(text, ([0], [1]), ([1], [1]), ([-3], [1]))
case("sum(p*log(softmax(p)))", ([1, 2, -1], [1, -1, 2]), ([0, 0], [1, 2]), ([0, 3], [1, 1]))

# A rise whose slope is a difference that cancels, or a series.
case("digamma_rise(a, b)", ([3, 1e-3], [1, 1]), ([3, 1e-3], [1, -1e-3]), ([2, 1], [1, -1]), ([0.5, 3], [1, 1]))

# Spelled exponentials, hyperbolics and angles: at the seams of their rows, and where a factor leaves the range.
for text in ["exp(a)*exp(-b)", "exp(a)/exp(b)", "exp(a)*b*exp(-b)"]:
    case(text, ([0.5, 2], [1, 1]), ([0.5, 2], [1, -1]), ([800, 799], [1, 0.99]), ([-800, -799], [1, 1.01]))
for text in ["exp(a)/(b + exp(a))", "b*exp(a)/(1 + b*exp(a))"]:
    case(text, ([0, 2], [1, 1]), ([T, 2], [1, -1]), ([-3, 0.5], [1, 1]), ([3, 0.5], [1, 0]), ([0, -0.25], [1, 1]))
for text in ["sech(a)", "2/(exp(a) + exp(-a))", "1/cosh(a)", "4/(exp(a) + exp(-a))^2", "sinh(a)/cosh(a)"]:
    case(text, ([0], [1]), ([T], [1]), ([3], [1]), ([-20], [1]))
for text in ["log(a + sqrt(a^2 + 1))", "log((1 + a)/(1 - a))"]:
    case(text, ([0], [1]), ([T], [1]), ([0.5], [1]), ([-0.75], [1]))
case("log(a + sqrt(a^2 - 1))", ([1.5], [1]), ([30], [1]))
case("atan(a/b)", ([1, 2], [1, 1]), ([1, -2], [1, 1]), ([0, 1], [1, 1]), ([-3, 0.5], [1, 2]), ([-1, -3], [1, -1]))
case("atan(1/a)", ([2], [1]), ([-0.5], [1]))
case("exp(a)^0.3", ([2], [1]), ([-30], [1]))
