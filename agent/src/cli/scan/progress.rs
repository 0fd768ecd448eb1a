//! How far the scan is, on the standard error and only for somebody who watches.

use std::cell::Cell;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::time::Duration;

use beffroi_agent::scan::ScannedFile;
use indicatif::{ProgressBar, ProgressStyle};

use super::super::output;

pub(super) struct Progress {
    bar: ProgressBar,
    /// Results are printed on the same terminal.
    shares_terminal: bool,
    /// Files and bytes.
    counted: Cell<(u64, u64)>,
}

impl Progress {
    pub(super) fn start(shares_terminal: bool) -> Self {
        let bar = if io::stderr().is_terminal() {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix} · {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self {
            bar,
            shares_terminal,
            counted: Cell::new((0, 0)),
        }
    }

    pub(super) fn enter(&self, folder: &Path) {
        if !self.bar.is_hidden() {
            let folder = output::printable(&folder.to_string_lossy());
            self.bar.set_message(folder);
        }
    }

    pub(super) fn count(&self, file: &ScannedFile) {
        let (files, bytes) = self.counted.get();
        let (files, bytes) = (files + 1, bytes.saturating_add(file.size_bytes));
        self.counted.set((files, bytes));
        if !self.bar.is_hidden() {
            self.bar
                .set_prefix(format!("{files} fichiers, {}", output::size(bytes)));
        }
    }

    /// Runs what prints, without the bar in the way.
    pub(super) fn while_hidden<T>(&self, print: impl FnOnce() -> T) -> T {
        if self.shares_terminal {
            return self.bar.suspend(print);
        }
        print()
    }

    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
