//! A figure that is drawn again and again in the same place of a terminal.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

/// Shows something in a terminal, each time where it was shown before. Silent where there is no terminal.
///
/// ```
/// use autograd_core::plot::{Figure, Live};
/// let (mut live, mut losses) = (Live::new(), Vec::new());
/// for epoch in 0..3 {
///     losses.push(1.0 / (1.0 + f64::from(epoch)));
///     live.show(Figure::history("training", &[("loss", &losses)]))?;
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Live {
    /// How many lines were shown last.
    lines: usize,
    is_terminal: bool,
}

impl Default for Live {
    fn default() -> Self {
        Self::new()
    }
}

impl Live {
    /// Writes to the standard output, if that is a terminal.
    #[must_use]
    pub fn new() -> Self {
        Self { lines: 0, is_terminal: io::stdout().is_terminal() }
    }

    /// Shows a figure, or any text, in the place of what was shown last.
    ///
    /// # Errors
    /// If the terminal cannot be written to.
    pub fn show(&mut self, shown: impl Display) -> io::Result<()> {
        if !self.is_terminal {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        self.show_on(&mut out, &shown)?;
        out.flush()
    }

    fn show_on(&mut self, out: &mut impl Write, shown: &dyn Display) -> io::Result<()> {
        let text = shown.to_string();
        if self.lines > 0 {
            // Up to where it began, and clear from there on.
            write!(out, "\x1b[{}A\x1b[J", self.lines)?;
        }
        let text = text.trim_end_matches('\n');
        writeln!(out, "{text}")?;
        self.lines = text.lines().count().max(1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_replaces_what_was_shown() {
        let (mut live, mut out) = (Live { lines: 0, is_terminal: true }, Vec::new());
        for text in ["a\nb\n", "c"] {
            live.show_on(&mut out, &text).expect("memory takes it");
        }
        assert_eq!(String::from_utf8(out).expect("text"), "a\nb\n\x1b[2A\x1b[Jc\n");
    }
}
