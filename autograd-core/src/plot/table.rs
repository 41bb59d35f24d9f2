//! Confusion matrices as text.

use std::fmt;

/// A table: a row for each class that it is, a column for each class that it was predicted to be.
pub(super) fn write(f: &mut fmt::Formatter<'_>, title: &str, counts: &[Vec<usize>], names: &[String]) -> fmt::Result {
    let letters = |text: &str| text.chars().count();
    let widest = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let first = widest(&mut names.iter().map(|name| letters(name))).max(letters("true \\ predicted"));
    let widths: Vec<usize> = (0..names.len())
        .map(|column| {
            let counts = counts.iter().map(|row| row[column].to_string().len());
            widest(&mut counts.chain([letters(&names[column])]))
        })
        .collect();
    writeln!(f, "{title}")?;
    let row = |f: &mut fmt::Formatter<'_>, name: &str, cells: &mut dyn Iterator<Item = String>| {
        write!(f, "{name:<first$}")?;
        for (cell, width) in cells.zip(&widths) {
            write!(f, "  {cell:>width$}")?;
        }
        writeln!(f)
    };
    row(f, "true \\ predicted", &mut names.iter().cloned())?;
    for (name, counts) in names.iter().zip(counts) {
        row(f, name, &mut counts.iter().map(usize::to_string))?;
    }
    Ok(())
}
