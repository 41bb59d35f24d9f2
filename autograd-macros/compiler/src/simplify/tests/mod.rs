//! Every row: what it makes of a graph, and that the meaning stays.

mod programs;
