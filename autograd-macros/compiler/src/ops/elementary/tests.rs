//! Loops over the table.
