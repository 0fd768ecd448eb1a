//! What goes wrong in real towns: each gets one clear sentence, the promised exit code, and nothing is lost.

mod clocks;
mod enrolment;
mod outages;
mod shares;

use std::{
    fs,
    path::Path,
    process::Output,
    time::{Duration, Instant},
};

use beffroi_tests::agent::Agent;

/// One sentence on standard error, and the exit code that the help promises.
#[track_caller]
pub(crate) fn assert_told(output: &Output, exit: i32, words: &[&str]) {
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(exit), "{message}");
    for word in words {
        assert!(
            message.contains(word),
            "« {word} » is missing in: {message}"
        );
    }
    assert!(
        !message.contains("panicked") && !message.contains("stack backtrace"),
        "{message}"
    );
}

pub(crate) fn waiting_batches(agent: &Agent) -> usize {
    let entries = fs::read_dir(agent.state().join("spool")).unwrap();
    let is_batch = |path: &Path| {
        path.extension()
            .is_some_and(|extension| extension == "batch")
    };
    entries
        .filter(|entry| is_batch(&entry.as_ref().unwrap().path()))
        .count()
}

/// Looks until it is so; a minute means that it will never be.
fn wait_until(what: &str, mut so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !so() {
        assert!(start.elapsed() < Duration::from_secs(60), "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
