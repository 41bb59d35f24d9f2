//! Ctrl-C ends training after a batch, and the best model is kept.

use std::io::{BufRead, BufReader};
use std::ops::ControlFlow;
use std::process::{Command, Stdio};
use std::{env, io};

use autograd_core::train::{Stop, Trainer};
use autograd_core::{Parameters, Sgd};
use ndarray::{Array1, array};

use autograd_training::{Plane, plane, points};

const CHILD: &str = "AUTOGRAD_TEST_IS_INTERRUPTED";

/// What is interrupted below. It trains for ever, and every epoch is worse than the one before.
#[test]
fn trains_until_it_is_interrupted() {
    if env::var_os(CHILD).is_none() {
        return;
    }
    let (x, y) = points(8, 3);
    let penalty = Array1::zeros(3);
    let inputs = plane::Inputs::new(&x, &y, &penalty, 0.5);
    let start = || Plane { w: array![0.1, -0.2, 0.3], b: 0.5 };
    let trainer = |epochs| Trainer::new(Sgd::<Plane>::new(1e-4)).epochs(epochs).maximize("loss").keep_best();
    let (mut model, mut once) = (start(), start());
    trainer(1).fit(&mut once, &inputs).expect("it fits");
    let mut long = trainer(usize::MAX).progress().on_epoch(|epoch| {
        if epoch.number == 3 {
            println!("training");
        }
        ControlFlow::Continue(())
    });
    let history = long.fit(&mut model, &inputs).expect("it is stopped");
    let is_best = model.flatten() == once.flatten();
    println!("{} {:?} {is_best}", history.stopped == Stop::Interrupt, history.best);
}

#[test]
#[cfg(unix)]
fn control_c_keeps_the_best() -> io::Result<()> {
    let mut child = Command::new(env::current_exe()?)
        .args(["--exact", "interrupted::trains_until_it_is_interrupted", "--nocapture", "--test-threads=1"])
        .env(CHILD, "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let output = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut lines = output.lines().map_while(Result::ok);
    assert!(lines.any(|line| line.ends_with("training")));
    assert!(Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status()?.success());
    assert!(lines.any(|line| line == "true Some(1) true"));
    let ended = child.wait_with_output()?;
    assert!(ended.status.success());
    // No line, as it is no terminal.
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
    Ok(())
}
