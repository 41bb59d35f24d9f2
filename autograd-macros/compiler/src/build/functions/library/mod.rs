//! Functions that are written in the language, in index notation: a definition says the shapes of its arguments and how
//! each value is computed, and is all that there is of it.
//!
//! A row may have several definitions, for arguments of other ranks: the first whose patterns fit is meant. In them `if` of
//! two sizes is decided while the model is built (`if groups == 1 { … } else { … }`), and one arm is all that is built.

mod arrays;
mod attention;
mod convolutions;
mod normalisation;
mod pools;
mod stencils;
mod tables;

use super::{Body, Family, Row};

/// The rows, by subject.
pub(super) const TABLES: [&[Row]; 7] =
    [arrays::ROWS, attention::ROWS, convolutions::ROWS, normalisation::ROWS, pools::ROWS, stencils::ROWS, tables::ROWS];

/// Shortens the rows.
const fn library(
    [name, parameters, doc, example]: [&'static str; 4],
    family: Family,
    definitions: &'static str,
) -> Row {
    Row { name, parameters, family, doc, example, body: Body::Library(definitions) }
}
