//! Pages of documentation with parts that the compiler writes.
//!
//! Page with markers in, page with current parts out: what stands between `<!-- generated: initialisers -->` and
//! `<!-- end -->` is written anew, the rest is left as it is.

use std::fmt::Write;

const START: &str = "<!-- generated: ";
const END: &str = "<!-- end -->";

/// Writes every marked part of a page anew: what `part` gives for the marker's text.
#[must_use]
pub fn renew(text: &str, part: impl Fn(&str) -> String) -> String {
    let mut renewed = String::new();
    let mut rest = text;
    while let Some((before, (name, after))) = next_marker(rest) {
        let old = after.find(END).unwrap_or(after.len());
        let _ = write!(renewed, "{before}{START}{name} -->\n\n{}\n", part(name));
        rest = &after[old..];
    }
    renewed + rest
}

/// What stands before the next marker, its name, and what follows it.
fn next_marker(text: &str) -> Option<(&str, (&str, &str))> {
    let (before, after) = text.split_once(START)?;
    Some((before, after.split_once(" -->")?))
}

#[cfg(test)]
pub(crate) mod tests {
    use std::path::PathBuf;

    use super::{END, START};

    /// Holds a page of the runtime's documentation to what is generated; writes it with `UPDATE_EXPECT=1`.
    pub(crate) fn check(page: &str, renew: impl Fn(&str) -> String) {
        let text = read(page);
        let renewed = renew(&text);
        if text != renewed && std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(path(page), renewed).expect("the page can be written");
            return;
        }
        assert!(text == renewed, "{page} is stale: run the tests of the compiler with UPDATE_EXPECT=1");
    }

    pub(crate) fn read(page: &str) -> String {
        std::fs::read_to_string(path(page)).expect("the page is in the workspace")
    }

    fn path(page: &str) -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../autograd-core").join(page)
    }

    #[test]
    fn only_what_stands_between_markers_is_written_anew() {
        let renew = |text: &str| super::renew(text, |name| format!("new {name}\n"));
        let renewed = renew(&format!("before\n{START}part -->\nold\n{END}\nafter\n"));
        assert_eq!(renewed, format!("before\n{START}part -->\n\nnew part\n\n{END}\nafter\n"));
        assert_eq!(renew(&renewed), renewed);
    }
}
