//! The functions of NIST's nonlinear regression, as its files state them.

use autograd_core::model;

model! { pub Rise<N> { param b1, b2; input y: [N], x: [N]; residual = b1*(1 - exp(-b2*x)) - y; } }
model! { pub Misra1b<N> { param b1, b2; input y: [N], x: [N]; residual = b1*(1 - (1 + b2*x/2)^-2) - y; } }
model! { pub Misra1c<N> { param b1, b2; input y: [N], x: [N]; residual = b1*(1 - (1 + 2*b2*x)^-0.5) - y; } }
model! { pub Misra1d<N> { param b1, b2; input y: [N], x: [N]; residual = b1*b2*x/(1 + b2*x) - y; } }
model! { pub Chwirut<N> { param b1, b2, b3; input y: [N], x: [N]; residual = exp(-b1*x)/(b2 + b3*x) - y; } }
model! { pub DanWood<N> { param b1, b2; input y: [N], x: [N]; residual = b1*x^b2 - y; } }
model! { pub Bennett5<N> { param b1, b2, b3; input y: [N], x: [N]; residual = b1*(b2 + x)^(-1/b3) - y; } }
model! { pub Eckerle4<N> { param b1, b2, b3; input y: [N], x: [N]; residual = b1/b2*exp(-0.5*((x - b3)/b2)^2) - y; } }
model! { pub Mgh10<N> { param b1, b2, b3; input y: [N], x: [N]; residual = b1*exp(b2/(x + b3)) - y; } }
model! { pub Rat42<N> { param b1, b2, b3; input y: [N], x: [N]; residual = b1/(1 + exp(b2 - b3*x)) - y; } }
model! { pub Rat43<N> { param b1, b2, b3, b4; input y: [N], x: [N]; residual = b1/(1 + exp(b2 - b3*x))^(1/b4) - y; } }
model! {
    pub Nelson<N> {
        param b1, b2, b3;
        input y: [N], x1: [N], x2: [N];
        residual = b1 - b2*x1*exp(-b3*x2) - log(y);
    }
}
model! {
    pub Enso<N> {
        param b1, b2, b3, b4, b5, b6, b7, b8, b9;
        input y: [N], x: [N];
        let turn = 2*pi*x;
        let year = b2*cos(turn/12) + b3*sin(turn/12);
        residual = b1 + year + b5*cos(turn/b4) + b6*sin(turn/b4) + b8*cos(turn/b7) + b9*sin(turn/b7) - y;
    }
}
model! {
    pub Gauss<N> {
        param b1, b2, b3, b4, b5, b6, b7, b8;
        input y: [N], x: [N];
        residual = b1*exp(-b2*x) + b3*exp(-(x - b4)^2/b5^2) + b6*exp(-(x - b7)^2/b8^2) - y;
    }
}
model! {
    pub Cubic<N> {
        param b1, b2, b3, b4, b5, b6, b7;
        input y: [N], x: [N];
        residual = (b1 + b2*x + b3*x^2 + b4*x^3)/(1 + b5*x + b6*x^2 + b7*x^3) - y;
    }
}
model! {
    pub Kirby2<N> {
        param b1, b2, b3, b4, b5;
        input y: [N], x: [N];
        residual = (b1 + b2*x + b3*x^2)/(1 + b4*x + b5*x^2) - y;
    }
}
model! {
    pub Lanczos<N> {
        param b1, b2, b3, b4, b5, b6;
        input y: [N], x: [N];
        residual = b1*exp(-b2*x) + b3*exp(-b4*x) + b5*exp(-b6*x) - y;
    }
}
model! {
    pub Mgh09<N> {
        param b1, b2, b3, b4;
        input y: [N], x: [N];
        residual = b1*(x^2 + x*b2)/(x^2 + x*b3 + b4) - y;
    }
}
model! {
    pub Mgh17<N> {
        param b1, b2, b3, b4, b5;
        input y: [N], x: [N];
        residual = b1 + b2*exp(-x*b4) + b3*exp(-x*b5) - y;
    }
}
model! {
    pub Roszman1<N> {
        param b1, b2, b3, b4;
        input y: [N], x: [N];
        residual = b1 - b2*x - atan(b3/(x - b4))/pi - y;
    }
}
