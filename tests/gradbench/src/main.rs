//! Answers `GradBench`: a message a line on standard input, an answer a line on standard output. On one thread, unless
//! `--multithreaded` is given, as its own tools.

use std::io::{self, BufRead, Write};

fn main() -> io::Result<()> {
    if !std::env::args().any(|argument| argument == "--multithreaded") {
        gradbench::on_one_thread();
    }
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
