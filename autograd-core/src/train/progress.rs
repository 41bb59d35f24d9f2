//! The progress line, and Ctrl-C.
//!
//! The line goes to the standard error output and is not there if that is no terminal. Ctrl-C is caught while a trainer with
//! a line is at work; a second one, or one at any other time, ends the program as ever.

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::process;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::history::{History, Stop, short};

/// Whether Ctrl-C was pressed, and how many trainers would end for it.
static PRESSED: AtomicBool = AtomicBool::new(false);
static AT_WORK: AtomicUsize = AtomicUsize::new(0);

/// The line of one call of `fit`.
#[derive(Debug)]
pub(super) struct Line {
    bar: ProgressBar,
    /// When the loss of a batch was last shown.
    shown: Instant,
    /// What was measured after the last epoch.
    measured: String,
}

impl Line {
    /// The line of so many batches in so many epochs.
    pub(super) fn start(batches: usize) -> Self {
        catch();
        if AT_WORK.fetch_add(1, Ordering::SeqCst) == 0 {
            PRESSED.store(false, Ordering::SeqCst);
        }
        let bar = ProgressBar::new(batches as u64);
        let style = ProgressStyle::with_template("{msg}  [{bar:24}] {eta} left").expect("the template is right");
        bar.set_style(style.progress_chars("=> "));
        Self { bar, shown: Instant::now(), measured: String::new() }
    }

    /// After a batch.
    pub(super) fn step(&mut self, epoch: usize, epochs: usize, loss: f64) {
        self.bar.inc(1);
        if self.shown.elapsed() > Duration::from_millis(50) {
            self.shown = Instant::now();
            self.bar.set_message(format!("epoch {epoch}/{epochs}  loss {}{}", short(loss), self.measured));
        }
    }

    /// After an epoch.
    pub(super) fn epoch(&mut self, history: &History) {
        self.measured.clear();
        for (name, values) in history.columns().skip(1) {
            let _ = write!(self.measured, "  {name} {}", values.last().map_or_else(String::new, |&value| short(value)));
        }
    }

    /// Whether Ctrl-C was pressed.
    pub(super) fn is_interrupted() -> bool {
        PRESSED.load(Ordering::SeqCst)
    }

    /// The end, which is said if it came from the keyboard.
    pub(super) fn end(&self, history: &History) {
        self.bar.finish_and_clear();
        if history.stopped == Stop::Interrupt && std::io::stderr().is_terminal() {
            let kept = history.best.map_or_else(String::new, |best| format!("; the model is that of epoch {best}"));
            eprintln!("stopped by Ctrl-C after {} whole epochs{kept}", history.epochs());
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        AT_WORK.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Has Ctrl-C end trainers. Where the program has a handler of its own, that stays: it can set a flag.
fn catch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let handled = ctrlc::set_handler(|| {
            if AT_WORK.load(Ordering::SeqCst) == 0 || PRESSED.swap(true, Ordering::SeqCst) {
                process::exit(130);
            }
        });
        drop(handled);
    });
}
