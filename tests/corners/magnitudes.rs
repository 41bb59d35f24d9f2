//! Numbers far from 1, in `f32` above all: an ordinary answer is an ordinary number.
