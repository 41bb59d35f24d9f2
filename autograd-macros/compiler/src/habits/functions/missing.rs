//! What the language does not have: refused by name, with what can be done until then.

use super::Meaning::{Missing, Say};
use super::Row;

const DECOMPOSITION: &str = "there are no decompositions and solutions of systems yet";
const LOOP: &str =
    "a sum over turns is `sum[i in 0..N](…)` or `cumsum`; what depends on the turn before waits for `scan`";
const CONVOLUTION: &str =
    "`conv1d` is of batches with channels, and does not reverse w: `conv1d(x[new, new], w[new, new])[0, 0]`";
const PLACE: &str = "index notation counts what lies below: `place[n] = to_index(sum[k](if a[k] < v[n] { 1 } else { 0 }));`; of \
                     equal steps it is `to_index((v - a[0])/step)`";
const COUNT: &str = "index notation counts: `y[k in 0..K] = sum[n if label[n] == k](1);`";
const SORTED: &str = "what is sorted outside can be an `input`";

pub(super) const ROWS: &[Row] = &[
    (
        &[
            "cholesky",
            "det",
            "inv",
            "logdet",
            "solve",
            "triangular_solve",
            "solve_triangular",
            "svd",
            "eig",
            "eigh",
            "eigvals",
            "eigvalsh",
            "qr",
            "lu",
            "pinv",
            "expm",
            "logm",
            "sqrtm",
            "lstsq",
            "slogdet",
            "matrix_rank",
        ],
        Missing(DECOMPOSITION),
    ),
    (
        &[
            "scan",
            "fold",
            "foldl",
            "foldr",
            "while",
            "while_loop",
            "fori_loop",
            "for_loop",
            "cummax",
            "cummin",
            "lstm",
            "gru",
            "rnn",
            "associative_scan",
            "reduce",
        ],
        Missing(LOOP),
    ),
    (&["scatter"], Missing("`scatter_add(x, indices, updates)` adds")),
    (&["bincount"], Say(COUNT)),
    (&["searchsorted", "digitize", "bucketize"], Say(PLACE)),
    (&["unique"], Missing("")),
    (&["median", "quantile", "percentile", "sort", "argsort", "topk", "top_k", "nanmedian"], Missing(SORTED)),
    (&["ctc_loss"], Missing(LOOP)),
    (&["convolve"], Say(CONVOLUTION)),
    (&["fft", "ifft", "rfft", "irfft", "fft2"], Missing("there are no complex numbers yet")),
    (&["real", "imag", "conj", "complex"], Say("all values are real; a complex one is a pair of them")),
    (
        &["hessian", "jacobian", "jacfwd", "jacrev", "jacobian_matrix"],
        Missing("`jvp(y, x, v)` and `vjp(y, x, u)` are products with it, `jvp(grad(loss, w), w, v)` with a Hessian"),
    ),
    (
        &["custom_gradient", "custom_jvp", "custom_vjp"],
        Missing("`stop_gradient` and `straight_through` change what flows"),
    ),
    (
        &[
            "gammainc",
            "gammaincc",
            "betainc",
            "i0",
            "i1",
            "i0e",
            "i1e",
            "j0",
            "j1",
            "y0",
            "bessel",
            "kv",
            "iv",
            "wofz",
            "zeta",
        ],
        Missing("`lgamma`, `digamma`, `erf` and `erfc` are there"),
    ),
    (&["polyval"], Say("a polynomial is written out: `c[0] + x*(c[1] + x*c[2])`")),
    (&["polyfit"], Missing("a fit is a `loss`, `mean((c[0] + c[1]*x - y)^2)`, and an optimiser")),
    (&["print", "println", "dbg", "display"], Say("a model prints nothing: make the value an output, `name = …;`")),
    (
        &["assert", "check", "require"],
        Say("sizes are checked by themselves; another condition can be an output, `name = …;`"),
    ),
];
