//! Layers that take mean and variance away. Each has its gain and bias, of the channels, as arguments.

use super::super::Family::Network;
use super::super::Row;
use super::library;

pub(super) const ROWS: &[Row] = &[
    library(
        [
            "batch_norm",
            "x, gain, bias, mean?, var?, eps = 0.00001",
            "x `[N, C]`, `[N, C, H]` or `[N, C, H, W]` with mean 0 and variance 1 in each channel, times gain plus bias \
             `[C]`: `let (y, m, v) = batch_norm(x, gain, bias);` gives the mean and the variance (divided by the number) \
             too, for a `state`; with `mean` and `var` these are used, and y is all",
            "batch_norm(signal, gains, biases, mean = biases, var = gains^2)",
        ],
        Network,
        "fn batch_norm(x: [N, C], gain: [C], bias: [C], mean: [C], var: [C], eps = 1e-5) {
            let y[n, c] = (x[n, c] - mean[c])/sqrt(var[c] + eps)*gain[c] + bias[c];
            y
        }
        fn batch_norm(x: [N, C, H], gain: [C], bias: [C], mean: [C], var: [C], eps = 1e-5) {
            let y[n, c, h] = (x[n, c, h] - mean[c])/sqrt(var[c] + eps)*gain[c] + bias[c];
            y
        }
        fn batch_norm(x: [N, C, H, W], gain: [C], bias: [C], mean: [C], var: [C], eps = 1e-5) {
            let y[n, c, h, w] = (x[n, c, h, w] - mean[c])/sqrt(var[c] + eps)*gain[c] + bias[c];
            y
        }
        fn batch_norm(x: [N, C], gain: [C], bias: [C], eps = 1e-5) {
            let m = mean(x, axis = 0);
            let v = var(x, axis = 0);
            (batch_norm(x, gain, bias, m, v, eps), m, v)
        }
        fn batch_norm(x: [N, C, H], gain: [C], bias: [C], eps = 1e-5) {
            let m = mean(x, axis = (0, 2));
            let v = var(x, axis = (0, 2));
            (batch_norm(x, gain, bias, m, v, eps), m, v)
        }
        fn batch_norm(x: [N, C, H, W], gain: [C], bias: [C], eps = 1e-5) {
            let m = mean(x, axis = (0, 2, 3));
            let v = var(x, axis = (0, 2, 3));
            (batch_norm(x, gain, bias, m, v, eps), m, v)
        }",
    ),
    library(
        [
            "group_norm",
            "x, groups, gain, bias, eps = 0.00001",
            "x `[N, C, H]` or `[N, C, H, W]` with mean 0 and variance 1 in each group of `C/groups` channels of each row, \
             times gain plus bias `[C]`",
            "group_norm(image, 1, ones([2]), zeros([2]))",
        ],
        Network,
        "fn group_norm(x: [N, C, H], groups = 1, gain: [C], bias: [C], eps = 1e-5) {
            let u = reshape(x, [N, groups, C/groups*H]);
            let z = reshape(layer_norm(u, axis = 2, eps = eps), [N, C, H]);
            let y[n, c, h] = z[n, c, h]*gain[c] + bias[c];
            y
        }
        fn group_norm(x: [N, C, H, W], groups = 1, gain: [C], bias: [C], eps = 1e-5) {
            reshape(group_norm(reshape(x, [N, C, H*W]), groups, gain, bias, eps), [N, C, H, W])
        }",
    ),
    library(
        [
            "instance_norm",
            "x, gain, bias, eps = 0.00001",
            "x `[N, C, H]` or `[N, C, H, W]` with mean 0 and variance 1 in each channel of each row, times gain plus bias \
             `[C]`",
            "instance_norm(signal, ones([4]), zeros([4]))",
        ],
        Network,
        "fn instance_norm(x: [N, C, H], gain: [C], bias: [C], eps = 1e-5) {
            let z = layer_norm(x, axis = 2, eps = eps);
            let y[n, c, h] = z[n, c, h]*gain[c] + bias[c];
            y
        }
        fn instance_norm(x: [N, C, H, W], gain: [C], bias: [C], eps = 1e-5) {
            reshape(instance_norm(reshape(x, [N, C, H*W]), gain, bias, eps), [N, C, H, W])
        }",
    ),
];
