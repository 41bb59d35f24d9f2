//! Arithmetic of models and gradients, views, sizes: what users do with arrays.
