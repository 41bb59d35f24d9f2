//! Conveniences that add nodes to a region.
