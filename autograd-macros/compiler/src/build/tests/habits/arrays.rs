//! How people index, reshape, reduce and multiply arrays elsewhere.

use expect_test::expect;

use super::check;

#[test]
fn arrays() {
    check(
        &[
            "loss = sum(np.concatenate((x, x), axis=1));",
            "loss = sum(torch.stack([w, w], dim=0));",
            "loss = sum(x.reshape(-1));",
            "loss = sum(x.reshape(N*D, 1));",
            "loss = sum(x.permute(1, 0));",
            "loss = sum(x.transpose(0, 1));",
            "loss = x.transpose().sum() + x.T().sum();",
            "loss = torch.matmul(x, w).sum();",
            "loss = sum(x.mm(x.T));",
            "loss = sum(tf.matmul(x, x, transpose_b=True));",
            r#"loss = sum(np.einsum("ij,kj->ik", x, x));"#,
            r#"loss = sum(torch.einsum("ij,j->i", x, w));"#,
            "loss = sum(tensordot(x, w, axes=1));",
            "loss = sum(inner(w, w));",
            "loss = sum(x .* w);",
            "loss = sum(x .^ 2);",
            "loss = sum(x %*% w);",
            "loss = sum(x[0, :]);",
            "loss = sum(x[:, -1]);",
            "loss = sum(y[y > 0]);",
            "loss = y[y > 0].mean();",
            "loss = sum(x[y > 0, :]);",
            "loss = sum(y[None, :]);",
            "loss = sum(y[np.newaxis]);",
            "loss = sum(y[::k]);",
            "loss = sum(x[[0, 1]]);",
            "loss = sum(y[[0]]);",
            "loss = x.row(0).sum();",
            "loss = x.slice(s![.., 0]).sum();",
            "loss = x.index_axis(Axis(0), 0).sum();",
            "loss = x.mean_axis(Axis(0)).unwrap().sum();",
            "loss = sum(mean(x, -1, True));",
            "loss = np.sum(x, axis=[0, 1]);",
            "loss = np.array([1, 2]).sum()*b;",
            "loss = torch.tensor([1.0, 2.0]).sum()*b;",
            "loss = np.zeros((N, D)).sum() + b;",
            "loss = torch.zeros(N, D).sum() + b;",
            "loss = torch.zeros(3).sum() + b;",
            "loss = torch.ones_like(y).sum()*b;",
            "loss = np.full((N, D), 2).sum()*b;",
            "loss = torch.linspace(0, 1, 5).sum()*b;",
            "loss = torch.var(y, unbiased=True);",
            "loss = y.std(unbiased=False);",
            "loss = x.max(1).values.sum();",
            "loss = torch.max(x, 1)[0].sum();",
            "loss = torch.norm(w, p=1);",
            "loss = np.linalg.norm(w, ord=1);",
            "loss = w.norm(1);",
            "let p, q = split(x, 2); loss = b;",
            "let (p, q) = meshgrid(w, w); loss = b;",
            "loss = sum(meshgrid(w, w));",
            "loss = sum(split(x, 2)[0]);",
            "loss = sum(x + y);",
            "loss = sum(x @ y);",
            "loss = x * w;",
        ],
        &expect![[r#"
            loss = sum(np.concatenate((x, x), axis=1));
                unknown name `np`
                help: `concat([x, x], axis = 1)`
                => loss = sum(concat([x, x], axis = 1));
            loss = sum(torch.stack([w, w], dim=0));
                unknown name `torch`
                help: `stack([w, w], axis = 0)`
                => loss = sum(stack([w, w], axis = 0));
            loss = sum(x.reshape(-1));
                the shape of `reshape` takes between brackets, but is given `-1`
                help: `reshape(x, [-1])`
                => loss = sum(reshape(x, [-1]));
            loss = sum(x.reshape(N*D, 1));
                `reshape` takes 2 arguments, but is given 3
                help: `reshape(x, [N*D, 1])`
                => loss = sum(reshape(x, [N*D, 1]));
            loss = sum(x.permute(1, 0));
                `permute` takes 2 arguments, but is given 3
                help: `permute(x, (1, 0))`
                => loss = sum(permute(x, (1, 0)));
            loss = sum(x.transpose(0, 1));
                `transpose` takes 1 or 2 arguments, but is given 3
                help: `permute(x, (1, 0))`
                => loss = sum(permute(x, (1, 0)));
            loss = x.transpose().sum() + x.T().sum();
                a value has no field `.T`
                help: `.T` is the transpose
                => loss = x.transpose().sum() + x.T.sum();
            loss = torch.matmul(x, w).sum();
                unknown name `torch`
                help: `x @ w`
                => loss = (x @ w).sum();
            loss = sum(x.mm(x.T));
                unknown function `mm`
                help: `x @ x.T`
                => loss = sum((x @ x.T));
            loss = sum(tf.matmul(x, x, transpose_b=True));
                unknown name `True`
                help: `true`
                unknown name `tf`
                help: `a @ b`
                => loss = sum(tf.matmul(x, x, transpose_b=true));
            loss = sum(np.einsum("ij,kj->ik", x, x));
                unknown name `np`
                help: `einsum("ij,kj->ik", x, x)`
                => loss = sum(einsum("ij,kj->ik", x, x));
            loss = sum(torch.einsum("ij,j->i", x, w));
                unknown name `torch`
                help: `einsum("ij,j->i", x, w)`
                => loss = sum(einsum("ij,j->i", x, w));
            loss = sum(tensordot(x, w, axes=1));
                unknown function `tensordot`
                help: `x @ w`
                => loss = sum((x @ w));
            loss = sum(inner(w, w));
                unknown function `inner`
                help: `dot(w, w)`
                => loss = sum(dot(w, w));
            loss = sum(x .* w);
                there is no operator `.*` here
                help: leave the point out: operators are element by element
                => loss = sum(x * w);
            loss = sum(x .^ 2);
                there is no operator `.^` here
                help: leave the point out: operators are element by element
                => loss = sum(x ^ 2);
            loss = sum(x %*% w);
                there is no operator `%*%` here
                help: `x @ w`
                => loss = sum(x @ w);
            loss = sum(x[0, :]);
                there is no operator `:` here
                help: `..`
                => loss = sum(x[0, ..]);
            loss = sum(x[:, -1]);
                there is no operator `:` here
                help: `..`
                => loss = sum(x[.., -1]);
            loss = sum(y[y > 0]);
                a subscript is one integer, but `y > 0` is truth values [N]
                help: a choice keeps the shape: `if y > 0 { x } else { 0 }`; a reduction leaves out: `sum[i if y[i] > 0](x[i])`
            loss = y[y > 0].mean();
                a subscript is one integer, but `y > 0` is truth values [N]
                help: a choice keeps the shape: `if y > 0 { x } else { 0 }`; a reduction leaves out: `sum[i if y[i] > 0](x[i])`
            loss = sum(x[y > 0, :]);
                there is no operator `:` here
                help: `..`
                a subscript is one integer, but `y > 0` is truth values [N]
                help: a choice keeps the shape: `if y > 0 { x } else { 0 }`; a reduction leaves out: `sum[i if y[i] > 0](x[i])`
                => loss = sum(x[y > 0, ..]);
            loss = sum(y[None, :]);
                unknown name `None`
                help: `new`
                there is no operator `:` here
                help: `..`
                => loss = sum(y[new, ..]);
            loss = sum(y[np.newaxis]);
                a value has no field `.newaxis`
                help: `new`
                => loss = sum(y[new]);
            loss = sum(y[::k]);
                there is no operator `:` here
                help: index notation takes steps: `y[i in 0..K] = x[k*i];`
            loss = sum(x[[0, 1]]);
                `[0, 1]` is not a dimension
                help: `0, 1`
                => loss = sum(x[0, 1]);
            loss = sum(y[[0]]);
                `[0]` is not a dimension
                help: `0`
                => loss = sum(y[0]);
            loss = x.row(0).sum();
                unknown function `row`
                help: `x[0]`
                => loss = x[0].sum();
            loss = x.slice(s![.., 0]).sum();
                `s!` is a macro of Rust, and none can be called here
                help: a subscript is written `x[1.., ..]`
            loss = x.index_axis(Axis(0), 0).sum();
                unknown function `index_axis`
                help: `x[0]`
                => loss = x[0].sum();
            loss = x.mean_axis(Axis(0)).unwrap().sum();
                unknown function `mean_axis`
                help: `mean(x, axis = 0)`
                unknown function `unwrap`
                help: `mean(x, axis = 0)`: leave `unwrap` out
                => loss = mean(x, axis = 0).sum();
            loss = sum(mean(x, -1, True));
                unknown name `True`
                help: `true`
                `mean` takes 1 or 2 arguments, but is given 3
                help: `mean(x, axis = -1, keep = true)`
                => loss = sum(mean(x, axis = -1, keep = true));
            loss = np.sum(x, axis=[0, 1]);
                unknown name `np`
                help: `sum(x, axis = [0, 1])`
                => loss = sum(x, axis = [0, 1]);
            loss = np.array([1, 2]).sum()*b;
                unknown name `np`
                help: `[1, 2]`
                => loss = [1, 2].sum()*b;
            loss = torch.tensor([1.0, 2.0]).sum()*b;
                unknown name `torch`
                help: functions stand without a module, and there is no `tensor` here
            loss = np.zeros((N, D)).sum() + b;
                unknown name `np`
                help: `zeros([N, D])`
                => loss = zeros([N, D]).sum() + b;
            loss = torch.zeros(N, D).sum() + b;
                unknown name `torch`
                help: `zeros([N, D])`
                => loss = zeros([N, D]).sum() + b;
            loss = torch.zeros(3).sum() + b;
                unknown name `torch`
                help: `zeros([3])`
                => loss = zeros([3]).sum() + b;
            loss = torch.ones_like(y).sum()*b;
                unknown name `torch`
                help: `ones([N])`
                => loss = ones([N]).sum()*b;
            loss = np.full((N, D), 2).sum()*b;
                unknown name `np`
                help: `full([N, D], 2)`
                => loss = full([N, D], 2).sum()*b;
            loss = torch.linspace(0, 1, 5).sum()*b;
                unknown name `torch`
                help: `linspace(0, 1, 5)`
                => loss = linspace(0, 1, 5).sum()*b;
            loss = torch.var(y, unbiased=True);
                unknown name `True`
                help: `true`
                unknown name `torch`
                help: `var(y, ddof = 1)`
                => loss = var(y, ddof = 1);
            loss = y.std(unbiased=False);
                `std` has no argument `unbiased`
                help: `std(y)`
                => loss = std(y);
            loss = x.max(1).values.sum();
                a value has no field `.values`
                help: `max(x, 1)`
                => loss = max(x, 1).sum();
            loss = torch.max(x, 1)[0].sum();
                unknown name `torch`
                help: `max(x, axis = 1)`
                => loss = max(x, axis = 1)[0].sum();
            loss = torch.norm(w, p=1);
                unknown name `torch`
                help: `sum(abs(w))`
                => loss = sum(abs(w));
            loss = np.linalg.norm(w, ord=1);
                unknown name `np`
                help: `sum(abs(w))`
                => loss = sum(abs(w));
            loss = w.norm(1);
                there is no axis 1 in [D]
                help: `sum(abs(w))`
                => loss = sum(abs(w));
            let p, q = split(x, 2); loss = b;
                expected `=`, found `,`
                help: one name at a time: `let p = …; let other = …;`
                unknown function `split`
                help: parts are subscripts: `x[..K]` and `x[K..]`
            let (p, q) = meshgrid(w, w); loss = b;
                unknown function `meshgrid`
                help: `x[.., new]` and `y[new]` stretch against one another: `x[.., new]*y`
            loss = sum(meshgrid(w, w));
                unknown function `meshgrid`
                help: `x[.., new]` and `y[new]` stretch against one another: `x[.., new]*y`
            loss = sum(split(x, 2)[0]);
                unknown function `split`
                help: parts are subscripts: `x[..K]` and `x[K..]`
            loss = sum(x + y);
                cannot add [N, D] and [N]: the last axis is D on the left and N on the right
                help: `y[.., new]` makes the right side [N, 1]
                => loss = sum(x + y[.., new]);
            loss = sum(x @ y);
                `x @ y` multiplies [N, D] by [N]: the inner dimensions D and N differ
                help: `x.T @ y`
                => loss = sum((x.T @ y));
            loss = x * w;
                `loss` must be a scalar to be minimised, but it is [N, D]
                help: `loss = mean(x*w);`
                => loss = mean(x * w);
        "#]],
    );
}
