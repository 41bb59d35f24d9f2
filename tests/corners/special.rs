//! Elementary functions and reductions at the edges of their ranges.
