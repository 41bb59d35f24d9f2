//! Log-densities and special functions under their own names, in both precisions.
