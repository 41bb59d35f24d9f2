//! Answers GradBench: a message a line on standard input, an answer a line on standard output.

use std::io::{self, BufRead, Write};

fn main() -> io::Result<()> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    // Lines are megabytes.
    let mut line = String::new();
    while input.read_line(&mut line)? > 0 {
        writeln!(output, "{}", gradbench::protocol::answer(&line)?)?;
        output.flush()?;
        line.clear();
    }
    Ok(())
}
