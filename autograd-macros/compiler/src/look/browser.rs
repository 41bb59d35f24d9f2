//! The page in a real browser: headless Chromium, where it can be had.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use crate::pipeline;

/// How long a browser may take, on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs Chromium; what it writes, if there is one and it ends in time.
fn chromium(folder: &Path, arguments: &[String]) -> Option<String> {
    let out = folder.join("out");
    let browser = ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(|name| {
        let mut command = Command::new(name);
        command.args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1200,1600"]);
        command.arg(format!("--user-data-dir={}", folder.join("profile").display())).args(arguments);
        command.stdout(fs::File::create(&out).expect("a file")).stderr(Stdio::null()).spawn().ok()
    });
    let mut browser = browser?;
    let end = Instant::now() + PATIENCE;
    while browser.try_wait().expect("it is a child").is_none() {
        if Instant::now() > end {
            let _ = browser.kill();
            let _ = browser.wait();
            return None;
        }
        thread::sleep(Duration::from_millis(20));
    }
    fs::read_to_string(out).ok()
}

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What the browser has read is what was written: nothing was moved out of its table or formula, nothing lost its meaning.
#[test]
fn a_browser_reads_the_page_as_it_is_written() {
    let folder = Folder(std::env::temp_dir().join(format!("autograd-page-{}", std::process::id())));
    fs::create_dir_all(&folder.0).expect("a folder");
    let text = "/// Two layers & <tags>.
        Net<N, D, H> { param w1: [D, H], sigma = 1; input x: [N, D], y: [N];
            let hidden = sqrt(abs(x @ w1) + 1) / sigma;
            loss = mean((sum(if hidden > 2 { hidden^2 } else { -hidden }, H) - y)^2); }";
    let page = pipeline::subject(text).expect("a model without mistakes").page(&[]);
    let path = folder.0.join("page.html");
    fs::write(&path, &page).expect("a file that can be written");
    let address = format!("file://{}", path.display());
    let Some(dom) = chromium(&folder.0, &["--dump-dom".to_owned(), address.clone()]) else {
        println!("no Chromium that runs here: the page was not opened");
        return;
    };
    for tag in [
        "math", "mi", "mn", "mo", "mfrac", "msqrt", "msup", "msub", "mtable", "mtd", "svg", "rect", "path", "td",
        "pre", "details",
    ] {
        let count = |text: &str| text.matches(&format!("<{tag}>")).count() + text.matches(&format!("<{tag} ")).count();
        assert!(count(&page) > 0, "the page has no {tag}");
        assert_eq!(count(&dom), count(&page), "{tag}");
    }
    let picture = folder.0.join("page.png");
    let shot = chromium(&folder.0, &[format!("--screenshot={}", picture.display()), address]);
    let bytes = shot.and_then(|_| fs::read(&picture).ok()).unwrap_or_default();
    // A white picture of this size has less than 8 kB.
    assert!(bytes.starts_with(b"\x89PNG") && bytes.len() > 20_000, "a picture of {} bytes", bytes.len());
}
